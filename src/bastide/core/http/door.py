"""The door of every request: who it is, whether it was forged, and the headers that protect the window.

Closed by default: an address that is not on the list of public ones asks for a session.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

from bastide.core.errors import ForgedRequest, Interrupted, NotSignedIn, Problem, TooLarge
from bastide.core.http.cookies import CookieNames, parse
from bastide.core.http.problems import language
from bastide.core.policy import Actor

Authenticate = Callable[[str], Awaitable[Actor | None]]
CsrfOf = Callable[[str], str]
Recognised = Callable[[UUID], None]
Still = Callable[[Actor], Awaitable[bool]]

STRANGERS_MOST = 1 << 16
"""Bytes of a body that are taken from somebody who is not signed in."""

SLOW_S = 1.0
"""A body that takes longer than this (seconds) is taken only from who still is who they were when it began."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_CONTENT_SECURITY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    b"font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_PERMISSIONS = (
    b"camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), geolocation=(), "
    b"usb=(), serial=(), payment=()"
)
SECURITY_HEADERS: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", _CONTENT_SECURITY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", _PERMISSIONS),
]


class PublicRoute(msgspec.Struct, frozen=True):
    """An address that needs no session, and why. `looks`: who has a session is known there all the same."""

    method: str
    path: str
    why: str
    looks: bool = False


PUBLIC: tuple[PublicRoute, ...] = (
    PublicRoute("GET", "/health/live", "asked by whoever watches the process"),
    PublicRoute("GET", "/health/ready", "asked by the supervisor before anybody can sign in"),
    PublicRoute(
        "GET", "/metrics", "for who runs the instance, by a token or at the machine; 404 for everybody else"
    ),
    PublicRoute("GET", "/api/openapi.json", "says what the API is, not what is in it"),
    PublicRoute("GET", "/api/instance", "what the sign-in page shows"),
    PublicRoute("GET", "/api/session", "whether anybody is signed in; for nobody it is empty", looks=True),
    PublicRoute("POST", "/api/session", "signing in"),
    PublicRoute(
        "POST", "/api/session/passkey/options", "what a browser needs to ask for a passkey, of whomever"
    ),
    PublicRoute("POST", "/api/session/passkey", "signing in by a passkey"),
    PublicRoute("POST", "/api/session/recovery", "signing in by a recovery code"),
    PublicRoute("POST", "/api/session/first", "the first administrator, who holds the one-time link"),
    PublicRoute("POST", "/api/invitation/look", "who was invited, who holds the link"),
    PublicRoute("POST", "/api/invitation/accept", "taking an invitation, once", looks=True),
    PublicRoute("POST", "/api/reset/look", "whose password is forgotten, who holds the link"),
    PublicRoute("POST", "/api/reset/accept", "choosing another password, once"),
    PublicRoute("POST", "/api/livekit/webhook", "signed by the media server itself"),
)
_OPEN = frozenset((route.method, route.path) for route in PUBLIC)
_LOOKED_AT = frozenset((route.method, route.path) for route in PUBLIC if route.looks)
_CLOSED = (["api"], ["rtc"])


