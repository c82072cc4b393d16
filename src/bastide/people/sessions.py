"""Sessions: who a cookie stands for. A session belongs to a device (a browser profile), which has a stable id.

Cookies hold 256 random bits; the database holds their SHA-256. Living sessions are remembered in memory
for a minute, so that a request costs no query; ending one forgets it at once.

A session that becomes strong stays the same session, on its sockets and in its calls, and gets another cookie: whoever
held the old one without the passkey holds nothing (decision 0009).

A session on a shared machine is short, and ends by itself a moment after its last window was closed, or once nobody has been
at its windows for an hour. Whether windows are open is seen from the sockets they hold, not told by them: a
browser that is killed says nothing any more.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.client import Client
from bastide.core.database import Reader, Transaction
from bastide.core.errors import NotSignedIn, WrongCredentials
from bastide.core.events import Fleeting
from bastide.core.ground import Ground
from bastide.core.policy import Actor, ActorKind, Strength
from bastide.people import session_store
from bastide.people.session_store import Means

LASTS = timedelta(days=14)
# On a shared machine: a working day at the most, an hour with nobody at it, a moment without any window, in which a
# page that is reloaded or a line that drops comes back.
SHARED_LASTS = timedelta(hours=12)
SHARED_IDLE = timedelta(hours=1)
SHARED_ALONE = timedelta(seconds=60)
# How coarse « last seen » is.
SEEN_EVERY = timedelta(minutes=5)
_REMEMBERED = timedelta(seconds=60)
_REMEMBERED_MOST = 100_000
_TOKEN_LENGTH = 64
DEVICE_NAME_MOST = 300
# How the audit calls the end of a time in administration.
ADMINISTRATION_END = "people:administration:end"
_UNSEEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class SessionsMoved(Fleeting, frozen=True, tag="people.sessions.moved", kw_only=True):
    """One of a person's sessions began, ended, or is in administration or no more: their windows ask anew.

    In the person's own stream.
    """


class Opened(msgspec.Struct, frozen=True):
    """A fresh session: the two cookies' values, and whom they stand for.

    `device_token`: None on a shared machine, which gets no cookie of its own; empty when the one it has is to go.
    """

    session_token: str
    device_token: str | None
    actor: Actor
    expires_at: datetime
    shared: bool


class Renewed(msgspec.Struct, frozen=True):
    """A living session's new cookie, and whom it stands for from now on."""

    session_token: str
    actor: Actor
    expires_at: datetime
    shared: bool


class _Known(msgspec.Struct, frozen=True):
    actor: Actor
    until: datetime


