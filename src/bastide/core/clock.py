"""The time, from one place, so that a test can hold it."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The moment, aware and in UTC, cut to microseconds as PostgreSQL keeps them."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back, for measuring durations."""
        return time.monotonic()


class HeldClock(Clock):
    """A clock that a test or the demo sets and moves by hand."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return self._elapsed

    def advance(self, by: timedelta) -> None:
        """Move on by a duration."""
        self._at += by
        self._elapsed += by.total_seconds()

    def set(self, at: datetime) -> None:
        """Jump to a moment, forwards or backwards; the monotonic side never goes back."""
        self._elapsed += max(0.0, (at - self._at).total_seconds())
        self._at = at
