"""The SQL of invitations, and of the list of an organisation's people."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from bastide.core.database import Reader, Transaction
from bastide.core.policy import ActorKind, Office, Role
from bastide.people.invited import InvitationView


class InvitationRow(msgspec.Struct, frozen=True):
    """The columns of an invitation."""

    id: UUID
    kind: str
    organisation_id: UUID
    email: str
    given_name: str
    family_name: str
    function: str
    service: str
    space_id: UUID | None
    role: str | None
    ends_on: date | None
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    state: str

    def view(self, now: datetime) -> InvitationView:
        return InvitationView(
            id=self.id,
            kind=ActorKind(self.kind),
            email=self.email,
            given_name=self.given_name,
            family_name=self.family_name,
            function=self.function,
            service=self.service,
            role=Role(self.role) if self.role else None,
            ends_on=self.ends_on,
            made_by=self.made_by,
            made_at=self.made_at,
            expires_at=self.expires_at,
            over=self.expires_at <= now,
        )


class Holder(msgspec.Struct, frozen=True):
    """Whose an address is."""

    email: str
    person_id: UUID
    kind: str
    organisation_id: UUID
    suspended: bool
    password_hash: str | None


class LineRow(msgspec.Struct, frozen=True):
    """The columns of a line of the list of people."""

    id: UUID
    kind: str
    organisation_id: UUID
    given_name: str
    family_name: str
    function: str
    picture: bytes | None
    service: str
    email: str
    administrator: bool
    officer: bool
    created_at: datetime
    suspended_at: datetime | None


class Counts(msgspec.Struct, frozen=True):
    """How many people an organisation has, and how many invitations of agents wait."""

    agents: int
    guests: int
    pending: int


async def add(tx: Transaction, rows: Sequence[InvitationRow], token_hashes: Sequence[bytes]) -> list[UUID]:
    """Those that were added: an address that is invited there already stays as it is."""
    found = await tx.rows(
        """
        insert into invitation (id, kind, organisation_id, email, given_name, family_name, function, service, space_id,
                                role, ends_on, token_hash, made_by, made_at, expires_at, state)
        select i, %(kind)s, %(organisation)s, e, g, f, u, s, %(space)s, %(role)s, %(ends_on)s, h, %(by)s, %(at)s,
               %(expires)s, 'pending'
        from unnest(%(ids)s::uuid[], %(emails)s::text[], %(given)s::text[], %(family)s::text[], %(functions)s::text[],
                    %(services)s::text[], %(hashes)s::bytea[]) as new (i, e, g, f, u, s, h)
        on conflict do nothing returning id
        """,
        kind=rows[0].kind,
        organisation=rows[0].organisation_id,
        space=rows[0].space_id,
        role=rows[0].role,
        ends_on=rows[0].ends_on,
        by=rows[0].made_by,
        at=rows[0].made_at,
        expires=rows[0].expires_at,
        ids=[r.id for r in rows],
        emails=[r.email for r in rows],
        given=[r.given_name for r in rows],
        family=[r.family_name for r in rows],
        functions=[r.function for r in rows],
        services=[r.service for r in rows],
        hashes=list(token_hashes),
    )
    return [row[0] for row in found]


async def find_by_token(reader: Reader, token_hash: bytes) -> InvitationRow | None:
    return await reader.one(
        InvitationRow,
        """
        select id, kind, organisation_id, email, given_name, family_name, function, service, space_id, role, ends_on,
               made_by, made_at, expires_at, state
        from invitation where token_hash = %(hash)s
        """,
        hash=token_hash,
    )


async def lock_by_token(tx: Transaction, token_hash: bytes) -> InvitationRow | None:
    """The same, held until the commit: whoever accepts it at the same time waits."""
    return await tx.one(
        InvitationRow,
        """
        select id, kind, organisation_id, email, given_name, family_name, function, service, space_id, role, ends_on,
               made_by, made_at, expires_at, state
        from invitation where token_hash = %(hash)s for update
        """,
        hash=token_hash,
    )


async def lock_pending(tx: Transaction, invitation_id: UUID) -> InvitationRow | None:
    return await tx.one(
        InvitationRow,
        """
        select id, kind, organisation_id, email, given_name, family_name, function, service, space_id, role, ends_on,
               made_by, made_at, expires_at, state
        from invitation where id = %(id)s and state = 'pending' for update
        """,
        id=invitation_id,
    )


async def pending_of_space(reader: Reader, space_id: UUID) -> list[InvitationRow]:
    return await reader.all(
        InvitationRow,
        """
        select id, kind, organisation_id, email, given_name, family_name, function, service, space_id, role, ends_on,
               made_by, made_at, expires_at, state
        from invitation where space_id = %(space)s and state = 'pending' order by made_at desc, id
        """,
        space=space_id,
    )


async def pending_of_organisation(
    reader: Reader, organisation_id: UUID, query: str, most: int
) -> list[InvitationRow]:
    """Invitations of agents, newest first; `query` is a part of an address or a name."""
    return await reader.all(
        InvitationRow,
        """
        select id, kind, organisation_id, email, given_name, family_name, function, service, space_id, role, ends_on,
               made_by, made_at, expires_at, state
        from invitation
        where organisation_id = %(organisation)s and kind = 'agent' and state = 'pending'
          and (%(query)s = ''
               or strpos(lower(given_name || ' ' || family_name || ' ' || email), lower(%(query)s)) > 0)
        order by made_at desc, id limit %(most)s
        """,
        organisation=organisation_id,
        query=query,
        most=most,
    )


async def end_made_by(tx: Transaction, maker_id: UUID, now: datetime) -> None:
    """Have the links to accounts that somebody made run out: they are worth what their maker's office is. Others renew them."""
    await tx.run(
        """
        update invitation set expires_at = %(now)s
        where made_by = %(maker)s and kind = 'agent' and state = 'pending' and expires_at > %(now)s
        """,
        maker=maker_id,
        now=now,
    )


