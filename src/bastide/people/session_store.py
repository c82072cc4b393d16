"""The SQL of devices and sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from bastide.core.database import Reader, Transaction

# By what a session was opened; a link is an invitation's.
Means = Literal["password", "passkey", "recovery", "link"]


class DeviceRow(msgspec.Struct, frozen=True):
    """A browser profile, and whose it is."""

    id: UUID
    person_id: UUID


class Standing(msgspec.Struct, frozen=True):
    """How sure a session is: its strength, by what means it was opened, and the passkey it is strong by."""

    strength: str
    means: str
    passkey_id: UUID | None


class SessionRow(msgspec.Struct, frozen=True):
    """A living session and whose it is. `shared`: on a machine that others use too."""

    id: UUID
    person_id: UUID
    organisation_id: UUID
    kind: str
    administrator: bool
    officer: bool
    device_id: UUID
    strength: str
    expires_at: datetime
    seen_at: datetime
    shared: bool
    administers_until: datetime | None


class AdministeringRow(msgspec.Struct, frozen=True):
    """A session in administration, whose it is, and until when."""

    id: UUID
    person_id: UUID
    until: datetime


class OpenRow(msgspec.Struct, frozen=True):
    """A living session as its person sees it."""

    id: UUID
    name: str
    shared: bool
    means: Means
    created_at: datetime
    seen_at: datetime


class SharedRow(msgspec.Struct, frozen=True):
    """A living session on a shared machine."""

    id: UUID
    person_id: UUID
    seen_at: datetime


_LIVING = """
select s.id, s.person_id, p.organisation_id, p.kind, p.administrator, p.officer, s.device_id, s.strength,
       s.expires_at, s.seen_at, d.shared, s.administers_until
from session s join person p on p.id = s.person_id join device d on d.id = s.device_id
where s.expires_at > %(now)s and p.suspended_at is null
"""


async def hold_person(tx: Transaction, person_id: UUID) -> bool:
    """Keep somebody as they are until the commit; False for nobody, and for who may not come in.

    Whoever proves who they are holds their person before they look at any proof; whoever takes a proof away, suspends or
    forgets an account changes that row first. So no session is opened by what is no proof any more.
    """
    found = await tx.value(
        "select true from person where id = %(id)s and suspended_at is null and forgotten_at is null for share",
        id=person_id,
    )
    return found is not None


async def find_device(reader: Reader, token_hash: bytes) -> DeviceRow | None:
    return await reader.one(
        DeviceRow, "select id, person_id from device where token_hash = %(hash)s", hash=token_hash
    )


async def add_device(
    tx: Transaction,
    device_id: UUID,
    person_id: UUID,
    token_hash: bytes,
    name: str,
    at: datetime,
    *,
    shared: bool,
) -> None:
    await tx.run(
        """
        insert into device (id, person_id, token_hash, name, created_at, shared)
        values (%(id)s, %(person)s, %(hash)s, %(name)s, %(at)s, %(shared)s)
        """,
        id=device_id,
        person=person_id,
        hash=token_hash,
        name=name,
        at=at,
        shared=shared,
    )


async def name_device(tx: Transaction, device_id: UUID, name: str) -> None:
    await tx.run("update device set name = %(name)s where id = %(id)s", id=device_id, name=name)


async def add_session(
    tx: Transaction,
    session_id: UUID,
    token_hash: bytes,
    person_id: UUID,
    device_id: UUID,
    standing: Standing,
    at: datetime,
    expires_at: datetime,
) -> None:
    await tx.run(
        """
        insert into session (id, token_hash, person_id, device_id, strength, means, passkey_id,
                             created_at, confirmed_at, seen_at, expires_at)
        values (%(id)s, %(hash)s, %(person)s, %(device)s, %(strength)s, %(means)s, %(passkey)s,
                %(at)s, %(at)s, %(at)s, %(expires)s)
        """,
        id=session_id,
        hash=token_hash,
        person=person_id,
        device=device_id,
        strength=standing.strength,
        means=standing.means,
        passkey=standing.passkey_id,
        at=at,
        expires=expires_at,
    )


async def move_session(
    tx: Transaction,
    session_id: UUID,
    standing: Standing,
    *,
    confirmed_at: datetime | None = None,
    token_hash: bytes | None = None,
) -> None:
    """Change how sure a living session is; with a hash, also the cookie it is known by."""
    await tx.run(
        """
        update session set strength = %(strength)s, means = %(means)s, passkey_id = %(passkey)s,
               confirmed_at = coalesce(%(at)s, confirmed_at), token_hash = coalesce(%(hash)s, token_hash)
        where id = %(id)s
        """,
        id=session_id,
        strength=standing.strength,
        means=standing.means,
        passkey=standing.passkey_id,
        at=confirmed_at,
        hash=token_hash,
    )


async def administering(reader: Reader) -> list[AdministeringRow]:
    """Every session in administration, also those whose time is over and that nobody has ended yet."""
    return await reader.all(
        AdministeringRow,
        "select id, person_id, administers_until as until from session where administers_until is not null",
    )


async def administer(tx: Transaction, session_id: UUID, until: datetime | None) -> None:
    await tx.run(
        "update session set administers_until = %(until)s where id = %(id)s", id=session_id, until=until
    )


async def stop_administering(tx: Transaction, session_id: UUID, was: datetime | None) -> bool:
    """False where it was not in administration, or no more in the one that was to end at `was`."""
    done = await tx.run(
        """
        update session set administers_until = null
        where id = %(id)s and administers_until is not null
          and (%(was)s::timestamptz is null or administers_until = %(was)s::timestamptz)
        """,
        id=session_id,
        was=was,
    )
    return done == 1


async def confirm_session(tx: Transaction, session_id: UUID, at: datetime) -> None:
    await tx.run("update session set confirmed_at = %(at)s where id = %(id)s", id=session_id, at=at)


async def find_session(reader: Reader, token_hash: bytes, now: datetime) -> SessionRow | None:
    return await reader.one(
        SessionRow,
        _LIVING + "and s.token_hash = %(hash)s",
        hash=token_hash,
        now=now,
    )


async def session_of(reader: Reader, session_id: UUID, now: datetime) -> SessionRow | None:
    return await reader.one(
        SessionRow,
        _LIVING + "and s.id = %(id)s",
        id=session_id,
        now=now,
    )


async def living_sessions(reader: Reader, ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Which of some sessions still stand for somebody."""
    rows = await reader.rows(
        """
        select s.id from session s join person p on p.id = s.person_id
        where s.id = any(%(ids)s) and s.expires_at > %(now)s and p.suspended_at is null
        """,
        ids=list(ids),
        now=now,
    )
    return {row[0] for row in rows}


