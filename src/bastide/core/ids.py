"""Identifiers and randomness, from one place, so that a test can hold them."""

import secrets
from collections.abc import Callable
from uuid import UUID

from bastide.core.clock import Clock

_SEQUENCE_BITS = 12


class Ids:
    """Makes UUIDv7 (RFC 9562): they sort by time, which keeps index pages warm.

    Within one millisecond a counter in `rand_a` keeps the order of making, so two ids
    of one process always sort as they were made.
    """

    def __init__(self, clock: Clock, random_bits: Callable[[int], int] = secrets.randbits) -> None:
        self._clock = clock
        self._random_bits = random_bits
        self._last_ms = 0
        self._sequence = 0

    def new(self) -> UUID:
        """A fresh UUIDv7."""
        ms = int(self._clock.now().timestamp() * 1000)
        if ms > self._last_ms:
            self._last_ms, self._sequence = ms, self._random_bits(_SEQUENCE_BITS - 2)
        else:
            self._sequence += 1
            if self._sequence >> _SEQUENCE_BITS:
                self._last_ms, self._sequence = self._last_ms + 1, 0
        value = (self._last_ms & (1 << 48) - 1) << 80
        value |= 0x7 << 76 | self._sequence << 64
        value |= 0b10 << 62 | self._random_bits(62)
        return UUID(int=value)

    def token(self) -> str:
        """An unguessable text of 256 bits, for cookies and one-time links."""
        return self._random_bits(256).to_bytes(32, "big").hex()
