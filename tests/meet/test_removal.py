"""Who may no longer be in a call is out of it at once, and stays out."""

import asyncio
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from livekit.protocol import models

from bastide.core.errors import NotFound, Problem
from bastide.core.policy import Actor, Office, Role, Tool
from bastide.meet.events import CallEnded, CallLeft
from bastide.meet.model import CallTicket
from bastide.people.model import NewAgent
from bastide.spaces.model import SpaceChange
from tests.meet.participant import Participant, joined
from tests.meet.scene import QUICK, Engine, Scene, name, until
from tests.meet.test_calls import inside
from tests.meet.wire import open_straight
from tests.support.town import Town

pytestmark = pytest.mark.livekit


class Meeting:
    """Ada, who manages, and Bob, in a call."""

    def __init__(self, ada: Actor, bob: Actor, space: UUID, tickets: list[CallTicket]) -> None:
        self.ada, self.bob, self.space, self.tickets = ada, bob, space, tickets


# Nothing is noticed by the round but only by what happens.
BY_EVENTS = msgspec.structs.replace(QUICK, poll=60, look=60)


async def meeting(scene: Scene) -> Meeting:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    tickets = [await scene.ticket(p, space) for p in (ada, bob)]
    for person, ticket in zip((ada, bob), tickets, strict=True):
        await scene.admit(person, ticket.token)
    return Meeting(ada, bob, space, tickets)


async def there(scene: Scene, m: Meeting, devices: int = 2) -> None:
    """Wait until so many are written down as being there."""

    async def look() -> bool:
        await scene.meet.watch.look(m.tickets[0].call.id)
        return len(inside(scene)) == devices

    await until(look)


async def out_within(participant: Participant, seconds: float, began: float) -> None:
    await asyncio.wait_for(participant.gone, seconds)
    assert asyncio.get_running_loop().time() - began < seconds


async def test_a_removed_member_is_out_within_two_seconds_and_cannot_come_back(
    scene: Scene, engine: Engine
) -> None:
    scene.meet.watch._patience = BY_EVENTS
    m = await meeting(scene)
    async with joined(engine.view.url, *(t.token for t in m.tickets)) as (a, b):
        await there(scene, m)
        began = asyncio.get_running_loop().time()
        await scene.spaces.remove_member(m.ada, m.space, m.bob.person_id)
        await out_within(b, 2, began)
        await scene.until_event(CallLeft, 2, person_id=m.bob.person_id)
        assert not a.gone.done()
        with pytest.raises((NotFound,)):
            await scene.admit(m.bob, m.tickets[1].token)
        with pytest.raises(NotFound):
            await scene.ticket(m.bob, m.space)
        assert scene.events(CallEnded) == []


async def test_who_slips_past_our_door_is_put_out_again(scene: Scene, engine: Engine) -> None:
    m = await meeting(scene)
    async with joined(engine.view.url, *(t.token for t in m.tickets)):
        await there(scene, m)
        await scene.spaces.remove_member(m.ada, m.space, m.bob.person_id)
        await asyncio.sleep(0.5)
        again = await open_straight(engine.view.url, m.tickets[1].token)
        await asyncio.wait_for(again.closed, 2)
        reasons = [r.leave.reason for r in again.heard if r.WhichOneof("message") == "leave"]
        assert reasons == [models.DisconnectReason.PARTICIPANT_REMOVED]
        assert name(m.bob) not in inside(scene)


async def test_who_left_does_not_slip_back_with_the_old_ticket(scene: Scene, engine: Engine) -> None:
    m = await meeting(scene)
    sockets = [await open_straight(engine.view.url, t.token) for t in m.tickets]
    await there(scene, m)
    await scene.meet.leave(m.bob, m.tickets[1].call.id)
    await asyncio.wait_for(sockets[1].closed, 2)
    again = await open_straight(engine.view.url, m.tickets[1].token)
    await asyncio.wait_for(again.closed, 2)
    assert inside(scene) == [name(m.ada)]
    fresh = await scene.ticket(m.bob, m.space)
    back = await open_straight(engine.view.url, fresh.token)
    await there(scene, m)
    for socket in (sockets[0], back):
        assert not socket.closed.done()
        await socket.close()


