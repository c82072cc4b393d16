"""The end of a connection, done so that the last frame arrives.

Closing a TCP socket that still has unread bytes resets it, and a reset throws away what was just sent: the
peer would see a lost connection and never learn that, say, its message was too long (RFC 6455 section 7.1.1).
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

_BIN = bytearray(64 * 1024)
"""Where unwanted bytes of all connections go; nobody reads it."""


class Lost(Protocol):
    """Who wants to know that the connection is gone."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Called once by the event loop."""
        ...


class Drain(asyncio.BufferedProtocol):
    """Throws away what still comes in, until the other side closes."""

    def __init__(self, owner: Lost) -> None:
        self._owner = owner

    def get_buffer(self, sizehint: int) -> bytearray:
        """A place for bytes that nobody wants."""
        del sizehint
        return _BIN

    def buffer_updated(self, nbytes: int) -> None:
        """They are gone."""

    def eof_received(self) -> None:
        """The other side has closed: so does ours."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the protocol that had this connection before."""
        self._owner.connection_lost(exc)


class Wire:
    """The TCP connection as picows sees it: asking it to close goes through the link, which knows how."""

    __slots__ = ("_hang_up", "abort", "get_extra_info", "get_write_buffer_size", "write", "writelines")

    def __init__(self, raw: asyncio.Transport, hang_up: Callable[[], None]) -> None:
        self.abort: Callable[[], None] = raw.abort
        self.get_extra_info: Callable[[str], Any] = raw.get_extra_info
        self.get_write_buffer_size: Callable[[], int] = raw.get_write_buffer_size
        self.write: Callable[[bytes], None] = raw.write
        self.writelines: Callable[[list[bytes]], None] = raw.writelines
        self._hang_up = hang_up

    def close(self) -> None:
        """Picows found a broken rule, sent its closing frame and wants to leave."""
        self._hang_up()


def let_go(raw: asyncio.Transport, owner: Lost) -> None:
    """Send what waits, say that nothing more comes, and swallow what still does until the other side closes.

    The caller bounds the wait by aborting later.
    """
    if raw.is_closing():
        return
    if not raw.can_write_eof():  # TLS: no half-closed state, so the best is to leave in order
        raw.close()
        return
    raw.set_protocol(Drain(owner))
    raw.write_eof()
