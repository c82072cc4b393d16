"""Access and memberships, by random acts: memory, database and rule never disagree."""

from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bastide.core.access import Access, SpaceItself, ThingKind
from bastide.core.content import Plain
from bastide.core.errors import NotFound, Problem, Refused
from bastide.core.policy import (
    Action,
    Actor,
    ActorKind,
    Case,
    Decision,
    Holding,
    HoldingState,
    Label,
    Place,
    Role,
    RuleName,
    SpaceKind,
    Strength,
    Tool,
    Way,
    decide,
)
from bastide.core.policy.table import TABLE, WAYS
from bastide.spaces.model import NewSpace, SpaceChange
from bastide.spaces.roster import Roster
from tests.support.town import Town

# Every door asks the same rule.

SPACES = [UUID(int=i) for i in range(1, 5)]
PEOPLE = [UUID(int=i) for i in range(11, 14)]
ORGANISATIONS = [UUID(int=100), UUID(int=101)]

IN_SPACES = {action for action, need in TABLE.items() if need.nature is not None}

places = st.builds(
    Place,
    space_id=st.none(),
    organisation_id=st.sampled_from(ORGANISATIONS),
    kind=st.sampled_from(SpaceKind),
    label=st.sampled_from(Label),
    tools=st.frozensets(st.sampled_from(Tool)),
)


class World:
    """Random spaces and who is in them."""

    def __init__(self, found: list[Place], roles: dict[tuple[int, int], Role]) -> None:
        self._places = {
            space: Place(space, p.organisation_id, p.kind, p.label, p.tools)
            for space, p in zip(SPACES, found, strict=False)
        }
        self._roles = {(SPACES[s], PEOPLE[p]): r for (s, p), r in roles.items() if SPACES[s] in self._places}

    def place(self, space_id: UUID) -> Place | None:
        return self._places.get(space_id)

    def role(self, space_id: UUID, person_id: UUID) -> Role | None:
        return self._roles.get((space_id, person_id))

    def spaces_of(self, person_id: UUID) -> frozenset[UUID]:
        return frozenset(s for s, p in self._roles if p == person_id)


worlds = st.builds(
    World,
    st.lists(places, max_size=4),
    st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 2)), st.sampled_from(Role)),
)
actors = st.builds(
    Actor,
    kind=st.sampled_from(ActorKind),
    person_id=st.sampled_from(PEOPLE),
    organisation_id=st.sampled_from(ORGANISATIONS),
    device_id=st.just(UUID(int=50)),
    session_id=st.just(UUID(int=51)),
    strength=st.sampled_from(Strength),
    administrator=st.booleans(),
    officer=st.booleans(),
    acting=st.booleans(),
)


class Book:
    """A random rulebook."""

    def __init__(self, holdings: dict[Label, Holding], partners: set[tuple[UUID, UUID]]) -> None:
        self._holdings = holdings
        self._partners = partners

    def holding(self, label: Label) -> Holding:
        return self._holdings[label]

    def partner(self, owner_id: UUID, other_id: UUID) -> bool:
        return (owner_id, other_id) in self._partners


holdings = st.builds(
    Holding,
    st.sampled_from(HoldingState),
    st.sampled_from([RuleName.HOSTING, RuleName.APPROVAL]),
    st.just("so"),
)
organisation_pairs = st.tuples(st.sampled_from(ORGANISATIONS), st.sampled_from(ORGANISATIONS))
books = st.builds(
    Book, st.fixed_dictionaries(dict.fromkeys(Label, holdings)), st.sets(organisation_pairs, max_size=3)
)


AFTER = {
    Way.ASK_AUTHOR: {Action.SPACES_MEMBER_LIST},
    Way.ASK_MANAGER: {Action.SPACES_MEMBER_LIST},
    Way.ASK_SECOND_MANAGER: {Action.SPACES_MEMBER_LIST},
    Way.EXPORT: {Action.SPACES_SPACE_EXPORT},
    Way.SWITCH_ON_TOOL: {Action.SPACES_SPACE_EDIT},
    Way.INVITE_ELSEWHERE: {Action.SPACES_GUEST_INVITE, Action.SPACES_MEMBER_ADD},
    Way.ADD_PASSKEY: {Action.PEOPLE_PROFILE_EDIT},
    Way.ASK_OFFICER: {Action.HOSTING_DECLARATION_READ},
    Way.MAKE_TEAM: {Action.SPACES_SPACE_CREATE},
    Way.CHOOSE_LABEL: {Action.SPACES_SPACE_CREATE},
}


