"""Spaces without managers, over HTTP: for administrators."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.status_codes import HTTP_204_NO_CONTENT

from bastide.core.policy import Actor
from bastide.spaces.model import Appointment, OrphanSpace
from bastide.spaces.orphans import Orphans


class OrphansController(Controller):
    """Spaces that nobody can manage any more."""

    path = "/api/administration/orphans"
    tags = ["spaces"]

    @get()
    async def orphans(self, actor: Actor, orphans: Orphans) -> list[OrphanSpace]:
        """Which they are, and who of their members could manage them."""
        return await orphans.list(actor)

    @post("/{space_id:uuid}/manager", status_code=HTTP_204_NO_CONTENT)
    async def appoint(self, actor: Actor, orphans: Orphans, space_id: UUID, data: Appointment) -> None:
        """Make one of its members its manager."""
        await orphans.appoint(actor, space_id, data.person_id)
