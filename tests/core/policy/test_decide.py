"""The rule: total, ordered, and as strict as we say."""

from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import UUID

import msgspec
import pytest

from bastide.core.policy import (
    Action,
    ActorKind,
    Case,
    Decision,
    Duty,
    Holding,
    HoldingState,
    Label,
    Place,
    Role,
    RuleName,
    SpaceKind,
    Strength,
    Tool,
    decide,
    rank,
)
from bastide.core.policy.table import TABLE

ORGANISATION = UUID(int=1)
OPEN = Holding(HoldingState.OPEN, RuleName.ALLOWED, "premises")
READ_ONLY = Holding(HoldingState.READ_ONLY, RuleName.APPROVAL, "approval-expired")
CLOSED = Holding(HoldingState.CLOSED, RuleName.HOSTING, "commercial-cloud")
ALL_TOOLS = frozenset(Tool)


def at_home(*words: Any, **more: Any) -> Case:
    """A case of somebody surely known, at home, on an instance that may hold everything."""
    known: dict[str, Any] = {"foreign": False, "strength": Strength.PASSKEY, "holding": OPEN}
    return Case(*words, **(known | more))


class Around(msgspec.Struct, frozen=True):
    """What lies around an act: all is well but for what is said."""

    tools: frozenset[Tool] = ALL_TOOLS
    strength: Strength = Strength.PASSKEY
    foreign: bool = False
    partner: bool = False
    administrator: bool = False
    officer: bool = False
    acting: bool = False
    holding: Holding = OPEN


# All well, each thing amiss alone, and everything at once.
AROUND = [
    Around(),
    Around(tools=frozenset()),
    Around(strength=Strength.PASSWORD),
    Around(foreign=True),
    Around(foreign=True, partner=True),
    Around(administrator=True),
    Around(administrator=True, acting=True),
    Around(officer=True, acting=True),
    Around(holding=READ_ONLY),
    Around(holding=CLOSED),
    Around(frozenset(), Strength.PASSWORD, foreign=True, holding=CLOSED),
]
PLACES = [None, *product(SpaceKind, Label)]


def every_case() -> Iterator[Case]:
    """Every act of every actor in every role and place, on what is theirs and what is not, whatever lies around."""
    for action, kind, role, where, own, around in product(
        Action, ActorKind, [None, *Role], PLACES, [False, True], AROUND
    ):
        yield Case(
            action,
            kind,
            role,
            None if where is None else Place(UUID(int=2), ORGANISATION, *where, around.tools),
            own,
            strength=around.strength,
            foreign=around.foreign,
            partner=around.partner,
            administrator=around.administrator,
            officer=around.officer,
            acting=around.acting,
            holding=around.holding,
        )


def place(
    label: Label = Label.INTERNAL, kind: SpaceKind = SpaceKind.TEAM, tools: frozenset[Tool] = ALL_TOOLS
) -> Place:
    return Place(UUID(int=2), ORGANISATION, kind, label, tools)


def test_every_case_has_an_answer_and_the_answers_agree() -> None:
    """One walk through all of them: there are more than a hundred thousand."""
    for case in every_case():
        decision = decide(case)
        assert decision.allowed == (decision.rule is RuleName.ALLOWED)
        assert decision.reason
        who_is_outside_learns_nothing(case, decision)
        guests_and_links_stay_below(case, decision)
        if decision.allowed:
            more_never_takes_away(case)


def who_is_outside_learns_nothing(case: Case, decision: Decision) -> None:
    if case.kind is ActorKind.SYSTEM or case.place is None:
        return
    if case.role is not None:
        assert not decision.hidden, "a member is told why"
    elif decision.allowed:
        # only making a space or finding and joining an open one asks for no membership
        assert TABLE[case.action].role is None
    elif case.place.kind is not SpaceKind.COMMUNITY:
        assert decision.hidden, case


def guests_and_links_stay_below(case: Case, decision: Decision) -> None:
    outsiders = case.kind in (ActorKind.GUEST, ActorKind.LINK)
    if outsiders and case.place is not None and rank(case.place.label) > rank(Label.INTERNAL):
        assert not decision.allowed, case


def more_never_takes_away(case: Case) -> None:
    """A higher role, a surer sign-in, an open instance: who may, may still."""
    if case.role not in (None, Role.MANAGER):
        higher = next(r for r in Role if rank(r) == rank(case.role) + 1)
        assert decide(msgspec.structs.replace(case, role=higher)).allowed, case
    if case.holding is not OPEN or case.strength is Strength.PASSWORD:
        well = msgspec.structs.replace(case, holding=OPEN, strength=Strength.PASSKEY)
        assert decide(well).allowed, case


def test_links_would_stay_below_internal_whatever_they_may_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    need = TABLE[Action.FILES_FILE_READ]
    monkeypatch.setitem(
        TABLE, Action.FILES_FILE_READ, msgspec.structs.replace(need, actors=frozenset(ActorKind))
    )
    for label in Label:
        decision = decide(at_home(Action.FILES_FILE_READ, ActorKind.LINK, Role.READER, place(label)))
        assert decision.allowed is (rank(label) <= rank(Label.INTERNAL))


