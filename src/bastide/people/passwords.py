"""Passwords: argon2id at OWASP's profile (19 MiB, two passes, one lane), off the event loop.

Source: OWASP Password Storage Cheat Sheet. Two at a time: each takes 19 MiB and some 30 ms of a core.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from bastide.people.password_rule import check_guessable

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# A hash of nothing anybody knows: verifying an unknown address takes as long as verifying a known one.
_NOBODY = _HASHER.hash("nobody has this password, and nobody can sign in by it")

LEAST, MOST = 12, 256


class Passwords:
    """Hashes and verifies."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        """The encoded hash of a password."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _HASHER.hash, password)

    async def check(self, password: str, about: Sequence[str]) -> None:
        """That a password is none that others try first; `about` is what is known of its person.

        Raises:
            CommonPassword, OwnNamePassword: it is.
        """
        await asyncio.get_running_loop().run_in_executor(self._threads, check_guessable, password, about)

    async def verify(self, encoded: str | None, password: str) -> bool:
        """Whether the password matches; with None, always False, after the same work."""
        matched = await asyncio.get_running_loop().run_in_executor(
            self._threads, _matches, encoded or _NOBODY, password
        )
        return matched and encoded is not None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _matches(encoded: str, password: str) -> bool:
    try:
        return _HASHER.verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False
