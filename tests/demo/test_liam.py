"""The demo at the size of LIAM, small: what COPY wrote is what the services would have written, read by the services."""

import asyncio
import stat
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
import pytest_asyncio

from bastide.chat.events import ChannelChanged, ChannelRead, MessageSent
from bastide.chat.model import NewMessage, OwnChannel
from bastide.core.clock import Clock
from bastide.core.content import Plain
from bastide.core.errors import NotFound
from bastide.core.events import Gone
from bastide.core.ids import Ids
from bastide.core.policy import Actor, ActorKind, Label, Role, SpaceKind, Strength
from bastide.demo.liam.command import demo
from bastide.demo.liam.fill import Filled, Filling, NotEmpty, filled_size
from bastide.demo.liam.plan import Size
from bastide.demo.liam.sessions import leave, open_sessions, read
from bastide.demo.state import FILLING, set_state, state
from bastide.house import House
from bastide.settings import Settings, SettingsError
from bastide.spaces.events import MemberAdded, SpaceChanged, SpaceGained
from tests.support.postgres import SessionPostgres
from tests.support.town import lay_tables

# enough messages for indexes to be taken off and put back, and more than a page in most channels
SIZE = Size(agents=90, groups=4, group=20, communities=3, messages=3_000, seed=7)
UNTIL = datetime(2026, 11, 23, 6, tzinfo=UTC)


async def fill(url: str, folder: Path, size: Size = SIZE) -> Filled:
    lines: list[str] = []
    filled = await Filling(Settings(data=folder), url, size, lines.append).run(UNTIL)
    assert any("messages" in line for line in lines)
    return filled


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(postgres: SessionPostgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    url = await postgres.fresh()
    await fill(url, tmp_path_factory.mktemp("liam"))
    yield url
    await postgres.drop(url)


@pytest_asyncio.fixture
async def house(url: str, tmp_path: Path) -> AsyncGenerator[House]:
    house = House.build(Settings(data=tmp_path), conninfo=url)
    await house.open()
    yield house
    await house.close()


async def rows(url: str, query: LiteralString) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(query)).fetchall()


async def somebody(house: House, place: int = 0) -> Actor:
    """The agent at a place of the list, strongly signed in; the first administers, and is in administration."""
    async with house.ground.database.read() as reader:
        found = await reader.rows(
            "select id, organisation_id, administrator from person order by id offset %(n)s limit 1", n=place
        )
    person_id, organisation_id, administrator = found[0]
    ids = house.ground.ids
    return Actor(
        ActorKind.AGENT,
        person_id,
        organisation_id,
        ids.new(),
        ids.new(),
        Strength.PASSKEY,
        administrator=administrator,
        acting=administrator,
    )


async def test_every_stream_and_channel_is_counted_without_gaps(url: str) -> None:
    wrong: tuple[LiteralString, ...] = (
        """select s.id from stream s left join journal j on j.stream_id = s.id group by s.id, s.seq
           having count(j.seq) <> s.seq or coalesce(max(j.seq), 0) <> s.seq""",
        """select c.id from channel c left join message m on m.channel_id = c.id group by c.id, c.last_ordinal
           having count(m.ordinal) <> c.last_ordinal or coalesce(max(m.ordinal), 0) <> c.last_ordinal""",
        # in the order of a stream, time does not go back
        """select stream_id from (select stream_id, at < lag(at) over (partition by stream_id order by seq) as back
           from journal) told where back""",
        """select channel_id from (select channel_id, sent_at < lag(sent_at) over (partition by channel_id order by ordinal)
           as back from message) said where back""",
        # each message is told once, in its space, by its author
        """select m.id from message m join channel c on c.id = m.channel_id
           left join journal j on j.stream_id = c.space_id and j.type = 'chat.message.sent' and j.by = m.author_id
                and j.at = m.sent_at and convert_from(j.fact, 'UTF8')::jsonb ->> 'message_id' = m.id::text
           group by m.id having count(j.seq) <> 1""",
        # who wrote may write, and has read at least that
        """select m.id from message m join channel c on c.id = m.channel_id
           left join member w on w.space_id = c.space_id and w.person_id = m.author_id
           left join read_mark r on r.channel_id = m.channel_id and r.person_id = m.author_id
           where w.role is null or w.role = 'reader' or r.ordinal is null or r.ordinal < m.ordinal""",
        """select r.person_id from read_mark r join channel c on c.id = r.channel_id
           left join member m on m.space_id = c.space_id and m.person_id = r.person_id
           where m.role is null or r.ordinal not between 1 and c.last_ordinal""",
        """select s.id from space s left join space_size z on z.space_id = s.id
           where z.members is distinct from (select count(*) from member m where m.space_id = s.id)""",
        "select p.id from person p left join credential c on c.person_id = p.id where c.person_id is null",
        """select s.id from space s left join member m on m.space_id = s.id and m.role = 'manager'
           where m.person_id is null""",
        """select s.id from space s left join space_words w on w.space_id = s.id
           where (s.kind = 'community') <> (w.space_id is not null)""",
        # an id tells when: within the day it was made
        """select id from message where abs(extract(epoch from sent_at) * 1000
           - ('x' || lpad(translate(left(id::text, 13), '-', ''), 16, '0'))::bit(64)::bigint) > 1""",
    )
    for query in wrong:
        assert await rows(url, query) == [], query


