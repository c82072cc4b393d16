"""What a socket costs: deliveries per CPU-second and memory per connection, beside uvicorn's own websockets.

One frame of 200 bytes goes to every connection, alone and in bursts of 20. Server and clients are processes of
their own; only the server's CPU time counts. Usage: `python bench/transport.py [--connections 2000] [--json]`.
"""

import argparse
import asyncio
import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import msgspec
import uvicorn
import uvloop

from bastide.core.gateway.entry import http_class
from bastide.core.gateway.transport import Handshake, Limits, Listener, Peer, websocket_class

FRAME = b"x" * 200
ON_THE_WIRE = len(FRAME) + 4
ROUNDS = {"single": (20, 1), "burst of 20": (4, 20)}


class Figures(msgspec.Struct, frozen=True):
    """KiB for each connection; deliveries for each second of the server's CPU time."""

    kib: float
    single: float
    burst: float


class Ear:
    """Takes nothing in and keeps its peer for the broadcast."""

    def __init__(self, peers: set[Peer]) -> None:
        self._peers = peers

    def on_open(self, peer: Peer) -> None:
        self._peers.add(peer)

    def on_text(self, frame: bytes) -> None:
        del frame

    def on_binary(self, frame: bytes) -> None:
        del frame

    def on_close(self, code: int) -> None:
        del code


class OurServer:
    """The gateway's transport."""

    def __init__(self) -> None:
        self._peers: set[Peer] = set()

    async def authorise(self, handshake: Handshake) -> Listener:
        del handshake
        return Ear(self._peers)

    def config(self, port: int) -> uvicorn.Config:
        sockets = websocket_class({"/": self}, limits=Limits())
        return uvicorn.Config(
            _nothing, port=port, http=http_class(), ws=sockets, loop="uvloop", log_config=None
        )

    async def send(self, burst: int) -> None:
        for _ in range(burst):
            for peer in self._peers:
                peer.send_text(FRAME)


class TheirServer:
    """uvicorn's default websockets, through ASGI, without compression, as ours is."""

    def __init__(self) -> None:
        self._sends: list[Callable[[dict[str, Any]], Any]] = []

    async def app(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        self._sends.append(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass

    def config(self, port: int) -> uvicorn.Config:
        return uvicorn.Config(
            self.app,  # pyright: ignore[reportArgumentType] - ASGI's own types are wider than needed here
            port=port,
            loop="uvloop",
            interface="asgi3",
            log_config=None,
            ws_per_message_deflate=False,
        )

    async def send(self, burst: int) -> None:
        message = {"type": "websocket.send", "text": FRAME.decode()}
        for _ in range(burst):
            for send in self._sends:
                await send(message)


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    del scope, receive, send


async def serve(kind: str, port: int) -> None:
    """Answer commands on standard input: `memory` and `send BURST ROUNDS`."""
    mine = OurServer() if kind == "ours" else TheirServer()
    config = mine.config(port)
    config.lifespan = "off"
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    gc.collect()
    _say("ready")
    commands = await _commands()
    while line := (await commands.readline()).decode().split():
        if line[0] == "memory":
            gc.collect()
            _say(_pss_kib())
        elif line[0] == "send":
            start = time.process_time()
            for _ in range(int(line[2])):
                await mine.send(int(line[1]))
                await asyncio.sleep(0.01)
            _say(time.process_time() - start)
    running.cancel()


class Client(asyncio.Protocol):
    """Counts what comes in and says nothing."""

    opened = 0
    received = 0

    def __init__(self) -> None:
        self._head: bytes | None = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(
            b"GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
            b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            head, end, data = (self._head + data).partition(b"\r\n\r\n")
            if not end:
                self._head = head
                return
            self._head = None
            Client.opened += head.startswith(b"HTTP/1.1 101")
        Client.received += len(data)


async def connect(port: int, connections: int) -> None:
    """Open so many sockets, then answer `received` with the bytes that have come so far."""
    loop = asyncio.get_running_loop()
    for start in range(0, connections, 100):
        batch = range(min(100, connections - start))
        await asyncio.gather(*(loop.create_connection(Client, "127.0.0.1", port) for _ in batch))
    async with asyncio.timeout(30):
        while Client.opened < connections:  # noqa: ASYNC110 - a bench may poll
            await asyncio.sleep(0.01)
    _say("ready")
    commands = await _commands()
    while await commands.readline():
        _say(Client.received)


class Process:
    """One of the two processes, driven line by line."""

    def __init__(self, *arguments: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.heard()

    def ask(self, command: str) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return float(self.heard())

    def heard(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            raise RuntimeError("a process of the bench has died; its own words stand above")
        return line

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def measure(kind: str, port: int, connections: int) -> Figures:
    """Start a server and its clients, weigh it empty and full, and send."""
    server = Process("--serve", kind, "--port", port)
    clients = None
    try:
        empty = server.ask("memory")
        clients = Process("--connect", connections, "--port", port)
        full = server.ask("memory")
        rates: list[float] = []
        expected = 0
        for rounds, burst in ROUNDS.values():
            seconds = server.ask(f"send {burst} {rounds}")
            expected += connections * rounds * burst * ON_THE_WIRE
            while clients.ask("received") < expected:
                time.sleep(0.02)
            rates.append(connections * rounds * burst / seconds)
        return Figures((full - empty) / connections, *rates)
    finally:
        server.end()
        if clients is not None:
            clients.end()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--port", type=int, default=18390)
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    parser.add_argument("--serve", choices=["ours", "theirs"], help=argparse.SUPPRESS)
    parser.add_argument("--connect", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if given.serve:
        uvloop.run(serve(given.serve, given.port))
    elif given.connect:
        uvloop.run(connect(given.port, given.connect))
    else:
        _report(given.port, given.connections, as_json=given.json)


def _report(port: int, connections: int, *, as_json: bool) -> None:
    theirs = measure("theirs", port, connections)
    ours = measure("ours", port + 1, connections)
    print(f"{connections} connections, frames of {len(FRAME)} bytes, deliveries per CPU-second of the server")
    print(f"{'':22}{'KiB/connection':>16}{'single':>12}{'burst of 20':>14}")
    for name, figures in (("uvicorn's own", theirs), ("Bastide's gateway", ours)):
        print(f"{name:22}{figures.kib:16.1f}{figures.single:12,.0f}{figures.burst:14,.0f}")
    ratios = Figures(theirs.kib / ours.kib, ours.single / theirs.single, ours.burst / theirs.burst)
    print(f"{'times better':22}{ratios.kib:16.1f}{ratios.single:12.1f}{ratios.burst:14.1f}")
    if as_json:
        line = {
            "transport_kib": ours.kib,
            "transport_single": ours.single,
            "transport_burst": ours.burst,
            "ratio_kib": ratios.kib,
            "ratio_single": ratios.single,
            "ratio_burst": ratios.burst,
        }
        print(json.dumps({"name": "transport", "figures": line}))


def _pss_kib() -> int:
    """This process's share of memory, from the kernel."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


async def _commands() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    return reader


def _say(what: object) -> None:
    print(what, flush=True)


if __name__ == "__main__":
    main()
