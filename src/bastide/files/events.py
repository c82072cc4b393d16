"""What files tell others, in the space's stream."""

from typing import ClassVar
from uuid import UUID

from bastide.core.events import Event
from bastide.core.policy import Action
from bastide.files.model import FileView


class FileAdded(Event, frozen=True, tag="files.file.added", kw_only=True):
    """A file is stored and may be fetched."""

    reads: ClassVar[Action | None] = Action.FILES_FILE_READ
    file: FileView


class FileChanged(Event, frozen=True, tag="files.file.changed", kw_only=True):
    """Its preview is ready, or cannot be made."""

    reads: ClassVar[Action | None] = Action.FILES_FILE_READ
    file: FileView


class FileRemoved(Event, frozen=True, tag="files.file.removed", kw_only=True):
    """It is no longer there."""

    reads: ClassVar[Action | None] = Action.FILES_FILE_READ
    file_id: UUID
