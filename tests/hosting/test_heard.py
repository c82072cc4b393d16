"""What one process declares is felt by the others: the terminal's declarations reach the running application."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest_asyncio

from bastide.core.events import Entry
from bastide.core.policy import Hosting, HostingException, HostingProfile, Label, Reading
from bastide.hosting.model import INSTANCE_STREAM
from bastide.hosting.service import OPERATOR
from bastide.house import House
from bastide.settings import Settings
from tests.support.postgres import SessionPostgres
from tests.support.served import serving
from tests.support.town import Town, lay_tables, living_town


class Two(NamedTuple):
    """The running application's town, and another process's house on the same database."""

    town: Town
    other: House
    folder: Path


@pytest_asyncio.fixture
async def two(postgres: SessionPostgres, tmp_path: Path) -> AsyncGenerator[Two]:
    url = await postgres.fresh(lay_tables)
    async with living_town(postgres, tmp_path / "one", url=url) as town:
        house = House.build(
            Settings(data=tmp_path / "other", demo=False), conninfo=url, clock=town.house.ground.clock
        )
        await house.open()
        try:
            yield Two(town, house, tmp_path)
        finally:
            await house.close()
    await postgres.give_back(url, lay_tables)


@asynccontextmanager
async def hearing(house: House) -> AsyncGenerator[None]:
    task = asyncio.create_task(house.hearing.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_open_windows_feel_within_two_seconds_what_the_terminal_declares(two: Two) -> None:
    town, other, folder = two
    await town.space(town.agathe, label=Label.SENSITIVE, contributors=[town.ousmane])
    async with serving(town, folder) as served, hearing(town.house):
        window = await served.window(town.ousmane)
        wire = await window.socket()
        before = time.monotonic()
        await other.hosting.do_declare_profile(OPERATOR, HostingProfile(Hosting.COMMERCIAL))
        await wire.first(lambda f: f["t"] == "reload" and f["streams"] == [str(town.ousmane.person_id)])
        assert time.monotonic() - before < 2
        rule = (await window.get("/api/rule")).json()
        assert rule["profile"]["profile"]["hosting"] == "commercial"
        assert {h["state"] for h in rule["holdings"]} == {"closed"}


async def test_it_is_told_in_order_and_once(two: Two) -> None:
    town, other, _ = two
    told: list[int] = []

    def listen(entry: Entry) -> None:
        if entry.stream_id == INSTANCE_STREAM:
            told.append(entry.seq)

    town.house.ground.bus.subscribe(listen)
    async with town.house.ground.database.read() as reader:
        start = await town.house.ground.journal.head(reader, INSTANCE_STREAM)
    for reading in (Reading.SREN_2024, Reading.CIRCULAR_2023, Reading.SREN_2024):
        await other.hosting.do_declare_reading(OPERATOR, reading)
    await asyncio.gather(*(town.house.hearing.look() for _ in range(3)))
    await town.house.hearing.look()
    assert told == [start + 1, start + 2, start + 3]
    assert town.house.rulebook.declared.reading is Reading.SREN_2024


async def test_both_write_at_once(two: Two) -> None:
    town, other, _ = two
    day = town.house.rulebook.today
    told: list[int] = []

    def listen(entry: Entry) -> None:
        if entry.stream_id == INSTANCE_STREAM:
            told.append(entry.seq)

    town.house.ground.bus.subscribe(listen)
    async with hearing(town.house), hearing(other):
        for n in range(4):
            await asyncio.gather(
                town.house.hosting.do_declare_exception(OPERATOR, HostingException(f"Ici {n}", day)),
                other.hosting.do_declare_exception(OPERATOR, HostingException(f"Là-bas {n}", day)),
                town.house.hosting.do_declare_reading(OPERATOR, Reading.CIRCULAR_2023),
                other.hosting.do_declare_reading(OPERATOR, Reading.SREN_2024),
            )
    for house in (town.house, other):
        await house.hearing.look()
    assert told == list(range(told[0], told[0] + 16)), "each of them, in order, once"
    authorities = {f"{where} {n}" for where in ("Ici", "Là-bas") for n in range(4)}
    assert {e.authority for e in town.house.rulebook.declared.exceptions} == authorities
    assert town.house.rulebook.declared == other.rulebook.declared
    async with town.house.ground.database.read() as reader:
        before = town.house.rulebook.declared
        await town.house.rulebook.load(reader)
    assert town.house.rulebook.declared == before, "memory is what the database has"


async def test_an_answer_knows_what_another_declared_just_before(two: Two) -> None:
    town, other, _ = two
    await other.hosting.do_declare_profile(OPERATOR, HostingProfile(Hosting.STATE))
    view = await town.house.hosting.do_declare_reading(OPERATOR, Reading.SREN_2024)
    assert view.profile is not None
    assert view.profile.profile.hosting is Hosting.STATE
    assert view.reading.reading is Reading.SREN_2024
