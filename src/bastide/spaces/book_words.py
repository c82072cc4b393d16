"""The words of the list of spaces, as it is taken away."""

from typing import Literal

import msgspec

from bastide.core.policy import Label, SpaceKind

Language = Literal["fr", "en"]


class SpaceWords(msgspec.Struct, frozen=True):
    """One language's words."""

    head: tuple[str, ...]
    kinds: dict[SpaceKind, str]
    labels: dict[Label, str]
    unnamed: str
    file: str


WORDS: dict[Language, SpaceWords] = {
    "fr": SpaceWords(
        head=(
            "Nom",
            "Genre",
            "Label",
            "Gestionnaires",
            "Nombre de gestionnaires",
            "Membres",
            "Fichiers",
            "Taille (octets)",
            "Créé le",
            "Dernière activité",
            "Identifiant",
        ),
        kinds={SpaceKind.TEAM: "équipe", SpaceKind.COMMUNITY: "communauté", SpaceKind.DIRECT: "direct"},
        labels={
            Label.PUBLIC: "public",
            Label.INTERNAL: "interne",
            Label.SENSITIVE: "sensible",
            Label.RESTRICTED: "diffusion restreinte",
        },
        unnamed="(nom réservé aux membres)",
        file="espaces.csv",
    ),
    "en": SpaceWords(
        head=(
            "Name",
            "Kind",
            "Label",
            "Managers",
            "Number of managers",
            "Members",
            "Files",
            "Size (bytes)",
            "Made on",
            "Last activity",
            "Identifier",
        ),
        kinds={SpaceKind.TEAM: "team", SpaceKind.COMMUNITY: "community", SpaceKind.DIRECT: "direct"},
        labels={
            Label.PUBLIC: "public",
            Label.INTERNAL: "internal",
            Label.SENSITIVE: "sensitive",
            Label.RESTRICTED: "restricted",
        },
        unnamed="(name known to members)",
        file="spaces.csv",
    ),
}
