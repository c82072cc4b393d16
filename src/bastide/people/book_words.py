"""The words of the list of people, as it is taken away."""

from typing import Literal

import msgspec

Language = Literal["fr", "en"]


class BookWords(msgspec.Struct, frozen=True):
    """One language's words."""

    head: tuple[str, ...]
    agent: str
    guest: str
    administrator: str
    officer: str
    active: str
    suspended: str
    file: str


WORDS: dict[Language, BookWords] = {
    "fr": BookWords(
        head=(
            "Nom",
            "Prénom",
            "Adresse",
            "Fonction",
            "Service",
            "Compte",
            "Rôles",
            "État",
            "Depuis",
            "Suspendu le",
        ),
        agent="agent",
        guest="invité",
        administrator="administrateur",
        officer="responsable de la sécurité",
        active="actif",
        suspended="suspendu",
        file="personnes.csv",
    ),
    "en": BookWords(
        head=(
            "Family name",
            "Given name",
            "Address",
            "Function",
            "Service",
            "Account",
            "Roles",
            "State",
            "Since",
            "Suspended on",
        ),
        agent="agent",
        guest="guest",
        administrator="administrator",
        officer="security officer",
        active="active",
        suspended="suspended",
        file="people.csv",
    ),
}
