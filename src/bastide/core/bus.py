"""The bus: what was committed reaches whoever listens, in the order of each stream, once.

In process for now. The interface is narrow on purpose: entries and fleeting events go in, handlers get them. What
another process wrote into a stream that both know (what is declared of the instance) is caught up with from the journal.

Two transactions on one stream commit one after the other, but the tasks that ran them may wake in another order:
the sequencer holds an entry until the one before it has come. One whose connection died in the commit may or may
not be there: its stream is read again from the journal, and it is told if it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import structlog

from bastide.core.ending import heed_cancellation
from bastide.core.errors import Unavailable
from bastide.core.events import Entry, Fleeting

log = structlog.get_logger()

Handler = Callable[[Entry], None]
FleetingHandler = Callable[[UUID, Fleeting, UUID | None], None]
Reread = Callable[[UUID, int], Awaitable[Sequence[Entry]]]

_HEAL_AFTER_S = 0.25
_HEAL_AGAIN_MOST_S = 5.0


class Bus:
    """Hands committed entries to handlers, in the order in which handlers were added."""

    def __init__(self) -> None:
        self._handlers: list[Handler] = []
        self._fleeting: list[FleetingHandler] = []
        self._seen: dict[UUID, int] = {}
        self._held: dict[UUID, dict[int, Entry]] = {}
        self._doubted: set[UUID] = set()
        self._healing: dict[UUID, asyncio.Task[None]] = {}
        # Set by the composition root: some of what the journal has of a stream after a seq, in order.
        self.reread: Reread | None = None

    def subscribe(self, handler: Handler) -> None:
        """Hear every committed entry. Handlers are quick, do not wait and do not raise."""
        self._handlers.append(handler)

    def subscribe_fleeting(self, handler: FleetingHandler) -> None:
        """Hear what is told and never kept: `(stream_id, event, except_device)`."""
        self._fleeting.append(handler)

    def publish(self, entries: Sequence[Entry]) -> None:
        """Called once by each transaction, after its commit."""
        for entry in entries:
            seen = self._seen.setdefault(entry.stream_id, entry.seq - 1)
            if entry.seq == seen + 1:
                self._pass_on(entry)
                self._release(entry.stream_id)
            elif entry.seq > seen:
                self._held.setdefault(entry.stream_id, {})[entry.seq] = entry
                self._heal_soon(entry.stream_id)

    def baseline(self, stream_id: UUID, seq: int) -> None:
        """Called under the stream's lock before its first append here: all up to `seq` is already told."""
        self._seen.setdefault(stream_id, seq)

    def doubt(self, entries: Sequence[Entry]) -> None:
        """Called by a transaction that does not know whether it was committed."""
        for stream_id in {entry.stream_id for entry in entries}:
            self._doubted.add(stream_id)
            self._heal_soon(stream_id)

    def heard(self, stream_id: UUID) -> int:
        """The last seq of a stream that was told here; 0 before the first."""
        return self._seen.get(stream_id, 0)

    async def catch_up(self, stream_id: UUID) -> None:
        """Tell now what the journal has of a stream and nobody heard here, whoever wrote it.

        Raises:
            Unavailable: the database does not answer; nothing is lost by asking again later.
        """
        self._seen.setdefault(stream_id, 0)
        while self.reread is not None and await self._reread(stream_id, self.reread):
            heed_cancellation()

    def tell(self, stream_id: UUID, event: Fleeting, *, but: UUID | None = None) -> None:
        """Tell a fleeting event to a stream's listeners, `but` one device."""
        for handler in self._fleeting:
            handler(stream_id, event, but)

    def _pass_on(self, entry: Entry) -> None:
        self._seen[entry.stream_id] = entry.seq
        for handler in self._handlers:
            try:
                handler(entry)
            except Exception:
                # One poisoned event must not break everybody's sync (CASES: Synapse CVE-2025-30355).
                log.exception("bus.handler_failed", event_type=type(entry.event).__name__)

    def _release(self, stream_id: UUID) -> None:
        held = self._held.get(stream_id, {})
        for seq in [seq for seq in held if seq <= self._seen[stream_id]]:
            del held[seq]  # told from the journal meanwhile
        while (entry := held.pop(self._seen[stream_id] + 1, None)) is not None:
            self._pass_on(entry)
        if not held:
            self._held.pop(stream_id, None)

    def _heal_soon(self, stream_id: UUID) -> None:
        if stream_id not in self._healing and self.reread is not None:
            self._healing[stream_id] = asyncio.get_running_loop().create_task(
                self._heal(stream_id, self.reread)
            )

    async def _heal(self, stream_id: UUID, reread: Reread) -> None:
        """Wait a moment for what is missing, then read it from the journal; try until the database answers."""
        wait = _HEAL_AFTER_S
        try:
            await asyncio.sleep(wait)
            while stream_id in self._doubted or stream_id in self._held:
                heed_cancellation()
                try:
                    if not await self._reread(stream_id, reread):
                        return
                except Exception as error:
                    if not isinstance(error, Unavailable):
                        log.exception("bus.heal_failed")
                    wait = min(wait * 2, _HEAL_AGAIN_MOST_S)
                    await asyncio.sleep(wait)
        finally:
            del self._healing[stream_id]

    async def _reread(self, stream_id: UUID, reread: Reread) -> bool:
        """Tell what the journal has and nobody heard yet; whether there may be more."""
        before = self._seen[stream_id]
        self._doubted.discard(stream_id)
        try:
            found = await reread(stream_id, before)
        except BaseException:
            self._doubted.add(stream_id)
            raise
        for entry in found:
            if entry.seq == self._seen[stream_id] + 1:
                self._pass_on(entry)
        self._release(stream_id)
        if self._seen[stream_id] == before:
            return stream_id in self._doubted  # again, while it was read
        self._doubted.add(stream_id)  # more than was given at once, perhaps
        return True
