"""Migrations: once each, in order, by one at a time, and never another text under an old name."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import psycopg
import pytest
import pytest_asyncio

from bastide.core.clock import Clock
from bastide.core.migrate import ChangedMigration, Migration, collect, migrate
from bastide.house import migrations
from tests.support.postgres import SessionPostgres

ONE = Migration("one", "0001_a.sql", "create table a (x int); insert into a values (1);")
TWO = Migration("one", "0002_b.sql", "insert into a values (2); create table b (y int)")
BROKEN = Migration("two", "0001_c.sql", "insert into a values (3); insert into nothing values (1)")


@pytest_asyncio.fixture
async def url(postgres: SessionPostgres) -> AsyncGenerator[str]:
    made = await postgres.fresh()
    yield made
    await postgres.drop(made)


async def values(url: str) -> list[int]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return [row[0] for row in await (await connection.execute("select x from a order by x")).fetchall()]


async def test_each_runs_once_in_order(url: str) -> None:
    assert await migrate(url, [ONE], Clock()) == 1
    assert await migrate(url, [ONE, TWO], Clock()) == 1
    assert await migrate(url, [ONE, TWO], Clock()) == 0
    assert await values(url) == [1, 2]


async def test_a_changed_text_is_refused_and_nothing_runs(url: str) -> None:
    await migrate(url, [ONE], Clock())
    with pytest.raises(ChangedMigration, match=r"one/0001_a\.sql"):
        await migrate(url, [msgspec.structs.replace(ONE, sql=ONE.sql + " "), TWO], Clock())
    assert await values(url) == [1]


async def test_a_broken_one_leaves_nothing_of_itself(url: str) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        await migrate(url, [ONE, BROKEN, TWO], Clock())
    assert await values(url) == [1]
    assert await migrate(url, [ONE, TWO], Clock()) == 1


async def test_starts_at_once_run_each_once(url: str) -> None:
    counts = await asyncio.gather(*(migrate(url, [ONE, TWO], Clock()) for _ in range(6)))
    assert sorted(counts) == [0, 0, 0, 0, 0, 2]
    assert await values(url) == [1, 2]


async def test_the_houses_own_run_on_an_empty_database_and_again(url: str) -> None:
    own = migrations()
    assert len(own) == len({(m.module, m.name) for m in own})
    assert await migrate(url, own, Clock()) == len(own)
    assert await migrate(url, own, Clock()) == 0


def test_files_are_taken_in_the_order_of_modules_and_numbers(tmp_path: Path) -> None:
    for module, name in (("b", "0001_x.sql"), ("a", "0002_y.sql"), ("a", "0001_z.sql"), ("a", "notes.txt")):
        folder = tmp_path / module / "migrations"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("select 1")
    found = collect([tmp_path / "b", tmp_path / "a"])
    assert [(m.module, m.name) for m in found] == [
        ("b", "0001_x.sql"),
        ("a", "0001_z.sql"),
        ("a", "0002_y.sql"),
    ]
