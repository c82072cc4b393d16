"""The media server's own hints: they only say when to look, and with them nobody waits for the next round."""

from pathlib import Path

import msgspec
import pytest

from bastide.meet.events import CallJoined, CallLeft
from tests.meet.participant import joined
from tests.meet.scene import QUICK, Engine, Scene, until

pytestmark = pytest.mark.livekit


async def test_joining_and_leaving_are_noticed_by_hints_alone(
    scene: Scene, engine: Engine, tmp_path: Path
) -> None:
    scene.meet.watch._patience = msgspec.structs.replace(QUICK, poll=60, gone=0.0)
    ada = await scene.person()
    space = await scene.space(ada)
    async with scene.served(tmp_path):
        ticket = await scene.ticket(ada, space)
        async with joined(engine.view.url, ticket.token) as (participant,):
            await scene.until_event(CallJoined, 3, call_id=ticket.call.id)
            await participant.close()
            await scene.until_event(CallLeft, 3, call_id=ticket.call.id)


async def test_a_hint_about_a_call_that_is_over_is_nothing(scene: Scene, tmp_path: Path) -> None:
    ada = await scene.person()
    space = await scene.space(ada)
    async with scene.served(tmp_path):
        call = (await scene.ticket(ada, space)).call.id
        await scene.meet.leave(ada, call)
        await until(lambda: scene.meet.calls.all() == [])
        told = len(scene.told)
        await scene.meet.watch.look(call)
        assert len(scene.told) == told
