"""The rule: total, ordered, and as strict as we say."""

from itertools import product
from typing import Any
from uuid import UUID

import msgspec
import pytest

from bastide.core.policy import (
    Action,
    ActorKind,
    Case,
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


EVERY_CASE = [
    Case(
        action,
        kind,
        role,
        None if label is None else Place(UUID(int=2), ORGANISATION, space, label, tools),
        own,
        strength=strength,
        foreign=foreign,
        partner=partner,
        administrator=own,
        holding=holding,
    )
    for action, kind, role, space, label, tools, own, strength, (foreign, partner), holding in product(
        Action,
        ActorKind,
        [None, *Role],
        SpaceKind,
        [None, *Label],
        [frozenset[Tool](), ALL_TOOLS],
        [False, True],
        Strength,
        [(False, False), (True, False), (True, True)],
        [OPEN, READ_ONLY, CLOSED],
    )
]


def place(
    label: Label = Label.INTERNAL, kind: SpaceKind = SpaceKind.TEAM, tools: frozenset[Tool] = ALL_TOOLS
) -> Place:
    return Place(UUID(int=2), ORGANISATION, kind, label, tools)


def test_every_case_has_an_answer() -> None:
    for case in EVERY_CASE:
        decision = decide(case)
        assert decision.allowed == (decision.rule is RuleName.ALLOWED)
        assert decision.reason


def test_who_is_outside_learns_nothing() -> None:
    for case in EVERY_CASE:
        if case.place is None or case.role is not None or case.kind is ActorKind.SYSTEM:
            continue
        decision = decide(case)
        if decision.allowed:
            # only making a space or finding and joining an open one asks for no membership
            assert TABLE[case.action].role is None
        elif case.place.kind is not SpaceKind.COMMUNITY:
            assert decision.hidden, case


def test_a_member_is_told_why() -> None:
    for case in EVERY_CASE:
        if case.role is not None:
            assert not decide(case).hidden


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    for case in EVERY_CASE:
        if case.role in (None, Role.MANAGER) or not decide(case).allowed:
            continue
        higher = next(r for r in Role if rank(r) == rank(case.role) + 1)
        assert decide(msgspec.structs.replace(case, role=higher)).allowed, case


def test_guests_and_links_never_act_above_internal() -> None:
    for case in EVERY_CASE:
        if case.kind not in (ActorKind.GUEST, ActorKind.LINK) or case.place is None:
            continue
        if rank(case.place.label) > rank(Label.INTERNAL):
            assert not decide(case).allowed, case


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
