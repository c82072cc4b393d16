"""Signing in and out: anonymous people, wrong ones, the right one, and what becomes of sessions."""

import asyncio
import statistics
import time
from datetime import timedelta

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from bastide.core.client import Client
from bastide.core.clock import HeldClock
from bastide.core.errors import TooMany, WrongCredentials
from bastide.core.places import place_of
from bastide.core.policy import Actor
from bastide.people.model import SignIn
from bastide.people.service import People
from bastide.people.sessions import LASTS, Opened
from tests.support.served import Served, Window
from tests.support.town import PASSWORD, Town

EMAIL = "ines.faure@haute-vezelle.example"


async def ines(town: Town) -> Actor:
    return await town.person("Inès", "Faure", town.prefecture, password=PASSWORD)


async def tried(window: Window, email: str = EMAIL, password: str = "pas le bon mot") -> httpx.Response:
    return await window.post("/api/session", {"email": email, "password": password})


def cookies(answer: httpx.Response) -> dict[str, str]:
    """The cookies that an answer sets, whole."""
    lines = answer.headers.get_list("set-cookie")
    return {line.partition("=")[0]: line for line in lines}


def value(line: str) -> str:
    return line.partition("=")[2].partition(";")[0]


async def test_who_is_not_signed_in_is_told_so(served: Served) -> None:
    stranger = served.stranger()
    nobody = await stranger.get("/api/session")
    assert (nobody.status_code, nobody.content) == (204, b"")  # no browser takes it for an error
    assert "set-cookie" not in nobody.headers
    assert (await stranger.delete("/api/session")).status_code == 401
    assert (await stranger.get("/api/instance")).status_code == 200


async def test_a_wrong_password_an_unknown_address_and_a_suspended_account_look_the_same(
    served: Served,
) -> None:
    person = await ines(served.town)
    stranger = served.stranger()
    wrong = await tried(stranger)
    unknown = await tried(stranger, "personne@haute-vezelle.example")
    no_password = await tried(stranger, "agathe.delorme@haute-vezelle.example")
    await suspend(served.town, person)
    suspended = await tried(stranger, password=PASSWORD)
    odd = await tried(stranger, "a@b@haute-vezelle.example")
    for answer in (wrong, unknown, no_password, suspended, odd):
        assert answer.status_code == 401
        assert answer.content == wrong.content
        assert not answer.headers.get_list("set-cookie")
    assert wrong.json()["code"] == "wrong-credentials"


async def test_an_unknown_address_takes_as_long_as_a_known_one(town: Town) -> None:
    """Measured at the service, many times in turns: medians within a third of each other."""
    await ines(town)
    people = town.house.people
    spent: dict[str, list[float]] = {EMAIL: [], "personne@haute-vezelle.example": []}
    for _ in range(15):
        moved_on(town, timedelta(hours=1))
        for email, times in spent.items():
            before = time.perf_counter()
            with pytest.raises(WrongCredentials):
                await sign_in(people, email, "pas le bon mot")
            times.append(time.perf_counter() - before)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert 2 / 3 < known / unknown < 3 / 2, (known, unknown)


async def sign_in(
    people: People, email: str, password: str, device_token: str | None = None, address: str = "192.0.2.1"
) -> Opened:
    return await people.sign_in(SignIn(email, password), Client(address, "test", device_token))


async def test_the_right_password_opens_a_session(served: Served) -> None:
    await ines(served.town)
    answer = await tried(served.stranger(), password=PASSWORD)
    assert answer.status_code == 200
    me = answer.json()
    assert me["profile"]["email"] == EMAIL
    assert PASSWORD not in answer.text
    assert "argon2" not in answer.text
    assert me["strength"] == "password"
    set_ = cookies(answer)
    assert set(set_) == {"bastide_session", "bastide_device"}
    for line in set_.values():
        flags = line.lower()
        assert "httponly" in flags
        assert "samesite=lax" in flags
        assert "path=/" in flags
        assert "domain" not in flags
        assert len(value(line)) == 64
    window = served.stranger(value(set_["bastide_session"]))
    assert (await window.get("/api/session")).json()["csrf"] == me["csrf"] == window.http.headers["x-csrf"]


async def test_case_and_white_space_of_an_address_do_not_matter(town: Town) -> None:
    person = await ines(town)
    for spelling in (EMAIL.upper(), f"  {EMAIL}\t", EMAIL.title()):
        opened = await sign_in(town.house.people, spelling, PASSWORD)
        assert opened.actor.person_id == person.person_id


