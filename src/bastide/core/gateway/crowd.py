"""How many sockets one session, and one person, may have open at once.

The newest gets in and the oldest goes: whoever opens a window wants that one. The window that was closed so comes back when
it is looked at, and otherwise not before a while, so that windows do not push each other out for ever.
"""

from collections.abc import Hashable
from typing import Final, Protocol, runtime_checkable

import msgspec

from bastide.core.gateway.contract import Endpoint, Handshake, Listener, Peer, Refused
from bastide.core.policy import Actor

CROWDED: Final = 4429
"""The close code of the oldest socket where there is one too many."""


@runtime_checkable
class Somebodys(Protocol):
    """A listener that knows whose socket it is."""

    @property
    def actor(self) -> Actor: ...


class Most(msgspec.Struct, frozen=True):
    """How many sockets may be open at once."""

    of_session: int = 30
    of_person: int = 100


class Crowd:
    """An endpoint before another, whose listeners say whose they are (`Somebodys`); it counts what that one lets in."""

    def __init__(self, behind: Endpoint, most: Most | None = None) -> None:
        self._behind = behind
        self._most = most or Most()
        self._open: dict[Hashable, dict[_Counted, None]] = {}

    async def authorise(self, handshake: Handshake) -> Listener | Refused:
        """See `contract.Endpoint`."""
        answer = await self._behind.authorise(handshake)
        if isinstance(answer, Refused):
            return answer
        if not isinstance(answer, Somebodys):
            raise TypeError("a socket that is nobody's cannot be counted")
        return _Counted(answer, self, answer.actor)

    def arrive(self, socket: "_Counted") -> None:
        """A socket is open: close the oldest of its session or person, if there are too many now."""
        for key, most in self._keys(socket):
            held = self._open.setdefault(key, {})
            held[socket] = None
            if len(held) > most:
                next(iter(held)).close()

    def leave(self, socket: "_Counted") -> None:
        """A socket is gone, or was told to go."""
        for key, _ in self._keys(socket):
            held = self._open.get(key)
            if held is not None:
                held.pop(socket, None)
                if not held:
                    del self._open[key]

    def _keys(self, socket: "_Counted") -> tuple[tuple[Hashable, int], ...]:
        actor = socket.actor
        return (
            (("session", actor.session_id), self._most.of_session),
            (("person", actor.person_id), self._most.of_person),
        )


class _Counted:
    """A listener in front of the real one."""

    __slots__ = ("_behind", "_crowd", "_peer", "actor", "on_binary", "on_text")

    def __init__(self, behind: Listener, crowd: Crowd, actor: Actor) -> None:
        self._behind = behind
        self._crowd = crowd
        self._peer: Peer | None = None
        self.actor = actor
        # What comes often goes straight to where it is meant for.
        self.on_text = behind.on_text
        self.on_binary = behind.on_binary

    def on_open(self, peer: Peer) -> None:
        self._peer = peer
        self._crowd.arrive(self)
        self._behind.on_open(peer)

    def on_close(self, code: int) -> None:
        self._crowd.leave(self)
        self._peer = None
        self._behind.on_close(code)

    def close(self) -> None:
        """Make room."""
        self._crowd.leave(self)
        if self._peer is not None:
            self._peer.close(CROWDED, "too-many-sockets")
