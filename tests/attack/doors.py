"""The walker's table: at each route, who is refused and how, and who is let in.

A row names a route as the application has it, and six words: what an outsider (an agent of another organisation), a guest
of another space and a removed member get, then what a reader, a contributor and a manager get. A word is a status, with
the rule that refuses behind it (`403:role`). `fill` makes a fresh request, with real ids of the secret space.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from bastide.core.policy import Role
from tests.attack.scene import OUTSIDE, Scene, picture

Plain = dict[str, str]


def plain(text: str) -> Plain:
    return {"format": "plain", "text": text}


class Asked(msgspec.Struct, frozen=True):
    """A request: what stands in the path, and its parts."""

    path: Mapping[str, object] = {}
    query: dict[str, Any] = {}
    json: Any = None
    content: bytes | None = None


Fill = Callable[[Scene], Awaitable[Asked]]


class Row(msgspec.Struct, frozen=True):
    """A door of the secret space, or one that is about oneself."""

    method: str
    route: str
    outside: tuple[str, str, str]
    inside: tuple[str, str, str]
    fill: Fill
    why: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.method, self.route

    def expected(self) -> dict[str, str]:
        return dict(
            zip((*OUTSIDE, "reader", "contributor", "manager"), (*self.outside, *self.inside), strict=True)
        )


ROWS: list[Row] = []


def row(door: str, outside: str, inside: str, why: str = "") -> Callable[[Fill], Fill]:
    """Add a row; `why` is for doors at which nobody is outside."""
    method, route = door.split(" ")
    a, b, c = outside.split()
    d, e, f = inside.split()

    def add(fill: Fill) -> Fill:
        ROWS.append(Row(method, route, (a, b, c), (d, e, f), fill, why))
        return fill

    return add


NOT_IN = "404 404 404"
SELF = "about whoever asks, by their session alone"


# What the instance is: to be read by every agent, to be declared by its administrators alone.

OFFICE = "403:office 403:actor 403:office"
OFFICE_INSIDE = "403:office 403:office 403:office"
ANYBODY = "of the instance, and of no space"
APPROVAL = {"authority": "Moi", "ceiling": "restricted", "since": "2026-01-01", "until": "2028-01-01"}


@row("GET /api/rule", "200 403:actor 200", "200 200 200", ANYBODY)
@row("GET /api/rule/officers", "200 403:actor 200", "200 200 200", ANYBODY)
async def _rule(scene: Scene) -> Asked:
    return Asked()


@row("POST /api/administration/session", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("GET /api/administration/people/export", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("GET /api/administration/spaces", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("GET /api/administration/spaces/export", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _administration(scene: Scene) -> Asked:
    return Asked()


@row("DELETE /api/administration/session", "200 200 200", "200 200 200", SELF)
async def _leaving_administration(scene: Scene) -> Asked:
    return Asked()


@row("GET /api/audit", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("POST /api/audit/verify", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("GET /api/audit/export", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _audit(scene: Scene) -> Asked:
    return Asked()


@row("PUT /api/rule/profile", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _profile_of_instance(scene: Scene) -> Asked:
    return Asked(json={"hosting": "premises"})


@row("PUT /api/rule/reading", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _reading(scene: Scene) -> Asked:
    return Asked(json={"reading": "circular-2023"})


@row("PUT /api/rule/approval", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _approval(scene: Scene) -> Asked:
    return Asked(json=APPROVAL)


@row("POST /api/rule/exceptions", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _exception(scene: Scene) -> Asked:
    return Asked(json={"authority": "Moi", "granted_on": "2026-01-01"})


@row("POST /api/rule/partners", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _partner(scene: Scene) -> Asked:
    return Asked(json={"partner_id": str(scene.town.agency.id)})


@row("PUT /api/rule/offer", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _offer(scene: Scene) -> Asked:
    return Asked(json={"since": "2026-01-01"})


@row("POST /api/rule/trial", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _trial(scene: Scene) -> Asked:
    return Asked(json={"approval": APPROVAL})


@row("DELETE /api/rule/approvals/{declaration_id:uuid}", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("DELETE /api/rule/offers/{declaration_id:uuid}", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("DELETE /api/rule/exceptions/{declaration_id:uuid}", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("DELETE /api/rule/partners/{declaration_id:uuid}", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _declaration(scene: Scene) -> Asked:
    return Asked(path={"declaration_id": scene.town.house.ground.ids.new()})


# People.


@row("GET /api/session", "200 200 200", "200 200 200", SELF)
@row("DELETE /api/me/picture", "200 200 200", "200 200 200", SELF)
@row("GET /api/calls/engine", "200 200 200", "200 200 200", "whether calls can be made, about nobody")
@row("GET /api/snapshot", "200 200 200", "200 200 200", SELF)
async def nothing(scene: Scene) -> Asked:
    return Asked()


@row("PATCH /api/me", "200 200 200", "200 200 200", SELF)
async def profile(scene: Scene) -> Asked:
    return Asked(json={"function": "Chargée d’études"})


@row("PUT /api/me/picture", "200 200 200", "200 200 200", SELF)
async def portrait(scene: Scene) -> Asked:
    return Asked(content=picture())


# One's own keys. What is no answer of a key is refused; another person's is not there. 409: no key, so no codes.
NOBODYS_KEY = {"credential": "AAAA", "client_data": "AAAA"}


@row("GET /api/me/passkeys", "200 200 200", "200 200 200", SELF)
@row("POST /api/me/passkeys/options", "200 200 200", "200 200 200", SELF)
@row("POST /api/me/confirmation/passkey/options", "200 200 200", "200 200 200", SELF)
@row("POST /api/me/recovery-codes", "409 409 409", "409 409 409", SELF)
async def own_keys(scene: Scene) -> Asked:
    return Asked()


@row("POST /api/me/passkeys", "403 403 403", "403 403 403", SELF)
async def made_key(scene: Scene) -> Asked:
    return Asked(json=NOBODYS_KEY | {"name": "Clé", "attestation": "AAAA"})


@row("POST /api/me/confirmation/passkey", "403 403 403", "403 403 403", SELF)
async def proven_key(scene: Scene) -> Asked:
    return Asked(json=NOBODYS_KEY | {"authenticator_data": "AAAA", "signature": "AAAA"})


@row("POST /api/me/confirmation", "403 403 403", "403 403 403", SELF)
async def wrong_password(scene: Scene) -> Asked:
    return Asked(json={"password": "pas le bon mot"})


@row("PATCH /api/me/passkeys/{passkey_id:uuid}", NOT_IN, "404 404 404", SELF)
async def rename_key(scene: Scene) -> Asked:
    return Asked({"passkey_id": await scene.passkey()}, json={"name": "À moi"})


@row("DELETE /api/me/passkeys/{passkey_id:uuid}", NOT_IN, "404 404 404", SELF)
async def remove_key(scene: Scene) -> Asked:
    return Asked({"passkey_id": await scene.passkey()})


@row("GET /api/people", "200 403:actor 200", "200 200 200", "agents search the directory of the instance")
async def directory(scene: Scene) -> Asked:
    return Asked(query={"q": "Hélène"})


@row(
    "GET /api/people/cards",
    "200 200 200",
    "200 200 200",
    "a guest gets the cards of their spaces' people only",
)
async def cards(scene: Scene) -> Asked:
    return Asked(query={"ids": [str(scene.actors["author"].person_id)]})


@row(
    "GET /api/people/{person_id:uuid}",
    "200 404 200",
    "200 200 200",
    "agents see one another; guests whom they meet",
)
async def person(scene: Scene) -> Asked:
    return Asked({"person_id": scene.actors["author"].person_id})


@row("GET /api/people/{person_id:uuid}/picture/{version:str}", "200 404 200", "200 200 200", "as the person")
async def face(scene: Scene) -> Asked:
    put = await scene.windows["author"].request("PUT", "/api/me/picture", content=picture())
    version = put.json()["card"]["picture"].rpartition("/")[2]
    return Asked({"person_id": scene.actors["author"].person_id, "version": version})


# Administrators' page, and what one may know on one's first day.


@row("GET /api/administration/people", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("GET /api/administration/invitations", OFFICE, OFFICE_INSIDE, ANYBODY)
@row(
    "GET /api/me/colleagues",
    "200 403:actor 200",
    "200 200 200",
    "agents of one's own service, whom the directory shows as well",
)
@row("GET /api/me/losses", "200 200 200", "200 200 200", SELF)
@row("GET /api/me/stays", "200 200 200", "200 200 200", SELF)
async def _book_of_people(scene: Scene) -> Asked:
    return Asked()


@row("DELETE /api/me/losses/{loss_id:uuid}", "204 204 204", "204 204 204", SELF)
async def _put_a_loss_away(scene: Scene) -> Asked:
    return Asked({"loss_id": scene.space})


@row("POST /api/administration/people/{person_id:uuid}/suspend", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("POST /api/administration/people/{person_id:uuid}/restore", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _suspend_somebody(scene: Scene) -> Asked:
    return Asked({"person_id": (await scene.stranger()).person_id})


@row("GET /api/administration/orphans", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _spaces_without_manager(scene: Scene) -> Asked:
    return Asked()


@row("POST /api/administration/orphans/{space_id:uuid}/manager", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _appoint(scene: Scene) -> Asked:
    somebody = str((await scene.newcomer(Role.READER)).person_id)
    return Asked({"space_id": scene.space}, json={"person_id": somebody})


@row("POST /api/administration/invitations", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _invite_agent(scene: Scene) -> Asked:
    new = {"email": f"n{scene.new_id().hex}@ailleurs.example", "given_name": "Noé", "family_name": "Faure"}
    return Asked(json=new)


@row("POST /api/administration/invitations/{invitation_id:uuid}/renew", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("DELETE /api/administration/invitations/{invitation_id:uuid}", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _agents_invitation(scene: Scene) -> Asked:
    return Asked({"invitation_id": scene.new_id()})


# What guards an account: one's own, and an administrator's acts on others'.


@row("GET /api/me/password", "200 200 200", "200 200 200", SELF)
@row("DELETE /api/me/reset", "204 204 204", "204 204 204", SELF)
async def _own_password(scene: Scene) -> Asked:
    return Asked()


@row("GET /api/me/sessions", "200 200 200", "200 200 200", SELF)
async def _own_sessions(scene: Scene) -> Asked:
    return Asked()


@row(
    "DELETE /api/me/sessions/{session_id:uuid}",
    "404 404 404",
    "404 404 404",
    "another's session is none of one's own",
)
async def _anothers_session(scene: Scene) -> Asked:
    return Asked({"session_id": scene.actors["author"].session_id})


# They have but one: nothing ends, and nothing is kept from them.
@row("DELETE /api/me/sessions", "204 204 204", "204 204 204", SELF)
async def _other_sessions(scene: Scene) -> Asked:
    return Asked()


@row("POST /api/me/password", "403 403 403", "403 403 403", SELF)
async def _change_password(scene: Scene) -> Asked:
    return Asked(json={"present": "pas le bon mot", "fresh": "six platanes au bord de l’eau"})


@row("POST /api/administration/people/{person_id:uuid}/reset", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("DELETE /api/administration/people/{person_id:uuid}/reset", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("PUT /api/administration/people/{person_id:uuid}/officer", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("DELETE /api/administration/people/{person_id:uuid}/officer", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("PUT /api/administration/people/{person_id:uuid}/administrator", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("DELETE /api/administration/people/{person_id:uuid}/administrator", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _account_of_another(scene: Scene) -> Asked:
    return Asked({"person_id": scene.actors["author"].person_id})


@row("POST /api/administration/import/preview", OFFICE, OFFICE_INSIDE, ANYBODY)
@row("POST /api/administration/import", OFFICE, OFFICE_INSIDE, ANYBODY)
async def _import(scene: Scene) -> Asked:
    return Asked(content="courriel;prénom;nom\nmoi@ici.example;Moi;Même\n".encode())


# Guests of the secret space, which is sensitive: it takes none. Its managers are told the rule.


@row("GET /api/spaces/{space_id:uuid}/guests", NOT_IN, "403:role 403:role 200")
async def _guests(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space})


@row("POST /api/spaces/{space_id:uuid}/guests", NOT_IN, "403:guest-label 403:guest-label 403:guest-label")
async def _invite_guest(scene: Scene) -> Asked:
    new = {"email": "lou@cabinet.example", "given_name": "Lou", "family_name": "Martel", "role": "reader"}
    return Asked({"space_id": scene.space}, json=new | {"ends_on": "2026-04-01"})


@row(
    "POST /api/spaces/{space_id:uuid}/guests/invitations/{invitation_id:uuid}/renew",
    NOT_IN,
    "403:guest-label 403:guest-label 403:guest-label",
)
@row(
    "DELETE /api/spaces/{space_id:uuid}/guests/invitations/{invitation_id:uuid}",
    NOT_IN,
    "403:role 403:role 404",
)
async def _guests_invitation(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space, "invitation_id": scene.new_id()})


@row(
    "PATCH /api/spaces/{space_id:uuid}/guests/{person_id:uuid}",
    NOT_IN,
    "403:guest-label 403:guest-label 403:guest-label",
)
async def _prolong(scene: Scene) -> Asked:
    path = {"space_id": scene.space, "person_id": scene.actors["guest"].person_id}
    return Asked(path, json={"ends_on": "2026-04-01"})


# Spaces.


@row("POST /api/spaces", "201 403:actor 201", "201 201 201", "any agent makes spaces of their own")
async def new_space(scene: Scene) -> Asked:
    new = {"kind": "team", "label": "internal", "tools": ["chat"], "name": plain("Atelier")}
    return Asked(json=new | {"client_id": str(scene.new_id())})


@row("POST /api/directs", "200 403:actor 200", "200 200 200", "any agent writes to any other")
async def direct(scene: Scene) -> Asked:
    return Asked(json={"people": [str((await scene.stranger()).person_id)]})


@row("GET /api/communities", "200 200 200", "200 200 200", "a guest may join none, and finds none")
async def communities(scene: Scene) -> Asked:
    return Asked(query={"q": "marcheurs"})


@row("POST /api/spaces/{space_id:uuid}/join", NOT_IN, "403:space-kind 403:space-kind 403:space-kind")
@row("GET /api/spaces/{space_id:uuid}", NOT_IN, "200 200 200")
@row("GET /api/snapshot/{space_id:uuid}", NOT_IN, "200 200 200")
@row("GET /api/spaces/{space_id:uuid}/members", NOT_IN, "200 200 200")
@row("GET /api/spaces/{space_id:uuid}/files", NOT_IN, "200 200 200")
@row("GET /api/spaces/{space_id:uuid}/call", NOT_IN, "200 200 200")
# 503: allowed, and no media server runs in this test.
@row("POST /api/spaces/{space_id:uuid}/call", NOT_IN, "503 503 503")
async def space(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space})


@row("PATCH /api/spaces/{space_id:uuid}", NOT_IN, "403:role 403:role 200")
async def change_space(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space}, json={"description": plain("Alcyon, suite")})


@row("POST /api/spaces/{space_id:uuid}/members", NOT_IN, "403:role 403:role 200")
async def add_member(scene: Scene) -> Asked:
    people = [str((await scene.stranger()).person_id)]
    return Asked({"space_id": scene.space}, json={"people": people, "role": "reader"})


@row("GET /api/spaces/{space_id:uuid}/members/barred", NOT_IN, "403:role 403:role 200")
async def who_is_barred(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space})


@row("PATCH /api/spaces/{space_id:uuid}/members/{person_id:uuid}", NOT_IN, "403:role 403:role 204")
async def change_member(scene: Scene) -> Asked:
    somebody = await scene.newcomer(Role.READER)
    path = {"space_id": scene.space, "person_id": somebody.person_id}
    return Asked(path, json={"role": "contributor"})


@row("DELETE /api/spaces/{space_id:uuid}/members/{person_id:uuid}", NOT_IN, "403:role 403:role 204")
async def remove_member(scene: Scene) -> Asked:
    somebody = await scene.newcomer()
    return Asked({"space_id": scene.space, "person_id": somebody.person_id})


# Labels.


@row("GET /api/spaces/{space_id:uuid}/label", NOT_IN, "403:role 403:role 200")
async def label_book(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space})


@row("GET /api/spaces/{space_id:uuid}/label-effects", NOT_IN, "403:role 403:role 200")
async def label_effects(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space}, query={"label": "restricted"})


@row("POST /api/spaces/{space_id:uuid}/label/raise", NOT_IN, "403:role 403:role 200")
async def raise_label(scene: Scene) -> Asked:
    """To the label that it has already: the scene is needed as it is."""
    return Asked({"space_id": scene.space}, json={"label": "sensitive"})


@row("POST /api/spaces/{space_id:uuid}/label/lower", NOT_IN, "403:role 403:role 200")
async def lower_label(scene: Scene) -> Asked:
    await scene.nothing_proposed()
    return Asked(
        {"space_id": scene.space}, json={"label": "internal", "reason": plain("Rien n’y est secret.")}
    )


# The manager's own proposal: another manager's alone may be confirmed.
@row(
    "POST /api/spaces/{space_id:uuid}/label/changes/{change_id:uuid}/confirm",
    NOT_IN,
    "403:role 403:role 403:second-manager",
)
@row("DELETE /api/spaces/{space_id:uuid}/label/changes/{change_id:uuid}", NOT_IN, "403:role 403:role 204")
async def label_change(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space, "change_id": await scene.propose()})


# Exports.


@row("POST /api/spaces/{space_id:uuid}/exports", NOT_IN, "403:role 403:role 201")
async def export(scene: Scene) -> Asked:
    return Asked({"space_id": scene.space})


@row("GET /api/spaces/{space_id:uuid}/exports/{export_id:uuid}", NOT_IN, "403:role 403:role 200")
async def fetch_export(scene: Scene) -> Asked:
    """The manager's own, fresh each time: it can be fetched once."""
    made = await scene.windows["manager"].post(f"/api/spaces/{scene.space}/exports")
    return Asked({"space_id": scene.space, "export_id": made.json()["id"]})


