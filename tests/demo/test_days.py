from datetime import date, timedelta

import pytest

from bastide.demo import days


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1961, (4, 2)), (2000, (4, 23)), (2008, (3, 23)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))],
)
def test_easter_falls_where_the_calendars_say(year: int, sunday: tuple[int, int]) -> None:
    assert days.easter(year) == date(year, *sunday)


def test_the_eleven_holidays_of_2026() -> None:
    expected = {
        date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25),
        date(2026, 7, 14), date(2026, 8, 15), date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25),
    }  # fmt: skip
    assert days.holidays(2026) == expected


def test_days_are_counted_over_weekends_and_holidays() -> None:
    monday = date(2026, 5, 4)
    assert days.shift(monday, -1) == date(2026, 4, 30)  # over the weekend and the first of May
    assert days.shift(monday, 4) == date(2026, 5, 11)  # the eighth is a holiday
    assert days.shift(monday, 0) == monday


def test_today_is_the_last_working_day_there_was() -> None:
    assert days.anchor(date(2026, 3, 10)) == date(2026, 3, 10)
    assert days.anchor(date(2026, 3, 15)) == date(2026, 3, 13)
    assert days.anchor(date(2027, 1, 1)) == date(2026, 12, 31)


def test_back_and_forth_comes_home() -> None:
    day = date(2026, 1, 1)
    for _ in range(366):
        here = days.anchor(day)
        assert days.shift(days.shift(here, -28), 28) == here
        day += timedelta(days=1)
