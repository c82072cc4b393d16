"""Making spaces, coming in, going out, and who may."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any
from uuid import UUID

import pytest

from bastide.chat.model import ChannelChange, MessageChange, NewChannel
from bastide.core.content import Plain
from bastide.core.errors import Invalid, NotFound, Refused
from bastide.core.events import Entry
from bastide.core.policy import Action, Actor, Label, Role, SpaceKind, Tool
from bastide.spaces import store
from bastide.spaces.errors import GuestByInvitation, LastManager, NotAgents
from bastide.spaces.model import DIRECT_MOST, MemberPlace, MemberView, NewSpace, SpaceChange
from bastide.spaces.service import Spaces
from tests.support.town import Town, strong


def new_space(town: Town, **fields: object) -> NewSpace:
    made: dict[str, object] = {
        "client_id": town.house.ground.ids.new(),
        "kind": SpaceKind.TEAM,
        "label": Label.INTERNAL,
        "tools": list(Tool),
        "name": Plain("Plan inondation"),
    }
    return NewSpace(**(made | fields))  # type: ignore[arg-type]


async def roles(town: Town, space_id: UUID) -> dict[UUID, Role]:
    async with town.house.ground.database.read() as reader:
        rows = await reader.rows("select person_id, role from member where space_id = %(s)s", s=space_id)
    return {row[0]: Role(row[1]) for row in rows}


async def refusals(town: Town) -> list[bytes]:
    await town.house.ground.audit.flush()
    return [
        bytes(r.line) async for r in town.house.ground.audit.lines() if b'"allowed":false' in bytes(r.line)
    ]


# Making.


async def test_a_guest_makes_no_space(town: Town) -> None:
    with pytest.raises(Refused) as refusal:
        await town.house.spaces.create(town.guest, new_space(town))
    assert refusal.value.rule == "actor"
    with pytest.raises(Refused):
        await town.house.spaces.direct(town.guest, [town.agathe.person_id])
    assert len(await refusals(town)) == 2


async def test_its_maker_is_its_first_manager(town: Town) -> None:
    own = await town.house.spaces.create(town.agathe, new_space(town, members=[town.ousmane.person_id] * 3))
    assert (own.role, own.space.members_count) == (Role.MANAGER, 2)
    assert await roles(town, own.space.id) == {
        town.agathe.person_id: Role.MANAGER,
        town.ousmane.person_id: Role.CONTRIBUTOR,
    }
    assert town.events(own.space.id) == [
        "spaces.space.changed",
        "spaces.member.added",
        "spaces.member.added",
        "chat.channel.changed",
    ]
    assert town.events(town.ousmane.person_id) == ["spaces.space.gained"]
    assert town.events(town.solene.person_id) == []
    lines = [bytes(r.line) async for r in town.house.ground.audit.lines()]
    assert sum(b"spaces:space:create" in line for line in lines) == 1


async def test_the_same_client_id_makes_one_space_also_at_once(town: Town) -> None:
    new = new_space(town)
    made = await asyncio.gather(*(town.house.spaces.create(town.agathe, new) for _ in range(8)))
    again = await town.house.spaces.create(
        town.agathe, new_space(town, client_id=new.client_id, name=Plain("Autre"))
    )
    assert {own.space.id for own in (*made, again)} == {made[0].space.id}
    assert again.space.name == Plain("Plan inondation")
    assert town.events(made[0].space.id).count("spaces.space.changed") == 1
    # A client id is one's own: another person's is another space.
    other = await town.house.spaces.create(town.ousmane, new)
    assert other.space.id != made[0].space.id


@pytest.mark.parametrize(
    "fields",
    [
        {"name": Plain("")},
        {"name": Plain("   ")},
        {"name": Plain("x" * 91)},
        {"name": Plain("a\u202eb")},
        {"name": Plain("a\x00b")},
        {"description": Plain("x" * 501)},
        {"tools": []},
        {"kind": SpaceKind.DIRECT},
        {"members": [UUID(int=i) for i in range(501)]},
    ],
    ids=lambda f: str(f)[:40],
)
async def test_what_is_no_space(town: Town, fields: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        await town.house.spaces.create(town.agathe, new_space(town, **fields))
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select count(*) from space") == 0
        about = "select count(*) from audit where encode(line, 'escape') like '%%spaces:%%'"
        assert await reader.value(about) == 0


async def test_a_space_with_people_who_cannot_enter_is_not_made(town: Town) -> None:
    gone = await town.person("Parti", "Ailleurs", town.agency)
    await suspend(town, gone)
    tries: list[tuple[dict[str, object], type[Exception]]] = [
        ({"members": [UUID(int=7)]}, NotAgents),
        ({"members": [gone.person_id]}, NotAgents),
        ({"members": [town.ousmane.person_id, town.prefecture.id]}, NotAgents),
        ({"members": [town.guest.person_id], "label": Label.SENSITIVE}, Refused),
        ({"members": [town.guest.person_id], "label": Label.RESTRICTED}, Refused),
        ({"members": [town.solene.person_id], "label": Label.RESTRICTED}, Refused),
        ({"kind": SpaceKind.COMMUNITY, "label": Label.SENSITIVE}, Refused),
        ({"kind": SpaceKind.COMMUNITY, "label": Label.RESTRICTED}, Refused),
    ]
    for fields, error in tries:
        with pytest.raises(error):
            await town.house.spaces.create(strong(town.agathe), new_space(town, **fields))
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select count(*) from space") == 0
        assert await reader.value("select count(*) from stream") == 7, (
            "one's own each, the instance's, and none left over"
        )
    # Each refusal by a rule is recorded, whichever way it was found.
    rules = b"".join(await refusals(town))
    assert rules.count(b"guest-label") == 2
    assert rules.count(b"community-label") == 2


# Directs.


async def test_a_direct_is_found_again_by_its_people(town: Town) -> None:
    spaces, a, o, y = town.house.spaces, town.agathe, town.ousmane.person_id, town.yanis.person_id
    made = await spaces.direct(a, [o])
    assert {
        (await spaces.direct(actor, people)).space.id
        for actor, people in (
            (a, [o]),
            (a, [o, o, a.person_id]),
            (town.ousmane, [a.person_id]),
            (town.ousmane, [a.person_id, o]),
        )
    } == {made.space.id}
    three = await spaces.direct(a, [o, y])
    assert three.space.id != made.space.id
    assert (await spaces.direct(town.yanis, [o, a.person_id])).space.id == three.space.id
    alone = await spaces.direct(a, [])
    assert (await spaces.direct(a, [a.person_id])).space.id == alone.space.id
    assert alone.space.members_count == 1
    assert town.events(o).count("spaces.space.gained") == 2


async def test_both_sides_at_once_get_one_direct(town: Town) -> None:
    spaces, a, o = town.house.spaces, town.agathe, town.ousmane
    made = await asyncio.gather(
        *(spaces.direct(a, [o.person_id]) if i % 2 else spaces.direct(o, [a.person_id]) for i in range(12))
    )
    assert len({own.space.id for own in made}) == 1
    assert {own.role for own in made} == {Role.CONTRIBUTOR}
    channel = await town.channel(a, made[0].space.id)
    await town.say(o, channel, "Bonjour")


async def test_a_direct_that_another_act_has_just_committed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the database before memory is told of it; whoever finds it there gets in, and all is told once."""
    database, late = town.house.ground.database, list[list[Entry]]()

    def held_back(entries: Sequence[Entry]) -> None:
        late.append(list(entries))

    with monkeypatch.context() as patch:
        patch.setattr(database, "published", held_back)
        own = await town.house.spaces.direct(town.agathe, [town.ousmane.person_id])
    assert own.role is Role.CONTRIBUTOR
    for entries in late:
        database.published(entries)
    told = [entry.seq for entry in town.heard if entry.stream_id == own.space.id]
    assert told == sorted(set(told))
    assert len(told) == sum(entry.stream_id == own.space.id for entries in late for entry in entries)