def acts_left(access: Access, actor: Actor, way: Way, refused: Place | None, *, made: bool) -> set[Action]:
    """What somebody may do where a way leads them. Said apart from `core.ways`, way by way."""
    if way in (Way.ADD_PASSKEY, Way.ASK_OFFICER):
        return {a for a in Action if access.offers(actor, a)}
    assert refused is not None
    if way in (Way.MAKE_TEAM, Way.CHOOSE_LABEL):
        kind = SpaceKind.TEAM if way is Way.MAKE_TEAM else refused.kind
        labels = list(Label)
        if way is Way.CHOOSE_LABEL and made:
            assert access.may(actor, Action.SPACES_LABEL_LOWER, refused.space_id)
            labels = labels[: labels.index(refused.label)]
        wanted = [msgspec.structs.replace(refused, kind=kind, label=label) for label in labels]
        return {
            a for place in wanted for a in AFTER[way] if access.would(actor, a, place, Role.MANAGER).allowed
        }
    there = (
        [s for s in SPACES if s != refused.space_id] if way is Way.INVITE_ELSEWHERE else [refused.space_id]
    )
    return {a for a in Action for space_id in there if access.may(actor, a, space_id)}


def refusal(
    access: Access, actor: Actor, action: Action, place: Place | None, *, made: bool
) -> Refused | None:
    try:
        if made and place is not None:
            access.space(actor, action, place.space_id)
        else:
            access.allow(actor, action, place=place, role=Role.MANAGER if place else None)
    except Refused as refused:
        return refused
    except NotFound:
        pass
    return None


@settings(max_examples=150, deadline=None)
@given(worlds, books, actors, places)
def test_no_refusal_offers_a_way_that_is_refused_itself(
    world: World, book: Book, actor: Actor, wish: Place
) -> None:
    """Every refusal, to everybody, in every space, of a space to be made and of none."""
    access = Access(world, book, unheard)
    wished = msgspec.structs.replace(wish, space_id=UUID(int=90), organisation_id=actor.organisation_id)
    for action, place in product(Action, (*map(world.place, SPACES), wished)):
        made = place is not wished
        refused = refusal(access, actor, action, place, made=made)
        for way in map(Way, (refused.ways or ()) if refused else ()):
            assert refused is not None
            assert way in WAYS[RuleName(refused.rule or "")]
            if way is Way.ASK_MANAGER:
                assert place is not None
                assert world.role(place.space_id, actor.person_id) is not Role.MANAGER
            left = acts_left(access, actor, way, place, made=made)
            assert left & AFTER[way], (action, place, refused.rule, way)


def unheard(_actor: Actor, _action: Action, _decision: Decision, _space: UUID | None) -> None:
    """Records nothing."""


@settings(max_examples=300, deadline=None)
@given(worlds, books, actors, st.sampled_from(Action), st.booleans())
async def test_fetch_visible_abilities_and_may_agree(
    world: World,
    book: Book,
    actor: Actor,
    action: Action,
    own: bool,
) -> None:
    recorded: list[Decision] = []

    def record(_actor: Actor, _action: Action, decision: Decision, _space: UUID | None) -> None:
        recorded.append(decision)

    access = Access(world, book, record)

    async def load(thing_id: UUID) -> SpaceItself | None:
        author = actor.person_id if own else uuid4()
        return SpaceItself(thing_id, author)

    kind = ThingKind("thing", load)
    visible = access.visible(actor, action)
    assert len(visible) == len(set(visible))
    for space_id in SPACES:
        recorded.clear()
        try:
            found = await access.fetch(actor, action, kind, space_id)
            outcome = "allowed"
            assert found.place == world.place(space_id)
        except NotFound:
            outcome = "hidden"
        except Refused:
            outcome = "refused"
        assert len(recorded) == (outcome == "refused"), "a refusal is recorded, what is hidden is not"
        place, role = world.place(space_id), world.role(space_id, actor.person_id)
        if place is None:
            assert outcome == "hidden"
            assert space_id not in visible
            continue
        decision = decide(
            Case(
                action,
                actor.kind,
                role,
                place,
                own,
                strength=actor.strength,
                foreign=place.organisation_id != actor.organisation_id,
                partner=place.organisation_id != actor.organisation_id
                and book.partner(place.organisation_id, actor.organisation_id),
                administrator=actor.administrator,
                officer=actor.officer,
                acting=actor.acting,
                holding=book.holding(place.label),
            )
        )
        expected = "allowed" if decision.allowed else "hidden" if decision.hidden else "refused"
        assert outcome == expected
        assert access.may(actor, action, space_id, own=own) is decision.allowed
        if own:
            assert (action in access.abilities(actor, space_id)) is decision.allowed
            if role is not None:
                assert (space_id in visible) is decision.allowed
                assert access.abilities_at(actor, place, role) == access.abilities(actor, space_id)
        if role is None:
            assert space_id not in visible, "lists show only what one is in"


