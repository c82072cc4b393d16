"""Rows into tables by COPY: any rows as values, or what is packed already."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, LiteralString

import msgspec
from psycopg import sql

from bastide.core.database import Connection

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"


class Table(msgspec.Struct, frozen=True):
    """A table with the columns that are filled, and PostgreSQL's names of their types."""

    name: LiteralString
    columns: dict[LiteralString, LiteralString]


async def copy_rows(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    """Stream rows into a table, in one transaction; gives how many there were."""
    count = 0
    async with connection.cursor().copy(_statement(table)) as copy:
        copy.set_types(list(table.columns.values()))
        for row in rows:
            await copy.write_row(row)
            count += 1
    return count


async def copy_packed(connection: Connection, table: Table, parts: AsyncIterator[bytes]) -> None:
    """Stream rows that are in COPY's binary format already (without signature and end)."""
    async with connection.cursor().copy(_statement(table)) as copy:
        await copy.write(SIGNATURE)
        async for part in parts:
            await copy.write(part)
        await copy.write(END)


def _statement(table: Table) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in table.columns)
    return sql.SQL("copy {} ({}) from stdin (format binary)").format(sql.Identifier(table.name), columns)