async def test_nobody_else_gets_into_a_direct(town: Town) -> None:
    spaces, made = town.house.spaces, await town.house.spaces.direct(town.agathe, [town.ousmane.person_id])
    direct = made.space.id
    for actor, error in ((town.solene, NotFound), (town.agathe, Refused)):
        with pytest.raises(error):
            await spaces.add_members(actor, direct, [town.yanis.person_id], Role.CONTRIBUTOR)
        with pytest.raises(error):
            await spaces.change_role(actor, direct, town.ousmane.person_id, Role.MANAGER)
        with pytest.raises(error):
            await spaces.remove_member(actor, direct, town.ousmane.person_id)
        with pytest.raises(error):
            await spaces.change(actor, direct, SpaceChange(tools=[Tool.CHAT]))
        with pytest.raises(error):
            await spaces.join(actor, direct)
        with pytest.raises(error):
            await spaces.remove_member(actor, direct, actor.person_id)
    assert len(await roles(town, direct)) == 2


async def test_a_direct_with_people_who_are_none(town: Town) -> None:
    gone = await town.person("Parti", "Ailleurs", town.agency)
    spaces = town.house.spaces
    before = await spaces.direct(town.agathe, [gone.person_id])
    await suspend(town, gone)
    assert (await spaces.direct(town.agathe, [gone.person_id])).space.id == before.space.id, (
        "it can still be read"
    )
    for people in ([UUID(int=7)], [before.space.id], [town.ousmane.person_id, gone.person_id]):
        with pytest.raises(NotAgents):
            await spaces.direct(town.agathe, people)
    with pytest.raises(Invalid):
        await spaces.direct(town.agathe, [UUID(int=i) for i in range(DIRECT_MOST)])


