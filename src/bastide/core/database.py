"""PostgreSQL: a pool, transactions that carry their journal entries, rows into structs.

SQL is written as SQL (typed `LiteralString`), in each module's `store`. Nobody calls commit: a transaction commits
when its block ends well, and only then are its entries handed to the bus.
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, LiteralString, TypeVar, cast

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.rows import BaseRowFactory, tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from bastide.core.errors import Unavailable
from bastide.core.events import Entry
from bastide.core.tally import TALLY

T = TypeVar("T")
Connection = AsyncConnection[tuple[Any, ...]]
Published = Callable[[Sequence[Entry]], None]

# What a dead or restarting server looks like from here; nothing was done, or nobody knows whether it was.
UNREACHABLE = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)


@cache
def _in_order(struct: type[Any]) -> tuple[str, ...] | None:
    """A struct's fields where it takes them in their order; None where it takes them by name alone."""
    parameters = inspect.signature(struct).parameters.values()
    plain = all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters)
    return tuple(p.name for p in parameters) if plain else None


def struct_row(struct: type[T]) -> BaseRowFactory[T]:
    """A row factory that fills a struct's fields by the names of the columns."""

    def factory(cursor: Any) -> Callable[[Sequence[Any]], T]:
        names = [column.name for column in cursor.description or ()]
        if tuple(names) == _in_order(struct):
            return lambda values: struct(*values)

        def make(values: Sequence[Any]) -> T:
            return struct(**dict(zip(names, values, strict=True)))

        return make

    return cast("BaseRowFactory[T]", factory)


class Reader:
    """What may be asked of a connection: everything but commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def connection(self) -> Connection:
        """For `COPY` and for the jobs' own driver; not for commit."""
        return self._connection

    async def all(self, struct: type[T], sql: LiteralString, **params: object) -> list[T]:
        """Every row as a struct. Asked for in the binary format: reading ids and times as text costs more."""
        async with self._connection.cursor(binary=True, row_factory=struct_row(struct)) as cursor:
            await cursor.execute(sql, params or None)
            return await cursor.fetchall()

    async def one(self, struct: type[T], sql: LiteralString, **params: object) -> T | None:
        """The first row as a struct, or None."""
        async with self._connection.cursor(binary=True, row_factory=struct_row(struct)) as cursor:
            await cursor.execute(sql, params or None)
            return await cursor.fetchone()

    async def rows(self, sql: LiteralString, **params: object) -> list[tuple[Any, ...]]:
        """Every row as a tuple, for two columns that deserve no struct."""
        async with self._connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(sql, params or None)
            return await cursor.fetchall()

    async def value(self, sql: LiteralString, **params: object) -> Any:
        """The first column of the first row, or None."""
        async with self._connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(sql, params or None)
            row = await cursor.fetchone()
            return row[0] if row else None


class Transaction(Reader):
    """One unit of work. What it appends to journals is announced after the commit, and never otherwise."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.entries: list[Entry] = []
        self.after_commit: list[Callable[[], Awaitable[None]]] = []

    async def run(self, sql: LiteralString, **params: object) -> int:
        """Execute a statement; returns how many rows it touched."""
        async with self._connection.cursor() as cursor:
            await cursor.execute(sql, params or None)
            return cursor.rowcount


class Use(msgspec.Struct, frozen=True):
    """How a pool is used: connections idle, at work and at most, who waits for one; asked for and not had, since the start."""

    idle: int
    used: int
    most: int
    waiting: int
    requests: int
    errors: int


class Database:
    """The pool, and what to do with what was committed."""

    def __init__(self, conninfo: str, *, most: int = 12) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=most,
            open=False,
            timeout=8.0,
            max_idle=60.0,
            reconnect_timeout=30.0,
            check=AsyncConnectionPool.check_connection,
            kwargs={"autocommit": True, "options": "-c timezone=UTC -c statement_timeout=30s"},
        )
        # Set by the composition root: what was committed; and what may have been, or not.
        self.published: Published = lambda _entries: None
        self.doubted: Published = lambda _entries: None

    async def open(self) -> None:
        """Connect; raises Unavailable when the server does not answer."""
        try:
            await self._pool.open(wait=True, timeout=15.0)
        except PoolTimeout as error:
            raise Unavailable(reason="database") from error

    async def close(self) -> None:
        await self._pool.close(timeout=2.0)

    @property
    def use(self) -> Use:
        """How the pool is used now."""
        stats = self._pool.get_stats()
        idle = stats["pool_available"]
        return Use(
            idle=idle,
            used=stats["pool_size"] - idle,
            most=stats["pool_max"],
            waiting=stats["requests_waiting"],
            requests=stats.get("requests_num", 0),
            errors=stats.get("requests_errors", 0),
        )

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Reader]:
        """A connection for reading single statements."""
        try:
            async with self._pool.connection() as connection:
                yield Reader(connection)
        except UNREACHABLE as error:
            raise Unavailable(reason="database") from error

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Reader]:
        """A connection whose statements all see the database at one same moment."""
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute("set transaction isolation level repeatable read, read only")
                yield Reader(connection)
        except UNREACHABLE as error:
            raise Unavailable(reason="database") from error

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """A unit of work: commits at the end of the block, then announces.

        When the connection dies during the commit nobody knows whether it took place: the caller gets Unavailable,
        repeats with the same client id, and gets the one answer there is. Its entries are doubted: should they stand in
        the journal, everybody must hear of them all the same, above all of who was removed.
        """
        try:
            async with self._pool.connection() as connection:
                work, ready = Transaction(connection), False
                try:
                    async with connection.transaction():
                        yield work
                        ready = True
                except BaseException:
                    if ready and work.entries:
                        self.doubted(work.entries)
                    raise
                if work.entries:
                    TALLY.entries += len(work.entries)
                    self.published(work.entries)
        except UNREACHABLE as error:
            raise Unavailable(reason="database") from error
        for hook in work.after_commit:
            await hook()
