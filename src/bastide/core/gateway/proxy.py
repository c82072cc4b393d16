"""The media server's signalling through our own port, so that who may be in a call is decided at each
connection.

Read in livekit-client 2.21 and livekit-server 1.13: `/rtc/v1` (with `access_token` and `join_request`,
several KB with an offer in it) and the older `/rtc` speak the same way once open. Messages are whole protobuf
(binary), or JSON (text) where the client began so, and its pings are messages too. The client takes a close
with 1000 as wanted and any other as a reason to come back; a server that dies closes without a code. After a
failed upgrade it asks `…/validate` over HTTP what was wrong, because a browser is not told: that is the
module's own to answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, cast

import msgspec
import picows
from picows import WSCloseCode, WSFrame, WSMsgType, WSTransport

from bastide.core import errors
from bastide.core.errors import Problem, TooMany, Unavailable
from bastide.core.gateway.contract import CloseCode, Handshake, Limits, Listener, Peer, Refused
from bastide.core.gateway.handshake import refused
from bastide.core.gateway.joining import BrokenRule, Joiner
from bastide.core.gateway.protocol import QUIET

REMOVED: Final = 4403
"""The close code of whoever was put out."""

PATHS: Final = ("/rtc", "/rtc/v1")
"""Where the media server's clients open their sockets."""

LIMITS: Final = Limits(max_frame=1024 * 1024, max_buffered=4 * 1024 * 1024)
"""The offer for a large room, and the roster that answers a join, are longer than anything in chat."""
_CONNECT_S: Final = 5.0
_EACH_MOST: Final = 8
"""Connections under one key at once: a client that comes back may still have an old one or two."""
_LINGER_S: Final = 2.0
_REFUSALS: Final = range(400, 500)
_SENDABLE: Final = frozenset({*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)})


class Admission(msgspec.Struct, frozen=True):
    """Leave to connect.

    `key` says whose connection it is, for `SignalProxy.cut`. `url` is where to connect, ws or wss, with the
    path and the query that the media server is to see: never the client's own without a look at each
    parameter.
    """

    key: Hashable
    url: str


Admit = Callable[[Handshake], Awaitable[Admission | Refused]]


class EngineRefused(Problem):
    """The media server said no where we had said yes."""

    code = "engine-refused"
    fr = "Le serveur de réunion a refusé cette connexion."
    en = "The meeting server has refused this connection."


class SignalProxy:
    """An endpoint that asks `admit`, connects to the media server and copies messages both ways."""

    def __init__(self, admit: Admit, *, limits: Limits = LIMITS) -> None:
        """Make the proxy.

        Args:
            admit: who may connect, and where to. It may raise a `Problem` instead of returning `Refused`. Its
                last
                check must stand after its last await: from its return on, `cut` finds the connection.
            limits: for messages from the client and for what waits in either direction.
        """
        self._admit = admit
        self._limits = limits
        self._calls: dict[Hashable, set[_Call]] = {}

    @property
    def limits(self) -> Limits:
        """See `contract.Bounded`."""
        return self._limits

    async def authorise(self, handshake: Handshake) -> Listener | Refused:
        """See `contract.Endpoint`. A media server that is away is 503; its own refusals keep their status. Who has many
        connections already gets 429.
        """
        admission = await self._admit(handshake)
        if isinstance(admission, Refused):
            return admission
        if len(self._calls.get(admission.key, ())) >= _EACH_MOST:
            return refused(TooMany(retry_after_s=1))
        call = _Call(self._limits, forget=lambda call: self._forget(admission.key, call))
        self._calls.setdefault(admission.key, set()).add(call)
        try:
            answer = await call.connect(admission.url, handshake.headers.get("user-agent", ""))
        except BaseException:
            call.on_close(CloseCode.LOST)
            raise
        if answer is not None:
            call.on_close(CloseCode.LOST)
            return answer
        return call

    def cut(self, key: Hashable, code: int = REMOVED, reason: str = "removed") -> int:
        """End every connection under this key at once, both ways, also those that are only being made.

        Returns:
            How many there were.
        """
        calls = tuple(self._calls.get(key, ()))
        for call in calls:
            call.cut(code, reason)
        return len(calls)

    def _forget(self, key: Hashable, call: "_Call") -> None:
        calls = self._calls.get(key)
        if calls is not None:
            calls.discard(call)
            if not calls:
                del self._calls[key]


