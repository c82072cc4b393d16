"""The SQL of spaces."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.content import Content, restored, stored
from bastide.core.database import Reader, Transaction
from bastide.core.errors import NotFound
from bastide.core.policy import Label, Role, SpaceKind, Tool
from bastide.spaces.model import FACES, MemberPlace, SpaceView


class SpaceRow(msgspec.Struct, frozen=True):
    """A space's columns, with its stream's seq and what its list line shows."""

    id: UUID
    organisation_id: UUID
    kind: str
    label: str
    tools: list[str]
    name_format: int
    name: bytes
    description_format: int
    description: bytes
    created_at: datetime
    cursor: int
    members_count: int
    faces: list[UUID]

    def view(self) -> SpaceView:
        return SpaceView(
            id=self.id,
            organisation_id=self.organisation_id,
            kind=SpaceKind(self.kind),
            label=Label(self.label),
            tools=[Tool(t) for t in self.tools],
            name=restored(self.name_format, self.name),
            description=restored(self.description_format, self.description),
            created_at=self.created_at,
            members_count=self.members_count,
            faces=list(self.faces),
        )


class OwnRow(SpaceRow, frozen=True):
    """A space with what one is in it, how many members are suspended, and where others come from in a space that may bar them."""

    role: str
    suspended: int
    others: list[UUID]


# Faces: those who have been in longest; all of them in a direct.
_COLUMNS = """
    s.id, s.organisation_id, s.kind, s.label, s.tools, s.name_format, s.name, s.description_format, s.description,
    s.created_at, st.seq as cursor, coalesce(m.members, 0) as members_count, f.faces
"""
_FROM = """
    space s
    join stream st on st.id = s.id
    left join space_size m on m.space_id = s.id
    cross join lateral (
        select coalesce(array_agg(person_id order by joined_at, person_id), '{}') as faces
        from (select person_id, joined_at from member where space_id = s.id
              order by joined_at, person_id limit case when s.kind = 'direct' then 100 else %(faces)s end) first
    ) f
"""


class MemberRow(msgspec.Struct, frozen=True):
    """A member's columns, with what the policy asks about them."""

    person_id: UUID
    role: str
    joined_at: datetime
    kind: str
    organisation_id: UUID
    suspended: bool


_MEMBER = (
    "m.person_id, m.role, m.joined_at, p.kind, p.organisation_id, p.suspended_at is not null as suspended"
)


async def add_space(
    tx: Transaction, space: SpaceView, *, by: UUID, client_id: UUID | None, direct_key: bytes | None
) -> None:
    name_format, name = stored(space.name)
    description_format, description = stored(space.description)
    await tx.run(
        """
        insert into space (id, organisation_id, kind, label, tools, name_format, name, description_format, description,
                           created_by, created_at, client_id, direct_key)
        values (%(id)s, %(organisation)s, %(kind)s, %(label)s, %(tools)s, %(name_format)s, %(name)s,
                %(description_format)s, %(description)s, %(by)s, %(at)s, %(client_id)s, %(direct_key)s)
        """,
        id=space.id,
        organisation=space.organisation_id,
        kind=space.kind.value,
        label=space.label.value,
        tools=[t.value for t in space.tools],
        name_format=name_format,
        name=name,
        description_format=description_format,
        description=description,
        by=by,
        at=space.created_at,
        client_id=client_id,
        direct_key=direct_key,
    )


async def set_words(tx: Transaction, space_id: UUID, words: str) -> None:
    await tx.run(
        """
        insert into space_words (space_id, words) values (%(space)s, %(words)s)
        on conflict (space_id) do update set words = excluded.words
        """,
        space=space_id,
        words=words,
    )


async def find_made(reader: Reader, by: UUID, client_id: UUID) -> UUID | None:
    """The space that a client id made before."""
    return await reader.value(
        "select id from space where created_by = %(by)s and client_id = %(client_id)s",
        by=by,
        client_id=client_id,
    )


async def find_direct(reader: Reader, direct_key: bytes) -> UUID | None:
    return await reader.value("select id from space where direct_key = %(key)s", key=direct_key)


async def lock_key(tx: Transaction, key: bytes) -> None:
    """Let one transaction at a time decide about a key that has no row yet."""
    await tx.run("select pg_advisory_xact_lock(%(key)s)", key=int.from_bytes(key[:8], "big", signed=True))


