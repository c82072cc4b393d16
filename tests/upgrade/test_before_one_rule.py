"""An instance from before « One rule » is brought up to date: nothing is lost, nothing is declared, and it says so.

`before_one_rule.sql` is a town as that Bastide left it: seven people, a space of each label, a direct, messages, a file, a
call, refusals in the audit.
"""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import psycopg.conninfo
import pytest
import pytest_asyncio

from bastide.core.audit import Sought
from bastide.core.client import Client
from bastide.core.clock import Clock, HeldClock
from bastide.core.errors import Refused
from bastide.core.migrate import migrate
from bastide.core.policy import Actor, ActorKind, HoldingState, Label, Strength
from bastide.demo.fill import fill
from bastide.demo.state import set_state, welcome_if_filled
from bastide.house import House, migrations
from bastide.settings import Settings
from tests.support.hosting import declare
from tests.support.postgres import SessionPostgres
from tests.support.town import in_office

KEPT = Path(__file__).with_name("before_one_rule.sql")
BEFORE = {
    ("core", "0001_ground.sql"),
    ("core", "0002_jobs.sql"),
    ("people", "0001_people.sql"),
    ("spaces", "0001_spaces.sql"),
    ("files", "0001_files.sql"),
    ("files", "0002_swept.sql"),
    ("files", "0003_waiting.sql"),
    ("chat", "0001_chat.sql"),
    ("meet", "0001_meet.sql"),
}
MORNING = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


