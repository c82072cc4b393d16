"""The journal: the ordered record of what happened in a space, and of what happened to a person.

`(stream_id, seq)`, without gaps: `seq` is taken by updating the stream's row in the transaction of the act, so the
order of numbers is the order of commits. An act on several streams locks their rows in the order of their ids.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog

from bastide.core.clock import Clock
from bastide.core.database import Reader, Transaction
from bastide.core.events import Entry, Event, EventRegistry, Gone, tag_of

log = structlog.get_logger()


class Happening(msgspec.Struct, frozen=True):
    """An event that is to be appended to a stream; `by` is the person who did it, None for the system."""

    stream_id: UUID
    event: Event
    by: UUID | None = None


class _Row(msgspec.Struct, frozen=True):
    stream_id: UUID
    seq: int
    at: datetime
    by: UUID | None
    type: str
    fact: bytes


class Journal:
    """Appends to streams and tells them again."""

    def __init__(
        self,
        registry: EventRegistry,
        clock: Clock,
        baseline: Callable[[UUID, int], None] = lambda _s, _q: None,
    ) -> None:
        """`baseline` learns, under the lock, up to where a stream was written before each append (see Bus)."""
        self._registry = registry
        self._clock = clock
        self._baseline = baseline
        self._encode = msgspec.json.Encoder().encode

    async def open_stream(self, tx: Transaction, stream_id: UUID) -> None:
        """A new stream, for a new space or person."""
        await tx.run("insert into stream (id) values (%(id)s)", id=stream_id)

    async def lock(self, tx: Transaction, streams: Iterable[UUID]) -> dict[UUID, int]:
        """Lock streams in the order of their ids until the commit; gives each one's last seq.

        Whoever decides from rows that another act may change (roles, a label) locks the space first.
        """
        rows = await tx.rows(
            "select id, seq from stream where id = any(%(ids)s) order by id for update",
            ids=list(set(streams)),
        )
        return {row[0]: row[1] for row in rows}

    async def head(self, reader: Reader, stream_id: UUID) -> int:
        """A stream's last seq."""
        return await reader.value("select seq from stream where id = %(id)s", id=stream_id) or 0

    async def append(
        self, tx: Transaction, happenings: Sequence[Happening], *, locked: dict[UUID, int] | None = None
    ) -> list[Entry]:
        """Append events, in order; they are announced after the commit of `tx`.

        `locked` is what `lock` gave in this transaction for all the streams, where the caller holds them already
        and has appended nothing since.

        Raises:
            LookupError: a stream that does not exist.
        """
        if not happenings:
            return []
        heads = dict(locked) if locked else await self.lock(tx, (h.stream_id for h in happenings))
        touched = {h.stream_id for h in happenings}
        if touched - heads.keys():
            raise LookupError(f"no stream {touched - heads.keys()}")
        heads = {s: q for s, q in heads.items() if s in touched}
        for stream_id, seq in heads.items():
            self._baseline(stream_id, seq)
        at = self._clock.now()
        entries: list[Entry] = []
        for happening in happenings:
            heads[happening.stream_id] += 1
            seq = heads[happening.stream_id]
            entries.append(Entry(happening.stream_id, seq, at, happening.by, happening.event))
        await self._write(tx, entries, heads)
        tx.entries.extend(entries)
        return entries

    async def _write(self, tx: Transaction, entries: Sequence[Entry], heads: dict[UUID, int]) -> None:
        names = [tag_of(type(e.event)) for e in entries]
        facts = [
            self._encode(self._registry.kind(n).fact(e.event)) for n, e in zip(names, entries, strict=True)
        ]
        await tx.run(
            """
            with head as (
                update stream set seq = new.seq
                from unnest(%(ids)s::uuid[], %(seqs)s::bigint[]) as new (id, seq)
                where stream.id = new.id
            )
            insert into journal (stream_id, seq, at, by, type, fact)
            select * from unnest(
                %(streams)s::uuid[], %(numbers)s::bigint[], %(ats)s::timestamptz[], %(bys)s::uuid[],
                %(types)s::text[], %(facts)s::bytea[])
            """,
            ids=list(heads),
            seqs=list(heads.values()),
            streams=[e.stream_id for e in entries],
            numbers=[e.seq for e in entries],
            ats=[e.at for e in entries],
            bys=[e.by for e in entries],
            types=names,
            facts=facts,
        )

    async def since(self, reader: Reader, stream_id: UUID, after: int, *, most: int) -> list[Entry] | None:
        """What came after a seq, oldest first; None when it is more than `most`, or no longer kept."""
        return (await self.since_many(reader, {stream_id: after}, most=most))[stream_id]

    async def after(self, reader: Reader, stream_id: UUID, seq: int, *, most: int) -> list[Entry]:
        """The next entries of a stream after a seq, oldest first."""
        rows = await reader.all(
            _Row,
            """
            select stream_id, seq, at, by, type, fact from journal
            where stream_id = %(stream)s and seq > %(seq)s order by seq limit %(most)s
            """,
            stream=stream_id,
            seq=seq,
            most=most,
        )
        return await self._told(reader, rows)

    async def since_many(
        self, reader: Reader, cursors: dict[UUID, int], *, most: int
    ) -> dict[UUID, list[Entry] | None]:
        """`since` for many streams in two queries: who is far behind costs only a count."""
        heads = dict(
            await reader.rows("select id, seq from stream where id = any(%(ids)s)", ids=list(cursors))
        )
        near = {s: a for s, a in cursors.items() if s in heads and 0 <= heads[s] - a <= most}
        behind = {s: a for s, a in near.items() if heads[s] > a}
        rows = (
            await reader.all(
                _Row,
                """
            select j.stream_id, j.seq, j.at, j.by, j.type, j.fact
            from unnest(%(ids)s::uuid[], %(after)s::bigint[]) as c (id, after)
            join journal j on j.stream_id = c.id and j.seq > c.after
            order by j.stream_id, j.seq
            """,
                ids=list(behind),
                after=list(behind.values()),
            )
            if behind
            else []
        )
        entries = await self._told(reader, rows)
        found: dict[UUID, list[Entry] | None] = {s: ([] if s in near else None) for s in cursors}
        for entry in entries:
            stream = found[entry.stream_id]
            if stream is not None:
                stream.append(entry)
        for stream_id, after in behind.items():
            told = found[stream_id]
            if told is None or not told or told[0].seq != after + 1:
                found[stream_id] = None  # its beginning was pruned
        return found

    async def _told(self, reader: Reader, rows: Sequence[_Row]) -> list[Entry]:
        """Rows as entries, with the content looked up kind by kind."""
        by_type: dict[str, list[int]] = defaultdict(list)
        for index, row in enumerate(rows):
            by_type[row.type].append(index)
        events: list[Event] = [Gone()] * len(rows)
        for name, places in by_type.items():
            told = await self._hydrated(reader, name, [rows[i].fact for i in places])
            for place, event in zip(places, told, strict=True):
                events[place] = event if event is not None else Gone()
        return [Entry(r.stream_id, r.seq, r.at, r.by, e) for r, e in zip(rows, events, strict=True)]

    async def _hydrated(self, reader: Reader, name: str, facts: Sequence[bytes]) -> Sequence[Event | None]:
        """Events of one kind from their facts.

        One that cannot be read stands as gone: a single poisoned fact or thing must not keep everybody from catching up
        (CASES: Synapse CVE-2025-30355).
        """
        try:
            kind = self._registry.kind(name)
            kept: list[Any] = [msgspec.json.decode(fact, type=kind.fact_type) for fact in facts]
            return await kind.hydrate(reader, kept) if kind.hydrate else kept
        except (msgspec.MsgspecError, LookupError, ValueError, TypeError):
            if len(facts) == 1:
                log.exception("journal.unreadable", event_type=name)
                return [None]
            return [(await self._hydrated(reader, name, [fact]))[0] for fact in facts]
