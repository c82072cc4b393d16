"""The signalling proxy between a real client and a real upstream, which misbehaves, refuses or dies."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Generator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Response
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import Server, ServerConnection, serve

from bastide.core.errors import NotSignedIn, Unavailable
from bastide.core.gateway.proxy import REMOVED, Admission, SignalProxy
from bastide.core.gateway.transport import Handshake, Limits, Refused, refused
from tests.support.gateway import TEXT, Raw, Serving, request, serving, until

LIMITS = Limits(max_frame=1 << 20, max_buffered=1 << 20, linger_s=0.5)


class Engine:
    """A media server of our own: remembers who came and what was said, and echoes unless told otherwise."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.agents: list[str | None] = []
        self.said: list[str | bytes] = []
        self.ends: list[int | None] = []
        self.connections: list[ServerConnection] = []
        self.refuse: int = 0
        self.greeting: list[str | bytes] = []
        self.deaf = threading.Event()
        self._server: Server | None = None

    def start(self, port: int = 0) -> None:
        self._server = serve(
            self._serve, "127.0.0.1", port, process_request=self._look, compression=None, max_size=None
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.socket.getsockname()[1])

    def stop(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        for connection in self.connections:
            self.kill(connection)

    @staticmethod
    def kill(connection: ServerConnection) -> None:
        """As when its process dies."""
        with contextlib.suppress(OSError):
            connection.socket.shutdown(socket.SHUT_RDWR)

    def _look(self, connection: ServerConnection, asked: Any) -> Response | None:
        self.paths.append(asked.path)
        self.agents.append(asked.headers.get("User-Agent"))
        return connection.respond(self.refuse, "no\n") if self.refuse else None  # pyright: ignore[reportArgumentType]

    def _serve(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        for message in self.greeting:
            connection.send(message)
        while self.deaf.is_set():
            time.sleep(0.01)
        try:
            for message in connection:
                self.said.append(message)
                connection.send(message)
        except ConnectionClosed:
            pass
        self.ends.append(connection.close_code)


class Gate:
    """Admits under one key, or does what `answer` says; knows where the engine is."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.port: int | None = None
        self.answer: Callable[[Handshake], Admission | Refused | None] = lambda _: None
        self.proxy = SignalProxy(self.admit, limits=LIMITS)

    async def admit(self, handshake: Handshake) -> Admission | Refused:
        answer = self.answer(handshake)
        if answer is not None:
            return answer
        url = f"ws://127.0.0.1:{self.port or self.engine.port}{handshake.path}?{handshake.query}"
        return Admission(("call", "person", "device"), url)

    @property
    def open_calls(self) -> int:
        return sum(map(len, self.proxy._calls.values()))


@pytest.fixture
def engine() -> Generator[Engine]:
    made = Engine()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def gate(engine: Engine) -> Gate:
    return Gate(engine)


@pytest.fixture
def door(gate: Gate) -> Generator[Serving]:
    with serving({"/rtc": gate.proxy, "/rtc/v1": gate.proxy}, LIMITS) as running:
        yield running
    assert gate.open_calls == 0


def call(door: Serving, query: str = "access_token=t", path: str = "/rtc/v1") -> ClientConnection:
    return connect(f"ws://127.0.0.1:{door.port}{path}?{query}", max_size=None, close_timeout=2)


def closed(client: ClientConnection) -> tuple[int, str]:
    """The code and the reason; nothing comes before them."""
    with pytest.raises(ConnectionClosed) as told:
        client.recv(timeout=5)
    assert told.value.rcvd is not None
    return told.value.rcvd.code, told.value.rcvd.reason


def status(door: Serving, query: str = "x=1") -> tuple[int, dict[str, Any]]:
    with Raw(door.port) as client:
        client.send(request(f"/rtc/v1?{query}"))
        answer, headers = client.head()
        return answer, json.loads(client.body(int(headers["content-length"])))


def test_whole_messages_pass_both_ways_with_path_query_and_agent(door: Serving, engine: Engine) -> None:
    engine.greeting = ["hello", b"\x00join"]
    with call(door, "access_token=t&join_request=a-b_c%3D") as client:
        assert [client.recv(), client.recv()] == ["hello", b"\x00join"]
        for message in ("texte à lire", b"\x00\xff" * 3, b"x" * 300_000, "y" * 300_000, b""):
            client.send(message)
            assert client.recv() == message
        client.send(iter([b"in ", b"three ", b"parts"]))
        assert client.recv() == b"in three parts"
        engine.connections[0].send(iter([b"also ", b"back"]))
        assert client.recv() == b"also back"
    assert engine.paths == ["/rtc/v1?access_token=t&join_request=a-b_c%3D"]
    assert engine.agents[0]
    assert "websockets" in engine.agents[0]
    until(lambda: engine.ends == [1000])


def test_what_the_engine_says_first_is_not_lost(door: Serving, engine: Engine) -> None:
    engine.greeting = [f"message {n}" for n in range(200)]
    for _ in range(5):
        with call(door) as client:
            assert [client.recv() for _ in range(200)] == engine.greeting


def test_a_refused_admission_never_reaches_the_engine(door: Serving, gate: Gate, engine: Engine) -> None:
    gate.answer = lambda _: refused(NotSignedIn())
    code, details = status(door)
    assert (code, details["code"]) == (401, "not-signed-in")

    def away(_: Handshake) -> None:
        raise Unavailable(retry_after_s=3)

    gate.answer = away
    assert status(door)[0] == 503
    assert engine.paths == []
    assert gate.open_calls == 0


@pytest.mark.parametrize(
    ("theirs", "ours"), [(401, 401), (404, 404), (429, 429), (500, 503), (503, 503), (302, 503)]
)
def test_the_engines_refusal_keeps_its_status(
    door: Serving, gate: Gate, engine: Engine, theirs: int, ours: int
) -> None:
    engine.refuse = theirs
    code, details = status(door)
    assert code == ours
    assert details["code"] == ("engine-refused" if ours < 500 else "unavailable")
    assert details["status"] == ours
    assert gate.open_calls == 0


def test_an_engine_that_is_away_is_503_and_welcome_back(door: Serving, gate: Gate, engine: Engine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gate.port = taken.getsockname()[1]
        assert status(door)[0] == 503
        with pytest.raises(InvalidStatus) as told, call(door):
            pass
        assert told.value.response.headers["retry-after"] == "1"
    gate.port = engine.port
    with call(door) as client:
        client.send("again")
        assert client.recv() == "again"


def test_an_engine_that_hangs_up_instead_of_answering_is_503(door: Serving, gate: Gate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gate.port = listener.getsockname()[1]

        def hang_up() -> None:
            listener.accept()[0].close()

        rude = threading.Thread(target=hang_up)
        rude.start()
        assert status(door)[0] == 503
        rude.join()
    assert gate.open_calls == 0


def test_a_client_that_leaves_while_the_engine_thinks(door: Serving, gate: Gate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gate.port = listener.getsockname()[1]
        with Raw(door.port) as client:
            client.send(request("/rtc"))
            silent, _ = listener.accept()
            until(lambda: gate.open_calls == 1)
        until(lambda: gate.open_calls == 0)
        silent.close()


def test_the_engines_death_is_told_as_try_again(door: Serving, engine: Engine, gate: Gate) -> None:
    with call(door) as one, call(door) as two:
        until(lambda: len(engine.connections) == 2)
        engine.kill(engine.connections[0])
        engine.kill(engine.connections[1])
        assert closed(one) == (1013, "meeting server lost")
        assert closed(two) == (1013, "meeting server lost")
    until(lambda: gate.open_calls == 0)


@pytest.mark.parametrize("code", [1000, 1001, 1011, 4000])
def test_the_engines_close_passes_with_its_code(door: Serving, engine: Engine, code: int) -> None:
    with call(door) as client:
        until(lambda: engine.connections)
        engine.connections[0].send("last words")
        threading.Thread(target=lambda: engine.connections[0].close(code, "because")).start()
        assert client.recv() == "last words"
        assert closed(client) == (code, "because")


def test_the_clients_end_reaches_the_engine(door: Serving, engine: Engine, gate: Gate) -> None:
    with call(door) as polite:
        polite.close(4100, "bye")
    until(lambda: engine.ends == [4100])
    rude = Raw(door.port).open("/rtc")
    rude.frame(TEXT, b"x")
    until(lambda: engine.said == ["x"])
    rude.reset()
    until(lambda: engine.ends == [4100, 1001])
    until(lambda: gate.open_calls == 0)


def test_who_is_cut_hears_nothing_more_and_is_out_at_once(door: Serving, engine: Engine, gate: Gate) -> None:
    with call(door) as mine, call(door) as also_mine:
        other = Admission(("call", "someone", "else"), f"ws://127.0.0.1:{engine.port}/")
        gate.answer = lambda _: other
        with call(door) as others:
            until(lambda: len(engine.connections) == 3)

            def cut() -> int:
                for connection in engine.connections:
                    connection.send("after the cut for two of three")
                return gate.proxy.cut(("call", "person", "device"))

            start = time.monotonic()
            assert door.do(cut) == 2
            assert closed(mine) == (REMOVED, "removed")
            assert closed(also_mine) == (REMOVED, "removed")
            until(lambda: len(engine.ends) == 2)
            assert time.monotonic() - start < 1
            assert others.recv() == "after the cut for two of three"
            assert door.do(lambda: gate.proxy.cut("nobody")) == 0


def test_who_is_cut_while_connecting_is_refused(door: Serving, engine: Engine, gate: Gate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, Raw(door.port) as client:
        gate.port = listener.getsockname()[1]
        client.send(request("/rtc"))
        to_us, _ = listener.accept()
        until(lambda: gate.open_calls == 1)
        assert door.do(lambda: gate.proxy.cut(("call", "person", "device"))) == 1
        with socket.create_connection(("127.0.0.1", engine.port)) as to_engine:
            to_engine.sendall(to_us.recv(4096))
            to_us.sendall(to_engine.recv(4096))
            assert client.head()[0] == 403
            assert to_us.recv(1) == b""
        to_us.close()


def test_an_engine_that_does_not_read_is_left_at_the_bound(door: Serving, engine: Engine, gate: Gate) -> None:
    engine.deaf.set()
    try:
        with call(door) as client:

            def talk() -> None:
                for _ in range(100):
                    client.send(b"x" * 900_000)

            with pytest.raises(ConnectionClosed) as told:
                talk()
            assert told.value.rcvd is not None
            assert told.value.rcvd.code == 1013
        until(lambda: gate.open_calls == 0)
    finally:
        engine.deaf.clear()


def test_a_client_that_does_not_read_is_dropped_at_the_bound(
    door: Serving, engine: Engine, gate: Gate
) -> None:
    engine.greeting = [b"x" * 100_000] * 200
    with Raw(door.port, receive_buffer=4096) as client:
        client.send(request("/rtc"))
        assert client.head()[0] == 101
        until(lambda: engine.connections)
        time.sleep(0.2)  # longer than it takes to fill every buffer on the way
        assert client.close_code() == 4408
        until(lambda: gate.open_calls == 0)
    engine.greeting = []


def test_connections_under_one_key_are_few(door: Serving, engine: Engine, gate: Gate) -> None:
    from bastide.core.gateway.proxy import _EACH_MOST

    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(call(door)) for _ in range(_EACH_MOST)]
        answer, problem = status(door)
        assert (answer, problem["code"]) == (429, "too-many")
        assert len(engine.paths) == _EACH_MOST, "the engine is not asked"
        held[0].send("still here")
        until(lambda: "still here" in engine.said)
        held[0].close()
        until(lambda: gate.open_calls == _EACH_MOST - 1)
        stack.enter_context(call(door))
