"""What the services wrote of the demo: the same each time on the same day, to the last byte of every file."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import psycopg

from bastide.core.clock import Clock
from bastide.core.policy import (
    Action,
    Actor,
    ActorKind,
    Decision,
    Hosting,
    HostingProfile,
    Label,
    Place,
    Role,
    RuleName,
    SpaceKind,
)
from bastide.core.policy.table import TABLE
from bastide.demo.fill import fill
from bastide.demo.state import is_demo
from bastide.hosting.service import OPERATOR
from bastide.house import House
from bastide.settings import Settings
from tests.support.postgres import SessionPostgres

# Everything that people see of it, by names and not by ids, which are new each time.
_WRITTEN: tuple[LiteralString, ...] = (
    "select name, short_name, domain, created_at from organisation order by domain",
    """select email, kind, given_name, family_name, function, service, phone, locale, picture
       from person order by email""",
    """select kind, label, tools, name, description, created_at from space order by created_at, name, kind""",
    """select space.name, space.created_at, person.email, member.role, member.joined_at
       from member join space on space.id = space_id join person on person.id = person_id
       order by space.created_at, space.name, person.email, member.joined_at""",
    """select space.name, channel.name, channel.topic, channel.position, channel.last_ordinal, channel.created_at
       from channel join space on space.id = space_id order by channel.created_at, space.name, channel.position""",
    """select channel.created_at, channel.name, message.ordinal, author.email, message.body,
              message.sent_at, message.edited_at, message.deleted_at, cardinality(message.files)
       from message join channel on channel.id = channel_id join person author on author.id = author_id
       order by channel.created_at, channel.name, message.sent_at, message.ordinal, author.email""",
    """select file.name, file.blob, file.size, file.media_type, file.width, file.height, person.email, file.created_at
       from file join person on person.id = created_by order by file.created_at, file.name, file.blob""",
    """select person.email, channel.name, channel.created_at, read_mark.ordinal
       from read_mark join person on person.id = person_id join channel on channel.id = channel_id
       order by person.email, channel.created_at, channel.name""",
)


async def written(url: str) -> list[list[tuple[object, ...]]]:
    """All of it, table after table."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return [await (await connection.execute(query)).fetchall() for query in _WRITTEN]


async def test_the_services_write_the_same_twice(postgres: SessionPostgres, tmp_path: Path) -> None:
    found: list[list[list[tuple[object, ...]]]] = []
    for number in range(2):
        url = await postgres.fresh()
        settings = Settings(data=tmp_path / str(number))
        welcome = await fill(settings, url)
        assert welcome.lines[0].startswith("Sign in as ")
        found.append(await written(url))
        if number == 0:
            await shows_every_rule(settings, url)
        await postgres.drop(url)
    one, other = found
    for query, first, second in zip(_WRITTEN, one, other, strict=True):
        assert first, query
        assert first == second, query


async def shows_every_rule(settings: Settings, url: str) -> None:
    """Somebody in it meets each rule that can be shown truly, its audit holds, and it goes on saying what it is."""
    house = House.build(settings, conninfo=url, clock=Clock())
    await house.open()
    try:
        today = house.rulebook.today
        async with house.ground.database.read() as reader:
            stays = await reader.rows("select ends_on from guest_stay")
            waiting = await reader.rows(
                "select id from invitation where state = 'pending' and kind = 'guest'"
            )
            pending = await reader.rows(
                "select label_before, label_after from label_change where state = 'pending'"
            )
            labels = await reader.rows("select distinct label from space")
            foreign = await reader.rows(
                """select person.id from member join space on space.id = space_id join person on person.id = person_id
                   where label = 'restricted' and person.organisation_id <> space.organisation_id"""
            )
            assert await is_demo(reader)
        assert [0 < (ends_on - today).days < 14 for (ends_on,) in stays] == [True]
        assert (len(waiting), pending, len(foreign)) == (1, [("sensitive", "internal")], 1)
        assert {label for (label,) in labels} == {label.value for label in Label}
        met = await refusals_met(house)
        # What it may hold is everything: of where it lies and what it was approved for nothing refuses there.
        told_by_holding = {RuleName.HOSTING, RuleName.HOSTING_RESTRICTED, RuleName.APPROVAL}
        assert met.keys() == set(RuleName) - told_by_holding - {RuleName.ALLOWED}
        assert met[RuleName.STRONG_SIGN_IN] == {"password-only"}
        assert {"guest-in-sensitive", "guest-in-restricted"} <= met[RuleName.GUEST_LABEL]
        view = house.hosting.state()
        assert len(view.partners) == 1
        assert view.profile is not None
        assert {view.profile.declaration.fictitious, view.partners[0].declaration.fictitious} == {True}
        assert (await house.ground.audit.verify()).broken_at is None
        # Somebody declares one thing: what is left of the demo stays marked as the demo's.
        after = await house.hosting.do_declare_profile(OPERATOR, HostingProfile(Hosting.STATE))
        assert after.profile is not None
        assert after.approval is not None
        assert (after.profile.declaration.fictitious, after.approval.declaration.fictitious) == (False, True)
        assert after.fictitious
        async with house.ground.database.read() as reader:
            assert await is_demo(reader)
    finally:
        await house.close()


