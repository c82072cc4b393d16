"""The one rule. Pure and total: no I/O, and an answer for every case."""

from functools import lru_cache

from bastide.core.policy.model import Case, Decision
from bastide.core.policy.table import ADMITS, SOURCES, SOURCES_OF_REASONS, TABLE, WAYS, WAYS_OF_REASONS, Need
from bastide.core.policy.words import (
    ActorKind,
    Duty,
    Label,
    Nature,
    Office,
    RuleName,
    SpaceKind,
    Strength,
    rank,
)

_OUTSIDERS = frozenset({ActorKind.GUEST, ActorKind.LINK})
_INTERNAL = rank(Label.INTERNAL)


def decide(case: Case) -> Decision:
    """Whether an act is allowed, by which rule and why. Rules are asked in the order of `RuleName`."""
    need = TABLE[case.action]
    if case.kind is ActorKind.SYSTEM:
        return _allow("system", need.duties)
    return (
        _standing(case, need)
        or _label(case, need)
        or _space(case, need)
        or _holding(case, need)
        or _office(case, need)
        or _right(case, need)
        or _allow("allowed", _duties(case, need))
    )


def _duties(case: Case, need: Need) -> tuple[Duty, ...]:
    """What an allowed act owes where it is done."""
    above = case.place is not None and rank(case.place.label) > _INTERNAL
    return need.duties + need.duties_above_internal if above else need.duties


# There are few answers and many questions a second: each answer is made once.
@lru_cache(maxsize=64)
def _allow(reason: str, duties: tuple[Duty, ...]) -> Decision:
    return Decision(allowed=True, rule=RuleName.ALLOWED, reason=reason, duties=duties)


@lru_cache(maxsize=512)
def _refuse(rule: RuleName, reason: str, hidden: bool = False) -> Decision:  # noqa: FBT001, FBT002 - keywords are slower
    source = SOURCES_OF_REASONS.get(reason, SOURCES[rule])
    ways = WAYS_OF_REASONS.get(reason, WAYS[rule])
    return Decision(allowed=False, rule=rule, reason=reason, hidden=hidden, source=source, ways=ways)


def _standing(case: Case, need: Need) -> Decision | None:
    """Who asks, and whether they are inside. Who is outside learns nothing."""
    place, outside = case.place, case.role is None
    if need.role is not None and (outside or place is None):
        return _refuse(RuleName.MEMBERSHIP, "not-a-member", True)
    if place is not None and outside and place.kind is not SpaceKind.COMMUNITY:
        return _refuse(RuleName.MEMBERSHIP, "not-a-member", True)
    if case.kind not in need.actors:
        hidden = place is not None and outside
        return _refuse(RuleName.ACTOR, f"not-for-{case.kind.value}s", hidden)
    return None


def _label(case: Case, need: Need) -> Decision | None:
    """Who the label keeps out, member or not, and whom it lets nobody bring in."""
    place = case.place
    if place is None:
        return None
    outside = case.role is None
    if (need.admits_guests or case.kind in _OUTSIDERS) and rank(place.label) > _INTERNAL:
        return _refuse(RuleName.GUEST_LABEL, f"guest-in-{place.label.value}", outside)
    if place.label is Label.RESTRICTED and case.foreign and not case.partner:
        return _refuse(RuleName.PARTNER, "other-organisation", outside)
    return None


def _space(case: Case, need: Need) -> Decision | None:
    """What the space is."""
    place = case.place
    if place is None:
        return None
    if place.kind not in need.kinds:
        return _refuse(RuleName.SPACE_KIND, f"not-in-{place.kind.value}")
    if need.opens and place.kind is SpaceKind.COMMUNITY and rank(place.label) > _INTERNAL:
        return _refuse(RuleName.COMMUNITY_LABEL, f"open-{place.label.value}", case.role is None)
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


def _offices(case: Case) -> set[Office]:
    held = ((Office.ADMINISTRATOR, case.administrator), (Office.OFFICER, case.officer))
    return {office for office, holds in held if holds}


def _named(offices: frozenset[Office]) -> str:
    return "-or-".join(sorted(offices))


def _office(case: Case, need: Need) -> Decision | None:
    """What somebody answers for at the instance, and whether they are at it now."""
    if need.offices and not need.offices & _offices(case):
        return _refuse(RuleName.OFFICE, f"needs-{_named(need.offices)}")
    if need.acting and not case.acting:
        return _refuse(RuleName.ADMINISTRATION, "not-open")
    return None


def _right(case: Case, need: Need) -> Decision | None:
    """What the space has switched on, what the member is, and whose thing it is."""
    role, place = case.role, case.place
    if place is not None and need.tool is not None and need.tool not in place.tools:
        return _refuse(RuleName.TOOL_OFF, f"no-{need.tool.value}")
    if need.role is not None and role is not None and rank(role) < rank(need.role):
        return _refuse(RuleName.ROLE, f"needs-{need.role.value}")
    if need.own and not case.own:
        manages = need.own_or is not None and role is not None and rank(role) >= rank(need.own_or)
        if not manages:
            return _refuse(RuleName.AUTHORSHIP, "not-yours")
    if need.others and case.own:
        return _refuse(RuleName.SECOND_MANAGER, "your-own")
    return None