def digest(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def csrf_of(token: str) -> str:
    """What a window must send back with each writing request: bound to the session, useless without it."""
    return hashlib.sha256(b"csrf:" + token.encode()).hexdigest()


class Sessions:
    """Opens, recognises and ends sessions.

    `ended` is told a session and its person, so that its sockets close; `moved` whom a living session stands for from
    now on, so that whatever remembers its actor follows.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._known: dict[bytes, _Known] = {}
        self._endings = 0
        # Sessions in administration: until when, and whose they are.
        self.administering: dict[UUID, tuple[datetime, UUID]] = {}
        self._seen: dict[UUID, datetime] = {}
        # Sessions that had windows a moment ago; of shared machines, since when they have none.
        self._windowed: set[UUID] = set()
        self._alone: dict[UUID, datetime] = {}
        self.ended: Callable[[UUID, UUID], None] = lambda _session, _person: None
        self.moved: Callable[[Actor], None] = lambda _actor: None

    async def open(
        self, person_id: UUID, client: Client, *, strength: Strength, means: Means = "password"
    ) -> Opened:
        """A new session of a person on the device whose cookie they hold, or on a new device."""
        async with self._ground.database.transaction() as tx:
            return await self.do_open(tx, person_id, client, strength=strength, means=means)

    async def do_open(
        self,
        tx: Transaction,
        person_id: UUID,
        client: Client,
        *,
        strength: Strength,
        means: Means,
        passkey_id: UUID | None = None,
    ) -> Opened:
        """`open` in the caller's transaction; `passkey_id` is the key by which it is strong.

        Raises:
            WrongCredentials: they were suspended, or their account ended, meanwhile.
        """
        if not await session_store.hold_person(tx, person_id):
            raise WrongCredentials
        ids, now = self._ground.ids, self._ground.clock.now()
        session_token, session_id = ids.token(), ids.new()
        expires_at = now + (SHARED_LASTS if client.shared else LASTS)
        device_token, held = await self._device(tx, person_id, client, now)
        await session_store.end_expired_sessions(tx, now)
        await session_store.add_session(
            tx,
            session_id,
            digest(session_token),
            person_id,
            held,
            session_store.Standing(strength.value, means, passkey_id),
            now,
            expires_at,
        )
        row = await session_store.find_session(tx, digest(session_token), now)
        if row is None:
            raise RuntimeError("a session that was just opened is not there")
        self._tell_after(tx, person_id)
        return Opened(session_token, device_token, self.actor_of(row), expires_at, client.shared)

    async def _device(
        self, tx: Transaction, person_id: UUID, client: Client, now: datetime
    ) -> tuple[str | None, UUID]:
        """The device that a session is opened on, and the token for its cookie."""
        ids, token = self._ground.ids, client.device_token
        name = _UNSEEN.sub("", client.device_name)[:DEVICE_NAME_MOST]
        held = await self.device_of(tx, token, person_id)
        if held is not None and not client.shared:
            await session_store.name_device(tx, held, name)
            return token, held
        fresh, device_id = ids.token(), ids.new()
        await session_store.add_device(
            tx, device_id, person_id, digest(fresh), name, now, shared=client.shared
        )
        if client.shared:  # nobody is told the token: the next session here is on another device
            return None if held is None else "", device_id
        return fresh, device_id

    async def do_strengthen(self, tx: Transaction, actor: Actor, passkey_id: UUID) -> Renewed:
        """Make a living session strong by a passkey, under another cookie.

        Raises:
            NotSignedIn: it has ended meanwhile.
        """
        token, now = self._ground.ids.token(), self._ground.clock.now()
        strong = session_store.Standing(Strength.PASSKEY.value, "passkey", passkey_id)
        await session_store.move_session(
            tx, actor.session_id, strong, confirmed_at=now, token_hash=digest(token)
        )
        row = await session_store.find_session(tx, digest(token), now)
        if row is None:
            raise NotSignedIn
        self._follow(tx, self.actor_of(row))
        return Renewed(token, self.actor_of(row), row.expires_at, row.shared)

    async def do_weaken(self, tx: Transaction, actor: Actor) -> None:
        """Make a living session no stronger than a password: the passkey it was strong by is gone."""
        weak = session_store.Standing(Strength.PASSWORD.value, "password", None)
        await session_store.move_session(tx, actor.session_id, weak)
        self._follow(tx, msgspec.structs.replace(actor, strength=Strength.PASSWORD))

    def _follow(self, tx: Transaction, actor: Actor) -> None:
        async def tell() -> None:
            self.forget(actor.session_id)
            self.moved(actor)

        tx.after_commit.append(tell)

    def actor_of(self, row: session_store.SessionRow) -> Actor:
        """Whom a session stands for now."""
        until = row.administers_until
        return Actor(
            kind=ActorKind(row.kind),
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            device_id=row.device_id,
            session_id=row.id,
            strength=Strength(row.strength),
            administrator=row.administrator,
            officer=row.officer,
            acting=until is not None and until > self._ground.clock.now(),
        )

    async def do_administer(self, tx: Transaction, session_id: UUID, until: datetime | None) -> None:
        """Put a session into administration until a moment, or out of it; all that remembers its actor follows."""
        await session_store.administer(tx, session_id, until)
        row = await session_store.session_of(tx, session_id, self._ground.clock.now())

        async def keep() -> None:
            self.administering.pop(session_id, None)
            if until is not None and row is not None:
                self.administering[session_id] = (until, row.person_id)

        tx.after_commit.append(keep)
        if row is not None:  # it may have run out at the same moment
            self._follow(tx, self.actor_of(row))
            self._tell_after(tx, row.person_id)

    async def device_of(self, reader: Reader, device_token: str | None, person_id: UUID) -> UUID | None:
        """The device whose cookie is held, if it is this person's."""
        row = await session_store.find_device(reader, digest(device_token)) if device_token else None
        return row.id if row is not None and row.person_id == person_id else None

    async def authenticate(self, token: str) -> Actor | None:
        """Whom a session cookie stands for, None for nobody."""
        if len(token) != _TOKEN_LENGTH:
            return None
        key, now = digest(token), self._ground.clock.now()
        known = self._known.get(key)
        if known is not None and known.until > now:
            return known.actor
        row, endings = None, -1
        while endings != self._endings:  # one that ended while it was read would be remembered for a minute
            endings = self._endings
            async with self._ground.database.read() as reader:
                row = await session_store.find_session(reader, key, now)
        if row is None:
            self._known.pop(key, None)
            return None
        if len(self._known) >= _REMEMBERED_MOST:
            self._known.clear()
        actor = self.actor_of(row)
        until = min(row.expires_at, now + _REMEMBERED)
        if actor.acting and row.administers_until is not None:
            until = min(until, row.administers_until)
        self._known[key] = _Known(actor, until)
        # On a shared machine only somebody at its windows counts.
        if not row.shared and row.seen_at + SEEN_EVERY <= now:
            self._seen[row.id] = now
        return actor

    async def terms_of(self, reader: Reader, session_id: UUID) -> tuple[datetime | None, datetime | None]:
        """When a session on a shared machine ends at the latest, and until when it is in administration; None: not."""
        now = self._ground.clock.now()
        row = await session_store.session_of(reader, session_id, now)
        if row is None:
            return None, None
        until = row.administers_until
        return (row.expires_at if row.shared else None), (
            until if until is not None and until > now else None
        )

    async def still(self, actor: Actor) -> bool:
        """Whether a session stands for at least as much as when it was recognised; asks the database."""
        async with self._ground.database.read() as reader:
            row = await session_store.session_of(reader, actor.session_id, self._ground.clock.now())
        if row is None:
            return False
        now = self.actor_of(row)
        weaker = actor.strength is Strength.PASSKEY and now.strength is not Strength.PASSKEY
        held = [(a.administrator, a.officer, a.acting) for a in (actor, now)]
        return not weaker and all(still or not was for was, still in zip(*held, strict=True))

    async def end(self, actor: Actor) -> None:
        """Sign out: the cookie stands for nobody from now on, and its sockets close."""
        async with self._ground.database.transaction() as tx:
            await session_store.end_session(tx, actor.session_id)
        self.gone(actor.session_id, actor.person_id)

    def gone(self, session_id: UUID, person_id: UUID) -> None:
        """A session has been ended: its cookie stands for nobody, what hangs on it ends, and the person's windows know."""
        self.forget(session_id)
        if self.administering.pop(session_id, None) is not None:
            self._ground.audit.note(
                Line(ADMINISTRATION_END, True, person_id, detail={"step": "session-over"})
            )
        self.ended(session_id, person_id)
        self._ground.bus.tell(person_id, SessionsMoved())

    def gone_after(self, tx: Transaction, person_id: UUID, sessions: Iterable[UUID]) -> None:
        """The same of some sessions of a person, once `tx` is committed."""

        async def tell() -> None:
            for session_id in sessions:
                self.gone(session_id, person_id)

        tx.after_commit.append(tell)

    def _tell_after(self, tx: Transaction, person_id: UUID) -> None:
        async def tell() -> None:
            self._ground.bus.tell(person_id, SessionsMoved())

        tx.after_commit.append(tell)

    async def do_restand(self, tx: Transaction, person_id: UUID) -> None:
        """What a person may do anywhere is another: their living sessions, sockets and calls follow after the commit."""
        for row in await session_store.sessions_of(tx, person_id, self._ground.clock.now()):
            self._follow(tx, self.actor_of(row))

    async def do_end_administration(self, tx: Transaction, person_id: UUID) -> None:
        """Put every session of a person out of administration."""
        for row in await session_store.sessions_of(tx, person_id, self._ground.clock.now()):
            if row.administers_until is not None:
                await self.do_administer(tx, row.id, None)
                line = Line(ADMINISTRATION_END, True, person_id, detail={"step": "dismissed"})
                await self._ground.audit.record(tx, line)

    async def do_end_all(self, tx: Transaction, person_id: UUID, *, but: UUID | None = None) -> None:
        """End every session of a person, or all but one, in the caller's transaction."""
        self.gone_after(tx, person_id, await session_store.end_sessions_of(tx, person_id, but))

    async def end_former(self, token: str) -> None:
        """End the session that a browser profile held before it signed in again."""
        former = await self.authenticate(token)
        if former is not None:
            await self.end(former)

    async def sweep(self, open_sessions: Mapping[UUID, UUID]) -> None:
        """Close the sockets of sessions that ran out, or whose person was suspended.

        `open_sessions`: the sessions that have sockets, and whose they are.
        """
        async with self._ground.database.read() as reader:
            living = await session_store.living_sessions(
                reader, list(open_sessions), self._ground.clock.now()
            )
        for session_id in open_sessions.keys() - living:
            self.gone(session_id, open_sessions[session_id])

    async def note_seen(self, windowed: Iterable[UUID]) -> None:
        """Write down who was seen since the last time. `windowed`: the sessions that have windows open now."""
        now, windowed = self._ground.clock.now(), set(windowed)
        seen = self._seen | dict.fromkeys(self._windowed - windowed, now)
        self._seen, self._windowed = {}, windowed
        if seen:
            async with self._ground.database.transaction() as tx:
                await session_store.mark_seen(tx, seen)

    async def leave_shared(self, attended: Callable[[UUID], bool | None]) -> None:
        """End sessions of shared machines that were left: without a window for a moment, or without anybody for an hour.

        `attended`: whether somebody is at a session's windows; None where none is open. What has no window is counted from
        when this process first saw that, so that nobody is put out because the house was down.
        """
        now = self._ground.clock.now()
        async with self._ground.database.read() as reader:
            rows = await session_store.shared_sessions(reader)
        at = {row.id: attended(row.id) for row in rows}
        self._alone = {i: self._alone.get(i, now) for i, there in at.items() if there is None}
        closed = {i for i, since in self._alone.items() if since + SHARED_ALONE <= now}
        idle = {row.id for row in rows if not at[row.id] and row.seen_at + SHARED_IDLE <= now} - closed
        for row in rows:
            if at[row.id] and row.seen_at + SEEN_EVERY <= now:
                self._seen[row.id] = now
        if not closed | idle:
            return
        people = {row.id: row.person_id for row in rows}
        async with self._ground.database.transaction() as tx:
            ended = await session_store.end_sessions(tx, sorted(closed | idle))
            for session_id in ended:
                detail = {"step": "windows-closed" if session_id in closed else "nobody-there"}
                line = Line("people:session:end", True, people[session_id], detail=detail)
                await self._ground.audit.record(tx, line)
                self.gone_after(tx, people[session_id], [session_id])

    def forget(self, session_id: UUID) -> None:
        """Drop a session from memory."""
        self._endings += 1
        for key in [k for k, v in self._known.items() if v.actor.session_id == session_id]:
            del self._known[key]
