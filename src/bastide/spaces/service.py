"""Spaces: making them, who is in them, what they are called and may do."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.content import EMPTY, checked
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Invalid, NotFound
from bastide.core.events import Event
from bastide.core.fold import prefixes, words
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.policy import Action, Actor, ActorKind, Decision, Label, Place, Role, SpaceKind, Tool
from bastide.people.service import People
from bastide.spaces import store
from bastide.spaces.admission import Admission
from bastide.spaces.errors import LastManager
from bastide.spaces.events import (
    MemberAdded,
    MemberChanged,
    MemberRemoved,
    SpaceChanged,
    SpaceGained,
    SpaceLost,
)
from bastide.spaces.model import (
    DIRECT_MOST,
    CommunityCard,
    MemberPlace,
    MembersAdded,
    MemberView,
    NewSpace,
    OwnSpace,
    RefusedMember,
    SpaceChange,
    SpaceView,
    hindrance_of,
)
from bastide.spaces.roster import Roster

NAME_MOST, DESCRIPTION_MOST, ADDED_MOST, PAGE_MOST = 90, 500, 500, 200
_DIRECT_TOOLS = [Tool.CHAT, Tool.FILES, Tool.MEET]

# What other trades add, in the transaction, to a space that was made or has new tools (a first channel).
Furnish = Callable[[Transaction, SpaceView, UUID], Awaitable[Sequence[Happening]]]


class SpaceFact(msgspec.Struct, frozen=True):
    """What the journal keeps of a changed space."""

    space_id: UUID


class Spaces:
    """The use cases of spaces."""

    def __init__(self, ground: Ground, people: People, roster: Roster) -> None:
        self._ground = ground
        self._admission = Admission(ground, people)
        self._roster = roster
        self.furnish: list[Furnish] = []
        ground.registry.add(MemberAdded, MemberRemoved, MemberChanged, SpaceGained)
        ground.registry.add_hydrated(SpaceChanged, SpaceFact, lambda e: SpaceFact(e.space.id), self._hydrate)

    # Making.

    async def create(self, actor: Actor, new: NewSpace) -> OwnSpace:
        """A new team or community, its maker its first manager. The same client id makes it once."""
        if new.kind is SpaceKind.DIRECT:
            raise Invalid(field="kind")
        if len(new.members) > ADDED_MOST:
            raise Invalid(field="members")
        space = SpaceView(
            id=self._ground.ids.new(),
            organisation_id=actor.organisation_id,
            kind=new.kind,
            label=new.label,
            tools=_tools(new.tools),
            name=checked(new.name, field="name", least=1, most=NAME_MOST, one_line=True),
            description=checked(new.description, field="description", most=DESCRIPTION_MOST),
            created_at=self._ground.clock.now(),
            members_count=0,
            faces=[],
        )
        self._ground.access.allow(actor, Action.SPACES_SPACE_CREATE, place=space.place(), role=Role.MANAGER)
        others = [p for p in dict.fromkeys(new.members) if p != actor.person_id]
        members = [(actor.person_id, Role.MANAGER), *((p, Role.CONTRIBUTOR) for p in others)]
        key = hashlib.sha256(actor.person_id.bytes + new.client_id.bytes).digest()
        async with self._ground.database.transaction() as tx:
            await store.lock_key(tx, key)
            made = await store.find_made(tx, actor.person_id, new.client_id)
            if made is None:
                await self._do_create(tx, actor, space, members, client_id=new.client_id, direct_key=None)
        return await self._own_new(actor, made or space.id)

    async def direct(self, actor: Actor, people: Sequence[UUID]) -> OwnSpace:
        """The direct with exactly these people, found or made; with nobody else it is a place for one's own notes."""
        place = self._new_direct(actor).place()
        self._ground.access.allow(actor, Action.SPACES_DIRECT_CREATE, place=place, role=Role.CONTRIBUTOR)
        everyone = sorted({actor.person_id, *people})
        if len(everyone) > DIRECT_MOST:
            raise Invalid(field="people")
        key = hashlib.sha256(b"".join(p.bytes for p in everyone)).digest()
        async with self._ground.database.transaction() as tx:
            found = await store.find_direct(tx, key)
            if found is None:
                await store.lock_key(tx, key)
                found = await store.find_direct(tx, key)
            if found is None:
                space = self._new_direct(actor)
                found = space.id
                members = [(p, Role.CONTRIBUTOR) for p in everyone]
                await self._do_create(tx, actor, space, members, client_id=None, direct_key=key)
        return await self._own_new(actor, found)

    async def _own_new(self, actor: Actor, space_id: UUID) -> OwnSpace:
        """`own` of a space that another act may have committed this very moment, before memory heard of it."""
        if self._ground.memberships.place(space_id) is None:
            await self._ground.bus.catch_up(space_id)
        return await self.own(actor, space_id)

    def _new_direct(self, actor: Actor) -> SpaceView:
        return SpaceView(
            id=self._ground.ids.new(),
            organisation_id=actor.organisation_id,
            kind=SpaceKind.DIRECT,
            label=Label.INTERNAL,
            tools=list(_DIRECT_TOOLS),
            name=EMPTY,
            description=EMPTY,
            created_at=self._ground.clock.now(),
            members_count=0,
            faces=[],
        )

    async def _do_create(
        self,
        tx: Transaction,
        actor: Actor,
        space: SpaceView,
        members: list[tuple[UUID, Role]],
        *,
        client_id: UUID | None,
        direct_key: bytes | None,
    ) -> None:
        making = Action.SPACES_SPACE_CREATE if direct_key is None else Action.SPACES_DIRECT_CREATE
        await self._admission.check(tx, actor, making, space.place(), [p for p, _ in members], Role.READER)
        await self._ground.journal.open_stream(tx, space.id)
        await store.add_space(tx, space, by=actor.person_id, client_id=client_id, direct_key=direct_key)
        for person_id, role in members:
            await store.add_members(tx, space.id, [person_id], role, space.created_at)
        if space.kind is SpaceKind.COMMUNITY:
            await store.set_words(tx, space.id, words(space.name.text, space.description.text))
        view = await store.view(tx, space.id)
        happenings = [Happening(space.id, SpaceChanged(space=view), actor.person_id)]
        for person_id, role in members:
            added = MemberAdded(
                person_id=person_id, role=role, members_count=view.members_count, faces=view.faces
            )
            happenings.append(Happening(space.id, added, actor.person_id))
            happenings.append(Happening(person_id, SpaceGained(space_id=space.id), actor.person_id))
        for add in self.furnish:
            happenings += await add(tx, view, actor.person_id)
        await self._ground.journal.append(tx, happenings)
        if direct_key is None:
            await self._audit(tx, actor, Action.SPACES_SPACE_CREATE, space.id, label=space.label.value)

    # Reading.

    async def own(self, actor: Actor, space_id: UUID) -> OwnSpace:
        """A space with what one is and may do in it."""
        self._ground.access.space(actor, Action.SPACES_SPACE_READ, space_id)
        async with self._ground.database.snapshot() as reader:
            found = await self.own_many(reader, actor, [space_id])
        if not found:
            raise NotFound
        return found[0]

    async def own_many(
        self, reader: Reader, actor: Actor, ids: Sequence[UUID] | None = None
    ) -> list[OwnSpace]:
        """Those of some spaces, or of all, that the actor may read.

        All from the reader and nothing from memory: a view's cursor, role and abilities are of one moment, or the events
        after the cursor would not complete it.
        """
        found: list[OwnSpace] = []
        guarded = [label for label in Label if self._admission.may_bar_others(actor, label)]
        for row in await store.own_spaces(reader, actor.person_id, ids, guarded):
            view, role = row.view(), Role(row.role)
            place = view.place()
            abilities = self._ground.access.abilities_at(actor, place, role)
            if Action.SPACES_SPACE_READ in abilities:
                out = sum(
                    self._admission.reason_out(place, ActorKind.AGENT, other) is not None
                    for other in row.others
                )
                found.append(
                    OwnSpace(view.told_to(abilities), role, abilities, row.cursor, row.suspended + out)
                )
        return found

    async def communities(self, actor: Actor, query: str = "", most: int = 50) -> list[CommunityCard]:
        """Communities one may join or has joined, found by the beginnings of words."""
        offered = [label for label in Label if self._may_discover(actor, label)]
        asked = prefixes(query)
        if query.strip() and asked is None:
            return []
        async with self._ground.database.read() as reader:
            rows = await store.communities(reader, asked, offered, min(most, PAGE_MOST))
        mine = self._roster.spaces_of(actor.person_id)
        cards: list[CommunityCard] = []
        for row in rows:
            view = row.view()
            # Whoever may come in sees what is written on the door, unless nobody may read there today.
            within = self._ground.access.abilities_at(actor, view.place(), Role.READER)
            cards.append(CommunityCard(view.told_to(within), row.id in mine))
        return cards

    def _may_discover(self, actor: Actor, label: Label) -> bool:
        place = Place(actor.person_id, actor.organisation_id, SpaceKind.COMMUNITY, label, frozenset())
        return self._ground.access.would(actor, Action.SPACES_SPACE_DISCOVER, place, None).allowed

    async def members(
        self,
        actor: Actor,
        space_id: UUID,
        *,
        query: str = "",
        after: MemberPlace | None = None,
        most: int = 100,
    ) -> list[MemberView]:
        """Members by pages, those who manage the space first, then in the order in which they came; or found by name."""
        place = self._ground.access.space(actor, Action.SPACES_MEMBER_LIST, space_id).place
        most = min(most, PAGE_MOST)
        async with self._ground.database.read() as reader:
            if query.strip():
                asked = prefixes(query)
                rows = await store.find_members(reader, space_id, asked, most) if asked else []
            else:
                rows = await store.members(reader, space_id, after=after, most=most)
        told = self._ground.access.may(actor, Action.SPACES_MEMBER_REMOVE, space_id)
        return [self._member(place, row, told=told) for row in rows]

    async def barred(self, actor: Actor, space_id: UUID) -> list[MemberView]:
        """Members who cannot come in any more, and why: for whoever may put them out. At most two hundred."""
        place = self._ground.access.space(actor, Action.SPACES_MEMBER_REMOVE, space_id).place
        async with self._ground.database.read() as reader:
            rows = await store.perhaps_barred(reader, space_id)
        members = [self._member(place, row, told=True) for row in rows]
        return [member for member in members if member.barred is not None][:PAGE_MOST]

    def _member(self, place: Place, row: store.MemberRow, *, told: bool) -> MemberView:
        why = None
        if told:
            reason = self._admission.reason_out(place, ActorKind(row.kind), row.organisation_id)
            why = "suspended" if row.suspended else reason
        return MemberView(row.person_id, Role(row.role), row.joined_at, why)

    # Changing.

    async def change(self, actor: Actor, space_id: UUID, change: SpaceChange) -> OwnSpace:
        """Another name, description or set of tools."""
        self._ground.access.space(actor, Action.SPACES_SPACE_EDIT, space_id)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, Action.SPACES_SPACE_EDIT, space_id, [])
            before = await store.view(tx, space_id)
            name, description, tools = before.name, before.description, before.tools
            if change.name is not None:
                name = checked(change.name, field="name", least=1, most=NAME_MOST, one_line=True)
            if change.description is not None:
                description = checked(change.description, field="description", most=DESCRIPTION_MOST)
            if change.tools is not None:
                tools = _tools(change.tools)
            await store.change_space(tx, space_id, name, description, tools)
            if before.kind is SpaceKind.COMMUNITY:
                await store.set_words(tx, space_id, words(name.text, description.text))
            view = await store.view(tx, space_id)
            happenings = [Happening(space_id, SpaceChanged(space=view), actor.person_id)]
            for add in self.furnish:
                happenings += await add(tx, view, actor.person_id)
            await self._ground.journal.append(tx, happenings)
            tools_word = " ".join(t.value for t in view.tools)
            await self._audit(tx, actor, Action.SPACES_SPACE_EDIT, space_id, tools=tools_word)
        return await self.own(actor, space_id)

    async def add_members(
        self, actor: Actor, space_id: UUID, people: Sequence[UUID], role: Role
    ) -> MembersAdded:
        """Let people in; who is in already stays as they are. Of several, whom a rule keeps out is told, and the others come in.

        Raises:
            Refused, NotAgents, GuestByInvitation: it was about one person alone, and they cannot come in so.
        """
        place = self._ground.access.space(actor, Action.SPACES_MEMBER_ADD, space_id).place
        if not 1 <= len(people) <= ADDED_MOST:
            raise Invalid(field="people")
        wanted = list(dict.fromkeys(people))
        refused, guests = await self._do_add(actor, Action.SPACES_MEMBER_ADD, space_id, wanted, role)
        told = [
            RefusedMember(
                person_id,
                hindrance_of(self._ground.access.told(actor, decision, place)) if decision else None,
                person_id in guests,
            )
            for person_id, decision in refused.items()
        ]
        return MembersAdded([person_id for person_id in wanted if person_id not in refused], told)

    async def join(self, actor: Actor, space_id: UUID) -> OwnSpace:
        """Come into a community by oneself: as a contributor, or as its manager where it has none (all have left)."""
        self._ground.access.space(actor, Action.SPACES_SPACE_JOIN, space_id)
        await self._do_add(actor, Action.SPACES_SPACE_JOIN, space_id, [actor.person_id], Role.CONTRIBUTOR)
        return await self.own(actor, space_id)

    async def _do_add(
        self, actor: Actor, action: Action, space_id: UUID, people: list[UUID], role: Role
    ) -> tuple[dict[UUID, Decision | None], set[UUID]]:
        """Who does not come in, of several, and which of these are guests; one alone is refused."""
        async with self._ground.database.transaction() as tx:
            place = await self._hold(tx, actor, action, space_id, people)
            joining = action is Action.SPACES_SPACE_JOIN
            taking_over = joining and await store.managers_count(tx, space_id) == 0
            if taking_over:
                role = Role.MANAGER
            refused: dict[UUID, Decision | None] = {}
            guests: set[UUID] = set()
            if len(people) == 1:
                await self._admission.check(tx, actor, action, place, people, role)
            else:
                refused = await self._admission.inadmissible(tx, actor, action, place, people, role)
                self._admission.note(actor, action, space_id, refused)
                guests = set(await self._admission.guests(tx, people)) - refused.keys()
                refused |= dict.fromkeys(guests)
                people = [person_id for person_id in people if person_id not in refused]
            added = await store.add_members(tx, space_id, people, role, self._ground.clock.now())
            if not added:
                return refused, guests
            view = await store.view(tx, space_id)
            happenings: list[Happening] = []
            for place_in_line, person_id in enumerate(added, 1 - len(added)):
                event = MemberAdded(
                    person_id=person_id,
                    role=role,
                    members_count=view.members_count + place_in_line,
                    faces=view.faces,
                )
                happenings.append(Happening(space_id, event, actor.person_id))
                happenings.append(Happening(person_id, SpaceGained(space_id=space_id), actor.person_id))
            await self._ground.journal.append(tx, happenings)
            details = [{"member": str(person_id), "role": role.value} for person_id in added]
            lines = [Line(action.value, True, actor.person_id, space_id, detail=d) for d in details]
            await self._ground.audit.record(tx, *lines)
            return refused, guests

    async def change_role(self, actor: Actor, space_id: UUID, person_id: UUID, role: Role) -> None:
        """Make a member a reader, a contributor or a manager."""
        self._ground.access.space(actor, Action.SPACES_MEMBER_CHANGE, space_id)
        async with self._ground.database.transaction() as tx:
            place = await self._hold(tx, actor, Action.SPACES_MEMBER_CHANGE, space_id, [person_id])
            before = await store.find_role(tx, space_id, person_id)
            if before is None:
                raise NotFound
            if before is role:
                return
            await self._admission.check(tx, actor, Action.SPACES_MEMBER_CHANGE, place, [person_id], role)
            if before is Role.MANAGER and not await store.has_other_manager(tx, space_id, person_id):
                raise LastManager
            await store.set_role(tx, space_id, person_id, role)
            event = MemberChanged(person_id=person_id, role=role)
            await self._ground.journal.append(tx, [Happening(space_id, event, actor.person_id)])
            await self._audit(
                tx, actor, Action.SPACES_MEMBER_CHANGE, space_id, member=str(person_id), role=role.value
            )

    async def remove_member(self, actor: Actor, space_id: UUID, person_id: UUID) -> None:
        """Put a member out, or leave oneself. Who is out learns nothing more from the next event on.

        A space that has members keeps a manager. Whoever is alone may leave: nobody sees a team without members any
        more, and a community goes to whoever joins it next.
        """
        leaving = person_id == actor.person_id
        action = Action.SPACES_SPACE_LEAVE if leaving else Action.SPACES_MEMBER_REMOVE
        self._ground.access.space(actor, action, space_id)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, action, space_id, [person_id])
            before = await store.find_role(tx, space_id, person_id)
            if before is None:
                raise NotFound
            view = await store.view(tx, space_id)
            alone = view.members_count == 1
            last = before is Role.MANAGER and not await store.has_other_manager(tx, space_id, person_id)
            if last and not alone:
                raise LastManager
            await store.remove_member(tx, space_id, person_id)
            view = await store.view(tx, space_id)
            removed = MemberRemoved(person_id=person_id, members_count=view.members_count, faces=view.faces)
            await self._ground.journal.append(
                tx,
                [
                    Happening(space_id, removed, actor.person_id),
                    Happening(person_id, SpaceLost(space_id=space_id), actor.person_id),
                ],
            )
            await self._audit(tx, actor, action, space_id, member=str(person_id))

    # Within.

    async def _hold(
        self, tx: Transaction, actor: Actor, action: Action, space_id: UUID, people: Sequence[UUID]
    ) -> Place:
        """Lock the space and people's streams, and decide again by what is true under the lock."""
        await self._ground.journal.lock(tx, [space_id, *people])
        role = await store.find_role(tx, space_id, actor.person_id)
        place = (await store.view(tx, space_id)).place()
        self._ground.access.check_at(actor, action, place, role)
        return place

    async def _hydrate(self, reader: Reader, facts: Sequence[SpaceFact]) -> list[Event | None]:
        rows = {row.id: row for row in await store.spaces(reader, [f.space_id for f in facts])}
        return [SpaceChanged(space=rows[f.space_id].view()) if f.space_id in rows else None for f in facts]

    async def _audit(
        self, tx: Transaction, actor: Actor, action: Action, space_id: UUID, **detail: str
    ) -> None:
        await self._ground.audit.record(
            tx, Line(action.value, True, actor.person_id, space_id, detail=detail)
        )


def _tools(tools: Sequence[Tool]) -> list[Tool]:
    """In the order of the list, each once; a space without any would be a wall."""
    chosen = [t for t in Tool if t in tools]
    if not chosen:
        raise Invalid(field="tools")
    return chosen
