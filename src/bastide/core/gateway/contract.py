"""The words between the gateway's transport and those who use it: sockets, endpoints, limits and close
codes.
"""

from enum import IntEnum
from typing import Protocol, runtime_checkable

import msgspec

from bastide.core.gateway.handshake import Handshake, Networks, Refused


class CloseCode(IntEnum):
    """Why a socket closes (RFC 6455 section 7.4, and ours from 4000)."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL = 1002
    NO_CODE = 1005
    """Only told to listeners: the other side closed without saying why."""
    LOST = 1006
    """Only told to listeners: the connection ended without a closing frame."""
    NOT_UTF8 = 1007
    TOO_BIG = 1009
    INTERNAL = 1011
    RESTART = 1012
    TRY_AGAIN_LATER = 1013
    RESUME_LATER = 4408
    """The reader was too slow; it may come back and resume from where it is."""


class Limits(msgspec.Struct, frozen=True):
    """What one connection may take; sizes in bytes, times in seconds.

    A socket's read buffer grows to about twice its largest frame and stays so: `max_frame` bounds memory too.
    """

    max_frame: int = 256 * 1024
    """Longest message, all its fragments together; longer closes with 1009."""
    max_buffered: int = 1024 * 1024
    """Most bytes waiting for a slow reader; the frame that goes over closes with 4408."""
    max_head: int = 32 * 1024
    """Longest head of a request; longer is answered 431. LiveKit's clients put a whole offer in the query."""
    max_early: int = 64 * 1024
    """Most bytes a client may send before it is let in."""
    head_s: float = 10.0
    """Longest that a request's head may take to arrive; then 408, or nothing where not a byte came."""
    body_s: float = 30.0
    """How long a request's body may take to arrive, to which `body_rate` adds by what did; then 408."""
    body_rate: int = 4096
    """The bytes a second that a long body must keep up with on the whole."""
    body_silence_s: float = 60.0
    """Longest that nothing of a body may come while we listen; then 408."""
    unfinished_of_place: int = 100
    """Requests of strangers that may be arriving from one address at once; the oldest goes for the next."""
    unfinished_of_person: int = 32
    """The same for one signed-in person, from wherever."""
    authorise_s: float = 10.0
    """Longest that an endpoint may take to decide; then 503."""
    ping_s: float = 30.0
    """Pause between two pings of ours, which also keep proxies from closing an idle connection."""
    stale_s: float = 60.0
    """Silence after which a peer is put out, when its next ping is due."""
    linger_s: float = 5.0
    """Longest that a closing socket may take to empty itself and hear the answer."""


class Peer(Protocol):
    """The outgoing side of one open socket. All methods return at once and never raise."""

    def send_text(self, frame: bytes) -> None:
        """Send one whole text message; valid UTF-8 is the caller's promise.

        The same bytes may be given to every peer; large ones are not copied. Over `Limits.max_buffered` the
        peer is closed with 4408. After a close nothing is sent.
        """
        ...

    def send_binary(self, frame: bytes) -> None:
        """Send one whole binary message, under the same terms."""
        ...

    def close(self, code: int, reason: str = "") -> None:
        """Begin to close: what waits is sent, then the closing frame. The first call counts.

        Args:
            code: 1000–1014 or 3000–4999.
            reason: for people and programs, cut at 123 bytes.
        """
        ...

    def pause_reading(self) -> None:
        """Take no more from the network for now; what was already read may still arrive."""
        ...

    def resume_reading(self) -> None:
        """Take from the network again."""
        ...


class Listener(Protocol):
    """The incoming side of one socket, made by an endpoint.

    An exception from any method is logged by its type and closes the socket with 1011.
    """

    def on_open(self, peer: Peer) -> None:
        """The socket is open; sending may begin here."""
        ...

    def on_text(self, frame: bytes) -> None:
        """One whole text message, valid UTF-8, at most `Limits.max_frame` long."""
        ...

    def on_binary(self, frame: bytes) -> None:
        """One whole binary message, at most `Limits.max_frame` long."""
        ...

    def on_close(self, code: int) -> None:
        """The connection is gone.

        Comes exactly once for each listener that `authorise` gave, also when the client left before
        `on_open`.

        Args:
            code: of the first closing frame, ours or theirs; 1005 where it had none, 1006 where there was no
                frame.
        """
        ...


class Endpoint(Protocol):
    """Who answers at a path. One that is `Bounded` too brings its own limits for messages and buffers."""

    async def authorise(self, handshake: Handshake) -> Listener | Refused:
        """Decide before the socket opens, so that a refusal is a plain HTTP answer.

        A `bastide.core.errors.Problem` may be raised instead of returning `Refused`. The call is cancelled
        when the client leaves or `Limits.authorise_s` is over; it then cleans up after itself, for no
        listener was given.
        """
        ...


@runtime_checkable
class Bounded(Protocol):
    """An endpoint whose messages have other limits than the gateway's."""

    @property
    def limits(self) -> Limits:
        """All but the pings' times, which are the gateway's."""
        ...


__all__ = [
    "Bounded",
    "CloseCode",
    "Endpoint",
    "Handshake",
    "Limits",
    "Listener",
    "Networks",
    "Peer",
    "Refused",
]
