"""What a decision is made from, and what it is."""

from uuid import UUID

import msgspec

from bastide.core.policy.words import (
    Action,
    ActorKind,
    Duty,
    Label,
    Role,
    RuleName,
    SpaceKind,
    Strength,
    Tool,
)


class Actor(msgspec.Struct, frozen=True):
    """Who acts, from an authenticated session; never built from what a client says of itself."""

    kind: ActorKind
    person_id: UUID
    organisation_id: UUID
    device_id: UUID
    session_id: UUID
    strength: Strength = Strength.PASSWORD


class Place(msgspec.Struct, frozen=True):
    """What the policy must know of a space."""

    space_id: UUID
    organisation_id: UUID
    kind: SpaceKind
    label: Label
    tools: frozenset[Tool]


class Case(msgspec.Struct, frozen=True):
    """One question to the policy. `own`: the thing acted on was made by the actor."""

    action: Action
    kind: ActorKind
    role: Role | None = None
    place: Place | None = None
    own: bool = False


class Decision(msgspec.Struct, frozen=True):
    """The answer. `hidden`: the actor may not even learn that the thing exists (404 instead of 403).

    `reason` is a stable word that, with the rule, picks the sentence for people.
    """

    allowed: bool
    rule: RuleName
    reason: str
    duties: tuple[Duty, ...] = ()
    hidden: bool = False
