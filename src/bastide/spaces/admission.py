"""Who can come into a space, and who is in it and cannot come in any more: questions to the policy about other people."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from bastide.core.database import Reader
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, ActorKind, Decision, Label, Place, Role, SpaceKind
from bastide.people.service import People
from bastide.spaces.errors import GuestByInvitation, NotAgents

_MAKING = (Action.SPACES_SPACE_CREATE, Action.SPACES_DIRECT_CREATE)
_NO_ORGANISATION = UUID(int=0)


class Admission:
    """Nobody is let in whom a rule would then refuse to read, nor made a manager who may manage nothing."""

    def __init__(self, ground: Ground, people: People) -> None:
        self._ground = ground
        self._people = people

    def may_bar_others(self, actor: Actor, label: Label) -> bool:
        """Whether agents of another organisation may be kept out of a space by its label."""
        place = Place(actor.person_id, actor.organisation_id, SpaceKind.TEAM, label, frozenset())
        return self.reason_out(place, ActorKind.AGENT, _NO_ORGANISATION) is not None

    def reason_out(self, place: Place, kind: ActorKind, organisation_id: UUID) -> str | None:
        """Why such a member could not come in; None for who can."""
        decision = self._ground.access.admits(
            kind, organisation_id, Action.SPACES_SPACE_READ, place, Role.READER
        )
        return None if decision.allowed else decision.reason

    async def check(
        self,
        reader: Reader,
        actor: Actor,
        action: Action,
        place: Place,
        people: Sequence[UUID],
        role: Role,
    ) -> None:
        """That all of some people can come in so.

        Raises:
            NotAgents: somebody is nobody here, or suspended.
            Refused: a rule keeps somebody out; recorded.
            GuestByInvitation: a guest, where guests may come: they are invited, until a day.
        """
        found = await self.inadmissible(reader, actor, action, place, people, role)
        if None in found.values():
            raise NotAgents(field="people")
        where = None if action in _MAKING else place.space_id
        for decision in found.values():
            if decision is not None:
                self._ground.access.refuse(actor, action, decision, where)
        if action is not Action.SPACES_MEMBER_CHANGE and await self.guests(reader, people):
            raise GuestByInvitation(field="people")

    async def guests(self, reader: Reader, people: Sequence[UUID]) -> list[UUID]:
        """Which of some people are guests."""
        found = await self._people.living(reader, people)
        return [p for p in people if p in found and found[p][0] is ActorKind.GUEST]

    async def inadmissible(
        self,
        reader: Reader,
        actor: Actor,
        action: Action,
        place: Place,
        people: Sequence[UUID],
        role: Role,
    ) -> dict[UUID, Decision | None]:
        """Who of some people cannot come in so, by which decision; None for who is nobody here, or suspended."""
        found = await self._people.living(reader, people)
        refused: dict[UUID, Decision | None] = {p: None for p in people if p not in found}
        wanted = [Action.SPACES_SPACE_READ]
        if role is Role.MANAGER:
            wanted.append(Action.SPACES_MEMBER_REMOVE)
        answers: dict[tuple[ActorKind, UUID], Decision | None] = {}
        for stands in set(found.values()):
            kind, organisation_id = stands
            decisions = [self._ground.access.admits(kind, organisation_id, a, place, role) for a in wanted]
            if kind is ActorKind.GUEST and action is not Action.SPACES_MEMBER_CHANGE:
                # Whoever brings a guest in by another door invites them all the same.
                decisions.append(
                    self._ground.access.would(actor, Action.SPACES_GUEST_INVITE, place, Role.MANAGER)
                )
            answers[stands] = next((d for d in decisions if not d.allowed), None)
        refused.update({p: answers[s] for p, s in found.items() if answers[s] is not None})
        return {p: refused[p] for p in people if p in refused}

    def note(
        self, actor: Actor, action: Action, space_id: UUID, refused: Mapping[UUID, Decision | None]
    ) -> None:
        """A refusal of one among several is a refusal all the same, and recorded once for each rule."""
        for decision in {d.rule: d for d in refused.values() if d is not None}.values():
            self._ground.access.note(actor, action, decision, space_id)
