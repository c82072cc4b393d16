"""Every door before access is withdrawn and after, for each way in which it is withdrawn.

CASES: state leaks to an ex-member (Synapse CVE-2024-53867), a preview that survives revocation (Mattermost CVE-2026-1629), a
removed collaborator who keeps files (Nextcloud CVE-2026-45543), a socket event sent too widely (Mattermost CVE-2026-3433).

The doors are those of doors.py, so a new one is walked through by itself; `ACTS` says which act each is. What a door must
answer is what the rule says of that act at this moment: what the rule should say is told in tests/core/policy, and each way
below names what it must take away at the least.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from bastide.chat.model import NewChannel, NewMessage
from bastide.core.client import Client
from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.policy import (
    Action,
    Actor,
    ActorKind,
    Approval,
    Hosting,
    Label,
    Role,
    Strength,
    Tool,
)
from bastide.hosting.service import OPERATOR
from bastide.meet.service import identity_of
from bastide.meet.tokens import ticket
from bastide.spaces.model import LabelRaise, SpaceChange
from tests.attack.doors import ROWS, Asked, Row, address
from tests.attack.scene import FILE, NAME, TALK, Scene, picture
from tests.support.hosting import declare
from tests.support.served import Window
from tests.support.town import in_office
from tests.support.wire import Frame, Wire

A = Action
ACTS: dict[tuple[str, str], Action] = {
    ("POST", "/api/spaces/{space_id:uuid}/join"): A.SPACES_SPACE_JOIN,
    ("GET", "/api/spaces/{space_id:uuid}"): A.SPACES_SPACE_READ,
    ("GET", "/api/snapshot/{space_id:uuid}"): A.SPACES_SPACE_READ,
    ("GET", "/api/spaces/{space_id:uuid}/members"): A.SPACES_MEMBER_LIST,
    ("GET", "/api/spaces/{space_id:uuid}/files"): A.FILES_FILE_READ,
    ("GET", "/api/spaces/{space_id:uuid}/call"): A.MEET_CALL_READ,
    ("POST", "/api/spaces/{space_id:uuid}/call"): A.MEET_CALL_JOIN,
    ("PATCH", "/api/spaces/{space_id:uuid}"): A.SPACES_SPACE_EDIT,
    ("POST", "/api/spaces/{space_id:uuid}/members"): A.SPACES_MEMBER_ADD,
    ("GET", "/api/spaces/{space_id:uuid}/members/barred"): A.SPACES_MEMBER_REMOVE,
    ("PATCH", "/api/spaces/{space_id:uuid}/members/{person_id:uuid}"): A.SPACES_MEMBER_CHANGE,
    ("DELETE", "/api/spaces/{space_id:uuid}/members/{person_id:uuid}"): A.SPACES_MEMBER_REMOVE,
    ("GET", "/api/spaces/{space_id:uuid}/guests"): A.SPACES_MEMBER_REMOVE,
    ("POST", "/api/spaces/{space_id:uuid}/guests"): A.SPACES_GUEST_INVITE,
    ("PATCH", "/api/spaces/{space_id:uuid}/guests/{person_id:uuid}"): A.SPACES_GUEST_INVITE,
    (
        "POST",
        "/api/spaces/{space_id:uuid}/guests/invitations/{invitation_id:uuid}/renew",
    ): A.SPACES_GUEST_INVITE,
    (
        "DELETE",
        "/api/spaces/{space_id:uuid}/guests/invitations/{invitation_id:uuid}",
    ): A.SPACES_MEMBER_REMOVE,
    ("GET", "/api/spaces/{space_id:uuid}/label"): A.SPACES_LABEL_READ,
    ("GET", "/api/spaces/{space_id:uuid}/label-effects"): A.SPACES_LABEL_READ,
    ("POST", "/api/spaces/{space_id:uuid}/label/raise"): A.SPACES_LABEL_RAISE,
    ("POST", "/api/spaces/{space_id:uuid}/label/lower"): A.SPACES_LABEL_LOWER,
    (
        "POST",
        "/api/spaces/{space_id:uuid}/label/changes/{change_id:uuid}/confirm",
    ): A.SPACES_LABEL_CONFIRM,
    ("DELETE", "/api/spaces/{space_id:uuid}/label/changes/{change_id:uuid}"): A.SPACES_LABEL_LOWER,
    ("POST", "/api/spaces/{space_id:uuid}/exports"): A.SPACES_SPACE_EXPORT,
    ("GET", "/api/spaces/{space_id:uuid}/exports/{export_id:uuid}"): A.SPACES_SPACE_EXPORT,
    ("POST", "/api/spaces/{space_id:uuid}/channels"): A.CHAT_CHANNEL_CREATE,
    ("PATCH", "/api/channels/{channel_id:uuid}"): A.CHAT_CHANNEL_EDIT,
    ("GET", "/api/channels/{channel_id:uuid}/messages"): A.CHAT_MESSAGE_READ,
    ("POST", "/api/channels/{channel_id:uuid}/messages"): A.CHAT_MESSAGE_SEND,
    ("PUT", "/api/channels/{channel_id:uuid}/read"): A.CHAT_MESSAGE_READ,
    ("PATCH", "/api/messages/{message_id:uuid}"): A.CHAT_MESSAGE_EDIT,
    ("DELETE", "/api/messages/{message_id:uuid}"): A.CHAT_MESSAGE_DELETE,
    ("POST", "/api/spaces/{space_id:uuid}/files"): A.FILES_FILE_UPLOAD,
    ("GET", "/api/files/{file_id:uuid}"): A.FILES_FILE_READ,
    ("GET", "/api/files/{file_id:uuid}/content"): A.FILES_FILE_READ,
    ("GET", "/api/files/{file_id:uuid}/preview/{edge:int}"): A.FILES_FILE_READ,
    ("DELETE", "/api/files/{file_id:uuid}"): A.FILES_FILE_REMOVE,
    ("POST", "/api/calls/{call_id:uuid}/decline"): A.MEET_CALL_JOIN,
    ("DELETE", "/api/calls/{call_id:uuid}/me"): A.MEET_CALL_READ,
}
# What the manager of the scene made, another manager confirms (the label comes down in mid-walk) or may not fetch.
THE_MANAGERS = {
    ("POST", "/api/spaces/{space_id:uuid}/label/changes/{change_id:uuid}/confirm"),
    ("GET", "/api/spaces/{space_id:uuid}/exports/{export_id:uuid}"),
}
DOORS = [row for row in ROWS if row.outside == ("404", "404", "404") and not row.why]
KNOWN = [row for row in DOORS if row.key in ACTS]

CHAT = frozenset({A.CHAT_MESSAGE_READ, A.CHAT_MESSAGE_SEND})
FILES = frozenset({A.FILES_FILE_READ, A.FILES_FILE_UPLOAD})
CALLS = frozenset({A.MEET_CALL_READ, A.MEET_CALL_JOIN})
WRITING = frozenset({A.CHAT_MESSAGE_SEND, A.FILES_FILE_UPLOAD, A.MEET_CALL_JOIN})
STANDING = frozenset({A.SPACES_SPACE_READ, A.SPACES_MEMBER_LIST})
CONTENT = CHAT | FILES | CALLS


class Place(Scene):
    """A secret space of its own in the same town, and somebody in it who is about to lose something."""

    label: Label
    victim: Actor
    window: Window

    async def found(self, way: "Way", like: Scene) -> None:
        """Build the space and fill it; everybody in it is surely known, but for a victim who is not to be."""
        town = self.town
        self.label = way.label
        self.actors, self.windows = dict(like.actors), dict(like.windows)
        for name, given in (("manager", "Maud"), ("author", "Hélène")):
            person = await town.person(given, f"N{self.new_id().hex}", town.prefecture)
            await self.enter(name, person.person_id, Strength.PASSKEY)
        home = town.agency if way.foreign else town.prefecture
        self.victim = await town.person("Paul", f"N{self.new_id().hex}", home, kind=way.kind)
        own = await town.space(self.actors["manager"], name=NAME, label=Label.INTERNAL)
        self.space, manager = own.space.id, self.actors["manager"]
        if way.label is not Label.INTERNAL:
            await town.house.labels.raise_label(manager, self.space, LabelRaise(way.label))
        spaces = town.house.spaces
        await spaces.add_members(manager, self.space, [self.actors["author"].person_id], Role.CONTRIBUTOR)
        if way.kind is ActorKind.GUEST:  # with no space left a guest has no session either
            await town.let_in(manager, self.space, self.victim, way.role)
            await town.let_in(like.actors["host"], like.elsewhere, self.victim, Role.CONTRIBUTOR)
        else:
            await spaces.add_members(manager, self.space, [self.victim.person_id], way.role)
        self.window = await self.enter("victim", self.victim.person_id, way.strength)
        self.victim = self.actors["victim"]
        self.channel = await town.channel(manager, self.space)
        second = NewChannel(self.new_id(), Plain("Alcyon chiffrage"))
        self.second_channel = (await town.house.chat.create_channel(manager, self.space, second)).id
        self.message = await self.say("author")
        self.file = await self.upload("author")
        await town.house.files._previews._make(self.file.id)
        attached = NewMessage(self.new_id(), Plain("Voici l’annexe"), [self.file.id])
        await town.house.chat.send(self.actors["author"], self.channel, attached)
        self.call = await self.ring()
        self.direct, self.community = like.direct, like.community

    async def enter(self, name: str, person_id: UUID, strength: Strength) -> Window:
        """Somebody signs in, more or less surely."""
        house = self.town.house
        opened = await house.people.sessions.open(person_id, Client("192.0.2.1", "test"), strength=strength)
        self.actors[name] = opened.actor
        window = Window(self.served.base, house.cookies.session, opened.session_token, opened.actor)
        self.windows[name] = self.served._keep(window)
        return window

    async def propose(self) -> UUID:
        """Down from internal there is nothing to wait for: nobody's change stands for one."""
        return await super().propose() if self.label is not Label.INTERNAL else UUID(int=7)

    async def nothing_proposed(self) -> None:
        if self.label is not Label.INTERNAL:
            await super().nothing_proposed()

    def says(self, action: Action) -> str:
        """What a door must answer to the victim now, if it is this act: as the rule says; empty when it is allowed."""
        memberships = self.town.house.ground.memberships
        place = memberships.place(self.space)
        role = memberships.role(self.space, self.victim.person_id)
        decision = self.town.house.ground.access.would(self.victim, action, place, role)
        if decision.allowed:
            return ""
        return "404" if decision.hidden else f"403:{decision.rule.value}"

    def is_over(self, asked: Asked) -> bool:
        """Whether a door is of a call that is over."""
        call_id = asked.path.get("call_id")
        return isinstance(call_id, UUID) and self.town.house.meet.calls.call(call_id) is None

    def ticket(self) -> str:
        """A call's ticket, good for a minute."""
        house = self.town.house
        return ticket(
            house.meet.livekit.keys,
            self.call,
            identity_of(self.victim),
            may_speak=True,
            now=datetime.now(UTC),  # a ticket's time is the media server's
            lasts=timedelta(seconds=60),
        )


