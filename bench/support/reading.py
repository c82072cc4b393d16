"""A generator of reading, in a process of its own: pages of history over HTTP, or sockets that come back and catch up.

Takes a `Task` as JSON on standard input and prints `Told`. Every answer is checked.
"""

import asyncio
import base64
import os
import struct
import sys
import time
from random import Random
from uuid import UUID

import msgspec

PAGE = 50


class Job(msgspec.Struct, frozen=True):
    """One person's reading: their cookie, a channel with its last ordinal, where their streams stand, and one they missed of."""

    token: str
    channel_id: UUID
    last: int
    cursors: dict[UUID, int]
    missed_in: UUID
    missed: int


class Task(msgspec.Struct, frozen=True):
    """What to do for so many seconds, over so many connections at once. `kind`: `lists` or `missed`."""

    kind: str
    host: str
    port: int
    cookie: str
    seconds: float
    connections: int
    seed: int
    jobs: list[Job]


class Told(msgspec.Struct, frozen=True):
    """How many pages or entries came, all of them right, and how long each answer took (milliseconds)."""

    done: int
    took_ms: list[float]


async def _lists(task: Task, number: int, until: float, took: list[float]) -> int:
    random, done = Random(task.seed + number), 0
    reader, writer = await asyncio.open_connection(task.host, task.port, limit=1 << 20)
    host = f"{task.host}:{task.port}"
    while time.monotonic() < until:
        job = task.jobs[random.randrange(len(task.jobs))]
        before = random.randrange(PAGE + 1, job.last + 2)
        since = time.perf_counter()
        writer.write(
            f"GET /api/channels/{job.channel_id}/messages?before={before} HTTP/1.1\r\nHost: {host}\r\n"
            f"Cookie: {task.cookie}={job.token}\r\nAccept-Language: fr\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
        )
        body = await reader.readexactly(length)
        took.append((time.perf_counter() - since) * 1000)
        if not head.startswith(b"HTTP/1.1 200") or body.count(b'"ordinal":') != PAGE:
            raise RuntimeError(f"a page that is none: {head[:60]!r}")
        if f'"ordinal":{before - 1},'.encode() not in body:
            raise RuntimeError("a page of somewhere else")
        done += 1
    writer.close()
    return done


async def _missed(task: Task, number: int, until: float, took: list[float]) -> int:
    random, done = Random(task.seed + number), 0
    while time.monotonic() < until:
        job = task.jobs[random.randrange(len(task.jobs))]
        since = time.perf_counter()
        reader, writer = await asyncio.open_connection(task.host, task.port, limit=1 << 22)
        host = f"{task.host}:{task.port}"
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /api/socket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Cookie: {task.cookie}={job.token}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.splitlines()[0]:
            raise RuntimeError(f"no socket: {head[:60]!r}")
        hello = {"t": "hello", "v": 1, "cursors": {str(s): q for s, q in job.cursors.items()}}
        writer.write(_frame(msgspec.json.encode(hello)))
        expected = job.cursors[job.missed_in] + 1
        last = job.cursors[job.missed_in] + job.missed
        while expected <= last:
            frame = await _next(reader)
            if b'"t":"event"' not in frame[:14]:
                continue
            event = msgspec.json.decode(frame)
            if UUID(event["s"]) != job.missed_in or event["q"] != expected or "message" not in event["e"]:
                raise RuntimeError("not the entry that was missed")
            expected += 1
        took.append((time.perf_counter() - since) * 1000)
        done += job.missed
        writer.close()
    return done


def _frame(body: bytes) -> bytes:
    """A text frame as a client sends it: masked, with a mask that changes nothing."""
    if len(body) < 126:
        return struct.pack(">BB4x", 0x81, 0x80 | len(body)) + body
    if len(body) < 1 << 16:
        return struct.pack(">BBH4x", 0x81, 0xFE, len(body)) + body
    return struct.pack(">BBQ4x", 0x81, 0xFF, len(body)) + body


async def _next(reader: asyncio.StreamReader) -> bytes:
    first, length = await reader.readexactly(2)
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2))
    elif length == 127:
        length = int.from_bytes(await reader.readexactly(8))
    body = await reader.readexactly(length)
    if first & 0x0F == 8:
        raise RuntimeError(f"the socket was closed: {body[:80]!r}")
    return body


async def _run(task: Task) -> Told:
    until = time.monotonic() + task.seconds
    work = {"lists": _lists, "missed": _missed}[task.kind]
    took: list[float] = []
    done = await asyncio.gather(*(work(task, n, until, took) for n in range(task.connections)))
    return Told(sum(done), took)


def main() -> None:
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_run(task))))


if __name__ == "__main__":
    main()
