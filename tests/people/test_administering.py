"""Being in administration, and the two offices: nothing is done by an office alone, and neither gives the other."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from bastide.core.clock import HeldClock
from bastide.core.errors import NotFound, Refused
from bastide.core.policy import Action, Actor, Office
from bastide.people.errors import LastOfficer
from tests.support.eventually import until
from tests.support.served import Served, Window
from tests.support.town import PASSWORD, Town, in_office

SESSION, BOOK = "/api/administration/session", "/api/administration/people"
MINE = "people:administration:open", "people:administration:end"


def later(town: Town, by: timedelta) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(by)


async def told(town: Town, *acts: str) -> list[tuple[str, bool, str | None]]:
    """The lines of some acts: which, done or refused, and its step."""
    await town.house.ground.audit.flush()
    found = [msgspec.json.decode(bytes(row.line)) async for row in town.house.ground.audit.lines()]
    return [
        (line["action"], line["allowed"], line["detail"].get("step"))
        for line in found
        if line["action"] in acts
    ]


async def marthe(town: Town, *offices: Office) -> Actor:
    """Somebody with a password who holds offices, and is not in administration."""
    person = await town.person("Marthe", "Aubry", town.prefecture, password=PASSWORD)
    return await town.in_office(person, *offices, acting=False)


async def me(window: Window) -> dict[str, Any]:
    answer = await window.get("/api/session")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_nothing_is_done_by_office_alone(served: Served) -> None:
    window = await served.window(await marthe(served.town))
    # What the office may do is offered; doing it says what is missing.
    assert {"people:agent:invite", "audit:trail:read"} <= set((await me(window))["abilities"])
    for path in (BOOK, "/api/audit"):
        refused = (await window.get(path)).json()
        assert (refused["rule"], refused["reason"], refused["ways"]) == ("administration", "not-open", [])
    opened = await window.post(SESSION)
    assert opened.status_code == 200, opened.text
    assert opened.json()["administration_until"] == "2026-03-10T09:00:00Z"
    assert (await window.get(BOOK)).status_code == 200
    assert (await window.get("/api/audit")).status_code == 200
    closed = await window.delete(SESSION)
    assert closed.json()["administration_until"] is None
    assert (await window.get(BOOK)).json()["rule"] == "administration"
    assert (await window.delete(SESSION)).status_code == 200, "what is closed may be closed"
    assert await told(served.town, *MINE) == [
        ("people:administration:open", True, "opened"),
        ("people:administration:end", True, "closed-early"),
    ]


async def test_it_asks_again_who_one_is(served: Served) -> None:
    town = served.town
    window = await served.window(await marthe(town))
    later(town, timedelta(minutes=1))
    needed = await window.post(SESSION)
    assert (needed.status_code, needed.json()["code"], needed.json()["reason"]) == (
        403,
        "confirmation-needed",
        "password",
    )
    wrong = await window.post("/api/me/confirmation", {"password": "pas celui-là, sûrement"})
    assert wrong.status_code == 403
    assert (await window.post(SESSION)).status_code == 403
    assert (await window.post("/api/me/confirmation", {"password": PASSWORD})).status_code == 204
    assert (await window.post(SESSION)).status_code == 200


async def test_who_holds_no_office_opens_nothing(served: Served) -> None:
    town = served.town
    for person, rule in ((town.agathe, "office"), (town.guest, "actor")):
        window = await served.window(person)
        assert (await window.post(SESSION)).json()["rule"] == rule
        assert (await window.delete(SESSION)).json()["administration_until"] is None


async def test_it_is_of_one_session_and_not_of_the_person(served: Served) -> None:
    person = await marthe(served.town)
    one, other = await served.window(person), await served.window(person)
    assert (await one.post(SESSION)).status_code == 200
    assert (await one.get(BOOK)).status_code == 200
    assert (await other.get(BOOK)).json()["rule"] == "administration"
    assert (await me(other))["administration_until"] is None


async def test_it_ends_by_the_clock(served: Served) -> None:
    """A request is refused at that very moment; the windows hear of it, and the audit has the line."""
    town = served.town
    window = await served.window(await marthe(town))
    socket = await window.socket()
    assert (await window.post(SESSION)).status_code == 200
    later(town, timedelta(minutes=29, seconds=59))
    assert (await window.get(BOOK)).status_code == 200
    socket.heard.clear()
    later(town, timedelta(seconds=1))
    assert (await window.get(BOOK)).json()["rule"] == "administration"
    await town.house.administering.expire()
    await until(lambda: any(f.get("e", {}).get("type") == "people.sessions.moved" for f in socket.heard))
    await town.house.administering.expire()
    assert (await told(town, *MINE))[1:] == [("people:administration:end", True, "time-over")]
    assert (await me(window))["administration_until"] is None
    # It is opened again by who proves again who they are; a longer day than the session's is not given.
    assert (await window.post("/api/me/confirmation", {"password": PASSWORD})).status_code == 204
    assert (await window.post(SESSION)).status_code == 200


async def test_it_is_known_after_a_restart_and_ends_with_its_session(served: Served) -> None:
    town = served.town
    window = await served.window(await marthe(town))
    assert (await window.post(SESSION)).status_code == 200
    town.house.people.sessions.administering.clear()
    await town.house.administering.load()
    assert len(town.house.people.sessions.administering) == 1
    assert (await window.delete("/api/session")).status_code == 204
    assert not town.house.people.sessions.administering
    assert (await told(town, *MINE))[-1] == ("people:administration:end", True, "session-over")


async def test_what_was_remembered_of_an_actor_opens_nothing_under_the_lock(town: Town) -> None:
    """An actor of a moment ago, whose time ended while the act was on its way."""
    chief = await town.administrator(town.agathe)
    await town.in_office(town.agathe, acting=False)
    with pytest.raises(Refused) as refused:
        await town.house.suspension.suspend(chief, town.ousmane.person_id)
    assert refused.value.rule == "administration"
    with pytest.raises(Refused) as refused:
        await town.house.offices.appoint(chief, town.ousmane.person_id)
    assert refused.value.rule == "administration"
    assert not await town.house.people.sessions.still(chief)


# Offices.


async def test_each_office_does_its_own(served: Served) -> None:
    town = served.town
    administrator = await served.in_office(town.agathe, Office.ADMINISTRATOR)
    officer = await served.in_office(town.ousmane, Office.OFFICER)
    for path in ("/api/audit", "/api/audit/export"):
        assert (await administrator.get(path)).json()["reason"] == "needs-officer"
        assert (await officer.get(path)).status_code == 200
    for path in (BOOK, "/api/administration/orphans"):
        assert (await officer.get(path)).json()["reason"] == "needs-administrator"
        assert (await administrator.get(path)).status_code == 200
    declared = {"hosting": "premises"}
    assert (await administrator.put("/api/rule/profile", declared)).json()["reason"] == "needs-officer"
    assert (await officer.put("/api/rule/profile", declared)).status_code == 200


async def test_officers_name_officers_and_the_last_one_stays(town: Town) -> None:
    offices, officer = town.house.offices, Office.OFFICER
    first = await town.in_office(town.agathe, officer)
    with pytest.raises(Refused) as refused:
        await offices.appoint(
            await town.in_office(town.yanis, Office.ADMINISTRATOR), town.yanis.person_id, officer
        )
    assert refused.value.reason == "needs-officer"
    with pytest.raises(LastOfficer):
        await offices.dismiss(first, first.person_id, officer)
    for nobody in (town.guest, town.solene):
        with pytest.raises(NotFound):
            await offices.appoint(first, nobody.person_id, officer)
    await offices.appoint(first, town.ousmane.person_id, officer)
    await offices.dismiss(first, first.person_id, officer)
    # Refusals are written a moment later.
    assert sorted(await told(town, Action.PEOPLE_OFFICER_APPOINT), key=lambda line: line[1]) == [
        ("people:officer:appoint", False, None),
        ("people:officer:appoint", True, "appointed"),
        ("people:officer:appoint", True, "dismissed"),
    ]
    # Whoever holds no office any more is not in administration either, and would not be when named anew.
    assert not town.house.people.sessions.administering
    second = await town.in_office(town.ousmane, officer)
    await offices.appoint(second, first.person_id, officer)
    with pytest.raises(Refused) as refused:
        await offices.appoint(first, town.yanis.person_id, officer)
    assert refused.value.rule == "administration"


async def test_two_officers_do_not_dismiss_each_other(town: Town) -> None:
    one, two = [await town.in_office(person, Office.OFFICER) for person in (town.agathe, town.ousmane)]
    dismiss = town.house.offices.dismiss
    outcomes = await asyncio.gather(
        dismiss(one, two.person_id, Office.OFFICER),
        dismiss(two, one.person_id, Office.OFFICER),
        return_exceptions=True,
    )
    assert sum(isinstance(o, Refused) for o in outcomes) == 1, outcomes


async def test_an_administrator_does_not_come_to_an_officers_account(town: Town) -> None:
    """Whoever makes a link for a password can use it: it would be the office that one was not given."""
    administrator = await town.in_office(town.agathe, Office.ADMINISTRATOR)
    await town.in_office(town.ousmane, Office.OFFICER)
    with pytest.raises(Refused) as refused:
        await town.house.resets.issue(administrator, town.ousmane.person_id)
    assert refused.value.reason == "needs-officer"
    both = await town.administrator(town.agathe)
    assert (await town.house.resets.issue(both, town.ousmane.person_id)).token
    # Suspending gives nothing to whoever does it, and waits for nothing.
    await town.house.suspension.suspend(
        await town.in_office(town.agathe, Office.ADMINISTRATOR), town.ousmane.person_id
    )


async def test_who_runs_the_server_names_an_officer(town: Town) -> None:
    offices = town.house.offices
    assert await offices.do_appoint_officer("ousmane.diarra@haute-vezelle.example")
    assert not await offices.do_appoint_officer("personne@haute-vezelle.example")
    assert not await offices.do_appoint_officer("julie.vasseur@cabinet.example")
    actor = await town.signed_in(town.ousmane.person_id)
    assert (actor.officer, actor.administrator, actor.acting) == (True, False, False)
    assert (await town.house.administering.open(actor)).acting
    assert in_office(actor).acting
