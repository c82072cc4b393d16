"""The devices one is signed in on: seen, ended, and what becomes of a machine that others use too."""

from datetime import timedelta

import httpx
import msgspec
import pytest

from bastide.core.client import Client
from bastide.core.clock import HeldClock
from bastide.core.policy import Strength
from bastide.people.errors import ConfirmationNeeded
from bastide.people.model import SignIn
from bastide.people.sessions import (
    SEEN_EVERY,
    SHARED_ALONE,
    SHARED_IDLE,
    SHARED_LASTS,
    Opened,
)
from bastide.people.user_agent import browser_of, system_of
from tests.support.eventually import until
from tests.support.served import Served, Window
from tests.support.town import PASSWORD, Town

EMAIL = "ines.faure@haute-vezelle.example"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
EDGE = CHROME.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64") + " Edg/140.0.0.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"


def later(town: Town, by: timedelta) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(by)


def cookies(answer: httpx.Response) -> dict[str, str]:
    return {line.partition("=")[0]: line.lower() for line in answer.headers.get_list("set-cookie")}


async def came_in(town: Town, *, shared: bool = False, device: str | None = None) -> Opened:
    client = Client("192.0.2.7", FIREFOX, device, shared=shared)
    return await town.house.people.sign_in(SignIn(EMAIL, PASSWORD, shared), client)


async def look(town: Town) -> None:
    """What the house does every ten seconds."""
    await town.house.people.sessions.leave_shared(town.house._attended)


async def steps(town: Town) -> list[str]:
    await town.house.ground.audit.flush()
    lines = [msgspec.json.decode(bytes(row.line)) async for row in town.house.ground.audit.lines()]
    return [line["detail"]["step"] for line in lines if line["action"] == "people:session:end"]


@pytest.mark.parametrize(
    ("name", "browser", "system"),
    [
        (FIREFOX, "firefox", "windows"),
        (CHROME, "chrome", "linux"),
        (EDGE, "edge", "windows"),
        (SAFARI, "safari", "ios"),
        (MAC, "safari", "macos"),
        (PHONE, "chrome", "android"),
        (CHROME + " OPR/120.0", "opera", "linux"),
        ("curl/8.14.1", "other", "other"),
        ("", "other", "other"),
    ],
)
def test_a_browser_is_told_in_words(name: str, browser: str, system: str) -> None:
    assert (browser_of(name), system_of(name)) == (browser, system)


async def test_the_list_names_each_living_session_and_which_one_asks(served: Served) -> None:
    town = served.town
    window, elsewhere = await served.window(town.ousmane), await served.window(town.ousmane)
    assert elsewhere.actor is not None
    stranger = served.stranger()
    await town.person("Inès", "Faure", town.prefecture, password=PASSWORD)
    wire = await elsewhere.socket()
    said = (await window.get("/api/me/sessions")).json()
    # The town's own, and these two.
    assert [one["current"] for one in said] == [True, False, False]
    assert [one["id"] for one in said if one["connected"]] == [str(elsewhere.actor.session_id)]
    assert {one["browser"] for one in said} == {"other"}
    raw = (await window.get("/api/me/sessions")).text
    assert "test" not in raw, "the raw name of the browser"
    assert (await stranger.get("/api/me/sessions")).status_code == 401
    await wire.close()


async def test_ending_another_closes_what_it_has_open_at_once(served: Served) -> None:
    town = served.town
    window, lost = await served.window(town.ousmane), await served.window(town.ousmane)
    assert lost.actor is not None
    own, socket = await window.socket(), await lost.socket()
    told: list[object] = []
    ended = town.house.people.sessions.ended
    town.house.people.sessions.ended = lambda session, person: (told.append(session), ended(session, person))  # type: ignore[func-returns-value]
    answer = await window.delete(f"/api/me/sessions/{lost.actor.session_id}")
    assert answer.status_code == 204
    assert (await socket.end()) == (4401, "signed-out")
    # What hangs on a session (calls, exports' tickets) is told of it.
    assert told == [lost.actor.session_id]
    assert (await lost.get("/api/snapshot")).status_code == 401
    assert (await window.get("/api/snapshot")).status_code == 200
    # The person's other window asks for the list anew.
    await own.first(lambda frame: frame.get("e", {}).get("type") == "people.sessions.moved")
    assert (await window.delete(f"/api/me/sessions/{lost.actor.session_id}")).status_code == 404
    assert await steps(town) == ["one-session"]


