"""Chat on the socket."""

from uuid import UUID

from bastide.chat.model import MessageView, NewMessage
from bastide.chat.service import Chat
from bastide.core.content import Content
from bastide.core.gateway.frames import FromWindow, Request
from bastide.core.gateway.session import Frames
from bastide.core.policy import Actor


class SendFrame(Request, frozen=True, tag="chat.send", kw_only=True):
    """Send a message; `done` carries it once it is on the disk."""

    channel_id: UUID
    client_id: UUID
    content: Content
    files: list[UUID] = []


class ReadFrame(Request, frozen=True, tag="chat.read", kw_only=True):
    """Note how far one has read."""

    channel_id: UUID
    ordinal: int


class TypingFrame(FromWindow, frozen=True, tag="chat.typing", kw_only=True):
    """One is writing."""

    channel_id: UUID


def wire(frames: Frames, chat: Chat) -> None:
    """Let the gateway know who answers chat's frames."""

    async def send(actor: Actor, frame: SendFrame) -> MessageView:
        new = NewMessage(client_id=frame.client_id, content=frame.content, files=frame.files)
        return await chat.send(actor, frame.channel_id, new)

    async def read(actor: Actor, frame: ReadFrame) -> None:
        await chat.read(actor, frame.channel_id, frame.ordinal)

    def typing(actor: Actor, frame: TypingFrame) -> None:
        chat.typing(actor, frame.channel_id)

    frames.answer(SendFrame, send)
    frames.answer(ReadFrame, read)
    frames.note(TypingFrame, typing)
