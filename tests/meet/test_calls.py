"""Starting, joining and leaving calls, with real participants on a real media server."""

import asyncio
from uuid import UUID, uuid4

import pytest

from bastide.core.errors import NotFound, Refused
from bastide.core.policy import ActorKind, Label, Role, Tool
from bastide.meet import engine as engine_module
from bastide.meet.errors import CallFull
from bastide.meet.events import CallDeclined, CallEnded, CallJoined, CallLeft, CallSpeaking, CallStarted
from bastide.meet.tokens import read_ticket
from tests.meet.participant import joined
from tests.meet.scene import QUICK, Engine, Scene, name, until

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

    async def connect() -> None:
        async with scene.ground.database.read() as reader:
            await reader.value("select pg_sleep(0.2)")

    await asyncio.gather(*(connect() for _ in people))  # so that nobody waits in line for a connection
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
            await until(lambda who=who: scene.meet.in_call(who.person_id))
        call = await scene.call(ada, space)
        assert {p.person_id for p in call.participants} == {ada.person_id, bob.person_id}
        assert {p.device_id for p in call.participants} == {ada.device_id, bob.device_id}
    for who in (ada, bob):
        await scene.until_event(CallLeft, 10, person_id=who.person_id)
    await scene.until_event(CallEnded, 10, call_id=call.id)
    assert not scene.meet.in_call(ada.person_id)
    with pytest.raises(NotFound):
        await scene.call(ada, space)


async def test_two_devices_of_one_person_are_two_participants(scene: Scene, engine: Engine) -> None:
    ada = await scene.person()
    other = await scene.device(ada.person_id)
    space = await scene.space(ada)
    tickets = [await scene.ticket(d, space) for d in (ada, other)]
    async with joined(engine.view.url, *(t.token for t in tickets)) as (first, second):
        for device in (ada, other):
            await until(lambda d=device: any(n == name(d) for n in inside(scene)))
        assert not first.gone.done()
        assert not second.gone.done()
        await first.close()
        await scene.until_event(CallLeft, 10, device_id=ada.device_id)
        assert scene.meet.in_call(ada.person_id)
        assert not second.gone.done()


async def test_the_same_device_twice_is_one_participant_the_later_one(scene: Scene, engine: Engine) -> None:
    ada = await scene.person()
    space = await scene.space(ada)
    tickets = [await scene.ticket(ada, space) for _ in range(2)]
    async with joined(engine.view.url, tickets[0].token) as (first,):
        await until(lambda: name(ada) in inside(scene))
        async with joined(engine.view.url, tickets[1].token) as (second,):
            await asyncio.wait_for(first.gone, 5)
            await asyncio.sleep(QUICK.gone + 2 * QUICK.poll)
            assert not second.gone.done()
            assert len(scene.events(CallJoined)) == 1
            assert scene.events(CallLeft) == []


async def test_who_reloads_never_left(scene: Scene, engine: Engine) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    tickets = [await scene.ticket(p, space) for p in (ada, bob)]
    async with joined(engine.view.url, *(t.token for t in tickets)) as (_, before):
        await until(lambda: len(inside(scene)) == 2)
        await before.close()
        again = await scene.ticket(bob, space)
        assert again.call.id == tickets[0].call.id
        async with joined(engine.view.url, again.token):
            await asyncio.sleep(QUICK.gone + 3 * QUICK.poll)
            assert scene.events(CallLeft) == []
            assert len(inside(scene)) == 2


async def test_who_leaves_has_left_at_once_and_the_last_one_ends_the_call(
    scene: Scene, engine: Engine
) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    tickets = [await scene.ticket(p, space) for p in (ada, bob)]
    call = tickets[0].call.id
    async with joined(engine.view.url, *(t.token for t in tickets)) as (a, b):
        await until(lambda: len(inside(scene)) == 2)
        await scene.meet.leave(bob, call)
        assert scene.events(CallLeft) == [
            CallLeft(call_id=call, person_id=bob.person_id, device_id=bob.device_id)
        ]
        assert scene.events(CallEnded) == []
        await asyncio.wait_for(b.gone, 5)
        await scene.meet.leave(bob, call)
        assert len(scene.events(CallLeft)) == 1
        await scene.meet.leave(ada, call)
        assert scene.events(CallEnded) == [CallEnded(call_id=call)]
        await asyncio.wait_for(a.gone, 5)
        assert call not in {room.call_id for room in await scene.meet.livekit.rooms()}
    with pytest.raises(NotFound):
        await scene.meet.leave(ada, call)
    assert (await scene.ticket(ada, space)).call.id != call


async def test_a_call_in_which_nobody_arrives_is_over_after_a_while(scene: Scene) -> None:
    ada = await scene.person()
    call = (await scene.ticket(ada, await scene.space(ada))).call.id
    await asyncio.sleep(QUICK.ticket - 1)
    assert scene.events(CallEnded) == []
    await scene.until_event(CallEnded, 6, call_id=call)
    await until(lambda: no_room(scene, call))


