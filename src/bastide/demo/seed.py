"""Fills an empty instance with the demo organisation, through the services and by their rules, on a held clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

import msgspec
import structlog

from bastide.chat.model import ChannelChange, MessageChange, NewChannel, NewMessage
from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.policy import (
    Actor,
    ActorKind,
    Approval,
    Hosting,
    HostingProfile,
    Label,
    Role,
    SpaceKind,
    Strength,
    Tool,
)
from bastide.demo import files as documents
from bastide.demo import pictures
from bastide.demo.model import Agent, Demo, DirectSpec, FileSpec, MessageSpec, SpaceSpec
from bastide.demo.showing import Showing
from bastide.hosting.service import Declarer
from bastide.house import House
from bastide.people.model import NewAgent
from bastide.spaces.model import NewSpace

log = structlog.get_logger()

_NAMES = UUID("6f0f4f52-8c1d-4a43-9a53-0d3ad0f4d5f1")
# The demo's approval: given before its first space, for a little less than the three years of the law, and reviewed in time.
_APPROVED_BEFORE, _APPROVED_FOR, _REVIEWED_EVERY = (
    timedelta(days=30),
    timedelta(days=1090),
    timedelta(days=200),
)
FICTION = Declarer(None, fictitious=True)
T = TypeVar("T")


class _Step(msgspec.Struct, frozen=True):
    """Something that happens at a moment."""

    at: datetime
    run: Callable[[], Awaitable[None]]


async def declare_fiction(house: House) -> None:
    """What the demo says of itself, marked as what it is: true of nothing."""
    since = house.rulebook.today - _APPROVED_BEFORE
    await house.hosting.do_declare_profile(FICTION, HostingProfile(Hosting.PREMISES))
    approval = Approval(
        authority="Préfète de la Haute-Vézelle (fictif)",
        ceiling=Label.RESTRICTED,
        since=since,
        until=since + _APPROVED_FOR,
    )
    await house.hosting.do_declare_approval(FICTION, approval)


class Seeder:
    """Plays the demo's weeks into a house whose clock it holds."""

    def __init__(self, house: House, clock: HeldClock, demo: Demo, password: str) -> None:
        self._house = house
        self._clock = clock
        self._demo = demo
        self._password = password
        self._actors: dict[str, Actor] = {}
        self._spaces: dict[str, UUID] = {}
        self._channels: dict[str, UUID] = {}
        self._files: dict[str, UUID] = {}
        self._messages: dict[str, UUID] = {}
        self._ordinals: dict[str, int] = {}

    async def run(self) -> None:
        """Make everything, in the order in which it happened."""
        first = min(s.created for s in self._demo.spaces)
        self._clock.set(min(first, *(m.at for m in self._demo.messages)))
        await self._people()
        steps = [_Step(s.created, self._later(self._space, s)) for s in self._demo.spaces]
        steps += [_Step(m.at, self._later(self._message, m)) for m in self._demo.messages]
        steps += [_Step(f.at, self._later(self._file, f)) for f in self._demo.files if f.message is None]
        for message in self._demo.messages:
            if message.edited_at is not None:
                steps.append(_Step(message.edited_at, self._later(self._edit, message)))
            if message.deleted_at is not None:
                steps.append(_Step(message.deleted_at, self._later(self._delete, message)))
        steps += self._reviews(self._clock.now(), max(step.at for step in steps))
        for step in sorted(steps, key=lambda s: s.at):
            self._clock.set(max(step.at, self._clock.now()))
            await step.run()
        await Showing(self._house, self._demo, self._actors, self._spaces, self._password).run()
        await self._read()
        log.info(
            "demo.filled", agents=len(self._actors), messages=len(self._messages), files=len(self._files)
        )

    @staticmethod
    def _later(work: Callable[[T], Awaitable[None]], thing: T) -> Callable[[], Awaitable[None]]:
        return lambda: work(thing)

    async def _people(self) -> None:
        organisations: dict[str, UUID] = {}
        for spec in self._demo.organisations:
            made = await self._house.people.do_create_organisation(spec.name, spec.short_name, spec.domain)
            organisations[spec.key] = made.id
        await declare_fiction(self._house)
        for owner, partner in self._demo.partners:
            admitted = organisations[owner], organisations[partner]
            await self._house.hosting.do_admit_partner(FICTION, *admitted)
        for agent in self._demo.agents:
            self._actors[agent.key] = await self._agent(agent, organisations[agent.organisation])

    def _reviews(self, start: datetime, end: datetime) -> list[_Step]:
        """The yearly review of the approval, each time before it is due."""
        days = (start + n * _REVIEWED_EVERY for n in range(1, 6))
        return [_Step(day, self._review) for day in days if day < end]

    async def _review(self) -> None:
        declared = self._house.rulebook.declared.approval
        if declared is not None:
            reviewed = msgspec.structs.replace(declared, reviewed_on=self._house.rulebook.today)
            await self._house.hosting.do_declare_approval(FICTION, reviewed)

    async def _agent(self, agent: Agent, organisation_id: UUID) -> Actor:
        new = NewAgent(
            organisation_id=organisation_id,
            email=agent.address,
            given_name=agent.given_name,
            family_name=agent.family_name,
            function=agent.function,
            service=agent.service,
            password=self._password,
            administrator=agent.key == self._demo.main_agent,
            officer=agent.key == self._demo.main_agent,
        )
        person_id = await self._house.people.do_create_person(new)
        if agent.portrait is not None:
            drawn = await asyncio.to_thread(pictures.portrait, agent.portrait)
            await self._house.portraits.do_put(person_id, drawn)
        ids = self._house.ground.ids
        return Actor(
            ActorKind.AGENT,
            person_id,
            organisation_id,
            device_id=ids.new(),
            session_id=ids.new(),
            strength=Strength.PASSKEY,
        )

    async def _space(self, spec: SpaceSpec) -> None:
        maker = next(m.agent for m in spec.members if m.role == "manager")
        actor = self._actors[maker]
        new = NewSpace(
            client_id=uuid5(_NAMES, spec.key),
            kind=SpaceKind(spec.kind),
            label=Label(spec.label),
            tools=[Tool(t) for t in spec.tools],
            name=Plain(spec.name),
            description=Plain(spec.purpose),
        )
        own = await self._house.spaces.create(actor, new)
        space_id = self._spaces[spec.key] = own.space.id
        for role in Role:
            people = [
                self._actors[m.agent].person_id
                for m in spec.members
                if m.role == role.value and m.agent != maker
            ]
            if people:
                await self._house.spaces.add_members(actor, space_id, people, role)
        if spec.channels:
            await self._furnish(actor, space_id, spec)

    async def _furnish(self, actor: Actor, space_id: UUID, spec: SpaceSpec) -> None:
        """The first channel is there already: it takes the first name."""
        chat = self._house.chat
        async with self._house.ground.database.read() as reader:
            first = (await chat.own_channels(reader, actor, [space_id]))[0].channel
        for index, channel in enumerate(spec.channels):
            name, topic = Plain(channel.name), Plain(channel.topic)
            if index == 0:
                made = await chat.change_channel(actor, first.id, ChannelChange(name=name, topic=topic))
            else:
                new = NewChannel(client_id=uuid5(_NAMES, channel.key), name=name, topic=topic)
                made = await chat.create_channel(actor, space_id, new)
            self._channels[channel.key] = made.id

    async def _direct(self, spec: DirectSpec) -> None:
        actor = self._actors[spec.members[0]]
        own = await self._house.spaces.direct(actor, [self._actors[m].person_id for m in spec.members])
        self._spaces[spec.key] = own.space.id
        async with self._house.ground.database.read() as reader:
            channels = await self._house.chat.own_channels(reader, actor, [own.space.id])
        self._channels[spec.channel] = channels[0].channel.id

    async def _message(self, spec: MessageSpec) -> None:
        if spec.channel not in self._channels:
            await self._direct(next(d for d in self._demo.directs if d.channel == spec.channel))
        for key in spec.attachments:
            await self._file(next(f for f in self._demo.files if f.key == key))
        new = NewMessage(
            client_id=uuid5(_NAMES, spec.key),
            content=Plain(spec.first_text if spec.first_text is not None else spec.text),
            files=[self._files[key] for key in spec.attachments],
        )
        sent = await self._house.chat.send(self._actors[spec.author], self._channels[spec.channel], new)
        self._messages[spec.key] = sent.id
        self._ordinals[spec.key] = sent.ordinal

    async def _edit(self, spec: MessageSpec) -> None:
        actor, change = self._actors[spec.author], MessageChange(content=Plain(spec.text))
        await self._house.chat.edit(actor, self._messages[spec.key], change)

    async def _delete(self, spec: MessageSpec) -> None:
        await self._house.chat.delete(self._actors[spec.author], self._messages[spec.key])

    async def _file(self, spec: FileSpec) -> None:
        if spec.key in self._files:
            return
        if spec.space not in self._spaces:
            await self._direct(next(d for d in self._demo.directs if d.key == spec.space))
        body = await asyncio.to_thread(documents.render, spec.recipe)
        view = await self._house.files.upload(
            self._actors[spec.by],
            self._spaces[spec.space],
            name=Plain(spec.name),
            client_id=uuid5(_NAMES, spec.key),
            stream=_once(body),
            declared_size=len(body),
        )
        self._files[spec.key] = view.id

    async def _read(self) -> None:
        """Where the texts say how far somebody has read, so far; everybody else has read everything."""
        said = {(mark.agent, mark.channel): mark for mark in self._demo.read_marks}
        for mark in self._demo.read_marks:
            await self._mark(mark.agent, mark.channel, self._ordinals[mark.message])
        last = {m.channel: self._ordinals[m.key] for m in self._demo.messages}
        unsaid = [
            self._mark(agent, channel, last[channel])
            for channel, agents in self._readers()
            for agent in agents
            if (agent, channel) not in said and channel in last
        ]
        await asyncio.gather(*unsaid)

    def _readers(self) -> Iterable[tuple[str, list[str]]]:
        for space in self._demo.spaces:
            for channel in space.channels:
                yield channel.key, [m.agent for m in space.members]
        for direct in self._demo.directs:
            yield direct.channel, list(direct.members)

    async def _mark(self, agent: str, channel: str, ordinal: int) -> None:
        await self._house.chat.read(self._actors[agent], self._channels[channel], ordinal)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
