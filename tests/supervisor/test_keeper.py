"""One kept process: how often it is started again, and who is taken for it."""

import asyncio
import contextlib
import os
import signal
import time
from pathlib import Path

import msgspec
import pytest

from bastide.engines.errors import EngineError
from bastide.engines.process import Identity, bare_environment, end, identify, send, spawn
from bastide.supervisor.keeper import Change, Keeper, end_leftovers, noted
from tests.support.instance import eventually


class ShortLived:
    """A shell that ends at once, until it has been started often enough."""

    name = "short"
    title = "The shell"

    def __init__(self, folder: Path, ends: int) -> None:
        self._folder = folder
        self._ends = ends
        self.starts: list[float] = []

    async def start(self) -> asyncio.subprocess.Process:
        self.starts.append(time.monotonic())
        words = "exit 3" if len(self.starts) <= self._ends else "sleep 60"
        return await spawn(
            ["/bin/sh", "-c", words], log=self._folder / "log", env=bare_environment(), cwd=self._folder
        )

    async def wait_ready(self, process: asyncio.subprocess.Process) -> None:
        pass

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        who = identify(process.pid)
        if who:
            await end(who, (signal.SIGTERM, 1))
        await process.wait()


async def test_the_pause_doubles_while_it_keeps_ending(tmp_path: Path) -> None:
    told: list[Change] = []
    short = ShortLived(tmp_path, ends=3)
    keeper = Keeper(short, tmp_path, told.append)
    await keeper.start()
    keeping = asyncio.create_task(keeper.keep())
    try:
        await eventually(lambda: len(told) == 6, 10)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    # each of three ends is told, and each start after one
    assert [bool(change.problem) for change in told] == [True, False] * 3
    pauses = [later - earlier for earlier, later in zip(short.starts, short.starts[1:], strict=False)]
    for pause, least in zip(pauses, (0.2, 0.4, 0.8), strict=True):
        assert least <= pause < least + 0.5

    who = noted(tmp_path, "short")
    assert who
    await keeper.stop()
    assert noted(tmp_path, "short") is None
    assert identify(who.pid) != who


async def test_a_start_that_fails_leaves_nothing_running(tmp_path: Path) -> None:
    class NeverReady(ShortLived):
        async def wait_ready(self, process: asyncio.subprocess.Process) -> None:
            self.pid = process.pid
            raise EngineError("It is never ready.")

    never = NeverReady(tmp_path, ends=0)
    keeper = Keeper(never, tmp_path, lambda _: None)
    with pytest.raises(EngineError, match="It is never ready"):
        await keeper.start()
    assert identify(never.pid) is None


async def test_it_ends_although_the_wait_for_readiness_hid_that_it_should(tmp_path: Path) -> None:
    class Swallows(ShortLived):
        async def wait_ready(self, process: asyncio.subprocess.Process) -> None:
            if len(self.starts) > 1:
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(60)

    swallows = Swallows(tmp_path, ends=1)
    keeper = Keeper(swallows, tmp_path, lambda _: None)
    await keeper.start()
    keeping = asyncio.create_task(keeper.keep())
    await eventually(lambda: len(swallows.starts) == 2)
    await asyncio.sleep(0.1)
    keeping.cancel()
    done, _ = await asyncio.wait([keeping], timeout=5)
    assert done
    await keeper.stop()


async def test_a_number_that_belongs_to_somebody_else_by_now_is_left_alone(tmp_path: Path) -> None:
    me = identify(os.getpid())
    assert me
    stranger = Identity(pid=me.pid, started=me.started - 1, boot=me.boot)
    earlier_boot = Identity(pid=me.pid, started=me.started, boot="another")
    for who in (stranger, earlier_boot):
        (tmp_path / "app.pid").write_bytes(msgspec.json.encode(who))
        assert noted(tmp_path, "app") is None
        assert send(who, signal.SIGKILL) is False
        await end_leftovers(tmp_path)
        assert not (tmp_path / "app.pid").exists()


async def test_a_leftover_is_ended(tmp_path: Path) -> None:
    process = await spawn(["/bin/sleep", "60"], log=tmp_path / "log", env=bare_environment(), cwd=tmp_path)
    (tmp_path / "livekit.pid").write_bytes(msgspec.json.encode(identify(process.pid)))
    await end_leftovers(tmp_path)
    assert await process.wait() == -signal.SIGTERM
