"""Blobs on a real disk and a real PostgreSQL: synced, whole or not at all, and swept without a race."""

import asyncio
import gc
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from obstore.store import MemoryStore

from bastide import core
from bastide.core import blobs as blobs_module
from bastide.core.blobs import (
    GRACE,
    SWEEP_LOCK,
    BlobMissing,
    Blobs,
    DiskFull,
    Stored,
    Swept,
    address,
    full,
)
from bastide.core.clock import Clock, HeldClock
from bastide.core.database import Database
from bastide.core.errors import TooLarge, Unavailable
from bastide.core.ids import Ids
from bastide.core.migrate import collect, migrate
from tests.support.postgres import SessionPostgres

CORE = Path(core.__file__).parent
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)
MEGA = 1 << 20


async def lay_paper(url: str) -> None:
    """The ground floor, and two tables that refer to blobs."""
    await migrate(url, collect([CORE]), Clock())
    database = Database(url)
    await database.open()
    async with database.transaction() as tx:
        await tx.run("create table paper (blob bytea not null references blob (hash))")
        await tx.run("create table forgotten (blob bytea not null references blob (hash))")
    await database.close()


class Cellar:
    """Blobs in a folder, with one table of papers that refer to them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.clock = HeldClock(NOW)
        self.database = Database(url)
        self.folder = folder
        self.blobs = Blobs.local(folder, self.database, self.clock, Ids(self.clock))
        self.blobs.refer("paper", "blob")

    async def file(self, stored: Stored, table: str = "paper") -> None:
        """Refer to a blob, as a trade does."""
        async with self.database.transaction() as tx:
            await self.blobs.record(tx, stored)
            if table == "paper":
                await tx.run("insert into paper (blob) values (%(hash)s)", hash=stored.hash)
            else:
                await tx.run("insert into forgotten (blob) values (%(hash)s)", hash=stored.hash)

    async def read(self, stored: Stored, start: int = 0, end: int | None = None) -> bytes:
        return b"".join([chunk async for chunk in await self.blobs.open(stored.hash, start, end)])

    async def rows(self) -> int:
        async with self.database.read() as reader:
            return await reader.value("select count(*) from blob")

    def lying(self) -> list[str]:
        """Every file in the folder."""
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file())


@pytest_asyncio.fixture
async def cellar(postgres: SessionPostgres, tmp_path: Path) -> AsyncGenerator[Cellar]:
    url = await postgres.fresh(lay_paper)
    cellar = Cellar(url, tmp_path / "blobs")
    await cellar.database.open()
    yield cellar
    await cellar.database.close()
    await postgres.drop(url)


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def much(size: int, chunk: int = 64 << 10) -> AsyncIterator[bytes]:
    block = os.urandom(chunk)
    for start in range(0, size, chunk):
        yield block[: size - start]


async def test_what_goes_in_comes_out(cellar: Cellar) -> None:
    data = os.urandom(3 * MEGA + 17)
    stored = await cellar.blobs.put(stream(data[:5], data[5 : 2 * MEGA], data[2 * MEGA :]), most=len(data))
    assert stored == Stored(hashlib.sha256(data).digest(), len(data))
    assert await cellar.read(stored) == data
    assert cellar.lying() == [address(stored.hash)]
    assert await cellar.rows() == 1


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, None, b"0123456789"),
        (0, 1, b"0"),
        (3, 7, b"3456"),
        (7, None, b"789"),
        (9, 99, b"9"),
        (10, None, b""),
        (50, 60, b""),
        (5, 5, b""),
    ],
)
async def test_ranges(cellar: Cellar, start: int, end: int | None, expected: bytes) -> None:
    stored = await cellar.blobs.put_bytes(b"0123456789")
    assert await cellar.read(stored, start, end) == expected


async def test_nothing_is_something(cellar: Cellar) -> None:
    stored = await cellar.blobs.put(stream(), most=10)
    assert stored == Stored(hashlib.sha256(b"").digest(), 0)
    assert await cellar.read(stored) == b""
    assert cellar.lying() == [address(stored.hash)]


async def test_the_same_bytes_lie_there_once(cellar: Cellar) -> None:
    puts = [cellar.blobs.put(much_of(b"same"), most=10 * MEGA) for _ in range(8)]
    stored = await asyncio.gather(*puts)
    assert len(set(stored)) == 1
    assert cellar.lying() == [address(stored[0].hash)]
    assert await cellar.rows() == 1


async def much_of(text: bytes) -> AsyncIterator[bytes]:
    for _ in range(100):
        yield text * 1000
        await asyncio.sleep(0)


async def test_a_cut_object_is_replaced(cellar: Cellar) -> None:
    """Should a disk have lost the end of it, the next upload mends it."""
    data = os.urandom(1000)
    stored = await cellar.blobs.put_bytes(data)
    (cellar.folder / address(stored.hash)).write_bytes(data[:500])
    assert await cellar.blobs.put_bytes(data) == stored
    assert await cellar.read(stored) == data


async def test_too_large(cellar: Cellar) -> None:
    with pytest.raises(TooLarge):
        await cellar.blobs.put(much(5 * MEGA), most=5 * MEGA - 1)

    async def never() -> AsyncIterator[bytes]:
        pytest.fail("was read though it was declared too large")
        yield b""

    with pytest.raises(TooLarge):
        await cellar.blobs.put(never(), most=10, declared=11)
    await settled()
    assert cellar.lying() == []
    assert await cellar.rows() == 0


async def settled() -> None:
    """Let obstore's threads finish what they dropped."""
    gc.collect()
    await asyncio.sleep(0.2)


