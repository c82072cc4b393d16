"""A space that has members has somebody who manages it, whoever comes and goes at once."""

import asyncio

import pytest

from bastide.core.content import Plain
from bastide.core.errors import NotFound, Problem, Refused
from bastide.core.policy import Action, Role, SpaceKind
from bastide.spaces.errors import LastManager
from bastide.spaces.events import MemberAdded
from bastide.spaces.model import SpaceChange
from tests.spaces.test_spaces import roles
from tests.support.town import Town


async def test_who_joins_a_community_that_nobody_manages_manages_it(town: Town) -> None:
    spaces = town.house.spaces
    own = await town.space(town.agathe, kind=SpaceKind.COMMUNITY)
    space = own.space.id
    assert (await spaces.join(town.ousmane, space)).role is Role.CONTRIBUTOR
    await spaces.remove_member(town.ousmane, space, town.ousmane.person_id)
    await spaces.remove_member(town.agathe, space, town.agathe.person_id)
    assert await roles(town, space) == {}

    joined = await spaces.join(town.solene, space)
    assert joined.role is Role.MANAGER
    assert Action.SPACES_SPACE_EDIT in joined.abilities
    await spaces.change(town.solene, space, SpaceChange(name=Plain("Reprise")))
    added = [e.event for e in town.heard if isinstance(e.event, MemberAdded)]
    assert (added[-1].person_id, added[-1].role) == (town.solene.person_id, Role.MANAGER)
    lines = [bytes(r.line) async for r in town.house.ground.audit.lines()]
    came = [line for line in lines if b"spaces:space:join" in line]
    left = [line for line in lines if b"spaces:space:leave" in line]
    assert all(
        str(a.person_id).encode() in line for a, line in zip((town.ousmane, town.solene), came, strict=True)
    )
    assert all(
        str(a.person_id).encode() in line for a, line in zip((town.ousmane, town.agathe), left, strict=True)
    )
    assert [b'"role":"manager"' in line for line in came] == [False, True], "and that it was taken over"
    # Whoever comes after is one of many again, also who managed it before.
    assert (await spaces.join(town.agathe, space)).role is Role.CONTRIBUTOR


async def test_a_guest_takes_nothing_over(town: Town) -> None:
    spaces = town.house.spaces
    own = await town.space(town.agathe, kind=SpaceKind.COMMUNITY)
    await spaces.remove_member(town.agathe, own.space.id, town.agathe.person_id)
    with pytest.raises((NotFound, Refused)):
        await spaces.join(town.guest, own.space.id)
    assert await roles(town, own.space.id) == {}


@pytest.mark.parametrize("joiners", [1, 3])
async def test_two_managers_leave_while_others_join(town: Town, joiners: int) -> None:
    """In whichever order: those who are in then have one who manages."""
    spaces = town.house.spaces
    coming = [town.yanis, town.solene, await town.person("Luc", "Faure", town.prefecture)][:joiners]
    endings: set[tuple[int, int]] = set()
    for turn in range(12):
        own = await town.space(town.agathe, kind=SpaceKind.COMMUNITY, managers=[town.ousmane])
        space = own.space.id
        acts = [
            spaces.remove_member(town.agathe, space, town.agathe.person_id),
            spaces.remove_member(town.ousmane, space, town.ousmane.person_id),
            *(spaces.join(who, space) for who in coming),
        ]
        shift = turn % len(acts)
        outcomes = await asyncio.gather(*acts[shift:], *acts[:shift], return_exceptions=True)
        assert all(not isinstance(o, BaseException) or isinstance(o, LastManager) for o in outcomes), outcomes
        members = await roles(town, space)
        assert len(members) >= joiners
        managers = [who for who, role in members.items() if role is Role.MANAGER]
        assert len(managers) == 1, "one, and no more than one took over"
        assert {who: town.house.roster.role(space, who) for who in members} == members
        endings.add((len(members), len(managers)))
    assert endings


@pytest.mark.parametrize("others", [0, 1])
async def test_two_managers_leave_a_team_at_once(town: Town, others: int) -> None:
    """With somebody else in it one of them stays; with nobody they both go, and nobody sees it any more."""
    spaces = town.house.spaces
    for _ in range(6):
        own = await town.space(
            town.agathe, managers=[town.ousmane], contributors=[town.yanis] if others else None
        )
        space = own.space.id
        outcomes = await asyncio.gather(
            spaces.remove_member(town.agathe, space, town.agathe.person_id),
            spaces.remove_member(town.ousmane, space, town.ousmane.person_id),
            return_exceptions=True,
        )
        members = await roles(town, space)
        if others:
            assert [type(o) for o in outcomes if o is not None] == [LastManager]
            assert list(members.values()).count(Role.MANAGER) == 1
            continue
        assert outcomes == [None, None]
        assert members == {}
        for actor in (town.agathe, town.ousmane, town.solene):
            with pytest.raises(Problem) as hidden:
                await spaces.own(actor, space)
            assert isinstance(hidden.value, NotFound)