async def test_ending_all_others_keeps_this_one(served: Served) -> None:
    town = served.town
    window = await served.window(town.ousmane)
    others = [await served.window(town.ousmane) for _ in range(2)]
    sockets = [await other.socket() for other in others]
    assert (await window.delete("/api/me/sessions")).status_code == 204
    assert [(await socket.end())[0] for socket in sockets] == [4401, 4401]
    assert [one["current"] for one in (await window.get("/api/me/sessions")).json()] == [True]
    assert await steps(town) == ["other-sessions"]


async def test_ending_others_asks_who_one_is_and_ending_oneself_does_not(served: Served) -> None:
    """Whoever sits down at an open window must not put its person out everywhere else (ASVS 5.0, 7.5.2)."""
    town = served.town
    await town.person("Inès", "Faure", town.prefecture, password=PASSWORD)
    first, second = await came_in(town), await came_in(town)
    later(town, timedelta(minutes=11))
    devices = town.house.devices
    with pytest.raises(ConfirmationNeeded) as needed:
        await devices.end(first.actor, second.actor.session_id)
    assert needed.value.reason == "password"
    with pytest.raises(ConfirmationNeeded):
        await devices.end_others(first.actor)
    assert len(await devices.own(first.actor)) == 3
    await devices.end(first.actor, first.actor.session_id)
    assert await town.house.people.sessions.authenticate(first.session_token) is None
    assert await town.house.people.sessions.authenticate(second.session_token) is not None


async def test_last_seen_is_coarse_and_not_written_at_each_request(served: Served) -> None:
    town = served.town
    window = await served.window(town.ousmane)
    sessions = town.house.people.sessions

    async def seen() -> str:
        [own] = [one for one in (await window.get("/api/me/sessions")).json() if one["current"]]
        return str(own["seen_at"])

    before = await seen()
    later(town, SEEN_EVERY - timedelta(seconds=1))
    assert await seen() == before
    await sessions.note_seen(town.house.hub.sessions)
    assert not sessions._seen
    assert await seen() == before
    later(town, timedelta(seconds=61))
    await seen()
    await sessions.note_seen(town.house.hub.sessions)
    noted = await seen()
    assert noted > before
    # Who only listened was there until their window closed.
    wire = await window.socket()
    await sessions.note_seen(town.house.hub.sessions)
    later(town, timedelta(hours=2))
    await wire.close()
    await until(lambda: not town.house.hub.sessions)
    await sessions.note_seen(town.house.hub.sessions)
    assert await seen() > noted


# A machine that others use too.


async def shared_window(served: Served) -> Window:
    await served.town.person("Inès", "Faure", served.town.prefecture, password=PASSWORD)
    opened = await came_in(served.town, shared=True)
    return served.stranger(opened.session_token)


async def test_a_shared_machine_keeps_no_cookie_of_ours(served: Served) -> None:
    town = served.town
    await town.person("Inès", "Faure", town.prefecture, password=PASSWORD)
    body = {"email": EMAIL, "password": PASSWORD}
    own = await served.stranger().post("/api/session", body)
    assert "max-age" in cookies(own)["bastide_session"]
    assert own.json()["shared_until"] is None
    shared = await served.stranger().post("/api/session", body | {"shared": True})
    assert shared.status_code == 200
    assert "max-age" not in cookies(shared)["bastide_session"]
    assert "expires" not in cookies(shared)["bastide_session"]
    assert "bastide_device" not in cookies(shared)
    assert shared.json()["shared_until"] is not None
    assert shared.json()["device_id"] != own.json()["device_id"]
    # One that was one's own and is shared from now on lets go of the cookie that it has.
    device = (await came_in(town)).device_token
    again = await came_in(town, shared=True, device=device)
    assert again.device_token == ""
    assert (await came_in(town, shared=True, device="0" * 64)).device_token is None


