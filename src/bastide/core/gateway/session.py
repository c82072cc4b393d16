"""One socket's conversation: hello, what was missed, requests and their answers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
import structlog

from bastide.core.access import Access
from bastide.core.clock import Clock
from bastide.core.database import Database
from bastide.core.errors import NotSignedIn, Problem, TooMany
from bastide.core.events import Entry
from bastide.core.gateway.contract import CloseCode, Handshake, Listener, Peer, Refused
from bastide.core.gateway.frames import (
    VERSION,
    Away,
    Done,
    Failed,
    FromWindow,
    Hello,
    Ping,
    Reload,
    Request,
    ToWindow,
    Watch,
    Welcome,
)
from bastide.core.gateway.handshake import refused, same_origin
from bastide.core.gateway.hub import Hub, blank, encode, told_to
from bastide.core.gateway.presence import WATCHED_MOST, Presences
from bastide.core.http.problems import Defect
from bastide.core.journal import Journal
from bastide.core.policy import Action, Actor

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode

MISSED_MOST = 300
_CURSORS_MOST = 5_000
_OUTSTANDING_MOST = 64
_WAITING_MOST = 2_000
_HELLO_WITHIN_S = 10.0
_BACK_A_SECOND = 2_500  # windows that one core takes back, with what they missed
_SPREAD_LEAST_S, _SPREAD_MOST_S = 2.0, 30.0

SIGNED_OUT = 4401
UNREADABLE = 4400
WRONG_VERSION = 4426

Answer = Callable[[Actor, Any], Awaitable[object]]
Note = Callable[[Actor, Any], None]


class Frames:
    """The frames that windows may send, and who answers them; modules add theirs in `app`."""

    def __init__(self) -> None:
        self.requests: dict[type[Request], Answer] = {}
        self.notes: dict[type[FromWindow], Note] = {}
        self._decoder: msgspec.json.Decoder[Any] | None = None

    def answer(self, frame: type[Request], answer: Answer) -> None:
        """A frame with an answer: `answer(actor, frame)` gives its result or raises a Problem."""
        self.requests[frame] = answer

    def note(self, frame: type[FromWindow], note: Note) -> None:
        """A frame without an answer; a Problem it raises is dropped."""
        self.notes[frame] = note

    @property
    def types(self) -> list[type[FromWindow]]:
        """Every frame a window may send, for the generated contract."""
        return [Hello, Watch, Away, Ping, *self.requests, *self.notes]

    def decode(self, frame: bytes) -> FromWindow:
        """A frame; raises msgspec's errors for what is none."""
        if self._decoder is None:
            union: Any = self.types[0]
            for kind in self.types[1:]:
                union = union | kind
            self._decoder = msgspec.json.Decoder(union)
        return self._decoder.decode(frame)


def spread(people: int) -> int:
    """Over how many milliseconds windows come back that lost the server together, in a house of so many people."""
    return round(1_000 * min(max(people / _BACK_A_SECOND, _SPREAD_LEAST_S), _SPREAD_MOST_S))


class Gate(msgspec.Struct, frozen=True):
    """The endpoint `/api/socket`: lets in who has a session and comes from our own window."""

    authenticate: Callable[[str], Awaitable[Actor | None]]
    cookie: str
    public_url: str | None
    hub: Hub
    presences: Presences
    frames: Frames
    access: Access
    database: Database
    journal: Journal
    clock: Clock
    build: str
    rule: Callable[[], str]
    people: Callable[[], int]

    async def authorise(self, handshake: Handshake) -> Listener | Refused:
        if not same_origin(handshake, self.public_url):
            return refused(NotSignedIn())
        actor = await self.authenticate(handshake.cookies.get(self.cookie, ""))
        if actor is None:
            return refused(NotSignedIn())
        return Socket(self, actor)


