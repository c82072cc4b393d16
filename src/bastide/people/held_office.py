"""An act on an account, by office, under the lock that makes such acts come one after the other."""

from uuid import UUID

import msgspec

from bastide.core.database import Transaction
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor
from bastide.people import invitation_store, reset_store, session_store, store


async def hold_office(ground: Ground, tx: Transaction, actor: Actor, action: Action) -> None:
    """Hold the actor's organisation, and ask the rule again: a colleague may have dismissed or suspended them meanwhile.

    Raises:
        Refused: they hold the office no more, or are in administration no more.
    """
    await reset_store.hold_organisation(tx, actor.organisation_id)
    held = await store.offices_of(tx, actor.person_id)
    now = ground.clock.now()
    row = await session_store.session_of(tx, actor.session_id, now)
    acting = row is not None and row.administers_until is not None and row.administers_until > now
    standing = msgspec.structs.replace(
        actor, administrator=held.administrator, officer=held.officer, acting=acting
    )
    ground.access.allow(standing, action)


async def end_links_of(ground: Ground, tx: Transaction, person_id: UUID) -> None:
    """End what somebody made for others to come in by, who administers no more: links for passwords and for accounts."""
    await reset_store.withdraw_made_by(tx, person_id)
    await invitation_store.end_made_by(tx, person_id, ground.clock.now())
