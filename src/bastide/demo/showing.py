"""What the demo shows of the rule besides its spaces: a guest, an invitation that waits, a proposal that waits.

Made at the end, on the last day, so that the guest's last day is near and the proposal is still open. What cannot be shown
truly is not: an exception and what has ended would need an instance that lies elsewhere, or whose approval is over, and
either would close the other spaces (`content/README.md` says how to see them).
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from bastide.core.client import Client
from bastide.core.content import Plain
from bastide.core.policy import Actor, Label, Role
from bastide.demo.model import Demo, GuestSpec
from bastide.house import House
from bastide.people.invited import InvitationForm
from bastide.spaces.guesthood import NewGuest
from bastide.spaces.model import LabelLowering


class Showing:
    """Makes it, in spaces and by people that are there."""

    def __init__(
        self, house: House, demo: Demo, actors: Mapping[str, Actor], spaces: Mapping[str, UUID], password: str
    ) -> None:
        self._house = house
        self._demo = demo
        self._actors = actors
        self._spaces = spaces
        self._password = password

    async def run(self) -> None:
        """The guests of `people.toml` and the proposal of `spaces.toml`."""
        for guest in self._demo.guests:
            await self._guest(guest)
        for spec in self._demo.spaces:
            if spec.lowering is not None:
                wanted = LabelLowering(Label(spec.lowering.to), Plain(spec.lowering.reason))
                await self._house.labels.lower(self._actors[spec.lowering.by], self._spaces[spec.key], wanted)

    async def _guest(self, guest: GuestSpec) -> None:
        ends_on = self._house.rulebook.today + timedelta(days=guest.days)
        new = NewGuest(guest.address, guest.given_name, guest.family_name, Role(guest.role), ends_on)
        by, space_id = self._actors[guest.by], self._spaces[guest.space]
        issued = await self._house.guests.invite(by, space_id, new)
        if guest.comes:
            form = InvitationForm(issued.token, self._password)
            await self._house.acceptance.accept(None, form, Client("127.0.0.1", "demo"))
