"""The words of files."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from bastide.core.content import EMPTY, Content
from bastide.files.sniff import UNKNOWN


class Preview(StrEnum):
    """Whether there is a picture of a file: nothing to show, being made, ready, or it could not be read."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class FileView(msgspec.Struct, frozen=True):
    """A file. `size` in bytes; `width` and `height` in pixels, of pictures only; `media_type` is sniffed.

    Where the files of its space may not be read, a message's file has no name and no size.
    """

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

    def blank(self) -> "FileView":
        """That there is a file, and nothing of what it is."""
        return FileView(
            id=self.id,
            space_id=self.space_id,
            name=EMPTY,
            size=0,
            media_type=UNKNOWN,
            preview=Preview.NONE,
            width=None,
            height=None,
            created_by=self.created_by,
            created_at=self.created_at,
        )


class FilePage(msgspec.Struct, frozen=True):
    """A page of a space's files, newest first; `next` asks for the page after it."""

    files: list[FileView]
    next: str | None
