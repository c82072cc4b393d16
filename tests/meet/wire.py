"""A window's signalling socket into a call, spoken by hand: protobuf over our own port, with the session's cookie."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from urllib.parse import urlencode

from livekit.protocol import rtc
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.served import Served, Window

CLIENT = {"protocol": "16", "sdk": "js", "version": "2.23.0", "auto_subscribe": "0"}


class Signal:
    """An open signalling socket. `joined` is what the media server answered first; `heard` all that followed."""

    def __init__(self, socket: ClientConnection, joined: rtc.JoinResponse) -> None:
        self.joined = joined
        self.heard: list[rtc.SignalResponse] = []
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._socket = socket
        self._reading = asyncio.create_task(self._read())

    async def say(self, request: rtc.SignalRequest) -> None:
        await self._socket.send(request.SerializeToString())

    async def close(self) -> None:
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                assert isinstance(message, bytes)
                self.heard.append(rtc.SignalResponse.FromString(message))
        except ConnectionClosed:
            pass
        self.closed.set_result((self._socket.close_code or 0, self._socket.close_reason or ""))


async def open_signal(
    served: Served, window: Window, token: str, *, path: str = "/rtc", origin: str | None = "", **more: str
) -> Signal:
    """Connect as a window does.

    Raises:
        InvalidStatus: the door stayed shut; its response says why.
    """
    cookies = {} if window.token is None else {"cookie": window.http.headers["cookie"]}
    return await _open(served.base, path, token, served.base if origin == "" else origin, cookies, more)


async def open_straight(url: str, token: str) -> Signal:
    """Connect to the media server itself, past our door, as nobody can from outside."""
    return await _open(url, "/rtc", token, None, {}, {})


async def _open(
    base: str, path: str, token: str, origin: str | None, headers: dict[str, str], more: dict[str, str]
) -> Signal:
    query = urlencode(CLIENT | {"access_token": token} | more)
    socket = await connect(
        f"{base.replace('http', 'ws', 1)}{path}?{query}",
        origin=origin,  # pyright: ignore[reportArgumentType] - a text
        additional_headers=headers,
        max_size=1 << 20,
    )
    first = await asyncio.wait_for(socket.recv(), 5)
    assert isinstance(first, bytes)
    return Signal(socket, rtc.SignalResponse.FromString(first).join)


async def refusal(served: Served, window: Window, token: str, **how: str) -> tuple[int, bytes]:
    """How a connection is refused: status and body."""
    try:
        signal = await open_signal(served, window, token, **how)
    except InvalidStatus as refused:
        return refused.response.status_code, bytes(refused.response.body)
    await signal.close()
    return 101, b""


@contextlib.asynccontextmanager
async def signalling(served: Served, window: Window, token: str) -> AsyncGenerator[Signal]:
    """A socket that is closed afterwards."""
    signal = await open_signal(served, window, token)
    try:
        yield signal
    finally:
        await signal.close()
