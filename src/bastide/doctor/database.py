"""The database: what it is, whether it keeps what it says it keeps, and whether its tables are this version's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg

from bastide.core.migrate import Migration
from bastide.doctor.finding import Check, ill, watch, well
from bastide.supervisor.external import LEAST_VERSION

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
_WITHIN_S = 5
_SKEW_S = 2.0
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
_TALKATIVE = {
    "log_statement": ("none",),
    "log_min_duration_statement": ("-1",),
    "log_min_error_statement": ("panic",),
    "log_error_verbosity": ("terse",),
}


async def database_checks(url: str, migrations: Sequence[Migration], *, ours: bool) -> list[Check]:
    """Look at a database. `ours`: it is the one that Bastide started, so its settings are, too."""
    try:
        async with await psycopg.AsyncConnection.connect(
            url, connect_timeout=_WITHIN_S, autocommit=True
        ) as connection:
            await connection.execute("set statement_timeout = '5s'")
            found = [await _version(connection), await _durability(connection), await _skew(connection)]
            found.append(await _tables(connection, migrations))
            return found if ours else [*found, await _discretion(connection)]
    except psycopg.Error as error:
        kind = f"{type(error).__name__} {error.sqlstate or ''}".strip()
        advice = "Look at postgres.log." if ours else "Look there, and at BASTIDE_DATABASE_URL."
        return [ill("database", f"The database does not answer ({kind}).", advice)]


async def _show(connection: Connection, name: str) -> str:
    cursor = await connection.execute("select current_setting(%s)", (name,))
    row = await cursor.fetchone()
    return str(row[0]) if row else ""


async def _version(connection: Connection) -> Check:
    major = connection.info.server_version // 10000
    encoding = await _show(connection, "server_encoding")
    if major < LEAST_VERSION:
        return ill("database", f"It is PostgreSQL {major}.", f"Bastide needs {LEAST_VERSION} or later.")
    if encoding != "UTF8":
        return ill("database", f"It keeps text in {encoding}.", "Make a database with encoding UTF8.")
    return well("database", f"It answers: PostgreSQL {major}.")


async def _durability(connection: Connection) -> Check:
    off = [name for name in _DURABLE if await _show(connection, name) == "off"]
    if off:
        return ill(
            "durability",
            f"{' and '.join(off)} is off: what was acknowledged can be lost.",
            f"In PostgreSQL: {' '.join(f'ALTER SYSTEM SET {name} = on;' for name in off)} then reload it.",
        )
    if await _show(connection, "data_checksums") == "off":
        return watch(
            "durability", "Pages have no checksums.", "Stop PostgreSQL and run pg_checksums --enable."
        )
    return well("durability", "fsync, synchronous_commit and full_page_writes are on.")


async def _skew(connection: Connection) -> Check:
    before = datetime.now(UTC)
    cursor = await connection.execute("select clock_timestamp()")
    row = await cursor.fetchone()
    after = datetime.now(UTC)
    there: datetime = row[0] if row else before
    skew = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    if skew > _SKEW_S:
        return ill(
            "clocks",
            f"The database's clock is {skew:.0f} s away from ours.",
            "Have a time service set both machines.",
        )
    return well("clocks", "The database's clock and ours agree.")


async def _tables(connection: Connection, migrations: Sequence[Migration]) -> Check:
    try:
        cursor = await connection.execute("select module, name, digest from migration")
    except psycopg.errors.UndefinedTable:
        return watch("tables", "It has no tables yet.", "Start Bastide: it makes them.")
    done = {(row[0], row[1]): row[2] for row in await cursor.fetchall()}
    changed = [m for m in migrations if done.get((m.module, m.name), m.digest) != m.digest]
    missing = [m for m in migrations if (m.module, m.name) not in done]
    unknown = done.keys() - {(m.module, m.name) for m in migrations}
    if changed:
        first = f"{changed[0].module}/{changed[0].name}"
        return ill(
            "tables", f"{first} is not what made these tables.", "Bring back the sources of a release."
        )
    if unknown:
        return ill(
            "tables",
            "These tables were made by a later version.",
            "Run that version, or restore a backup of this one.",
        )
    if missing:
        return watch(
            "tables", f"{len(missing)} changes of the tables wait.", "Restart Bastide: it makes them."
        )
    return well("tables", "They are this version's.")


async def _discretion(connection: Connection) -> Check:
    loose = [name for name, good in _TALKATIVE.items() if await _show(connection, name) not in good]
    if loose:
        wanted = " ".join(f"ALTER SYSTEM SET {name} = '{_TALKATIVE[name][0]}';" for name in loose)
        return watch("database logs", "Its logs may hold what people write.", f"In PostgreSQL: {wanted}")
    return well("database logs", "They hold no statements.")
