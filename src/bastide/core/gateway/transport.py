"""Sockets on the application's own port: what uvicorn is given as `ws=`.

(interface first; the body follows in the next commit)
"""

import asyncio
from collections.abc import Mapping

from bastide.core.gateway.handshake import Handshake, Networks, Refused, refused, same_origin
from bastide.core.gateway.wire import CloseCode, Endpoint, Limits, Listener, Peer

__all__ = [
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


def websocket_class(
    endpoints: Mapping[str, Endpoint], *, limits: Limits | None = None, trusted: Networks = ()
) -> type[asyncio.Protocol]:
    """The class that uvicorn makes one of for each request to open a socket."""
    raise NotImplementedError
