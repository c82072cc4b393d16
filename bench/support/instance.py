"""An instance for a bench: our own PostgreSQL and application on a data folder of their own, filled with the demo of LIAM.

async with running(folder, messages=1_000_000) as instance:
    instance.base, instance.conninfo, instance.app, instance.postgres
"""

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path

import msgspec

from bastide.core.clock import Clock
from bastide.core.ids import Ids
from bastide.demo.liam.fill import Filling, filled_size
from bastide.demo.liam.plan import Size
from bastide.demo.liam.sessions import Opened, open_sessions
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.settings import ROOT, Settings
from bastide.supervisor import place
from bastide.supervisor.application import Application
from bench.support.processes import family
from bench.support.report import say

FOLDER = ROOT / ".bastide" / "liam"


class Instance(msgspec.Struct, frozen=True):
    """A running instance: where it answers, its database, its processes, and how long the application took to be ready."""

    settings: Settings
    conninfo: str
    app: int
    postmaster: int
    ready_s: float
    size: Size

    @property
    def base(self) -> str:
        """Where it answers, without a slash at the end."""
        return self.settings.inside

    @property
    def postgres(self) -> list[int]:
        """PostgreSQL's processes, as they are now."""
        return family(self.postmaster)

    async def sessions(self, count: int) -> list[Opened]:
        """Fresh sessions of as many agents, group by group."""
        clock = Clock()
        return await open_sessions(self.conninfo, count, Ids(clock), clock.now())


@asynccontextmanager
async def running(
    folder: Path, *, messages: int, size: Size | None = None, extra: dict[str, str] | None = None
) -> AsyncGenerator[Instance]:
    """Fill the folder (an absolute path) where it is empty, start, and end it all. `extra`: variables for the application."""
    settings = Settings(data=folder, port=free_port())
    lock = place.take(settings)
    engine = EmbeddedPostgres(
        PostgresSettings(
            home=settings.data / "postgres", run=settings.run, log=settings.logs / "postgres.log"
        )
    )
    try:
        await engine.prepare()
        process = await engine.start()
        try:
            await engine.wait_ready(process)
            filled = await filled_size(engine.url)
            if filled is None:
                filled = size or Size(messages=messages)
                until = datetime.combine(Clock().now().date(), clock_time(6), UTC)
                say(f"Filling {settings.data} first …")
                await Filling(settings, engine.url, filled, say).run(until)
            async with _application(settings, engine.url, extra or {}) as (pid, ready_s):
                yield Instance(settings, engine.url, pid, process.pid, ready_s, filled)
        finally:
            await engine.stop(process)
    finally:
        (settings.run / "supervisor.pid").unlink(missing_ok=True)
        os.close(lock)


@asynccontextmanager
async def _application(
    settings: Settings, conninfo: str, extra: dict[str, str]
) -> AsyncGenerator[tuple[int, float]]:
    """The application as the supervisor starts it, but as our own account."""
    inner = msgspec.structs.replace(settings, database_url=conninfo)
    with _set(extra):
        app = Application(inner, None)
        since = time.monotonic()
        process = await app.start()
    try:
        await app.wait_ready(process)
        yield process.pid, time.monotonic() - since
    finally:
        await app.stop(process)


@contextlib.contextmanager
def _set(extra: dict[str, str]) -> Generator[None]:
    before = {name: os.environ.get(name) for name in extra}
    os.environ.update(extra)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def generator(module: str, *words: str, stdin: bytes = b"") -> bytes:
    """Run a generator of load in a process of its own; what it printed. Raises RuntimeError when it failed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate(stdin)
    if process.returncode != 0:
        raise RuntimeError(f"{module} failed with {process.returncode}")
    return told
