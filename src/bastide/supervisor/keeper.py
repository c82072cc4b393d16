"""Keeping one process running: start it, wait until it is ready, start it again when it ends."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, runtime_checkable

import msgspec

from bastide.core.ending import heed_cancellation
from bastide.engines.errors import EngineError, writing
from bastide.engines.process import Identity, alive, end, identify

_FIRST_PAUSE = 0.2  # seconds before it is started again; doubled each time it ends soon after
_LONGEST_PAUSE = 5.0
_LOOK_EVERY = 2.0  # seconds between looks at whether it works
_SILENT_MOST = 3  # looks in a row without a sign of life after which it counts as frozen
_GOOD_LIFE = 10.0  # seconds after which an end counts as the first one again


class Keepable(Protocol):
    """A process that can be started as often as needed."""

    @property
    def name(self) -> str:
        """One short word, for files."""
        ...

    @property
    def title(self) -> str:
        """What a message calls it, at the beginning of a sentence."""
        ...

    async def start(self) -> asyncio.subprocess.Process:
        """Start it. Raises EngineError."""
        ...

    async def wait_ready(self, process: asyncio.subprocess.Process) -> None:
        """Wait until it serves. Raises EngineError when it ends or takes too long."""
        ...

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        """End it in its best way, and by force when that takes too long."""
        ...


@runtime_checkable
class Watched(Protocol):
    """A kept process of which one sees from outside whether it still works; it may be frozen without having ended."""

    async def works(self) -> bool:
        """Whether it has shown a sign of life lately."""
        ...


class Change(msgspec.Struct, frozen=True):
    """What happened to a kept process. `problem` is empty when it is ready, and a sentence when it is not.

    `again` tells that it had been running before.
    """

    title: str
    problem: str = ""
    again: bool = False


class Keeper:
    """Keeps one process running from `run` until it is cancelled."""

    def __init__(self, kept: Keepable, run: Path, tell: Callable[[Change], None]) -> None:
        self._kept = kept
        self._pid_file = run / f"{kept.name}.pid"
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it is ready. Raises EngineError, and then nothing is left running."""
        try:
            self._process = await self._kept.start()
            with writing(self._pid_file):
                self._note(self._process.pid)
            await self._kept.wait_ready(self._process)
        except (EngineError, asyncio.CancelledError):
            await self.stop()
            raise

    async def keep(self) -> None:
        """Start it again whenever it ends, until cancelled; a running process is then left running."""
        pause, again = _FIRST_PAUSE, self._process is not None
        since, told = time.monotonic(), ""
        while True:
            heed_cancellation()
            if self._process is not None:
                code = await self._end_of(self._process)
                self._process = None
                self._tell(Change(self._kept.title, f"{self._kept.title} ended ({_cause(code)}).", again))
                pause = _FIRST_PAUSE if time.monotonic() - since > _GOOD_LIFE else pause
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            since = time.monotonic()
            try:
                await self.start()
            except EngineError as error:
                if str(error) != told:
                    told = str(error)
                    self._tell(Change(self._kept.title, told, again))
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                told = ""
                self._tell(Change(self._kept.title, again=again))
            again = True

    async def _end_of(self, process: asyncio.subprocess.Process) -> int:
        """Wait for its end, which is brought about where it shows no life any more; the exit status."""
        ended = asyncio.ensure_future(process.wait())
        silent = 0
        try:
            while isinstance(self._kept, Watched):
                done, _ = await asyncio.wait((ended,), timeout=_LOOK_EVERY)
                if done:
                    break
                silent = 0 if await self._kept.works() else silent + 1
                if silent >= _SILENT_MOST:
                    silent = 0
                    self._tell(
                        Change(self._kept.title, f"{self._kept.title} does not answer any more.", again=True)
                    )
                    self.kill()
            return await ended
        finally:
            ended.cancel()

    async def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            await self._kept.stop(self._process)
            self._process = None
        self._pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it this instant."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _note(self, pid: int) -> None:
        who = identify(pid)
        if who is not None:
            self._pid_file.write_bytes(msgspec.json.encode(who))


def _cause(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def noted(run: Path, name: str) -> Identity | None:
    """Give the process that was noted under this name, when exactly that one still runs."""
    try:
        who = msgspec.json.decode((run / f"{name}.pid").read_bytes(), type=Identity)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return who if alive(who) else None


async def end_leftovers(run: Path) -> None:
    """End what a crash of ours left running, but PostgreSQL: its engine ends that in its own way."""
    for name in (*_edges(run), "app", "livekit"):
        who = noted(run, name)
        if who is not None:
            await end(who, (signal.SIGTERM, 5))
        (run / f"{name}.pid").unlink(missing_ok=True)


def _edges(run: Path) -> list[str]:
    return sorted(path.stem for path in run.glob("edge*.pid"))