async def spaces(reader: Reader, ids: Sequence[UUID]) -> list[SpaceRow]:
    return await reader.all(
        SpaceRow,
        f"select {_COLUMNS} from {_FROM} where s.id = any(%(ids)s) order by s.id",
        ids=list(ids),
        faces=FACES,
    )


async def view(reader: Reader, space_id: UUID) -> SpaceView:
    """A space.

    Raises:
        NotFound: there is none.
    """
    rows = await spaces(reader, [space_id])
    if not rows:
        raise NotFound
    return rows[0].view()


async def communities(
    reader: Reader, query: str | None, labels: Sequence[Label], most: int
) -> list[SpaceRow]:
    """Communities by the beginnings of words; those with the most members first."""
    return await reader.all(
        SpaceRow,
        f"""
        select {_COLUMNS} from {_FROM} join space_words w on w.space_id = s.id
        where s.kind = 'community' and s.label = any(%(labels)s)
          and (%(query)s::text is null or to_tsvector('simple', w.words) @@ to_tsquery('simple', %(query)s))
        order by members_count desc, s.created_at, s.id limit %(most)s
        """,
        labels=[label.value for label in labels],
        query=query,
        most=most,
        faces=FACES,
    )


async def change_space(
    tx: Transaction, space_id: UUID, name: Content, description: Content, tools: list[Tool]
) -> None:
    name_format, name_body = stored(name)
    description_format, description_body = stored(description)
    await tx.run(
        """
        update space set name_format = %(name_format)s, name = %(name)s, description_format = %(description_format)s,
                         description = %(description)s, tools = %(tools)s
        where id = %(id)s
        """,
        id=space_id,
        name_format=name_format,
        name=name_body,
        description_format=description_format,
        description=description_body,
        tools=[t.value for t in tools],
    )


async def add_members(
    tx: Transaction, space_id: UUID, people: Sequence[UUID], role: Role, at: datetime
) -> list[UUID]:
    """Those who were not in already."""
    rows = await tx.rows(
        """
        -- who is let in again has no more to be told of having lost it
        with found_again as (
            delete from space_loss where space_id = %(space)s and person_id = any(%(people)s::uuid[])
        )
        insert into member (space_id, person_id, role, joined_at)
        select %(space)s, p, %(role)s, %(at)s from unnest(%(people)s::uuid[]) with ordinality as new (p, n) order by n
        on conflict do nothing returning person_id
        """,
        space=space_id,
        people=list(people),
        role=role.value,
        at=at,
    )
    return [row[0] for row in rows]


async def set_role(tx: Transaction, space_id: UUID, person_id: UUID, role: Role) -> None:
    await tx.run(
        "update member set role = %(role)s where space_id = %(space)s and person_id = %(person)s",
        space=space_id,
        person=person_id,
        role=role.value,
    )


async def remove_member(tx: Transaction, space_id: UUID, person_id: UUID) -> None:
    await tx.run(
        "delete from member where space_id = %(space)s and person_id = %(person)s",
        space=space_id,
        person=person_id,
    )


async def find_role(reader: Reader, space_id: UUID, person_id: UUID) -> Role | None:
    role = await reader.value(
        "select role from member where space_id = %(space)s and person_id = %(person)s",
        space=space_id,
        person=person_id,
    )
    return Role(role) if role is not None else None


async def own_spaces(
    reader: Reader, person_id: UUID, ids: Sequence[UUID] | None, guarded: Sequence[Label]
) -> list[OwnRow]:
    """Some of a person's spaces, or all: one query, however many there are. `guarded`: labels that may bar other
    organisations.
    """
    return await reader.all(
        OwnRow,
        f"""
        with shut as (
            select space_id, count(*) filter (where suspended) as suspended,
                   coalesce(array_agg(organisation_id) filter (where not suspended), '{{}}') as others
            from (
                select m.space_id, p.organisation_id, true as suspended
                from person p join member m on m.person_id = p.id
                join member own on own.space_id = m.space_id and own.person_id = %(person)s
                where p.suspended_at is not null
                union all
                select m.space_id, p.organisation_id, false
                from space s join member own on own.space_id = s.id and own.person_id = %(person)s
                join member m on m.space_id = s.id join person p on p.id = m.person_id
                where s.label = any(%(guarded)s) and p.organisation_id <> s.organisation_id and p.suspended_at is null
            ) one group by space_id
        )
        select {_COLUMNS}, mine.role, coalesce(shut.suspended, 0) as suspended, coalesce(shut.others, '{{}}') as others
        from {_FROM}
        join member mine on mine.space_id = s.id and mine.person_id = %(person)s
        left join shut on shut.space_id = s.id
        where %(ids)s::uuid[] is null or s.id = any(%(ids)s::uuid[]) order by s.id
        """,
        guarded=[label.value for label in guarded],
        person=person_id,
        ids=None if ids is None else list(ids),
        faces=FACES,
    )