async def end_session(tx: Transaction, session_id: UUID) -> None:
    await tx.run("delete from session where id = %(id)s", id=session_id)


async def sessions_of(reader: Reader, person_id: UUID, now: datetime) -> list[SessionRow]:
    return await reader.all(
        SessionRow,
        _LIVING + "and s.person_id = %(person)s",
        person=person_id,
        now=now,
    )


async def end_sessions_of(tx: Transaction, person_id: UUID, but: UUID | None = None) -> list[UUID]:
    rows = await tx.rows(
        """
        delete from session where person_id = %(person)s and (%(but)s::uuid is null or id <> %(but)s::uuid)
        returning id
        """,
        person=person_id,
        but=but,
    )
    return [row[0] for row in rows]


async def open_sessions_of(reader: Reader, person_id: UUID, now: datetime) -> list[OpenRow]:
    """A person's living sessions, the one used last first."""
    return await reader.all(
        OpenRow,
        """
        select s.id, d.name, d.shared, s.means, s.created_at, s.seen_at
        from session s join device d on d.id = s.device_id
        where s.person_id = %(person)s and s.expires_at > %(now)s
        order by s.seen_at desc, s.id
        """,
        person=person_id,
        now=now,
    )


async def end_session_of(tx: Transaction, session_id: UUID, person_id: UUID) -> bool:
    """End one of a person's sessions; False where it is none of theirs."""
    return (
        await tx.run(
            "delete from session where id = %(id)s and person_id = %(person)s",
            id=session_id,
            person=person_id,
        )
        > 0
    )


async def shared_sessions(reader: Reader) -> list[SharedRow]:
    """Every session on a shared machine."""
    return await reader.all(
        SharedRow,
        """
        select s.id, s.person_id, s.seen_at from session s join device d on d.id = s.device_id where d.shared
        """,
    )


async def end_sessions(tx: Transaction, ids: Sequence[UUID]) -> set[UUID]:
    """End some sessions: those that were still there."""
    rows = await tx.rows("delete from session where id = any(%(ids)s) returning id", ids=list(ids))
    return {row[0] for row in rows}


async def mark_seen(tx: Transaction, seen: Mapping[UUID, datetime]) -> None:
    """Note when sessions were last used. One that is being changed at this moment is left for the next time."""
    await tx.run(
        """
        update session set seen_at = greatest(session.seen_at, noted.at)
        from unnest(%(ids)s::uuid[], %(ats)s::timestamptz[]) as noted (id, at)
        where session.id = noted.id
          and session.id in (select id from session where id = any(%(ids)s::uuid[]) for update skip locked)
        """,
        ids=list(seen),
        ats=list(seen.values()),
    )


async def end_expired_sessions(tx: Transaction, now: datetime) -> int:
    return await tx.run("delete from session where expires_at <= %(now)s", now=now)
