"""Passwords after the first, and who administers, over HTTP."""

from uuid import UUID

from litestar import Controller, Response, delete, get, post, put
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from bastide.core.client import Client
from bastide.core.http.cookies import CookieNames
from bastide.core.policy import Actor, Office
from bastide.people.api import said_by, signed_in
from bastide.people.model import Me
from bastide.people.offices import Offices
from bastide.people.resets import Resets
from bastide.people.resetting import (
    OwnPassword,
    PasswordChange,
    ResetForm,
    ResetIssued,
    ResetToken,
    ResetView,
)
from bastide.people.service import People


class ResetController(Controller):
    """Who forgot their password. The token stands in the body: no log of addresses holds it."""

    path = "/api/reset"
    tags = ["people"]

    @post("/look", status_code=HTTP_200_OK)
    async def look(self, client_address: str, resets: Resets, data: ResetToken) -> ResetView:
        """Whose account it is, and what is asked for."""
        return await resets.look(data.token, address=client_address)

    @post("/accept", status_code=HTTP_200_OK)
    async def accept(
        self,
        client: Client,
        data: ResetForm,
        resets: Resets,
        people: People,
        cookie_names: CookieNames,
    ) -> Response[Me]:
        """Choose another password, once, and sign in; all that the account had open ends."""
        opened = await resets.accept(data, said_by(client, data))
        return await signed_in(opened, people, cookie_names)


class OwnPasswordController(Controller):
    """One's own password."""

    path = "/api/me"
    tags = ["people"]

    @get("/password")
    async def own(self, actor: Actor, resets: Resets) -> OwnPassword:
        """Since when one has it, and whether a link for another one waits."""
        return await resets.own(actor)

    @post("/password", status_code=HTTP_204_NO_CONTENT)
    async def change(self, actor: Actor, resets: Resets, data: PasswordChange) -> None:
        """Choose another one; one's other sessions end."""
        await resets.change(actor, data)

    @delete("/reset", status_code=HTTP_204_NO_CONTENT)
    async def withdraw(self, actor: Actor, resets: Resets) -> None:
        """End a link that one did not ask for."""
        await resets.withdraw_own(actor)


class OfficesController(Controller):
    """What is done with accounts by office."""

    path = "/api/administration/people/{person_id:uuid}"
    tags = ["people"]

    @post("/reset", status_code=HTTP_201_CREATED)
    async def issue(self, actor: Actor, resets: Resets, person_id: UUID) -> ResetIssued:
        """A link by which somebody chooses another password; it is shown this once, and they are told."""
        return await resets.issue(actor, person_id)

    @delete("/reset", status_code=HTTP_204_NO_CONTENT)
    async def withdraw(self, actor: Actor, resets: Resets, person_id: UUID) -> None:
        """End a link that waits."""
        await resets.withdraw(actor, person_id)

    @put("/administrator", status_code=HTTP_204_NO_CONTENT)
    async def appoint(self, actor: Actor, offices: Offices, person_id: UUID) -> None:
        """Make an agent an administrator."""
        await offices.appoint(actor, person_id)

    @delete("/administrator", status_code=HTTP_204_NO_CONTENT)
    async def dismiss(self, actor: Actor, offices: Offices, person_id: UUID) -> None:
        """Make an administrator an agent like others."""
        await offices.dismiss(actor, person_id)

    @put("/officer", status_code=HTTP_204_NO_CONTENT)
    async def appoint_officer(self, actor: Actor, offices: Offices, person_id: UUID) -> None:
        """Make an agent a security officer."""
        await offices.appoint(actor, person_id, Office.OFFICER)

    @delete("/officer", status_code=HTTP_204_NO_CONTENT)
    async def dismiss_officer(self, actor: Actor, offices: Offices, person_id: UUID) -> None:
        """Make a security officer an agent like others."""
        await offices.dismiss(actor, person_id, Office.OFFICER)


CONTROLLERS = (ResetController, OwnPasswordController, OfficesController)
