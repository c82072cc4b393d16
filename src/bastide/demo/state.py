"""Whether an instance is filled, and as whom one signs in to its demo. Kept small: each start of `up` asks it.

The demo organisation is filled in whole or not at all: what was cut short stays marked, and is begun anew.
"""

from typing import Any

import msgspec
import psycopg

from bastide.core.clock import Clock
from bastide.core.database import Reader
from bastide.core.ids import Ids
from bastide.demo.passphrase import passphrase
from bastide.settings import Settings

FILLING = "filling"
_NAME = "demo"


class Welcome(msgspec.Struct, frozen=True):
    """What the supervisor prints when one can sign in."""

    lines: list[str]


async def welcome_if_filled(settings: Settings, conninfo: str) -> Welcome | None:
    """Say as whom to sign in; None where there is something to fill: no tables, nobody, half or an undeclared demo."""
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        tables = await connection.execute(
            "select to_regclass('instance') is not null and to_regclass('organisation') is not null"
        )
        laid = await tables.fetchone()
        if laid is None or not laid[0]:
            return None
        found = await connection.execute(
            "select exists (select from organisation), (select value from instance where name = %s)", (_NAME,)
        )
        row = await found.fetchone()
        if row is None or not row[0] or row[1] == FILLING:
            return None
        if row[1] is not None and not await _declared(connection):
            return None
    return welcome_as(settings, row[1])


async def _declared(connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> bool:
    """Whether a demo ever said where it lies: one from before there were declarations has not."""
    table = await (await connection.execute("select to_regclass('declaration') is not null")).fetchone()
    if table is None or not table[0]:
        return False
    found = await connection.execute("select exists (select from declaration where kind = 'profile')")
    row = await found.fetchone()
    return bool(row and row[0])


def welcome_as(settings: Settings, main_agent: str | None) -> Welcome:
    """The words for an instance that has somebody: its demo's main agent, or nothing to say without a demo."""
    if main_agent is None:
        return Welcome([])
    return Welcome([f"Sign in as {main_agent}, passphrase: {passphrase(settings.data, Ids(Clock()))}"])


async def state(conninfo: str) -> str | None:
    """None: no demo; `FILLING`: one was begun; else the address of its main agent. The tables must be there."""
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        cursor = await connection.execute("select value from instance where name = %s", (_NAME,))
        row = await cursor.fetchone()
        return str(row[0]) if row else None


async def is_demo(reader: Reader) -> bool:
    """Whether the people of the demo are in an instance: it says so as long as they are."""
    return bool(await reader.value("select exists (select from instance where name = %(name)s)", name=_NAME))


async def set_state(conninfo: str, value: str) -> None:
    """Keep how far the demo is; see `state`."""
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        await connection.execute(
            "insert into instance (name, value) values (%s, %s) on conflict (name) do update set value = excluded.value",
            (_NAME, value),
        )


async def clear(conninfo: str) -> None:
    """Only ever called where the database was empty when a filling began that did not end."""
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute("drop schema public cascade")
        await connection.execute("create schema public")
