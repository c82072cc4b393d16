"""docs/policy: the pages are what the rule says now, and their parts together are the whole rule."""

from itertools import product
from pathlib import Path

import pytest

from bastide import matrix
from bastide.cli import main
from bastide.core.policy import (
    ActorKind,
    Case,
    Declared,
    HoldingState,
    Label,
    Reading,
    SpaceKind,
    decide,
)
from bastide.matrix import APPROVALS, EXCEPTIONS, HOSTINGS, by_approval, by_hosting, held, strictest
from bastide.settings import ROOT
from tests.core.policy.test_decide import every_case


def test_the_pages_are_up_to_date() -> None:
    for name, text in matrix.pages().items():
        there = (ROOT / "docs" / "policy" / name).read_text(encoding="utf-8")
        assert there == text, f"docs/policy/{name} is not what the rule says now: run ./bastide policy"


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(matrix.pages())
    for what in ([], ["nothing-of-the-kind"], ["../tests/conftest"]):
        assert main(["bench", *what]) == 2
    assert "policy" in capsys.readouterr().err


def test_hosting_and_approval_read_together_are_all_that_is_held() -> None:
    for hosting, reading, exception, approval in product(HOSTINGS, Reading, EXCEPTIONS, APPROVALS):
        whole = held(Declared(HOSTINGS[hosting], reading, EXCEPTIONS[exception], APPROVALS[approval]))
        parts = strictest(by_hosting(hosting, reading, exception), by_approval(approval))
        assert [h.state for h in whole] == parts, (hosting, reading, exception, approval)


def test_the_parts_of_an_act_read_together_are_the_rule() -> None:
    """Each case is allowed when every part of the page allows it, and not otherwise."""
    parts = Parts()
    for case in every_case():
        if case.kind is not ActorKind.SYSTEM:
            assert parts.allow(case) is decide(case).allowed, case


class Parts:
    """The page's parts, each square asked once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], bool] = {}

    def allow(self, case: Case) -> bool:
        act, place, member = case.action, case.place, case.role is not None
        if place is None:
            if not matrix.on_no_space(act):
                return self._spaceless(case)
            return self._nowhere(case)
        if matrix.on_no_space(act):
            # what is on no space makes nothing of the one it is asked in, if one is in it
            return (
                (member or place.kind is SpaceKind.COMMUNITY) and self._in_label(case) and self._nowhere(case)
            )
        if not member and place.kind is not SpaceKind.COMMUNITY:
            return False
        return (
            self._ask(matrix.who, act, case.kind, case.role, case.own)
            and self._in_label(case)
            and self._where(case)
            and self._ask(matrix.when, act, state_of(case))
            and self._tools(case)
        )

    def _where(self, case: Case) -> bool:
        assert case.place is not None
        key = ("where", case.action, case.place.kind, case.place.label, case.role is not None)
        if key not in self._known:
            self._known[key] = matrix.where(
                case.action, case.place.kind, case.place.label, member=case.role is not None
            ).allowed
        return self._known[key]

    def _in_label(self, case: Case) -> bool:
        """Guests and links below, and of restricted spaces who is surely known and no stranger."""
        assert case.place is not None
        label = case.place.label
        if case.kind in (ActorKind.GUEST, ActorKind.LINK) and label in (Label.SENSITIVE, Label.RESTRICTED):
            return False
        if label is not Label.RESTRICTED:
            return True
        key = ("known", case.action, case.strength, case.foreign, case.partner)
        if key not in self._known:
            decision = matrix.known(case.action, case.strength, foreign=case.foreign, partner=case.partner)
            # what a restricted team forbids as a team, and to guests, the second part says of this kind of space
            self._known[key] = decision.allowed or decision.rule.value in ("space-kind", "guest-label")
        return self._known[key]

    def _tools(self, case: Case) -> bool:
        assert case.place is not None
        key = ("tools", case.action, case.place.tools)
        if key not in self._known:
            self._known[key] = matrix.with_tools(case.action, case.place.tools).allowed
        return self._known[key]

    def _nowhere(self, case: Case) -> bool:
        stand = matrix.Stand(case.administrator, case.officer, case.acting)
        return self._ask(matrix.nowhere, case.action, case.kind, case.own, stand)

    def _spaceless(self, case: Case) -> bool:
        """An act on a space that is asked of none: whether to offer it at all. Only what needs no role is."""
        needs_role = matrix.TABLE[case.action].role is not None
        return not needs_role and self._ask(matrix.who, case.action, case.kind, None, case.own)

    def _ask(self, part: object, *coordinates: object) -> bool:
        key = (part, *coordinates)
        if key not in self._known:
            self._known[key] = part(*coordinates).allowed  # type: ignore[operator]
        return self._known[key]


def state_of(case: Case) -> HoldingState:
    return case.holding.state
