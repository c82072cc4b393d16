"""Pings to all sockets from one timer: picows' own would cost a task and a timer for each connection."""

import asyncio
from typing import Final, Protocol

from bastide.core.gateway.contract import Limits

_COHORTS: Final = 30


class Beating(Protocol):
    """A socket that is to be pinged."""

    cohort: int
    """In which group it beats; -1 before it has one."""

    def beat(self, misses: int) -> None:
        """Ping, or give up after this many unanswered pings."""
        ...


class Heartbeat:
    """Spreads the sockets over cohorts, one of which is pinged at each tick, so that no tick is long."""

    def __init__(self, limits: Limits) -> None:
        self._cohorts: tuple[set[Beating], ...] = tuple(set() for _ in range(_COHORTS))
        self._tick_s = limits.ping_s / _COHORTS
        self._misses = max(1, round(limits.stale_s / limits.ping_s))
        self._newest = 0
        self._now = 0
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, link: Beating) -> None:
        """Ping this socket from now on."""
        self._newest = (self._newest + 1) % _COHORTS
        link.cohort = self._newest
        self._cohorts[link.cohort].add(link)
        self._count += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._tick_s, self._tick)

    def remove(self, link: Beating) -> None:
        """Leave it alone; a second time does nothing."""
        if link.cohort < 0:
            return
        self._cohorts[link.cohort].discard(link)
        link.cohort = -1
        self._count -= 1
        if not self._count and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._tick_s, self._tick)
        self._now = (self._now + 1) % _COHORTS
        for link in tuple(self._cohorts[self._now]):
            link.beat(self._misses)
