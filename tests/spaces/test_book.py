"""The lists of people and spaces that administrators have: whole, found, taken away, and nothing in them that an office opens."""

import csv
import io

import pytest

from bastide.core.errors import Refused
from bastide.core.policy import Action, Label, Office, SpaceKind
from bastide.core.sheet import line
from bastide.people.model import NewAgent, ProfileChange
from bastide.spaces.book_store import Sought
from tests.people.test_administering import told
from tests.support.served import Served
from tests.support.town import Town

ANYTHING = Sought()


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


async def test_spaces_are_listed_without_what_is_in_them(town: Town) -> None:
    chief = await town.in_office(town.yanis, Office.ADMINISTRATOR)
    secret = await town.space(
        town.agathe, name="Réorganisation", label=Label.SENSITIVE, readers=[town.ousmane]
    )
    common = await town.space(town.ousmane, name="Cyclistes", kind=SpaceKind.COMMUNITY)
    own = await town.space(town.agathe, name="Chantier du pont", contributors=[town.yanis])
    await town.space(town.solene, name="Lignes de bus")
    await town.say(
        town.agathe, await town.channel(town.agathe, secret.space.id), "rien de ceci ne se lit ailleurs"
    )
    await town.house.spaces.direct(town.agathe, [town.ousmane.person_id])
    book = await town.house.book.page(chief, ANYTHING)
    assert (book.count, book.next) == (3, None)
    assert [one.id for one in book.spaces] == [own.space.id, common.space.id, secret.space.id]
    named = [None if one.name is None else one.name.text for one in book.spaces]
    assert named == ["Chantier du pont", "Cyclistes", None]
    last = book.spaces[-1]
    assert (last.label, last.members, last.managers_count) == (Label.SENSITIVE, 2, 1)
    assert [card.id for card in last.managers] == [town.agathe.person_id]
    assert (last.files, last.size) == (0, 0)
    assert ("spaces:book:read", True, None) in await told(town, Action.SPACES_BOOK_READ)


async def test_spaces_are_found_and_paged(town: Town) -> None:
    chief = await town.in_office(town.yanis, Office.ADMINISTRATOR)
    made = [
        (await town.space(town.agathe, label=label, readers=[town.ousmane])).space.id
        for label in (Label.INTERNAL, Label.SENSITIVE, Label.INTERNAL)
    ]
    page = town.house.book.page
    first = await page(chief, ANYTHING, most=2)
    rest = await page(chief, ANYTHING, after=first.next, most=2)
    assert [one.id for one in (*first.spaces, *rest.spaces)] == made[::-1]
    assert (first.count, rest.next) == (3, None)
    assert (await page(chief, Sought(label=Label.SENSITIVE))).count == 1
    assert (await page(chief, Sought(kind=SpaceKind.COMMUNITY))).count == 0
    assert (await page(chief, Sought(managed="unmanaged"))).count == 0
    await town.house.suspension.suspend(chief, town.agathe.person_id)
    unmanaged = await page(chief, Sought(managed="unmanaged"))
    assert (unmanaged.count, [one.managers for one in unmanaged.spaces]) == (3, [[], [], []])


async def test_lists_are_for_administrators_in_administration(town: Town) -> None:
    officer = await town.in_office(town.ousmane, Office.OFFICER)
    idle = await town.in_office(town.yanis, Office.ADMINISTRATOR, acting=False)
    for actor, rule in ((town.agathe, "office"), (officer, "office"), (idle, "administration")):
        for asked in (
            town.house.book.page(actor, ANYTHING),
            town.house.book.export(actor, "fr"),
            town.house.administration.export(actor, "fr"),
        ):
            with pytest.raises(Refused) as refused:
                await asked
            assert refused.value.rule == rule


async def test_what_is_taken_away_is_text(served: Served) -> None:
    """A name that a spreadsheet would work out is kept from it, and the lists are whole."""
    town = served.town
    window = await served.in_office(town.agathe)
    evil = '=HYPERLINK("https://evil.example";"Cliquez")'
    await town.house.people.do_create_person(
        NewAgent(town.prefecture.id, "eve@haute-vezelle.example", evil, "-2+3", function="@SUM(A1)")
    )
    await town.house.people.change_profile(town.ousmane, ProfileChange(service='Bureau "B"; étage 2'))
    await town.house.suspension.suspend(await town.administrator(town.agathe), town.yanis.person_id)
    answer = await window.get("/api/administration/people/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="personnes.csv"'
    head, *people = read(answer.text)
    assert head[:3] == ["Nom", "Prénom", "Adresse"]
    assert len(people) == 5
    of = {cells[2]: cells for cells in people}
    assert of["eve@haute-vezelle.example"][:4] == [
        "'-2+3",
        f"'{evil}",
        "eve@haute-vezelle.example",
        "'@SUM(A1)",
    ]
    assert of["ousmane.diarra@haute-vezelle.example"][4] == 'Bureau "B"; étage 2'
    assert of["agathe.delorme@haute-vezelle.example"][6] == "administrateur, responsable de la sécurité"
    assert of["yanis.bouchareb@haute-vezelle.example"][7] == "suspendu"
    await town.space(town.agathe, name="+33 555 numéros utiles")
    await town.space(town.ousmane, name="Chez nous")
    spaces = read((await window.get("/api/administration/spaces/export", params={"language": "en"})).text)
    assert [cells[0] for cells in spaces] == ["Name", "(name known to members)", "'+33 555 numéros utiles"]
    assert {act for act, *_ in await told(town, "people:book:export", "spaces:book:export")} == {
        "people:book:export",
        "spaces:book:export",
    }


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0=", "＝"])
def test_no_cell_is_a_formula(begin: str) -> None:
    [[cell, other]] = csv.reader(io.StringIO(line([f"{begin}1+1", "a=b"]), newline=""), delimiter=";")
    assert (cell, other) == (f"'{begin}1+1", "a=b")


async def test_people_are_found_by_state_and_office(served: Served) -> None:
    town = served.town
    window = await served.in_office(town.agathe, Office.ADMINISTRATOR)
    await town.in_office(town.ousmane, Office.OFFICER)
    await town.house.suspension.suspend(
        await town.in_office(town.agathe, Office.ADMINISTRATOR), town.yanis.person_id
    )

    async def found(**sought: str) -> set[str]:
        answer = await window.get("/api/administration/people", params=sought)
        assert answer.status_code == 200, answer.text
        return {one["card"]["given_name"] for one in answer.json()["people"]}

    assert await found() == {"Agathe", "Ousmane", "Yanis", "Julie"}
    assert await found(account="suspended") == {"Yanis"}
    assert await found(account="active", kind="agent") == {"Agathe", "Ousmane"}
    assert await found(office="administrator") == {"Agathe"}
    assert await found(office="officer") == {"Ousmane"}
    assert await found(kind="guest", q="vass") == {"Julie"}
