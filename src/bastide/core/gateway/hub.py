"""The hub: who hears what.

It holds, for each stream, the sockets that hear it. A committed entry is encoded once and the same bytes go to all of them;
where an event may have moved people's rights, those who stand alike share one frame. Memberships have
taken the entry in before the hub hears it, so whoever was removed does not hear of it.

A member may be allowed to see that a space is there and not all that it holds (a tool is switched off): within a stream,
sockets are kept apart by what they may read, and get `Gone` in the place of what they may not.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from bastide.core.access import Access
from bastide.core.events import Entry, Fleeting, Gone
from bastide.core.gateway.contract import Peer
from bastide.core.gateway.frames import EventFrame, FleetingFrame, Reload
from bastide.core.policy import Action, Actor
from bastide.core.tally import TALLY

_encode = msgspec.json.Encoder().encode

K = TypeVar("K")
# When the rule changes, every window asks again for what it shows: so many a second.
_RELOADS_A_SECOND = 500

# What of a space may be heard, as acts; its guests and who is invited are for whoever may put members out.
Reads = frozenset[Action]
_READS: Reads = frozenset(action for action in Action if action.value.endswith(":read")) | {
    Action.SPACES_MEMBER_REMOVE
}
_NONE: Reads = frozenset()


class Hearer(Protocol):
    """A socket that has said hello."""

    @property
    def actor(self) -> Actor: ...

    @property
    def peer(self) -> Peer: ...

    @property
    def streams(self) -> set[UUID]: ...

    @property
    def away(self) -> bool: ...

    def hear(self, frame: bytes) -> None:
        """Send a frame, after what the socket still has to catch up with."""
        ...

    def stand_as(self, actor: Actor) -> None:
        """From now on the socket's session stands for this actor: the same person, more or less surely."""
        ...


