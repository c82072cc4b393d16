"""`up` on a PostgreSQL and a LiveKit that somebody else runs: the main job on them, and what is said without them."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bastide.doctor.checks import Grade, all_checks
from bastide.settings import load
from bastide.supervisor.external import answers
from tests.support.instance import Running, begin, running
from tests.support.livekit import SessionLiveKit, free_port
from tests.support.postgres import elsewhere
from tests.support.resident import Resident

_SSL, _GSS = 80877103, 80877104


class Road:
    """The road to a LiveKit: TCP to it, from a port that is there or is not."""

    def __init__(self, url: str) -> None:
        self._there = urlsplit(url)
        self.port = free_port()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._open:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(self._there.hostname, self._there.port)
        self._open |= {writer, forth}
        await asyncio.gather(self._pass(reader, forth), self._pass(back, writer))
        self._open -= {writer, forth}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        writer.close()


def livekit_of(road: Road, livekit: SessionLiveKit) -> dict[str, str]:
    return {
        "BASTIDE_LIVEKIT_URL": f"ws://127.0.0.1:{road.port}",
        "BASTIDE_LIVEKIT_KEY": livekit.key,
        "BASTIDE_LIVEKIT_SECRET": livekit.secret,
    }


def engines_of(instance: Running) -> set[str]:
    """Which engines of its own an instance runs."""
    return {
        name for name in ("postgres", "livekit") for process in instance.processes() if f" {name}" in process
    }


async def calls_are(me: Resident, state: str, within: float = 15) -> None:
    async with asyncio.timeout(within):
        while await me.calls() != state:  # noqa: ASYNC110 -- it is seen from outside only
            await asyncio.sleep(0.1)


@pytest.mark.livekit
async def test_the_main_job_on_a_postgresql_and_a_livekit_of_others(
    tmp_path: Path, livekit: SessionLiveKit
) -> None:
    road, port = Road(livekit.url), free_port()
    await road.open()
    async with elsewhere(tmp_path / "theirs", free_port()) as url:
        environment = {"BASTIDE_DATABASE_URL": url, **livekit_of(road, livekit)}
        async with running(tmp_path / "ours", port, "--no-demo", environment=environment) as instance:
            me = await Resident.first(instance)
            await me.say("Bonjour")
            await calls_are(me, "ready")
            async with me.call() as joined:
                assert joined.participant.permission.can_publish
            assert engines_of(instance) == set()
            assert not (tmp_path / "ours" / "postgres").exists()
            await me.close()

            # the LiveKit goes away: calls say so, all else goes on, and they are back by themselves
            await road.close()
            me = await Resident.again(instance)
            await calls_are(me, "failed")
            refused = await me.post(f"/api/spaces/{me.space}/call")
            assert (refused.status_code, refused.json()["code"]) == (503, "calls-failed")
            await me.say("Sans appel")
            settings = load(["--data", str(tmp_path / "ours"), "--port", str(port)], environment)
            found = {check.name: check for check in await all_checks(settings)}
            assert found["livekit"].grade is Grade.ILL
            assert "does not answer" in found["livekit"].finding
            assert found["application"].grade is Grade.WELL

            await road.open()
            await calls_are(me, "ready")
            async with me.call() as joined:
                assert joined.participant.permission.can_publish
            assert await me.texts() == ["Bonjour", "Sans appel"]
            await me.close()
        # nobody fills it a second time
        async with running(tmp_path / "ours", port, environment=environment) as instance:
            me = await Resident.again(instance)
            assert await me.texts() == ["Bonjour", "Sans appel"]
            await me.close()
        assert "Filling" not in instance.said
        assert "s3cret" not in instance.said
    await road.close()


async def test_it_starts_without_the_livekit_of_others_and_says_so(tmp_path: Path) -> None:
    environment = {
        "BASTIDE_LIVEKIT_URL": f"http://127.0.0.1:{free_port()}",
        "BASTIDE_LIVEKIT_KEY": "key",
        "BASTIDE_LIVEKIT_SECRET": "s3cret" * 8,
    }
    async with running(tmp_path, free_port(), "--no-demo", environment=environment) as instance:
        me = await Resident.first(instance)
        said = await instance.until("Calls do not work")
        assert said == "Calls do not work; the rest does. The LiveKit of BASTIDE_LIVEKIT_URL does not answer."
        assert await me.calls() == "failed"
        await me.say("Bonjour")
        await me.close()


async def test_a_proxy_before_a_livekit_that_is_gone_is_no_livekit() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert not await answers(f"http://127.0.0.1:{port}")
    assert not await answers(f"wss://127.0.0.1:{port}")
    server.close()


@contextlib.asynccontextmanager
async def postgresql(version: str) -> AsyncGenerator[str]:
    """What a PostgreSQL of a version says to whoever connects, and no more (protocol 3.0)."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!I", len(body) + 4) + body

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            size, code = struct.unpack("!II", await reader.readexactly(8))
            await reader.readexactly(size - 8)
            if code not in (_SSL, _GSS):
                break
            writer.write(b"N")
        writer.write(message(b"R", struct.pack("!I", 0)))
        for name, value in (("server_version", version), ("client_encoding", "UTF8")):
            writer.write(message(b"S", f"{name}\0{value}\0".encode()))
        writer.write(message(b"K", struct.pack("!II", 1, 1)) + message(b"Z", b"I"))
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    yield f"postgresql://someone:s3cret@127.0.0.1:{server.sockets[0].getsockname()[1]}/town"
    server.close()


async def test_a_postgresql_that_is_too_old_is_refused_with_one_sentence(tmp_path: Path) -> None:
    async with postgresql("14.9") as url:
        instance = await begin(tmp_path, free_port(), environment={"BASTIDE_DATABASE_URL": url})
        assert await instance.rest() == 1
    assert instance.lines == [
        "Bastide: BASTIDE_DATABASE_URL names a PostgreSQL 14; Bastide needs 15 or later."
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_postgresql_out_of_reach_is_refused_with_one_sentence(tmp_path: Path, host: str) -> None:
    url = f"postgresql://someone:s3cret@{host}:{free_port()}/town"
    instance = await begin(tmp_path, free_port(), environment={"BASTIDE_DATABASE_URL": url})
    assert await instance.rest() == 1
    assert len(instance.lines) == 1
    assert instance.said.startswith("Bastide: The PostgreSQL of BASTIDE_DATABASE_URL cannot be reached: ")
    assert "s3cret" not in instance.said
    assert instance.said.endswith(".")


async def test_a_postgresql_that_knows_another_password_is_refused_with_one_sentence(tmp_path: Path) -> None:
    async with elsewhere(tmp_path / "theirs", free_port()) as url:
        wrong = url.replace("s3cret", "s3kret")
        instance = await begin(tmp_path / "ours", free_port(), environment={"BASTIDE_DATABASE_URL": wrong})
        assert await instance.rest() == 1
    assert len(instance.lines) == 1
    assert "password authentication failed" in instance.said
    assert "s3kret" not in instance.said
