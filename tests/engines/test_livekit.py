"""The media server as we start it: whom it listens to, whom it runs as, what it tells, how it ends."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import msgspec
import pytest
import pytest_asyncio
import websockets
from livekit import api
from livekit.protocol import rtc
from livekit.protocol.room import CreateRoomRequest

from bastide.core.clock import Clock
from bastide.core.ids import Ids
from bastide.engines.errors import EngineError
from bastide.engines.livekit import KEY, EmbeddedLiveKit, LiveKitSettings, configuration
from tests.support.livekit import SessionLiveKit, built, free_port
from tests.support.sockets import listening

pytestmark = pytest.mark.livekit


def settings_in(folder: Path, program: Path) -> LiveKitSettings:
    return LiveKitSettings(
        program=program,
        run=folder,
        log=folder / "livekit.log",
        key=KEY,
        secret=Ids(Clock()).token(),
        media_address="127.0.0.1",
        media_port=free_port(socket.SOCK_DGRAM),
        webhook="http://127.0.0.1:9/api/livekit/webhook",
    )


class Running(msgspec.Struct, frozen=True):
    engine: EmbeddedLiveKit
    settings: LiveKitSettings
    process: asyncio.subprocess.Process


@pytest_asyncio.fixture
async def running(tmp_path: Path) -> AsyncGenerator[Running]:
    settings = settings_in(tmp_path, await built())
    engine = EmbeddedLiveKit(settings)
    await engine.prepare()
    process = await engine.start()
    await engine.wait_ready(process)
    yield Running(engine, settings, process)
    await engine.stop(process)


async def test_it_listens_on_loopback_only_and_not_as_root(running: Running) -> None:
    sockets = listening(running.process.pid)
    http = int(running.engine.url.rsplit(":", 1)[1])
    assert ("tcp", "127.0.0.1", http) in sockets
    assert ("udp", "127.0.0.1", running.settings.media_port) in sockets
    assert {address for _, address, _ in sockets} == {"127.0.0.1"}
    assert os.stat(f"/proc/{running.process.pid}").st_uid != 0  # noqa: PTH116


async def test_its_secret_is_neither_in_its_arguments_nor_open_to_others(running: Running) -> None:
    for name in ("cmdline", "environ"):
        with open(f"/proc/{running.process.pid}/{name}", "rb") as file:  # noqa: ASYNC230, PTH123
            assert running.settings.secret.encode() not in file.read()
    assert (running.settings.run / "livekit.json").stat().st_mode & 0o077 == 0


async def test_it_is_stopped_at_once_although_a_room_is_open(running: Running) -> None:
    rooms = api.LiveKitAPI(running.engine.url, KEY, running.settings.secret)
    await rooms.room.create_room(CreateRoomRequest(name="open", empty_timeout=600))
    await rooms.aclose()
    started = asyncio.get_running_loop().time()
    await running.engine.stop(running.process)
    assert asyncio.get_running_loop().time() - started < 1
    assert running.process.returncode is not None


async def test_a_taken_media_port_is_told_in_a_sentence(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, await built())
    engine = EmbeddedLiveKit(settings)
    await engine.prepare()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", settings.media_port))
        with pytest.raises(EngineError, match=f"UDP port {settings.media_port} is taken"):
            await engine.start()


async def test_a_missing_program_is_told_in_a_sentence(tmp_path: Path) -> None:
    engine = EmbeddedLiveKit(settings_in(tmp_path, tmp_path / "nowhere"))
    with pytest.raises(EngineError, match="is missing"):
        await engine.prepare()


async def test_rooms_are_made_by_the_key_alone(livekit: SessionLiveKit) -> None:
    token = (
        api.AccessToken(livekit.key, livekit.secret)
        .with_identity("someone")
        .with_grants(api.VideoGrants(room_join=True, room="nobody-made-it"))
        .to_jwt()
    )
    async with httpx.AsyncClient(base_url=livekit.url) as client:
        refused = await client.get("/rtc/validate", params={"access_token": token})
        assert refused.status_code == 404
        assert "room" in refused.text
        stranger = await client.get("/rtc/validate", params={"access_token": token[:-8] + "AAAAAAAA"})
        assert stranger.status_code == 401

    rooms = api.LiveKitAPI(livekit.url, livekit.key, livekit.secret)
    try:
        await rooms.room.create_room(CreateRoomRequest(name="nobody-made-it"))
    finally:
        await rooms.aclose()
    async with httpx.AsyncClient(base_url=livekit.url) as client:
        allowed = await client.get("/rtc/validate", params={"access_token": token})
        assert allowed.status_code == 200


async def test_what_happens_is_posted_with_a_signature(livekit: SessionLiveKit) -> None:
    posted: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.decode().splitlines()[1:])
        }
        body = await reader.readexactly(int(lines["content-length"]))
        await posted.put(lines["authorization"].encode() + b"\n" + body)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", livekit.webhook_port)
    rooms = api.LiveKitAPI(livekit.url, livekit.key, livekit.secret)
    try:
        await rooms.room.create_room(CreateRoomRequest(name="told"))
        signature, _, body = (await asyncio.wait_for(posted.get(), 5)).partition(b"\n")
        event = api.WebhookReceiver(api.TokenVerifier(livekit.key, livekit.secret)).receive(
            body.decode(), signature.decode()
        )
        assert (event.event, event.room.name) == ("room_started", "told")
    finally:
        await rooms.aclose()
        server.close()
        await server.wait_closed()


async def test_windows_are_sent_to_no_stranger_for_their_address(livekit: SessionLiveKit) -> None:
    """Given none of its own, LiveKit tells windows to ask servers of others (iceServersForParticipant)."""
    rooms = api.LiveKitAPI(livekit.url, livekit.key, livekit.secret)
    await rooms.room.create_room(CreateRoomRequest(name="quiet"))
    await rooms.aclose()
    token = (
        api.AccessToken(livekit.key, livekit.secret)
        .with_identity("someone")
        .with_grants(api.VideoGrants(room_join=True, room="quiet"))
        .to_jwt()
    )
    address = f"{livekit.url.replace('http', 'ws')}/rtc?access_token={token}&protocol=15&sdk=js"
    async with websockets.connect(address) as socket_:
        answer = rtc.SignalResponse.FromString(await asyncio.wait_for(socket_.recv(decode=False), 5))
    told = {url for server in answer.join.ice_servers for url in server.urls}
    assert told == {"stun:127.0.0.1:9"}


def test_it_is_told_its_own_address_and_asks_nobody(tmp_path: Path) -> None:
    for address, shown in (("10.1.2.3", "10.1.2.3"), ("fd00::1", "[fd00::1]")):
        settings = msgspec.structs.replace(settings_in(tmp_path, tmp_path), media_address=address)
        network = configuration(settings, 1)["rtc"]
        assert isinstance(network, dict)
        assert network["stun_servers"] == [f"{shown}:9"]
        assert network["node_ip"] == address
        assert network["use_external_ip"] is False


def test_other_machines_are_served_by_tcp_too_and_this_one_alone_is_not(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, tmp_path)
    here = json.dumps(configuration(settings, 1))
    there = json.dumps(configuration(msgspec.structs.replace(settings, media_address="10.1.2.3"), 1))
    assert '"tcp_port": 0' in here
    assert f'"tcp_port": {settings.media_port}' in there
    assert '"enable_loopback_candidate": false' in there
