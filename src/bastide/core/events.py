"""Events: what happened, in the past tense, and how they are kept and told.

An event is told whole to whoever is connected. The journal keeps of it only what may be kept for ever: ids and
facts, never content. When it is told again later, its kind's `hydrate` looks the content up as it is then, so that
an edit or a deletion reaches back into the journal without rewriting it.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

import msgspec

from bastide.core.policy import Action


class Event(msgspec.Struct, frozen=True, tag_field="type", kw_only=True):
    """Something that happened in a space or to a person. Subclasses set `tag="trade.thing.happened"`.

    `moves_rights`: after it, what a member may do here can differ; each window is told its own new abilities with it.
    `reads`: the act that hearing of it is; a member to whom it is not allowed gets `Gone` in its place.
    `for_windows`: windows hear of it; what is only for the house itself is not part of their contract.
    """

    moves_rights: ClassVar[bool] = False
    for_windows: ClassVar[bool] = True
    reads: ClassVar[Action | None] = None

    def told_to(self, abilities: Collection[Action]) -> Self:
        """The event as a member hears it who may do only this: some hold a part that is content, and leave it out.

        Asked of events that `moves_rights`: with those each member is told their own abilities anyway.
        """
        del abilities
        return self


class Gone(Event, frozen=True, tag="core.gone", kw_only=True):
    """Stands where an event was whose thing is no more, or is not for this window, so that numbers stay without gaps."""


class Entry(msgspec.Struct, frozen=True):
    """An event at its place in a journal: the `seq`-th of the stream of a space or of a person."""

    stream_id: UUID
    seq: int
    at: datetime
    by: UUID | None
    event: Event


class Fleeting(msgspec.Struct, frozen=True, tag_field="type", kw_only=True):
    """What is told and never kept: typing, presence, who speaks. Another type than Event, so that it cannot reach the disk.

    `reads`: as for an Event; who may not hear of it is told nothing.
    """

    reads: ClassVar[Action | None] = None


E = TypeVar("E", bound=Event)
F = TypeVar("F", bound=msgspec.Struct)
Hydrate = Callable[[Any, Sequence[Any]], Awaitable[list[Event | None]]]


class Kind(msgspec.Struct, Generic[E], frozen=True):
    """How a kind of event is kept: `fact` takes the content out, `hydrate` brings it back for many at once."""

    event: type[E]
    fact_type: type[msgspec.Struct]
    fact: Callable[[E], msgspec.Struct]
    hydrate: Hydrate | None


class EventRegistry:
    """All kinds of events of the house; modules add theirs when the house is put together."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind[Any]] = {}
        self.add(Gone)

    def add(self, *events: type[Event]) -> None:
        """Events that hold no content and are kept whole."""
        for event in events:
            self._put(Kind(event, event, lambda e: e, None))

    def add_hydrated(
        self, event: type[E], fact_type: type[F], fact: Callable[[E], F], hydrate: Hydrate
    ) -> None:
        """An event with content: kept as `fact_type`, told again by `hydrate(reader, facts)`, in the same order.

        `hydrate` gives None for a thing that is no more.
        """
        self._put(Kind(event, fact_type, fact, hydrate))

    def _put(self, kind: Kind[Any]) -> None:
        name = tag_of(kind.event)
        if name in self._kinds:
            raise ValueError(f"event {name} is registered twice")
        self._kinds[name] = kind

    def kind(self, name: str) -> Kind[Any]:
        """The kind of a name; KeyError for one that nobody registered."""
        return self._kinds[name]

    @property
    def types(self) -> list[type[Event]]:
        """Every event type that windows hear, for the generated contract."""
        return [kind.event for _, kind in sorted(self._kinds.items()) if kind.event.for_windows]


def tag_of(event: type[msgspec.Struct]) -> str:
    """An event type's name on the wire and in the journal."""
    return str(event.__struct_config__.tag)