NOBODYS = [
    "a@b@haute-vezelle.example",
    f"{EMAIL}@evil.example",
    f"evil@evil.example,{EMAIL}",
    f"{EMAIL}\x00",
    f"{EMAIL}%00",
    "ınes.faure@haute-vezelle.example",
    "İNES.FAURE@haute-vezelle.example",
    "ines.faure@haute-vezelle.example.",
    "ines.faure@hauté-vezelle.example",
    "ines..faure@haute-vezelle.example",
    "",
    "@",
    "x" * 100_000,
    "' or 1=1 --",
]


async def test_what_is_nobodys_address_signs_nobody_in(town: Town) -> None:
    await ines(town)
    for address in NOBODYS:
        with pytest.raises(WrongCredentials):
            await sign_in(town.house.people, address, PASSWORD)


async def test_another_password_is_another_password(town: Town) -> None:
    await ines(town)
    for password in ("", "x" * 100_000, PASSWORD + " ", " " + PASSWORD, PASSWORD.upper(), PASSWORD + "\x00"):
        with pytest.raises(WrongCredentials):
            await sign_in(town.house.people, EMAIL, password)


# Guessing.


async def test_guessing_is_slowed_whatever_the_spelling(served: Served) -> None:
    await ines(served.town)
    stranger = served.stranger()
    spellings = [EMAIL, EMAIL.upper(), f" {EMAIL} ", EMAIL.title()]
    answers = [await tried(stranger, spellings[i % 4]) for i in range(12)]
    assert [a.status_code for a in answers] == [401] * 10 + [429] * 2
    refused = answers[-1]
    assert refused.json()["code"] == "too-many"
    assert 0 < refused.json()["retry_after_s"] <= 600
    assert int(refused.headers["retry-after"]) >= 1
    # The right password does not get in either: else guessing would go on unseen.
    assert (await tried(stranger, password=PASSWORD)).status_code == 429
    moved_on(served.town, timedelta(minutes=10, seconds=1))
    assert (await tried(stranger, password=PASSWORD)).status_code == 200


async def test_guessing_at_once_gets_no_further_than_guessing_in_a_row(town: Town) -> None:
    await ines(town)
    outcomes = await asyncio.gather(
        *(
            sign_in(town.house.people, EMAIL, f"essai numéro {i:03}", address=f"192.0.2.{i}")
            for i in range(60)
        ),
        return_exceptions=True,
    )
    codes = [getattr(o, "code", None) for o in outcomes]
    assert codes.count("wrong-credentials") == 10
    assert codes.count("too-many") == 50


async def test_one_place_cannot_try_a_password_on_everybody(town: Town) -> None:
    people = town.house.people
    people.guesses._from_place._most = 5
    outcomes = [
        await asyncio.gather(
            sign_in(people, f"personne{i}@haute-vezelle.example", PASSWORD, address=f"2001:db8::{i:x}"),
            return_exceptions=True,
        )
        for i in range(8)
    ]
    codes = [getattr(o[0], "code", None) for o in outcomes]
    assert codes == ["wrong-credentials"] * 5 + ["too-many"] * 3


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_a_place_is_what_one_client_has_for_itself(address: str, place: str) -> None:
    assert place_of(address) == place


async def test_who_guesses_elsewhere_cannot_lock_a_person_out_of_their_own_device(town: Town) -> None:
    await ines(town)
    people = town.house.people
    opened = await sign_in(people, EMAIL, PASSWORD)
    for _ in range(12):
        with pytest.raises((WrongCredentials, TooMany)):
            await sign_in(people, EMAIL, "pas le bon mot")
    with pytest.raises(TooMany):
        await sign_in(people, EMAIL, PASSWORD)
    again = await sign_in(people, EMAIL, PASSWORD, opened.device_token)
    assert again.actor.device_id == opened.actor.device_id
    # The device's own count ends too.
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await sign_in(people, EMAIL, "pas le bon mot", opened.device_token)
    with pytest.raises(TooMany):
        await sign_in(people, EMAIL, PASSWORD, opened.device_token)


async def test_failures_of_a_person_are_recorded_and_a_flood_of_them_is_one_line(town: Town) -> None:
    person = await ines(town)
    audit = town.house.ground.audit
    for _ in range(4):
        with pytest.raises(WrongCredentials):
            await sign_in(town.house.people, EMAIL, "pas le bon mot")
    await sign_in(town.house.people, EMAIL, PASSWORD)
    await audit.flush()
    lines = [
        bytes(r.line).decode() async for r in audit.lines() if str(person.person_id).encode() in bytes(r.line)
    ]
    assert len(lines) == 2
    assert '"allowed":true' in lines[0]
    assert '"times":"4"' in lines[1]
    assert "pas le bon mot" not in "".join(lines)


# Devices and sessions.