# Communities.


async def test_a_community_is_joined_and_left_at_will(town: Town) -> None:
    spaces = town.house.spaces
    own = await town.space(town.agathe, name="Marcheurs du midi", kind=SpaceKind.COMMUNITY)
    found = await spaces.communities(town.solene, "MIDI march")
    assert [(c.space.id, c.joined) for c in found] == [(own.space.id, False)]
    joined = await asyncio.gather(*(spaces.join(town.solene, own.space.id) for _ in range(4)))
    assert {j.role for j in joined} == {Role.CONTRIBUTOR}
    assert town.events(own.space.id).count("spaces.member.added") == 2
    assert (await spaces.communities(town.solene))[0].joined
    await spaces.remove_member(town.solene, own.space.id, town.solene.person_id)
    with pytest.raises(NotFound):
        await spaces.own(town.solene, own.space.id)
    await spaces.join(town.solene, own.space.id)


async def test_a_guest_finds_and_joins_no_community(town: Town) -> None:
    own = await town.space(town.agathe, name="Marcheurs", kind=SpaceKind.COMMUNITY)
    assert await town.house.spaces.communities(town.guest) == []
    with pytest.raises(NotFound):
        await town.house.spaces.join(town.guest, own.space.id)
    with pytest.raises(Refused) as refusal:
        await town.house.spaces.add_members(town.agathe, own.space.id, [town.guest.person_id], Role.READER)
    assert (refusal.value.rule, refusal.value.ways) == ("space-kind", ["make-team"])


async def test_a_team_cannot_be_joined_or_found(town: Town) -> None:
    own = await town.space(town.agathe, name="Marcheurs")
    assert await town.house.spaces.communities(town.solene, "marcheurs") == []
    with pytest.raises(NotFound):
        await town.house.spaces.join(town.solene, own.space.id)


async def test_a_sensitive_community_lets_nobody_in_by_themselves(town: Town) -> None:
    """None can be made; one that became so some other way is closed and hidden all the same."""
    own = await town.space(town.agathe, name="Marcheurs", kind=SpaceKind.COMMUNITY)
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update space set label = 'sensitive' where id = %(s)s", s=own.space.id)
    async with town.house.ground.database.read() as reader:
        await town.house.roster.load(reader)
    assert await town.house.spaces.communities(town.solene) == []
    with pytest.raises(NotFound):
        await town.house.spaces.join(town.solene, own.space.id)