class Socket:
    """An open socket of a signed-in device."""

    def __init__(self, gate: Gate, actor: Actor) -> None:
        self._gate = gate
        self.actor = actor
        self.streams: set[UUID] = set()
        self.watched: set[UUID] = set()
        self.away = False
        self._peer: Peer | None = None
        self._greeted = False
        self._closed = False
        self._waiting: list[bytes] | None = []  # heard while catching up; None once caught up
        self._tasks: set[asyncio.Task[None]] = set()
        self._hello_timer: asyncio.TimerHandle | None = None

    @property
    def peer(self) -> Peer:
        if self._peer is None:
            raise RuntimeError("the socket is not open yet")
        return self._peer

    def hear(self, frame: bytes) -> None:
        """Send a frame, after what is still to catch up with."""
        if self._waiting is None:
            self.peer.send_text(frame)
        elif len(self._waiting) < _WAITING_MOST:
            self._waiting.append(frame)
        else:
            self.peer.close(CloseCode.RESUME_LATER, "resume-later")

    def stand_as(self, actor: Actor) -> None:
        """From now on the session stands for this actor."""
        self.actor = actor

    def on_open(self, peer: Peer) -> None:
        self._peer = peer
        self._gate.hub.arrive(self)
        self._hello_timer = asyncio.get_running_loop().call_later(_HELLO_WITHIN_S, self._no_hello)

    def on_binary(self, frame: bytes) -> None:  # noqa: ARG002 - the protocol is text
        self.peer.close(UNREADABLE, "text-only")

    def on_text(self, frame: bytes) -> None:
        try:
            said = self._gate.frames.decode(frame)
        except (msgspec.MsgspecError, RecursionError):
            self.peer.close(UNREADABLE, "unreadable-frame")
            return
        if isinstance(said, Hello):
            self._hello(said)
        elif not self._greeted:
            self.peer.close(UNREADABLE, "hello-first")
        else:
            self._take(said)

    def on_close(self, code: int) -> None:  # noqa: ARG002 - whatever the code, it is gone
        self._closed = True
        if self._hello_timer is not None:
            self._hello_timer.cancel()
        self._gate.hub.leave(self)
        if self._greeted:
            self._gate.presences.leave(self)

    def _no_hello(self) -> None:
        if not self._greeted:
            self.peer.close(UNREADABLE, "hello-first")

    def _hello(self, hello: Hello) -> None:
        if self._greeted or len(hello.cursors) > _CURSORS_MOST:
            self.peer.close(UNREADABLE, "unreadable-frame")
            return
        if hello.v != VERSION:
            self.peer.close(WRONG_VERSION, "wrong-version")
            return
        self._greeted = True
        spaces = self._gate.access.visible(self.actor, Action.SPACES_SPACE_READ)
        gate = self._gate
        self._send(
            Welcome(
                v=VERSION,
                now=gate.clock.now(),
                build=gate.build,
                rule=gate.rule(),
                spread=spread(gate.people()),
            )
        )
        # Subscribed before what was missed is read: an entry may come twice (windows skip by seq), none falls between.
        self._gate.hub.enter(self, spaces)
        self._gate.presences.enter(self)
        self._spawn(self._catch_up(hello.cursors, spaces))

    async def _catch_up(self, cursors: dict[UUID, int], spaces: list[UUID]) -> None:
        try:
            await self._tell_missed(cursors, spaces)
        except Problem:
            self.peer.close(CloseCode.TRY_AGAIN_LATER, "try-again")
        except Exception:
            log.exception("socket.catch_up_defect")
            self.peer.close(CloseCode.INTERNAL, "internal")  # else it would wait for ever, and look alive

    async def _tell_missed(self, cursors: dict[UUID, int], spaces: list[UUID]) -> None:
        """Tell what was missed since the cursors; name the streams of which too much was."""
        allowed = {self.actor.person_id, *spaces}
        known = {s: q for s, q in cursors.items() if s in allowed}
        async with self._gate.database.read() as reader:
            missed = await self._gate.journal.since_many(reader, known, most=MISSED_MOST)
        reload = [s for s in allowed if missed.get(s) is None]
        for stream_id, entries in missed.items():
            if stream_id not in self.streams:
                continue  # removed while we were reading
            self._tell_stream(stream_id, entries or ())
        # Streams that are gone for this person are named too, so that the window lets go of them.
        reload += [s for s in cursors if s not in allowed]
        if reload:
            self._send(Reload(streams=reload))
        waiting, self._waiting = self._waiting, None
        for frame in waiting or ():
            self.peer.send_text(frame)

    def _tell_stream(self, stream_id: UUID, entries: Sequence[Entry]) -> None:
        """Tell what was missed of a stream, as far as one may read it now."""
        own = stream_id == self.actor.person_id
        reads = self._gate.hub.reads(self.actor, stream_id)
        for entry in entries:
            kind = type(entry.event)
            if kind.reads is not None and kind.reads not in reads:
                self.peer.send_text(encode(blank(entry)))
                continue
            if kind.moves_rights and not own:
                abilities = self._gate.access.abilities(self.actor, stream_id)
                self.peer.send_text(encode(told_to(entry, abilities), abilities))
            else:
                self.peer.send_text(encode(entry))

    def _take(self, said: FromWindow) -> None:
        match said:
            case Watch(people=people):
                if len(people) > WATCHED_MOST:
                    self.peer.close(UNREADABLE, "too-many-watched")
                else:
                    self._gate.presences.watch(self, people)
            case Away(away=away):
                self.away = away
                self._gate.presences.changed(self.actor.person_id)
            case Ping(n=n):
                self._send(Done(n=n))
            case Request():
                self._request(said)
            case _:
                note = self._gate.frames.notes[type(said)]
                try:
                    note(self.actor, said)
                except Problem as problem:
                    log.debug("socket.note_refused", code=problem.code)

    def _request(self, request: Request) -> None:
        if len(self._tasks) >= _OUTSTANDING_MOST:
            self._fail(request.n, TooMany(retry_after_s=1.0))
            return
        self._spawn(self._answer(request))

    async def _answer(self, request: Request) -> None:
        answer = self._gate.frames.requests[type(request)]
        try:
            result = await answer(self.actor, request)
        except Problem as problem:
            self._fail(request.n, problem)
        except Exception:
            log.exception("socket.defect", frame=type(request).__name__)
            self._fail(request.n, Defect())
        else:
            self._send(Done(n=request.n, r=result))

    def _fail(self, n: int, problem: Problem) -> None:
        self._send(Failed(n=n, problem=problem.details()))

    def _send(self, frame: ToWindow) -> None:
        if not self._closed:
            self.peer.send_text(_encode(frame))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
