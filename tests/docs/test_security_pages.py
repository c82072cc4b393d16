"""`docs/security`: what its pages name exists and runs, every requirement stands there once, and every row says something."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.acceptance import unfound

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "security"

# ASVS 5.0.0: how many requirements of levels 1 and 2 each chapter has.
CHAPTERS = (27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7)
STATES = ("held", "partly", "not held", "not applicable")


def rows(page: str) -> Iterator[list[str]]:
    """The cells of each row of a page's tables, without the rows above and below their heads."""
    for line in (PAGES / page).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and not set(line) <= set("|-: "):
            yield cells


def asvs() -> list[list[str]]:
    return [cells for cells in rows("asvs.md") if re.fullmatch(r"\d+\.\d+\.\d+", cells[0])]


@pytest.mark.parametrize("page", ["asvs.md", "cases.md", "threats.md"])
def test_what_is_named_is_there(page: str) -> None:
    text = (PAGES / page).read_text(encoding="utf-8")
    named = [name for name in re.findall(r"`([^`]+)`", text) if "/" in name]
    assert named
    assert [name for name in named if unfound(name, ROOT)] == []


def test_what_is_not_there_is_found_out() -> None:
    here = "tests/docs/test_security_pages.py"
    assert not unfound(f"{here}::test_the_count_is_true", ROOT)
    assert not unfound("SECURITY.md", ROOT)
    for name in ("docs/none.md", f"{here}::test_the_count", f"{here}::rows", "src/bastide/app.py::openapi"):
        assert unfound(name, ROOT), name


def test_every_requirement_stands_there_once() -> None:
    numbers = [tuple(map(int, cells[0].split("."))) for cells in asvs()]
    assert numbers == sorted(set(numbers))
    assert tuple(Counter(number[0] for number in numbers).values()) == CHAPTERS


def test_every_requirement_says_what_holds_it_or_why_not() -> None:
    for number, level, short, state, why in asvs():
        assert level in {"1", "2"}, number
        assert short, number
        assert state in STATES, number
        assert why, number
        if state == "held":
            assert "`" in why, f"{number} is held by nothing that is named"


def test_the_count_is_true() -> None:
    counted = Counter(cells[3] for cells in asvs())
    said = ", ".join(f"{counted[state]} {state}" for state in STATES)
    text = (PAGES / "asvs.md").read_text(encoding="utf-8")
    assert f"Today: {said}, of {sum(counted.values())}." in text


def test_every_case_has_a_test_or_a_reason() -> None:
    cases = list(rows("cases.md"))[1:]
    assert len(cases) >= 26
    for happened, _, tests, beside in cases:
        assert "::" in tests or beside, happened