def ask(world: World, book: Book) -> Access:
    """The three doors to the rule, and nobody who keeps the refusals."""

    def unkept(_actor: Actor, _action: Action, _decision: Decision, _space: UUID | None) -> None:
        return

    return Access(world, book, unkept)


@settings(max_examples=200, deadline=None)
@given(worlds, books, actors)
def test_administering_the_instance_opens_no_space(world: World, book: Book, actor: Actor) -> None:
    """Who holds every office, in administration, reads nothing more of what spaces hold."""
    access = ask(world, book)
    plain = msgspec.structs.replace(actor, administrator=False, officer=False)
    chief = msgspec.structs.replace(actor, administrator=True, officer=True, acting=True)
    office = {action for action, need in TABLE.items() if need.offices}
    for space_id in SPACES:
        more = set(access.abilities(chief, space_id)) - set(access.abilities(plain, space_id))
        assert more <= office
        assert not set(access.abilities(plain, space_id)) - set(access.abilities(chief, space_id))
    for action in set(Action) - office:
        assert set(access.visible(chief, action)) == set(access.visible(plain, action))
    for action in office:
        if actor.kind is not ActorKind.SYSTEM:
            assert not access.offers(plain, action)
            assert access.offers(chief, action) is (actor.kind is ActorKind.AGENT)


@settings(max_examples=200, deadline=None)
@given(worlds, books, actors, st.sampled_from(Action))
def test_what_is_offered_is_what_is_allowed(world: World, book: Book, actor: Actor, action: Action) -> None:
    """On no space, too: the window offers what `allow` lets through."""
    access = ask(world, book)
    try:
        access.allow(actor, action, own=True)
        allowed = True
    except (NotFound, Refused):
        allowed = False
    assert access.offers(actor, action) is allowed


@settings(max_examples=200, deadline=None)
@given(worlds, books, actors)
def test_guests_and_links_see_nothing_above_internal(world: World, book: Book, actor: Actor) -> None:
    access = ask(world, book)
    for kind in (ActorKind.GUEST, ActorKind.LINK):
        outsider = msgspec.structs.replace(actor, kind=kind)
        for space_id in SPACES:
            place = world.place(space_id)
            if place is not None and place.label in (Label.SENSITIVE, Label.RESTRICTED):
                assert not set(access.abilities(outsider, space_id)) & IN_SPACES
                assert all(space_id not in access.visible(outsider, action) for action in Action)


@settings(max_examples=300, deadline=None)
@given(worlds, books, actors, st.sampled_from(Action))
def test_whom_the_rule_would_admit_gets_in(world: World, book: Book, actor: Actor, action: Action) -> None:
    """`admits` asks for somebody else, surely known: it says what they would be told themselves."""
    access = ask(world, book)
    known = msgspec.structs.replace(actor, strength=Strength.PASSKEY, administrator=False, officer=False)
    for space_id in SPACES:
        place, role = world.place(space_id), world.role(space_id, actor.person_id)
        if place is None or role is None:
            continue
        told = access.admits(actor.kind, actor.organisation_id, action, place, role)
        assert told == access.would(known, action, place, role)
        assert told.allowed is access.may(known, action, space_id, own=False)


@settings(max_examples=200, deadline=None)
@given(worlds, books, actors, actors)
def test_who_stands_alike_may_the_same(world: World, book: Book, one: Actor, other: Actor) -> None:
    """One frame is encoded for all of them."""
    access = ask(world, book)
    for space_id in SPACES:
        if access.standing(one, space_id) == access.standing(other, space_id):
            assert access.abilities(one, space_id) == access.abilities(other, space_id)


@settings(max_examples=200, deadline=None)
@given(worlds, books, actors)
def test_a_partner_is_let_in_by_the_owner_and_by_nobody_else(world: World, book: Book, actor: Actor) -> None:
    """Into restricted spaces of an organisation come its own, and those of whom it said so: not the other way round."""
    access = ask(world, book)
    agent = msgspec.structs.replace(actor, kind=ActorKind.AGENT, strength=Strength.PASSKEY)
    for space_id in SPACES:
        place, role = world.place(space_id), world.role(space_id, agent.person_id)
        if place is None or role is None or place.label is not Label.RESTRICTED:
            continue
        at_home = place.organisation_id == agent.organisation_id
        welcome = at_home or book.partner(place.organisation_id, agent.organisation_id)
        assert access.may(agent, Action.SPACES_SPACE_READ, space_id) is welcome


