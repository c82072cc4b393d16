import socket
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from bastide.core.clock import Clock
from bastide.core.ids import Ids
from bastide.engines.livekit import KEY, EmbeddedLiveKit, LiveKitSettings
from bastide.meet.tokens import Keys
from tests.meet.scene import Engine, Scene
from tests.support.livekit import built, free_port
from tests.support.postgres import SessionPostgres
from tests.support.town import lay_tables


def own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737); nothing is sent
        return str(probe.getsockname()[0])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine() -> AsyncGenerator[Engine]:
    """One LiveKit for these tests, which they may kill and start again."""
    program = await built()
    with tempfile.TemporaryDirectory(prefix="bastide-meet-") as folder:
        hints_port = free_port()
        keys = Keys(KEY, Ids(Clock()).token())
        settings = LiveKitSettings(
            program=program,
            run=Path(folder),
            log=Path(folder) / "livekit.log",
            key=keys.name,
            secret=keys.secret,
            # The participants' WebRTC does not speak to loopback; this machine's own address never leaves it.
            media_address=own_address(),
            media_port=free_port(socket.SOCK_DGRAM),
            webhook=f"http://127.0.0.1:{hints_port}/api/livekit/webhook",
        )
        embedded = EmbeddedLiveKit(settings)
        await embedded.prepare()
        engine = Engine(embedded, keys, hints_port)
        await engine.start()
        yield engine
        await engine.stop()


@pytest_asyncio.fixture
async def scene(postgres: SessionPostgres, engine: Engine, tmp_path: Path) -> AsyncGenerator[Scene]:
    url = await postgres.fresh(lay_tables)
    scene = Scene(url, tmp_path / "data", engine)
    await scene.open()
    yield scene
    await scene.close()
    await postgres.drop(url)
