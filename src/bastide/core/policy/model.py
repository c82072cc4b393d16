"""What a decision is made from, and what it is."""

from uuid import UUID

import msgspec

from bastide.core.policy.holding import UNKNOWN, Holding
from bastide.core.policy.words import (
    Action,
    ActorKind,
    Duty,
    Label,
    Role,
    RuleName,
    Source,
    SpaceKind,
    Strength,
    Tool,
    Way,
)


class Actor(msgspec.Struct, frozen=True):
    """Who acts, from an authenticated session; never built from what a client says of itself.

    `administrator`, `officer`: the offices they hold; `acting`: their session is in administration now.
    """

    kind: ActorKind
    person_id: UUID
    organisation_id: UUID
    device_id: UUID
    session_id: UUID
    strength: Strength = Strength.PASSWORD
    administrator: bool = False
    officer: bool = False
    acting: bool = False


class Place(msgspec.Struct, frozen=True):
    """What the policy must know of a space."""

    space_id: UUID
    organisation_id: UUID
    kind: SpaceKind
    label: Label
    tools: frozenset[Tool]


class Case(msgspec.Struct, frozen=True):
    """One question to the policy. What is not said is taken at its strictest.

    Attributes:
        action: the act.
        kind: what the actor is.
        role: what they are in the space; None when they are outside.
        place: the space; None for an act on no space.
        own: the thing acted on was made by the actor.
        strength: how surely the actor is who they say.
        foreign: the actor belongs to another organisation than the space.
        partner: the owning organisation lets agents of the actor's organisation into restricted spaces.
        administrator: the actor administers their organisation's people and spaces.
        officer: the actor is a security officer of the instance.
        acting: the actor's session is in administration.
        holding: what the instance may do today with spaces of the place's label.
    """

    action: Action
    kind: ActorKind
    role: Role | None = None
    place: Place | None = None
    own: bool = False
    strength: Strength = Strength.PASSWORD
    foreign: bool = True
    partner: bool = False
    administrator: bool = False
    officer: bool = False
    acting: bool = False
    holding: Holding = UNKNOWN


class Decision(msgspec.Struct, frozen=True):
    """The answer. `hidden`: the actor may not even learn that the thing exists (404 instead of 403).

    `reason` is a stable word that, with the rule, picks the sentence for people; `source` is who set the rule, and
    `ways` what one may do instead, where one's abilities allow it.
    """

    allowed: bool
    rule: RuleName
    reason: str
    duties: tuple[Duty, ...] = ()
    hidden: bool = False
    source: Source = Source.BASTIDE
    ways: tuple[Way, ...] = ()
