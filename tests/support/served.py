"""A town's house served on a loopback port, exactly as `bastide.app` serves it, and windows that call on it.

from tests.support.served import Served, served      # in a test: async def test_…(served: Served)

agathe = await served.window(served.town.agathe)      # signed in, with her CSRF word
await agathe.get("/api/snapshot")
socket = await agathe.socket()                        # has said hello; see tests/support/wire.py
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest_asyncio
import uvicorn
from litestar import Litestar

from bastide.app import lines, server
from bastide.core.gateway.carried import Edges
from bastide.core.gateway.contract import Limits
from bastide.core.http.door import Door
from bastide.core.http.timed import Timed
from bastide.core.policy import Actor, Office
from bastide.edge.carrier import Carrier
from bastide.edge.process import Front, listening
from bastide.edge.process import server as edge_server
from bastide.edge.relay import Relay
from bastide.people.sessions import csrf_of
from tests.support.postgres import SessionPostgres
from tests.support.town import Town, living_town
from tests.support.wire import Wire, connect

PAGE = b"<!doctype html><title>Bastide</title><script src=/assets/app-3f2a.js></script>"
SCRIPT = b"document.title = 'Bastide'"


class Window:
    """One person's browser, or a stranger's: its cookies, and the word that keeps forged requests out."""

    def __init__(self, base: str, cookie: str, token: str | None, actor: Actor | None) -> None:
        self.base = base
        self.token = token
        self.actor = actor
        self._cookie = cookie
        headers = {"origin": base, "sec-fetch-site": "same-origin"}
        if token is not None:
            headers |= {"cookie": f"{cookie}={token}", "x-csrf": csrf_of(token)}
        raw = {name.encode(): value.encode() for name, value in headers.items()}
        self.http = httpx.AsyncClient(base_url=base, headers=list(raw.items()), timeout=20)
        self._sockets: list[Wire] = []

    async def request(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Ask something; `json`, `content`, `params` and `headers` as httpx takes them."""
        return await self.http.request(method, path, **how)

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.request("GET", path, **how)

    async def post(self, path: str, json: object = None, **how: Any) -> httpx.Response:
        return await self.request("POST", path, json=json, **how)

    async def patch(self, path: str, json: object = None, **how: Any) -> httpx.Response:
        return await self.request("PATCH", path, json=json, **how)

    async def put(self, path: str, json: object = None, **how: Any) -> httpx.Response:
        return await self.request("PUT", path, json=json, **how)

    async def delete(self, path: str, **how: Any) -> httpx.Response:
        return await self.request("DELETE", path, **how)

    async def bare_socket(self, *, origin: str | None = "", headers: Mapping[str, str] | None = None) -> Wire:
        """A socket that has not said hello."""
        held = {} if self.token is None else {"cookie": f"{self._cookie}={self.token}"}
        wire = await connect(
            self.base.replace("http", "ws") + "/api/socket",
            origin=self.base if origin == "" else origin,
            headers=held | dict(headers or {}),
        )
        self._sockets.append(wire)
        return wire

    async def socket(self, cursors: Mapping[UUID, int] | None = None) -> Wire:
        """A socket that has said hello and was welcomed."""
        wire = await self.bare_socket()
        await wire.hello(cursors or {})
        return wire

    async def close(self) -> None:
        for wire in self._sockets:
            await wire.close()
        await self.http.aclose()


class Served:
    """The served house, its town, and where it answers."""

    def __init__(self, town: Town, app: Litestar, built: Path, port: int) -> None:
        self.town = town
        self.built = built
        self.app = app
        self.port = port
        self.base = f"http://localhost:{port}"
        self._windows: list[Window] = []
        self.edges: Edges | None = None
        """The lines of edges, where windows come by one."""

    async def window(self, actor: Actor) -> Window:
        """A new browser profile of a person, signed in as surely as the actor is, and in administration where they are."""
        fresh, token = await self.town.open(actor.person_id, actor.strength)
        if actor.acting:
            held = {Office.ADMINISTRATOR: actor.administrator, Office.OFFICER: actor.officer}
            fresh = await self.town.in_office(fresh, *(office for office, holds in held.items() if holds))
        return self._keep(Window(self.base, self.town.house.cookies.session, token, fresh))

    async def in_office(self, actor: Actor, *offices: Office, acting: bool = True) -> Window:
        """`window` of somebody who holds some offices from now on (both where none is named), in administration or not."""
        return await self.window(await self.town.in_office(actor, *offices, acting=acting))

    def stranger(self, token: str | None = None) -> Window:
        """A browser that nobody signed in with, or one that holds a cookie of our making."""
        return self._keep(Window(self.base, self.town.house.cookies.session, token, None))

    async def close(self) -> None:
        for window in self._windows:
            await window.close()

    def _keep(self, window: Window) -> Window:
        self._windows.append(window)
        return window


def _small(folder: Path) -> Path:
    built = folder / "window"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_bytes(PAGE)
    (built / "assets" / "app-3f2a.js").write_bytes(SCRIPT)
    (folder / "secret.txt").write_text("outside the window's folder")
    return built


@contextlib.asynccontextmanager
async def serving(
    town: Town,
    folder: Path,
    limits: Limits | None = None,
    *,
    window: Path | None = None,
    by_edge: bool = False,
) -> AsyncGenerator[Served]:
    """The house on a free port, with a small built window to serve, or a real one for browsers.

    `by_edge`: the port is an edge's, as with BASTIDE_EDGES, and the house listens behind it.
    """
    built = window or _small(folder)
    edges: Edges | None = None
    async with contextlib.AsyncExitStack() as open_:
        if by_edge:
            town.house.settings = msgspec.structs.replace(town.house.settings, edges=1)
            town.house.settings.own.mkdir(parents=True, exist_ok=True)
            edges = await open_.enter_async_context(lines(town.house, built, limits))
        inner = server(town.house, built, limits)
        timed = inner.config.app
        assert isinstance(timed, Timed)
        door = timed.app
        assert isinstance(door, Door)
        assert isinstance(door.app, Litestar)
        await open_.enter_async_context(_running(inner))
        outer = inner
        if by_edge:
            outer = await open_.enter_async_context(_edge(town, built, limits))
        port = int(outer.servers[0].sockets[0].getsockname()[1])
        served = Served(town, door.app, built, port)
        served.edges = edges
        open_.push_async_callback(served.close)
        yield served


@contextlib.asynccontextmanager
async def _edge(town: Town, built: Path, limits: Limits | None) -> AsyncGenerator[uvicorn.Server]:
    settings = town.house.settings
    carrier, relay = Carrier(settings.trunk), Relay(settings.core)
    line = asyncio.create_task(carrier.run())
    await carrier.up.wait()
    running = edge_server(settings, carrier, Front(built, relay), limits)
    try:
        async with _running(running, [listening(settings.host, 0)]):
            yield running
    finally:
        line.cancel()
        await asyncio.gather(line, return_exceptions=True)
        await relay.close()


@contextlib.asynccontextmanager
async def _running(
    running: uvicorn.Server, sockets: list[socket.socket] | None = None
) -> AsyncGenerator[None]:
    # Not `serve()`, which would take the test run's own signals.
    task = asyncio.create_task(running._serve(sockets))
    while not running.started:
        if task.done():
            await task
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        running.should_exit = True
        await task


@pytest_asyncio.fixture
async def served(postgres: SessionPostgres, tmp_path: Path) -> AsyncGenerator[Served]:
    """A town of its own for each test, served."""
    async with living_town(postgres, tmp_path / "data") as town, serving(town, tmp_path) as running:
        yield running