async def counts(url: str, tables: list[str] | None = None) -> dict[str, int]:
    """How many rows each table has."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        if tables is None:
            found = await connection.execute("select tablename from pg_tables where schemaname = 'public'")
            tables = [row[0] for row in await found.fetchall()]
        return {table: await _count(connection, table) for table in tables}


async def _count(connection: psycopg.AsyncConnection[tuple[Any, ...]], table: str) -> int:
    found = await connection.execute(f'select count(*) from "{table}"'.encode())
    row = await found.fetchone()
    return int(row[0]) if row else 0


@pytest_asyncio.fixture
async def before(postgres: SessionPostgres) -> AsyncGenerator[str]:
    """A database as that Bastide left it."""
    url = await postgres.fresh()
    laid = [m for m in migrations() if (m.module, m.name) in BEFORE]
    assert await migrate(url, laid, Clock()) == len(BEFORE)
    # As the server's master: references and triggers do not stand in the way of rows that come in any order.
    name = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
    master = postgres.engine.url_of(name, role="postgres")
    async with (
        await psycopg.AsyncConnection.connect(master, autocommit=True) as connection,
        connection.transaction(),
    ):
        await connection.execute("set local session_replication_role = replica")
        await connection.execute("delete from audit_head; delete from migration")
        await connection.execute(KEPT.read_bytes())
    yield url
    await postgres.drop(url)


@pytest_asyncio.fixture
async def house(before: str, tmp_path: Path) -> AsyncGenerator[House]:
    """That instance, started by this Bastide."""
    await migrate(before, migrations(), Clock())
    made = House.build(Settings(data=tmp_path, demo=False), conninfo=before, clock=HeldClock(MORNING))
    await made.open()
    try:
        yield made
    finally:
        await made.close()


async def actor(house: House, family: str) -> Actor:
    """Somebody of that town, signed in."""
    async with house.ground.database.read() as reader:
        person_id: UUID = await reader.value(
            "select id from person where family_name = %(family)s", family=family
        )
    opened = await house.people.sessions.open(
        person_id, Client("192.0.2.1", "test"), strength=Strength.PASSWORD
    )
    return opened.actor


async def test_nothing_is_lost(before: str) -> None:
    held = await counts(before)
    assert min(held[table] for table in ("person", "space", "member", "message", "file", "audit")) > 0
    todo = len(migrations()) - len(BEFORE)
    assert await migrate(before, migrations(), Clock()) == todo
    assert await migrate(before, migrations(), Clock()) == 0
    after = await counts(before, list(held))
    # The instance got a stream of its own, and the migrations that ran are noted.
    assert after == held | {"stream": held["stream"] + 1, "migration": held["migration"] + todo}


async def test_the_audit_still_holds_and_is_found_by_its_words(house: House) -> None:
    verdict = await house.ground.audit.verify()
    assert verdict.broken_at is None
    assert verdict.lines > 0
    chief = await actor(house, "Aubry")
    assert chief.administrator
    assert chief.officer, "who administered declared and read the audit, and still does"
    page = await house.trail.page(in_office(chief), Sought(action="chat:message:send", allowed=False))
    assert [line.reason for line in page.lines] == ["needs-contributor"]


async def test_everything_is_closed_until_somebody_declares_and_it_says_so(house: House) -> None:
    agathe, chief, guest = [await actor(house, name) for name in ("Delorme", "Aubry", "Vasseur")]
    for who in (agathe, chief, guest):
        snapshot = await house.home.snapshot(who)
        assert {(h.state, h.reason) for h in snapshot.holdings} == {(HoldingState.CLOSED, "undeclared")}
        assert not snapshot.channels
    own = (await house.home.snapshot(agathe)).spaces
    assert {one.space.label for one in own} == {Label.INTERNAL, Label.SENSITIVE, Label.RESTRICTED}
    async with house.ground.database.read() as reader:
        channel: UUID = await reader.value(
            "select c.id from channel c join space s on s.id = c.space_id where s.label = 'internal'"
        )
    with pytest.raises(Refused) as refusal:
        await house.chat.history(agathe, channel)
    assert (refusal.value.rule, refusal.value.reason, refusal.value.source) == (
        "hosting",
        "undeclared",
        "instance",
    )
    me = await house.people.me(chief, "token")
    assert "hosting:declaration:make" in me.abilities, "who can open it is offered to"


async def test_once_declared_all_is_as_it_was(house: House) -> None:
    await declare(house)
    agathe, guest = await actor(house, "Delorme"), await actor(house, "Vasseur")
    assert guest.kind is ActorKind.GUEST
    strong = msgspec.structs.replace(agathe, strength=Strength.PASSKEY)
    snapshot = await house.home.snapshot(strong)
    assert len(snapshot.spaces) == 4, "three teams and a direct"
    texts: list[str] = []
    for own in snapshot.channels:
        texts += [
            m.content.text for m in (await house.chat.history(strong, own.channel.id)).messages if m.content
        ]
    assert texts.count("Réunion **jeudi** à 9 h") == 4
    assert [one.space.name.text for one in (await house.home.snapshot(guest)).spaces] == [
        "Plan inondation Vézelle"
    ]


async def test_a_demo_from_before_declares_its_fiction_when_it_starts(before: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, demo=True)
    await set_state(before, "agathe.delorme@haute-vezelle.example")
    held = await counts(before)
    assert await welcome_if_filled(settings, before) is None, "there is something to say"
    await fill(settings, before)
    assert (await counts(before, ["person", "message", "space"])) == {
        table: held[table] for table in ("person", "message", "space")
    }, "and nothing to fill"
    words = await welcome_if_filled(settings, before)
    assert words is not None
    assert words.lines[0].startswith("Sign in as agathe.delorme@")
    house = House.build(settings, conninfo=before)
    await house.open()
    try:
        rule = house.hosting.state()
        assert rule.fictitious
        assert {h.state for h in rule.holdings} == {HoldingState.OPEN}
        declared = len(house.rulebook.standing)
    finally:
        await house.close()
    await fill(settings, before)
    assert (await counts(before, ["declaration"]))["declaration"] == declared, "once"


async def test_an_instance_that_is_no_demo_declares_nothing_by_itself(before: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, demo=True)
    assert await welcome_if_filled(settings, before) is not None
    await fill(settings, before)
    assert (await counts(before, ["declaration"]))["declaration"] == 0
