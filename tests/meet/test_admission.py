"""Who may connect to a call's signalling, and with which rights."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote
from uuid import uuid4

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bastide.core.errors import Invalid, NotFound, Problem, Refused
from bastide.core.policy import Actor, ActorKind, Role, Tool
from bastide.meet.engine import EngineView
from bastide.meet.errors import CallsBuilding, CallsFailed, CallsStarting, TicketOfAnother, TicketOver
from bastide.meet.model import EngineState
from bastide.meet.service import identity_of
from bastide.meet.tokens import Keys, ticket
from bastide.spaces.model import SpaceChange
from tests.meet.scene import Engine, Scene

pytestmark = pytest.mark.livekit


def grants(query: str) -> dict[str, Any]:
    token = parse_qs(query)["access_token"][0]
    return jwt.decode(token, options={"verify_signature": False})["video"]


async def test_a_ticket_opens_the_door_on_every_path_of_the_clients(scene: Scene) -> None:
    ada = await scene.person()
    token = (await scene.ticket(ada, await scene.space(ada))).token
    old = "auto_subscribe=0&sdk=js&version=2.23.0&protocol=17&reconnect=1&sid=PA_x"
    for path, query in (("/rtc", old), ("/rtc/v1", "join_request=CgA%3D")):
        admitted = await scene.admissions.admit(
            ada, path=path, query=f"access_token={token}&{query}", headers={}
        )
        passed = parse_qs(admitted.query)
        assert {k: v for k, v in passed.items() if k != "access_token"} == parse_qs(query)
        assert admitted.path == path


async def test_a_ticket_may_come_in_a_header_but_not_in_two_places(scene: Scene) -> None:
    ada = await scene.person()
    token = (await scene.ticket(ada, await scene.space(ada))).token
    bearer = {"authorization": f"Bearer {token}"}
    admitted = await scene.admissions.admit(ada, path="/rtc", query="sdk=js", headers=bearer)
    assert grants(admitted.query)["roomJoin"]
    with pytest.raises(TicketOver):
        await scene.admissions.admit(ada, path="/rtc", query=f"access_token={token}", headers=bearer)
    with pytest.raises(TicketOver):
        await scene.admissions.admit(
            ada, path="/rtc", query="sdk=js", headers={"authorization": f"Basic {token}"}
        )


async def test_nothing_that_makes_another_of_oneself_is_passed_on(scene: Scene) -> None:
    ada = await scene.person()
    token = (await scene.ticket(ada, await scene.space(ada))).token
    query = f"access_token={token}&publish=screen&attributes=e30=&metadata=x&room=other&sdk=js"
    admitted = await scene.admissions.admit(ada, path="/rtc", query=query, headers={})
    assert set(parse_qs(admitted.query)) == {"access_token", "sdk"}


@pytest.mark.parametrize(
    "query",
    [
        "access_token={t}&access_token={t}",
        "access_token={t}&sdk=js&sdk=python",
        "access_token={t}&%ff=1",
        "access_token={t}&sdk",
        "&".join(f"p{n}=1" for n in range(60)),
    ],
)
async def test_a_query_that_two_programs_could_read_in_two_ways_is_refused(scene: Scene, query: str) -> None:
    ada = await scene.person()
    token = (await scene.ticket(ada, await scene.space(ada))).token
    with pytest.raises(Invalid):
        await scene.admissions.admit(ada, path="/rtc", query=query.format(t=token), headers={})


async def test_a_ticket_of_somebody_else_or_of_ones_other_device_opens_nothing(scene: Scene) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    token = (await scene.ticket(ada, space)).token
    for thief in (bob, await scene.device(ada.person_id), await scene.person()):
        with pytest.raises(TicketOfAnother):
            await scene.admit(thief, token)


def of(scene: Scene, ada: Actor, *, call: Any = None, keys: Keys | None = None, ago: float = 0) -> str:
    now = scene.ground.clock.now() - timedelta(seconds=ago)
    living = scene.meet.calls.all()[0]
    return ticket(
        keys or scene.meet.livekit.keys,
        call or living.id,
        identity_of(ada),
        may_speak=True,
        now=now,
        lasts=timedelta(seconds=60),
    )


async def test_an_old_ticket_one_of_another_room_and_one_of_another_key_open_nothing(scene: Scene) -> None:
    ada, bob = await scene.person(), await scene.person()
    await scene.ticket(ada, await scene.space(ada))
    elsewhere = (await scene.ticket(bob, await scene.space(bob))).call
    assert await scene.admit(ada, of(scene, ada))
    wrong: list[tuple[str, type[Problem]]] = [
        (of(scene, ada, ago=120), TicketOver),
        (of(scene, ada, keys=Keys(scene.meet.livekit.keys.name, "x" * 64)), TicketOver),
        (of(scene, ada, call=uuid4()), NotFound),
        (of(scene, ada, call=elsewhere.id), NotFound),
    ]
    for token, problem in wrong:
        with pytest.raises(problem):
            await scene.admit(ada, token)


async def test_who_is_told_that_there_is_nothing_is_told_in_words_that_the_client_knows(scene: Scene) -> None:
    ada, eve = await scene.person(), await scene.person()
    await scene.ticket(ada, await scene.space(ada))
    for token in (of(scene, eve), of(scene, eve, call=uuid4())):
        with pytest.raises(NotFound) as caught:
            await scene.admit(eve, token)
        assert caught.value.reason == "requested room does not exist"


async def test_a_ticket_is_worth_no_more_than_the_role_of_this_moment(scene: Scene) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    await scene.ticket(ada, space)
    token = (await scene.ticket(bob, space)).token
    assert grants((await scene.admit(bob, token)).query)["canPublish"] is True
    await scene.spaces.change_role(ada, space, bob.person_id, Role.READER)
    assert grants((await scene.admit(bob, token)).query)["canPublish"] is False
    await scene.spaces.remove_member(ada, space, bob.person_id)
    with pytest.raises((NotFound, TicketOver)):
        await scene.admit(bob, token)
    await scene.spaces.add_members(ada, space, [bob.person_id], Role.CONTRIBUTOR)
    with pytest.raises(TicketOver):  # back in, but with the ticket from before
        await scene.admit(bob, token)
    assert await scene.admit(bob, (await scene.ticket(bob, space)).token)


async def test_a_space_without_calls_lets_nobody_in(scene: Scene) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    token = (await scene.ticket(bob, space)).token
    await scene.spaces.change(ada, space, SpaceChange(tools=[Tool.CHAT]))
    with pytest.raises((Refused, TicketOver, NotFound)):
        await scene.admit(bob, token)


async def test_paths_that_are_not_signalling_lead_nowhere(scene: Scene) -> None:
    ada = await scene.person()
    token = (await scene.ticket(ada, await scene.space(ada))).token
    for path in (
        "/",
        "/rtc/",
        "/rtc/v2",
        "/twirp/livekit.RoomService/ListRooms",
        "/agent",
        "//rtc",
        "/rtc/../agent",
    ):
        with pytest.raises(NotFound):
            await scene.admit(ada, token, path)


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (EngineState.BUILDING, CallsBuilding),
        (EngineState.STARTING, CallsStarting),
        (EngineState.FAILED, CallsFailed),
    ],
)
async def test_without_a_media_server_calls_say_why(
    scene: Scene, engine: Engine, state: EngineState, problem: type[Problem]
) -> None:
    ada = await scene.person()
    space = await scene.space(ada)
    token = (await scene.ticket(ada, space)).token
    ready, engine.view = engine.view, EngineView(state)
    try:
        assert scene.meet.engine().state is state
        for act in (lambda: scene.ticket(ada, space), lambda: scene.admit(ada, token)):
            with pytest.raises(problem) as caught:
                await act()
            assert (caught.value.status, caught.value.code) == (503, f"calls-{state.value}")
    finally:
        engine.view = ready
    assert await scene.admit(ada, token)


async def test_what_the_media_server_would_answer_is_what_validate_answers(scene: Scene) -> None:
    ada, eve = await scene.person(), await scene.person()
    token = (await scene.ticket(ada, await scene.space(ada))).token
    validate: Callable[..., Any] = scene.admissions.validate
    assert await validate(ada, path="/rtc/validate", query=f"access_token={token}", headers={}) == (
        200,
        b"success",
    )
    status, _ = await validate(ada, path="/rtc/v1/validate", query=f"access_token={token}", headers={})
    assert status == 400  # it wants a join request
    with pytest.raises(TicketOfAnother):
        await validate(eve, path="/rtc/validate", query=f"access_token={token}", headers={})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    path=st.sampled_from(["/rtc", "/rtc/v1"]) | st.text(max_size=20),
    query=st.text(max_size=80) | st.text(max_size=40).map(lambda t: f"access_token={quote(t)}"),
    bearer=st.none() | st.text(max_size=60),
)
async def test_whatever_comes_gets_a_clear_answer(
    scene: Scene, path: str, query: str, bearer: str | None
) -> None:
    actor = Actor(ActorKind.AGENT, uuid4(), uuid4(), uuid4(), uuid4())
    with pytest.raises(Problem) as caught:
        await scene.admissions.admit(
            actor, path=path, query=query, headers={} if bearer is None else {"authorization": bearer}
        )
    assert 400 <= caught.value.status < 500
