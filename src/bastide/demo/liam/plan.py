"""Who is where in the house, drawn from a seed before anything is written."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec

from bastide.core.ids import Ids
from bastide.core.policy import Label, Role, SpaceKind
from bastide.demo.liam.names import Names

WEEKS = 40
_MANAGERS, _READERS = 2, 2
# Communities of thousands: drawn around this many of 80,000 agents, and between a fourth and four times that.
_COMMUNITY, _OF, _SPREAD, _FAR = 3_500, 80_000, 0.5, 4
_TALKATIVE = 0.8  # how unlike channels are in what is said there


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How large the house is to be. The same size, seed and last day give the same house."""

    agents: int = 80_000
    groups: int = 1_900
    group: int = 40
    communities: int = 41
    messages: int = 1_000_000
    seed: int = 1


class Person(msgspec.Struct, frozen=True):
    """An agent to be."""

    id: UUID
    given: str
    family: str
    email: str
    function: str
    service: str


class Channel(msgspec.Struct, frozen=True):
    """A channel to be. `weight`: how much is said there, beside the others."""

    id: UUID
    name: str
    weight: float


class Space(msgspec.Struct, frozen=True):
    """A space to be. `members`: places in the list of people, those who manage it first and those who only read last."""

    id: UUID
    kind: SpaceKind
    label: Label
    name: str
    description: str
    members: Sequence[int]
    managers: int
    readers: int
    channels: list[Channel]

    @property
    def writers(self) -> int:
        """How many of the first members may write."""
        return len(self.members) - self.readers

    def role(self, place: int) -> Role:
        """The role of the member at a place of the list."""
        if place < self.managers:
            return Role.MANAGER
        return Role.CONTRIBUTOR if place < self.writers else Role.READER


class Plan(msgspec.Struct, frozen=True):
    """The whole house. `since` and `until`: between these messages are sent."""

    people: list[Person]
    spaces: list[Space]
    sentences: list[str]
    since: datetime
    until: datetime


def draw(size: Size, until: datetime, random: Random, ids: Ids) -> Plan:
    """Draw a house whose last message is sent at `until`. The first agent administers, and is in every community with their group."""
    names = Names(random)
    people = [_person(names, ids) for _ in range(size.agents)]
    spaces = [_group(number, size, people, names, random, ids) for number in range(size.groups)]
    spaces += [_community(size, names, random, ids) for _ in range(size.communities)]
    return Plan(people, spaces, names.sentences(), until - timedelta(weeks=WEEKS), until)


def _person(names: Names, ids: Ids) -> Person:
    given, family, email = names.person()
    return Person(ids.new(), given, family, email, names.function(), names.service())


def _group(
    number: int, size: Size, people: Sequence[Person], names: Names, random: Random, ids: Ids
) -> Space:
    first = number * size.group % max(1, size.agents - size.group + 1)
    members = range(first, first + size.group)
    drawn = random.random()
    label = Label.INTERNAL if drawn < 0.88 else Label.SENSITIVE if drawn < 0.98 else Label.RESTRICTED  # noqa: PLR2004
    service = people[first].service
    return Space(
        ids.new(),
        SpaceKind.TEAM,
        label,
        names.group(number + 1, service),
        f"Le travail de chaque jour : {service.lower()}.",
        members,
        _MANAGERS,
        _READERS,
        [_channel("général", random, ids, 3.0), _channel("permanences", random, ids, 1.0)],
    )


def _community(size: Size, names: Names, random: Random, ids: Ids) -> Space:
    usual = _COMMUNITY * size.agents / _OF
    drawn = usual * random.lognormvariate(0, _SPREAD)
    count = min(size.agents, max(_MANAGERS + 1, round(min(max(drawn, usual / _FAR), usual * _FAR))))
    near = range(min(size.group, count))
    members = [*near, *random.sample(range(len(near), size.agents), count - len(near))]
    place = names.place()
    return Space(
        ids.new(),
        SpaceKind.COMMUNITY,
        Label.INTERNAL if random.random() < 0.75 else Label.PUBLIC,  # noqa: PLR2004
        f"Communauté locale de {place}",
        f"Ce qui se passe à {place} et alentour : entraide, nouvelles, questions de terrain.",
        members,
        _MANAGERS,
        0,
        [
            _channel("nouvelles", random, ids, 2.0),
            _channel("entraide", random, ids, 8.0),
            _channel("petites annonces", random, ids, 4.0),
        ],
    )


def _channel(name: str, random: Random, ids: Ids, usual: float) -> Channel:
    return Channel(ids.new(), name, usual * random.lognormvariate(0, _TALKATIVE))
