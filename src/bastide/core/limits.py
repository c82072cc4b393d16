"""Limits on attempts, in memory: how long to wait before the next one."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from bastide.core.clock import Clock
from bastide.core.errors import TooMany

_KEYS_MOST = 50_000


class Attempts:
    """Counts attempts by key within a sliding time; keys nobody used for long are forgotten."""

    def __init__(self, clock: Clock, *, most: int, within: timedelta) -> None:
        self._clock = clock
        self._most = most
        self._within = within
        self._noted: OrderedDict[str, deque[datetime]] = OrderedDict()

    def take(self, key: str) -> float:
        """Count an attempt now; or, where there were too many, count none and give the seconds to wait.

        Asking and counting are one step: of many attempts at once no more get through than of many in a row.
        """
        now = self._clock.now()
        noted = self._noted.setdefault(key, deque())
        while noted and noted[0] <= now - self._within:
            noted.popleft()
        if len(noted) >= self._most:
            return (noted[0] + self._within - now).total_seconds()
        noted.append(now)
        self._noted.move_to_end(key)
        if len(self._noted) > _KEYS_MOST:
            self._noted.popitem(last=False)
        return 0.0

    def give_back(self, key: str) -> None:
        """Take the last attempt back: it was a good one."""
        noted = self._noted.get(key)
        if noted:
            noted.pop()

    def clear(self, key: str) -> None:
        """Forget a key's attempts."""
        self._noted.pop(key, None)


class Allowance(msgspec.Struct, frozen=True):
    """How much of something one may do: `most` at once, and one more every `every`."""

    most: int
    every: timedelta


class Allowances:
    """Token buckets by person, for acts that cost much: what one does in a day passes, a runaway program does not.

    In memory: a restart fills them. Who was not heard of for long has a full one, and is forgotten.
    """

    UPLOAD = Allowance(1000, timedelta(milliseconds=100))
    INVITATION = Allowance(100, timedelta(seconds=10))
    EXPORT = Allowance(20, timedelta(minutes=1))
    SEARCH = Allowance(100, timedelta(milliseconds=200))

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # When each bucket would be full again.
        self._full_at: OrderedDict[tuple[Allowance, UUID], datetime] = OrderedDict()

    def take(self, kind: Allowance, person_id: UUID) -> None:
        """Do it once.

        Raises:
            TooMany: wait `retry_after_s`.
        """
        now = self._clock.now()
        key = (kind, person_id)
        full_at = max(self._full_at.get(key, now), now) + kind.every
        wait = full_at - now - kind.most * kind.every
        if wait > timedelta():
            raise TooMany(retry_after_s=wait.total_seconds())
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > _KEYS_MOST:
            self._full_at.popitem(last=False)
