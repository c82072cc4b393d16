"""The media server's facade: where it is, and what becomes of answers that are none."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from bastide.core.clock import Clock
from bastide.core.errors import Unavailable
from bastide.meet.engine import EngineRefused, EngineView, LiveKit
from bastide.meet.errors import CallsStarting
from bastide.meet.model import EngineState
from bastide.meet.tokens import Identity, Keys
from tests.meet.scene import Engine

KEYS = Keys("bastide", "s" * 64)


def livekit(url: str, keys: Keys = KEYS) -> LiveKit:
    return LiveKit(keys, lambda: EngineView(EngineState.READY, url), Clock())


@pytest.mark.parametrize(
    ("url", "http", "ws"),
    [
        ("http://127.0.0.1:7880", "http://127.0.0.1:7880", "ws://127.0.0.1:7880"),
        ("ws://127.0.0.1:7880/", "http://127.0.0.1:7880", "ws://127.0.0.1:7880"),
        ("https://calls.example", "https://calls.example", "wss://calls.example"),
        ("wss://calls.example/media/", "https://calls.example/media", "wss://calls.example/media"),
    ],
)
def test_an_address_serves_for_requests_and_for_sockets(url: str, http: str, ws: str) -> None:
    assert (livekit(url).http_url(), livekit(url).signal_url()) == (http, ws)


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncGenerator[str]:
    """A server that says this to whatever it is asked, or never anything."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is not None:
            writer.write(answer)
        else:
            await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def said(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (said("200 OK", b"\xff\xff\xff not protobuf"), CallsStarting),
        (said("500 Internal Server Error", b"<html>"), EngineRefused),
        (said("503 Service Unavailable", b'{"code":"unavailable","msg":"x"}'), EngineRefused),
        (said("401 Unauthorized", b'{"code":"unauthenticated","msg":"x"}'), EngineRefused),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\nshort", CallsStarting),
        (b"nonsense\r\n\r\n", CallsStarting),
        (b"", CallsStarting),
        (None, CallsStarting),
    ],
)
async def test_a_media_server_that_talks_nonsense_or_nothing_is_a_typed_error(
    answer: bytes | None, problem: type[Unavailable], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bastide.meet.engine._ANSWERS_WITHIN_S", 0.5)
    async with answering(answer) as url:
        facade = livekit(url)
        with pytest.raises(problem) as caught:
            await facade.rooms()
        assert caught.value.status == 503
        await facade.close()


async def test_nobody_there_is_a_typed_error_too() -> None:
    facade = livekit("http://127.0.0.1:9")
    who = Identity(uuid4(), uuid4())
    for act in (
        facade.rooms(),
        facade.ensure_room(uuid4()),
        facade.devices(uuid4()),
        facade.remove(uuid4(), str(who)),
        facade.permit(uuid4(), str(who), may_speak=True),
        facade.delete_room(uuid4()),
        facade.validate("/rtc/validate", ""),
    ):
        with pytest.raises(CallsStarting):
            await act
    await facade.close()


@pytest.mark.livekit
async def test_what_is_not_there_needs_no_removing(engine: Engine) -> None:
    facade = livekit(engine.view.url, engine.keys)
    call, who = uuid4(), str(Identity(uuid4(), uuid4()))
    assert await facade.devices(call) == []
    await facade.remove(call, who)
    await facade.permit(call, who, may_speak=False)
    await facade.delete_room(call)
    sid = await facade.ensure_room(call)
    assert await facade.ensure_room(call) == sid
    await facade.remove(call, who)
    await facade.delete_room(call)
    await facade.close()


@pytest.mark.livekit
async def test_another_key_is_refused(engine: Engine) -> None:
    facade = livekit(engine.view.url, Keys(engine.keys.name, "x" * 64))
    with pytest.raises(EngineRefused) as caught:
        await facade.rooms()
    assert "x" * 64 not in str(caught.value)
    await facade.close()