async def test_all_devices_of_a_removed_member_are_out(scene: Scene, engine: Engine) -> None:
    scene.meet.watch._patience = BY_EVENTS
    m = await meeting(scene)
    other = await scene.device(m.bob.person_id)
    ticket = await scene.ticket(other, m.space)
    async with joined(engine.view.url, *(t.token for t in (*m.tickets, ticket))) as (_, first, second):
        await there(scene, m, 3)
        began = asyncio.get_running_loop().time()
        await scene.spaces.remove_member(m.ada, m.space, m.bob.person_id)
        await asyncio.gather(out_within(first, 2, began), out_within(second, 2, began))
        await until(lambda: not scene.meet.in_call(m.bob.person_id), 2)


async def test_who_becomes_a_reader_is_silenced_and_may_speak_again_later(
    scene: Scene, engine: Engine
) -> None:
    scene.meet.watch._patience = BY_EVENTS
    m = await meeting(scene)
    async with joined(engine.view.url, *(t.token for t in m.tickets)) as (a, b):
        await b.speak(800)
        await until(lambda: abs(a.heard.get(name(m.bob), 0) - 800) < 20, 10)
        await scene.spaces.change_role(m.ada, m.space, m.bob.person_id, Role.READER)
        began = asyncio.get_running_loop().time()
        await until(lambda: not published(a, m.bob), 2, "still published")
        assert asyncio.get_running_loop().time() - began < 2
        with pytest.raises(TimeoutError):
            await b.speak(900, within=1.5)
        assert not published(a, m.bob)
        assert not b.gone.done()
        await scene.spaces.change_role(m.ada, m.space, m.bob.person_id, Role.CONTRIBUTOR)
        await until(lambda: may_publish(scene, m), 3)


def published(listener: Participant, speaker: Actor) -> bool:
    seen = listener.room.remote_participants.get(name(speaker))
    return bool(seen and seen.track_publications)


async def may_publish(scene: Scene, m: Meeting) -> bool:
    devices = await scene.meet.livekit.devices(m.tickets[0].call.id)
    return any(d.name == name(m.bob) and d.may_publish for d in devices)


async def test_a_reader_cannot_send_a_voice(scene: Scene, engine: Engine) -> None:
    ada, rita = await scene.person(), await scene.person()
    space = await scene.space(ada, rita, role=Role.READER)
    tickets = [await scene.ticket(p, space) for p in (ada, rita)]
    async with joined(engine.view.url, *(t.token for t in tickets)) as (a, r):
        await a.speak(440)
        await until(lambda: abs(r.heard.get(name(ada), 0) - 440) < 20, 10)
        with pytest.raises(TimeoutError):
            await r.speak(900, within=1.5)
        assert not published(a, rita)


async def test_switching_calls_off_ends_the_call(scene: Scene, engine: Engine) -> None:
    scene.meet.watch._patience = BY_EVENTS
    m = await meeting(scene)
    async with joined(engine.view.url, *(t.token for t in m.tickets)) as (a, b):
        await there(scene, m)
        began = asyncio.get_running_loop().time()
        await scene.spaces.change(m.ada, m.space, SpaceChange(tools=[Tool.CHAT]))
        await asyncio.gather(out_within(a, 2, began), out_within(b, 2, began))
        await scene.until_event(CallEnded, 2)


async def test_signing_out_is_leaving(scene: Scene, engine: Engine) -> None:
    scene.meet.watch._patience = BY_EVENTS
    m = await meeting(scene)
    async with joined(engine.view.url, *(t.token for t in m.tickets)) as (a, b):
        await there(scene, m)
        began = asyncio.get_running_loop().time()
        await scene.house.people.sessions.end(m.bob)
        await out_within(b, 2, began)
        await scene.until_event(CallLeft, 2, device_id=m.bob.device_id)
        assert not a.gone.done()


