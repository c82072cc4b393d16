"""The devices that somebody is signed in on: seen by themselves, and ended by them.

Ending another session asks who one is again, as all that guards an account does (ASVS 5.0, 7.5.2): whoever sits down at an
open window must not put its person out everywhere else.
"""

from collections.abc import Callable
from uuid import UUID

from bastide.core.audit import Line
from bastide.core.errors import NotFound
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor
from bastide.people import session_store
from bastide.people.device_model import OwnSession
from bastide.people.passkeys import Passkeys
from bastide.people.service import People
from bastide.people.user_agent import browser_of, system_of


class Devices:
    """The use cases of one's own sessions. `connected` says whether a session has a window open."""

    def __init__(self, ground: Ground, people: People, passkeys: Passkeys) -> None:
        self._ground = ground
        self._sessions = people.sessions
        self._passkeys = passkeys
        self.connected: Callable[[UUID], bool] = lambda _session: False

    async def own(self, actor: Actor) -> list[OwnSession]:
        """One's living sessions: this one, then the one that was used last."""
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.read() as reader:
            now = self._ground.clock.now()
            rows = await session_store.open_sessions_of(reader, actor.person_id, now)
        return [
            OwnSession(
                id=row.id,
                browser=browser_of(row.name),
                system=system_of(row.name),
                shared=row.shared,
                means=row.means,
                created_at=row.created_at,
                seen_at=row.seen_at,
                connected=self.connected(row.id),
                current=row.id == actor.session_id,
            )
            for row in sorted(rows, key=lambda row: row.id != actor.session_id)
        ]

    async def end(self, actor: Actor, session_id: UUID) -> None:
        """End one of one's sessions, with its sockets, calls and tickets.

        Raises:
            NotFound: it is none of the actor's, or has ended.
            ConfirmationNeeded: first prove again who you are; not for the session that asks.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.transaction() as tx:
            if session_id != actor.session_id:
                await self._passkeys.guard(tx, actor)
            if not await session_store.end_session_of(tx, session_id, actor.person_id):
                raise NotFound
            line = Line("people:session:end", True, actor.person_id, detail={"step": "one-session"})
            await self._ground.audit.record(tx, line)
            self._sessions.gone_after(tx, actor.person_id, [session_id])

    async def end_others(self, actor: Actor) -> None:
        """End all of one's sessions but the one that asks.

        Raises:
            ConfirmationNeeded: first prove again who you are.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.transaction() as tx:
            await self._passkeys.guard(tx, actor)
            await self._sessions.do_end_all(tx, actor.person_id, but=actor.session_id)
            line = Line("people:session:end", True, actor.person_id, detail={"step": "other-sessions"})
            await self._ground.audit.record(tx, line)
