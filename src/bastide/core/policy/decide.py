"""The one rule. Pure and total: no I/O, and an answer for every case."""

from bastide.core.policy.model import Case, Decision
from bastide.core.policy.table import ADMITS, SOURCES, TABLE, WAYS, Need
from bastide.core.policy.words import (
    Action,
    ActorKind,
    Label,
    Nature,
    RuleName,
    SpaceKind,
    Strength,
    rank,
)

_OUTSIDERS = frozenset({ActorKind.GUEST, ActorKind.LINK})
_ENTERING = frozenset(
    {
        Action.SPACES_LABEL_RAISE,
        Action.SPACES_SPACE_CREATE,
        Action.SPACES_SPACE_DISCOVER,
        Action.SPACES_SPACE_JOIN,
    }
)


def decide(case: Case) -> Decision:
    """Whether an act is allowed, by which rule and why. Rules are asked in the order of `RuleName`."""
    need = TABLE[case.action]
    if case.kind is ActorKind.SYSTEM:
        return Decision(allowed=True, rule=RuleName.ALLOWED, reason="system", duties=need.duties)
    return (
        _standing(case, need)
        or _label(case)
        or _space(case, need)
        or _holding(case, need)
        or _right(case, need)
        or Decision(allowed=True, rule=RuleName.ALLOWED, reason="allowed", duties=need.duties)
    )


def _refuse(rule: RuleName, reason: str, *, hidden: bool = False) -> Decision:
    return Decision(
        allowed=False, rule=rule, reason=reason, hidden=hidden, source=SOURCES[rule], ways=WAYS[rule]
    )


def _standing(case: Case, need: Need) -> Decision | None:
    """Who asks, and whether they are inside. Who is outside learns nothing."""
    if need.role is not None and case.role is None:
        return _refuse(RuleName.MEMBERSHIP, "not-a-member", hidden=True)
    place = case.place
    outside = case.role is None
    if place is not None and outside and need.role is None and place.kind is not SpaceKind.COMMUNITY:
        return _refuse(RuleName.MEMBERSHIP, "not-a-member", hidden=True)
    if case.kind not in need.actors:
        hidden = place is not None and outside
        return _refuse(RuleName.ACTOR, f"not-for-{case.kind.value}s", hidden=hidden)
    return None


def _label(case: Case) -> Decision | None:
    """Who the label keeps out, member or not."""
    place = case.place
    if place is None:
        return None
    outside = case.role is None
    if case.kind in _OUTSIDERS and rank(place.label) > rank(Label.INTERNAL):
        return _refuse(RuleName.GUEST_LABEL, f"guest-in-{place.label.value}", hidden=outside)
    if place.label is Label.RESTRICTED and case.foreign and not case.partner:
        return _refuse(RuleName.PARTNER, "other-organisation", hidden=outside)
    return None


def _space(case: Case, need: Need) -> Decision | None:
    """What the space is."""
    place = case.place
    if place is None:
        return None
    if place.kind not in need.kinds:
        return _refuse(RuleName.SPACE_KIND, f"not-in-{place.kind.value}")
    open_to_all = place.kind is SpaceKind.COMMUNITY and case.action in _ENTERING
    if open_to_all and rank(place.label) > rank(Label.INTERNAL):
        return _refuse(RuleName.COMMUNITY_LABEL, f"open-{place.label.value}", hidden=case.role is None)
    return None


def _holding(case: Case, need: Need) -> Decision | None:
    """What the instance may hold today, and how surely the actor is who they say."""
    place, nature = case.place, need.nature
    if place is None or nature is None:
        return None
    holding = case.holding
    if nature not in ADMITS[holding.state]:
        return _refuse(holding.rule, holding.reason)
    weak = place.label is Label.RESTRICTED and case.strength is not Strength.PASSKEY
    if weak and nature is not Nature.STAND:
        return _refuse(RuleName.STRONG_SIGN_IN, "password-only")
    return None


def _right(case: Case, need: Need) -> Decision | None:
    """What the space has switched on, what the member is, and whose thing it is."""
    if need.administrator and not case.administrator:
        return _refuse(RuleName.OFFICE, "needs-administrator")
    role, place = case.role, case.place
    if place is not None and need.tool is not None and need.tool not in place.tools:
        return _refuse(RuleName.TOOL_OFF, f"no-{need.tool.value}")
    if need.role is not None and role is not None and rank(role) < rank(need.role):
        return _refuse(RuleName.ROLE, f"needs-{need.role.value}")
    if need.own and not case.own:
        manages = need.own_or is not None and role is not None and rank(role) >= rank(need.own_or)
        if not manages:
            return _refuse(RuleName.AUTHORSHIP, "not-yours")
    return None
