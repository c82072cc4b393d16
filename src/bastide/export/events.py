"""What exports tell the windows of whoever asked."""

from enum import StrEnum
from uuid import UUID

from bastide.core.events import Fleeting


class ExportState(StrEnum):
    """How an export stands."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class ExportMoved(Fleeting, frozen=True, tag="export.moved", kw_only=True):
    """How far an export is. In the person's own stream.

    `sent`: bytes that went out; `share`: from 0 to 1; `because`: the code of the problem that stopped it.
    """

    export_id: UUID
    space_id: UUID
    state: ExportState
    sent: int
    share: float
    because: str | None = None
