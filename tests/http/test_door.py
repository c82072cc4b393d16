"""The door of every request: forged ones, methods that are none, and the headers that protect the window."""

import asyncio

import httpx
import pytest

from bastide.core.http.door import SECURITY_HEADERS
from tests.support.served import Served, Window

CHANGE = {"function": "Cheffe de projet"}


async def agathe(street: Served) -> Window:
    return await street.window(street.town.agathe)


async def test_the_window_itself_may_write(street: Served) -> None:
    answer = await (await agathe(street)).patch("/api/me", CHANGE)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "forged",
    [
        {"x-csrf": ""},
        {"x-csrf": "0" * 64},
        {"x-csrf": "é"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost"},
        {"origin": "http://localhost:1"},
        {"origin": "https://localhost.evil.example"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "SAME-ORIGIN"},
    ],
    ids=str,
)
async def test_a_forged_request_changes_nothing(street: Served, forged: dict[str, str]) -> None:
    window = await agathe(street)
    headers = {k: v.encode() for k, v in forged.items()}
    for method, path, body in (
        ("PATCH", "/api/me", {"function": "Forgée"}),
        ("POST", "/api/directs", {"people": []}),
        ("DELETE", "/api/session", None),
    ):
        answer = await window.request(method, path, json=body, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["code"] == "forged-request"
    me = await window.get("/api/session")
    assert me.status_code == 200
    assert me.json()["profile"]["card"]["function"] != "Forgée"


async def test_ones_own_word_does_not_serve_anothers_session(street: Served) -> None:
    mine, theirs = await agathe(street), await street.window(street.town.ousmane)
    word = theirs.http.headers["x-csrf"]
    assert (await mine.patch("/api/me", CHANGE, headers={"x-csrf": word})).status_code == 403


async def test_signing_in_from_a_foreign_page_is_refused(street: Served) -> None:
    """Else a foreign page could sign its victim in as somebody else, and read along."""
    stranger = street.stranger()
    for forged in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        for path in ("/api/session", "/api/session/first"):
            answer = await stranger.post(path, {"email": "a@b.example", "password": "x" * 12}, headers=forged)
            assert answer.status_code == 403


async def test_a_form_of_a_foreign_page_gets_nowhere(street: Served) -> None:
    """What a page can send without asking: forms, and text."""
    window = await agathe(street)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = await window.request(
            "POST",
            "/api/directs",
            content=b'{"people": []}',
            headers={"content-type": kind, "x-csrf": "", "origin": "https://evil.example"},
        )
        assert answer.status_code == 403


async def test_a_program_without_a_browsers_headers_needs_the_word_too(street: Served) -> None:
    window = await agathe(street)
    del window.http.headers["origin"], window.http.headers["sec-fetch-site"]
    assert (await window.patch("/api/me", CHANGE)).status_code == 200
    del window.http.headers["x-csrf"]
    assert (await window.patch("/api/me", CHANGE)).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["//api/me", "/api//me", "/api/me/", "/%61pi/me", "/api%2Fme", "/./api/me", "///api/me///"],
)
async def test_no_spelling_of_an_address_walks_round_the_door(street: Served, path: str) -> None:
    for window in (street.stranger(), await agathe(street)):
        window.http.headers["x-csrf"] = "0"
        answer = await raw(street, window, "PATCH", path, b'{"function":"Autour"}')
        assert answer.split(b" ")[1] in (b"401", b"403", b"404", b"405"), answer
    me = await (await agathe(street)).get("/api/session")
    assert me.json()["profile"]["card"]["function"] != "Autour"


async def test_every_spelling_of_a_private_address_asks_for_a_session(street: Served) -> None:
    for path in (
        "//api/people",
        "/api//people",
        "/api/people/",
        "/%61pi/people",
        "/api",
        "/api/",
        "/rtc/validate/",
    ):
        answer = await raw(street, street.stranger(), "GET", path)
        assert answer.split(b" ")[1] == b"401", (path, answer)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "PROPFIND"])
async def test_other_methods_do_nothing(street: Served, method: str) -> None:
    anonymous, known = street.stranger(), await agathe(street)
    for path in ("/api/people", "/api/session", "/api/snapshot"):
        refused = await anonymous.request(method, path)
        assert refused.status_code == 401
        answer = await known.request(method, path)
        assert answer.status_code in ((204,) if method == "OPTIONS" else (405,))
        assert not answer.content or answer.json()["code"] == "wrong-method"
        protected(answer)


