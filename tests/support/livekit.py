"""One real LiveKit for the whole test session, built if needed (once per set of inputs, in .bastide/engines).

from tests.support.livekit import livekit            # the session's fixture, in a conftest

livekit.url, livekit.key, livekit.secret             # its HTTP on loopback, and the key to it
"""

import contextlib
import random
import socket
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest_asyncio

from bastide.core.clock import Clock
from bastide.core.ids import Ids
from bastide.engines.build import BuildPlaces, build
from bastide.engines.livekit import KEY, EmbeddedLiveKit, LiveKitSettings
from bastide.settings import ROOT


class SessionLiveKit(msgspec.Struct, frozen=True):
    """The running server of this session. `webhook_port` is where it posts what happens, on loopback."""

    url: str
    key: str
    secret: str
    media_port: int
    webhook_port: int


async def built() -> Path:
    """Give the program, building it first when it is not there."""
    state = ROOT / ".bastide"
    return await build(BuildPlaces(root=ROOT, state=state, log=state / "livekit-build.log"))


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Give a port of loopback that nobody has at this moment.

    It is below those that the kernel gives to outgoing connections, so that it stays free between two starts.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket(socket.AF_INET, kind) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def livekit() -> AsyncGenerator[SessionLiveKit]:
    """The session's LiveKit, which serves loopback only."""
    program = await built()
    webhook_port = free_port()
    with tempfile.TemporaryDirectory(prefix="bastide-livekit-") as folder:
        settings = LiveKitSettings(
            program=program,
            run=Path(folder),
            log=Path(folder) / "livekit.log",
            key=KEY,
            secret=Ids(Clock()).token(),
            media_address="127.0.0.1",
            media_port=free_port(socket.SOCK_DGRAM),
            webhook=f"http://127.0.0.1:{webhook_port}/api/livekit/webhook",
        )
        engine = EmbeddedLiveKit(settings)
        await engine.prepare()
        process = await engine.start()
        try:
            await engine.wait_ready(process)
            yield SessionLiveKit(
                url=engine.url,
                key=settings.key,
                secret=settings.secret,
                media_port=settings.media_port,
                webhook_port=webhook_port,
            )
        finally:
            await engine.stop(process)
