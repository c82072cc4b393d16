"""Every window sees one order, without gaps and nothing twice, while people come, go, lose their line and write at once."""

import asyncio
import contextlib
import random
from uuid import UUID

from bastide.core.errors import NotFound, Problem
from bastide.core.policy import Actor, Role
from tests.support.eventually import until
from tests.support.served import Served, Window
from tests.support.town import Town
from tests.support.wire import Frame, Wire


class Follower:
    """What a real window makes of its socket: a snapshot, then each event at its place.

    `gaps` must stay empty: an event that does not follow the one before it means that something was lost.
    """

    def __init__(self, window: Window) -> None:
        self.window = window
        assert window.actor is not None
        self.me = str(window.actor.person_id)
        self.cursors: dict[str, int] = {}
        self.ordinals: dict[str, int] = {}
        self.roles: dict[str, str] = {}
        self.gaps: list[str] = []
        self.repeated = 0
        self._waiting: dict[str, list[Frame]] = {}
        self._wire: Wire | None = None
        self._done = 0
        self._busy = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take the snapshot and open the socket, in that order or the other."""
        snapshot = (await self.window.get("/api/snapshot")).json()
        self.cursors[self.me] = snapshot["cursor"]
        for own in snapshot["spaces"]:
            self._take(
                own, [c for c in snapshot["channels"] if c["channel"]["space_id"] == own["space"]["id"]]
            )
        await self.connect()

    async def connect(self) -> None:
        wire = await self.window.bare_socket()
        self._wire, self._done = wire, 0
        await wire.hello({UUID(s): q for s, q in self.cursors.items()})
        self._following = asyncio.create_task(self._follow(wire))

    async def drop(self) -> None:
        """Lose the line, whatever is under way."""
        assert self._wire is not None
        assert self._following is not None
        wire, self._wire = self._wire, None
        wire._connection.transport.abort()
        await wire.close()
        await self._following

    async def _follow(self, wire: Wire) -> None:
        """Take each frame in, one after the other, to the last."""
        while True:
            while self._done < len(wire.heard):
                frame = wire.heard[self._done]
                self._done += 1
                async with self._busy:
                    await self._hear(frame)
            if wire.closed is not None:
                return
            await asyncio.sleep(0.005)

    async def _hear(self, frame: Frame) -> None:
        if frame["t"] == "reload":
            for stream in frame["streams"]:
                if stream == self.me:
                    continue
                await self._load(stream)
        elif frame["t"] == "event":
            await self._event(frame)

    async def _event(self, frame: Frame) -> None:
        stream, seq = frame["s"], frame["q"]
        cursor = self.cursors.get(stream)
        if cursor is None:
            self._waiting.setdefault(stream, []).append(frame)
            return
        if seq <= cursor:
            self.repeated += 1
            return
        if seq != cursor + 1:
            self.gaps.append(f"{stream} {cursor} -> {seq} ({frame['e']['type']})")
        self.cursors[stream] = seq
        event = frame["e"]
        match event["type"]:
            case "spaces.space.gained":
                await self._load(event["space_id"])
            case "spaces.space.lost":
                self._forget(event["space_id"])
            case "spaces.member.changed" if event["person_id"] == self.me:
                self.roles[stream] = event["role"]
            case "chat.message.sent":
                message = event["message"]
                if message["ordinal"] != self.ordinals[message["channel_id"]] + 1:
                    self.gaps.append(f"message {message['ordinal']}")
                self.ordinals[message["channel_id"]] = message["ordinal"]
            case _:
                pass

    async def _load(self, space: str) -> None:
        """A space's part of the snapshot; the events that came meanwhile complete it."""
        answer = await self.window.get(f"/api/snapshot/{space}")
        if answer.status_code == 404:
            self._forget(space)
            return
        part = answer.json()
        self._take(part["space"], part["channels"])
        for frame in self._waiting.pop(space, []):
            await self._event(frame)

    def _take(self, own: Frame, channels: list[Frame]) -> None:
        space = own["space"]["id"]
        self.cursors[space] = own["cursor"]
        self.roles[space] = own["role"]
        for channel in channels:
            self.ordinals[channel["channel"]["id"]] = channel["channel"]["last_ordinal"]

    def _forget(self, space: str) -> None:
        self.cursors.pop(space, None)
        self.roles.pop(space, None)
        self._waiting.pop(space, None)


