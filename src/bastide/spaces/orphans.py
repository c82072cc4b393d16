"""Spaces without anybody who can manage them: all their managers are suspended, or barred by a rule.

An administrator names a member as manager (decision 0015). They see of such a space what that takes and nothing it holds, not
its name either: its kind, its label, who managed it, and the members among whom to choose.
"""

from collections.abc import Sequence
from uuid import UUID

from bastide.core.audit import Line
from bastide.core.errors import NotFound
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.policy import Action, Actor, Place, Role
from bastide.people.service import People
from bastide.spaces import label_store, store
from bastide.spaces.errors import NotAgents, StillManaged
from bastide.spaces.events import MemberChanged
from bastide.spaces.label_store import Standing
from bastide.spaces.model import OrphanSpace

SHOWN_MOST, NAMED_MOST = 200, 50


class Orphans:
    """The use cases of administrators with spaces that nobody can manage."""

    def __init__(self, ground: Ground, people: People) -> None:
        self._ground = ground
        self._people = people

    async def list(self, actor: Actor) -> "list[OrphanSpace]":
        """The spaces of one's organisation whose managers are all kept from managing, and that have somebody else in them."""
        self._ground.access.allow(actor, Action.SPACES_MANAGER_APPOINT)
        found: list[OrphanSpace] = []
        async with self._ground.database.snapshot() as reader:
            for space_id in await store.perhaps_orphans(reader, actor.organisation_id):
                place = (await store.view(reader, space_id)).place()
                members = await label_store.standings(reader, space_id)
                fit = self._fit(actor, place, members)
                if self._managed(place, members) or not fit:
                    continue
                managers = [m.person_id for m in members if m.role is Role.MANAGER]
                cards = await self._people.cards_of(reader, [*managers[:NAMED_MOST], *fit[:NAMED_MOST]])
                of = {card.id: card for card in cards}
                found.append(
                    OrphanSpace(
                        space_id,
                        place.kind,
                        place.label,
                        [of[i] for i in managers[:NAMED_MOST]],
                        [of[i] for i in fit[:NAMED_MOST]],
                    )
                )
                if len(found) == SHOWN_MOST:
                    break
        return found

    async def appoint(self, actor: Actor, space_id: UUID, person_id: UUID) -> None:
        """Make a member the manager of a space that nobody can manage. Nobody comes in by it, and nothing is shown by it.

        Raises:
            Refused: not an administrator.
            NotFound: no such space of one's organisation, or not one of its members.
            StillManaged: somebody can manage it.
            NotAgents: a member who may manage nothing (a guest), or who is suspended; or oneself, where somebody else could.
        """
        self._ground.access.allow(actor, Action.SPACES_MANAGER_APPOINT)
        async with self._ground.database.transaction() as tx:
            await self._ground.journal.lock(tx, [space_id, person_id])
            place = (await store.view(tx, space_id)).place()
            members = await label_store.standings(tx, space_id)
            if place.organisation_id != actor.organisation_id or person_id not in {
                m.person_id for m in members
            }:
                raise NotFound
            if self._managed(place, members):
                raise StillManaged
            if person_id not in self._fit(actor, place, members):
                raise NotAgents(field="person_id")
            await store.set_role(tx, space_id, person_id, Role.MANAGER)
            event = MemberChanged(person_id=person_id, role=Role.MANAGER)
            await self._ground.journal.append(tx, [Happening(space_id, event, actor.person_id)])
            detail = {"member": str(person_id), "role": Role.MANAGER.value}
            line = Line(Action.SPACES_MANAGER_APPOINT.value, True, actor.person_id, space_id, detail=detail)
            await self._ground.audit.record(tx, line)

    def _managed(self, place: Place, members: Sequence[Standing]) -> bool:
        return any(m.role is Role.MANAGER and self._manages(place, m) for m in members)

    def _fit(self, actor: Actor, place: Place, members: Sequence[Standing]) -> "list[UUID]":
        """Who of the members could manage it, those who came first before the others.

        Whoever names is only among them where there is nobody else: who suspends a manager gets nothing by it.
        """
        fit = [m.person_id for m in members if m.role is not Role.MANAGER and self._manages(place, m)]
        return [person_id for person_id in fit if person_id != actor.person_id] or fit

    def _manages(self, place: Place, member: Standing) -> bool:
        decision = self._ground.access.admits(
            member.kind, member.organisation_id, Action.SPACES_MEMBER_CHANGE, place, Role.MANAGER
        )
        return decision.allowed and not member.suspended
