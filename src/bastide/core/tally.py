"""What a process has done since it began, as plain numbers that `/metrics` reads.

Where something happens ten thousand times a second, counting it is adding one to an attribute; everything else is worked
out when somebody asks. There is one `TALLY` a process, as there is one loop and one table of files.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence

from bastide.core.ending import heed_cancellation

_LOOK_EVERY_S = 1.0
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Spread:
    """How values are spread: how many were at most each bound, and their sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def cumulated(self) -> list[tuple[str, int]]:
        """Each bound as text, with how many values were not above it; last, all of them."""
        sums: list[tuple[str, int]] = []
        so_far = 0
        for bound, count in zip((*map(str, self.bounds), "+Inf"), self.counts, strict=True):
            so_far += count
            sums.append((bound, so_far))
        return sums


class Tally:
    """The numbers of one process. They only grow."""

    __slots__ = (
        "deliveries",
        "entries",
        "frames_heard",
        "frames_sent",
        "group_sizes",
        "group_waits",
        "lag",
        "requests",
        "slow_readers",
        "sockets_closed",
        "sockets_opened",
    )

    def __init__(self) -> None:
        self.sockets_opened = 0
        self.sockets_closed = 0
        self.frames_sent = 0
        self.frames_heard = 0
        self.deliveries = 0
        self.slow_readers = 0
        self.entries = 0
        self.group_sizes = Spread(SIZES)
        self.group_waits = Spread()  # of the act of each group that waited longest
        self.lag = Spread()
        self.requests: dict[tuple[str, str, str], Spread] = {}

    def asked(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is one of the application's own, never what was asked for; `status` 0: no answer."""
        # of what clients choose nothing becomes a key that was not one before
        key = (method if method in _METHODS else "other", route, f"{status // 100}xx" if status else "none")
        spread = self.requests.get(key)
        if spread is None:
            spread = self.requests[key] = Spread()
        spread.add(seconds)

    async def watch_lag(self) -> None:
        """See each second how late the loop is, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            heed_cancellation()
            due = loop.time() + _LOOK_EVERY_S
            await asyncio.sleep(_LOOK_EVERY_S)
            self.lag.add(max(0.0, loop.time() - due))


TALLY = Tally()
