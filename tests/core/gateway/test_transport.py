"""The gateway's sockets, on a real uvicorn, from well-behaved and from ill-behaved clients."""

import asyncio
import json
import resource
import threading
import time
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
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
    request,
    serving,
    until,
)
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from bastide.core.errors import NotSignedIn
from bastide.core.gateway import protocol
from bastide.core.gateway.link import Link
from bastide.core.gateway.transport import Handshake, Limits, Listener, Peer, Refused, refused

MIB = 1 << 20


class Switch:
    """Lets all tests of this file share one server, each with a house of its own."""

    def __init__(self) -> None:
        self.house = House()

    async def authorise(self, handshake: Handshake) -> Listener | Refused:
        return await self.house.authorise(handshake)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Serving, Switch]]:
    switch = Switch()
    with serving({"/socket": switch}) as running:
        yield running, switch


@pytest.fixture
def house() -> House:
    return House(reply=lambda peer, frame: peer.send_text(frame))


@pytest.fixture
def server(shared: tuple[Serving, Switch], house: House) -> Iterator[Serving]:
    running, switch = shared
    switch.house = house
    yield running
    until(lambda: running.connections == 0)


def url(server: Serving, path: str = "/socket") -> str:
    return f"ws://127.0.0.1:{server.port}{path}"


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


# closing


def test_our_close_carries_code_and_reason_and_nothing_follows(server: Serving, house: House) -> None:
    with connect(url(server)) as client:
        until(lambda: house.ears and house.ears[0].opened)
        peer = house.ears[0].open_peer

        def close() -> None:
            peer.send_text(b"last")
            peer.close(4403, "é" * 100)  # cut at 123 bytes, on a whole character
            peer.close(1000)
            peer.send_text(b"never")

        server.do(close)
        assert client.recv() == "last"
        with pytest.raises(ConnectionClosed) as told:
            client.recv()
    assert told.value.rcvd is not None
    assert (told.value.rcvd.code, told.value.rcvd.reason) == (4403, "é" * 61)
    until(lambda: house.ears[0].closes == [4403])
    server.do(lambda: peer.send_text(b"into the void"))
    server.do(lambda: peer.close(1000))
    assert server.do(lambda: peer.buffered) == 0


@pytest.mark.parametrize(
    ("payload", "answer", "told"), [((3000).to_bytes(2, "big"), 3000, 3000), (b"", 1000, 1005)]
)
def test_their_close_is_answered_and_told(
    server: Serving, house: House, payload: bytes, answer: int, told: int
) -> None:
    with Raw(server.port).open() as client:
        client.frame(CLOSE, payload)
        assert client.close_code() == answer
        assert client.at_end()
    until(lambda: house.ears[0].closes == [told])


def test_the_end_is_told_once_however_it_comes(server: Serving, house: House) -> None:
    for way in ("reset", "end", "reset after our close", "end after their close"):
        client = Raw(server.port).open()
        until(lambda: house.ears[-1].opened)
        ear = house.ears[-1]
        if way == "reset after our close":
            server.do(lambda: ear.open_peer.close(1000))  # noqa: B023 - used at once
        if way == "end after their close":
            client.frame(CLOSE, (1001).to_bytes(2, "big"))
        if way.startswith("reset"):
            client.reset()
        else:
            client.sock.close()
        until(lambda: ear.closes)  # noqa: B023 - used at once
    time.sleep(0.1)
    assert [ear.closes for ear in house.ears] == [[1006], [1006], [1000], [1001]]
    assert server.connections == 0


def test_who_never_answers_a_close_is_cut(server: Serving, house: House) -> None:
    with Raw(server.port).open() as client:
        until(lambda: house.ears[0].opened)
        server.do(lambda: house.ears[0].open_peer.close(4403, "removed"))
        assert client.close_code() == 4403
        start = time.monotonic()
        assert client.at_end()
        assert time.monotonic() - start < 2  # linger_s is 0.5
    assert house.ears[0].closes == [4403]


def test_nothing_keeps_a_closed_socket_in_memory(server: Serving, house: House) -> None:
    import gc
    import weakref

    server.do(gc.collect)
    server.do(gc.disable)
    try:
        with Raw(server.port).open():
            until(lambda: house.ears[0].opened)
            link = weakref.ref(house.ears[0].open_peer)
            assert isinstance(link(), Link)
        until(lambda: house.ears[0].closes)
        house.ears[0].peer = None
        until(lambda: link() is None)
    finally:
        server.do(gc.enable)


# slow and silent readers


def test_a_slow_reader_is_dropped_at_the_bound_and_memory_stays_flat(server: Serving, house: House) -> None:
    with Raw(server.port, receive_buffer=4096).open() as slow:
        until(lambda: house.ears[0].opened)
        peer = house.ears[0].open_peer
        frame = b"x" * 4000
        most = [0]

        def flood() -> None:
            for _ in range(5000):
                peer.send_text(frame)
                most[0] = max(most[0], peer.buffered)

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(20):
            server.do(flood)  # 400 MB in all
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert MIB < most[0] <= MIB + 3 * len(frame)
        assert grown < 16 * 1024, f"{grown} KiB more"
        # Whoever reads on in time still learns why.
        assert slow.close_code() == 4408
    until(lambda: house.ears[0].closes == [4408])


