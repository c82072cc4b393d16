"""What spaces tell others."""

from collections.abc import Collection
from datetime import date
from typing import ClassVar, Self
from uuid import UUID

import msgspec

from bastide.core.events import Event
from bastide.core.policy import Action, Role
from bastide.spaces.model import ChangeState, LostSpace, SpaceView


class SpaceChanged(Event, frozen=True, tag="spaces.space.changed", kw_only=True):
    """A space was made or its name, description, label or tools changed. In the space's stream."""

    moves_rights: ClassVar[bool] = True
    space: SpaceView

    def told_to(self, abilities: Collection[Action]) -> Self:
        """Its description is content: only who may read hears it. Its name and label say where one is."""
        space = self.space.told_to(abilities)
        return self if space is self.space else msgspec.structs.replace(self, space=space)


class MemberAdded(Event, frozen=True, tag="spaces.member.added", kw_only=True):
    """Someone came in. In the space's stream."""

    person_id: UUID
    role: Role
    members_count: int
    faces: list[UUID]


class MemberRemoved(Event, frozen=True, tag="spaces.member.removed", kw_only=True):
    """Someone left or was put out. In the space's stream."""

    person_id: UUID
    members_count: int
    faces: list[UUID]


class MemberChanged(Event, frozen=True, tag="spaces.member.changed", kw_only=True):
    """A member has another role. In the space's stream."""

    moves_rights: ClassVar[bool] = True
    person_id: UUID
    role: Role


class SpaceGained(Event, frozen=True, tag="spaces.space.gained", kw_only=True):
    """One may now see a space. In the person's stream; the window then asks for it."""

    space_id: UUID


class SpaceLost(Event, frozen=True, tag="spaces.space.lost", kw_only=True):
    """One may no longer see a space. In the person's stream. `why`: not for who left or was put out by hand, nor once read."""

    space_id: UUID
    why: LostSpace | None = None


class LabelChangeMoved(Event, frozen=True, tag="spaces.label.moved", kw_only=True):
    """A change of the label was proposed, done or dropped; its words are asked for. In the space's stream, for managers."""

    reads: ClassVar[Action | None] = Action.SPACES_LABEL_READ
    change_id: UUID
    state: ChangeState


class GuestsMoved(Event, frozen=True, tag="spaces.guests.moved", kw_only=True):
    """An invitation was made, renewed, withdrawn, accepted or ended, or a guest has another last day; the book is asked for.

    In the space's stream, for managers.
    """

    reads: ClassVar[Action | None] = Action.SPACES_MEMBER_REMOVE


class StayMoved(Event, frozen=True, tag="spaces.stay.moved", kw_only=True):
    """One has another last day in a space. In the guest's stream."""

    space_id: UUID
    ends_on: date
