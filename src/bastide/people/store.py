"""The SQL of people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.database import Reader, Transaction
from bastide.core.policy import ActorKind
from bastide.people.model import NewAgent, Organisation, ProfileChange


class CardRow(msgspec.Struct, frozen=True):
    """The columns of a card."""

    id: UUID
    kind: str
    organisation_id: UUID
    given_name: str
    family_name: str
    function: str
    picture: bytes | None


class PersonRow(msgspec.Struct, frozen=True):
    """The columns of a profile."""

    id: UUID
    kind: str
    organisation_id: UUID
    given_name: str
    family_name: str
    function: str
    picture: bytes | None
    service: str
    email: str
    phone: str
    locale: str
    administrator: bool
    officer: bool


class CredentialRow(msgspec.Struct, frozen=True):
    """What a sign-in is checked against."""

    person_id: UUID
    kind: str
    password_hash: str
    suspended: bool


async def add_organisation(tx: Transaction, organisation: Organisation, at: datetime) -> None:
    await tx.run(
        """
        insert into organisation (id, name, short_name, domain, created_at)
        values (%(id)s, %(name)s, %(short_name)s, %(domain)s, %(at)s)
        """,
        id=organisation.id,
        name=organisation.name,
        short_name=organisation.short_name,
        domain=organisation.domain,
        at=at,
    )


async def organisations(reader: Reader) -> list[Organisation]:
    return await reader.all(
        Organisation, "select id, name, short_name, domain from organisation order by name"
    )


async def add_person(
    tx: Transaction, person_id: UUID, new: NewAgent, *, kind: str, words: str, at: datetime
) -> bool:
    """False when the address belongs to somebody."""
    done = await tx.run(
        """
        insert into person (id, organisation_id, kind, email, given_name, family_name, function, service, phone,
                            administrator, officer, words, created_at)
        values (%(id)s, %(organisation)s, %(kind)s, %(email)s, %(given)s, %(family)s, %(function)s, %(service)s,
                %(phone)s, %(administrator)s, %(officer)s, %(words)s, %(at)s)
        on conflict (email) where email <> '' do nothing
        """,
        id=person_id,
        organisation=new.organisation_id,
        kind=kind,
        email=new.email,
        given=new.given_name,
        family=new.family_name,
        function=new.function,
        service=new.service,
        phone=new.phone,
        administrator=new.administrator,
        officer=new.officer,
        words=words,
        at=at,
    )
    return done == 1


async def forget_guest(tx: Transaction, person_id: UUID, at: datetime) -> bool:
    """Forget a guest's address and all they could prove themselves by; False when there is no such guest.

    The name stays for what they wrote, and devices for the calls they were in: no cookie knows these any more.
    """
    done = await tx.run(
        """
        update person set email = '', words = '', phone = '', service = '', function = '', picture = null,
               forgotten_at = %(at)s, suspended_at = coalesce(suspended_at, %(at)s), away_since = null
        where id = %(id)s and kind = 'guest' and forgotten_at is null
        """,
        id=person_id,
        at=at,
    )
    for table in ("credential", "passkey", "recovery_code"):
        await tx.run(f"delete from {table} where person_id = %(id)s", id=person_id)
    await tx.run(
        "update device set name = '', token_hash = sha256(uuid_send(id)) where person_id = %(id)s",
        id=person_id,
    )
    return done == 1


async def set_away(tx: Transaction, person_id: UUID, at: datetime | None) -> None:
    """Since when a guest is in no space; who is away already stays so. None: they are in one."""
    await tx.run(
        """
        update person set away_since = case when %(at)s::timestamptz is null then null else coalesce(away_since, %(at)s) end
        where id = %(id)s and kind = 'guest' and forgotten_at is null
        """,
        id=person_id,
        at=at,
    )


async def away_before(reader: Reader, before: datetime) -> list[UUID]:
    """Guests who have been away since before a moment."""
    rows = await reader.rows(
        "select id from person where away_since < %(before)s order by away_since", before=before
    )
    return [row[0] for row in rows]


async def set_password(tx: Transaction, person_id: UUID, password_hash: str, at: datetime) -> None:
    await tx.run(
        """
        insert into credential (person_id, password_hash, changed_at) values (%(person)s, %(hash)s, %(at)s)
        on conflict (person_id) do update set password_hash = excluded.password_hash, changed_at = excluded.changed_at
        """,
        person=person_id,
        hash=password_hash,
        at=at,
    )


class OfficesRow(msgspec.Struct, frozen=True):
    """The offices that somebody holds who may act."""

    administrator: bool = False
    officer: bool = False


async def offices_of(reader: Reader, person_id: UUID) -> OfficesRow:
    """The offices of somebody, none where they may not act: what they made for others is worth no more than that."""
    found = await reader.one(
        OfficesRow,
        "select administrator, officer from person where id = %(id)s and suspended_at is null",
        id=person_id,
    )
    return found or OfficesRow()


async def find_credential(reader: Reader, email: str) -> CredentialRow | None:
    return await reader.one(
        CredentialRow,
        """
        select c.person_id, p.kind, c.password_hash, p.suspended_at is not null as suspended
        from person p join credential c on c.person_id = p.id where p.email = %(email)s
        """,
        email=email,
    )


async def find_person(reader: Reader, person_id: UUID) -> PersonRow | None:
    return await reader.one(
        PersonRow,
        """
        select id, kind, organisation_id, given_name, family_name, function, picture, service, email, phone, locale,
               administrator, officer
        from person where id = %(id)s
        """,
        id=person_id,
    )


async def cards(reader: Reader, ids: Sequence[UUID]) -> list[CardRow]:
    return await reader.all(
        CardRow,
        """
        select id, kind, organisation_id, given_name, family_name, function, picture
        from person where id = any(%(ids)s) order by id
        """,
        ids=list(ids),
    )


async def living(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, tuple[ActorKind, UUID]]:
    """Who of some people is not suspended, what they are, and of which organisation."""
    rows = await reader.rows(
        "select id, kind, organisation_id from person where id = any(%(ids)s) and suspended_at is null",
        ids=list(ids),
    )
    return {row[0]: (ActorKind(row[1]), row[2]) for row in rows}


async def set_suspended(
    tx: Transaction, person_id: UUID, organisation_id: UUID, at: datetime | None
) -> bool | None:
    """Suspend somebody of an organisation, or restore them (`at` None). Whether that changed anything; None for nobody."""
    found = await tx.rows(
        """
        select suspended_at is not null from person
        where id = %(id)s and organisation_id = %(organisation)s and forgotten_at is null
        """,
        id=person_id,
        organisation=organisation_id,
    )
    if not found:
        return None
    if found[0][0] is (at is not None):
        return False
    await tx.run("update person set suspended_at = %(at)s where id = %(id)s", id=person_id, at=at)
    return True


async def officers(reader: Reader, organisation_id: UUID) -> list[CardRow]:
    """The security officers; those of one organisation first, then by name."""
    return await reader.all(
        CardRow,
        """
        select id, kind, organisation_id, given_name, family_name, function, picture
        from person where officer and suspended_at is null
        order by organisation_id <> %(own)s, family_name, given_name, id
        """,
        own=organisation_id,
    )


async def search(reader: Reader, query: str | None, organisation_id: UUID, most: int) -> list[CardRow]:
    """Agents by the beginnings of words; those of one's own organisation first, then by name."""
    if query is None:
        return await reader.all(
            CardRow,
            """
            select id, kind, organisation_id, given_name, family_name, function, picture
            from person where organisation_id = %(own)s and kind = 'agent' and suspended_at is null
            order by family_name, given_name, id limit %(most)s
            """,
            own=organisation_id,
            most=most,
        )
    return await reader.all(
        CardRow,
        """
        select id, kind, organisation_id, given_name, family_name, function, picture
        from person
        where to_tsvector('simple', words) @@ to_tsquery('simple', %(query)s)
          and kind = 'agent' and suspended_at is null
        order by organisation_id <> %(own)s, family_name, given_name, id limit %(most)s
        """,
        query=query,
        own=organisation_id,
        most=most,
    )


async def change_profile(tx: Transaction, person_id: UUID, change: ProfileChange) -> None:
    await tx.run(
        """
        update person set function = coalesce(%(function)s, function), service = coalesce(%(service)s, service),
               phone = coalesce(%(phone)s, phone), locale = coalesce(%(locale)s, locale)
        where id = %(id)s
        """,
        id=person_id,
        function=change.function,
        service=change.service,
        phone=change.phone,
        locale=change.locale,
    )


async def set_words(tx: Transaction, person_id: UUID, words: str) -> None:
    await tx.run("update person set words = %(words)s where id = %(id)s", id=person_id, words=words)


async def set_picture(tx: Transaction, person_id: UUID, blob: bytes | None) -> None:
    await tx.run("update person set picture = %(blob)s where id = %(id)s", id=person_id, blob=blob)
