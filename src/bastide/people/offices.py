"""Who administers an organisation: named and dismissed by one of its administrators, and never the last one."""

from uuid import UUID

from bastide.core.audit import Line
from bastide.core.errors import NotFound
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, ActorKind
from bastide.people import reset_store
from bastide.people.errors import LastAdministrator
from bastide.people.held_office import end_links_of, hold_office
from bastide.people.passkeys import Passkeys
from bastide.people.resets import tell_account_moved
from bastide.people.service import People


class Offices:
    """The use cases of administrators' office."""

    def __init__(self, ground: Ground, people: People, passkeys: Passkeys) -> None:
        self._ground = ground
        self._people = people
        self._passkeys = passkeys

    async def appoint(self, actor: Actor, person_id: UUID) -> None:
        """Make an agent of one's organisation an administrator. Their open windows know at once.

        Raises:
            Refused: not an administrator.
            NotFound: no agent of one's organisation, or a suspended one.
            ConfirmationNeeded: first prove again who you are.
        """
        await self._settle(actor, person_id, administrator=True)

    async def dismiss(self, actor: Actor, person_id: UUID) -> None:
        """Make an administrator of one's organisation an agent like others; one may resign so.

        Raises:
            Refused: not an administrator.
            NotFound: no agent of one's organisation.
            LastAdministrator: there would be none left.
            ConfirmationNeeded: first prove again who you are.
        """
        await self._settle(actor, person_id, administrator=False)

    async def _settle(self, actor: Actor, person_id: UUID, *, administrator: bool) -> None:
        self._ground.access.allow(actor, Action.PEOPLE_ADMINISTRATOR_APPOINT)
        async with self._ground.database.transaction() as tx:
            await hold_office(self._ground, tx, actor, Action.PEOPLE_ADMINISTRATOR_APPOINT)
            await self._ground.journal.lock(tx, [person_id])
            account = await reset_store.hold_account(tx, person_id)
            if (
                account is None
                or account.organisation_id != actor.organisation_id
                or account.kind != ActorKind.AGENT.value
                or (account.suspended and administrator)
            ):
                raise NotFound
            await self._passkeys.guard(tx, actor)
            if account.administrator is administrator:
                return
            if await reset_store.is_last_administrator(tx, actor.organisation_id, person_id):
                raise LastAdministrator
            await reset_store.set_administrator(tx, person_id, administrator=administrator)
            if not administrator:
                await end_links_of(self._ground, tx, person_id)
            await self._people.sessions.do_restand(tx, person_id)
            await tell_account_moved(self._ground, tx, person_id)
            detail = {"member": str(person_id), "step": "appointed" if administrator else "dismissed"}
            action = Action.PEOPLE_ADMINISTRATOR_APPOINT.value
            await self._ground.audit.record(tx, Line(action, True, actor.person_id, detail=detail))
