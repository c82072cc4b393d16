"""The stories' house, street and times.

BASTIDE_STORIES=DATA:PORT runs them on an instance that is running already (with the demo organisation), as it is.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import pytest_asyncio

from bastide.doctor.memory import tree
from bastide.settings import ROOT
from tests.browser.support.calls import NOTING, Caller, Party
from tests.browser.support.house import House, open_house
from tests.browser.support.media import LISTENING, likeness
from tests.browser.support.story import Story, forget_failures
from tests.browser.support.watch import EngineWatch
from tests.browser.support.windows import AGATHE, OUSMANE, WASSILA, Person, Street, Trio, street
from tests.support.postgres import SessionPostgres
from tests.support.served import Served, serving
from tests.support.town import living_town

_FAILED = pytest.StashKey[bool]()
_STORIES = pytest.StashKey[list[Story]]()
_BEGAN = pytest.StashKey[float]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_STORIES] = []
    config.stash[_BEGAN] = monotonic()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, pytest.TestReport]:
    report: pytest.TestReport = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.section("stories")
    for story in config.stash[_STORIES]:
        terminalreporter.write_line(story.name)
        for line in story.lines:
            terminalreporter.write_line(f"  {line}")
    terminalreporter.write_line(f"all of it: {monotonic() - config.stash[_BEGAN]:.0f} s")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house() -> AsyncGenerator[House]:
    """The instance of the session; at its end, no engine may have reached out."""
    forget_failures()
    async with contextlib.AsyncExitStack() as stack:
        house = await open_house(stack)
        await house.calls_ready()
        supervisor = house.process("supervisor")
        assert supervisor
        watch = EngineWatch()
        looking = asyncio.create_task(watch.follow(lambda: tree(supervisor)))
        yield house
        looking.cancel()
        assert watch.looks > 0
        assert not watch.reaching_out()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browsers(house: House) -> AsyncGenerator[Street]:
    """All browsers of the session."""
    async with contextlib.AsyncExitStack() as stack:
        yield await street(house, stack)


@pytest_asyncio.fixture(loop_scope="session")
async def held_house(postgres: SessionPostgres, tmp_path: Path) -> AsyncGenerator[Served]:
    """A house whose clock the test holds, with the real window, and its calendar watched."""
    async with (
        living_town(postgres, tmp_path / "data") as town,
        serving(town, tmp_path, window=ROOT / "web" / "dist") as served,
    ):
        watching = [
            asyncio.create_task(run) for run in (town.house.rulebook.run(), town.house.departures.run())
        ]
        yield served
        for watch in watching:
            watch.cancel()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def trio(browsers: Street, tmp_path_factory: pytest.TempPathFactory) -> Trio:
    """Three agents of two organisations who have signed in, each with a voice and a colour of their own."""
    folder = tmp_path_factory.mktemp("likenesses")
    people: list[Person] = []
    for number, agent in enumerate((AGATHE, OUSMANE, WASSILA)):
        own = await likeness(folder, number)
        people.append(await browsers.person(agent, likeness=own, init=[LISTENING, NOTING]))
    await asyncio.gather(*(person.sign_in() for person in people))
    return Trio(*people)


@pytest_asyncio.fixture(loop_scope="session")
async def party(trio: Trio) -> AsyncGenerator[Party]:
    """The three with their voices. Whatever happened, nobody stays in a call or has more than one window."""
    yield Party(*(Caller(person, person.likeness) for person in trio if person.likeness))
    for person in trio:
        for other in person.context.pages:
            if other is not person.page:
                await other.close()
        await person.open("/sign-in")


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def story(request: pytest.FixtureRequest, browsers: Street) -> AsyncGenerator[Story]:
    """A story's steps. Whatever it is about, no window may ask strangers for anything, or throw."""
    told = Story(request.node.name, browsers)
    yield told
    # What has no steps is a check, not a story.
    if told.lines:
        told.lines.append(f"{told.seconds:7.1f} s  in all")
        request.config.stash[_STORIES].append(told)
    if request.node.stash.get(_FAILED, False):
        told.lines.append("failed")
        return
    for person in browsers.people:
        assert not person.watch.foreign()
        assert not person.watch.faults, person.given
