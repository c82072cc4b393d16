"""What is known of a call's room beside what is written down, and what follows from it. Pure: no I/O, no clock."""

from collections.abc import Set as AbstractSet

import msgspec

from bastide.core.policy import Actor
from bastide.meet.tokens import Identity


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait for whom, in seconds.

    Attributes:
        gone: for a device that vanished; whoever reloads is back by then and never left.
        restart: for everybody, after the media server or Bastide started anew.
        ticket: for whoever has a ticket and has not come in yet.
        empty: for anybody at all, once nobody is left.
        unchecked: for a device whose connection has not passed our door since we started.
        poll: between two lists of rooms.
        look: between two looks into a room that seems unchanged.
    """

    gone: float = 4.0
    restart: float = 20.0
    ticket: float = 30.0
    empty: float = 10.0
    unchecked: float = 60.0
    poll: float = 2.0
    look: float = 30.0


class Verdict(msgspec.Struct, frozen=True):
    """What follows from a look into a room.

    `arrived` and `left` are to be written down; `unchecked` are to be put out; `deserted`: nobody is there, nobody
    is awaited, and that for long enough.
    """

    arrived: list[Identity]
    left: list[Identity]
    unchecked: list[Identity]
    deserted: bool


class Watched:
    """A call's room, as watched. All moments are on one monotonic clock, in seconds."""

    __slots__ = (
        "_deserted_since",
        "_patience",
        "_renewed_at",
        "_sid",
        "_unchecked",
        "_vanished",
        "actors",
        "barred",
        "expected",
        "looked_at",
    )

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._sid = ""
        self._renewed_at: float | None = None
        self._deserted_since: float | None = None
        self._vanished: dict[Identity, float] = {}
        self._unchecked: dict[Identity, float] = {}
        self.looked_at: float | None = None
        self.expected: dict[Identity, float] = {}
        """Who may come in, and until when the call waits for them."""
        self.actors: dict[Identity, Actor] = {}
        """Who passed our door."""
        self.barred: set[Identity] = set()
        """Who left or was put out, and has had no ticket since."""

    def expect(self, identity: Identity, now: float) -> None:
        """A ticket or a connection was allowed."""
        self.barred.discard(identity)
        self.expected[identity] = now + self._patience.ticket

    def awaits(self, now: float) -> bool:
        """Whether somebody has a ticket and may still come in."""
        return any(until > now for until in self.expected.values())

    def bar(self, identity: Identity) -> None:
        """A device is out until it gets another ticket."""
        self.barred.add(identity)
        self.expected.pop(identity, None)
        self.actors.pop(identity, None)

    def renew(self, now: float) -> None:
        """Everybody had to connect anew: they have a while to be back."""
        self._renewed_at = now

    def note_room(self, sid: str, now: float) -> None:
        """The room is this one now, or none (""): another one than before means that the media server restarted."""
        if self._sid and sid != self._sid:
            self.renew(now)
        self._sid = sid

    def is_due(self, now: float, *, known: int, devices: int) -> bool:
        """Whether to look into the room, which holds so many devices while so many are written down."""
        unsettled = bool(self._vanished or self._unchecked) or not known or known != devices
        return unsettled or self.looked_at is None or now - self.looked_at >= self._patience.look

    def weigh(self, now: float, *, known: AbstractSet[Identity], present: AbstractSet[Identity]) -> Verdict:
        """Compare who is written down with who was seen just now."""
        self.looked_at = now
        self.expected = {i: until for i, until in self.expected.items() if until > now and i not in present}
        self._vanished = {i: self._vanished.get(i, now) for i in known - present}
        self._unchecked = {i: self._unchecked.get(i, now) for i in present if i not in self.actors}
        settled = self._renewed_at is None or now - self._renewed_at >= self._patience.restart
        left = [
            i
            for i, since in self._vanished.items()
            if settled and now - since >= self._patience.gone and i not in self.expected
        ]
        unchecked = [i for i, s in self._unchecked.items() if now - s >= self._patience.unchecked]
        there = known | present | self.expected.keys()
        self.actors = {i: actor for i, actor in self.actors.items() if i in there}
        inhabited = bool(present or self.expected or known - set(left))
        if inhabited:
            self._deserted_since = None
        elif self._deserted_since is None:
            self._deserted_since = now
        since = self._deserted_since
        deserted = since is not None and settled and now - since >= self._patience.empty
        return Verdict(sorted(present - known, key=str), left, unchecked, deserted)
