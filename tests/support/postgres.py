"""One real PostgreSQL for the whole test session, and a fresh database for each test that wants one.

    from tests.support.postgres import postgres          # the session's fixture, in a conftest

    async def migrate(url: str) -> None: ...             # lays the tables
    url = await postgres.fresh(migrate)                  # a copy of a database that was migrated once

Only here `fsync` is off: a test's data may be lost with the machine.
"""

import itertools
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psycopg
import psycopg.conninfo
import pytest_asyncio
from psycopg import sql

from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings

Preparation = Callable[[str], Awaitable[None]]


class SessionPostgres:
    """The running server of this session."""

    def __init__(self, engine: EmbeddedPostgres) -> None:
        self.engine = engine
        self._templates: dict[Preparation | None, str] = {None: "template1"}
        self._numbers = itertools.count(1)

    async def fresh(self, prepare: Preparation | None = None) -> str:
        """Make a new database and give its address, as the application's role.

        With `prepare`, the database is a copy of one that `prepare(address)` filled, once a session.
        """
        if prepare is not None and prepare not in self._templates:
            name = await self._create("template1")
            await prepare(self.engine.url_of(name))
            self._templates[prepare] = name
        return self.engine.url_of(await self._create(self._templates[prepare]))

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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres() -> AsyncIterator[SessionPostgres]:
    """The session's PostgreSQL, in a temporary folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bastide-pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        engine = EmbeddedPostgres(
            PostgresSettings(
                home=home / "postgres", run=home / "run", log=home / "postgres.log", durable=False
            )
        )
        await engine.prepare()
        process = await engine.start()
        try:
            await engine.wait_ready(process)
            yield SessionPostgres(engine)
        finally:
            await engine.stop(process)
