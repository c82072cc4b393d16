"""Building LiveKit from the Go modules that engines/livekit/go.sum pins.

The compiler comes from a Python wheel pinned in requirements/go.txt. All it fetches and makes goes to one
folder, which is dropped afterwards. What stays is a program named after its inputs: the same are built once.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import msgspec

from bastide.engines.errors import EngineError, writing
from bastide.engines.process import spawn, tail

_MODULE = "github.com/livekit/livekit-server/cmd/server"
_ROOM_NEEDED = 3 << 30  # bytes: compiler 0.3, modules 0.8, build cache 0.7, and as much again to be safe


class BuildPlaces(msgspec.Struct, frozen=True):
    """Where a build reads and writes: the project, its `.bastide`, and the log."""

    root: Path
    state: Path
    log: Path

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files that decide what comes out."""
        pinned = self.root / "engines" / "livekit"
        return (pinned / "go.mod", pinned / "go.sum", self.root / "requirements" / "go.txt")


def program(places: BuildPlaces) -> Path:
    """Give where the program of these inputs is, or will be."""
    digest = hashlib.sha256()
    for path in places.inputs:
        with writing(path):
            digest.update(path.read_bytes())
    return places.state / "engines" / f"livekit-server-{digest.hexdigest()[:16]}"


async def build(places: BuildPlaces, tell: Callable[[str], None] = lambda _: None) -> Path:
    """Build LiveKit unless it is there, at low priority, and give the program.

    `tell` gets a sentence for each step. Two builds at once wait for each other.
    Raises EngineError with the compiler's last words.
    """
    wanted = program(places)
    if wanted.exists():
        return wanted
    async with _alone(places.state / "engines"):
        if not wanted.exists():  # the one we waited for may have been ours
            await _build(places, wanted, tell)
    return wanted


async def _build(places: BuildPlaces, wanted: Path, tell: Callable[[str], None]) -> None:
    if shutil.disk_usage(places.state).free < _ROOM_NEEDED:
        raise EngineError("The media server is not built: 3 GB of disk are needed for it, for a few minutes.")
    scratch = places.state / "engines" / "build"
    await asyncio.to_thread(_drop, scratch)
    try:
        scratch.mkdir()
        tell("Fetching the compiler of the media server.")
        await _run(
            places,
            [
                _uv(places.state), "pip", "install", "--quiet", "--system-certs", "--require-hashes",
                "--python", sys.executable, "--no-python-downloads", "--cache-dir", scratch / "uv",
                "--target", scratch / "wheel", "--requirement", places.root / "requirements" / "go.txt",
            ],
            _environment(scratch),
        )  # fmt: skip
        made = scratch / "livekit-server"
        tell("Building the media server; calls work in a few minutes.")
        await _run(
            places,
            [
                scratch / "wheel" / "go" / "bin" / "go", "build", "-C", places.root / "engines" / "livekit",
                "-mod=readonly", "-modcacherw", "-trimpath", "-buildvcs=false", "-ldflags=-s -w",
                "-o", made, _MODULE,
            ],
            _environment(scratch),
        )  # fmt: skip
        made.chmod(0o755)
        made.replace(wanted)
    finally:
        await asyncio.to_thread(_drop, scratch)
    for old in wanted.parent.glob("livekit-server-*"):
        if old != wanted:
            old.unlink()


async def _run(places: BuildPlaces, argv: list[str | Path], env: dict[str, str]) -> None:
    process = await spawn(
        ["nice", "-n", "15", *argv], log=places.log, env=env, cwd=places.root, dies_with=signal.SIGINT
    )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        # the compiler has children of its own, in the same group
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    if code != 0:
        raise EngineError(f"The media server could not be built: {tail(places.log, 3)}")


def _environment(scratch: Path) -> dict[str, str]:
    """Give the caller's environment, with its proxies and registries as they are, and all folders ours."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser())
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("BASTIDE_")},
        "GOENV": os.environ.get("GOENV") or str(home / "go" / "env"),
        "XDG_CONFIG_HOME": str(scratch / "config"),
        "GOPATH": str(scratch / "path"),
        "GOMODCACHE": str(scratch / "modules"),
        "GOCACHE": str(scratch / "cache"),
        "GOBIN": "",
        "GOFLAGS": "",
        "GOWORK": "off",
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }


def _uv(state: Path) -> Path:
    return state / "tools" / "bin" / "uv"


def _open_lock(folder: Path) -> int:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / "build.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _drop(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


@contextlib.asynccontextmanager
async def _alone(folder: Path) -> AsyncGenerator[None]:
    """Hold the folder's lock. The kernel lets go of it when we die."""
    descriptor = _open_lock(folder)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.5)
        yield
    finally:
        os.close(descriptor)
