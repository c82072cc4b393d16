"""Chat: channels and messages inside a space."""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from bastide.chat import store
from bastide.chat.errors import ChannelNameTaken, ChannelsMost, MessageDeleted
from bastide.chat.events import ChannelChanged, ChannelRead, MessageChanged, MessageSent, Typing
from bastide.chat.model import (
    FILES_MOST,
    TEXT_MOST,
    ChannelChange,
    ChannelView,
    MessageChange,
    MessagePage,
    MessageView,
    NewChannel,
    NewMessage,
    OwnChannel,
)
from bastide.chat.sending import Sending, view_of
from bastide.core.access import ThingKind
from bastide.core.audit import Line
from bastide.core.content import EMPTY, Content, Plain, checked, is_blank, restored
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Invalid, NotFound, Problem
from bastide.core.events import Event
from bastide.core.fold import fold
from bastide.core.ground import Ground
from bastide.core.groups import CommitGroup
from bastide.core.journal import Happening
from bastide.core.policy import Action, Actor, Place, Role, SpaceKind, Tool
from bastide.core.unseen import without_unseen
from bastide.files.service import Files
from bastide.people.model import Locale
from bastide.people.service import People
from bastide.spaces.model import SpaceView

PAGE_MOST = 100
CHANNELS_MOST = 100
_END = 1 << 62
_FIRST_CHANNEL: dict[Locale, Plain] = {"fr": Plain("général"), "en": Plain("general")}
_TYPING_EVERY_S = 1.5
_TYPERS_MOST = 10_000


class Located(msgspec.Struct, frozen=True):
    """A channel or message as the thing acted on."""

    id: UUID
    space_id: UUID
    author_id: UUID | None = None
    channel_id: UUID | None = None


class ChannelFact(msgspec.Struct, frozen=True):
    """What the journal keeps of a changed channel."""

    channel_id: UUID


class MessageFact(msgspec.Struct, frozen=True):
    """What the journal keeps of a message."""

    message_id: UUID


class _Mark(msgspec.Struct, frozen=True):
    person_id: UUID
    channel_id: UUID
    ordinal: int


