"""The directory, profiles and cards."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bastide.core.clock import HeldClock
from bastide.core.errors import Invalid, NotFound, Refused
from bastide.core.fold import fold, prefixes
from bastide.core.policy import Actor, ActorKind
from bastide.people.errors import AddressTaken
from bastide.people.model import NewAgent, Organisation, ProfileChange
from bastide.people.service import checked_address
from tests.support.postgres import SessionPostgres
from tests.support.town import Town


async def person(town: Town, given: str, family: str, organisation: Organisation) -> UUID:
    """Somebody with a name of any alphabet; their address is their number."""
    email = f"{town.house.ground.ids.new().hex}@{organisation.domain}"
    return await town.house.people.do_create_person(NewAgent(organisation.id, email, given, family))


async def crowd(town: Town) -> None:
    """People whose names are not ASCII."""
    await person(town, "Éloïse", "Œuvrard", town.prefecture)
    await person(town, "Jean-François", "L’Hénaff", town.prefecture)
    await person(town, "Maëlys", "de La Tour d’Auvergne", town.agency)
    await person(town, "Anh", "Nguyễn", town.agency)
    await person(town, "Jörg", "Großmann", town.agency)


async def names(town: Town, asked: str, actor: Actor | None = None) -> list[str]:
    return [card.family_name for card in await town.house.people.search(actor or town.agathe, asked, 50)]


async def test_a_guest_is_refused_and_it_is_recorded(town: Town) -> None:
    with pytest.raises(Refused) as refusal:
        await town.house.people.search(town.guest, "agathe")
    assert refusal.value.rule == "actor"
    await town.house.ground.audit.flush()
    lines = [bytes(r.line) async for r in town.house.ground.audit.lines()]
    assert any(b"people:directory:search" in line and b'"allowed":false' in line for line in lines)


async def test_accents_case_and_order_do_not_matter(town: Town) -> None:
    await crowd(town)
    for asked in (
        "éloïse",
        "ELOISE",
        "eloi",
        "oeuvrard",
        "œuvrard",
        "OEUVRARD eloise",
        "Œuvrard, Éloïse",
        "  elo   oeu  ",
        "E\u0301loi\u0308se",
    ):
        assert await names(town, asked) == ["Œuvrard"], asked
    for asked in ("henaff", "l'henaff", "L’HÉNAFF jean", "francois jean", "jean-françois"):
        assert await names(town, asked) == ["L’Hénaff"], asked
    assert await names(town, "nguyen") == ["Nguyễn"]
    assert await names(town, "grossmann jorg") == ["Großmann"]
    assert await names(town, "tour auvergne") == ["de La Tour d’Auvergne"]
    assert await names(town, "auvergne éloïse") == []


async def test_the_beginnings_of_words_and_not_their_middles(town: Town) -> None:
    await crowd(town)
    assert await names(town, "uvrard") == []
    assert await names(town, "oeuv") == ["Œuvrard"]


async def test_ones_own_organisation_comes_first(town: Town) -> None:
    await town.person("Agathe", "Zola", town.agency)
    assert await names(town, "agathe") == ["Delorme", "Zola"]
    assert await names(town, "agathe", town.solene) == ["Zola", "Delorme"]
    assert await names(town, "") == ["Bouchareb", "Delorme", "Diarra"], "one's own, in the order of names"
    assert await names(town, "", town.solene) == ["Kerbrat", "Zola"]


async def test_by_function_service_and_address(town: Town) -> None:
    await town.house.people.change_profile(
        town.ousmane, ProfileChange(function="Hydrologue", service="Crues et inondations")
    )
    for asked in ("hydrologue", "inondations crues", "diarra haute", "ousmane.diarra@haute-vezelle.example"):
        assert await names(town, asked) == ["Diarra"], asked
    assert "Diarra" not in await names(town, "chargé")


async def test_suspended_people_and_guests_are_not_found(town: Town) -> None:
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update person set suspended_at = now() where id = %(id)s", id=town.yanis.person_id)
    assert await names(town, "yanis") == []
    assert "Bouchareb" not in await names(town, "")
    assert await names(town, "vasseur") == [], "guests are no part of the directory"


@pytest.mark.parametrize(
    "asked",
    [
        "'; drop table person; --",
        "agathe' or '1'='1",
        "a & b | !c",
        "(((",
        ":*",
        "a:*b",
        "\\",
        "\x00",
        "agathe\x00",
        "%",
        "_",
        "<->",
        "a <2> b",
        "\u202eagathe",
        "ﷺ" * 200,
        "㌖" * 200,
        "x" * 200,
        "😀" * 200,
        "½ ⅷ ² ٣",
        "a " * 100,
    ],
)
async def test_what_is_asked_is_only_words(quarter: Town, asked: str) -> None:
    found = await names(quarter, asked)
    assert set(found) <= {"Delorme", "Diarra", "Bouchareb"} or asked.startswith("a")
    await quarter.house.spaces.communities(quarter.agathe, asked)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
async def test_nothing_asked_breaks_the_search(quarter: Town, asked: str) -> None:
    await names(quarter, asked)


@given(st.text(max_size=60))
def test_folding_is_stable_and_prefixes_hold_words_only(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    asked = prefixes(text)
    if asked is not None:
        for part in asked.split(" & "):
            assert part.endswith(":*")
            assert part[:-2].isalnum()
            assert len(part.encode()) < 2000


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=8))
async def test_who_has_a_name_is_found_by_it(quarter: Town, name: str) -> None:
    """Any alphabet: whatever letters a name has, its bearer is found by them."""
    clock = quarter.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(timedelta(seconds=1))  # nobody asks so often in one moment
    bearer = await person(quarter, "Camille", f"x{name}", quarter.agency)
    found = await quarter.house.people.search(quarter.agathe, f"x{name}", 50)
    assert bearer in {card.id for card in found}


# Profiles and cards.


async def test_a_guest_sees_only_the_people_of_their_spaces(town: Town) -> None:
    people = town.house.people
    own = await town.space(town.agathe, contributors=[town.guest])
    assert (await people.profile(town.guest, town.agathe.person_id)).card.family_name == "Delorme"
    for stranger in (town.ousmane.person_id, town.solene.person_id, own.space.id):
        with pytest.raises(NotFound):
            await people.profile(town.guest, stranger)
        with pytest.raises(NotFound):
            await people.picture_of(town.guest, stranger)
    asked = [town.agathe.person_id, town.ousmane.person_id, town.guest.person_id, own.space.id]
    cards = await people.cards(town.guest, asked)
    assert {c.id for c in cards} == {town.agathe.person_id, town.guest.person_id}
    assert {c.id for c in await people.cards(town.solene, asked)} == set(asked) - {own.space.id}
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.guest.person_id)
    with pytest.raises(NotFound):
        await people.profile(town.guest, town.agathe.person_id)
    assert [c.id for c in await people.cards(town.guest, asked)] == [town.guest.person_id]


async def test_one_changes_ones_own_profile_only(town: Town) -> None:
    people = town.house.people
    changed = await people.change_profile(
        town.guest, ProfileChange(function="  Chef \n de   file ", locale="en")
    )
    assert changed.card.function == "Chef de file"
    assert (await people.profile(town.agathe, town.agathe.person_id)).card.function == "Chargé de mission"
    assert (await people.me(town.guest, "")).locale == "en"
    emptied = await people.change_profile(town.guest, ProfileChange(function=""))
    assert emptied.card.function == ""
    for bad in (
        ProfileChange(function="x" * 161),
        ProfileChange(service="\x00"),
        ProfileChange(phone="1" * 41),
        ProfileChange(function="à l’envers \u202e"),
    ):
        with pytest.raises(Invalid):
            await people.change_profile(town.guest, bad)
    assert await names(town, "file") == []


# Addresses.


@pytest.mark.parametrize(
    "address",
    [
        "a@b@c",
        "a@b@haute-vezelle.example",
        "@haute-vezelle.example",
        "agathe@",
        "agathe",
        "agathe@localhost",
        "agathe@-haute.example",
        "agathe@haute..example",
        "a..b@haute.example",
        "agathe@haute.example ,x@evil.example",
        "agathe@haute.example\n",
        "agathe@haute.example\x00",
        "agathe <agathe@haute.example>",
        '"a b"@haute.example',
        "agathe@[127.0.0.1]",
        "agathé@haute.example",
        "agathe@hauté.example",
        "agathe@haute.example.",
        "x" * 65 + "@haute.example",
        "a@" + "x." * 130 + "example",
        "agathe@evil.example%40haute.example",
        "agathe@haute.example@",
        "ａｇａｔｈｅ@haute.example",
    ],
)
def test_what_is_no_address(address: str) -> None:
    if address.endswith("\n"):
        assert checked_address(address) == address.strip()
        return
    with pytest.raises(Invalid):
        checked_address(address)


async def test_an_address_belongs_to_one_person_whatever_its_case(town: Town) -> None:
    people = town.house.people
    for spelling in ("agathe.delorme@haute-vezelle.example", " AGATHE.Delorme@Haute-Vezelle.EXAMPLE "):
        with pytest.raises(AddressTaken):
            await people.do_create_person(NewAgent(town.prefecture.id, spelling, "Autre", "Personne"))
    for kind in (ActorKind.SYSTEM, ActorKind.LINK):
        with pytest.raises(Invalid):
            await people.do_create_person(NewAgent(town.prefecture.id, "x@y.example", "A", "B"), kind=kind)
    for password in ("court", "x" * 257):
        with pytest.raises(Invalid):
            await people.do_create_person(
                NewAgent(town.prefecture.id, "x@y.example", "A", "B", password=password)
            )


async def test_an_unfinished_account_leaves_nothing(town: Town, postgres: SessionPostgres) -> None:
    async with town.house.ground.database.read() as reader:
        before = await reader.value("select count(*) from stream")
    with pytest.raises(AddressTaken):
        await town.house.people.do_create_person(
            NewAgent(town.prefecture.id, "agathe.delorme@haute-vezelle.example", "A", "B")
        )
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select count(*) from stream") == before
