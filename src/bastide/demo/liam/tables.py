"""The tables that are filled from the plan, row by row as the services would have written them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from bastide.chat.events import ChannelChanged, ChannelRead
from bastide.chat.service import ChannelFact
from bastide.core.content import Plain, stored
from bastide.core.events import Event, tag_of
from bastide.core.fold import words
from bastide.core.ids import Ids
from bastide.core.policy import ActorKind, SpaceKind, Tool
from bastide.demo.liam.copying import Table
from bastide.demo.liam.plan import Person, Plan, Space
from bastide.demo.liam.talk import AUTHORS, Talk
from bastide.spaces.events import MemberAdded, SpaceChanged, SpaceGained
from bastide.spaces.model import FACES
from bastide.spaces.service import SpaceFact

Row = tuple[Any, ...]
_SETTLED = timedelta(days=10)  # how long before the first message people moved in
_BEHIND = 0.3  # the part of members who have not read all, and how far they are behind
_BEHIND_BY = 12.0

STREAM = Table("stream", {"id": "uuid", "seq": "int8"})
PERSON = Table(
    "person",
    {
        "id": "uuid",
        "organisation_id": "uuid",
        "kind": "text",
        "email": "text",
        "given_name": "text",
        "family_name": "text",
        "function": "text",
        "service": "text",
        "administrator": "bool",
        "officer": "bool",
        "words": "text",
        "created_at": "timestamptz",
    },
)
CREDENTIAL = Table("credential", {"person_id": "uuid", "password_hash": "text", "changed_at": "timestamptz"})
SPACE = Table(
    "space",
    {
        "id": "uuid",
        "organisation_id": "uuid",
        "kind": "text",
        "label": "text",
        "tools": "text[]",
        "name_format": "int2",
        "name": "bytea",
        "description_format": "int2",
        "description": "bytea",
        "created_by": "uuid",
        "created_at": "timestamptz",
        "client_id": "uuid",
    },
)
SPACE_WORDS = Table("space_words", {"space_id": "uuid", "words": "text"})
MEMBER = Table(
    "member", {"space_id": "uuid", "person_id": "uuid", "role": "text", "joined_at": "timestamptz"}
)
CHANNEL = Table(
    "channel",
    {
        "id": "uuid",
        "space_id": "uuid",
        "name_format": "int2",
        "name": "bytea",
        "topic_format": "int2",
        "topic": "bytea",
        "position": "int4",
        "created_at": "timestamptz",
    },
)
ENTRY = Table(
    "journal",
    {
        "stream_id": "uuid",
        "seq": "int8",
        "at": "timestamptz",
        "by": "uuid",
        "type": "text",
        "fact": "bytea",
    },
)
READ_MARK = Table("read_mark", {"person_id": "uuid", "channel_id": "uuid", "ordinal": "int8"})


class Tables:
    """The rows of a plan. `own_seqs` counts each person's stream and `seqs` each space's, as entries are made."""

    def __init__(self, plan: Plan, organisation_id: UUID, password_hash: str, ids: Ids) -> None:
        self._plan = plan
        self._organisation_id = organisation_id
        self._password_hash = password_hash
        self._ids = ids
        self._encode = msgspec.json.Encoder().encode
        self._marks: list[tuple[int, UUID, int, bool]] = []
        self.settled = plan.since - _SETTLED
        self.own_seqs = [0] * len(plan.people)
        self.seqs = [0] * len(plan.spaces)

    def streams(self) -> Iterator[Row]:
        """Heads that are moved when all is written."""
        yield from ((person.id, 0) for person in self._plan.people)
        yield from ((space.id, 0) for space in self._plan.spaces)

    def people(self) -> Iterator[Row]:
        for number, p in enumerate(self._plan.people):
            known = words(p.given, p.family, p.function, p.service, p.email)
            yield (
                p.id, self._organisation_id, ActorKind.AGENT.value, p.email, p.given, p.family, p.function, p.service,
                number == 0, number == 0, known, self.settled,
            )  # fmt: skip

    def credentials(self) -> Iterator[Row]:
        """One passphrase for all, as in every demo: it is made slow once and not 80,000 times."""
        yield from ((p.id, self._password_hash, self.settled) for p in self._plan.people)

    def spaces(self) -> Iterator[Row]:
        tools = [tool.value for tool in Tool]
        for space in self._plan.spaces:
            name, description = stored(Plain(space.name)), stored(Plain(space.description))
            yield (
                space.id, self._organisation_id, space.kind.value, space.label.value, tools, *name, *description,
                self._maker(space).id, self.settled, self._ids.new(),
            )  # fmt: skip

    def space_words(self) -> Iterator[Row]:
        for space in self._plan.spaces:
            if space.kind is SpaceKind.COMMUNITY:
                yield space.id, words(space.name, space.description)

    def members(self) -> Iterator[Row]:
        people = self._plan.people
        for space in self._plan.spaces:
            for place, number in enumerate(space.members):
                joined = self._joined(place)
                yield space.id, people[number].id, space.role(place).value, joined

    def channels(self) -> Iterator[Row]:
        for space in self._plan.spaces:
            for position, channel in enumerate(space.channels):
                name, topic = stored(Plain(channel.name)), stored(Plain(""))
                yield channel.id, space.id, *name, *topic, position, self.settled

    def entries(self) -> Iterator[Row]:
        """How spaces were made and people came in, in the spaces' streams and in theirs."""
        for number, space in enumerate(self._plan.spaces):
            maker = self._maker(space).id
            yield self._told(number, self.settled, SpaceChanged, SpaceFact(space.id))
            faces: list[UUID] = []
            for place, person in enumerate(space.members):
                at, came = self._joined(place), self._plan.people[person]
                if place < FACES:
                    faces = [*faces, came.id]
                added = MemberAdded(
                    person_id=came.id, role=space.role(place), members_count=place + 1, faces=faces
                )
                yield self._told(number, at, MemberAdded, added)
                yield self._own(person, at, maker, SpaceGained(space_id=space.id))
            furnished = self._joined(len(space.members))
            for channel in space.channels:
                yield self._told(number, furnished, ChannelChanged, ChannelFact(channel.id))

    def read(self, talk: Talk, random: Random) -> None:
        """Decide how far everybody has read: what they wrote themselves at least."""
        channel_number = -1
        for space in self._plan.spaces:
            for channel in space.channels:
                channel_number += 1
                last = talk.ordinals[channel_number]
                for person in space.members:
                    own = talk.own.get(channel_number * AUTHORS + person, 0)
                    behind = 0 if random.random() > _BEHIND else round(random.expovariate(1 / _BEHIND_BY))
                    mark = max(own, last - behind)
                    if mark > 0:
                        self._marks.append((person, channel.id, mark, mark > own))

    def read_marks(self) -> Iterator[Row]:
        yield from ((self._plan.people[n].id, channel, mark) for n, channel, mark, _ in self._marks)

    def read_entries(self) -> Iterator[Row]:
        """Who read on after what they wrote: in their own streams."""
        for number, channel, mark, moved in self._marks:
            if moved:
                by = self._plan.people[number].id
                yield self._own(number, self._plan.until, by, ChannelRead(channel_id=channel, ordinal=mark))

    def heads(self) -> tuple[list[UUID], list[int]]:
        """Where all streams stand."""
        ids = [p.id for p in self._plan.people] + [s.id for s in self._plan.spaces]
        return ids, [*self.own_seqs, *self.seqs]

    def _told(self, number: int, at: datetime, type_: type[Event], fact: msgspec.Struct) -> Row:
        space = self._plan.spaces[number]
        self.seqs[number] += 1
        return self._entry(space.id, self.seqs[number], at, self._maker(space).id, type_, fact)

    def _own(self, person: int, at: datetime, by: UUID, event: Event) -> Row:
        self.own_seqs[person] += 1
        return self._entry(self._plan.people[person].id, self.own_seqs[person], at, by, type(event), event)

    def _entry(
        self, stream: UUID, seq: int, at: datetime, by: UUID, type_: type[Event], fact: msgspec.Struct
    ) -> Row:
        return stream, seq, at, by, tag_of(type_), self._encode(fact)

    def _joined(self, place: int) -> datetime:
        return self.settled + timedelta(milliseconds=place)

    def _maker(self, space: Space) -> Person:
        return self._plan.people[space.members[0]]
