"""A house with its port open, and browsers' windows at it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import httpx
import msgspec
import pytest_asyncio

from bastide.app import server
from bastide.core.policy import Actor
from bastide.people.sessions import csrf_of
from tests.support.town import Town

Window = Callable[[Actor | None], Awaitable[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def window(town: Town) -> AsyncGenerator[Window]:
    """`await window(actor)` is an HTTP client signed in as somebody; as nobody for None."""
    town.house.settings = msgspec.structs.replace(town.house.settings, port=0)
    running = server(town.house)
    running.install_signal_handlers = lambda: None  # pyright: ignore[reportAttributeAccessIssue]
    serving = asyncio.create_task(running.serve())
    async with asyncio.timeout(10):
        while not running.started:  # noqa: ASYNC110 - it has no event for it
            await asyncio.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    clients: list[httpx.AsyncClient] = []

    async def sign_in(actor: Actor | None) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30.0)
        if actor is not None:
            _, token = await town.open(actor.person_id)
            client.cookies.set(town.house.cookies.session, token)
            client.headers["x-csrf"] = csrf_of(token)
        clients.append(client)
        return client

    yield sign_in
    for client in clients:
        await client.aclose()
    running.should_exit = True
    await serving
