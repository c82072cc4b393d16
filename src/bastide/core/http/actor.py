"""What handlers may ask for: who acts, and what the request tells of where it comes from."""

from typing import Any

from litestar import Request
from litestar.di import Provide

from bastide.core.client import Client
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


def _client_address(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


def _client(request: AnyRequest) -> Client:
    return Client(
        address=_client_address(request),
        device_name=request.headers.get("user-agent", ""),
        device_token=request.scope["state"].get("device_token"),
        session_token=_session_token(request),
    )


# Handlers name these as parameters; `perhaps` is for public addresses that look at sessions, `client` for those that open
# one.
PROVIDED = {
    "actor": Provide(_actor, sync_to_thread=False),
    "perhaps": Provide(_perhaps, sync_to_thread=False),
    "session_token": Provide(_session_token, sync_to_thread=False),
    "client_address": Provide(_client_address, sync_to_thread=False),
    "client": Provide(_client, sync_to_thread=False),
}
