"""Taking a backup of a running instance, while people write.

One snapshot of the database says what is in it. Blobs are never changed once they are there, and those that the snapshot
names cannot be swept before they are copied: the sweep is held off by a lock (`core.blobs.SWEEP_LOCK`) from before the
snapshot until the last of them is in.
"""

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import msgspec
import psycopg
from psycopg.rows import TupleRow

from bastide.backup import figures, postgres
from bastide.backup.archive import CHUNK, Sink, Writer
from bastide.backup.model import FORMAT, BackupError, Header, Taken
from bastide.core.blobs import SWEEP_LOCK, address
from bastide.core.clock import Clock
from bastide.settings import Settings

# What is made anew where it is missing: a copy that runs elsewhere shall not share it with the one it was taken from.
MADE_ANEW = frozenset({"livekit"})
# What is left on the disk of the archive: the instance may live on the same.
RESERVE = 512 << 20
_LOOK_EVERY = 64 << 20
_PAGE = 1000
# One sweep of one blob ends well within that; another backup may not.
_PATIENCE_S = 5

Connection = psycopg.Connection[tuple[Any, ...]]


class Written(msgspec.Struct, frozen=True):
    """A backup that is whole: what the doctor keeps of it, its header, and which blobs the disk had lost."""

    outcome: Taken
    header: Header
    damaged: list[str]


def take(settings: Settings, url: str, target: Path, clock: Clock, *, reserve: int = RESERVE) -> Written:
    """Write a backup to a file that is not there yet, or to a new one in a folder.

    It is whole when it has its name: until then it has another, and what a kill left behind is taken away by the next.

    Raises:
        BackupError: the file is there already, cannot be written, the disk is full, the database failed.
    """
    at = clock.now().astimezone(UTC)
    if target.is_dir():
        target /= f"bastide-{at:%Y-%m-%dT%H%M%SZ}.tar"
    if target.exists() or target.is_symlink():
        raise BackupError("exists", file=str(target))
    if not target.parent.is_dir():
        raise BackupError("no-folder", folder=str(target.parent))
    try:
        _clear_leftovers(target.parent)
        with _beside(target) as (out, path):
            watched = _Watched(out, target.parent, reserve)
            taken = _write(settings, url, watched, str(target), clock, watched.refuse_without)
            out.flush()
            os.fsync(out.fileno())
            if target.exists():
                raise BackupError("exists", file=str(target))
            path.rename(target)  # not a link: network shares and sticks know none
            _sync(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupError("no-room", folder=str(target.parent)) from error
        raise BackupError("cannot-write", file=str(target), why=error.strerror or str(error)) from error
    return taken


def stream(settings: Settings, url: str, out: IO[bytes], clock: Clock) -> Written:
    """Write a backup to something that takes bytes in order, such as a program that encrypts. Raises BackupError."""
    try:
        taken = _write(settings, url, out, "-", clock, lambda _: None)
        out.flush()
    except OSError as error:
        raise BackupError("cannot-write", file="-", why=error.strerror or str(error)) from error
    return taken


def _write(
    settings: Settings, url: str, out: Sink, name: str, clock: Clock, room: Callable[[int], None]
) -> Written:
    counted = _Counted(out)
    try:
        with psycopg.connect(url, autocommit=True) as holding, psycopg.connect(url) as connection:
            _hold_off_sweeps(holding)
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            at = clock.now()  # what was acknowledged by now is in the snapshot
            snapshot = str(_value(connection, "select pg_export_snapshot()"))
            header = _header(settings, connection, at)
            room(header.blob_bytes)
            with Writer(counted, header) as writer:
                for path in _secrets(settings.data):
                    writer.secret(path.name, path.read_bytes())
                for piece in postgres.dump(url, snapshot, header.server):
                    writer.database(piece)
                damaged = _blobs(settings.data / "blobs", connection, writer)
                _still_held(holding)
                writer.seal(damaged)
    except psycopg.Error as error:
        raise BackupError("database", why=type(error).__name__) from error
    taken = Taken(
        at=header.at, file=name, size=counted.size, blobs=header.blobs - len(damaged), damaged=len(damaged)
    )
    return Written(taken, header, damaged)


def _header(settings: Settings, connection: Connection, at: datetime) -> Header:
    count, size = connection.execute(
        "select count(*), coalesce(sum(size), 0)::bigint from blob"
    ).fetchone() or (0, 0)
    return Header(
        format=FORMAT,
        at=at,
        origin=settings.origin,
        timezone=settings.timezone,
        server=connection.info.server_version // 10000,
        figures=figures.figures(connection),
        blobs=int(count),
        blob_bytes=int(size),
    )


def _secrets(data: Path) -> list[Path]:
    folder = data / "secrets"
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and path.name not in MADE_ANEW
    )


