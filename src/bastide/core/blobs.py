"""Blobs: bytes by the SHA-256 of what they are. Streamed in and out, never whole in memory.

What is acknowledged is on the disk: with the local store the file and its folders are synced first (obstore's
local store does not sync). What nobody refers to any more is swept by a job.

A blob has a row before it has bytes at its address, so whatever a crash leaves behind is found by its row. `put`
renews the row's date before it looks whether the bytes are there already, and `sweep` holds the row's lock while
it takes them away: an upload therefore either keeps the sweep off, or finds nothing and puts its own bytes there.
"""

import asyncio
import errno
import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore
from psycopg import sql
from psycopg.errors import ForeignKeyViolation

from bastide.core.clock import Clock
from bastide.core.database import Database, Transaction
from bastide.core.errors import Problem, TooLarge, Unavailable
from bastide.core.ids import Ids
from bastide.core.jobs import Jobs

if TYPE_CHECKING:
    from obstore import ObjectMeta

log = structlog.get_logger()

CHUNK = 256 << 10
GRACE = timedelta(hours=24)
_INCOMING = "incoming"
_PART = 1 << 20
_SWEPT_AT_ONCE = 500
# What is left for the database when uploads have filled the rest of the disk.
_RESERVE = 512 << 20
_LOOK_EVERY = 64 << 20
# Whoever copies blobs while people write (a backup) holds this advisory lock, and nothing is swept meanwhile.
SWEEP_LOCK = 0x0BA5_B10B
_FULL = re.compile(rf"os error ({errno.ENOSPC}|{errno.EDQUOT})\b")


class Stored(msgspec.Struct, frozen=True):
    """What was put away: its hash and how many bytes."""

    hash: bytes
    size: int


class Swept(msgspec.Struct, frozen=True):
    """What a sweep took away: how many blobs and how many bytes."""

    blobs: int
    size: int


class DiskFull(Problem):
    status = 507
    code = "disk-full"
    fr = "Le serveur n’a plus de place. Rien n’a été déposé ; prévenez l’administrateur."
    en = "The server is out of room. Nothing was stored; tell the administrator."


class BlobMissing(Exception):
    """There are no bytes where a row says that there are: a defect, or a disk that lost them."""


class Reference(msgspec.Struct, frozen=True):
    """A column that refers to blobs, with a foreign key and an index."""

    table: str
    column: str


def address(digest: bytes) -> str:
    """Where a blob lies under the store's root."""
    name = digest.hex()
    return f"{name[:2]}/{name[2:4]}/{name}"


