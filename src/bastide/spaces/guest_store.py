"""The SQL of guests in spaces."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from bastide.core.database import Reader, Transaction


class StayRow(msgspec.Struct, frozen=True):
    """A guest's stay, with their role."""

    space_id: UUID
    person_id: UUID
    role: str
    ends_on: date
    invited_by: UUID | None


async def put(
    tx: Transaction, space_id: UUID, people: Sequence[UUID], ends_on: date, by: UUID | None
) -> None:
    """Give guests among members a last day, or another one; members who are no guests get none."""
    await tx.run(
        """
        insert into guest_stay (space_id, person_id, ends_on, invited_by)
        select %(space)s, id, %(ends_on)s, %(by)s from person where id = any(%(people)s::uuid[]) and kind = 'guest'
        on conflict (space_id, person_id) do update set ends_on = excluded.ends_on, invited_by = excluded.invited_by
        """,
        space=space_id,
        people=list(people),
        ends_on=ends_on,
        by=by,
    )


async def prolong(tx: Transaction, space_id: UUID, person_id: UUID, ends_on: date) -> bool:
    """False when nobody stays there so."""
    done = await tx.run(
        "update guest_stay set ends_on = %(ends_on)s where space_id = %(space)s and person_id = %(person)s",
        space=space_id,
        person=person_id,
        ends_on=ends_on,
    )
    return done == 1


async def of_space(reader: Reader, space_id: UUID) -> list[StayRow]:
    return await reader.all(
        StayRow,
        """
        select g.space_id, g.person_id, m.role, g.ends_on, g.invited_by
        from guest_stay g join member m on m.space_id = g.space_id and m.person_id = g.person_id
        where g.space_id = %(space)s order by g.ends_on, g.person_id
        """,
        space=space_id,
    )


async def of_person(reader: Reader, person_id: UUID) -> list[StayRow]:
    return await reader.all(
        StayRow,
        """
        select g.space_id, g.person_id, m.role, g.ends_on, g.invited_by
        from guest_stay g join member m on m.space_id = g.space_id and m.person_id = g.person_id
        where g.person_id = %(person)s order by g.ends_on, g.space_id
        """,
        person=person_id,
    )


async def spaces_of(reader: Reader, person_id: UUID) -> list[UUID]:
    """The spaces that a guest is in."""
    rows = await reader.rows(
        "select space_id from member where person_id = %(person)s order by space_id", person=person_id
    )
    return [row[0] for row in rows]


async def over(reader: Reader, today: date) -> list[tuple[UUID, UUID]]:
    """Stays whose last day has passed, as (space, person)."""
    rows = await reader.rows(
        "select space_id, person_id from guest_stay where ends_on < %(today)s order by ends_on", today=today
    )
    return [(row[0], row[1]) for row in rows]


async def is_over(reader: Reader, space_id: UUID, person_id: UUID, today: date) -> bool:
    found = await reader.value(
        "select 1 from guest_stay where space_id = %(space)s and person_id = %(person)s and ends_on < %(today)s",
        space=space_id,
        person=person_id,
        today=today,
    )
    return found is not None


async def left_over(reader: Reader) -> list[UUID]:
    """Guests who are in no space any more and still have sessions."""
    rows = await reader.rows(
        """
        select distinct s.person_id from session s join person p on p.id = s.person_id
        where p.kind = 'guest' and not exists (select 1 from member m where m.person_id = p.id)
        """
    )
    return [row[0] for row in rows]


async def nowhere(reader: Reader) -> list[UUID]:
    """Guests who are in no space, and of whom it is not written since when."""
    rows = await reader.rows(
        """
        select p.id from person p
        where p.kind = 'guest' and p.forgotten_at is null and p.away_since is null
          and not exists (select 1 from member m where m.person_id = p.id)
        """
    )
    return [row[0] for row in rows]


async def is_nowhere(reader: Reader, person_id: UUID) -> bool:
    """Whether somebody is in no space."""
    found = await reader.value("select 1 from member where person_id = %(person)s limit 1", person=person_id)
    return found is None
