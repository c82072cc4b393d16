"""Being in administration: a time that somebody who holds an office opens for one session, by proving again who they are.

An office alone does nothing: what is done by it is done in that time, which is seen in the window, is recorded, and ends by
itself (decision 0018). It belongs to the session and not to the person, so that another window of theirs, or
whoever stole its cookie, is not in it.
"""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.ending import heed_cancellation
from bastide.core.errors import NotSignedIn, Unavailable
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor
from bastide.people import session_store
from bastide.people.passkeys import Passkeys
from bastide.people.service import People
from bastide.people.sessions import ADMINISTRATION_END

# Whoever opens it has proved who they are for that: their sign-in of this morning is no proof.
PROVED_WITHIN = timedelta(minutes=1)
_LOOK_EVERY_S = 1.0


class Administering:
    """The use cases of being in administration; `lasts` is how long it is open."""

    def __init__(self, ground: Ground, people: People, passkeys: Passkeys, lasts: timedelta) -> None:
        self._ground = ground
        self._sessions = people.sessions
        self._passkeys = passkeys
        self._lasts = lasts

    async def load(self) -> None:
        """Take into memory who is in administration."""
        async with self._ground.database.read() as reader:
            rows = await session_store.administering(reader)
        self._sessions.administering = {row.id: (row.until, row.person_id) for row in rows}

    async def open(self, actor: Actor) -> Actor:
        """Put the actor's session into administration; where it is, for the whole time again.

        Raises:
            Refused: they hold no office.
            ConfirmationNeeded: first prove again who you are, within the last minute.
        """
        self._ground.access.allow(actor, Action.PEOPLE_ADMINISTRATION_OPEN)
        async with self._ground.database.transaction() as tx:
            await self._passkeys.guard(tx, actor, within=PROVED_WITHIN)
            now = self._ground.clock.now()
            row = await session_store.session_of(tx, actor.session_id, now)
            if row is None:
                raise NotSignedIn
            # An office may have been taken away since the actor was recognized; the rows are held by `guard`.
            held = self._sessions.actor_of(row)
            self._ground.access.allow(held, Action.PEOPLE_ADMINISTRATION_OPEN)
            until = min(now + self._lasts, row.expires_at)
            await self._sessions.do_administer(tx, actor.session_id, until)
            action = Action.PEOPLE_ADMINISTRATION_OPEN.value
            line = Line(action, True, actor.person_id, detail={"step": "opened"})
            await self._ground.audit.record(tx, line)
        return msgspec.structs.replace(held, acting=True)

    async def close(self, actor: Actor) -> Actor:
        """End it before its time. Where it is not open, nothing happens."""
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        await self._end(actor.session_id, actor.person_id, "closed-early")
        return msgspec.structs.replace(actor, acting=False)

    async def run(self) -> None:
        """End, at each second, what has come to its end."""
        while True:
            heed_cancellation()
            await asyncio.sleep(_LOOK_EVERY_S)
            try:
                await self.expire()
            except Unavailable:
                continue

    async def expire(self) -> None:
        """End what has come to its end; each request looks at the clock besides."""
        now = self._ground.clock.now()
        for session_id, (until, person_id) in list(self._sessions.administering.items()):
            if until <= now:
                await self._end(session_id, person_id, "time-over", until)

    async def _end(self, session_id: UUID, person_id: UUID, step: str, was: datetime | None = None) -> None:
        async with self._ground.database.transaction() as tx:
            if not await session_store.stop_administering(tx, session_id, was):
                known = self._sessions.administering.get(session_id)
                if known is not None and known[0] == was:  # its session is over, which was recorded
                    del self._sessions.administering[session_id]
                return
            await self._sessions.do_administer(tx, session_id, None)
            await self._ground.audit.record(
                tx, Line(ADMINISTRATION_END, True, person_id, detail={"step": step})
            )
