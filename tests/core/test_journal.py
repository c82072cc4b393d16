"""The journal: one order a stream, without gaps, whatever is undone."""

import asyncio
import random
from uuid import UUID

import pytest

from bastide.core.database import Transaction
from bastide.core.errors import Unavailable
from bastide.core.events import EventRegistry, Gone
from bastide.core.journal import Happening
from bastide.spaces.events import SpaceGained, SpaceLost
from tests.support.town import Town


class Undone(Exception):
    """A transaction that changes its mind."""


async def streams(town: Town, count: int) -> list[UUID]:
    ids = [town.house.ground.ids.new() for _ in range(count)]
    async with town.house.ground.database.transaction() as tx:
        for stream_id in ids:
            await town.house.ground.journal.open_stream(tx, stream_id)
    return ids


async def seqs(town: Town, stream_id: UUID) -> list[int]:
    async with town.house.ground.database.read() as reader:
        rows = await reader.rows("select seq from journal where stream_id = %(s)s order by seq", s=stream_id)
        head = await town.house.ground.journal.head(reader, stream_id)
    assert head == len(rows)
    return [row[0] for row in rows]


async def test_two_hundred_at_once_with_some_undone_leave_no_gap(town: Town) -> None:
    """Each writes to one, two or three of four streams, in any order; a third of them roll back."""
    four, ground, dice = await streams(town, 4), town.house.ground, random.Random(7)
    plans = [
        (dice.sample(four, dice.randint(1, 3)), dice.randint(1, 3), dice.random() < 1 / 3) for _ in range(200)
    ]

    async def act(wanted: list[UUID], each: int, undo: bool) -> None:
        async with ground.database.transaction() as tx:
            happenings = [Happening(s, SpaceGained(space_id=s)) for s in wanted for _ in range(each)]
            await ground.journal.append(tx, happenings)
            if undo:
                raise Undone

    outcomes = await asyncio.gather(*(act(*plan) for plan in plans), return_exceptions=True)
    assert [type(o) for o in outcomes] == [Undone if undo else type(None) for _, _, undo in plans]
    for stream_id in four:
        expected = sum(each for wanted, each, undo in plans if stream_id in wanted and not undo)
        assert await seqs(town, stream_id) == list(range(1, expected + 1))
        heard = [e.seq for e in town.heard if e.stream_id == stream_id]
        assert heard == list(range(1, expected + 1)), "and everybody heard them in that order, once"


async def test_what_one_transaction_appends_keeps_its_order(town: Town) -> None:
    [one, two] = await streams(town, 2)
    ground = town.house.ground
    async with ground.database.transaction() as tx:
        first = await ground.journal.append(
            tx, [Happening(one, SpaceGained(space_id=two)), Happening(two, Gone())]
        )
        second = await ground.journal.append(tx, [Happening(one, SpaceLost(space_id=two))])
        locked = await ground.journal.lock(tx, [one, two])
        assert locked == {one: 2, two: 1}
        third = await ground.journal.append(tx, [Happening(one, Gone())], locked=locked)
    assert [(e.stream_id, e.seq) for e in (*first, *second, *third)] == [
        (one, 1),
        (two, 1),
        (one, 2),
        (one, 3),
    ]
    assert [(e.stream_id, e.seq) for e in town.heard[-4:]] == [(one, 1), (two, 1), (one, 2), (one, 3)]


async def test_a_stream_that_is_none_undoes_the_whole_act(town: Town) -> None:
    [one] = await streams(town, 1)
    ground = town.house.ground
    with pytest.raises(LookupError):
        async with ground.database.transaction() as tx:
            await ground.journal.append(tx, [Happening(one, Gone()), Happening(UUID(int=7), Gone())])
    assert await seqs(town, one) == []
    assert not [e for e in town.heard if e.stream_id == one]


async def test_nothing_is_told_before_it_is_committed(town: Town) -> None:
    [one] = await streams(town, 1)
    ground = town.house.ground
    before = len(town.heard)

    async def undone(tx: Transaction) -> None:
        await ground.journal.append(tx, [Happening(one, Gone())])
        await asyncio.sleep(0.05)
        assert len(town.heard) == before
        raise Undone

    with pytest.raises(Undone):
        async with ground.database.transaction() as tx:
            await undone(tx)
    assert len(town.heard) == before
    async with ground.database.transaction() as tx:
        await ground.journal.append(tx, [Happening(one, Gone())])
        assert len(town.heard) == before
    assert len(town.heard) == before + 1


async def test_what_came_after_a_cursor(town: Town) -> None:
    [one] = await streams(town, 1)
    ground = town.house.ground
    async with ground.database.transaction() as tx:
        await ground.journal.append(tx, [Happening(one, SpaceGained(space_id=one)) for _ in range(20)])
    async with ground.database.read() as reader:
        journal = ground.journal

        async def since(after: int, most: int = 10) -> list[int] | None:
            entries = await journal.since(reader, one, after, most=most)
            return None if entries is None else [e.seq for e in entries]

        assert await since(20) == []
        assert await since(17) == [18, 19, 20]
        assert await since(10) == list(range(11, 21))
        assert await since(9) is None, "too far behind"
        assert await since(21) is None, "a cursor of another life"
        assert await since(-1, 100) is None
        assert await journal.since(reader, UUID(int=7), 0, most=10) is None
        assert [e.seq for e in await journal.after(reader, one, 4, most=3)] == [5, 6, 7]
        assert await journal.after(reader, one, 20, most=3) == []
    async with ground.database.transaction() as tx:
        await tx.run("delete from journal where stream_id = %(s)s and seq <= 15", s=one)
    async with ground.database.read() as reader:
        assert await ground.journal.since(reader, one, 12, most=10) is None, "its beginning was pruned"
        assert len(await ground.journal.since(reader, one, 15, most=10) or ()) == 5


async def test_deciding_by_rows_waits_for_who_holds_the_space(town: Town) -> None:
    [one] = await streams(town, 1)
    ground, order = town.house.ground, list[str]()

    async def second() -> None:
        async with ground.database.transaction() as tx:
            await ground.journal.lock(tx, [one])
            order.append("second")

    async with ground.database.transaction() as tx:
        await ground.journal.lock(tx, [one])
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.1)
        order.append("first")
    await waiting
    assert order == ["first", "second"]


def test_a_name_is_registered_once() -> None:
    registry = EventRegistry()
    registry.add(SpaceGained)
    with pytest.raises(ValueError, match="twice"):
        registry.add(SpaceGained)


async def test_a_locked_out_reader_is_told_to_come_back(town: Town) -> None:
    """A statement that takes too long is not our defect."""

    async def too_long() -> None:
        async with town.house.ground.database.transaction() as tx:
            await tx.run("set local statement_timeout = '50ms'")
            await tx.run("select pg_sleep(5)")

    with pytest.raises(Unavailable):
        await too_long()
