"""The first administrator of an empty instance: one link, once."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from bastide.core.client import Client
from bastide.core.clock import HeldClock
from bastide.core.errors import Invalid, NotFound, TooMany
from bastide.house import House
from bastide.people.first import FirstForm
from bastide.people.sessions import Opened
from bastide.settings import Settings
from tests.support.postgres import SessionPostgres
from tests.support.town import MORNING, PASSWORD, Town, lay_tables


@pytest_asyncio.fixture
async def empty(postgres: SessionPostgres, tmp_path: Path) -> AsyncGenerator[House]:
    """A house in which nobody lives."""
    url = await postgres.fresh(lay_tables)
    house = House.build(Settings(data=tmp_path, demo=False), conninfo=url, clock=HeldClock(MORNING))
    await house.open()
    yield house
    await house.close()
    await postgres.drop(url)


def form(token: str) -> FirstForm:
    return FirstForm(
        token=token,
        organisation_name="Mairie de Saint-Amand",
        organisation_short_name="Saint-Amand",
        organisation_domain="Saint-Amand.example",
        given_name="Claire",
        family_name="Aubry",
        email="claire.aubry@saint-amand.example",
        password=PASSWORD,
    )


async def accept(house: House, filled: FirstForm, address: str = "192.0.2.1") -> Opened:
    return await house.first.accept(filled, Client(address, "test"))


async def test_links_are_not_tried_for_ever(empty: House) -> None:
    token = await empty.first.link()
    assert token is not None
    outcomes = await asyncio.gather(
        *(accept(empty, form(f"{i:064x}")) for i in range(60)), return_exceptions=True
    )
    codes = [getattr(o, "code", None) for o in outcomes]
    assert (codes.count("not-found"), codes.count("too-many")) == (20, 40)
    with pytest.raises(TooMany) as told:
        await accept(empty, form(token))
    assert 0 < (told.value.retry_after_s or 0) <= 600
    # A form with a mistake in it, by who holds the link, is no try at links; and another place is another.
    for _ in range(30):
        with pytest.raises(Invalid):
            await accept(empty, msgspec.structs.replace(form(token), password="court"), "192.0.2.2")
    await accept(empty, form(token), "192.0.2.2")


async def test_it_makes_an_administrator_and_signs_them_in(empty: House) -> None:
    token = await empty.first.link()
    assert token is not None
    assert len(token) == 64
    opened = await accept(empty, form(token))
    me = await empty.people.me(opened.actor, opened.session_token)
    assert me.administrator
    assert me.officer, "both offices, until somebody lays one down"
    assert me.administration_until is None
    assert me.profile.organisation.domain == "saint-amand.example"
    assert await empty.people.sessions.authenticate(opened.session_token) is not None
    assert await empty.first.link() is None, "an instance that has an organisation gives no link"
    async with empty.ground.database.read() as reader:
        assert await reader.value("select count(*) from instance where name = 'first_link'") == 0
    verdict = await empty.ground.audit.verify()
    assert (verdict.lines, verdict.broken_at) == (1, None)


async def test_it_is_good_once_also_for_many_at_once(empty: House) -> None:
    token = await empty.first.link()
    assert token is not None
    outcomes = await asyncio.gather(
        *(
            accept(empty, msgspec.structs.replace(form(token), email=f"personne{i}@saint-amand.example"))
            for i in range(6)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(o, Opened) for o in outcomes) == 1
    assert sum(isinstance(o, NotFound) for o in outcomes) == 5
    assert len(await empty.people.organisations()) == 1
    with pytest.raises(NotFound):
        await accept(empty, form(token))


async def test_a_newer_link_makes_the_older_useless(empty: House) -> None:
    old = await empty.first.link()
    new = await empty.first.link()
    assert old is not None
    assert new is not None
    for wrong in (old, "", "0" * 64, new.upper(), new[:-1], new + "0", "é" * 64):
        with pytest.raises(NotFound):
            await accept(empty, form(wrong))
    await accept(empty, form(new))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation_name", ""),
        ("organisation_name", "x" * 121),
        ("organisation_short_name", "\x00"),
        ("organisation_domain", "pas un domaine"),
        ("organisation_domain", "a@b.example"),
        ("organisation_domain", ""),
        ("given_name", " "),
        ("family_name", "\u202e"),
        ("email", "a@b@saint-amand.example"),
        ("password", "trop court"),
        ("password", "x" * 300),
    ],
)
async def test_a_field_that_is_none_leaves_the_link_good(empty: House, field: str, value: str) -> None:
    token = await empty.first.link()
    assert token is not None
    with pytest.raises(Invalid):
        await accept(empty, msgspec.structs.replace(form(token), **{field: value}))
    assert await empty.people.organisations() == []
    await accept(empty, form(token))


async def test_an_instance_with_people_has_no_first(town: Town) -> None:
    assert await town.house.first.link() is None
    for token in ("", "0" * 64):
        with pytest.raises(NotFound):
            await accept(town.house, form(token))