Step = Callable[[Place], Awaitable[None]]


class Way(msgspec.Struct, frozen=True):
    """A way in which somebody loses access: what they are before, what is done, what must be lost, and how to go back."""

    name: str
    withdraw: Step
    loses: frozenset[Action]
    keeps: frozenset[Action] = frozenset()
    back: Step | None = None
    label: Label = Label.SENSITIVE
    role: Role = Role.CONTRIBUTOR
    kind: ActorKind = ActorKind.AGENT
    strength: Strength = Strength.PASSWORD
    foreign: bool = False
    before: Step | None = None


async def remove(place: Place) -> None:
    await place.town.house.spaces.remove_member(place.actors["manager"], place.space, place.victim.person_id)


def without(tool: Tool) -> Step:
    async def switch_off(place: Place) -> None:
        left = [t for t in Tool if t is not tool]
        await place.town.house.spaces.change(place.actors["manager"], place.space, SpaceChange(tools=left))

    return switch_off


async def lower_role(place: Place) -> None:
    await place.town.house.spaces.change_role(
        place.actors["manager"], place.space, place.victim.person_id, Role.READER
    )


def raised(label: Label) -> Step:
    async def up(place: Place) -> None:
        await place.town.house.labels.raise_label(place.actors["manager"], place.space, LabelRaise(label))

    return up


