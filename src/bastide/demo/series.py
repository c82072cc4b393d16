"""Figures over time that several files and messages share, so that they agree."""

from datetime import datetime

import msgspec


class Series(msgspec.Struct, frozen=True):
    """A named quantity: ``points`` in order of time, value in ``unit``; ``threshold`` is a line to draw, or None."""

    name: str
    unit: str
    points: tuple[tuple[datetime, float], ...]
    threshold: float | None = None

    def value(self, at: datetime) -> float:
        """The value at ``at``, straight between the two nearest points, level before the first and after the last."""
        before = self.points[0]
        for point in self.points:
            if point[0] >= at:
                span = (point[0] - before[0]).total_seconds()
                part = (at - before[0]).total_seconds() / span if span else 0.0
                return before[1] + (point[1] - before[1]) * max(part, 0.0)
            before = point
        return before[1]
