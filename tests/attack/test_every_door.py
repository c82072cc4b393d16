"""Every route, walked by everybody: who is outside learns nothing, who is too weak is told the rule.

The routes are read from the running application, so a new one fails here until doors.py says how an outsider is refused.
"""

from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from bastide.core.http.door import PUBLIC
from bastide.core.policy import Role
from tests.attack.doors import ROWS, Row, address, anything, plain
from tests.attack.scene import INSIDE, OUTSIDE, Scene
from tests.support.served import Window

# The window itself: pages and files that hold nobody's data.
WINDOW = {("GET", "/"), ("GET", "/{path:path}"), ("GET", "/assets/{path:path}")}


def routes(app: Litestar) -> set[tuple[str, str]]:
    """Every method and path that the application answers; Litestar itself answers OPTIONS, see tests/http."""
    found: set[tuple[str, str]] = set()
    for route in app.routes:
        assert isinstance(route, HTTPRoute), (
            f"say in tests/attack how {route.path} is guarded: it is no HTTP route"
        )
        found |= {(str(method), route.path) for method in route.methods if method != "OPTIONS"}
    return found


def test_every_route_has_a_row(scene: Scene) -> None:
    public = {(p.method, p.path) for p in PUBLIC}
    known = {r.key for r in ROWS} | public | WINDOW
    for method, route in sorted(routes(scene.served.app) - known):
        pytest.fail(f"say how an outsider is refused at {method} {route}: add a row to tests/attack/doors.py")
    gone = known - routes(scene.served.app)
    assert not gone, f"these are no routes any more: {gone}"
    assert all(p.why for p in PUBLIC)
    assert len({r.key for r in ROWS}) == len(ROWS)


async def test_only_the_public_routes_answer_a_stranger(scene: Scene) -> None:
    anonymous = scene.windows["anonymous"]
    answered: set[tuple[str, str]] = set()
    for method, route in routes(scene.served.app) - WINDOW:
        answer = await anonymous.request(method, anything(route))
        if answer.status_code == 401 and answer.json()["code"] == "not-signed-in":
            continue
        answered.add((method, route))
        assert not scene.leaks(answer)
    assert answered == {(p.method, p.path) for p in PUBLIC}


async def test_a_made_up_or_old_session_is_a_stranger(scene: Scene) -> None:
    """A public address that looks at sessions takes them for nobody as well, and its answer is the same for all."""
    actor, old = await scene.town.open(scene.actors["manager"].person_id)
    await scene.town.house.people.sign_out(actor)
    looks = {(p.method, p.path) for p in PUBLIC if p.looks}
    nobodys = await scene.windows["anonymous"].get("/api/session")
    for token in ("", "0" * 64, old, old.upper(), f" {old}", "é" * 64, old[:-1]):
        window = scene.served.stranger(token)
        for row in ROWS:
            answer = await window.request(row.method, anything(row.route))
            if row.key in looks:
                assert (answer.status_code, answer.content) == (204, b""), (row.key, token)
                assert same_headers(answer) == same_headers(nobodys)
                continue
            assert answer.status_code == 401, (row.key, token)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method}:{row.route}")
async def test_the_door(scene: Scene, row: Row) -> None:
    for who, word in row.expected().items():
        asked = await row.fill(scene)
        window = scene.windows[who] if row.key != ("DELETE", "/api/session") else await fresh(scene, who)
        answer = await window.request(
            row.method,
            address(row.route, asked.path),
            params=asked.query,
            json=asked.json,
            content=asked.content,
        )
        assert said(answer) == word, (who, answer.status_code, answer.text)
        if who in OUTSIDE:
            assert not scene.leaks(answer), (who, scene.leaks(answer), answer.text)
        if answer.status_code >= 400:
            check_problem(answer)
    outside = {row.expected()[who] for who in OUTSIDE}
    assert outside <= {"404", "401"} or row.why, f"say why outsiders are let in at {row.key}"


