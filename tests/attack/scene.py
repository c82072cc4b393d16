"""A town with secrets, and those who must not learn them: what the walker of every door walks through."""

import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
from PIL import Image

from bastide.chat.model import MessageView, NewChannel
from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.policy import Actor, ActorKind, Label, Role, SpaceKind
from bastide.files.model import FileView
from bastide.spaces.model import LabelLowering
from tests.support.authenticator import Authenticator
from tests.support.postgres import SessionPostgres
from tests.support.served import Served, Window, serving
from tests.support.town import Town, living_town

# In every answer to who is outside, any of these is a leak.
NAME, TALK, FILE = "Projet Alcyon", "Le préfet signera jeudi", "alcyon-chiffrage.png"

OUTSIDE = ("outsider", "guest", "removed")
INSIDE = ("reader", "contributor", "manager")


class Scene:
    """The secret space with one person of each role in it, and each kind of person outside."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.town: Town = served.town
        self.windows: dict[str, Window] = {}
        self._passkey: UUID | None = None
        self.actors: dict[str, Actor] = {}
        self.space: UUID
        self.community: UUID
        self.direct: UUID
        self.channel: UUID
        self.second_channel: UUID
        self.message: MessageView
        self.file: FileView
        self.call: UUID
        self.elsewhere: UUID
        self.elsewhere_channel: UUID

    async def furnish(self) -> None:
        """Build the space, fill it, and put one of each kind of person inside and outside."""
        town, house = self.town, self.town.house
        self.actors = {
            "manager": town.agathe,
            "contributor": town.ousmane,
            "reader": town.yanis,
            "outsider": town.solene,
            "guest": town.guest,
            "removed": await town.person("Paul", "Estève", town.prefecture),
            "author": await town.person("Hélène", "Marchal", town.prefecture),
        }
        who = self.actors
        own = await town.space(
            who["manager"],
            name=NAME,
            label=Label.SENSITIVE,
            readers=[who["reader"]],
            contributors=[who["contributor"], who["removed"], who["author"]],
        )
        self.space = own.space.id
        self.channel = await town.channel(who["manager"], self.space)
        second = NewChannel(house.ground.ids.new(), Plain("Alcyon chiffrage"))
        self.second_channel = (await house.chat.create_channel(who["manager"], self.space, second)).id
        self.message = await town.say(who["author"], self.channel, TALK)
        self.call = await self.ring()
        self.direct = (await house.spaces.direct(who["manager"], [who["author"].person_id])).space.id
        await town.say(who["author"], await town.channel(who["author"], self.direct), TALK)
        # A community that these people may find but have not joined, and a place of the outsiders' own.
        joinable = await town.space(who["manager"], name="Marcheurs du midi", kind=SpaceKind.COMMUNITY)
        self.community = joinable.space.id
        host = await town.person("Marc", "Aubin", town.agency)
        self.actors["host"] = host
        theirs = await town.space(
            host, name="Ailleurs", contributors=[who["outsider"], who["guest"], who["removed"]]
        )
        self.elsewhere = theirs.space.id
        self.elsewhere_channel = await town.channel(host, self.elsewhere)
        for name, actor in self.actors.items():
            self.windows[name] = await self.served.window(actor)
        self.windows["anonymous"] = self.served.stranger()
        self.file = await self.upload("author")
        await house.files._previews._make(self.file.id)
        await house.spaces.remove_member(who["manager"], self.space, who["removed"].person_id)

    def wait(self, by: timedelta) -> None:
        """Let time pass in town."""
        clock = self.town.house.ground.clock
        assert isinstance(clock, HeldClock)
        clock.advance(by)

    def new_id(self) -> UUID:
        return self.town.house.ground.ids.new()

    async def upload(self, who: str, space_id: UUID | None = None, *, waiting: bool = False) -> FileView:
        """A picture in the secret space, or in another; `waiting` for a message or not."""
        space_id = space_id or self.space
        answer = await self.windows[who].request(
            "POST",
            f"/api/spaces/{space_id}/files",
            params={"name": FILE, "client_id": str(self.new_id()), "waiting": str(waiting).lower()},
            content=picture(),
        )
        assert answer.status_code == 201, answer.text
        async with self.town.house.ground.database.read() as reader:
            file_id = UUID(answer.json()["id"])
            return (await self.town.house.files.views(reader, [file_id]))[file_id]

    async def ring(self) -> UUID:
        """The call that lives in the secret space, or a new one; no media server runs here."""
        house, manager = self.town.house, self.actors["manager"]
        return (await house.meet._book.start(manager, self.space, self.new_id())).id

    async def say(self, who: str) -> MessageView:
        """A fresh message in the secret space."""
        return await self.town.say(self.actors[who], self.channel, TALK)

    async def newcomer(self, role: Role = Role.CONTRIBUTOR) -> Actor:
        """Somebody more in the secret space."""
        person = await self.town.person("Inès", f"N{self.new_id().hex}", self.town.prefecture)
        await self.town.house.spaces.add_members(self.actors["manager"], self.space, [person.person_id], role)
        return person

    async def stranger(self) -> Actor:
        """Somebody more in town, in no space."""
        return await self.town.person("Noé", f"N{self.new_id().hex}", self.town.prefecture)

    async def passkey(self) -> UUID:
        """A passkey of the author's."""
        if self._passkey is None:
            self.town.house.passkeys.origin = self.served.base
            window = await self.served.window(self.actors["author"])
            options = (await window.post("/api/me/passkeys/options")).json()
            made = await window.post("/api/me/passkeys", Authenticator(origin=self.served.base).make(options))
            assert made.status_code == 200, made.text
            own = await self.town.house.passkeys.own(self.actors["author"])
            self._passkey = own.passkeys[0].id
        return self._passkey

    async def nothing_proposed(self) -> None:
        """The secret space has a second manager, and no lowering of its label is pending."""
        manager, labels = self.actors["manager"], self.town.house.labels
        book = await labels.book(manager, self.space)
        if not book.others:
            await self.newcomer(Role.MANAGER)
        if book.pending is not None:
            await labels.withdraw(manager, self.space, book.pending.id)

    async def propose(self) -> UUID:
        """The manager proposes to lower the label of the secret space."""
        await self.nothing_proposed()
        wanted = LabelLowering(Label.INTERNAL, Plain("Le projet Alcyon est public."))
        return (await self.town.house.labels.lower(self.actors["manager"], self.space, wanted)).id

    def secrets(self) -> list[str]:
        """What no answer to somebody outside may hold, whatever they ask."""
        ids = (
            self.space,
            self.direct,
            self.channel,
            self.second_channel,
            self.message.id,
            self.file.id,
            self.call,
        )
        return [NAME, TALK, FILE, "Alcyon", *map(str, ids)]

    def leaks(self, answer: httpx.Response) -> list[str]:
        """The secrets that an answer gives away, in its body or its headers."""
        said = answer.text + "\n".join(f"{k}: {v}" for k, v in answer.headers.items())
        return [secret for secret in self.secrets() if secret in said]


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#2c4a7c").save(out, "PNG")
    return out.getvalue()


@asynccontextmanager
async def staged(postgres: SessionPostgres, folder: Path) -> AsyncGenerator[Scene]:
    """The scene, ready to walk through."""
    async with living_town(postgres, folder / "data") as town, serving(town, folder) as served:
        scene = Scene(served)
        await scene.furnish()
        assert {a.kind for a in scene.actors.values()} == {ActorKind.AGENT, ActorKind.GUEST}
        yield scene
