"""How often one may try to be somebody: counted for the account and for where the request comes from."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from bastide.core.clock import Clock
from bastide.core.errors import TooMany
from bastide.core.limits import Attempts
from bastide.core.places import place_of

_ADDRESS_MOST = 254
Counts = Sequence[tuple[Attempts, str]]


class Guesses:
    """One count for all ways in: who may not guess passwords any more may not guess codes either."""

    def __init__(self, clock: Clock) -> None:
        self._on_account = Attempts(clock, most=10, within=timedelta(minutes=10))
        # A whole administration may come from one address.
        self._from_place = Attempts(clock, most=100, within=timedelta(minutes=10))

    def counts(self, email: str, address: str, device: UUID | None) -> Counts:
        """What an attempt at an account counts for. A device that is known to be the person's own has a count of its own."""
        if device is not None:
            return self.of_device(device)
        account = email.strip().lower()[:_ADDRESS_MOST]
        return [*self.of_place(address), (self._on_account, f"account:{account}")]

    def of_device(self, device: UUID) -> Counts:
        """What an attempt by somebody who is signed in counts for."""
        return [(self._on_account, f"device:{device}")]

    def of_link(self, link: bytes, address: str) -> Counts:
        """What an attempt by who holds a link counts for: guesses at the account's password from elsewhere are not theirs."""
        return [*self.of_place(address), (self._on_account, f"link:{link.hex()}")]

    def of_place(self, address: str) -> Counts:
        """What an attempt by nobody in particular counts for."""
        return [(self._from_place, place_of(address))]

    def take(self, counts: Counts) -> None:
        """Count an attempt.

        Raises:
            TooMany: wait `retry_after_s`.
        """
        for attempts, key in counts:
            if (wait := attempts.take(key)) > 0:
                raise TooMany(retry_after_s=wait)

    def good(self, counts: Counts) -> None:
        """It was the person: their account's count is cleared, the place gets its attempt back."""
        for attempts, key in counts:
            if attempts is self._on_account:
                attempts.clear(key)
            else:
                attempts.give_back(key)
