"""The SQL of spaces that people lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.content import restored, stored
from bastide.core.database import Reader, Transaction
from bastide.core.policy import Label
from bastide.spaces.model import LostSpace


class LossRow(msgspec.Struct, frozen=True):
    """A loss's columns."""

    id: UUID
    space_id: UUID
    name_format: int
    name: bytes
    label: str
    reason: str

    def view(self) -> LostSpace:
        name = restored(self.name_format, bytes(self.name))
        return LostSpace(self.id, self.space_id, name, Label(self.label), self.reason)


_LOSS = "id, space_id, name_format, name, label, reason"


async def of_person(reader: Reader, person_id: UUID) -> list[LossRow]:
    """What somebody has not put away, the latest first."""
    return await reader.all(
        LossRow,
        f"select {_LOSS} from space_loss where person_id = %(person)s order by lost_at desc, id desc",
        person=person_id,
    )


async def find(reader: Reader, ids: Sequence[UUID]) -> list[LossRow]:
    return await reader.all(LossRow, f"select {_LOSS} from space_loss where id = any(%(ids)s)", ids=list(ids))


async def put_away(tx: Transaction, loss_id: UUID, person_id: UUID) -> None:
    await tx.run(
        "delete from space_loss where id = %(id)s and person_id = %(person)s", id=loss_id, person=person_id
    )


async def forget(tx: Transaction, person_id: UUID) -> None:
    await tx.run("delete from space_loss where person_id = %(person)s", person=person_id)


async def add(tx: Transaction, people: Sequence[UUID], lost: Sequence[LostSpace], at: datetime) -> None:
    """Each of some people's loss of one and the same space."""
    if not lost:
        return
    name_format, body = stored(lost[0].name)
    await tx.run(
        """
        insert into space_loss (id, person_id, space_id, name_format, name, label, reason, lost_at)
        select id, person, %(space)s, %(format)s, %(name)s, %(label)s, reason, %(at)s
        from unnest(%(ids)s::uuid[], %(people)s::uuid[], %(reasons)s::text[]) as new (id, person, reason)
        """,
        ids=[one.id for one in lost],
        people=list(people),
        reasons=[one.reason for one in lost],
        space=lost[0].space_id,
        format=name_format,
        name=body,
        label=lost[0].label.value,
        at=at,
    )