async def test_who_is_suspended_is_out_of_the_call_and_of_every_window_within_two_seconds(
    scene: Scene, engine: Engine, tmp_path: Path
) -> None:
    """By an administrator, in administration; nothing but the act itself is waited for."""
    scene.meet.watch._patience = BY_EVENTS
    m = await meeting(scene)
    async with (
        scene.served(tmp_path) as served,
        joined(engine.view.url, *(t.token for t in m.tickets)) as (a, b),
    ):
        await there(scene, m)
        town = Town(scene.house)
        colleague = NewAgent(m.bob.organisation_id, "chef@bob.example", "Rene", "Aubry")
        chief = await scene.device(await scene.house.people.do_create_person(colleague))
        chief = await town.in_office(chief, Office.ADMINISTRATOR)
        window = await served.window(m.bob)
        socket = await window.socket()
        began = asyncio.get_running_loop().time()
        await scene.house.suspension.suspend(chief, m.bob.person_id)
        await out_within(b, 2, began)
        assert (await asyncio.wait_for(socket.end(), 2))[1] == "signed-out"
        assert (await window.get("/api/snapshot")).status_code == 401
        assert asyncio.get_running_loop().time() - began < 2
        await scene.until_event(CallLeft, 2, person_id=m.bob.person_id)
        with pytest.raises(Problem):
            await scene.admit(m.bob, m.tickets[1].token)
        assert not a.gone.done()
        assert await town.house.people.sessions.still(chief), "who suspended goes on"


async def test_who_is_removed_while_the_media_server_is_away_is_written_down_as_gone(
    scene: Scene, engine: Engine
) -> None:
    m = await meeting(scene)
    async with joined(engine.view.url, *(t.token for t in m.tickets)) as (_, b):
        await there(scene, m)
        ready, engine.view = engine.view, type(engine.view)(engine.view.state, "http://127.0.0.1:9")
        try:
            await scene.spaces.remove_member(m.ada, m.space, m.bob.person_id)
            await scene.until_event(CallLeft, 2, person_id=m.bob.person_id)
        finally:
            engine.view = ready
        # Once it is back, the watch finds him there and puts him out.
        await out_within(b, 2 * QUICK.poll + QUICK.look + 2, asyncio.get_running_loop().time())
        assert name(m.bob) not in inside(scene)
        with pytest.raises(Problem):
            await scene.admit(m.bob, m.tickets[1].token)


async def test_a_connection_that_never_passed_our_door_does_not_last(scene: Scene, engine: Engine) -> None:
    scene.meet.watch._patience = msgspec.structs.replace(QUICK, unchecked=0.5)
    m = await meeting(scene)
    other = await scene.device(m.ada.person_id)
    ticket = await scene.ticket(other, m.space)  # and never admitted
    slipped = await open_straight(engine.view.url, ticket.token)
    proper = await open_straight(engine.view.url, m.tickets[0].token)
    await asyncio.wait_for(slipped.closed, 4)
    assert not proper.closed.done()
    await proper.close()


async def test_rooms_in_which_nothing_changes_cost_one_request_a_round(
    scene: Scene, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.meet.watch._patience = msgspec.structs.replace(QUICK, look=60)
    meetings = [await meeting(scene) for _ in range(3)]
    sockets = [await open_straight(engine.view.url, t.token) for m in meetings for t in m.tickets]
    await until(lambda: sum(len(c.inside) for c in scene.meet.calls.all()) == len(sockets))

    async def counted_by_the_media_server() -> bool:  # which does so every five seconds
        rooms = {room.call_id: room.devices for room in await scene.meet.livekit.rooms()}
        return all(rooms.get(call.id) == 2 for call in scene.meet.calls.all())

    await until(counted_by_the_media_server, 8)
    await until(lambda: not scene.meet.watch._slots)
    await asyncio.sleep(2 * QUICK.poll)
    asked: list[str] = []
    ask = scene.meet.livekit._ask

    async def counted(method: str, *rest: object) -> object:
        asked.append(method)
        return await ask(method, *rest)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(scene.meet.livekit, "_ask", counted)
    await scene.meet.watch.round()
    assert asked == ["ListRooms"]
    for socket in sockets:
        await socket.close()