async def test_one_order_for_everybody(served: Served) -> None:
    town, dice = served.town, random.Random(20260310)
    people = [town.ousmane, town.yanis, town.solene]
    spaces = [
        (await town.space(town.agathe, name=f"Espace {i}", contributors=people)).space.id for i in range(3)
    ]
    channels = {space: await town.channel(town.agathe, space) for space in spaces}
    followers = [Follower(await served.window(p)) for p in (town.agathe, *people) for _ in range(2)]
    for follower in followers:
        await follower.start()
    over = asyncio.Event()
    work = [write(town, channels, people, random.Random(i)) for i in range(4)]
    await asyncio.gather(
        *work,
        move(town, spaces, people, dice),
        *(stumble(f, random.Random(i), over) for i, f in enumerate(followers[::2])),
        ended(over, 1.5),
    )
    for follower in followers:
        await until(lambda f=follower: settled(town, f), 10)  # type: ignore[misc]
        assert follower.gaps == []
    assert sum(f.repeated for f in followers) >= 0
    for follower in followers:
        actor = follower.window.actor
        assert actor is not None
        now = await town.house.home.snapshot(actor)
        assert {str(own.space.id): own.cursor for own in now.spaces} == {
            s: q for s, q in follower.cursors.items() if s != follower.me
        }
        assert {str(own.space.id): own.role.value for own in now.spaces} == follower.roles
        seen = {str(c.channel.id): c.channel.last_ordinal for c in now.channels}
        assert {c: follower.ordinals[c] for c in seen} == seen


def settled(town: Town, follower: Follower) -> bool:
    """Whether a follower has heard all that concerns it."""
    heads = {}
    for entry in town.heard:
        heads[str(entry.stream_id)] = entry.seq
    assert follower.window.actor is not None
    mine = town.house.roster.spaces_of(follower.window.actor.person_id)
    wanted = {follower.me, *map(str, mine)}
    return follower.cursors.keys() == wanted and all(follower.cursors[s] >= heads.get(s, 0) for s in wanted)


async def write(town: Town, channels: dict[UUID, UUID], people: list[Actor], dice: random.Random) -> None:
    """Say something here and there, also where one has just been put out."""
    for i in range(60):
        actor = dice.choice([town.agathe, *people])
        with contextlib.suppress(Problem):
            await town.say(actor, dice.choice(list(channels.values())), f"Relevé {i}")
        await asyncio.sleep(dice.random() * 0.02)


async def move(town: Town, spaces: list[UUID], people: list[Actor], dice: random.Random) -> None:
    """Put people out, let them in again, change what they are."""
    acts = town.house.spaces
    for _ in range(60):
        space, person = dice.choice(spaces), dice.choice(people).person_id
        try:
            match dice.randrange(3):
                case 0:
                    await acts.remove_member(town.agathe, space, person)
                case 1:
                    await acts.add_members(town.agathe, space, [person], Role.CONTRIBUTOR)
                case _:
                    await acts.change_role(
                        town.agathe, space, person, dice.choice([Role.READER, Role.CONTRIBUTOR])
                    )
        except NotFound:
            pass
        await asyncio.sleep(dice.random() * 0.02)


async def stumble(follower: Follower, dice: random.Random, over: asyncio.Event) -> None:
    """Lose the line and come back, again and again."""
    while not over.is_set():
        await asyncio.sleep(dice.random() * 0.2)
        await follower.drop()
        await asyncio.sleep(dice.random() * 0.1)
        await follower.connect()


async def ended(over: asyncio.Event, after: float) -> None:
    await asyncio.sleep(after)
    over.set()
