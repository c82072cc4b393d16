"""Invitations and the administration of people, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.params import Parameter
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from bastide.core.client import Client
from bastide.core.http.cookies import CookieNames
from bastide.core.policy import Actor, ActorKind, Office
from bastide.people.acceptance import Acceptance
from bastide.people.administration import Administration
from bastide.people.agent_list import BYTES_MOST
from bastide.people.api import said_by, signed_in
from bastide.people.book_words import WORDS, Language
from bastide.people.invitations import Invitations
from bastide.people.invited import (
    AccountState,
    ImportDone,
    ImportPreview,
    InvitationBook,
    InvitationForm,
    InvitationToken,
    Invited,
    Issued,
    NewInvitation,
    PeopleBook,
)
from bastide.people.model import Me, PersonCard
from bastide.people.service import People
from bastide.people.suspension import Suspension

AnyRequest = Request[Any, Any, Any]


class InvitationController(Controller):
    """Who was invited. The token stands in the body: no log of addresses holds it."""

    path = "/api/invitation"
    tags = ["people"]

    @post("/look", status_code=HTTP_200_OK)
    async def look(self, client_address: str, acceptance: Acceptance, data: InvitationToken) -> Invited:
        """Who invites whom, where to and until when."""
        return await acceptance.look(data.token, address=client_address)

    @post("/accept", status_code=HTTP_200_OK)
    async def accept(
        self,
        client: Client,
        perhaps: Actor | None,
        data: InvitationForm,
        acceptance: Acceptance,
        people: People,
        cookie_names: CookieNames,
    ) -> Response[Me]:
        """Take the invitation, once, and sign in."""
        opened = await acceptance.accept(perhaps, data, said_by(client, data))
        return await signed_in(opened, people, cookie_names)


class AdministrationController(Controller):
    """An organisation's people, for its administrators."""

    path = "/api/administration"
    tags = ["people"]

    @get("/people")
    async def people(
        self,
        actor: Actor,
        administration: Administration,
        q: Annotated[str, Parameter(max_length=200)] = "",
        kind: ActorKind | None = None,
        account: AccountState | None = None,
        office: Office | None = None,
        after: UUID | None = None,
        limit: Annotated[int, Parameter(ge=1, le=100)] = 100,
    ) -> PeopleBook:
        """Agents and guests by name; the next page begins after the last one's id."""
        return await administration.book(
            actor, q, kind=kind, state=account, office=office, after=after, most=limit
        )

    @get("/people/export")
    async def export(self, actor: Actor, administration: Administration, language: Language = "fr") -> Stream:
        """The whole list as a CSV file."""
        pieces = await administration.export(actor, language)
        headers = {
            "content-disposition": f'attachment; filename="{WORDS[language].file}"',
            "cache-control": "no-store",
            "content-security-policy": "sandbox; default-src 'none'",
        }
        return Stream(pieces, media_type="text/csv; charset=utf-8", headers=headers)

    @post("/people/{person_id:uuid}/suspend", status_code=HTTP_204_NO_CONTENT)
    async def suspend(self, actor: Actor, suspension: Suspension, person_id: UUID) -> None:
        """End all that somebody has open, and let them in no more until they are restored."""
        await suspension.suspend(actor, person_id)

    @post("/people/{person_id:uuid}/restore", status_code=HTTP_204_NO_CONTENT)
    async def restore(self, actor: Actor, suspension: Suspension, person_id: UUID) -> None:
        """Let them sign in again, as they were."""
        await suspension.restore(actor, person_id)

    @get("/invitations")
    async def invitations(
        self,
        actor: Actor,
        invitations: Invitations,
        q: Annotated[str, Parameter(max_length=200)] = "",
    ) -> InvitationBook:
        """Invitations of agents that wait."""
        return await invitations.pending(actor, q)

    @post("/invitations", status_code=HTTP_201_CREATED)
    async def invite(self, actor: Actor, invitations: Invitations, data: NewInvitation) -> Issued:
        """Invite an agent; the link is shown this once."""
        return await invitations.invite(actor, data)

    @post("/invitations/{invitation_id:uuid}/renew", status_code=HTTP_200_OK)
    async def renew(self, actor: Actor, invitations: Invitations, invitation_id: UUID) -> Issued:
        """A new link; the one before is worth nothing any more."""
        return await invitations.renew(actor, invitation_id)

    @delete("/invitations/{invitation_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def revoke(self, actor: Actor, invitations: Invitations, invitation_id: UUID) -> None:
        """Withdraw an invitation."""
        await invitations.revoke(actor, invitation_id)

    @post("/import/preview", status_code=HTTP_200_OK, request_max_body_size=BYTES_MOST)
    async def preview(
        self, request: AnyRequest, actor: Actor, administration: Administration
    ) -> ImportPreview:
        """What importing a list would do: the request's body is a CSV file."""
        return await administration.preview(actor, await request.body())

    @post("/import", status_code=HTTP_200_OK, request_max_body_size=BYTES_MOST)
    async def import_agents(
        self, request: AnyRequest, actor: Actor, administration: Administration
    ) -> ImportDone:
        """Invite everybody on a list: the request's body is a CSV file. Lines that are wrong are left out."""
        return await administration.import_agents(actor, await request.body())


class ColleaguesController(Controller):
    """People one may know."""

    path = "/api/me/colleagues"
    tags = ["people"]

    @get()
    async def colleagues(self, actor: Actor, administration: Administration) -> list[PersonCard]:
        """Agents of one's own service."""
        return await administration.colleagues(actor)


CONTROLLERS = (InvitationController, AdministrationController, ColleaguesController)
