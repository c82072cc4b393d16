"""What handlers may ask for: who acts, and the cookies of the request."""

from typing import Any

from litestar import Request
from litestar.di import Provide

from bastide.core.errors import NotSignedIn
from bastide.core.policy import Actor

AnyRequest = Request[Any, Any, Any]


def _actor(request: AnyRequest) -> Actor:
    actor = _perhaps(request)
    if actor is None:
        raise NotSignedIn
    return actor


def _perhaps(request: AnyRequest) -> Actor | None:
    actor = request.scope["state"].get("actor")
    return actor if isinstance(actor, Actor) else None


def _session_token(request: AnyRequest) -> str:
    return str(request.scope["state"].get("session_token", ""))


# Handlers name these as parameters; `perhaps` is for public addresses that look at sessions.
PROVIDED = {
    "actor": Provide(_actor, sync_to_thread=False),
    "perhaps": Provide(_perhaps, sync_to_thread=False),
    "session_token": Provide(_session_token, sync_to_thread=False),
}
