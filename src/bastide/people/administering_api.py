"""Being in administration, over HTTP."""

from litestar import Controller, delete, post
from litestar.status_codes import HTTP_200_OK

from bastide.core.policy import Actor
from bastide.people.administering import Administering
from bastide.people.model import Me
from bastide.people.service import People


class AdministeringController(Controller):
    """The time in which one's session is in administration."""

    path = "/api/administration/session"
    tags = ["people"]

    @post(status_code=HTTP_200_OK)
    async def open(
        self, actor: Actor, session_token: str, administering: Administering, people: People
    ) -> Me:
        """Open it, having proved again who one is a moment ago; where it is open, for the whole time again."""
        return await people.me(await administering.open(actor), session_token)

    @delete(status_code=HTTP_200_OK)
    async def close(
        self, actor: Actor, session_token: str, administering: Administering, people: People
    ) -> Me:
        """End it before its time."""
        return await people.me(await administering.close(actor), session_token)


CONTROLLERS = (AdministeringController,)
