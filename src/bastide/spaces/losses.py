"""What people are told of a space that they lost: its name as they knew it, its label, why.

The rows are written in the transaction that puts people out. They are their persons' own, and go when their person has put
them away or is let into the space again.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from bastide.core.content import Content, restored, stored
from bastide.core.database import Reader, Transaction
from bastide.core.events import Event
from bastide.core.ground import Ground
from bastide.core.policy import Actor, Label
from bastide.spaces.events import SpaceLost
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


class LostFact(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the journal keeps of a space lost; `loss_id`: where its why is, as long as its person has not read it."""

    space_id: UUID
    loss_id: UUID | None = None


_LOSS = "id, space_id, name_format, name, label, reason"


class Losses:
    """The use cases of who lost a space."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        ground.registry.add_hydrated(SpaceLost, LostFact, _fact, self._hydrate)

    async def own(self, actor: Actor) -> list[LostSpace]:
        """The spaces that whoever asks has lost and that they have not put away yet, the latest first."""
        async with self._ground.database.read() as reader:
            rows = await reader.all(
                LossRow,
                f"select {_LOSS} from space_loss where person_id = %(person)s order by lost_at desc, id desc",
                person=actor.person_id,
            )
        return [row.view() for row in rows]

    async def put_away(self, actor: Actor, loss_id: UUID) -> None:
        """One has read it: it is told no more. What is nobody's, or somebody else's, stays as it is."""
        async with self._ground.database.transaction() as tx:
            await tx.run(
                "delete from space_loss where id = %(id)s and person_id = %(person)s",
                id=loss_id,
                person=actor.person_id,
            )

    async def do_forget(self, tx: Transaction, person_id: UUID) -> None:
        """Forget all that somebody lost: nobody will read it."""
        await tx.run("delete from space_loss where person_id = %(person)s", person=person_id)

    async def do_note(
        self, tx: Transaction, space_id: UUID, name: Content, label: Label, lost: Mapping[UUID, str]
    ) -> dict[UUID, LostSpace]:
        """Write down why people lose a space: `lost` is each one's reason. What each is to be told, by person."""
        told = {
            person_id: LostSpace(self._ground.ids.new(), space_id, name, label, reason)
            for person_id, reason in lost.items()
        }
        name_format, body = stored(name)
        await tx.run(
            """
            insert into space_loss (id, person_id, space_id, name_format, name, label, reason, lost_at)
            select id, person, %(space)s, %(format)s, %(name)s, %(label)s, reason, %(at)s
            from unnest(%(ids)s::uuid[], %(people)s::uuid[], %(reasons)s::text[]) as new (id, person, reason)
            """,
            ids=[one.id for one in told.values()],
            people=list(told),
            reasons=[one.reason for one in told.values()],
            space=space_id,
            format=name_format,
            name=body,
            label=label.value,
            at=self._ground.clock.now(),
        )
        return told

    async def _hydrate(self, reader: Reader, facts: Sequence[LostFact]) -> list[Event | None]:
        """A space stays lost, also when its person has put away why."""
        asked = [fact.loss_id for fact in facts if fact.loss_id is not None]
        rows: list[LossRow] = []
        if asked:
            rows = await reader.all(
                LossRow, f"select {_LOSS} from space_loss where id = any(%(ids)s)", ids=asked
            )
        whys = {row.id: row.view() for row in rows}
        return [
            SpaceLost(space_id=fact.space_id, why=whys.get(fact.loss_id) if fact.loss_id else None)
            for fact in facts
        ]


def _fact(event: SpaceLost) -> LostFact:
    return LostFact(event.space_id, event.why.id if event.why else None)