class Blobs:
    """Puts bytes away and gives them back. One process writes to a store."""

    def __init__(
        self,
        store: ObjectStore,
        database: Database,
        clock: Clock,
        ids: Ids,
        *,
        folder: Path | None = None,
        reserve: int = _RESERVE,
    ) -> None:
        """`folder` is where a local store lies, None for a store that syncs by itself; `reserve` in bytes."""
        self._store = store
        self._database = database
        self._clock = clock
        self._ids = ids
        self._folder = folder
        self._reserve = reserve
        self._references: list[Reference] = []

    @classmethod
    def local(
        cls, folder: Path, database: Database, clock: Clock, ids: Ids, *, reserve: int = _RESERVE
    ) -> "Blobs":
        """Blobs in a folder, which is made when it is not there, for the owner's eyes only."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(LocalStore(folder), database, clock, ids, folder=folder, reserve=reserve)

    def refer(self, table: str, column: str) -> None:
        """Say that a column refers to blobs: what it names is not swept. It has a foreign key and an index."""
        self._references.append(Reference(table, column))

    def schedule(self, jobs: Jobs) -> None:
        """Have unreferenced blobs swept every night."""

        async def sweep() -> None:
            await self.sweep()

        jobs.every("17 3 * * *", "blobs.sweep", sweep)

    async def put(self, stream: AsyncIterable[bytes], *, most: int, declared: int | None = None) -> Stored:
        """Put a stream's bytes away, on the disk for good when this returns. Whoever needs them then calls `record`.

        Args:
            stream: the bytes, in chunks of any size.
            most: bytes allowed.
            declared: how many bytes are said to come, if anybody said so; only to refuse early.

        Raises:
            TooLarge: more than `most`; nothing is kept.
            DiskFull: no room; nothing is kept.
            Unavailable: the database does not answer; nothing is kept.
        """
        if declared is not None and declared > most:
            raise TooLarge
        await self._look_for_room(declared or 0)
        name = f"{_INCOMING}/{self._ids.new().hex}"
        try:
            stored = await self._receive(stream, name, most)
            await self._keep(name, stored)
        except BaseException as error:
            await asyncio.shield(self._discard(name))
            if full(error):
                raise DiskFull from error
            raise
        return stored

    async def put_bytes(self, data: bytes) -> Stored:
        """`put` for a few bytes at hand."""
        return await self.put(_once(data), most=len(data))

    async def record(self, tx: Transaction, stored: Stored) -> None:
        """Make sure, in the caller's transaction, that a blob stays until the reference to it is committed.

        Raises:
            Unavailable: it was swept since it was put away (that takes a day, or a clock that jumps); put it again.
        """
        if not await tx.rows("select 1 from blob where hash = %(hash)s for key share", hash=stored.hash):
            raise Unavailable(reason="swept")

    async def open(self, digest: bytes, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """A blob's bytes, in chunks of about `CHUNK`, from `start` up to but not including `end`.

        Raises:
            BlobMissing: there are no bytes at its address.
        """
        try:
            meta = await obstore.head_async(self._store, address(digest))
            end = meta["size"] if end is None else min(end, meta["size"])
            if start >= end:
                return _nothing()
            result = await obstore.get_async(self._store, address(digest), options={"range": (start, end)})
        except FileNotFoundError as error:
            raise BlobMissing(digest.hex()) from error
        return aiter(result.stream(min_chunk_size=CHUNK))

    async def tidy(self) -> int:
        """Drop what uploads left behind that a crash cut short; gives how many. Called at start, before any upload."""
        if self._folder is not None:
            return await asyncio.to_thread(_empty, self._folder / _INCOMING)
        count = 0
        store = cast("Any", self._store)  # its listing is typed with what is not installed (arrow)
        pages: AsyncIterable[Sequence[ObjectMeta]] = store.list_async(_INCOMING)
        async for page in pages:
            await obstore.delete_async(self._store, [meta["path"] for meta in page])
            count += len(page)
        return count

    async def sweep(self, grace: timedelta = GRACE) -> Swept:
        """Delete the blobs that nobody refers to and that were last put longer than `grace` ago."""
        before = self._clock.now() - grace
        after, count, size = b"", 0, 0
        while page := await self._candidates(before, after):
            for stored in page:
                if await self._sweep_one(stored, before):
                    count += 1
                    size += stored.size
            after = page[-1].hash
        if count:
            log.info("blobs.swept", blobs=count, size=size)
        return Swept(count, size)

    async def _candidates(self, before: datetime, after: bytes) -> list[Stored]:
        query = sql.SQL(
            "select hash, size from blob b where created_at < {} and hash > {} and {} order by hash limit {}"
        ).format(before, after, self._unreferenced(), _SWEPT_AT_ONCE)
        async with self._database.read() as reader:
            cursor = await reader.connection.execute(query)
            return [Stored(bytes(row[0]), row[1]) for row in await cursor.fetchall()]

    async def _sweep_one(self, stored: Stored, before: datetime) -> bool:
        """Take one away under its row's lock, bytes and row. One that is put or referred to meanwhile stays.

        Should the commit fail, a row without bytes is left: the next put or the next sweep mends that.
        """
        delete = sql.SQL("delete from blob b where hash = {} and {}").format(
            stored.hash, self._unreferenced()
        )
        try:
            async with self._database.transaction() as tx:
                if not await tx.value("select pg_try_advisory_xact_lock_shared(%(key)s)", key=SWEEP_LOCK):
                    return False  # tomorrow night
                held = await tx.rows(
                    "select 1 from blob where hash = %(hash)s and created_at < %(before)s for update skip locked",
                    hash=stored.hash,
                    before=before,
                )
                if not held or (await tx.connection.execute(delete)).rowcount == 0:
                    return False
                await self._forget(address(stored.hash))
        except ForeignKeyViolation:
            log.exception("blobs.reference_not_registered", hash=stored.hash.hex())
            return False
        return True

    def _unreferenced(self) -> sql.Composed:
        if not self._references:
            raise RuntimeError("nobody said what refers to blobs")
        return sql.SQL(" and ").join(
            sql.SQL("not exists (select 1 from {} r where r.{} = b.hash)").format(
                sql.Identifier(reference.table), sql.Identifier(reference.column)
            )
            for reference in self._references
        )

    async def _receive(self, stream: AsyncIterable[bytes], name: str, most: int) -> Stored:
        """Write a stream to a temporary object while hashing it."""
        digest, size, looked = hashlib.sha256(), 0, 0
        # Dropping an unclosed writer makes obstore drop what was written.
        writer = obstore.open_writer_async(self._store, name, buffer_size=_PART, max_concurrency=2)
        try:
            async for chunk in stream:
                size += len(chunk)
                if size > most:
                    raise TooLarge
                if size - looked > _LOOK_EVERY:
                    looked = size
                    await self._look_for_room(0)
                if len(chunk) > CHUNK:
                    await asyncio.to_thread(digest.update, chunk)
                else:
                    digest.update(chunk)
                await writer.write(chunk)
            await writer.close()
        finally:
            del writer  # now, not when the traceback is forgotten
        return Stored(digest.digest(), size)

    async def _keep(self, name: str, stored: Stored) -> None:
        """Move a temporary object to its address, or drop it when the same bytes are there already."""
        if self._folder is not None:
            await asyncio.to_thread(_sync, self._folder / name)
        async with self._database.transaction() as tx:
            await tx.run(
                """
                insert into blob (hash, size, created_at) values (%(hash)s, %(size)s, %(now)s)
                on conflict (hash) do update set created_at = greatest(blob.created_at, excluded.created_at)
                """,
                hash=stored.hash,
                size=stored.size,
                now=self._clock.now(),
            )
        place = address(stored.hash)
        if await self._size_at(place) == stored.size:
            await self._forget(name)
        else:
            await obstore.rename_async(self._store, name, place)
        if self._folder is not None:
            await asyncio.to_thread(_sync_folders, self._folder, place)

    async def _size_at(self, place: str) -> int | None:
        try:
            return (await obstore.head_async(self._store, place))["size"]
        except FileNotFoundError:
            return None

    async def _forget(self, name: str) -> None:
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._store, name)

    async def _discard(self, name: str) -> None:
        """Drop a temporary object, and the parts that a local store writes beside it."""
        try:
            await self._forget(name)
            if self._folder is not None:
                await asyncio.to_thread(_drop_parts, self._folder / name)
        except (BaseError, OSError):
            log.exception("blobs.discard_failed", name=name)  # `tidy` gets it

    async def _look_for_room(self, size: int) -> None:
        if self._folder is None:
            return
        usage = await asyncio.to_thread(shutil.disk_usage, self._folder)
        if usage.free - self._reserve < size:
            raise DiskFull


def full(error: BaseException) -> bool:
    """Whether an error of the store says that there is no room left."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    return isinstance(error, (BaseError, OSError)) and _FULL.search(str(error)) is not None


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _nothing() -> AsyncIterator[bytes]:
    for nothing in ():
        yield nothing


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folders(root: Path, place: str) -> None:
    """Make the names on the way to a blob last, innermost first."""
    folder = (root / place).parent
    while folder != root:
        _sync(folder)
        folder = folder.parent
    _sync(root)


def _drop_parts(path: Path) -> None:
    for part in path.parent.glob(f"{path.name}#*"):
        part.unlink(missing_ok=True)


def _empty(folder: Path) -> int:
    count = 0
    for path in folder.glob("*"):
        path.unlink()
        count += 1
    return count
