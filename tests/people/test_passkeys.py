"""Passkeys and recovery codes over HTTP, with a key in software that can be told to lie."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bastide.core.clock import HeldClock
from bastide.core.policy import ActorKind, Label, Role
from bastide.people.ceremony import WITHIN
from bastide.people.passkeys import FRESH, PASSKEYS_MOST
from bastide.people.recovery import digest_of, read, written
from bastide.people.sessions import csrf_of
from tests.support.authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Authenticator
from tests.support.served import Served, Window
from tests.support.town import PASSWORD, Town

Body = dict[str, Any]
EMAIL = "ines.faure@haute-vezelle.example"


@pytest.fixture
def key(served: Served) -> Authenticator:
    served.town.house.passkeys.origin = served.base
    return Authenticator(origin=served.base)


async def ines(served: Served) -> Window:
    """Inès at her browser, signed in by her password a moment ago."""
    await served.town.person("Inès", "Faure", served.town.prefecture, password=PASSWORD)
    return await by_password(served)


async def by_password(served: Served) -> Window:
    answer = await served.stranger().post("/api/session", {"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return follow(served, served.stranger(), answer)


def cookie_of(answer: httpx.Response) -> str:
    [line] = [c for c in answer.headers.get_list("set-cookie") if c.startswith("bastide_session")]
    return line.partition("=")[2].partition(";")[0]


def follow(served: Served, window: Window, answer: httpx.Response) -> Window:
    """The window with the cookie that an answer set, as a browser would have it."""
    window.token = cookie_of(answer)
    window.http.headers["cookie"] = f"bastide_session={window.token}"
    window.http.headers["x-csrf"] = csrf_of(window.token)
    return window


async def asked(window: Window, path: str) -> Body:
    answer = await window.post(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def add(served: Served, window: Window, key: Authenticator, name: str = "Ma clé") -> Body:
    made = key.make(await asked(window, "/api/me/passkeys/options"), name)
    answer = await window.post("/api/me/passkeys", made)
    assert answer.status_code == 200, answer.text
    follow(served, window, answer)
    return answer.json()


async def knock(served: Served, key: Authenticator) -> httpx.Response:
    """Somebody at the door with a key."""
    stranger = served.stranger()
    return await stranger.post(
        "/api/session/passkey", key.answer(await asked(stranger, "/api/session/passkey/options"))
    )


async def confirmed(served: Served, window: Window, key: Authenticator) -> httpx.Response:
    options = await asked(window, "/api/me/confirmation/passkey/options")
    return await window.post("/api/me/confirmation/passkey", key.answer(options))


def code(answer: httpx.Response) -> tuple[int, str, str | None]:
    told = answer.json()
    return answer.status_code, told["code"], told.get("reason")


REFUSED = (403, "passkey-refused", None)


async def lines(town: Town, action: str) -> list[tuple[bool, str | None]]:
    await town.house.ground.audit.flush()
    async with town.house.ground.database.read() as reader:
        rows = await reader.rows("select convert_from(line, 'UTF8')::jsonb from audit order by seq")
    return [(row[0]["allowed"], row[0].get("reason")) for row in rows if row[0]["action"] == action]


def later(served: Served, by: timedelta) -> None:
    clock = served.town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(by)


# Adding.


async def test_nobody_adds_a_passkey_who_is_not_signed_in(served: Served, key: Authenticator) -> None:
    stranger = served.stranger()
    for path in ("/api/me/passkeys/options", "/api/me/passkeys", "/api/me/confirmation/passkey"):
        assert (await stranger.post(path, {})).status_code == 401


async def test_adding_one_makes_the_session_strong_under_another_cookie(
    served: Served, key: Authenticator
) -> None:
    window = await ines(served)
    before = window.token
    assert (await window.get("/api/session")).json()["strength"] == "password"
    me = await add(served, window, key, "  Clé   bleue ")
    assert (me["strength"], me["passkeys"]) == ("passkey", 1)
    assert window.token != before
    assert (await served.stranger(before).get("/api/session")).status_code == 204
    own = (await window.get("/api/me/passkeys")).json()
    [view] = own["passkeys"]
    assert (view["name"], view["copied"], view["used_at"]) == ("Clé bleue", False, None)
    assert own["codes_left"] == 0
    assert await lines(served.town, "people:passkey:add") == [(True, None)]


async def test_a_sign_in_long_ago_is_confirmed_by_the_password_first(
    served: Served, key: Authenticator
) -> None:
    window = await ines(served)
    later(served, FRESH)
    refused = await window.post("/api/me/passkeys/options")
    assert code(refused) == (403, "confirmation-needed", "password")
    wrong = await window.post("/api/me/confirmation", {"password": "pas le bon mot"})
    assert code(wrong) == (403, "wrong-password", None)
    assert (await window.post("/api/me/passkeys/options")).status_code == 403
    assert (await window.post("/api/me/confirmation", {"password": PASSWORD})).status_code == 204
    assert (await window.get("/api/session")).json()["strength"] == "password"
    await add(served, window, key)
    assert await lines(served.town, "people:session:confirm") == [(True, None), (False, "password")]


async def test_a_password_alone_adds_no_second_one(served: Served, key: Authenticator) -> None:
    """Else whoever learned the password would make themselves strong."""
    await add(served, await ines(served), key)
    thief = await by_password(served)
    for method, path in (("POST", "/api/me/passkeys/options"), ("POST", "/api/me/recovery-codes")):
        assert code(await thief.request(method, path)) == (403, "confirmation-needed", "passkey")
    listed = (await thief.get("/api/me/passkeys")).json()["passkeys"]
    removed = await thief.delete(f"/api/me/passkeys/{listed[0]['id']}")
    assert code(removed) == (403, "confirmation-needed", "passkey")
    await thief.post("/api/me/confirmation", {"password": PASSWORD})
    assert (await thief.post("/api/me/passkeys/options")).status_code == 403
    renamed = await thief.request("PATCH", f"/api/me/passkeys/{listed[0]['id']}", json={"name": "À moi"})
    assert code(renamed) == (403, "confirmation-needed", "passkey"), "its owner knows it by its name"
    assert (await confirmed(served, thief, key)).status_code == 200


async def test_a_challenge_given_before_the_first_key_adds_none_after_it(
    served: Served, key: Authenticator
) -> None:
    owner, thief = await ines(served), await by_password(served)
    options = await asked(thief, "/api/me/passkeys/options")
    await add(served, owner, key)
    other = Authenticator(origin=served.base)
    answer = await thief.post("/api/me/passkeys", other.make(options))
    assert code(answer) == (403, "confirmation-needed", "passkey")


async def test_what_was_not_made_here_now_and_by_its_person_is_refused(
    served: Served, key: Authenticator
) -> None:
    window, other = await ines(served), await by_password(served)
    path = "/api/me/passkeys"

    def fresh(**said: Any) -> Authenticator:
        made = Authenticator(origin=served.base)
        for name, value in said.items():
            setattr(made, name, value)
        return made

    options = await asked(window, f"{path}/options")
    liars = {
        "another origin": fresh(origin="http://localhost:1").make(options),
        "a look-alike": fresh(origin="https://localhost.evil.example").make(options),
        "another site": fresh(site="evil.example").make(options),
        "nobody verified": fresh(flags=PRESENT).make(options),
        "nobody there": fresh(flags=VERIFIED).make(options),
        "backed up and not eligible": fresh(flags=PRESENT | VERIFIED | BACKED_UP).make(options),
        "a challenge of its own": fresh().make(options | {"challenge": "AAAA" * 14}),
        "another session's": fresh().make(await asked(other, f"{path}/options")),
        "one for signing in": fresh().make(
            options | {"challenge": (await asked(window, "/api/session/passkey/options"))["challenge"]}
        ),
        "another id": fresh().make(options) | {"credential": "AAAA"},
    }
    for why, body in liars.items():
        assert code(await window.post(path, body)) == REFUSED, why
    odd = [{"attestation": "é"}, {"client_data": "A" * 20_000}, {"credential": "x"}, {"name": " "}]
    for change in odd:
        answer = await window.post(path, key.make(options) | change)
        assert answer.status_code in (400, 403), change
    for broken in ("", "AAAA", "oA", "////"):
        body = key.make(options) | {"attestation": broken.replace("/", "_")}
        assert code(await window.post(path, body)) == REFUSED
    assert (await window.get(path)).json()["passkeys"] == []
    later(served, WITHIN)
    assert code(await window.post(path, key.make(options))) == REFUSED, "too late"


async def test_a_key_is_registered_once_and_for_one_person(served: Served, key: Authenticator) -> None:
    window = await ines(served)
    await add(served, window, key)
    options = await asked(window, "/api/me/passkeys/options")
    assert [known["id"] for known in options["known"]] == [key.answer(options)["credential"]]
    assert options["known"][0]["transports"] == ["usb"]
    assert code(await window.post("/api/me/passkeys", key.make(options)))[1] == "passkey-taken"
    agathe = await served.window(served.town.agathe)
    options = await asked(agathe, "/api/me/passkeys/options")
    assert options["known"] == []
    assert code(await agathe.post("/api/me/passkeys", key.make(options)))[1] == "passkey-taken"


async def test_there_is_an_end_to_how_many(served: Served, key: Authenticator) -> None:
    window = await ines(served)
    for _ in range(PASSKEYS_MOST):
        await add(served, window, Authenticator(origin=served.base))
    assert code(await window.post("/api/me/passkeys/options"))[1] == "passkeys-full"


# Signing in.


async def test_a_passkey_signs_in_without_an_address(served: Served, key: Authenticator) -> None:
    window = await ines(served)
    await add(served, window, key)
    answer = await knock(served, key)
    assert answer.status_code == 200, answer.text
    me = answer.json()
    assert (me["profile"]["email"], me["strength"]) == (EMAIL, "passkey")
    inside = follow(served, served.stranger(), answer)
    own = (await inside.get("/api/me/passkeys")).json()
    assert own["passkeys"][0]["used_at"] is not None
    assert (True, None) in await lines(served.town, "people:session:open")
    # The browser profile's former session ends.
    options = await asked(inside, "/api/session/passkey/options")
    again = await inside.post("/api/session/passkey", key.answer(options))
    assert again.status_code == 200
    assert (await served.stranger(cookie_of(answer)).get("/api/session")).status_code == 204


async def test_an_answer_that_is_not_good_signs_nobody_in(served: Served, key: Authenticator) -> None:
    window = await ines(served)
    await add(served, window, key)
    stranger = served.stranger()

    async def options() -> Body:
        return await asked(stranger, "/api/session/passkey/options")

    async def tried(body: Body) -> httpx.Response:
        return await stranger.post("/api/session/passkey", body)

    first = await options()
    good = key.answer(first)
    honest = (key.origin, key.site, key.flags, key.user)
    unknown = Authenticator(origin=served.base)
    unknown.user = key.user
    answers = {"an unknown key": await tried(unknown.answer(await options()))}
    for why, (origin, site, flags, user) in {
        "another origin": ("http://localhost:1", *honest[1:]),
        "another site": (honest[0], "evil.example", *honest[2:]),
        "nobody verified": (*honest[:2], PRESENT, honest[3]),
        "nobody there": (*honest[:2], VERIFIED, honest[3]),
        "eligible all at once": (*honest[:2], PRESENT | VERIFIED | ELIGIBLE, honest[3]),
        "somebody else": (*honest[:3], served.town.agathe.person_id.bytes),
        "nobody named": (*honest[:3], None),
    }.items():
        key.origin, key.site, key.flags, key.user = origin, site, flags, user
        answers[why] = await tried(key.answer(await options()))
    key.origin, key.site, key.flags, key.user = honest
    forged = key.answer(await options())
    answers["another signature"] = await tried(forged | {"signature": good["signature"]})
    answers["one for confirming"] = await tried(
        key.answer(await asked(window, "/api/me/confirmation/passkey/options"))
    )
    for why, answer in answers.items():
        assert code(answer) == REFUSED, why
        assert not answer.headers.get_list("set-cookie")
        assert answer.content == answers["an unknown key"].content
    assert (await tried(key.answer(first))).status_code == 200
    assert code(await tried(key.answer(first))) == REFUSED, "replayed"
    late = await options()
    later(served, WITHIN)
    assert code(await tried(key.answer(late))) == REFUSED
    reasons = {reason for allowed, reason in await lines(served.town, "people:session:open") if not allowed}
    assert {"passkey-user", "passkey-backup", "passkey-replayed", "passkey-late"} <= reasons


async def test_the_very_same_answer_is_good_once_even_at_the_same_time(
    served: Served, key: Authenticator
) -> None:
    """With a key that does not count, only the challenge stands between a listener and the house."""
    key.counts = False
    await add(served, await ines(served), key)
    stranger = served.stranger()
    said = key.answer(await asked(stranger, "/api/session/passkey/options"))
    answers = await asyncio.gather(*(stranger.post("/api/session/passkey", said) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403, 403]


async def test_a_copied_key_is_found_out_by_its_counter(served: Served, key: Authenticator) -> None:
    await add(served, await ines(served), key)
    at = key.counter
    assert (await knock(served, key)).status_code == 200
    key.counter = at
    assert code(await knock(served, key)) == REFUSED
    assert (False, "passkey-counter") in await lines(served.town, "people:session:open")
    assert (await knock(served, key)).status_code == 200


async def test_a_key_that_is_synced_says_so(served: Served, key: Authenticator) -> None:
    key.counts, key.flags = False, PRESENT | VERIFIED | ELIGIBLE
    window = await ines(served)
    await add(served, window, key)
    key.flags |= BACKED_UP
    assert (await knock(served, key)).status_code == 200
    assert (await window.get("/api/me/passkeys")).json()["passkeys"][0]["copied"] is True
    async with served.town.house.ground.database.read() as reader:
        assert await reader.value("select backed_up from passkey") is True


async def test_guessing_with_keys_is_slowed(served: Served, key: Authenticator) -> None:
    stranger = served.stranger()
    unknown = Authenticator(origin=served.base)
    unknown.user = bytes(16)
    said = unknown.answer(await asked(stranger, "/api/session/passkey/options"))
    answers = [await stranger.post("/api/session/passkey", said) for _ in range(101)]
    assert [answer.status_code for answer in answers] == [403] * 100 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_suspended_person_does_not_come_in_by_key_or_code(served: Served, key: Authenticator) -> None:
    window = await ines(served)
    await add(served, window, key)
    codes = (await window.post("/api/me/recovery-codes")).json()["codes"]
    async with served.town.house.ground.database.transaction() as tx:
        await tx.run("update person set suspended_at = now() where email = %(email)s", email=EMAIL)
    assert code(await knock(served, key)) == REFUSED
    assert (await recover(served, codes[0])).status_code == 401


# Confirming.


async def test_confirming_moves_the_session_its_sockets_and_nobody_elses(
    served: Served, key: Authenticator
) -> None:
    """The space opens in what is open, without a new sign-in; the other session of the same person stays outside."""
    town = served.town
    owner = await ines(served)
    await add(served, owner, key)
    actor = await town.house.people.sessions.authenticate(owner.token or "")
    assert actor is not None
    own = await town.space(actor, name="Cellule de crise", label=Label.RESTRICTED)
    channel = await town.channel(actor, own.space.id)
    window, other = await by_password(served), await by_password(served)
    socket, elsewhere = await window.socket(), await other.socket()
    path = f"/api/channels/{channel}/messages"
    refused = (await window.get(path)).json()
    assert (refused["rule"], refused["ways"]) == ("strong-sign-in", ["add-passkey"])
    before = window.token
    answer = await confirmed(served, window, key)
    assert answer.status_code == 200, answer.text
    assert answer.json()["strength"] == "passkey"
    assert (await served.stranger(before).get("/api/session")).status_code == 204
    follow(served, window, answer)
    assert (await window.get(path)).status_code == 200
    assert (await other.get(path)).status_code == 403
    await town.say(actor, channel, "Réunion à midi")
    for wire, kind in ((socket, "chat.message.sent"), (elsewhere, "core.gone")):
        heard = await wire.until("event")
        while heard["s"] != str(own.space.id):
            heard = await wire.until("event")
        assert heard["e"]["type"] == kind, heard
    assert socket.closed is None
    assert (True, None) in await lines(town, "people:session:confirm")


async def test_only_ones_own_key_confirms_and_only_for_this_session(
    served: Served, key: Authenticator
) -> None:
    window = await ines(served)
    await add(served, window, key)
    agathe = await served.window(served.town.agathe)
    assert code(await confirmed(served, agathe, key)) == REFUSED
    assert (await agathe.get("/api/session")).json()["strength"] == "password"
    assert (False, "passkey-another") in await lines(served.town, "people:session:confirm")
    second = await by_password(served)
    options = await asked(window, "/api/me/confirmation/passkey/options")
    assert code(await second.post("/api/me/confirmation/passkey", key.answer(options))) == REFUSED
    key.user = None  # a key that keeps nobody's name may confirm who is signed in, and sign nobody in
    assert (await confirmed(served, second, key)).status_code == 200
    assert code(await knock(served, key)) == REFUSED


# Renaming and removing.


async def test_ones_keys_are_nobody_elses(served: Served, key: Authenticator) -> None:
    window = await ines(served)
    await add(served, window, key)
    own = (await window.get("/api/me/passkeys")).json()["passkeys"][0]["id"]
    agathe = await served.window(served.town.agathe)
    assert (await agathe.get("/api/me/passkeys")).json()["passkeys"] == []
    assert (await agathe.patch(f"/api/me/passkeys/{own}", {"name": "À moi"})).status_code == 404
    assert (await agathe.delete(f"/api/me/passkeys/{own}")).status_code == 404
    assert (await window.get("/api/session")).json()["strength"] == "passkey", "its session was not ended"
    renamed = await window.patch(f"/api/me/passkeys/{own}", {"name": "Bureau"})
    assert [k["name"] for k in renamed.json()["passkeys"]] == ["Bureau"]
    assert (await window.patch(f"/api/me/passkeys/{own}", {"name": "x" * 61})).status_code == 400


async def test_a_removed_key_opens_nothing_and_what_it_opened_ends(
    served: Served, key: Authenticator
) -> None:
    window = await ines(served)
    await add(served, window, key)
    thief = follow(served, served.stranger(), await knock(served, key))
    socket, thiefs = await window.socket(), await thief.socket()
    own = (await window.get("/api/me/passkeys")).json()["passkeys"][0]["id"]
    await window.post("/api/me/recovery-codes")
    assert (await window.delete(f"/api/me/passkeys/{own}")).status_code == 204
    assert (await thiefs.end())[0] == 4401
    assert (await thief.get("/api/session")).status_code == 204
    me = (await window.get("/api/session")).json()
    assert (me["strength"], me["passkeys"]) == ("password", 0)
    assert socket.closed is None
    assert (await window.get("/api/me/passkeys")).json()["codes_left"] == 0, "codes stand in for keys"
    assert code(await knock(served, key)) == REFUSED
    assert await lines(served.town, "people:passkey:remove") == [(True, None)]


# Guests.


async def test_a_guest_has_passkeys_and_stays_a_guest(served: Served, key: Authenticator) -> None:
    town = served.town
    visited = await town.space(town.agathe, label=Label.INTERNAL)
    await town.let_in(town.agathe, visited.space.id, town.guest, Role.READER)
    guest = await served.window(town.guest)
    await add(served, guest, key)
    answer = await knock(served, key)
    assert answer.json()["strength"] == "passkey"
    inside = follow(served, served.stranger(), answer)
    assert (await inside.get("/api/people?q=agathe")).status_code == 403
    actor = await town.house.people.sessions.authenticate(inside.token or "")
    assert actor is not None
    assert actor.kind is ActorKind.GUEST
    own = await town.space(town.agathe, label=Label.SENSITIVE)
    assert (await inside.get(f"/api/spaces/{own.space.id}")).status_code == 404
    later(served, FRESH)
    town.house.people.sessions.forget(actor.session_id)
    assert code(await inside.post("/api/me/passkeys/options")) == (403, "confirmation-needed", "passkey")


async def test_who_has_neither_password_nor_key_signs_in_again(served: Served, key: Authenticator) -> None:
    guest = await served.window(served.town.guest)
    later(served, FRESH)
    assert code(await guest.post("/api/me/passkeys/options")) == (403, "confirmation-needed", "sign-in")
    wrong = await guest.post("/api/me/confirmation", {"password": PASSWORD})
    assert code(wrong)[1] == "wrong-password"


# Recovery codes.


async def recover(served: Served, typed: str, email: str = EMAIL) -> httpx.Response:
    return await served.stranger().post("/api/session/recovery", {"email": email, "code": typed})


async def test_a_recovery_code_signs_in_once_and_lets_one_add_a_key(
    served: Served, key: Authenticator
) -> None:
    window = await ines(served)
    assert code(await window.post("/api/me/recovery-codes"))[1] == "passkey-needed"
    await add(served, window, key)
    made = await window.post("/api/me/recovery-codes")
    codes = made.json()["codes"]
    assert len(set(codes)) == 10
    async with served.town.house.ground.database.read() as reader:
        kept = str(await reader.rows("select row_to_json(recovery_code)::text from recovery_code"))
    assert not [one for one in codes if one in kept or one.replace("-", "") in kept]
    typed = codes[0].lower().replace("-", " ").replace("1", "l").replace("0", "o")
    answer = await recover(served, typed, f" {EMAIL.upper()} ")
    assert answer.status_code == 200, answer.text
    assert answer.json()["strength"] == "password", "a code is no strong sign-in"
    inside = follow(served, served.stranger(), answer)
    assert (await inside.get("/api/me/passkeys")).json()["codes_left"] == 9
    assert (await recover(served, codes[0])).status_code == 401
    me = await add(served, inside, Authenticator(origin=served.base), "La nouvelle")
    assert (me["strength"], me["passkeys"]) == ("passkey", 2)
    again = (await inside.post("/api/me/recovery-codes")).json()["codes"]
    assert (await recover(served, codes[1])).status_code == 401, "older codes are worth nothing"
    assert (await recover(served, again[0])).status_code == 200
    assert await lines(served.town, "people:recovery:renew") == [(True, None), (True, None)]


async def test_codes_and_passwords_are_guessed_from_one_count(served: Served, key: Authenticator) -> None:
    window = await ines(served)
    await add(served, window, key)
    [first, *_] = (await window.post("/api/me/recovery-codes")).json()["codes"]
    wrong = [await recover(served, "0000-0000-0000-0000") for _ in range(10)]
    assert {code(answer) for answer in wrong} == {(401, "wrong-recovery-code", None)}
    assert (await recover(served, first)).status_code == 429
    password = await served.stranger().post("/api/session", {"email": EMAIL, "password": PASSWORD})
    assert password.status_code == 429


async def test_a_code_is_its_persons_alone_and_an_unknown_address_looks_the_same(
    served: Served, key: Authenticator
) -> None:
    window = await ines(served)
    await add(served, window, key)
    [first, *_] = (await window.post("/api/me/recovery-codes")).json()["codes"]
    answers = [
        await recover(served, first, "agathe.delorme@haute-vezelle.example"),
        await recover(served, first, "personne@haute-vezelle.example"),
        await recover(served, first, "a@b@c"),
        await recover(served, ""),
        await recover(served, "x" * 10_000),
    ]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert (await recover(served, first)).status_code == 200


def test_codes_read_as_they_are_written() -> None:
    assert written(0) == "0000-0000-0000-0000"
    assert written((1 << 80) - 1) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert read(" o0iI-lL1z ") == "0011111Z"


def test_a_code_is_bound_to_its_person(town: Town) -> None:
    one, other = town.agathe.person_id, town.ousmane.person_id
    assert digest_of(one, "0000") != digest_of(other, "0000")
