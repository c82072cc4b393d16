"""A socket's conversation: hello, what was missed, what happens, and what a window must never hear."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from bastide.chat.events import MessageChanged
from bastide.chat.model import MessageChange
from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.gateway.session import MISSED_MOST
from bastide.core.journal import Happening
from bastide.core.policy import Label, Role, SpaceKind, Tool
from bastide.spaces.model import SpaceChange
from tests.support.eventually import until
from tests.support.served import Served
from tests.support.town import Town, strong


async def talk(town: Town, **members: object) -> tuple[UUID, UUID]:
    """A space of Agathe's with Ousmane in it, and its channel."""
    own = await town.space(town.agathe, contributors=[town.ousmane], **members)  # type: ignore[arg-type]
    return own.space.id, await town.channel(town.agathe, own.space.id)


async def head(town: Town, stream_id: UUID) -> int:
    async with town.house.ground.database.read() as reader:
        return await town.house.ground.journal.head(reader, stream_id)


# Hello.


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b'{"t":"ping","n":1}', 4400),
        (b'{"t":"chat.typing","channel_id":"019cd6de-0340-7100-b19a-bcf863e78fc5"}', 4400),
        (b'{"t":"hello","v":0}', 4426),
        (b'{"t":"hello","v":2}', 4426),
        (b'{"t":"hello"}', 4400),
        (b'{"t":"hello","v":"1"}', 4400),
        (b'{"t":"hello","v":1,"as":"admin"}', 4400),
        (b'{"t":"hello","v":1,"cursors":{"x":1}}', 4400),
        (b'{"t":"hello","v":1,"cursors":[]}', 4400),
        (b'{"t":"welcome","v":1}', 4400),
        (b'{"t":"nobody"}', 4400),
        (b'{"v":1}', 4400),
        (b"{}", 4400),
        (b"", 4400),
        (b"hello", 4400),
        (b"[1]", 4400),
        (b'{"t":"hello","v":1', 4400),
        (b'{"t":' + b"[" * 50_000, 4400),
        (b'{"t":"hello","v":1,"cursors":' + b'{"a":' * 20_000, 4400),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_what_is_no_hello_closes(street: Served, frame: bytes, code: int) -> None:
    wire = await (await street.window(street.town.agathe)).bare_socket()
    await wire.say(frame.decode())
    assert (await wire.end())[0] == code
    assert wire.heard == []


async def test_bytes_are_no_hello(street: Served) -> None:
    wire = await (await street.window(street.town.agathe)).bare_socket()
    await wire.say(b'{"t":"hello","v":1}')
    assert (await wire.end())[0] == 4400


async def test_a_second_hello_closes(street: Served) -> None:
    wire = await (await street.window(street.town.agathe)).socket()
    await wire.say({"t": "hello", "v": 1})
    assert (await wire.end())[0] == 4400


async def test_too_many_cursors_and_too_large_frames_close(street: Served) -> None:
    window = await street.window(street.town.agathe)
    wire = await window.bare_socket()
    await wire.say({"t": "hello", "v": 1, "cursors": {str(uuid4()): 1 for _ in range(5_001)}})
    assert (await wire.end())[0] == 4400
    wire = await window.socket()
    await wire.say(msgspec.json.encode({"t": "ping", "n": 1, "x": "x" * 300_000}).decode())
    assert (await wire.end())[0] == 1009
    wire = await window.socket()
    await wire.say({"t": "watch", "people": [str(uuid4()) for _ in range(501)]})
    assert (await wire.end())[0] == 4400


async def test_cursors_of_any_number_are_answered(street: Served) -> None:
    me = street.town.agathe.person_id
    for cursor in (-1, -(1 << 40), 1 << 62, 1 << 70, 10**30, 5):
        wire = await (await street.window(street.town.agathe)).bare_socket()
        await wire.say({"t": "hello", "v": 1, "cursors": {str(me): cursor}})
        assert str(me) in (await wire.until("reload"))["streams"], cursor
        await wire.close()


async def test_a_request_has_a_number_that_can_be_answered(street: Served) -> None:
    window = await street.window(street.town.agathe)
    for number in (0, 1, (1 << 53) - 1):
        wire = await window.socket()
        await wire.say({"t": "ping", "n": number})
        assert (await wire.until("done"))["n"] == number
    for number in ("-1", str(1 << 53), "1e400", "9" * 400, '"1"', "null", "1.5"):
        wire = await window.socket()
        await wire.say(f'{{"t":"ping","n":{number}}}')
        assert (await wire.end())[0] == 4400, number


