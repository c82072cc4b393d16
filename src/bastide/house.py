"""The house put together: every part, who gets what, who hears whom. The one place that knows all modules."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from bastide import chat, core, files, hosting, meet, people, spaces
from bastide.chat.service import Chat
from bastide.chat.socket import wire as wire_chat
from bastide.core.access import Access
from bastide.core.audit import Audit
from bastide.core.blobs import Blobs
from bastide.core.bus import Bus
from bastide.core.clock import Clock
from bastide.core.database import Database
from bastide.core.ending import heed_cancellation
from bastide.core.errors import Unavailable
from bastide.core.events import Entry, EventRegistry
from bastide.core.gateway.contract import Endpoint
from bastide.core.gateway.crowd import Crowd
from bastide.core.gateway.hub import Hub
from bastide.core.gateway.presence import Presences
from bastide.core.gateway.proxy import PATHS as SIGNAL_PATHS
from bastide.core.gateway.session import SIGNED_OUT, Frames, Gate
from bastide.core.ground import Ground
from bastide.core.http.cookies import CookieNames
from bastide.core.ids import Ids
from bastide.core.jobs import Jobs
from bastide.core.journal import Journal
from bastide.core.limits import Allowances
from bastide.core.migrate import Migration, collect
from bastide.core.pictures import Pictures
from bastide.core.policy import Actor
from bastide.core.tally import TALLY
from bastide.export.service import Exports
from bastide.files.service import Files
from bastide.home.service import Home
from bastide.hosting.hearing import Hearing
from bastide.hosting.rulebook import Rulebook
from bastide.hosting.service import HostingRule
from bastide.meet.admission import Admissions
from bastide.meet.engine import EngineState, EngineView, LiveKit
from bastide.meet.service import Meet
from bastide.meet.signalling import Signalling
from bastide.meet.socket import wire as wire_meet
from bastide.meet.tokens import Keys
from bastide.people.acceptance import Acceptance
from bastide.people.administering import Administering
from bastide.people.administration import Administration
from bastide.people.devices import Devices
from bastide.people.first import First
from bastide.people.invitations import Invitations
from bastide.people.offices import Offices
from bastide.people.passkeys import Passkeys
from bastide.people.passwords import Passwords
from bastide.people.portraits import Portraits
from bastide.people.recovery import Recovery
from bastide.people.resets import Resets
from bastide.people.service import People
from bastide.people.sessions import Sessions
from bastide.people.suspension import Suspension
from bastide.settings import Settings
from bastide.spaces.book import Book
from bastide.spaces.departures import Departures
from bastide.spaces.guests import Guests
from bastide.spaces.labels import Labels
from bastide.spaces.losses import Losses
from bastide.spaces.orphans import Orphans
from bastide.spaces.roster import Roster
from bastide.spaces.service import Spaces
from bastide.trail.service import Trail

log = structlog.get_logger()

# Tables refer to those of the modules before them.
_MODULES = (core, people, hosting, spaces, files, chat, meet)
_REREAD_MOST = 500
_SWEEP_EVERY_S = 60.0
_LEFT_EVERY_S = 10.0


def migrations() -> list[Migration]:
    """Every migration of the house, in order."""
    return collect([Path(str(module.__file__)).parent for module in _MODULES])


class House:
    """All services of one instance. `build`, then `open`; `close` when done."""

    def __init__(self, ground: Ground, settings: Settings) -> None:
        self.ground = ground
        self.settings = settings
        self.cookies = CookieNames.for_instance(https=settings.https)
        self.frames = Frames()
        self._tasks: list[asyncio.Task[None]] = []

    roster: Roster
    rulebook: Rulebook
    hosting: HostingRule
    hearing: Hearing
    hub: Hub
    presences: Presences
    people: People
    first: First
    passkeys: Passkeys
    recovery: Recovery
    resets: Resets
    offices: Offices
    devices: Devices
    portraits: Portraits
    invitations: Invitations
    acceptance: Acceptance
    administering: Administering
    administration: Administration
    suspension: Suspension
    spaces: Spaces
    labels: Labels
    departures: Departures
    guests: Guests
    losses: Losses
    orphans: Orphans
    book: Book
    files: Files
    chat: Chat
    meet: Meet
    admissions: Admissions
    signalling: Signalling
    home: Home
    exports: Exports
    trail: Trail

    @classmethod
    def build(
        cls,
        settings: Settings,
        *,
        conninfo: str,
        clock: Clock | None = None,
        ids: Ids | None = None,
        keys: Keys | None = None,
        calls: Callable[[], EngineView] | None = None,
    ) -> "House":
        """Put everything together; nothing is opened yet.

        Args:
            settings: what the operator chose.
            conninfo: the database.
            clock: the machine's, unless a test or the demo holds one.
            ids: random, unless a test wants the same ones each time.
            keys: the media server's key.
            calls: where the media server stands now.
        """
        clock = clock or Clock()
        ids, registry, bus = ids or Ids(clock), EventRegistry(), Bus()
        database = Database(conninfo)
        audit, roster, jobs = Audit(database, clock), Roster(), Jobs(conninfo)
        rulebook = Rulebook(clock, settings.zone)
        ground = Ground(
            clock=clock,
            ids=ids,
            database=database,
            registry=registry,
            journal=Journal(registry, clock, bus.baseline),
            bus=bus,
            memberships=roster,
            access=Access(roster, rulebook, audit.refused),
            audit=audit,
            blobs=Blobs.local(settings.data / "blobs", database, clock, ids),
            jobs=jobs,
            allowances=Allowances(clock),
        )
        house = cls(ground, settings)
        house.roster, house.rulebook = roster, rulebook
        house._move_in(keys or Keys("none", "none"), calls or _no_calls)
        return house

    def _move_in(self, keys: Keys, calls: Callable[[], EngineView]) -> None:
        """Make the trades, in the order in which they hear events: memberships, calls, then windows."""
        ground, pictures = self.ground, Pictures()
        ground.database.published = ground.bus.publish
        ground.database.doubted = ground.bus.doubt
        ground.bus.reread = self._reread
        ground.bus.subscribe(self.roster.apply)
        ground.bus.subscribe(self.rulebook.apply)
        self.hub = Hub(ground.access)
        self.roster.entered, self.roster.parted = self.hub.entered, self.hub.parted

        ground.blobs.refer("person", "picture")
        ground.blobs.schedule(ground.jobs)
        self._move_people_in(pictures)
        self.hosting = HostingRule(ground, self.people, self.rulebook)
        self.hearing = Hearing(ground)
        self.spaces = Spaces(ground, self.people, self.roster)
        self.losses, self.orphans = Losses(ground), Orphans(ground, self.people)
        self.book = Book(ground, self.people)
        self.labels = Labels(ground, self.people, self.spaces, self.losses)
        self.guests = Guests(
            ground,
            self.people,
            self.invitations,
            self.acceptance,
            self.losses,
            lambda: self.rulebook.today,
        )
        self.departures = Departures(
            ground,
            self.people,
            self.roster,
            self.losses,
            lambda: self.rulebook.today,
            kept=timedelta(days=self.settings.guests_kept),
        )
        self.labels.endings.append(self.guests)
        self.labels.without_passkey = self.people.without_passkey
        self.files = Files(ground, pictures, upload_most=self.settings.upload_most)
        self.chat = Chat(ground, self.people, self.files)
        self.spaces.furnish.append(self.chat.furnish)
        wire_chat(self.frames, self.chat)

        livekit = LiveKit(keys, calls, ground.clock)
        self.signalling = Signalling(livekit)
        self.meet = Meet(ground, livekit, self.signalling, public_url=self.settings.public_url)
        wire_meet(self.frames, self.meet)
        self.admissions = Admissions(ground.access, livekit, self.meet.calls, self.meet.watch)
        self.presences = Presences(self.people.may_see, self.meet.in_call)
        self.home = Home(ground, self.hosting, self.people, self.spaces, self.chat, self.meet)
        self.exports = Exports(ground, self.people, self.spaces, self.chat, self.files, self.settings.zone)
        self.trail = Trail(ground, self.people, self.spaces)
        self.meet.calls.moved = self.presences.changed
        self.people.changed = lambda card: self.presences.renamed(card.id, card)
        self.people.sessions.ended = self._session_ended
        self.people.sessions.moved = self._session_moved
        self.devices.connected = lambda session: self.hub.attended(session) is not None
        self.suspension.moved = lambda person: self.hub.renew(self.roster.spaces_of(person))
        self.rulebook.moved = self._rule_moved

        ground.bus.subscribe(self.hub.deliver)
        ground.bus.subscribe(self.departures.apply)
        ground.bus.subscribe_fleeting(self.hub.tell)

    def _move_people_in(self, pictures: Pictures) -> None:
        ground = self.ground
        self.people = People(ground, Sessions(ground), Passwords(), self.roster)
        self.first = First(ground, self.people)
        self.passkeys = Passkeys(ground, self.people, self.settings.origin)
        self.recovery = Recovery(ground, self.people, self.passkeys)
        self.portraits = Portraits(ground, self.people, pictures)
        self.resets = Resets(ground, self.people, self.passkeys)
        self.offices = Offices(ground, self.people, self.passkeys)
        lasts = timedelta(minutes=self.settings.administration_minutes)
        self.administering = Administering(ground, self.people, self.passkeys, lasts)
        self.devices = Devices(ground, self.people, self.passkeys)
        self.invitations = Invitations(ground, self.people, self.settings.zone)
        self.acceptance = Acceptance(ground, self.people)
        self.administration = Administration(ground, self.people, self.invitations)
        self.suspension = Suspension(ground, self.people)

    async def open(self) -> None:
        """Connect, take memberships into memory, take over what a crash left."""
        await self.ground.database.open()
        async with self.ground.database.snapshot() as reader:
            await self.roster.load(reader)
        async with self.ground.database.read() as reader:
            await self.hearing.begin(reader)
            await self.rulebook.load(reader)
        await self.passkeys.open()
        await self.administering.load()
        await self.ground.blobs.tidy()
        await self.meet.start()

    def run(self) -> None:
        """Begin what goes on in the background: jobs, the watch over calls, refusals into the audit, old sessions."""
        for work in (
            self.ground.jobs.run(),
            self.meet.watch.run(),
            self.rulebook.run(),
            self.departures.run(),
            self.hearing.run(),
            self.administering.run(),
            self.ground.audit.run(),
            self._sweep_sessions(),
            self._leave_shared(),
            TALLY.watch_lag(),
        ):
            self._tasks.append(asyncio.create_task(_watched(work)))

    async def close(self) -> None:
        """End the background, write what is noted, disconnect."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.departures.close()
        await self.ground.audit.flush()
        await self.meet.stop()
        self.people.close()
        await self.ground.database.close()

    def gate(self, build: str) -> Gate:
        """Where windows' sockets are let in; `build` is the window's."""
        return Gate(
            authenticate=self.people.sessions.authenticate,
            cookie=self.cookies.session,
            public_url=self.settings.public_url,
            hub=self.hub,
            presences=self.presences,
            frames=self.frames,
            access=self.ground.access,
            database=self.ground.database,
            journal=self.ground.journal,
            clock=self.ground.clock,
            build=build,
            rule=self.hosting.version,
            people=self.roster.count,
        )

    def endpoints(self, build: str) -> dict[str, Endpoint]:
        """The sockets of the one port: our own, and the signalling of calls."""
        signalling = self.signalling.endpoint(
            self.admissions,
            authenticate=self.people.sessions.authenticate,
            cookie=self.cookies.session,
            public_url=self.settings.public_url,
        )
        return {"/api/socket": Crowd(self.gate(build)), **dict.fromkeys(SIGNAL_PATHS, signalling)}

    async def _sweep_sessions(self) -> None:
        """Close, within a minute, the sockets of sessions that ran out or whose person was suspended."""
        while True:
            heed_cancellation()
            await asyncio.sleep(_SWEEP_EVERY_S)
            with contextlib.suppress(Unavailable):
                await self.people.sessions.sweep(self.hub.sessions)
                await self.people.sessions.note_seen(self.hub.sessions)

    async def _leave_shared(self) -> None:
        """End sessions of shared machines that were left."""
        while True:
            heed_cancellation()
            await asyncio.sleep(_LEFT_EVERY_S)
            with contextlib.suppress(Unavailable):
                await self.people.sessions.leave_shared(self._attended)

    def _attended(self, session_id: UUID) -> bool | None:
        """Whether somebody is at a session's windows, or listens in a call; None without a window."""
        there = self.hub.attended(session_id)
        return there if there is None else there or self.meet.watch.holds_session(session_id)

    def _rule_moved(self) -> None:
        self.hub.rule_moved()
        self.meet.watch.rule_moved()

    def _session_ended(self, session_id: UUID, _person_id: UUID) -> None:
        self.hub.end_session(session_id, SIGNED_OUT)
        self.meet.session_ended(session_id)
        self.exports.session_ended(session_id)

    def _session_moved(self, actor: Actor) -> None:
        """A living session has become stronger or weaker: what remembers its actor follows at once."""
        self.hub.restand(actor)
        self.meet.session_moved(actor)

    async def _reread(self, stream_id: UUID, after: int) -> list[Entry]:
        async with self.ground.database.transaction() as tx:
            await self.ground.journal.lock(
                tx, [stream_id]
            )  # whoever lost their line may still be committing there
            return await self.ground.journal.after(tx, stream_id, after, most=_REREAD_MOST)


async def _watched(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("house.background_died", work=work.__qualname__)
        raise


def _no_calls() -> EngineView:
    return EngineView(EngineState.STARTING)
