"""What people are told of a space that they lost: its name as they knew it, its label, why.

The rows are written in the transaction that puts people out. They are their persons' own, and go when their person has put
them away or is let into the space again.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from bastide.core.content import Content
from bastide.core.database import Reader, Transaction
from bastide.core.events import Event
from bastide.core.ground import Ground
from bastide.core.policy import Actor, Label
from bastide.spaces import loss_store
from bastide.spaces.events import SpaceLost
from bastide.spaces.model import LostSpace


class LostFact(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the journal keeps of a space lost; `loss_id`: where its why is, as long as its person has not read it."""

    space_id: UUID
    loss_id: UUID | None = None


class Losses:
    """The use cases of who lost a space."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        ground.registry.add_hydrated(SpaceLost, LostFact, _fact, self._hydrate)

    async def own(self, actor: Actor) -> list[LostSpace]:
        """The spaces that whoever asks has lost and that they have not put away yet, the latest first."""
        async with self._ground.database.read() as reader:
            return [row.view() for row in await loss_store.of_person(reader, actor.person_id)]

    async def put_away(self, actor: Actor, loss_id: UUID) -> None:
        """One has read it: it is told no more. What is nobody's, or somebody else's, stays as it is."""
        async with self._ground.database.transaction() as tx:
            await loss_store.put_away(tx, loss_id, actor.person_id)

    async def do_forget(self, tx: Transaction, person_id: UUID) -> None:
        """Forget all that somebody lost: nobody will read it."""
        await loss_store.forget(tx, person_id)

    async def do_note(
        self, tx: Transaction, space_id: UUID, name: Content, label: Label, lost: Mapping[UUID, str]
    ) -> dict[UUID, LostSpace]:
        """Write down why people lose a space: `lost` is each one's reason. What each is to be told, by person."""
        told = {
            person_id: LostSpace(self._ground.ids.new(), space_id, name, label, reason)
            for person_id, reason in lost.items()
        }
        await loss_store.add(tx, list(told), list(told.values()), self._ground.clock.now())
        return told

    async def _hydrate(self, reader: Reader, facts: Sequence[LostFact]) -> list[Event | None]:
        """A space stays lost, also when its person has put away why."""
        asked = [fact.loss_id for fact in facts if fact.loss_id is not None]
        whys = {row.id: row.view() for row in await loss_store.find(reader, asked)} if asked else {}
        return [
            SpaceLost(space_id=fact.space_id, why=whys.get(fact.loss_id) if fact.loss_id else None)
            for fact in facts
        ]


def _fact(event: SpaceLost) -> LostFact:
    return LostFact(event.space_id, event.why.id if event.why else None)
