"""The core's side of edges: sockets that an edge holds, answered for by the same endpoints as those of our own port.

An edge that does not keep up, or says nothing any more, is let go: its sockets come back through another one. Its keeper ends
and starts again one that is frozen.
"""

import asyncio
from array import array
from collections.abc import Callable, Mapping
from typing import Final, TypeVarTuple, cast

import msgspec
import structlog

from bastide.core.gateway.contract import Bounded, CloseCode, Endpoint, Limits, Listener
from bastide.core.gateway.deciding import decide
from bastide.core.gateway.handshake import Handshake, Refused
from bastide.core.gateway.link import report
from bastide.core.gateway.trunk import NUMBERS, Kind, Parser, message, to_many

_log: Final = structlog.get_logger("bastide.gateway")
_Given = TypeVarTuple("_Given")

_WAITING_MOST: Final = 64 << 20
"""Bytes that may wait for one edge. Its sockets have bounds of their own there."""
_CALL_EVERY_S: Final = 2.0
_SILENT_MOST: Final = 5
"""Calls without an answer after which an edge counts as frozen."""
_REASON: Final = 123

_read_handshake = msgspec.msgpack.Decoder(Handshake).decode
_encode = msgspec.msgpack.Encoder().encode


class Edges:
    """Takes the lines of edges, which are processes of our own."""

    def __init__(self, endpoints: Mapping[str, Endpoint], limits: Limits | None = None) -> None:
        self._endpoints = dict(endpoints)
        self._limits = limits or Limits()
        self._lines: set[Line] = set()

    def line(self) -> "Line":
        """A protocol for the next edge's line."""
        return Line(self._endpoints, self._limits, self._lines)

    @property
    def count(self) -> int:
        """How many edges there are."""
        return len(self._lines)

    def close(self) -> None:
        """The core stops: edges tell their windows to come back later."""
        for line in tuple(self._lines):
            line.end()


