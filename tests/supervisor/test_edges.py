"""Edges as processes: `up --edges 2` serves by them, and whatever is killed or frozen comes back."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from bastide.engines.process import alive, gone, send
from tests.support.instance import Running, eventually, none_left, running
from tests.support.livekit import free_port
from tests.support.resident import Resident
from tests.support.wire import Wire


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def instance() -> AsyncGenerator[Running]:
    with tempfile.TemporaryDirectory(prefix="bastide-test-", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder), free_port(), "--no-demo", "--edges", "2") as instance:
            yield instance
            processes = list(instance.processes().values())
        assert await none_left(processes, 0)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def me(instance: Running) -> AsyncGenerator[Resident]:
    me = await Resident.first(instance)
    yield me
    await me.close()


async def test_edges_serve_and_hold_no_secret(instance: Running, me: Resident) -> None:
    edges = [name for name in instance.processes() if "bastide.edge" in name]
    assert len(edges) == 2
    wires = [await me.socket() for _ in range(16)]
    await me.say("Par les bords")
    for wire in wires:
        await wire.event("chat.message.sent")
        await wire.close()
    file = await me.keep("plan.txt", b"p" * 300_000)
    assert await me.content(file) == b"p" * 300_000
    for name in edges:
        environment = environment_of(name.split(" ")[0])
        assert b"BASTIDE_PORT" in environment
        assert b"DATABASE_URL" not in environment
        assert b"SECRET" not in environment


def environment_of(pid: str) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


async def socket_of(me: Resident) -> Wire:
    """A socket, as a window makes one: again, where it is told to come back in a moment."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await me.socket()
            except InvalidStatus as refusal:
                if refusal.response.status_code != 503:
                    raise
                await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    "victim", ["bastide.edge.process edge1", "bastide.edge.process edge2", "bastide.app"]
)
async def test_what_is_killed_comes_back_and_nothing_is_lost(
    instance: Running, me: Resident, victim: str
) -> None:
    said = f"Avant {victim}"
    await me.say(said)
    before = instance.named(victim)
    assert send(before, signal.SIGKILL)
    assert await gone(before, 5)
    await eventually(
        lambda: any(victim in name and who != before for name, who in instance.processes().items()), 15
    )
    await instance.ready()
    again = await Resident.again(instance)
    assert said in await again.texts()
    wires = [await socket_of(again) for _ in range(8)]
    await again.say(f"Après {victim}")
    for wire in wires:
        await wire.event("chat.message.sent")
    await again.close()


@pytest.mark.parametrize("victim", ["bastide.edge.process edge1", "bastide.app"])
async def test_what_is_frozen_is_ended_and_comes_back(instance: Running, me: Resident, victim: str) -> None:
    said = f"Avant le gel de {victim}"
    await me.say(said)
    before = instance.named(victim)
    assert send(before, signal.SIGSTOP)
    await eventually(lambda: not alive(before), 60)
    await eventually(
        lambda: any(victim in name and who != before for name, who in instance.processes().items()), 15
    )
    await instance.ready()
    assert said in await me.texts()
