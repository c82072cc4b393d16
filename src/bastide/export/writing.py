"""Writes a space into a ZIP, piece by piece: nothing larger than a page of rows or a chunk of a file is ever held."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from bastide.chat.model import ChannelView, MessageView
from bastide.chat.service import Chat
from bastide.core.blobs import BlobMissing
from bastide.core.clock import Clock
from bastide.core.database import Database
from bastide.core.policy import Actor, Role
from bastide.export.archive import Archive
from bastide.export.names import safe
from bastide.export.pages import Pages, path_of
from bastide.export.wording import EN, FR, LISEZMOI, README, Language
from bastide.files.service import Bytes, Files
from bastide.people.model import PersonCard
from bastide.people.service import People
from bastide.spaces.model import MemberPlace, MemberView, SpaceView
from bastide.spaces.service import Spaces

_PAGE = 200
_FLUSH = 64 << 10
# A message of 20,000 characters, each escaped at its longest, and what stands around it.
_MESSAGE_MOST = 150_000
_LIST_MOST = 1 << 40
_MISSING_NAMED = 1_000


class Trades(msgspec.Struct, frozen=True):
    """Whom an export asks."""

    database: Database
    clock: Clock
    people: People
    spaces: Spaces
    chat: Chat
    files: Files


class About(msgspec.Struct, frozen=True):
    """`espace.json`: what was exported, when and by whom."""

    space: SpaceView
    organisation: str
    exported_at: datetime
    exported_by: UUID


class Progress:
    """How much of the whole is written: messages are counted twice, once a form, files by their bytes."""

    _MESSAGE_WEIGHT = 300

    def __init__(self, messages: int, size: int) -> None:
        self._whole = max(1, 2 * messages * self._MESSAGE_WEIGHT + size)
        self._done = 0

    def messages(self, count: int) -> None:
        self._done += count * self._MESSAGE_WEIGHT

    def bytes(self, count: int) -> None:
        self._done += count

    @property
    def share(self) -> float:
        return min(1.0, self._done / self._whole)


class Writing:
    """One export. `pieces` gives the ZIP; `check` is asked before each page and each chunk, and raises to stop."""

    def __init__(
        self,
        trades: Trades,
        actor: Actor,
        space: SpaceView,
        language: Language,
        zone: ZoneInfo,
        check: Callable[[], None],
    ) -> None:
        self._trades = trades
        self._actor = actor
        self._space = space
        self._zone = zone
        self._check = check
        self._at = trades.clock.now()
        self._pages = Pages(space, FR if language == "fr" else EN, zone, self._at)
        self._words = FR if language == "fr" else EN
        self._archive = Archive()
        self._root = root_of(space, self._at, zone)
        self._people: dict[UUID, PersonCard] = {}
        self._missing: list[str] = []
        self.progress = Progress(0, 0)

    @property
    def sent(self) -> int:
        """Bytes that went out."""
        return self._archive.written

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The ZIP from its first to its last byte.

        Raises:
            Problem: whoever fetches it may no longer; what was sent is no whole ZIP.
        """
        async with self._trades.database.read() as reader:
            channels = await self._trades.chat.channels_in(reader, self._space.id)
            total = await self._trades.files.total_in(reader, self._space.id)
        self.progress = Progress(sum(c.last_ordinal for c in channels), total.size)
        for part in (
            self._about(),
            self._members(),
            self._talk(channels),
            self._lines(channels),
            self._stored(),
        ):
            async for _ in part:
                self._check()
                if self._archive.ready >= _FLUSH:
                    yield self._archive.take()
        if self._missing:
            self._whole("manquants.txt", "\n".join(self._missing).encode())
        self._archive.close()
        yield self._archive.take()

    # Parts: each gives a sign wherever it may be stopped and what is ready may go out.

    async def _about(self) -> AsyncGenerator[None]:
        organisations = {o.id: o.name for o in await self._trades.people.organisations()}
        cards = await self._cards([self._actor.person_id])
        by = self._pages.name(cards.get(self._actor.person_id))
        for name, text, words in (("LISEZMOI.txt", LISEZMOI, FR), ("README.txt", README, EN)):
            said = text.format(
                name=self._space.name.text,
                label=words.labels[self._space.label],
                at=Pages(self._space, words, self._zone, self._at).moment(self._at),
                by=by,
            )
            self._whole(name, said.encode())
        organisation = organisations.get(self._space.organisation_id, "")
        about = About(self._space, organisation, self._at, self._actor.person_id)
        self._whole("espace.json", msgspec.json.format(msgspec.json.encode(about), indent=2))
        yield

    async def _members(self) -> AsyncGenerator[None]:
        organisations = {o.id: o.name for o in await self._trades.people.organisations()}

        def of(card: PersonCard | None) -> str:
            return organisations.get(card.organisation_id, "") if card else ""

        self._begin("membres.html", _LIST_MOST)
        self._archive.write(self._pages.head(self._words.members) + self._pages.members_begin())
        async for page, cards in self._member_pages():
            for member in page:
                card = cards.get(member.person_id)
                self._archive.write(self._pages.member(member, card, of(card)))
            yield
        self._archive.write(self._pages.table_end() + self._pages.foot())
        self._archive.end()
        self._begin("membres.jsonl", _LIST_MOST)
        async for page, cards in self._member_pages():
            for member in page:
                card = cards.get(member.person_id)
                self._archive.write(self._pages.member_line(member, card, of(card)))
            yield
        self._archive.end()

    async def _member_pages(self) -> AsyncGenerator[tuple[list[MemberView], Mapping[UUID, PersonCard]]]:
        after: MemberPlace | None = None
        while page := await self._trades.spaces.members(self._actor, self._space.id, after=after, most=_PAGE):
            yield page, await self._cards(m.person_id for m in page)
            last = page[-1]
            after = MemberPlace(last.role is Role.MANAGER, last.joined_at, last.person_id)

    async def _talk(self, channels: list[ChannelView]) -> AsyncGenerator[None]:
        """A page to read for each channel."""
        for number, channel in enumerate(channels, 1):
            name = channel.name.text or self._space.name.text
            self._begin(
                f"discussion/{number:02d} {safe(name, 60)}.html", channel.last_ordinal * _MESSAGE_MOST
            )
            self._archive.write(self._pages.head(name, channel.topic.text))
            if not channel.last_ordinal:
                self._archive.write(self._pages.nothing())
            async for page, cards in self._messages(channel):
                for message in page:
                    self._archive.write(self._pages.message(message, cards))
                yield
            self._archive.write(self._pages.foot())
            self._archive.end()
            yield

    async def _lines(self, channels: list[ChannelView]) -> AsyncGenerator[None]:
        """All messages, one a line."""
        self._begin("messages.jsonl", sum(c.last_ordinal for c in channels) * _MESSAGE_MOST)
        for channel in channels:
            async for page, cards in self._messages(channel):
                for message in page:
                    self._archive.write(self._pages.message_line(channel, message, cards))
                yield
        self._archive.end()

    async def _messages(
        self, channel: ChannelView
    ) -> AsyncGenerator[tuple[list[MessageView], Mapping[UUID, PersonCard]]]:
        """Up to what was the last message when the export began."""
        after = 0
        while after < channel.last_ordinal:
            most = min(_PAGE, channel.last_ordinal - after)
            async with self._trades.database.read() as reader:
                page = await self._trades.chat.messages_in(reader, channel.id, after=after, most=most)
            if not page:
                return
            yield page, await self._cards(m.author_id for m in page)
            after = page[-1].ordinal
            self.progress.messages(len(page))

    async def _stored(self) -> AsyncGenerator[None]:
        self._begin("fichiers.html", _LIST_MOST)
        self._archive.write(self._pages.head(self._words.files) + self._pages.files_begin())
        async for page, cards in self._file_pages():
            for found in page:
                self._archive.write(self._pages.file(found.file, cards))
            yield
        self._archive.write(self._pages.table_end() + self._pages.foot())
        self._archive.end()
        self._begin("fichiers.jsonl", _LIST_MOST)
        async for page, cards in self._file_pages():
            for found in page:
                self._archive.write(self._pages.file_line(found.file, found.hash, cards))
            yield
        self._archive.end()
        async for page, _ in self._file_pages():
            for found in page:
                async for _ in self._file(found):
                    yield

    async def _file(self, found: Bytes) -> AsyncGenerator[None]:
        self._check()
        try:
            chunks = await self._trades.files.open(found)
        except BlobMissing:
            if len(self._missing) < _MISSING_NAMED:
                self._missing.append(path_of(found.file))
            return
        at = found.file.created_at.astimezone(self._zone)
        self._archive.begin(f"{self._root}/{path_of(found.file)}", at, most=found.size, packed=False)
        async for chunk in chunks:
            self._archive.write(bytes(chunk))
            self.progress.bytes(len(chunk))
            yield
        self._archive.end()
        yield

    async def _file_pages(self) -> AsyncGenerator[tuple[list[Bytes], Mapping[UUID, PersonCard]]]:
        after: tuple[datetime, UUID] | None = None
        while True:
            async with self._trades.database.read() as reader:
                page = await self._trades.files.files_in(reader, self._space.id, after=after, most=_PAGE)
            if not page:
                return
            yield page, await self._cards(found.file.created_by for found in page)
            after = (page[-1].file.created_at, page[-1].file.id)

    # Odds and ends.

    async def _cards(self, ids: Iterable[UUID]) -> Mapping[UUID, PersonCard]:
        """Cards of a page's people. The last ones are remembered: few people write most."""
        wanted = set(ids)
        unknown = wanted - self._people.keys()
        if unknown:
            if len(self._people) > 10 * _PAGE:
                self._people.clear()
                unknown = wanted
            async with self._trades.database.read() as reader:
                found = await self._trades.people.cards_of(reader, unknown)
            self._people.update({card.id: card for card in found})
        return self._people

    def _begin(self, name: str, most: int) -> None:
        self._archive.begin(f"{self._root}/{name}", self._at.astimezone(self._zone), most=most)

    def _whole(self, name: str, data: bytes) -> None:
        self._begin(name, len(data))
        self._archive.write(data)
        self._archive.end()


def root_of(space: SpaceView, at: datetime, zone: ZoneInfo) -> str:
    """The one folder that an export unpacks into: the space's name and the day."""
    return f"{safe(space.name.text, 60)} {at.astimezone(zone):%Y-%m-%d}"
