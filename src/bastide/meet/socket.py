"""Calls on the socket."""

from uuid import UUID

from bastide.core.gateway.frames import FromWindow
from bastide.core.gateway.session import Frames
from bastide.core.policy import Actor
from bastide.meet.service import Meet


class SpeakingFrame(FromWindow, frozen=True, tag="meet.speaking", kw_only=True):
    """One speaks, in a call in which not everybody is received."""

    call_id: UUID


def wire(frames: Frames, meet: Meet) -> None:
    """Let the gateway know who answers the frames of calls."""

    def speaking(actor: Actor, frame: SpeakingFrame) -> None:
        meet.speaking(actor, frame.call_id)

    frames.note(SpeakingFrame, speaking)
