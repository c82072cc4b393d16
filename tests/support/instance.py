"""A whole instance under its supervisor, in a folder of its own, as `./bastide up` runs it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path

import httpx

from bastide.doctor.memory import tree
from bastide.engines.process import Identity, alive, gone, identify
from bastide.settings import ROOT


class Running:
    """One running `up`: its output so far, its processes, and ways to end them."""

    def __init__(self, process: asyncio.subprocess.Process, data: Path, port: int) -> None:
        self.process = process
        self.data = data
        self.port = port
        self.lines: list[str] = []

    async def until(self, beginning: str, within: float = 60) -> str:
        """Read the output until a line begins so, and give it."""
        assert self.process.stdout
        async with asyncio.timeout(within):
            while True:
                line = (await self.process.stdout.readline()).decode()
                assert line, f"it ended ({await self.process.wait()}), having said:\n{self.said}"
                self.lines.append(line.rstrip("\n"))
                if line.startswith(beginning):
                    return line.rstrip("\n")

    async def rest(self, within: float = 30) -> int:
        """Wait for its end, keep what it said, and give its exit status."""
        assert self.process.stdout
        async with asyncio.timeout(within):
            self.lines += (await self.process.stdout.read()).decode().splitlines()
            return await self.process.wait()

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def processes(self) -> dict[str, Identity]:
        """Give all living processes of the instance, the supervisor too, by number and program."""
        found = [identify(pid) for pid in tree(Identity(self.process.pid, 0, ""))]
        return {f"{who.pid} {program(who.pid)}": who for who in found if who}

    def named(self, beginning: str) -> Identity:
        """Give the first process whose program begins so."""
        named = [who for name, who in self.processes().items() if name.split(" ", 1)[1].startswith(beginning)]
        assert named, f"no {beginning} among {list(self.processes())}"
        return min(named, key=lambda who: who.started)

    async def ready(self, within: float = 30) -> None:
        """Wait until the application answers that it is ready."""
        async with asyncio.timeout(within), httpx.AsyncClient() as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(f"http://127.0.0.1:{self.port}/health/ready")).status_code == 200:
                        return
                await asyncio.sleep(0.05)


def program(pid: int) -> str:
    """Give a process's command line, or nothing when it has gone."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    words = raw.rstrip(b"\0").decode(errors="replace").split("\0")
    if "-m" in words:
        return " ".join(words[words.index("-m") + 1 :])
    return Path(words[0]).name + " " + " ".join(words[1:])


async def begin(
    data: Path,
    port: int,
    *options: str,
    environment: dict[str, str] | None = None,
    before: Sequence[str] = (),
) -> Running:
    """Start `up` without waiting for anything. `before`: words that its command line begins with."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("BASTIDE_")}
    process = await asyncio.create_subprocess_exec(
        *before, sys.executable, "-m", "bastide.cli", "up", "--data", str(data), "--port", str(port), *options,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**outside, "PYTHONPATH": str(ROOT / "src"), **(environment or {})},
        cwd=ROOT,
    )  # fmt: skip
    return Running(process, data, port)


@contextlib.asynccontextmanager
async def running(
    data: Path, port: int, *options: str, environment: dict[str, str] | None = None, within: float = 60
) -> AsyncGenerator[Running]:
    """Start `up`, wait `within` seconds until it says that it is ready, and end it afterwards."""
    instance = await begin(data, port, *options, environment=environment)
    try:
        await instance.until("Bastide is ready:", within)
        yield instance
    finally:
        if instance.process.returncode is None:
            instance.process.send_signal(signal.SIGTERM)
            await instance.rest()


async def eventually(true: Callable[[], bool], within: float = 20) -> None:
    """Wait until something is true; TimeoutError when it does not become so."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 -- it is seen from outside only
            await asyncio.sleep(0.05)


async def none_left(processes: Sequence[Identity], within: float = 10) -> bool:
    """Wait until all of these have gone."""
    await asyncio.gather(*[gone(who, within) for who in processes])
    return not any(alive(who) for who in processes)
