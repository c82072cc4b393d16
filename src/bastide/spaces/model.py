"""The words of spaces: people, a label and the tools they switched on."""

from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.content import EMPTY, Content
from bastide.core.policy import Action, Holding, Label, Role, SpaceKind, Tool

# A direct of more people than this should be a team: it has a name and a life.
DIRECT_MOST = 9
FACES = 5


class SpaceView(msgspec.Struct, frozen=True):
    """A space as its members see it. `faces`: its longest-standing members, all of them in a direct."""

    id: UUID
    organisation_id: UUID
    kind: SpaceKind
    label: Label
    tools: list[Tool]
    name: Content
    description: Content
    created_at: datetime
    members_count: int
    faces: list[UUID]


class OwnSpace(msgspec.Struct, frozen=True):
    """A space with what the reader is and may do in it; `cursor` is the seq of its journal that this shows.

    `holding`: what the instance may do today with spaces of its label, by which rule, and until when.
    """

    space: SpaceView
    role: Role
    abilities: list[Action]
    cursor: int
    holding: Holding


class CommunityCard(msgspec.Struct, frozen=True):
    """A community as the directory of communities shows it to those who may join."""

    space: SpaceView
    joined: bool


class MemberView(msgspec.Struct, frozen=True):
    """A member of a space."""

    person_id: UUID
    role: Role
    joined_at: datetime


class NewSpace(msgspec.Struct, frozen=True):
    """What makes a team or a community. `client_id` makes a repeated request harmless."""

    client_id: UUID
    kind: SpaceKind
    label: Label
    tools: list[Tool]
    name: Content
    description: Content = EMPTY
    members: list[UUID] = []


class SpaceChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a manager changes; what is left out stays."""

    name: Content | None = None
    description: Content | None = None
    tools: list[Tool] | None = None


class NewDirect(msgspec.Struct, frozen=True):
    """The other people of a direct."""

    people: list[UUID]


class NewMembers(msgspec.Struct, frozen=True):
    """People to add, all with one role."""

    people: list[UUID]
    role: Role = Role.CONTRIBUTOR


class RoleChange(msgspec.Struct, frozen=True):
    """A member's new role."""

    role: Role
