"""What people say, name or store: opaque to the server's SQL.

A content has a format and a body. Today the only format is plain text. Sealing adds a member to the union and
a value to `Format`; no table changes, because tables keep `(format smallint, body bytea)`.
"""

import re
import unicodedata
from enum import IntEnum

import msgspec

from bastide.core.errors import Invalid
from bastide.core.unseen import too_many_marks, without_unseen

_READ_MOST = 4096
"""Characters of a line that are looked at one by one; no name is as long, with whatever nobody sees in it."""


class Format(IntEnum):
    """How the body is to be read, as tables keep it."""

    PLAIN = 0


class Plain(msgspec.Struct, frozen=True, tag="plain", tag_field="format"):
    """Readable text."""

    text: str


Content = Plain

EMPTY = Plain("")


def stored(content: Content) -> tuple[int, bytes]:
    """The two columns a table keeps: format and body."""
    return Format.PLAIN.value, content.text.encode()


def restored(format_: int, body: bytes) -> Content:
    """The content that `stored` put away."""
    if format_ == Format.PLAIN:
        return Plain(body.decode())
    raise ValueError(f"unknown content format {format_}")


def checked(content: Content, *, field: str, most: int, least: int = 0, one_line: bool = False) -> Content:
    """The content, if its length in characters is within bounds and it can be stored and shown.

    A name (`one_line`) is composed (NFC), what nobody sees is taken out of it (`unseen`) and its white space folded, so that
    two spaces cannot differ by that. Control characters and lone surrogates are refused, in a name also what turns its
    direction and marks that pile up; and, where something is asked for (`least`), what shows nothing.

    Raises:
        Invalid: with the field's name.
    """
    text = content.text
    if _FORBIDDEN.search(" ".join(text.split()) if one_line else text):
        raise Invalid(field=field)
    if one_line:
        text = _one_line(text, field)
    if not least <= len(text) <= most:
        raise Invalid(field=field)
    checked_content = Plain(text)
    if least and is_blank(checked_content):
        raise Invalid(field=field)
    return checked_content


def _one_line(text: str, field: str) -> str:
    if len(text) > _READ_MOST or _TURNING.search(text):
        raise Invalid(field=field)
    text = " ".join(without_unseen(unicodedata.normalize("NFC", text)).split())
    if too_many_marks(text):
        raise Invalid(field=field)
    # Once more: what was taken out may have stood between a letter and its mark.
    return unicodedata.normalize("NFC", text)


def is_blank(content: Content) -> bool:
    """Whether nothing of it would show: white space, joiners without anything to join, letters that are blanks."""
    return all(c in _BLANKS or unicodedata.category(c) in _UNSEEN for c in content.text)


_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u202a\u202b\u202d\u202e"  # overrides of the direction of text: a name must not read otherwise than it is
    "\ud800-\udfff]"  # lone surrogates cannot be stored
)
_TURNING = re.compile(
    "[\u061c\u200e\u200f\u2066-\u2069]"
)  # marks and isolates do in a name what overrides do
# Not « unassigned »: that is what next year's emoji are to this year's Python.
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
