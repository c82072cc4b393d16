"""The book of calls: the one place that writes them down and tells of them.

Each change is one transaction under the lock of the space's stream, so that two who start at once get the same call,
and a row and its event are one.
"""

from collections.abc import Sequence
from uuid import UUID

from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.policy import Action, Actor
from bastide.meet import store
from bastide.meet.events import CallEnded, CallJoined, CallLeft, CallStarted
from bastide.meet.model import CallView, ParticipantView
from bastide.meet.tokens import Identity


class CallBook:
    """Writes calls and tells of them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def start(self, actor: Actor, space_id: UUID, call_id: UUID) -> CallView:
        """The call that lives in a space, or this new one.

        Raises:
            Refused: none lives there and the actor may not start one.
        """
        async with self._ground.database.transaction() as tx:
            await self._ground.journal.lock(tx, [space_id])
            found = await store.living(tx, [space_id])
            if found:
                return found[0]
            self._ground.access.space(actor, Action.MEET_CALL_START, space_id)
            call = CallView(call_id, space_id, actor.person_id, self._ground.clock.now(), [])
            await store.add(tx, call)
            await self._ground.journal.append(
                tx, [Happening(space_id, CallStarted(call=call), actor.person_id)]
            )
        return call

    async def settle(
        self,
        call_id: UUID,
        space_id: UUID,
        *,
        arrived: Sequence[Identity] = (),
        left: Sequence[Identity] = (),
        may_end: bool = False,
    ) -> bool:
        """Write down who came and went; with `may_end` the call is over when that leaves nobody in it.

        Returns whether it is over now. What is written already is not written again.
        """
        now = self._ground.clock.now()
        happenings: list[Happening] = []
        async with self._ground.database.transaction() as tx:
            await self._ground.journal.lock(tx, [space_id])
            for who in left:
                if await store.part(tx, call_id, who.person_id, who.device_id, now):
                    gone = CallLeft(call_id=call_id, person_id=who.person_id, device_id=who.device_id)
                    happenings.append(Happening(space_id, gone, who.person_id))
            for who in arrived:
                participant = ParticipantView(who.person_id, who.device_id, now)
                if await store.enter(tx, call_id, participant):
                    come = CallJoined(call_id=call_id, participant=participant)
                    happenings.append(Happening(space_id, come, who.person_id))
            over = may_end and await store.inside_count(tx, call_id) == 0
            if over and await store.end(tx, call_id, now):
                happenings.append(Happening(space_id, CallEnded(call_id=call_id)))
            await self._ground.journal.append(tx, happenings)
        return over
