"""PostgreSQL and LiveKit that somebody else runs: looked at before anything is built on them, and watched."""

import asyncio
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

from bastide.core.ending import heed_cancellation
from bastide.engines.errors import EngineError
from bastide.settings import ExternalLiveKit

LEAST_VERSION = 15
_PATIENCE = 5.0  # seconds within which a LiveKit has to answer
_LOOK_AGAIN = 2.0  # seconds between two looks at it
_BROKEN = 500  # from this status on, it is a proxy that answers in its place
_ENCRYPTED = ("https", "wss")


async def check_database(url: str) -> None:
    """Raise EngineError, without the address and its password, when it cannot be reached or is too old."""
    # only imported where it is needed: the supervisor stays small
    import psycopg

    try:
        async with await psycopg.AsyncConnection.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise EngineError(
            f"The PostgreSQL of BASTIDE_DATABASE_URL cannot be reached: {_first_words(error)}"
        ) from error
    if version < LEAST_VERSION:
        raise EngineError(
            f"BASTIDE_DATABASE_URL names a PostgreSQL {version}; Bastide needs {LEAST_VERSION} or later."
        )


def _first_words(error: Exception) -> str:
    """Give the first line of what a driver says; the others repeat it for each address of a host."""
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".") + "."


async def watch_livekit(livekit: ExternalLiveKit, tell: Callable[[bool], None]) -> None:
    """Look again and again whether it answers, until cancelled; `tell` is called first and at each change."""
    told: bool | None = None
    while True:
        heed_cancellation()
        now = await answers(livekit.url)
        if now != told:
            told = now
            tell(now)
        await asyncio.sleep(_LOOK_AGAIN)


async def answers(url: str) -> bool:
    """Ask at an address of http, https, ws or wss whether anybody serves there. Asks no more than that."""
    address = urlsplit(url)
    encrypted = address.scheme in _ENCRYPTED
    try:
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await asyncio.open_connection(
                address.hostname,
                address.port or (443 if encrypted else 80),
                ssl=ssl.create_default_context() if encrypted else None,
            )
            try:
                writer.write(
                    f"GET {address.path or '/'} HTTP/1.0\r\nHost: {address.hostname}\r\n\r\n".encode()
                )
                await writer.drain()
                line = await reader.readline()
                return int(line.split()[1]) < _BROKEN
            finally:
                writer.close()
    except (OSError, ValueError, IndexError):  # TimeoutError is an OSError
        return False