async def no_room(scene: Scene, call: object) -> bool:
    return call not in {room.call_id for room in await scene.meet.livekit.rooms()}


async def test_declining_is_told_to_the_space_and_kept_nowhere(scene: Scene) -> None:
    ada, bob = await scene.person(), await scene.person()
    space = await scene.space(ada, bob)
    call = (await scene.ticket(ada, space)).call.id
    before = len(scene.told)
    await scene.meet.decline(bob, call)
    assert (space, CallDeclined(call_id=call, person_id=bob.person_id), None) in scene.fleeting
    assert len(scene.told) == before


async def test_that_one_speaks_is_told_of_who_is_inside_and_not_too_often(
    scene: Scene, engine: Engine
) -> None:
    ada, bob, eve = await scene.person(), await scene.person(), await scene.person()
    reader = await scene.person()
    space = await scene.space(ada, bob, eve)
    await scene.spaces.add_members(ada, space, [reader.person_id], Role.READER)
    tickets = [await scene.ticket(who, space) for who in (ada, bob, reader)]
    call = tickets[0].call.id

    def spoken() -> list[tuple[UUID, UUID | None]]:
        return [(e.person_id, but) for _, e, but in scene.fleeting if isinstance(e, CallSpeaking)]

    async with joined(engine.view.url, *(t.token for t in tickets)):
        await until(lambda: len(inside(scene)) == 3)
        for who in (ada, ada, eve, reader):
            scene.meet.speaking(who, call)
        scene.meet.speaking(bob, UUID(int=7))
        assert spoken() == [(ada.person_id, ada.device_id)]
        scene.meet.speaking(bob, call)
        assert spoken()[1:] == [(bob.person_id, bob.device_id)]
        await asyncio.sleep(1.1)
        scene.meet.speaking(ada, call)
        assert len(spoken()) == 3


async def test_a_full_call_takes_nobody_more(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bastide.meet.watch.DEVICES_MOST", 2)
    people = [await scene.person() for _ in range(3)]
    space = await scene.space(*people)
    for person in people[:2]:
        await scene.ticket(person, space)
    with pytest.raises(CallFull):
        await scene.ticket(people[2], space)
    assert await scene.ticket(people[0], space)
    assert engine_module.DEVICES_MOST > 2


async def test_nothing_is_started_where_no_room_can_be_made(scene: Scene, engine: Engine) -> None:
    ada = await scene.person()
    space = await scene.space(ada)
    ready, engine.view = engine.view, engine_module.EngineView(engine.view.state, "http://127.0.0.1:9")
    try:
        with pytest.raises(engine_module.CallsStarting):
            await scene.ticket(ada, space)
    finally:
        engine.view = ready
    assert scene.events(CallStarted) == []


# Who may what.


async def test_who_is_outside_learns_nothing(scene: Scene) -> None:
    ada, eve = await scene.person(), await scene.person()
    guest = await scene.person(ActorKind.GUEST)
    space = await scene.space(ada)
    call = (await scene.ticket(ada, space)).call.id
    for outsider in (eve, guest):
        for act in (
            scene.ticket(outsider, space),
            scene.call(outsider, space),
            scene.meet.leave(outsider, call),
            scene.meet.decline(outsider, call),
            scene.ticket(outsider, uuid4()),
            scene.meet.leave(outsider, uuid4()),
        ):
            with pytest.raises(NotFound):
                await act


async def test_a_reader_joins_and_listens_but_starts_nothing(scene: Scene) -> None:
    ada, rita = await scene.person(), await scene.person()
    space = await scene.space(ada, rita, role=Role.READER)
    with pytest.raises(Refused) as caught:
        await scene.ticket(rita, space)
    assert (caught.value.rule, caught.value.reason) == ("role", "needs-contributor")
    await scene.ticket(ada, space)
    assert not (await scene.ticket(rita, space)).may_speak


async def test_a_space_without_calls_says_so(scene: Scene) -> None:
    ada = await scene.person()
    space = await scene.space(ada, tools=(Tool.CHAT,))
    for act in (scene.ticket(ada, space), scene.call(ada, space)):
        with pytest.raises(Refused) as caught:
            await act
        assert (caught.value.rule, caught.value.reason) == ("tool-off", "no-meet")


async def test_calls_are_listed_of_the_spaces_that_are_asked_for(scene: Scene) -> None:
    ada, eve = await scene.person(), await scene.person()
    mine, hers = await scene.space(ada), await scene.space(eve, label=Label.SENSITIVE)
    for person, space in ((ada, mine), (eve, hers)):
        await scene.ticket(person, space)
    async with scene.ground.database.snapshot() as reader:
        assert [c.space_id for c in await scene.meet.living(reader, [mine])] == [mine]
        assert await scene.meet.living(reader, []) == []


def inside(scene: Scene) -> list[str]:
    """Who is written down as being in the first call that lives."""
    calls = scene.meet.calls.all()
    return [str(identity) for identity in calls[0].inside] if calls else []
