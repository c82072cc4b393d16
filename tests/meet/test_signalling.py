"""The whole way of a window into a call: over HTTP for a ticket, over our own port to the media server, and out."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
import pytest_asyncio
from livekit.protocol import models, rtc

from bastide.core.gateway.proxy import REMOVED
from bastide.core.policy import Actor, ActorKind, Role
from bastide.meet.events import CallEnded, CallJoined, CallLeft
from tests.meet.scene import Engine, Scene, name, until
from tests.meet.test_calls import inside
from tests.meet.wire import open_signal, refusal, signalling
from tests.support.served import Served, Window

pytestmark = pytest.mark.livekit


class Place:
    """Ada, who manages, and Bob, each at a window; a space of theirs."""

    def __init__(self, scene: Scene, served: Served) -> None:
        self.scene, self.served = scene, served
        self.ada: Window
        self.bob: Window
        self.space: UUID

    async def window(self, actor: Actor) -> Window:
        return await self.served.window(actor)

    async def ticket(self, window: Window) -> dict[str, Any]:
        answer = await window.post(f"/api/spaces/{self.space}/call")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest_asyncio.fixture
async def place(scene: Scene, tmp_path: Path) -> AsyncGenerator[Place]:
    async with scene.served(tmp_path) as served:
        place = Place(scene, served)
        ada, bob = await scene.person(), await scene.person()
        place.space = await scene.space(ada, bob)
        place.ada, place.bob = await place.window(ada), await place.window(bob)
        yield place


def who(window: Window) -> Actor:
    assert window.actor
    return window.actor


async def test_a_window_gets_in_by_our_own_port_and_is_seen(place: Place) -> None:
    ticket = await place.ticket(place.ada)
    assert ticket["url"] == f"ws://localhost:{place.served.port}"
    async with signalling(place.served, place.ada, ticket["token"]) as signal:
        assert signal.joined.room.name == ticket["call"]["id"]
        me = signal.joined.participant
        assert (me.identity, me.name, me.metadata) == (name(who(place.ada)), "", "")
        assert me.permission.can_publish
        assert not me.permission.can_publish_data
        assert not me.permission.can_update_metadata
        await place.scene.until_event(CallJoined, 3, call_id=UUID(ticket["call"]["id"]))
        seen = (await place.bob.get(f"/api/spaces/{place.space}/call")).json()
        assert [p["device_id"] for p in seen["participants"]] == [str(who(place.ada).device_id)]
    await place.scene.until_event(CallLeft, 5)


async def test_no_stranger_is_named_to_windows(place: Place) -> None:
    ticket = await place.ticket(place.ada)
    async with signalling(place.served, place.ada, ticket["token"]) as signal:
        servers = [url for server in signal.joined.ice_servers for url in server.urls]
        hosts = {url.split(":")[1] for url in servers}
        assert hosts <= {place.scene.house.settings.media_address, *own(place)}, servers


def own(place: Place) -> set[str]:
    from tests.meet.conftest import own_address

    return {own_address()}


async def test_the_door_asks_for_a_session_a_ticket_of_ones_own_and_the_rule(place: Place) -> None:
    token = (await place.ticket(place.ada))["token"]
    eve = await place.window(await place.scene.person())
    guest = await place.window(await place.scene.person(ActorKind.GUEST))
    other_device = await place.served.window(who(place.ada))
    served = place.served
    for window, status, code in (
        (served.stranger(), 401, "not-signed-in"),
        (served.stranger("0" * 64), 401, "not-signed-in"),
        (place.bob, 403, "call-ticket-of-another"),
        (other_device, 403, "call-ticket-of-another"),
        (eve, 403, "call-ticket-of-another"),
        (guest, 403, "call-ticket-of-another"),
    ):
        got, body = await refusal(served, window, token)
        assert (got, msgspec.json.decode(body)["code"]) == (status, code)
    got, body = await refusal(served, place.ada, token[:-4] + "AAAA")
    assert (got, msgspec.json.decode(body)["code"]) == (401, "call-ticket-over")
    got, body = await refusal(served, place.ada, token, origin="https://elsewhere.example")
    assert (got, msgspec.json.decode(body)["code"]) == (403, "forged-request")
    assert (await refusal(served, place.ada, token))[0] == 101


async def test_a_removed_member_is_cut_off_within_two_seconds_and_the_old_ticket_is_refused(
    place: Place,
) -> None:
    tickets = [await place.ticket(w) for w in (place.ada, place.bob)]
    first = await open_signal(place.served, place.ada, tickets[0]["token"])
    signal = await open_signal(place.served, place.bob, tickets[1]["token"])
    await until(lambda: len(inside(place.scene)) == 2)
    began = asyncio.get_running_loop().time()
    answer = await place.ada.delete(f"/api/spaces/{place.space}/members/{who(place.bob).person_id}")
    assert answer.status_code == 204
    code, _ = await asyncio.wait_for(signal.closed, 2)
    assert asyncio.get_running_loop().time() - began < 2
    reasons = [m.leave.reason for m in signal.heard if m.WhichOneof("message") == "leave"]
    # The media server says why; where it is too slow to, our own code does.
    assert reasons == [models.DisconnectReason.PARTICIPANT_REMOVED] or code == REMOVED
    renewed = [m.refresh_token for m in signal.heard if m.WhichOneof("message") == "refresh_token"]
    assert renewed, "the media server renews tokens by push"
    for token in (tickets[1]["token"], *renewed):
        for path in ("/rtc", "/rtc/v1"):
            status, body = await refusal(place.served, place.bob, token, path=path, join_request="")
            assert (status, msgspec.json.decode(body)["code"]) == (404, "not-found")
        asked = await place.bob.get("/rtc/validate", params={"access_token": token})
        assert asked.status_code == 404
        assert "requested room does not exist" in asked.text
    assert not first.closed.done()
    await first.close()


async def test_a_token_that_the_media_server_renewed_brings_a_member_back(place: Place) -> None:
    ticket = await place.ticket(place.ada)
    async with signalling(place.served, place.ada, ticket["token"]) as signal:
        await until(lambda: any(m.WhichOneof("message") == "refresh_token" for m in signal.heard))
        renewed = next(m.refresh_token for m in signal.heard if m.WhichOneof("message") == "refresh_token")
        async with signalling(place.served, place.ada, renewed) as again:
            assert again.joined.participant.identity == name(who(place.ada))
            await asyncio.wait_for(signal.closed, 3)


async def test_a_reader_may_not_publish(place: Place) -> None:
    rita = await place.scene.person()
    await place.scene.spaces.add_members(who(place.ada), place.space, [rita.person_id], Role.READER)
    window = await place.window(rita)
    await place.ticket(place.ada)
    ticket = await place.ticket(window)
    assert ticket["may_speak"] is False
    async with signalling(place.served, window, ticket["token"]) as signal:
        assert not signal.joined.participant.permission.can_publish
        for source in (models.TrackSource.MICROPHONE, models.TrackSource.SCREEN_SHARE):
            track = rtc.AddTrackRequest(
                cid=f"t{source}", name="x", type=models.TrackType.AUDIO, source=source
            )
            await signal.say(rtc.SignalRequest(add_track=track))
        await asyncio.sleep(0.7)
        answers = {m.WhichOneof("message") for m in signal.heard}
        assert "track_published" not in answers


async def test_a_contributor_publishes_only_what_a_call_is_for(place: Place) -> None:
    ticket = await place.ticket(place.ada)
    async with signalling(place.served, place.ada, ticket["token"]) as signal:
        for source in (models.TrackSource.UNKNOWN, models.TrackSource.MICROPHONE):
            track = rtc.AddTrackRequest(
                cid=f"t{source}", name="x", type=models.TrackType.AUDIO, source=source
            )
            await signal.say(rtc.SignalRequest(add_track=track))
        published = await until(
            lambda: [
                m.track_published.cid for m in signal.heard if m.WhichOneof("message") == "track_published"
            ]
        )
        await asyncio.sleep(0.3)
        assert published == [f"t{models.TrackSource.MICROPHONE}"]


async def test_leaving_over_http_ends_the_call_and_the_socket(place: Place) -> None:
    ticket = await place.ticket(place.ada)
    call = ticket["call"]["id"]
    signal = await open_signal(place.served, place.ada, ticket["token"])
    await until(lambda: len(inside(place.scene)) == 1)
    assert (await place.ada.delete(f"/api/calls/{call}/me")).status_code == 204
    await asyncio.wait_for(signal.closed, 2)
    assert place.scene.events(CallEnded) == [CallEnded(call_id=UUID(call))]
    assert (await place.ada.get(f"/api/spaces/{place.space}/call")).status_code == 404


async def test_when_the_media_server_dies_the_window_is_told_to_come_back_and_can(
    place: Place, engine: Engine
) -> None:
    ticket = await place.ticket(place.ada)
    signal = await open_signal(place.served, place.ada, ticket["token"])
    await until(lambda: len(inside(place.scene)) == 1)
    await engine.kill()
    code, _ = await asyncio.wait_for(signal.closed, 3)
    assert code != 1000
    status, body = await refusal(place.served, place.ada, ticket["token"])
    assert (status, msgspec.json.decode(body)["code"]) == (503, "calls-starting")
    await engine.start()
    async with signalling(place.served, place.ada, ticket["token"]) as again:
        assert again.joined.room.name == ticket["call"]["id"]
    assert place.scene.events(CallEnded) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/spaces/{space}/call"),
        ("GET", "/api/spaces/{space}/call"),
        ("DELETE", "/api/calls/{call}/me"),
        ("POST", "/api/calls/{call}/decline"),
    ],
)
async def test_every_route_is_closed_to_strangers_and_outsiders(place: Place, method: str, path: str) -> None:
    call = (await place.ticket(place.ada))["call"]["id"]
    there = path.format(space=place.space, call=call)
    assert (await place.served.stranger().request(method, there)).status_code == 401
    for kind in (ActorKind.AGENT, ActorKind.GUEST):
        outsider = await place.window(await place.scene.person(kind))
        assert (await outsider.request(method, there)).status_code == 404
    nowhere = path.format(space=uuid4(), call=uuid4())
    assert (await place.ada.request(method, nowhere)).status_code == 404


async def test_how_the_media_server_fares_is_told_to_whoever_is_signed_in(place: Place) -> None:
    assert (await place.served.stranger().get("/api/calls/engine")).status_code == 401
    assert (await place.ada.get("/api/calls/engine")).json() == {"state": "ready"}


async def test_a_hint_must_be_signed(place: Place) -> None:
    body = msgspec.json.encode({"event": "room_started", "room": {"name": str(uuid4())}})
    for headers in ({}, {"authorization": "x.y.z"}):
        answer = await place.served.stranger().post("/api/livekit/webhook", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "hint-refused")
    large = await place.served.stranger().post("/api/livekit/webhook", content=b"x" * 300_000)
    assert large.status_code == 413
