"""The words of files."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from bastide.core.content import Content


class Preview(StrEnum):
    """Whether there is a picture of a file: nothing to show, being made, ready, or it could not be read."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class FileView(msgspec.Struct, frozen=True):
    """A file. `size` in bytes; `width` and `height` in pixels, of pictures only; `media_type` is sniffed."""

    id: UUID
    space_id: UUID
    name: Content
    size: int
    media_type: str
    preview: Preview
    width: int | None
    height: int | None
    created_by: UUID
    created_at: datetime


class FilePage(msgspec.Struct, frozen=True):
    """A page of a space's files, newest first; `next` asks for the page after it."""

    files: list[FileView]
    next: str | None