async def weaken(place: Place) -> None:
    sessions = place.town.house.people.sessions
    async with place.town.house.ground.database.transaction() as tx:
        await sessions.do_weaken(tx, place.victim)
    place.victim = msgspec.structs.replace(place.victim, strength=Strength.PASSWORD)


async def admit_partner(place: Place) -> None:
    town = place.town
    chief = in_office(town.agathe)
    await town.house.hosting.admit_partner(chief, town.agency.id)


async def dismiss_partner(place: Place) -> None:
    town = place.town
    chief = in_office(town.agathe)
    for partner in town.house.hosting.state().partners:
        await town.house.hosting.withdraw_partner(chief, partner.declaration.id)


async def move_to_a_plain_cloud(place: Place) -> None:
    await declare(place.town.house, Hosting.COMMERCIAL)


async def approve_for_a_day(place: Place) -> None:
    day = place.town.house.rulebook.today
    await place.town.house.hosting.do_declare_approval(
        OPERATOR, Approval("La préfète", Label.RESTRICTED, day, day)
    )


async def let_a_day_go_by(place: Place) -> None:
    clock = place.town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(timedelta(days=1))


async def withdraw_approval(place: Place) -> None:
    chief = in_office(place.town.agathe)
    approval = place.town.house.hosting.state().approval
    assert approval is not None
    await place.town.house.hosting.withdraw(chief, "approval", approval.declaration.id)


