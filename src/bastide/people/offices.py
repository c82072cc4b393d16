"""Who holds an office in an organisation: named and dismissed by those who hold it, and never the last one.

Administrators name administrators, security officers name security officers: an administrator who could name an officer would be
one. One person may hold both, as in a town that has one person for all of it (decision 0018).
"""

from uuid import UUID

from bastide.core.audit import Line
from bastide.core.database import Transaction
from bastide.core.errors import NotFound, Problem
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, ActorKind, Office
from bastide.people import reset_store
from bastide.people.errors import LastAdministrator, LastOfficer
from bastide.people.held_office import end_links_of, hold_office
from bastide.people.passkeys import Passkeys
from bastide.people.resets import tell_account_moved
from bastide.people.service import People, checked_address

ACTS = {
    Office.ADMINISTRATOR: Action.PEOPLE_ADMINISTRATOR_APPOINT,
    Office.OFFICER: Action.PEOPLE_OFFICER_APPOINT,
}
_LAST: dict[Office, type[Problem]] = {
    Office.ADMINISTRATOR: LastAdministrator,
    Office.OFFICER: LastOfficer,
}


class Offices:
    """The use cases of offices."""

    def __init__(self, ground: Ground, people: People, passkeys: Passkeys) -> None:
        self._ground = ground
        self._people = people
        self._passkeys = passkeys

    async def appoint(self, actor: Actor, person_id: UUID, office: Office = Office.ADMINISTRATOR) -> None:
        """Give an agent of one's organisation an office. Their open windows know at once.

        Raises:
            Refused: one does not hold it, or is not in administration.
            NotFound: no agent of one's organisation, or a suspended one.
            ConfirmationNeeded: first prove again who you are.
        """
        await self._settle(actor, person_id, office, holds=True)

    async def dismiss(self, actor: Actor, person_id: UUID, office: Office = Office.ADMINISTRATOR) -> None:
        """Take an office away from somebody of one's organisation; one may resign so.

        Raises:
            Refused: one does not hold it, or is not in administration.
            NotFound: no agent of one's organisation.
            LastAdministrator, LastOfficer: there would be none left.
            ConfirmationNeeded: first prove again who you are.
        """
        await self._settle(actor, person_id, office, holds=False)

    async def do_appoint_officer(self, email: str) -> bool:
        """Make an agent a security officer, for who runs the server; False where no agent has the address.

        Raises:
            Invalid: it is no address.
        """
        async with self._ground.database.transaction() as tx:
            person_id = await reset_store.account_at(tx, checked_address(email))
            if person_id is None:
                return False
            await self._ground.journal.lock(tx, [person_id])
            account = await reset_store.hold_account(tx, person_id)
            if account is None or account.kind != ActorKind.AGENT.value or account.suspended:
                return False
            await self._do_set(tx, None, person_id, Office.OFFICER, holds=True)
        return True

    async def _settle(self, actor: Actor, person_id: UUID, office: Office, *, holds: bool) -> None:
        action = ACTS[office]
        self._ground.access.allow(actor, action)
        async with self._ground.database.transaction() as tx:
            await hold_office(self._ground, tx, actor, action)
            await self._ground.journal.lock(tx, [person_id])
            account = await reset_store.hold_account(tx, person_id)
            if (
                account is None
                or account.organisation_id != actor.organisation_id
                or account.kind != ActorKind.AGENT.value
                or (account.suspended and holds)
            ):
                raise NotFound
            await self._passkeys.guard(tx, actor)
            held = {Office.ADMINISTRATOR: account.administrator, Office.OFFICER: account.officer}
            if held[office] is holds:
                return
            if await reset_store.is_last(tx, actor.organisation_id, person_id, office):
                raise _LAST[office]
            if office is Office.ADMINISTRATOR and not holds:
                await end_links_of(self._ground, tx, person_id)
            if sum(held.values()) == 1 and not holds:  # none is left: nothing to be in administration for
                await self._people.sessions.do_end_administration(tx, person_id)
            await self._do_set(tx, actor.person_id, person_id, office, holds=holds)

    async def _do_set(
        self, tx: Transaction, by: UUID | None, person_id: UUID, office: Office, *, holds: bool
    ) -> None:
        await reset_store.set_office(tx, person_id, office, holds=holds)
        await self._people.sessions.do_restand(tx, person_id)
        await tell_account_moved(self._ground, tx, person_id)
        detail = {"member": str(person_id), "step": "appointed" if holds else "dismissed"}
        await self._ground.audit.record(tx, Line(ACTS[office].value, True, by, detail=detail))
