"""The words that an export is written in."""

from typing import Literal

import msgspec

from bastide.core.policy import Label, Role

Language = Literal["fr", "en"]


class Wording(msgspec.Struct, frozen=True):
    """One language's words."""

    language: Language
    labels: dict[Label, str]
    roles: dict[Role, str]
    members: str
    files: str
    nobody: str
    guest: str
    edited: str
    deleted: str
    empty: str
    exported: str
    name: str
    function: str
    organisation: str
    role: str
    since: str
    size: str
    by: str
    at: str


FR = Wording(
    language="fr",
    labels={
        Label.PUBLIC: "Public",
        Label.INTERNAL: "Interne",
        Label.SENSITIVE: "Sensible",
        Label.RESTRICTED: "Diffusion restreinte",
    },
    roles={Role.READER: "Lecture", Role.CONTRIBUTOR: "Contribution", Role.MANAGER: "Gestion"},
    members="Membres",
    files="Fichiers",
    nobody="Personne inconnue",
    guest="accès invité",
    edited="modifié",
    deleted="Message supprimé.",
    empty="Rien n’a été dit ici.",
    exported="Exporté le",
    name="Nom",
    function="Fonction",
    organisation="Organisation",
    role="Droits",
    since="Depuis",
    size="Octets",
    by="Déposé par",
    at="Le",
)
EN = Wording(
    language="en",
    labels={
        Label.PUBLIC: "Public",
        Label.INTERNAL: "Internal",
        Label.SENSITIVE: "Sensitive",
        Label.RESTRICTED: "Restricted",
    },
    roles={Role.READER: "Reading", Role.CONTRIBUTOR: "Contributing", Role.MANAGER: "Managing"},
    members="Members",
    files="Files",
    nobody="Unknown person",
    guest="guest",
    edited="edited",
    deleted="Message deleted.",
    empty="Nothing was said here.",
    exported="Exported on",
    name="Name",
    function="Function",
    organisation="Organisation",
    role="Rights",
    since="Since",
    size="Bytes",
    by="Put there by",
    at="On",
)

LISEZMOI = """Export de l’espace « {name} »

Label : {label}. Ce label vaut aussi pour cette copie, qui n’est plus protégée par Bastide : gardez-la où vous
garderiez l’original, ne la transmettez qu’à qui pouvait le lire, détruisez-la quand elle ne sert plus.

Exporté le {at} par {by}.

espace.json        ce qu’est l’espace
membres.html       qui y est (membres.jsonl : la même liste pour un programme)
discussion/        une page par canal, lisible sans réseau
messages.jsonl     tous les messages, un par ligne
fichiers.html      la liste des fichiers (fichiers.jsonl : la même, avec leur empreinte SHA-256)
fichiers/          les fichiers ; la suite après « ~ » distingue ceux qui ont le même nom

Ce qu’un outil éteint gardait y est aussi. Les messages supprimés ont laissé leur place vide. N’y sont pas : les
fichiers joints à un message qui n’est pas encore parti, les appels, le journal d’audit.
Si « manquants.txt » est là, il nomme les fichiers dont le serveur a perdu les octets.
"""
README = """Export of the space “{name}”

Label: {label}. The label also holds for this copy, which Bastide protects no more: keep it where you would keep the
original, pass it on only to people who could read that, destroy it when it is of no more use.

Exported on {at} by {by}.

espace.json        what the space is
membres.html       who is in it (membres.jsonl: the same list for a program)
discussion/        one page for each channel, to be read without a network
messages.jsonl     all messages, one a line
fichiers.html      the list of files (fichiers.jsonl: the same with their SHA-256)
fichiers/          the files; what follows “~” tells those of the same name apart

What a tool that is switched off kept is here too. Deleted messages left their place empty. Not here: files attached to
a message that has not been sent, calls, the audit.
If “manquants.txt” is there, it names the files whose bytes the server has lost.
"""
