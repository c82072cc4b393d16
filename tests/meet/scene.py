"""A small house around calls: real people, spaces and memberships on a real database, and a real media server."""

import asyncio
import itertools
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4


from bastide import core, files, meet, people, spaces
from bastide.core.access import Access
from bastide.core.audit import Audit
from bastide.core.blobs import Blobs
from bastide.core.bus import Bus
from bastide.core.clock import Clock
from bastide.core.content import Plain
from bastide.core.database import Database
from bastide.core.events import Entry, Event, EventRegistry, Fleeting
from bastide.core.ground import Ground
from bastide.core.ids import Ids
from bastide.core.jobs import Jobs
from bastide.core.journal import Journal
from bastide.core.migrate import collect, migrate
from bastide.core.policy import Actor, ActorKind, Label, Role, SpaceKind, Strength, Tool
from bastide.engines.livekit import EmbeddedLiveKit
from bastide.meet.admission import Admissions, Admitted
from bastide.meet.engine import EngineView, LiveKit
from bastide.meet.model import CallTicket, CallView, EngineState
from bastide.meet.service import Meet
from bastide.meet.tokens import Identity, Keys
from bastide.meet.watched import Patience
from bastide.people.model import NewAgent
from bastide.people.passwords import Passwords
from bastide.people.service import People
from bastide.people.sessions import Sessions
from bastide.spaces.model import NewSpace
from bastide.spaces.roster import Roster
from bastide.spaces.service import Spaces

_numbers = itertools.count(1)
# As in earnest, but for the longest waits.
QUICK = Patience(gone=1.0, restart=6.0, ticket=4.0, empty=1.0, unchecked=60.0, poll=0.5, look=2.0)


async def lay(url: str) -> None:
    """The tables of these trades."""
    modules: tuple[Any, ...] = (core, people, spaces, files, meet)
    await migrate(url, collect([Path(str(m.__file__)).parent for m in modules]), Clock())


class Engine:
    """The media server, which a test may kill."""

    def __init__(self, engine: EmbeddedLiveKit, keys: Keys) -> None:
        self._engine = engine
        self._process: asyncio.subprocess.Process | None = None
        self.keys = keys
        self.view = EngineView(EngineState.STARTING)

    async def start(self) -> None:
        self._process = await self._engine.start()
        await self._engine.wait_ready(self._process)
        self.view = EngineView(EngineState.READY, self._engine.url)

    async def kill(self) -> None:
        """kill -9, and nobody has noticed yet."""
        assert self._process
        os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        if self._process and self._process.returncode is None:
            await self._engine.stop(self._process)


class NoSockets:
    """Whose sockets were cut, where a test opens none of its own."""

    def __init__(self) -> None:
        self.were_cut: list[tuple[UUID, Identity]] = []

    def cut(self, call_id: UUID, identity: Identity) -> None:
        self.were_cut.append((call_id, identity))


