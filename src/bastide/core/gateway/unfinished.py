"""Requests that are still arriving, by who sends them.

A request takes a moment to arrive. Who has very many on the way at once keeps them open to hold the server's memory and
connections: then the one that has taken longest goes. Those behind one address who do not do that lose nothing, for theirs
are never the oldest for long.
"""

from typing import Protocol


class Arriving(Protocol):
    """A connection whose request is not here whole."""

    def drop(self) -> None:
        """Its sender has too many of them."""
        ...


class Unfinished:
    """The requests on the way, oldest first, for each sender."""

    def __init__(self) -> None:
        self._of: dict[str, dict[Arriving, None]] = {}

    def begin(self, sender: str, one: Arriving, most: int) -> None:
        """Count a request that begins to arrive; drop the sender's oldest if there are more than `most` now."""
        held = self._of.setdefault(sender, {})
        held[one] = None
        if len(held) > most:
            oldest = next(iter(held))
            del held[oldest]
            oldest.drop()

    def end(self, sender: str, one: Arriving) -> None:
        """The request is here, or its connection is gone."""
        held = self._of.get(sender)
        if held is not None:
            held.pop(one, None)
            if not held:
                del self._of[sender]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(len(held) for held in self._of.values())