async def waiting(reader: Reader, organisation_id: UUID, emails: Sequence[str]) -> set[str]:
    """Which of some addresses are invited as agents."""
    rows = await reader.rows(
        """
        select email from invitation
        where organisation_id = %(organisation)s and kind = 'agent' and state = 'pending' and email = any(%(emails)s)
        """,
        organisation=organisation_id,
        emails=list(emails),
    )
    return {row[0] for row in rows}


async def holders(reader: Reader, emails: Sequence[str]) -> dict[str, Holder]:
    """Whose some addresses are."""
    rows = await reader.all(
        Holder,
        """
        select p.email, p.id as person_id, p.kind, p.organisation_id, p.suspended_at is not null as suspended,
               c.password_hash
        from person p left join credential c on c.person_id = p.id where p.email = any(%(emails)s)
        """,
        emails=list(emails),
    )
    return {row.email: row for row in rows}


async def renew(
    tx: Transaction,
    invitation_id: UUID,
    token_hash: bytes,
    *,
    by: UUID,
    organisation_id: UUID,
    at: datetime,
    expires_at: datetime,
    ends_on: date | None,
) -> None:
    """Another token and another end; who renews it stands behind it from then on."""
    await tx.run(
        """
        update invitation set token_hash = %(hash)s, made_by = %(by)s, organisation_id = %(organisation)s,
               made_at = %(at)s, expires_at = %(expires)s, ends_on = coalesce(%(ends_on)s, ends_on)
        where id = %(id)s
        """,
        id=invitation_id,
        hash=token_hash,
        by=by,
        organisation=organisation_id,
        at=at,
        expires=expires_at,
        ends_on=ends_on,
    )


