"""A real uvicorn on a loopback port with sockets of our making, and a client that can misbehave byte by
byte.
"""

import asyncio
import base64
import contextlib
import os
import socket
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from typing import Any, Self, TypeVar

import pytest
import uvicorn
import uvloop

from bastide.core.gateway.entry import http_class
from bastide.core.gateway.link import Link
from bastide.core.gateway.transport import (
    Endpoint,
    Handshake,
    Limits,
    Listener,
    Peer,
    Refused,
    websocket_class,
)

Some = TypeVar("Some")

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
CONTINUE = 0x0


class Ear(Listener):
    """A listener that remembers what it heard and answers by `reply`."""

    def __init__(self, reply: Callable[[Peer, bytes], None] | None = None) -> None:
        self.peer: Peer | None = None
        self.opened = 0
        self.texts: list[bytes] = []
        self.binaries: list[bytes] = []
        self.closes: list[int] = []
        self._reply = reply

    def on_open(self, peer: Peer) -> None:
        self.peer = peer
        self.opened += 1

    def on_text(self, frame: bytes) -> None:
        self.texts.append(frame)
        if self._reply is not None and self.peer is not None:
            self._reply(self.peer, frame)

    def on_binary(self, frame: bytes) -> None:
        self.binaries.append(frame)

    def on_close(self, code: int) -> None:
        self.closes.append(code)

    @property
    def open_peer(self) -> Link:
        assert isinstance(self.peer, Link)
        return self.peer


class House(Endpoint):
    """An endpoint that lets everyone in, or does what `decide` says; keeps every ear it gave."""

    def __init__(
        self,
        decide: Callable[[Handshake], Awaitable[Listener | Refused]] | None = None,
        reply: Callable[[Peer, bytes], None] | None = None,
    ) -> None:
        self.ears: list[Ear] = []
        self.handshakes: list[Handshake] = []
        self._decide = decide
        self._reply = reply

    async def authorise(self, handshake: Handshake) -> Listener | Refused:
        self.handshakes.append(handshake)
        if self._decide is not None:
            return await self._decide(handshake)
        ear = Ear(self._reply)
        self.ears.append(ear)
        return ear


async def tiny_app(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application that says the path it was asked for; /slow takes its time."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body = scope["path"].encode()
    if body == b"/slow":
        await asyncio.sleep(0.3)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Serving:
    """A server in a thread of its own, on uvloop as in production."""

    def __init__(self, endpoints: Mapping[str, Endpoint], limits: Limits) -> None:
        config = uvicorn.Config(
            tiny_app,
            host="127.0.0.1",
            port=0,
            loop="uvloop",
            http=http_class(limits),
            ws=websocket_class(endpoints, limits=limits),
            log_config=None,
            access_log=False,
        )
        self.server = uvicorn.Server(config)
        self.loop = uvloop.new_event_loop()
        self.problems: list[Mapping[str, Any]] = []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(lambda _, context: self.problems.append(context))
        self.loop.run_until_complete(self.server.serve())

    def start(self) -> Self:
        self._thread.start()
        until(lambda: self.server.started)
        return self

    @property
    def port(self) -> int:
        return int(self.server.servers[0].sockets[0].getsockname()[1])

    @property
    def connections(self) -> int:
        return len(self.server.server_state.connections)

    def do(self, act: Callable[[], Some]) -> Some:
        """Do something on the server's loop and wait for it."""

        async def run() -> Some:
            return act()

        return self.run(run())

    def run(self, work: Coroutine[Any, Any, Some]) -> Some:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def stop(self) -> float:
        """Stop as at SIGTERM. Returns the seconds it took."""
        start = time.monotonic()
        self.server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive(), "the server did not stop"
        return time.monotonic() - start


@contextlib.contextmanager
def serving(endpoints: Mapping[str, Endpoint], limits: Limits | None = None) -> Generator[Serving]:
    server = Serving(endpoints, limits or Limits(linger_s=0.5)).start()
    try:
        yield server
    finally:
        if server._thread.is_alive():
            server.stop()
        assert server.problems == [], [repr(problem) for problem in server.problems]


class Switch:
    """Lets all tests of this file share one server, each with a house of its own."""

    def __init__(self) -> None:
        self.house = House()

    async def authorise(self, handshake: Handshake) -> Listener | Refused:
        return await self.house.authorise(handshake)


@pytest.fixture(scope="module")
def shared() -> Generator[tuple[Serving, Switch]]:
    switch = Switch()
    with serving({"/socket": switch}) as running:
        yield running, switch


@pytest.fixture
def house() -> House:
    return House(reply=lambda peer, frame: peer.send_text(frame))


@pytest.fixture
def server(shared: tuple[Serving, Switch], house: House) -> Generator[Serving]:
    running, switch = shared
    switch.house = house
    yield running
    until(lambda: running.connections == 0)


def url(server: Serving, path: str = "/socket") -> str:
    return f"ws://127.0.0.1:{server.port}{path}"


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"did not happen within {seconds} s")
        time.sleep(0.005)


