"""Suspending an account: at once and everywhere, nothing of it goes, and no space is left without anybody to manage it."""

from typing import Any

import msgspec
import pytest

from bastide.core.client import Client
from bastide.core.errors import NotFound, Refused, WrongCredentials
from bastide.core.policy import Action, Actor, Label, Role
from bastide.people.errors import OwnAccount
from bastide.people.model import SignIn
from bastide.spaces.errors import LastManager, NotAgents, StillManaged
from tests.support.served import Served
from tests.support.town import PASSWORD, Town, strong


async def lines(town: Town, *actions: Action) -> list[dict[str, Any]]:
    await town.house.ground.audit.flush()
    found = [msgspec.json.decode(bytes(row.line)) async for row in town.house.ground.audit.lines()]
    return [line for line in found if line["action"] in actions]


async def sign_in(town: Town, email: str) -> Actor:
    opened = await town.house.people.sign_in(SignIn(email, PASSWORD), Client("192.0.2.7", "test"))
    return opened.actor


async def test_all_that_is_open_ends_at_once(served: Served) -> None:
    town = served.town
    rene = await town.person("Rene", "Aubry", town.prefecture, password=PASSWORD)
    email = "rene.aubry@haute-vezelle.example"
    own = await town.space(town.agathe, contributors=[rene])
    first, second = await served.window(rene), await served.window(await sign_in(town, email))
    sockets = [await first.socket(), await second.socket()]
    assert (await first.get("/api/snapshot")).status_code == 200
    told: list[object] = []
    ended = town.house.people.sessions.ended
    town.house.people.sessions.ended = lambda session, person: (told.append(session), ended(session, person))  # type: ignore[func-returns-value]
    await town.house.suspension.suspend(await town.administrator(town.agathe), rene.person_id)
    # The very next request, not one after a minute; and whatever hangs on a session (calls, exports) is told of each.
    for window in (first, second):
        assert (await window.get("/api/snapshot")).status_code == 401
        assert (await window.post(f"/api/spaces/{own.space.id}/call")).status_code == 401
    assert [(await socket.end())[1] for socket in sockets] == ["signed-out", "signed-out"]
    assert len(told) >= 2
    with pytest.raises(WrongCredentials):
        await sign_in(town, email)
    # Twice is once.
    await town.house.suspension.suspend(await town.administrator(town.agathe), rene.person_id)
    await town.house.suspension.restore(await town.administrator(town.agathe), rene.person_id)
    again = await sign_in(town, email)
    assert (await town.house.spaces.own(again, own.space.id)).role is Role.CONTRIBUTOR
    steps = [(line["person_id"], line["detail"]) for line in await lines(town, Action.PEOPLE_PERSON_SUSPEND)]
    assert steps == [
        (str(town.agathe.person_id), {"member": str(rene.person_id), "step": step})
        for step in ("suspended", "restored")
    ]


async def test_only_administrators_suspend_and_only_their_own_organisations_people(town: Town) -> None:
    suspension = town.house.suspension
    with pytest.raises(Refused):
        await suspension.suspend(town.agathe, town.ousmane.person_id)
    with pytest.raises(NotFound):
        await suspension.suspend(await town.administrator(town.agathe), town.solene.person_id)
    with pytest.raises(NotFound):
        await suspension.restore(await town.administrator(town.solene), town.ousmane.person_id)
    with pytest.raises(OwnAccount):
        await suspension.suspend(await town.administrator(town.agathe), town.agathe.person_id)
    await suspension.suspend(await town.administrator(town.agathe), town.guest.person_id)
    book = await town.house.administration.book(await town.administrator(town.agathe))
    assert {p.card.id for p in book.people if p.suspended_at is not None} == {town.guest.person_id}
    assert book.guests == 0


async def test_open_windows_of_their_spaces_ask_again(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe, readers=[town.yanis, town.ousmane])
    other = await town.space(town.agathe, name="Pont neuf", readers=[town.ousmane])
    window = await served.window(town.ousmane)
    wire = await window.socket()
    await town.house.suspension.suspend(await town.administrator(town.agathe), town.yanis.person_id)
    # Of that space alone; what a window is told at its hello names both.
    await wire.first(lambda frame: frame["t"] == "reload" and frame["streams"] == [str(own.space.id)])
    assert (await window.get(f"/api/spaces/{other.space.id}")).json()["barred"] == 0
    assert (await window.get(f"/api/spaces/{own.space.id}")).json()["barred"] == 1


