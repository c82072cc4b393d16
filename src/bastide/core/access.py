"""To fetch is to check: the only way a use case gets at a thing.

`fetch` loads a thing and asks the policy; `visible` lists where an act is allowed, for SQL; `abilities` says what the
window may offer. All three ask the same `decide`, so they cannot disagree. Modules register their loaders in `app`.
"""

from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache
from typing import Generic, NoReturn, Protocol, TypeVar
from uuid import UUID

import msgspec

from bastide.core.errors import NotFound, Refused
from bastide.core.policy import (
    Action,
    Actor,
    ActorKind,
    Case,
    Decision,
    Holding,
    Label,
    Place,
    Role,
    Strength,
    decide,
)
from bastide.core.policy.holding import UNKNOWN
from bastide.core.ways import Stand, open_ways


class Thing(Protocol):
    """What can be fetched: it lies in a space, and someone made it (None: nobody in particular)."""

    @property
    def space_id(self) -> UUID: ...

    @property
    def author_id(self) -> UUID | None: ...


class Memberships(Protocol):
    """Who is what where, held in memory and kept true by the journal."""

    def place(self, space_id: UUID) -> Place | None: ...

    def role(self, space_id: UUID, person_id: UUID) -> Role | None: ...

    def spaces_of(self, person_id: UUID) -> frozenset[UUID]: ...


class Rulebook(Protocol):
    """What administrations declared, held in memory and kept true by the journal and the calendar."""

    def holding(self, label: Label) -> Holding:
        """What the instance may do today with spaces of a label."""
        ...

    def partner(self, owner_id: UUID, other_id: UUID) -> bool:
        """Whether an organisation lets agents of another into its restricted spaces."""
        ...


T = TypeVar("T", bound=Thing)
Loader = Callable[[UUID], Awaitable[T | None]]
Recorder = Callable[[Actor, Action, Decision, UUID | None], None]


class _Between(msgspec.Struct, frozen=True):
    """What lies between a space and an actor's organisation, and what the instance may hold."""

    foreign: bool = True
    partner: bool = False
    holding: Holding = UNKNOWN


_NOWHERE = _Between()
_NO_ID = UUID(int=0)


@lru_cache(maxsize=4096)
def _abilities(stand: Case) -> tuple[Action, ...]:
    """All acts allowed to whoever stands so: few stand differently, and lists ask it for thousands of spaces."""
    return tuple(a for a in Action if decide(msgspec.structs.replace(stand, action=a)).allowed)


class ThingKind(msgspec.Struct, Generic[T], frozen=True):
    """A kind of thing, with its name and its loader. Modules hold theirs as constants made in `app`."""

    name: str
    load: Loader[T]


class Fetched(msgspec.Struct, Generic[T], frozen=True):
    """A thing one was allowed to act on, with its place and one's role there."""

    thing: T
    place: Place
    role: Role | None
    decision: Decision


def problem_of(decision: Decision) -> NotFound | Refused:
    """A refusal as the problem that people are told."""
    if decision.hidden:
        return NotFound()
    return Refused(
        rule=decision.rule.value,
        reason=decision.reason,
        source=decision.source.value,
        ways=[way.value for way in decision.ways],
    )


class SpaceItself(msgspec.Struct, frozen=True):
    """A space as the thing acted on."""

    space_id: UUID
    author_id: UUID | None = None


