"""Pulled plugs: the media server and Bastide itself die in the middle of a call."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from bastide.core.errors import Problem
from bastide.meet.events import CallEnded, CallLeft
from tests.meet.participant import joined
from tests.meet.scene import QUICK, Engine, Scene, name, until
from tests.meet.test_calls import inside
from tests.support.postgres import SessionPostgres
from tests.support.town import lay_tables

pytestmark = pytest.mark.livekit


async def test_after_a_crash_of_the_media_server_everybody_is_back_in_the_same_call(
    scene: Scene, engine: Engine
) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    tickets = [await scene.ticket(p, space) for p in (ada, bob)]
    async with joined(engine.view.url, *(t.token for t in tickets)):
        await until(lambda: len(inside(scene)) == 2)
        await engine.kill()
        with pytest.raises(Problem) as caught:
            await scene.ticket(ada, space)
        assert caught.value.code == "calls-starting"
        await engine.start()
    # The windows come back with what they hold; the room is made for them.
    for person, ticket in zip((ada, bob), tickets, strict=True):
        await scene.admit(person, ticket.token)
    again = [await scene.ticket(p, space) for p in (ada, bob)]
    assert {t.call.id for t in again} == {tickets[0].call.id}
    async with joined(engine.view.url, *(t.token for t in again)) as (a, b):
        await b.speak(700)
        await until(lambda: abs(a.heard.get(name(bob), 0) - 700) < 20, 10)
        await asyncio.sleep(QUICK.restart)
        assert scene.events(CallLeft, CallEnded) == []
        assert len(inside(scene)) == 2


async def test_a_call_to_which_nobody_comes_back_is_over(scene: Scene, engine: Engine) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    tickets = [await scene.ticket(p, space) for p in (ada, bob)]
    async with joined(engine.view.url, *(t.token for t in tickets)):
        await until(lambda: len(inside(scene)) == 2)
        await engine.kill()
    await asyncio.sleep(3 * QUICK.poll)
    assert scene.events(CallLeft, CallEnded) == []
    await engine.start()
    back = asyncio.get_running_loop().time()
    await scene.until_event(CallEnded, QUICK.restart + QUICK.empty + 6)
    assert asyncio.get_running_loop().time() - back >= QUICK.restart - QUICK.poll
    assert len(scene.events(CallLeft)) == 2


@pytest_asyncio.fixture
async def database(postgres: SessionPostgres) -> AsyncGenerator[str]:
    url = await postgres.fresh(lay_tables)
    yield url
    await postgres.drop(url)


async def test_after_a_crash_of_bastide_the_call_goes_on_and_who_left_meanwhile_is_gone(
    database: str, engine: Engine, tmp_path: Path
) -> None:
    before = Scene(database, tmp_path / "before", engine)
    await before.open()
    ada, bob = await before.person(), await before.person()
    space = await before.space(ada, bob)
    tickets = [await before.ticket(p, space) for p in (ada, bob)]
    async with joined(engine.view.url, *(t.token for t in tickets)) as (_, b):
        await until(lambda: len(inside(before)) == 2)
        await before.close()
        await b.close()
        after = Scene(database, tmp_path / "after", engine)
        await after.open()
        try:
            assert set(inside(after)) == {name(ada), name(bob)}
            assert after.meet.in_call(ada.person_id)
            await after.until_event(CallLeft, QUICK.restart + 6, person_id=bob.person_id)
            assert inside(after) == [name(ada)]
            assert after.events(CallEnded) == []
            assert (await after.ticket(bob, space)).call.id == tickets[0].call.id
        finally:
            await after.close()


async def test_a_room_of_a_call_that_ended_meanwhile_is_cleared_away(scene: Scene, engine: Engine) -> None:
    ada = await scene.person()
    call = (await scene.ticket(ada, await scene.space(ada))).call.id
    ready, engine.view = engine.view, type(engine.view)(engine.view.state, "http://127.0.0.1:9")
    try:
        await scene.meet.leave(ada, call)
        assert scene.events(CallEnded) == [CallEnded(call_id=call)]
        await asyncio.sleep(2 * QUICK.poll)
    finally:
        engine.view = ready

    async def gone() -> bool:
        return call not in {room.call_id for room in await scene.meet.livekit.rooms()}

    await until(gone, 4)


async def test_rooms_of_others_are_left_alone(scene: Scene, engine: Engine) -> None:
    ada = await scene.person()
    foreign = scene.ground.ids.new()
    await scene.meet.livekit.ensure_room(foreign)
    await scene.ticket(ada, await scene.space(ada))
    await asyncio.sleep(3 * QUICK.poll)
    assert foreign in {room.call_id for room in await scene.meet.livekit.rooms()}
    await scene.meet.livekit.delete_room(foreign)