async def test_what_was_taken_off_the_tables_is_back(url: str, postgres: SessionPostgres) -> None:
    laid = await postgres.fresh(lay_tables)
    kept: LiteralString = """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated from pg_constraint
        where connamespace = 'public'::regnamespace order by 1, 2"""
    indexes: LiteralString = (
        "select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1"
    )
    options: LiteralString = (
        "select relname, coalesce(reloptions, '{}') from pg_class where relkind = 'r' "
        "and relnamespace = 'public'::regnamespace order by 1"
    )
    for query in (kept, indexes, options):
        assert await rows(url, query) == await rows(laid, query)
    await postgres.drop(laid)


async def test_a_window_finds_its_spaces_channels_and_what_is_unread(house: House) -> None:
    actor = await somebody(house)
    snapshot = await house.home.snapshot(actor)
    kinds = [own.space.kind for own in snapshot.spaces]
    assert (kinds.count(SpaceKind.TEAM), kinds.count(SpaceKind.COMMUNITY)) == (1, SIZE.communities)
    assert len(snapshot.channels) == 2 + 3 * SIZE.communities
    for own in snapshot.spaces:
        listed = await house.spaces.members(actor, own.space.id, most=200)
        assert len(listed) == own.space.members_count
        assert [m.role for m in listed[:2]] == [Role.MANAGER, Role.MANAGER]
        assert own.space.faces == [m.person_id for m in sorted(listed, key=lambda m: m.joined_at)[:5]]
        assert house.roster.place(own.space.id) == own.space.place()
        for member in listed:
            assert house.roster.role(own.space.id, member.person_id) is member.role
    behind = [own.channel.last_ordinal - own.read for own in snapshot.channels]
    assert min(behind) >= 0
    assert all(own.channel.last is not None for own in snapshot.channels)
    named = {card.id for card in snapshot.people}
    assert {own.channel.last.author_id for own in snapshot.channels if own.channel.last} <= named


async def test_history_is_turned_both_ways_and_goes_on(house: House) -> None:
    actor = await somebody(house)
    channel = await longest(house, actor)
    last = channel.channel.last_ordinal
    assert last > 100
    back: list[int] = []
    before = None
    while True:
        page = await house.chat.history(actor, channel.channel.id, before=before, most=50)
        back = [m.ordinal for m in page.messages] + back
        assert {m.author_id for m in page.messages} == {card.id for card in page.people}
        assert all(m.content.text for m in page.messages)
        if not page.before:
            break
        before = page.messages[0].ordinal
    forth: list[int] = []
    while True:
        page = await house.chat.history(actor, channel.channel.id, after=forth[-1] if forth else 0, most=50)
        forth += [m.ordinal for m in page.messages]
        if not page.after:
            break
    assert back == forth == list(range(1, last + 1))
    new = NewMessage(client_id=house.ground.ids.new(), content=Plain("Et après ?"))
    sent = await house.chat.send(actor, channel.channel.id, new)
    assert sent.ordinal == last + 1


async def test_a_socket_that_was_away_is_told_all_that_it_missed(house: House) -> None:
    actor = await somebody(house)
    snapshot = await house.home.snapshot(actor)
    cursors = {own.space.id: 0 for own in snapshot.spaces} | {actor.person_id: 0}
    async with house.ground.database.read() as reader:
        told = await house.ground.journal.since_many(reader, cursors, most=10_000)
    for own in snapshot.spaces:
        entries = told[own.space.id] or []
        assert [e.seq for e in entries] == list(range(1, own.cursor + 1))
        events = [e.event for e in entries]
        assert isinstance(events[0], SpaceChanged)
        assert sum(isinstance(e, MemberAdded) for e in events) == own.space.members_count
        assert not any(isinstance(e, Gone) for e in events)
        added = [e for e in events if isinstance(e, MemberAdded)]
        assert added[-1].members_count == own.space.members_count
        assert added[-1].faces == own.space.faces
        mine = [c for c in snapshot.channels if c.channel.space_id == own.space.id]
        assert sum(isinstance(e, ChannelChanged) for e in events) == len(mine)
        assert sum(isinstance(e, MessageSent) for e in events) == sum(c.channel.last_ordinal for c in mine)
    own = [e.event for e in told[actor.person_id] or []]
    assert len(own) == snapshot.cursor
    assert {e.space_id for e in own if isinstance(e, SpaceGained)} == {o.space.id for o in snapshot.spaces}
    marks = {c.channel.id: c.read for c in snapshot.channels}
    assert all(marks[e.channel_id] == e.ordinal for e in own if isinstance(e, ChannelRead))