# Members.


async def test_who_may_move_members(town: Town) -> None:
    own = await town.space(town.agathe, readers=[town.yanis], contributors=[town.ousmane, town.guest])
    space, spaces = own.space.id, town.house.spaces
    acts: list[Callable[[Actor], Awaitable[object]]] = [
        lambda who: spaces.add_members(who, space, [town.solene.person_id], Role.READER),
        lambda who: spaces.change_role(who, space, town.yanis.person_id, Role.CONTRIBUTOR),
        lambda who: spaces.remove_member(who, space, town.yanis.person_id),
        lambda who: spaces.change(who, space, SpaceChange(name=Plain("Autre"))),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            await act(town.solene)
        for weak, rule in ((town.ousmane, "role"), (town.guest, "actor")):
            with pytest.raises(Refused) as refusal:
                await act(weak)
            assert refusal.value.rule == rule
    assert len(await roles(town, space)) == 4
    count = len(town.heard)
    for act in acts:
        await act(town.agathe)
    assert town.events(space)[-4:] == [
        "spaces.member.added",
        "spaces.member.changed",
        "spaces.member.removed",
        "spaces.space.changed",
    ]
    assert len(town.heard) == count + 6, "and one each in the streams of who came and who went"
    lines = [bytes(r.line) async for r in town.house.ground.audit.lines()]
    for action in (Action.SPACES_MEMBER_ADD, Action.SPACES_MEMBER_CHANGE, Action.SPACES_MEMBER_REMOVE):
        assert any(action.value.encode() in line and b'"allowed":true' in line for line in lines)


async def test_refusals_name_the_space_in_the_record(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane], label=Label.SENSITIVE)
    with pytest.raises(Refused):
        await town.house.spaces.remove_member(town.ousmane, own.space.id, town.agathe.person_id)
    with pytest.raises(Refused):
        await town.house.spaces.add_members(town.agathe, own.space.id, [town.guest.person_id], Role.READER)
    lines = await refusals(town)
    assert len(lines) == 2
    assert all(str(own.space.id).encode() in line for line in lines)


async def test_who_may_come_in_depends_on_the_label(town: Town) -> None:
    for label in Label:
        own = await town.space(town.agathe, label=label)
        manager, guest = strong(town.agathe), [town.guest.person_id]
        adding = town.house.spaces.add_members(manager, own.space.id, guest, Role.READER)
        if label in (Label.PUBLIC, Label.INTERNAL):
            with pytest.raises(GuestByInvitation):
                await adding
        else:
            with pytest.raises(Refused) as refusal:
                await adding
            assert refusal.value.rule == "guest-label"
            assert len(await roles(town, own.space.id)) == 1


async def test_one_who_cannot_come_in_is_named_and_the_others_are_in(town: Town) -> None:
    gone = await town.person("Parti", "Ailleurs", town.agency)
    await suspend(town, gone)
    own = await town.space(town.agathe, label=Label.SENSITIVE)
    add = town.house.spaces.add_members
    people = [
        town.ousmane.person_id,
        town.guest.person_id,
        UUID(int=7),
        gone.person_id,
        town.yanis.person_id,
    ]
    done = await add(town.agathe, own.space.id, people, Role.READER)
    assert done.added == [town.ousmane.person_id, town.yanis.person_id]
    assert [(r.person_id, r.hindrance.reason if r.hindrance else None) for r in done.refused] == [
        (town.guest.person_id, "guest-in-sensitive"),
        (UUID(int=7), None),
        (gone.person_id, None),
    ]
    assert set(await roles(town, own.space.id)) == {
        p.person_id for p in (town.agathe, town.ousmane, town.yanis)
    }
    # What was refused of it is recorded as any refusal is.
    assert any(b"guest-label" in line for line in await refusals(town))
    # Once more: who is in stays, who cannot come in is told again, and nothing happens.
    before = len(town.heard)
    again = await add(town.agathe, own.space.id, people, Role.MANAGER)
    assert (again.added, len(again.refused), len(town.heard)) == (done.added, 3, before)


