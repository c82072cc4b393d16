"""The snapshot over HTTP."""

from uuid import UUID

from litestar import Controller, get

from bastide.core.policy import Actor
from bastide.home.model import Snapshot, SpaceSnapshot
from bastide.home.service import Home


class SnapshotController(Controller):
    """What a window starts from."""

    path = "/api/snapshot"
    tags = ["home"]

    @get()
    async def snapshot(self, actor: Actor, home: Home) -> Snapshot:
        """All one may see."""
        return await home.snapshot(actor)

    @get("/{space_id:uuid}")
    async def space(self, actor: Actor, home: Home, space_id: UUID) -> SpaceSnapshot:
        """One space's part."""
        return await home.space(actor, space_id)
