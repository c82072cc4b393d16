"""The SQL of links that reset passwords, and of who administers."""

from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec

from bastide.core.database import Reader, Transaction
from bastide.core.policy import Office
from bastide.people.resetting import ResetRow

_COLUMNS: dict[Office, LiteralString] = {Office.ADMINISTRATOR: "administrator", Office.OFFICER: "officer"}


class AccountRow(msgspec.Struct, frozen=True):
    """What an administrator's act asks of an account."""

    id: UUID
    organisation_id: UUID
    kind: str
    email: str
    administrator: bool
    officer: bool
    suspended: bool


class PasswordRow(msgspec.Struct, frozen=True):
    """Since when somebody has their password."""

    changed_at: datetime
    by_link: bool


async def put(
    tx: Transaction,
    person_id: UUID,
    token_hash: bytes,
    *,
    by: UUID | None,
    at: datetime,
    expires_at: datetime,
    anew: bool,
) -> None:
    """A link for somebody; the one before is worth nothing any more."""
    await tx.run(
        """
        insert into password_reset (person_id, token_hash, made_by, made_at, expires_at, anew)
        values (%(person)s, %(hash)s, %(by)s, %(at)s, %(expires)s, %(anew)s)
        on conflict (person_id) do update set token_hash = excluded.token_hash, made_by = excluded.made_by,
            made_at = excluded.made_at, expires_at = excluded.expires_at, anew = excluded.anew
        """,
        person=person_id,
        hash=token_hash,
        by=by,
        at=at,
        expires=expires_at,
        anew=anew,
    )


async def find_by_token(reader: Reader, token_hash: bytes, now: datetime) -> ResetRow | None:
    return await reader.one(
        ResetRow,
        """
        select person_id, made_by, made_at, expires_at, anew from password_reset
        where token_hash = %(hash)s and expires_at > %(now)s
        """,
        hash=token_hash,
        now=now,
    )


async def take(tx: Transaction, token_hash: bytes, now: datetime) -> ResetRow | None:
    """The same, once: it is gone with the commit, and whoever uses it at the same time waits and finds nothing."""
    return await tx.one(
        ResetRow,
        """
        delete from password_reset where token_hash = %(hash)s and expires_at > %(now)s
        returning person_id, made_by, made_at, expires_at, anew
        """,
        hash=token_hash,
        now=now,
    )


async def waiting_for(reader: Reader, person_id: UUID, now: datetime) -> ResetRow | None:
    return await reader.one(
        ResetRow,
        """
        select person_id, made_by, made_at, expires_at, anew from password_reset
        where person_id = %(person)s and expires_at > %(now)s
        """,
        person=person_id,
        now=now,
    )


async def withdraw(tx: Transaction, person_id: UUID) -> bool:
    """False when none waited. The link of who runs the server is nobody else's to end."""
    return (
        await tx.run("delete from password_reset where person_id = %(person)s and not anew", person=person_id)
        == 1
    )


async def withdraw_made_by(tx: Transaction, maker_id: UUID) -> None:
    """End the links that somebody made, who administers no more: they are worth what their maker's office is."""
    await tx.run("delete from password_reset where made_by = %(maker)s", maker=maker_id)


async def drop_over(tx: Transaction, now: datetime) -> int:
    return await tx.run("delete from password_reset where expires_at <= %(now)s", now=now)


async def password_of(reader: Reader, person_id: UUID) -> PasswordRow | None:
    return await reader.one(
        PasswordRow,
        "select changed_at, by_link from credential where person_id = %(person)s",
        person=person_id,
    )


async def mark_by_link(tx: Transaction, person_id: UUID, *, by_link: bool) -> None:
    await tx.run(
        "update credential set by_link = %(by_link)s where person_id = %(person)s",
        person=person_id,
        by_link=by_link,
    )


async def hold_account(tx: Transaction, person_id: UUID) -> AccountRow | None:
    """An account, held until the commit; None for nobody, and for one that is over."""
    return await tx.one(
        AccountRow,
        """
        select id, organisation_id, kind, email, administrator, officer, suspended_at is not null as suspended
        from person where id = %(id)s and forgotten_at is null for no key update
        """,
        id=person_id,
    )


async def account_at(tx: Transaction, email: str) -> UUID | None:
    """Whose address it is."""
    return await tx.value("select id from person where email = %(email)s and email <> ''", email=email)


async def begin_anew(tx: Transaction, person_id: UUID) -> None:
    """Take an account's passkeys and recovery codes away, and make its person an administrator who is not suspended."""
    await tx.run("delete from passkey where person_id = %(id)s", id=person_id)
    await tx.run("delete from recovery_code where person_id = %(id)s", id=person_id)
    await tx.run(
        "update person set administrator = true, suspended_at = null where id = %(id)s", id=person_id
    )


async def set_office(tx: Transaction, person_id: UUID, office: Office, *, holds: bool) -> None:
    await tx.run(
        f"update person set {_COLUMNS[office]} = %(holds)s where id = %(id)s", id=person_id, holds=holds
    )


async def hold_organisation(tx: Transaction, organisation_id: UUID) -> None:
    """Whoever appoints or dismisses an administrator there at the same time waits."""
    await tx.run("select id from organisation where id = %(id)s for no key update", id=organisation_id)


async def is_last(reader: Reader, organisation_id: UUID, person_id: UUID, office: Office) -> bool:
    """Whether nobody else who may act holds an office in an organisation."""
    column = _COLUMNS[office]
    found = await reader.value(
        f"""
        select 1 from person
        where organisation_id = %(organisation)s and {column} and id = %(id)s
          and not exists (select from person as other
                          where other.organisation_id = %(organisation)s and other.{column}
                            and other.suspended_at is null and other.id <> %(id)s)
        """,
        organisation=organisation_id,
        id=person_id,
    )
    return found is not None