async def test_one_alone_who_cannot_come_in_is_refused(town: Town) -> None:
    gone = await town.person("Parti", "Ailleurs", town.agency)
    await suspend(town, gone)
    own = await town.space(town.agathe, label=Label.SENSITIVE)
    for bad, error in (
        (UUID(int=7), NotAgents),
        (gone.person_id, NotAgents),
        (town.guest.person_id, Refused),
    ):
        with pytest.raises(error):
            await town.house.spaces.add_members(town.agathe, own.space.id, [bad], Role.READER)
    for people in ([], [UUID(int=i) for i in range(501)]):
        with pytest.raises(Invalid):
            await town.house.spaces.add_members(town.agathe, own.space.id, people, Role.READER)
    assert len(await roles(town, own.space.id)) == 1


async def test_adding_who_is_in_changes_nothing(town: Town) -> None:
    own = await town.space(town.agathe, readers=[town.yanis])
    before = len(town.heard)
    await town.house.spaces.add_members(
        town.agathe, own.space.id, [town.yanis.person_id, town.agathe.person_id], Role.CONTRIBUTOR
    )
    assert (await roles(town, own.space.id))[town.yanis.person_id] is Role.READER
    assert len(town.heard) == before
    await asyncio.gather(
        *(
            town.house.spaces.add_members(town.agathe, own.space.id, [town.ousmane.person_id], Role.READER)
            for _ in range(6)
        )
    )
    assert len(town.heard) == before + 2


async def test_a_guest_cannot_be_a_spaces_only_keeper(town: Town) -> None:
    """A manager who may manage nothing would leave a space that nobody can change any more."""
    own = await town.space(town.agathe, contributors=[town.guest])
    with pytest.raises(Refused):
        await town.house.spaces.change_role(town.agathe, own.space.id, town.guest.person_id, Role.MANAGER)
    other = await town.person("Léa", "Invitée", town.agency, kind=town.guest.kind)
    with pytest.raises(Refused):
        await town.house.spaces.add_members(town.agathe, own.space.id, [other.person_id], Role.MANAGER)


# Managers.


