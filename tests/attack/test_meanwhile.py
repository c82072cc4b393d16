"""What was begun while one was somebody, and comes to its end after one is not, counts for nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from bastide.core.http import door
from bastide.core.policy import Actor
from bastide.people.errors import OperatorReset
from tests.people.test_passkeys import add, asked, by_password, code, confirmed, follow, ines
from tests.people.test_resets import EMAIL, HERS, chief, link, person_of, use
from tests.support.authenticator import Authenticator
from tests.support.served import Served, Window
from tests.support.town import PASSWORD

Ending = Callable[[Served, Actor, Window], Awaitable[object]]


@pytest.fixture
def key(served: Served) -> Authenticator:
    served.town.house.passkeys.origin = served.base
    return Authenticator(origin=served.base)


async def _suspended(served: Served, boss: Actor, window: Window) -> None:
    assert window.actor is not None
    await served.town.house.suspension.suspend(boss, window.actor.person_id)


async def _dismissed(served: Served, boss: Actor, window: Window) -> None:
    assert window.actor is not None
    await served.town.house.offices.dismiss(boss, window.actor.person_id)


async def _signed_out(_served: Served, _boss: Actor, window: Window) -> None:
    assert window.actor is not None
    assert (await window.delete("/api/session")).status_code == 204


@pytest.mark.parametrize("ending", [_suspended, _dismissed, _signed_out])
async def test_a_body_that_comes_late_is_nobodys(
    served: Served, ending: Ending, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head of a request said who it was; its last byte comes when that is no longer true."""
    monkeypatch.setattr(door, "SLOW_S", 0.02)
    boss = await chief(served.town)
    window = await served.window(await chief(served.town, "Marthe"))
    over = asyncio.Event()

    async def slowly(body: bytes) -> AsyncIterator[bytes]:
        yield body[:1]
        await over.wait()
        yield body[1:]

    def begun(method: str, path: str, body: bytes, kind: str) -> asyncio.Task[httpx.Response]:
        sent = window.request(method, path, content=slowly(body), headers={"content-type": kind})
        return asyncio.create_task(sent)

    acts = [
        begun("PATCH", "/api/me", b'{"function": "Toujours l\xc3\xa0"}', "application/json"),
        begun("PUT", "/api/rule/reading", b'{"reading": "circular-2023"}', "application/json"),
        begun(
            "POST",
            "/api/administration/import",
            "courriel;prénom;nom\nx@haute-vezelle.example;E;V\n".encode(),
            "text/csv",
        ),
    ]
    await asyncio.sleep(0.3)
    await ending(served, boss, window)
    over.set()
    answers = await asyncio.gather(*acts)
    assert {answer.status_code for answer in answers} == {401}, [a.text for a in answers]
    assert served.town.house.hosting.state().reading is None or (
        served.town.house.hosting.state().reading.reading.value != "circular-2023"
    )


