"""The application as a kept process: its environment, its readiness, its end; and what runs before it."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from bastide.engines.errors import EngineError
from bastide.engines.process import Account, end, identify, spawn, tail
from bastide.settings import ROOT, Settings

_READY = "/health/ready"
_LIVE = "/health/live"
_TO_FILL = 3  # what `bastide.demo --look` ends with


def environment(settings: Settings, account: Account | None) -> dict[str, str]:
    """Give a child of ours the machine's environment with these settings and no others."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("BASTIDE_")}
    ours = {**settings.environment(), "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    if account is not None:
        ours |= {"HOME": str(settings.own), "USER": account.name, "LOGNAME": account.name}
        # it may not write beside the sources, and translating them anew would double the time of each start
        ours["PYTHONPYCACHEPREFIX"] = str(settings.own / "python")
        outside.pop("PYTHONDONTWRITEBYTECODE", None)
    return outside | ours


class Application:
    """`python -m bastide.app`."""

    name = "app"
    title = "The application"

    def __init__(self, settings: Settings, account: Account | None) -> None:
        """`account`: whom it runs as, None for our own; see `lodging`."""
        self._settings = settings
        self._account = account
        self._log = settings.logs / "app.log"

    async def start(self) -> asyncio.subprocess.Process:
        """Start it. It is asked to end when we die, in whatever way."""
        return await spawn(
            [sys.executable, "-m", "bastide.app"],
            log=self._log,
            env=environment(self._settings, self._account),
            cwd=ROOT,
            account=self._account,
            dies_with=signal.SIGTERM,
        )

    async def wait_ready(self, process: asyncio.subprocess.Process, within: float = 60) -> None:
        """Wait until it says that it is ready. Raises EngineError with its last words when it ends."""
        until = time.monotonic() + within
        while await self._status() != 200:  # noqa: PLR2004
            if process.returncode is not None:
                raise EngineError(
                    f"The application ended while starting. Its last words:\n{tail(self._log, 12)}"
                )
            if time.monotonic() > until:
                raise EngineError(f"The application is not ready after {within:.0f} s. See {self._log}.")
            await asyncio.sleep(0.05)

    async def works(self) -> bool:
        """Whether it answers; a question waits three seconds, as a machine with much to do needs at times."""
        behind = self._settings.core if self._settings.edges else None
        return await status(self._settings.inside, _LIVE, behind, within=3) == 200  # noqa: PLR2004

    async def _status(self) -> int:
        behind = self._settings.core if self._settings.edges else None
        return await status(self._settings.inside, _READY, behind)

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        """Ask it to end, give it ten seconds to finish what it has begun, then end it."""
        who = identify(process.pid)
        if who is not None and process.returncode is None:
            await end(who, (signal.SIGTERM, 10))
        await process.wait()


async def status(inside: str, path: str, behind: Path | None = None, within: float = 5) -> int:
    """Ask for a path and give the HTTP status; 0 when nobody answers within so many seconds.

    `behind`: at this Unix socket.
    """
    address = urlsplit(inside)
    try:
        if behind is not None:
            reader, writer = await asyncio.open_unix_connection(str(behind))
        else:
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
    except OSError:
        return 0
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {address.netloc}\r\n\r\n".encode())
        await writer.drain()
        async with asyncio.timeout(within):
            line = await reader.readline()
        return int(line.split()[1])
    except (OSError, TimeoutError, IndexError, ValueError):
        return 0
    finally:
        writer.close()


async def filled(settings: Settings, account: Account | None) -> bool:
    """Ask the database whether anything is left to fill; when not, `welcome` is up to date.

    Raises EngineError with the last words of what failed.
    """
    return await _demo(settings, account, "--look") == 0


async def fill(settings: Settings, account: Account | None) -> None:
    """Let an empty instance be filled: with the demo, or with the first administrator's link.

    Raises EngineError with the last words of what failed.
    """
    await _demo(settings, account)


async def _demo(settings: Settings, account: Account | None, *words: str) -> int:
    log = settings.logs / "demo.log"
    process = await spawn(
        [sys.executable, "-m", "bastide.demo", *words],
        log=log,
        env=environment(settings, account),
        cwd=ROOT,
        account=account,
        dies_with=signal.SIGKILL,
    )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if code not in (0, _TO_FILL):
        raise EngineError(f"The first content could not be made. Its last words:\n{tail(log, 12)}")
    return code


class Welcome(msgspec.Struct, frozen=True):
    """What `bastide.demo` leaves in `<own>/welcome.json`: the lines that say as whom to sign in."""

    lines: tuple[str, ...] = ()


def welcome(settings: Settings) -> Welcome:
    """Give the welcome; an empty one when there is none."""
    try:
        return msgspec.json.decode((settings.own / "welcome.json").read_bytes(), type=Welcome)
    except FileNotFoundError:
        return Welcome()
