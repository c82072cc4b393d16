"""Presence: who is here, told only to windows that show that person. Never on the disk.

Every connected person known to every other would be 75,000²; a window names the people it shows now, and hears of them alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from bastide.core.gateway.contract import Peer
from bastide.core.gateway.frames import PeopleFrame
from bastide.core.gateway.frames import Presence as PresenceFrame
from bastide.core.policy import Actor

WATCHED_MOST = 500
_encode = msgspec.json.Encoder().encode


class State(StrEnum):
    """What a person seems to be doing."""

    HERE = "here"
    BUSY = "busy"
    AWAY = "away"
    GONE = "gone"


class Watcher(Protocol):
    """A socket that watches, and whose person is watched by others."""

    @property
    def actor(self) -> Actor: ...

    @property
    def peer(self) -> Peer: ...

    @property
    def away(self) -> bool: ...

    @property
    def watched(self) -> set[UUID]: ...


class Presences:
    """Who is here, and who watches whom."""

    def __init__(self, may_see: Callable[[Actor, UUID], bool], in_call: Callable[[UUID], bool]) -> None:
        self._may_see = may_see
        self._in_call = in_call
        self._sockets: defaultdict[UUID, set[Watcher]] = defaultdict(set)
        self._watchers: defaultdict[UUID, set[Watcher]] = defaultdict(set)
        self._told: dict[UUID, State] = {}

    def state(self, person_id: UUID) -> State:
        """What a person seems to be doing now."""
        sockets = self._sockets.get(person_id)
        if not sockets:
            return State.GONE
        if self._in_call(person_id):
            return State.BUSY
        return State.AWAY if all(s.away for s in sockets) else State.HERE

    def enter(self, socket: Watcher) -> None:
        """A person opened a window."""
        self._sockets[socket.actor.person_id].add(socket)
        self.changed(socket.actor.person_id)

    def leave(self, socket: Watcher) -> None:
        """A window closed."""
        self.watch(socket, ())
        person_id = socket.actor.person_id
        sockets = self._sockets.get(person_id)
        if sockets is not None:
            sockets.discard(socket)
            if not sockets:
                del self._sockets[person_id]
        self.changed(person_id)

    def watch(self, socket: Watcher, people: Iterable[UUID]) -> None:
        """A window shows these people now; it hears at once how they are, then what changes."""
        wanted = {p for p in people if self._may_see(socket.actor, p)}
        for person_id in socket.watched - wanted:
            self._unwatch(socket, person_id)
        fresh = wanted - socket.watched
        for person_id in fresh:
            self._watchers[person_id].add(socket)
        socket.watched.clear()
        socket.watched.update(wanted)
        if fresh:
            socket.peer.send_text(_encode(self._frame({p: self.state(p) for p in fresh})))

    def changed(self, person_id: UUID) -> None:
        """Look again at a person, and tell who watches if they seem otherwise than before."""
        state = self.state(person_id)
        if self._told.get(person_id, State.GONE) is state:
            return
        if state is State.GONE:
            self._told.pop(person_id, None)
        else:
            self._told[person_id] = state
        if self._watchers.get(person_id):
            self._tell(person_id, _encode(self._frame({person_id: state})))

    def renamed(self, person_id: UUID, card: object) -> None:
        """Tell who watches a person what their card says now."""
        if self._watchers.get(person_id):
            self._tell(person_id, _encode(PeopleFrame(cards=[card])))

    def _tell(self, person_id: UUID, frame: bytes) -> None:
        for socket in list(self._watchers[person_id]):
            if self._may_see(socket.actor, person_id):
                socket.peer.send_text(frame)
            else:  # they shared a space when the window began to watch, and do not any more
                self._unwatch(socket, person_id)
                socket.watched.discard(person_id)

    def _unwatch(self, socket: Watcher, person_id: UUID) -> None:
        watchers = self._watchers.get(person_id)
        if watchers is not None:
            watchers.discard(socket)
            if not watchers:
                del self._watchers[person_id]

    @staticmethod
    def _frame(states: dict[UUID, State]) -> PresenceFrame:
        def of(state: State) -> list[UUID]:
            return [p for p, s in states.items() if s is state]

        return PresenceFrame(
            here=of(State.HERE), busy=of(State.BUSY), away=of(State.AWAY), gone=of(State.GONE)
        )
