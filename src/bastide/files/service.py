"""Files: putting them into a space, listing, fetching and removing them."""

import base64
import binascii
import struct
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from bastide.core.access import Fetched, ThingKind
from bastide.core.audit import Line
from bastide.core.blobs import Stored
from bastide.core.content import Content
from bastide.core.database import Reader, Transaction
from bastide.core.errors import ClientIdTaken, Invalid, NotFound
from bastide.core.events import Event
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.limits import Allowances
from bastide.core.pictures import Pictures
from bastide.core.policy import Action, Actor, Place, Role
from bastide.files import store
from bastide.files.events import FileAdded, FileChanged, FileRemoved
from bastide.files.model import FilePage, FileView, Preview
from bastide.files.names import checked_name
from bastide.files.opened import open_spaces
from bastide.files.previews import EDGES, Look, Previews
from bastide.files.sniff import HEAD, sniff
from bastide.files.store import Total

PAGE_MOST = 100
REMOVED_KEPT = timedelta(days=7)
WAITING_KEPT = timedelta(hours=24)
_CURSOR = struct.Struct(">q16s")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FileFact(msgspec.Struct, frozen=True):
    """What the journal keeps of a file's events."""

    file_id: UUID


class Attached(msgspec.Struct, frozen=True):
    """A file that a message is to carry; `waiting`: its uploader alone knows of it yet."""

    view: FileView
    waiting: bool

    def fits(self, space_id: UUID, author_id: UUID) -> bool:
        """Whether a message of this author in this space may carry it."""
        return self.view.space_id == space_id and (not self.waiting or self.view.created_by == author_id)


class Bytes(msgspec.Struct, frozen=True):
    """Something to send: its bytes' hash, how many they are, and the file they belong to."""

    file: FileView
    hash: bytes
    size: int