async def test_the_last_manager_stays(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    space, spaces = own.space.id, town.house.spaces
    with pytest.raises(LastManager):
        await spaces.remove_member(town.agathe, space, town.agathe.person_id)
    with pytest.raises(LastManager):
        await spaces.change_role(town.agathe, space, town.agathe.person_id, Role.READER)
    await spaces.change_role(town.agathe, space, town.ousmane.person_id, Role.MANAGER)
    await spaces.remove_member(town.agathe, space, town.agathe.person_id)
    assert await roles(town, space) == {town.ousmane.person_id: Role.MANAGER}
    await spaces.remove_member(town.ousmane, space, town.ousmane.person_id)
    assert await roles(town, space) == {}, "whoever is alone may close the door behind them"


async def removes(spaces: Spaces, space: UUID, actor: Actor, other: Actor) -> None:
    await spaces.remove_member(actor, space, other.person_id)


async def lowers(spaces: Spaces, space: UUID, actor: Actor, other: Actor) -> None:
    await spaces.change_role(actor, space, other.person_id, Role.READER)


async def leaves(spaces: Spaces, space: UUID, actor: Actor, _other: Actor) -> None:
    await spaces.remove_member(actor, space, actor.person_id)


@pytest.mark.parametrize("act", [removes, lowers, leaves])
async def test_two_managers_at_once_leave_one(
    town: Town, act: Callable[[Spaces, UUID, Actor, Actor], Awaitable[None]]
) -> None:
    """Both remove, lower, or leave at the same moment: one manager stays."""
    spaces = town.house.spaces
    for _ in range(4):
        own = await town.space(town.agathe, contributors=[town.yanis], managers=[town.ousmane])
        space = own.space.id
        outcomes = await asyncio.gather(
            act(spaces, space, town.agathe, town.ousmane),
            act(spaces, space, town.ousmane, town.agathe),
            return_exceptions=True,
        )
        failed = [o for o in outcomes if o is not None]
        assert len(failed) == 1, outcomes
        assert isinstance(failed[0], NotFound | Refused | LastManager)
        left = [person for person, role in (await roles(town, space)).items() if role is Role.MANAGER]
        assert len(left) == 1


async def test_a_lowered_manager_does_nothing_more_as_one(town: Town) -> None:
    """Decided again under the lock: what was asked before and done after does not count."""
    own = await town.space(town.agathe, managers=[town.ousmane], contributors=[town.yanis])
    space, spaces = own.space.id, town.house.spaces
    lower = spaces.change_role(town.agathe, space, town.ousmane.person_id, Role.READER)
    acts = (
        spaces.remove_member(town.ousmane, space, town.yanis.person_id),
        spaces.add_members(town.ousmane, space, [town.solene.person_id], Role.READER),
        spaces.change(town.ousmane, space, SpaceChange(name=Plain("Pris"))),
    )
    outcomes = await asyncio.gather(lower, *acts, return_exceptions=True)
    names = town.events(space)
    after = names[names.index("spaces.member.changed") + 1 :]
    done = sum(not isinstance(o, Exception) for o in outcomes[1:])
    assert len(after) + done <= 3
    by = [e.by for e in town.heard if e.stream_id == space][-len(after) :] if after else []
    assert town.ousmane.person_id not in by


async def test_messages_and_removal_at_once_have_one_order(town: Town) -> None:
    """Each message of the removed member comes before the removal, or not at all."""
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)

    async def remove() -> None:
        await asyncio.sleep(0.01)
        await town.house.spaces.remove_member(town.agathe, own.space.id, town.ousmane.person_id)

    async def talk(i: int) -> object:
        await asyncio.sleep(i * 0.001)
        return await town.say(town.ousmane, channel, f"{i}")

    outcomes = await asyncio.gather(remove(), *(talk(i) for i in range(40)), return_exceptions=True)
    refused = [o for o in outcomes if isinstance(o, Exception)]
    assert all(isinstance(o, NotFound) for o in refused)
    names = town.events(own.space.id)
    assert "chat.message.sent" not in names[names.index("spaces.member.removed") :]
    page = await town.house.chat.history(town.agathe, channel, most=100)
    assert len(page.messages) + len(refused) == 40


async def queued(town: Town, count: int) -> None:
    """Wait until so many stand in line for a lock."""
    waiting = 0
    for _ in range(500):
        async with town.house.ground.database.read() as reader:
            waiting = await reader.value(
                "select count(*) from pg_stat_activity "
                "where wait_event_type = 'Lock' and datname = current_database()"
            )
        if waiting >= count:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{waiting} of {count} wait")


