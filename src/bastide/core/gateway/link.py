"""One open socket: what picows hears on one side, what an endpoint's listener and the hub use on the
other.
"""

import asyncio
import traceback
from collections.abc import Callable
from typing import Any, Final, TypeVarTuple, cast

import picows
import structlog
from picows import WSCloseCode, WSFrame, WSMsgType, WSTransport

from bastide.core.gateway.contract import CloseCode, Limits, Listener
from bastide.core.gateway.heartbeat import Heartbeat
from bastide.core.gateway.joining import BrokenRule, Joiner
from bastide.core.gateway.lingering import Lost, let_go
from bastide.core.tally import TALLY

_log: Final = structlog.get_logger("bastide.gateway")

_COPIED: Final = 8192
"""Up to here picows copies a message behind its header and writes at once. Above, it lends the transport its
own header buffer, which its next send overwrites while a slow reader still has not got the first: we write
those.
"""
_FIN: Final = 0x80
_LENGTH_7_BITS: Final = 126
_LENGTH_16_BITS: Final = 1 << 16
_REASON: Final = 123

_Given = TypeVarTuple("_Given")

TEXT: Final = WSMsgType.TEXT
BINARY: Final = WSMsgType.BINARY


class Link(picows.WSListener):
    """An open socket. Sends for a `Peer`, hears for a `Listener`, is shut down by uvicorn."""

    __slots__ = (
        "_closing",
        "_code",
        "_forget",
        "_heartbeat",
        "_joiner",
        "_limits",
        "_linger",
        "_listener",
        "_owner",
        "_raw",
        "_silent",
        "_transport",
        "cohort",
        "was_open",
    )

    def __init__(
        self,
        raw: asyncio.Transport,
        listener: Listener,
        *,
        limits: Limits,
        heartbeat: Heartbeat,
        forget: Callable[["Link"], None],
    ) -> None:
        self.cohort = -1
        self.was_open = False
        self._raw = raw
        self._listener: Listener | None = listener
        self._limits = limits
        self._heartbeat = heartbeat
        self._forget = forget
        self._owner: Lost | None = None
        self._transport: WSTransport | None = None
        self._closing = False
        self._code: int = CloseCode.LOST
        self._linger: asyncio.TimerHandle | None = None
        self._joiner = Joiner(limits.max_frame)
        self._silent = 0

    # the outgoing side

    def send_text(self, frame: bytes) -> None:
        """See `Peer.send_text`."""
        if self._closing or self._transport is None:
            return
        TALLY.frames_sent += 1
        if len(frame) > _COPIED:
            self._send_large(TEXT, frame)
        else:
            self._transport.send(TEXT, frame)

    def send_binary(self, frame: bytes) -> None:
        """See `Peer.send_binary`."""
        if self._closing or self._transport is None:
            return
        TALLY.frames_sent += 1
        if len(frame) > _COPIED:
            self._send_large(BINARY, frame)
        else:
            self._transport.send(BINARY, frame)

    def close(self, code: int, reason: str = "") -> None:
        """See `Peer.close`."""
        if self._closing or self._transport is None:
            return
        if code == CloseCode.RESUME_LATER:
            TALLY.slow_readers += 1
        self._begin_to_close(code)
        self._transport.send_close(WSCloseCode(code), reason.encode()[:_REASON].decode(errors="ignore"))

    def pause_reading(self) -> None:
        """See `Peer.pause_reading`."""
        if not self._closing:
            self._raw.pause_reading()

    def resume_reading(self) -> None:
        """See `Peer.resume_reading`."""
        if not self._closing:
            self._raw.resume_reading()

    @property
    def buffered(self) -> int:
        """Bytes that wait in this process for the reader."""
        return 0 if self._transport is None else self._raw.get_write_buffer_size()

    # what uvicorn, the heartbeat and the transport ask

    def owned_by(self, owner: Lost) -> None:
        """The protocol that is to hear of the connection's end when this socket has stopped to read."""
        self._owner = owner

    def shutdown(self) -> None:
        """The server stops: tell the client to come back elsewhere or later."""
        self.close(CloseCode.RESTART, "restart")

    def beat(self, misses: int) -> None:
        """Ping; put out who has said nothing since that many pings."""
        if self._closing or self._transport is None:
            return
        if self._silent >= misses:
            _log.info("socket_stale")
            self.close(CloseCode.GOING_AWAY, "silent")
            self._raw.abort()  # nobody is there to wait for
            return
        self._silent += 1
        self._transport.send_ping()

    def hang_up(self) -> None:
        """End the connection after a closing frame of ours or picows', so that the frame still arrives."""
        if self._linger is None:
            self._begin_to_close(self._code)
        owner = self._owner
        if owner is None or self._transport is None or _answered(self._transport):
            self._raw.close()
        else:
            let_go(self._raw, owner)

    # what picows tells

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The upgrade was answered."""
        self._transport = transport
        self.was_open = True
        TALLY.sockets_opened += 1
        self._raw.set_write_buffer_limits(high=self._limits.max_buffered)
        self._heartbeat.add(self)
        if self._listener is not None:
            self._guarded(self._listener.on_open, self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """A frame arrived; it is only valid within this call."""
        self._silent = 0
        kind = frame.msg_type
        if kind == WSMsgType.CLOSE:
            self._closed_by_peer(transport, frame)
        elif self._closing or transport.is_close_frame_sent:
            return
        elif frame.rsv1 or frame.rsv2 or frame.rsv3:
            self.close(CloseCode.PROTOCOL, "reserved bits")
        elif kind == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif kind != WSMsgType.PONG:
            self._hear(kind, frame)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The connection is gone. Cycles are cut here, so that memory does not wait for the collector."""
        if self._code == CloseCode.LOST:
            self._code = _sent_by_picows(transport) or CloseCode.LOST
        TALLY.sockets_closed += 1
        listener, self._listener = self._listener, None
        self._end()
        if listener is not None:
            self._guarded(listener.on_close, self._code)

    def pause_writing(self) -> None:
        """The reader is slower than what is sent to it: it may come back and resume."""
        if not self._closing:
            _log.info("socket_too_slow", buffered=self._raw.get_write_buffer_size())
            self.close(CloseCode.RESUME_LATER, "resume-later")

    def resume_writing(self) -> None:
        """Never needed: who was too slow is closing."""

    # within

    def _send_large(self, kind: WSMsgType, frame: bytes) -> None:
        size = len(frame)
        first = bytes((_FIN | kind.value,))
        if size < _LENGTH_16_BITS:
            header = first + bytes((_LENGTH_7_BITS,)) + size.to_bytes(2, "big")
        else:
            header = first + bytes((_LENGTH_7_BITS + 1,)) + size.to_bytes(8, "big")
        self._raw.writelines((header, frame))

    def _hear(self, kind: WSMsgType, frame: WSFrame) -> None:
        try:
            whole = self._joiner.join(kind, frame)
        except BrokenRule as broken:
            self.close(broken.code, broken.reason)
            return
        if whole is not None:
            self._deliver(*whole)

    def _deliver(self, kind: WSMsgType, message: bytes) -> None:
        TALLY.frames_heard += 1
        listener = self._listener
        if listener is None:
            return
        if kind == BINARY:
            self._guarded(listener.on_binary, message)
        elif _is_utf8(message):
            self._guarded(listener.on_text, message)
        else:
            self.close(CloseCode.NOT_UTF8, "not UTF-8")

    def _closed_by_peer(self, transport: WSTransport, frame: WSFrame) -> None:
        if not self._closing and not transport.is_close_frame_sent:
            code = int(frame.get_close_code().value)
            self._begin_to_close(code or CloseCode.NO_CODE)
            transport.send_close(WSCloseCode(code or CloseCode.NORMAL))
        self.hang_up()

    def _begin_to_close(self, code: int) -> None:
        self._closing = True
        self._code = code
        if self._linger is None:
            loop = asyncio.get_running_loop()
            self._linger = loop.call_later(self._limits.linger_s, self._raw.abort)

    def _guarded(self, call: Callable[[*_Given], None], *given: *_Given) -> None:
        try:
            call(*given)
        except Exception as problem:  # noqa: BLE001 - the gateway outlives any listener
            report(problem)
            self.close(CloseCode.INTERNAL, "internal")

    def _end(self) -> None:
        self._closing = True
        self._transport = None
        self._owner = None
        self._heartbeat.remove(self)
        if self._linger is not None:
            self._linger.cancel()
        self._forget(self)


def report(problem: Exception) -> None:
    """Log a defect by its type and place; its words may hold what people wrote."""
    last = traceback.extract_tb(problem.__traceback__)[-1:]
    where = f"{last[0].filename}:{last[0].lineno}" if last else "?"
    _log.error("socket_listener_failed", kind=type(problem).__name__, where=where)


def _answered(transport: WSTransport) -> bool:
    """Whether the other side's closing frame is here."""
    handshake = cast("Any", transport.close_handshake)  # None before there is one, whatever its type says
    return handshake is not None and handshake.recv is not None


def _sent_by_picows(transport: WSTransport) -> int:
    """The code with which picows closed by itself, or 0."""
    handshake = cast("Any", transport.close_handshake)
    return 0 if handshake is None or handshake.sent is None else int(handshake.sent.code)


def _is_utf8(message: bytes) -> bool:
    if message.isascii():
        return True
    try:
        message.decode()
    except UnicodeDecodeError:
        return False
    return True
