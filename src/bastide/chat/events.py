"""What chat tells others."""

from typing import ClassVar
from uuid import UUID

from bastide.chat.model import ChannelView, MessageView
from bastide.core.events import Event, Fleeting
from bastide.core.policy import Action


class ChannelChanged(Event, frozen=True, tag="chat.channel.changed", kw_only=True):
    """A channel was made, or its name or topic changed. In the space's stream."""

    reads: ClassVar[Action | None] = Action.CHAT_MESSAGE_READ
    channel: ChannelView


class MessageSent(Event, frozen=True, tag="chat.message.sent", kw_only=True):
    """In the space's stream."""

    reads: ClassVar[Action | None] = Action.CHAT_MESSAGE_READ
    message: MessageView


class MessageChanged(Event, frozen=True, tag="chat.message.changed", kw_only=True):
    """A message was edited or deleted. In the space's stream."""

    reads: ClassVar[Action | None] = Action.CHAT_MESSAGE_READ
    message: MessageView


class ChannelRead(Event, frozen=True, tag="chat.channel.read", kw_only=True):
    """One has read up to a message. In the person's stream."""

    channel_id: UUID
    ordinal: int


class Typing(Fleeting, frozen=True, tag="chat.typing", kw_only=True):
    """Someone is writing in a channel, for about six seconds from now."""

    reads: ClassVar[Action | None] = Action.CHAT_MESSAGE_READ
    channel_id: UUID
    person_id: UUID
