"""Which of the ways that a refusal names can really be gone now: each leads to an act, and the rule is asked for it.

A rule names what may help in general (`policy.table.WAYS`). Whoever was refused may do some of that and not the rest, and
what closes a space may close the way out of it too: to name such a way would be to send somebody to the next refusal.
"""

from collections.abc import Callable, Iterable

import msgspec

from bastide.core.policy import (
    Action,
    Actor,
    ActorKind,
    Decision,
    Label,
    Place,
    Role,
    RuleName,
    SpaceKind,
    Way,
)
from bastide.core.policy.words import rank

Would = Callable[[Actor, Action, Place | None, Role | None], Decision]
_STRICTEST = {RuleName.GUEST_LABEL: Label.INTERNAL, RuleName.PARTNER: Label.SENSITIVE}
_LETS_IN = {RuleName.GUEST_LABEL: Action.SPACES_GUEST_INVITE, RuleName.PARTNER: Action.SPACES_MEMBER_ADD}

_IN_THE_SPACE = {
    Way.ASK_AUTHOR: Action.SPACES_MEMBER_LIST,
    Way.ASK_MANAGER: Action.SPACES_MEMBER_LIST,
    Way.ASK_SECOND_MANAGER: Action.SPACES_MEMBER_LIST,
    Way.EXPORT: Action.SPACES_SPACE_EXPORT,
    Way.SWITCH_ON_TOOL: Action.SPACES_SPACE_EDIT,
}
_ON_NO_SPACE = {Way.ASK_OFFICER: Action.HOSTING_DECLARATION_READ}


class Stand(msgspec.Struct, frozen=True):
    """Where somebody was refused.

    Attributes:
        actor: who.
        place: the space, or the one that was to be made; None for an act on no space.
        role: what they are in it; None outside.
        made: the space is there, and not only wished for.
        others: their other spaces, and what they are in them.
    """

    actor: Actor
    place: Place | None
    role: Role | None
    made: bool
    others: Iterable[tuple[Place, Role | None]] = ()


def open_ways(decision: Decision, stand: Stand, would: Would) -> list[Way]:
    """Those of a refusal's ways that lead to an act that is allowed now, in the refusal's order."""
    # Whoever manages the space can do no less than those they would ask.
    pointless = {Way.ASK_MANAGER} if stand.role is Role.MANAGER else set[Way]()
    return [way for way in decision.ways if way not in pointless and _leads(way, decision.rule, stand, would)]


def _leads(way: Way, rule: RuleName, stand: Stand, would: Would) -> bool:
    if way in _IN_THE_SPACE:
        return _here(_IN_THE_SPACE[way], stand, would)
    if way in _ON_NO_SPACE:
        return would(stand.actor, _ON_NO_SPACE[way], None, None).allowed
    if way is Way.ADD_PASSKEY:
        return stand.actor.kind in (ActorKind.AGENT, ActorKind.GUEST)  # one's own profile, always
    if way is Way.MAKE_TEAM:
        return any(_could_make(label, SpaceKind.TEAM, stand, would) for label in Label)
    if way is Way.INVITE_ELSEWHERE:
        return any(
            rank(other.label) <= rank(_STRICTEST[rule])
            and would(stand.actor, _LETS_IN[rule], other, role).allowed
            for other, role in stand.others
        )
    return _another_label(stand, would)


def _here(action: Action, stand: Stand, would: Would) -> bool:
    return stand.made and would(stand.actor, action, stand.place, stand.role).allowed


def _another_label(stand: Stand, would: Would) -> bool:
    """For a space to be made any label that is open; one that is there is lowered."""
    place = stand.place
    if place is None or (stand.made and not _here(Action.SPACES_LABEL_LOWER, stand, would)):
        return False
    labels = _below(place) if stand.made else Label
    return any(_could_make(label, place.kind, stand, would) for label in labels)


def _below(place: Place) -> Iterable[Label]:
    return (label for label in Label if rank(label) < rank(place.label))


def _could_make(label: Label, kind: SpaceKind, stand: Stand, would: Would) -> bool:
    """A label can be given where such a space could be made today."""
    if stand.place is None:  # a rule that names such a way is of places
        return False
    # A new space belongs to its maker's organisation; one that is there, to its own.
    owner = stand.place.organisation_id if stand.made else stand.actor.organisation_id
    wanted = msgspec.structs.replace(stand.place, label=label, kind=kind, organisation_id=owner)
    return would(stand.actor, Action.SPACES_SPACE_CREATE, wanted, Role.MANAGER).allowed