async def settle(tx: Transaction, invitation_id: UUID, state: str, by: UUID | None, at: datetime) -> None:
    await tx.run(
        "update invitation set state = %(state)s, settled_by = %(by)s, settled_at = %(at)s where id = %(id)s",
        id=invitation_id,
        state=state,
        by=by,
        at=at,
    )


async def revoke_of_guest(tx: Transaction, space_id: UUID, email: str, by: UUID, at: datetime) -> None:
    """Withdraw what waits for an address in a space."""
    await tx.run(
        """
        update invitation set state = 'revoked', settled_by = %(by)s, settled_at = %(at)s
        where space_id = %(space)s and email = %(email)s and state = 'pending'
        """,
        space=space_id,
        email=email,
        by=by,
        at=at,
    )


async def end_of_space(tx: Transaction, space_id: UUID, by: UUID | None, at: datetime) -> list[UUID]:
    """End all that wait in a space; those that were ended."""
    rows = await tx.rows(
        """
        update invitation set state = 'ended', settled_by = %(by)s, settled_at = %(at)s
        where space_id = %(space)s and state = 'pending' returning id
        """,
        space=space_id,
        by=by,
        at=at,
    )
    return [row[0] for row in rows]


async def forget(tx: Transaction, before: datetime) -> int:
    """Drop what was settled, or ran out, before a moment: names and addresses are not kept for ever."""
    return await tx.run(
        "delete from invitation where settled_at < %(before)s or (state = 'pending' and expires_at < %(before)s)",
        before=before,
    )


async def counts(reader: Reader, organisation_id: UUID) -> Counts:
    found = await reader.one(
        Counts,
        """
        select count(*) filter (where kind = 'agent') as agents, count(*) filter (where kind = 'guest') as guests,
               (select count(*) from invitation
                where organisation_id = %(organisation)s and kind = 'agent' and state = 'pending') as pending
        from person where organisation_id = %(organisation)s and suspended_at is null
        """,
        organisation=organisation_id,
    )
    return found or Counts(0, 0, 0)


async def people(
    reader: Reader,
    organisation_id: UUID,
    query: str | None,
    *,
    kind: str | None,
    after: UUID | None,
    most: int,
    suspended: bool | None = None,
    office: Office | None = None,
) -> list[LineRow]:
    """An organisation's people by name, from after somebody on; those of a kind, a state or an office where one is said."""
    return await reader.all(
        LineRow,
        """
        select id, kind, organisation_id, given_name, family_name, function, picture, service, email, administrator,
               officer, created_at, suspended_at
        from person
        where organisation_id = %(organisation)s and forgotten_at is null
          and (%(kind)s::text is null or kind = %(kind)s::text)
          and (%(suspended)s::bool is null or (suspended_at is not null) = %(suspended)s::bool)
          and (%(office)s::text is null or case %(office)s::text when 'officer' then officer else administrator end)
          and (%(query)s::text is null or to_tsvector('simple', words) @@ to_tsquery('simple', %(query)s::text))
          and (%(after)s::uuid is null or (family_name, given_name, id) >
               ((select family_name from person where id = %(after)s::uuid),
                (select given_name from person where id = %(after)s::uuid), %(after)s::uuid))
        order by family_name, given_name, id limit %(most)s
        """,
        organisation=organisation_id,
        query=query,
        kind=kind,
        suspended=suspended,
        office=None if office is None else office.value,
        after=after,
        most=most,
    )


async def colleagues(
    reader: Reader, person_id: UUID, organisation_id: UUID, service: str, most: int
) -> list[UUID]:
    """Agents of the same service; nobody knows anybody by a service that is not said."""
    rows = await reader.rows(
        """
        select id from person
        where organisation_id = %(organisation)s and kind = 'agent' and suspended_at is null
          and lower(service) = lower(%(service)s) and service <> '' and id <> %(person)s
        order by family_name, given_name, id limit %(most)s
        """,
        person=person_id,
        organisation=organisation_id,
        service=service,
        most=most,
    )
    return [row[0] for row in rows]
