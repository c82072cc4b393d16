"""What administrators see of their organisation's spaces: what there is and who answers for it, nothing that it holds."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from bastide.core.content import Content
from bastide.core.policy import Label, SpaceKind
from bastide.people.model import PersonCard

# Of whom somebody could ask something: with a manager who may act, or without.
Managed = Literal["managed", "unmanaged"]


class SpaceLine(msgspec.Struct, frozen=True):
    """A space in the list.

    Attributes:
        name: what it is called, for who may know: its members, and every agent where it is a community.
        managers: a few of those who manage it.
        managers_count: how many there are, without who is suspended.
        members: how many are in it.
        files: how many files are in it.
        size: of these, in bytes.
        active_at: when something last happened in it.
    """

    id: UUID
    kind: SpaceKind
    label: Label
    name: Content | None
    managers: list[PersonCard]
    managers_count: int
    members: int
    files: int
    size: int
    created_at: datetime
    active_at: datetime


class SpaceBook(msgspec.Struct, frozen=True):
    """An organisation's teams and communities, the newest first: how many are found, and one page. `next`: the page after."""

    count: int
    spaces: list[SpaceLine]
    next: UUID | None
