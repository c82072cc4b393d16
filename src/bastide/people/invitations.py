"""Invitations: one-time links that make an agent of an organisation, or let a guest into a space.

The database holds a token's hash alone. A link lasts fourteen days, a guest's not beyond their last day, and is good
once; making a new one ends the one before. Who was invited comes in by `people.acceptance`.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from bastide.core.audit import Line
from bastide.core.database import Reader, Transaction
from bastide.core.errors import NotFound
from bastide.core.ground import Ground
from bastide.core.limits import Allowances
from bastide.core.policy import Action, Actor, ActorKind, Role
from bastide.people import invitation_store, store
from bastide.people.domains import organisation_of
from bastide.people.errors import (
    AddressTaken,
    AgentAddress,
    InvitedAlready,
    OrganisationAddress,
)
from bastide.people.invitation_store import InvitationRow
from bastide.people.invited import (
    InvitationBook,
    Issued,
    NewInvitation,
)
from bastide.people.model import NewAgent
from bastide.people.service import People, checked_agent
from bastide.people.sessions import digest

LASTS = timedelta(days=14)
# How long who was invited, and never came or came long ago, stays written here.
_KEPT = timedelta(days=90)
LISTED_MOST = 200
_TOKEN_LENGTH = 64


class GuestPlace(msgspec.Struct, frozen=True):
    """Where a guest is invited to."""

    space_id: UUID
    role: Role
    ends_on: date


class Invitations:
    """The use cases of invitations of agents, and what those of guests share with them."""

    def __init__(self, ground: Ground, people: People, zone: ZoneInfo) -> None:
        """`zone`: where the instance's days end."""
        self._ground = ground
        self._people = people
        self._zone = zone
        ground.jobs.every("17 3 * * *", "people.forget_invitations", self.forget)

    # Agents.

    async def invite(self, actor: Actor, new: NewInvitation) -> Issued:
        """Invite an agent into one's own organisation. A guest's account at the address ends when the invitation is taken.

        Raises:
            Refused: not an administrator.
            Invalid: a field.
            AddressTaken: an agent has the address.
            OrganisationAddress: it is one of another organisation, whose administrators invite.
            InvitedAlready: it is invited.
        """
        self._ground.access.allow(actor, Action.PEOPLE_AGENT_INVITE)
        self._ground.allowances.take(Allowances.INVITATION, actor.person_id)
        new = checked(actor.organisation_id, new)
        async with self._ground.database.transaction() as tx:
            held = (await invitation_store.holders(tx, [new.email])).get(new.email)
            if held is not None and held.kind == ActorKind.AGENT:
                raise AddressTaken(field="email")
            owner = organisation_of(new.email, await store.organisations(tx))
            if owner is not None and owner.id != actor.organisation_id:
                raise OrganisationAddress(field="email", reason=owner.name)
            issued = await self.do_invite_agents(tx, actor, [new])
            if not issued:
                raise InvitedAlready(field="email")
        return issued[0]

    async def do_invite_agents(
        self, tx: Transaction, actor: Actor, people: Sequence[NewInvitation]
    ) -> list[Issued]:
        """Invitations for checked people; who is invited already is left out. The caller has decided."""
        rows = [self._row(actor.organisation_id, actor.person_id, new, None) for new in people]
        return await self._add(tx, rows, Action.PEOPLE_AGENT_INVITE)

    async def pending(self, actor: Actor, query: str = "") -> InvitationBook:
        """The invitations of one's organisation that wait."""
        self._ground.access.allow(actor, Action.PEOPLE_AGENT_INVITE)
        now = self._ground.clock.now()
        async with self._ground.database.snapshot() as reader:
            count = (await invitation_store.counts(reader, actor.organisation_id)).pending
            rows = await invitation_store.pending_of_organisation(
                reader, actor.organisation_id, query.strip(), LISTED_MOST
            )
            people = await self._people.cards_of(reader, [row.made_by for row in rows])
        return InvitationBook(count, [row.view(now) for row in rows], people)

    async def renew(self, actor: Actor, invitation_id: UUID) -> Issued:
        """A new link for an invitation; the one before is worth nothing any more."""
        self._ground.access.allow(actor, Action.PEOPLE_AGENT_INVITE)
        async with self._ground.database.transaction() as tx:
            await self._own(tx, actor, invitation_id)
            return await self.do_renew(tx, invitation_id, actor, Action.PEOPLE_AGENT_INVITE, None, None)

    async def revoke(self, actor: Actor, invitation_id: UUID) -> None:
        """Withdraw an invitation; once it is withdrawn, there is nothing at its address."""
        self._ground.access.allow(actor, Action.PEOPLE_AGENT_INVITE)
        async with self._ground.database.transaction() as tx:
            await self._own(tx, actor, invitation_id)
            await self.do_revoke(tx, invitation_id, actor.person_id, Action.PEOPLE_AGENT_INVITE, None)

    async def _own(self, tx: Transaction, actor: Actor, invitation_id: UUID) -> None:
        row = await invitation_store.lock_pending(tx, invitation_id)
        if row is None or row.kind != ActorKind.AGENT.value or row.organisation_id != actor.organisation_id:
            raise NotFound

    # Guests: the trade of spaces decides, and holds the space.

    async def do_invite_guest(
        self, tx: Transaction, actor: Actor, new: NewInvitation, place: GuestPlace
    ) -> Issued:
        """An invitation of a guest; one that waits for the same address there is withdrawn.

        Raises:
            Invalid: a field.
            AgentAddress: somebody who works here.
            OrganisationAddress: somebody who may come to work here: nobody takes their address before them.
        """
        new = checked(actor.organisation_id, new)
        held = (await invitation_store.holders(tx, [new.email])).get(new.email)
        if held is not None and held.kind != ActorKind.GUEST:
            raise AgentAddress(field="email")
        await self.check_outside(tx, new.email)
        now = self._ground.clock.now()
        await invitation_store.revoke_of_guest(tx, place.space_id, new.email, actor.person_id, now)
        row = self._row(actor.organisation_id, actor.person_id, new, place)
        return (await self._add(tx, [row], Action.SPACES_GUEST_INVITE))[0]

    async def check_outside(self, reader: Reader, email: str) -> None:
        """That an address is no administration's of this instance; OrganisationAddress says whose it is."""
        owner = organisation_of(email, await store.organisations(reader))
        if owner is not None:
            raise OrganisationAddress(field="email", reason=owner.name)

    async def of_space(self, reader: Reader, space_id: UUID) -> list[InvitationRow]:
        """The invitations of guests that wait in a space."""
        return await invitation_store.pending_of_space(reader, space_id)

    async def find_of_space(self, tx: Transaction, space_id: UUID, invitation_id: UUID) -> InvitationRow:
        """One of them, held until the commit; NotFound when it waits no more."""
        row = await invitation_store.lock_pending(tx, invitation_id)
        if row is None or row.space_id != space_id:
            raise NotFound
        return row

    async def guest_of(self, reader: Reader, email: str) -> UUID | None:
        """The guest whose address it is."""
        held = (await invitation_store.holders(reader, [email])).get(email)
        return held.person_id if held is not None and held.kind == ActorKind.GUEST else None

    async def open_in_space(self, reader: Reader, space_id: UUID) -> list[InvitationRow]:
        """Those whose link would still open."""
        now = self._ground.clock.now()
        return [row for row in await self.of_space(reader, space_id) if row.expires_at > now]

    async def end_for_space(self, tx: Transaction, space_id: UUID, by: UUID | None = None) -> list[Line]:
        """End all invitations into a space, in the caller's transaction; the lines to record."""
        ended = await invitation_store.end_of_space(tx, space_id, by, self._ground.clock.now())
        return [line(Action.SPACES_GUEST_INVITE, by, space_id, one, "ended") for one in ended]

    # What both do.

    async def do_renew(
        self,
        tx: Transaction,
        invitation_id: UUID,
        actor: Actor,
        action: Action,
        space_id: UUID | None,
        ends_on: date | None,
    ) -> Issued:
        """A new token for an invitation that the caller holds; `ends_on` is a guest's last day from now on."""
        token, now = self._ground.ids.token(), self._ground.clock.now()
        await invitation_store.renew(
            tx,
            invitation_id,
            digest(token),
            by=actor.person_id,
            organisation_id=actor.organisation_id,
            at=now,
            expires_at=self._expires(now, ends_on),
            ends_on=ends_on,
        )
        row = await invitation_store.lock_pending(tx, invitation_id)
        if row is None:
            raise NotFound
        await self._ground.audit.record(tx, line(action, actor.person_id, space_id, invitation_id, "renewed"))
        return Issued(row.view(now), token)

    async def do_revoke(
        self, tx: Transaction, invitation_id: UUID, by: UUID, action: Action, space_id: UUID | None
    ) -> None:
        """Withdraw an invitation that the caller holds."""
        await invitation_store.settle(tx, invitation_id, "revoked", by, self._ground.clock.now())
        await self._ground.audit.record(tx, line(action, by, space_id, invitation_id, "revoked"))

    async def forget(self) -> None:
        """Drop what was settled, or ran out, three months ago."""
        async with self._ground.database.transaction() as tx:
            await invitation_store.forget(tx, self._ground.clock.now() - _KEPT)

    # Within.

    def _row(
        self, organisation_id: UUID, by: UUID, new: NewInvitation, place: GuestPlace | None
    ) -> InvitationRow:
        now = self._ground.clock.now()
        return InvitationRow(
            id=self._ground.ids.new(),
            kind="agent" if place is None else "guest",
            organisation_id=organisation_id,
            email=new.email,
            given_name=new.given_name,
            family_name=new.family_name,
            function=new.function,
            service=new.service,
            space_id=None if place is None else place.space_id,
            role=None if place is None else place.role.value,
            ends_on=None if place is None else place.ends_on,
            made_by=by,
            made_at=now,
            expires_at=self._expires(now, None if place is None else place.ends_on),
            state="pending",
        )

    def _expires(self, now: datetime, ends_on: date | None) -> datetime:
        """After fourteen days, and with a guest's last day at the latest: nobody comes in after it."""
        if ends_on is None:
            return now + LASTS
        return min(now + LASTS, datetime.combine(ends_on + timedelta(days=1), time(), self._zone))

    async def _add(self, tx: Transaction, rows: Sequence[InvitationRow], action: Action) -> list[Issued]:
        if not rows:
            return []
        now = self._ground.clock.now()
        tokens = {row.id: self._ground.ids.token() for row in rows}
        added = set(await invitation_store.add(tx, rows, [digest(tokens[row.id]) for row in rows]))
        made = [row for row in rows if row.id in added]
        if made:
            lines = [line(action, row.made_by, row.space_id, row.id, "made") for row in made]
            await self._ground.audit.record(tx, *lines)
        return [Issued(row.view(now), tokens[row.id]) for row in made]


def line(action: Action, by: UUID | None, space_id: UUID | None, invitation_id: UUID, step: str) -> Line:
    """What the audit keeps of an invitation: no address and no name."""
    detail = {"invitation": str(invitation_id), "step": step}
    return Line(action.value, True, by, space_id, detail=detail)


def checked(organisation_id: UUID, new: NewInvitation) -> NewInvitation:
    """Whom to invite, cleaned as an account is.

    Raises:
        Invalid: the field that is none.
    """
    clean = checked_agent(
        NewAgent(organisation_id, new.email, new.given_name, new.family_name, new.function, new.service)
    )
    return NewInvitation(clean.email, clean.given_name, clean.family_name, clean.function, clean.service)
