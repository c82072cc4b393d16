"""The one place that touches what picows keeps private: its server protocol, made for a connection we already
have.

Written against picows 2.3.1. `tests/core/gateway/test_transport.py` pins the constructor.
"""

import logging
from collections.abc import Callable, MutableMapping
from importlib import import_module
from typing import Any, Final, Protocol, cast

import picows
import structlog

from bastide.core.gateway.contract import Limits
from bastide.core.gateway.lingering import Wire

_log: Final = structlog.get_logger("bastide.gateway")
_READ_BUFFER: Final = 2048


class SocketProtocol(Protocol):
    """What we use of picows' protocol object."""

    def connection_made(self, transport: Wire) -> None:
        """Take over a connection."""
        ...

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        ...

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes are to be written; never empty."""
        ...

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes were written there."""
        ...


class _Quiet(logging.LoggerAdapter[logging.Logger]):
    """What picows has to say, without content: its own messages quote frames and peers' words.

    One for all connections: given a plain logger, picows makes a child of it for each.
    """

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - the logging module's name
        return level >= logging.ERROR

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        del msg, args, kwargs
        if level >= logging.ERROR:
            _log.info("socket_rule_broken")

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return msg, kwargs


_ACCEPTED: Final = cast("picows.WSUpgradeResponse", picows.WSUpgradeResponse.create_101_response())
"""One for all: picows sets its accept header and writes it out in one go."""

QUIET: Final = _Quiet(logging.getLogger("bastide.gateway.picows"), {})


def make(listener: picows.WSListener, limits: Limits) -> SocketProtocol:
    """Picows' server protocol for one connection, which will take the upgrade request as its first bytes.

    Raises:
        RuntimeError: picows is not the version this was written for.
    """

    def accept(_: picows.WSUpgradeRequest) -> picows.WSUpgradeResponseWithListener:
        return picows.WSUpgradeResponseWithListener(_ACCEPTED, listener)

    factory = cast("Callable[..., SocketProtocol]", import_module("picows.picows").WSProtocol)
    try:
        return factory(
            host_port=None,
            ws_path=None,
            is_client_side=False,
            ws_listener_factory=accept,
            logger=QUIET,
            disconnect_on_exception=True,
            websocket_handshake_timeout=None,
            enable_auto_ping=False,
            auto_ping_idle_timeout=None,
            auto_ping_reply_timeout=None,
            auto_ping_strategy=picows.WSAutoPingStrategy.PING_PERIODICALLY,
            enable_auto_pong=False,
            max_frame_size=limits.max_frame,
            extra_headers=None,
            read_buffer_init_size=_READ_BUFFER,
        )
    except TypeError as problem:
        raise RuntimeError(
            "picows' private server protocol has changed: compare src/bastide/core/gateway/protocol.py "
            "with WSProtocol.__init__ in picows.pyx"
        ) from problem


def replay(key: str) -> bytes:
    """An upgrade request that picows accepts: already checked by us, and without anything it would only
    keep.
    """
    return (
        "GET / HTTP/1.1\r\nhost: bastide\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        f"sec-websocket-version: 13\r\nsec-websocket-key: {key}\r\n\r\n"
    ).encode("ascii")


def feed(protocol: SocketProtocol, data: bytes | bytearray) -> None:
    """Give bytes to the protocol as if they had just been read."""
    rest = memoryview(data)
    while rest:
        room = protocol.get_buffer(-1)
        size = min(len(room), len(rest))
        room[:size] = rest[:size]
        protocol.buffer_updated(size)
        rest = rest[size:]