class Line(asyncio.Protocol):
    """One edge."""

    def __init__(self, endpoints: Mapping[str, Endpoint], limits: Limits, lines: set["Line"]) -> None:
        self._endpoints = endpoints
        self._limits = limits
        self._lines = lines
        self._sockets: dict[int, Carried] = {}
        self._deciding: dict[int, asyncio.Task[None]] = {}
        self._transport: asyncio.Transport | None = None
        self._parser = Parser(self._heard)
        self._unanswered = 0
        self._timer: asyncio.TimerHandle | None = None
        # What is being sent to many: the same frame, and who gets it.
        self._frame: bytes | None = None
        self._kind = Kind.TEXT_TO
        self._numbers = array(NUMBERS)
        self._soon = False

    # what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_WAITING_MOST)
        self._lines.add(self)
        self._call()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._lines.discard(self)
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        for task in tuple(self._deciding.values()):
            task.cancel()
        for carried in tuple(self._sockets.values()):
            carried.gone(CloseCode.LOST)
        self._sockets.clear()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed(data)
        except (ValueError, msgspec.MsgspecError) as problem:
            report(problem)
            self._drop("unreadable")

    def pause_writing(self) -> None:
        self._drop("too-slow")

    def resume_writing(self) -> None:
        """Never needed: an edge that was too slow is being let go."""

    # what its sockets send

    def send(self, kind: Kind, number: int, frame: bytes) -> None:
        """Send a frame to a socket. The same frame for several of them, one after the other, crosses the line once."""
        if frame is self._frame and kind is self._kind:
            self._numbers.append(number)
            return
        self._flush()
        self._kind, self._frame = kind, frame
        self._numbers.append(number)
        if not self._soon:
            self._soon = True
            asyncio.get_running_loop().call_soon(self._flush_soon)

    def tell(self, kind: Kind, number: int, body: bytes = b"") -> None:
        """Send anything else, after what was sent before."""
        self._flush()
        if self._transport is not None:
            self._transport.write(message(kind, number, body))

    def forget(self, number: int) -> None:
        """A socket is gone."""
        self._sockets.pop(number, None)

    def end(self) -> None:
        """Close the line, after what was sent."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def _flush_soon(self) -> None:
        self._soon = False
        self._flush()

    def _flush(self) -> None:
        frame = self._frame
        if frame is None:
            return
        self._frame = None
        if self._transport is not None:
            self._transport.writelines(to_many(self._kind, self._numbers, frame))
        self._numbers = array(NUMBERS)

    # what the edge says

    def _heard(self, kind: int, number: int, body: bytes) -> None:
        if kind == Kind.ARRIVE:
            self._arrive(number, _read_handshake(body))
        elif kind == Kind.ALIVE:
            self._unanswered = 0
        elif (carried := self._sockets.get(number)) is not None:
            carried.heard(kind, body)
        elif kind == Kind.GONE and (task := self._deciding.get(number)) is not None:
            task.cancel()

    def _arrive(self, number: int, handshake: Handshake) -> None:
        task = asyncio.get_running_loop().create_task(self._decide(number, handshake))
        self._deciding[number] = task
        task.add_done_callback(lambda _: self._deciding.pop(number, None))

    async def _decide(self, number: int, handshake: Handshake) -> None:
        endpoint = self._endpoints.get(handshake.path)
        limits = endpoint.limits if isinstance(endpoint, Bounded) else self._limits
        answer = await decide(endpoint, handshake, limits.authorise_s)
        # No await from here on: a listener that was given must be opened or closed.
        if isinstance(answer, Refused):
            self.tell(Kind.REFUSE, number, _encode(answer))
        elif self._transport is None:
            Carried(self, number, answer).gone(CloseCode.LOST)
        else:
            self._sockets[number] = Carried(self, number, answer)
            self.tell(Kind.ACCEPT, number)

    # whether it lives

    def _call(self) -> None:
        if self._unanswered >= _SILENT_MOST:
            self._drop("frozen")
            return
        self._unanswered += 1
        self.tell(Kind.CALL, 0)
        self._timer = asyncio.get_running_loop().call_later(_CALL_EVERY_S, self._call)

    def _drop(self, why: str) -> None:
        """Let an edge go that is of no use."""
        transport, self._transport = self._transport, None
        if transport is None:
            return
        _log.error("edge_dropped", why=why)
        transport.abort()


class Carried:
    """A socket that an edge holds: a `Peer` for its listener."""

    __slots__ = ("_closing", "_line", "_listener", "_number")

    def __init__(self, line: Line, number: int, listener: Listener) -> None:
        self._line = line
        self._number = number
        self._listener: Listener | None = listener
        self._closing = False

    def send_text(self, frame: bytes) -> None:
        """See `Peer.send_text`."""
        if not self._closing:
            self._line.send(Kind.TEXT_TO, self._number, frame)

    def send_binary(self, frame: bytes) -> None:
        """See `Peer.send_binary`."""
        if not self._closing:
            self._line.send(Kind.BINARY_TO, self._number, frame)

    def close(self, code: int, reason: str = "") -> None:
        """See `Peer.close`."""
        if not self._closing:
            self._closing = True
            body = int(code).to_bytes(2, "little") + reason.encode()[:_REASON]
            self._line.tell(Kind.CLOSE, self._number, body)

    def pause_reading(self) -> None:
        """See `Peer.pause_reading`."""
        if not self._closing:
            self._line.tell(Kind.PAUSE, self._number)

    def resume_reading(self) -> None:
        """See `Peer.resume_reading`."""
        if not self._closing:
            self._line.tell(Kind.RESUME, self._number)

    def heard(self, kind: int, body: bytes) -> None:
        """What the edge says of this socket."""
        listener = self._listener
        if kind == Kind.GONE:
            self.gone(int.from_bytes(body[:2], "little"))
        elif listener is None or self._closing:
            return
        elif kind == Kind.TEXT:
            self._guarded(listener.on_text, body)
        elif kind == Kind.BINARY:
            self._guarded(listener.on_binary, body)
        elif kind == Kind.OPENED:
            self._guarded(listener.on_open, self)

    def gone(self, code: int) -> None:
        """The connection has ended."""
        self._closing = True
        self._line.forget(self._number)
        listener, self._listener = self._listener, None
        if listener is not None:
            self._guarded(listener.on_close, code)

    def _guarded(self, call: Callable[[*_Given], None], *given: *_Given) -> None:
        try:
            call(*given)
        except Exception as problem:  # noqa: BLE001 - the gateway outlives any listener
            report(problem)
            self.close(CloseCode.INTERNAL, "internal")
