"""What other trades put into labels: what a stricter label ends, and who has no passkey."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.database import Reader, Transaction
from bastide.core.journal import Happening
from bastide.core.policy import Label


class Ended(msgspec.Struct, frozen=True):
    """What ended with a label, as it is to be told and recorded."""

    happenings: list[Happening] = []
    lines: list[Line] = []


class Ending(Protocol):
    """Something in a space that a stricter label ends: invitations, links. Their trades put theirs into `Labels.endings`."""

    async def ending(self, reader: Reader, space_id: UUID, label: Label) -> list[str]:
        """What would end under a label: for each the name by which people know it."""
        ...

    async def end(self, tx: Transaction, space_id: UUID, label: Label, by: UUID) -> Ended:
        """End them, in the transaction that gives the label; the space is locked."""
        ...


# Of some people, those who have no passkey.
WithoutPasskey = Callable[[Reader, Sequence[UUID]], Awaitable[set[UUID]]]
