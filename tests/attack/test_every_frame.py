"""Every frame that a window may send, sent by people who are outside: nothing comes back, and nobody inside hears of it.

The frames are read from the house, so a new one fails here until this file says how an outsider is refused.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from bastide.chat.socket import ReadFrame, SendFrame, TypingFrame
from bastide.core.gateway.frames import Away, FromWindow, Hello, Ping, Watch
from bastide.meet.socket import SpeakingFrame
from tests.attack.scene import OUTSIDE, Scene
from tests.support.wire import Frame, Wire

Check = Callable[[Scene, str], Awaitable[None]]
CHECKS: dict[type[FromWindow], Check] = {}


def check(frame: type[FromWindow]) -> Callable[[Check], Check]:
    """How an outsider is refused at a frame."""

    def add(how: Check) -> Check:
        CHECKS[frame] = how
        return how

    return add


def leaks(scene: Scene, frames: list[Frame]) -> list[str]:
    said = msgspec.json.encode(frames).decode()
    return [secret for secret in scene.secrets() if secret in said]


def test_every_frame_has_a_check(scene: Scene) -> None:
    for frame in set(scene.town.house.frames.types) - CHECKS.keys():
        name = frame.__struct_config__.tag
        pytest.fail(f"say how an outsider is refused at the frame {name}: add a check to this file")
    assert not CHECKS.keys() - set(scene.town.house.frames.types), "checks of frames that are no more"
    assert set(scene.town.house.endpoints("")) == {"/api/socket", "/rtc", "/rtc/v1"}, (
        "say here how a stranger is refused at the new socket"
    )


@pytest.mark.parametrize("who", OUTSIDE)
async def test_the_frames(scene: Scene, who: str) -> None:
    for how in CHECKS.values():
        await how(scene, who)


async def test_a_stranger_opens_no_socket(scene: Scene) -> None:
    for window in (scene.windows["anonymous"], scene.served.stranger("0" * 64)):
        with pytest.raises(InvalidStatus) as refused:
            await window.bare_socket()
        assert refused.value.response.status_code == 401
        assert b"not-signed-in" in (refused.value.response.body or b"")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", None, "http://localhost:1", "http://localhost"]
)
async def test_a_foreign_page_opens_no_socket_with_its_visitors_cookie(
    scene: Scene, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await scene.windows["manager"].bare_socket(origin=origin)
    assert refused.value.response.status_code in (401, 403)


@check(Hello)
async def hello(scene: Scene, who: str) -> None:
    """Cursors of foreign streams give nothing but « reload », as those of streams that never were."""
    nobody, own = UUID(int=7), scene.actors[who].person_id
    foreign = dict.fromkeys(
        (scene.space, scene.direct, scene.actors["author"].person_id, scene.community, nobody), 0
    )
    socket = await scene.windows[who].socket({**foreign, own: 0})
    await scene.say("author")
    heard = await socket.quiet()
    [reload] = [f for f in heard if f["t"] == "reload"]
    assert {str(s) for s in foreign} <= set(reload["streams"])
    for frame in heard:
        if frame["t"] == "event":
            assert frame["s"] in (str(own), str(scene.elsewhere))
    # One's own stream may name the space that one was in once, and nothing of what is in it.
    names = {str(scene.space)} if who == "removed" else set[str]()
    assert set(leaks(scene, [f for f in heard if f["t"] != "reload"])) <= names


@check(Watch)
async def watch(scene: Scene, who: str) -> None:
    """Agents see who is here; a guest does only of people they meet. What is no person is gone."""
    author, host = scene.actors["author"].person_id, scene.actors["host"].person_id
    await scene.windows["author"].socket()
    await scene.windows["host"].socket()
    socket = await scene.windows[who].socket()
    await socket.say({"t": "watch", "people": [str(p) for p in (author, host, scene.space, UUID(int=7))]})
    told = await socket.until("presence")
    await socket.quiet()
    here = {p for f in socket.heard if f["t"] == "presence" for p in f["here"]}
    named = {
        p
        for f in socket.heard
        if f["t"] == "presence"
        for key in ("here", "busy", "away", "gone")
        for p in f[key]
    }
    assert str(host) in here
    assert (str(author) in named) is (who != "guest"), told
    assert not leaks(scene, [f for f in socket.heard if f["t"] not in ("presence", "reload")])


@check(Away)
async def away(scene: Scene, who: str) -> None:
    """About oneself: a field that names another is no frame."""
    inside = await scene.windows["reader"].socket()
    await inside.say({"t": "watch", "people": [str(scene.actors["author"].person_id)]})
    await inside.until("presence")
    socket = await scene.windows[who].socket()
    await socket.say({"t": "away", "away": True, "person_id": str(scene.actors["author"].person_id)})
    assert (await socket.end())[0] == 4400
    assert not [f for f in await inside.quiet() if f["t"] == "presence" and f["away"]]


@check(Ping)
async def ping(scene: Scene, who: str) -> None:
    """Says nothing of anybody."""
    answer = await (await scene.windows[who].socket()).ask("ping")
    assert (answer["t"], answer.get("r")) == ("done", None)


@check(SendFrame)
async def send(scene: Scene, who: str) -> None:
    inside, socket = await listening(scene), await scene.windows[who].socket()
    for channel in (scene.channel, scene.second_channel, UUID(int=7)):
        answer = await socket.send(channel, "me voici", scene.new_id())
        refused_as_absent(answer)
    # In a channel of one's own, what belongs to others is not let in either.
    answer = await socket.ask(
        "chat.send",
        channel_id=scene.elsewhere_channel,
        client_id=scene.new_id(),
        content={"format": "plain", "text": "voici"},
        files=[scene.file.id],
    )
    assert answer["problem"]["code"] == "invalid"
    assert not leaks(scene, socket.heard[2:])
    assert "me voici" not in str(await inside.quiet())


@check(ReadFrame)
async def read(scene: Scene, who: str) -> None:
    socket = await scene.windows[who].socket()
    for channel in (scene.channel, UUID(int=7)):
        refused_as_absent(await socket.ask("chat.read", channel_id=channel, ordinal=1))


@check(TypingFrame)
async def typing(scene: Scene, who: str) -> None:
    """No answer, as always; and nobody hears it."""
    inside, socket = await listening(scene), await scene.windows[who].socket()
    for channel in (scene.channel, UUID(int=7)):
        await socket.say({"t": "chat.typing", "channel_id": str(channel)})
    assert (await socket.ask("ping"))["t"] == "done"
    assert "chat.typing" not in str(await inside.quiet())
    # The same frame of somebody inside is heard: so it would have been.
    scene.wait(timedelta(seconds=2))
    member = await scene.windows["contributor"].socket()
    await member.say({"t": "chat.typing", "channel_id": str(scene.channel)})
    await inside.event("chat.typing")


@check(SpeakingFrame)
async def speaking(scene: Scene, who: str) -> None:
    """No answer, and nobody hears it; not of a member either who is not in the call."""
    inside = await listening(scene)
    for one in (who, "contributor"):
        socket = await scene.windows[one].socket()
        for call in (scene.call, UUID(int=7)):
            await socket.say({"t": "meet.speaking", "call_id": str(call)})
        assert (await socket.ask("ping"))["t"] == "done"
    assert "meet.call.speaking" not in str(await inside.quiet())


async def listening(scene: Scene) -> Wire:
    """A member who hears all that happens in the secret space."""
    return await scene.windows["reader"].socket()


def refused_as_absent(answer: Frame) -> None:
    assert answer["t"] == "failed", answer
    assert answer["problem"] == {
        "type": "urn:bastide:problem:not-found",
        "status": 404,
        "code": "not-found",
        "title": "Rien à cette adresse, ou rien que vous puissiez voir.",
    }


async def test_who_may_only_read_is_told_the_rule(scene: Scene) -> None:
    socket = await scene.windows["reader"].socket()
    answer = await socket.send(scene.channel, "puis-je ?", scene.new_id())
    assert (answer["t"], answer["problem"]["rule"], answer["problem"]["reason"]) == (
        "failed",
        "role",
        "needs-contributor",
    )
    inside = await scene.windows["contributor"].socket()
    await socket.say({"t": "chat.typing", "channel_id": str(scene.channel)})
    assert (await socket.ask("ping"))["t"] == "done"
    assert "chat.typing" not in str(await inside.quiet())


async def test_in_whose_name_is_not_the_windows_to_say(scene: Scene) -> None:
    """An author, device or person in a frame makes it no frame."""
    for field in ("author_id", "person_id", "device_id", "by", "actor"):
        socket = await scene.windows["contributor"].socket()
        await socket.say(
            {
                "t": "chat.send",
                "n": 1,
                "channel_id": str(scene.channel),
                "client_id": str(scene.new_id()),
                "content": {"format": "plain", "text": "au nom d’un autre"},
                field: str(scene.actors["manager"].person_id),
            }
        )
        assert (await socket.end())[0] == 4400
