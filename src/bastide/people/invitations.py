"""Invitations: one-time links that make an agent of an organisation, or let a guest into a space.

The database holds a token's hash alone. A link lasts fourteen days and is good once; making a new one ends the one
before. Where guests go, and what ends their invitations, is told by the trade of spaces (`places`).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Invalid, NotFound, WrongCredentials
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, ActorKind, Role, Strength
from bastide.people import invitation_store, store
from bastide.people.errors import (
    AddressTaken,
    AgentAddress,
    GuestAddress,
    InvitationOver,
    InvitedAlready,
)
from bastide.people.invitation_store import Holder, InvitationRow
from bastide.people.invited import (
    Destination,
    InvitationBook,
    InvitationForm,
    Invited,
    Issued,
    NewInvitation,
)
from bastide.people.model import NewAgent
from bastide.people.service import People, card, checked_agent
from bastide.people.sessions import Opened, digest

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


class Invitation(msgspec.Struct, frozen=True):
    """An invitation as other trades read it."""

    id: UUID
    organisation_id: UUID
    email: str
    made_by: UUID
    place: GuestPlace


class Places(Protocol):
    """Where guests are invited to."""

    async def destination(self, reader: Reader, invitation: Invitation) -> Destination:
        """What a guest sees of it; InvitationOver when they would not be let in."""
        ...

    async def hold(self, tx: Transaction, space_id: UUID, person_id: UUID | None) -> None:
        """Lock the space, and the person where there is one."""
        ...

    async def let_in(self, tx: Transaction, invitation: Invitation, person_id: UUID) -> None:
        """Make the guest a member; InvitationOver when a rule, or a new manager, closes the door."""
        ...


class Invitations:
    """The use cases of invitations of agents, and what those of guests share with them."""

    places: Places

    def __init__(self, ground: Ground, people: People) -> None:
        self._ground = ground
        self._people = people
        ground.jobs.every("17 3 * * *", "people.forget_invitations", self.forget)

    # Agents.

    async def invite(self, actor: Actor, new: NewInvitation) -> Issued:
        """Invite an agent into one's own organisation.

        Raises:
            Refused: not an administrator.
            Invalid: a field.
            AddressTaken, GuestAddress: somebody has the address.
            InvitedAlready: it is invited.
        """
        self._ground.access.allow(actor, Action.PEOPLE_AGENT_INVITE)
        new = checked(actor.organisation_id, new)
        async with self._ground.database.transaction() as tx:
            held = (await invitation_store.holders(tx, [new.email])).get(new.email)
            if held is not None:
                taken = AddressTaken if held.kind == ActorKind.AGENT else GuestAddress
                raise taken(field="email")
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
        """
        new = checked(actor.organisation_id, new)
        held = (await invitation_store.holders(tx, [new.email])).get(new.email)
        if held is not None and held.kind != ActorKind.GUEST:
            raise AgentAddress(field="email")
        now = self._ground.clock.now()
        await invitation_store.revoke_of_guest(tx, place.space_id, new.email, actor.person_id, now)
        row = self._row(actor.organisation_id, actor.person_id, new, place)
        return (await self._add(tx, [row], Action.SPACES_GUEST_INVITE))[0]

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

    async def count_for_space(self, reader: Reader, space_id: UUID) -> int:
        """How many links into a space would still open."""
        return await invitation_store.count_of_space(reader, space_id, self._ground.clock.now())

    async def end_for_space(self, tx: Transaction, space_id: UUID, by: UUID | None = None) -> list[Line]:
        """End all invitations into a space, in the caller's transaction; the lines to record."""
        ended = await invitation_store.end_of_space(tx, space_id, by, self._ground.clock.now())
        return [self._line(Action.SPACES_GUEST_INVITE, by, space_id, one, "ended") for one in ended]

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
        """A new token for an invitation that the caller holds."""
        token, now = self._ground.ids.token(), self._ground.clock.now()
        await invitation_store.renew(
            tx,
            invitation_id,
            digest(token),
            by=actor.person_id,
            organisation_id=actor.organisation_id,
            at=now,
            expires_at=now + LASTS,
            ends_on=ends_on,
        )
        row = await invitation_store.lock_pending(tx, invitation_id)
        if row is None:
            raise NotFound
        await self._ground.audit.record(
            tx, self._line(action, actor.person_id, space_id, invitation_id, "renewed")
        )
        return Issued(row.view(now), token)

    async def do_revoke(
        self, tx: Transaction, invitation_id: UUID, by: UUID, action: Action, space_id: UUID | None
    ) -> None:
        """Withdraw an invitation that the caller holds."""
        await invitation_store.settle(tx, invitation_id, "revoked", by, self._ground.clock.now())
        await self._ground.audit.record(tx, self._line(action, by, space_id, invitation_id, "revoked"))

    async def forget(self) -> None:
        """Drop what was settled, or ran out, three months ago."""
        async with self._ground.database.transaction() as tx:
            await invitation_store.forget(tx, self._ground.clock.now() - _KEPT)

    # Who was invited.

    async def look(self, token: str, *, address: str) -> Invited:
        """What an invitation says, for whoever holds its link.

        Raises:
            InvitationOver: it is none, or none any more.
            TooMany: too many that were none, from where the request comes from.
        """
        async with self._ground.database.snapshot() as reader:
            row = await self._standing(reader, token, address)
            held = (await invitation_store.holders(reader, [row.email])).get(row.email)
            organisations = {o.id: o for o in await store.organisations(reader)}
            by = await store.find_person(reader, row.made_by)
            destination = None
            if (place := _place(row)) is not None:
                destination = await self.places.destination(reader, _read(row, place))
        if by is None:
            raise InvitationOver
        return Invited(
            kind=ActorKind(row.kind),
            organisation=organisations[row.organisation_id],
            by=card(by),
            email=row.email,
            given_name=row.given_name,
            family_name=row.family_name,
            destination=destination,
            expires_at=row.expires_at,
            known=held is not None,
        )

    async def accept(
        self,
        perhaps: Actor | None,
        form: InvitationForm,
        *,
        address: str,
        device_token: str | None,
        device_name: str,
        former_token: str = "",
    ) -> Opened:
        """Take an invitation, once: an account is made where there is none, and its person signed in.

        A guest who has an account proves that it is theirs, by their session or their password: whoever was sent the mail
        of somebody else gets nowhere.

        Raises:
            InvitationOver: it is none, or none any more.
            AddressTaken: an agent was invited who has an account already.
            AgentAddress: a guest was invited who has become an agent meanwhile.
            Invalid: the password is too short; the link stays good.
            WrongCredentials: not the password of the account; the link stays good.
            TooMany: wait.
        """
        async with self._ground.database.read() as reader:
            row = await self._standing(reader, form.token, address)
            held = (await invitation_store.holders(reader, [row.email])).get(row.email)
        hashed = None
        if held is None:
            hashed = await self._people.hashed(form.password or "")
        else:
            await self._prove(perhaps, row, held, form.password, address=address, device_token=device_token)
        async with self._ground.database.transaction() as tx:
            opened = await self._do_accept(tx, form.token, held, hashed, device_token, device_name)
        await self._people.sessions.end_former(former_token)
        return opened

    async def _do_accept(
        self,
        tx: Transaction,
        token: str,
        held: Holder | None,
        hashed: str | None,
        device_token: str | None,
        device_name: str,
    ) -> Opened:
        seen = await invitation_store.find_by_token(tx, digest(token))
        if seen is not None and seen.space_id is not None:
            await self.places.hold(tx, seen.space_id, held.person_id if held else None)
        row = await invitation_store.lock_by_token(tx, digest(token))
        if row is None or not self._stands(row):
            raise InvitationOver
        now = self._ground.clock.now()
        if held is None:
            new = NewAgent(
                row.organisation_id, row.email, row.given_name, row.family_name, row.function, row.service
            )
            person_id = await self._people.do_add_person(tx, new, kind=ActorKind(row.kind))
            await store.set_password(tx, person_id, hashed or "", now)
        else:
            person_id = held.person_id
        place = _place(row)
        if place is not None:
            await self.places.let_in(tx, _read(row, place), person_id)
        await invitation_store.settle(tx, row.id, "accepted", person_id, now)
        opened = await self._people.sessions.do_open(
            tx,
            person_id,
            device_token=device_token,
            device_name=device_name,
            strength=Strength.PASSWORD,
            means="link" if held is None else "password",
        )
        action = Action.PEOPLE_AGENT_INVITE if place is None else Action.SPACES_GUEST_INVITE
        line = self._line(action, person_id, row.space_id, row.id, "accepted")
        await self._ground.audit.record(tx, line)
        return opened

    async def _prove(
        self,
        perhaps: Actor | None,
        row: InvitationRow,
        held: Holder,
        password: str | None,
        *,
        address: str,
        device_token: str | None,
    ) -> None:
        """That the account an invited address has is that of whoever asks."""
        if row.kind == ActorKind.AGENT.value:
            raise AddressTaken(field="email")
        if held.kind != ActorKind.GUEST.value:
            raise AgentAddress(field="email")
        if perhaps is not None and perhaps.person_id == held.person_id:
            return
        if password is None:
            raise Invalid(field="password")
        async with self._ground.database.read() as reader:
            device = await self._people.sessions.device_of(reader, device_token, held.person_id)
        counts = self._people.guesses.counts(row.email, address, device)
        self._people.guesses.take(counts)
        matched = await self._people.is_own_password(held.password_hash, password)
        if not matched or held.suspended:
            self._ground.audit.note(Line("people:session:open", False, held.person_id, reason="password"))
            raise WrongCredentials
        self._people.guesses.good(counts)

    async def _standing(self, reader: Reader, token: str, address: str) -> InvitationRow:
        """The invitation of a token, if it is still good; a token that is none counts as a guess."""
        row = None
        counts = self._people.guesses.of_place(address)
        self._people.guesses.take(counts)
        if len(token) == _TOKEN_LENGTH and token.isascii():
            row = await invitation_store.find_by_token(reader, digest(token))
        if row is None or not self._stands(row):
            raise InvitationOver
        self._people.guesses.good(counts)
        return row

    def _stands(self, row: InvitationRow) -> bool:
        return row.state == "pending" and row.expires_at > self._ground.clock.now()

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
            expires_at=now + LASTS,
            state="pending",
        )

    async def _add(self, tx: Transaction, rows: Sequence[InvitationRow], action: Action) -> list[Issued]:
        if not rows:
            return []
        now = self._ground.clock.now()
        tokens = {row.id: self._ground.ids.token() for row in rows}
        added = set(await invitation_store.add(tx, rows, [digest(tokens[row.id]) for row in rows]))
        made = [row for row in rows if row.id in added]
        if made:
            lines = [self._line(action, row.made_by, row.space_id, row.id, "made") for row in made]
            await self._ground.audit.record(tx, *lines)
        return [Issued(row.view(now), tokens[row.id]) for row in made]

    def _line(
        self, action: Action, by: UUID | None, space_id: UUID | None, invitation_id: UUID, step: str
    ) -> Line:
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


def _place(row: InvitationRow) -> GuestPlace | None:
    if row.space_id is None or row.role is None or row.ends_on is None:
        return None
    return GuestPlace(row.space_id, Role(row.role), row.ends_on)


def _read(row: InvitationRow, place: GuestPlace) -> Invitation:
    return Invitation(row.id, row.organisation_id, row.email, row.made_by, place)
