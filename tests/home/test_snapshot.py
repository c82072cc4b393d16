"""What a window starts from: one moment, one's own, and completed by the events after it."""

import asyncio
from collections.abc import Sequence

import pytest

from bastide.chat.events import MessageSent
from bastide.core.content import EMPTY, Plain
from bastide.core.errors import NotFound
from bastide.core.events import Entry
from bastide.core.policy import (
    Action,
    Actor,
    ActorKind,
    Hosting,
    HostingProfile,
    Label,
    Role,
    SpaceKind,
    Tool,
)
from bastide.home.model import Snapshot
from bastide.hosting.service import OPERATOR
from bastide.spaces.events import MemberChanged, SpaceChanged
from bastide.spaces.model import SpaceChange
from tests.support.town import Town, strong


async def test_it_holds_ones_own_and_nothing_else(town: Town) -> None:
    mine = await town.space(town.agathe, contributors=[town.ousmane])
    hers = await town.space(town.solene, name="Ailleurs", label=Label.SENSITIVE)
    open_ = await town.space(town.solene, name="Marche", kind=SpaceKind.COMMUNITY)
    direct = await town.house.spaces.direct(town.solene, [town.yanis.person_id])
    await town.say(town.solene, await town.channel(town.solene, hers.space.id), "Confidentiel")
    await town.say(town.agathe, await town.channel(town.agathe, mine.space.id), "Bonjour")
    snapshot = await town.house.home.snapshot(town.ousmane)
    assert [own.space.id for own in snapshot.spaces] == [mine.space.id]
    assert {own.channel.space_id for own in snapshot.channels} == {mine.space.id}
    assert {p.id for p in snapshot.people} == {town.agathe.person_id, town.ousmane.person_id}
    assert snapshot.channels[0].channel.last is not None
    for foreign in (hers, open_, direct):
        with pytest.raises(NotFound):
            await town.house.home.space(town.ousmane, foreign.space.id)


async def test_a_guest_gets_the_people_of_their_spaces_only(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.guest])
    await town.space(town.agathe, name="Sans invités", contributors=[town.ousmane])
    snapshot = await town.house.home.snapshot(town.guest)
    assert [s.space.id for s in snapshot.spaces] == [own.space.id]
    assert {p.id for p in snapshot.people} == {town.agathe.person_id, town.guest.person_id}
    assert Action.SPACES_MEMBER_ADD not in snapshot.spaces[0].abilities


async def test_a_tool_that_is_off_is_not_in_it(town: Town) -> None:
    own = await town.space(town.agathe)
    await town.house.spaces.change(town.agathe, own.space.id, SpaceChange(tools=[Tool.FILES]))
    snapshot = await town.house.home.snapshot(town.agathe)
    assert snapshot.channels == []
    assert not [a for a in snapshot.spaces[0].abilities if a.startswith("chat:")]


class Held:
    """Holds back what was committed, as between the commit and the moment its task wakes up."""

    def __init__(self, town: Town) -> None:
        self._database = town.house.ground.database
        self._publish = self._database.published
        self._entries: list[Entry] = []
        self._database.published = self._hold

    def _hold(self, entries: Sequence[Entry]) -> None:
        self._entries.extend(entries)

    def let_go(self) -> None:
        self._database.published = self._publish
        self._publish(self._entries)


async def test_it_is_of_one_moment_though_memory_has_not_heard_yet(town: Town) -> None:
    """The cursor says that an event is in it: then its effect is."""
    own = await town.space(town.agathe, contributors=[town.ousmane])
    held = Held(town)
    await town.house.spaces.add_members(town.agathe, own.space.id, [town.yanis.person_id], Role.READER)
    await town.house.spaces.change_role(town.agathe, own.space.id, town.ousmane.person_id, Role.READER)
    gained = await town.house.home.snapshot(town.yanis)
    assert gained.cursor == 1
    assert [(s.space.id, s.role) for s in gained.spaces] == [(own.space.id, Role.READER)]
    assert len(gained.channels) == 1
    lowered = (await town.house.home.space(town.ousmane, own.space.id)).space
    assert lowered.role is Role.READER
    assert Action.CHAT_MESSAGE_SEND not in lowered.abilities
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.ousmane.person_id)
    lost = await town.house.home.snapshot(town.ousmane)
    assert lost.spaces == []
    with pytest.raises(NotFound):
        await town.house.home.space(town.ousmane, own.space.id)
    held.let_go()
    after = await town.house.home.snapshot(town.yanis)
    assert (after.cursor, after.spaces[0].abilities) == (gained.cursor, gained.spaces[0].abilities)