async def test_a_slow_body_of_who_is_still_there_is_taken(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "SLOW_S", 0.02)
    window = await served.window(await served.town.signed_in(served.town.agathe.person_id))

    async def slowly() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(0.2)
        yield b'"function": "Cheffe de service"}'

    answer = await window.request(
        "PATCH", "/api/me", content=slowly(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("how", ["changed", "reset", "suspended"])
async def test_a_password_compared_before_it_was_another_opens_nothing(
    served: Served, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = await ines(served)
    person = await person_of(served)
    boss = await chief(served.town)
    token = await link(await served.window(boss), person) if how == "reset" else ""
    people = served.town.house.people
    compared, over = asyncio.Event(), asyncio.Event()
    whole = people.is_own_password

    async def slowly(encoded: str | None, password: str) -> bool:
        matched = await whole(encoded, password)
        compared.set()
        await over.wait()
        return matched

    monkeypatch.setattr(people, "is_own_password", slowly)
    attacker = asyncio.create_task(
        served.stranger().post("/api/session", {"email": EMAIL, "password": PASSWORD})
    )
    await compared.wait()
    monkeypatch.setattr(people, "is_own_password", whole)
    if how == "changed":
        done = await hers.post("/api/me/password", {"present": PASSWORD, "fresh": HERS})
        assert done.status_code == 204, done.text
    elif how == "reset":
        assert (await use(served, token)).status_code == 200
    else:
        await served.town.house.suspension.suspend(boss, person.person_id)
    over.set()
    answer = await attacker
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong-credentials"), answer.text


async def test_a_passkey_that_goes_takes_the_session_it_is_opening(
    served: Served, key: Authenticator
) -> None:
    hers = await ines(served)
    await add(served, hers, key)
    for turn in range(8):
        fresh = Authenticator(origin=served.base)
        await add(served, hers, fresh, "Une autre")
        follow(served, hers, await confirmed(served, hers, key))
        own = (await hers.get("/api/me/passkeys")).json()
        [made] = [one["id"] for one in own["passkeys"] if one["name"] == "Une autre"]
        stranger = served.stranger()
        answer = fresh.answer(await asked(stranger, "/api/session/passkey/options"))

        async def removed(key_id: str, after_s: float) -> httpx.Response:
            await asyncio.sleep(after_s)
            return await hers.delete(f"/api/me/passkeys/{key_id}")

        opened, gone = await asyncio.gather(
            stranger.post("/api/session/passkey", answer), removed(made, 0.001 * turn)
        )
        assert gone.status_code == 204, gone.text
        if opened.status_code == 200:
            inside = follow(served, served.stranger(), opened)
            assert (await inside.get("/api/me")).status_code == 401, "strong by a key that is no more"
        else:
            assert code(opened)[0] == 403


async def test_links_are_worth_what_their_makers_office_is(served: Served) -> None:
    town = served.town
    await ines(served)
    person = await person_of(served)
    boss, other = await chief(town), await chief(town, "Marthe")
    window, hers = await served.window(boss), await served.window(other)
    for end, back in (
        (town.house.offices.dismiss, town.house.offices.appoint),
        (town.house.suspension.suspend, town.house.suspension.restore),
    ):
        token = await link(hers, person)
        new = {"email": f"{end.__name__}@haute-vezelle.example", "given_name": "Ada", "family_name": "Roux"}
        invited = await hers.post("/api/administration/invitations", new)
        assert invited.status_code == 201, invited.text
        await end(boss, other.person_id)
        assert code(await use(served, token)) == (404, "reset-over", None)
        form = {"token": invited.json()["token"], "password": HERS}
        assert code(await served.stranger().post("/api/invitation/accept", form)) == (
            404,
            "invitation-over",
            None,
        )
        [line] = (await window.get(f"/api/administration/invitations?q={end.__name__}")).json()["invitations"]
        assert line["over"], "a colleague sees that it must be made anew"
        renewed = await window.post(f"/api/administration/invitations/{line['id']}/renew")
        form["token"] = renewed.json()["token"]
        assert (await served.stranger().post("/api/invitation/accept", form)).status_code == 200
        await back(boss, other.person_id)
        hers = await served.window(await town.administrator(await town.signed_in(other.person_id)))
        assert code(await use(served, token)) == (404, "reset-over", None), "nor afterwards"


async def test_who_guesses_at_an_address_does_not_lock_its_link(served: Served) -> None:
    await ines(served)
    token = await link(await served.window(await chief(served.town)), await person_of(served))
    for _ in range(11):
        await served.stranger().post("/api/session", {"email": EMAIL, "password": "ce n’est pas cela"})
    assert (
        await served.stranger().post("/api/session", {"email": EMAIL, "password": PASSWORD})
    ).status_code == 429
    assert (await use(served, token)).status_code == 200


async def test_nobody_ends_the_link_of_who_runs_the_server(served: Served) -> None:
    await ines(served)
    window, hers = await served.window(await chief(served.town)), await by_password(served)
    issued = await served.town.house.resets.do_issue_anew(EMAIL)
    assert issued is not None
    person = await person_of(served)
    path = f"/api/administration/people/{person.person_id}/reset"
    assert code(await window.post(path)) == (409, OperatorReset.code, None)
    assert (await window.delete(path)).status_code == 204
    assert (await hers.delete("/api/me/reset")).status_code == 204
    changed = await hers.post("/api/me/password", {"present": PASSWORD, "fresh": HERS})
    assert changed.status_code == 204
    assert (await use(served, issued[0])).status_code == 200


async def test_acts_on_the_same_people_wait_for_each_other(served: Served) -> None:
    """Spaces are made with somebody while their password is reset: neither fails for the other's sake."""
    town = served.town
    await ines(served)
    person = await person_of(served)
    window = await served.window(await chief(town))
    maker = await served.window(await town.signed_in(town.agathe.person_id))
    body = {"people": [str(person.person_id)]}

    async def reset() -> int:
        return (await window.post(f"/api/administration/people/{person.person_id}/reset")).status_code

    async def space(number: int) -> int:
        new = {
            "client_id": str(town.house.ground.ids.new()),
            "kind": "team",
            "label": "internal",
            "tools": ["chat"],
            "name": {"kind": "plain", "text": f"Équipe {number}"},
            "members": body["people"],
        }
        return (await maker.post("/api/spaces", new)).status_code

    answers = await asyncio.gather(*(act for n in range(12) for act in (reset(), space(n))))
    assert set(answers) == {201}, answers
