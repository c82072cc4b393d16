"""A small house around calls: real people, spaces and memberships on a real database, and a real media server."""

import asyncio
import contextlib
import itertools
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

from bastide.core.client import Client
from bastide.core.content import Plain
from bastide.core.events import Entry, Event, Fleeting
from bastide.core.policy import Actor, ActorKind, Label, Role, SpaceKind, Strength, Tool
from bastide.engines.livekit import EmbeddedLiveKit
from bastide.house import House
from bastide.meet.admission import Admitted
from bastide.meet.engine import EngineView
from bastide.meet.model import CallTicket, CallView, EngineState
from bastide.meet.tokens import Keys
from bastide.meet.watched import Patience
from bastide.people.model import NewAgent
from bastide.settings import Settings
from bastide.spaces.model import NewSpace
from tests.support.hosting import declare
from tests.support.served import Served, serving
from tests.support.town import Town

_numbers = itertools.count(1)
# As in earnest, but for the longest waits.
QUICK = Patience(gone=0.8, restart=4.0, ticket=2.5, empty=0.5, unchecked=60.0, poll=0.3, look=1.5)


class Engine:
    """The media server, which a test may kill."""

    def __init__(self, engine: EmbeddedLiveKit, keys: Keys, hints_port: int) -> None:
        self._engine = engine
        self.hints_port = hints_port
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


class Scene:
    """The house. `told` are the entries of the journal since its start, `fleeting` what was told and not kept."""

    def __init__(self, url: str, folder: Path, engine: Engine) -> None:
        self.house = House.build(
            # Served, it listens where the media server posts its hints.
            Settings(data=folder, demo=False, port=engine.hints_port),
            conninfo=url,
            keys=engine.keys,
            calls=lambda: engine.view,
        )
        self.house.meet.watch._patience = QUICK
        self.ground, self.meet = self.house.ground, self.house.meet
        self.spaces, self.admissions = self.house.spaces, self.house.admissions
        self.told: list[Entry] = []
        self.fleeting: list[tuple[UUID, Fleeting, UUID | None]] = []
        self.ground.bus.subscribe(self.told.append)
        self.ground.bus.subscribe_fleeting(
            lambda stream, event, but: self.fleeting.append((stream, event, but))
        )
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Everything but the jobs, which calls have none of."""
        await self.house.open()
        if self.house.rulebook.declared.profile is None:
            await declare(self.house)
        self._watching = asyncio.create_task(self.meet.watch.run())

    async def close(self) -> None:
        """Everything in memory is gone; the database and the media server stay."""
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self.house.close()

    @contextlib.asynccontextmanager
    async def served(self, folder: Path) -> AsyncGenerator[Served]:
        """The house on a port."""
        async with serving(Town(self.house), folder) as served:
            yield served

    # People and places.

    async def person(self, kind: ActorKind = ActorKind.AGENT) -> Actor:
        """Somebody with a device and a session."""
        number = next(_numbers)
        organisation = await self.house.people.do_create_organisation(
            "Mairie", "Mairie", f"m{number}.example"
        )
        new = NewAgent(
            organisation_id=organisation.id,
            email=f"p{number}@m{number}.example",
            given_name="Ada",
            family_name=f"N{number}",
        )
        return await self.device(await self.house.people.do_create_person(new, kind=kind))

    async def device(self, person_id: UUID) -> Actor:
        """Another device of a person."""
        opened = await self.house.people.sessions.open(
            person_id, Client("192.0.2.1", "test"), strength=Strength.PASSWORD
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
