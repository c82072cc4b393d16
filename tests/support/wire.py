"""A window's socket, spoken by hand: frames out, frames in, and what a real window would make of them."""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed

Frame = dict[str, Any]

_SOON = 5.0
_QUIET = 0.15


async def connect(url: str, *, origin: str | None, headers: Mapping[str, str]) -> "Wire":
    """Open a socket; raises `websockets.exceptions.InvalidStatus` where the door stays shut."""
    return Wire(
        await open_socket(url, origin=origin, additional_headers=headers, compression=None, max_size=1 << 26)  # pyright: ignore[reportArgumentType] - a text
    )


class Wire:
    """One socket. `heard` is every frame that came in, in order."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._came = asyncio.Condition()
        self.heard: list[Frame] = []
        self.closed: tuple[int, str] | None = None
        self._reading = asyncio.create_task(self._read())

    async def hello(self, cursors: Mapping[UUID, int], *, v: int = 1) -> Frame:
        """Say hello; gives the welcome."""
        await self.say({"t": "hello", "v": v, "cursors": {str(s): q for s, q in cursors.items()}})
        return await self.until("welcome")

    async def say(self, frame: Frame | bytes | str) -> None:
        """Send a frame, or whatever else as it is."""
        if isinstance(frame, dict):
            await self._connection.send(msgspec.json.encode(frame).decode())
        else:
            await self._connection.send(frame)

    async def ask(self, kind: str, **fields: object) -> Frame:
        """Send a request and wait for its answer, `done` or `failed`."""
        n = next(self._numbers)
        await self.say({"t": kind, "n": n} | fields)
        return await self.first(lambda f: f["t"] in ("done", "failed") and f["n"] == n)

    async def send(self, channel_id: UUID, text: str, client_id: UUID) -> Frame:
        """Send a message and wait for its answer."""
        content = {"format": "plain", "text": text}
        return await self.ask("chat.send", channel_id=channel_id, client_id=client_id, content=content)

    async def until(self, kind: str) -> Frame:
        """The first frame of a kind, waited for if need be."""
        return await self.first(lambda f: f["t"] == kind)

    async def event(self, name: str) -> Frame:
        """The first event of a name."""
        return await self.first(lambda f: f["t"] in ("event", "fleeting") and f["e"]["type"] == name)

    async def first(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The first frame that is wanted, waited for if need be."""
        async with asyncio.timeout(_SOON), self._came:
            while True:
                for frame in self.heard:
                    if wanted(frame):
                        return frame
                assert self.closed is None, f"closed with {self.closed} after {self.heard}"
                await self._came.wait()

    async def end(self) -> tuple[int, str]:
        """The code and reason with which it closes."""
        async with asyncio.timeout(_SOON), self._came:
            while self.closed is None:
                await self._came.wait()
            return self.closed

    async def quiet(self, seconds: float = _QUIET) -> list[Frame]:
        """All that was heard, once nothing more has come for a while."""
        count = -1
        while count != len(self.heard):
            count = len(self.heard)
            await asyncio.sleep(seconds)
        return list(self.heard)

    def events(self, stream_id: UUID) -> list[Frame]:
        """What was heard of a stream, as a window keeps it: each place once, what comes twice skipped."""
        kept: dict[int, Frame] = {}
        for frame in self.heard:
            if frame["t"] == "event" and frame["s"] == str(stream_id):
                kept.setdefault(frame["q"], frame)
        return list(kept.values())

    def names(self, stream_id: UUID) -> list[str]:
        """The names of what was heard of a stream."""
        return [frame["e"]["type"] for frame in self.events(stream_id)]

    async def close(self) -> None:
        await self._connection.close()
        await self._reading

    async def _read(self) -> None:
        try:
            async for message in self._connection:
                async with self._came:
                    self.heard.append(msgspec.json.decode(message))
                    self._came.notify_all()
        except ConnectionClosed:
            pass
        async with self._came:
            self.closed = (self._connection.close_code or 1006, self._connection.close_reason or "")
            self._came.notify_all()
