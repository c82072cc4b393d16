"""The frames of the socket, version 1. JSON text, tagged by `t`. Changing them costs an ADR.

A window says `hello` first and gets `welcome`; what it missed follows as `event` frames, and `reload` names the
streams that are too far behind. Requests carry a number `n` that their `done` or `failed` repeats.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from bastide.core.errors import ProblemDetails
from bastide.core.policy import Action

VERSION = 1


class FromWindow(msgspec.Struct, frozen=True, tag_field="t", forbid_unknown_fields=True, kw_only=True):
    """A frame that a window sends. Modules add their own (`socket.py`)."""


class Request(FromWindow, frozen=True, kw_only=True):
    """A frame that is answered: `n` is the window's number for it, one that JavaScript can count."""

    n: Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)]


class Hello(FromWindow, frozen=True, tag="hello", kw_only=True):
    """The first frame. `cursors`: the last seq one has of each stream."""

    v: int
    cursors: dict[UUID, int] = {}


class Watch(FromWindow, frozen=True, tag="watch", kw_only=True):
    """Whose presence this window shows now; each `watch` takes the place of the last one."""

    people: list[UUID]


class Away(FromWindow, frozen=True, tag="away", kw_only=True):
    """Whether its person has left this window alone for a while."""

    away: bool


class Ping(Request, frozen=True, tag="ping", kw_only=True):
    """Whether the line still carries anything: browsers do not show pages the transport's own pings."""


class ToWindow(msgspec.Struct, frozen=True, tag_field="t", kw_only=True):
    """A frame that the server sends."""


class Welcome(ToWindow, frozen=True, tag="welcome", kw_only=True):
    """The connection is signed in and subscribed. `now` is the server's time; `build` names the window to run.

    `rule` names what the instance may hold now: a window whose snapshot names another asks for everything anew.
    `spread`: when this line is lost, the window comes back at a moment within so many milliseconds.
    """

    v: int
    now: datetime
    build: str
    rule: str
    spread: int


class EventFrame(ToWindow, frozen=True, tag="event", kw_only=True, omit_defaults=True):
    """An event at its place: `s` stream, `q` its seq there, `by` whom, `e` the event.

    `a`: one's abilities in the space from now on, when the event may have changed them.
    """

    s: UUID
    q: int
    at: datetime
    by: UUID | None
    e: Any
    a: list[Action] | None = None


class FleetingFrame(ToWindow, frozen=True, tag="fleeting", kw_only=True):
    """What is told and not kept."""

    s: UUID
    e: Any


class Reload(ToWindow, frozen=True, tag="reload", kw_only=True):
    """Streams of which too much was missed: ask for their snapshot again."""

    streams: list[UUID]


class Done(ToWindow, frozen=True, tag="done", kw_only=True):
    """Request `n` took effect; `r` is its result."""

    n: int
    r: Any = None


class Failed(ToWindow, frozen=True, tag="failed", kw_only=True):
    """Request `n` had no effect."""

    n: int
    problem: ProblemDetails


class PeopleFrame(ToWindow, frozen=True, tag="people", kw_only=True):
    """The cards, as they are now, of watched people who changed their profile."""

    cards: list[Any]


class Presence(ToWindow, frozen=True, tag="presence", kw_only=True):
    """Who of the watched people is `here`, `busy` (in a call), `away`; whoever is named in none is gone."""

    here: list[UUID] = []
    busy: list[UUID] = []
    away: list[UUID] = []
    gone: list[UUID] = []
