"""How many sockets may be open: the newest gets in, the oldest is told why it goes, and nobody else is touched."""

from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from bastide.core.gateway import crowd
from bastide.core.gateway.crowd import CROWDED, Crowd, Most
from tests.support.eventually import until
from tests.support.postgres import SessionPostgres
from tests.support.served import Served, serving
from tests.support.town import living_town
from tests.support.wire import Wire

FEW = Most(of_session=3, of_person=5)


@pytest_asyncio.fixture
async def crowded(
    postgres: SessionPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_edge: bool
) -> AsyncGenerator[tuple[Served, list[Crowd]]]:
    """A served town where few sockets are too many."""
    made: list[Crowd] = []

    class Small(Crowd):
        def __init__(self, behind: crowd.Endpoint) -> None:
            super().__init__(behind, FEW)
            made.append(self)

    monkeypatch.setattr("bastide.house.Crowd", Small)
    async with (
        living_town(postgres, tmp_path / "data") as town,
        serving(town, tmp_path, by_edge=by_edge) as served,
    ):
        yield served, made


async def lives(wire: Wire) -> None:
    """It still answers."""
    assert (await wire.ask("ping"))["t"] == "done"


def test_what_one_may_have_is_what_was_decided() -> None:
    assert msgspec.structs.asdict(Most()) == {"of_session": 30, "of_person": 100}


async def test_the_oldest_of_a_session_goes_for_the_newest(crowded: tuple[Served, list[Crowd]]) -> None:
    served, made = crowded
    window, other = await served.window(served.town.agathe), await served.window(served.town.ousmane)
    theirs = await other.socket()
    # One that never said hello takes room, too.
    silent = await window.bare_socket()
    wires = [await window.socket() for _ in range(2)]
    await lives(wires[0])
    newest = await window.socket()
    assert await silent.end() == (CROWDED, "too-many-sockets")
    for wire in (*wires, newest, theirs):
        await lives(wire)
    last = await window.socket()
    assert (await wires[0].end())[0] == CROWDED
    for wire in (wires[1], newest, last, theirs):
        await lives(wire)
    # Room that was left is room again.
    await newest.close()
    await until(lambda: sum(len(held) for held in made[0]._open.values()) == 6)
    await window.socket()
    await lives(wires[1])
    for wire in (wires[1], last, theirs):
        await wire.close()
    await window.close()
    await until(lambda: not made[0]._open)


async def test_a_person_has_a_bound_over_all_their_sessions(crowded: tuple[Served, list[Crowd]]) -> None:
    served, _ = crowded
    windows = [await served.window(served.town.agathe) for _ in range(3)]
    wires = [await window.socket() for window in windows for _ in range(2)]
    assert (await wires[0].end())[0] == CROWDED
    for wire in wires[1:]:
        await lives(wire)


async def test_a_refused_socket_takes_no_room(crowded: tuple[Served, list[Crowd]]) -> None:
    served, made = crowded
    window = await served.window(served.town.agathe)
    for origin in ("https://evil.example", None):
        with pytest.raises(Exception, match="401"):
            await window.bare_socket(origin=origin)
    assert not made[0]._open
    wire = await window.socket()
    await lives(wire)
    await window.delete("/api/session")
    assert (await wire.end())[0] == 4401
    await until(lambda: not made[0]._open)
