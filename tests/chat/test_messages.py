"""Sending, reading, editing and deleting messages."""

import asyncio

import pytest

from bastide.chat.events import ChannelRead, MessageChanged, MessageSent
from bastide.chat.model import MessageChange, NewChannel, NewMessage
from bastide.core.content import Plain
from bastide.core.errors import Conflict, Invalid, NotFound, Refused
from bastide.core.policy import Label, Role, Tool
from tests.support.town import Town


async def test_an_outsider_a_guest_and_a_reader_cannot_send(town: Town) -> None:
    own = await town.space(town.agathe, readers=[town.yanis], label=Label.SENSITIVE)
    channel = await town.channel(town.agathe, own.space.id)
    for outsider in (town.ousmane, town.guest):
        with pytest.raises(NotFound):
            await town.say(outsider, channel, "je ne suis pas d’ici")
    with pytest.raises(Refused) as refusal:
        await town.say(town.yanis, channel, "je ne fais que lire")
    assert refusal.value.rule == "role"
    assert "chat.message.sent" not in town.events(own.space.id)


async def test_messages_are_ordered_durable_and_told_once(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane, town.solene])
    channel = await town.channel(town.agathe, own.space.id)
    senders = (town.agathe, town.ousmane, town.solene)
    sent = await asyncio.gather(*(town.say(senders[i % 3], channel, f"Relevé {i}") for i in range(60)))
    assert sorted(m.ordinal for m in sent) == list(range(1, 61))
    told = [e for e in town.heard if isinstance(e.event, MessageSent)]
    assert [e.event.message.ordinal for e in told if isinstance(e.event, MessageSent)] == list(range(1, 61))
    seqs = [e.seq for e in town.heard if e.stream_id == own.space.id]
    assert seqs == list(range(1, len(seqs) + 1))
    page = await town.house.chat.history(town.solene, channel, most=100)
    assert {m.id for m in page.messages} == {m.id for m in sent}
    assert [m.ordinal for m in page.messages] == list(range(1, 61))


async def test_the_same_client_id_is_one_message(town: Town) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    client_id = town.house.ground.ids.new()
    at_once = await asyncio.gather(
        *(town.say(town.agathe, channel, "Une fois", client_id=client_id) for _ in range(8))
    )
    later = await town.say(town.agathe, channel, "Une fois", client_id=client_id)
    assert {m.id for m in (*at_once, later)} == {later.id}
    assert town.events(own.space.id).count("chat.message.sent") == 1
    other = await town.space(town.agathe, name="Ailleurs")
    with pytest.raises(Conflict):
        await town.say(
            town.agathe, await town.channel(town.agathe, other.space.id), "Une fois", client_id=client_id
        )


async def test_a_bad_item_fails_alone(town: Town) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    stranger = town.house.ground.ids.new()

    async def with_a_file() -> None:
        new = NewMessage(client_id=stranger, content=Plain("avec pièce"), files=[stranger])
        await town.house.chat.send(town.agathe, channel, new)

    results = await asyncio.gather(
        town.say(town.agathe, channel, "avant"),
        with_a_file(),
        town.say(town.agathe, channel, "après"),
        return_exceptions=True,
    )
    assert isinstance(results[1], Invalid)
    assert [m.content.text for m in (await town.house.chat.history(town.agathe, channel)).messages] == [
        "avant",
        "après",
    ]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "a" * 20_001, "bonjour\u202etxt"])
async def test_broken_texts_are_refused(town: Town, text: str) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    with pytest.raises(Invalid):
        await town.say(town.agathe, channel, text)


async def test_pages_both_ways(town: Town) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    for i in range(1, 31):
        await town.say(town.agathe, channel, f"n° {i}")
    chat = town.house.chat
    newest = await chat.history(town.agathe, channel, most=10)
    assert [m.ordinal for m in newest.messages] == list(range(21, 31))
    assert (newest.before, newest.after) == (True, False)
    older = await chat.history(town.agathe, channel, before=21, most=10)
    assert [m.ordinal for m in older.messages] == list(range(11, 21))
    around = await chat.history(town.agathe, channel, around=15, most=10)
    assert [m.ordinal for m in around.messages] == list(range(10, 20))
    after = await chat.history(town.agathe, channel, after=28, most=10)
    assert [m.ordinal for m in after.messages] == [29, 30]
    assert (after.before, after.after) == (True, False)
    with pytest.raises(Invalid):
        await chat.history(town.agathe, channel, before=3, after=1)


