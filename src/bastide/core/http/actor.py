"""What handlers may ask for: who acts, and the cookies of the request."""

from typing import Any

from litestar import Request
from litestar.di import Provide

from bastide.core.errors import NotSignedIn
from bastide.core.policy import Actor

AnyRequest = Request[Any, Any, Any]


def _actor(request: AnyRequest) -> Actor:
    actor = request.scope["state"].get("actor")
    if not isinstance(actor, Actor):
        raise NotSignedIn
    return actor


def _session_token(request: AnyRequest) -> str:
    return str(request.scope["state"].get("session_token", ""))


# Handlers name these as parameters.
PROVIDED = {
    "actor": Provide(_actor, sync_to_thread=False),
    "session_token": Provide(_session_token, sync_to_thread=False),
}
