"""One's own devices over HTTP."""

from uuid import UUID

from litestar import Controller, delete, get
from litestar.status_codes import HTTP_204_NO_CONTENT

from bastide.core.policy import Actor
from bastide.people.device_model import OwnSession
from bastide.people.devices import Devices


class OwnSessionsController(Controller):
    """Where one is signed in."""

    path = "/api/me/sessions"
    tags = ["people"]

    @get()
    async def own(self, actor: Actor, devices: Devices) -> list[OwnSession]:
        """One's living sessions, the one that asks first."""
        return await devices.own(actor)

    @delete("/{session_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def end(self, actor: Actor, devices: Devices, session_id: UUID) -> None:
        """End one of them, with all that it has open."""
        await devices.end(actor, session_id)

    @delete(status_code=HTTP_204_NO_CONTENT)
    async def end_others(self, actor: Actor, devices: Devices) -> None:
        """End all of them but the one that asks."""
        await devices.end_others(actor)


CONTROLLERS = (OwnSessionsController,)
