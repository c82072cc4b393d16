"""The SQL of calls. A call and its participants change only under the lock of its space's stream."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.database import Reader, Transaction
from bastide.meet.model import CallView, ParticipantView


class _CallRow(msgspec.Struct, frozen=True):
    id: UUID
    space_id: UUID
    started_by: UUID
    started_at: datetime


class _ParticipantRow(msgspec.Struct, frozen=True):
    call_id: UUID
    person_id: UUID
    device_id: UUID
    joined_at: datetime


async def living(reader: Reader, spaces: Sequence[UUID]) -> list[CallView]:
    """The calls that live in some spaces, with who is in them, first come first."""
    rows = await reader.all(
        _CallRow,
        """
        select id, space_id, started_by, started_at from call
        where ended_at is null and space_id = any(%(spaces)s) order by id
        """,
        spaces=list(spaces),
    )
    return await _with_participants(reader, rows)


async def all_living(reader: Reader) -> list[CallView]:
    """Every call that lives."""
    rows = await reader.all(
        _CallRow, "select id, space_id, started_by, started_at from call where ended_at is null order by id"
    )
    return await _with_participants(reader, rows)


async def _with_participants(reader: Reader, rows: Sequence[_CallRow]) -> list[CallView]:
    if not rows:
        return []
    inside: dict[UUID, list[ParticipantView]] = {row.id: [] for row in rows}
    participants = await reader.all(
        _ParticipantRow,
        """
        select call_id, person_id, device_id, joined_at from call_participant
        where call_id = any(%(calls)s) and left_at is null order by joined_at, person_id, device_id
        """,
        calls=list(inside),
    )
    for p in participants:
        inside[p.call_id].append(ParticipantView(p.person_id, p.device_id, p.joined_at))
    return [CallView(r.id, r.space_id, r.started_by, r.started_at, inside[r.id]) for r in rows]


async def ended(reader: Reader, calls: Sequence[UUID]) -> list[UUID]:
    """Which of these were calls of ours and are over."""
    rows = await reader.rows(
        "select id from call where id = any(%(calls)s) and ended_at is not null", calls=list(calls)
    )
    return [row[0] for row in rows]


async def add(tx: Transaction, call: CallView) -> None:
    """A new call, without anybody in it yet."""
    await tx.run(
        """
        insert into call (id, space_id, started_by, started_at)
        values (%(id)s, %(space)s, %(by)s, %(at)s)
        """,
        id=call.id,
        space=call.space_id,
        by=call.started_by,
        at=call.started_at,
    )


async def enter(tx: Transaction, call_id: UUID, who: ParticipantView) -> bool:
    """A device is in a call that lives; False when it was already, or the call is over."""
    done = await tx.run(
        """
        insert into call_participant (call_id, person_id, device_id, joined_at)
        select id, %(person)s, %(device)s, %(at)s from call where id = %(call)s and ended_at is null
        on conflict (call_id, person_id, device_id) do update set joined_at = excluded.joined_at, left_at = null
        where call_participant.left_at is not null
        """,
        call=call_id,
        person=who.person_id,
        device=who.device_id,
        at=who.joined_at,
    )
    return done == 1


async def part(tx: Transaction, call_id: UUID, person_id: UUID, device_id: UUID, at: datetime) -> bool:
    """A device is no longer in a call; False when it was not in it."""
    done = await tx.run(
        """
        update call_participant set left_at = %(at)s
        where call_id = %(call)s and person_id = %(person)s and device_id = %(device)s and left_at is null
        """,
        call=call_id,
        person=person_id,
        device=device_id,
        at=at,
    )
    return done == 1


async def inside_count(reader: Reader, call_id: UUID) -> int:
    """How many devices are in a call."""
    return int(
        await reader.value(
            "select count(*) from call_participant where call_id = %(call)s and left_at is null", call=call_id
        )
    )


async def end(tx: Transaction, call_id: UUID, at: datetime) -> bool:
    """A call is over; False when it was already."""
    done = await tx.run(
        "update call set ended_at = %(at)s where id = %(call)s and ended_at is null", call=call_id, at=at
    )
    return done == 1