async def test_nobody_who_says_nothing_stays(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bastide.core.gateway.session._HELLO_WITHIN_S", 0.05)
    wire = await (await served.window(served.town.agathe)).bare_socket()
    assert await wire.end() == (4400, "hello-first")


async def test_asking_too_much_at_once_is_refused_and_the_rest_is_answered(served: Served) -> None:
    _, channel = await talk(served.town)
    wire = await (await served.window(served.town.agathe)).socket()
    content = {"format": "plain", "text": "encore"}
    for n in range(200):
        frame = {
            "t": "chat.send",
            "n": n,
            "channel_id": str(channel),
            "client_id": str(uuid4()),
            "content": content,
        }
        await wire.say(frame)
    await until(lambda: sum(f["t"] in ("done", "failed") for f in wire.heard) == 200)
    failed = [f for f in wire.heard if f["t"] == "failed"]
    assert {f["problem"]["code"] for f in failed} <= {"too-many"}
    done = sorted(f["r"]["ordinal"] for f in wire.heard if f["t"] == "done")
    assert done == list(range(1, len(done) + 1))
    assert len(done) >= 60  # of 64 at once, those that catch up with the journal count too


# Sending.


async def test_the_same_frame_twice_is_one_message(served: Served) -> None:
    space, channel = await talk(served.town)
    wire = await (await served.window(served.town.agathe)).socket()
    other = await (await served.window(served.town.ousmane)).socket()
    frame = {
        "t": "chat.send",
        "n": 7,
        "channel_id": str(channel),
        "client_id": str(uuid4()),
        "content": {"format": "plain", "text": "Une fois"},
    }
    for _ in range(3):
        await wire.say(frame)
    await until(lambda: sum(f["t"] == "done" for f in wire.heard) == 3)
    answers = [f["r"]["id"] for f in wire.heard if f["t"] == "done"]
    assert len(set(answers)) == 1
    await other.quiet()
    assert other.names(space) == ["chat.message.sent"]


async def test_a_defect_of_ours_is_told_and_the_socket_lives(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, channel = await talk(served.town)
    wire = await (await served.window(served.town.agathe)).socket()

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(served.town.house.chat, "send", broken)
    answer = await wire.send(channel, "bonjour", uuid4())
    assert (answer["t"], answer["problem"]["code"]) == ("failed", "internal")
    assert "ZeroDivision" not in str(answer)
    assert (await wire.ask("ping"))["t"] == "done"


# Hearing.


async def test_who_was_removed_hears_nothing_from_the_next_message_on(served: Served) -> None:
    town = served.town
    space, channel = await talk(town)
    wire = await (await served.window(town.ousmane)).socket()
    second = await (await served.window(town.ousmane)).socket()
    await town.say(town.agathe, channel, "Avec vous")
    await wire.event("chat.message.sent")
    await town.house.spaces.remove_member(town.agathe, space, town.ousmane.person_id)
    await town.say(town.agathe, channel, "Entre nous")
    await town.house.chat.edit(
        town.agathe, (await town.say(town.agathe, channel, "x")).id, MessageChange(Plain("y"))
    )
    town.house.chat.typing(town.agathe, channel)
    for socket in (wire, second):
        lost = await socket.event("spaces.space.lost")
        assert lost["s"] == str(town.ousmane.person_id)
        heard = await socket.quiet()
        assert heard[-1] == lost, "nothing comes after it"
        assert "spaces.member.removed" not in socket.names(space)
        assert "Entre nous" not in str(heard)
    answer = await wire.send(channel, "Je suis encore là ?", uuid4())
    assert answer["problem"]["code"] == "not-found"


async def test_who_was_removed_and_comes_back_is_told_to_let_go(served: Served) -> None:
    town = served.town
    space, channel = await talk(town)
    known = {space: await head(town, space), town.ousmane.person_id: await head(town, town.ousmane.person_id)}
    await town.house.spaces.remove_member(town.agathe, space, town.ousmane.person_id)
    await town.say(town.agathe, channel, "Entre nous")
    wire = await (await served.window(town.ousmane)).socket(known)
    reload = await wire.until("reload")
    assert reload["streams"] == [str(space)]
    await wire.quiet()
    assert wire.events(space) == []
    assert wire.names(town.ousmane.person_id) == ["spaces.space.lost"]
    assert "Entre nous" not in str(wire.heard)


async def test_whoever_comes_in_hears_from_then_on(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    wire = await (await served.window(town.yanis)).socket()
    await town.say(town.agathe, channel, "Avant")
    await town.house.spaces.add_members(town.agathe, own.space.id, [town.yanis.person_id], Role.READER)
    await town.say(town.agathe, channel, "Après")
    gained = await wire.event("spaces.space.gained")
    assert gained["e"]["space_id"] == str(own.space.id)
    await wire.event("chat.message.sent")
    await wire.quiet()
    assert wire.names(own.space.id) == ["spaces.member.added", "chat.message.sent"]
    assert "Avant" not in str(wire.heard)


async def test_a_role_that_changes_brings_ones_own_abilities(served: Served) -> None:
    town = served.town
    space, channel = await talk(town)
    his = await (await served.window(town.ousmane)).socket()
    hers = await (await served.window(town.agathe)).socket()
    assert (await his.send(channel, "J’écris", uuid4()))["t"] == "done"
    await town.house.spaces.change_role(town.agathe, space, town.ousmane.person_id, Role.READER)
    lowered = await his.event("spaces.member.changed")
    assert "chat:message:send" not in lowered["a"]
    assert "chat:message:read" in lowered["a"]
    told = await hers.event("spaces.member.changed")
    assert "spaces:member:remove" in told["a"], "each window is told its own"
    assert (await his.send(channel, "J’écris encore", uuid4()))["problem"]["rule"] == "role"
    await town.house.spaces.change_role(town.agathe, space, town.ousmane.person_id, Role.MANAGER)
    raised = await his.first(lambda f: f["t"] == "event" and f["e"].get("role") == "manager")
    assert "spaces:member:remove" in raised["a"]


async def test_what_a_space_is_for_is_heard_by_who_may_read_there(served: Served) -> None:
    """Live and when it is told again. Its name says where one stands: whoever is in it hears that."""
    town = served.town
    space, _ = await talk(town, label=Label.RESTRICTED)
    known = {space: await head(town, space)}
    live = await (await served.window(town.ousmane)).socket()
    change = SpaceChange(name=Plain("Cellule de crise"), description=Plain("Évacuation de l’hôpital"))
    await town.house.spaces.change(strong(town.agathe), space, change)
    again = await (await served.window(town.ousmane)).socket(known)
    sure = await (await served.window(strong(town.ousmane))).socket(known)
    for wire, about in ((live, ""), (again, ""), (sure, "Évacuation de l’hôpital")):
        told = (await wire.event("spaces.space.changed"))["e"]["space"]
        assert (told["name"]["text"], told["description"]["text"]) == ("Cellule de crise", about)


async def test_a_tool_switched_off_is_felt_at_once(served: Served) -> None:
    town = served.town
    space, channel = await talk(town)
    wire = await (await served.window(town.ousmane)).socket()
    await town.house.spaces.change(town.agathe, space, SpaceChange(tools=[Tool.FILES]))
    changed = await wire.event("spaces.space.changed")
    assert not [a for a in changed["a"] if a.startswith("chat:")]
    assert (await wire.send(channel, "?", uuid4()))["problem"]["rule"] == "tool-off"


async def test_what_a_tool_held_is_not_told_while_it_is_off(served: Served) -> None:
    """Neither to who listens nor to who comes back: they hear that something was, so that numbers stay whole."""
    town = served.town
    space, channel = await talk(town)
    window = await served.window(town.ousmane)
    first = await window.socket()
    mine = {town.ousmane.person_id: await head(town, town.ousmane.person_id), space: await head(town, space)}
    said = await town.say(town.agathe, channel, "secret du canal")
    await first.event("chat.message.sent")
    await first.close()
    off, on = SpaceChange(tools=[Tool.MEET]), SpaceChange(tools=[Tool.CHAT, Tool.MEET])
    listening = await window.socket()
    await town.house.spaces.change(town.agathe, space, off)
    changed = await listening.event("spaces.space.changed")
    late = MessageChanged(message=msgspec.structs.replace(said, content=Plain("secret encore")))
    async with town.house.ground.database.transaction() as tx:
        await town.house.ground.journal.append(tx, [Happening(space, late)])
    back = await window.socket(mine)
    for wire in (listening, back):
        await wire.first(lambda f: f["t"] == "event" and f["q"] == changed["q"] + 1)
        assert "secret" not in str(wire.heard)
    told = [f["e"]["type"] for f in back.events(space)]
    assert told == ["core.gone", "spaces.space.changed", "core.gone"]
    await town.house.spaces.change(town.agathe, space, on)
    await town.say(town.agathe, channel, "de retour")
    for wire in (listening, back):
        assert (await wire.event("chat.message.sent"))["e"]["message"]["content"]["text"] == "de retour"


async def test_a_guest_hears_their_spaces_only(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe, contributors=[town.guest])
    hidden = await town.space(town.agathe, name="Sans invités", label=Label.SENSITIVE)
    open_ = await town.space(town.agathe, name="Marche", kind=SpaceKind.COMMUNITY)
    wire = await (await served.window(town.guest)).socket()
    for space in (own, hidden, open_):
        await town.say(town.agathe, await town.channel(town.agathe, space.space.id), space.space.name.text)
    await wire.event("chat.message.sent")
    await wire.quiet()
    assert {f["s"] for f in wire.heard if f["t"] == "event"} == {str(own.space.id)}


# Coming back.


async def test_who_comes_back_gets_what_was_missed_as_it_is_now(served: Served) -> None:
    town = served.town
    space, channel = await talk(town)
    first = await (await served.window(town.ousmane)).socket()
    await town.say(town.agathe, channel, "Présent")
    await first.event("chat.message.sent")
    seen = first.events(space)[-1]["q"]
    await first.close()
    edited = await town.say(town.agathe, channel, "provisoire")
    deleted = await town.say(town.agathe, channel, "à retirer")
    await town.house.chat.edit(town.agathe, edited.id, MessageChange(Plain("définitif")))
    await town.house.chat.delete(town.agathe, deleted.id)
    again = await (await served.window(town.ousmane)).socket(
        {space: seen, town.ousmane.person_id: await head(town, town.ousmane.person_id)}
    )
    await again.first(lambda f: f["t"] == "event" and f["q"] == seen + 4)
    assert [f["q"] for f in again.events(space)] == list(range(seen + 1, seen + 5))
    texts = [f["e"]["message"]["content"]["text"] for f in again.events(space)]
    assert texts == ["définitif", "", "définitif", ""]
    heard = str(await again.quiet())
    assert "provisoire" not in heard
    assert "à retirer" not in heard
    assert "reload" not in [f["t"] for f in again.heard]


async def test_who_is_far_behind_is_told_to_reload(served: Served) -> None:
    town = served.town
    space, channel = await talk(town)
    seen = await head(town, space)
    await asyncio.gather(*(town.say(town.agathe, channel, f"{i}") for i in range(MISSED_MOST + 1)))
    mine = {town.ousmane.person_id: await head(town, town.ousmane.person_id)}
    far = await (await served.window(town.ousmane)).socket(mine | {space: seen})
    assert (await far.until("reload"))["streams"] == [str(space)]
    await far.quiet()
    assert far.events(space) == []
    near = await (await served.window(town.ousmane)).socket(mine | {space: seen + 1})
    await until(lambda: len(near.events(space)) == MISSED_MOST)
    assert "reload" not in [f["t"] for f in near.heard]
    # A space that the window has never heard of is named too: it asks for it.
    new = await (await served.window(town.ousmane)).socket(mine)
    assert (await new.until("reload"))["streams"] == [str(space)]


async def test_one_poisoned_fact_stands_as_gone(served: Served) -> None:
    """What nobody can read must not keep everybody from catching up (CASES: Synapse CVE-2025-30355)."""
    town = served.town
    space, channel = await talk(town)
    seen = await head(town, space)
    for text in ("un", "deux", "trois", "quatre"):
        await town.say(town.agathe, channel, text)
    async with town.house.ground.database.transaction() as tx:
        for seq, what in ((1, "type = 'chat.future.thing'"), (2, "fact = 'no json'"), (3, "fact = '{}'")):
            await tx.run(
                f"update journal set {what} where stream_id = %(s)s and seq = %(q)s",  # type: ignore[arg-type]
                s=space,
                q=seen + seq,
            )
    wire = await (await served.window(town.ousmane)).socket({space: seen})
    await wire.first(lambda f: f["t"] == "event" and f["q"] == seen + 4)
    assert wire.names(space) == ["core.gone", "core.gone", "core.gone", "chat.message.sent"]


async def test_one_message_that_cannot_be_read_spoils_no_others(served: Served) -> None:
    town = served.town
    space, channel = await talk(town)
    seen = await head(town, space)
    odd = await town.say(town.agathe, channel, "un")
    await town.say(town.agathe, channel, "deux")
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update message set format = 99 where id = %(id)s", id=odd.id)
    wire = await (await served.window(town.ousmane)).socket({space: seen})
    await wire.first(lambda f: f["t"] == "event" and f["q"] == seen + 2)
    assert wire.names(space) == ["core.gone", "chat.message.sent"]


async def test_a_socket_that_cannot_catch_up_closes(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(served.town.house.ground.journal, "since_many", broken)
    wire = await (await served.window(served.town.agathe)).bare_socket()
    await wire.say({"t": "hello", "v": 1})
    assert (await wire.end())[0] == 1011


async def test_who_hears_more_than_can_wait_while_catching_up_comes_back_later(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept for a window without end; it resumes from where it is."""
    town = served.town
    space, channel = await talk(town)
    monkeypatch.setattr("bastide.core.gateway.session._WAITING_MOST", 5)
    real, go_on = town.house.ground.journal.since_many, asyncio.Event()

    async def slow(*what: Any, **how: Any) -> Any:
        await go_on.wait()
        return await real(*what, **how)

    monkeypatch.setattr(town.house.ground.journal, "since_many", slow)
    seen = await head(town, space)
    mine = {town.ousmane.person_id: await head(town, town.ousmane.person_id), space: seen}
    window = await served.window(town.ousmane)
    late, quick = await window.socket(mine), await window.socket(mine)
    for i in range(5):
        await town.say(town.agathe, channel, f"{i}")
    assert (late.closed, quick.closed) == (None, None)
    go_on.set()
    await until(lambda: len(quick.events(space)) == 5)
    go_on.clear()
    third = await window.socket(mine)
    for i in range(6):
        await town.say(town.agathe, channel, f"{i}")
    assert (await third.end())[0] == 4408
    go_on.set()
    again = await window.socket(mine)
    await until(lambda: [f["q"] for f in again.events(space)] == list(range(seen + 1, seen + 12)))


# Fleeting.


async def test_typing_is_told_to_the_others_and_not_too_often(served: Served) -> None:
    town = served.town
    _, channel = await talk(town)
    window = await served.window(town.ousmane)
    his, twin = await window.socket(), await window.socket()
    hers = await (await served.window(town.agathe)).socket()
    outside = await (await served.window(town.solene)).socket()
    for _ in range(20):
        await his.say({"t": "chat.typing", "channel_id": str(channel)})
    await his.ask("ping")
    await hers.event("chat.typing")
    heard = await hers.quiet()
    assert sum(f["t"] == "fleeting" for f in heard) == 1
    assert not [f for w in (his, twin, outside) for f in await w.quiet(0.05) if f["t"] == "fleeting"]
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(timedelta(seconds=2))
    await his.say({"t": "chat.typing", "channel_id": str(channel)})
    await until(lambda: sum(f["t"] == "fleeting" for f in hers.heard) == 2)


async def test_presence_is_told_to_who_watches_and_may_see(served: Served) -> None:
    town = served.town
    space, _ = await talk(town)
    await town.let_in(town.agathe, space, town.guest, Role.READER)
    guest = await (await served.window(town.guest)).socket()
    agent = await (await served.window(town.solene)).socket()
    nobody = await (await served.window(town.yanis)).socket()
    watched = [str(town.ousmane.person_id), str(town.solene.person_id)]
    for wire in (guest, agent):
        await wire.say({"t": "watch", "people": watched})
    first = await guest.until("presence")
    assert first["gone"] == [watched[0]], "the guest does not see Solène at all"
    window = await served.window(town.ousmane)
    his = await window.socket()
    for wire in (guest, agent):
        await wire.first(lambda f: f["t"] == "presence" and watched[0] in f["here"])
    await his.say({"t": "away", "away": True})
    await guest.first(lambda f: f["t"] == "presence" and watched[0] in f["away"])
    # Two windows: gone only when both are.
    second = await window.socket()
    await his.close()
    await guest.first(lambda f: f["t"] == "presence" and f["here"].count(watched[0]) > 0 and f is not first)
    # Out of the space, the guest hears no more of him; the agent does.
    await town.house.spaces.remove_member(town.agathe, space, town.guest.person_id)
    await guest.event("spaces.space.lost")
    count = len(guest.heard)
    await second.close()
    await agent.first(lambda f: f["t"] == "presence" and watched[0] in f["gone"] and f is not agent.heard[1])
    assert [f for f in (await guest.quiet())[count:] if f["t"] == "presence"] == []
    assert not [f for f in nobody.heard if f["t"] == "presence"]
