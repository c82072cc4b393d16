"""Spaces over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from bastide.core.errors import Invalid
from bastide.core.policy import Actor, Label, Role
from bastide.spaces.labels import Labels
from bastide.spaces.model import (
    CommunityCard,
    LabelBook,
    LabelChangeView,
    LabelEffects,
    LabelLowering,
    LabelRaise,
    MemberPlace,
    MembersAdded,
    MemberView,
    NewDirect,
    NewMembers,
    NewSpace,
    OwnSpace,
    RoleChange,
    SpaceChange,
)
from bastide.spaces.service import Spaces


class SpacesController(Controller):
    """Spaces and who is in them."""

    path = "/api/spaces"
    tags = ["spaces"]

    @post(status_code=HTTP_201_CREATED)
    async def create(self, actor: Actor, spaces: Spaces, data: NewSpace) -> OwnSpace:
        """Make a team or a community."""
        return await spaces.create(actor, data)

    @get("/{space_id:uuid}")
    async def own(self, actor: Actor, spaces: Spaces, space_id: UUID) -> OwnSpace:
        """A space, with what one may do in it."""
        return await spaces.own(actor, space_id)

    @patch("/{space_id:uuid}")
    async def change(self, actor: Actor, spaces: Spaces, space_id: UUID, data: SpaceChange) -> OwnSpace:
        """Change a space's name, description or tools."""
        return await spaces.change(actor, space_id, data)

    @post("/{space_id:uuid}/join", status_code=HTTP_200_OK)
    async def join(self, actor: Actor, spaces: Spaces, space_id: UUID) -> OwnSpace:
        """Come into a community."""
        return await spaces.join(actor, space_id)

    @get("/{space_id:uuid}/members")
    async def members(
        self,
        actor: Actor,
        spaces: Spaces,
        space_id: UUID,
        q: Annotated[str, Parameter(max_length=200)] = "",
        after_role: Role | None = None,
        after_at: datetime | None = None,
        after_person: UUID | None = None,
        limit: Annotated[int, Parameter(ge=1, le=200)] = 100,
    ) -> list[MemberView]:
        """Members: managers first, then as they came; the next page begins after the last one's role, date and id."""
        given = [part is not None for part in (after_role, after_at, after_person)]
        if any(given) is not all(given) or (after_at and after_at.tzinfo is None):
            raise Invalid(field="after_at")
        after = None
        if after_role and after_at and after_person:
            after = MemberPlace(after_role is Role.MANAGER, after_at, after_person)
        return await spaces.members(actor, space_id, query=q, after=after, most=limit)

    @get("/{space_id:uuid}/members/barred")
    async def barred(self, actor: Actor, spaces: Spaces, space_id: UUID) -> list[MemberView]:
        """Members who cannot come in any more, and why."""
        return await spaces.barred(actor, space_id)

    @post("/{space_id:uuid}/members", status_code=HTTP_200_OK)
    async def add_members(
        self, actor: Actor, spaces: Spaces, space_id: UUID, data: NewMembers
    ) -> MembersAdded:
        """Let people in. Of several, whom a rule keeps out is told, and the others are in."""
        return await spaces.add_members(actor, space_id, data.people, data.role)

    @patch("/{space_id:uuid}/members/{person_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def change_role(
        self, actor: Actor, spaces: Spaces, space_id: UUID, person_id: UUID, data: RoleChange
    ) -> None:
        """Give a member another role."""
        await spaces.change_role(actor, space_id, person_id, data.role)

    @delete("/{space_id:uuid}/members/{person_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def remove_member(self, actor: Actor, spaces: Spaces, space_id: UUID, person_id: UUID) -> None:
        """Put a member out, or leave."""
        await spaces.remove_member(actor, space_id, person_id)


class LabelController(Controller):
    """A space's label: for its managers."""

    path = "/api/spaces/{space_id:uuid}"
    tags = ["spaces"]

    @get("/label")
    async def book(self, actor: Actor, labels: Labels, space_id: UUID) -> LabelBook:
        """The label, what is proposed and what was changed."""
        return await labels.book(actor, space_id)

    @get("/label-effects")
    async def effects(self, actor: Actor, labels: Labels, space_id: UUID, label: Label) -> LabelEffects:
        """What giving the space another label would do; nothing is done."""
        return await labels.effects(actor, space_id, label)

    @post("/label/raise", status_code=HTTP_200_OK)
    async def raise_label(self, actor: Actor, labels: Labels, space_id: UUID, data: LabelRaise) -> OwnSpace:
        """Give it a stricter label at once; whom that keeps out is put out."""
        return await labels.raise_label(actor, space_id, data)

    @post("/label/lower", status_code=HTTP_200_OK)
    async def lower(
        self, actor: Actor, labels: Labels, space_id: UUID, data: LabelLowering
    ) -> LabelChangeView:
        """Give it a less strict label, or propose to: above internal a second manager confirms."""
        return await labels.lower(actor, space_id, data)

    @post("/label/changes/{change_id:uuid}/confirm", status_code=HTTP_200_OK)
    async def confirm(self, actor: Actor, labels: Labels, space_id: UUID, change_id: UUID) -> OwnSpace:
        """Confirm what another manager proposed."""
        return await labels.confirm(actor, space_id, change_id)

    @delete("/label/changes/{change_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def withdraw(self, actor: Actor, labels: Labels, space_id: UUID, change_id: UUID) -> None:
        """Drop a proposal."""
        await labels.withdraw(actor, space_id, change_id)


class CommunitiesController(Controller):
    """Communities that one may join."""

    path = "/api/communities"
    tags = ["spaces"]

    @get()
    async def search(
        self, actor: Actor, spaces: Spaces, q: Annotated[str, Parameter(max_length=200)] = ""
    ) -> list[CommunityCard]:
        """Find communities."""
        return await spaces.communities(actor, q)


class DirectsController(Controller):
    """Writing to someone."""

    path = "/api/directs"
    tags = ["spaces"]

    @post(status_code=HTTP_200_OK)
    async def open(self, actor: Actor, spaces: Spaces, data: NewDirect) -> OwnSpace:
        """The direct with exactly these people."""
        return await spaces.direct(actor, data.people)
