"""Suspending somebody's account, and restoring it: an administrator's act, at once and everywhere.

Nothing that is theirs goes: their places in spaces, what they wrote and their keys wait for them. What they had open ends in
the same act: sessions, with the sockets, calls and exports that hang on them.
"""

from collections.abc import Callable
from uuid import UUID

from bastide.core.audit import Line
from bastide.core.database import Transaction
from bastide.core.errors import NotFound
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, Office
from bastide.people import reset_store, store
from bastide.people.errors import LastAdministrator, OwnAccount
from bastide.people.held_office import end_links_of, hold_office
from bastide.people.service import People


class Suspension:
    """The use cases of suspending. `moved` is told, after the commit, whose standing in their spaces is another."""

    def __init__(self, ground: Ground, people: People) -> None:
        self._ground = ground
        self._people = people
        self.moved: Callable[[UUID], None] = lambda _person: None

    async def suspend(self, actor: Actor, person_id: UUID) -> None:
        """Let somebody of one's organisation do nothing more. Who is suspended already stays so.

        Raises:
            Refused: not an administrator.
            OwnAccount: oneself: somebody must be left who can restore.
            LastAdministrator: nobody would be left who administers, as whoever asks no longer does.
            NotFound: nobody of one's organisation.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PERSON_SUSPEND)
        if person_id == actor.person_id:
            raise OwnAccount
        async with self._ground.database.transaction() as tx:
            # One after the other: two administrators who suspend each other would leave nobody.
            await hold_office(self._ground, tx, actor, Action.PEOPLE_PERSON_SUSPEND)
            if await reset_store.is_last(tx, actor.organisation_id, person_id, Office.ADMINISTRATOR):
                raise LastAdministrator
            # Whoever lets them in somewhere at this moment holds this lock.
            await self._ground.journal.lock(tx, [person_id])
            now = self._ground.clock.now()
            changed = await store.set_suspended(tx, person_id, actor.organisation_id, now)
            # No link of theirs, and none for them, opens anything once they are restored.
            await end_links_of(self._ground, tx, person_id)
            await reset_store.withdraw(tx, person_id)
            await self._settle(tx, actor, person_id, "suspended", changed=changed)
            # Also where nothing changed: a session that was being opened meanwhile.
            await self._people.sessions.do_end_all(tx, person_id)

    async def restore(self, actor: Actor, person_id: UUID) -> None:
        """Let them in again, as they were. They sign in anew.

        Raises:
            Refused: not an administrator.
            NotFound: nobody of one's organisation.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PERSON_SUSPEND)
        async with self._ground.database.transaction() as tx:
            await hold_office(self._ground, tx, actor, Action.PEOPLE_PERSON_SUSPEND)
            await self._ground.journal.lock(tx, [person_id])
            changed = await store.set_suspended(tx, person_id, actor.organisation_id, None)
            await self._settle(tx, actor, person_id, "restored", changed=changed)

    async def _settle(
        self, tx: Transaction, actor: Actor, person_id: UUID, step: str, *, changed: bool | None
    ) -> None:
        if changed is None:
            raise NotFound
        if not changed:
            return
        detail = {"member": str(person_id), "step": step}
        line = Line(Action.PEOPLE_PERSON_SUSPEND.value, True, actor.person_id, detail=detail)
        await self._ground.audit.record(tx, line)

        async def tell() -> None:
            self.moved(person_id)

        tx.after_commit.append(tell)
