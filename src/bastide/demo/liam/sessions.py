"""Sessions for benches, which connect as many people at once: opened by the thousand, and told in a file of their own."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg

from bastide.core.ids import Ids
from bastide.core.policy import Strength
from bastide.demo.liam.copying import Table, copy_rows
from bastide.engines.errors import writing
from bastide.people.sessions import LASTS, digest

DEVICE = Table(
    "device",
    {"id": "uuid", "person_id": "uuid", "token_hash": "bytea", "name": "text", "created_at": "timestamptz"},
)
SESSION = Table(
    "session",
    {
        "id": "uuid",
        "token_hash": "bytea",
        "person_id": "uuid",
        "device_id": "uuid",
        "strength": "text",
        "means": "text",
        "created_at": "timestamptz",
        "confirmed_at": "timestamptz",
        "expires_at": "timestamptz",
        "seen_at": "timestamptz",
    },
)


class Opened(msgspec.Struct, frozen=True):
    """A session as the file tells it, one a line: the cookie's value, whose it is, their group and its first channel."""

    token: str
    person_id: UUID
    space_id: UUID | None
    channel_id: UUID | None


async def open_sessions(conninfo: str, count: int, ids: Ids, now: datetime) -> list[Opened]:
    """Open a session, strong, for each of the first `count` agents, group by group; more than there are people begin again.

    Tokens are random, and never drawn from the seed.
    """
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        found = await connection.execute(
            """
            select p.id, g.space_id, g.channel_id from person p
            left join lateral (
                select m.space_id, c.id as channel_id from member m join space s on s.id = m.space_id and s.kind = 'team'
                join channel c on c.space_id = s.id
                where m.person_id = p.id order by m.joined_at, c.position limit 1
            ) g on true
            where p.kind = 'agent' and p.suspended_at is null order by p.id limit %s
            """,
            (count,),
        )
        people = await found.fetchall()
        if not people:
            return []
        whose = [people[number % len(people)] for number in range(count)]
        opened = [Opened(ids.token(), person, space, channel) for person, space, channel in whose]
        devices = [ids.new() for _ in opened]
        async with connection.transaction():
            await copy_rows(
                connection,
                DEVICE,
                (
                    (d, o.person_id, digest(ids.token()), "bench", now)
                    for d, o in zip(devices, opened, strict=True)
                ),
            )
            await copy_rows(
                connection,
                SESSION,
                (
                    (ids.new(), digest(o.token), o.person_id, d, Strength.PASSKEY.value, "passkey", now, now, now + LASTS, now)
                    for d, o in zip(devices, opened, strict=True)
                ),
            )  # fmt: skip
    return opened


def leave(path: Path, opened: Sequence[Opened]) -> None:
    """Write the file, for its owner's eyes alone.

    Raises EngineError: it cannot be written.
    """
    with writing(path):
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(msgspec.json.encode(one) + b"\n" for one in opened)


def read(path: Path) -> list[Opened]:
    """What `leave` wrote."""
    return [msgspec.json.decode(line, type=Opened) for line in path.read_bytes().splitlines()]
