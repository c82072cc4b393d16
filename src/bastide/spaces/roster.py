"""Memberships and labels in memory, kept true by the journal.

Every act asks who is what where; memory answers in under a microsecond. It is filled once from the database and
then fed by the bus with each committed entry, before anybody else hears it.
"""

from collections.abc import Callable
from uuid import UUID

import msgspec

from bastide.core.database import Reader
from bastide.core.events import Entry
from bastide.core.policy import Label, Place, Role, SpaceKind, Tool
from bastide.spaces.events import MemberAdded, MemberChanged, MemberRemoved, SpaceChanged
from bastide.spaces.model import SpaceView

Moved = Callable[[UUID, UUID], None]
_NOWHERE: frozenset[UUID] = frozenset()


class _SpaceRow(msgspec.Struct, frozen=True):
    id: UUID
    organisation_id: UUID
    kind: str
    label: str
    tools: list[str]


class Roster:
    """Who is what where. `entered` and `parted` are told (person, space) as it happens."""

    def __init__(self) -> None:
        self._places: dict[UUID, Place] = {}
        self._members: dict[UUID, dict[UUID, Role]] = {}
        self._spaces: dict[UUID, frozenset[UUID]] = {}
        self._ids: dict[UUID, UUID] = {}
        self.entered: Moved = lambda _person, _space: None
        self.parted: Moved = lambda _person, _space: None

    async def load(self, reader: Reader) -> None:
        """Fill from the database."""
        spaces = await reader.all(_SpaceRow, "select id, organisation_id, kind, label, tools from space")
        for row in spaces:
            self._put_place(row.id, row.organisation_id, row.kind, row.label, row.tools)
        mine: dict[UUID, set[UUID]] = {}
        for space_id, person_id, role in await reader.rows("select space_id, person_id, role from member"):
            person = self._ids.setdefault(person_id, person_id)
            space = self._ids.setdefault(space_id, space_id)
            self._members.setdefault(space, {})[person] = Role(role)
            mine.setdefault(person, set()).add(space)
        self._spaces = {person: frozenset(held) for person, held in mine.items()}

    def place(self, space_id: UUID) -> Place | None:
        return self._places.get(space_id)

    def role(self, space_id: UUID, person_id: UUID) -> Role | None:
        members = self._members.get(space_id)
        return members.get(person_id) if members is not None else None

    def spaces_of(self, person_id: UUID) -> frozenset[UUID]:
        return self._spaces.get(person_id, _NOWHERE)

    def members(self, space_id: UUID) -> dict[UUID, Role]:
        """Who is in a space; not to be changed."""
        return self._members.get(space_id, {})

    def together(self, one: UUID, other: UUID) -> bool:
        """Whether two people share a space."""
        return one == other or not self.spaces_of(one).isdisjoint(self.spaces_of(other))

    def apply(self, entry: Entry) -> None:
        """Take in what happened. Applying the same entry twice changes nothing."""
        match entry.event:
            case SpaceChanged(space=space):
                self._put_space(space)
            case MemberAdded(person_id=person, role=role):
                self._add(entry.stream_id, person, role)
            case MemberChanged(person_id=person, role=role):
                self._members.setdefault(entry.stream_id, {})[person] = role
            case MemberRemoved(person_id=person):
                self._remove(entry.stream_id, person)
            case _:
                pass

    def _put_space(self, space: SpaceView) -> None:
        self._put_place(space.id, space.organisation_id, space.kind, space.label, list(space.tools))

    def _put_place(
        self, space_id: UUID, organisation_id: UUID, kind: str, label: str, tools: list[str]
    ) -> None:
        self._places[self._ids.setdefault(space_id, space_id)] = Place(
            space_id=space_id,
            organisation_id=self._ids.setdefault(organisation_id, organisation_id),
            kind=SpaceKind(kind),
            label=Label(label),
            tools=frozenset(Tool(t) for t in tools),
        )
        self._members.setdefault(space_id, {})

    def _add(self, space_id: UUID, person_id: UUID, role: Role) -> None:
        self._members.setdefault(space_id, {})[person_id] = role
        self._spaces[person_id] = self.spaces_of(person_id) | {space_id}
        self.entered(person_id, space_id)

    def _remove(self, space_id: UUID, person_id: UUID) -> None:
        self._members.get(space_id, {}).pop(person_id, None)
        self._spaces[person_id] = self.spaces_of(person_id) - {space_id}
        self.parted(person_id, space_id)
