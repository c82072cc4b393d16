"""Exports: a manager takes away all that a space holds, also when the instance may hold it no longer."""

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from bastide.chat.service import Chat
from bastide.core.audit import Line
from bastide.core.errors import NotFound, Problem
from bastide.core.ground import Ground
from bastide.core.limits import Allowances
from bastide.core.policy import Action, Actor
from bastide.export.errors import ExportRunning, ExportsBusy, SessionOver
from bastide.export.events import ExportMoved, ExportState
from bastide.export.model import ExportTicket
from bastide.export.wording import Language
from bastide.export.writing import Trades, Writing, root_of
from bastide.files.service import Files
from bastide.people.service import People
from bastide.spaces.model import SpaceView
from bastide.spaces.service import Spaces

TICKET_S = timedelta(minutes=2).total_seconds()
AT_ONCE_MOST = 32
_TOLD_EVERY_S = 0.5
_CLIENT_LEFT = "left"


class Outgoing(msgspec.Struct, frozen=True):
    """An export that is about to be sent: what to call it, and its bytes."""

    name: str
    pieces: AsyncGenerator[bytes]


class _Order(msgspec.Struct, frozen=True):
    ticket: ExportTicket
    actor: Actor
    space: SpaceView
    language: Language
    until: float


class Exports:
    """The use cases of exports."""

    def __init__(
        self, ground: Ground, people: People, spaces: Spaces, chat: Chat, files: Files, zone: ZoneInfo
    ) -> None:
        self._ground = ground
        self._zone = zone
        self._trades = Trades(ground.database, ground.clock, people, spaces, chat, files)
        # By person: one may be asked for and one under way.
        self._orders: dict[UUID, _Order] = {}
        self._running: dict[UUID, Actor] = {}
        self._ended: set[UUID] = set()

    async def prepare(self, actor: Actor, space_id: UUID, language: Language) -> ExportTicket:
        """Say how much it is, and let the same session fetch it once, within two minutes.

        Raises:
            Refused: not a manager, or (restricted) no passkey.
            ExportRunning, ExportsBusy: not now.
        """
        self._ground.access.space(actor, Action.SPACES_SPACE_EXPORT, space_id)
        self._check_room(actor)
        self._ground.allowances.take(Allowances.EXPORT, actor.person_id)
        own = await self._trades.spaces.own(actor, space_id)
        async with self._ground.database.read() as reader:
            channels = await self._trades.chat.channels_in(reader, space_id)
            total = await self._trades.files.total_in(reader, space_id)
        ticket = ExportTicket(
            id=self._ground.ids.new(),
            name=f"{root_of(own.space, self._ground.clock.now(), self._zone)}.zip",
            channels=len(channels),
            messages=sum(c.last_ordinal for c in channels),
            members=own.space.members_count,
            files=total.files,
            size=total.size,
        )
        now = self._ground.clock.monotonic()
        self._orders = {p: o for p, o in self._orders.items() if o.until > now}
        self._orders[actor.person_id] = _Order(ticket, actor, own.space, language, now + TICKET_S)
        return ticket

    async def fetch(self, actor: Actor, space_id: UUID, export_id: UUID) -> Outgoing:
        """What was prepared. It is recorded before the first byte goes out, and once more at its end.

        Raises:
            NotFound: nothing that this session asked for here, or too long ago, or fetched already.
        """
        self._ground.access.space(actor, Action.SPACES_SPACE_EXPORT, space_id)
        order = self._orders.get(actor.person_id)
        if (
            order is None
            or order.ticket.id != export_id
            or order.space.id != space_id
            or order.actor.session_id != actor.session_id
            or order.until <= self._ground.clock.monotonic()
        ):
            raise NotFound
        self._check_room(actor)
        del self._orders[actor.person_id]
        async with self._ground.database.transaction() as tx:
            await self._ground.audit.record(tx, _line(order, "begun"))
        return Outgoing(order.ticket.name, self._send(order))

    def session_ended(self, session_id: UUID) -> None:
        """What a session fetches stops with it."""
        if any(actor.session_id == session_id for actor in self._running.values()):
            self._ended.add(session_id)

    def _check_room(self, actor: Actor) -> None:
        if actor.person_id in self._running:
            raise ExportRunning
        if len(self._running) >= AT_ONCE_MOST:
            raise ExportsBusy

    async def _send(self, order: _Order) -> AsyncGenerator[bytes]:
        """The bytes, with word of how far they are. However it ends, that is said and recorded."""
        actor, because = order.actor, _CLIENT_LEFT
        # Only from the first byte on: what is never begun would never end either.
        self._check_room(actor)
        self._running[actor.person_id] = actor
        writing = Writing(self._trades, actor, order.space, order.language, self._zone, self._checking(order))
        told = -_TOLD_EVERY_S
        try:
            async for piece in writing.pieces():
                now = self._ground.clock.monotonic()
                if now - told >= _TOLD_EVERY_S:
                    told = now
                    self._tell(order, writing, ExportState.RUNNING)
                yield piece
            because = ""
        except Problem as problem:
            because = problem.code
            raise
        except Exception:
            because = "internal"
            raise
        finally:
            # Nothing is waited for here: whoever fetched may be gone, and this with them.
            del self._running[actor.person_id]
            self._ended.discard(actor.session_id)
            state = ExportState.STOPPED if because else ExportState.DONE
            self._tell(order, writing, state, because or None)
            self._ground.audit.note(_line(order, state.value, sent=str(writing.sent), because=because))

    def _checking(self, order: _Order) -> Callable[[], None]:
        def check() -> None:
            if order.actor.session_id in self._ended:
                raise SessionOver
            self._ground.access.space(order.actor, Action.SPACES_SPACE_EXPORT, order.space.id)

        return check

    def _tell(self, order: _Order, writing: Writing, state: ExportState, because: str | None = None) -> None:
        event = ExportMoved(
            export_id=order.ticket.id,
            space_id=order.space.id,
            state=state,
            sent=writing.sent,
            share=1.0 if state is ExportState.DONE else writing.progress.share,
            because=because,
        )
        self._ground.bus.tell(order.actor.person_id, event)


def _line(order: _Order, step: str, **more: str) -> Line:
    ticket = order.ticket
    detail = {
        "step": step,
        "export": str(ticket.id),
        "label": order.space.label.value,
        "messages": str(ticket.messages),
        "files": str(ticket.files),
        "size": str(ticket.size),
        **{name: word for name, word in more.items() if word},
    }
    action = Action.SPACES_SPACE_EXPORT.value
    return Line(action, True, order.actor.person_id, order.space.id, detail=detail)
