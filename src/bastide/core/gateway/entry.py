"""The front door: uvicorn's HTTP protocol with limits on what a request's arrival may take.

uvicorn waits for ever for a client that connects and says nothing, or stops in the middle of a body, and takes headers
without end. It also drops what a client sends right behind an upgrade request; here it reaches the arrival (see
transport.py). Behind proxies the client is who they say, as for sockets (`handshake.client`).
"""

import asyncio
import sys
from typing import Any, ClassVar, cast
from uuid import UUID

from httptools import HttpParserUpgrade
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from bastide.core.errors import Invalid, Problem, TooMany
from bastide.core.gateway.contract import Limits, Networks
from bastide.core.gateway.handshake import HeadTooLarge, Refused, client, refused, response
from bastide.core.gateway.unfinished import Unfinished
from bastide.core.places import inside, place_of

_LOOK_S = 0.05
_FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto")


class _TooSlow(Problem):
    status = 408
    code = "too-slow"
    fr = "Cette demande a mis trop de temps à arriver."
    en = "This request took too long to arrive."


def http_class(
    limits: Limits | None = None,
    *,
    trusted: Networks = (),
    unfinished: Unfinished | None = None,
    passes_on: bool = False,
    behind_edges: bool = False,
) -> type[asyncio.Protocol]:
    """What uvicorn gets as `http=`: the time of heads and bodies is bounded here, the size of heads too.

    Args:
        limits: for all connections.
        trusted: proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
        unfinished: where requests on the way are counted.
        passes_on: this is an edge: once a request's head is here, the core counts it, which knows who sends it.
        behind_edges: this is the core: each request comes from an edge, whose word is believed.
    """
    shared = {
        "limits": limits or Limits(),
        "trusted": tuple(trusted),
        "unfinished": unfinished or Unfinished(),
        "passes_on": passes_on,
        "behind_edges": behind_edges,
    }
    return type("HttpDoor", (_Entry,), shared)


