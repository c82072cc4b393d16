"""People's pictures: what is uploaded is re-encoded by us, small and square; the original is not kept."""

from uuid import UUID

from bastide.core.ground import Ground
from bastide.core.pictures import Pictures
from bastide.core.policy import Action, Actor
from bastide.people.model import Profile
from bastide.people.service import People


class Portraits:
    """The use cases of people's pictures."""

    def __init__(self, ground: Ground, people: People, pictures: Pictures) -> None:
        self._ground = ground
        self._people = people
        self._pictures = pictures

    async def put(self, actor: Actor, source: bytes) -> Profile:
        """Put on a picture.

        Raises:
            PictureUnreadable: it is not a picture that can be shown.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        return await self.do_put(actor.person_id, source)

    async def do_put(self, person_id: UUID, source: bytes) -> Profile:
        """Put a picture on somebody's profile; for the demo and for imports."""
        webp = await self._pictures.portrait(source)
        stored = await self._ground.blobs.put_bytes(webp)
        async with self._ground.database.transaction() as tx:
            await self._ground.blobs.record(tx, stored)
            return await self._people.do_set_picture(tx, person_id, stored.hash)

    async def remove(self, actor: Actor) -> Profile:
        """Take one's picture away."""
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.transaction() as tx:
            return await self._people.do_set_picture(tx, actor.person_id, None)

    async def find(self, actor: Actor, person_id: UUID) -> bytes:
        """The hash of the picture of a person one may see; NotFound without one."""
        return await self._people.picture_of(actor, person_id)

    async def read(self, digest: bytes) -> bytes:
        """The WebP that `find` found."""
        return b"".join([chunk async for chunk in await self._ground.blobs.open(digest)])
