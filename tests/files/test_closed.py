"""A space whose files tool is off: nothing tells of its files but that they are there, whichever way one asks."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from bastide.chat.events import ChannelChanged, MessageChanged, MessageSent
from bastide.chat.model import ChannelChange, MessageChange, MessageView, NewMessage
from bastide.core.content import EMPTY, Plain
from bastide.core.errors import Invalid, Refused
from bastide.core.events import Gone
from bastide.core.policy import Actor, Tool
from bastide.files.events import FileAdded, FileChanged
from bastide.files.model import FileView, Preview
from bastide.spaces.model import SpaceChange
from tests.files.samples import picture
from tests.files.test_service import put
from tests.support.town import Town

NAME = "barème-confidentiel.png"
WITHOUT = SpaceChange(tools=[Tool.CHAT, Tool.MEET])
WITH = SpaceChange(tools=[Tool.CHAT, Tool.FILES])


async def carried(town: Town, actor: Actor, space_id: UUID) -> tuple[UUID, MessageView, FileView]:
    """A channel, with a message and the file that it carries."""
    channel = await town.channel(actor, space_id)
    view = await put(town, actor, space_id, picture(), name=NAME)
    new = NewMessage(client_id=town.house.ground.ids.new(), content=Plain("Voici"), files=[view.id])
    message = await town.house.chat.send(actor, channel, new)
    assert message.files == [view]
    return channel, message, view


def blank(view: FileView) -> list[FileView]:
    """That there is a file."""
    return [
        msgspec.structs.replace(
            view,
            name=EMPTY,
            size=0,
            media_type="application/octet-stream",
            preview=Preview.NONE,
            width=None,
            height=None,
        )
    ]


async def test_messages_tell_nothing_of_their_files(town: Town) -> None:
    chat, home, spaces = town.house.chat, town.house.home, town.house.spaces
    space_id = (await town.space(town.agathe, contributors=[town.ousmane])).space.id
    channel, message, view = await carried(town, town.agathe, space_id)
    told = len(town.heard)
    await spaces.change(town.agathe, space_id, WITHOUT)
    with pytest.raises(Refused):
        await town.house.files.get(town.ousmane, view.id)

    for actor in (town.agathe, town.ousmane):
        page = await chat.history(actor, channel)
        assert [m.files for m in page.messages] == [blank(view)]
        for channels in (
            (await home.snapshot(actor)).channels,
            (await home.space(actor, space_id)).channels,
        ):
            assert channels[0].channel.last is not None
            assert channels[0].channel.last.files == blank(view)
    # What is done now and answered, and what is told of it.
    edited = await chat.edit(town.agathe, message.id, MessageChange(Plain("Voilà")))
    renamed = await chat.change_channel(town.agathe, channel, ChannelChange(topic=Plain("Fichiers éteints")))
    assert edited.files == blank(view)
    assert renamed.last is not None
    assert renamed.last.files == blank(view)
    events = [e.event for e in town.heard[told:]]
    assert [e.message.files for e in events if isinstance(e, MessageChanged)] == [blank(view)]
    assert [e.channel.last.files for e in events if isinstance(e, ChannelChanged) and e.channel.last] == [
        blank(view)
    ]
    # What was missed and is told later: also what happened while the tool was on.
    async with town.house.ground.database.read() as reader:
        missed = await town.house.ground.journal.since(reader, space_id, 0, most=100)
    assert missed is not None
    assert [e.event.message.files for e in missed if isinstance(e.event, MessageSent)] == [blank(view)]
    assert not [e for e in missed if isinstance(e.event, FileAdded | FileChanged)]
    assert [e for e in missed if isinstance(e.event, Gone)]
    assert NAME.encode() not in msgspec.json.encode([missed, events])
    # Nothing is lost.
    await spaces.change(town.agathe, space_id, WITH)
    now = await town.house.files.get(town.ousmane, view.id)
    assert (await chat.history(town.ousmane, channel)).messages[0].files == [now]
    assert now.name == Plain(NAME)


async def test_a_repeated_sending_tells_nothing_either(town: Town) -> None:
    space_id = (await town.space(town.agathe)).space.id
    channel = await town.channel(town.agathe, space_id)
    view = await put(town, town.agathe, space_id)
    new = NewMessage(client_id=town.house.ground.ids.new(), content=Plain("Voici"), files=[view.id])
    sent = await town.house.chat.send(town.agathe, channel, new)
    await town.house.spaces.change(town.agathe, space_id, WITHOUT)
    again = await town.house.chat.send(town.agathe, channel, msgspec.structs.replace(new, files=[]))
    assert again.id == sent.id
    assert again.files == blank(view)


async def test_a_preview_that_is_ready_too_late_is_not_told(town: Town) -> None:
    space_id = (await town.space(town.agathe)).space.id
    view = await put(town, town.agathe, space_id, picture(), name=NAME)
    await town.house.spaces.change(town.agathe, space_id, WITHOUT)
    await town.house.ground.jobs.drain()
    assert not [e for e in town.heard if isinstance(e.event, FileChanged)]
    await town.house.spaces.change(town.agathe, space_id, WITH)
    assert (await town.house.files.get(town.agathe, view.id)).preview is Preview.READY


async def test_switching_off_and_sending_at_once(town: Town) -> None:
    """Whichever comes first: no message tells of a file after the files were closed."""
    chat, spaces = town.house.chat, town.house.spaces
    space_id = (await town.space(town.agathe)).space.id
    channel = await town.channel(town.agathe, space_id)
    for _ in range(6):
        await spaces.change(town.agathe, space_id, WITH)
        views = [await put(town, town.agathe, space_id, name=NAME) for _ in range(4)]
        told = len(town.heard)
        outcomes = await asyncio.gather(
            *(
                chat.send(
                    town.agathe,
                    channel,
                    NewMessage(client_id=town.house.ground.ids.new(), content=Plain("Voici"), files=[v.id]),
                )
                for v in views[:2]
            ),
            spaces.change(town.agathe, space_id, WITHOUT),
            *(
                chat.send(
                    town.agathe,
                    channel,
                    NewMessage(client_id=town.house.ground.ids.new(), content=Plain("Voici"), files=[v.id]),
                )
                for v in views[2:]
            ),
            return_exceptions=True,
        )
        assert all(not isinstance(o, BaseException) or isinstance(o, Invalid | Refused) for o in outcomes)
        closed = False
        for entry in town.heard[told:]:
            closed = closed or not isinstance(entry.event, MessageSent | FileAdded)
            if closed and isinstance(entry.event, MessageSent):
                assert NAME not in str(entry.event)