def test_the_rules_are_asked_in_the_order_of_their_names() -> None:
    """Of two that refuse, the one that stands first is told."""
    order = list(RuleName)
    worst = Case(Action.CHAT_MESSAGE_EDIT, ActorKind.LINK, None, place(Label.RESTRICTED, tools=frozenset()))
    mended: list[dict[str, Any]] = [
        {"role": Role.READER},
        {"kind": ActorKind.GUEST},
        {"kind": ActorKind.AGENT},
        {"foreign": False},
        {"holding": READ_ONLY},
        {"holding": OPEN},
        {"strength": Strength.PASSKEY},
        {"place": place(Label.RESTRICTED)},
        {"role": Role.CONTRIBUTOR},
        {"own": True},
    ]
    told = [decide(worst).rule]
    for fields in mended:
        worst = msgspec.structs.replace(worst, **fields)
        told.append(decide(worst).rule)
    assert [rule.value for rule in told] == [
        "membership",
        "actor",
        "guest-label",
        "partner",
        "hosting",
        "approval",
        "strong-sign-in",
        "tool-off",
        "role",
        "authorship",
        "allowed",
    ]
    assert sorted(told, key=order.index) == told


def test_who_set_a_rule_and_what_one_may_do_instead() -> None:
    """Every refusal names its source; what nobody declared is no law's doing."""
    said = {}
    for reason in ("commercial-cloud", "undeclared", "profile-lapsed"):
        held = Holding(HoldingState.CLOSED, RuleName.HOSTING, reason)
        decision = decide(
            at_home(Action.CHAT_MESSAGE_READ, ActorKind.AGENT, Role.READER, place(), holding=held)
        )
        said[reason] = decision.source.value
        assert decision.ways
    assert said == {"commercial-cloud": "law", "undeclared": "instance", "profile-lapsed": "instance"}


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (at_home(Action.CHAT_MESSAGE_SEND, ActorKind.AGENT, Role.READER, place()), RuleName.ROLE),
        (at_home(Action.CHAT_MESSAGE_SEND, ActorKind.AGENT, Role.CONTRIBUTOR, place()), RuleName.ALLOWED),
        (at_home(Action.CHAT_MESSAGE_SEND, ActorKind.AGENT, None, place()), RuleName.MEMBERSHIP),
        (
            at_home(
                Action.CHAT_MESSAGE_SEND, ActorKind.AGENT, Role.MANAGER, place(tools=frozenset({Tool.FILES}))
            ),
            RuleName.TOOL_OFF,
        ),
        (
            at_home(Action.CHAT_MESSAGE_READ, ActorKind.GUEST, Role.READER, place(Label.INTERNAL)),
            RuleName.ALLOWED,
        ),
        (
            at_home(Action.CHAT_MESSAGE_READ, ActorKind.GUEST, Role.READER, place(Label.SENSITIVE)),
            RuleName.GUEST_LABEL,
        ),
        (
            at_home(Action.CHAT_MESSAGE_EDIT, ActorKind.AGENT, Role.MANAGER, place(), own=False),
            RuleName.AUTHORSHIP,
        ),
        (
            at_home(Action.CHAT_MESSAGE_DELETE, ActorKind.AGENT, Role.MANAGER, place(), own=False),
            RuleName.ALLOWED,
        ),
        (
            at_home(Action.CHAT_MESSAGE_DELETE, ActorKind.AGENT, Role.CONTRIBUTOR, place(), own=False),
            RuleName.AUTHORSHIP,
        ),
        (at_home(Action.SPACES_MEMBER_ADD, ActorKind.AGENT, Role.CONTRIBUTOR, place()), RuleName.ROLE),
        (
            at_home(
                Action.SPACES_MEMBER_ADD, ActorKind.AGENT, Role.CONTRIBUTOR, place(kind=SpaceKind.DIRECT)
            ),
            RuleName.SPACE_KIND,
        ),
        (
            at_home(Action.SPACES_SPACE_JOIN, ActorKind.AGENT, None, place(kind=SpaceKind.COMMUNITY)),
            RuleName.ALLOWED,
        ),
        (at_home(Action.SPACES_SPACE_JOIN, ActorKind.AGENT, None, place()), RuleName.MEMBERSHIP),
        (
            at_home(
                Action.SPACES_SPACE_JOIN, ActorKind.AGENT, None, place(Label.SENSITIVE, SpaceKind.COMMUNITY)
            ),
            RuleName.COMMUNITY_LABEL,
        ),
        (at_home(Action.PEOPLE_DIRECTORY_SEARCH, ActorKind.GUEST), RuleName.ACTOR),
        (at_home(Action.MEET_CALL_SPEAK, ActorKind.AGENT, Role.READER, place()), RuleName.ROLE),
        (at_home(Action.MEET_CALL_JOIN, ActorKind.AGENT, Role.READER, place()), RuleName.ALLOWED),
        (
            at_home(Action.SPACES_LABEL_CONFIRM, ActorKind.AGENT, Role.MANAGER, place(Label.SENSITIVE)),
            RuleName.ALLOWED,
        ),
        (
            at_home(
                Action.SPACES_LABEL_CONFIRM, ActorKind.AGENT, Role.MANAGER, place(Label.SENSITIVE), own=True
            ),
            RuleName.SECOND_MANAGER,
        ),
    ],
)
def test_the_rule_that_answers(case: Case, rule: RuleName) -> None:
    assert decide(case).rule is rule


def test_from_sensitive_down_a_second_manager_is_owed() -> None:
    for label in Label:
        decision = decide(at_home(Action.SPACES_LABEL_LOWER, ActorKind.AGENT, Role.MANAGER, place(label)))
        assert decision.allowed
        assert Duty.REASON in decision.duties
        assert (Duty.SECOND_MANAGER in decision.duties) is (rank(label) > rank(Label.INTERNAL))
        raising = decide(at_home(Action.SPACES_LABEL_RAISE, ActorKind.AGENT, Role.MANAGER, place(label)))
        assert raising.duties == (Duty.AUDIT,)
