"""Watches over the calls that live: what the media server says is in a room becomes what is written down.

The truth is asked of the media server (a look); webhooks, connections and events only say when to ask. While calls
live, the list of rooms is fetched every few seconds, and only rooms that differ from what is known are looked into
(the media server counts its rooms anew every five seconds, so a room differs a little longer than it does).
Whoever may no longer be in a call is put out, again and again if need be. Nothing is asked while no call lives.
"""

import asyncio
from collections.abc import Collection, Coroutine, Iterable
from typing import Any
from uuid import UUID

import structlog

from bastide.core.ending import heed_cancellation
from bastide.core.errors import Problem, Unavailable
from bastide.core.events import Entry
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, ActorKind, Strength
from bastide.core.wordless import kinds_of
from bastide.meet import store
from bastide.meet.book import CallBook
from bastide.meet.engine import DEVICES_MOST, DeviceSeen, LiveKit
from bastide.meet.errors import CallsBuilding, CallsFailed, CallsStarting
from bastide.meet.events import CallEnded, CallStarted
from bastide.meet.living import Living, LivingCall
from bastide.meet.sockets import Sockets
from bastide.meet.tokens import Identity
from bastide.meet.watched import Patience, Watched
from bastide.spaces.events import MemberChanged, MemberRemoved, SpaceChanged

log = structlog.get_logger()

_LOOKS_AT_ONCE = 8
_SLOTS_A_SECOND = 4
# When to look after somebody was let in or put out: they may still be on their way.
_AGAIN_S = (0.3, 1.0, 3.0)
_REMOVED_WITHIN_S = 0.7
_HEARS_WHY_S = 0.3
_FOREIGN_MOST = 10_000


