"""The audit: an append-only record, chained by hashes, of what an administration must be able to prove.

Each line's hash covers the line and the hash before it (SHA-256 over a canonical JSON array), so that a line that
was changed, removed or put in later breaks every hash after it. It holds ids and facts, never content.
Acts are recorded in their own transaction; refusals are gathered and written a moment later. The same refusal again
within that moment is the same line, with how many times: a flood of refused requests costs one commit a second and
cannot hold anybody up.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from bastide.core.clock import Clock
from bastide.core.database import Database, Reader, Transaction
from bastide.core.ending import heed_cancellation
from bastide.core.errors import Unavailable
from bastide.core.policy import Action, Actor, Decision

GENESIS = bytes(32)
_NOTED_MOST = 5_000
_NOTED_A_GROUP = 500
_MOMENT_S = 1.0


class Line(msgspec.Struct, frozen=True):
    """One act. `detail` is a small flat object of ids and words."""

    action: str
    allowed: bool
    person_id: UUID | None = None
    space_id: UUID | None = None
    rule: str | None = None
    reason: str | None = None
    detail: dict[str, str] = {}


class Recorded(msgspec.Struct, frozen=True):
    """A line as it stands in the chain."""

    seq: int
    at: datetime
    line: bytes
    previous: bytes
    hash: bytes


class Verdict(msgspec.Struct, frozen=True):
    """What checking the chain found.

    Attributes:
        lines: how many lines were looked at.
        broken_at: the first that does not hold, None when all do.
        last: the hash of the last line that holds; the whole chain up to it is worth what this one is.
        kept_at: the line that has the hash that somebody kept elsewhere; None where none was given, or none that holds has it.
    """

    lines: int
    broken_at: int | None
    last: bytes
    kept_at: int | None = None


class ChainBroken(Unavailable):
    """Nothing can be added to the audit: its head is not where its lines end. What had to be recorded was not done."""

    code = "audit-broken"
    fr = (
        "Le journal d’audit n’est plus tel qu’il fut écrit, et rien ne peut s’y ajouter. Rien n’a été fait : "
        "prévenez votre responsable de la sécurité."
    )
    en = (
        "The audit is no longer as it was written, and nothing can be added to it. Nothing was done: "
        "tell your security officer."
    )


class Sought(msgspec.Struct, frozen=True):
    """What is looked for among the lines; None leaves a thing open.

    Attributes:
        action: the act, as `Action` names it.
        person_id: who did it or was refused it.
        space_id: where.
        allowed: done, or refused.
        since: from this moment on.
        until: before this moment.
        before: only lines of a smaller seq, for the next page.
    """

    action: str | None = None
    person_id: UUID | None = None
    space_id: UUID | None = None
    allowed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


class Exported(msgspec.Struct, frozen=True):
    """A line as it is exported; hashes in hexadecimal, `at` as the hash covers it (ISO 8601, UTC)."""

    seq: int
    at: str
    line: str
    previous: str
    hash: str


def chained(previous: bytes, seq: int, at: datetime, line: bytes) -> bytes:
    """The hash of a line at its place in the chain. `at` counts as the moment it is, whatever clock told it."""
    head = msgspec.json.encode([seq, _moment(at), previous.hex()])
    return hashlib.sha256(head + b"\n" + line).digest()


def _moment(at: datetime) -> str:
    """ISO 8601, in UTC: as the database gives it back."""
    return at.astimezone(UTC).isoformat()


def exported_line(recorded: Recorded) -> bytes:
    """A line of an export. Its `line` is text: the very bytes that the hash covers, and JSON themselves."""
    made = Exported(
        seq=recorded.seq,
        at=_moment(recorded.at),
        line=bytes(recorded.line).decode(errors="replace"),
        previous=bytes(recorded.previous).hex(),
        hash=bytes(recorded.hash).hex(),
    )
    return msgspec.json.encode(made) + b"\n"


class Audit:
    """Writes the chain and checks it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._noted: dict[bytes, tuple[Line, int]] = {}
        self._dropped = 0
        self._wake = asyncio.Event()

    async def record(self, tx: Transaction, *lines: Line) -> None:
        """Append lines in the act's own transaction. Do it last: the head is one row that all writers share.

        Raises:
            ChainBroken: somebody moved the head, or took it away.
        """
        head = await tx.rows("select seq, hash from audit_head for update")
        if not head:
            raise ChainBroken
        seq, previous = int(head[0][0]), bytes(head[0][1])
        at = self._clock.now()
        rows: list[tuple[int, bytes, bytes, bytes]] = []
        for line in lines:
            seq += 1
            body = msgspec.json.encode(line)
            digest = chained(previous, seq, at, body)
            rows.append((seq, body, previous, digest))
            previous = digest
        columns: tuple[list[Any], ...] = tuple(list(c) for c in zip(*rows, strict=True))
        try:
            await self._append(tx, seq, previous, at, columns)
        except psycopg.errors.UniqueViolation as error:
            raise ChainBroken from error

    async def _append(
        self, tx: Transaction, seq: int, last: bytes, at: datetime, columns: tuple[list[Any], ...]
    ) -> None:
        await tx.run(
            """
            with head as (update audit_head set seq = %(seq)s, hash = %(hash)s)
            insert into audit (seq, at, line, previous, hash)
            select s, %(at)s, l, p, h
            from unnest(%(seqs)s::bigint[], %(lines)s::bytea[], %(previous)s::bytea[], %(hashes)s::bytea[])
                 as new (s, l, p, h)
            """,
            seq=seq,
            hash=last,
            at=at,
            seqs=columns[0],
            lines=columns[1],
            previous=columns[2],
            hashes=columns[3],
        )

    def refused(self, actor: Actor, action: Action, decision: Decision, space_id: UUID | None) -> None:
        """Note a refusal, to be written within a moment."""
        self.note(Line(action.value, False, actor.person_id, space_id, decision.rule.value, decision.reason))

    def note(self, line: Line, times: int = 1) -> None:
        """Note what is no part of any transaction. Where too much waits, it is only counted."""
        key = msgspec.json.encode(line)
        if key not in self._noted and len(self._noted) >= _NOTED_MOST:
            self._dropped += times
            return
        self._noted[key] = (line, self._noted.get(key, (line, 0))[1] + times)
        self._wake.set()

    async def run(self) -> None:
        """Write what is noted until cancelled."""
        while True:
            heed_cancellation()
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.flush()
            except Unavailable:
                self._wake.set()
            await asyncio.sleep(_MOMENT_S)

    async def flush(self) -> None:
        """Write what is noted now. What comes in meanwhile waits for the next moment."""
        waiting, self._noted = list(self._noted.values()), {}
        dropped, self._dropped = self._dropped, 0
        if dropped:
            waiting.append((Line("audit:refusals:dropped", False), dropped))
        while waiting:
            group = waiting[:_NOTED_A_GROUP]
            try:
                async with self._database.transaction() as tx:
                    await self.record(tx, *(_counted(line, times) for line, times in group))
            except Unavailable:
                for line, times in waiting:
                    self.note(line, times)
                raise
            del waiting[:_NOTED_A_GROUP]

    async def lines(self, *, after: int = 0) -> AsyncGenerator[Recorded]:
        """The chain in order, as it stands when the first line is asked for."""
        async with self._database.snapshot() as reader:
            async for recorded in _lines(reader, after):
                yield recorded

    async def record_alone(self, line: Line) -> bool:
        """Append one line in a transaction of its own; whether the chain took it. Raises Unavailable, but not ChainBroken."""
        try:
            async with self._database.transaction() as tx:
                await self.record(tx, line)
        except ChainBroken:
            return False
        return True

    async def verify(self, kept: bytes | None = None) -> Verdict:
        """Recompute the whole chain, up to its head.

        Args:
            kept: the hash of a line, kept elsewhere. Whoever holds the database can cut off the chain's end or write it anew,
                and it holds by itself; only what was kept tells.
        """
        previous, count, kept_at = GENESIS, 0, None
        async with self._database.snapshot() as reader:
            async for r in _lines(reader):
                count += 1
                whole = r.seq == count and bytes(r.previous) == previous
                if not whole or chained(previous, r.seq, r.at, bytes(r.line)) != bytes(r.hash):
                    return Verdict(count, r.seq, previous, kept_at)
                previous = bytes(r.hash)
                if previous == kept:
                    kept_at = r.seq
            head = await reader.rows("select seq, hash from audit_head")
        complete = bool(head) and int(head[0][0]) == count and bytes(head[0][1]) == previous
        return Verdict(count, None if complete else count + 1, previous, kept_at)

    async def exported(self) -> AsyncGenerator[bytes]:
        """The chain as lines of JSON, each with what its hash was made from: it can be verified without Bastide."""
        async for r in self.lines():
            yield exported_line(r)

    async def found(self, sought: Sought, most: int) -> list[Recorded]:
        """The newest lines of what is looked for, newest first."""
        async with self._database.read() as reader:
            return await reader.all(
                Recorded,
                """
                select seq, at, line, previous, hash from audit
                where (%(before)s::bigint is null or seq < %(before)s)
                  and (%(action)s::text is null or audit_word(line, 'action') = %(action)s)
                  and (%(person)s::text is null or audit_word(line, 'person_id') = %(person)s)
                  and (%(space)s::text is null or audit_word(line, 'space_id') = %(space)s)
                  and (%(allowed)s::text is null or audit_word(line, 'allowed') = %(allowed)s)
                  and (%(since)s::timestamptz is null or at >= %(since)s)
                  and (%(until)s::timestamptz is null or at < %(until)s)
                order by seq desc limit %(most)s
                """,
                before=sought.before,
                action=sought.action,
                person=str(sought.person_id) if sought.person_id else None,
                space=str(sought.space_id) if sought.space_id else None,
                allowed=None if sought.allowed is None else str(sought.allowed).lower(),
                since=sought.since,
                until=sought.until,
                most=most,
            )


async def _lines(reader: Reader, after: int = 0) -> AsyncGenerator[Recorded]:
    """A page at a time."""
    while True:
        page = await reader.all(
            Recorded,
            "select seq, at, line, previous, hash from audit where seq > %(after)s order by seq limit 1000",
            after=after,
        )
        for recorded in page:
            yield recorded
        if not page:
            return
        after = page[-1].seq


def _counted(line: Line, times: int) -> Line:
    """A line that was noted several times within a moment says so."""
    if times == 1:
        return line
    return msgspec.structs.replace(line, detail=line.detail | {"times": str(times)})
