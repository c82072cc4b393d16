"""The words of exports: a space's content, taken away as one ZIP."""

from uuid import UUID

import msgspec


class ExportTicket(msgspec.Struct, frozen=True):
    """Leave to fetch a space's content once, within two minutes, by the session that asked.

    `size`: bytes of its files; what is written of messages comes on top and packs well.
    """

    id: UUID
    name: str
    channels: int
    messages: int
    members: int
    files: int
    size: int
