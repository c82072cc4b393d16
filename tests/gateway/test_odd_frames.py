"""Whatever comes on a socket: it is answered or closed with a stated code, others go on hearing, and no line is a defect's.

At the application's own port and through an edge. BASTIDE_EXAMPLES=500 tries longer than CI does.
"""

import asyncio
import base64
import contextlib
import os
from collections.abc import AsyncGenerator, Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest_asyncio
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tests.support.gateway import masked
from tests.support.generated import EXAMPLES, ODD
from tests.support.served import Served, Window
from tests.support.wire import Wire

STATED = {1000, 1002, 1003, 1007, 1009, 4400, 4408, 4426}
"""With which codes a socket may close for what its window sent (docs/decisions/0007)."""

HELLO = {"t": "hello", "v": 1}
_MORE = settings(
    max_examples=EXAMPLES or 80,
    deadline=None,
    derandomize=not EXAMPLES,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)


class Ring:
    """A secret channel with somebody in it who hears, and a window of somebody outside."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.window: Window
        self.inside: Wire
        self.channel: UUID
        self.ids: list[UUID] = []
        self._said = 0

    async def furnish(self) -> None:
        town = self.served.town
        own = await town.space(town.agathe, contributors=[town.ousmane])
        self.channel = await town.channel(town.agathe, own.space.id)
        message = await town.say(town.agathe, self.channel, "Alcyon")
        self.ids = [own.space.id, self.channel, message.id, town.agathe.person_id, town.ousmane.person_id]
        self.inside = await (await self.served.window(town.ousmane)).socket()
        self.window = await self.served.window(town.solene)

    async def still_hears(self) -> None:
        """A message goes from one to another, and nothing of somebody outside came between."""
        self._said += 1
        text = f"Alcyon {self._said}"
        await self.served.town.say(self.served.town.agathe, self.channel, text)
        sent = await self.inside.first(lambda f: f["t"] == "event" and text in str(f["e"]))
        assert sent["by"] == str(self.served.town.agathe.person_id)
        solene = str(self.served.town.solene.person_id)
        assert not [f for f in self.inside.heard if solene in str(f)]

    async def taken(self, frames: Sequence[bytes | str], *, hello: bool = True) -> None:
        """Say these on a socket of somebody outside: it lives, or closes with a stated code; and tells no secret."""
        wire = await (self.window.socket() if hello else self.window.bare_socket())
        with contextlib.suppress(ConnectionClosed):  # what comes after what closed it
            for frame in frames:
                await wire.say(frame)
            if hello:
                await wire.say('{"t":"ping","n":7654321}')
        if hello:
            await over_or_answered(wire)
        else:
            await wire.quiet(0.02)
        if wire.closed is not None:
            assert wire.closed[0] in STATED, (wire.closed, frames)
        assert "Alcyon" not in str(wire.heard)
        own = str(frames)
        for frame in wire.heard:
            if frame["t"] in {"event", "fleeting"}:
                assert frame["s"] not in {str(one) for one in self.ids}, (frame, own)
        await wire.close()


async def over_or_answered(wire: Wire) -> None:
    """Wait until the last ping is answered or the socket has closed."""
    async with asyncio.timeout(5), wire._came:
        while wire.closed is None and not any(f.get("n") == 7654321 for f in wire.heard):
            await wire._came.wait()


@pytest_asyncio.fixture(scope="module")
async def ring(street: Served) -> AsyncGenerator[Ring]:
    made = Ring(street)
    await made.furnish()
    with structlog.testing.capture_logs() as logs:
        yield made
        await made.still_hears()
    assert not [line for line in logs if line["log_level"] in ("error", "critical")], logs


# Frames.

_KINDS = st.sampled_from(
    [
        "chat.send",
        "chat.read",
        "chat.typing",
        "meet.speaking",
        "watch",
        "away",
        "ping",
        "hello",
        "welcome",
        "x",
    ]
)


def frames_with(ids: Sequence[UUID]) -> st.SearchStrategy[dict[str, Any]]:
    """A frame of a kind that is known, with fields of any kind and ids of other people's things."""
    foreign = st.sampled_from([str(one) for one in ids])
    word: st.SearchStrategy[Any] = st.one_of(foreign, foreign, st.integers(-2, 5), st.just(True), ODD)
    plain = st.just({"format": "plain", "text": "de dehors"})
    fields = {
        "n": st.integers(0, 9) | ODD,
        "channel_id": word,
        "client_id": st.uuids().map(str) | word,
        "content": st.one_of(plain, plain, ODD),
        "ordinal": st.integers() | word,
        "files": st.lists(foreign, max_size=3) | ODD,
        "call_id": word,
        "people": st.lists(foreign, max_size=4) | ODD,
        "away": st.booleans() | word,
        "v": st.just(1) | ODD,
        "cursors": st.dictionaries(foreign, st.integers()) | ODD,
    }
    wanted = {
        "chat.send": ("n", "channel_id", "client_id", "content"),
        "chat.read": ("n", "channel_id", "ordinal"),
        "chat.typing": ("channel_id",),
        "meet.speaking": ("call_id",),
        "watch": ("people",),
        "away": ("away",),
        "ping": ("n",),
        "hello": ("v", "cursors"),
    }

    def of_kind(kind: str) -> st.SearchStrategy[dict[str, Any]]:
        must = {name: fields[name] for name in wanted.get(kind, ())}
        return st.fixed_dictionaries({"t": st.just(kind), **must}).flatmap(
            lambda frame: (
                st.just(frame) | st.sampled_from(sorted(fields)).map(lambda name: {**frame, name: None})
            )
        )

    return _KINDS.flatmap(of_kind)


