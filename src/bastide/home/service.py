"""What a window starts from: one moment of everything one may see."""

from collections.abc import Sequence
from uuid import UUID

from bastide.chat.model import OwnChannel
from bastide.chat.service import Chat
from bastide.core.database import Reader
from bastide.core.errors import NotFound
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor
from bastide.home.model import Snapshot, SpaceSnapshot
from bastide.hosting.service import HostingRule
from bastide.meet.model import CallView
from bastide.meet.service import Meet
from bastide.people.model import PersonCard
from bastide.people.service import People
from bastide.spaces.model import OwnSpace
from bastide.spaces.service import Spaces


class Home:
    """Puts the trades' views of one moment together."""

    def __init__(
        self, ground: Ground, hosting: HostingRule, people: People, spaces: Spaces, chat: Chat, meet: Meet
    ) -> None:
        self._ground = ground
        self._hosting = hosting
        self._people = people
        self._spaces = spaces
        self._chat = chat
        self._meet = meet

    async def snapshot(self, actor: Actor) -> Snapshot:
        """Everything one may see, as of one moment of the database."""
        # Before all the rest: what is read under a rule that moves meanwhile is asked for again.
        rule, holdings = self._hosting.version(), self._hosting.holdings()
        organisations = await self._people.organisations()
        async with self._ground.database.snapshot() as reader:
            cursor = await self._ground.journal.head(reader, actor.person_id)
            spaces = await self._spaces.own_many(reader, actor)
            channels, calls = await self._parts(reader, actor, spaces)
            people = await self._cards(reader, actor, spaces, channels, calls)
        return Snapshot(cursor, organisations, people, spaces, channels, calls, holdings, rule)

    async def space(self, actor: Actor, space_id: UUID) -> SpaceSnapshot:
        """One space's part of it."""
        self._ground.access.space(actor, Action.SPACES_SPACE_READ, space_id)
        async with self._ground.database.snapshot() as reader:
            spaces = await self._spaces.own_many(reader, actor, [space_id])
            if not spaces:
                raise NotFound
            channels, calls = await self._parts(reader, actor, spaces)
            people = await self._cards(reader, actor, spaces, channels, calls)
        return SpaceSnapshot(spaces[0], people, channels, calls[0] if calls else None)

    async def _parts(
        self, reader: Reader, actor: Actor, spaces: Sequence[OwnSpace]
    ) -> tuple[list[OwnChannel], list[CallView]]:
        def where(action: Action) -> list[UUID]:
            return [own.space.id for own in spaces if action in own.abilities]

        channels = await self._chat.own_channels(reader, actor, where(Action.CHAT_MESSAGE_READ))
        return channels, await self._meet.living(reader, where(Action.MEET_CALL_READ))

    async def _cards(
        self,
        reader: Reader,
        actor: Actor,
        spaces: list[OwnSpace],
        channels: list[OwnChannel],
        calls: list[CallView],
    ) -> list[PersonCard]:
        named = {actor.person_id}
        named.update(face for own in spaces for face in own.space.faces)
        named.update(own.channel.last.author_id for own in channels if own.channel.last)
        named.update(p.person_id for call in calls for p in call.participants)
        return await self._people.cards_of(reader, named)