class _Call:
    """One connection: a listener towards the client, and the engine's side through `_Engine`."""

    def __init__(self, limits: Limits, *, forget: Callable[["_Call"], None]) -> None:
        self._limits = limits
        self._forget = forget
        self._peer: Peer | None = None
        self._engine: WSTransport | None = None
        self._waiting: list[tuple[WSMsgType, bytes]] = []
        self._waiting_size = 0
        self._ended: tuple[int, str] | None = None
        self._was_cut = False
        self._linger: asyncio.TimerHandle | None = None

    async def connect(self, url: str, user_agent: str) -> Refused | None:
        """Open the engine's side; a refusal where it cannot be."""
        try:
            await picows.ws_connect(  # pyright: ignore[reportUnknownMemberType] - its **kwargs, which we do not use
                self._listener,
                url,
                websocket_handshake_timeout=_CONNECT_S,
                logger_name=QUIET,
                max_frame_size=self._limits.max_buffered,
                extra_headers={"User-Agent": user_agent} if user_agent.isascii() else {},
                max_redirects=0,
            )
        except picows.WSHandshakeError as problem:
            return _refusal(problem)
        except (OSError, TimeoutError, picows.WSError):
            return refused(Unavailable(retry_after_s=1))
        if self._was_cut:
            return refused(errors.Refused())
        if self._engine is None:  # gone again, or it hung up without an answer
            return refused(Unavailable(retry_after_s=1))
        return None

    # what the engine's side tells

    def engine_opened(self, transport: WSTransport) -> None:
        """The engine has let us in. We may be nobody any more."""
        if self._ended is not None:
            transport.disconnect(False)
            return
        self._engine = transport
        transport.underlying_transport.set_write_buffer_limits(high=self._limits.max_buffered)

    def from_engine(self, kind: WSMsgType, message: bytes) -> None:
        """A message for the client, which may not be there yet."""
        if self._ended is not None:
            return
        if self._peer is None:
            self._waiting.append((kind, message))
            self._waiting_size += len(message)
            if self._waiting_size > self._limits.max_buffered:
                self.engine_ended(CloseCode.TRY_AGAIN_LATER, "too much before the beginning")
        elif kind == WSMsgType.BINARY:
            self._peer.send_binary(message)
        else:
            self._peer.send_text(message)

    def engine_ended(self, code: int, reason: str) -> None:
        """The engine closes, is gone, or is as good as gone: so is the client's side, after what came
        before.
        """
        if self._ended is not None:
            return
        self._ended = (code, reason)
        self._leave_engine(code)
        if self._peer is not None:
            self._peer.close(code, reason)

    def engine_gone(self) -> None:
        """Its connection is no more."""
        self._engine = None
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None

    # what the client's side tells

    def on_open(self, peer: Peer) -> None:
        """See `contract.Listener`."""
        self._peer = peer
        for kind, message in self._waiting:
            if kind == WSMsgType.BINARY:
                peer.send_binary(message)
            else:
                peer.send_text(message)
        self._waiting.clear()
        if self._ended is not None:
            peer.close(*self._ended)

    def on_text(self, frame: bytes) -> None:
        """See `contract.Listener`."""
        if self._engine is not None and self._ended is None:
            self._engine.send(WSMsgType.TEXT, frame)

    def on_binary(self, frame: bytes) -> None:
        """See `contract.Listener`."""
        if self._engine is not None and self._ended is None:
            self._engine.send(WSMsgType.BINARY, frame)

    def on_close(self, code: int) -> None:
        """See `contract.Listener`."""
        self._ended = self._ended or (code, "")
        self._peer = None
        self._waiting.clear()
        self._leave_engine(code)
        self._forget(self)

    def cut(self, code: int, reason: str) -> None:
        """End both sides now; nothing more is passed on."""
        if self._ended is not None:
            return
        self._was_cut = True
        self._ended = (code, reason)
        self._waiting.clear()
        if self._engine is not None:
            self._engine.disconnect(False)
        if self._peer is not None:
            self._peer.close(code, reason)

    def _listener(
        self, request: picows.WSUpgradeRequest, response: picows.WSUpgradeResponse
    ) -> picows.WSListener:
        del request, response
        return _Engine(self, self._limits.max_buffered)

    def _leave_engine(self, code: int) -> None:
        if self._engine is None or self._linger is not None:
            return
        self._engine.send_close(WSCloseCode(code if code in _SENDABLE else CloseCode.GOING_AWAY))
        raw = self._engine.underlying_transport
        self._linger = asyncio.get_running_loop().call_later(_LINGER_S, raw.abort)


class _Engine(picows.WSListener):
    """What the engine says, for a call."""

    def __init__(self, call: _Call, most: int) -> None:
        self._call = call
        self._joiner = Joiner(most)

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._call.engine_opened(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind == WSMsgType.CLOSE:
            code = int(frame.get_close_code().value)
            # Without a code it said nothing of the call's end, so the client shall try again.
            self._call.engine_ended(code or CloseCode.TRY_AGAIN_LATER, _reason(frame))
            transport.disconnect()
        elif kind not in (WSMsgType.PING, WSMsgType.PONG):
            try:
                whole = self._joiner.join(kind, frame)
            except BrokenRule as broken:
                self._call.engine_ended(CloseCode.TRY_AGAIN_LATER, broken.reason)
                return
            if whole is not None:
                self._call.from_engine(*whole)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        del transport
        self._call.engine_gone()
        self._call.engine_ended(CloseCode.TRY_AGAIN_LATER, "meeting server lost")

    def pause_writing(self) -> None:
        self._call.engine_ended(CloseCode.TRY_AGAIN_LATER, "meeting server too slow")

    def resume_writing(self) -> None:
        """Never needed: an engine that was too slow is being left."""


def _refusal(problem: picows.WSHandshakeError) -> Refused:
    """The engine's own status where it refused the request, 503 where it did not understand or broke."""
    status = int(getattr(cast("Any", problem.response), "status", 0))
    if status not in _REFUSALS:
        return refused(Unavailable(retry_after_s=1))
    told = msgspec.structs.replace(EngineRefused().details(), status=status)
    return Refused(status=status, body=msgspec.json.encode(told))


def _reason(frame: WSFrame) -> str:
    return cast("str | None", frame.get_close_reason()) or ""