async def test_a_shared_session_lasts_a_day_of_work_at_the_most(served: Served) -> None:
    window = await shared_window(served)
    assert (await window.get("/api/session")).status_code == 200
    later(served.town, SHARED_LASTS - timedelta(seconds=1))
    assert (await window.get("/api/session")).status_code == 200
    later(served.town, timedelta(seconds=1))
    assert (await window.get("/api/session")).status_code == 204


async def test_a_shared_session_ends_a_moment_after_its_last_window(served: Served) -> None:
    town = served.town
    window, own = await shared_window(served), await served.window(town.ousmane)
    first, second = await window.socket(), await window.socket()
    await look(town)
    later(town, SHARED_ALONE * 2)
    await first.close()
    await look(town)
    assert (await window.get("/api/session")).status_code == 200, "another window is open"
    await second.close()
    await until(lambda: not town.house.hub.sessions)
    await look(town)
    later(town, SHARED_ALONE - timedelta(seconds=1))
    await look(town)
    assert (await window.get("/api/session")).status_code == 200, "a page that is reloaded comes back"
    # It does, and the count begins anew.
    third = await window.socket()
    await look(town)
    await third.close()
    await until(lambda: not town.house.hub.sessions)
    await look(town)
    later(town, timedelta(seconds=2))
    await look(town)
    assert (await window.get("/api/session")).status_code == 200
    later(town, SHARED_ALONE)
    await look(town)
    assert (await window.get("/api/session")).status_code == 204
    assert (await own.get("/api/session")).status_code == 200, "one's own machine is no shared one"
    assert await steps(town) == ["windows-closed"]


async def test_whoever_never_opens_a_window_on_it_is_out_as_well(served: Served) -> None:
    window = await shared_window(served)
    await look(served.town)
    later(served.town, SHARED_ALONE)
    await look(served.town)
    assert (await window.get("/api/session")).status_code == 204


async def test_a_house_that_was_down_puts_nobody_out(served: Served) -> None:
    town = served.town
    window = await shared_window(served)
    await look(town)
    # Another process, which remembers nothing of before.
    town.house.people.sessions._alone.clear()
    later(town, SHARED_ALONE * 10)
    await look(town)
    assert (await window.get("/api/session")).status_code == 200


async def test_a_shared_window_that_nobody_is_at_is_closed_after_an_hour(served: Served) -> None:
    town = served.town
    window = await shared_window(served)
    wire = await window.socket()
    later(town, SHARED_IDLE - timedelta(minutes=1))
    await look(town)
    await town.house.people.sessions.note_seen(town.house.hub.sessions)
    # Somebody was at it a minute ago: the hour begins anew.
    await wire.say({"t": "away", "away": True})
    await wire.ask("ping")
    later(town, SHARED_IDLE - timedelta(minutes=1))
    await look(town)
    # What the window asks for by itself is nobody at it.
    assert (await window.get("/api/session")).status_code == 200
    await town.house.people.sessions.note_seen(town.house.hub.sessions)
    later(town, timedelta(minutes=1))
    await look(town)
    assert await wire.end() == (4401, "signed-out")
    assert (await window.get("/api/session")).status_code == 204
    assert await steps(town) == ["nobody-there"]


async def test_a_shared_session_that_becomes_strong_stays_short(town: Town) -> None:
    await town.person("Inès", "Faure", town.prefecture, password=PASSWORD)
    opened = await came_in(town, shared=True)
    async with town.house.ground.database.transaction() as tx:
        key = town.house.ground.ids.new()
        await tx.run(
            """
            insert into passkey (id, person_id, credential_id, public_key, sign_count, transports, backup_eligible,
                                 backed_up, name, created_at)
            values (%(id)s, %(person)s, 'x', 'x', 0, '{}', false, false, 'x', now())
            """,
            id=key,
            person=opened.actor.person_id,
        )
        renewed = await town.house.people.sessions.do_strengthen(tx, opened.actor, key)
    assert renewed.actor.strength is Strength.PASSKEY
    assert (renewed.shared, renewed.expires_at) == (True, opened.expires_at)
