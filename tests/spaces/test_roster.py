"""Memberships in memory: what the database says when it is filled, and what it is told afterwards."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from bastide.core.clock import Clock
from bastide.core.events import Entry, Event
from bastide.core.policy import Label, Role
from bastide.spaces.events import MemberAdded, MemberChanged, MemberRemoved
from bastide.spaces.model import LabelRaise
from bastide.spaces.roster import Roster
from tests.support.town import Town

PEOPLE = [uuid4() for _ in range(4)]
SPACES = [uuid4() for _ in range(6)]
AT = Clock().now()

steps = st.lists(
    st.tuples(
        st.sampled_from(["added", "changed", "removed"]),
        st.sampled_from(PEOPLE),
        st.sampled_from(SPACES),
        st.sampled_from(Role),
    ),
    max_size=60,
)


def event(what: str, person: UUID, role: Role) -> Event:
    if what == "added":
        return MemberAdded(person_id=person, role=role, members_count=1, faces=[])
    if what == "changed":
        return MemberChanged(person_id=person, role=role)
    return MemberRemoved(person_id=person, members_count=1, faces=[])


@given(steps)
def test_it_holds_what_a_plain_table_would(taken: list[tuple[str, UUID, UUID, Role]]) -> None:
    roster, plain = Roster(), dict[tuple[UUID, UUID], Role]()
    moved: list[tuple[str, UUID, UUID]] = []
    roster.entered = lambda person, space: moved.append(("added", person, space))
    roster.parted = lambda person, space: moved.append(("removed", person, space))
    for seq, (what, person, space, role) in enumerate(taken, 1):
        roster.apply(Entry(space, seq, AT, None, event(what, person, role)))
        if what == "removed":
            plain.pop((space, person), None)
        else:
            plain[space, person] = role
    assert moved == [(what, person, space) for what, person, space, _ in taken if what != "changed"]
    for person in PEOPLE:
        mine = {s for s, p in plain if p == person}
        assert roster.spaces_of(person) == mine
        for other in PEOPLE:
            theirs = {s for s, p in plain if p == other}
            assert roster.together(person, other) == (person == other or bool(mine & theirs))
    for space in SPACES:
        assert roster.members(space) == {p: role for (s, p), role in plain.items() if s == space}
        for person in PEOPLE:
            assert roster.role(space, person) is plain.get((space, person))


async def test_it_is_filled_from_the_database_page_by_page(town: Town) -> None:
    everyone = [await town.person("Noé", f"Valbron{n}", town.prefecture) for n in range(7)]
    spaces = [
        await town.space(town.agathe, readers=everyone[:3], contributors=everyone[3:5]),
        await town.space(town.yanis, contributors=everyone[2:], managers=[town.agathe]),
    ]
    filled = Roster()
    filled.page = 2
    async with town.house.ground.database.snapshot() as reader:
        await filled.load(reader)
    for own in spaces:
        members = town.house.roster.members(own.space.id)
        assert len(members) in {6, 7}
        assert filled.members(own.space.id) == members
        assert filled.place(own.space.id) == own.space.place()
    for actor in (*everyone, town.solene, town.agathe):
        assert filled.spaces_of(actor.person_id) == town.house.roster.spaces_of(actor.person_id)
    assert filled.spaces_of(town.solene.person_id) == frozenset()


async def test_sizes_are_kept_by_whatever_way_members_come_and_go(town: Town) -> None:
    others = [town.yanis, town.ousmane]
    own = await town.space(town.agathe, readers=others, contributors=[town.guest])
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.yanis.person_id)
    await town.house.spaces.add_members(town.agathe, own.space.id, [town.ousmane.person_id], Role.READER)
    await town.house.spaces.change_role(town.agathe, own.space.id, town.ousmane.person_id, Role.MANAGER)
    await town.house.labels.raise_label(town.agathe, own.space.id, LabelRaise(Label.SENSITIVE))
    async with town.house.ground.database.transaction() as tx:
        counted = await tx.value("select count(*) from member where space_id = %(id)s", id=own.space.id)
        assert counted == 2
        assert (await town.house.spaces.own(town.agathe, own.space.id)).space.members_count == counted
        await tx.run("delete from member")
        assert await tx.value("select sum(members) from space_size") == 0