@_MORE
@given(data=st.data())
async def test_frames_with_other_peoples_ids_out_of_order_and_repeated(
    ring: Ring, data: st.DataObject
) -> None:
    said = data.draw(st.lists(frames_with(ring.ids), min_size=1, max_size=5))
    repeated = said * data.draw(st.integers(1, 3))
    texts = [msgspec.json.encode(frame).decode() for frame in repeated]
    await ring.taken(texts, hello=data.draw(st.booleans()))
    await ring.still_hears()


@_MORE
@given(
    noise=st.one_of(
        st.binary(max_size=200),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=200),
        st.sampled_from(["[", '{"t":', '{"t":"ping","n":1,"x":', '{"a":']).flatmap(
            lambda piece: st.integers(1, 30_000).map(lambda times: piece * times)
        ),
        st.sampled_from(
            ['{"t":"ping","n":1,"t":"hello"}', '{"t":"ping","n":1,"n":2}', "\ufeff{}", "null", "NaN"]
        ),
    ),
    hello=st.booleans(),
)
async def test_what_is_no_frame(ring: Ring, noise: bytes | str, *, hello: bool) -> None:
    await ring.taken([noise], hello=hello)
    await ring.still_hears()


async def test_what_is_very_large_closes_and_what_is_nearly_so_does_not(ring: Ring) -> None:
    for size, code in ((256 * 1024 + 1, 1009), (1 << 20, 1009), (256 * 1024 - 64, 4400)):
        wire = await ring.window.socket()
        with contextlib.suppress(Exception):  # it may be closed while it is still being written
            await wire.say('{"t":"away","x":"' + "x" * (size - 19) + '"}')
        assert (await wire.end())[0] == code, size
    await ring.still_hears()


async def test_thousands_of_cursors_of_what_is_not_ones_own(ring: Ring) -> None:
    """As many as are taken, all of streams that one may not hear or that never were; then one more than are taken."""
    cursors = {str(uuid4()): n for n in range(4_990)} | {str(one): 0 for one in ring.ids}
    wire = await ring.window.bare_socket()
    await wire.say({**HELLO, "cursors": cursors})
    own = {str(ring.served.town.solene.person_id)}
    assert set((await wire.until("reload"))["streams"]) - own == set(cursors)
    assert "Alcyon" not in str(wire.heard)
    wire = await ring.window.bare_socket()
    await wire.say({**HELLO, "cursors": {str(uuid4()): 1 for _ in range(5_001)}})
    assert (await wire.end())[0] == 4400
    await ring.still_hears()


# Half a handshake, half a frame: bytes as they are.


def opening(ring: Ring) -> bytes:
    """The request of a window that upgrades."""
    held = ring.window.http.headers
    lines = [
        "GET /api/socket HTTP/1.1",
        f"Host: localhost:{ring.served.port}",
        f"Origin: {ring.served.base}",
        f"Cookie: {held['cookie']}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


async def cut_off(ring: Ring, sent: bytes, *, rudely: bool) -> None:
    """Send these bytes and be gone."""
    reader, writer = await asyncio.open_connection("localhost", ring.served.port)
    writer.write(sent)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            await reader.read(1 << 12)
    if rudely:
        writer.transport.abort()
    else:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


_WHOLE = masked(1, msgspec.json.encode(HELLO)) + masked(1, b'{"t":"ping","n":1}')
_ODD_FRAMES = [
    masked(1, b"{}", mask=False),
    masked(1, b"{}", rsv=7),
    masked(3, b"{}"),
    masked(9, b"x" * 126),
    masked(9, b"", fin=False),
    masked(0, b"{}"),
    masked(8, b"\x00"),
    masked(8, b"\x03\xed"),
    masked(1, b"\xff\xfe"),
    masked(2, b"{}"),
    b"\x81\xff" + b"\xff" * 8,
    b"\x81\xff" + (1 << 40).to_bytes(8, "big"),
]


@_MORE
@given(
    cut=st.integers(0, 400),
    odd=st.sampled_from([b"", *_ODD_FRAMES]),
    rudely=st.booleans(),
)
async def test_half_a_handshake_half_a_hello_half_a_frame(
    ring: Ring, cut: int, odd: bytes, *, rudely: bool
) -> None:
    whole = opening(ring)
    sent = whole[:cut] if cut < len(whole) else whole + _WHOLE[: cut - len(whole)]
    await cut_off(ring, sent + odd, rudely=rudely)
    await ring.still_hears()


async def test_broken_frames_close_with_their_code(ring: Ring) -> None:
    """What follows a good hello is broken: one code, and then the end."""
    for odd in _ODD_FRAMES:
        reader, writer = await asyncio.open_connection("localhost", ring.served.port)
        writer.write(opening(ring) + masked(1, msgspec.json.encode(HELLO)) + odd)
        async with asyncio.timeout(8):
            heard = await reader.read(1 << 16)
            while not closing(heard):
                more = await reader.read(1 << 16)
                if not more:
                    break
                heard += more
        code = closing(heard)
        assert code in STATED, (odd[:16], heard[-60:])
        writer.close()
    await ring.still_hears()


def closing(heard: bytes) -> int | None:
    """The code of the closing frame, walking over the frames after the answer's head."""
    rest = heard.partition(b"\r\n\r\n")[2]
    while len(rest) >= 2:
        kind, size, at = rest[0] & 0xF, rest[1] & 0x7F, 2
        if size >= 126:
            at = 4 if size == 126 else 10
            size = int.from_bytes(rest[2:at], "big")
        if kind == 8:
            return int.from_bytes(rest[at : at + 2], "big")
        rest = rest[at + size :]
    return None


async def test_sockets_that_never_say_hello_cost_others_nothing(ring: Ring) -> None:
    silent = [await ring.window.bare_socket() for _ in range(15)]
    await ring.still_hears()
    for wire in silent:
        await wire.close()
    await ring.still_hears()
