"""The calls that live, in memory: filled from the database once, then kept true by the bus."""

from collections.abc import Callable, Iterable
from uuid import UUID

from bastide.core.events import Entry
from bastide.meet.events import CallEnded, CallJoined, CallLeft, CallStarted
from bastide.meet.model import CallView, ParticipantView
from bastide.meet.tokens import Identity


class LivingCall:
    """A call that lives and who is in it."""

    __slots__ = ("id", "inside", "space_id")

    def __init__(self, view: CallView) -> None:
        self.id = view.id
        self.space_id = view.space_id
        self.inside: dict[Identity, ParticipantView] = {_identity(p): p for p in view.participants}

    @property
    def author_id(self) -> None:
        """A call belongs to nobody in particular; the policy asks."""
        return


class Living:
    """All calls that live. `moved` is told of each person who comes into their first call or leaves their last."""

    def __init__(self) -> None:
        self._calls: dict[UUID, LivingCall] = {}
        self._by_space: dict[UUID, LivingCall] = {}
        self._devices: dict[UUID, int] = {}
        self.moved: Callable[[UUID], None] = lambda _person: None

    def load(self, calls: Iterable[CallView]) -> None:
        """Fill from the database."""
        for call in calls:
            self._put(call)

    def call(self, call_id: UUID) -> LivingCall | None:
        """A call, while it lives."""
        return self._calls.get(call_id)

    def in_space(self, space_id: UUID) -> LivingCall | None:
        """The call that lives in a space."""
        return self._by_space.get(space_id)

    def all(self) -> list[LivingCall]:
        """Every call that lives."""
        return list(self._calls.values())

    def holds(self, person_id: UUID) -> bool:
        """Whether a person is in some call."""
        return person_id in self._devices

    def apply(self, entry: Entry) -> None:
        """Take in what happened. Applying the same entry twice changes nothing."""
        match entry.event:
            case CallStarted(call=call):
                self._put(call)
            case CallJoined(call_id=call_id, participant=who):
                self._enter(call_id, who)
            case CallLeft(call_id=call_id, person_id=person_id, device_id=device_id):
                self._part(call_id, Identity(person_id, device_id))
            case CallEnded(call_id=call_id):
                self._drop(call_id)
            case _:
                pass

    def _put(self, view: CallView) -> None:
        if view.id in self._calls:
            return
        call = LivingCall(view)
        self._calls[call.id] = self._by_space[call.space_id] = call
        for identity in call.inside:
            self._count(identity.person_id, 1)

    def _enter(self, call_id: UUID, who: ParticipantView) -> None:
        call, identity = self._calls.get(call_id), _identity(who)
        if call is not None and identity not in call.inside:
            call.inside[identity] = who
            self._count(identity.person_id, 1)

    def _part(self, call_id: UUID, identity: Identity) -> None:
        call = self._calls.get(call_id)
        if call is not None and call.inside.pop(identity, None) is not None:
            self._count(identity.person_id, -1)

    def _drop(self, call_id: UUID) -> None:
        call = self._calls.pop(call_id, None)
        if call is None:
            return
        if self._by_space.get(call.space_id) is call:
            del self._by_space[call.space_id]
        for identity in call.inside:
            self._count(identity.person_id, -1)

    def _count(self, person_id: UUID, change: int) -> None:
        before = self._devices.get(person_id, 0)
        devices = before + change
        if devices:
            self._devices[person_id] = devices
        else:
            self._devices.pop(person_id, None)
        if not before or not devices:
            self.moved(person_id)


def _identity(who: ParticipantView) -> Identity:
    return Identity(who.person_id, who.device_id)