async def test_under_concurrent_writes_events_complete_it(town: Town) -> None:
    """Snapshots taken while the town is busy, each completed by what came after its cursors: all end alike."""
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    taken: list[Snapshot] = []

    spaces, done = town.house.spaces, asyncio.Event()

    async def write() -> None:
        for i in range(40):
            await town.say(town.agathe, channel, f"Relevé {i}")
            if i % 5 == 0:
                role = Role.READER if i % 10 == 0 else Role.CONTRIBUTOR
                await spaces.change_role(town.agathe, own.space.id, town.ousmane.person_id, role)
            if i % 7 == 0:
                await spaces.change(town.agathe, own.space.id, SpaceChange(name=Plain(f"Nom {i}")))
        done.set()

    async def look() -> None:
        while not done.is_set():
            taken.append(await town.house.home.snapshot(town.ousmane))

    await asyncio.gather(write(), look(), look())
    last = await town.house.home.snapshot(town.ousmane)
    assert len({s.spaces[0].cursor for s in taken}) > 5, "the snapshots were taken at different moments"
    for snapshot in taken:
        assert completed(snapshot, town.heard) == completed(last, [])


def completed(snapshot: Snapshot, entries: Sequence[Entry]) -> tuple[Role, Plain, int]:
    """Role, name and last ordinal of the snapshot's one space, once what came after its cursor is told."""
    own = snapshot.spaces[0]
    role, name, ordinal = own.role, own.space.name, snapshot.channels[0].channel.last_ordinal
    for entry in entries:
        if entry.stream_id != own.space.id or entry.seq <= own.cursor:
            continue
        match entry.event:
            case MemberChanged(role=changed):
                role = changed
            case SpaceChanged(space=space):
                name = space.name
            case MessageSent(message=message):
                assert message.ordinal == ordinal + 1
                ordinal += 1
            case _:
                pass
    return role, name, ordinal


async def test_what_is_offered_is_what_is_allowed(town: Town) -> None:
    """Abilities of the snapshot, of memory and of the rule are the same."""
    people: dict[Role, Actor] = {
        Role.READER: town.yanis,
        Role.CONTRIBUTOR: town.ousmane,
        Role.MANAGER: town.solene,
    }
    assert town.guest.kind is ActorKind.GUEST
    for label in (Label.PUBLIC, Label.INTERNAL, Label.SENSITIVE):
        own = await town.space(
            town.agathe,
            label=label,
            readers=[town.yanis],
            contributors=[town.ousmane],
            managers=[town.solene],
        )
        for role, actor in people.items():
            view = (await town.house.home.space(actor, own.space.id)).space
            assert view.role is role
            assert view.abilities == town.house.ground.access.abilities(actor, own.space.id)


async def test_what_a_space_is_for_is_told_to_who_may_read_there(town: Town) -> None:
    """Its name says where one stands; its description is content."""
    about = Plain("Évacuation de l’hôpital")
    own = await town.space(town.agathe, label=Label.RESTRICTED, contributors=[town.ousmane])
    space_id = own.space.id
    await town.house.spaces.change(strong(town.agathe), space_id, SpaceChange(description=about))
    for actor, told in ((town.ousmane, EMPTY), (strong(town.ousmane), about)):
        one = (await town.house.home.space(actor, space_id)).space.space
        (listed,) = (await town.house.home.snapshot(actor)).spaces
        alone = (await town.house.spaces.own(actor, space_id)).space
        assert [view.description for view in (one, listed.space, alone)] == [told] * 3
        assert one.name == own.space.name


async def test_a_closed_space_tells_what_it_is_called_and_no_more(town: Town) -> None:
    about = Plain("Évacuation de l’hôpital")
    own = await town.space(town.agathe, kind=SpaceKind.COMMUNITY)
    await town.house.spaces.change(town.agathe, own.space.id, SpaceChange(description=about))
    (open_,) = await town.house.spaces.communities(town.ousmane)
    assert open_.space.description == about, "who may come in reads it"
    await town.house.hosting.do_declare_profile(OPERATOR, HostingProfile(Hosting.COMMERCIAL))
    seen = (await town.house.home.space(town.agathe, own.space.id)).space.space
    (closed,) = await town.house.spaces.communities(town.ousmane)
    for view in (seen, closed.space):
        assert (view.name, view.description) == (own.space.name, EMPTY)
