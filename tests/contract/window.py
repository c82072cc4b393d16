"""A window's socket without a network: what the server would send it, frame by frame."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec

from bastide.core.gateway.session import Socket
from bastide.core.policy import Actor
from tests.support.town import Town


class Listening:
    """An open socket. `frames` is everything that it was sent."""

    def __init__(self, town: Town, actor: Actor) -> None:
        gate = town.house.gate("build")
        self._socket = Socket(gate, actor)
        self.frames: list[dict[str, Any]] = []

    @classmethod
    async def open(cls, town: Town, actor: Actor, cursors: dict[UUID, int]) -> "Listening":
        """Say hello with these cursors, and wait until what was missed has been told."""
        listening = cls(town, actor)
        socket = listening._socket
        socket.on_open(listening)
        socket.on_text(msgspec.json.encode({"t": "hello", "v": 1, "cursors": cursors}))
        await asyncio.gather(*socket._tasks)
        return listening

    async def say(self, frame: dict[str, Any]) -> None:
        """Send a frame, and wait until it is done with."""
        self._socket.on_text(msgspec.json.encode(frame))
        await asyncio.gather(*self._socket._tasks)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Leave, or be sent away."""
        assert code == 1000, f"the server closed the socket: {code} {reason}"
        self._socket.on_close(code)

    def told(self) -> list[dict[str, Any]]:
        """The frames that a window makes something of."""
        return [f for f in self.frames if f["t"] in ("event", "reload")]

    # The outgoing side, as the gateway would hold it.

    def send_text(self, frame: bytes) -> None:
        self.frames.append(msgspec.json.decode(frame))

    def send_binary(self, frame: bytes) -> None:
        raise AssertionError("the protocol is text")

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    @property
    def buffered(self) -> int:
        return 0