class Hub:
    """Subscriptions, and the delivery of what happens."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._hearers: defaultdict[UUID, dict[Reads, set[Hearer]]] = defaultdict(dict)
        self._of_person: defaultdict[UUID, set[Hearer]] = defaultdict(set)
        self._of_session: defaultdict[UUID, set[Hearer]] = defaultdict(set)

    def arrive(self, hearer: Hearer) -> None:
        """A socket is open; it hears nothing before it said hello, but it closes with its session."""
        self._of_session[hearer.actor.session_id].add(hearer)

    def enter(self, hearer: Hearer, spaces: Iterable[UUID]) -> None:
        """A socket hears its person's stream and the spaces they may see."""
        person_id = hearer.actor.person_id
        self._of_person[person_id].add(hearer)
        self._hearers[person_id].setdefault(_NONE, set()).add(hearer)
        hearer.streams.add(person_id)
        for space_id in spaces:
            self._place(hearer, space_id)

    def leave(self, hearer: Hearer) -> None:
        """A socket is gone."""
        for stream_id in list(hearer.streams):
            self._part(hearer, stream_id)
        _drop(self._of_person, hearer.actor.person_id, hearer)
        _drop(self._of_session, hearer.actor.session_id, hearer)

    def sockets_of(self, person_id: UUID) -> frozenset[Hearer]:
        """A person's open sockets."""
        return frozenset(self._of_person.get(person_id, ()))

    @property
    def people(self) -> int:
        """How many people are connected."""
        return len(self._of_person)

    def entered(self, person_id: UUID, space_id: UUID) -> None:
        """Someone came into a space: their sockets hear it from now on, if the rule lets them read."""
        for hearer in self._of_person.get(person_id, ()):
            self._place(hearer, space_id)

    def parted(self, person_id: UUID, space_id: UUID) -> None:
        """Someone is out of a space: their sockets hear nothing more of it."""
        for hearer in self._of_person.get(person_id, ()):
            self._part(hearer, space_id)

    @property
    def sessions(self) -> dict[UUID, UUID]:
        """The sessions that have sockets, and whose they are."""
        return {s: next(iter(held)).actor.person_id for s, held in self._of_session.items()}

    def attended(self, session_id: UUID) -> bool | None:
        """Whether somebody is at one of a session's windows; None where none is open."""
        held = self._of_session.get(session_id)
        return any(not hearer.away for hearer in held) if held else None

    def end_session(self, session_id: UUID, code: int) -> None:
        """Close the sockets of a session that ended."""
        for hearer in list(self._of_session.get(session_id, ())):
            hearer.peer.close(code, "signed-out")

    def restand(self, actor: Actor) -> None:
        """A living session has become stronger or weaker: its sockets hear what it may read from now on.

        Its window asks again by itself: it was what made the session move, and needs its new cookie first.
        """
        for hearer in list(self._of_session.get(actor.session_id, ())):
            hearer.stand_as(actor)
            if hearer in self._of_person.get(actor.person_id, ()):
                self._place_all(hearer)

    def deliver(self, entry: Entry) -> None:
        """Tell a committed entry to whoever hears its stream."""
        groups = self._hearers.get(entry.stream_id)
        if not groups:
            return
        kind = type(entry.event)
        if kind.moves_rights:
            self._deliver_rights(entry, [hearer for hearers in groups.values() for hearer in hearers])
            return
        whole = encode(entry)
        for reads, hearers in groups.items():
            frame = whole if kind.reads is None or kind.reads in reads else encode(blank(entry))
            TALLY.deliveries += len(hearers)
            for hearer in hearers:
                hearer.hear(frame)

    def tell(self, stream_id: UUID, event: Fleeting, but: UUID | None) -> None:
        """Tell a fleeting event to a stream's sockets, but those of one device."""
        groups = self._hearers.get(stream_id)
        if not groups:
            return
        frame = _encode(FleetingFrame(s=stream_id, e=event))
        for reads, hearers in groups.items():
            if event.reads is not None and event.reads not in reads:
                continue
            TALLY.deliveries += len(hearers)
            for hearer in hearers:
                if hearer.actor.device_id != but:
                    hearer.hear(frame)

    def rule_moved(self) -> None:
        """What the instance may hold has changed, and with it any right, perhaps.

        From now on each socket hears no more than it may, and its window asks again for everything.
        """
        everyone = [hearer for held in self._of_person.values() for hearer in held]
        for number, hearer in enumerate(everyone):
            self._place_all(hearer)
            frame = _encode(Reload(streams=[hearer.actor.person_id]))
            asyncio.get_running_loop().call_later(number / _RELOADS_A_SECOND, hearer.hear, frame)

    def renew(self, spaces: Iterable[UUID]) -> None:
        """Something of these spaces is another that no event tells: whoever hears them asks for them again."""
        wanted = set(spaces)
        hearers = {hearer for s in wanted for held in self._hearers.get(s, {}).values() for hearer in held}
        for number, hearer in enumerate(hearers):
            frame = _encode(Reload(streams=sorted(wanted & hearer.streams)))
            asyncio.get_running_loop().call_later(number / _RELOADS_A_SECOND, hearer.hear, frame)

    def reads(self, actor: Actor, space_id: UUID) -> Reads:
        """What an actor may read of a space."""
        return _READS.intersection(self._access.abilities(actor, space_id))

    def _place_all(self, hearer: Hearer) -> None:
        """Let a socket hear what its actor may read now, of all the spaces there are for them."""
        for space_id in {*self._access.visible(hearer.actor, Action.SPACES_SPACE_READ), *hearer.streams}:
            if space_id != hearer.actor.person_id:
                self._place(hearer, space_id)

    def _place(self, hearer: Hearer, space_id: UUID) -> None:
        """Let a socket hear of a space what its actor may read now."""
        self._part(hearer, space_id)
        reads = self.reads(hearer.actor, space_id)
        if Action.SPACES_SPACE_READ in reads:
            self._hearers[space_id].setdefault(reads, set()).add(hearer)
            hearer.streams.add(space_id)

    def _deliver_rights(self, entry: Entry, hearers: list[Hearer]) -> None:
        TALLY.deliveries += len(hearers)
        frames: dict[tuple[object, ...], bytes | None] = {}
        for hearer in hearers:
            standing = self._access.standing(hearer.actor, entry.stream_id)
            if standing not in frames:
                frames[standing] = self._for_rights(entry, hearer.actor)
            frame = frames[standing]
            if entry.stream_id != hearer.actor.person_id:
                self._place(hearer, entry.stream_id)
            if frame is None:
                hearer.hear(_encode(Reload(streams=[entry.stream_id])))
            else:
                hearer.hear(frame)

    def _for_rights(self, entry: Entry, actor: Actor) -> bytes | None:
        """The frame for all who stand as this actor; None when they may read no more."""
        if entry.stream_id == actor.person_id:
            return encode(entry)
        abilities = self._access.abilities(actor, entry.stream_id)
        if Action.SPACES_SPACE_READ not in abilities:
            return None
        return encode(told_to(entry, abilities), abilities)

    def _part(self, hearer: Hearer, stream_id: UUID) -> None:
        hearer.streams.discard(stream_id)
        groups = self._hearers.get(stream_id)
        if groups is None:
            return
        for reads in [reads for reads, hearers in groups.items() if hearer in hearers]:
            _drop(groups, reads, hearer)
        if not groups:
            del self._hearers[stream_id]


def _drop(sets: dict[K, set[Hearer]], key: K, hearer: Hearer) -> None:
    held = sets.get(key)
    if held is not None:
        held.discard(hearer)
        if not held:
            del sets[key]


def blank(entry: Entry) -> Entry:
    """An entry as somebody hears it who may not read what it tells of."""
    return msgspec.structs.replace(entry, event=Gone())


def told_to(entry: Entry, abilities: list[Action]) -> Entry:
    """An entry that moves rights, as somebody with these abilities hears it."""
    event = entry.event.told_to(abilities)
    return entry if event is entry.event else msgspec.structs.replace(entry, event=event)


def encode(entry: Entry, abilities: list[Action] | None = None) -> bytes:
    """An entry as the frame that windows get."""
    return _encode(
        EventFrame(s=entry.stream_id, q=entry.seq, at=entry.at, by=entry.by, e=entry.event, a=abilities)
    )
