"""What comes in over a socket: whole messages, broken rules, bad input."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from websockets.sync.client import connect

from bastide.core.gateway.transport import Handshake, Listener
from tests.support.gateway import (
    BINARY,
    CLOSE,
    CONTINUE,
    PING,
    PONG,
    TEXT,
    Ear,
    House,
    Raw,
    Serving,
    masked,
    serving,
    until,
    url,
)

# messages


def test_fragments_are_joined_around_control_frames(server: Serving, house: House) -> None:
    with Raw(server.port).open() as client:
        text = "à".encode()
        client.frame(TEXT, b"one " + text[:1], fin=False)
        client.frame(PING, b"still there?")
        client.frame(CONTINUE, text[1:], fin=False)
        client.frame(CONTINUE, b"", fin=False)
        client.frame(CONTINUE, b" two")
        assert client.next_message() == (PONG, b"still there?")
        assert client.next_message() == (TEXT, "one à two".encode())
        client.frame(BINARY, b"\x00", fin=False)
        client.frame(CONTINUE, b"\x01")
        until(lambda: house.ears[0].binaries == [b"\x00\x01"])


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ([masked(TEXT, b"\xff\xfe")], 1007),
        ([masked(TEXT, b"\xc3", fin=False), masked(CONTINUE, b"\x28")], 1007),
        ([masked(CONTINUE, b"x")], 1002),
        ([masked(TEXT, b"x", fin=False), masked(TEXT, b"y")], 1002),
        ([masked(TEXT, b"x", mask=False)], 1002),
        ([masked(TEXT, b"x", rsv=4)], 1002),
        ([masked(0x3, b"x")], 1002),
        ([masked(PING, b"x" * 126)], 1002),
        ([masked(PING, b"x", fin=False)], 1002),
        ([masked(TEXT, b"x" * 300_000)], 1009),
        ([masked(TEXT, b"x" * 5_000_000)], 1009),
        ([masked(BINARY, b"x" * 200_000, fin=False), masked(CONTINUE, b"x" * 100_000)], 1009),
        ([masked(CLOSE, (1005).to_bytes(2, "big"))], 1002),
        ([masked(CLOSE, b"\x03")], 1002),
    ],
)
def test_broken_rules_close_with_their_code(
    server: Serving, house: House, sent: list[bytes], code: int
) -> None:
    with Raw(server.port).open() as client:
        for frame in sent:
            client.send(frame)
        assert client.close_code() == code
        client.frame(TEXT, b"after the end")
        client.frame(CLOSE, code.to_bytes(2, "big"))
        assert client.at_end()
    ear = house.ears[0]
    until(lambda: ear.closes)
    assert ear.texts == []
    assert ear.binaries == []
    assert ear.closes == [code]
    until(lambda: server.connections == 0)


def test_a_message_of_the_greatest_length_passes(server: Serving, house: House) -> None:
    with connect(url(server), max_size=None) as client:
        client.send("x" * (256 * 1024))
        assert len(client.recv()) == 256 * 1024


def test_a_failing_listener_closes_its_socket_alone_and_no_content_is_logged() -> None:
    class Failing(Ear):
        def on_text(self, frame: bytes) -> None:
            raise ValueError(frame.decode())

    ears = [Failing(), Ear()]

    async def decide(_: Handshake) -> Listener:
        return ears.pop(0)

    with serving({"/socket": House(decide)}) as server, capture_logs() as logs:
        first, second = ears
        with Raw(server.port).open() as one, Raw(server.port).open() as two:
            one.frame(TEXT, b"salary list")
            assert one.close_code() == 1011
            two.frame(TEXT, b"fine")
            until(lambda: second.texts == [b"fine"])
        until(lambda: first.closes == [1011])
    assert "salary" not in repr(logs)
    assert [entry["kind"] for entry in logs if entry["event"] == "socket_listener_failed"] == ["ValueError"]


# bad input


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.binary(min_size=1, max_size=40),
            st.builds(
                masked,
                st.integers(0, 15),
                st.binary(max_size=200),
                fin=st.booleans(),
                mask=st.sampled_from([True, True, True, False]),
                rsv=st.sampled_from([0, 0, 0, 1]),
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_bytes_break_the_server(server: Serving, house: House, sent: list[bytes]) -> None:
    with contextlib.suppress(ConnectionError), Raw(server.port).open() as client:
        for data in sent:
            client.send(data)
    until(lambda: house.ears[-1].closes)
    assert len(house.ears[-1].closes) == 1
    with Raw(server.port).open() as client:
        client.frame(TEXT, b"still here")
        assert client.next_message() == (TEXT, b"still here")
