"""Snapshot before + events = snapshot after, for each kind of event.

The real services write what happens; what the server would send one window is kept in `web/src/test/fixtures`, where
the window's own tests take it in. Here the same entries are taken in by the server's memberships, and the kept files are
compared with what the services say today. To write them anew: `pytest tests/contract --write-fixtures`.
"""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from bastide.core.clock import HeldClock
from bastide.core.events import tag_of
from bastide.core.policy import Actor
from bastide.home.model import Snapshot
from bastide.settings import ROOT
from bastide.spaces.roster import Roster
from tests.contract.stories import STORIES, VIEWERS, Story
from tests.contract.window import Listening
from tests.support.postgres import SessionPostgres
from tests.support.town import Town, living_town

FIXTURES = ROOT / "web" / "src" / "test" / "fixtures"
SEED = 20260310
BETWEEN = timedelta(seconds=97)


class Fixture(msgspec.Struct, frozen=True):
    """One story as a window lives it.

    `frames` is what it hears while it is connected; `asked` what the server answers when the window then asks for a
    space, by the number of frames it had heard. `late` is what a window hears that comes back at the end.
    """

    name: str
    me: UUID
    before: Snapshot
    frames: list[dict[str, Any]]
    asked: list[dict[str, Any]]
    late: list[dict[str, Any]]
    after: Snapshot


async def lived(town: Town, name: str, tell: Story) -> Fixture:
    """Let a story happen while Agathe, or whoever it is told to, looks on."""
    clock, viewer = town.house.ground.clock, getattr(town, VIEWERS.get(name, "agathe"))
    assert isinstance(clock, HeldClock)
    acts = tell(town)
    clock.advance(BETWEEN)
    await anext(acts)
    before = await town.house.home.snapshot(viewer)
    cursors = {own.space.id: own.cursor for own in before.spaces} | {viewer.person_id: before.cursor}
    live = await Listening.open(town, viewer, cursors)
    asked: list[dict[str, Any]] = []
    seen = 0
    more = True
    while more:
        clock.advance(BETWEEN)
        more = await _next(acts)
        asked += await _asked(town, viewer, live, seen)
        seen = len(live.told())
    after = await town.house.home.snapshot(viewer)
    late = await Listening.open(town, viewer, cursors)
    live.close()
    late.close()
    return Fixture(name, viewer.person_id, before, live.told(), asked, late.told(), after)


async def _next(acts: AsyncGenerator[None]) -> bool:
    try:
        await anext(acts)
    except StopAsyncIteration:
        return False
    return True


async def _asked(town: Town, viewer: Actor, live: Listening, seen: int) -> list[dict[str, Any]]:
    """The spaces that a window would ask for after the frames it has just heard, as the server shows them."""
    spaces = {own.space.id for own in (await town.house.home.snapshot(viewer)).spaces}
    shown = {
        UUID(frame["e"].get("space_id", frame["s"]))
        for frame in live.told()[seen:]
        if frame["t"] == "event" and frame["e"]["type"] in ("spaces.space.gained", "spaces.space.changed")
    }
    return [
        {"heard": len(live.told()), "space": await town.house.home.space(viewer, space_id)}
        for space_id in sorted(spaces & shown)
    ]


def written(fixture: Fixture) -> bytes:
    """A fixture as its file holds it."""
    return msgspec.json.format(msgspec.json.encode(fixture), indent=2) + b"\n"


@pytest.mark.parametrize("name", STORIES)
async def test_what_windows_and_memberships_hear(
    name: str, postgres: SessionPostgres, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with living_town(postgres, tmp_path, seed=SEED) as town:
        content = written(await lived(town, name, STORIES[name]))
        await _memberships_follow(town)
    file = FIXTURES / f"{name}.json"
    if request.config.getoption("--write-fixtures", default=False):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    assert file.is_file(), f"{file.name} was never written: pytest tests/contract --write-fixtures"
    assert msgspec.json.decode(file.read_bytes()) == msgspec.json.decode(content), (
        f"{file.name} is not what the services say: look why, then pytest tests/contract --write-fixtures"
    )


async def _memberships_follow(town: Town) -> None:
    """The server's own memory, fed with every entry from the beginning, is what is loaded from the tables."""
    fed, loaded = Roster(), Roster()
    for entry in town.heard:
        fed.apply(entry)
    async with town.house.ground.database.read() as reader:
        await loaded.load(reader)
    for roster in (fed, town.house.roster):
        assert _all(roster) == _all(loaded)


def _all(roster: Roster) -> tuple[object, ...]:
    return roster.whole()


async def test_every_kind_of_event_has_a_fixture(town: Town) -> None:
    told: set[str] = set()
    for name in STORIES:
        fixture = msgspec.json.decode((FIXTURES / f"{name}.json").read_bytes())
        told |= {f["e"]["type"] for f in (*fixture["frames"], *fixture["late"]) if f["t"] == "event"}
    assert {tag_of(kind) for kind in town.house.ground.registry.types} == told


def test_no_fixture_is_left_behind() -> None:
    assert {file.stem for file in FIXTURES.glob("*.json")} == set(STORIES)