def masked(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, mask: bool = True) -> bytes:
    """A client's frame, well formed unless asked otherwise."""
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    flag = 0x80 if mask else 0
    size = len(payload)
    if size < 126:
        head = bytes([first, flag | size])
    elif size < 1 << 16:
        head = bytes([first, flag | 126]) + struct.pack("!H", size)
    else:
        head = bytes([first, flag | 127]) + struct.pack("!Q", size)
    if not mask:
        return head + payload
    key = b"\x11\x22\x33\x44"
    long_key = key * (size // 4 + 1)
    body = int.from_bytes(payload, "big") ^ int.from_bytes(long_key[:size], "big")
    return head + key + body.to_bytes(size, "big")


def request(
    path: str = "/socket", *, replace: Mapping[str, str | None] | None = None, line: str = ""
) -> bytes:
    """An upgrade request; `replace` changes headers or takes them out (None)."""
    headers: dict[str, str | None] = {
        "Host": "bastide.test",
        "Upgrade": "websocket",
        "Connection": "keep-alive, Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
    }
    headers.update(replace or {})
    lines = [line or f"GET {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items() if v is not None)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Raw:
    """A plain TCP connection that speaks the protocol only as far as it is told to."""

    def __init__(self, port: int, *, receive_buffer: int = 0) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(10)
        self.sock.connect(("127.0.0.1", port))
        self._data = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.sock.close()

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def send_on(self, data: bytes) -> None:
        """Send the same again and again, which ends when the server has had enough."""
        for _ in range(10_000):
            self.send(data)
            time.sleep(0.001)

    def frame(self, opcode: int, payload: bytes = b"", **how: Any) -> None:
        self.send(masked(opcode, payload, **how))

    def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers of the answer."""
        while b"\r\n\r\n" not in self._data:
            self._fill()
        raw, _, self._data = self._data.partition(b"\r\n\r\n")
        lines = raw.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        return int(lines[0].split()[1]), headers

    def open(self, path: str = "/socket", **how: Any) -> Self:
        self.send(request(path, **how))
        status, headers = self.head()
        assert status == 101, headers
        return self

    def body(self, size: int) -> bytes:
        return self.take(size)

    def take(self, size: int) -> bytes:
        while len(self._data) < size:
            self._fill()
        taken, self._data = self._data[:size], self._data[size:]
        return taken

    def read(self) -> tuple[int, bytes]:
        """The next frame's opcode and payload."""
        first, second = self.take(2)
        assert first & 0x70 == 0, "reserved bits"
        assert second & 0x80 == 0, "a server does not mask"
        size = second
        if size == 126:
            (size,) = struct.unpack("!H", self.take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self.take(8))
        return first & 0xF, self.take(size)

    def next_message(self) -> tuple[int, bytes]:
        """The next frame that is no ping."""
        while True:
            opcode, payload = self.read()
            if opcode != PING:
                return opcode, payload

    def close_code(self) -> int:
        """Read on until the closing frame."""
        while True:
            opcode, payload = self.read()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")

    def at_end(self) -> bool:
        """Whether the server has closed the connection, with or without a reset."""
        try:
            return self.sock.recv(1) == b""
        except ConnectionResetError:
            return True

    def reset(self) -> None:
        """Go away rudely."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def _fill(self) -> None:
        more = self.sock.recv(1 << 18)
        if not more:
            raise EOFError(self._data)
        self._data += more
