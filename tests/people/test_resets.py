"""A forgotten password is another one, by a one-time link of an administrator; passkeys are not got round by it."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from bastide.core.client import Client
from bastide.core.clock import HeldClock
from bastide.core.errors import Refused
from bastide.core.policy import Actor
from bastide.people.errors import ResetOver
from bastide.people.passkeys import FRESH
from bastide.people.resets import LASTS, AccountMoved
from bastide.people.resetting import ResetForm
from bastide.people.sessions import Opened
from tests.people.test_passkeys import add, asked, code, confirmed, follow, ines, lines
from tests.support.authenticator import Authenticator
from tests.support.eventually import until
from tests.support.served import Served, Window
from tests.support.town import PASSWORD, Town

HERS, NEXT = "six platanes au bord de l’eau", "neuf tilleuls sous la neige"
BOOK = "/api/administration/people"
EMAIL = "ines.faure@haute-vezelle.example"


@pytest.fixture
def key(served: Served) -> Authenticator:
    served.town.house.passkeys.origin = served.base
    return Authenticator(origin=served.base)


async def chief(town: Town, given: str = "Rene", organisation: str = "prefecture") -> Actor:
    """An administrator, signed in a moment ago."""
    person = await town.person(given, "Aubry", getattr(town, organisation), password=PASSWORD)
    return await town.administrator(await town.signed_in(person.person_id))


async def person_of(served: Served, email: str = EMAIL) -> Actor:
    async with served.town.house.ground.database.read() as reader:
        found = await reader.value("select id from person where email = %(email)s", email=email)
    return await served.town.signed_in(found)


async def link(window: Window, person: Actor) -> str:
    answer = await window.post(f"/api/administration/people/{person.person_id}/reset")
    assert answer.status_code == 201, answer.text
    return answer.json()["token"]


async def use(served: Served, token: str, password: str = HERS, **more: str) -> httpx.Response:
    return await served.stranger().post("/api/reset/accept", {"token": token, "password": password} | more)


async def signs_in(served: Served, password: str) -> bool:
    answer = await served.stranger().post("/api/session", {"email": EMAIL, "password": password})
    return answer.status_code == 200


def later(town: Town, by: timedelta) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(by)


async def test_a_forgotten_password_is_another_one_by_a_link(served: Served) -> None:
    town = served.town
    hers = await ines(served)
    socket = await hers.socket()
    window = await served.window(await chief(town))
    person = await person_of(served)
    token = await link(window, person)
    # She is told, in her window and on her page; a window that was away is told when it is back.
    await until(lambda: any(f.get("e", {}).get("type") == "people.account.moved" for f in socket.heard))
    async with town.house.ground.database.read() as reader:
        [kept] = await town.house.ground.journal.after(reader, person.person_id, 0, most=10)
    assert isinstance(kept.event, AccountMoved)
    told = (await hers.get("/api/me/password")).json()
    assert (told["reset"]["by"]["family_name"], told["by_link"]) == ("Aubry", False)
    looked = (await served.stranger().post("/api/reset/look", {"token": token})).json()
    assert (looked["email"], looked["guarded"], looked["anew"]) == (EMAIL, False, False)
    assert await signs_in(served, PASSWORD), "nothing has changed yet"
    assert (await use(served, token, "court")).status_code == 400
    answer = await use(served, token)
    assert answer.status_code == 200, answer.text
    assert answer.json()["strength"] == "password"
    # All that was open ends: sessions with their sockets.
    assert (await socket.end())[1] == "signed-out"
    assert (await hers.get("/api/snapshot")).status_code == 401
    assert (await signs_in(served, PASSWORD), await signs_in(served, HERS)) == (False, True)
    assert code(await use(served, token)) == (404, "reset-over", None)
    own = (await follow(served, served.stranger(), answer).get("/api/me/password")).json()
    assert (own["by_link"], own["reset"]) == (True, None)
    assert [allowed for allowed, _ in await lines(town, "people:password:reset")] == [True, True]
    async with town.house.ground.database.read() as reader:
        for table in ("password_reset", "audit"):
            rows = await reader.value(f"select string_agg(t::text, ' ') from {table} t")  # pyright: ignore[reportArgumentType]
            assert token not in (rows or "")


async def test_who_makes_links_for_whom(served: Served) -> None:
    town = served.town
    await ines(served)
    person = await person_of(served)
    boss = await chief(town)
    window, theirs = await served.window(boss), await served.window(await chief(town, "Paule", "agency"))
    plain = await served.window(town.agathe)
    path = f"/api/administration/people/{person.person_id}/reset"
    assert (await plain.post(path)).json()["rule"] == "office"
    assert (await theirs.post(path)).status_code == 404
    assert (await theirs.delete(path)).status_code == 404
    own = await window.post(f"/api/administration/people/{boss.person_id}/reset")
    assert code(own) == (409, "own-reset", None)
    await town.house.suspension.suspend(boss, person.person_id)
    assert (await window.post(path)).status_code == 404
    await town.house.suspension.restore(boss, person.person_id)
    token = await link(window, person)
    await town.house.suspension.suspend(boss, person.person_id)
    assert code(await use(served, token)) == (404, "reset-over", None), "a link is no way round a suspension"
    await town.house.suspension.restore(boss, person.person_id)
    later(town, FRESH)
    assert code(await window.post(path)) == (403, "confirmation-needed", "password"), (
        "an unlocked computer is not enough"
    )


async def test_a_link_is_withdrawn_renewed_runs_out_and_is_good_once(served: Served) -> None:
    town = served.town
    await ines(served)
    person = await person_of(served)
    window, hers = await served.window(await chief(town)), await served.window(person)
    first = await link(window, person)
    second = await link(window, person)
    assert code(await use(served, first)) == (404, "reset-over", None)
    assert (await hers.delete("/api/me/reset")).status_code == 204, "she did not ask for it"
    assert code(await use(served, second)) == (404, "reset-over", None)
    third = await link(window, person)
    assert (await window.delete(f"/api/administration/people/{person.person_id}/reset")).status_code == 204
    assert code(await use(served, third)) == (404, "reset-over", None)
    fourth = await link(window, person)

    async def once() -> Opened:
        return await town.house.resets.accept(ResetForm(fourth, HERS), Client("192.0.2.7", "test"))

    outcomes = await asyncio.gather(*(once() for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(o, Opened) for o in outcomes) == 1
    assert all(isinstance(o, Opened | ResetOver) for o in outcomes), outcomes
    fifth = await link(await served.window(await chief(town, "Marthe")), person)
    later(town, LASTS)
    assert code(await use(served, fifth)) == (404, "reset-over", None)
    await town.house.resets.drop_over()
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select count(*) from password_reset") == 0


async def test_a_link_does_not_get_round_a_passkey(served: Served, key: Authenticator) -> None:
    """Else an administrator, or whoever reads the mail, would be inside a guarded account."""
    town = served.town
    hers = await ines(served)
    await add(served, hers, key)
    codes = (await hers.post("/api/me/recovery-codes")).json()["codes"]
    token = await link(await served.window(await chief(town)), await person_of(served))
    assert (await served.stranger().post("/api/reset/look", {"token": token})).json()["guarded"]
    assert (await use(served, token)).json()["field"] == "code"
    assert code(await use(served, token, code="0000-0000-0000-0000"))[1] == "wrong-recovery-code"
    assert await signs_in(served, PASSWORD)
    assert (await hers.get("/api/session")).status_code == 200, "a wrong code ends nothing"
    answer = await use(served, token, code=codes[0])
    assert answer.status_code == 200, answer.text
    assert answer.json()["strength"] == "password"
    window = follow(served, served.stranger(), answer)
    listed = (await window.get("/api/me/passkeys")).json()
    assert (len(listed["passkeys"]), listed["codes_left"]) == (1, 9), "what guards the account stays"
    assert (await confirmed(served, window, key)).status_code == 200
    reasons = await lines(town, "people:password:reset")
    assert (False, "recovery") in reasons


async def test_codes_are_not_guessed_by_a_link(served: Served, key: Authenticator) -> None:
    hers = await ines(served)
    await add(served, hers, key)
    token = await link(await served.window(await chief(served.town)), await person_of(served))
    tried = [await use(served, token, code=f"0000-0000-0000-00{n:02}") for n in range(12)]
    assert tried[-1].status_code == 429


async def test_one_changes_ones_own_password(served: Served) -> None:
    town = served.town
    hers = await ines(served)
    other = await served.window(await person_of(served))
    socket = await other.socket()
    await link(await served.window(await chief(town)), await person_of(served))
    change = "/api/me/password"
    assert code(await hers.post(change, {"fresh": HERS, "present": NEXT})) == (403, "wrong-password", None)
    assert (await hers.post(change, {"fresh": "court", "present": PASSWORD})).json()["field"] == "password"
    assert (await hers.post(change, {"fresh": HERS})).json()["field"] == "present"
    assert (await hers.post(change, {"fresh": HERS, "present": PASSWORD})).status_code == 204
    assert (await hers.get(change)).json()["reset"] is None, "a link that waited is worth nothing any more"
    assert (await socket.end())[1] == "signed-out"
    assert (await other.get("/api/snapshot")).status_code == 401
    assert (await hers.get("/api/snapshot")).status_code == 200, "the present session goes on"
    assert (await signs_in(served, PASSWORD), await signs_in(served, HERS)) == (False, True)
    tried = [await hers.post(change, {"fresh": NEXT, "present": PASSWORD}) for _ in range(12)]
    assert tried[-1].status_code == 429
    assert (False, "password") in await lines(town, "people:password:change")


async def test_where_a_passkey_guards_the_account_it_guards_the_password(
    served: Served, key: Authenticator
) -> None:
    hers = await ines(served)
    await add(served, hers, key)
    thief = served.stranger()
    came = await thief.post("/api/session", {"email": EMAIL, "password": PASSWORD})
    thief = follow(served, thief, came)
    for said in ({"fresh": HERS, "present": PASSWORD}, {"fresh": HERS}):
        assert code(await thief.post("/api/me/password", said)) == (403, "confirmation-needed", "passkey")
    assert (await hers.post("/api/me/password", {"fresh": HERS})).status_code == 204, (
        "who forgot it comes by the key"
    )
    assert await signs_in(served, HERS)
    later(served.town, FRESH)
    assert code(await hers.post("/api/me/password", {"fresh": NEXT}))[1] == "confirmation-needed"
    assert (await hers.post("/api/me/password", {"fresh": NEXT, "present": HERS})).status_code == 204


async def test_who_runs_the_server_gives_an_administrator_a_new_beginning(
    served: Served, key: Authenticator
) -> None:
    town = served.town
    hers = await ines(served)
    await add(served, hers, key)
    assert await town.house.resets.do_issue_anew("nobody@haute-vezelle.example") is None
    assert await town.house.resets.do_issue_anew("julie.vasseur@cabinet.example") is None, "a guest"
    issued = await town.house.resets.do_issue_anew(EMAIL)
    assert issued is not None
    looked = (await served.stranger().post("/api/reset/look", {"token": issued[0]})).json()
    assert (looked["guarded"], looked["anew"]) == (False, True)
    assert (await hers.get("/api/me/password")).json()["reset"]["by"] is None
    answer = await use(served, issued[0])
    assert (answer.json()["administrator"], answer.json()["passkeys"]) == (True, 0)
    assert (await hers.get("/api/snapshot")).status_code == 401
    assert await lines(town, "people:password:reset") == [(True, None)] * 2


# Who administers.


async def test_administrators_are_named_and_dismissed(served: Served) -> None:
    town = served.town
    boss = await chief(town)
    window, hers = await served.window(boss), await ines(served)
    person = await person_of(served)
    path = f"/api/administration/people/{person.person_id}/administrator"
    socket = await hers.socket()
    assert (await hers.get(BOOK)).json()["rule"] == "office"
    own = f"/api/administration/people/{boss.person_id}/administrator"
    assert code(await window.delete(own)) == (409, "last-administrator", None)
    assert (await window.request("PUT", path)).status_code == 204
    # At once, in the session that is open.
    await until(lambda: any(f.get("e", {}).get("type") == "people.account.moved" for f in socket.heard))
    assert (await hers.get(BOOK)).json()["rule"] == "administration"
    assert (await hers.post("/api/administration/session")).status_code == 200
    assert (await hers.get(BOOK)).status_code == 200
    assert (await window.request("PUT", path)).status_code == 204, "twice is once"
    assert (await window.delete(own)).status_code == 204, "one may resign where another is left"
    assert (await window.get(BOOK)).json()["rule"] == "office"
    assert code(await hers.delete(path)) == (409, "last-administrator", None)
    assert [allowed for allowed, _ in await lines(town, "people:administrator:appoint")] == [True, True]


async def test_who_may_be_an_administrator(served: Served) -> None:
    town = served.town
    boss = await chief(town)
    window = await served.window(boss)

    async def put(person: Actor, by: Window = window) -> httpx.Response:
        return await by.request("PUT", f"/api/administration/people/{person.person_id}/administrator")

    assert (await put(town.guest)).status_code == 404
    assert (await put(town.solene)).status_code == 404
    assert (await put(town.yanis, await served.window(town.agathe))).json()["rule"] == "office"
    await town.house.suspension.suspend(boss, town.ousmane.person_id)
    assert (await put(town.ousmane)).status_code == 404
    later(town, FRESH)
    assert code(await put(town.yanis)) == (403, "confirmation-needed", "password")


async def test_two_administrators_do_not_dismiss_each_other(served: Served) -> None:
    town = served.town
    one, two = await chief(town), await chief(town, "Marthe")
    offices = town.house.offices
    outcomes = await asyncio.gather(
        offices.dismiss(one, two.person_id), offices.dismiss(two, one.person_id), return_exceptions=True
    )
    assert sum(isinstance(o, Refused) for o in outcomes) == 1, outcomes


async def test_two_administrators_do_not_put_each_other_out(served: Served) -> None:
    town = served.town
    one, two = await chief(town), await chief(town, "Marthe")
    outcomes = await asyncio.gather(
        town.house.suspension.suspend(one, two.person_id),
        town.house.suspension.suspend(two, one.person_id),
        return_exceptions=True,
    )
    assert sum(isinstance(o, Refused) for o in outcomes) == 1, outcomes


async def test_a_passkey_guards_what_administrators_do_with_accounts(
    served: Served, key: Authenticator
) -> None:
    town = served.town
    boss = await chief(town)
    strong = await served.window(boss)
    options = await asked(strong, "/api/me/passkeys/options")
    follow(served, strong, await strong.post("/api/me/passkeys", key.make(options)))
    weak = await served.window(await town.administrator(await town.signed_in(boss.person_id)))
    path = f"/api/administration/people/{town.yanis.person_id}/reset"
    assert code(await weak.post(path)) == (403, "confirmation-needed", "passkey")
    assert (await strong.post(path)).status_code == 201
