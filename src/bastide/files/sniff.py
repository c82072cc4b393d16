"""What a file is, from its first 64 KB. What a client says of it is never believed.

A table of our own and not a library: puremagic guesses by confidence and by the name's ending, and loads a large
table to know kinds that nobody here needs to tell apart. What this says decides an icon, whether a preview is
tried, and how a download is labelled; never whether something is safe.
"""

import re
import struct
from collections.abc import Iterator
from typing import cast

from bastide.core.pictures import HEAD as PICTURE_HEAD
from bastide.core.pictures import picture_type

HEAD = 64 << 10

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
ZIP = "application/zip"
# Kinds that a browser would run if it ever showed them.
ACTIVE = frozenset({"text/html", "image/svg+xml", "application/xml", "text/javascript"})

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"{\\rtf", "application/rtf"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\0\0\1\0", "image/vnd.microsoft.icon"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\xc5\xd0\xd3\xc6", "application/postscript"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftypM4A ", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"age-encryption.org/", "application/vnd.age"),
    (0, b"-----BEGIN AGE ENCRYPTED FILE-----", "application/vnd.age"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
)
_OOXML: tuple[tuple[bytes, str], ...] = (
    (b"word/", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}.presentationml.presentation"),
)
# What a zip may say it is by a first entry `mimetype` (OpenDocument 1.3 part 2, §3.3; EPUB 3.3, §4.2).
_DECLARED = re.compile(rb"application/(vnd\.oasis\.opendocument\.[a-z-]{1,40}|epub\+zip)")
_ENTRY = struct.Struct("<4sHHHHHIIIHH")
_ENTRY_MARK = b"PK\x03\x04"
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(<!--.*?-->\s*)*<!doctype html|(<!--.*?-->\s*)*<(html|head|body|script|iframe)[\s>]"),
        "text/html",
    ),
    (re.compile(r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s>]"), "image/svg+xml"),
    (re.compile(r"<\?xml\s"), "application/xml"),
)
_NOT_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LONGEST_CHARACTER = 4


def sniff(head: bytes) -> str:
    """The media type of a file.

    Args:
        head: its first `HEAD` bytes, or all of it when it is shorter.
    """
    return picture_type(head[:PICTURE_HEAD]) or _marked(head) or _packed(head) or _written(head) or UNKNOWN


def _marked(head: bytes) -> str | None:
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    for start, mark, media_type in _MARKS:
        if head[start : start + len(mark)] == mark:
            return media_type
    if head.startswith(_OLE):
        for name, media_type in _OLE_STREAMS:
            if name.encode("utf-16-le") in head:
                return media_type
        return "application/x-ole-storage"
    return None


def _packed(head: bytes) -> str | None:
    """What kind of zip it is."""
    if not head.startswith((_ENTRY_MARK, b"PK\x05\x06")):
        return None
    names = list(_entries(head))
    if names and names[0][0] == b"mimetype":
        declared = _DECLARED.match(head, names[0][1])
        if declared:
            return declared.group().decode()
    if any(name == b"[Content_Types].xml" for name, _ in names):
        for start, media_type in _OOXML:
            if any(name.startswith(start) for name, _ in names):
                return media_type
    return ZIP


def _entries(head: bytes) -> Iterator[tuple[bytes, int]]:
    """Names of the entries that begin in the head, and where their data starts.

    They are found by their mark, as sizes may stand after the data; compressed data that happens to hold the mark
    yields a senseless name and no harm.
    """
    at = head.find(_ENTRY_MARK)
    while at >= 0 and at + _ENTRY.size <= len(head):
        fields = cast("tuple[int, ...]", _ENTRY.unpack_from(head, at))
        name_length, extra_length = fields[-2:]
        name = head[at + _ENTRY.size : at + _ENTRY.size + name_length]
        yield name, at + _ENTRY.size + name_length + extra_length
        at = head.find(_ENTRY_MARK, at + 4)


def _written(head: bytes) -> str | None:
    """Text, in UTF-8, in UTF-16 with its mark, or in an older encoding without control characters."""
    if not head:
        return None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", errors="replace")
    elif _NOT_TEXT.search(head):
        return None
    else:
        text = head.decode("utf-8-sig", errors="replace")
    start = text[:4096].lstrip().lower()
    for pattern, media_type in _MARKUP:
        if pattern.match(start):
            return media_type
    return TEXT
