"""Names that lead nowhere and open everywhere: what an export calls its files."""

import re
import unicodedata
from uuid import UUID

_SYNTAX = re.compile(r'[\\/:*?"<>|~%]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE | re.ASCII)
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,10}", re.ASCII)
_BYTES_MOST = 120
_UNNAMED = "sans nom"


def safe(name: str, most: int = 80) -> str:
    """One part of a path, for any system: no separator, nothing hidden, nothing that a system takes for a device.

    What shows nothing or turns the direction of text goes; what a path or a shell would read becomes `_`.
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(c for c in text if not unicodedata.category(c).startswith("C") or c in "\t\n")
    text = " ".join(_SYNTAX.sub("_", text).split())
    text = text[:most].encode()[:_BYTES_MOST].decode(errors="ignore").strip(" .")
    if not text:
        return _UNNAMED
    return f"_{text}" if _RESERVED.match(text) else text


def file_name(name: str, file_id: UUID) -> str:
    """A file's name with something of its id: two of the same name are two, also where case does not count."""
    stem, dot, extension = name.rpartition(".")
    tail = f"~{file_id.hex[-12:]}"
    if not dot or not stem or not _EXTENSION.fullmatch(extension):
        return safe(name) + tail
    return f"{safe(stem)}{tail}.{extension}"
