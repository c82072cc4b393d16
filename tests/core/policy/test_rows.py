"""The rows hold as they stand, and no rule may go without one of them failing."""

import pytest

from bastide.core.policy import decide, hold
from tests.core.policy.grid import GRID
from tests.core.policy.mutants import Mutant, mutants
from tests.core.policy.rows import ROWS, Held, Row


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.tells)
def test_the_story(row: Row | Held) -> None:
    assert row.check(decide, hold) == row.gives


def test_the_grid() -> None:
    for row in GRID:
        assert row.check(decide, hold) == row.gives, row.tells


def test_rows_are_told_once_and_name_their_source() -> None:
    assert len({row.tells for row in ROWS}) == len(ROWS)
    assert all(row.source for row in ROWS)


# What is decided, and how, one change at a time.


@pytest.mark.parametrize("mutant", mutants(), ids=str)
def test_no_rule_may_go_unnoticed(mutant: Mutant) -> None:
    with mutant.living() as (other_decide, other_hold):
        squares = [square for square in GRID if square.row.action is mutant.act]
        for row in (*squares, *ROWS):
            try:
                answer = row.check(other_decide, other_hold)
            except Exception:  # noqa: BLE001 - a rule that breaks is noticed, too
                return
            if answer != row.gives:
                return
    pytest.fail(f"nothing tells of this change: {mutant}")
