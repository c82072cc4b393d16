"""Starting, joining and leaving calls, with a real media server."""

import asyncio
from uuid import UUID, uuid4

import pytest
from tests.meet.participant import joined
from tests.meet.scene import Engine, Scene, name, until

from bastide.core.errors import NotFound, Refused
from bastide.core.policy import ActorKind, Role, Tool
from bastide.meet.events import CallEnded, CallLeft, CallStarted
from bastide.meet.tokens import read_ticket

pytestmark = pytest.mark.livekit


async def test_whoever_starts_gets_a_ticket_and_the_space_hears_of_it(scene: Scene) -> None:
    ada = await scene.person()
    space = await scene.space(ada)
    ticket = await scene.ticket(ada, space)
    started = await scene.until_event(CallStarted)
    assert isinstance(started, CallStarted)
    assert started.call == ticket.call
    assert (ticket.call.space_id, ticket.call.started_by) == (space, ada.person_id)
    assert ticket.may_speak
    assert read_ticket(scene.meet.livekit.keys, ticket.token).call_id == ticket.call.id
    assert (await scene.call(ada, space)).id == ticket.call.id


async def test_of_many_who_start_at_once_all_get_the_same_call(scene: Scene) -> None:
    people = [await scene.person() for _ in range(6)]
    space = await scene.space(*people)
    tickets = await asyncio.gather(*(scene.ticket(p, space) for p in people))
    assert len({t.call.id for t in tickets}) == 1
    assert len(scene.events(CallStarted)) == 1


async def test_voices_are_heard_and_presence_is_written_down(scene: Scene, engine: Engine) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    tickets = [await scene.ticket(p, space) for p in (ada, bob)]
    async with joined(engine.view.url, *(t.token for t in tickets)) as (a, b):
        await a.speak(440)
        await b.speak(1000)
        await until(lambda: abs(b.heard.get(name(ada), 0) - 440) < 20, 10, f"{b.heard}")
        await until(lambda: abs(a.heard.get(name(bob), 0) - 1000) < 20, 10, f"{a.heard}")
        for who in (ada, bob):
            assert scene.meet.in_call(who.person_id)
        call = await scene.call(ada, space)
        assert {p.person_id for p in call.participants} == {ada.person_id, bob.person_id}
        assert {p.device_id for p in call.participants} == {ada.device_id, bob.device_id}
    for who in (ada, bob):
        await scene.until_event(CallLeft, 10, person_id=who.person_id)
    await scene.until_event(CallEnded, 10, call_id=call.id)
    assert not scene.meet.in_call(ada.person_id)
    with pytest.raises(NotFound):
        await scene.call(ada, space)