async def test_people_are_found_and_their_page_counts_them(house: House) -> None:
    actor = await somebody(house)
    async with house.ground.database.read() as reader:
        accented = await reader.rows(
            "select given_name, family_name, id from person where given_name ~ '[éèëïôâ]' limit 1"
        )
    given, family, person_id = accented[0]
    found = await house.people.search(actor, f"{family[:4]} {given}".upper())
    assert person_id in {card.id for card in found}
    book = await house.administration.book(actor)
    assert (book.agents, book.guests) == (SIZE.agents, 0)
    other = await somebody(house, 1)
    assert not other.administrator
    assert {card.joined for card in await house.spaces.communities(actor)} == {True}
    assert len(await house.spaces.communities(actor, "communaute")) == SIZE.communities


async def test_who_is_not_in_a_group_does_not_see_it_and_its_making_is_audited(house: House) -> None:
    actor, other = await somebody(house), await somebody(house, SIZE.group)
    team = next(o for o in (await house.home.snapshot(actor)).spaces if o.space.kind is SpaceKind.TEAM)
    with pytest.raises(NotFound):
        await house.home.space(other, team.space.id)
    verdict = await house.ground.audit.verify()
    assert verdict.broken_at is None
    assert verdict.lines >= SIZE.groups + SIZE.communities
    assert all(house.ground.access.holding(label).state.value == "open" for label in Label)


async def longest(house: House, actor: Actor) -> OwnChannel:
    return max((await house.home.snapshot(actor)).channels, key=lambda own: own.channel.last_ordinal)


async def test_the_same_seed_gives_the_same_house(postgres: SessionPostgres, tmp_path: Path) -> None:
    size = Size(agents=30, groups=1, group=12, communities=2, messages=200, seed=3)
    queries: tuple[LiteralString, ...] = (
        "select id, email, given_name, family_name, function, service, words, administrator from person order by id",
        "select id, kind, label, name, description, created_by, created_at from space order by id",
        "select * from member order by 1, 2",
        "select * from channel order by id",
        "select * from message order by id",
        "select * from journal where stream_id in (select id from space union select id from person) order by 1, 2",
        "select * from read_mark order by 1, 2",
    )
    found: list[list[list[tuple[Any, ...]]]] = []
    for number in range(2):
        url = await postgres.fresh()
        await fill(url, tmp_path / str(number), size)
        found.append([await rows(url, query) for query in queries])
        await postgres.drop(url)
    assert all(found[0])
    assert found[0] == found[1]


async def test_what_was_cut_short_is_begun_anew_and_others_are_left_alone(
    postgres: SessionPostgres, tmp_path: Path
) -> None:
    url = await postgres.fresh()
    size = Size(agents=30, groups=1, group=12, communities=2, messages=3_000, seed=3)
    filling = asyncio.create_task(fill(url, tmp_path, size))
    async with asyncio.timeout(30):
        while not await half_filled(url):  # noqa: ASYNC110 -- it is the database that tells
            await asyncio.sleep(0.01)
    filling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await filling
    assert await state(url) == FILLING
    assert await filled_size(url) is None
    await fill(url, tmp_path, size)
    assert await filled_size(url) == size
    assert await rows(url, "select count(*) from message") == [(3_000,)]
    await set_state(url, "agathe@small.example")
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("delete from instance where name = 'demo-size'")
    with pytest.raises(NotEmpty, match="small demo"):
        await filled_size(url)
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("delete from instance where name = 'demo'")
    with pytest.raises(NotEmpty, match="people who are not of a demo"):
        await filled_size(url)
    await postgres.drop(url)


async def half_filled(url: str) -> bool:
    """Whether people moved in already."""
    found = await rows(url, "select to_regclass('person') is not null")
    return bool(found[0][0]) and (await rows(url, "select exists (select from person)"))[0][0]


async def test_sessions_for_benches_are_sessions(house: House, url: str, tmp_path: Path) -> None:
    clock = Clock()
    opened = await open_sessions(url, SIZE.agents + 5, Ids(clock), clock.now())
    assert len({one.token for one in opened}) == SIZE.agents + 5
    leave(tmp_path / "sessions.jsonl", opened)
    assert stat.S_IMODE((tmp_path / "sessions.jsonl").stat().st_mode) == 0o600
    assert read(tmp_path / "sessions.jsonl") == opened
    actor = await house.people.sessions.authenticate(opened[0].token)
    assert actor is not None
    assert (actor.person_id, actor.strength) == (opened[0].person_id, Strength.PASSKEY)
    assert [one.space_id for one in opened[: SIZE.group]] == [opened[0].space_id] * SIZE.group
    assert opened[0].channel_id is not None
    assert (await house.chat.history(actor, opened[0].channel_id)).messages


async def test_what_is_no_number_is_refused_in_a_sentence() -> None:
    for typed in ("--messages=51M", "--messages=many", "--sessions=-1", "--messages=5m"):
        with pytest.raises(SettingsError, match="is no number of"):
            demo(["--size", "liam", typed], {})
    with pytest.raises(SettingsError, match="invalid choice"):
        demo(["--size", "huge"], {})
