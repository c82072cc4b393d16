"""Who was invited comes in: what an invitation says to whoever holds its link, and taking it, once.

Nothing is told of why a link does not open. Where guests go is told by the trade of spaces (`places`).
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.client import Client
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Invalid, WrongCredentials
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, ActorKind, Role, Strength
from bastide.people import invitation_store, key_store, store
from bastide.people.domains import organisation_of
from bastide.people.errors import AddressTaken, AgentAddress, InvitationOver
from bastide.people.invitation_store import Holder, InvitationRow
from bastide.people.invitations import GuestPlace, line
from bastide.people.invited import Destination, InvitationForm, Invited
from bastide.people.model import NewAgent
from bastide.people.service import People, card
from bastide.people.sessions import Opened, digest

_TOKEN_LENGTH = 64


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

    async def hold_stays(self, tx: Transaction, person_id: UUID) -> list[UUID]:
        """Lock a guest and the spaces that they are in: which these are."""
        ...

    async def see_out(self, tx: Transaction, person_id: UUID, spaces: Sequence[UUID]) -> None:
        """End a guest's stays, for the caller holds them."""
        ...


class Acceptance:
    """The use cases of who was invited."""

    places: Places

    def __init__(self, ground: Ground, people: People) -> None:
        self._ground = ground
        self._people = people

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
            # An agent's link makes an account of their own, whoever was a guest under this address.
            known=held is not None and not _replaces(row, held),
            replaces=held is not None and _replaces(row, held),
        )

    async def accept(self, perhaps: Actor | None, form: InvitationForm, client: Client) -> Opened:
        """Take an invitation, once: an account is made where there is none, and its person signed in.

        A guest who has an account proves that it is theirs, by their session or their password: whoever was sent the mail
        of somebody else gets nowhere. An agent gets an account of their own: whoever was a guest under their address, perhaps
        somebody else, is seen out and can prove nothing by it any more.

        Raises:
            InvitationOver: it is none, or none any more.
            AddressTaken: an agent was invited who has an account already.
            AgentAddress: a guest was invited who has become an agent meanwhile.
            Invalid: the password is too short; the link stays good.
            WrongCredentials: not the password of the account; the link stays good.
            TooMany: wait.
        """
        async with self._ground.database.read() as reader:
            row = await self._standing(reader, form.token, client.address)
            held = (await invitation_store.holders(reader, [row.email])).get(row.email)
            about = await self._people.known_of(reader, row)
        hashed = None
        if held is None or _replaces(row, held):
            hashed = await self._people.hashed(form.password or "", about)
        else:
            await self._prove(perhaps, row, held, form.password, client)
        async with self._ground.database.transaction() as tx:
            opened = await self._do_accept(tx, form.token, held, hashed, client)
        await self._people.sessions.end_former(client.session_token)
        return opened

    async def _do_accept(
        self, tx: Transaction, token: str, held: Holder | None, hashed: str | None, client: Client
    ) -> Opened:
        seen = await invitation_store.find_by_token(tx, digest(token))
        stays: list[UUID] = []
        if seen is not None and seen.space_id is not None:
            await self.places.hold(tx, seen.space_id, held.person_id if held else None)
        elif held is not None:
            stays = await self.places.hold_stays(tx, held.person_id)
        row = await invitation_store.lock_by_token(tx, digest(token))
        if row is None or not await self._stands(tx, row):
            raise InvitationOver
        now = self._ground.clock.now()
        if held is not None and _replaces(row, held):
            # Another link may have ended that account a moment ago: then the address is somebody's.
            if not await self._people.do_forget_guest(tx, held.person_id):
                raise AddressTaken(field="email")
            await self.places.see_out(tx, held.person_id, stays)
            await self._ground.audit.record(tx, forgotten(held.person_id, "replaced"))
            held = None
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
            tx, person_id, client, strength=Strength.PASSWORD, means="link" if held is None else "password"
        )
        # The password that proved whose account it is may be another one by now.
        if held is not None and await key_store.password_of(tx, person_id) != held.password_hash:
            raise WrongCredentials
        action = Action.PEOPLE_AGENT_INVITE if place is None else Action.SPACES_GUEST_INVITE
        accepted = line(action, person_id, row.space_id, row.id, "accepted")
        await self._ground.audit.record(tx, accepted)
        return opened

    async def _prove(
        self, perhaps: Actor | None, row: InvitationRow, held: Holder, password: str | None, client: Client
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
            device = await self._people.sessions.device_of(reader, client.device_token, held.person_id)
        counts = self._people.guesses.counts(row.email, client.address, device)
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
        if row is None or not await self._stands(reader, row):
            raise InvitationOver
        # An administration that came, or took on a domain, after the invitation.
        if row.kind == ActorKind.GUEST.value and organisation_of(
            row.email, await store.organisations(reader)
        ):
            raise InvitationOver
        self._people.guesses.good(counts)
        return row

    async def _stands(self, reader: Reader, row: InvitationRow) -> bool:
        if row.state != "pending" or row.expires_at <= self._ground.clock.now():
            return False
        # A guest's is asked of the policy, where they go; an agent's is worth what its maker's office is.
        return (
            row.kind == ActorKind.GUEST.value or (await store.offices_of(reader, row.made_by)).administrator
        )


def forgotten(person_id: UUID, step: str) -> Line:
    """What the audit keeps of a guest's account that ended, and why: replaced by an agent's, or long away."""
    return Line("people:guest:forget", True, detail={"member": str(person_id), "step": step})


def _replaces(row: InvitationRow, held: Holder) -> bool:
    return row.kind == ActorKind.AGENT.value and held.kind == ActorKind.GUEST.value


def _place(row: InvitationRow) -> GuestPlace | None:
    if row.space_id is None or row.role is None or row.ends_on is None:
        return None
    return GuestPlace(row.space_id, Role(row.role), row.ends_on)


def _read(row: InvitationRow, place: GuestPlace) -> Invitation:
    return Invitation(row.id, row.organisation_id, row.email, row.made_by, place)