def _blobs(folder: Path, connection: Connection, writer: Writer) -> list[str]:
    """Copy what the snapshot names; gives those that something refers to and that are not there as they were."""
    columns, damaged = figures.referring(connection), list[str]()
    for digest, size in _named(connection):
        whole = None
        with (
            contextlib.suppress(FileNotFoundError),
            (folder / address(digest)).open("rb", buffering=CHUNK) as file,
        ):
            whole = writer.blob(digest, size, file)
        if not whole and (whole is False or figures.is_referred_to(connection, columns, digest)):
            damaged.append(digest.hex())
    return damaged


def _named(connection: Connection) -> Iterator[tuple[bytes, int]]:
    after = b""
    while True:
        page: list[TupleRow] = connection.execute(
            "select hash, size from blob where hash > %s order by hash limit %s", (after, _PAGE)
        ).fetchall()
        for digest, size in page:
            yield bytes(digest), int(size)
        if len(page) < _PAGE:
            return
        after = bytes(page[-1][0])


def _hold_off_sweeps(holding: Connection) -> None:
    """Raises BackupError where another backup holds them off already."""
    holding.execute(f"set lock_timeout = '{_PATIENCE_S}s'".encode())
    try:
        holding.execute("select pg_advisory_lock(%s)", (SWEEP_LOCK,))
    except psycopg.errors.LockNotAvailable as error:
        raise BackupError("busy") from error


def _still_held(holding: Connection) -> None:
    """The lock goes with its connection: one that died has let the sweep in. Raises psycopg.Error."""
    holding.execute("select 1")


def _value(connection: Connection, statement: str) -> Any:
    row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


@contextlib.contextmanager
def _beside(target: Path) -> Generator[tuple[IO[bytes], Path]]:
    """A new file under another name, locked while somebody writes it, gone unless it got its own name."""
    path = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as out:
        with contextlib.suppress(OSError):  # some network shares know no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield out, path
        finally:
            path.unlink(missing_ok=True)


def _clear_leftovers(folder: Path) -> None:
    """Take away what a kill left here: parts whose writer has gone."""
    for path in folder.glob(".*.tar.*.part"):
        with contextlib.suppress(OSError), path.open("rb") as part:
            fcntl.flock(part.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network shares cannot sync a folder
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Counted:
    """Counts what goes through."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self.size = 0

    def write(self, data: bytes) -> int:
        left = data
        while left:  # a raw file may take less than it is given
            left = left[self._out.write(left) :]
        self.size += len(data)
        return len(data)


class _Watched:
    """A file on a disk whose last room is not for backups."""

    def __init__(self, out: IO[bytes], folder: Path, reserve: int) -> None:
        self._out, self._folder, self._reserve = out, folder, reserve
        self._since = 0

    def refuse_without(self, size: int) -> None:
        """Raise BackupError where that many bytes have no room."""
        if shutil.disk_usage(self._folder).free - self._reserve < size:
            raise BackupError("no-room", folder=str(self._folder))

    def write(self, data: bytes) -> int:
        self._since += len(data)
        if self._since > _LOOK_EVERY:
            self._since = 0
            self.refuse_without(0)
        return self._out.write(data)
