"""Errors without their words: what kind they are of and where they came up. Their words may hold what people wrote.

A database's error quotes the row, a reader's the text that it could not read, the kernel's the file's name. So a log gets
kinds, SQLSTATEs, error numbers and lines of code, which tell a developer as much.
"""

import errno
import traceback
from pathlib import Path
from types import TracebackType

import msgspec

_CHAIN_MOST = 6
_PLACES_MOST = 12
_ROOTS = ("site-packages", "src")


class Broken(msgspec.Struct, frozen=True):
    """One error of a chain: its kind, and the places it passed, the innermost last."""

    kind: str
    at: list[str]


def kind_of(error: BaseException) -> str:
    """An error's type, with its SQLSTATE or error number where it has one."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return f"{name} {state}"
    number: int | None = error.errno if isinstance(error, OSError) else None
    if number is not None and number in errno.errorcode:
        return f"{name} {errno.errorcode[number]}"
    return name


def kinds_of(error: BaseException) -> str:
    """The kinds of an error and of what caused it, on one line."""
    return " < ".join(kind_of(link) for link in chain(error))


def chain(error: BaseException) -> list[BaseException]:
    """An error and what caused it, the latest first."""
    found: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in found and len(found) < _CHAIN_MOST:
        found.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return found


def told(error: BaseException) -> list[Broken]:
    """What may be told of an error and of what caused it, the latest first."""
    return [Broken(kind_of(link), _places(link.__traceback__)) for link in chain(error)]


def _places(trace: TracebackType | None) -> list[str]:
    # Lines of code are not looked up: they are in the source for who needs them.
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)
    return [f"{place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-_PLACES_MOST:]]


def place(filename: str) -> str:
    """A file of code as developers know it, without where it is installed."""
    parts = Path(filename).parts
    for root in _ROOTS:
        if root in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(root) :])
    return "/".join(parts[-2:])