async def test_one_edits_ones_own_and_a_manager_deletes(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane, town.yanis])
    channel = await town.channel(town.agathe, own.space.id)
    message = await town.say(town.ousmane, channel, "Pont-Lévy 2,91 m")
    chat = town.house.chat
    with pytest.raises(Refused):
        await chat.edit(town.yanis, message.id, MessageChange(Plain("autre")))
    with pytest.raises(Refused):
        await chat.edit(town.agathe, message.id, MessageChange(Plain("autre")))
    with pytest.raises(NotFound):
        await chat.edit(town.solene, message.id, MessageChange(Plain("autre")))
    edited = await chat.edit(town.ousmane, message.id, MessageChange(Plain("Pont-Lévy 2,93 m")))
    assert edited.edited_at is not None
    with pytest.raises(Refused):
        await chat.delete(town.yanis, message.id)
    deleted = await chat.delete(town.agathe, message.id)
    assert deleted.content.text == ""
    assert deleted.deleted_at is not None
    with pytest.raises(Conflict):
        await chat.edit(town.ousmane, message.id, MessageChange(Plain("encore")))
    assert [e.event.message.content.text for e in town.heard if isinstance(e.event, MessageChanged)] == [
        "Pont-Lévy 2,93 m",
        "",
    ]
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select body from message where id = %(id)s", id=message.id) == b""


async def test_the_journal_tells_an_edit_to_who_comes_back(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    before = len(town.events(own.space.id))
    message = await town.say(town.ousmane, channel, "provisoire")
    await town.house.chat.edit(town.ousmane, message.id, MessageChange(Plain("définitif")))
    async with town.house.ground.database.read() as reader:
        missed = await town.house.ground.journal.since(reader, own.space.id, before, most=10)
    assert missed is not None
    texts = [
        e.event.message.content.text for e in missed if isinstance(e.event, MessageSent | MessageChanged)
    ]
    assert texts == ["définitif", "définitif"]
    kept = await _facts(town)
    assert all(b"provisoire" not in fact and "définitif".encode() not in fact for fact in kept)


async def _facts(town: Town) -> list[bytes]:
    async with town.house.ground.database.read() as reader:
        return [bytes(row[0]) for row in await reader.rows("select fact from journal")]


async def test_marks_go_forwards_only_and_tell_ones_own_windows(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    for i in range(5):
        await town.say(town.agathe, channel, f"{i}")
    chat = town.house.chat
    await chat.read(town.ousmane, channel, 3)
    await chat.read(town.ousmane, channel, 2)
    await chat.read(town.ousmane, channel, 999)
    marks = [e.event.ordinal for e in town.heard if isinstance(e.event, ChannelRead)]
    assert marks == [3, 5]
    async with town.house.ground.database.read() as reader:
        mine = await chat.own_channels(reader, town.agathe, [own.space.id])
        his = await chat.own_channels(reader, town.ousmane, [own.space.id])
    assert (mine[0].read, his[0].read, his[0].channel.last_ordinal) == (5, 5, 5)


async def test_who_was_removed_sends_nothing_more(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    await town.say(town.ousmane, channel, "là")
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.ousmane.person_id)
    with pytest.raises(NotFound):
        await town.say(town.ousmane, channel, "encore là ?")
    with pytest.raises(NotFound):
        await town.house.chat.history(town.ousmane, channel)


async def test_chat_switched_off_says_so(town: Town) -> None:
    own = await town.space(town.agathe, tools=[Tool.FILES])
    with pytest.raises(Refused) as refusal:
        await town.house.chat.create_channel(town.agathe, own.space.id, NewChannel(own.space.id, Plain("x")))
    assert refusal.value.rule == "tool-off"


async def test_a_lowered_role_is_believed_at_once(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    await town.house.spaces.change_role(town.agathe, own.space.id, town.ousmane.person_id, Role.READER)
    with pytest.raises(Refused):
        await town.say(town.ousmane, channel, "?")