async def fresh(scene: Scene, who: str) -> Window:
    return await scene.served.window(scene.actors[who])


def said(answer: httpx.Response) -> str:
    rule = answer.json().get("rule") if answer.status_code == 403 else None
    return str(answer.status_code) if rule is None else f"{answer.status_code}:{rule}"


def check_problem(answer: httpx.Response) -> None:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["code"]
    assert problem["title"]


async def test_absent_and_forbidden_look_the_same(scene: Scene) -> None:
    for row in ROWS:
        if "404" not in row.outside:
            continue
        asked = await row.fill(scene)
        nobody = dict.fromkeys(asked.path, "00000000-0000-7000-8000-000000000007") | {
            name: value for name, value in asked.path.items() if name in ("edge", "version")
        }
        for who in OUTSIDE:
            if row.expected()[who] != "404":
                continue
            answers = [
                await scene.windows[who].request(
                    row.method,
                    address(row.route, path),
                    params=asked.query,
                    json=asked.json,
                    content=asked.content,
                )
                for path in (asked.path, nobody)
            ]
            assert answers[0].content == answers[1].content, row.key
            assert same_headers(answers[0]) == same_headers(answers[1]), row.key


def same_headers(answer: httpx.Response) -> dict[str, str]:
    return {k: v for k, v in answer.headers.items() if k != "date"}


async def test_lists_show_no_foreign_row(scene: Scene) -> None:
    """Whatever an outsider may list, asked as widely as it can be, names nothing of the secret space."""
    lists = [
        "/api/snapshot",
        "/api/communities",
        "/api/communities?q=alcyon",
        "/api/people?q=alcyon",
        f"/api/snapshot/{scene.elsewhere}",
        f"/api/spaces/{scene.elsewhere}",
        f"/api/spaces/{scene.elsewhere}/members",
        f"/api/spaces/{scene.elsewhere}/members?q=h",
        f"/api/spaces/{scene.elsewhere}/members?after_role=reader&after_at=2020-01-01T00:00:00Z&after_person={scene.space}",
        f"/api/spaces/{scene.elsewhere}/files",
        f"/api/channels/{scene.elsewhere_channel}/messages",
        "/api/instance",
        "/api/openapi.json",
        "/api/session",
    ]
    for who in OUTSIDE:
        for path in lists:
            answer = await scene.windows[who].get(path)
            assert answer.status_code == (403 if who == "guest" and path.startswith("/api/people") else 200)
            assert not scene.leaks(answer), (who, path)
    # A guest learns nothing of people they share no space with either.
    hidden = [str(scene.actors[who].person_id) for who in (*INSIDE, "author")]
    for path in lists:
        text = (await scene.windows["guest"].get(path)).text
        assert not [p for p in hidden if p in text], path
    snapshot = (await scene.windows["guest"].get("/api/snapshot")).json()
    assert [own["space"]["id"] for own in snapshot["spaces"]] == [str(scene.elsewhere)]