async def at_home_again(place: Place) -> None:
    await declare(place.town.house)


GUEST = ActorKind.GUEST
EVERYTHING = CONTENT | STANDING
WAYS = [
    Way("removed", remove, EVERYTHING),
    Way("a guest is removed", remove, EVERYTHING, label=Label.INTERNAL, kind=GUEST),
    Way("chat off", without(Tool.CHAT), CHAT, FILES | CALLS | STANDING),
    Way("files off", without(Tool.FILES), FILES, CHAT | CALLS | STANDING),
    Way("calls off", without(Tool.MEET), CALLS, CHAT | FILES | STANDING),
    Way(
        "a manager becomes a reader",
        lower_role,
        frozenset({A.CHAT_MESSAGE_SEND, A.SPACES_MEMBER_ADD, A.SPACES_LABEL_READ}),
        STANDING | {A.CHAT_MESSAGE_READ, A.FILES_FILE_READ},
        role=Role.MANAGER,
    ),
    Way(
        "the label keeps a guest out",
        raised(Label.SENSITIVE),
        EVERYTHING,
        label=Label.INTERNAL,
        kind=GUEST,
    ),
    Way("the label asks for a passkey", raised(Label.RESTRICTED), CONTENT, STANDING),
    Way("the label keeps another organisation out", raised(Label.RESTRICTED), EVERYTHING, foreign=True),
    Way("the passkey is gone", weaken, CONTENT, STANDING, label=Label.RESTRICTED, strength=Strength.PASSKEY),
    Way(
        "no partner any more",
        dismiss_partner,
        EVERYTHING,
        label=Label.RESTRICTED,
        strength=Strength.PASSKEY,
        foreign=True,
        before=admit_partner,
    ),
    Way("a plain commercial cloud", move_to_a_plain_cloud, CONTENT, STANDING, back=at_home_again),
    Way("no approval any more", withdraw_approval, CONTENT, STANDING, back=at_home_again),
    Way(
        "the approval expired",
        let_a_day_go_by,
        WRITING,
        STANDING | {A.CHAT_MESSAGE_READ, A.FILES_FILE_READ, A.MEET_CALL_READ},
        before=approve_for_a_day,
        back=at_home_again,
    ),
]


