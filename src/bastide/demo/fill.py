"""Filling what is empty: with the demo organisation, or with the first administrator's one-time link."""

import structlog

from bastide.core.clock import Clock, HeldClock
from bastide.core.ids import Ids
from bastide.core.migrate import migrate
from bastide.demo.load import day_to_load
from bastide.demo.load import load as load_demo
from bastide.demo.passphrase import passphrase
from bastide.demo.seed import Seeder, declare_fiction
from bastide.demo.state import FILLING, Welcome, clear, set_state, state, welcome_as
from bastide.house import House, migrations
from bastide.settings import Settings

log = structlog.get_logger()


async def fill(settings: Settings, conninfo: str) -> Welcome:
    """Fill what is empty, and say as whom to sign in. A filling that was cut short is cleared away first."""
    clock = Clock()
    await migrate(conninfo, migrations(), clock)
    if await state(conninfo) == FILLING:
        log.warning("demo.filled_again")
        await clear(conninfo)
        await migrate(conninfo, migrations(), clock)
    held = HeldClock(clock.now())
    house = House.build(settings, conninfo=conninfo, clock=held)
    await house.open()
    try:
        empty = not await house.people.organisations()
        if empty and settings.demo:
            await set_state(conninfo, FILLING)
            demo = load_demo(day_to_load(clock.now()))
            await Seeder(house, held, demo, passphrase(settings.data, Ids(clock))).run()
            main = next(a.address for a in demo.agents if a.key == demo.main_agent)
            await set_state(conninfo, main)
        elif empty:
            return Welcome([f"Begin here, once: {settings.origin}/first#{await house.first.link()}"])
        elif await state(conninfo) is not None and house.rulebook.declared.profile is None:
            await declare_fiction(house)  # a demo from before instances said what they are
    finally:
        await house.close()
    return welcome_as(settings, await state(conninfo))
