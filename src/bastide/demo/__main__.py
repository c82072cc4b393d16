"""`python -m bastide.demo --if-empty`: fill an empty instance, and leave the words that say as whom to sign in.

The demo organisation is filled in whole or not at all: a filling that was cut short is cleared away by the next one.
Without the demo, the words hold the first administrator's one-time link.
"""

import asyncio
import os
import sys

import msgspec
import psycopg
import structlog

from bastide.core.clock import Clock, HeldClock
from bastide.core.ids import Ids
from bastide.core.migrate import migrate
from bastide.demo.passphrase import passphrase
from bastide.house import House, migrations
from bastide.logs import set_up_logs
from bastide.settings import Settings, load

log = structlog.get_logger()
_STATE = "demo"


class Welcome(msgspec.Struct, frozen=True):
    """What the supervisor prints when one can sign in."""

    lines: list[str]


async def welcome(settings: Settings, conninfo: str) -> Welcome:
    """Fill what is empty, and say as whom to sign in."""
    clock = Clock()
    await migrate(conninfo, migrations(), clock)
    if await _state(conninfo) == "filling":
        log.warning("demo.filled_again")
        await _clear(conninfo)
        await migrate(conninfo, migrations(), clock)
    held = HeldClock(clock.now())
    house = House.build(settings, conninfo=conninfo, clock=held)
    await house.open()
    try:
        empty = not await house.people.organisations()
        if empty and settings.demo:
            from bastide.demo.load import day_to_load
            from bastide.demo.load import load as load_demo
            from bastide.demo.seed import Seeder

            await _set_state(conninfo, "filling")
            demo = load_demo(day_to_load(clock.now()))
            await Seeder(house, held, demo, passphrase(settings.data, Ids(clock))).run()
            main = next(a.address for a in demo.agents if a.key == demo.main_agent)
            await _set_state(conninfo, main)
        elif empty:
            return Welcome([f"Begin here, once: {settings.origin}/first#{await house.first.link()}"])
    finally:
        await house.close()
    main = await _state(conninfo)
    if main is None:
        return Welcome([])
    return Welcome([f"Sign in as {main}, passphrase: {passphrase(settings.data, Ids(clock))}"])


async def _state(conninfo: str) -> str | None:
    """None: no demo; `filling`: one was begun; else the address of its main agent."""
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        cursor = await connection.execute("select value from instance where name = %s", (_STATE,))
        row = await cursor.fetchone()
        return str(row[0]) if row else None


async def _set_state(conninfo: str, value: str) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        await connection.execute(
            "insert into instance (name, value) values (%s, %s) on conflict (name) do update set value = excluded.value",
            (_STATE, value),
        )


async def _clear(conninfo: str) -> None:
    """Only ever called where the database was empty when a filling began that did not end."""
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute("drop schema public cascade")
        await connection.execute("create schema public")


def main() -> int:
    """Fill, and write `<run>/welcome.json` for the owner's eyes."""
    set_up_logs()
    settings = load([], os.environ)
    if settings.database_url is None:
        log.error("demo.no_database")
        return 1
    words = asyncio.run(welcome(settings, settings.database_url))
    settings.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.run / "welcome.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(words))
    return 0


if __name__ == "__main__":
    sys.exit(main())
