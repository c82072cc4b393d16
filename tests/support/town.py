"""A whole house in this process, on a fresh real database, and a small town of people to act in it.

    from tests.support.town import Town, town            # in a test: async def test_…(town: Town)

`town.agathe`, `town.ousmane` and `town.yanis` are agents of the préfecture, `town.solene` of the agency, `town.guest` a guest.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
import pytest_asyncio

from bastide.chat.model import MessageView, NewMessage
from bastide.core.client import Client
from bastide.core.clock import Clock, HeldClock
from bastide.core.content import Plain
from bastide.core.events import Entry
from bastide.core.ids import Ids
from bastide.core.migrate import migrate
from bastide.core.policy import Actor, ActorKind, Label, Office, Role, SpaceKind, Strength, Tool
from bastide.core.policy.holding import months_after
from bastide.house import House, migrations
from bastide.people.invited import InvitationForm
from bastide.people.model import NewAgent, Organisation
from bastide.settings import Settings
from bastide.spaces.guesthood import NewGuest
from bastide.spaces.model import NewSpace, OwnSpace
from tests.support.hosting import declare
from tests.support.postgres import SessionPostgres

MORNING = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)
PASSWORD = "huit arcades sur la place"


async def lay_tables(url: str) -> None:
    """Bring a database up to date; a template is made of it once a session."""
    await migrate(url, migrations(), Clock())


def strong(actor: Actor) -> Actor:
    """The actor as if they had signed in with a passkey."""
    return msgspec.structs.replace(actor, strength=Strength.PASSKEY)


def in_office(actor: Actor) -> Actor:
    """The actor as if they held both offices and were in administration: for what asks nothing of the database."""
    return msgspec.structs.replace(actor, administrator=True, officer=True, acting=True)


class Town:
    """A house and the people in it. `heard` is every committed entry, in order."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.heard: list[Entry] = []
        house.ground.bus.subscribe(self.heard.append)
        self.prefecture: Organisation
        self.agency: Organisation
        self.agathe: Actor
        self.ousmane: Actor
        self.yanis: Actor
        self.solene: Actor
        self.guest: Actor

    async def settle(self) -> None:
        """Let people move in."""
        people = self.house.people
        self.prefecture = await people.do_create_organisation(
            "Préfecture de la Haute-Vézelle", "Haute-Vézelle", "haute-vezelle.example"
        )
        self.agency = await people.do_create_organisation(
            "Agence des mobilités", "Mobilités", "mobilites.example"
        )
        self.agathe = await self.person("Agathe", "Delorme", self.prefecture)
        self.ousmane = await self.person("Ousmane", "Diarra", self.prefecture)
        self.yanis = await self.person("Yanis", "Bouchareb", self.prefecture)
        self.solene = await self.person("Solène", "Kerbrat", self.agency)
        await declare(self.house)
        self.guest = await self.person("Julie", "Vasseur", self.prefecture, kind=ActorKind.GUEST)
        self.heard.clear()

    async def person(
        self,
        given: str,
        family: str,
        organisation: Organisation,
        *,
        kind: ActorKind = ActorKind.AGENT,
        password: str | None = None,
    ) -> Actor:
        """A new person, signed in on a device of their own."""
        # A guest's address is no administration's: nobody could have invited them by it.
        domain = organisation.domain if kind is ActorKind.AGENT else "cabinet.example"
        email = f"{given}.{family}@{domain}".lower().replace("è", "e").replace("é", "e")
        person_id = await self.house.people.do_create_person(
            NewAgent(organisation.id, email, given, family, function="Chargé de mission", password=password),
            kind=kind,
        )
        return await self.signed_in(person_id)

    async def administrator(self, actor: Actor) -> Actor:
        """The actor, who holds both offices from now on, and whose session is in administration for as long as it lasts."""
        return await self.in_office(actor)

    async def in_office(self, actor: Actor, *offices: Office, acting: bool = True) -> Actor:
        """The actor with some offices (both where none is named), whose session is in administration or not."""
        held = offices or tuple(Office)
        administrator, officer = Office.ADMINISTRATOR in held, Office.OFFICER in held
        async with self.house.ground.database.transaction() as tx:
            await tx.run(
                "update person set administrator = %(one)s, officer = %(other)s where id = %(id)s",
                one=administrator,
                other=officer,
                id=actor.person_id,
            )
            await tx.run(
                "update session set administers_until = case when %(acting)s then expires_at end where id = %(id)s",
                acting=acting,
                id=actor.session_id,
            )
        self.house.people.sessions.forget(actor.session_id)
        return msgspec.structs.replace(actor, administrator=administrator, officer=officer, acting=acting)

    async def signed_in(self, person_id: UUID) -> Actor:
        """The actor of a fresh session of a person on a new device."""
        return (await self.open(person_id))[0]

    async def open(self, person_id: UUID, strength: Strength = Strength.PASSWORD) -> tuple[Actor, str]:
        """A fresh session on a new device, and its cookie's value."""
        opened = await self.house.people.sessions.open(
            person_id, Client("192.0.2.1", "test"), strength=strength
        )
        return opened.actor, opened.session_token

    async def space(
        self,
        manager: Actor,
        *,
        name: str = "Plan inondation Vézelle",
        label: Label = Label.INTERNAL,
        kind: SpaceKind = SpaceKind.TEAM,
        tools: list[Tool] | None = None,
        readers: list[Actor] | None = None,
        contributors: list[Actor] | None = None,
        managers: list[Actor] | None = None,
    ) -> OwnSpace:
        """A space of one manager, with others in it."""
        if label is Label.RESTRICTED:
            manager = strong(manager)
        own = await self.house.spaces.create(
            manager,
            NewSpace(
                client_id=self.house.ground.ids.new(),
                kind=kind,
                label=label,
                tools=tools or list(Tool),
                name=Plain(name),
            ),
        )
        for role, people in (
            (Role.READER, readers),
            (Role.CONTRIBUTOR, contributors),
            (Role.MANAGER, managers),
        ):
            agents = [p.person_id for p in people or () if p.kind is ActorKind.AGENT]
            if agents:
                await self.house.spaces.add_members(manager, own.space.id, agents, role)
            for guest in people or ():
                if guest.kind is ActorKind.GUEST:
                    await self.let_in(manager, own.space.id, guest, role)
        return own

    async def let_in(
        self, manager: Actor, space_id: UUID, guest: Actor, role: Role, until: date | None = None
    ) -> None:
        """Invite a guest who has an account into a space, until a day or for a quarter; they accept from their window."""
        async with self.house.ground.database.read() as reader:
            email = await reader.value("select email from person where id = %(id)s", id=guest.person_id)
        end = until or months_after(self.house.rulebook.today, 3)
        new = NewGuest(email, "Julie", "Vasseur", role, end)
        issued = await self.house.guests.invite(manager, space_id, new)
        opened = await self.house.acceptance.accept(
            guest, InvitationForm(issued.token), Client("192.0.2.9", "test")
        )
        await self.house.people.sign_out(opened.actor)

    async def channel(self, actor: Actor, space_id: UUID) -> UUID:
        """A space's first channel."""
        async with self.house.ground.database.read() as reader:
            return (await self.house.chat.own_channels(reader, actor, [space_id]))[0].channel.id

    async def say(
        self, actor: Actor, channel_id: UUID, text: str, *, client_id: UUID | None = None
    ) -> MessageView:
        """Send a message."""
        new = NewMessage(client_id=client_id or self.house.ground.ids.new(), content=Plain(text))
        return await self.house.chat.send(actor, channel_id, new)

    def events(self, stream_id: UUID) -> list[str]:
        """The names of what happened in a stream, in order."""
        return [str(type(e.event).__struct_config__.tag) for e in self.heard if e.stream_id == stream_id]


