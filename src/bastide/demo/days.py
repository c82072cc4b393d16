"""Working days in France: the demo says « J-3 » and means the third working day before today."""

import functools
from datetime import date, timedelta

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_SATURDAY = 5
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm published in Nature, 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@functools.lru_cache
def holidays(year: int) -> frozenset[date]:
    """The eleven public holidays of the Code du travail, article L3133-1."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=days) for days in (1, 39, 50))
    return frozenset([*moving, *(date(year, month, day) for month, day in _FIXED)])


def is_working(day: date) -> bool:
    """Monday to Friday, public holidays excepted."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def anchor(today: date) -> date:
    """The day called J: ``today``, or the last working day before it."""
    while not is_working(today):
        today -= timedelta(days=1)
    return today


@functools.lru_cache(maxsize=4096)
def shift(day: date, count: int) -> date:
    """The ``count``-th working day after ``day`` (before it when negative)."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working(day):
            day += step
    return day
