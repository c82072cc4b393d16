"""Requests made from our own OpenAPI page, asked by everybody in turn: what nobody thought of breaks nothing, tells nothing.

The same request goes out as nobody, outsider, guest, reader, contributor, manager and administrator, with ids that exist. No
answer is a defect; each has a status that the page or one of our problems declares, and a body of the kind that its route
declares; none tells an outsider of the secret space. BASTIDE_EXAMPLES=200 tries longer than CI does.
"""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from bastide.app import openapi
from bastide.core.errors import Problem, ProblemDetails
from bastide.core.policy import ActorKind
from tests.attack.scene import FILE, TALK, Scene, picture
from tests.support.generated import EXAMPLES, Generated
from tests.support.served import Window

ROLES = ("anonymous", "outsider", "guest", "reader", "contributor", "manager", "administrator")
OUTSIDE = ("anonymous", "outsider", "guest")
_EXAMPLES = EXAMPLES or 6
_JSON = "application/json"

# These take the power from those who ask, or from everybody: after all others. The very last end administration, then sessions.
_ENDING = {
    ("DELETE", "/api/administration/session"): 1,
    ("DELETE", "/api/me/sessions"): 2,
    ("DELETE", "/api/session"): 3,
}
_CLOSING = ("/suspend", "/label/", "/api/rule", "/administrator", "/reset", "/api/me/password")


class Door(msgspec.Struct, frozen=True):
    """An operation of the page, and what its route says that it answers."""

    method: str
    path: str
    said: dict[str, Any]
    answers: Any

    @property
    def late(self) -> tuple[int, str]:
        """Its turn: who reads first finds all as it was."""
        last = _ENDING.get((self.method, self.path), 0)
        closes = any(part in self.path for part in _CLOSING) and self.method != "GET"
        changes = self.method in {"DELETE", "PATCH", "PUT"} and not self.path.startswith("/api/me")
        turn = 0 if self.method == "GET" else 3 if closes else 2 if changes else 1
        return (9 + last if last else turn), self.path


class Ask(msgspec.Struct, frozen=True):
    """A request that was made."""

    path: str
    query: dict[str, str]
    body: bytes | None
    media_type: str | None


def problems() -> set[tuple[int, str]]:
    """Status and code of every refusal that there is."""

    def under(kind: type[Problem]) -> Iterator[type[Problem]]:
        yield kind
        for one in kind.__subclasses__():
            yield from under(one)

    return {(kind.status, kind.code) for kind in under(Problem)}


def doors(scene: Scene, page: Mapping[str, Any]) -> list[Door]:
    """Every operation of the page, in the order in which they can be asked."""
    answers: dict[tuple[str, str], Any] = {}
    for route in scene.served.app.routes:
        assert isinstance(route, HTTPRoute)
        path = route.path
        for kind in ("uuid", "int", "str"):
            path = path.replace(f":{kind}}}", "}")
        for handler in route.route_handlers:
            assert isinstance(handler, HTTPRouteHandler)
            for method in handler.http_methods:
                answers[str(method), path] = handler.parsed_fn_signature.return_type.annotation
    found = [
        Door(method.upper(), path, said, answers[method.upper(), path])
        for path, methods in page["paths"].items()
        for method, said in methods.items()
    ]
    return sorted(found, key=lambda door: door.late)


def requests_of(door: Door, made: Generated) -> st.SearchStrategy[Ask]:
    """Requests at a door: ids of the right kind most of the time, and what follows as the page describes it."""
    parameters = door.said.get("parameters", [])
    path = {p["name"]: made.text(p["name"], p["schema"]) for p in parameters if p["in"] == "path"}
    asked = {p["name"]: made.text(p["name"], p["schema"]) for p in parameters if p["in"] == "query"}
    required = {p["name"]: asked.pop(p["name"]) for p in parameters if p["required"] and p["in"] == "query"}
    content = door.said.get("requestBody", {}).get("content", {})
    body: st.SearchStrategy[bytes | None] = st.none()
    if _JSON in content:
        body = made.body(content[_JSON]["schema"]).map(msgspec.json.encode)
    elif door.method in {"POST", "PUT"}:
        body = st.none() | st.binary(max_size=64) | st.just(picture())

    def ask(parts: dict[str, str], query: dict[str, str], sent: bytes | None) -> Ask:
        filled = door.path
        for name, value in parts.items():
            filled = filled.replace(
                f"{{{name}}}", httpx.URL("http://x", params={"x": value}).query.decode()[2:]
            )
        return Ask(filled, query, sent, _JSON if _JSON in content else None)

    return st.builds(ask, st.fixed_dictionaries(path), st.fixed_dictionaries(required, optional=asked), body)


