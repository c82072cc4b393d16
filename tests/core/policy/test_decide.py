"""The rule: total, ordered, and as strict as we say."""

from itertools import product
from uuid import UUID

import pytest

from bastide.core.policy import (
    Action,
    ActorKind,
    Case,
    Label,
    Place,
    Role,
    RuleName,
    SpaceKind,
    Tool,
    decide,
    rank,
)
from bastide.core.policy.table import TABLE

ORGANISATION = UUID(int=1)
ALL_TOOLS = frozenset(Tool)
EVERY_CASE = [
    Case(
        action,
        kind,
        role,
        None if label is None else Place(UUID(int=2), ORGANISATION, space, label, tools),
        own,
    )
    for action, kind, role, space, label, tools, own in product(
        Action,
        ActorKind,
        [None, *Role],
        SpaceKind,
        [None, *Label],
        [frozenset[Tool](), ALL_TOOLS],
        [False, True],
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
        assert decide(Case(case.action, case.kind, higher, case.place, case.own)).allowed, case


def test_guests_and_links_never_act_above_internal() -> None:
    for case in EVERY_CASE:
        if case.kind not in (ActorKind.GUEST, ActorKind.LINK) or case.place is None:
            continue
        if rank(case.place.label) > rank(Label.INTERNAL):
            assert not decide(case).allowed, case


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (Case(Action.CHAT_MESSAGE_SEND, ActorKind.AGENT, Role.READER, place()), RuleName.ROLE),
        (Case(Action.CHAT_MESSAGE_SEND, ActorKind.AGENT, Role.CONTRIBUTOR, place()), RuleName.ALLOWED),
        (Case(Action.CHAT_MESSAGE_SEND, ActorKind.AGENT, None, place()), RuleName.MEMBERSHIP),
        (
            Case(
                Action.CHAT_MESSAGE_SEND, ActorKind.AGENT, Role.MANAGER, place(tools=frozenset({Tool.FILES}))
            ),
            RuleName.TOOL_OFF,
        ),
        (
            Case(Action.CHAT_MESSAGE_READ, ActorKind.GUEST, Role.READER, place(Label.INTERNAL)),
            RuleName.ALLOWED,
        ),
        (
            Case(Action.CHAT_MESSAGE_READ, ActorKind.GUEST, Role.READER, place(Label.SENSITIVE)),
            RuleName.GUEST_LABEL,
        ),
        (
            Case(Action.CHAT_MESSAGE_EDIT, ActorKind.AGENT, Role.MANAGER, place(), own=False),
            RuleName.AUTHORSHIP,
        ),
        (
            Case(Action.CHAT_MESSAGE_DELETE, ActorKind.AGENT, Role.MANAGER, place(), own=False),
            RuleName.ALLOWED,
        ),
        (
            Case(Action.CHAT_MESSAGE_DELETE, ActorKind.AGENT, Role.CONTRIBUTOR, place(), own=False),
            RuleName.AUTHORSHIP,
        ),
        (Case(Action.SPACES_MEMBER_ADD, ActorKind.AGENT, Role.CONTRIBUTOR, place()), RuleName.ROLE),
        (
            Case(Action.SPACES_MEMBER_ADD, ActorKind.AGENT, Role.CONTRIBUTOR, place(kind=SpaceKind.DIRECT)),
            RuleName.SPACE_KIND,
        ),
        (
            Case(Action.SPACES_SPACE_JOIN, ActorKind.AGENT, None, place(kind=SpaceKind.COMMUNITY)),
            RuleName.ALLOWED,
        ),
        (Case(Action.SPACES_SPACE_JOIN, ActorKind.AGENT, None, place()), RuleName.MEMBERSHIP),
        (
            Case(
                Action.SPACES_SPACE_JOIN, ActorKind.AGENT, None, place(Label.SENSITIVE, SpaceKind.COMMUNITY)
            ),
            RuleName.COMMUNITY_LABEL,
        ),
        (Case(Action.PEOPLE_DIRECTORY_SEARCH, ActorKind.GUEST), RuleName.ACTOR),
        (Case(Action.MEET_CALL_SPEAK, ActorKind.AGENT, Role.READER, place()), RuleName.ROLE),
        (Case(Action.MEET_CALL_JOIN, ActorKind.AGENT, Role.READER, place()), RuleName.ALLOWED),
    ],
)
def test_the_rule_that_answers(case: Case, rule: RuleName) -> None:
    assert decide(case).rule is rule
