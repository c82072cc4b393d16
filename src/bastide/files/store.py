"""The SQL of files."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.blobs import Stored
from bastide.core.content import restored, stored
from bastide.core.database import Reader, Transaction
from bastide.core.policy import Label, Place, SpaceKind, Tool
from bastide.files.model import FileView, Preview


class FileRow(msgspec.Struct, frozen=True):
    """A file that was not removed, as a thing that the policy decides about."""

    id: UUID
    space_id: UUID
    name_format: int
    name: bytes
    blob: bytes
    size: int
    media_type: str
    preview: str
    width: int | None
    height: int | None
    created_by: UUID
    created_at: datetime
    waiting: bool
    """For a message that is not sent yet: for all but its uploader it is not there."""

    @property
    def author_id(self) -> UUID:
        """Who put it there."""
        return self.created_by

    def view(self) -> FileView:
        """The file as others see it."""
        return FileView(
            id=self.id,
            space_id=self.space_id,
            name=restored(self.name_format, bytes(self.name)),
            size=self.size,
            media_type=self.media_type,
            preview=Preview(self.preview),
            width=self.width,
            height=self.height,
            created_by=self.created_by,
            created_at=self.created_at,
        )


class UploadedRow(msgspec.Struct, frozen=True):
    """What an earlier upload with a client id made."""

    id: UUID
    space_id: UUID
    removed: bool


class PreviewRow(msgspec.Struct, frozen=True):
    """A copy of a picture; sizes in pixels."""

    edge: int
    blob: bytes
    width: int
    height: int


class Total(msgspec.Struct, frozen=True):
    """How many files, and how many bytes together."""

    files: int
    size: int


_FILE = """
    id, space_id, name_format, name, blob, size, media_type, preview, width, height, created_by, created_at,
    waiting_since is not null as waiting
"""


class _PlaceRow(msgspec.Struct, frozen=True):
    id: UUID
    organisation_id: UUID
    kind: str
    label: str
    tools: list[str]


async def places(reader: Reader, ids: Iterable[UUID]) -> list[Place]:
    """What the policy must know of spaces, as the reader sees them: memory may be a moment behind or ahead."""
    rows = await reader.all(
        _PlaceRow,
        "select id, organisation_id, kind, label, tools from space where id = any(%(ids)s)",
        ids=list(ids),
    )
    return [
        Place(
            row.id,
            row.organisation_id,
            SpaceKind(row.kind),
            Label(row.label),
            frozenset(Tool(t) for t in row.tools),
        )
        for row in rows
    ]


async def files(reader: Reader, ids: Sequence[UUID]) -> list[FileRow]:
    """Files by id, in no order; removed ones are left out."""
    return await reader.all(
        FileRow,
        f"select {_FILE} from file where id = any(%(ids)s) and removed_at is null",
        ids=list(ids),
    )


async def attached(tx: Transaction, ids: Sequence[UUID]) -> list[FileRow]:
    """`files` for a message that is about to be sent: none of them goes away before `tx` ends."""
    return await tx.all(
        FileRow,
        f"select {_FILE} from file where id = any(%(ids)s) and removed_at is null order by id for update",
        ids=list(ids),
    )


async def release(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Put files that waited for their message into their space."""
    await tx.run("update file set waiting_since = null where id = any(%(ids)s)", ids=list(ids))


async def abandon(tx: Transaction, before: datetime) -> int:
    """Forget the files that have waited for a message since before a moment; gives how many."""
    return await tx.run("delete from file where waiting_since < %(before)s", before=before)


async def page(
    reader: Reader, space_id: UUID, *, after: tuple[datetime, UUID] | None, most: int
) -> list[FileRow]:
    """A space's files, newest first, those older than `after`."""
    at, file_id = after or (None, None)
    return await reader.all(
        FileRow,
        f"""
        select {_FILE} from file
        where space_id = %(space)s and removed_at is null and waiting_since is null
          and (%(at)s::timestamptz is null or (created_at, id) < (%(at)s::timestamptz, %(id)s::uuid))
        order by created_at desc, id desc limit %(most)s
        """,
        space=space_id,
        at=at,
        id=file_id,
        most=most,
    )