async def test_a_device_keeps_its_name_for_its_own_person_only(town: Town) -> None:
    await ines(town)
    other = await town.person("Luc", "Faure", town.prefecture, password=PASSWORD)
    people = town.house.people
    first = await sign_in(people, EMAIL, PASSWORD)
    again = await sign_in(people, EMAIL, PASSWORD, first.device_token)
    assert again.actor.device_id == first.actor.device_id
    assert again.session_token != first.session_token
    # A cookie planted from elsewhere gives a device of one's own, not the planter's.
    luc = await sign_in(people, "luc.faure@haute-vezelle.example", PASSWORD, first.device_token)
    assert luc.actor.device_id != first.actor.device_id
    assert luc.actor.person_id == other.person_id
    assert luc.device_token != first.device_token
    for odd in ("", "x", "0" * 64, "é", "x" * 10_000):
        opened = await sign_in(people, EMAIL, PASSWORD, odd)
        assert opened.device_token is not None
        assert opened.device_token != odd
        assert len(opened.device_token) == 64


async def test_a_planted_session_cookie_is_not_taken_over(served: Served) -> None:
    """Session fixation: what was in the browser before signing in is worth nothing after."""
    await ines(served.town)
    planted = "a" * 64
    answer = await tried(served.stranger(planted), password=PASSWORD)
    fresh = value(cookies(answer)["bastide_session"])
    assert fresh != planted
    assert (await served.stranger(planted).get("/api/session")).status_code == 204
    # Signing in again, as oneself or as another, ends the session that the browser held.
    await tried(served.stranger(fresh), password=PASSWORD)
    assert (await served.stranger(fresh).get("/api/session")).status_code == 204


async def test_signing_out_ends_the_cookie_and_the_sockets(served: Served) -> None:
    town = served.town
    window, other = await served.window(town.agathe), await served.window(town.agathe)
    greeted, silent, elsewhere = await window.socket(), await window.bare_socket(), await other.socket()
    answer = await window.delete("/api/session")
    assert answer.status_code == 204
    assert 'bastide_session=""; Max-Age=0'.lower() in cookies(answer)["bastide_session"].lower().replace(
        "httponly; ", ""
    )
    assert (await greeted.end())[0] == 4401
    assert (await silent.end())[0] == 4401, "a socket that had not said hello yet would live on"
    assert (await window.get("/api/session")).status_code == 204
    with pytest.raises(InvalidStatus) as refused:
        await window.bare_socket()
    assert refused.value.response.status_code == 401
    assert (await other.get("/api/session")).status_code == 200
    await elsewhere.say({"t": "ping", "n": 1})
    await elsewhere.until("done")


async def test_signing_out_while_the_cookie_is_being_read_ends_it_all_the_same(town: Town) -> None:
    """A session that was read just before it ended must not be remembered after."""
    sessions = town.house.people.sessions
    for _ in range(20):
        actor, token = await town.open(town.agathe.person_id)
        await asyncio.gather(*(sessions.authenticate(token) for _ in range(4)), sessions.end(actor))
        assert await sessions.authenticate(token) is None


async def test_a_session_runs_out(served: Served) -> None:
    town = served.town
    window = await served.window(town.agathe)
    socket = await window.socket()
    assert (await window.get("/api/session")).status_code == 200
    moved_on(town, LASTS - timedelta(seconds=1))
    assert (await window.get("/api/session")).status_code == 200
    moved_on(served.town, timedelta(seconds=1))
    assert (await window.get("/api/session")).status_code == 204
    await town.house.people.sessions.sweep(town.house.hub.sessions)
    assert (await socket.end())[0] == 4401


async def test_a_suspended_person_is_out_within_a_minute(served: Served) -> None:
    town = served.town
    window, other = await served.window(town.ousmane), await served.window(town.agathe)
    socket, stays = await window.socket(), await other.socket()
    assert (await window.get("/api/session")).status_code == 200
    await suspend(town, town.ousmane)
    moved_on(served.town, timedelta(seconds=61))
    assert (await window.get("/api/session")).status_code == 204
    await town.house.people.sessions.sweep(town.house.hub.sessions)
    assert (await socket.end())[0] == 4401
    assert stays.closed is None


async def test_tokens_are_not_kept(town: Town) -> None:
    opened = await town.house.people.sessions.open(
        town.agathe.person_id, Client("192.0.2.1", "x\x00y" * 100), strength=town.agathe.strength
    )
    async with town.house.ground.database.read() as reader:
        dump = str(
            await reader.rows("select row_to_json(session)::text from session")
            + await reader.rows("select row_to_json(device)::text from device")
        )
    assert opened.session_token not in dump
    assert opened.device_token is not None
    assert opened.device_token not in dump


async def suspend(town: Town, person: Actor) -> None:
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update person set suspended_at = now() where id = %(id)s", id=person.person_id)


def moved_on(town: Town, by: timedelta) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(by)
