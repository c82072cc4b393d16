"""`docs/acceptance.md`: each promise has something that shows it, and what it names is a test that runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.acceptance import problems

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "acceptance.md"


@pytest.fixture(scope="module")
def collected() -> set[str]:
    """All that pytest would run, whatever this run was asked for."""
    asked = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "--no-header", "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout[-2000:] + asked.stderr[-2000:]
    return {line for line in asked.stdout.splitlines() if "::" in line}


def test_each_promise_names_what_shows_it(collected: set[str]) -> None:
    assert list(problems(PAGE.read_text(encoding="utf-8"), ROOT, collected)) == []


# The checker itself, on pages that are wrong.

HEAD = "| promise | what shows it |\n|---|---|\n"
COLLECTED = {"tests/test_a.py::test_b", "tests/test_a.py::test_c[one]"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "tests/test_a.py": "def test_b(): ...\ndef test_not_collected(): ...\n",
        "web/a.test.ts": 'test("it holds", () => {});\ntest.each([1])("each holds", () => {});\n// "said elsewhere"\n',
        "docs/page.md": "",
        "docs/picture.png": "",
        "src/program.py": "def program(): ...\n",
        "bench/run.py": "",
        "bastide": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "shown",
    [
        "`tests/test_a.py::test_b`",
        "`tests/test_a.py::test_c`, `tests/test_a.py::test_c[one]`",
        "`web/a.test.ts::it holds`",
        "`web/a.test.ts::each holds`",
        "`docs/page.md`, `docs/picture.png`",
        "`./bastide doctor --json`",
        "`python bench/run.py 3`",
    ],
)
def test_what_shows_something_is_taken(root: Path, shown: str) -> None:
    assert list(problems(f"{HEAD}| it holds | {shown} |", root, COLLECTED)) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| it holds | |", "nothing shows"),
        ("| | `tests/test_a.py::test_b` |", "no promise"),
        ("| it holds |", "two cells"),
        ("| it holds | `tests/test_a.py::test_b` | and more |", "two cells"),
        ("| it holds | `tests/test_a.py::test_b`", "begins and ends"),
        (" | it holds | `tests/test_a.py::test_b` |", "begins and ends"),
        ("| it holds | `tests/test_a.py::test_b` | ", "begins and ends"),
        ("| it holds | by hand |", "neither a test nor a file"),
        ("| it holds | `tests/test_a.py::test_b`, seen by Ada |", "neither a test nor a file"),
        ("| it holds | `tests/test_a.py::test_gone` |", "no test of that name"),
        ("| it holds | `tests/test_a.py::test_not_collected` |", "no test of that name"),
        ("| it holds | `tests/test_a.py` |", "no test of that name"),
        ("| it holds | `tests/test_gone.py::test_b` |", "not there"),
        ("| it holds | `web/a.test.ts` |", "no test of that name"),
        ("| it holds | `web/a.test.ts::said elsewhere` |", "no test of that name"),
        ("| it holds | `src/program.py` |", "shows nothing by itself"),
        ("| it holds | `src/program.py::program` |", "no file of tests"),
        ("| it holds | `docs/gone.png` |", "not there"),
        ("| it holds | `./gone doctor` |", "not there"),
        ("| it holds | `make all` |", "names no script"),
    ],
)
def test_what_shows_nothing_is_refused(root: Path, row: str, said: str) -> None:
    found = list(problems(f"{HEAD}| it holds | `docs/page.md` |\n{row}", root, COLLECTED))
    assert len(found) == 1, found
    assert "line 4" in found[0]
    assert said in found[0]


def test_a_page_without_a_table_is_refused(root: Path) -> None:
    assert list(problems("Nothing was promised.", root, COLLECTED)) == ["the page has no table"]