class Door:
    """Stands before the whole application: puts the actor into the scope's state, or answers for it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        cookies: CookieNames,
        authenticate: Authenticate,
        still: Still,
        csrf_of: CsrfOf,
        origin: str,
        fixed_origin: bool,
    ) -> None:
        """`origin` is where browsers come from; it must match only when it was declared (`fixed_origin`)."""
        self.app = app
        self._cookies = cookies
        self._authenticate = authenticate
        self._still = still
        self._csrf_of = csrf_of
        self._origin = origin if fixed_origin else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        state: dict[str, Any] = scope.setdefault("state", {})  # pyright: ignore[reportAssignmentType]
        held = parse(headers.get("cookie", ""))
        token = held.get(self._cookies.session, "")
        state["session_token"] = token
        state["device_token"] = held.get(self._cookies.device)

        guarded = protected(send)
        try:
            actor = state["actor"] = await self._actor(scope, headers, token)
            if actor is None and _announced(headers) > STRANGERS_MOST:
                raise TooLarge
        except Problem as problem:
            await refuse(problem, headers, send)
            return
        recognised: Recognised | None = state.pop("recognised", None)
        if actor is not None and recognised is not None:
            recognised(actor.person_id)
        if _has_body(headers):
            receive = _heard(receive, STRANGERS_MOST if actor is None else None)
            if actor is not None:
                receive = self._told_by(actor, receive)
        await self.app(scope, receive, guarded)

    def _told_by(self, actor: Actor, receive: Receive) -> Receive:
        """A body whose last part counts only if its sender is still somebody: it may come long after the first."""
        loop = asyncio.get_running_loop()
        began = loop.time()

        async def told() -> HTTPReceiveMessage:
            message = cast("HTTPReceiveMessage", await receive())
            whole = message["type"] == "http.request" and not message["more_body"]
            if whole and loop.time() - began > SLOW_S and not await self._still(actor):
                raise NotSignedIn
            return message

        return cast("Receive", told)

    async def _actor(self, scope: Scope, headers: dict[str, str], token: str) -> Actor | None:
        """Who asks; None at an address that is open to all, unless it looks at sessions and there is one.

        Raises:
            NotSignedIn, ForgedRequest: the answer.
            Unavailable: nobody can be recognised while the database is away.
        """
        method = cast("str", scope["method"])  # pyright: ignore[reportTypedDictNotRequiredAccess, reportGeneralTypeIssues]
        parts = _parts(scope["path"])
        path = "/" + "/".join(parts)
        writes = method not in _SAFE
        if writes and not self._same_origin(headers):
            raise ForgedRequest
        is_open = (method, path) in _OPEN or parts[:1] not in _CLOSED
        if is_open and (method, path) not in _LOOKED_AT:
            return None
        actor = await self._authenticate(token) if token else None
        if actor is None:
            if is_open:
                return None
            raise NotSignedIn
        said = headers.get("x-csrf", "")
        if writes and not hmac.compare_digest(said.encode(), self._csrf_of(token).encode()):
            raise ForgedRequest
        return actor

    def _same_origin(self, headers: dict[str, str]) -> bool:
        """A browser says where a request comes from. Programs that say nothing hold no victim's cookies."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        if self._origin is not None:
            return origin == self._origin
        return urlsplit(origin).netloc == headers.get("host")


def _has_body(headers: dict[str, str]) -> bool:
    return "transfer-encoding" in headers or _announced(headers) > 0


def _announced(headers: dict[str, str]) -> int:
    """How many bytes are said to come; 0 where nothing is said. The server has refused what is no number."""
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() else 0


def _heard(receive: Receive, most: int | None) -> Receive:
    """A request's body up to `most` bytes; one that breaks off is the asker's mistake, not ours."""
    size = 0
    whole = False

    async def heard() -> HTTPReceiveMessage:
        nonlocal size, whole
        message = cast("HTTPReceiveMessage", await receive())
        if message["type"] == "http.request":
            size += len(message["body"])
            whole = not message["more_body"]
            if most is not None and size > most:
                raise TooLarge
        elif not whole:
            raise Interrupted
        return message

    return cast("Receive", heard)


def _parts(path: str) -> list[str]:
    """A path as the router reads it, to which `//api//me/` is `/api/me`: the door must not see another address."""
    return [part for part in path.split("/") if part]


def is_closed(path: str) -> bool:
    """Whether an address is not the window's: the house answers there, and asks who one is but where it says so."""
    return _parts(path)[:1] in (*_CLOSED, ["health"])


def protected(send: Send) -> Send:
    """The same, whose answers have the headers that protect the window."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            _protect(message)
        await send(message)

    return guarded


def _protect(message: Message) -> None:
    """Add the protecting headers; a handler's own, stricter ones stay."""
    headers: list[tuple[bytes, bytes]] = list(message.get("headers", []))  # pyright: ignore[reportArgumentType]
    present = {name.lower() for name, _ in headers}
    headers += [(name, value) for name, value in SECURITY_HEADERS if name not in present]
    if b"cache-control" not in present:
        headers.append((b"cache-control", b"no-store"))
    message["headers"] = headers  # pyright: ignore[reportGeneralTypeIssues, reportTypedDictNotRequiredAccess]


async def refuse(problem: Problem, headers: dict[str, str], send: Send) -> None:
    """Answer with a problem, in the language of a request's headers."""
    send = protected(send)
    details = problem.details(language(headers.get("accept-language", "")))
    body = msgspec.json.encode(details)
    fields = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    if details.retry_after_s is not None:
        fields.append((b"retry-after", str(max(1, round(details.retry_after_s))).encode()))
    await send({"type": "http.response.start", "status": details.status, "headers": fields})
    await send({"type": "http.response.body", "body": body, "more_body": False})
