"""Limits on attempts, in memory: how long to wait before the next one."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bastide.core.clock import Clock

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
