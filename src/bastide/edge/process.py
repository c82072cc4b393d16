"""`python -m bastide.edge.process NAME`: one edge, from its start until it is told to end."""

import asyncio
import contextlib
import gc
import os
import socket
import sys
from pathlib import Path
from typing import Any, Final

import structlog
import uvicorn
import uvloop
from litestar import Litestar
from litestar.types import ASGIApp, Receive, Scope, Send

from bastide.core.gateway.contract import Limits
from bastide.core.gateway.entry import http_class
from bastide.core.gateway.proxy import LIMITS as SIGNAL_LIMITS
from bastide.core.gateway.proxy import PATHS as SIGNAL_PATHS
from bastide.core.gateway.transport import websocket_class
from bastide.core.http.door import is_closed, protected
from bastide.core.http.problems import HANDLERS
from bastide.core.http.window import window_routes
from bastide.edge.carrier import Carrier
from bastide.edge.relay import Relay
from bastide.logs import set_up_logs
from bastide.settings import ROOT, Settings, load

_log: Final = structlog.get_logger("bastide.edge")
WINDOW = ROOT / "web" / "dist"
_CONNECTIONS_WAITING: Final = 4096
_CORE_WITHIN_S: Final = 60.0
SIGN_EVERY_S: Final = 2.0
"""How often an edge shows that it lives."""


class Front:
    """What an edge answers: the window by itself, all else by the core."""

    def __init__(self, window: Path, relay: Relay) -> None:
        self._window: ASGIApp = Litestar(
            route_handlers=window_routes(window),
            exception_handlers=HANDLERS,
            openapi_config=None,
            logging_config=None,
        )
        self._relay = relay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            return
        if is_closed(scope["path"]) or scope["method"] not in ("GET", "HEAD"):
            await self._relay(scope, receive, send)
        else:
            await self._window(scope, receive, protected(send))


def listening(host: str, port: int) -> socket.socket:
    """A socket on the one port, beside those of the other edges."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind((host, port))
    held.setblocking(False)
    return held


def server(
    settings: Settings, carrier: Carrier, front: Front, limits: Limits | None = None
) -> uvicorn.Server:
    """The edge's server. Requests are counted by the core, which knows who sends them; heads are counted here."""
    trusted = settings.believed
    answering: dict[str, Any] = {
        "/api/socket": carrier.endpoint(),
        **dict.fromkeys(SIGNAL_PATHS, carrier.bounded(SIGNAL_LIMITS)),
    }
    config = uvicorn.Config(
        front,
        loop="uvloop",
        http=http_class(limits, trusted=trusted, passes_on=True),
        ws=websocket_class(answering, limits=limits, trusted=trusted),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=65,
        backlog=_CONNECTIONS_WAITING,
    )
    return uvicorn.Server(config)


async def serve(settings: Settings, name: str) -> None:
    """Hold the line to the core, listen, and say so in `<own>/<name>.ready`."""
    carrier, relay = Carrier(settings.trunk), Relay(settings.core)
    held = listening(settings.host, settings.port)
    line = asyncio.create_task(carrier.run())
    ready = settings.own / f"{name}.ready"
    try:
        async with asyncio.timeout(_CORE_WITHIN_S):
            await carrier.up.wait()
        running = server(settings, carrier, Front(WINDOW, relay))
        gc.collect()
        gc.freeze()  # what lives as long as the process is not looked through again and again
        gc.set_threshold(50_000, 20, 50)
        # They wait in the kernel until uvicorn takes them, so it is ready from here on.
        held.listen(_CONNECTIONS_WAITING)
        ready.write_text(str(os.getpid()), encoding="ascii")
        signs = asyncio.create_task(_show_life(ready))
        await running.serve(sockets=[held])
        signs.cancel()
    finally:
        ready.unlink(missing_ok=True)
        line.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await line
        await relay.close()
        held.close()


async def _show_life(ready: Path) -> None:
    """Touch the file again and again: whoever keeps us sees that we are not frozen."""
    while True:
        await asyncio.sleep(SIGN_EVERY_S)
        os.utime(ready)


def main(argv: list[str]) -> int:
    """Run one edge; the exit status."""
    set_up_logs()
    settings = load([], os.environ)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings, argv[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