class _Listening(FlowControl):
    """Flow control that knows how long it did not listen: that time is not the client's."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(transport)  # pyright: ignore[reportArgumentType] - uvicorn's own
        self._loop = loop
        self._since = 0.0
        self._deaf_s = 0.0

    def pause_reading(self) -> None:
        if not self.read_paused:
            self._since = self._loop.time()
        super().pause_reading()

    def resume_reading(self) -> None:
        if self.read_paused:
            self._deaf_s += self._loop.time() - self._since
        super().resume_reading()

    def deaf(self) -> float:
        """Seconds in which nothing was read, up to now."""
        return self._deaf_s + (self._loop.time() - self._since if self.read_paused else 0.0)


class _Entry(HttpToolsProtocol):
    limits: ClassVar[Limits]
    trusted: ClassVar[Networks]
    unfinished: ClassVar[Unfinished]
    passes_on: ClassVar[bool]
    behind_edges: ClassVar[bool]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = False
        self._in_body = False
        self._gone = False
        self._head_size = 0
        self._chunk = b""
        self._late: asyncio.TimerHandle | None = None
        self._body_late: asyncio.TimerHandle | None = None
        self._body_due = 0.0
        self._body_heard = 0.0
        self._peer = ""
        self._sender: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - uvicorn's own signature
        super().connection_made(transport)
        self.flow = _Listening(transport, self.loop)
        self._peer = self.client[0] if self.client else ""
        self._arriving()
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone = True
        self._stop_waiting()
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._gone or self.transport.is_closing():
            return
        if self._in_head:
            self._head_size += len(data)
        self._chunk = data
        super().data_received(data)
        self._chunk = b""
        if self._gone:
            return
        if self._in_head and self._head_size > self.limits.max_head:
            self._turn_away(refused(HeadTooLarge()))
        elif self._in_body:
            self._hear_body(len(data))
        elif not self._in_head:
            self._rest()

    def on_message_begin(self) -> None:
        self._in_head = True
        self._head_size = 0
        self._arriving()
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_waiting()
        self._see_through_proxies()
        self.scope["state"]["recognised"] = self.recognised  # pyright: ignore[reportTypedDictNotRequiredAccess]
        super().on_headers_complete()
        self._in_body = True

    def on_message_complete(self) -> None:
        self._in_body = False
        self._stop_waiting()
        self._arrived()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        stop = sys.exception()
        rest = self._chunk[int(stop.args[0]) :] if isinstance(stop, HttpParserUpgrade) else b""
        self._in_body = False
        self._arrived()
        if self._busy() or self.scope["http_version"] != "1.1":
            self._turn_away(refused(Invalid(field="upgrade")))
            return
        super().handle_websocket_upgrade()
        self._gone = True
        # They hold us and we them: let all go now, not when the collector comes.
        self.parser = None
        self.scope["state"].clear()  # pyright: ignore[reportTypedDictNotRequiredAccess]
        arrival = self.transport.get_protocol()
        if rest and isinstance(arrival, asyncio.Protocol):
            arrival.data_received(rest)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP."""
        del msg
        self._turn_away(refused(Invalid()))

    def recognised(self, person_id: UUID) -> None:
        """The door knows who sends this request: what is still to come of it counts for them, not for their address."""
        if self._sender is not None:
            self._count_for(f"person:{person_id}", self.limits.unfinished_of_person)

    def drop(self) -> None:
        """Its sender has too many requests on the way: see `Arriving`."""
        self._sender = None
        if self._in_head or self._in_body:
            self._turn_away(refused(TooMany(retry_after_s=1)))
        elif not self._busy():
            self.transport.close()

    def _arriving(self) -> None:
        """Something begins to arrive. Whose it is, a proxy tells in the head."""
        if self._sender is None and not self.behind_edges and not inside(self._peer, self.trusted):
            self._count_for(place_of(self._peer), self.limits.unfinished_of_place)

    def _count_for(self, sender: str, most: int) -> None:
        if sender == self._sender:
            return
        self._arrived()
        self._sender = sender
        self.unfinished.begin(sender, self, most)

    def _arrived(self) -> None:
        if self._sender is not None:
            self.unfinished.end(self._sender, self)
            self._sender = None

    def _see_through_proxies(self) -> None:
        if not self.behind_edges and not inside(self._peer, self.trusted):
            if self.passes_on:
                self._arrived()
            return
        told = {
            name.decode(): b",".join(v for n, v in self.headers if n == name).decode("latin-1")
            for name in _FORWARDED
        }
        if self.behind_edges:  # an edge has seen through the proxies already, and says one of each
            peer, secure = told["x-forwarded-for"], told["x-forwarded-proto"] == "https"
        else:
            peer, secure = client(told, self._peer, trusted=self.trusted, secure=self.scheme == "https")
        self.scope["client"] = (peer, 0)
        self.scope["scheme"] = "https" if secure else "http"
        if self.passes_on:
            self._arrived()
            return
        self._count_for(place_of(peer), self.limits.unfinished_of_place)

    def _expect_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.limits.head_s, self._too_late)

    def _hear_body(self, size: int) -> None:
        now = self._listened()
        if self._body_late is None:
            self._body_due = now + self.limits.body_s
        self._body_due += size / self.limits.body_rate
        self._body_heard = now
        if self._body_late is None:
            self._wait_for_body(now)

    def _wait_for_body(self, now: float) -> None:
        until = min(self._body_due, self._body_heard + self.limits.body_silence_s)
        if until <= now:
            self._turn_away(refused(_TooSlow()))
        else:
            self._body_late = self.loop.call_later(max(until - now, _LOOK_S), self._look_at_body)

    def _look_at_body(self) -> None:
        self._wait_for_body(self._listened())

    def _listened(self) -> float:
        """How long we have listened to this connection: a clock that stands while we read nothing from it."""
        flow = cast("_Listening", self.flow)
        return self.loop.time() - flow.deaf()

    def _stop_waiting(self) -> None:
        for timer in (self._late, self._body_late):
            if timer is not None:
                timer.cancel()
        self._late = self._body_late = None

    def _rest(self) -> None:
        """Between requests: whoever says nothing more goes, also when the answer was there before all of the request."""
        if self._late is None and self.timeout_keep_alive_task is None and not self._busy():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _too_late(self) -> None:
        self._late = None
        if self._in_head:
            self._turn_away(refused(_TooSlow()))
        else:
            self.transport.close()

    def _turn_away(self, answer: Refused) -> None:
        self._stop_waiting()
        self._arrived()
        if self._gone or self.transport.is_closing():
            return
        self._gone = True
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None at first, whatever its type says
        if self._in_body and cycle is not None and not self.pipeline and not cycle.response_started:
            cycle.disconnected = True  # we answer in its place
            cycle.message_event.set()
        elif self._in_body or self._busy():
            # It is answered already, or an earlier request still waits for its answer: nothing must get between.
            self.transport.abort()
            return
        self.transport.write(response(answer))
        self.transport.close()

    def _busy(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete
