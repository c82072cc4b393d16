"""Requests that do not come to their end: how long one waits for them, how much is kept of them, and of how many."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
import pytest_asyncio

from bastide.core.gateway.contract import Limits
from bastide.core.http.door import STRANGERS_MOST
from tests.support.eventually import until
from tests.support.postgres import SessionPostgres
from tests.support.served import Served, Window, serving
from tests.support.town import living_town

QUICK = Limits(
    head_s=5, body_s=0.6, body_rate=100_000, body_silence_s=1.2, unfinished_of_place=8, unfinished_of_person=3
)
SIGN_IN = "POST /api/session"
PICTURE = "PUT /api/me/picture"


@pytest_asyncio.fixture(scope="module")
async def quick(
    postgres: SessionPostgres, tmp_path_factory: pytest.TempPathFactory, by_edge: bool
) -> AsyncGenerator[Served]:
    """A served town that has little patience."""
    folder = tmp_path_factory.mktemp("quick")
    async with (
        living_town(postgres, folder / "data") as town,
        serving(town, folder, QUICK, by_edge=by_edge) as served,
    ):
        yield served


class Line:
    """A connection on which a request is begun."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def begin(
        cls, served: Served, asked: str, size: int, sent: bytes = b"", window: Window | None = None
    ) -> "Line":
        """Announce a body of `size` bytes (-1: in chunks), and send some of it."""
        line = cls(*await asyncio.open_connection("127.0.0.1", served.port))
        fields = [f"{asked} HTTP/1.1", f"Host: localhost:{served.port}", "Content-Type: application/json"]
        fields.append("Transfer-Encoding: chunked" if size < 0 else f"Content-Length: {size}")
        if window is not None:
            fields += [
                f"Cookie: {window.http.headers['cookie']}",
                f"X-CSRF: {window.http.headers['x-csrf']}",
            ]
        line.writer.write("\r\n".join([*fields, "", ""]).encode() + sent)
        await line.writer.drain()
        return line

    async def drip(self, each: bytes, every_s: float) -> None:
        """Send the same again and again until nobody takes it."""
        with contextlib.suppress(OSError):
            while not self.reader.at_eof():
                self.writer.write(each)
                await self.writer.drain()
                await asyncio.sleep(every_s)

    async def answer(self) -> bytes:
        """All that comes until the server closes."""
        got = b""
        with contextlib.suppress(OSError):
            async with asyncio.timeout(10):
                while more := await self.reader.read(1 << 16):
                    got += more
        return got

    async def status(self) -> int:
        """The status of the answer, which may leave the connection open."""
        async with asyncio.timeout(10):
            return int((await self.reader.readuntil(b"\r\n")).split()[1])

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()


async def test_a_body_that_stops_is_given_up(quick: Served) -> None:
    """For strangers and for people who are signed in, whatever it is for: small things, pictures, files."""
    window = await quick.window(quick.town.agathe)
    own = await quick.town.space(quick.town.agathe)
    upload = f"POST /api/spaces/{own.space.id}/files?name=x&client_id={uuid4()}"
    for asked, who, size, sent in (
        (SIGN_IN, None, 60_000, 40_000),
        (SIGN_IN, None, -1, 0),
        ("POST /api/livekit/webhook", None, 60_000, 1),
        ("PATCH /api/me", window, 900_000, 200_000),
        (PICTURE, window, 900_000, 200_000),
        (upload, window, 9_000_000, 3_000_000),
    ):
        before = time.monotonic()
        line = await Line.begin(quick, asked, size, b" " * sent, who)
        answer = await line.answer()
        assert answer.startswith(b"HTTP/1.1 408 "), (asked, answer)
        assert b"application/problem+json" in answer
        assert answer.count(b"HTTP/1.1") == 1
        assert time.monotonic() - before < 4
        await line.close()
    blobs = quick.town.house.settings.data / "blobs"
    await until(lambda: not [p for p in blobs.rglob("*") if p.is_file()])


async def test_a_body_that_drips_is_given_up(quick: Served) -> None:
    """It is never silent, and would last for ever."""
    window = await quick.window(quick.town.agathe)
    for asked, who in ((SIGN_IN, None), ("PATCH /api/me", window), (PICTURE, window)):
        line = await Line.begin(quick, asked, 60_000, b" ", who)
        before = time.monotonic()
        await line.drip(b" ", 0.05)
        assert time.monotonic() - before < 3, asked
        await line.close()


async def test_the_rest_of_a_body_that_was_refused_is_not_waited_for_either(quick: Served) -> None:
    line = await Line.begin(quick, "PATCH /api/me", 900_000, b" " * 100)
    before = time.monotonic()
    assert await line.status() in (401, 413)
    await line.drip(b" ", 0.05)
    assert time.monotonic() - before < 3
    await line.close()


async def test_a_long_body_that_keeps_coming_is_taken(quick: Served) -> None:
    """Longer than a small one may take, at a pace that is enough; a pause is forgiven."""
    window = await quick.window(quick.town.agathe)
    own = await quick.town.space(quick.town.agathe)
    data = os.urandom(600_000)
    asked = f"POST /api/spaces/{own.space.id}/files?name=x&client_id={uuid4()}"
    line = await Line.begin(quick, asked, len(data), data[:300_000], window)
    before = time.monotonic()
    for start in range(300_000, 600_000, 50_000):
        await asyncio.sleep(0.3)
        line.writer.write(data[start : start + 50_000])
    assert await line.status() == 201
    assert time.monotonic() - before > QUICK.body_s * 2
    await line.close()


async def test_a_stranger_gets_a_small_body_only(quick: Served) -> None:
    window, stranger = await quick.window(quick.town.agathe), quick.stranger()
    form = {"email": "a@b.example", "password": "x" * STRANGERS_MOST}
    for path in ("/api/session", "/api/session/first"):
        answer = await stranger.post(path, form)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    # Announced, it is refused before any of it is here; unannounced, as soon as it is too much.
    line = await Line.begin(quick, SIGN_IN, STRANGERS_MOST + 1)
    assert await line.status() == 413
    await line.close()
    line = await Line.begin(quick, SIGN_IN, -1, (b"8000\r\n" + b" " * 0x8000 + b"\r\n") * 3 + b"0\r\n\r\n")
    assert await line.status() == 413
    await line.close()
    long = {"people": [], "x": "x" * STRANGERS_MOST}
    assert (await window.post("/api/directs", long)).status_code == 200


async def test_of_very_many_unfinished_requests_the_oldest_go(quick: Served) -> None:
    """And whoever sends a whole request from the same address is answered all the while."""
    lines = [await Line.begin(quick, SIGN_IN, 50_000, b"{") for _ in range(8)]
    later = [await Line.begin(quick, SIGN_IN, 50_000, b"{") for _ in range(3)]
    for line in lines[:3]:
        assert (await line.answer()).startswith(b"HTTP/1.1 429 ")
    assert (await quick.stranger().get("/api/instance")).status_code == 200
    for line in (*lines, *later):
        await line.close()


async def test_who_is_signed_in_counts_for_themselves(quick: Served) -> None:
    """Strangers behind the same address do not end their uploads; somebody who has too many ends their own."""
    window, other = await quick.window(quick.town.agathe), await quick.window(quick.town.ousmane)
    own = await Line.begin(quick, PICTURE, 500_000, b" " * 100_000, window)
    await asyncio.sleep(0.1)
    strangers = [await Line.begin(quick, SIGN_IN, 50_000, b"{") for _ in range(12)]
    more = [await Line.begin(quick, PICTURE, 500_000, b" ", other) for _ in range(4)]
    assert (await more[0].answer()).startswith(b"HTTP/1.1 429 ")
    own.writer.write(b" " * 400_000)
    assert await own.status() != 429
    for line in (own, *strangers, *more):
        await line.close()


async def test_nothing_is_counted_for_ever(
    postgres: SessionPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bastide.core.gateway import entry

    counts: list[entry.Unfinished] = []

    class Kept(entry.Unfinished):
        def __init__(self) -> None:
            super().__init__()
            counts.append(self)

    monkeypatch.setattr(entry, "Unfinished", Kept)
    async with living_town(postgres, tmp_path / "data") as town, serving(town, tmp_path, QUICK) as served:
        window = await served.window(town.agathe)
        socket = await window.socket()
        for _ in range(5):
            await window.get("/api/session")
            await served.stranger().get("/nowhere/at/all")
        lines = [await Line.begin(served, SIGN_IN, 50_000, b"{") for _ in range(12)]
        lines.append(await Line.begin(served, PICTURE, 50_000, b"{", window))
        for line in lines[::2]:
            await line.close()
        for line in lines[1::2]:
            await line.answer()
            await line.close()
        await until(lambda: counts[0].count == 0)
        await socket.say({"t": "ping", "n": 1})
        await socket.until("done")


async def test_what_is_no_http_is_told_so_in_our_own_words(quick: Served) -> None:
    for sent in (
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /api/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    ):
        line = Line(*await asyncio.open_connection("127.0.0.1", quick.port))
        line.writer.write(sent)
        answer = await line.answer()
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 "), answer
        assert b"application/problem+json" in head
        assert msgspec.json.decode(body)["code"] == "invalid"
        await line.close()