IN_SPACES = {action for action in Action if TABLE[action].nature is not None}


async def refusals_met(house: House) -> dict[RuleName, set[str]]:
    """Which rules refuse something to the people of the demo, with their reasons. Everybody comes in by their password."""
    async with house.ground.database.read() as reader:
        people = await reader.rows("select id, kind, organisation_id, administrator from person")
        written = await reader.rows(
            "select distinct space_id, author_id from message join channel on channel.id = channel_id"
        )
        proposed = await reader.rows("select space_id, made_by from label_change where state = 'pending'")
        places = [house.roster.place(space_id) for (space_id,) in await reader.rows("select id from space")]
        organisations = [id_ for (id_,) in await reader.rows("select id from organisation")]
    met = defaultdict[RuleName, set[str]](set)
    for person_id, kind, organisation_id, administrator in people:
        actor = Actor(
            ActorKind(kind),
            person_id,
            organisation_id,
            person_id,
            person_id,
            administrator=administrator,
            officer=administrator,
        )
        decisions = [*on_no_space(house, actor), *in_spaces_to_be(house, actor, organisations)]
        for place in places:
            assert place is not None
            anothers = any(where == place.space_id and by != person_id for where, by in written)
            proposes = (place.space_id, person_id) in proposed
            decisions += in_a_space(house, actor, place, anothers=anothers, proposes=proposes)
        for decision in decisions:
            if not decision.allowed:
                met[decision.rule].add(decision.reason)
    return met


def on_no_space(house: House, actor: Actor) -> Iterator[Decision]:
    """Every act on no space."""
    for action in set(Action) - IN_SPACES:
        yield house.ground.access.would(actor, action, None, None, own=not TABLE[action].others)


def in_spaces_to_be(house: House, actor: Actor, organisations: list[UUID]) -> Iterator[Decision]:
    """A sensitive community; a restricted team of their own administration, and the agents of others in it."""
    access, home = house.ground.access, actor.organisation_id
    community = Place(actor.person_id, home, SpaceKind.COMMUNITY, Label.SENSITIVE, frozenset())
    team = Place(actor.person_id, home, SpaceKind.TEAM, Label.RESTRICTED, frozenset())
    yield access.would(actor, Action.SPACES_SPACE_CREATE, community, Role.MANAGER)
    for other in organisations:
        yield access.admits(ActorKind.AGENT, other, Action.SPACES_SPACE_READ, team, Role.READER)


def in_a_space(
    house: House, actor: Actor, place: Place, *, anothers: bool, proposes: bool
) -> Iterator[Decision]:
    """Every act in a space that is there: on what is theirs, on a message of another, on what they proposed themselves."""
    access, role = house.ground.access, house.roster.role(place.space_id, actor.person_id)
    for action in IN_SPACES:
        yield access.would(actor, action, place, role, own=not TABLE[action].others)
    if anothers:
        yield access.would(actor, Action.CHAT_MESSAGE_EDIT, place, role)
    if proposes:
        yield access.would(actor, Action.SPACES_LABEL_CONFIRM, place, role, own=True)
