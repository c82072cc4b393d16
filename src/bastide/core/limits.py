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

    def wait(self, key: str) -> float:
        """Seconds until another attempt is welcome; 0 when it is now."""
        noted = self._noted.get(key)
        if noted is None:
            return 0.0
        now = self._clock.now()
        while noted and noted[0] <= now - self._within:
            noted.popleft()
        if len(noted) < self._most:
            return 0.0
        return (noted[0] + self._within - now).total_seconds()

    def note(self, key: str) -> None:
        """Count an attempt."""
        self._noted.setdefault(key, deque(maxlen=self._most)).append(self._clock.now())
        self._noted.move_to_end(key)
        if len(self._noted) > _KEYS_MOST:
            self._noted.popitem(last=False)

    def clear(self, key: str) -> None:
        """Forget a key's attempts."""
        self._noted.pop(key, None)
