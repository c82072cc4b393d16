"""Lists as CSV files that a spreadsheet opens as they stand: semicolons, and a mark by which it knows UTF-8.

Names and functions are other people's words. A cell that begins as a formula does gets an apostrophe before it, which
spreadsheets take for « this is text » and show to nobody (CWE-1236).
"""

from collections.abc import Sequence

MARK = "\ufeff"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_QUOTED = frozenset('";\r\n')


def line(cells: Sequence[str]) -> str:
    """A line of a list, with its end."""
    return ";".join(_cell(cell) for cell in cells) + "\r\n"


def _cell(text: str) -> str:
    bare = text.lstrip(" \u00a0\u202f")
    safe = f"'{text}" if bare.startswith(_FORMULAS) else text
    if safe is text and not _QUOTED & set(text):
        return text
    return '"' + safe.replace('"', '""') + '"'