# Memory is what the database says, after whatever happened.

names = st.sampled_from(["agathe", "ousmane", "yanis", "solene", "guest"])
doers = st.sampled_from(["agathe", "agathe", "agathe", "ousmane", "ousmane", "yanis", "solene", "guest"])
acts = st.one_of(
    st.tuples(
        st.just("create"),
        doers,
        st.sampled_from([SpaceKind.TEAM, SpaceKind.COMMUNITY]),
        st.sampled_from(Label),
        st.lists(names, max_size=3),
    ),
    st.tuples(st.just("direct"), doers, st.lists(names, max_size=2)),
    st.tuples(st.just("add"), doers, st.integers(0, 5), names, st.sampled_from(Role)),
    st.tuples(st.just("role"), doers, st.integers(0, 5), names, st.sampled_from(Role)),
    st.tuples(st.just("remove"), doers, st.integers(0, 5), names),
    st.tuples(st.just("join"), doers, st.integers(0, 5)),
    st.tuples(st.just("tools"), doers, st.integers(0, 5), st.lists(st.sampled_from(Tool), max_size=3)),
)


@settings(
    max_examples=25,
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(acts, min_size=20, max_size=40))
async def test_memory_is_what_the_database_says(crossing: Town, plan: list[tuple[object, ...]]) -> None:
    """Replayed events give what a fresh start would load, after random acts through the services."""
    town = crossing
    team = await town.space(town.agathe, managers=[town.ousmane], contributors=[town.yanis])
    community = await town.space(town.agathe, kind=SpaceKind.COMMUNITY, contributors=[town.solene])
    made = [team.space.id, community.space.id]
    for act in plan:
        try:
            await done(town, made, act)
        except Problem:
            continue
    fresh = Roster()
    async with town.house.ground.database.read() as reader:
        await fresh.load(reader)
    replayed = Roster()
    for entry in town.heard:
        replayed.apply(entry)
        replayed.apply(entry)  # twice is once
    living = town.house.roster
    for roster in (living, replayed):
        assert known(roster) == known(fresh)
    for space_id in made:
        managers = [p for p, r in fresh.members(space_id).items() if r is Role.MANAGER]
        place = fresh.place(space_id)
        assert place is not None
        if fresh.members(space_id) and place.kind is not SpaceKind.DIRECT:
            assert managers, "a space that has members has a manager"
        for person in fresh.members(space_id):
            kind = ActorKind.GUEST if person == town.guest.person_id else ActorKind.AGENT
            home = town.agency.id if person == town.solene.person_id else town.prefecture.id
            role = fresh.role(space_id, person)
            assert role is not None
            admitted = town.house.ground.access.admits(kind, home, Action.SPACES_SPACE_READ, place, role)
            assert admitted.allowed, "whoever is in may read"


async def done(town: Town, made: list[UUID], act: tuple[object, ...]) -> None:
    spaces, ids = town.house.spaces, town.house.ground.ids

    def who(name: object) -> Actor:
        return getattr(town, str(name))  # type: ignore[no-any-return]

    def where(index: object) -> UUID:
        return made[int(str(index)) % len(made)]

    match act:
        case ("create", actor, SpaceKind() as kind, Label() as label, list(members)):
            people = [who(m).person_id for m in members]
            new = NewSpace(ids.new(), kind, label, list(Tool), Plain("Espace"), members=people)
            made.append((await spaces.create(who(actor), new)).space.id)
        case ("direct", actor, list(members)):
            made.append((await spaces.direct(who(actor), [who(m).person_id for m in members])).space.id)
        case ("add", actor, index, person, Role() as role):
            await spaces.add_members(who(actor), where(index), [who(person).person_id], role)
        case ("role", actor, index, person, Role() as role):
            await spaces.change_role(who(actor), where(index), who(person).person_id, role)
        case ("remove", actor, index, person):
            await spaces.remove_member(who(actor), where(index), who(person).person_id)
        case ("join", actor, index):
            await spaces.join(who(actor), where(index))
        case ("tools", actor, index, list(tools)):
            await spaces.change(who(actor), where(index), SpaceChange(tools=tools))
        case _:
            raise AssertionError(act)


def known(roster: Roster) -> tuple[object, ...]:
    """All that a roster says of everybody."""
    return roster.whole()
