"""Calls: starting, joining, leaving them."""

from collections.abc import Sequence
from uuid import UUID

from bastide.core.access import ThingKind
from bastide.core.database import Reader
from bastide.core.errors import NotFound
from bastide.core.events import Entry
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor
from bastide.meet import store
from bastide.meet.book import CallBook
from bastide.meet.engine import LiveKit
from bastide.meet.errors import CallFull
from bastide.meet.events import CallDeclined, CallEnded, CallJoined, CallLeft, CallSpeaking, CallStarted
from bastide.meet.living import Living, LivingCall
from bastide.meet.model import CallEngine, CallTicket, CallView
from bastide.meet.sockets import Sockets
from bastide.meet.tokens import Identity, read_hint
from bastide.meet.watch import Watch
from bastide.meet.watched import Patience

_SPOKEN_EVERY_S = 1.0
_SPEAKERS_MOST = 10_000


class Meet:
    """The use cases of calls.

    Made after the memberships have subscribed to the bus: they hear each event first. `start` before the first
    request, `watch.run` for as long as Bastide runs, `stop` at its end.
    """

    def __init__(
        self,
        ground: Ground,
        livekit: LiveKit,
        sockets: Sockets,
        *,
        public_url: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`public_url`: where browsers come from, when a proxy stands in front."""
        self._ground = ground
        self.public_url = public_url
        self.livekit = livekit
        self.calls = Living()
        self._spoke: dict[Identity, float] = {}
        self._book = CallBook(ground)
        self.watch = Watch(ground, livekit, self.calls, self._book, sockets, patience or Patience())
        self._kind: ThingKind[LivingCall] = ThingKind("call", self._load)
        ground.registry.add(CallStarted, CallJoined, CallLeft, CallEnded)
        ground.bus.subscribe(self._hear)

    async def start(self) -> None:
        """Take over the calls that lived when Bastide stopped."""
        async with self._ground.database.read() as reader:
            self.calls.load(await store.all_living(reader))
        self.watch.take_over()

    async def stop(self) -> None:
        """Let go of the media server; calls go on there."""
        await self.watch.stop()
        await self.livekit.close()

    # Use cases.

    async def start_or_join(self, actor: Actor, space_id: UUID, *, url: str) -> CallTicket:
        """Into the call that lives in a space, or into a new one; `url` is our own port for sockets.

        Two who start at once get the same call. A ticket is good for one minute and for this device only.

        Raises:
            Unavailable: the media server is not there; nothing was started.
            CallFull: no more devices fit.
            Refused, NotFound: the policy's answers.
        """
        self._ground.access.space(actor, Action.MEET_CALL_JOIN, space_id)
        living = self.calls.in_space(space_id)
        if living is None:
            self._ground.access.space(actor, Action.MEET_CALL_START, space_id)
        call_id = self._ground.ids.new() if living is None else living.id
        # The room comes first: nobody is rung into a call that cannot be.
        await self.livekit.ensure_room(call_id)
        call = await self._book.start(actor, space_id, call_id)
        if call.id != call_id:
            await self.livekit.ensure_room(call.id)
        return self._ticket(actor, call, url)

    async def call_in(self, actor: Actor, space_id: UUID) -> CallView:
        """The call that lives in a space; NotFound when there is none."""
        self._ground.access.space(actor, Action.MEET_CALL_READ, space_id)
        async with self._ground.database.read() as reader:
            found = await store.living(reader, [space_id])
        if not found:
            raise NotFound
        return found[0]

    async def leave(self, actor: Actor, call_id: UUID) -> None:
        """Leave, with the actor's device. The last one to leave ends the call; leaving twice is leaving once."""
        call = (await self._ground.access.fetch(actor, Action.MEET_CALL_READ, self._kind, call_id)).thing
        await self.watch.put_out(call, identity_of(actor))

    async def decline(self, actor: Actor, call_id: UUID) -> None:
        """Tell the others that one will not come. One's own other windows hear it too, and stop ringing."""
        call = (await self._ground.access.fetch(actor, Action.MEET_CALL_JOIN, self._kind, call_id)).thing
        self._ground.bus.tell(call.space_id, CallDeclined(call_id=call.id, person_id=actor.person_id))

    def speaking(self, actor: Actor, call_id: UUID) -> None:
        """Tell the others that one speaks: of a device that is in the call, and no more often than is needed."""
        call, identity = self.calls.call(call_id), identity_of(actor)
        if call is None or identity not in call.inside:
            return
        if not self._ground.access.may(actor, Action.MEET_CALL_SPEAK, call.space_id):
            return
        now = self._ground.clock.monotonic()
        if now - self._spoke.get(identity, -_SPOKEN_EVERY_S) < _SPOKEN_EVERY_S:
            return
        if len(self._spoke) >= _SPEAKERS_MOST:
            self._spoke.clear()
        self._spoke[identity] = now
        event = CallSpeaking(call_id=call.id, person_id=actor.person_id, device_id=actor.device_id)
        self._ground.bus.tell(call.space_id, event, but=actor.device_id)

    def engine(self) -> CallEngine:
        """Whether calls can be made now, for windows to say so."""
        return CallEngine(self.livekit.state)

    # For other trades.

    async def living(self, reader: Reader, spaces: Sequence[UUID]) -> list[CallView]:
        """The calls of spaces whose calls one may read (`access.may`), for a snapshot."""
        return await store.living(reader, spaces) if spaces else []

    def in_call(self, person_id: UUID) -> bool:
        """Whether a person is in some call."""
        return self.calls.holds(person_id)

    def session_ended(self, session_id: UUID) -> None:
        """A session is over: its device leaves its calls."""
        self.watch.session_ended(session_id)

    def session_moved(self, actor: Actor) -> None:
        """A living session has become stronger or weaker: it stays in the calls that it still may be in."""
        self.watch.session_moved(actor)

    # The media server.

    def hint(self, token: str, body: bytes) -> None:
        """The media server says that something changed in a room; what, it is asked.

        Raises:
            HintRefused: it was not the media server.
        """
        call_id = read_hint(self.livekit.keys, token, body)
        if call_id is not None and self.calls.call(call_id) is not None:
            self.watch.look_soon(call_id, 0.0)

    # Within.

    def _ticket(self, actor: Actor, call: CallView, url: str) -> CallTicket:
        identity = identity_of(actor)
        living = self.calls.call(call.id)
        if living is not None and not self.watch.has_room(living, identity):
            raise CallFull
        may_speak = self._ground.access.may(actor, Action.MEET_CALL_SPEAK, call.space_id)
        self.watch.expect(call.id, identity)
        token = self.livekit.ticket(call.id, identity, may_speak=may_speak)
        return CallTicket(call, url, token, may_speak)

    async def _load(self, call_id: UUID) -> LivingCall | None:
        return self.calls.call(call_id)

    def _hear(self, entry: Entry) -> None:
        self.calls.apply(entry)
        self.watch.hear(entry)


def identity_of(actor: Actor) -> Identity:
    """What a device is called in rooms."""
    return Identity(actor.person_id, actor.device_id)
