"""What reading costs in a filled house: pages of 50 messages over HTTP, and sockets that catch up with what they missed.

Both go the whole way, with session, access check and encoding, out of a real PostgreSQL; pages lie anywhere in their channel,
and every answer is checked. Generators are processes of their own; only the application's CPU time counts (PostgreSQL's is told
beside it). Usage: `./bastide bench history [--json] [--data DIR] [--messages N] [--seconds S]`.
"""

import argparse
import asyncio
import statistics
from pathlib import Path
from random import Random

import msgspec
import psycopg

from bastide.core.http.cookies import CookieNames
from bench.support.instance import FOLDER, Instance, generator, running
from bench.support.machine import machine, postgres_settings
from bench.support.processes import Spent, rss_bytes
from bench.support.reading import PAGE, Job, Task, Told
from bench.support.report import figures_line, say, told

AIM = 2_500
PEOPLE = 400
MISSED = 100
CONNECTIONS = 8
ROUNDS = 3


class Measured(msgspec.Struct, frozen=True):
    """One kind of reading: for each second of the application's CPU, PostgreSQL's seconds beside one of its own, and how long."""

    per_core_s: float
    postgres_share: float
    p50_ms: float
    p99_ms: float
    busy: float


async def jobs(instance: Instance) -> tuple[list[Job], int]:
    """People and what each reads: one of their channels, and one of their spaces of which they missed some messages; and all
    messages there are."""
    opened = await instance.sessions(PEOPLE)
    random = Random(5)
    found: list[Job] = []
    async with await psycopg.AsyncConnection.connect(instance.conninfo) as connection:
        for one in opened:
            streams = await connection.execute(
                """
                select s.id, s.seq, coalesce((select count(*) from journal j where j.stream_id = s.id
                       and j.seq > s.seq - %(most)s and j.type = 'chat.message.sent'), 0)
                from stream s where s.id = %(person)s or s.id in (select space_id from member where person_id = %(person)s)
                """,
                {"person": one.person_id, "most": MISSED},
            )
            heads = {row[0]: (row[1], row[2]) for row in await streams.fetchall()}
            channels = await connection.execute(
                """
                select c.id, c.last_ordinal from channel c join member m on m.space_id = c.space_id
                where m.person_id = %(person)s and c.last_ordinal > %(page)s order by c.id
                """,
                {"person": one.person_id, "page": PAGE},
            )
            readable = await channels.fetchall()
            full = [stream for stream, (_, said) in heads.items() if said == MISSED]
            if not readable or not full:
                continue
            channel_id, last = random.choice(readable)
            missed_in = random.choice(full)
            cursors = {s: seq - (MISSED if s == missed_in else 0) for s, (seq, _) in heads.items()}
            found.append(Job(one.token, channel_id, last, cursors, missed_in, MISSED))
        counted = await connection.execute("select count(*) from message")
        row = await counted.fetchone()
    return found, int(row[0]) if row else 0


async def measure(instance: Instance, kind: str, read: list[Job], seconds: float) -> Measured:
    """The best of some rounds, after one that warms up: noise only ever takes away."""
    cookie = CookieNames.for_instance(https=False).session
    best: Measured | None = None
    for number in range(ROUNDS + 1):
        task = Task(
            kind, "127.0.0.1", instance.settings.port, cookie, seconds, CONNECTIONS, 100 * number, read
        )
        spent, beside = Spent([instance.app]), Spent(instance.postgres)
        spent.begin()
        beside.begin()
        answer = await generator("bench.support.reading", stdin=msgspec.json.encode(task))
        cpu = spent.seconds()
        told_ = msgspec.json.decode(answer, type=Told)
        took = sorted(told_.took_ms)
        if number == 0:
            continue
        measured = Measured(
            per_core_s=told_.done / cpu,
            postgres_share=max(0.0, beside.seconds()) / cpu,
            p50_ms=statistics.median(took),
            p99_ms=took[len(took) * 99 // 100],
            busy=cpu / seconds,
        )
        if best is None or measured.per_core_s > best.per_core_s:
            best = measured
    if best is None:
        raise RuntimeError("nothing was measured")
    return best


async def bench(folder: Path, messages: int, seconds: float, *, as_json: bool) -> None:
    here = machine()
    async with running(folder, messages=messages) as instance:
        settings = await postgres_settings(instance.conninfo)
        told("history", here, settings)
        read, rows = await jobs(instance)
        say(
            f"{rows:,} messages; the application was ready after {instance.ready_s:.1f} s and holds "
            f"{rss_bytes(instance.app) >> 20} MB with {instance.size.agents:,} agents; {len(read)} people read"
        )
        lists = await measure(instance, "lists", read, seconds)
        missed = await measure(instance, "missed", read, seconds)
    for what, m in ((f"pages of {PAGE} messages", lists), (f"missed entries, {MISSED} at a time", missed)):
        say(
            f"{what}: {m.per_core_s:,.0f} for each second of the application's CPU ({m.busy:.2f} cores busy; PostgreSQL "
            f"{m.postgres_share:.2f} s beside each); an answer p50 {m.p50_ms:.1f} ms, p99 {m.p99_ms:.1f} ms"
        )
    say(*LIMITS)
    if as_json:
        figures = {
            "list50_per_core_s": round(lists.per_core_s),
            "missed_per_core_s": round(missed.per_core_s),
            "rows": rows,
        }
        say(figures_line("history", figures, here, settings, aim_list50_per_core_s=AIM))


# From cProfile over the whole way of a page, November 2026.
LIMITS = (
    "what limits pages: round trips to PostgreSQL (the pool's look at the connection, messages, authors),",
    "  where the driver's waiting is Python; then making structs of fifty rows, and Litestar's routing and",
    "  dependencies. Encoding is a small part.",
    "what was tried: one statement a page in place of a snapshot of six (kept), rows by position and in the",
    "  binary format (kept). Not tried yet: authors in the same statement, no look at the connection before",
    "  each use, a handler before Litestar.",
    "search_p50_ms is left out: there is no search in messages yet.",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./bastide bench history", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    parser.add_argument("--data", type=Path, default=FOLDER, help="a filled house, or where to fill one")
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many, where it is to be filled")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each round lasts")
    given = parser.parse_args()
    asyncio.run(bench(given.data.resolve(), given.messages, given.seconds, as_json=given.json))


if __name__ == "__main__":
    main()
