"""Instances as earlier Bastides left them, schema and data as PostgreSQL dumped them, are brought up to date.

`first.sql.xz` is the demo as the code of d3dff5b fills it (sign-in, spaces, chat, files, calls), `second.sql.xz` as that of
0eaeb5f (labels, declarations, guests, passkeys, suspension). `make.sh` made them, and says how. The demo has nobody's call,
device or session: `before_one_rule.sql` has those.
"""

import asyncio
import lzma
import subprocess
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from bastide.core.client import Client
from bastide.core.clock import Clock, HeldClock
from bastide.core.migrate import migrate
from bastide.core.policy import Actor, Strength
from bastide.engines.postgres import programs
from bastide.house import House, migrations
from bastide.settings import Settings
from tests.support.hosting import declare
from tests.support.postgres import SessionPostgres

FOLDER = Path(__file__).parent
MAIN = "agathe.delorme@haute-vezelle.example"
# Migrations add a stream of the instance's own, note that they ran, and describe what can be searched anew.
GROWN = {"stream", "migration"}

Rows = Counter[tuple[Any, ...]]


class Table(NamedTuple):
    """What a table held: its columns then, and the rows."""

    columns: list[str]
    rows: Rows


class Before(NamedTuple):
    """A database as it was left, and what it held."""

    name: str
    url: str
    tables: dict[str, Table]


async def columns(connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> dict[str, list[str]]:
    found = await connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'public' order by 1, 2"
    )
    names: dict[str, list[str]] = {}
    for table, column in await found.fetchall():
        names.setdefault(table, []).append(column)
    return names


async def rows(connection: psycopg.AsyncConnection[tuple[Any, ...]], table: str, names: list[str]) -> Rows:
    chosen = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names)
    found = await connection.execute(sql.SQL("select {} from {}").format(chosen, sql.Identifier(table)))
    return Counter(await found.fetchall())


@pytest_asyncio.fixture(params=["first", "second"])
async def before(request: pytest.FixtureRequest, postgres: SessionPostgres) -> AsyncGenerator[Before]:
    """A database as that Bastide left it: everything in it is of the dump."""
    url = await postgres.fresh()
    dump = lzma.decompress((FOLDER / f"{request.param}.sql.xz").read_bytes())
    words = [
        programs() / "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        url,
    ]
    loaded = await asyncio.to_thread(subprocess.run, words, input=dump, capture_output=True, check=False)
    assert loaded.returncode == 0, loaded.stderr.decode()
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("set timezone to 'UTC'")
        tables = {
            table: Table(names, await rows(connection, table, names))
            for table, names in (await columns(connection)).items()
        }
    yield Before(request.param, url, tables)
    await postgres.drop(url)


@pytest_asyncio.fixture
async def house(before: Before, tmp_path: Path) -> AsyncGenerator[House]:
    """That instance, started by this Bastide, some minutes after it was left."""
    await migrate(before.url, migrations(), Clock())
    left = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    made = House.build(Settings(data=tmp_path, demo=False), conninfo=before.url, clock=HeldClock(left))
    await made.open()
    try:
        if before.name == "first":
            await declare(made)  # whatever was there before one declared is closed until one does
        yield made
    finally:
        await made.close()


async def main_agent(house: House) -> Actor:
    async with house.ground.database.read() as reader:
        person: UUID = await reader.value("select id from person where email = %(email)s", email=MAIN)
    opened = await house.people.sessions.open(person, Client("192.0.2.1", "test"), strength=Strength.PASSWORD)
    return msgspec.structs.replace(opened.actor, strength=Strength.PASSKEY)


def column(before: Before, table: str, *names: str) -> list[tuple[str, ...]]:
    held = before.tables[table]
    places = [held.columns.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in held.rows.elements()]


async def test_every_row_is_as_it_was(before: Before) -> None:
    laid = before.tables["migration"].rows.total()
    assert {"person", "space", "member", "message", "file", "journal", "audit"} <= {
        table for table, held in before.tables.items() if held.rows
    }
    assert await migrate(before.url, migrations(), Clock()) == len(migrations()) - laid
    assert await migrate(before.url, migrations(), Clock()) == 0
    async with await psycopg.AsyncConnection.connect(before.url) as connection:
        await connection.execute("set timezone to 'UTC'")
        for table, held in before.tables.items():
            now = await rows(connection, table, held.columns)
            assert held.rows - now == Counter(), f"{table} lost or changed rows"
            assert table in GROWN or now == held.rows, f"{table} has rows that nobody wrote"


async def test_people_find_their_spaces_messages_and_files(before: Before, house: House) -> None:
    me = await main_agent(house)
    snapshot = await house.home.snapshot(me)
    mine = {
        space
        for space, person in column(before, "member", "space_id", "person_id")
        if person == str(me.person_id)
    }
    assert {str(own.space.id) for own in snapshot.spaces} == mine
    written = {
        (channel, ordinal): bytes.fromhex(body[2:]).decode()
        for channel, ordinal, body in column(before, "message", "channel_id", "ordinal", "body")
    }
    seen = 0
    for own in snapshot.channels:
        first = await house.chat.history(me, own.channel.id, after=0, most=100)
        for message in first.messages:
            assert message.content.text == written[str(own.channel.id), str(message.ordinal)]
            seen += 1
    assert seen > 200
    kept = set(column(before, "file", "space_id", "id"))
    files = 0
    for own in snapshot.spaces:
        for file in (await house.files.page(me, own.space.id)).files:
            assert (str(own.space.id), str(file.id)) in kept
            files += 1
    assert files > 10


async def test_the_audit_is_what_it_was(before: Before, house: House) -> None:
    verdict = await house.ground.audit.verify()
    lines = before.tables["audit"].rows.total()
    assert verdict.lines >= lines or before.name == "first"
    if before.name == "first":
        # that demo's clock was not in UTC, and its chain never held (see the changelog); its lines are still there
        assert verdict.broken_at is not None
    else:
        assert verdict.broken_at is None


async def test_the_journal_has_each_number(house: House) -> None:
    async with house.ground.database.read() as reader:
        gaps = await reader.value(
            "select count(*) from stream s where s.seq <> (select count(*) from journal j where j.stream_id = s.id)"
        )
    assert gaps == 0
