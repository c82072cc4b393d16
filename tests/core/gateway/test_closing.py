"""How sockets end: our close, theirs, slow and silent readers, the server's stop."""

import asyncio
import resource
import threading
import time

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bastide.core.gateway.link import Link
from bastide.core.gateway.transport import Handshake, Limits, Listener
from tests.support.gateway import (
    CLOSE,
    PING,
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

MIB = 1 << 20


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
            doors = {"HttpDoor", "WebSocketDoor"}
            until(lambda: not any(type(thing).__name__ in doors for thing in gc.get_objects()))
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