def existing(scene: Scene, spare: list[UUID]) -> dict[str, list[str]]:
    """Ids that exist, by the name of the part of a path that they stand in."""
    spaces = [scene.space, scene.elsewhere, scene.community, scene.direct]
    found = {
        "space_id": spaces,
        "person_id": spare,
        "channel_id": [scene.channel, scene.second_channel, scene.elsewhere_channel],
        "message_id": [scene.message.id],
        "file_id": [scene.file.id],
        "call_id": [scene.call],
    }
    texts = {name: [str(one) for one in ids] for name, ids in found.items()}
    words = {"edge": ["480", "1600"], "label": ["internal", "sensitive"], "ids": texts["person_id"]}
    return texts | words | {"people": texts["person_id"], "email": ["lou@cabinet.example", "a@b@c", "x"]}


def held(door: Door, answer: httpx.Response, declared: set[tuple[int, str]]) -> None:
    """What is true of every answer, whoever asked."""
    where = (
        door.method,
        str(answer.request.url),
        answer.request.content[:300],
        answer.status_code,
        answer.text[:300],
    )
    assert answer.headers["x-content-type-options"] == "nosniff", where
    if answer.status_code < 400:
        assert str(answer.status_code) in door.said["responses"], where
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kind == _JSON and isinstance(door.answers, type) and issubclass(door.answers, msgspec.Struct):
            msgspec.json.decode(answer.content, type=door.answers)
        return
    assert answer.headers["content-type"] == "application/problem+json", where
    told = msgspec.json.decode(answer.content, type=ProblemDetails)
    assert told.status == answer.status_code, where
    assert (told.status, told.code) in declared, where
    # No media server runs here, and calls say so; nothing else is away.
    assert told.status < 500 or (told.status == 503 and door.path.endswith("/call")), where


async def test_whatever_is_asked_by_whomever(scene: Scene) -> None:
    house = scene.town.house
    page = openapi(house)
    boss = await scene.town.administrator(await scene.town.person("Maud", "Cros", scene.town.prefecture))
    scene.windows["administrator"] = await scene.served.window(boss)
    spare = [(await scene.newcomer()).person_id for _ in range(2)] + [(await scene.stranger()).person_id]
    own = existing(scene, spare)
    ids = [UUID(one) for name, many in own.items() if name.endswith("_id") for one in many]
    made, declared = Generated(page["components"]["schemas"], ids, own), problems()
    opened: set[tuple[str, str]] = set()
    every = doors(scene, page)
    with structlog.testing.capture_logs() as logs:
        for door in every:
            scene.wait(timedelta(seconds=5))
            await asyncio.to_thread(ask_everybody, scene, door, requests_of(door, made), declared, opened)
    assert not [line for line in logs if line["log_level"] in ("error", "critical")], logs
    # It was no walk along closed doors: more than half open to somebody. The others want a key, a link, a proof or a state.
    shut = {f"{d.method} {d.path}" for d in every} - {door for door, _ in opened}
    assert len(shut) < len(every) * 0.45, "\n".join(sorted(shut))
    assert {who for _, who in opened} == set(ROLES)
    assert {boss.kind} == {ActorKind.AGENT}


def ask_everybody(
    scene: Scene,
    door: Door,
    strategy: st.SearchStrategy[Ask],
    declared: set[tuple[int, str]],
    opened: set[tuple[str, str]],
) -> None:
    """Ask at one door, in a thread of its own: Hypothesis waits for nobody's loop."""
    with httpx.Client(base_url=scene.served.base, timeout=20) as client:

        @settings(
            max_examples=_EXAMPLES,
            deadline=None,
            derandomize=not EXAMPLES,
            database=None,
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.function_scoped_fixture,
                HealthCheck.data_too_large,
            ],
        )
        @given(strategy)
        def asked(ask: Ask) -> None:
            for who in ROLES:
                answer = client.request(
                    door.method,
                    ask.path,
                    params=ask.query,
                    content=ask.body,
                    headers=headers(scene.windows[who], ask.media_type),
                )
                held(door, answer, declared)
                tells_nothing(scene, who, answer)
                if answer.status_code < 400:
                    opened.add((f"{door.method} {door.path}", who))

        asked()


def headers(window: Window, media_type: str | None) -> list[tuple[bytes, bytes]]:
    """A window's own headers, with the kind of its body."""
    kind = [] if media_type is None else [(b"content-type", media_type.encode())]
    kept = {b"origin", b"sec-fetch-site", b"cookie", b"x-csrf"}
    return [(k, v) for k, v in window.http.headers.raw if k.lower() in kept] + kind


def tells_nothing(scene: Scene, who: str, answer: httpx.Response) -> None:
    """Nobody outside hears of the secret space; who administers hears of no content."""
    if who in OUTSIDE:
        assert not scene.leaks(answer), (who, str(answer.request.url), answer.text[:500])
    if who == "administrator":
        assert TALK not in answer.text, str(answer.request.url)
        assert FILE not in answer.text, str(answer.request.url)