def test_every_door_says_which_act_it_is() -> None:
    for row in DOORS:
        if row.key not in ACTS:
            pytest.fail(f"say which act the door {row.method} {row.route} is: add it to ACTS in this file")
    assert not ACTS.keys() - {row.key for row in DOORS}, "acts of doors that are no more"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
async def test_what_is_withdrawn_is_withdrawn_at_every_door(scene: Scene, way: Way) -> None:
    place = Place(scene.served)
    if way.before is not None:
        await way.before(place)
    try:
        await place.found(way, scene)
        await walk(place, way)
    finally:
        if way.back is not None:
            await way.back(place)


async def walk(place: Place, way: Way) -> None:
    """Open everything, lose it, and try everything again: by the same window, socket and ticket, and by new ones."""
    before = {action for action in ACTS.values() if not place.says(action)}
    assert way.loses | way.keeps <= before
    etags = await open_everything(place, way)
    place.call = await place.ring()
    for who in (place.victim, place.actors["author"]):  # who may come in at any moment: the call goes on
        place.town.house.meet.watch.expect(place.call, identity_of(who))
    socket = await listening(place)
    assert await validated(place) == 503, "allowed, and no media server runs here"
    face = await portrait(place)
    assert await seen(place, face) == [200, 200, 1]
    rows = [(row, await row.fill(place)) for row in KNOWN]
    await socket.quiet()
    heard = len(socket.heard)

    await way.withdraw(place)

    lost = {action for action in before if place.says(action)}
    assert way.loses <= lost
    assert not way.keeps & lost
    # with the ticket from before, before the walk, which leaves the call
    assert (await validated(place) in (401, 403, 404)) is (A.MEET_CALL_JOIN in lost)
    secrets = secrets_of(place, lost)
    await try_everything(place, rows, etags, secrets)
    assert await seen(place, face) == ([404, 404, 0] if way.kind is GUEST else [200, 200, 1])
    await hear_no_more(place, socket, heard, lost, secrets)
    if way.kind is GUEST:
        told = [f for f in (await listening(place)).heard if f["t"] == "presence"]
        assert str(place.actors["author"].person_id) not in str(told)


async def open_everything(place: Place, way: Way) -> dict[tuple[str, str], str]:
    """Every door answers as it does to somebody of this role; gives what a browser would keep of each."""
    etags: dict[tuple[str, str], str] = {}
    for row in KNOWN:
        if row.key in THE_MANAGERS and way.role is Role.MANAGER:
            continue
        asked = await row.fill(place)
        over = place.is_over(asked)
        answer = await ask(place.window, row, asked)
        expect(place, row, way.role, answer, over=over)
        etags[row.key] = answer.headers.get("etag", "")
    return etags


async def try_everything(
    place: Place, rows: list[tuple[Row, Asked]], etags: dict[tuple[str, str], str], secrets: list[str]
) -> None:
    """Every door again: whole, in part, and as a browser asks that has it already; and every list."""
    for row, asked in rows:
        kept: list[dict[str, str]] = [
            {},
            {"range": "bytes=0-3"},
            {"if-none-match": etags.get(row.key) or "*"},
        ]
        for headers in kept if row.method == "GET" else kept[:1]:
            over = place.is_over(asked)
            answer = await ask(place.window, row, asked, headers)
            role = place.town.house.ground.memberships.role(place.space, place.victim.person_id)
            expect(place, row, None if headers else role, answer, over=over)
            assert not leaks(answer.text, secrets), (row.key, answer.text)
    for path in ("/api/snapshot", "/api/communities?q=alcyon", "/api/people?q=alcyon"):
        answer = await place.window.get(path)
        assert not leaks(answer.text, secrets), path


async def listening(place: Place) -> Wire:
    """A new socket that has seen nothing yet, and watches the author."""
    socket = await place.window.socket({place.space: 0, place.victim.person_id: 0})
    await socket.say({"t": "watch", "people": [str(place.actors["author"].person_id)]})
    await socket.quiet()
    return socket


