"""Memberships and labels in memory, kept true by the journal.

Every act asks who is what where; memory answers in under a microsecond. It is filled once from the database and
then fed by the bus with each committed entry, before anybody else hears it.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from uuid import UUID

import msgspec

from bastide.core.database import Reader
from bastide.core.events import Entry
from bastide.core.policy import Label, Place, Role, SpaceKind, Tool
from bastide.spaces.events import MemberAdded, MemberChanged, MemberRemoved, SpaceChanged
from bastide.spaces.model import SpaceView

Moved = Callable[[UUID, UUID], None]
_NOWHERE: frozenset[UUID] = frozenset()
_NOTHING = array("I")
_ROLES = tuple(Role)
_CODES = {role: code for code, role in enumerate(_ROLES)}
_ROLE_BITS = 2
_ROLE = (1 << _ROLE_BITS) - 1
_PAGE = 5_000
_FIRST = UUID(int=0)


class _SpaceRow(msgspec.Struct, frozen=True):
    id: UUID
    organisation_id: UUID
    kind: str
    label: str
    tools: list[str]


class Roster:
    """Who is what where. `entered` and `parted` are told (person, space) as it happens.

    Spaces are numbered as they become known. Of each person one small array is held, sorted: the numbers of their spaces,
    each with the role there in its lowest bits. Keys are the ids' own integers, as a UUID is hashed and compared in Python.
    So a membership takes four bytes and a person about 170 (a house of 80,000 people and 250,000 memberships: 16 MB).
    """

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        self._numbers: dict[int, int] = {}
        self._ids: list[UUID] = []
        self._held: dict[int, array[int]] = {}
        self.page = _PAGE  # how many people are taken in at a time
        self.entered: Moved = lambda _person, _space: None
        self.parted: Moved = lambda _person, _space: None

    async def load(self, reader: Reader) -> None:
        """Fill from the database, in several statements: let the reader see one moment."""
        spaces = await reader.all(
            _SpaceRow, "select id, organisation_id, kind, label, tools from space order by id"
        )
        for row in spaces:
            self._put_place(row.id, row.organisation_id, row.kind, row.label, row.tools)
        self._held = {}
        after = _FIRST
        while after is not None:
            after = await self._load_page(reader, after)

    async def _load_page(self, reader: Reader, after: UUID) -> UUID | None:
        """Take in the next people: a page at a time, so that rows never stand in memory beside what is made of them."""
        rows = await reader.rows(
            """
            select m.person_id, string_agg(
                int4send(((s.number - 1) << %(bits)s | array_position(%(roles)s::text[], m.role) - 1)::int), '')
            from member m join unnest(%(spaces)s::uuid[]) with ordinality as s (id, number) on s.id = m.space_id
            where m.person_id > %(after)s and m.person_id <= coalesce((
                select max(person_id::text)::uuid from (
                    select distinct person_id from member where person_id > %(after)s order by person_id limit %(page)s
                ) page), %(after)s)
            group by m.person_id
            """,
            bits=_ROLE_BITS,
            roles=[role.value for role in _ROLES],
            spaces=self._ids,
            after=after,
            page=self.page,
        )
        for person_id, packed in rows:
            held = array("I", packed)
            if sys.byteorder == "little":
                held.byteswap()
            self._held[person_id.int] = array("I", sorted(held))
        return max((row[0] for row in rows), default=None)

    def count(self) -> int:
        """How many people are in some space."""
        return len(self._held)

    def place(self, space_id: UUID) -> Place | None:
        return self._places.get(space_id.int)

    def role(self, space_id: UUID, person_id: UUID) -> Role | None:
        number = self._numbers.get(space_id.int)
        held = self._held.get(person_id.int)
        if number is None or held is None:
            return None
        at = bisect_left(held, number << _ROLE_BITS)
        if at < len(held) and held[at] >> _ROLE_BITS == number:
            return _ROLES[held[at] & _ROLE]
        return None

    def spaces_of(self, person_id: UUID) -> frozenset[UUID]:
        held = self._held.get(person_id.int)
        if held is None:
            return _NOWHERE
        ids = self._ids
        return frozenset([ids[one >> _ROLE_BITS] for one in held])

    def members(self, space_id: UUID) -> dict[UUID, Role]:
        """Who is in a space. It looks at everybody: for tests and tools, not for acts."""
        found = ((UUID(int=person), self.role(space_id, UUID(int=person))) for person in self._held)
        return {person: role for person, role in found if role is not None}

    def whole(self) -> tuple[dict[UUID, Place], dict[UUID, dict[UUID, Role]]]:
        """All of it: places, and what everybody is where. For tests and tools, as `members`."""
        held = {
            UUID(int=person): {
                self._ids[one >> _ROLE_BITS]: _ROLES[one & _ROLE] for one in self._held[person]
            }
            for person in self._held
        }
        return {place.space_id: place for place in self._places.values()}, held

    def together(self, one: UUID, other: UUID) -> bool:
        """Whether two people share a space."""
        if one == other:
            return True
        mine = {held >> _ROLE_BITS for held in self._held.get(one.int, _NOTHING)}
        return any(held >> _ROLE_BITS in mine for held in self._held.get(other.int, _NOTHING))

    def apply(self, entry: Entry) -> None:
        """Take in what happened. Applying the same entry twice changes nothing."""
        match entry.event:
            case SpaceChanged(space=space):
                self._put_space(space)
            case MemberAdded(person_id=person, role=role):
                self._hold(entry.stream_id, person, role)
                self.entered(person, entry.stream_id)
            case MemberChanged(person_id=person, role=role):
                self._hold(entry.stream_id, person, role)
            case MemberRemoved(person_id=person):
                self._let_go(entry.stream_id, person)
                self.parted(person, entry.stream_id)
            case _:
                pass

    def _put_space(self, space: SpaceView) -> None:
        self._put_place(space.id, space.organisation_id, space.kind, space.label, list(space.tools))

    def _put_place(
        self, space_id: UUID, organisation_id: UUID, kind: str, label: str, tools: list[str]
    ) -> None:
        self._number(space_id)
        self._places[space_id.int] = Place(
            space_id=space_id,
            organisation_id=_same(organisation_id),
            kind=SpaceKind(kind),
            label=Label(label),
            tools=_tools(tuple(tools)),
        )

    def _number(self, space_id: UUID) -> int:
        number = self._numbers.setdefault(space_id.int, len(self._ids))
        if number == len(self._ids):
            self._ids.append(space_id)
        return number

    def _hold(self, space_id: UUID, person_id: UUID, role: Role) -> None:
        held = self._without(space_id, person_id)
        held.append(self._number(space_id) << _ROLE_BITS | _CODES[role])
        self._held[person_id.int] = array("I", sorted(held))

    def _let_go(self, space_id: UUID, person_id: UUID) -> None:
        held = self._without(space_id, person_id)
        if held:
            self._held[person_id.int] = held
        else:
            self._held.pop(person_id.int, None)

    def _without(self, space_id: UUID, person_id: UUID) -> "array[int]":
        """What somebody holds but for one space."""
        number = self._numbers.get(space_id.int, -1)
        held = self._held.get(person_id.int, _NOTHING)
        return array("I", [one for one in held if one >> _ROLE_BITS != number])


@cache
def _tools(names: tuple[str, ...]) -> frozenset[Tool]:
    """Few spaces differ in their tools."""
    return frozenset(Tool(name) for name in names)


@cache
def _same(organisation_id: UUID) -> UUID:
    """One object for all equal ids."""
    return organisation_id
