"""The SQL of the list of an organisation's spaces."""

from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.database import Reader
from bastide.core.policy import Label, SpaceKind
from bastide.spaces.book_model import Managed


class LineRow(msgspec.Struct, frozen=True):
    """The columns of a line."""

    id: UUID
    kind: SpaceKind
    label: Label
    name_format: int
    name: bytes
    created_at: datetime
    members: int
    managers: list[UUID]
    managers_count: int
    files: int
    size: int
    active_at: datetime


# Directs are nobody's to list: who writes to whom is theirs.
_FOUND = """
    s.organisation_id = %(organisation)s and s.kind <> 'direct'
    and (%(kind)s::text is null or s.kind = %(kind)s::text)
    and (%(label)s::text is null or s.label = %(label)s::text)
    and (%(managed)s::bool is null or %(managed)s::bool = exists (
        select from member m join person p on p.id = m.person_id
        where m.space_id = s.id and m.role = 'manager' and p.suspended_at is null))
"""


class Sought(msgspec.Struct, frozen=True):
    """Which spaces; `managed`: by somebody who is not suspended, or by nobody."""

    kind: SpaceKind | None = None
    label: Label | None = None
    managed: Managed | None = None

    def words(self) -> dict[str, object]:
        """The same as parameters."""
        return {
            "kind": None if self.kind is None else self.kind.value,
            "label": None if self.label is None else self.label.value,
            "managed": None if self.managed is None else self.managed == "managed",
        }


async def count(reader: Reader, organisation_id: UUID, sought: Sought) -> int:
    return int(
        await reader.value(
            f"select count(*) from space s where {_FOUND}",
            organisation=organisation_id,
            **sought.words(),
        )
    )


async def lines(
    reader: Reader,
    organisation_id: UUID,
    sought: Sought,
    *,
    after: UUID | None,
    shown: int,
    most: int,
) -> list[LineRow]:
    """Teams and communities, the newest first, from after one of them on; `shown`: how many managers are named."""
    return await reader.all(
        LineRow,
        f"""
        select s.id, s.kind, s.label, s.name_format, s.name, s.created_at, coalesce(z.members, 0) as members,
               coalesce(held.managers, '{{}}') as managers, held.many as managers_count, f.files, f.size,
               coalesce(j.at, s.created_at) as active_at
        from space s
        left join space_size z on z.space_id = s.id
        left join stream t on t.id = s.id
        left join journal j on j.stream_id = s.id and j.seq = t.seq
        left join lateral (
            select (array_agg(m.person_id order by m.joined_at, m.person_id))[1:%(shown)s] as managers, count(*) as many
            from member m join person p on p.id = m.person_id
            where m.space_id = s.id and m.role = 'manager' and p.suspended_at is null
        ) held on true
        left join lateral (
            select count(*) as files, coalesce(sum(size), 0)::bigint as size from file
            where space_id = s.id and removed_at is null and waiting_since is null
        ) f on true
        where {_FOUND}
          and (%(after)s::uuid is null
               or (s.created_at, s.id) < ((select created_at from space where id = %(after)s::uuid), %(after)s::uuid))
        order by s.created_at desc, s.id desc limit %(most)s
        """,
        organisation=organisation_id,
        **sought.words(),
        after=after,
        shown=shown,
        most=most,
    )
