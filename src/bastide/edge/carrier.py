"""The edge's side of its line to the core: sockets that are open here, answered for there."""

import asyncio
import itertools
from array import array
from pathlib import Path
from typing import Final, cast

import msgspec
import structlog

from bastide.core.ending import heed_cancellation
from bastide.core.errors import Unavailable
from bastide.core.gateway.contract import CloseCode, Endpoint, Limits, Listener, Peer
from bastide.core.gateway.handshake import Handshake, Refused
from bastide.core.gateway.trunk import Kind, Parser, message, of_many

_log: Final = structlog.get_logger("bastide.edge")
_AGAIN_S: Final = 0.1
_AGAIN_MOST_S: Final = 1.0
_WAITING_MOST: Final = 8 << 20
_NUMBERS: Final = 1 << 32

_encode = msgspec.msgpack.Encoder().encode
_read_refused = msgspec.msgpack.Decoder(Refused).decode


class Carrier:
    """Keeps the line, and gives endpoints whose answers come over it."""

    def __init__(self, path: Path) -> None:
        """`path`: the core's Unix socket for lines."""
        self._path = path
        self._line: Line | None = None
        self._numbers = itertools.count(1)
        self.up = asyncio.Event()
        """Set for as long as there is a line."""

    async def run(self) -> None:
        """Hold the line until cancelled; make it again whenever it breaks."""
        wait = _AGAIN_S
        loop = asyncio.get_running_loop()
        while True:
            heed_cancellation()
            try:
                _, line = await loop.create_unix_connection(Line, str(self._path))
            except OSError:
                await asyncio.sleep(wait)
                wait = min(wait * 2, _AGAIN_MOST_S)
                continue
            wait = _AGAIN_S
            self._line = line
            self.up.set()
            _log.info("edge_line_up")
            try:
                await line.broken
            finally:
                self._line = None
                self.up.clear()
                line.end()
            _log.warning("edge_line_lost")

    def endpoint(self) -> Endpoint:
        """Who answers in the core for the path of each handshake."""
        return _Remote(self)

    def bounded(self, limits: Limits) -> Endpoint:
        """The same, with other limits for messages and buffers."""
        return _Bounded(self, limits)

    async def ask(self, handshake: Handshake) -> Listener | Refused:
        """The core's answer. Raises Unavailable where it is not there."""
        line = self._line
        if line is None:
            raise Unavailable(retry_after_s=1)
        return await line.ask(next(self._numbers) % _NUMBERS, handshake)


class _Remote:
    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def authorise(self, handshake: Handshake) -> Listener | Refused:
        """See `contract.Endpoint`."""
        return await self._carrier.ask(handshake)


class _Bounded(_Remote):
    def __init__(self, carrier: Carrier, limits: Limits) -> None:
        super().__init__(carrier)
        self.limits = limits


class Line(asyncio.Protocol):
    """The connection to the core."""

    def __init__(self) -> None:
        self.broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._parser = Parser(self._heard)
        self._asked: dict[int, asyncio.Future[Refused | None]] = {}
        self._sockets: dict[int, Peer] = {}
        self._clogged = False
        self._held_back: set[int] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_WAITING_MOST)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        if not self.broken.done():
            self.broken.set_result(None)
        for future in self._asked.values():
            if not future.done():
                future.set_exception(Unavailable(retry_after_s=1))
        # Their windows come back by themselves, each after a pause of its own.
        for peer in tuple(self._sockets.values()):
            peer.close(CloseCode.RESTART, "restart")

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed(data)
        except (ValueError, msgspec.MsgspecError):
            _log.exception("edge_line_unreadable")
            self.end()

    def pause_writing(self) -> None:
        """The core does not keep up: who says something now is not read further until it does."""
        self._clogged = True

    def resume_writing(self) -> None:
        self._clogged = False
        held, self._held_back = self._held_back, set()
        for number in held:
            if (peer := self._sockets.get(number)) is not None:
                peer.resume_reading()

    def end(self) -> None:
        """Close the line."""
        if self._transport is not None:
            self._transport.close()

    async def ask(self, number: int, handshake: Handshake) -> Listener | Refused:
        """Whether a socket may open."""
        future: asyncio.Future[Refused | None] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        self.tell(Kind.ARRIVE, number, _encode(handshake))
        try:
            answer = await future
        except asyncio.CancelledError:
            self.gone(number, CloseCode.LOST)
            raise
        finally:
            del self._asked[number]
        return answer if answer is not None else Socket(self, number)

    # what sockets of this edge say

    def opened(self, number: int, peer: Peer) -> None:
        """A socket is open."""
        if self._transport is None:
            peer.close(CloseCode.RESTART, "restart")
            return
        self._sockets[number] = peer
        self.tell(Kind.OPENED, number)

    def said(self, kind: Kind, number: int, frame: bytes) -> None:
        """A whole message of a socket."""
        self.tell(kind, number, frame)
        if (
            self._clogged
            and number not in self._held_back
            and (peer := self._sockets.get(number)) is not None
        ):
            self._held_back.add(number)
            peer.pause_reading()

    def gone(self, number: int, code: int) -> None:
        """A socket is gone, or is not wanted any more."""
        self._sockets.pop(number, None)
        self._held_back.discard(number)
        self.tell(Kind.GONE, number, int(code).to_bytes(2, "little"))

    def tell(self, kind: Kind, number: int, body: bytes = b"") -> None:
        """Say something to the core."""
        if self._transport is not None:
            self._transport.write(message(kind, number, body))

    # what the core says

    def _heard(self, kind: int, number: int, body: bytes) -> None:
        if kind in (Kind.TEXT_TO, Kind.BINARY_TO):
            self._hand_out(kind, *of_many(number, body))
        elif kind == Kind.CALL:
            self.tell(Kind.ALIVE, 0)
        elif kind in (Kind.ACCEPT, Kind.REFUSE):
            self._answer(number, None if kind == Kind.ACCEPT else _read_refused(body))
        elif (peer := self._sockets.get(number)) is not None:
            _do(peer, kind, body)

    def _hand_out(self, kind: int, numbers: "array[int]", frame: bytes) -> None:
        sockets = self._sockets
        for number in numbers:
            if (peer := sockets.get(number)) is None:
                continue
            if kind == Kind.TEXT_TO:
                peer.send_text(frame)
            else:
                peer.send_binary(frame)

    def _answer(self, number: int, answer: Refused | None) -> None:
        future = self._asked.get(number)
        if future is not None and not future.done():
            future.set_result(answer)


class Socket:
    """The listener of a socket that the core let in."""

    __slots__ = ("_line", "_number")

    def __init__(self, line: Line, number: int) -> None:
        self._line = line
        self._number = number

    def on_open(self, peer: Peer) -> None:
        """See `contract.Listener`."""
        self._line.opened(self._number, peer)

    def on_text(self, frame: bytes) -> None:
        """See `contract.Listener`."""
        self._line.said(Kind.TEXT, self._number, frame)

    def on_binary(self, frame: bytes) -> None:
        """See `contract.Listener`."""
        self._line.said(Kind.BINARY, self._number, frame)

    def on_close(self, code: int) -> None:
        """See `contract.Listener`."""
        self._line.gone(self._number, code)


def _do(peer: Peer, kind: int, body: bytes) -> None:
    match kind:
        case Kind.CLOSE:
            peer.close(int.from_bytes(body[:2], "little"), body[2:].decode(errors="ignore"))
        case Kind.PAUSE:
            peer.pause_reading()
        case Kind.RESUME:
            peer.resume_reading()
        case _:
            raise ValueError(kind)