async def test_foreign_ids_inside_ones_own_requests(scene: Scene) -> None:
    """The outsider acts in a space of theirs and names, in bodies and queries, what belongs to others."""
    removed, guest = scene.windows["removed"], scene.windows["guest"]
    new = {"kind": "team", "label": "internal", "tools": ["chat", "files", "meet"], "name": plain("À moi")}
    made = await removed.post("/api/spaces", new | {"client_id": str(scene.new_id())})
    own = UUID(made.json()["space"]["id"])
    channel = await scene.town.channel(scene.actors["removed"], own)
    with_file = {
        "client_id": str(scene.new_id()),
        "content": plain("voici"),
        "files": [str(scene.file.id)],
    }
    tried = [
        (await removed.post(f"/api/channels/{channel}/messages", with_file), 400),
        (
            await removed.patch(
                f"/api/spaces/{own}/members/{scene.actors['author'].person_id}", {"role": "reader"}
            ),
            404,
        ),
        (await removed.delete(f"/api/spaces/{own}/members/{scene.actors['author'].person_id}"), 404),
        (await removed.post(f"/api/spaces/{own}/members", {"people": [str(scene.space)]}), 422),
        (await removed.post("/api/directs", {"people": [str(scene.space)]}), 422),
        (await removed.get(f"/api/people/{scene.space}"), 404),
        (await removed.get(f"/api/people/{scene.actors['author'].person_id}/picture/x"), (200, 404)),
        (await removed.get("/api/people/cards", params={"ids": [str(scene.space)]}), 200),
        (await removed.get(f"/api/snapshot/{scene.channel}"), 404),
        (await removed.get(f"/api/channels/{scene.space}/messages"), 404),
        (await removed.get(f"/api/files/{scene.message.id}"), 404),
        (await removed.delete(f"/api/messages/{scene.file.id}"), 404),
        (await removed.delete(f"/api/calls/{scene.space}/me"), 404),
        (await guest.get("/api/people/cards", params={"ids": [str(scene.actors["author"].person_id)]}), 200),
    ]
    for answer, status in tried:
        statuses = status if isinstance(status, tuple) else (status,)
        assert answer.status_code in statuses, (answer.request.url, answer.text)
        assert not scene.leaks(answer), answer.request.url
    assert tried[-1][0].json() == []


async def test_a_file_that_waits_for_its_message_is_its_uploaders_alone(scene: Scene) -> None:
    """Not even a manager of the space learns that it is there; a message of theirs cannot carry it either."""
    waiting = await scene.upload("author", waiting=True)
    await scene.town.house.files._previews._make(waiting.id)
    nobodys = UUID(int=7)
    others = (*OUTSIDE, *INSIDE)
    doors = [r for r in ROWS if "{file_id:uuid}" in r.route]
    assert {r.method for r in doors} == {"GET", "DELETE"}
    for who in others:
        window = scene.windows[who]
        for row in doors:
            asked = [
                await window.request(row.method, address(row.route, {"file_id": file_id, "edge": 480}))
                for file_id in (waiting.id, nobodys)
            ]
            assert [answer.status_code for answer in asked] == [404, 404], (who, row.key)
            assert asked[0].content == asked[1].content
            assert same_headers(asked[0]) == same_headers(asked[1])
        carried = [
            await window.post(
                f"/api/channels/{scene.channel}/messages",
                {"client_id": str(scene.new_id()), "content": plain("voici"), "files": [str(file_id)]},
            )
            for file_id in (waiting.id, nobodys)
        ]
        assert carried[0].content == carried[1].content, who
        assert carried[0].status_code >= 400
        listed = await window.get(f"/api/spaces/{scene.space}/files")
        assert str(waiting.id) not in listed.text
    author = scene.windows["author"]
    assert str(waiting.id) not in (await author.get(f"/api/spaces/{scene.space}/files")).text
    for part in ("", "/content", "/preview/480"):
        assert (await author.get(f"/api/files/{waiting.id}{part}")).status_code == 200
    assert (await author.delete(f"/api/files/{waiting.id}")).status_code == 204


async def test_a_removed_member_loses_every_door_at_once(scene: Scene) -> None:
    """All that a manager's window could open a moment ago, through the same window."""
    person = await scene.newcomer()
    manager = scene.actors["manager"]
    await scene.town.house.spaces.change_role(manager, scene.space, person.person_id, Role.MANAGER)
    window = await scene.served.window(person)
    space_doors = [r for r in ROWS if r.outside == ("404", "404", "404")]
    assert (await window.get(f"/api/files/{scene.file.id}/content")).status_code == 200
    await scene.town.house.spaces.remove_member(manager, scene.space, person.person_id)
    for row in space_doors:
        asked = await row.fill(scene)
        answer = await window.request(
            row.method,
            address(row.route, asked.path),
            params=asked.query,
            json=asked.json,
            content=asked.content,
        )
        assert answer.status_code == 404, row.key
        assert not scene.leaks(answer)
