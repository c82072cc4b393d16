"""The signalling sockets of calls on our own port: who connects is asked at the door, and whoever is out is cut off."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from bastide.core.errors import ForgedRequest, NotSignedIn
from bastide.core.gateway.contract import Endpoint, Handshake, Refused
from bastide.core.gateway.handshake import refused, same_origin
from bastide.core.gateway.proxy import Admission, SignalProxy
from bastide.core.policy import Actor
from bastide.meet.admission import Admissions
from bastide.meet.engine import LiveKit
from bastide.meet.tokens import Identity

Authenticate = Callable[[str], Awaitable[Actor | None]]


class Signalling:
    """Implements `Sockets`. `endpoint` is made once the door is there."""

    def __init__(self, livekit: LiveKit) -> None:
        self._livekit = livekit
        self._proxy: SignalProxy | None = None

    def endpoint(
        self, admissions: Admissions, *, authenticate: Authenticate, cookie: str, public_url: str | None
    ) -> Endpoint:
        """The endpoint for each of `gateway.proxy.PATHS`.

        Args:
            admissions: the door.
            authenticate: whom a session's cookie stands for.
            cookie: what that cookie is called.
            public_url: where our own window comes from, when a proxy stands in front.
        """

        async def admit(handshake: Handshake) -> Admission | Refused:
            # Programs that are no browser say no origin, and hold no victim's cookies.
            if handshake.origin is not None and not same_origin(handshake, public_url):
                return refused(ForgedRequest())
            actor = await authenticate(handshake.cookies.get(cookie, ""))
            if actor is None:
                return refused(NotSignedIn())
            admitted = await admissions.admit(
                actor, path=handshake.path, query=handshake.query, headers=handshake.headers
            )
            url = f"{self._livekit.signal_url()}{admitted.path}?{admitted.query}"
            return Admission((admitted.call_id, admitted.identity), url)

        self._proxy = SignalProxy(admit)
        return self._proxy

    def cut(self, call_id: UUID, identity: Identity) -> None:
        """See `Sockets`."""
        if self._proxy is not None:
            self._proxy.cut((call_id, identity))
