"""The line between an edge and the core: what is said arrives whole and in order, however it is cut on the way."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.core.gateway.trunk import HEAD_SIZE, NUMBERS, Kind, Parser, message, of_many, to_many

Said = tuple[int, int, bytes]
one = st.tuples(st.sampled_from(list(Kind)), st.integers(0, 2**32 - 1), st.binary(max_size=300))


@given(st.lists(one, max_size=20), st.lists(st.integers(1, 400), max_size=40))
def test_messages_arrive_whole_however_they_are_cut(said: list[Said], cuts: list[int]) -> None:
    heard: list[Said] = []
    parser = Parser(lambda kind, number, body: heard.append((kind, number, body)))
    stream = b"".join(message(Kind(kind), number, body) for kind, number, body in said)
    for cut in cuts:
        parser.feed(stream[:cut])
        stream = stream[cut:]
    parser.feed(stream)
    assert heard == said


@given(st.lists(st.integers(0, 2**32 - 1), max_size=200), st.binary(max_size=200))
def test_a_frame_for_many_names_them_all(numbers: list[int], frame: bytes) -> None:
    heard: list[Said] = []
    parser = Parser(lambda kind, number, body: heard.append((kind, number, body)))
    parser.feed(b"".join(to_many(Kind.TEXT_TO, array(NUMBERS, numbers), frame)))
    ((kind, count, body),) = heard
    assert kind == Kind.TEXT_TO
    listed, told = of_many(count, body)
    assert (list(listed), told) == (numbers, frame)


def test_a_length_that_nobody_sends_ends_the_line() -> None:
    parser = Parser(lambda _kind, _number, _body: None)
    with pytest.raises(ValueError, match="no message"):
        parser.feed(b"\xff" * HEAD_SIZE)
