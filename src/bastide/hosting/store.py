"""The SQL of hosting."""

from datetime import datetime
from uuid import UUID

from bastide.core.database import Reader, Transaction
from bastide.hosting.model import DeclarationRow, Kind


async def standing(reader: Reader) -> list[DeclarationRow]:
    """All declarations that were not withdrawn or replaced, oldest first."""
    return await reader.all(
        DeclarationRow,
        """
        select d.id, d.kind, d.owner_id, d.body::text as body, d.fictitious, d.declared_by,
               coalesce(p.given_name || ' ' || p.family_name, '') as by_name, d.declared_at
        from declaration d left join person p on p.id = d.declared_by
        where d.withdrawn_at is null
        order by d.declared_at, d.id
        """,
    )


async def add(
    tx: Transaction,
    declaration_id: UUID,
    kind: Kind,
    body: str,
    *,
    by: UUID | None,
    at: datetime,
    owner_id: UUID | None = None,
    fictitious: bool = False,
) -> None:
    await tx.run(
        """
        insert into declaration (id, kind, owner_id, body, fictitious, declared_by, declared_at)
        values (%(id)s, %(kind)s, %(owner)s, %(body)s::jsonb, %(fictitious)s, %(by)s, %(at)s)
        """,
        id=declaration_id,
        kind=kind,
        owner=owner_id,
        body=body,
        fictitious=fictitious,
        by=by,
        at=at,
    )


async def replace(tx: Transaction, ids: list[UUID], *, by: UUID | None, at: datetime) -> None:
    """Withdraw declarations, whose place another takes or nothing does."""
    await tx.run(
        """
        update declaration set withdrawn_at = %(at)s, withdrawn_by = %(by)s
        where id = any(%(ids)s::uuid[]) and withdrawn_at is null
        """,
        ids=ids,
        by=by,
        at=at,
    )


async def spaces_by_label(reader: Reader) -> dict[str, tuple[int, int]]:
    """How many spaces and how many direct conversations there are of each label that has any."""
    rows = await reader.rows(
        """
        select label, count(*) filter (where kind <> 'direct'), count(*) filter (where kind = 'direct')
        from space group by label
        """
    )
    return {str(label): (int(spaces), int(directs)) for label, spaces, directs in rows}


async def withdraw(
    tx: Transaction, declaration_id: UUID, kind: Kind, *, by: UUID | None, at: datetime
) -> bool:
    """Withdraw one declaration of the whole instance; whether it stood."""
    rows = await tx.rows(
        """
        update declaration set withdrawn_at = %(at)s, withdrawn_by = %(by)s
        where id = %(id)s and kind = %(kind)s and withdrawn_at is null
              and owner_id is null
        returning id
        """,
        id=declaration_id,
        kind=kind,
        by=by,
        at=at,
    )
    return bool(rows)
