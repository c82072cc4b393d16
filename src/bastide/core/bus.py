"""The bus: what was committed reaches whoever listens, in the order of each stream, once.

In process for now. The interface is narrow on purpose: entries and fleeting events go in, handlers get them.

Two transactions on one stream commit one after the other, but the tasks that ran them may wake in another order:
the sequencer holds an entry until the one before it has come. One that never comes (its connection died in
the commit) is read again from the journal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import structlog

from bastide.core.errors import Unavailable
from bastide.core.events import Entry, Fleeting

log = structlog.get_logger()

Handler = Callable[[Entry], None]
FleetingHandler = Callable[[UUID, Fleeting, UUID | None], None]
Reread = Callable[[UUID, int], Awaitable[Sequence[Entry] | None]]

_HEAL_AFTER_S = 0.25


class Bus:
    """Hands committed entries to handlers, in the order in which handlers were added."""

    def __init__(self) -> None:
        self._handlers: list[Handler] = []
        self._fleeting: list[FleetingHandler] = []
        self._seen: dict[UUID, int] = {}
        self._held: dict[UUID, dict[int, Entry]] = {}
        self._healing: dict[UUID, asyncio.Task[None]] = {}
        self.reread: Reread | None = None  # set by the composition root: the journal's `since`

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

    def expect(self, stream_id: UUID, seq: int) -> None:
        """Say that `seq` is committed, though its transaction never came back to announce it."""
        if self._seen.setdefault(stream_id, seq - 1) < seq:
            self._heal_soon(stream_id)

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
        held = self._held.get(stream_id)
        while held and (entry := held.pop(self._seen[stream_id] + 1, None)) is not None:
            self._pass_on(entry)
        if not held:
            self._held.pop(stream_id, None)

    def _heal_soon(self, stream_id: UUID) -> None:
        if stream_id not in self._healing and self.reread is not None:
            task = asyncio.get_running_loop().create_task(self._heal(stream_id))
            self._healing[stream_id] = task
            task.add_done_callback(lambda _: self._healing.pop(stream_id, None))

    async def _heal(self, stream_id: UUID) -> None:
        """Wait a moment for the missing entry, then read it from the journal; try until the database answers."""
        wait = _HEAL_AFTER_S
        before = self._seen[stream_id]
        await asyncio.sleep(wait)
        while self.reread is not None and (self._seen[stream_id] == before or stream_id in self._held):
            try:
                missed = await self.reread(stream_id, self._seen[stream_id])
            except Unavailable:
                wait = min(wait * 2, 5.0)
                await asyncio.sleep(wait)
                continue
            for entry in missed or ():
                if entry.seq == self._seen[stream_id] + 1:
                    self._pass_on(entry)
            self._release(stream_id)
            return
