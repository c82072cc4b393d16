"""Commit groups: what is waiting goes into one transaction; a bad item fails alone.

A single insert pays a whole commit; a hundred that wait together pay one. Nobody waits for a timer: a group is
what came in while the last one was being committed.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bastide.core.errors import Problem, Unavailable
from bastide.core.tally import TALLY

Item = TypeVar("Item")
Result = TypeVar("Result")


class CommitGroup(Generic[Item, Result]):
    """Runs `work` on groups of items, one group at a time.

    `work` commits the group in one transaction and gives for each item its result, or the Problem that is its own.
    When it raises, the group did not happen, and its items are tried one by one: only the bad one fails.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Problem]]],
        *,
        most: int = 400,
        waiting: int = 20_000,
    ) -> None:
        self._work = work
        self._most = most
        self._room = waiting
        self._queue: deque[tuple[Item, asyncio.Future[Result], float]] = deque()
        self._runner: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Queue an item; returns once its group is committed.

        Raises:
            Unavailable: when too much is waiting already, or the database does not answer.
            Problem: what was wrong with this item.
        """
        if len(self._queue) >= self._room:
            raise Unavailable(reason="overloaded", retry_after_s=1.0)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._queue.append((item, future, loop.time()))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._queue:
            group = [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]
            live = [(item, future) for item, future, _ in group if not future.done()]
            if live:
                await self._settle(live)
                TALLY.group_sizes.add(len(live))
                # of the one that waited longest: one number a group, however large
                TALLY.group_waits.add(asyncio.get_running_loop().time() - group[0][2])

    async def _settle(self, group: list[tuple[Item, "asyncio.Future[Result]"]]) -> None:
        try:
            results = await self._work([item for item, _ in group])
        except Exception as error:  # noqa: BLE001 - told to those who wait, one by one
            if len(group) == 1 or isinstance(error, Unavailable):
                for _, future in group:
                    _fail(future, error)
                return
            for single in group:
                await self._settle([single])
            return
        for (_, future), result in zip(group, results, strict=True):
            if isinstance(result, Problem):
                _fail(future, result)
            elif not future.done():
                future.set_result(result)


def _fail(future: "asyncio.Future[Result]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
