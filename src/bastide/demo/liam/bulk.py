"""The bulk of a house: messages streamed into tables that have no indexes meanwhile."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
import psycopg
from psycopg import sql

from bastide.core.database import Connection
from bastide.demo.liam.copying import copy_packed
from bastide.demo.liam.talk import JOURNAL, MESSAGE, Talk

_AHEAD = 4  # chunks that wait to be written
_TELL_EVERY_S = 5.0
_MEMORY = "512MB"  # for making an index
TABLES = ("message", "journal", "read_mark")


class _Made(msgspec.Struct, frozen=True):
    """What was taken off a table, as statements that put it back."""

    drop: sql.Composed
    make: sql.Composed


@asynccontextmanager
async def bare(connection: Connection, tables: Sequence[str]) -> AsyncGenerator[None]:
    """Take constraints, indexes and autovacuum off tables, and put them back, checked, when all is written.

    What is cut short in between is left bare: a house that is not whole is cleared away and begun anew.
    """
    taken = [one for table in tables for one in await _constraints(connection, table)]
    for one in reversed(taken):
        await connection.execute(one.drop)
    for table in tables:
        await connection.execute(
            sql.SQL("alter table {} set (autovacuum_enabled = false)").format(sql.Identifier(table))
        )
    yield
    await connection.execute(sql.SQL("set maintenance_work_mem = {}").format(_MEMORY))
    for one in taken:
        await connection.execute(one.make)
    for table in tables:
        await connection.execute(
            sql.SQL("alter table {} reset (autovacuum_enabled)").format(sql.Identifier(table))
        )


async def _constraints(connection: Connection, table: str) -> list[_Made]:
    """Keys first, as references stand on them; then indexes that are no constraint's."""
    found = await connection.execute(
        """
        select conname, pg_get_constraintdef(oid) from pg_constraint
        where conrelid = %s::regclass and contype in ('p', 'u', 'f') order by contype = 'f', conname
        """,
        (table,),
    )
    name = sql.Identifier(table)
    taken = [
        _Made(
            sql.SQL("alter table {} drop constraint {}").format(name, sql.Identifier(constraint)),
            sql.SQL("alter table {} add constraint {} {}").format(
                name, sql.Identifier(constraint), _own(definition)
            ),
        )
        for constraint, definition in await found.fetchall()
    ]
    others = await connection.execute(
        """
        select i.relname, pg_get_indexdef(i.oid) from pg_index x join pg_class i on i.oid = x.indexrelid
        where x.indrelid = %s::regclass
          and not exists (select 1 from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u', 'x'))
        """,
        (table,),
    )
    for index, definition in await others.fetchall():
        dropped = sql.SQL("drop index {}").format(sql.Identifier(index))
        taken.append(_Made(dropped, sql.SQL("{}").format(_own(definition))))
    return taken


def _own(text: str) -> sql.SQL:
    """What the database itself wrote as a definition."""
    return sql.SQL(text)  # pyright: ignore[reportArgumentType]


class Bulk:
    """Streams a talk into the tables: drawn in a thread, written over two connections at once."""

    def __init__(self, conninfo: str, talk: Talk, tell: Callable[[str], None]) -> None:
        self._conninfo = conninfo
        self._talk = talk
        self._tell = tell

    async def run(self, count: int) -> None:
        """Write so many messages with their entries."""
        said: asyncio.Queue[bytes | None] = asyncio.Queue(_AHEAD)
        noted: asyncio.Queue[bytes | None] = asyncio.Queue(_AHEAD)
        async with contextlib.AsyncExitStack() as stack:
            one, other = [
                await stack.enter_async_context(
                    await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
                )
                for _ in range(2)
            ]
            async with asyncio.TaskGroup() as group:
                group.create_task(copy_packed(one, MESSAGE, _of(said)))
                group.create_task(copy_packed(other, JOURNAL, _of(noted)))
                group.create_task(self._draw(count, said, noted))

    async def _draw(
        self, count: int, said: asyncio.Queue[bytes | None], noted: asyncio.Queue[bytes | None]
    ) -> None:
        since = told = time.monotonic()
        written, chunks = 0, self._talk.chunks(count)
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            await said.put(chunk.messages)
            await noted.put(chunk.entries)
            written += chunk.count
            now = time.monotonic()
            if now - told > _TELL_EVERY_S:
                told = now
                rate = written / (now - since)
                self._tell(
                    f"  {written:,} messages of {count:,} ({100 * written / count:.0f} %), {rate:,.0f}/s, "
                    f"about {(count - written) / rate:.0f} s more"
                )
        await said.put(None)
        await noted.put(None)


async def _of(queue: asyncio.Queue[bytes | None]) -> AsyncIterator[bytes]:
    while (part := await queue.get()) is not None:
        yield part
