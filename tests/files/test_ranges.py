"""Ranges as RFC 9110 has them."""

import pytest

from bastide.files.errors import RangeUnsatisfiable
from bastide.files.ranges import Range, asked


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-4", Range(0, 5)),
        ("bytes=5-", Range(5, 10)),
        ("bytes=-3", Range(7, 10)),
        ("bytes=-99", Range(0, 10)),
        ("bytes=9-999999999999999999", Range(9, 10)),
        (" bytes=0-0 ", Range(0, 1)),
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-4", None),
        ("bytes=a-b", None),
        ("bytes=１-２", None),
        ("bytes=0-99999999999999999999999999", None),
    ],
)
def test_asked(header: str | None, expected: Range | None) -> None:
    assert asked(header, 10) == expected


@pytest.mark.parametrize(
    ("header", "size"),
    [("bytes=10-", 10), ("bytes=99-100", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)],
)
def test_nothing_of_it_is_there(header: str, size: int) -> None:
    with pytest.raises(RangeUnsatisfiable):
        asked(header, size)
