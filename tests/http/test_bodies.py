"""Bodies that nobody's window sends: too large, too deep, of another kind, with keys twice."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.support.served import Served, Window

JSON = {"content-type": "application/json"}


async def agathe(street: Served) -> Window:
    return await street.window(street.town.agathe)


def new_space(street: Served, **fields: object) -> dict[str, object]:
    return {
        "client_id": str(street.town.house.ground.ids.new()),
        "kind": "team",
        "label": "internal",
        "tools": ["chat", "files"],
        "name": {"format": "plain", "text": "Atelier"},
    } | fields


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"3",
        b'"x"',
        b"{",
        b"{}",
        b'{"people": 3}',
        b'{"people": [3]}',
        b'{"people": ["x"]}',
        b'{"people": null}',
        b'{"people": {}}',
        b'{"people": ["00000000-0000-7000-8000-00000000000g"]}',
        b"\xff\xfe{\x00}\x00",
        b'{"people": []} {"people": []}',
        b'{"people": [], "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"people": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"people": [], "x": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
        b'{"people": [], "x": 1e999999}',
        b'{"people": [], "x": ' + b"9" * 100_000 + b"}",
        b'{"people": [], "x": NaN}',
        b'{"people": [], "x": "\\ud800"}',
    ],
    ids=lambda body: body[:30].decode("latin-1"),
)
async def test_a_body_that_cannot_be_read_is_the_askers_mistake(street: Served, body: bytes) -> None:
    answer = await (await agathe(street)).request("POST", "/api/directs", content=body, headers=JSON)
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 400:
        assert answer.json()["code"] == "invalid"
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_field_is_named(street: Served) -> None:
    window = await agathe(street)
    answer = await window.post("/api/spaces", new_space(street, label="secret-défense"))
    assert (answer.status_code, answer.json().get("field")) == (400, "label")
    answer = await window.get("/api/people?limit=0")
    assert (answer.status_code, answer.json().get("field")) == (400, "limit")


async def test_of_two_keys_the_server_reads_one_and_everywhere_the_same(street: Served) -> None:
    """No second reader stands behind this one, so nothing can be checked by one key and done by the other."""
    window = await agathe(street)
    body = b'{"function": "Premier", "function": "Second"}'
    answer = await window.request("PATCH", "/api/me", content=body, headers=JSON)
    assert answer.status_code == 200
    function = answer.json()["card"]["function"]
    assert function == "Second"
    assert (await window.get("/api/session")).json()["profile"]["card"]["function"] == function


async def test_fields_that_nobody_asked_for_have_no_effect(street: Served) -> None:
    """What the server decides itself cannot be sent along."""
    window, town = await agathe(street), street.town
    forged = {
        "id": str(town.guest.person_id),
        "email": "autre@haute-vezelle.example",
        "administrator": True,
        "kind": "administrator",
        "organisation_id": str(town.agency.id),
        "person_id": str(town.ousmane.person_id),
        "suspended_at": None,
    }
    assert (await window.patch("/api/me", forged)).status_code == 200
    me = (await window.get("/api/session")).json()
    assert me["administrator"] is False
    assert me["profile"]["email"] == "agathe.delorme@haute-vezelle.example"
    assert me["profile"]["organisation"]["id"] == str(town.prefecture.id)
    made = await window.post(
        "/api/spaces",
        new_space(
            street,
            id=str(town.guest.person_id),
            organisation_id=str(town.agency.id),
            created_by=str(town.ousmane.person_id),
            role="reader",
            direct_key="x",
            created_at="2000-01-01T00:00:00Z",
        ),
    )
    assert made.status_code == 201
    space = made.json()
    assert space["space"]["id"] != str(town.guest.person_id)
    assert space["space"]["organisation_id"] == str(town.prefecture.id)
    assert space["role"] == "manager"
    assert space["space"]["created_at"].startswith("2026")


async def test_a_prototype_is_only_a_word(street: Served) -> None:
    window = await agathe(street)
    for word in ("__proto__", "constructor", "prototype"):
        answer = await window.post("/api/spaces", new_space(street, **{word: {"role": "manager"}}))
        assert answer.status_code == 201
        assert word not in answer.text


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "", "x", "a/b;c=d"],
)
async def test_the_body_is_json_whatever_it_is_called(street: Served, kind: str) -> None:
    """A form is not read as one: it is JSON that cannot be read."""
    window = await agathe(street)
    form = await window.request(
        "PATCH", "/api/me", content=b"function=Formulaire", headers={"content-type": kind}
    )
    assert form.status_code == 400, form.text
    parts = b'--x\r\ncontent-disposition: form-data; name="function"\r\n\r\nFormulaire\r\n--x--\r\n'
    multi = await window.request(
        "PATCH", "/api/me", content=parts, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert multi.status_code == 400, multi.text
    json = await window.request(
        "PATCH", "/api/me", content=b'{"phone": "01"}', headers={"content-type": kind}
    )
    assert json.status_code in (200, 400)


async def test_ten_megabytes_of_json_are_turned_away_unread(street: Served) -> None:
    window = await agathe(street)
    body = b'{"people": ["' + b"x" * (10 << 20) + b'"]}'
    before = time.monotonic()
    answer = await window.request("POST", "/api/directs", content=body, headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10 << 4):
            yield b" " * (1 << 16)

    answer = await window.request("POST", "/api/directs", content=endless(), headers=JSON)
    assert answer.status_code == 413
    assert time.monotonic() - before < 10


async def test_ids_of_another_kind_are_absent(street: Served) -> None:
    window = await agathe(street)
    for odd in (
        "x",
        "1",
        "null",
        "%00",
        "..",
        "019cd6de03407100b19abcf863e78fc5x",
        "{}",
        "-1",
        "%27%20or%201=1--",
    ):
        for route in (
            "/api/spaces/{}",
            "/api/people/{}",
            "/api/files/{}",
            "/api/snapshot/{}",
            "/api/messages/{}",
        ):
            answer = await window.request(
                "PATCH" if "messages" in route else "GET", route.format(odd), json={}
            )
            assert answer.status_code in (400, 404), (route, odd, answer.text)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "x" * 5000,
        "q=%ff%fe",
        "q=%ed%a0%80",
        "limit=-1",
        "limit=1e3",
        "limit=99999999999999999999999",
        "limit=٣",
        "limit=1&limit=50",
        "limit[]=1",
        "q=a&q=b",
        "q=" + "%EF%B7%BA" * 200,
        "q=" + "%E3%8C%96" * 200,
        "q=%27%3B%20drop%20table%20person%3B--",
        "q=a:*%20%26%20!b%20%7C%20(c",
        "q=%5C%5C",
        "%",
        "&&&=&",
        "=x",
    ],
    ids=lambda query: query[:30],
)
async def test_odd_queries_break_nothing(street: Served, query: str) -> None:
    window = await agathe(street)
    own = (await window.post("/api/spaces", new_space(street))).json()["space"]["id"]
    for path in ("/api/people", "/api/communities", f"/api/spaces/{own}/members", f"/api/spaces/{own}/files"):
        answer = await window.get(f"{path}?{query}")
        assert answer.status_code in (200, 400), (path, answer.text)


async def test_odd_pages_of_history_and_members(street: Served) -> None:
    window, town = await agathe(street), street.town
    own = (await window.post("/api/spaces", new_space(street))).json()["space"]["id"]
    channel = (await window.get(f"/api/snapshot/{own}")).json()["channels"][0]["channel"]["id"]
    huge = "9" * 30
    for path in (
        f"/api/channels/{channel}/messages?before={huge}",
        f"/api/channels/{channel}/messages?after=-1",
        f"/api/channels/{channel}/messages?around=0&limit=1",
        f"/api/channels/{channel}/messages?before={(1 << 62)}",
        f"/api/channels/{channel}/messages?after={(1 << 62)}",
        f"/api/channels/{channel}/messages?around={(1 << 62)}",
        f"/api/channels/{channel}/messages?before=1&after=1",
        f"/api/spaces/{own}/members?after_role=reader&after_at=0001-01-01T00:00:00Z&after_person={own}",
        f"/api/spaces/{own}/members?after_role=reader&after_at=9999-12-31T23:59:59Z&after_person={own}",
        f"/api/spaces/{own}/members?after_role=reader&after_at=2026-01-01T00:00:00&after_person={own}",
        f"/api/spaces/{own}/members?after_role=reader&after_at=2026-01-01T00:00:00%2B23:59&after_person={own}",
        f"/api/spaces/{own}/members?after_role=reader&after_at=x",
        f"/api/spaces/{own}/members?after_person={own}",
        f"/api/spaces/{own}/files?after=x",
        f"/api/spaces/{own}/files?after=f{'_' * 31}",
        f"/api/spaces/{own}/files?after=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "/api/people/cards",
        f"/api/people/cards?ids={own}",
        "/api/people/cards?ids=x",
        "/api/people/cards?" + "&".join(f"ids={town.ousmane.person_id}" for _ in range(201)),
    ):
        answer = await window.get(path)
        assert answer.status_code in (200, 400), (path, answer.text)


@pytest.mark.parametrize(
    "text", ["\\u0000", "\\ud800", "\\udc00\\ud800", "a\\u0000b", "\\u202e", "\\u0007", "x" * 100_000, ""]
)
async def test_odd_texts_in_every_field(street: Served, text: str) -> None:
    """Each field of each form, with what tables cannot hold or people should not see."""
    window = await agathe(street)
    own = (await window.post("/api/spaces", new_space(street))).json()["space"]["id"]
    channel = (await window.get(f"/api/snapshot/{own}")).json()["channels"][0]["channel"]["id"]
    new_id = str(street.town.house.ground.ids.new())
    said = f'{{"format": "plain", "text": "{text}"}}'
    tries = [
        ("PATCH", "/api/me", f'{{"function": "{text}"}}'),
        ("PATCH", "/api/me", f'{{"service": "{text}"}}'),
        ("PATCH", "/api/me", f'{{"phone": "{text}"}}'),
        ("PATCH", "/api/me", f'{{"locale": "{text}"}}'),
        ("PATCH", f"/api/spaces/{own}", f'{{"name": {said}}}'),
        ("PATCH", f"/api/spaces/{own}", f'{{"description": {said}}}'),
        ("POST", f"/api/spaces/{own}/channels", f'{{"client_id": "{new_id}", "name": {said}}}'),
        ("PATCH", f"/api/channels/{channel}", f'{{"topic": {said}}}'),
        ("POST", f"/api/channels/{channel}/messages", f'{{"client_id": "{new_id}", "content": {said}}}'),
        ("POST", "/api/session", f'{{"email": "{text}", "password": "x"}}'),
        ("POST", "/api/session", f'{{"email": "x{text}@b.example", "password": "{text}"}}'),
        ("POST", "/api/session/first", first(text)),
    ]
    for method, path, body in tries:
        answer = await window.request(method, path, content=body.encode(), headers=JSON)
        expected = (400, 401, 404, 413, 429) if text else (200, 400, 401, 404, 429)
        assert answer.status_code in expected, (method, path, answer.status_code, answer.text)
    names = ["name=%00", "name=", "name=" + "x" * 1000]
    for name in names:
        answer = await window.request(
            "POST", f"/api/spaces/{own}/files?{name}&client_id={new_id}", content=b"x"
        )
        assert answer.status_code == 400, answer.text


def first(text: str) -> str:
    fields = (
        "token",
        "organisation_name",
        "organisation_short_name",
        "organisation_domain",
        "given_name",
        "family_name",
        "email",
        "password",
    )
    return "{" + ", ".join(f'"{name}": "{text}"' for name in fields) + "}"


async def test_a_client_that_leaves_in_the_middle_harms_nobody(street: Served) -> None:
    window = await agathe(street)
    for _ in range(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", street.port)
        writer.write(
            f"POST /api/directs HTTP/1.1\r\nHost: localhost:{street.port}\r\n"
            f"Cookie: {window.http.headers['cookie']}\r\nX-Csrf: {window.http.headers['x-csrf']}\r\n"
            "Content-Length: 1000\r\n\r\n{".encode()
        )
        await writer.drain()
        writer.transport.abort()
        assert (await reader.read()) == b""
    assert (await window.get("/api/session")).status_code == 200
