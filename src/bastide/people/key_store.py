"""The SQL of passkeys, recovery codes, and of what a session's person has proved."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.database import Reader, Transaction
from bastide.people.ceremony import Made


class KeyRow(msgspec.Struct, frozen=True):
    """A passkey, as its owner's list and the browser need it."""

    id: UUID
    credential_id: bytes
    transports: list[str]
    backup_eligible: bool
    name: str
    created_at: datetime
    used_at: datetime | None


class HeldKey(msgspec.Struct, frozen=True):
    """A passkey that a proof is checked against, and whose it is."""

    id: UUID
    person_id: UUID
    public_key: bytes
    sign_count: int
    backup_eligible: bool
    kind: str


class StandingRow(msgspec.Struct, frozen=True):
    """What the person of a session has proved, and what they could prove it by."""

    strength: str
    means: str
    confirmed_at: datetime
    keys: int
    has_password: bool


class CodesRow(msgspec.Struct, frozen=True):
    """How many recovery codes are left, and when they were made."""

    codes_left: int
    made_at: datetime | None


class OwnerRow(msgspec.Struct, frozen=True):
    """Whom an address names."""

    id: UUID
    kind: str
    suspended: bool


class EndedRow(msgspec.Struct, frozen=True):
    """A session that was ended."""

    id: UUID


async def challenge_key(tx: Transaction, fresh: str) -> str:
    """The instance's own key for challenges: `fresh` unless there is one."""
    await tx.run(
        "insert into instance (name, value) values ('passkey_challenges', %(fresh)s) on conflict (name) do nothing",
        fresh=fresh,
    )
    return str(await tx.value("select value from instance where name = 'passkey_challenges'"))


async def spend_challenge(
    tx: Transaction, challenge_hash: bytes, expires_at: datetime, now: datetime
) -> bool:
    """False when it was answered before."""
    await tx.run("delete from passkey_challenge_spent where expires_at <= %(now)s", now=now)
    done = await tx.run(
        """
        insert into passkey_challenge_spent (hash, expires_at) values (%(hash)s, %(at)s)
        on conflict (hash) do nothing
        """,
        hash=challenge_hash,
        at=expires_at,
    )
    return done == 1


async def keys_of(reader: Reader, person_id: UUID) -> list[KeyRow]:
    return await reader.all(
        KeyRow,
        """
        select id, credential_id, transports, backup_eligible, name, created_at, used_at
        from passkey where person_id = %(person)s order by created_at, id
        """,
        person=person_id,
    )


async def count_keys(reader: Reader, person_id: UUID) -> int:
    return int(await reader.value("select count(*) from passkey where person_id = %(p)s", p=person_id))


async def with_keys(reader: Reader, people: Sequence[UUID]) -> set[UUID]:
    """Of some people, those who have a passkey."""
    rows = await reader.rows(
        "select distinct person_id from passkey where person_id = any(%(people)s)", people=list(people)
    )
    return {row[0] for row in rows}


async def owner_by_key(reader: Reader, credential_id: bytes) -> UUID | None:
    """Whose a passkey is."""
    return await reader.value("select person_id from passkey where credential_id = %(id)s", id=credential_id)


async def hold_key(tx: Transaction, credential_id: bytes) -> HeldKey | None:
    """A passkey by its credential, locked: two answers with one counter are not both good."""
    return await tx.one(
        HeldKey,
        """
        select k.id, k.person_id, k.public_key, k.sign_count, k.backup_eligible, p.kind
        from passkey k join person p on p.id = k.person_id
        where k.credential_id = %(credential)s for update of k
        """,
        credential=credential_id,
    )


async def add_key(
    tx: Transaction, key_id: UUID, person_id: UUID, made: Made, name: str, at: datetime
) -> bool:
    """False when the credential is somebody's already."""
    done = await tx.run(
        """
        insert into passkey (id, person_id, credential_id, public_key, sign_count, transports,
                             backup_eligible, backed_up, name, created_at)
        values (%(id)s, %(person)s, %(credential)s, %(public)s, %(count)s, %(transports)s,
                %(eligible)s, %(backed_up)s, %(name)s, %(at)s)
        on conflict (credential_id) do nothing
        """,
        id=key_id,
        person=person_id,
        credential=made.credential_id,
        public=made.public_key,
        count=made.sign_count,
        transports=made.transports,
        eligible=made.backup_eligible,
        backed_up=made.backed_up,
        name=name,
        at=at,
    )
    return done == 1


