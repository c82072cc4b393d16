"""Fills an empty instance with the house that was drawn, part by part, and says how long each took."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, LiteralString

import msgspec
import psycopg

from bastide.core.audit import Line
from bastide.core.clock import Clock, HeldClock
from bastide.core.database import Connection
from bastide.core.ids import Ids
from bastide.core.migrate import migrate
from bastide.core.policy import Action, Label
from bastide.demo.liam import tables
from bastide.demo.liam.bulk import TABLES, Bulk, bare
from bastide.demo.liam.copying import Table, copy_rows
from bastide.demo.liam.names import DOMAIN, ORGANISATION, SHORT_NAME
from bastide.demo.liam.plan import Plan, Size, draw
from bastide.demo.liam.tables import Tables
from bastide.demo.liam.talk import Talk
from bastide.demo.passphrase import passphrase
from bastide.demo.seed import FICTION, declare_fiction
from bastide.demo.state import FILLING, clear, set_state, state
from bastide.engines.errors import EngineError
from bastide.house import House, migrations
from bastide.settings import Settings

Tell = Callable[[str], None]
NAME = "demo-size"  # the fact of the instance that says of which size its demo is
_SMALL_INDEXES = 2_000  # below so many messages, taking indexes off is dearer than keeping them


class Part(msgspec.Struct, frozen=True):
    """A part of the filling: how many rows (0: not counted), in how many seconds."""

    name: str
    rows: int
    seconds: float


class Filled(msgspec.Struct, frozen=True):
    """What was done. `bytes`: the database on the disk."""

    parts: list[Part]
    size: Size
    bytes: int
    main_agent: str


class NotEmpty(EngineError):
    """The instance holds people who are not of this demo, or another demo; the message is a sentence for the terminal."""


async def filled_size(conninfo: str) -> Size | None:
    """Of which size the demo is that stands in an instance; None where there is nothing to keep.

    Raises NotEmpty: somebody else lives there.
    """
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        laid = await connection.execute("select to_regclass('instance') is not null")
        row = await laid.fetchone()
        if row is None or not row[0]:
            return None
        found = await connection.execute(
            "select exists (select from organisation), (select value from instance where name = %s)", (NAME,)
        )
        row = await found.fetchone()
    lived_in, size = row or (False, None)
    standing = await state(conninfo)
    if not lived_in or standing == FILLING:
        return None
    if standing is None:
        raise NotEmpty("This instance holds people who are not of a demo. Choose another folder with --data.")
    if size is None:
        raise NotEmpty("This instance holds the small demo already. Choose another folder with --data.")
    return msgspec.json.decode(size, type=Size)


class Filling:
    """One filling. `tell` gets a line for each part."""

    def __init__(self, settings: Settings, conninfo: str, size: Size, tell: Tell) -> None:
        self._settings = settings
        self._conninfo = conninfo
        self._size = size
        self._tell = tell
        self._parts: list[Part] = []

    async def run(self, until: datetime) -> Filled:
        """Fill; what was cut short before is cleared away first. The last message is sent before `until`."""
        clock = Clock()
        await migrate(self._conninfo, migrations(), clock)
        if await state(self._conninfo) == FILLING:
            self._tell("A filling was cut short here: it is cleared away, and begun anew.")
            await clear(self._conninfo)
            await migrate(self._conninfo, migrations(), clock)
        await set_state(self._conninfo, FILLING)
        random = Random(self._size.seed)  # noqa: S311 -- an invented house, the same each time
        held = HeldClock(until - timedelta(weeks=45))
        ids = Ids(held, random.getrandbits)
        plan = await self._timed("drawing the house", asyncio.to_thread(draw, self._size, until, random, ids))
        async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
            # ids of its own: what it may keep as a secret is nobody's to foretell
            house = House.build(self._settings, conninfo=self._conninfo, clock=held)
            await house.open()
            try:
                await self._write(connection, house, held, plan, random, ids)
            finally:
                await house.close()
            await self._timed("vacuum and statistics", _settle(connection))
            size = await connection.execute("select pg_database_size(current_database())")
            row = await size.fetchone()
            await connection.execute(
                "insert into instance (name, value) values (%s, %s) on conflict (name) do update set value = excluded.value",
                (NAME, msgspec.json.encode(self._size).decode()),
            )
        main = plan.people[0].email
        await set_state(self._conninfo, main)
        return Filled(self._parts, self._size, int(row[0]) if row else 0, main)

    async def _write(
        self,
        connection: Connection,
        house: House,
        held: HeldClock,
        plan: Plan,
        random: Random,
        ids: Ids,
    ) -> None:
        made = await house.people.do_create_organisation(ORGANISATION, SHORT_NAME, DOMAIN)
        await declare_fiction(house)
        hashed = await house.people.hashed(passphrase(self._settings.data, Ids(Clock())), ())
        rows = Tables(plan, made.id, hashed, ids)
        held.set(rows.settled)
        await self._copy(connection, "streams", tables.STREAM, rows.streams())
        await self._copy(connection, "people", tables.PERSON, rows.people())
        await self._copy(connection, "credentials", tables.CREDENTIAL, rows.credentials())
        await self._copy(connection, "spaces", tables.SPACE, rows.spaces())
        await self._copy(connection, "words of communities", tables.SPACE_WORDS, rows.space_words())
        await self._copy(connection, "memberships", tables.MEMBER, rows.members())
        await self._copy(connection, "channels", tables.CHANNEL, rows.channels())
        taken_off = TABLES if self._size.messages >= _SMALL_INDEXES else ()
        async with bare(connection, taken_off):
            talk = await self._talk(connection, rows, plan, random)
            since = time.monotonic()
        self._note(Part("their indexes and references", 0, time.monotonic() - since))
        await self._timed("heads of streams and channels", _heads(connection, rows, talk))
        async with house.ground.database.transaction() as tx:
            await house.ground.audit.record(tx, *(_made(plan, n) for n in range(len(plan.spaces))))
        held.set(plan.until)
        approval = house.rulebook.declared.approval
        if approval is not None:
            reviewed = msgspec.structs.replace(approval, reviewed_on=house.rulebook.today)
            await house.hosting.do_declare_approval(FICTION, reviewed)

    async def _talk(self, connection: Connection, rows: Tables, plan: Plan, random: Random) -> Talk:
        await self._copy(connection, "entries of memberships", tables.ENTRY, rows.entries())
        talk = Talk(plan, rows.seqs, random)
        bulk = Bulk(self._conninfo, talk, self._tell)
        await self._timed("messages with their entries", bulk.run(self._size.messages), self._size.messages)
        await asyncio.to_thread(rows.read, talk, random)
        await self._copy(connection, "read marks", tables.READ_MARK, rows.read_marks())
        await self._copy(connection, "entries of reading", tables.ENTRY, rows.read_entries())
        return talk

    async def _copy(
        self, connection: Connection, name: str, table: Table, rows: Iterable[Sequence[Any]]
    ) -> None:
        since = time.monotonic()
        count = await copy_rows(connection, table, rows)
        self._note(Part(name, count, time.monotonic() - since))

    async def _timed(self, name: str, work: Any, rows: int = 0) -> Any:
        since = time.monotonic()
        done = await work
        self._note(Part(name, rows, time.monotonic() - since))
        return done

    def _note(self, part: Part) -> None:
        self._parts.append(part)
        rate = (
            f"  {part.rows:>12,} rows  {part.rows / max(part.seconds, 1e-3):>10,.0f}/s" if part.rows else ""
        )
        self._tell(f"  {part.name:<32}{part.seconds:8.1f} s{rate}")


def _made(plan: Plan, number: int) -> Line:
    space = plan.spaces[number]
    label: Label = space.label
    maker = plan.people[space.members[0]].id
    return Line(Action.SPACES_SPACE_CREATE.value, True, maker, space.id, detail={"label": label.value})


async def _heads(connection: Connection, rows: Tables, talk: Talk) -> None:
    ids, seqs = rows.heads()
    await connection.execute(
        """
        update stream set seq = new.seq from unnest(%s::uuid[], %s::bigint[]) as new (id, seq)
        where stream.id = new.id
        """,
        (ids, seqs),
    )
    await connection.execute(
        """
        update channel set last_ordinal = new.ordinal from unnest(%s::uuid[], %s::bigint[]) as new (id, ordinal)
        where channel.id = new.id
        """,
        (talk.channels, talk.ordinals),
    )


_TOUCHED: tuple[LiteralString, ...] = (
    "stream", "person", "credential", "space", "space_words", "member", "space_size", "channel", "read_mark", "message", "journal",
)  # fmt: skip


async def _settle(connection: Connection) -> None:
    """What autovacuum would do in the next hours, at once: benches find a house at rest."""
    for table in _TOUCHED:
        await connection.execute("vacuum (analyze) " + table)
