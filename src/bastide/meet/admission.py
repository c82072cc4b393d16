"""Who may connect to a call's signalling: asked at each connection, also at each reconnection.

A window connects with its ticket to our own port. What reaches the media server is never that ticket but a new one, made
out here with the rights of this moment: an old ticket, or one that the media server renewed, opens nothing that the
policy does not open now.

What livekit-client sends (2.21 was read): `/rtc/v1` with `access_token` and `join_request`; `/rtc` with `access_token` and
plain parameters, for older paths; the same with `/validate` behind it over HTTP, when a socket did not open. It stops
trying after a 401, a 403, or a 404 that speaks of a room that does not exist; after other answers it tries again.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec

from bastide.core.access import Access
from bastide.core.errors import Invalid, NotFound
from bastide.core.policy import Action, Actor
from bastide.meet.engine import LiveKit
from bastide.meet.errors import CallFull, TicketOfAnother, TicketOver
from bastide.meet.living import Living, LivingCall
from bastide.meet.service import identity_of
from bastide.meet.tokens import Identity, read_ticket
from bastide.meet.watch import Watch

VALIDATE_PATHS: Final = ("/rtc/validate", "/rtc/v1/validate")

_NEW = frozenset({"join_request"})
# Not `publish` (a second identity beside one's own), `attributes`, `metadata`: nothing of ours uses them.
_OLD = frozenset(
    {
        "adaptive_stream",
        "auto_subscribe",
        "auto_subscribe_data_track",
        "browser",
        "browser_version",
        "capabilities",
        "client_protocol",
        "device_model",
        "disable_ice_lite",
        "network",
        "os",
        "os_version",
        "protocol",
        "reconnect",
        "reconnect_reason",
        "sdk",
        "sid",
        "subscriber_allow_pause",
        "version",
    }
)
_PASSED_ON: Final[Mapping[str, frozenset[str]]] = {
    "/rtc": _OLD,
    "/rtc/validate": _OLD,
    "/rtc/v1": _NEW,
    "/rtc/v1/validate": _NEW,
}
_PARAMETERS_MOST = 40
# The words by which livekit-client knows that there is nothing to come back to.
_NO_ROOM = "requested room does not exist"


class Admitted(msgspec.Struct, frozen=True):
    """A connection that may go on to the media server: to this path with this query, in which its own token is."""

    call_id: UUID
    identity: Identity
    path: str
    query: str


class Admissions:
    """The door before the media server's signalling."""

    def __init__(self, access: Access, livekit: LiveKit, calls: Living, watch: Watch) -> None:
        self._access = access
        self._livekit = livekit
        self._calls = calls
        self._watch = watch

    async def admit(self, actor: Actor, *, path: str, query: str, headers: Mapping[str, str]) -> Admitted:
        """Let a connection on, or raise.

        Args:
            actor: who the session's cookie stands for.
            path: one of `gateway.proxy.PATHS`.
            query: still encoded, without the question mark.
            headers: with lower-case names.

        Raises:
            Invalid: not a request to connect that we know.
            TicketOver, TicketOfAnother: the ticket is none, or not this device's.
            NotFound, Refused: no such call, or the policy's answers.
            CallFull, Unavailable: no room, or no media server.
        """
        admitted, sid = await self._checked(actor, path, query, headers)
        self._watch.admitted(admitted.call_id, actor, sid)
        return admitted

    async def validate(
        self, actor: Actor, *, path: str, query: str, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """What would become of such a connection: our own check, raising as `admit` does, then the media server's.

        `path` is one of `VALIDATE_PATHS`; returns the media server's status and words.
        """
        admitted, _ = await self._checked(actor, path, query, headers)
        return await self._livekit.validate(admitted.path, admitted.query)

    async def _checked(
        self, actor: Actor, path: str, query: str, headers: Mapping[str, str]
    ) -> tuple[Admitted, str]:
        names = _PASSED_ON.get(path)
        if names is None:
            raise NotFound(reason=_NO_ROOM)
        parameters = _parameters(query)
        ticket = read_ticket(self._livekit.keys, _token(parameters, headers))
        identity = identity_of(actor)
        if ticket.identity != identity:
            raise TicketOfAnother
        call = self._living(actor, ticket.call_id)
        if self._watch.is_barred(call.id, identity):
            raise TicketOver
        if not self._watch.has_room(call, identity):
            raise CallFull
        sid = await self._livekit.ensure_room(call.id)
        call = self._living(actor, call.id)  # the world may have moved meanwhile
        may_speak = self._access.may(actor, Action.MEET_CALL_SPEAK, call.space_id)
        kept = {name: value for name, value in parameters.items() if name in names}
        kept["access_token"] = self._livekit.ticket(call.id, identity, may_speak=may_speak)
        return Admitted(call.id, identity, path, urlencode(kept)), sid

    def _living(self, actor: Actor, call_id: UUID) -> LivingCall:
        call = self._calls.call(call_id)
        if call is None:
            raise NotFound(reason=_NO_ROOM)
        try:
            self._access.space(actor, Action.MEET_CALL_JOIN, call.space_id)
        except NotFound as error:
            raise NotFound(reason=_NO_ROOM) from error
        return call


def _parameters(query: str) -> dict[str, str]:
    """A query's parameters, each once: two programs must not read two things out of one request."""
    try:
        pairs = parse_qsl(
            query,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_PARAMETERS_MOST,
        )
    except ValueError as error:
        raise Invalid(field="query") from error
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise Invalid(field="query")
    return parameters


def _token(parameters: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The one ticket of a request: browsers put it into the query, other clients perhaps into a header."""
    shown = [parameters["access_token"]] if "access_token" in parameters else []
    if "authorization" in headers:
        scheme, _, credentials = headers["authorization"].partition(" ")
        shown.append(credentials if scheme == "Bearer" else "")
    if len(shown) != 1:
        raise TicketOver
    return shown[0]
