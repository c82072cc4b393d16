"""The front door: uvicorn's HTTP protocol with a limit on the time and the size of a request's head.

uvicorn waits for ever for a client that connects and says nothing, and takes headers without end. It also
drops what a client sends right behind an upgrade request; here it reaches the arrival (see transport.py).
"""

import asyncio
import sys
from typing import Any, ClassVar, cast

from httptools import HttpParserUpgrade
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from bastide.core.errors import Invalid, Problem
from bastide.core.gateway.contract import Limits
from bastide.core.gateway.handshake import HeadTooLarge, Refused, refused, response


class _TooSlow(Problem):
    status = 408
    code = "too-slow"
    fr = "Cette demande a mis trop de temps à arriver."
    en = "This request took too long to arrive."


def http_class(limits: Limits | None = None) -> type[asyncio.Protocol]:
    """What uvicorn gets as `http=`. Bodies are the application's to bound; heads are bounded here."""
    return type("HttpDoor", (_Entry,), {"limits": limits or Limits()})


class _Entry(HttpToolsProtocol):
    limits: ClassVar[Limits]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = False
        self._head_size = 0
        self._chunk = b""
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - uvicorn's own signature
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_size += len(data)
        self._chunk = data
        super().data_received(data)
        self._chunk = b""
        if self._in_head and self._head_size > self.limits.max_head:
            self._turn_away(refused(HeadTooLarge()))

    def on_message_begin(self) -> None:
        self._in_head = True
        self._head_size = 0
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        stop = sys.exception()
        rest = self._chunk[int(stop.args[0]) :] if isinstance(stop, HttpParserUpgrade) else b""
        if self._busy() or self.scope["http_version"] != "1.1":
            self._turn_away(refused(Invalid(field="upgrade")))
            return
        super().handle_websocket_upgrade()
        self.parser = None  # it holds us and we it: let both go now, not when the collector comes
        arrival = self.transport.get_protocol()
        if rest and isinstance(arrival, asyncio.Protocol):
            arrival.data_received(rest)

    def _expect_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.limits.head_s, self._too_late)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_late(self) -> None:
        self._late = None
        if self._in_head:
            self._turn_away(refused(_TooSlow()))
        else:
            self.transport.close()

    def _turn_away(self, answer: Refused) -> None:
        self._stop_waiting()
        if self._busy():  # an earlier request still waits for its answer: this one must not get between
            self.transport.abort()
            return
        self.transport.write(response(answer))
        self.transport.close()

    def _busy(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None at first, whatever its type says
        return cycle is not None and not cycle.response_complete
