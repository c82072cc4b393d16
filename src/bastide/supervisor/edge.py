"""An edge as a kept process."""

import asyncio
import signal
import sys
import time

from bastide.engines.errors import EngineError
from bastide.engines.process import Account, end, identify, spawn, tail
from bastide.settings import ROOT, Settings
from bastide.supervisor.application import environment

_SILENT_S = 6.0  # three of its signs


class Edge:
    """`python -m bastide.edge.process edge1`."""

    def __init__(self, settings: Settings, account: Account | None, number: int) -> None:
        """`account`: whom it runs as, the application's; `number` from 1."""
        self._settings = settings
        self._account = account
        self.name = f"edge{number}"
        self.title = f"Edge {number}"
        self._log = settings.logs / f"{self.name}.log"
        self._ready = settings.own / f"{self.name}.ready"

    async def start(self) -> asyncio.subprocess.Process:
        """Start it. It is asked to end when we die, in whatever way."""
        self._ready.unlink(missing_ok=True)
        env = environment(self._settings, self._account)
        # It holds no data, and needs no way to them.
        for secret in (
            "BASTIDE_DATABASE_URL",
            "BASTIDE_LIVEKIT_KEY",
            "BASTIDE_LIVEKIT_SECRET",
            "BASTIDE_LIVEKIT_URL",
        ):
            env.pop(secret, None)
        return await spawn(
            [sys.executable, "-m", "bastide.edge.process", self.name],
            log=self._log,
            env=env,
            cwd=ROOT,
            account=self._account,
            dies_with=signal.SIGTERM,
        )

    async def wait_ready(self, process: asyncio.subprocess.Process, within: float = 60) -> None:
        """Wait until it listens and has its line. Raises EngineError with its last words when it ends."""
        until = time.monotonic() + within
        while not self._ready.exists():
            if process.returncode is not None:
                raise EngineError(
                    f"{self.title} ended while starting. Its last words:\n{tail(self._log, 12)}"
                )
            if time.monotonic() > until:
                raise EngineError(f"{self.title} is not ready after {within:.0f} s. See {self._log}.")
            await asyncio.sleep(0.05)

    async def works(self) -> bool:
        """Whether it has shown life within some seconds."""
        try:
            shown = await asyncio.to_thread(self._ready.stat)
        except FileNotFoundError:
            return False
        return time.time() - shown.st_mtime < _SILENT_S

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        """Ask it to end, give it ten seconds to finish what it has begun, then end it."""
        who = identify(process.pid)
        if who is not None and process.returncode is None:
            await end(who, (signal.SIGTERM, 10))
        await process.wait()
