"""Requests that an edge passes on to the core over its Unix socket, streamed both ways.

The core believes what an edge says of where a request comes from, and nobody else's: what clients say of that has been looked at
here and goes no further.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_from_bytes

import aiohttp
import structlog
from litestar.types import HTTPScope, Receive, Send
from yarl import URL

from bastide.core.errors import Interrupted, Unavailable
from bastide.core.http.door import refuse

_log: Final = structlog.get_logger("bastide.edge")
# RFC 9110 section 7.6.1; and what is said anew for the core.
_NOT_PASSED: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"expect",
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-proto",
        b"x-forwarded-host",
        b"x-real-ip",
    }
)
_HOP_BY_HOP: Final = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"trailer", b"upgrade"})
_ADDED: Final = frozenset({"User-Agent", "Accept", "Accept-Encoding", "Content-Type"})
_SAFE_IN_TARGET: Final = "!$&'()*+,;=:@/?%~-._[]|^`{}\"<>\\"
_CONNECT_S: Final = 2.0


class Relay:
    """An ASGI application whose answers are the core's."""

    def __init__(self, path: Path) -> None:
        """`path`: the core's Unix socket for requests."""
        self._path = str(path)
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        body = _Body(receive)
        try:
            async with self._open().request(
                scope["method"],
                _target(scope),
                headers=_headers(scope),
                data=body.chunks() if _has_body(scope) else None,
                allow_redirects=False,
            ) as answer:
                await _pass_back(answer, body, send)
        except Interrupted:
            return  # the client left in the middle of what it said: nobody is there to answer
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            if body.answered:
                raise  # half an answer must not pass for a whole one
            _log.warning("edge_core_away", kind=type(problem).__name__)
            await refuse(Unavailable(retry_after_s=1), dict(_said(scope)), send)

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(self._path, limit=0, keepalive_timeout=30),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=_ADDED,
            )
        return self._session


class _Body:
    """A request's body as it comes, and then the client's leaving."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.answered = False

    async def chunks(self) -> AsyncGenerator[bytes]:
        """The body. Raises Interrupted where it breaks off."""
        yield b""  # the head goes before there is anything of the body: it may be refused for what it says
        while True:
            heard: Any = await self._receive()
            if heard["type"] != "http.request":
                raise Interrupted
            if heard["body"]:
                yield heard["body"]
            if not heard["more_body"]:
                return

    async def left(self) -> None:
        """Wait until the client is gone."""
        while True:
            heard: Any = await self._receive()
            if heard["type"] == "http.disconnect":
                return


async def _pass_back(answer: aiohttp.ClientResponse, body: _Body, send: Send) -> None:
    headers = [(name, value) for name, value in answer.raw_headers if name.lower() not in _HOP_BY_HOP]
    if answer.headers.get("connection", "").lower() == "close":
        headers.append((b"connection", b"close"))  # it was answered before all of it was read
    body.answered = True
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    sending = asyncio.ensure_future(_stream(answer, send))
    leaving = asyncio.ensure_future(body.left())
    try:
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            sending.result()
        else:
            answer.close()  # the core hears at once that nobody listens any more
    finally:
        for task in (sending, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError, OSError):
                await task


async def _stream(answer: aiohttp.ClientResponse, send: Send) -> None:
    async for chunk in answer.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _target(scope: HTTPScope) -> URL:
    """The address as it was asked for: nothing is read or mended on the way."""
    raw = scope["raw_path"]
    target = quote_from_bytes(raw.partition(b"?")[0], safe=_SAFE_IN_TARGET)
    query = quote_from_bytes(scope["query_string"], safe=_SAFE_IN_TARGET)
    return URL(f"http://core{target}" + (f"?{query}" if query else ""), encoded=True)


def _headers(scope: HTTPScope) -> list[tuple[str, str]]:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in scope["headers"]
        if name not in _NOT_PASSED
    ]
    client = scope["client"]
    headers.append(("x-forwarded-for", client[0] if client else ""))
    headers.append(("x-forwarded-proto", scope["scheme"]))
    return headers


def _said(scope: HTTPScope) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]


def _has_body(scope: HTTPScope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return b"transfer-encoding" in names or b"content-length" in names