def test_a_dead_slow_reader_is_cut_after_the_linger(server: Serving, house: House) -> None:
    with Raw(server.port, receive_buffer=4096).open():
        until(lambda: house.ears[0].opened)
        peer = house.ears[0].open_peer
        server.do(lambda: [peer.send_binary(b"x" * 100_000) for _ in range(200)])
        until(lambda: house.ears[0].closes == [4408], 3)
        assert server.connections == 0


def test_frames_of_all_sizes_arrive_whole_through_a_full_buffer() -> None:
    """Picows 2.3.1 lends its header buffer to the transport for messages over 8 KiB; see link.py."""
    house = House()
    limits = Limits(max_buffered=64 * MIB, linger_s=0.5)
    with serving({"/socket": house}, limits) as server, Raw(server.port, receive_buffer=4096).open() as slow:
        until(lambda: house.ears[0].opened)
        peer = house.ears[0].open_peer
        sizes = [0, 1, 125, 126, 8190, 8192, 8193, 9000, 65_535, 65_536, 100, 8194, 5, 200_000] * 40
        messages = [bytes([65 + index % 26]) * size for index, size in enumerate(sizes)]
        server.do(lambda: [peer.send_text(message) for message in messages])
        assert server.do(lambda: peer.buffered) > MIB
        for message in messages:
            assert slow.read() == (TEXT, message)


def test_pings_without_reading_the_pongs_fill_no_memory() -> None:
    house = House()
    limits = Limits(max_buffered=64 * 1024, linger_s=0.3)
    with serving({"/socket": house}, limits) as server, Raw(server.port, receive_buffer=4096).open() as slow:
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            slow.send_on(masked(PING, b"x" * 125) * 1000)
        until(lambda: house.ears[0].closes)
        assert house.ears[0].closes == [4408]


def test_a_silent_peer_is_pinged_and_then_put_out() -> None:
    house = House()
    limits = Limits(ping_s=0.2, stale_s=0.4, linger_s=0.2)
    with (
        serving({"/socket": house}, limits) as server,
        connect(url(server)) as lively,
        Raw(server.port).open() as silent,
    ):
        start = time.monotonic()
        assert silent.read() == (PING, b"")
        assert silent.close_code() == 1001
        assert 0.3 < time.monotonic() - start < 2
        assert silent.at_end()
        until(lambda: house.ears[1].closes == [1001])
        time.sleep(0.8)
        lively.send("here")
        until(lambda: house.ears[0].texts == [b"here"])
        assert house.ears[0].closes == []


def test_reading_can_be_paused() -> None:
    house = House()
    with serving({"/socket": house}) as server, Raw(server.port).open() as client:
        until(lambda: house.ears[0].opened)
        ear = house.ears[0]
        server.do(ear.open_peer.pause_reading)
        client.frame(TEXT, b"later")
        time.sleep(0.1)
        assert ear.texts == []
        server.do(ear.open_peer.resume_reading)
        until(lambda: ear.texts == [b"later"])


# many, and the end of the server


def test_one_frame_to_two_thousand_sockets(server: Serving, house: House) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    clients: list[Raw] = []
    try:
        for _ in range(2000):
            client = Raw(server.port)
            client.send(request())
            clients.append(client)
        for client in clients:
            assert client.head()[0] == 101
        until(lambda: len(house.ears) == 2000 and all(ear.opened for ear in house.ears))
        assert server.connections == 2000
        frame = b'{"to":"all"}' * 16

        def broadcast() -> None:
            for ear in house.ears:
                ear.open_peer.send_text(frame)

        server.do(broadcast)
        for client in clients:
            assert client.next_message() == (TEXT, frame)
    finally:
        for client in clients:
            client.sock.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    until(lambda: all(ear.closes == [1006] for ear in house.ears))
    assert server.connections == 0


def test_stopping_tells_every_socket_and_waits_for_none_too_long() -> None:
    async def decide(handshake: Handshake) -> Listener:
        if handshake.query == "wait":
            await asyncio.sleep(60)
        ear = Ear()
        ears.append(ear)
        return ear

    ears: list[Ear] = []
    with (
        serving({"/socket": House(decide)}) as server,
        Raw(server.port).open() as polite,
        Raw(server.port).open() as rude,
        Raw(server.port) as waiting,
    ):
        waiting.send(request("/socket?wait"))
        until(lambda: server.connections == 3)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        assert polite.close_code() == 1012
        polite.frame(CLOSE, (1012).to_bytes(2, "big"))
        assert polite.at_end()
        assert rude.close_code() == 1012
        assert waiting.head()[0] == 503
        stopping.join(5)
        assert not stopping.is_alive()
    assert [ear.closes for ear in ears] == [[1012], [1012]]


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