class Access:
    """Asks the policy on behalf of use cases."""

    def __init__(self, memberships: Memberships, rulebook: Rulebook, record: Recorder) -> None:
        self._memberships = memberships
        self._rulebook = rulebook
        self._record = record

    async def fetch(self, actor: Actor, action: Action, kind: ThingKind[T], thing_id: UUID) -> Fetched[T]:
        """A thing, if the actor may do this to it.

        Raises:
            NotFound: it does not exist, or the actor may not learn that it does.
            Refused: a rule refuses a member; the refusal is recorded.
        """
        thing = await kind.load(thing_id)
        if thing is None:
            raise NotFound
        return self.check(actor, action, thing)

    def space(self, actor: Actor, action: Action, space_id: UUID) -> Fetched[SpaceItself]:
        """`fetch` for a space itself, from memory."""
        return self.check(actor, action, SpaceItself(space_id))

    def check(self, actor: Actor, action: Action, thing: T) -> Fetched[T]:
        """`fetch` for a thing already at hand (a group of messages, say)."""
        place = self._memberships.place(thing.space_id)
        if place is None:
            raise NotFound
        role = self._memberships.role(place.space_id, actor.person_id)
        decision = self.would(actor, action, place, role, own=thing.author_id == actor.person_id)
        self._enforce(actor, action, decision, place.space_id, place)
        return Fetched(thing, place, role, decision)

    def allow(
        self,
        actor: Actor,
        action: Action,
        *,
        place: Place | None = None,
        role: Role | None = None,
        own: bool = False,
    ) -> Decision:
        """Check an act on nothing that exists yet (a space to be made) or on no space (the directory)."""
        decision = self.would(actor, action, place, role, own=own)
        self._enforce(actor, action, decision, None, place)
        return decision

    def check_at(
        self, actor: Actor, action: Action, place: Place, role: Role | None, *, own: bool = False
    ) -> None:
        """`check` by what was read under a lock, where memory may not have heard yet of what was done before."""
        decision = self.would(actor, action, place, role, own=own)
        self._enforce(actor, action, decision, place.space_id, place)

    def would(
        self, actor: Actor, action: Action, place: Place | None, role: Role | None, *, own: bool = False
    ) -> Decision:
        """What the rule says of an act, without enforcing or recording it."""
        return decide(self._case(actor, action, place, role, own=own))

    def admits(
        self, kind: ActorKind, organisation_id: UUID, action: Action, place: Place, role: Role
    ) -> Decision:
        """What the rule says of somebody else's act in a space, if they sign in as surely as the space asks."""
        between = self._between(place, organisation_id)
        return decide(
            Case(
                action=action,
                kind=kind,
                role=role,
                place=place,
                strength=Strength.PASSKEY,
                foreign=between.foreign,
                partner=between.partner,
                holding=between.holding,
            )
        )

    def holding(self, label: Label) -> Holding:
        """What the instance may do today with spaces of a label."""
        return self._rulebook.holding(label)

    def refuse(self, actor: Actor, action: Action, decision: Decision, space_id: UUID | None) -> NoReturn:
        """Refuse an act because of a decision about what it brings with it (somebody who may not come in)."""
        place = None if space_id is None else self._memberships.place(space_id)
        self._record(actor, action, decision, space_id)
        raise problem_of(self.told(actor, decision, place))

    def told(self, actor: Actor, decision: Decision, place: Place | None) -> Decision:
        """A refusal as its person is told it: of its ways those that lead somewhere now (see `ways`)."""
        here = None if place is None else self._memberships.place(place.space_id)
        role = None if here is None else self._memberships.role(here.space_id, actor.person_id)
        stand = Stand(actor, here or place, role, made=here is not None, others=self._others(actor, here))
        ways = tuple(open_ways(decision, stand, self.would))
        return decision if ways == decision.ways else msgspec.structs.replace(decision, ways=ways)

    def _others(self, actor: Actor, here: Place | None) -> Iterator[tuple[Place, Role | None]]:
        for space_id in self._memberships.spaces_of(actor.person_id):
            place = self._memberships.place(space_id)
            if place is not None and (here is None or here.space_id != space_id):
                yield place, self._memberships.role(space_id, actor.person_id)

    def note(self, actor: Actor, action: Action, decision: Decision, space_id: UUID | None) -> None:
        """Record a refusal of a part of an act whose rest is done."""
        self._record(actor, action, decision, space_id)

    def offers(self, actor: Actor, action: Action) -> bool:
        """Whether an act on no particular space may be offered."""
        return self.would(actor, action, None, None, own=True).allowed

    def visible(self, actor: Actor, action: Action) -> list[UUID]:
        """The spaces where the actor may do this, as a parameter for `space_id = any(%(spaces)s)`."""
        mine = self._memberships.spaces_of(actor.person_id)
        return [space_id for space_id in mine if self._decide(actor, action, space_id).allowed]

    def abilities(self, actor: Actor, space_id: UUID) -> list[Action]:
        """All acts that the actor may do in a space, on what is theirs where authorship matters."""
        place = self._memberships.place(space_id)
        if place is None:
            return []
        role = self._memberships.role(space_id, actor.person_id)
        return self.abilities_at(actor, place, role)

    def abilities_at(self, actor: Actor, place: Place, role: Role | None) -> list[Action]:
        """`abilities` from what was read of a space and of the actor in it, for a view of one moment."""
        # Which space it is makes no difference to the rule, and would make every case a new one.
        alike = msgspec.structs.replace(place, space_id=_NO_ID, organisation_id=_NO_ID)
        case = self._case(actor, Action.SPACES_SPACE_READ, place, role, own=True)
        return list(_abilities(msgspec.structs.replace(case, place=alike)))

    def may(self, actor: Actor, action: Action, space_id: UUID, *, own: bool = True) -> bool:
        """Whether an act is allowed, without recording a refusal: for what is offered, not for what is done."""
        return self._decide(actor, action, space_id, own=own).allowed

    def standing(self, actor: Actor, space_id: UUID) -> tuple[object, ...]:
        """What of an actor the policy looks at in a space: who stands alike has the same abilities."""
        return (
            actor.kind,
            actor.strength,
            actor.administrator,
            actor.officer,
            actor.acting,
            actor.organisation_id,
            self._memberships.role(space_id, actor.person_id),
        )

    def _decide(self, actor: Actor, action: Action, space_id: UUID, *, own: bool = True) -> Decision:
        place = self._memberships.place(space_id)
        role = self._memberships.role(space_id, actor.person_id)
        return self.would(actor, action, place, role, own=own)

    def _case(
        self, actor: Actor, action: Action, place: Place | None, role: Role | None, *, own: bool
    ) -> Case:
        between = self._between(place, actor.organisation_id)
        return Case(
            action=action,
            kind=actor.kind,
            role=role,
            place=place,
            own=own,
            strength=actor.strength,
            foreign=between.foreign,
            partner=between.partner,
            administrator=actor.administrator,
            officer=actor.officer,
            acting=actor.acting,
            holding=between.holding,
        )

    def _between(self, place: Place | None, organisation_id: UUID) -> _Between:
        if place is None:
            return _NOWHERE
        owner = place.organisation_id
        foreign = owner != organisation_id
        return _Between(
            foreign=foreign,
            partner=foreign and self._rulebook.partner(owner, organisation_id),
            holding=self._rulebook.holding(place.label),
        )

    def _enforce(
        self,
        actor: Actor,
        action: Action,
        decision: Decision,
        space_id: UUID | None,
        place: Place | None,
    ) -> None:
        if decision.allowed:
            return
        if decision.hidden:
            raise NotFound
        self._record(actor, action, decision, space_id)
        raise problem_of(self.told(actor, decision, place))
