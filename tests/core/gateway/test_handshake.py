"""Reading an upgrade request: what is taken from it, what is refused, and that nothing at all breaks it."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.core.errors import Conflict, Unavailable
from bastide.core.gateway.handshake import Handshake, Refused, read, refused, response, same_origin
from tests.support.gateway import request

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


def shake(head: bytes, *, peer: str = "192.0.2.7", secure: bool = False) -> Handshake:
    answer = read(head, peer=peer, secure=secure, most=16_384, trusted=PROXIES)
    assert isinstance(answer, Handshake)
    return answer


def test_headers_are_lower_case_and_repeated_ones_joined() -> None:
    made = shake(request(replace={"X-One": "a\r\nx-one: b", "Cookie": "s=1\r\nCookie: t=2"}))
    assert made.headers["x-one"] == "a, b"
    assert made.cookies == {"s": "1", "t": "2"}
    assert made.host == "bastide.test"


def test_the_last_of_two_cookies_counts_and_values_are_decoded() -> None:
    made = shake(request(replace={"Cookie": 'a=1; a=2; b="q"; broken; c=%20x'}))
    assert made.cookies == {"a": "2", "b": "q", "c": " x"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # not a proxy of ours: not believed
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (
            "10.0.0.1",
            "203.0.113.9, 198.51.100.1, 10.0.0.2",
            "198.51.100.1",
        ),  # what is before is the client's word
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "nonsense, 10.0.0.3", "10.0.0.3"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_clients_address_behind_proxies(peer: str, forwarded: str, seen: str) -> None:
    made = shake(request(replace={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}), peer=peer)
    assert made.peer == seen
    assert made.secure == (peer == "10.0.0.1")


@pytest.mark.parametrize(
    ("origin", "host", "secure", "allowed"),
    [
        ("http://bastide.test", "bastide.test", False, True),
        ("http://bastide.test:80", "bastide.test", False, True),
        ("https://bastide.test", "bastide.test", False, True),  # TLS ends at a proxy that says nothing of it
        ("http://bastide.test", "bastide.test", True, False),
        ("http://localhost:8000", "localhost:8000", False, True),
        ("http://localhost:8001", "localhost:8000", False, False),
        ("http://[::1]:8000", "[::1]:8000", False, True),
        ("HTTP://BASTIDE.test", "bastide.TEST", False, True),
        ("https://house.example", "inside.local", True, True),  # the public address
        ("https://house.example.evil.test", "inside.local", True, False),
        ("https://evil.test", "bastide.test", True, False),
        ("https://bastide.test@evil.test", "bastide.test", True, False),
        ("null", "bastide.test", False, False),
        ("file://", "bastide.test", False, False),
        ("http://bastide.test:99999", "bastide.test", False, False),
        (None, "bastide.test", False, False),
        ("", "bastide.test", False, False),
    ],
)
def test_same_origin(origin: str | None, host: str, secure: bool, allowed: bool) -> None:
    made = shake(request(replace={"Origin": origin, "Host": host}), secure=secure)
    assert same_origin(made, "https://house.example/") is allowed


def test_without_a_public_address_only_the_host_counts() -> None:
    made = shake(request(replace={"Origin": "https://house.example"}))
    assert not same_origin(made, None)


def test_a_refusal_says_when_to_come_back() -> None:
    answer = refused(Unavailable(retry_after_s=2.4))
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert b'"unavailable"' in answer.body
    assert "again" in refused(Unavailable(), language="en").body.decode()


def test_a_refusal_cannot_smuggle_headers() -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        response(refused(Conflict(), headers={"x": "a\r\nset-cookie: b"}))
    assert response(Refused(status=599, body=b"")).startswith(b"HTTP/1.1 599 Refused\r\n")


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes) -> None:
    assert isinstance(read(data, peer="", secure=False, most=16_384), Refused)


@given(st.data())
def test_a_damaged_request_is_read_or_refused(data: st.DataObject) -> None:
    head = bytearray(
        request("/socket?x=%ff", replace={"Cookie": "a=%ff", "Origin": "http://[::", "X-Forwarded-For": "1"})
    )
    for _ in range(data.draw(st.integers(1, 4))):
        head[data.draw(st.integers(0, len(head) - 1))] = data.draw(st.integers(0, 255))
    answer = read(bytes(head), peer="10.0.0.1", secure=True, most=16_384, trusted=PROXIES)
    if isinstance(answer, Handshake):
        assert isinstance(same_origin(answer, None), bool)
    else:
        assert answer.status in (400, 426)
