"""What calls tell others, in the space's stream."""

from typing import ClassVar
from uuid import UUID

from bastide.core.events import Event, Fleeting
from bastide.core.policy import Action
from bastide.meet.model import CallView, ParticipantView


class CallStarted(Event, frozen=True, tag="meet.call.started", kw_only=True):
    """It rings in a direct; elsewhere the space shows that one may join."""

    reads: ClassVar[Action | None] = Action.MEET_CALL_READ
    call: CallView


class CallJoined(Event, frozen=True, tag="meet.call.joined", kw_only=True):
    """A device came in."""

    reads: ClassVar[Action | None] = Action.MEET_CALL_READ
    call_id: UUID
    participant: ParticipantView


class CallLeft(Event, frozen=True, tag="meet.call.left", kw_only=True):
    """A device left, was lost or was put out."""

    reads: ClassVar[Action | None] = Action.MEET_CALL_READ
    call_id: UUID
    person_id: UUID
    device_id: UUID


class CallEnded(Event, frozen=True, tag="meet.call.ended", kw_only=True):
    """Nobody is left in it."""

    reads: ClassVar[Action | None] = Action.MEET_CALL_READ
    call_id: UUID


class CallDeclined(Fleeting, frozen=True, tag="meet.call.declined", kw_only=True):
    """Someone who was rung will not come."""

    reads: ClassVar[Action | None] = Action.MEET_CALL_READ
    call_id: UUID
    person_id: UUID


class CallSpeaking(Fleeting, frozen=True, tag="meet.call.speaking", kw_only=True):
    """A device is being spoken into.

    The media server tells this only to those who receive the device already; in a large call, where one receives the
    last speakers alone, whoever begins to speak would not be heard.
    """

    reads: ClassVar[Action | None] = Action.MEET_CALL_READ
    call_id: UUID
    person_id: UUID
    device_id: UUID