@pytest_asyncio.fixture
async def town(postgres: SessionPostgres, tmp_path: Path) -> AsyncGenerator[Town]:
    """A town of its own for each test, on a clock that stands at `MORNING` until it is moved."""
    async with living_town(postgres, tmp_path) as made:
        yield made


@asynccontextmanager
async def living_town(
    postgres: SessionPostgres,
    folder: Path,
    *,
    seed: int | None = None,
    url: str | None = None,
    clock: Clock | None = None,
) -> AsyncGenerator[Town]:
    """A town on a fresh database, for who wants one for more or less than a test.

    With a `seed` its ids are the same each time, as long as the same things are made in the same order.
    `url` is another address of a database that has its tables and nobody in it; `clock` one that moves by itself.
    """
    fresh = await postgres.fresh(lay_tables) if url is None else None
    clock = clock or HeldClock(MORNING)
    ids = None if seed is None else Ids(clock, Random(seed).getrandbits)
    settings = Settings(data=folder, demo=False, port=0)
    house = House.build(settings, conninfo=fresh or url or "", clock=clock, ids=ids)
    await house.open()
    try:
        living = Town(house)
        await living.settle()
        yield living
    finally:
        await house.close()
        if fresh is not None:
            await postgres.give_back(fresh, lay_tables)
        await asyncio.sleep(0)
