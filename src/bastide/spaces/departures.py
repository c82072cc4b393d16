"""How guests leave: by themselves after their last day, or when they are put out.

A guest's last day is theirs whole. When it is over, at midnight where the instance is, their membership ends as if they
had been put out: their sockets hear nothing more, their calls end. Who is in no space any more has no session either.
"""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import structlog

from bastide.core.audit import Line
from bastide.core.errors import Problem
from bastide.core.events import Entry
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.policy import Action, ActorKind
from bastide.people.acceptance import forgotten
from bastide.people.service import People
from bastide.spaces import guest_store, store
from bastide.spaces.events import MemberRemoved, SpaceLost
from bastide.spaces.losses import Losses
from bastide.spaces.roster import Roster

log = structlog.get_logger()
_LOOK_EVERY_S = 1.0


class Departures:
    """Ends the stays that are over, and sees to the door who is in no space any more."""

    def __init__(
        self,
        ground: Ground,
        people: People,
        roster: Roster,
        losses: Losses,
        today: Callable[[], date],
        *,
        kept: timedelta,
    ) -> None:
        """`kept`: how long the account of a guest is kept who is in no space any more."""
        self._ground = ground
        self._people = people
        self._roster = roster
        self._losses = losses
        self._today = today
        self._kept = kept
        ground.jobs.every("41 3 * * *", "spaces.forget_guests", self.forget_away)
        self._leaving: set[asyncio.Task[None]] = set()

    # The calendar.

    async def run(self) -> None:
        """End stays when their day is over, until cancelled."""
        day: date | None = None
        while True:
            today = self._today()
            if day != today:
                try:
                    await self.end_over()
                    day = today
                except Problem as problem:
                    log.warning("guests.not_ended", code=problem.code)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def end_over(self) -> None:
        """Put out the guests whose last day has passed, and end the sessions of who is in no space."""
        async with self._ground.database.read() as reader:
            over = await guest_store.over(reader, self._today())
            homeless = await guest_store.left_over(reader)
        for space_id, person_id in over:
            await self._end(space_id, person_id)
        for person_id in homeless:
            await self._see_out(person_id)

    async def _end(self, space_id: UUID, person_id: UUID) -> None:
        async with self._ground.database.transaction() as tx:
            await self._ground.journal.lock(tx, [space_id, person_id])
            if not await guest_store.is_over(tx, space_id, person_id, self._today()):
                return
            await store.remove_member(tx, space_id, person_id)
            view = await store.view(tx, space_id)
            removed = MemberRemoved(person_id=person_id, members_count=view.members_count, faces=view.faces)
            told = await self._losses.do_note(tx, space_id, view.name, view.label, {person_id: "stay-over"})
            lost = SpaceLost(space_id=space_id, why=told[person_id])
            await self._ground.journal.append(tx, [Happening(space_id, removed), Happening(person_id, lost)])
            detail = {"member": str(person_id), "step": "stay-over"}
            line = Line(Action.SPACES_MEMBER_REMOVE.value, True, None, space_id, detail=detail)
            await self._ground.audit.record(tx, line)

    async def forget_away(self) -> None:
        """Forget the accounts of guests who have been in no space for as long as the instance keeps them.

        What they wrote stays, under their name of then.
        """
        before = self._ground.clock.now() - self._kept
        async with self._ground.database.transaction() as tx:
            for person_id in await guest_store.nowhere(tx):
                await self._people.do_set_away(tx, person_id, away=True)
        async with self._ground.database.read() as reader:
            away = await self._people.away_before(reader, before)
        for person_id in away:
            async with self._ground.database.transaction() as tx:
                # Who is let in somewhere at this moment holds this lock.
                await self._ground.journal.lock(tx, [person_id])
                if not await guest_store.is_nowhere(tx, person_id):
                    await self._people.do_set_away(tx, person_id, away=False)
                elif await self._people.do_forget_guest(tx, person_id):
                    await self._losses.do_forget(tx, person_id)
                    await self._ground.audit.record(tx, forgotten(person_id, "long-away"))

    # Leaving.

    def apply(self, entry: Entry) -> None:
        """Somebody is out of a space, by whatever way: who was a guest and is nowhere any more is seen to the door."""
        if not isinstance(entry.event, MemberRemoved):
            return
        person_id = entry.event.person_id
        if not self._roster.spaces_of(person_id):
            task = asyncio.create_task(self._see_out(person_id))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Wait for who is leaving."""
        await asyncio.gather(*self._leaving, return_exceptions=True)

    async def _see_out(self, person_id: UUID) -> None:
        try:
            async with self._ground.database.transaction() as tx:
                found = (await self._people.living(tx, [person_id])).get(person_id)
                if found is None or found[0] is not ActorKind.GUEST:
                    return
                # Who is let in somewhere at this moment holds this lock.
                await self._ground.journal.lock(tx, [person_id])
                if await guest_store.is_nowhere(tx, person_id):
                    await self._people.do_set_away(tx, person_id, away=True)
                    await self._people.sessions.do_end_all(tx, person_id)
        except Problem as problem:
            # The next morning's round ends them; they see nothing meanwhile.
            log.warning("guests.session_not_ended", code=problem.code)