async def total(reader: Reader, space_id: UUID) -> Total:
    """A space's files together."""
    found = await reader.all(
        Total,
        """
        select count(*) as files, coalesce(sum(size), 0)::bigint as size from file
        where space_id = %(space)s and removed_at is null and waiting_since is null
        """,
        space=space_id,
    )
    return found[0]


async def uploaded(reader: Reader, person_id: UUID, client_id: UUID) -> UploadedRow | None:
    """What a person's upload with this client id made, if there was one."""
    return await reader.one(
        UploadedRow,
        """
        select id, space_id, removed_at is not null as removed from file
        where created_by = %(person)s and client_id = %(client)s
        """,
        person=person_id,
        client=client_id,
    )


async def add(tx: Transaction, view: FileView, *, blob: bytes, client_id: UUID, waiting: bool) -> bool:
    """Put a file's row there, `waiting` for its message or not; False when this client id made one before."""
    name_format, name = stored(view.name)
    count = await tx.run(
        """
        insert into file (id, space_id, name_format, name, blob, size, media_type, preview, width, height, created_by,
                          created_at, client_id, waiting_since)
        values (%(id)s, %(space)s, %(name_format)s, %(name)s, %(blob)s, %(size)s, %(media_type)s, %(preview)s,
                %(width)s, %(height)s, %(by)s, %(at)s, %(client)s, %(waiting_since)s)
        on conflict (created_by, client_id) do nothing
        """,
        id=view.id,
        space=view.space_id,
        name_format=name_format,
        name=name,
        blob=blob,
        size=view.size,
        media_type=view.media_type,
        preview=view.preview.value,
        width=view.width,
        height=view.height,
        by=view.created_by,
        at=view.created_at,
        client=client_id,
        waiting_since=view.created_at if waiting else None,
    )
    return count == 1


async def remove(tx: Transaction, file_id: UUID, at: datetime) -> bool:
    """Mark a file as removed; False when it was already."""
    count = await tx.run(
        "update file set removed_at = %(at)s where id = %(id)s and removed_at is null", id=file_id, at=at
    )
    return count == 1


async def purge(tx: Transaction, before: datetime) -> int:
    """Forget the files that were removed before a moment, and their previews; gives how many."""
    return await tx.run("delete from file where removed_at < %(before)s", before=before)


async def settle_preview(tx: Transaction, file_id: UUID, preview: Preview) -> bool:
    """Say how a pending preview ended; False when the file waits for none (any more)."""
    count = await tx.run(
        """
        update file set preview = %(preview)s
        where id = %(id)s and preview = 'pending' and removed_at is null
        """,
        id=file_id,
        preview=preview.value,
    )
    return count == 1


async def add_preview(tx: Transaction, file_id: UUID, preview: PreviewRow) -> None:
    """Put a copy there."""
    await tx.run(
        """
        insert into preview (file_id, edge, blob, width, height)
        values (%(file)s, %(edge)s, %(blob)s, %(width)s, %(height)s)
        """,
        file=file_id,
        edge=preview.edge,
        blob=preview.blob,
        width=preview.width,
        height=preview.height,
    )


async def preview(reader: Reader, file_id: UUID, edge: int) -> Stored | None:
    """A file's copy for an edge."""
    return await reader.one(
        Stored,
        """
        select b.hash, b.size from preview p join blob b on b.hash = p.blob
        where p.file_id = %(file)s and p.edge = %(edge)s
        """,
        file=file_id,
        edge=edge,
    )


async def role(reader: Reader, space_id: UUID, person_id: UUID) -> str | None:
    """What a person is in a space at this moment."""
    return await reader.value(
        "select role from member where space_id = %(space)s and person_id = %(person)s",
        space=space_id,
        person=person_id,
    )