class Chat:
    """The use cases of chat."""

    def __init__(self, ground: Ground, people: People, files: Files) -> None:
        self._ground = ground
        self._people = people
        self._files = files
        self._sending = Sending(ground, files)
        self._reading: CommitGroup[_Mark, None] = CommitGroup(self._do_read)
        self._space_of: dict[UUID, UUID] = {}  # a channel never moves: its space is remembered
        self._typed: dict[tuple[UUID, UUID], float] = {}
        self._finding: asyncio.Task[None] | None = None
        self._channels = ThingKind("channel", self._load_channel)
        self._messages = ThingKind("message", self._load_message)
        registry = ground.registry
        registry.add(ChannelRead)
        registry.add_hydrated(
            ChannelChanged, ChannelFact, lambda e: ChannelFact(e.channel.id), self._hydrate_channels
        )
        registry.add_hydrated(
            MessageSent, MessageFact, lambda e: MessageFact(e.message.id), self._hydrate_sent
        )
        registry.add_hydrated(
            MessageChanged, MessageFact, lambda e: MessageFact(e.message.id), self._hydrate_changed
        )

    # Channels.

    async def furnish(self, tx: Transaction, space: SpaceView, by: UUID) -> Sequence[Happening]:
        """Give a space that has chat its first channel, in its maker's language, in the transaction that made or changed it."""
        if Tool.CHAT not in space.tools or await store.channels_of(tx, [space.id]):
            return []
        direct = space.kind is SpaceKind.DIRECT
        name = EMPTY if direct else _FIRST_CHANNEL[await self._people.locale_of(tx, by)]
        channel = await self._do_create_channel(tx, space.id, name, EMPTY, position=0, client_id=None)
        return [Happening(space.id, ChannelChanged(channel=channel), by)]

    async def create_channel(self, actor: Actor, space_id: UUID, new: NewChannel) -> ChannelView:
        """A new channel. The same client id makes it once.

        Raises:
            ChannelNameTaken, ChannelsMost: the space has one of that name, or has very many.
        """
        place = self._ground.access.space(actor, Action.CHAT_CHANNEL_CREATE, space_id).place
        name, topic = _channel_name(new.name), _topic(new.topic)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, Action.CHAT_CHANNEL_CREATE, place)
            made = await store.find_made(tx, space_id, new.client_id)
            if made is not None:
                return (await self._views(tx, await store.channels(tx, [made])))[0]
            others = await store.channels_of(tx, [space_id])
            if len(others) >= CHANNELS_MOST:
                raise ChannelsMost(reason="channels-most")
            _check_free(name, others)
            position = max((c.position for c in others), default=-1) + 1
            channel = await self._do_create_channel(
                tx, space_id, name, topic, position=position, client_id=new.client_id
            )
            await self._ground.journal.append(
                tx, [Happening(space_id, ChannelChanged(channel=channel), actor.person_id)]
            )
        return channel

    async def change_channel(self, actor: Actor, channel_id: UUID, change: ChannelChange) -> ChannelView:
        """Another name or topic.

        Raises:
            ChannelNameTaken: another channel of the space has that name.
        """
        found = await self._ground.access.fetch(actor, Action.CHAT_CHANNEL_EDIT, self._channels, channel_id)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, Action.CHAT_CHANNEL_EDIT, found.place)
            before = (await store.channels(tx, [channel_id]))[0]
            name = restored(before.name_format, before.name)
            topic = restored(before.topic_format, before.topic)
            if change.name is not None:
                wanted = _channel_name(change.name)
                if _alike(wanted) != _alike(name):  # spaces that have two alike from before keep them
                    _check_free(wanted, await store.channels_of(tx, [found.place.space_id]))
                name = wanted
            topic = topic if change.topic is None else _topic(change.topic)
            await store.change_channel(tx, channel_id, name, topic)
            channel = (await self._views(tx, await store.channels(tx, [channel_id])))[0]
            await self._ground.journal.append(
                tx, [Happening(found.place.space_id, ChannelChanged(channel=channel), actor.person_id)]
            )
        return channel

    async def own_channels(self, reader: Reader, actor: Actor, spaces: Sequence[UUID]) -> list[OwnChannel]:
        """The channels of spaces whose messages one may read (by their `abilities`), with one's marks."""
        rows = await store.channels_of(reader, spaces)
        views = await self._views(reader, rows)
        marks = await store.marks(reader, actor.person_id, [row.id for row in rows])
        return [OwnChannel(view, marks.get(view.id, 0)) for view in views]

    # Messages.

    async def send(self, actor: Actor, channel_id: UUID, new: NewMessage) -> MessageView:
        """Send a message; returns once it is on the disk. The same client id sends it once.

        Raises:
            Invalid: an empty or too long text, or files that are not in this space.
        """
        space_id = await self._space(channel_id)
        self._ground.access.space(actor, Action.CHAT_MESSAGE_SEND, space_id)
        if len(new.files) > FILES_MOST:
            raise Invalid(field="files")
        content = checked(new.content, field="content", most=TEXT_MOST, least=0 if new.files else 1)
        if new.files:
            self._ground.access.space(actor, Action.FILES_FILE_READ, space_id)
        draft = store.Draft(
            id=self._ground.ids.new(),
            client_id=new.client_id,
            space_id=space_id,
            channel_id=channel_id,
            author_id=actor.person_id,
            content=content,
            files=list(dict.fromkeys(new.files)),
        )
        return await self._sending.send(draft, actor)

    async def history(
        self,
        actor: Actor,
        channel_id: UUID,
        *,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        most: int = 50,
    ) -> MessagePage:
        """A page of messages: those before an ordinal, after one, or around one; the newest when none is given."""
        space_id = await self._space(channel_id)
        self._ground.access.space(actor, Action.CHAT_MESSAGE_READ, space_id)
        if sum(x is not None for x in (before, after, around)) > 1:
            raise Invalid(field="before")
        most = max(1, min(most, PAGE_MOST))
        # Each page is one statement, so of one moment, with how many there are; only around an ordinal it takes two.
        database = self._ground.database
        async with database.read() if around is None else database.snapshot() as reader:
            if after is not None:
                rows = await store.after(reader, channel_id, _clamped(after), most)
            elif around is not None:
                half = most // 2
                rows = await store.before(reader, channel_id, _clamped(around), half)
                rows += await store.after(reader, channel_id, _clamped(around) - 1, most - half)
            else:
                rows = await store.before(
                    reader, channel_id, _clamped(_END if before is None else before), most
                )
            messages = await self._message_views(reader, rows)
            people = await self._people.cards_of(reader, (m.author_id for m in messages))
        return MessagePage(
            messages=messages,
            people=people,
            before=bool(rows) and rows[0].ordinal > 1,
            after=bool(rows) and rows[-1].ordinal < rows[-1].last_ordinal,
        )

    # For a trade that decided already: an export.

    async def channels_in(self, reader: Reader, space_id: UUID) -> list[ChannelView]:
        """A space's channels in their order."""
        return await self._views(reader, await store.channels_of(reader, [space_id]))

    async def messages_in(
        self, reader: Reader, channel_id: UUID, *, after: int, most: int
    ) -> list[MessageView]:
        """A channel's messages after an ordinal, in order; their files are named also where the files tool is off."""
        rows = await store.after(reader, channel_id, after, most)
        files = await self._files.held(reader, list({f for row in rows for f in row.files}))
        return [view_of(row, files) for row in rows]

    async def edit(self, actor: Actor, message_id: UUID, change: MessageChange) -> MessageView:
        """Put other words into one's own message.

        Raises:
            MessageDeleted: it is.
        """
        content = checked(change.content, field="content", most=TEXT_MOST)
        return await self._change(actor, Action.CHAT_MESSAGE_EDIT, message_id, content)

    async def delete(self, actor: Actor, message_id: UUID) -> MessageView:
        """Take a message's words away; its place stays. A manager may do it to others' messages, which is audited."""
        return await self._change(actor, Action.CHAT_MESSAGE_DELETE, message_id, None)

    async def _change(
        self, actor: Actor, action: Action, message_id: UUID, content: Content | None
    ) -> MessageView:
        found = await self._ground.access.fetch(actor, action, self._messages, message_id)
        space_id = found.place.space_id
        async with self._ground.database.transaction() as tx:
            own = found.thing.author_id == actor.person_id
            await self._hold(tx, actor, action, found.place, own=own)
            row = (await store.messages(tx, [message_id]))[0]
            if row.deleted_at is not None:
                if content is None:
                    return (await self._message_views(tx, [row]))[0]
                raise MessageDeleted(reason="deleted")
            now = self._ground.clock.now()
            if content is None:
                await store.delete_message(tx, message_id, now)
            elif is_blank(content) and not row.files:
                raise Invalid(field="content")
            else:
                await store.change_message(tx, message_id, content, now)
            message = (await self._message_views(tx, await store.messages(tx, [message_id])))[0]
            await self._ground.journal.append(
                tx, [Happening(space_id, MessageChanged(message=message), actor.person_id)]
            )
            if row.author_id != actor.person_id:
                detail = {"message": str(message_id), "author": str(row.author_id)}
                await self._ground.audit.record(
                    tx, Line(action.value, True, actor.person_id, space_id, detail=detail)
                )
        return message

    # Reading along.

    async def read(self, actor: Actor, channel_id: UUID, ordinal: int) -> None:
        """Note how far one has read; the same in all one's windows. A mark never goes back."""
        space_id = await self._space(channel_id)
        self._ground.access.space(actor, Action.CHAT_MESSAGE_READ, space_id)
        await self._reading.submit(_Mark(actor.person_id, channel_id, _clamped(ordinal)))

    async def _do_read(self, marks: Sequence[_Mark]) -> Sequence[None]:
        async with self._ground.database.transaction() as tx:
            locked = await self._ground.journal.lock(tx, (m.person_id for m in marks))
            moved = await store.mark_read(tx, [(m.person_id, m.channel_id, m.ordinal) for m in marks])
            happenings = [
                Happening(person, ChannelRead(channel_id=channel, ordinal=ordinal), person)
                for person, channel, ordinal in moved
            ]
            await self._ground.journal.append(tx, happenings, locked=locked)
        return [None] * len(marks)

    def typing(self, actor: Actor, channel_id: UUID) -> None:
        """Tell the others that one is writing; more often than needed is not passed on."""
        space_id = self._space_of.get(channel_id)
        if space_id is None:
            # After a start no channel is known yet. One is looked up at a time: made-up ids cost no more than that.
            if self._finding is None or self._finding.done():
                self._finding = asyncio.create_task(self._find_and_tell(actor, channel_id))
            return
        if not self._ground.access.may(actor, Action.CHAT_MESSAGE_SEND, space_id):
            return
        key, now = (actor.person_id, channel_id), self._ground.clock.monotonic()
        if now - self._typed.get(key, -_TYPING_EVERY_S) < _TYPING_EVERY_S:
            return
        if len(self._typed) >= _TYPERS_MOST:
            self._typed.clear()
        self._typed[key] = now
        event = Typing(channel_id=channel_id, person_id=actor.person_id)
        self._ground.bus.tell(space_id, event, but=actor.device_id)

    async def _find_and_tell(self, actor: Actor, channel_id: UUID) -> None:
        with contextlib.suppress(Problem):
            await self._space(channel_id)
            self.typing(actor, channel_id)

    # Within.

    async def _hold(
        self, tx: Transaction, actor: Actor, action: Action, place: Place, *, own: bool = False
    ) -> None:
        """Lock the space, and decide again: who was removed while we waited for it does nothing more there."""
        await self._ground.journal.lock(tx, [place.space_id])
        role = (await store.roles(tx, [place.space_id], [actor.person_id])).get(
            (place.space_id, actor.person_id)
        )
        self._ground.access.check_at(actor, action, place, Role(role) if role else None, own=own)

    async def _space(self, channel_id: UUID) -> UUID:
        space_id = self._space_of.get(channel_id)
        if space_id is None:
            async with self._ground.database.read() as reader:
                space_id = await store.space_of(reader, channel_id)
            if space_id is None:
                raise NotFound
            self._space_of[channel_id] = space_id
        return space_id

    async def _load_channel(self, channel_id: UUID) -> Located | None:
        try:
            return Located(channel_id, await self._space(channel_id))
        except NotFound:
            return None

    async def _load_message(self, message_id: UUID) -> Located | None:
        async with self._ground.database.read() as reader:
            rows = await store.messages(reader, [message_id])
        return Located(message_id, rows[0].space_id, rows[0].author_id, rows[0].channel_id) if rows else None

    async def _do_create_channel(
        self,
        tx: Transaction,
        space_id: UUID,
        name: Content,
        topic: Content,
        *,
        position: int,
        client_id: UUID | None,
    ) -> ChannelView:
        channel_id = self._ground.ids.new()
        await store.add_channel(
            tx,
            channel_id,
            space_id,
            name,
            topic,
            position=position,
            client_id=client_id,
            at=self._ground.clock.now(),
        )
        return (await self._views(tx, await store.channels(tx, [channel_id])))[0]

    async def _views(self, reader: Reader, rows: Sequence[store.ChannelRow]) -> list[ChannelView]:
        newest = await store.last_messages(reader, [row.id for row in rows])
        last = {m.channel_id: m for m in await self._message_views(reader, newest)}
        return [
            ChannelView(
                row.id,
                row.space_id,
                restored(row.name_format, row.name),
                restored(row.topic_format, row.topic),
                row.position,
                row.last_ordinal,
                last.get(row.id),
            )
            for row in rows
        ]

    async def _message_views(self, reader: Reader, rows: Sequence[store.MessageRow]) -> list[MessageView]:
        wanted: Iterable[UUID] = {f for row in rows for f in row.files}
        files = await self._files.views(reader, list(wanted)) if wanted else {}
        return [view_of(row, files) for row in rows]

    async def _hydrate_channels(self, reader: Reader, facts: Sequence[ChannelFact]) -> list[Event | None]:
        rows = await store.channels(reader, [f.channel_id for f in facts])
        views = {v.id: v for v in await self._views(reader, rows)}
        return [ChannelChanged(channel=views[f.channel_id]) if f.channel_id in views else None for f in facts]

    async def _hydrate_sent(self, reader: Reader, facts: Sequence[MessageFact]) -> list[Event | None]:
        views = await self._by_id(reader, facts)
        return [MessageSent(message=views[f.message_id]) if f.message_id in views else None for f in facts]

    async def _hydrate_changed(self, reader: Reader, facts: Sequence[MessageFact]) -> list[Event | None]:
        views = await self._by_id(reader, facts)
        return [MessageChanged(message=views[f.message_id]) if f.message_id in views else None for f in facts]

    async def _by_id(self, reader: Reader, facts: Sequence[MessageFact]) -> dict[UUID, MessageView]:
        rows = await store.messages(reader, [f.message_id for f in facts])
        return {v.id: v for v in await self._message_views(reader, rows)}


def _channel_name(name: Content) -> Content:
    return checked(name, field="name", least=1, most=60, one_line=True)


def _alike(name: Content) -> str:
    """The same for names that are told apart by nothing but accents, capitals and what nobody sees."""
    return " ".join(fold(without_unseen(name.text)).split())


def _check_free(name: Content, others: Sequence[store.ChannelRow]) -> None:
    """Two channels of a space are not called the same but for accents and capitals: nobody could tell which is meant."""
    taken = {_alike(restored(c.name_format, c.name)) for c in others}
    if _alike(name) in taken:
        raise ChannelNameTaken(field="name")


def _topic(topic: Content) -> Content:
    return checked(topic, field="topic", most=200, one_line=True)


def _clamped(ordinal: int) -> int:
    return max(0, min(ordinal, _END))