async def hear_no_more(place: Place, old: Wire, heard: int, lost: set[Action], secrets: list[str]) -> None:
    """Neither the socket that was open nor a new one that asks for all it missed."""
    if not place_is_shut(place):
        await place.say("author")
        await place.upload("author")
    new = await listening(place)
    sent = await new.send(place.channel, "puis-je encore ?", place.new_id())
    assert (sent["t"] == "done") is (A.CHAT_MESSAGE_SEND not in lost), sent
    for frames in ((await old.quiet())[heard:], await new.quiet()):
        told = [without_why(f) for f in frames if f["t"] not in ("reload", "presence")]
        said = msgspec.json.encode(told).decode()
        assert not leaks(said, secrets), said


def without_why(frame: Frame) -> Frame:
    """Who loses a space to its label hears why: its name, which they knew, the label, the reason, and not a word more."""
    event = frame.get("e", {})
    if event.get("type") != "spaces.space.lost" or event.get("why") is None:
        return frame
    assert set(event["why"]) == {"id", "space_id", "name", "label", "reason"}
    return frame | {"e": {key: value for key, value in event.items() if key != "why"}}


def place_is_shut(place: Place) -> bool:
    """Whether nobody writes in it any more, whoever they are."""
    access = place.town.house.ground.access
    acts = (A.CHAT_MESSAGE_SEND, A.FILES_FILE_UPLOAD)
    return not all(access.may(place.actors["author"], act, place.space) for act in acts)


def secrets_of(place: Place, lost: set[Action]) -> list[str]:
    """What no answer may hold any more, by what was lost."""
    found: list[str] = []
    if A.CHAT_MESSAGE_READ in lost:
        found += [
            TALK,
            "Alcyon chiffrage",
            str(place.channel),
            str(place.second_channel),
            str(place.message.id),
        ]
    if A.FILES_FILE_READ in lost:
        # a message that one may read says that it has a file, and of the file nothing but its id
        found += [FILE] if A.CHAT_MESSAGE_READ not in lost else [FILE, str(place.file.id)]
    if A.MEET_CALL_READ in lost:
        found.append(str(place.call))
    if A.SPACES_SPACE_READ in lost:
        found.append(NAME)
    return found


def leaks(said: str, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if secret in said]


async def ask(
    window: Window, row: Row, asked: Asked, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await window.request(
        row.method,
        address(row.route, asked.path),
        params=asked.query,
        json=asked.json,
        content=asked.content,
        headers=headers or {},
    )


def expect(place: Place, row: Row, role: Role | None, answer: httpx.Response, *, over: bool) -> None:
    """A door answers as the rule does: who is refused gets the rule, who is not what doors.py says for their role.

    Without a role, whatever lets one in will do. `over`: it is of a call in which nobody may be any more.
    """
    refusal = "404" if over else place.says(ACTS[row.key])
    said = f"403:{answer.json()['rule']}" if answer.status_code == 403 else str(answer.status_code)
    if refusal:
        assert said == refusal, (row.key, answer.text)
    elif role is not None:
        assert said == row.expected()[role.value], (row.key, answer.text)
    else:
        assert answer.status_code < 400, (row.key, answer.text)


async def validated(place: Place) -> int:
    """What becomes of a connection to the call, asked with a ticket that is still good."""
    query = {"access_token": place.ticket(), "sdk": "js"}
    return (await place.window.get("/rtc/validate", params=query)).status_code


async def portrait(place: Place) -> str:
    put = await place.windows["author"].request("PUT", "/api/me/picture", content=picture())
    return str(put.json()["card"]["picture"])


async def seen(place: Place, face: str) -> list[int]:
    """Whether the victim sees the author's page, face and card."""
    author = str(place.actors["author"].person_id)
    page = await place.window.get(f"/api/people/{author}")
    shown = await place.window.get(face)
    cards = await place.window.get("/api/people/cards", params={"ids": [author]})
    return [page.status_code, shown.status_code, len(cards.json())]