class Files:
    """The use cases of files."""

    def __init__(self, ground: Ground, pictures: Pictures, *, upload_most: int) -> None:
        """`upload_most`: bytes that one file may have."""
        self._ground = ground
        self._upload_most = upload_most
        self._previews = Previews(ground, pictures)
        ground.registry.add(FileRemoved)
        ground.registry.add_hydrated(FileAdded, FileFact, lambda e: FileFact(e.file.id), self._hydrate_added)
        ground.registry.add_hydrated(
            FileChanged, FileFact, lambda e: FileFact(e.file.id), self._hydrate_changed
        )
        ground.blobs.refer("file", "blob")
        ground.blobs.refer("preview", "blob")
        ground.jobs.every("7 3 * * *", "files.purge", self._purge)
        ground.jobs.every("17 * * * *", "files.abandon", self._abandon)

    # Putting.

    async def upload(
        self,
        actor: Actor,
        space_id: UUID,
        name: Content,
        client_id: UUID,
        stream: AsyncIterable[bytes],
        declared_size: int | None = None,
        *,
        waiting: bool = False,
    ) -> FileView:
        """Put a file into a space; returns once it is on the disk. The same client id puts it there once.

        Args:
            actor: who.
            space_id: where.
            name: what it is called; see `checked_name`.
            client_id: made by the window, the same for every attempt at this file.
            stream: its bytes. None is read before the rule allowed it.
            declared_size: how many bytes are said to come, if anybody said so.
            waiting: for a message: until that is sent, the file is there for its uploader only.

        Raises:
            TooLarge, DiskFull: nothing is stored.
            Invalid: a name that is none, or fewer or more bytes than declared.
            ClientIdTaken: the client id named a file of another space, or one that was removed since.
        """
        self._ground.access.space(actor, Action.FILES_FILE_UPLOAD, space_id)
        name = checked_name(name)
        async with self._ground.database.read() as reader:
            before = await self._uploaded(reader, actor, space_id, client_id)
        if before is not None:
            return before
        self._ground.allowances.take(Allowances.UPLOAD, actor.person_id)
        head = bytearray()
        stored = await self._ground.blobs.put(
            _tee(stream, head), most=self._upload_most, declared=declared_size
        )
        if declared_size is not None and stored.size != declared_size:
            raise Invalid(field="size")
        look = await self._previews.look(stored, sniff(bytes(head)))
        return await self._add(actor, space_id, name, client_id, stored, look, waiting=waiting)

    async def _add(
        self,
        actor: Actor,
        space_id: UUID,
        name: Content,
        client_id: UUID,
        stored: Stored,
        look: Look,
        *,
        waiting: bool,
    ) -> FileView:
        view = FileView(
            id=self._ground.ids.new(),
            space_id=space_id,
            name=name,
            size=stored.size,
            media_type=look.media_type,
            preview=look.preview,
            width=look.width,
            height=look.height,
            created_by=actor.person_id,
            created_at=self._ground.clock.now(),
        )
        place = self._ground.memberships.place(space_id)
        if place is None:
            raise NotFound
        async with self._ground.database.transaction() as tx:
            locked = await self._hold(tx, actor, Action.FILES_FILE_UPLOAD, place)
            await self._ground.blobs.record(tx, stored)
            if not await store.add(tx, view, blob=stored.hash, client_id=client_id, waiting=waiting):
                before = await self._uploaded(tx, actor, space_id, client_id)
                if before is None:
                    raise ClientIdTaken
                return before
            if not waiting:
                added = Happening(space_id, FileAdded(file=view), actor.person_id)
                await self._ground.journal.append(tx, [added], locked=locked)
            if look.preview is Preview.PENDING:
                await self._previews.order(tx, view.id)
        return view

    async def _hold(
        self, tx: Transaction, actor: Actor, action: Action, place: Place, *, own: bool = False
    ) -> dict[UUID, int]:
        """Lock the space, and decide again: an upload takes time, and who was removed meanwhile does nothing there."""
        locked = await self._ground.journal.lock(tx, [place.space_id])
        role = await store.role(tx, place.space_id, actor.person_id)
        self._ground.access.check_at(actor, action, place, Role(role) if role else None, own=own)
        return locked

    async def _uploaded(
        self, reader: Reader, actor: Actor, space_id: UUID, client_id: UUID
    ) -> FileView | None:
        before = await store.uploaded(reader, actor.person_id, client_id)
        if before is None:
            return None
        if before.space_id != space_id or before.removed:
            raise ClientIdTaken
        return (await self.views(reader, [before.id])).get(before.id)

    # In messages.

    async def attached(self, tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, Attached]:
        """Files by id for a message that is about to be sent; ask each whether it `fits`. None goes away before `tx` ends.

        Those of spaces whose files nobody may read are left out.
        """
        if not ids:
            return {}
        rows = await store.attached(tx, ids)
        open_ = await open_spaces(tx, (row.space_id for row in rows))
        return {row.id: Attached(row.view(), row.waiting) for row in rows if row.space_id in open_}

    async def release(self, tx: Transaction, files: Iterable[Attached]) -> list[Happening]:
        """Put those that waited for their message into their space; what happened is told before the message is."""
        waited = {file.view.id: file.view for file in files if file.waiting}
        if waited:
            await store.release(tx, list(waited))
        return [Happening(view.space_id, FileAdded(file=view), view.created_by) for view in waited.values()]

    # Reading.

    async def views(self, reader: Reader, ids: Sequence[UUID]) -> dict[UUID, FileView]:
        """Files by id, for a trade that decided already who may know of them; removed ones are left out.

        Where the policy keeps a space's files from those who may be there (its files tool is off), nothing is told of a
        file but that it is there: the same view goes to all of them.
        """
        if not ids:
            return {}
        rows = await store.files(reader, ids)
        open_ = await open_spaces(reader, (row.space_id for row in rows))
        return {row.id: row.view() if row.space_id in open_ else row.view().blank() for row in rows}

    async def page(
        self, actor: Actor, space_id: UUID, *, after: str | None = None, most: int = 50
    ) -> FilePage:
        """A space's files, newest first; `after` is the `next` of the page before.

        Raises:
            Invalid: an `after` that no page gave.
        """
        self._ground.access.space(actor, Action.FILES_FILE_READ, space_id)
        most = max(1, min(most, PAGE_MOST))
        since = _cursor_read(after) if after else None
        async with self._ground.database.read() as reader:
            rows = await store.page(reader, space_id, after=since, most=most + 1)
        more = len(rows) > most
        rows = rows[:most]
        return FilePage([row.view() for row in rows], _cursor(rows[-1]) if more else None)

    # For a trade that decided already: an export.

    async def total_in(self, reader: Reader, space_id: UUID) -> Total:
        """How many files a space has, and how many bytes they are together."""
        return await store.total(reader, space_id)

    async def held(self, reader: Reader, ids: Sequence[UUID]) -> dict[UUID, FileView]:
        """Files by id, told whole also where the files tool is off."""
        return {row.id: row.view() for row in await store.files(reader, ids)} if ids else {}

    async def files_in(
        self, reader: Reader, space_id: UUID, *, after: tuple[datetime, UUID] | None, most: int
    ) -> list[Bytes]:
        """A space's files, newest first, those older than `after` (its date and id)."""
        rows = await store.page(reader, space_id, after=after, most=most)
        return [Bytes(row.view(), bytes(row.blob), row.size) for row in rows]

    async def get(self, actor: Actor, file_id: UUID) -> FileView:
        """One file."""
        found = await self._fetch(actor, Action.FILES_FILE_READ, file_id)
        return found.thing.view()

    async def content(self, actor: Actor, file_id: UUID) -> Bytes:
        """What a file holds, for a download."""
        found = await self._fetch(actor, Action.FILES_FILE_READ, file_id)
        return Bytes(found.thing.view(), bytes(found.thing.blob), found.thing.size)

    async def preview(self, actor: Actor, file_id: UUID, edge: int) -> Bytes:
        """Our copy of a picture, a WebP that fits into a square of `edge` pixels (one of `EDGES`)."""
        found = await self._fetch(actor, Action.FILES_FILE_READ, file_id)
        if edge not in EDGES:
            raise NotFound
        copy = await self._previews.find(found.thing, edge)
        return Bytes(found.thing.view(), copy.hash, copy.size)

    async def open(self, what: Bytes, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes that `content` or `preview` allowed, from `start` up to but not including `end`."""
        return await self._ground.blobs.open(what.hash, start, end)

    # Removing.

    async def remove(self, actor: Actor, file_id: UUID) -> None:
        """Remove a file; a manager may remove others', which is audited.

        Its bytes go with a later sweep, when nothing else holds the same.
        """
        found = await self._fetch(actor, Action.FILES_FILE_REMOVE, file_id)
        space_id, author_id = found.place.space_id, found.thing.author_id
        own = author_id == actor.person_id
        async with self._ground.database.transaction() as tx:
            locked = await self._hold(tx, actor, Action.FILES_FILE_REMOVE, found.place, own=own)
            now = await store.files(tx, [file_id])
            if not now or not await store.remove(tx, file_id, self._ground.clock.now()):
                return
            if now[0].waiting:
                return  # nobody had heard of it
            gone = Happening(space_id, FileRemoved(file_id=file_id), actor.person_id)
            await self._ground.journal.append(tx, [gone], locked=locked)
            if not own:
                detail = {"file": str(file_id), "author": str(author_id)}
                line = Line(Action.FILES_FILE_REMOVE.value, True, actor.person_id, space_id, detail=detail)
                await self._ground.audit.record(tx, line)

    async def _purge(self) -> None:
        async with self._ground.database.transaction() as tx:
            await store.purge(tx, self._ground.clock.now() - REMOVED_KEPT)

    async def _abandon(self) -> None:
        """Forget what was uploaded for messages that nobody sent; the bytes go with the next sweep."""
        async with self._ground.database.transaction() as tx:
            await store.abandon(tx, self._ground.clock.now() - WAITING_KEPT)

    async def _fetch(self, actor: Actor, action: Action, file_id: UUID) -> Fetched[store.FileRow]:
        """A file that the actor may do this to. One that waits for its message is not there for others, whatever their role."""

        async def load(wanted: UUID) -> store.FileRow | None:
            async with self._ground.database.read() as reader:
                found = await store.files(reader, [wanted])
            return found[0] if found and _is_there(found[0], actor) else None

        return await self._ground.access.fetch(actor, action, ThingKind("file", load), file_id)

    async def _hydrate_added(self, reader: Reader, facts: Sequence[FileFact]) -> list[Event | None]:
        views = await self._told(reader, facts)
        return [FileAdded(file=views[f.file_id]) if f.file_id in views else None for f in facts]

    async def _hydrate_changed(self, reader: Reader, facts: Sequence[FileFact]) -> list[Event | None]:
        views = await self._told(reader, facts)
        return [FileChanged(file=views[f.file_id]) if f.file_id in views else None for f in facts]

    async def _told(self, reader: Reader, facts: Sequence[FileFact]) -> dict[UUID, FileView]:
        """The files of events; windows ask for those of a space anew when its files open to them."""
        rows = await store.files(reader, [f.file_id for f in facts])
        open_ = await open_spaces(reader, (row.space_id for row in rows))
        return {row.id: row.view() for row in rows if row.space_id in open_}


def _is_there(row: store.FileRow, actor: Actor) -> bool:
    return not row.waiting or row.created_by == actor.person_id


async def _tee(stream: AsyncIterable[bytes], head: bytearray) -> AsyncIterator[bytes]:
    """The stream, its first `HEAD` bytes noted."""
    async for chunk in stream:
        if len(head) < HEAD:
            head += chunk[: HEAD - len(head)]
        yield chunk


def _cursor(row: store.FileRow) -> str:
    micros = (row.created_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(_CURSOR.pack(micros, row.id.bytes)).decode().rstrip("=")


def _cursor_read(text: str) -> tuple[datetime, UUID]:
    try:
        micros, file_id = _CURSOR.unpack(
            base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        )
        return _EPOCH + timedelta(microseconds=micros), UUID(bytes=file_id)
    except (binascii.Error, struct.error, OverflowError, ValueError) as error:
        raise Invalid(field="after") from error
