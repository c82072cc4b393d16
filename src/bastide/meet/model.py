"""The words of calls."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class ParticipantView(msgspec.Struct, frozen=True):
    """A person's device in a call. Its LiveKit identity is `person_id/device_id`."""

    person_id: UUID
    device_id: UUID
    joined_at: datetime


class CallView(msgspec.Struct, frozen=True):
    """A call that lives in a space."""

    id: UUID
    space_id: UUID
    started_by: UUID
    started_at: datetime
    participants: list[ParticipantView]


class CallTicket(msgspec.Struct, frozen=True):
    """What a window needs to enter. `url` is the signalling address, on our own port (wss:// or ws://).

    `token` lets this device in for a short while; `may_speak` says whether it may send voice and pictures.
    """

    call: CallView
    url: str
    token: str
    may_speak: bool


class EngineState(StrEnum):
    """Where the media server stands: being built (once, some minutes), starting, ready, or somebody has to look."""

    BUILDING = "building"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


class CallEngine(msgspec.Struct, frozen=True):
    """Whether calls can be made now."""

    state: EngineState
