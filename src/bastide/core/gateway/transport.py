"""Sockets on the application's own port: what uvicorn is given as `ws=`.

uvicorn reads the upgrade request, makes one `Arrival` and hands it the connection. The arrival asks the
path's endpoint, keeps what the client sends meanwhile, and either answers in plain HTTP or gives the
connection to picows with a `Link`. Refusals, limits and close codes are in `contract.py`.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar, Final, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from bastide.core.errors import NotFound, TooLarge, Unavailable
from bastide.core.gateway import protocol
from bastide.core.gateway.contract import Bounded, CloseCode, Endpoint, Limits, Listener, Peer
from bastide.core.gateway.deciding import decide
from bastide.core.gateway.handshake import Handshake, Networks, Refused, read, refused, response, same_origin
from bastide.core.gateway.heartbeat import Heartbeat
from bastide.core.gateway.lingering import Wire
from bastide.core.gateway.link import Link, report

__all__ = [
    "Bounded",
    "CloseCode",
    "Endpoint",
    "Handshake",
    "Limits",
    "Listener",
    "Peer",
    "Refused",
    "refused",
    "same_origin",
    "websocket_class",
]

_HEAD_END: Final = b"\r\n\r\n"
_NOBODY: Final = asyncio.Protocol()
"""uvloop keeps the last `data_received` it saw, and picows has none: so it keeps this one's, and no arrival."""


def websocket_class(
    endpoints: Mapping[str, Endpoint], *, limits: Limits | None = None, trusted: Networks = ()
) -> type[asyncio.Protocol]:
    """The class that uvicorn makes one of for each request to open a socket.

    Args:
        endpoints: who answers, by exact path. Any other path is answered 404.
        limits: for all sockets, but where an endpoint is `Bounded`.
        trusted: proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    """
    chosen = limits or Limits()
    door = _Door(dict(endpoints), chosen, tuple(trusted), Heartbeat(chosen))
    return type("WebSocketDoor", (Arrival,), {"door": door})


class _Door:
    """What all arrivals at one server share."""

    def __init__(
        self, endpoints: Mapping[str, Endpoint], limits: Limits, trusted: Networks, heartbeat: Heartbeat
    ) -> None:
        self.endpoints = endpoints
        self.limits = limits
        self.trusted = trusted
        self.heartbeat = heartbeat


class Arrival(asyncio.Protocol):
    """One request to open a socket, from its head until it is refused or open."""

    door: ClassVar[_Door]

    def __init__(self, config: Config, server_state: ServerState, app_state: Mapping[str, Any]) -> None:
        del config, app_state
        self._limits = self.door.limits
        self._connections: set[Any] = server_state.connections
        self._tasks = server_state.tasks
        self._transport: asyncio.Transport | None = None
        self._deciding: asyncio.Task[None] | None = None
        self._early = bytearray()
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection from the HTTP protocol."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by name
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client left, or our refusal has gone out."""
        del exc
        self._connections.discard(self)
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        if self._deciding is not None:
            self._deciding.cancel()

    def data_received(self, data: bytes) -> None:
        """First the whole head, rebuilt by uvicorn; then what a client sends before it is let in."""
        if self._transport is None or self._timer is not None:
            return  # refused: whatever still comes is thrown away
        if self._deciding is not None:
            self._early += data
            if len(self._early) > self._limits.max_early:
                self._refuse(refused(TooLarge()))
            return
        head, end, rest = data.partition(_HEAD_END)
        self._early += rest
        self._arrive(self._transport, head + end)

    def shutdown(self) -> None:
        """The server stops while this request waits."""
        self._refuse(refused(Unavailable(retry_after_s=1)))

    def _arrive(self, transport: asyncio.Transport, head: bytes) -> None:
        peername = cast("tuple[object, ...] | str | None", transport.get_extra_info("peername"))
        handshake = read(
            head,
            peer=str(peername[0]) if isinstance(peername, tuple) else "",
            secure=transport.get_extra_info("sslcontext") is not None,
            most=self._limits.max_head,
            trusted=self.door.trusted,
        )
        if isinstance(handshake, Refused):
            self._refuse(handshake)
            return
        endpoint = self.door.endpoints.get(handshake.path)
        if endpoint is None:
            self._refuse(refused(NotFound()))
            return
        if isinstance(endpoint, Bounded):
            self._limits = endpoint.limits
        self._deciding = asyncio.get_running_loop().create_task(self._decide(endpoint, handshake))
        self._tasks.add(self._deciding)
        self._deciding.add_done_callback(self._tasks.discard)

    async def _decide(self, endpoint: Endpoint, handshake: Handshake) -> None:
        answer = await decide(endpoint, handshake, self._limits.authorise_s)
        # No await from here on: a listener that was given must be opened or closed.
        if isinstance(answer, Refused):
            self._refuse(answer)
        else:
            self._open(answer, handshake.key)

    def _refuse(self, answer: Refused) -> None:
        transport = self._transport
        if transport is None or transport.is_closing() or self._timer is not None:
            return
        self._timer = asyncio.get_running_loop().call_later(self._limits.linger_s, transport.abort)
        transport.write(response(answer))
        # Half-closed, not closed: a reset for unread bytes would take the answer away (see lingering.py).
        if transport.can_write_eof():
            transport.write_eof()
        else:
            transport.close()
        if self._deciding is not None and self._deciding is not asyncio.current_task():
            self._deciding.cancel()

    def _open(self, listener: Listener, key: str) -> None:
        transport = self._transport
        if transport is None or transport.is_closing() or self._timer is not None:
            _tell_closed(listener)
            return
        link = Link(
            transport,
            listener,
            limits=self._limits,
            heartbeat=self.door.heartbeat,
            forget=self._connections.discard,
        )
        self._connections.discard(self)
        self._connections.add(link)
        try:
            _give(transport, link, key, self._limits, self._early)
        except Exception as problem:  # noqa: BLE001 - whatever broke, the connection must not hang
            report(problem)
            transport.abort()
        if not link.was_open:
            self._connections.discard(link)
            _tell_closed(listener)
        self._transport = None


def _give(transport: asyncio.Transport, link: Link, key: str, limits: Limits, early: bytearray) -> None:
    """Make picows the protocol of this connection, as if it had read the request itself."""
    socket = protocol.make(link, limits)
    link.owned_by(socket)
    socket.connection_made(Wire(transport, link.hang_up))
    transport.set_protocol(_NOBODY)
    transport.set_protocol(_as_protocol(socket))
    protocol.feed(socket, protocol.replay(key))
    if early and not transport.is_closing():
        protocol.feed(socket, early)


def _as_protocol(socket: protocol.SocketProtocol) -> asyncio.BaseProtocol:
    if not isinstance(socket, asyncio.BufferedProtocol):
        raise TypeError("picows' protocol is no asyncio protocol any more")
    return socket


def _tell_closed(listener: Listener) -> None:
    """The client left before the socket opened."""
    try:
        listener.on_close(CloseCode.LOST)
    except Exception as problem:  # noqa: BLE001 - the gateway outlives any listener
        report(problem)
