"""Laying a backup into an empty folder, and looking whether all of it is there.

Everything is laid in `<data>/restoring` and looked at there; only what holds is moved into its place. What is cut short
leaves no folder that passes for an instance.
"""

import asyncio
import contextlib
import os
import shutil
import threading
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import IO

import msgspec
import psycopg
from psycopg import sql

from bastide.backup.archive import Kind, Member, Reader
from bastide.backup.figures import figures
from bastide.backup.model import BackupError, Header, Laid, Seal
from bastide.backup.postgres import Loading
from bastide.core.audit import Line, Verdict
from bastide.core.blobs import address
from bastide.core.clock import Clock
from bastide.core.ending import heed_cancellation
from bastide.core.migrate import migrate
from bastide.engines.errors import writing
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.house import House, migrations
from bastide.settings import Settings
from bastide.supervisor import place
from bastide.supervisor.external import check_database

STAGING = "restoring"
# The database comes last: it is what makes a folder an instance.
_MOVED = ("blobs", "secrets", "postgres")


class Checked(msgspec.Struct, frozen=True):
    """What an archive says of itself, once every hash in it held."""

    header: Header
    seal: Seal


class Restored(msgspec.Struct, frozen=True):
    """What a restore came to.

    Attributes:
        checked: what was laid.
        migrated: how many migrations brought it up to this code.
        sessions: how many were ended.
        audit: whether its chain holds, all of it.
    """

    checked: Checked
    migrated: int
    sessions: int
    audit: Verdict


def verify(source: IO[bytes]) -> Checked:
    """Read a whole archive and look at every hash, laying nothing anywhere.

    Raises:
        BackupError: no backup, not whole, or changed.
    """
    reader = Reader(source)
    for member in reader.members():
        match member.kind:
            case Kind.SECRET:
                reader.secret(member)
            case Kind.DATABASE:
                for _ in reader.piece(member):
                    pass
            case _:
                for _ in reader.blob(member):
                    pass
    reader.end()
    return Checked(reader.header, reader.seal)


async def restore(settings: Settings, source: IO[bytes], clock: Clock) -> Restored:
    """Make an instance of an archive, in `settings.data`, which is empty or not there, and start nothing that stays.

    With `settings.database_url` the database goes there; it must hold no tables yet.

    Raises:
        BackupError: the folder or the database is not empty; the archive is no backup, not whole, changed, or of a newer
            Bastide. Nothing of it is left.
        EngineError: the folder cannot be written, or PostgreSQL cannot be started.
    """
    made = await asyncio.to_thread(_claim, settings.data)
    staged = msgspec.structs.replace(settings, data=settings.data / STAGING)
    lock = None
    try:
        lock = place.take(staged)
        reader = await asyncio.to_thread(Reader, source)
        _refuse_newer(reader.header.figures.migrations)
        async with _database(staged) as url:
            # An engine's start, or a library, may lose the word to end that came meanwhile.
            heed_cancellation()
            await _load(reader, staged.data, url)
            checked = Checked(reader.header, reader.seal)
            await asyncio.to_thread(_compare, url, reader.header)
            migrated = await migrate(url, migrations(), clock)
            heed_cancellation()
            sessions, audit = await _settle(staged, url, checked)
        await asyncio.to_thread(os.sync)
        heed_cancellation()
        await asyncio.to_thread(_move, staged.data, settings.data)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, staged.data, ignore_errors=True)
        if made:
            with contextlib.suppress(OSError):
                settings.data.rmdir()
        raise
    finally:
        if lock is not None:
            os.close(lock)
    return Restored(checked, migrated, sessions, audit)


def _claim(data: Path) -> bool:
    """Make the folder, or see that it is empty; whether it was made."""
    made = not data.exists()
    with writing(data):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = sorted(path.name for path in data.iterdir())
        if found:
            raise BackupError(
                "being-restored" if STAGING in found else "not-empty",
                folder=str(data),
                staging=str(data / STAGING),
            )
        (data / STAGING).mkdir(mode=0o700)
    return made


def _refuse_newer(laid: list[Laid]) -> None:
    """An archive may be older than this code, never newer, and what ran before must be what it was."""
    ours = {(m.module, m.name): m.digest for m in migrations()}
    for one in laid:
        known = ours.get((one.module, one.name))
        if known is None:
            raise BackupError("code-older", migration=f"{one.module}/{one.name}")
        if known != one.digest:
            raise BackupError("changed-migration", migration=f"{one.module}/{one.name}")


