"""The one rule. Pure and total: no I/O, and an answer for every case."""

from bastide.core.policy.model import Case, Decision
from bastide.core.policy.table import TABLE, Need
from bastide.core.policy.words import Action, ActorKind, Label, RuleName, SpaceKind, rank

_OUTSIDERS = frozenset({ActorKind.GUEST, ActorKind.LINK})


def decide(case: Case) -> Decision:
    """Whether an act is allowed, by which rule and why. Rules are asked in the order of `RuleName`."""
    need = TABLE[case.action]
    if case.kind is ActorKind.SYSTEM:
        return Decision(allowed=True, rule=RuleName.ALLOWED, reason="system", duties=need.duties)
    return (
        _standing(case, need)
        or _space(case, need)
        or _right(case, need)
        or Decision(allowed=True, rule=RuleName.ALLOWED, reason="allowed", duties=need.duties)
    )


def _refuse(rule: RuleName, reason: str, *, hidden: bool = False) -> Decision:
    return Decision(allowed=False, rule=rule, reason=reason, hidden=hidden)


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
    if place is not None and case.kind in _OUTSIDERS and rank(place.label) > rank(Label.INTERNAL):
        return _refuse(RuleName.GUEST_LABEL, f"guest-in-{place.label.value}", hidden=outside)
    return None


def _space(case: Case, need: Need) -> Decision | None:
    """What the space is, and what it has switched on."""
    place = case.place
    if place is None:
        return None
    if place.kind not in need.kinds:
        return _refuse(RuleName.SPACE_KIND, f"not-in-{place.kind.value}")
    open_to_all = place.kind is SpaceKind.COMMUNITY and case.action in _ENTERING
    if open_to_all and rank(place.label) > rank(Label.INTERNAL):
        return _refuse(RuleName.COMMUNITY_LABEL, f"open-{place.label.value}", hidden=case.role is None)
    if need.tool is not None and need.tool not in place.tools:
        return _refuse(RuleName.TOOL_OFF, f"no-{need.tool.value}")
    return None


_ENTERING = frozenset(
    {
        Action.SPACES_LABEL_RAISE,
        Action.SPACES_SPACE_CREATE,
        Action.SPACES_SPACE_DISCOVER,
        Action.SPACES_SPACE_JOIN,
    }
)


def _right(case: Case, need: Need) -> Decision | None:
    """What the member is, and whose thing it is."""
    role = case.role
    if need.role is not None and role is not None and rank(role) < rank(need.role):
        return _refuse(RuleName.ROLE, f"needs-{need.role.value}")
    if need.own and not case.own:
        manages = need.own_or is not None and role is not None and rank(role) >= rank(need.own_or)
        if not manages:
            return _refuse(RuleName.AUTHORSHIP, "not-yours")
    return None
