"""Asking an endpoint whether a socket may open: whatever goes wrong there, the client gets an answer."""

import asyncio
from typing import Final

import structlog

from bastide.core.errors import NotFound, Problem, Unavailable
from bastide.core.gateway.contract import Endpoint, Listener
from bastide.core.gateway.handshake import Handshake, Refused, refused
from bastide.core.gateway.link import report
from bastide.core.http.problems import Defect

_log: Final = structlog.get_logger("bastide.gateway")


async def decide(endpoint: Endpoint | None, handshake: Handshake, within_s: float) -> Listener | Refused:
    """The endpoint's answer; a refusal where there is none, it takes too long, or it breaks."""
    if endpoint is None:
        return refused(NotFound())
    try:
        async with asyncio.timeout(within_s):
            return await endpoint.authorise(handshake)
    except TimeoutError:
        _log.warning("socket_authorise_slow", path=handshake.path)
        return refused(Unavailable(retry_after_s=1))
    except Problem as problem:
        return refused(problem)
    except Exception as problem:  # noqa: BLE001 - the client is told, whatever broke
        report(problem)
        return refused(Defect())