class Scene:
    """The house. `told` are the entries of the journal since its start, `fleeting` what was told and not kept."""

    def __init__(self, url: str, folder: Path, livekit: LiveKit, patience: Patience = QUICK) -> None:
        clock = Clock()
        ids, database, registry, bus = Ids(clock), Database(url), EventRegistry(), Bus()
        self.roster = Roster()
        audit = Audit(database, clock)
        self.ground = Ground(
            clock=clock,
            ids=ids,
            database=database,
            registry=registry,
            journal=Journal(registry, clock, bus.baseline),
            bus=bus,
            memberships=self.roster,
            access=Access(self.roster, audit.refused),
            audit=audit,
            blobs=Blobs.local(folder / "blobs", database, clock, ids),
            jobs=cast("Jobs", None),  # none of these trades leaves work for later
        )
        database.published = bus.publish
        self.told: list[Entry] = []
        self.fleeting: list[tuple[UUID, Fleeting, UUID | None]] = []
        bus.subscribe(self.roster.apply)
        self._passwords = Passwords()
        self.sessions = Sessions(self.ground)
        self.people = People(self.ground, self.sessions, self._passwords, self.roster)
        self.spaces = Spaces(self.ground, self.people, self.roster)
        self.sockets = NoSockets()
        self.meet = Meet(self.ground, livekit, self.sockets, patience=patience)
        self.admissions = Admissions(self.ground.access, livekit, self.meet.calls, self.meet.watch)
        self.sessions.ended = lambda session, _person: self.meet.session_ended(session)
        bus.subscribe(self.told.append)
        bus.subscribe_fleeting(lambda stream, event, but: self.fleeting.append((stream, event, but)))
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await self.ground.database.open()
        async with self.ground.database.read() as reader:
            await self.roster.load(reader)
        await self.meet.start()
        self._watching = asyncio.create_task(self.meet.watch.run())

    async def close(self) -> None:
        """Everything in memory is gone; the database and the media server stay."""
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self.meet.stop()
        await self.ground.database.close()
        self._passwords.close()

    # People and places.

    async def person(self, kind: ActorKind = ActorKind.AGENT) -> Actor:
        """Somebody with a device and a session."""
        number = next(_numbers)
        organisation = await self.people.do_create_organisation("Mairie", "Mairie", f"m{number}.example")
        new = NewAgent(
            organisation_id=organisation.id,
            email=f"p{number}@m{number}.example",
            given_name="Ada",
            family_name=f"N{number}",
        )
        return await self.device(await self.people.do_create_person(new, kind=kind))

    async def device(self, person_id: UUID) -> Actor:
        """Another device of a person."""
        opened = await self.sessions.open(
            person_id, device_token=None, device_name="test", strength=Strength.PASSWORD
        )
        return opened.actor

    async def space(
        self,
        manager: Actor,
        *others: Actor,
        role: Role = Role.CONTRIBUTOR,
        label: Label = Label.INTERNAL,
        tools: tuple[Tool, ...] = (Tool.CHAT, Tool.MEET),
    ) -> UUID:
        """A team of these people."""
        new = NewSpace(
            client_id=uuid4(), kind=SpaceKind.TEAM, label=label, tools=list(tools), name=Plain("Voirie")
        )
        space_id = (await self.spaces.create(manager, new)).space.id
        if others:
            await self.spaces.add_members(manager, space_id, [o.person_id for o in others], role)
        return space_id

    # Calls.

    async def ticket(self, actor: Actor, space_id: UUID) -> CallTicket:
        return await self.meet.start_or_join(actor, space_id, url="ws://localhost")

    async def admit(self, actor: Actor, token: str, path: str = "/rtc") -> Admitted:
        return await self.admissions.admit(actor, path=path, query=f"access_token={token}", headers={})

    async def call(self, actor: Actor, space_id: UUID) -> CallView:
        return await self.meet.call_in(actor, space_id)

    def events(self, *kinds: type[Event]) -> list[Event]:
        """What happened, of these kinds, in order."""
        return [e.event for e in self.told if isinstance(e.event, kinds)]

    async def until_event(self, kind: type[Event], within: float = 5.0, **fields: object) -> Event:
        """Wait until something of a kind has happened, with these fields."""
        return await until(
            lambda: next(
                (e for e in self.events(kind) if all(getattr(e, k) == v for k, v in fields.items())), None
            ),
            within,
            f"{kind.__name__} {fields} among {[type(e.event).__name__ for e in self.told]}",
        )


def name(actor: Actor) -> str:
    """What a device is called in rooms."""
    return f"{actor.person_id}/{actor.device_id}"


T = Any


async def until(look: Callable[[], T] | Callable[[], Awaitable[T]], within: float = 5.0, what: str = "") -> T:
    """Wait until a look gives something true, and give it."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while True:
        found = look()
        if isinstance(found, Awaitable):
            found = await cast("Awaitable[Any]", found)
        if found:
            return found
        assert loop.time() < end, f"not within {within} s: {what}"
        await asyncio.sleep(0.02)


__all__ = ["QUICK", "Engine", "NoSockets", "Scene", "lay", "name", "until"]
