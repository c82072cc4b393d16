"""Commit groups: one commit for many, and a bad item fails alone."""

import asyncio
from collections.abc import Sequence

import pytest

from bastide.core.errors import Conflict, Invalid, Problem, Unavailable
from bastide.core.groups import CommitGroup


class Work:
    """Doubles numbers. Negative ones are bad; 13 breaks whatever group it is in; 666 finds no database."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, items: Sequence[int]) -> Sequence[int | Problem]:
        self.groups.append(list(items))
        await self.gate.wait()
        if 13 in items:
            raise ZeroDivisionError
        if 666 in items:
            raise Unavailable
        return [Invalid(field=str(i)) if i < 0 else i * 2 for i in items]


async def submitted(group: CommitGroup[int, int], *items: int) -> list[int | BaseException]:
    return await asyncio.gather(*(group.submit(i) for i in items), return_exceptions=True)


async def test_what_waits_goes_together() -> None:
    work = Work()
    work.gate.clear()
    group = CommitGroup[int, int](work)
    first = asyncio.create_task(group.submit(1))
    await asyncio.sleep(0)
    rest = asyncio.create_task(submitted(group, *range(20, 120)))
    await asyncio.sleep(0.01)
    work.gate.set()
    assert await first == 2
    assert await rest == [i * 2 for i in range(20, 120)]
    assert [len(g) for g in work.groups] == [1, 100]


async def test_a_group_has_a_most() -> None:
    work = Work()
    group = CommitGroup[int, int](work, most=10)
    assert await submitted(group, *range(20, 55)) == [i * 2 for i in range(20, 55)]
    assert max(len(g) for g in work.groups) == 10


async def test_a_bad_item_fails_alone() -> None:
    work = Work()
    outcomes = await submitted(CommitGroup[int, int](work), 1, -1, 2)
    assert outcomes[0] == 2
    assert isinstance(outcomes[1], Invalid)
    assert outcomes[2] == 4
    assert len(work.groups) == 1


async def test_an_item_that_breaks_its_group_is_found_by_trying_each() -> None:
    work = Work()
    outcomes = await submitted(CommitGroup[int, int](work), 1, 13, 2, -5)
    assert outcomes[0] == 2
    assert isinstance(outcomes[1], ZeroDivisionError)
    assert outcomes[2] == 4
    assert isinstance(outcomes[3], Invalid)
    assert work.groups == [[1, 13, 2, -5], [1], [13], [2], [-5]]


async def test_without_a_database_nobody_is_tried_again_and_all_are_told() -> None:
    work = Work()
    group = CommitGroup[int, int](work)
    outcomes = await submitted(group, 1, 666, 2)
    assert [type(o) for o in outcomes] == [Unavailable] * 3
    assert len(work.groups) == 1
    assert await group.submit(5) == 10, "and it works again when it is back"


async def test_too_much_is_refused_at_once() -> None:
    work = Work()
    work.gate.clear()
    group = CommitGroup[int, int](work, waiting=5)
    first = asyncio.create_task(group.submit(0))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(group.submit(i)) for i in range(5)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refusal:
        await group.submit(99)
    assert refusal.value.reason == "overloaded"
    assert refusal.value.retry_after_s
    work.gate.set()
    assert await asyncio.gather(first, *waiting) == [0, 0, 2, 4, 6, 8]


async def test_who_gives_up_waiting_is_not_done_and_harms_nobody() -> None:
    work = Work()
    work.gate.clear()
    group = CommitGroup[int, int](work)
    first = asyncio.create_task(group.submit(1))
    await asyncio.sleep(0)
    given_up, stays = asyncio.create_task(group.submit(2)), asyncio.create_task(group.submit(3))
    await asyncio.sleep(0)
    given_up.cancel()
    work.gate.set()
    assert await first == 2
    assert await stays == 6
    assert work.groups == [[1], [3]]


async def test_a_problem_of_the_whole_group_is_each_ones_own() -> None:
    async def work(items: Sequence[int]) -> Sequence[int | Problem]:
        if len(items) > 1:
            raise Conflict
        return items

    group = CommitGroup[int, int](work)
    assert await submitted(group, 1, 2, 3) == [1, 2, 3]