async def used_key(tx: Transaction, key_id: UUID, sign_count: int, backed_up: bool, at: datetime) -> None:  # noqa: FBT001
    await tx.run(
        """
        update passkey set sign_count = %(count)s, backed_up = %(backed_up)s, used_at = %(at)s where id = %(id)s
        """,
        id=key_id,
        count=sign_count,
        backed_up=backed_up,
        at=at,
    )


async def rename_key(tx: Transaction, key_id: UUID, person_id: UUID, name: str) -> bool:
    done = await tx.run(
        "update passkey set name = %(name)s where id = %(id)s and person_id = %(person)s",
        id=key_id,
        person=person_id,
        name=name,
    )
    return done == 1


async def remove_key(tx: Transaction, key_id: UUID, person_id: UUID) -> bool:
    done = await tx.run(
        "delete from passkey where id = %(id)s and person_id = %(person)s", id=key_id, person=person_id
    )
    return done == 1


async def end_sessions_by_key(tx: Transaction, key_id: UUID, but: UUID) -> Sequence[EndedRow]:
    """End the sessions that are strong by a passkey, but one; before the passkey goes."""
    return await tx.all(
        EndedRow,
        "delete from session where passkey_id = %(key)s and id <> %(but)s returning id",
        key=key_id,
        but=but,
    )


async def is_strong_by(reader: Reader, session_id: UUID, key_id: UUID) -> bool:
    return bool(
        await reader.value(
            "select true from session where id = %(id)s and passkey_id = %(key)s", id=session_id, key=key_id
        )
    )


async def standing_of(reader: Reader, session_id: UUID) -> StandingRow | None:
    return await reader.one(
        StandingRow,
        """
        select s.strength, s.means, s.confirmed_at,
               (select count(*) from passkey k where k.person_id = s.person_id) as keys,
               exists (select from credential c where c.person_id = s.person_id) as has_password
        from session s where s.id = %(id)s
        """,
        id=session_id,
    )


async def password_of(reader: Reader, person_id: UUID) -> str | None:
    found = await reader.value("select password_hash from credential where person_id = %(p)s", p=person_id)
    return None if found is None else str(found)


async def owner_of(reader: Reader, email: str) -> OwnerRow | None:
    return await reader.one(
        OwnerRow,
        "select id, kind, suspended_at is not null as suspended from person where email = %(email)s and email <> ''",
        email=email,
    )


async def codes_of(reader: Reader, person_id: UUID) -> CodesRow:
    row = await reader.one(
        CodesRow,
        """
        select count(*) filter (where used_at is null) as codes_left, min(created_at) as made_at
        from recovery_code where person_id = %(person)s
        """,
        person=person_id,
    )
    return row or CodesRow(0, None)


async def replace_codes(tx: Transaction, person_id: UUID, hashes: Sequence[bytes], at: datetime) -> None:
    await forget_codes(tx, person_id)
    await tx.run(
        """
        insert into recovery_code (person_id, hash, created_at)
        select %(person)s, hash, %(at)s from unnest(%(hashes)s::bytea[]) as fresh (hash)
        """,
        person=person_id,
        hashes=list(hashes),
        at=at,
    )


async def forget_codes(tx: Transaction, person_id: UUID) -> None:
    await tx.run("delete from recovery_code where person_id = %(person)s", person=person_id)


async def use_code(tx: Transaction, person_id: UUID, code_hash: bytes, at: datetime) -> bool:
    """False when it is none of this person's, or was used before."""
    done = await tx.run(
        """
        update recovery_code set used_at = %(at)s
        where person_id = %(person)s and hash = %(hash)s and used_at is null
        """,
        person=person_id,
        hash=code_hash,
        at=at,
    )
    return done == 1
