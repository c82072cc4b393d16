"""Tokens of the media server: JSON Web Tokens (RFC 7519), HMAC-SHA256 with its key, and nothing else.

A ticket names a room and an identity, `person/device`, and the rights in it. It holds ids only: windows know the names.
The media server renews it by push while its holder is connected; whoever connects passes `admission` all the same.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

import jwt
import msgspec
from livekit.api import VideoGrants
from livekit.api.access_token import Claims

from bastide.meet.errors import HintRefused, TicketOver

# What may be sent into a call, in the media server's words.
SOURCES = ("microphone", "camera", "screen_share", "screen_share_audio")
_ALGORITHM = "HS256"
# How far two clocks may be apart, where the media server is another machine.
_SKEW = timedelta(seconds=5)


class Keys(msgspec.Struct, frozen=True):
    """The key of the media server: its name and its secret."""

    name: str
    secret: str

    def __repr__(self) -> str:
        return f"Keys({self.name})"


class Identity(msgspec.Struct, frozen=True):
    """Who is in a room: a person's device."""

    person_id: UUID
    device_id: UUID

    def __str__(self) -> str:
        return f"{self.person_id}/{self.device_id}"


class Ticket(msgspec.Struct, frozen=True):
    """What a genuine ticket says."""

    call_id: UUID
    identity: Identity


class _VideoClaims(msgspec.Struct, frozen=True, rename="camel"):
    room_join: bool = False
    room: str = ""


class _TicketClaims(msgspec.Struct, frozen=True):
    sub: str
    video: _VideoClaims


class _HintClaims(msgspec.Struct, frozen=True):
    sha256: str


class _HintRoom(msgspec.Struct, frozen=True):
    name: str = ""


class _Hint(msgspec.Struct, frozen=True):
    room: _HintRoom = _HintRoom()


def identity_of(text: str) -> Identity | None:
    """The identity that a text is, None for one that is not ours in every letter."""
    person, _, device = text.partition("/")
    try:
        found = Identity(UUID(person), UUID(device))
    except ValueError:
        return None
    return found if str(found) == text else None


def call_of(room: str) -> UUID | None:
    """The call that a room's name is, None for a room that is not ours."""
    try:
        found = UUID(room)
    except ValueError:
        return None
    return found if str(found) == room else None


def ticket(
    keys: Keys, call_id: UUID, identity: Identity, *, may_speak: bool, now: datetime, lasts: timedelta
) -> str:
    """A token that lets a device into a room, with just these rights: who may not speak only listens."""
    grants = VideoGrants(
        room_join=True,
        room=str(call_id),
        can_subscribe=True,
        can_publish=may_speak,
        # an empty list would mean every source
        can_publish_sources=list(SOURCES) if may_speak else None,
        can_publish_data=False,
        can_update_own_metadata=False,
        hidden=False,
    )
    return _signed(keys, Claims(video=grants), now=now, lasts=lasts, subject=str(identity))


def errand(keys: Keys, grants: VideoGrants, *, now: datetime) -> str:
    """A token for one request of ours to the media server."""
    return _signed(keys, Claims(video=grants), now=now, lasts=timedelta(seconds=30))


def read_ticket(keys: Keys, token: str) -> Ticket:
    """What a ticket says.

    Raises:
        TicketOver: it is not signed by us, not valid at this moment, or no ticket.
    """
    claims = _verified(keys, token, _TicketClaims)
    identity = identity_of(claims.sub) if claims else None
    call_id = call_of(claims.video.room) if claims else None
    if claims is None or identity is None or call_id is None or not claims.video.room_join:
        raise TicketOver
    return Ticket(call_id, identity)


def read_hint(keys: Keys, token: str, body: bytes) -> UUID | None:
    """The call that a webhook is about; None when it is about none of ours.

    Raises:
        HintRefused: the token was not signed by the media server, or not for this body.
    """
    claims = _verified(keys, token, _HintClaims)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    if claims is None or not hmac.compare_digest(claims.sha256.encode(), digest.encode()):
        raise HintRefused
    try:
        return call_of(msgspec.json.decode(body, type=_Hint).room.name)
    except msgspec.DecodeError:
        return None


def _signed(keys: Keys, claims: Claims, *, now: datetime, lasts: timedelta, subject: str = "") -> str:
    issued = int(now.timestamp())
    body = cast("dict[str, Any]", claims.asdict())  # pyright: ignore[reportUnknownMemberType] - untyped there
    body |= {"iss": keys.name, "sub": subject, "nbf": issued, "exp": issued + int(lasts.total_seconds())}
    return jwt.encode(body, keys.secret, algorithm=_ALGORITHM)  # pyright: ignore[reportUnknownMemberType]


_Body = TypeVar("_Body", _TicketClaims, _HintClaims)


def _verified(keys: Keys, token: str, body: type[_Body]) -> _Body | None:
    try:
        claims: dict[str, Any] = jwt.decode(  # pyright: ignore[reportUnknownMemberType]
            token,
            keys.secret,
            algorithms=[_ALGORITHM],
            issuer=keys.name,
            leeway=_SKEW,
            options={"require": ["exp", "nbf", "iss"]},
        )
        return msgspec.convert(claims, body)
    except (jwt.InvalidTokenError, msgspec.ValidationError, RecursionError):
        # RecursionError: the head is read before the signature is checked, and may be nested a thousand deep
        return None
