"""People over HTTP."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.openapi import ResponseSpec
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT, HTTP_304_NOT_MODIFIED

from bastide.core.client import Client
from bastide.core.errors import TooLarge
from bastide.core.http.cookies import CookieNames
from bastide.core.pictures import PORTRAIT_MOST
from bastide.core.policy import Actor
from bastide.people.first import First, FirstForm
from bastide.people.model import Me, PersonCard, Profile, ProfileChange, SignIn
from bastide.people.portraits import Portraits
from bastide.people.service import People
from bastide.people.sessions import LASTS, Opened

AnyRequest = Request[Any, Any, Any]

_PORTRAIT_KEPT_S = 3600


class SaysShared(Protocol):
    """A form of the door, which says whether others use this machine too."""

    @property
    def shared(self) -> bool: ...


class SessionController(Controller):
    """Signing in and out."""

    path = "/api/session"
    tags = ["people"]

    @post(status_code=HTTP_200_OK)
    async def sign_in(
        self,
        client: Client,
        data: SignIn,
        people: People,
        cookie_names: CookieNames,
    ) -> Response[Me]:
        """Sign in by address and password; sets the session's and the device's cookies."""
        opened = await people.sign_in(data, said_by(client, data))
        return await signed_in(opened, people, cookie_names)

    @post("/first", status_code=HTTP_200_OK)
    async def first(
        self,
        client: Client,
        data: FirstForm,
        first: First,
        people: People,
        cookie_names: CookieNames,
    ) -> Response[Me]:
        """Make an empty instance's organisation and administrator, by the one-time link, and sign in."""
        opened = await first.accept(data, said_by(client, data))
        return await signed_in(opened, people, cookie_names)

    @get(responses={HTTP_204_NO_CONTENT: ResponseSpec(None, description="Nobody is signed in.")})
    async def me(self, perhaps: Actor | None, session_token: str, people: People) -> Response[Me | None]:
        """Who is signed in; for nobody an empty answer, which no browser takes for an error."""
        if perhaps is None:
            return Response(None, status_code=HTTP_204_NO_CONTENT)
        return Response(await people.me(perhaps, session_token))

    @delete(status_code=HTTP_204_NO_CONTENT)
    async def sign_out(self, actor: Actor, people: People, cookie_names: CookieNames) -> Response[None]:
        """Sign out of this device."""
        await people.sign_out(actor)
        # On a shared computer nothing stays in the cache. Browsers heed it over HTTPS only.
        headers = {"clear-site-data": '"cache"'} if cookie_names.secure else {}
        cookies = [cookie_names.session_cookie("", 0)]
        return Response(None, cookies=cookies, headers=headers, status_code=HTTP_204_NO_CONTENT)


class PeopleController(Controller):
    """The directory."""

    path = "/api/people"
    tags = ["people"]

    @get()
    async def search(
        self,
        actor: Actor,
        people: People,
        q: Annotated[str, Parameter(max_length=200)] = "",
        limit: Annotated[int, Parameter(ge=1, le=50)] = 20,
    ) -> list[PersonCard]:
        """Search the directory."""
        return await people.search(actor, q, limit)

    @get("/cards")
    async def cards(
        self, actor: Actor, people: People, ids: Annotated[list[UUID], Parameter(max_items=200)]
    ) -> list[PersonCard]:
        """Cards of people, by id; those one may not see are left out."""
        return await people.cards(actor, ids)

    @get("/{person_id:uuid}")
    async def profile(self, actor: Actor, people: People, person_id: UUID) -> Profile:
        """A person's page."""
        return await people.profile(actor, person_id)

    @get("/{person_id:uuid}/picture/{version:str}", media_type="image/webp")
    async def picture(
        self,
        request: AnyRequest,
        actor: Actor,
        portraits: Portraits,
        person_id: UUID,
        version: str,  # noqa: ARG002 - for caches
    ) -> Response[bytes]:
        """A person's picture, as we re-encoded it. It may be kept for an hour; then the rule decides again."""
        found = await portraits.find(actor, person_id)
        headers = {"cache-control": f"private, max-age={_PORTRAIT_KEPT_S}", "etag": f'"{found.hex()}"'}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers, media_type="image/webp")
        return Response(await portraits.read(found), media_type="image/webp", headers=headers)


class MeController(Controller):
    """One's own profile."""

    path = "/api/me"
    tags = ["people"]

    @patch()
    async def change(self, actor: Actor, people: People, data: ProfileChange) -> Profile:
        """Change one's own profile."""
        return await people.change_profile(actor, data)

    @put("/picture", request_max_body_size=PORTRAIT_MOST)
    async def set_picture(self, request: AnyRequest, actor: Actor, portraits: Portraits) -> Profile:
        """Put on a picture: the request's body is a JPEG, PNG or WebP."""
        return await portraits.put(actor, await _whole(request.stream()))

    @delete("/picture", status_code=HTTP_200_OK)
    async def remove_picture(self, actor: Actor, portraits: Portraits) -> Profile:
        """Take one's picture away."""
        return await portraits.remove(actor)


async def signed_in(opened: Opened, people: People, cookie_names: CookieNames) -> Response[Me]:
    """The answer to who has just signed in."""
    me = await people.me(opened.actor, opened.session_token)
    lasts_s = None if opened.shared else int(LASTS.total_seconds())
    cookies = [cookie_names.session_cookie(opened.session_token, lasts_s)]
    if opened.device_token is not None:
        cookies.append(cookie_names.device_cookie(opened.device_token))
    return Response(me, cookies=cookies)


def said_by(client: Client, form: SaysShared) -> Client:
    """The client as the form tells of it: whether others use its machine too."""
    return msgspec.structs.replace(client, shared=form.shared)


async def _whole(stream: AsyncGenerator[bytes]) -> bytes:
    """A small body in memory."""
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > PORTRAIT_MOST:
            raise TooLarge
    return bytes(body)
