"""Opening and refusing sockets on a real uvicorn, and what we rely on in picows."""

import asyncio
import json
import threading
import time

import pytest
from structlog.testing import capture_logs
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bastide.core.errors import NotSignedIn
from bastide.core.gateway import protocol
from bastide.core.gateway.link import Link
from bastide.core.gateway.transport import Handshake, Limits, Listener, Peer, Refused, refused
from tests.support.gateway import (
    TEXT,
    Ear,
    House,
    Raw,
    Serving,
    masked,
    request,
    serving,
    until,
    url,
)

# opening and refusing


def test_text_and_binary_pass_both_ways(server: Serving, house: House) -> None:
    with connect(url(server, "/socket?since=4"), additional_headers={"Cookie": "a=1; b=%C3%A9"}) as client:
        client.send("bonjour à tous")
        assert client.recv() == "bonjour à tous"
        client.send(b"\x00\xff")
        until(lambda: house.ears[0].binaries == [b"\x00\xff"])
        server.do(lambda: house.ears[0].open_peer.send_binary(b"\x01" * 70_000))
        assert client.recv() == b"\x01" * 70_000
    handshake = house.handshakes[0]
    assert (handshake.path, handshake.query) == ("/socket", "since=4")
    assert handshake.cookies == {"a": "1", "b": "é"}
    assert handshake.peer == "127.0.0.1"
    assert not handshake.secure
    until(lambda: house.ears[0].closes == [1000])


def test_pages_and_sockets_share_the_port(server: Serving) -> None:
    with Raw(server.port) as page, Raw(server.port).open() as socket:
        page.send(b"GET /page HTTP/1.1\r\nhost: x\r\n\r\n")
        status, _ = page.head()
        assert (status, page.body(5)) == (200, b"/page")
        page.send(request())  # the same connection turns from pages to a socket
        assert page.head()[0] == 101
        page.frame(TEXT, b"one")
        assert page.read() == (TEXT, b"one")
        socket.frame(TEXT, b"two")
        assert socket.read() == (TEXT, b"two")


def test_a_refusal_is_plain_http_with_problem_details() -> None:
    async def decide(_: Handshake) -> Refused:
        return refused(NotSignedIn(), headers={"x-why": "test"})

    with serving({"/socket": House(decide)}) as server, Raw(server.port) as client:
        client.send(request())
        status, headers = client.head()
        details = json.loads(client.body(int(headers["content-length"])))
        assert (status, details["code"]) == (401, "not-signed-in")
        assert headers["content-type"] == "application/problem+json"
        assert headers["x-why"] == "test"
        assert client.at_end()
        until(lambda: server.connections == 0)
        with pytest.raises(InvalidStatus) as told, connect(url(server)):
            pass
        assert told.value.response.status_code == 401


def test_a_raised_problem_is_the_refusal_and_a_defect_tells_nothing_of_itself() -> None:
    async def decide(handshake: Handshake) -> Refused:
        if handshake.query == "known":
            raise NotSignedIn
        raise ZeroDivisionError("secret words")

    with serving({"/socket": House(decide)}) as server, capture_logs() as logs:
        with Raw(server.port) as client:
            client.send(request("/socket?known"))
            assert client.head()[0] == 401
        with Raw(server.port) as client:
            client.send(request())
            status, headers = client.head()
            body = client.body(int(headers["content-length"]))
            assert status == 500
            assert b"secret" not in body
            assert b"internal" in body
    assert any(entry.get("kind") == "ZeroDivisionError" for entry in logs)
    assert "secret" not in repr(logs)


def test_an_unknown_path_is_404_and_asks_nobody(server: Serving, house: House) -> None:
    with Raw(server.port) as client:
        client.send(request("/elsewhere"))
        status, headers = client.head()
        assert status == 404
        assert json.loads(client.body(int(headers["content-length"])))["code"] == "not-found"
    assert house.handshakes == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request(replace={"Sec-WebSocket-Version": "8"}), 426),
        (request(replace={"Sec-WebSocket-Version": None}), 426),
        (request(replace={"Sec-WebSocket-Key": "short"}), 400),
        (request(replace={"Sec-WebSocket-Key": None}), 400),
        (request(line="POST /socket HTTP/1.1"), 400),
        (request(line="GET /socket HTTP/1.0"), 400),
        (request(replace={"Content-Length": "5"}), 400),
        (request(replace={"Host": None}), 400),
        (request(replace={"X-Long": "x" * 40_000}), 431),
        (request(replace={"Origin": "http://a\r\nOrigin: http://b"}), 400),
        (request(line="GET http://bastide.test/socket HTTP/1.1"), 400),
    ],
)
def test_requests_that_are_no_proper_upgrade(server: Serving, house: House, sent: bytes, status: int) -> None:
    with Raw(server.port) as client:
        client.send(sent)
        assert client.head()[0] == status
    assert house.handshakes == []
    until(lambda: server.connections == 0)


