"""One edge before a served house: what crosses the line, and what is left when it breaks."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from bastide.core.gateway import carried, trunk
from bastide.core.gateway.contract import CloseCode
from tests.support.postgres import SessionPostgres
from tests.support.served import PAGE, Served, serving
from tests.support.town import living_town


@pytest_asyncio.fixture
async def edge(postgres: SessionPostgres, tmp_path: Path) -> AsyncGenerator[Served]:
    """A served town whose windows come by an edge."""
    async with (
        living_town(postgres, tmp_path / "data") as town,
        serving(town, tmp_path, by_edge=True) as served,
    ):
        yield served


async def test_what_goes_to_many_crosses_the_line_once(edge: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    town = edge.town
    own = await town.space(town.agathe, contributors=[town.ousmane, town.yanis])
    channel = await town.channel(town.agathe, own.space.id)
    wires = [
        await (await edge.window(actor)).socket()
        for actor in (town.agathe, town.ousmane, town.yanis)
        for _ in range(3)
    ]
    for wire in wires:
        await wire.quiet()
    crossed: list[int] = []

    def counted(kind: trunk.Kind, numbers: "trunk.array[int]", frame: bytes) -> list[bytes]:
        if b"chat.message.sent" in frame:
            crossed.append(len(numbers))
        return trunk.to_many(kind, numbers, frame)

    monkeypatch.setattr(carried, "to_many", counted)
    await town.say(town.agathe, channel, "À tous")
    for wire in wires:
        await wire.event("chat.message.sent")
    assert crossed == [9]


async def test_without_the_core_the_window_still_comes_and_the_rest_says_later(edge: Served) -> None:
    window = await edge.window(edge.town.agathe)
    wire = await window.socket()
    settings = edge.town.house.settings
    away = settings.core.with_name("away.sock")
    settings.core.rename(away)
    try:
        answer = await window.get("/api/snapshot")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"] == "1"
        assert answer.headers["x-content-type-options"] == "nosniff"
        page = await window.get("/")
        assert (page.status_code, page.content) == (200, PAGE)
        assert "default-src 'none'" in page.headers["content-security-policy"]
    finally:
        away.rename(settings.core)
    assert (await window.get("/api/snapshot")).status_code == 200
    assert (await wire.ask("ping"))["t"] == "done"


async def test_a_line_that_breaks_sends_windows_away_and_is_made_again(edge: Served) -> None:
    window = await edge.window(edge.town.agathe)
    wire = await window.socket()
    (line,) = carried_lines(edge)
    line.end()
    assert (await wire.end())[0] == CloseCode.RESTART
    async with asyncio.timeout(5):
        while edge.town.house.hub.people:  # noqa: ASYNC110 - it is seen from outside only
            await asyncio.sleep(0.01)
    async with asyncio.timeout(5):
        while not carried_lines(edge):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    again = await window.socket()
    assert (await again.ask("ping"))["t"] == "done"


async def test_what_is_no_message_ends_the_line_alone(edge: Served) -> None:
    reader, writer = await asyncio.open_unix_connection(str(edge.town.house.settings.trunk))
    await reader.readexactly(trunk.HEAD_SIZE)  # whether we are alive
    writer.write(b"\xff" * 64)
    assert await reader.read() == b""
    writer.close()
    wire = await (await edge.window(edge.town.agathe)).socket()
    assert (await wire.ask("ping"))["t"] == "done"


async def test_an_edge_that_says_nothing_more_is_let_go(
    edge: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be frozen, and the kernel would still give it connections."""
    monkeypatch.setattr(carried, "_CALL_EVERY_S", 0.02)
    reader, writer = await asyncio.open_unix_connection(str(edge.town.house.settings.trunk))
    async with asyncio.timeout(5):
        while await reader.read(1 << 16):
            pass
    writer.close()
    wire = await (await edge.window(edge.town.agathe)).socket()
    await asyncio.sleep(0.3)
    assert (await wire.ask("ping"))["t"] == "done", "the one that answers stays"


def carried_lines(served: Served) -> set[carried.Line]:
    return served.edges._lines if served.edges else set()