class Watch:
    """Keeps calls true."""

    def __init__(
        self,
        ground: Ground,
        livekit: LiveKit,
        living: Living,
        book: CallBook,
        sockets: Sockets,
        patience: Patience,
    ) -> None:
        self._ground = ground
        self._livekit = livekit
        self._living = living
        self._book = book
        self._sockets = sockets
        self._patience = patience
        self._watched: dict[UUID, Watched] = {}
        self._locks: dict[UUID, asyncio.Lock] = {}
        self._slots: set[tuple[UUID, int]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._looks = asyncio.Semaphore(_LOOKS_AT_ONCE)
        self._some = asyncio.Event()
        self._dark = False
        self._stopped = False
        self._unclosed: set[UUID] = set()
        self._foreign: set[UUID] = set()

    # What others say.

    def expect(self, call_id: UUID, identity: Identity) -> None:
        """A ticket was given: the device may come in, and the call waits for it."""
        self._of(call_id).expect(identity, self._now())

    def admitted(self, call_id: UUID, actor: Actor, sid: str) -> None:
        """A device's connection passed our door, to the room `sid`."""
        watched, identity = self._of(call_id), Identity(actor.person_id, actor.device_id)
        watched.note_room(sid, self._now())
        watched.expect(identity, self._now())
        watched.actors[identity] = actor
        self.look_soon(call_id, *_AGAIN_S)

    def is_barred(self, call_id: UUID, identity: Identity) -> bool:
        """Whether a device left or was put out, and has had no ticket since."""
        watched = self._watched.get(call_id)
        return watched is not None and identity in watched.barred

    def has_room(self, call: LivingCall, identity: Identity) -> bool:
        """Whether one more device fits into a call."""
        there = call.inside.keys() | self._of(call.id).expected.keys()
        return identity in there or len(there) < DEVICES_MOST

    def hear(self, entry: Entry) -> None:
        """An event of the journal. The memberships and the living calls hear it before."""
        match entry.event:
            case CallStarted(call=started):
                self._foreign.discard(started.id)
                self._some.set()
            case CallEnded(call_id=call_id):
                self._watched.pop(call_id, None)
                self._locks.pop(call_id, None)
            case MemberRemoved() | MemberChanged() | SpaceChanged():
                call = self._living.in_space(entry.stream_id)
                if call is not None:
                    self._rights_moved(call)
            case _:
                pass

    def rule_moved(self) -> None:
        """What the instance may hold has changed: every call is weighed again."""
        for call in self._living.all():
            self._rights_moved(call)

    def session_ended(self, session_id: UUID) -> None:
        """Somebody signed out or was signed out: the device of that session leaves its calls."""
        for call in self._living.all():
            for identity, actor in list(self._of(call.id).actors.items()):
                if actor.session_id == session_id:
                    self._begin(self.put_out(call, identity))

    def holds_session(self, session_id: UUID) -> bool:
        """Whether the device of a session is in a call."""
        return any(
            actor.session_id == session_id
            for call in self._living.all()
            for actor in self._of(call.id).actors.values()
        )

    def session_moved(self, actor: Actor) -> None:
        """A session's rights are another's from now on: the calls that it is in are weighed again."""
        for call in self._living.all():
            for identity, held in list(self._of(call.id).actors.items()):
                if held.session_id == actor.session_id:
                    self._of(call.id).actors[identity] = actor
                    self._rights_moved(call)

    def look_soon(self, call_id: UUID, *after_s: float) -> None:
        """Look into a room once after each of these times; what falls close together is one look."""
        loop = asyncio.get_running_loop()
        for after in after_s:
            at = loop.time() + after
            slot = (call_id, int(at * _SLOTS_A_SECOND))
            if slot not in self._slots:
                self._slots.add(slot)
                loop.call_at(at, self._begin_look, slot)

    # The round.

    def take_over(self) -> None:
        """The calls that lived when Bastide stopped are watched again; who is in them has a while to be back."""
        for call in self._living.all():
            self._of(call.id).renew(self._now())
            self._some.set()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            heed_cancellation()
            await self._some.wait()
            if not self._living.all() and not self._unclosed:
                self._some.clear()
                continue
            try:
                await self.round()
            except Problem as error:
                self._note(error)
            except Exception:
                log.exception("meet.round_failed")
            heed_cancellation()
            await asyncio.sleep(self._patience.poll)

    async def stop(self) -> None:
        """Drop what is under way."""
        self._stopped = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def round(self) -> None:
        """List the rooms, and look into each that differs from what is known.

        Raises:
            Unavailable: the media server or the database does not answer.
        """
        rooms = {room.call_id: room for room in await self._livekit.rooms()}
        self._note_bright()
        await self._clear_away(rooms)
        now = self._now()
        for call_id in [c for c, w in self._watched.items() if not w.expected and not self._living.call(c)]:
            del self._watched[call_id]
        due: list[UUID] = []
        for call in self._living.all():
            watched, room = self._of(call.id), rooms.get(call.id)
            watched.note_room(room.sid if room else "", now)
            if watched.is_due(now, known=len(call.inside), devices=room.devices if room else 0):
                due.append(call.id)
        await asyncio.gather(*(self.look(call_id) for call_id in due))

    async def look(self, call_id: UUID) -> None:
        """Ask who is in a room, and act on it."""
        if self._living.call(call_id) is None:
            return
        async with self._locks.setdefault(call_id, asyncio.Lock()), self._looks:
            call = self._living.call(call_id)
            if call is None:
                return
            try:
                devices = await self._livekit.devices(call_id)
                await self._judge(call, devices)
            except Problem as error:
                self._note(error)

    async def _judge(self, call: LivingCall, devices: list[DeviceSeen]) -> None:
        watched = self._of(call.id)
        present: set[Identity] = set()
        for device in devices:
            identity = device.identity
            if (
                identity is None
                or identity in watched.barred
                or not self._may(call, identity, Action.MEET_CALL_JOIN)
            ):
                await self._livekit.remove(call.id, device.name)
                continue
            present.add(identity)
            may_speak = self._may(call, identity, Action.MEET_CALL_SPEAK)
            if device.may_publish != may_speak:
                await self._livekit.permit(call.id, device.name, may_speak=may_speak)
        verdict = watched.weigh(self._now(), known=call.inside.keys(), present=present)
        for identity in verdict.unchecked:
            log.warning("meet.unchecked_put_out", call=str(call.id))
            self._begin(self.put_out(call, identity))
        if verdict.arrived or verdict.left or verdict.deserted:
            await self._settle(call, arrived=verdict.arrived, left=verdict.left, may_end=verdict.deserted)

    async def put_out(self, call: LivingCall, identity: Identity) -> None:
        """A device is out of a call: for the media server, for its sockets, and in what is written down.

        When nobody else is in it or awaited, the call is over.
        """
        watched = self._of(call.id)
        watched.bar(identity)
        try:
            async with asyncio.timeout(_REMOVED_WITHIN_S):
                await self._livekit.remove(call.id, str(identity))
        except (Unavailable, TimeoutError):
            log.info("meet.removal_unheard", call=str(call.id))
            self._cut(call.id, identity)
        else:
            # The window first hears from the media server why; it is in the call no more.
            asyncio.get_running_loop().call_later(_HEARS_WHY_S, self._cut, call.id, identity)
        self.look_soon(call.id, *_AGAIN_S)
        await self._settle(call, left=[identity], may_end=not watched.awaits(self._now()))

    def _cut(self, call_id: UUID, identity: Identity) -> None:
        if self.is_barred(call_id, identity) or self._living.call(call_id) is None:
            self._sockets.cut(call_id, identity)

    async def _settle(
        self,
        call: LivingCall,
        *,
        arrived: Iterable[Identity] = (),
        left: Iterable[Identity] = (),
        may_end: bool,
    ) -> None:
        """Write down who came and went; closes the room of a call that is over."""
        over = await self._book.settle(
            call.id, call.space_id, arrived=list(arrived), left=list(left), may_end=may_end
        )
        if over:
            await self._close_room(call.id)

    async def _close_room(self, call_id: UUID) -> None:
        try:
            await self._livekit.delete_room(call_id)
        except Unavailable as error:
            self._note(error)
            self._unclosed.add(call_id)
            self._some.set()

    async def _clear_away(self, rooms: Collection[UUID]) -> None:
        """Close rooms of calls that ended while the media server did not answer. Rooms of others stay."""
        self._unclosed.intersection_update(rooms)
        unknown = [r for r in rooms if self._living.call(r) is None and r not in self._foreign]
        if not unknown:
            return
        async with self._ground.database.read() as reader:
            over = set(await store.ended(reader, unknown))
        for call_id in unknown:
            if call_id in over:
                await self._close_room(call_id)
            elif len(self._foreign) < _FOREIGN_MOST:
                self._foreign.add(call_id)

    # Rights.

    def _rights_moved(self, call: LivingCall) -> None:
        watched = self._of(call.id)
        for identity in call.inside.keys() | watched.expected.keys() | watched.actors.keys():
            if not self._may(call, identity, Action.MEET_CALL_JOIN):
                self._begin(self.put_out(call, identity))
        self.look_soon(call.id, 0.0, *_AGAIN_S)

    def _may(self, call: LivingCall, identity: Identity, action: Action) -> bool:
        place = self._ground.memberships.place(call.space_id)
        presumed = _presumed(identity, place.organisation_id if place else identity.person_id)
        actor = self._of(call.id).actors.get(identity) or presumed
        return self._ground.access.may(actor, action, call.space_id)

    # Odds and ends.

    def _of(self, call_id: UUID) -> Watched:
        # Also for a call whose start the bus has not told yet; `round` drops what never comes to life.
        watched = self._watched.get(call_id)
        if watched is None:
            watched = self._watched[call_id] = Watched(self._patience)
        return watched

    def _now(self) -> float:
        return self._ground.clock.monotonic()

    def _note(self, error: Problem) -> None:
        """Something did not answer or refused; the next round tries again."""
        silent = isinstance(error, CallsBuilding | CallsStarting | CallsFailed)
        if not (silent and self._dark):
            log.warning("meet.postponed", code=error.code, reason=error.reason, error=kinds_of(error))
        self._dark = self._dark or silent

    def _note_bright(self) -> None:
        if self._dark:
            self._dark = False
            log.info("meet.engine_back")
            for call in self._living.all():
                self._of(call.id).renew(self._now())

    def _begin_look(self, slot: tuple[UUID, int]) -> None:
        self._slots.discard(slot)
        if not self._stopped:
            self._begin(self.look(slot[0]))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._finish(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Problem as error:
            self._note(error)
        except Exception:
            log.exception("meet.work_failed")


def _presumed(identity: Identity, organisation_id: UUID) -> Actor:
    """Who a device in a room is taken for until its connection passes our door again, after a restart: a while only."""
    return Actor(
        kind=ActorKind.AGENT,
        person_id=identity.person_id,
        organisation_id=organisation_id,
        device_id=identity.device_id,
        session_id=identity.device_id,
        strength=Strength.PASSKEY,
    )
