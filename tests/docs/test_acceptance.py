"""`docs/acceptance.md`: each promise has something that shows it, and what it names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "acceptance.md"
_ROW = re.compile(r"^\|(?P<promise>[^|]*)\|(?P<shown>[^|]*)\|$")
_NAMED = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, str]]:
    """The promises and what shows them; the two heading lines of each table are left out."""
    found: list[tuple[str, str]] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if row := _ROW.match(line):
            promise, shown = row["promise"].strip(), row["shown"].strip()
            heading = promise == "promise" or (promise and set(promise) <= set("-: "))
            if not heading:
                found.append((promise, shown))
    return found


def python_tests(path: Path) -> set[str]:
    """The names of a file's test functions, also those in classes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


def is_there(named: str) -> bool:
    """Whether a test, a file or a picture that the page names exists."""
    path, _, name = named.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    if not name:
        return True
    if path.endswith(".py"):
        return name.split("[")[0] in python_tests(file)
    return name in file.read_text(encoding="utf-8")


def test_each_promise_names_what_shows_it() -> None:
    found = rows()
    assert found, "the page has no table"
    empty = [promise for promise, shown in found if not promise or not _NAMED.findall(shown)]
    assert not empty, f"nothing shows: {empty}"


def test_what_is_named_is_there() -> None:
    gone = [
        f"{promise}: {named}"
        for promise, shown in rows()
        for named in _NAMED.findall(shown)
        if not is_there(named)
    ]
    assert not gone, "\n".join(gone)
