"""The media server, LiveKit, as calls use it: rooms and who is in them. Nothing else here speaks to it.

Where it answers is asked anew for each request: one that Bastide starts has another port after each start. Every
request is bound in time, and every failure is a typed error, so that nobody waits for a media server that is gone.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import aiohttp
import msgspec
from google.protobuf.message import DecodeError, Message
from livekit.api import VideoGrants
from livekit.api.twirp_client import TwirpClient, TwirpError, TwirpErrorCode
from livekit.protocol.models import ParticipantInfo, ParticipantPermission, Room
from livekit.protocol.room import (
    CreateRoomRequest,
    DeleteRoomRequest,
    DeleteRoomResponse,
    ListParticipantsRequest,
    ListParticipantsResponse,
    ListRoomsRequest,
    ListRoomsResponse,
    RemoveParticipantResponse,
    RoomParticipantIdentity,
    UpdateParticipantRequest,
)

from bastide.core.clock import Clock
from bastide.core.errors import Unavailable
from bastide.meet.errors import CallsBuilding, CallsFailed, CallsStarting
from bastide.meet.model import EngineState
from bastide.meet.tokens import SOURCES, Identity, Keys, call_of, errand, identity_of, ticket

# The most devices in one room. Beyond, one core of the media server forwards no more without loss (measured: 200
# listeners to one voice take 0.6 core); the voice floor is for larger audiences.
DEVICES_MOST = 200
# How long a ticket may wait before its window connects.
TICKET_LASTS = timedelta(seconds=60)

# A room outlives the pauses in which nobody is in it: whether a call is over is decided by us. When we are not
# there to decide, LiveKit clears it away after this long.
_EMPTY_ROOM_LASTS_S = 600
_ANSWERS_WITHIN_S = 4.0
_RETRY_BUILDING_S = 30.0
_RETRY_STARTING_S = 1.0

Answer = TypeVar("Answer", bound=Message)


class EngineView(msgspec.Struct, frozen=True):
    """How the media server fares, and while it is ready the address of its HTTP."""

    state: EngineState
    url: str = ""


class RoomSeen(msgspec.Struct, frozen=True):
    """A room that is there. Another `sid` under the same call: the media server started anew in between."""

    call_id: UUID
    sid: str
    devices: int


class DeviceSeen(msgspec.Struct, frozen=True):
    """Somebody in a room. `identity` is None for one whose name none of our tickets bears."""

    name: str
    identity: Identity | None
    may_publish: bool


class LiveKit:
    """The media server's doors for us."""

    def __init__(self, keys: Keys, where: Callable[[], EngineView], clock: Clock) -> None:
        self.keys = keys
        self._where = where
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    @property
    def state(self) -> EngineState:
        """Where it stands."""
        return self._where().state

    async def close(self) -> None:
        """Close our connections to it."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def http_url(self) -> str:
        """Its address for HTTP, without a slash at the end.

        Raises:
            Unavailable: it is being built, is starting or failed; the code says which.
        """
        return self._url({"ws": "http", "wss": "https"})

    def signal_url(self) -> str:
        """Its address for sockets. Raises as `http_url` does."""
        return self._url({"http": "ws", "https": "wss"})

    def ticket(self, call_id: UUID, identity: Identity, *, may_speak: bool) -> str:
        """A token that lets a device into a call's room; see `tokens.ticket`."""
        now = self._clock.now()
        return ticket(self.keys, call_id, identity, may_speak=may_speak, now=now, lasts=TICKET_LASTS)

    async def ensure_room(self, call_id: UUID) -> str:
        """Make a call's room, unless it is there; returns its sid. Only rooms that were made can be entered."""
        request = CreateRoomRequest(
            name=str(call_id),
            empty_timeout=_EMPTY_ROOM_LASTS_S,
            departure_timeout=_EMPTY_ROOM_LASTS_S,
            max_participants=DEVICES_MOST,
        )
        room = await self._ask("CreateRoom", request, VideoGrants(room_create=True), Room)
        return room.sid

    async def rooms(self) -> list[RoomSeen]:
        """Every room that bears a call's name."""
        listed = await self._ask(
            "ListRooms", ListRoomsRequest(), VideoGrants(room_list=True), ListRoomsResponse
        )
        named = ((call_of(room.name), room) for room in listed.rooms)
        return [RoomSeen(call_id, r.sid, r.num_participants) for call_id, r in named if call_id is not None]

    async def devices(self, call_id: UUID) -> list[DeviceSeen]:
        """Who is in a call's room, also who is only just coming in; nobody where there is no such room."""
        request = ListParticipantsRequest(room=str(call_id))
        try:
            listed = await self._ask("ListParticipants", request, _admin(call_id), ListParticipantsResponse)
        except _Absent:
            return []
        return [
            DeviceSeen(p.identity, identity_of(p.identity), p.permission.can_publish)
            for p in listed.participants
            if p.state != ParticipantInfo.State.DISCONNECTED
        ]

    async def remove(self, call_id: UUID, name: str) -> None:
        """Put somebody out of a room; nothing when they are not in it."""
        request = RoomParticipantIdentity(room=str(call_id), identity=name)
        try:
            await self._ask("RemoveParticipant", request, _admin(call_id), RemoveParticipantResponse)
        except _Absent:
            return

    async def permit(self, call_id: UUID, name: str, *, may_speak: bool) -> None:
        """Set what somebody in a room may do; what they send and may no longer send stops."""
        # All permissions are replaced, so all are said.
        permission = ParticipantPermission(
            can_subscribe=True,
            can_publish=may_speak,
            can_publish_sources=[s.upper() for s in SOURCES] if may_speak else [],
            can_publish_data=False,
            can_update_metadata=False,
            hidden=False,
        )
        request = UpdateParticipantRequest(room=str(call_id), identity=name, permission=permission)
        try:
            await self._ask("UpdateParticipant", request, _admin(call_id), ParticipantInfo)
        except _Absent:
            return

    async def delete_room(self, call_id: UUID) -> None:
        """Close a room and put out who is in it; nothing when it is gone already."""
        try:
            await self._ask(
                "DeleteRoom",
                DeleteRoomRequest(room=str(call_id)),
                VideoGrants(room_create=True),
                DeleteRoomResponse,
            )
        except _Absent:
            return

    async def validate(self, path: str, query: str) -> tuple[int, bytes]:
        """What its own check of a request to connect answers: status and text."""
        session = self._open_session()
        try:
            async with session.get(f"{self.http_url()}{path}?{query}") as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _silent() from error

    def _url(self, schemes: dict[str, str]) -> str:
        view = self._where()
        match view.state:
            case EngineState.BUILDING:
                raise CallsBuilding(reason="calls-building", retry_after_s=_RETRY_BUILDING_S)
            case EngineState.FAILED:
                raise CallsFailed(reason="calls-failed")
            case EngineState.STARTING:
                raise _silent()
            case EngineState.READY:
                parts = urlsplit(view.url)
                scheme = schemes.get(parts.scheme, parts.scheme)
                return urlunsplit((scheme, parts.netloc, parts.path.rstrip("/"), "", ""))

    async def _ask(self, method: str, request: Message, grants: VideoGrants, answer: type[Answer]) -> Answer:
        # The client of livekit-api would try other hosts when one fails; ours is the only one there is.
        client = TwirpClient(self._open_session(), self.http_url(), "livekit", failover=False)
        token = errand(self.keys, grants, now=self._clock.now())
        headers = {"authorization": f"Bearer {token}"}
        try:
            # Without this it would wait for ever, whatever the session says.
            timeout = aiohttp.ClientTimeout(total=_ANSWERS_WITHIN_S)
            return await client.request("RoomService", method, request, headers, answer, timeout=timeout)
        except TwirpError as error:
            if error.code == TwirpErrorCode.NOT_FOUND:
                raise _Absent from error
            raise EngineRefused(method, error.code, error.message) from error
        except (aiohttp.ClientError, TimeoutError, OSError, DecodeError) as error:
            raise _silent() from error

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=_ANSWERS_WITHIN_S, connect=2.0)
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


class EngineRefused(Unavailable):
    """The media server answered that it will not: our key is wrong, or it is full or at odds with itself."""

    code = CallsFailed.code
    fr = CallsFailed.fr
    en = CallsFailed.en

    def __init__(self, method: str, word: str, message: str) -> None:
        super().__init__(reason="calls-failed")
        self.method = method
        self.word = word
        self.message = message

    def __str__(self) -> str:
        return f"{self.method}: {self.word}: {self.message}"


class _Absent(Exception):
    """There is no such room, or nobody of that name in it."""


def _silent() -> CallsStarting:
    return CallsStarting(reason="calls-starting", retry_after_s=_RETRY_STARTING_S)


def _admin(call_id: UUID) -> VideoGrants:
    return VideoGrants(room_admin=True, room=str(call_id))


__all__: Sequence[str] = (
    "DEVICES_MOST",
    "TICKET_LASTS",
    "DeviceSeen",
    "EngineRefused",
    "EngineView",
    "LiveKit",
    "RoomSeen",
)
