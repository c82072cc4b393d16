"""Which passwords are refused: those that others try first. No recipe is asked for."""

import resource

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.core.client import Client
from bastide.core.errors import Problem
from bastide.people.errors import CommonPassword, OwnNamePassword
from bastide.people.invited import InvitationForm, NewInvitation
from bastide.people.password_rule import is_about, is_common
from bastide.people.resetting import PasswordChange, ResetForm
from tests.support.served import Served
from tests.support.town import PASSWORD, Town

KNOWN = [
    "Inès",
    "Faure",
    "ines.faure@haute-vezelle.example",
    "Préfecture de la Haute-Vézelle",
    "Haute-Vézelle",
]
WEAK = {"motdepasse123": CommonPassword, "Prefecture-Vezelle-2026!": OwnNamePassword}


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse123",
        "azertyuiop123",
        "password1234",
        "PASSWORD1234",
        "123456789012",
        "aaaaaaaaaaaa",
        "abababababab",
    ],
)
def test_well_known_passwords_are_common(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct cheval pile agrafe", "tuiles rousses, toits bas", "é" * 4 + "tang gelé"]
)
def test_words_of_ones_own_are_not(password: str) -> None:
    assert not is_common(password)
    assert not is_about(password, KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "InesFaure2026!",
        "ines.faure@haute-vezelle",
        "Faure-Faure-Faure",
        "prefecture1234",
        "HauteVezelle#75",
        "INÈS_faure_63000",
    ],
)
def test_ones_own_name_address_and_administration_are_not_enough(password: str) -> None:
    assert is_about(password, KNOWN)


def test_a_name_within_a_sentence_does_no_harm() -> None:
    assert not is_about("le chat d'Inès dort au soleil", KNOWN)


@given(st.text(min_size=12, max_size=256))
def test_whatever_is_typed_is_answered(password: str) -> None:
    assert is_common(password) in (True, False)
    assert is_about(password, KNOWN) in (True, False)


def test_the_list_takes_no_memory() -> None:
    """It is looked up where it lies: a thousand questions leave less than 8 MB behind."""
    is_common("motdepasse123")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(1000):
        is_common(f"platane numéro {number}")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024


@pytest.mark.parametrize(("weak", "error"), WEAK.items())
async def test_every_way_to_choose_one_refuses_it(town: Town, weak: str, error: type[Problem]) -> None:
    house, client = town.house, Client("192.0.2.7", "test")
    ines = await town.person("Inès", "Faure", town.prefecture, password=PASSWORD)
    admin = await town.administrator(town.agathe)
    with pytest.raises(error):
        await house.resets.change(ines, PasswordChange(weak, PASSWORD))
    issued = await house.resets.issue(admin, ines.person_id)
    with pytest.raises(error):
        await house.resets.accept(ResetForm(issued.token, weak), client)
    invited = await house.invitations.invite(admin, NewInvitation("n.b@haute-vezelle.example", "Noé", "Bel"))
    with pytest.raises(error):
        await house.acceptance.accept(None, InvitationForm(invited.token, weak), client)
    # The links stay good, and a fine one is taken.
    assert (await house.resets.accept(ResetForm(issued.token, "six platanes au bord de l’eau"), client)).actor
    assert (await house.acceptance.accept(None, InvitationForm(invited.token, PASSWORD), client)).actor


async def test_the_sentence_says_why_and_names_the_field(served: Served) -> None:
    ines = await served.town.person("Inès", "Faure", served.town.prefecture, password=PASSWORD)
    window = await served.window(ines)
    answer = await window.post("/api/me/password", {"fresh": "motdepasse123", "present": PASSWORD})
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["field"]) == ("common-password", "password")
    assert "listes publiques" in answer.json()["title"]
