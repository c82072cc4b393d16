"""Chat over HTTP. Windows send over the socket; this is the same for programs."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post, put
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from bastide.chat.model import (
    ChannelChange,
    ChannelView,
    MessageChange,
    MessagePage,
    MessageView,
    NewChannel,
    NewMessage,
    ReadTo,
)
from bastide.chat.service import PAGE_MOST, Chat
from bastide.core.http.asked import Ordinal
from bastide.core.policy import Actor


class ChannelsController(Controller):
    """Channels of a space."""

    tags = ["chat"]

    @post("/api/spaces/{space_id:uuid}/channels", status_code=HTTP_201_CREATED)
    async def create(self, actor: Actor, chat: Chat, space_id: UUID, data: NewChannel) -> ChannelView:
        """Make a channel."""
        return await chat.create_channel(actor, space_id, data)

    @patch("/api/channels/{channel_id:uuid}")
    async def change(self, actor: Actor, chat: Chat, channel_id: UUID, data: ChannelChange) -> ChannelView:
        """Change a channel's name or topic."""
        return await chat.change_channel(actor, channel_id, data)

    @get("/api/channels/{channel_id:uuid}/messages")
    async def history(
        self,
        actor: Actor,
        chat: Chat,
        channel_id: UUID,
        before: Ordinal = None,
        after: Ordinal = None,
        around: Ordinal = None,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MOST)] = 50,
    ) -> MessagePage:
        """A page of messages: before or after an ordinal, around one, or the newest."""
        return await chat.history(actor, channel_id, before=before, after=after, around=around, most=limit)

    @post("/api/channels/{channel_id:uuid}/messages", status_code=HTTP_201_CREATED)
    async def send(self, actor: Actor, chat: Chat, channel_id: UUID, data: NewMessage) -> MessageView:
        """Send a message; answered when it is on the disk."""
        return await chat.send(actor, channel_id, data)

    @put("/api/channels/{channel_id:uuid}/read", status_code=HTTP_204_NO_CONTENT)
    async def read(self, actor: Actor, chat: Chat, channel_id: UUID, data: ReadTo) -> None:
        """Note how far one has read."""
        await chat.read(actor, channel_id, data.ordinal)


class MessagesController(Controller):
    """One's own messages."""

    path = "/api/messages/{message_id:uuid}"
    tags = ["chat"]

    @patch()
    async def edit(self, actor: Actor, chat: Chat, message_id: UUID, data: MessageChange) -> MessageView:
        """Put other words into a message."""
        return await chat.edit(actor, message_id, data)

    @delete(status_code=HTTP_200_OK)
    async def remove(self, actor: Actor, chat: Chat, message_id: UUID) -> MessageView:
        """Take a message's words away."""
        return await chat.delete(actor, message_id)