# Chat.


@row("POST /api/spaces/{space_id:uuid}/channels", NOT_IN, "403:role 403:role 201")
async def new_channel(scene: Scene) -> Asked:
    return Asked(
        {"space_id": scene.space}, json={"client_id": str(scene.new_id()), "name": plain("Alcyon 3")}
    )


@row("PATCH /api/channels/{channel_id:uuid}", NOT_IN, "403:role 403:role 200")
async def change_channel(scene: Scene) -> Asked:
    return Asked({"channel_id": scene.second_channel}, json={"topic": plain("Alcyon")})


@row("GET /api/channels/{channel_id:uuid}/messages", NOT_IN, "200 200 200")
async def history(scene: Scene) -> Asked:
    return Asked({"channel_id": scene.channel}, query={"limit": 5})


@row("POST /api/channels/{channel_id:uuid}/messages", NOT_IN, "403:role 201 201")
async def send(scene: Scene) -> Asked:
    new = {"client_id": str(scene.new_id()), "content": plain(TALKED)}
    return Asked({"channel_id": scene.channel}, json=new)


@row("PUT /api/channels/{channel_id:uuid}/read", NOT_IN, "204 204 204")
async def read(scene: Scene) -> Asked:
    return Asked({"channel_id": scene.channel}, json={"ordinal": 1})


