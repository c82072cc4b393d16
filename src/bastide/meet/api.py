"""Calls over HTTP."""

from urllib.parse import urlsplit
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import State
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from bastide.core.errors import TooLarge
from bastide.core.policy import Actor
from bastide.meet.admission import Admissions
from bastide.meet.model import CallEngine, CallTicket, CallView
from bastide.meet.service import Meet

AnyRequest = Request[object, object, State]
_HINT_MOST = 256 * 1024


class SpaceCallController(Controller):
    """The call of a space."""

    path = "/api/spaces/{space_id:uuid}/call"
    tags = ["meet"]

    @get()
    async def get(self, actor: Actor, meet: Meet, space_id: UUID) -> CallView:
        """The call that lives in a space."""
        return await meet.call_in(actor, space_id)

    @post(status_code=HTTP_200_OK)
    async def start_or_join(
        self, request: AnyRequest, actor: Actor, meet: Meet, space_id: UUID
    ) -> CallTicket:
        """A ticket into the call that lives in a space, or into a new one."""
        return await meet.start_or_join(actor, space_id, url=signal_url(request, meet.public_url))


class CallsController(Controller):
    """Calls, and what carries them."""

    path = "/api/calls"
    tags = ["meet"]

    @get("/engine")
    async def engine(self, actor: Actor, meet: Meet) -> CallEngine:  # noqa: ARG002 - whoever is signed in
        """Whether calls can be made now."""
        return meet.engine()

    @delete("/{call_id:uuid}/me", status_code=HTTP_204_NO_CONTENT)
    async def leave(self, actor: Actor, meet: Meet, call_id: UUID) -> None:
        """Leave, with this device."""
        await meet.leave(actor, call_id)

    @post("/{call_id:uuid}/decline", status_code=HTTP_204_NO_CONTENT)
    async def decline(self, actor: Actor, meet: Meet, call_id: UUID) -> None:
        """Say that one will not come."""
        await meet.decline(actor, call_id)


class SignallingController(Controller):
    """What windows ask when a signalling socket did not open."""

    tags = ["meet"]
    include_in_schema = False

    @get(["/rtc/validate", "/rtc/v1/validate"])
    async def validate(self, request: AnyRequest, actor: Actor, admissions: Admissions) -> Response[bytes]:
        """Whether a connection with these parameters would be let in, and why not."""
        status, words = await admissions.validate(
            actor,
            path=request.url.path,
            query=request.scope["query_string"].decode("latin-1"),
            headers={name.lower(): value for name, value in request.headers.items()},
        )
        return Response(words, status_code=status, media_type="text/plain; charset=utf-8")


class HintsController(Controller):
    """What the media server tells us."""

    path = "/api/livekit/webhook"
    tags = ["meet"]

    @post(status_code=HTTP_204_NO_CONTENT)
    async def hint(self, request: AnyRequest, meet: Meet) -> None:
        """Something changed in a room. Signed by the media server; it is asked what."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _HINT_MOST:
                raise TooLarge
        meet.hint(request.headers.get("authorization", ""), bytes(body))


def signal_url(request: AnyRequest, public_url: str | None) -> str:
    """Our own port as the window that asks sees it, for sockets: a cookie is sent to the host that set it only."""
    host = request.headers.get("host", "")
    public = urlsplit(public_url) if public_url else None
    secure = public.scheme == "https" if public and public.netloc == host else request.url.scheme == "https"
    return f"{'wss' if secure else 'ws'}://{host}"