async def test_a_method_in_a_header_is_not_believed(street: Served) -> None:
    window = await agathe(street)
    answer = await window.get(
        "/api/session", headers={"x-http-method-override": "DELETE", "x-method": "DELETE"}
    )
    assert answer.status_code == 200
    assert (await window.get("/api/session?_method=DELETE")).status_code == 200
    assert (await window.get("/api/session")).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost:1", "", "localhost@evil.example", "a b", "[::1"])
async def test_no_host_is_believed(street: Served, host: str) -> None:
    """The name in `Host` opens nothing, and is not echoed to anybody else."""
    lines = [f"Host: {host}", "Accept: */*"]
    answer = await spoken(street, "GET /api/people HTTP/1.1", lines)
    assert answer.split(b" ")[1] in (b"400", b"401")
    assert host.encode() not in answer or not host
    window = await agathe(street)
    lines += [
        f"Cookie: {window.http.headers['cookie']}",
        "Origin: http://evil.example",
        "Content-Length: 2",
        "X-Csrf: 0",
    ]
    answer = await spoken(street, "PATCH /api/me HTTP/1.1", lines, b"{}")
    assert answer.split(b" ")[1] in (b"400", b"403")


async def test_forwarded_headers_are_believed_from_a_declared_proxy_only(street: Served) -> None:
    """Else an address that was refused too often comes back under another name."""
    stranger = street.stranger()
    street.town.house.people.guesses._from_place._most = 4
    statuses: list[int] = []
    for i in range(6):
        answer = await stranger.post(
            "/api/session",
            {"email": f"personne{i}@haute-vezelle.example", "password": "pas le bon mot"},
            headers={"x-forwarded-for": f"203.0.113.{i}", "forwarded": f"for=203.0.113.{i}"},
        )
        statuses.append(answer.status_code)
    assert statuses == [401] * 4 + [429] * 2


def protected(answer: httpx.Response) -> None:
    """The headers that protect the window are there, each once."""
    for name, _ in SECURITY_HEADERS:
        assert len(answer.headers.get_list(name.decode())) == 1, (name, answer.headers)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers.get("cache-control"), answer.headers
    assert "server" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


async def test_security_headers_on_every_kind_of_answer(street: Served) -> None:
    window, stranger = await agathe(street), street.stranger()
    cors = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answers = {
        "page": (await stranger.get("/"), 200),
        "asset": (await stranger.get("/assets/app-3f2a.js"), 200),
        "no asset": (await stranger.get("/assets/none.js"), 404),
        "public": (await stranger.get("/api/instance"), 200),
        "openapi": (await stranger.get("/api/openapi.json"), 200),
        "health": (await stranger.get("/health/ready"), 200),
        "stranger": (await stranger.get("/api/people"), 401),
        "answer": (await window.get("/api/people"), 200),
        "made": (await window.post("/api/directs", {"people": []}), 200),
        "invalid": (await window.post("/api/directs", {"people": 3}), 400),
        "unreadable": (await window.request("POST", "/api/directs", content=b"{"), 400),
        "absent": (await window.get("/api/nowhere"), 404),
        "wrong method": (await window.request("PUT", "/api/people"), 405),
        "forged": (await window.patch("/api/me", {}, headers={"x-csrf": "no"}), 403),
        "too large": (await window.request("POST", "/api/directs", content=b" " * (2 << 20)), 413),
        "preflight": (await stranger.request("OPTIONS", "/api/session", headers=cors), 401),
        "preflight of the page": (await stranger.request("OPTIONS", "/", headers=cors), 204),
    }
    for name, (answer, status) in answers.items():
        assert answer.status_code == status, (name, answer.text)
        protected(answer)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe-eval" not in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        if name not in ("page", "asset"):
            assert answer.headers["cache-control"] == "no-store", name
    assert answers["asset"][0].headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answers["page"][0].headers["cache-control"] == "no-cache"


async def test_errors_speak_the_language_that_is_asked_for(street: Served) -> None:
    stranger = street.stranger()
    for accept, word in (
        ("en-GB,fr;q=0.5", "You are"),
        ("fr", "Vous"),
        ("de", "Vous"),
        ("", "Vous"),
        ("*", "Vous"),
    ):
        answer = await stranger.get("/api/people", headers={"accept-language": accept})
        assert answer.json()["title"].startswith(word)


async def test_a_foreign_cookie_beside_ours_changes_nothing(street: Served) -> None:
    """Cookies of other programs on the same host come along; on localhost that is every port's."""
    window = await agathe(street)
    held = window.http.headers["cookie"]
    for others in ('theme={"dark": true}', "a b=c", "=x", "é=1", "x", ",", 'q="open'):
        for whole in (f"{others}; {held}", f"{held}; {others}"):
            answer = await window.get("/api/session", headers={"cookie": whole.encode()})
            assert answer.status_code == 200, whole


async def raw(street: Served, window: Window, method: str, path: str, body: bytes = b"") -> bytes:
    """An answer to a path that no client would send as it is."""
    headers = [f"{k}: {v}" for k, v in window.http.headers.items() if k in ("cookie", "x-csrf", "origin")]
    lines = [f"Host: localhost:{street.port}", *headers, f"Content-Length: {len(body)}"]
    return await spoken(street, f"{method} {path} HTTP/1.1", lines, body)


async def spoken(street: Served, line: str, headers: list[str], body: bytes = b"") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", street.port)
    head = "\r\n".join([line, *headers, "Connection: close", "", ""])
    writer.write(head.encode() + body)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer
