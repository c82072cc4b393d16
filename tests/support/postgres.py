"""One real PostgreSQL for the whole test session, and a fresh database for each test that wants one.

    from tests.support.postgres import postgres          # the session's fixture, in a conftest

    async def migrate(url: str) -> None: ...             # lays the tables
    url = await postgres.fresh(migrate)                  # a copy of a database that was migrated once

    async with elsewhere(folder, port) as url: ...       # one that is not ours, by TCP

Only here `fsync` is off: a test's data may be lost with the machine.

With BASTIDE_TEST_POSTGRES=15 it is not the PostgreSQL that Bastide brings, but the one of that version that Debian packages
(tests.support.packaged), in a folder of its own all the same: the stage `postgres-15` of tools/test.py.
"""

import asyncio
import contextlib
import itertools
import os
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import psycopg
import psycopg.conninfo
import pytest_asyncio
from psycopg import sql

from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from tests.support.packaged import PackagedPostgres

Preparation = Callable[[str], Awaitable[None]]


# What each table of a template holds, as COPY writes it.
Contents = list[tuple[sql.Identifier, bytes]]
Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Engine(Protocol):
    """A PostgreSQL that a test may start and stop."""

    async def prepare(self) -> bool: ...

    async def start(self) -> asyncio.subprocess.Process: ...

    async def wait_ready(self, process: asyncio.subprocess.Process) -> None: ...

    async def stop(self, process: asyncio.subprocess.Process) -> None: ...

    def url_of(self, database: str, role: str = "bastide") -> str: ...


def engine_in(folder: Path) -> Engine:
    """A PostgreSQL of the version that this session is about, in a folder: configuration in <folder>/postgres."""
    version = os.environ.get("BASTIDE_TEST_POSTGRES")
    if version is not None:
        return PackagedPostgres(folder, int(version))
    return EmbeddedPostgres(
        PostgresSettings(
            home=folder / "postgres", run=folder / "run", log=folder / "postgres.log", durable=False
        )
    )


class SessionPostgres:
    """The running server of this session."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._templates: dict[Preparation | None, str] = {None: "template1"}
        self._numbers = itertools.count(1)
        self._cleaned: dict[Preparation, list[str]] = {}
        self._contents: dict[Preparation, Contents] = {}

    async def fresh(self, prepare: Preparation | None = None) -> str:
        """Make a new database and give its address, as the application's role.

        With `prepare`, the database is a copy of one that `prepare(address)` filled, once a session.
        """
        if prepare is not None:
            if prepare not in self._templates:
                name = await self._create("template1")
                await prepare(self.engine.url_of(name))
                self._templates[prepare] = name
            if self._cleaned.get(prepare):
                return self.engine.url_of(self._cleaned[prepare].pop())
        return self.engine.url_of(await self._create(self._templates[prepare]))

    async def give_back(self, url: str, prepare: Preparation) -> None:
        """Take a database back that `fresh(prepare)` gave, for the next one who asks.

        Its rows are made those of the template again, which takes a tenth of the time of a new copy. Not for who
        changed tables: they `drop` it.
        """
        name = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
        if prepare not in self._contents:
            template = self.engine.url_of(self._templates[prepare], role="postgres")
            async with await psycopg.AsyncConnection.connect(template, autocommit=True) as connection:
                self._contents[prepare] = await _contents(connection)
        address = self.engine.url_of(name, role="postgres")
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            await connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
            await _refill(connection, self._contents[prepare])
        self._cleaned.setdefault(prepare, []).append(name)

    async def drop(self, url: str) -> None:
        """Drop a database again, with whoever is connected to it."""
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        await self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name))))

    async def _create(self, template: str) -> str:
        name = f"t{next(self._numbers)}"
        await self._run(
            sql.SQL("CREATE DATABASE {} OWNER bastide TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    async def _run(self, statement: sql.Composed) -> None:
        address = self.engine.url_of("postgres", role="postgres")
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            await connection.execute(statement)


async def _contents(connection: Connection) -> Contents:
    names = await connection.execute(
        "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
    )
    held: Contents = []
    for schema, table in await names.fetchall():
        name = sql.Identifier(schema, table)
        async with connection.cursor().copy(sql.SQL("copy {} to stdout").format(name)) as copy:
            held.append((name, b"".join([bytes(chunk) async for chunk in copy])))
    return held


async def _refill(connection: Connection, contents: Contents) -> None:
    async with connection.transaction():
        # No trigger and no reference stands in the way.
        await connection.execute("set local session_replication_role = replica")
        emptied = [sql.SQL("delete from {}").format(name) for name, _ in contents]
        await connection.execute(sql.SQL("; ").join(emptied))
        for name, rows in contents:
            if rows:
                async with connection.cursor().copy(sql.SQL("copy {} from stdin").format(name)) as copy:
                    await copy.write(rows)
        await connection.execute("select setval(oid::regclass, 1, false) from pg_class where relkind = 'S'")


@contextlib.asynccontextmanager
async def elsewhere(folder: Path, port: int) -> AsyncGenerator[str]:
    """A PostgreSQL as somebody else runs it: reached by TCP on loopback, with a role and a password.

    Gives the address of an empty database, which that role owns.
    """
    engine = engine_in(folder)
    await engine.prepare()
    with (folder / "postgres" / "postgresql.conf").open("a") as file:
        file.write(f"listen_addresses = '127.0.0.1'\nport = {port}\n")
    with (folder / "postgres" / "pg_hba.conf").open("a") as file:
        file.write("host all all 127.0.0.1/32 scram-sha-256\n")
    process = await engine.start()
    try:
        await engine.wait_ready(process)
        master = f"{engine.url_of('postgres', role='postgres')}&port={port}"
        async with await psycopg.AsyncConnection.connect(master, autocommit=True) as connection:
            await connection.execute("CREATE ROLE outsider LOGIN PASSWORD 's3cret'")
            await connection.execute("CREATE DATABASE town OWNER outsider")
        yield f"postgresql://outsider:s3cret@127.0.0.1:{port}/town"
    finally:
        await engine.stop(process)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres() -> AsyncIterator[SessionPostgres]:
    """The session's PostgreSQL, in a temporary folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bastide-pg-", ignore_cleanup_errors=True) as folder:
        engine = engine_in(Path(folder))
        await engine.prepare()
        process = await engine.start()
        try:
            await engine.wait_ready(process)
            yield SessionPostgres(engine)
        finally:
            await engine.stop(process)
