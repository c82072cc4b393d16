"""Files that are uploaded for a message: in their space with it, and until then there for their uploader alone."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from bastide.chat.events import MessageSent
from bastide.chat.model import MessageView, NewMessage
from bastide.core.blobs import GRACE
from bastide.core.clock import HeldClock
from bastide.core.content import EMPTY, Plain
from bastide.core.errors import Invalid, NotFound
from bastide.core.policy import Actor, Role
from bastide.files.events import FileAdded
from bastide.files.model import FileView, Preview
from bastide.files.service import WAITING_KEPT
from tests.files.samples import picture, stream
from tests.support.town import Town


async def put(
    town: Town,
    actor: Actor,
    space_id: UUID,
    data: bytes = b"Bonjour.\n",
    *,
    client_id: UUID | None = None,
    waiting: bool = True,
) -> FileView:
    client_id = client_id or town.house.ground.ids.new()
    return await town.house.files.upload(
        actor, space_id, Plain("plan.png"), client_id, stream(data), waiting=waiting
    )


async def send(
    town: Town, actor: Actor, channel: UUID, *files: FileView, client_id: UUID | None = None
) -> MessageView:
    new = NewMessage(client_id or town.house.ground.ids.new(), EMPTY, [file.id for file in files])
    return await town.house.chat.send(actor, channel, new)


async def listed(town: Town, actor: Actor, space_id: UUID) -> list[UUID]:
    return [view.id for view in (await town.house.files.page(actor, space_id)).files]


def moved_on(town: Town, by: timedelta) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(by)


async def test_it_comes_into_the_space_with_its_message(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    told = len(town.heard)
    view = await put(town, town.ousmane, own.space.id, picture())
    await town.house.ground.jobs.drain()
    assert town.heard[told:] == []
    for member in (town.agathe, town.ousmane):
        assert await listed(town, member, own.space.id) == []
    mine = await town.house.files.get(town.ousmane, view.id)
    assert mine.preview == Preview.READY
    with pytest.raises(NotFound):
        await town.house.files.get(town.agathe, view.id)
    message = await send(town, town.ousmane, channel, view)
    events = [entry.event for entry in town.heard[told:]]
    assert events[:2] == [FileAdded(file=mine), MessageSent(message=message)]
    assert message.files == [mine]
    for member in (town.agathe, town.ousmane):
        assert await listed(town, member, own.space.id) == [view.id]
        assert await town.house.files.get(member, view.id) == mine


async def test_its_preview_is_told_once_it_is_sent(town: Town) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    view = await put(town, town.agathe, own.space.id, picture())
    await send(town, town.agathe, channel, view)
    await town.house.ground.jobs.drain()
    assert town.events(own.space.id)[-3:] == ["files.file.added", "chat.message.sent", "files.file.changed"]


async def test_others_cannot_send_it(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    view = await put(town, town.ousmane, own.space.id)
    with pytest.raises(Invalid) as refusal:
        await send(town, town.agathe, channel, view)
    assert refusal.value.field == "files"
    assert await listed(town, town.agathe, own.space.id) == []
    # What is in the space already, anybody may send there again.
    await send(town, town.ousmane, channel, view)
    assert (await send(town, town.agathe, channel, view)).files == [view]
    assert town.events(own.space.id).count("files.file.added") == 1


async def test_sent_again_and_in_two_messages_at_once_it_is_added_once(town: Town) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    view = await put(town, town.agathe, own.space.id)
    client_id = town.house.ground.ids.new()
    sent = await asyncio.gather(
        send(town, town.agathe, channel, view, client_id=client_id),
        send(town, town.agathe, channel, view, client_id=client_id),
        send(town, town.agathe, channel, view),
    )
    assert sent[0] == sent[1]
    assert town.events(own.space.id).count("files.file.added") == 1
    # Told again after the file went, the message is still the one that was sent.
    await town.house.files.remove(town.agathe, view.id)
    again = await send(town, town.agathe, channel, view, client_id=client_id)
    assert (again.id, again.files) == (sent[0].id, [])


async def test_taken_away_again_it_is_told_to_nobody(town: Town) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    told = len(town.heard)
    view = await put(town, town.agathe, own.space.id)
    await town.house.files.remove(town.agathe, view.id)
    assert town.heard[told:] == []
    with pytest.raises(Invalid):
        await send(town, town.agathe, channel, view)


async def test_who_was_removed_has_no_more_of_it(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    view = await put(town, town.ousmane, own.space.id)
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.ousmane.person_id)
    with pytest.raises(NotFound):
        await town.house.files.content(town.ousmane, view.id)
    await town.house.spaces.add_members(town.agathe, own.space.id, [town.ousmane.person_id], Role.CONTRIBUTOR)
    assert (await town.house.files.get(town.ousmane, view.id)) == view


async def test_after_a_day_without_its_message_it_is_forgotten(town: Town) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    client_id = town.house.ground.ids.new()
    abandoned = await put(town, town.agathe, own.space.id, b"abandonn\xc3\xa9", client_id=client_id)
    sent = await put(town, town.agathe, own.space.id, b"envoy\xc3\xa9")
    kept = await put(town, town.agathe, own.space.id, b"d\xc3\xa9pos\xc3\xa9", waiting=False)
    await send(town, town.agathe, channel, sent)
    files = town.house.files
    moved_on(town, WAITING_KEPT - timedelta(seconds=1))
    await files._abandon()
    assert (await files.get(town.agathe, abandoned.id)) == abandoned
    moved_on(town, timedelta(seconds=2))
    await files._abandon()
    with pytest.raises(NotFound):
        await files.get(town.agathe, abandoned.id)
    with pytest.raises(Invalid):
        await send(town, town.agathe, channel, abandoned)
    assert set(await listed(town, town.agathe, own.space.id)) == {sent.id, kept.id}
    moved_on(town, GRACE)
    assert (await town.house.ground.blobs.sweep()).blobs == 1
    # An attempt that comes that late puts it there anew.
    assert (await put(town, town.agathe, own.space.id, client_id=client_id)).id != abandoned.id


async def test_forgotten_while_it_is_being_sent(town: Town) -> None:
    """Whichever comes first: a message never names a file that is no more."""
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    for _ in range(10):
        view = await put(town, town.agathe, own.space.id)
        moved_on(town, WAITING_KEPT + timedelta(seconds=1))
        sent, _ = await asyncio.gather(
            send(town, town.agathe, channel, view), town.house.files._abandon(), return_exceptions=True
        )
        if isinstance(sent, MessageView):
            assert (await town.house.files.get(town.agathe, view.id)) == view
        else:
            assert isinstance(sent, Invalid)
