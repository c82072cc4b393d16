"""The bus: what was committed is heard in order, once, also when the line broke in the commit."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from bastide.chat.events import MessageSent
from bastide.core.bus import Bus
from bastide.core.errors import NotFound, Unavailable
from bastide.core.events import Entry, Gone
from bastide.spaces.events import MemberRemoved
from tests.support.eventually import until
from tests.support.line import Line, cuttable
from tests.support.postgres import SessionPostgres
from tests.support.town import Town, lay_tables, living_town

STREAM = UUID(int=1)


def entry(seq: int, stream_id: UUID = STREAM) -> Entry:
    return Entry(stream_id, seq, datetime(2026, 3, 10, tzinfo=UTC), None, Gone())


class Ear:
    """A bus, what was heard on it, and what its journal has."""

    def __init__(self) -> None:
        self.bus = Bus()
        self.heard: list[int] = []
        self.journal: list[Entry] = []
        self.asked = 0
        self.page = 3
        self.bus.subscribe(lambda e: self.heard.append(e.seq))
        self.bus.reread = self.reread

    async def reread(self, stream_id: UUID, after: int) -> list[Entry]:
        self.asked += 1
        await asyncio.sleep(0)
        return [e for e in self.journal if e.stream_id == stream_id and e.seq > after][: self.page]

    async def until(self, heard: list[int]) -> None:
        await until(lambda: self.heard == heard)

    def committed(self, *seqs: int) -> None:
        self.journal += [entry(s) for s in seqs]


async def test_entries_are_heard_in_the_order_of_their_stream() -> None:
    ear = Ear()
    ear.bus.baseline(STREAM, 0)
    for seq in (2, 4, 3, 1, 5, 2, 1):
        ear.bus.publish([entry(seq)])
    assert ear.heard == [1, 2, 3, 4, 5]


async def test_what_comes_first_after_a_start_is_where_its_stream_begins() -> None:
    ear = Ear()
    ear.bus.baseline(STREAM, 41)
    ear.bus.publish([entry(43)])
    assert ear.heard == []
    ear.bus.publish([entry(42)])
    assert ear.heard == [42, 43]


async def test_an_announcement_that_never_comes_is_read_from_the_journal() -> None:
    ear = Ear()
    ear.bus.baseline(STREAM, 0)
    ear.committed(1, 2, 3)
    ear.bus.publish([entry(3)])
    assert ear.heard == []
    await ear.until([1, 2, 3])
    ear.bus.publish([entry(2)])  # it comes after all
    assert ear.heard == [1, 2, 3]


async def test_more_than_a_page_is_healed_to_its_end() -> None:
    """A stream that was lost for long must not be stuck for ever behind its own backlog."""
    ear = Ear()
    ear.bus.baseline(STREAM, 0)
    ear.committed(*range(1, 21))
    for seq in range(2, 21):
        ear.bus.publish([entry(seq)])
    await ear.until(list(range(1, 21)))
    assert not ear.bus._held
    assert not ear.bus._healing


async def test_a_doubted_commit_is_heard_if_it_took_place() -> None:
    ear = Ear()
    ear.bus.baseline(STREAM, 0)
    ear.bus.publish([entry(1)])
    ear.committed(1, 2)
    ear.bus.doubt([entry(2)])
    await ear.until([1, 2])
    ear.bus.doubt([entry(3)])  # that one did not
    await asyncio.sleep(0.4)
    assert ear.heard == [1, 2]
    ear.bus.publish([entry(3)])
    assert ear.heard == [1, 2, 3]
    assert not ear.bus._doubted


async def test_healing_waits_until_the_database_answers() -> None:
    ear = Ear()
    ear.bus.baseline(STREAM, 0)
    ear.committed(1)
    answers = iter([Unavailable(), RuntimeError("poisoned")])

    async def away(stream_id: UUID, after: int) -> list[Entry]:
        if (error := next(answers, None)) is not None:
            raise error
        return await ear.reread(stream_id, after)

    ear.bus.reread = away
    ear.bus.doubt([entry(1)])
    await ear.until([1])


async def test_a_handler_that_fails_stops_nobody_else() -> None:
    bus, heard = Bus(), list[int]()

    def poisoned(e: Entry) -> None:
        raise ValueError("poisoned")

    bus.subscribe(poisoned)
    bus.subscribe(lambda e: heard.append(e.seq))
    bus.publish([entry(1), entry(2)])
    assert heard == [1, 2]


async def test_streams_do_not_wait_for_one_another() -> None:
    ear, other = Ear(), uuid4()
    ear.bus.baseline(STREAM, 0)
    ear.bus.publish([entry(2), entry(9, other), entry(10, other)])
    assert ear.heard == [9, 10]


# With a real line that breaks in the commit.


@pytest_asyncio.fixture
async def line(postgres: SessionPostgres) -> AsyncGenerator[Line]:
    url = await postgres.fresh(lay_tables)
    async with cuttable(url) as made:
        yield made
    await postgres.drop(url)


@pytest_asyncio.fixture
async def far(postgres: SessionPostgres, line: Line, tmp_path: Path) -> AsyncGenerator[Town]:
    """A town at the other end of a line that can be cut."""
    async with living_town(postgres, tmp_path, url=line.url) as made:
        yield made


async def told(town: Town, kind: type, count: int) -> None:
    await until(lambda: sum(isinstance(e.event, kind) for e in town.heard) >= count)


async def test_a_send_whose_commit_nobody_heard_of_is_heard_of_all_the_same(far: Town, line: Line) -> None:
    own = await far.space(far.agathe, contributors=[far.ousmane])
    channel = await far.channel(far.agathe, own.space.id)
    client_id = far.house.ground.ids.new()
    line.lose_next_commit = True
    with pytest.raises(Unavailable):
        await far.say(far.agathe, channel, "Entendu ?", client_id=client_id)
    assert line.lost == 1
    # The window tries again: the same message, and everybody hears it once.
    again = await far.say(far.agathe, channel, "Entendu ?", client_id=client_id)
    assert again.ordinal == 1
    await told(far, MessageSent, 1)
    after = await far.say(far.ousmane, channel, "Entendu.")
    assert after.ordinal == 2
    await asyncio.sleep(0.4)
    sent = [e.event.message.ordinal for e in far.heard if isinstance(e.event, MessageSent)]
    assert sent == [1, 2]
    seqs = [e.seq for e in far.heard if e.stream_id == own.space.id]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_lost_send_heals_without_anybody_trying_again(far: Town, line: Line) -> None:
    own = await far.space(far.agathe)
    channel = await far.channel(far.agathe, own.space.id)
    line.lose_next_commit = True
    with pytest.raises(Unavailable):
        await far.say(far.agathe, channel, "Entendu ?")
    await told(far, MessageSent, 1)


async def test_a_removal_whose_commit_nobody_heard_of_removes_all_the_same(far: Town, line: Line) -> None:
    """Else the member would read on until something else happens in the space."""
    own = await far.space(far.agathe, contributors=[far.ousmane])
    channel = await far.channel(far.agathe, own.space.id)
    line.lose_next_commit = True
    with pytest.raises(Unavailable):
        await far.house.spaces.remove_member(far.agathe, own.space.id, far.ousmane.person_id)
    await told(far, MemberRemoved, 1)
    with pytest.raises(NotFound):
        await far.house.chat.history(far.ousmane, channel)
    with pytest.raises(NotFound):
        await far.house.spaces.remove_member(far.agathe, own.space.id, far.ousmane.person_id)


async def test_a_commit_that_never_reached_the_server_did_not_happen(far: Town, line: Line) -> None:
    own = await far.space(far.agathe)
    channel = await far.channel(far.agathe, own.space.id)
    line.down = True
    line.cut()
    failing = asyncio.create_task(far.say(far.agathe, channel, "Perdu"))
    await asyncio.sleep(0.3)
    line.down = False
    outcome = (await asyncio.gather(failing, return_exceptions=True))[0]
    page = await far.house.chat.history(far.agathe, channel)
    if isinstance(outcome, Unavailable):
        assert page.messages == []
    else:
        assert [m.content.text for m in page.messages] == ["Perdu"]
