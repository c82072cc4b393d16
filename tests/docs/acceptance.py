"""How `docs/acceptance.md` is read: each promise, and what shows it.

problems(text, root, tests)     # what is wrong with a page; nothing for a good one
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

_NAMED = re.compile(r"`([^`]+)`")
_RULE = re.compile(r":?-{3,}:?")
_HEADING = ("promise", "what shows it")
_PICTURES = {".png", ".jpg", ".webp", ".svg"}
_VITEST = re.compile(r"\.test\.tsx?$")
# In a vitest file each test is a call with its name first.
_VITEST_TEST = re.compile(r"""\b(?:test|it)(?:\.\w+)*(?:\([^"'`]*?\))?\(\s*(["'`])(.+?)\1""")


def problems(text: str, root: Path, tests: Collection[str]) -> Iterator[str]:
    """What is wrong with the page.

    Args:
        text: the page.
        root: the folder that its paths begin in.
        tests: what pytest collects, as it names them (`tests/a.py::test_b[c]`).
    """
    collected = {name.partition("[")[0] for name in tests}
    rows = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith("|"):
            continue
        rows += 1
        yield from (f"line {number}: {wrong}" for wrong in _row(line, root, collected))
    if not rows:
        yield "the page has no table"


def unfound(named: str, root: Path) -> bool:
    """Whether a file, or a test by its file and name, is not there; read from the file, without pytest's help."""
    path, _, name = named.partition("::")
    file = root / path
    if not file.is_file():
        return True
    if not name:
        return False
    if not _is_test(file):
        return True
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        return name not in {found[1] for found in _VITEST_TEST.findall(text)}
    return not re.search(rf"^(?:async )?def {re.escape(name)}\(", text, re.MULTILINE) or not name.startswith(
        "test_"
    )


def _row(line: str, root: Path, collected: Collection[str]) -> Iterator[str]:
    if not (line.startswith("|") and line.endswith("|") and len(line) > 1):
        yield "a row begins and ends with |"
        return
    cells = [cell.strip() for cell in line[1:-1].split("|")]
    if len(cells) != len(_HEADING):
        yield f"a row has two cells, not {len(cells)}"
        return
    if tuple(cells) == _HEADING or all(_RULE.fullmatch(cell) for cell in cells):
        return
    promise, shown = cells
    if not promise:
        yield "no promise"
    if not shown:
        yield f"nothing shows: {promise}"
        return
    if rest := _NAMED.sub("", shown).replace(",", "").strip():
        yield f"neither a test nor a file: {rest}"
    for named in _NAMED.findall(shown):
        if wrong := _named(named, root, collected):
            yield wrong


def _named(named: str, root: Path, collected: Collection[str]) -> str | None:
    """What is wrong with one thing that a row names."""
    path, _, name = named.partition("::")
    program, several, words = named.partition(" ")
    if several and not name:
        return _command(program, words, root)
    file = root / path
    if not file.is_file():
        return f"not there: {named}"
    if name or _is_test(file):
        return _test(named, file, name, collected)
    shows = file.suffix in _PICTURES or file.suffix == ".md"
    return None if shows else f"shows nothing by itself: {named}"


def _is_test(file: Path) -> bool:
    return bool(_VITEST.search(file.name)) or (file.name.startswith("test_") and file.suffix == ".py")


def _test(named: str, file: Path, name: str, collected: Collection[str]) -> str | None:
    if not _is_test(file):
        return f"no file of tests: {named}"
    if file.suffix == ".py":
        there = named.partition("[")[0] in collected
    else:
        there = name in {found[1] for found in _VITEST_TEST.findall(file.read_text(encoding="utf-8"))}
    return None if there else f"no test of that name: {named}"


def _command(program: str, words: str, root: Path) -> str | None:
    """A figure is shown by the command that measures it: `./bastide doctor --json`, `python bench/x.py`."""
    scripts = [word for word in (program, *words.split()) if "/" in word]
    if not scripts:
        return f"names no script: {program} {words}"
    gone = [word for word in scripts if not (root / word).is_file()]
    return f"not there: {gone[0]}" if gone else None
