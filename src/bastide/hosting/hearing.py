"""Hearing what another process declared: `./bastide profile`, at the machine's terminal.

The declarations of a process of ours reach it by its bus. Those of another are found here: every second the head of the
instance's stream is read, and what was not told yet is told from the journal, in order and once.
"""

import asyncio
import contextlib

from bastide.core.database import Reader
from bastide.core.ending import heed_cancellation
from bastide.core.errors import Unavailable
from bastide.core.ground import Ground
from bastide.hosting.model import INSTANCE_STREAM

LOOK_EVERY_S = 1.0


class Hearing:
    """Keeps this process's bus at the head of the instance's stream."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def begin(self, reader: Reader) -> None:
        """Call before what is declared is read from the database: whatever comes after is told."""
        head = await self._ground.journal.head(reader, INSTANCE_STREAM)
        self._ground.bus.baseline(INSTANCE_STREAM, head)

    async def run(self) -> None:
        """Look every second until cancelled. While the database does not answer, nothing can be declared."""
        while True:
            heed_cancellation()
            await asyncio.sleep(LOOK_EVERY_S)
            with contextlib.suppress(Unavailable):
                await self.look()

    async def look(self) -> None:
        """Tell what is there and was not heard. Raises Unavailable."""
        ground = self._ground
        async with ground.database.read() as reader:
            head = await ground.journal.head(reader, INSTANCE_STREAM)
        if head > ground.bus.heard(INSTANCE_STREAM):
            await ground.bus.catch_up(INSTANCE_STREAM)