async def test_a_space_whose_managers_are_suspended_gets_one_of_its_members(town: Town) -> None:
    """The whole way: the sole manager is suspended, an administrator from outside names a member, and reads nothing by it."""
    own = await town.space(
        town.ousmane, name="Digues", label=Label.SENSITIVE, readers=[town.yanis], contributors=[town.solene]
    )
    space, orphans, admin = own.space.id, town.house.orphans, await town.administrator(town.agathe)
    assert await orphans.list(admin) == []
    with pytest.raises(StillManaged):
        await orphans.appoint(admin, space, town.yanis.person_id)
    await town.house.suspension.suspend(admin, town.ousmane.person_id)
    [orphan] = await orphans.list(admin)
    assert (orphan.space_id, orphan.label) == (space, Label.SENSITIVE)
    assert [p.id for p in orphan.managers] == [town.ousmane.person_id]
    assert town.yanis.person_id in {p.id for p in orphan.fit}
    assert "Digues" not in str(orphan), "a space's name is its members' own"
    # Neither somebody from outside, nor who is suspended, nor by whoever does not administer.
    for who, error in (
        (town.agathe.person_id, NotFound),
        (town.guest.person_id, NotFound),
        (town.ousmane.person_id, NotAgents),
    ):
        with pytest.raises(error):
            await orphans.appoint(admin, space, who)
    with pytest.raises(Refused):
        await orphans.appoint(town.yanis, space, town.yanis.person_id)
    with pytest.raises(NotFound):
        await orphans.appoint(await town.administrator(town.solene), space, town.yanis.person_id)
    await orphans.appoint(admin, space, town.yanis.person_id)
    assert (await town.house.spaces.own(town.yanis, space)).role is Role.MANAGER
    assert await orphans.list(admin) == []
    # The administrator is where they were: outside.
    with pytest.raises(NotFound):
        await town.house.spaces.own(admin, space)
    [line] = [one for one in await lines(town, Action.SPACES_MANAGER_APPOINT) if one["allowed"]]
    assert (line["person_id"], line["space_id"], line["detail"]["member"]) == (
        str(town.agathe.person_id),
        str(space),
        str(town.yanis.person_id),
    )
    with pytest.raises(StillManaged):
        await orphans.appoint(admin, space, town.solene.person_id)
    assert (await town.house.ground.audit.verify()).broken_at is None


async def test_guests_are_not_named_managers(town: Town) -> None:
    own = await town.space(town.ousmane, readers=[town.guest])
    await town.house.suspension.suspend(await town.administrator(town.agathe), town.ousmane.person_id)
    assert await town.house.orphans.list(await town.administrator(town.agathe)) == [], (
        "there is nobody to name"
    )
    with pytest.raises(NotAgents):
        await town.house.orphans.appoint(
            await town.administrator(town.agathe), own.space.id, town.guest.person_id
        )


async def test_who_is_suspended_does_not_count_as_a_manager_left_behind(town: Town) -> None:
    own = await town.space(town.agathe, managers=[town.ousmane], readers=[town.yanis])
    spaces, space = town.house.spaces, own.space.id
    await town.house.suspension.suspend(await town.administrator(town.agathe), town.ousmane.person_id)
    with pytest.raises(LastManager):
        await spaces.remove_member(town.agathe, space, town.agathe.person_id)
    with pytest.raises(LastManager):
        await spaces.change_role(town.agathe, space, town.agathe.person_id, Role.READER)
    # Who is suspended can be put out: somebody manages.
    await spaces.remove_member(town.agathe, space, town.ousmane.person_id)
    await spaces.change_role(town.agathe, space, town.yanis.person_id, Role.MANAGER)
    await spaces.remove_member(town.agathe, space, town.agathe.person_id)


async def test_an_appointed_manager_of_a_restricted_space_needs_a_passkey_like_anybody(town: Town) -> None:
    own = await town.space(town.ousmane, label=Label.RESTRICTED, readers=[town.yanis])
    await town.house.suspension.suspend(await town.administrator(town.agathe), town.ousmane.person_id)
    await town.house.orphans.appoint(
        await town.administrator(town.agathe), own.space.id, town.yanis.person_id
    )
    with pytest.raises(Refused):
        await town.house.spaces.barred(town.yanis, own.space.id)
    assert [m.barred for m in await town.house.spaces.barred(strong(town.yanis), own.space.id)] == [
        "suspended"
    ]


async def test_who_suspends_a_manager_does_not_name_themselves_where_another_could(town: Town) -> None:
    own = await town.space(town.ousmane, contributors=[town.yanis], readers=[town.agathe])
    space, orphans, admin = own.space.id, town.house.orphans, await town.administrator(town.agathe)
    await town.house.suspension.suspend(admin, town.ousmane.person_id)
    [orphan] = await orphans.list(admin)
    assert [card.id for card in orphan.fit] == [town.yanis.person_id]
    with pytest.raises(NotAgents):
        await orphans.appoint(admin, space, admin.person_id)
    await town.house.suspension.suspend(admin, town.yanis.person_id)
    await orphans.appoint(admin, space, admin.person_id)