@pytest.mark.parametrize("size", [1000, 5 * MEGA])
async def test_a_window_that_goes_away_leaves_nothing(cellar: Cellar, size: int) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for chunk in much(size):
            yield chunk
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await cellar.blobs.put(broken(), most=10 * MEGA)

    began = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        async for chunk in much(size):
            yield chunk
        began.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(cellar.blobs.put(stuck(), most=10 * MEGA))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await settled()
    assert cellar.lying() == []
    assert await cellar.rows() == 0


async def test_synced_before_it_is_acknowledged(cellar: Cellar, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file while it still has its temporary name, then every folder on the way to its address."""
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))  # noqa: PTH115 - of a descriptor
        synced.append(str(path.relative_to(cellar.folder)))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    stored = await cellar.blobs.put(much(3 * MEGA), most=4 * MEGA)
    place = Path(address(stored.hash))
    assert synced[0].startswith("incoming/")
    assert synced[1:] == [str(place.parent), str(place.parent.parent), "."]


async def test_a_disk_that_cannot_sync_acknowledges_nothing(
    cellar: Cellar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="Input/output"):
        await cellar.blobs.put_bytes(b"x" * 1000)
    await settled()
    assert cellar.lying() == []
    assert await cellar.rows() == 0


async def test_no_database_no_blob(cellar: Cellar) -> None:
    await cellar.database.close()
    with pytest.raises(Exception, match=r"unavailable|closed"):
        await cellar.blobs.put_bytes(b"x" * 1000)
    await settled()
    assert cellar.lying() == []


async def test_room_is_kept_for_the_database(cellar: Cellar, tmp_path: Path) -> None:
    greedy = Blobs.local(
        tmp_path / "greedy", cellar.database, cellar.clock, Ids(cellar.clock), reserve=1 << 60
    )
    with pytest.raises(DiskFull):
        await greedy.put_bytes(b"x")
    careful = Blobs.local(tmp_path / "careful", cellar.database, cellar.clock, Ids(cellar.clock))
    with pytest.raises(DiskFull):
        await careful.put(stream(b"x"), most=1 << 61, declared=1 << 60)


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    """A disk of 8 MB, where one may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("reserve", [0, 2 * MEGA])
async def test_a_full_disk(cellar: Cellar, small_disk: Path, reserve: int) -> None:
    """With no reserve the store itself fails in the middle of writing; nothing half done stays either way."""
    blobs = Blobs.local(
        small_disk / "blobs", cellar.database, cellar.clock, Ids(cellar.clock), reserve=reserve
    )
    kept = await blobs.put(much(3 * MEGA), most=100 * MEGA)
    with pytest.raises(DiskFull):
        await blobs.put(much(20 * MEGA), most=100 * MEGA, declared=20 * MEGA if reserve else None)
    await settled()
    assert [p for p in (small_disk / "blobs").rglob("*") if p.is_file()] == [
        small_disk / "blobs" / address(kept.hash)
    ]
    assert await cellar.rows() == 1
    again = await blobs.put(much(2 * MEGA), most=100 * MEGA)
    assert again.size == 2 * MEGA


def test_what_a_full_disk_says() -> None:
    assert full(OSError(28, "No space left on device"))
    assert full(OSError(122, "Disk quota exceeded"))
    assert full(OSError("Generic LocalFileSystem error: … (os error 28)"))
    assert not full(OSError(5, "Input/output error"))
    assert not full(OSError("… (os error 281)"))
    assert not full(ValueError("os error 28"))


async def test_missing_bytes_are_said_to_be_missing(cellar: Cellar) -> None:
    with pytest.raises(BlobMissing):
        await cellar.blobs.open(bytes(32))
    stored = await cellar.blobs.put_bytes(b"x")
    (cellar.folder / address(stored.hash)).unlink()
    with pytest.raises(BlobMissing):
        await cellar.blobs.open(stored.hash)


async def test_leftovers_are_tidied_at_start(cellar: Cellar) -> None:
    stored = await cellar.blobs.put_bytes(b"kept")
    for name in ("0198", "0199#1"):
        (cellar.folder / "incoming" / name).write_bytes(b"half")
    assert await cellar.blobs.tidy() == 2
    assert cellar.lying() == [address(stored.hash)]
    assert await cellar.blobs.tidy() == 0


# Sweeping.


async def test_only_old_blobs_without_references_are_swept(cellar: Cellar) -> None:
    filed = await cellar.blobs.put_bytes(b"filed")
    await cellar.file(filed)
    loose = await cellar.blobs.put_bytes(b"loose")
    assert await cellar.blobs.sweep() == Swept(0, 0)
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    young = await cellar.blobs.put_bytes(b"young")
    assert await cellar.blobs.sweep() == Swept(1, 5)
    assert cellar.lying() == sorted([address(filed.hash), address(young.hash)])
    assert await cellar.rows() == 2
    with pytest.raises(BlobMissing):
        await cellar.blobs.open(loose.hash)


async def test_many_are_swept_page_by_page(cellar: Cellar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs_module, "_SWEPT_AT_ONCE", 4)
    for number in range(11):
        stored = await cellar.blobs.put_bytes(bytes([number]))
        if number % 3 == 0:
            await cellar.file(stored)
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    assert (await cellar.blobs.sweep()).blobs == 7
    assert len(cellar.lying()) == 4


async def test_put_again_is_young_again(cellar: Cellar) -> None:
    await cellar.blobs.put_bytes(b"again")
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    stored = await cellar.blobs.put_bytes(b"again")
    assert (await cellar.blobs.sweep()).blobs == 0
    await cellar.file(stored)
    assert await cellar.read(stored) == b"again"


async def test_put_again_after_a_sweep_had_chosen_it(cellar: Cellar) -> None:
    """The sweep looks once more under the lock."""
    stored = await cellar.blobs.put_bytes(b"chosen")
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    before = cellar.clock.now() - GRACE
    assert await cellar.blobs._candidates(before, b"") == [stored]
    await cellar.blobs.put_bytes(b"chosen")
    assert not await cellar.blobs._sweep_one(stored, before)
    await cellar.file(stored)
    assert await cellar.read(stored) == b"chosen"


async def test_a_clock_put_back_ages_nothing(cellar: Cellar) -> None:
    """The demo tells of past weeks: what somebody puts meanwhile with the same bytes stays young."""
    stored = await cellar.blobs.put_bytes(b"shared")
    cellar.clock.set(NOW - timedelta(days=20))
    await cellar.blobs.put_bytes(b"shared")
    cellar.clock.set(NOW)
    assert (await cellar.blobs.sweep()).blobs == 0
    assert await cellar.read(stored) == b"shared"


async def test_a_reference_nobody_registered_still_holds(cellar: Cellar) -> None:
    stored = await cellar.blobs.put_bytes(b"held")
    await cellar.file(stored, "forgotten")
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    assert (await cellar.blobs.sweep()).blobs == 0
    assert await cellar.read(stored) == b"held"


async def test_nothing_is_swept_before_anybody_said_what_refers(cellar: Cellar, tmp_path: Path) -> None:
    blobs = Blobs.local(tmp_path / "other", cellar.database, cellar.clock, Ids(cellar.clock))
    with pytest.raises(RuntimeError):
        await blobs.sweep()


async def test_nothing_is_swept_while_a_backup_copies(cellar: Cellar) -> None:
    await cellar.blobs.put_bytes(b"brouillon")
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    async with cellar.database.transaction() as tx:
        await tx.rows("select pg_advisory_xact_lock(%(key)s)", key=SWEEP_LOCK)
        assert await cellar.blobs.sweep() == Swept(0, 0)
    assert await cellar.blobs.sweep() == Swept(1, 9)


async def test_swept_before_it_was_referred_to(cellar: Cellar) -> None:
    """It takes a day or a jumping clock; then the upload fails and nothing refers to nothing."""
    stored = await cellar.blobs.put_bytes(b"slow")
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    assert (await cellar.blobs.sweep()).blobs == 1
    with pytest.raises(Unavailable):
        await cellar.file(stored)


async def test_upload_and_sweep_race(cellar: Cellar) -> None:
    """Old loose blobs are put again while they are being swept: what was acknowledged and filed is there."""
    contents = [bytes([n]) * 2000 for n in range(40)]
    for content in contents:
        await cellar.blobs.put_bytes(content)
    cellar.clock.advance(GRACE + timedelta(seconds=1))

    async def put_and_file(content: bytes) -> Stored:
        stored = await cellar.blobs.put_bytes(content)
        await asyncio.sleep(0)
        await cellar.file(stored)
        return stored

    puts = asyncio.gather(*(put_and_file(content) for content in contents))
    sweeps = asyncio.gather(*(cellar.blobs.sweep() for _ in range(4)))
    filed, swept = await asyncio.gather(puts, sweeps)
    assert sum(s.blobs for s in swept) > 0, "nothing was swept: this was no race"
    for stored, content in zip(filed, contents, strict=True):
        assert await cellar.read(stored) == content


async def test_a_crash_between_bytes_and_row_leaves_what_a_sweep_finds(cellar: Cellar) -> None:
    """Bytes and their blob's row are there, nothing refers to them: a day later they are gone."""
    await cellar.blobs.put_bytes(b"orphan")
    assert await cellar.rows() == 1
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    assert (await cellar.blobs.sweep()).blobs == 1
    assert cellar.lying() == []
    assert await cellar.rows() == 0


async def test_a_row_without_bytes_heals(cellar: Cellar) -> None:
    """What a sweep leaves that was cut short between the bytes and its commit."""
    stored = await cellar.blobs.put_bytes(b"heals")
    (cellar.folder / address(stored.hash)).unlink()
    assert await cellar.blobs.put_bytes(b"heals") == stored
    assert await cellar.read(stored) == b"heals"
    (cellar.folder / address(stored.hash)).unlink()
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    assert (await cellar.blobs.sweep()).blobs == 1
    assert await cellar.rows() == 0


# Other stores and memory.


async def test_the_same_on_a_store_without_folders(cellar: Cellar) -> None:
    """What an S3 store will go through: only the construction differs."""
    store = MemoryStore()
    blobs = Blobs(store, cellar.database, cellar.clock, Ids(cellar.clock))
    blobs.refer("paper", "blob")
    data = os.urandom(3 * MEGA)
    stored = await blobs.put(stream(data), most=len(data))
    assert b"".join([c async for c in await blobs.open(stored.hash, 5, 10)]) == data[5:10]
    with pytest.raises(TooLarge):
        await blobs.put(much(3 * MEGA), most=10)
    await store.put_async("incoming/left", b"half")
    assert await blobs.tidy() == 1
    cellar.clock.advance(GRACE + timedelta(seconds=1))
    assert (await blobs.sweep()).blobs == 1
    assert [meta["path"] for page in store.list() for meta in page] == []


async def test_memory_stays_flat(cellar: Cellar, tmp_path: Path) -> None:
    """200 MB go in and come out in a process of their own, which grows by less than a tenth of that."""
    code = f"""
import asyncio, os, resource, sys
from pathlib import Path
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "src")!r}]
from bastide.core.blobs import Blobs
from bastide.core.clock import Clock
from bastide.core.database import Database
from bastide.core.ids import Ids

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

async def much(size):
    block = os.urandom(64 << 10)
    for n in range(size // len(block)):
        yield n.to_bytes(8, "big") + block[8:]

async def main():
    database = Database({cellar.database._pool.conninfo!r})
    await database.open()
    blobs = Blobs.local(Path({str(tmp_path / "flat")!r}), database, Clock(), Ids(Clock()))
    warm = await blobs.put(much(8 << 20), most=8 << 20)
    async for _ in await blobs.open(warm.hash): pass
    before = peak()
    stored = await blobs.put(much(200 << 20), most=200 << 20)
    size = 0
    async for chunk in await blobs.open(stored.hash): size += len(chunk)
    assert size == 200 << 20
    print(peak() - before)
    await database.close()

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert int(out) < 20, f"grew by {int(out)} MB"