def test_what_a_client_sends_too_early_is_kept_in_order() -> None:
    gate = threading.Event()

    async def decide(_: Handshake) -> Listener:
        await asyncio.to_thread(gate.wait)
        return ear

    ear = Ear()
    house = House(decide)
    with serving({"/socket": house}) as server, Raw(server.port) as client:
        client.send(request() + masked(TEXT, b"with the request") + masked(TEXT, b"half")[:5])
        until(lambda: house.handshakes)
        client.send(masked(TEXT, b"half")[5:] + masked(TEXT, b"x" * 50_000))
        time.sleep(0.05)
        assert ear.opened == 0
        gate.set()
        assert client.head()[0] == 101
        until(lambda: len(ear.texts) == 3)
        assert ear.texts == [b"with the request", b"half", b"x" * 50_000]
        assert ear.opened == 1


def test_too_much_too_early_is_refused_and_the_decision_given_up() -> None:
    given_up: list[bool] = []

    async def decide(_: Handshake) -> Listener:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            given_up.append(True)
            raise
        raise AssertionError("not reached")

    house = House(decide)
    with serving({"/socket": house}) as server, Raw(server.port) as client:
        client.send(request())
        until(lambda: house.handshakes)
        client.send(b"x" * 100_000)
        assert client.head()[0] == 413
        until(lambda: given_up)
        until(lambda: server.connections == 0)


def test_an_endpoint_that_does_not_decide_is_503_in_time() -> None:
    async def decide(_: Handshake) -> Listener:
        await asyncio.sleep(60)
        raise AssertionError("not reached")

    limits = Limits(authorise_s=0.2, linger_s=0.2)
    with serving({"/socket": House(decide)}, limits) as server, Raw(server.port) as client:
        client.send(request())
        status, headers = client.head()
        assert (status, headers["retry-after"]) == (503, "1")


def test_a_client_that_leaves_before_the_answer() -> None:
    given_up: list[bool] = []

    async def decide(_: Handshake) -> Listener:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            given_up.append(True)
            raise
        raise AssertionError("not reached")

    with serving({"/socket": House(decide)}) as server:
        with Raw(server.port) as client:
            client.send(request())
            until(lambda: server.connections == 1)
        until(lambda: given_up)
        until(lambda: server.connections == 0)


def test_a_listener_is_told_even_when_the_client_left_while_it_was_made() -> None:
    ear = Ear()
    reset = threading.Event()

    async def decide(_: Handshake) -> Listener:
        await asyncio.to_thread(reset.wait)
        time.sleep(0.1)  # noqa: ASYNC251 - hold the loop, so that the decision comes before the loss is seen
        return ear

    with serving({"/socket": House(decide)}) as server:
        client = Raw(server.port)
        client.send(request())
        until(lambda: server.connections == 1)
        client.reset()
        reset.set()
        until(lambda: server.connections == 0)
    # Cancelled before it gave the ear, or gave it: then the ear hears of the end, once.
    assert ear.closes in ([], [1006])
    assert len(ear.closes) == ear.opened or ear.opened == 0


def test_a_socket_does_not_open_behind_an_answer_that_is_still_due(server: Serving, house: House) -> None:
    with Raw(server.port) as client:
        client.send(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n" + request())
        assert client.at_end()
    assert house.handshakes == []


def test_slow_and_endless_heads_are_cut() -> None:
    limits = Limits(head_s=0.3, max_head=4096, linger_s=0.2)
    with serving({"/socket": House()}, limits) as server:
        with Raw(server.port) as client:  # says nothing
            assert client.at_end()
        with Raw(server.port) as client:  # begins and does not end
            client.send(request()[:40])
            assert client.head()[0] == 408
        with Raw(server.port) as client:  # one header without end
            client.send(b"GET / HTTP/1.1\r\nx: ")
            time.sleep(0.05)
            with pytest.raises((BrokenPipeError, ConnectionResetError)):
                client.send_on(b"x" * 4096)
        with Raw(server.port) as client:  # a page first, then half a head
            client.send(b"GET /page HTTP/1.1\r\nhost: x\r\n\r\n")
            assert client.head()[0] == 200
            client.body(5)
            client.send(b"GET /more HTTP/1.1\r\n")
            assert client.head()[0] == 408
        until(lambda: server.connections == 0)


# picows


def test_picows_still_has_the_constructor_we_use() -> None:
    """Fails with the sentence of protocol.py when picows changes what it keeps private."""
    import inspect

    import picows.picows as inner

    async def make() -> object:
        return protocol.make(inner.WSListener(), Limits())

    assert isinstance(asyncio.run(make()), asyncio.BufferedProtocol)

    async def make_with_another() -> None:
        inner.WSProtocol(*[None] * 14)  # type: ignore[attr-defined]

    with pytest.raises(TypeError, match="15 positional"):
        asyncio.run(make_with_another())
    assert {"get_buffer", "buffer_updated", "connection_made", "connection_lost"} <= {
        name
        for name, _ in inspect.getmembers(inner.WSProtocol)  # type: ignore[attr-defined]
    }


def test_a_changed_constructor_is_told_in_a_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import picows.picows as inner

    def changed(*, other: int) -> None:
        del other

    monkeypatch.setattr(inner, "WSProtocol", changed)
    with pytest.raises(RuntimeError, match=r"compare src/bastide/core/gateway/protocol\.py"):
        protocol.make(inner.WSListener(), Limits())


def test_the_peer_is_a_peer(server: Serving, house: House) -> None:
    with Raw(server.port).open():
        until(lambda: house.ears[0].opened)
        peer: Peer = house.ears[0].open_peer
        assert isinstance(peer, Link)
