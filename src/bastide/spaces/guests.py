"""Guests: invited into a team by one of its managers, until a day. How they leave is told in `spaces.departures`."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Invalid, NotFound
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.limits import Allowances
from bastide.core.policy import Action, Actor, ActorKind, Label, Role
from bastide.core.policy.holding import months_after
from bastide.people.acceptance import Acceptance, Invitation
from bastide.people.errors import InvitationOver
from bastide.people.invitations import GuestPlace, Invitations
from bastide.people.invited import Destination, Issued, NewInvitation
from bastide.people.service import People
from bastide.spaces import guest_store, store
from bastide.spaces.errors import AlreadyMember
from bastide.spaces.events import (
    GuestsMoved,
    MemberAdded,
    MemberRemoved,
    SpaceGained,
    SpaceLost,
    StayMoved,
)
from bastide.spaces.guest_store import StayRow
from bastide.spaces.guesthood import GuestBook, GuestStay, NewGuest
from bastide.spaces.label_seams import Ended
from bastide.spaces.losses import Losses
from bastide.spaces.model import SpaceView

DEFAULT_MONTHS, MOST_MONTHS = 3, 12


class Guests:
    """The use cases of guests."""

    def __init__(
        self,
        ground: Ground,
        people: People,
        invitations: Invitations,
        acceptance: Acceptance,
        losses: Losses,
        today: Callable[[], date],
    ) -> None:
        self._ground = ground
        self._people = people
        self._invitations = invitations
        self._losses = losses
        self._today = today
        acceptance.places = self
        ground.registry.add(GuestsMoved, StayMoved)

    # Managers.

    async def book(self, actor: Actor, space_id: UUID) -> GuestBook:
        """A space's guests and the invitations that wait."""
        self._ground.access.space(actor, Action.SPACES_MEMBER_REMOVE, space_id)
        now, today = self._ground.clock.now(), self._today()
        async with self._ground.database.snapshot() as reader:
            waiting = await self._invitations.of_space(reader, space_id)
            stays = await self._stays(reader, await guest_store.of_space(reader, space_id))
            people = await self._people.cards_of(reader, [row.made_by for row in waiting])
        return GuestBook(
            invitations=[row.view(now) for row in waiting],
            guests=stays,
            people=people,
            today=today,
            default_end=months_after(today, DEFAULT_MONTHS),
            latest_end=months_after(today, MOST_MONTHS),
        )

    async def invite(self, actor: Actor, space_id: UUID, new: NewGuest) -> Issued:
        """Invite somebody from outside; an invitation of the same address that waits here is withdrawn.

        Raises:
            Refused: not a manager, or a space that takes no guests.
            Invalid: a field.
            AgentAddress: somebody who works here, to be added as a member.
            AlreadyMember: they are in already.
        """
        self._ground.access.space(actor, Action.SPACES_GUEST_INVITE, space_id)
        if new.role is Role.MANAGER:
            raise Invalid(field="role")
        self._check_day(new.ends_on)
        self._ground.allowances.take(Allowances.INVITATION, actor.person_id)
        who = NewInvitation(new.email, new.given_name, new.family_name)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, Action.SPACES_GUEST_INVITE, space_id)
            issued = await self._invitations.do_invite_guest(
                tx, actor, who, GuestPlace(space_id, new.role, new.ends_on)
            )
            guest = await self._invitations.guest_of(tx, issued.invitation.email)
            if guest is not None and await store.find_role(tx, space_id, guest) is not None:
                raise AlreadyMember(field="email")
            await self._tell(tx, space_id, actor.person_id)
        return issued

    async def renew(self, actor: Actor, space_id: UUID, invitation_id: UUID) -> Issued:
        """A new link, from whoever makes it; the one before is worth nothing any more."""
        self._ground.access.space(actor, Action.SPACES_GUEST_INVITE, space_id)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, Action.SPACES_GUEST_INVITE, space_id)
            row = await self._invitations.find_of_space(tx, space_id, invitation_id)
            await self._invitations.check_outside(tx, row.email)
            # An end that has passed meanwhile would make a link that opens nothing.
            today = self._today()
            past = row.ends_on is not None and row.ends_on < today
            ends_on = months_after(today, DEFAULT_MONTHS) if past else row.ends_on
            issued = await self._invitations.do_renew(
                tx, invitation_id, actor, Action.SPACES_GUEST_INVITE, space_id, ends_on
            )
            await self._tell(tx, space_id, actor.person_id)
        return issued

    async def revoke(self, actor: Actor, space_id: UUID, invitation_id: UUID) -> None:
        """Withdraw an invitation."""
        self._ground.access.space(actor, Action.SPACES_MEMBER_REMOVE, space_id)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, Action.SPACES_MEMBER_REMOVE, space_id)
            await self._invitations.find_of_space(tx, space_id, invitation_id)
            await self._invitations.do_revoke(
                tx, invitation_id, actor.person_id, Action.SPACES_GUEST_INVITE, space_id
            )
            await self._tell(tx, space_id, actor.person_id)

    async def prolong(self, actor: Actor, space_id: UUID, person_id: UUID, ends_on: date) -> None:
        """Give a guest another last day, sooner or later.

        Raises:
            NotFound: no guest of this space.
            Invalid: a day that has passed, or more than a year away.
        """
        self._ground.access.space(actor, Action.SPACES_GUEST_INVITE, space_id)
        self._check_day(ends_on)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, Action.SPACES_GUEST_INVITE, space_id, person_id)
            if not await guest_store.prolong(tx, space_id, person_id, ends_on):
                raise NotFound
            await self._tell(tx, space_id, actor.person_id, person_id, ends_on)
            detail = {"member": str(person_id), "step": "prolonged", "until": ends_on.isoformat()}
            line = Line(Action.SPACES_GUEST_INVITE.value, True, actor.person_id, space_id, detail=detail)
            await self._ground.audit.record(tx, line)

    # Guests themselves.

    async def own_stays(self, actor: Actor) -> list[GuestStay]:
        """Where one is a guest, until when, and who invited; nothing for agents.

        Guests see the people of their spaces: whoever invited and is there no more is nobody of theirs.
        """
        async with self._ground.database.snapshot() as reader:
            stays = await self._stays(reader, await guest_store.of_person(reader, actor.person_id))
            return [
                stay
                if stay.invited_by is None
                or await store.find_role(reader, stay.space_id, stay.invited_by.id) is not None
                else msgspec.structs.replace(stay, invited_by=None)
                for stay in stays
            ]

    # What invitations ask (`people.acceptance.Places`).

    async def destination(self, reader: Reader, invitation: Invitation) -> Destination:
        """What who was invited sees of the space."""
        view = await self._check_open(reader, invitation)
        place = invitation.place
        return Destination(view.name, view.label, place.role, place.ends_on)

    async def hold(self, tx: Transaction, space_id: UUID, person_id: UUID | None) -> None:
        """Lock the space, and the person where there is one, in the order that all acts keep."""
        await self._ground.journal.lock(tx, [space_id, *([person_id] if person_id else [])])

    async def let_in(self, tx: Transaction, invitation: Invitation, person_id: UUID) -> None:
        """Make the guest a member until their last day; who is in already gets that day."""
        await self._check_open(tx, invitation)
        space_id, place, by = invitation.place.space_id, invitation.place, invitation.made_by
        now = self._ground.clock.now()
        added = await store.add_members(tx, space_id, [person_id], place.role, now)
        await self._people.do_set_away(tx, person_id, away=False)
        await guest_store.put(tx, space_id, [person_id], place.ends_on, by)
        if not added:
            await self._tell(tx, space_id, by, person_id, place.ends_on)
            return
        view = await store.view(tx, space_id)
        event = MemberAdded(
            person_id=person_id, role=place.role, members_count=view.members_count, faces=view.faces
        )
        happenings = [
            Happening(space_id, event, by),
            Happening(person_id, SpaceGained(space_id=space_id), by),
            Happening(space_id, GuestsMoved(), by),
        ]
        await self._ground.journal.append(tx, happenings)

    async def hold_stays(self, tx: Transaction, person_id: UUID) -> list[UUID]:
        """Lock a guest and the spaces that they are in: which these are."""
        held: set[UUID] = set()
        while True:
            found = await guest_store.spaces_of(tx, person_id)
            if held and held.issuperset(found):
                return found
            # Somebody let them in somewhere more before we held them.
            held |= {person_id, *found}
            await self._ground.journal.lock(tx, held)

    async def see_out(self, tx: Transaction, person_id: UUID, spaces: Sequence[UUID]) -> None:
        """End a guest's stays because their account ends; the caller holds these spaces."""
        for space_id in spaces:
            await store.remove_member(tx, space_id, person_id)
            view = await store.view(tx, space_id)
            removed = MemberRemoved(person_id=person_id, members_count=view.members_count, faces=view.faces)
            lost = SpaceLost(space_id=space_id)
            happenings = [
                Happening(space_id, removed),
                Happening(space_id, GuestsMoved()),
                Happening(person_id, lost),
            ]
            await self._ground.journal.append(tx, happenings)
            detail = {"member": str(person_id), "step": "account-over"}
            line = Line(Action.SPACES_MEMBER_REMOVE.value, True, None, space_id, detail=detail)
            await self._ground.audit.record(tx, line)
        await self._losses.do_forget(tx, person_id)

    async def _check_open(self, reader: Reader, invitation: Invitation) -> SpaceView:
        """That the space still takes the guest, and who invited them still may: else a link outlives its maker's rights.

        Raises:
            InvitationOver: with no word of why, for it is nobody's yet.
        """
        place = invitation.place
        view = await store.view(reader, place.space_id)
        where, access = view.place(), self._ground.access
        inviter = (await self._people.living(reader, [invitation.made_by])).get(invitation.made_by)
        role = await store.find_role(reader, place.space_id, invitation.made_by)
        if inviter is None or role is None or place.ends_on < self._today():
            raise InvitationOver
        kind, organisation_id = inviter
        brings = access.admits(kind, organisation_id, Action.SPACES_GUEST_INVITE, where, role)
        comes = access.admits(
            ActorKind.GUEST, invitation.organisation_id, Action.SPACES_SPACE_READ, where, place.role
        )
        if not (brings.allowed and comes.allowed):
            raise InvitationOver
        return view

    # What a stricter label asks (`spaces.label_seams.Ending`).

    async def ending(self, reader: Reader, space_id: UUID, label: Label) -> list[str]:
        """Whose invitations a label would end."""
        if await self._takes_guests(reader, space_id, label):
            return []
        waiting = await self._invitations.open_in_space(reader, space_id)
        return [f"{row.given_name} {row.family_name}".strip() for row in waiting]

    async def end(self, tx: Transaction, space_id: UUID, label: Label, by: UUID) -> Ended:
        """End them, if the label takes no guests."""
        if await self._takes_guests(tx, space_id, label):
            return Ended()
        lines = await self._invitations.end_for_space(tx, space_id, by)
        return Ended([Happening(space_id, GuestsMoved(), by)] if lines else [], lines)

    # Within.

    async def _takes_guests(self, reader: Reader, space_id: UUID, label: Label) -> bool:
        place = msgspec.structs.replace((await store.view(reader, space_id)).place(), label=label)
        return self._ground.access.admits(
            ActorKind.GUEST, place.organisation_id, Action.SPACES_SPACE_READ, place, Role.READER
        ).allowed

    def _check_day(self, ends_on: date) -> None:
        today = self._today()
        if not today <= ends_on <= months_after(today, MOST_MONTHS):
            raise Invalid(field="ends_on")

    async def _tell(
        self,
        tx: Transaction,
        space_id: UUID,
        by: UUID,
        guest: UUID | None = None,
        ends_on: date | None = None,
    ) -> None:
        """Managers hear that the book is another; a guest who is in, until when they stay."""
        happenings = [Happening(space_id, GuestsMoved(), by)]
        if guest is not None and ends_on is not None:
            happenings.append(Happening(guest, StayMoved(space_id=space_id, ends_on=ends_on), by))
        await self._ground.journal.append(tx, happenings)

    async def _hold(
        self, tx: Transaction, actor: Actor, action: Action, space_id: UUID, person_id: UUID | None = None
    ) -> None:
        """Lock the space, and a guest's stream where there is one; decide again by what is true under the lock."""
        await self._ground.journal.lock(tx, [space_id, *([person_id] if person_id else [])])
        role = await store.find_role(tx, space_id, actor.person_id)
        self._ground.access.check_at(actor, action, (await store.view(tx, space_id)).place(), role)

    async def _stays(self, reader: Reader, rows: list[StayRow]) -> list[GuestStay]:
        named = {i for row in rows for i in (row.person_id, row.invited_by) if i is not None}
        cards = {card.id: card for card in await self._people.cards_of(reader, sorted(named))}
        organisations = {o.id: o for o in await self._people.organisations_of(reader)}
        return [
            GuestStay(
                space_id=row.space_id,
                person=cards[row.person_id],
                role=Role(row.role),
                ends_on=row.ends_on,
                invited_by=cards.get(row.invited_by) if row.invited_by else None,
                organisation=organisations[cards[row.invited_by].organisation_id] if row.invited_by else None,
            )
            for row in rows
        ]
