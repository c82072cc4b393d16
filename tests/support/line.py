"""A line to PostgreSQL that can be cut where it hurts: after the server got a COMMIT, before its answer came back.

async with cuttable(url) as line:            # connect to `line.url`
    line.lose_next_commit = True             # the next transaction that wrote is committed, and nobody learns it
    line.cut()                               # every connection dies now
"""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import psycopg.conninfo

_COMMIT = b"COMMIT\x00"


class Line:
    """Passes bytes both ways until it is told not to."""

    def __init__(self, server: str, url: str) -> None:
        self._server = server
        self.url = url
        self.lose_next_commit = False
        self.down = False
        self.lost = 0
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """End every connection, without a word."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        if self.down:
            writer.transport.abort()
            return
        to_reader, to_writer = await asyncio.open_unix_connection(self._server)
        both = (writer, to_writer)
        self._writers.update(both)
        try:
            await asyncio.gather(self._forth(reader, to_writer, both), self._back(to_reader, writer))
        finally:
            for end in both:
                self._writers.discard(end)
                end.transport.abort()

    async def _forth(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        both: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                if self.lose_next_commit and _COMMIT in data:
                    self.lose_next_commit = False
                    self.lost += 1
                    both[0].transport.abort()  # the asker hears nothing more; the server still gets to read
                writer.write(data)
                await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                if not writer.transport.is_closing():
                    writer.write(data)
                    await writer.drain()
        writer.transport.abort()


@contextlib.asynccontextmanager
async def cuttable(url: str) -> AsyncGenerator[Line]:
    """A line to the server of `url`, which listens on a Unix socket."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    port = parts.get("port") or 5432
    with tempfile.TemporaryDirectory(prefix="line-") as folder:
        here = Path(folder) / f".s.PGSQL.{port}"
        line = Line(f"{parts['host']}/{here.name}", psycopg.conninfo.make_conninfo(url, host=folder))
        listening = await asyncio.start_unix_server(line.carry, here)
        try:
            yield line
        finally:
            listening.close()
            line.cut()
            await asyncio.sleep(0)
