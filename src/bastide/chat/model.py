"""The words of chat: channels and messages inside a space."""

from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.content import EMPTY, Content
from bastide.files.model import FileView
from bastide.people.model import PersonCard

TEXT_MOST = 20_000
FILES_MOST = 20


class MessageView(msgspec.Struct, frozen=True):
    """A message. `ordinal` counts its channel from 1 without gaps. A deleted one keeps its place, empty."""

    id: UUID
    client_id: UUID
    space_id: UUID
    channel_id: UUID
    ordinal: int
    author_id: UUID
    content: Content
    files: list[FileView]
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None


class ChannelView(msgspec.Struct, frozen=True):
    """A channel. `last` is its newest message, None while it is empty."""

    id: UUID
    space_id: UUID
    name: Content
    topic: Content
    position: int
    last_ordinal: int
    last: MessageView | None


class OwnChannel(msgspec.Struct, frozen=True):
    """A channel with how far the reader has read: unread is `last_ordinal - read`."""

    channel: ChannelView
    read: int


class MessagePage(msgspec.Struct, frozen=True):
    """Messages in order, with the cards of their authors; whether there are more before and after."""

    messages: list[MessageView]
    people: list[PersonCard]
    before: bool
    after: bool


class NewMessage(msgspec.Struct, frozen=True):
    """What is sent. `client_id` makes a repeated sending the same message. `files` are in the
    space already, or were uploaded for it and come into the space with it.
    """

    client_id: UUID
    content: Content
    files: list[UUID] = []


class MessageChange(msgspec.Struct, frozen=True):
    """The new text of one's own message."""

    content: Content


class NewChannel(msgspec.Struct, frozen=True):
    """What makes a channel."""

    client_id: UUID
    name: Content
    topic: Content = EMPTY


class ChannelChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a manager changes of a channel; what is left out stays."""

    name: Content | None = None
    topic: Content | None = None


class ReadTo(msgspec.Struct, frozen=True):
    """Up to which message one has read; a mark never goes back."""

    ordinal: int
