"""A loop ends when it is asked to, also where the cancellation is swallowed on the way."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable

import pytest

from bastide.core.ending import heed_cancellation

Future = asyncio.Future[int]


async def swallows(answer: Future) -> int:
    """What a driver does that would rather not lose an answer that came with the cancellation."""
    try:
        return await answer
    except asyncio.CancelledError:
        if answer.done():
            return answer.result()
        raise


async def wait_for(answer: Future) -> int:
    return await asyncio.wait_for(answer, 10)


class Loop:
    """A long loop: it waits for an answer, and for the next. `heed` is what it does at each turn."""

    def __init__(self, wait: Callable[[Future], Awaitable[int]], heed: Callable[[], None]) -> None:
        self._wait, self._heed = wait, heed
        self._answer = asyncio.get_running_loop().create_future()
        self.turns = 0
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            self._heed()
            await self._wait(self._answer)
            self.turns += 1
            self._answer = asyncio.get_running_loop().create_future()

    async def cancelled_in_the_instant_of_an_answer(self) -> bool:
        """Whether it ended."""
        await asyncio.sleep(0.01)
        self._answer.set_result(1)
        self.task.cancel()
        await asyncio.sleep(0.01)
        ended = self.task.done()
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task
        return ended


def nothing() -> None:
    pass


async def test_a_loop_that_does_not_look_goes_on() -> None:
    loop = Loop(swallows, nothing)
    assert not await loop.cancelled_in_the_instant_of_an_answer()
    assert loop.turns == 1


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="since 3.12 wait_for forgets no cancellation")
async def test_this_is_what_wait_for_does_to_it() -> None:
    assert not await Loop(wait_for, nothing).cancelled_in_the_instant_of_an_answer()


@pytest.mark.parametrize("wait", [swallows, wait_for])
async def test_a_loop_that_looks_ends(wait: Callable[[Future], Awaitable[int]]) -> None:
    assert await Loop(wait, heed_cancellation).cancelled_in_the_instant_of_an_answer()


async def test_a_deadline_that_passed_is_no_cancellation() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    heed_cancellation()


async def test_a_deadline_loses_no_cancellation_that_comes_with_an_answer() -> None:
    async def bounded(answer: Future) -> int:
        async with asyncio.timeout(10):
            return await answer

    assert await Loop(bounded, nothing).cancelled_in_the_instant_of_an_answer()
