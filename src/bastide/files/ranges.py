"""Which part of a file a download asks for (RFC 9110, §14), and what it is called (RFC 6266)."""

import re
from urllib.parse import quote

import msgspec

from bastide.files.errors import RangeUnsatisfiable

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_UNSAFE = re.compile(r"[^ !#$&\'()+,.0-9=@A-Z\[\]^_`a-z{}~-]")


class Range(msgspec.Struct, frozen=True):
    """From `start` up to but not including `end`, in bytes."""

    start: int
    end: int


def asked(header: str | None, size: int) -> Range | None:
    """The one range that a `Range` header asks for; None for all of it.

    Several ranges, other units and nonsense count as no range, as the RFC allows.

    Raises:
        RangeUnsatisfiable: nothing of it lies in the file.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None:
        return None
    first, last = match.groups()
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    elif last:
        start, end = max(size - int(last), 0), size
    else:
        return None
    if start >= end:
        raise RangeUnsatisfiable
    return Range(start, end)


def attachment(name: str) -> str:
    """A `Content-Disposition` that makes a browser save a file under its name, never show it.

    Old programs get a name of plain characters; what could be read as syntax is replaced there and encoded in the other.
    """
    plain = _UNSAFE.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
