"""Whether there is anything to fill: asked at each start, so it must be right, and cheap."""

import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from bastide.core.clock import Clock, HeldClock
from bastide.core.ids import Ids
from bastide.demo.fill import fill
from bastide.demo.passphrase import passphrase
from bastide.demo.state import FILLING, Welcome, set_state, state, welcome_if_filled
from bastide.house import House
from bastide.settings import ROOT, Settings
from tests.support.postgres import SessionPostgres
from tests.support.town import MORNING, lay_tables


@pytest_asyncio.fixture
async def url(postgres: SessionPostgres) -> AsyncGenerator[str]:
    url = await postgres.fresh(lay_tables)
    yield url
    await postgres.drop(url)


async def somebody_moves_in(settings: Settings, url: str) -> None:
    house = House.build(settings, conninfo=url, clock=HeldClock(MORNING))
    await house.open()
    async with house.ground.database.transaction() as tx:
        await house.people.do_add_organisation(
            tx, "Mairie de Saint-Amand", "Saint-Amand", "saint-amand.example"
        )
    await house.close()


async def test_a_database_without_tables_is_to_be_filled(postgres: SessionPostgres, tmp_path: Path) -> None:
    url = await postgres.fresh()
    assert await welcome_if_filled(Settings(data=tmp_path), url) is None
    await postgres.drop(url)


async def test_a_house_in_which_nobody_lives_is_to_be_filled(url: str, tmp_path: Path) -> None:
    assert await welcome_if_filled(Settings(data=tmp_path), url) is None


async def test_a_house_of_its_own_people_is_left_alone(url: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await somebody_moves_in(settings, url)
    assert await welcome_if_filled(settings, url) == Welcome([])


async def test_half_a_demo_is_to_be_filled_and_a_whole_one_says_as_whom_to_sign_in(
    url: str, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path)
    await somebody_moves_in(settings, url)
    await set_state(url, FILLING)
    assert await welcome_if_filled(settings, url) is None

    await set_state(url, "agathe@haute-vezelle.example")
    assert await state(url) == "agathe@haute-vezelle.example"
    assert await welcome_if_filled(settings, url) is None, "it did not say yet what it is"
    await fill(settings, url)
    welcome = await welcome_if_filled(settings, url)
    assert welcome
    words = passphrase(tmp_path, Ids(Clock()))
    assert welcome.lines == [f"Sign in as agathe@haute-vezelle.example, passphrase: {words}"]


def test_looking_does_not_load_the_house() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, bastide.demo.__main__; print(*sys.modules)"],
        env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert "bastide.demo.state" in loaded
    assert not {"bastide.house", "bastide.demo.seed", "litestar", "PIL"} & set(loaded)