async def test_edits_and_removal_at_once_have_one_order(town: Town) -> None:
    """The same for what is not sending: channels, edits and deletions are decided again under the lock."""
    own = await town.space(town.agathe, managers=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    messages = [await town.say(town.ousmane, channel, f"{i}") for i in range(8)]
    chat, his = town.house.chat, town.ousmane

    async def content() -> AsyncIterator[bytes]:
        yield b"releve"

    file = await town.house.files.upload(
        his, own.space.id, Plain("releve.txt"), town.house.ground.ids.new(), content()
    )
    async with town.house.ground.database.transaction() as tx:
        # Everybody waits for the space; the removal is first in line.
        await town.house.ground.journal.lock(tx, [own.space.id])
        waiting: list[asyncio.Task[object]] = [
            asyncio.create_task(town.house.spaces.remove_member(town.agathe, own.space.id, his.person_id))
        ]
        await queued(town, 1)
        acts: list[Coroutine[Any, Any, object]] = [
            *(chat.edit(his, m.id, MessageChange(Plain("changé"))) for m in messages[:3]),
            *(chat.delete(his, m.id) for m in messages[3:5]),
            chat.create_channel(his, own.space.id, NewChannel(town.house.ground.ids.new(), Plain("à moi"))),
            chat.change_channel(his, channel, ChannelChange(topic=Plain("à moi"))),
            town.house.files.remove(his, file.id),
        ]
        waiting += [asyncio.create_task(act) for act in acts]
        await queued(town, len(waiting))
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert outcomes[0] is None
    assert all(isinstance(o, NotFound) for o in outcomes[1:]), outcomes
    assert town.events(own.space.id)[-1] == "spaces.member.removed"


# Reading who is in.


async def test_members_by_pages_and_by_name(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane, town.solene], readers=[town.yanis])
    spaces, space = town.house.spaces, own.space.id
    everyone = await spaces.members(town.yanis, space)
    assert len(everyone) == 4
    first = await spaces.members(town.yanis, space, most=3)
    last = first[-1]
    after = MemberPlace(last.role is Role.MANAGER, last.joined_at, last.person_id)
    rest = await spaces.members(town.yanis, space, after=after, most=3)
    assert [*first, *rest] == everyone
    assert [m.person_id for m in await spaces.members(town.yanis, space, query="KERB sol")] == [
        town.solene.person_id
    ]
    assert await spaces.members(town.yanis, space, query="vasseur") == []
    assert await spaces.members(town.yanis, space, query="!!") == []
    with pytest.raises(NotFound):
        await spaces.members(town.guest, space)


async def test_who_manages_a_space_is_listed_first_on_every_page(town: Town) -> None:
    """Two thousand members: managers first, whenever they came, and the pages come from an index in that order."""
    own = await town.space(town.agathe)
    space = own.space.id
    async with town.house.ground.database.transaction() as tx:
        await tx.run(
            """
            insert into stream (id, seq)
            select ('018e0000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 0 from generate_series(1, 2000) n
            """
        )
        await tx.run(
            """
            insert into person (id, organisation_id, kind, email, given_name, family_name, function, service, phone,
                                words, administrator, created_at)
            select ('018e0000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, %(o)s, 'agent',
                   'agent' || n || '@x.example', 'Agent', n::text, '', '', '', '', false, now()
            from generate_series(1, 2000) n
            """,
            o=town.prefecture.id,
        )
        await tx.run(
            """
            insert into member (space_id, person_id, role, joined_at)
            select %(s)s, ('018e0000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid,
                   case when n %% 400 = 0 then 'manager' when n %% 2 = 0 then 'reader' else 'contributor' end,
                   %(at)s::timestamptz + n * interval '1 minute'
            from generate_series(1, 2000) n
            """,
            s=space,
            at=town.house.ground.clock.now(),
        )
        await tx.run("analyze member")
        await tx.run("analyze person")
    listed: list[MemberView] = []
    after: MemberPlace | None = None
    while page := await town.house.spaces.members(town.agathe, space, after=after, most=150):
        listed += page
        after = MemberPlace(page[-1].role is Role.MANAGER, page[-1].joined_at, page[-1].person_id)
    assert len({member.person_id for member in listed}) == len(listed) == 2001
    assert [member.role for member in listed[:6]] == [Role.MANAGER] * 6
    assert Role.MANAGER not in [member.role for member in listed[6:]]
    for part in (listed[:6], listed[6:]):
        assert [m.joined_at for m in part] == sorted(m.joined_at for m in part)
    middle = MemberPlace(manager=False, joined_at=listed[900].joined_at, person_id=listed[900].person_id)
    for place in (None, middle):
        async with town.house.ground.database.read() as reader:
            rows = await reader.rows("explain " + store.MEMBERS, **store.members_asked(space, place, 100))
        plan = "\n".join(row[0] for row in rows)
        assert "member_managers_first" in plan, plan
        assert "Sort" not in plan, plan


async def suspend(town: Town, person: Actor) -> None:
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update person set suspended_at = now() where id = %(id)s", id=person.person_id)