async def perhaps_orphans(reader: Reader, organisation_id: UUID) -> list[UUID]:
    """Spaces of an organisation that have members, and no manager of that organisation who is not suspended."""
    rows = await reader.rows(
        """
        select s.id from space s
        where s.organisation_id = %(organisation)s and s.kind <> 'direct'
          and exists (select 1 from member m where m.space_id = s.id)
          and not exists (
              select 1 from member m join person p on p.id = m.person_id
              where m.space_id = s.id and m.role = 'manager' and p.suspended_at is null
                and p.organisation_id = s.organisation_id
          )
        order by s.created_at, s.id
        """,
        organisation=organisation_id,
    )
    return [row[0] for row in rows]


async def has_other_manager(reader: Reader, space_id: UUID, person_id: UUID) -> bool:
    """Whether somebody else manages a space who is not suspended."""
    found = await reader.value(
        """
        select 1 from member m join person p on p.id = m.person_id
        where m.space_id = %(space)s and m.role = 'manager' and m.person_id <> %(person)s and p.suspended_at is null
        limit 1
        """,
        space=space_id,
        person=person_id,
    )
    return found is not None


async def managers_count(reader: Reader, space_id: UUID) -> int:
    return await reader.value(
        "select count(*) from member where space_id = %(space)s and role = 'manager'", space=space_id
    )


async def members(reader: Reader, space_id: UUID, *, after: MemberPlace | None, most: int) -> list[MemberRow]:
    """Members from after a place on: those who manage the space first, then by when they came in."""
    return await reader.all(MemberRow, MEMBERS, **members_asked(space_id, after, most))


MEMBERS = f"""
    select {_MEMBER} from member m join person p on p.id = m.person_id
    where m.space_id = %(space)s
      and (%(at)s::timestamptz is null or ((m.role <> 'manager'), m.joined_at, m.person_id) >
           (%(others)s::boolean, %(at)s::timestamptz, %(person)s::uuid))
    order by (m.role <> 'manager'), m.joined_at, m.person_id limit %(most)s
"""


def members_asked(space_id: UUID, after: MemberPlace | None, most: int) -> dict[str, object]:
    """What `MEMBERS` is asked with."""
    return {
        "space": space_id,
        "others": not after.manager if after else None,
        "at": after.joined_at if after else None,
        "person": after.person_id if after else None,
        "most": most,
    }


async def find_members(reader: Reader, space_id: UUID, query: str, most: int) -> list[MemberRow]:
    """Members whose directory words begin as asked."""
    return await reader.all(
        MemberRow,
        f"""
        select {_MEMBER} from member m join person p on p.id = m.person_id
        where m.space_id = %(space)s and to_tsvector('simple', p.words) @@ to_tsquery('simple', %(query)s)
        order by p.family_name, p.given_name, p.id limit %(most)s
        """,
        space=space_id,
        query=query,
        most=most,
    )


async def perhaps_barred(reader: Reader, space_id: UUID) -> list[MemberRow]:
    """Members of whom a rule may say that they cannot come in: who is suspended, or of another organisation."""
    return await reader.all(
        MemberRow,
        f"""
        select {_MEMBER} from member m join person p on p.id = m.person_id join space s on s.id = m.space_id
        where m.space_id = %(space)s and (p.suspended_at is not null or p.organisation_id <> s.organisation_id)
        order by (m.role <> 'manager'), m.joined_at, m.person_id
        """,
        space=space_id,
    )