@row("PATCH /api/messages/{message_id:uuid}", NOT_IN, "403:role 403:authorship 403:authorship")
async def edit(scene: Scene) -> Asked:
    return Asked({"message_id": (await scene.say("author")).id}, json={"content": plain(TALKED)})


@row("DELETE /api/messages/{message_id:uuid}", NOT_IN, "403:role 403:authorship 200")
async def delete(scene: Scene) -> Asked:
    return Asked({"message_id": (await scene.say("author")).id})


# Files.


@row("POST /api/spaces/{space_id:uuid}/files", NOT_IN, "403:role 201 201")
async def upload(scene: Scene) -> Asked:
    query = {"name": "alcyon-annexe.png", "client_id": str(scene.new_id())}
    return Asked({"space_id": scene.space}, query, content=picture())


@row("GET /api/files/{file_id:uuid}", NOT_IN, "200 200 200")
@row("GET /api/files/{file_id:uuid}/content", NOT_IN, "200 200 200")
async def file(scene: Scene) -> Asked:
    return Asked({"file_id": scene.file.id})


@row("GET /api/files/{file_id:uuid}/preview/{edge:int}", NOT_IN, "200 200 200")
async def preview(scene: Scene) -> Asked:
    return Asked({"file_id": scene.file.id, "edge": 480})


@row("DELETE /api/files/{file_id:uuid}", NOT_IN, "403:role 403:authorship 204")
async def remove_file(scene: Scene) -> Asked:
    return Asked({"file_id": (await scene.upload("author")).id})


# Calls.


@row("POST /api/calls/{call_id:uuid}/decline", NOT_IN, "204 204 204")
@row("DELETE /api/calls/{call_id:uuid}/me", NOT_IN, "204 204 204")
async def call(scene: Scene) -> Asked:
    return Asked({"call_id": await scene.ring()})


# A ticket names its call; without one nobody is let on. Old tickets are tried in tests/meet.
@row("GET /rtc/validate", "401 401 401", "401 401 401")
@row("GET /rtc/v1/validate", "401 401 401", "401 401 401")
async def no_ticket(scene: Scene) -> Asked:
    return Asked()


# Last, for it ends the session that asks.
@row("DELETE /api/session", "204 204 204", "204 204 204", SELF)
async def sign_out(scene: Scene) -> Asked:
    return Asked()


TALKED = "Le préfet signera vendredi"


def address(route: str, path: Mapping[str, object]) -> str:
    """A route's address with its parts filled in."""
    for name, value in path.items():
        for kind in ("uuid", "int", "str", "path"):
            route = route.replace(f"{{{name}:{kind}}}", str(value))
    if "{" in route:
        raise ValueError(f"nothing stands for a part of {route}")
    return route


def anything(route: str) -> str:
    """A route's address filled with what is nobody's."""
    nobody = {"uuid": UUID(int=7), "int": 1, "str": "x", "path": "x"}
    parts = [
        str(nobody[part[1:-1].partition(":")[2]]) if part.startswith("{") else part
        for part in route.split("/")
    ]
    return "/".join(parts)
