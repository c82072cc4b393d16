"""Guests over HTTP."""

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from bastide.core.policy import Actor
from bastide.people.invited import Issued
from bastide.spaces.guesthood import GuestBook, GuestStay, NewGuest, StayEnd
from bastide.spaces.guests import Guests
from bastide.spaces.losses import Losses
from bastide.spaces.model import LostSpace


class GuestsController(Controller):
    """A space's guests: for its managers."""

    path = "/api/spaces/{space_id:uuid}/guests"
    tags = ["spaces"]

    @get()
    async def book(self, actor: Actor, guests: Guests, space_id: UUID) -> GuestBook:
        """Guests, until when, and invitations that wait."""
        return await guests.book(actor, space_id)

    @post(status_code=HTTP_201_CREATED)
    async def invite(self, actor: Actor, guests: Guests, space_id: UUID, data: NewGuest) -> Issued:
        """Invite somebody from outside; the link is shown this once."""
        return await guests.invite(actor, space_id, data)

    @post("/invitations/{invitation_id:uuid}/renew", status_code=HTTP_200_OK)
    async def renew(self, actor: Actor, guests: Guests, space_id: UUID, invitation_id: UUID) -> Issued:
        """A new link; the one before is worth nothing any more."""
        return await guests.renew(actor, space_id, invitation_id)

    @delete("/invitations/{invitation_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def revoke(self, actor: Actor, guests: Guests, space_id: UUID, invitation_id: UUID) -> None:
        """Withdraw an invitation."""
        await guests.revoke(actor, space_id, invitation_id)

    @patch("/{person_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def prolong(
        self, actor: Actor, guests: Guests, space_id: UUID, person_id: UUID, data: StayEnd
    ) -> None:
        """Give a guest another last day."""
        await guests.prolong(actor, space_id, person_id, data.ends_on)


class StaysController(Controller):
    """Where one is a guest."""

    path = "/api/me/stays"
    tags = ["spaces"]

    @get()
    async def stays(self, actor: Actor, guests: Guests) -> list[GuestStay]:
        """Where one is a guest, until when, and who invited."""
        return await guests.own_stays(actor)


class LossesController(Controller):
    """The spaces that one has lost."""

    path = "/api/me/losses"
    tags = ["spaces"]

    @get()
    async def losses(self, actor: Actor, losses: Losses) -> list[LostSpace]:
        """What took spaces from one, until one has put it away."""
        return await losses.own(actor)

    @delete("/{loss_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def put_away(self, actor: Actor, losses: Losses, loss_id: UUID) -> None:
        """It has been read."""
        await losses.put_away(actor, loss_id)


CONTROLLERS = (GuestsController, LossesController, StaysController)
