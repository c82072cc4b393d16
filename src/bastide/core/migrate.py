"""Migrations: numbered SQL in each module, run once each, in order, under a lock.

A file that was changed after it ran is an error: the past is not rewritten.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from bastide.core.clock import Clock

_LOCK = 0x0BA5_71DE


class Migration(msgspec.Struct, frozen=True):
    """One numbered file of a module."""

    module: str
    name: str
    sql: str

    @property
    def digest(self) -> str:
        """What tells whether the file is still what it was when it ran."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


class ChangedMigration(Exception):
    """A migration that ran here is no longer what it was."""


def collect(folders: Sequence[Path]) -> list[Migration]:
    """The migrations of modules, in the modules' order (a module's tables may refer to those before it)."""
    found: list[Migration] = []
    for folder in folders:
        files = sorted((folder / "migrations").glob("[0-9][0-9][0-9][0-9]_*.sql"))
        found += [Migration(folder.name, f.name, f.read_text()) for f in files]
    return found


async def migrate(conninfo: str, migrations: Sequence[Migration], clock: Clock) -> int:
    """Bring a database up to date, each migration in a transaction of its own; returns how many ran.

    Raises:
        ChangedMigration: one that ran before has another text now.
    """
    connection: psycopg.AsyncConnection[tuple[Any, ...]]
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        await connection.execute(
            """
            create table if not exists migration (
                module text not null, name text not null, digest text not null, at timestamptz not null,
                primary key (module, name))
            """
        )
        cursor = await connection.execute("select module, name, digest from migration")
        done = {(row[0], row[1]): row[2] for row in await cursor.fetchall()}
        count = 0
        for migration in migrations:
            before = done.get((migration.module, migration.name))
            if before is None:
                await _run(connection, migration, clock)
                count += 1
            elif before != migration.digest:
                raise ChangedMigration(f"{migration.module}/{migration.name} ran here with another text")
        return count


async def _run(
    connection: "psycopg.AsyncConnection[tuple[Any, ...]]", migration: Migration, clock: Clock
) -> None:
    async with connection.transaction():
        await connection.execute(migration.sql.encode())
        await connection.execute(
            "insert into migration (module, name, digest, at) values (%s, %s, %s, %s)",
            (migration.module, migration.name, migration.digest, clock.now()),
        )