@contextlib.asynccontextmanager
async def _database(staged: Settings) -> AsyncGenerator[str]:
    """Where the dump goes: an embedded PostgreSQL that runs meanwhile, or the one of others, which must be empty."""
    if staged.database_url is not None:
        await check_database(staged.database_url)
        await asyncio.to_thread(_refuse_filled, staged.database_url)
        yield staged.database_url
        return
    engine = EmbeddedPostgres(
        PostgresSettings(
            home=staged.data / "postgres", run=staged.run, log=staged.logs / "postgres.log", connections=20
        )
    )
    await engine.prepare()
    process = await engine.start()
    try:
        await engine.wait_ready(process)
        yield engine.url
    finally:
        await engine.stop(process)


def _refuse_filled(url: str) -> None:
    with psycopg.connect(url) as connection:
        found = connection.execute("select tablename from pg_tables where schemaname = 'public' limit 1")
        if found.fetchone():
            raise BackupError("database-not-empty")


async def _load(reader: Reader, folder: Path, url: str) -> None:
    """Lay it in a thread, which ends at the next chunk when we are told to end."""
    stopping = threading.Event()
    work = asyncio.create_task(asyncio.to_thread(_lay, reader, folder, url, stopping))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        stopping.set()
        with contextlib.suppress(BackupError):
            await work
        raise


def _lay(reader: Reader, folder: Path, url: str, stopping: threading.Event) -> None:
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10000
    loading = Loading(url, server)
    held = (
        b""  # the dump's end, until all else was seen to be whole: then, and only then, the database takes it
    )
    try:
        with writing(folder):
            for member in reader.members():
                if stopping.is_set():
                    raise BackupError("stopped")
                match member.kind:
                    case Kind.SECRET:
                        _lay_secret(folder / "secrets", member.name, reader.secret(member))
                    case Kind.DATABASE:
                        for chunk in reader.piece(member):
                            loading.feed(held)
                            held = chunk
                    case _:
                        _lay_blob(folder / "blobs", member, reader, stopping)
        reader.end()
        for name in reader.seal.damaged:
            (folder / "blobs" / address(bytes.fromhex(name))).unlink(missing_ok=True)
        loading.feed(held)
        loading.finish()
    finally:
        loading.end()


def _lay_secret(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    with _new(folder / name) as file:
        file.write(content)


def _lay_blob(folder: Path, member: Member, reader: Reader, stopping: threading.Event) -> None:
    path = folder / address(bytes.fromhex(member.name))
    for parent in (folder, path.parent.parent, path.parent):
        parent.mkdir(mode=0o700, exist_ok=True)
    with _new(path) as file:
        for chunk in reader.blob(member):
            if stopping.is_set():
                raise BackupError("stopped")
            file.write(chunk)


def _new(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb")


def _compare(url: str, header: Header) -> None:
    """What is there now is what was there then, or it is said what is not; and the planner learns what is there."""
    with psycopg.connect(url) as connection:
        now, then = figures(connection), header.figures
        if now != then:
            tables = sorted({*now.rows, *then.rows})
            wrong = [table for table in tables if now.rows.get(table) != then.rows.get(table)]
            raise BackupError("differs", what=", ".join(wrong) or "journal, audit")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("analyze"))


async def _settle(staged: Settings, url: str, checked: Checked) -> tuple[int, Verdict]:
    """End what must not live on, look at the audit's chain, and write into it what happened here."""
    house = House.build(staged, conninfo=url)
    try:
        await house.ground.database.open()
        verdict = await house.ground.audit.verify()
        sessions = await house.resets.end_restored()
        await house.ground.audit.record_alone(
            Line(
                "instance:backup:restore",
                True,
                detail={"taken_at": f"{checked.header.at:%Y-%m-%d %H:%M:%S} UTC"},
            )
        )
    finally:
        house.people.close()
        await house.ground.database.close()
    return sessions, verdict


def _move(staging: Path, data: Path) -> None:
    with writing(data):
        for name in _MOVED:
            if (data / name).exists():
                raise BackupError("not-empty", folder=str(data))
        for name in _MOVED:
            if (staging / name).exists():
                (staging / name).rename(data / name)
        shutil.rmtree(staging)
        os.sync()
