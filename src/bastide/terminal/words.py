"""The terminal's words, in French and in English. Sentences about the rule are those of the window, word for word."""

from collections.abc import Mapping
from datetime import date

import msgspec

from bastide.core.audit import ChainBroken

_MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """All that `profile`, `audit` and `administrator` say in one language. Braces stand for what is filled in."""

    french: bool
    title: str
    declared: str
    heads: tuple[str, str, str]
    labels: Mapping[str, str]
    states: Mapping[str, str]
    why: Mapping[str, str]
    then: Mapping[str, str]
    until: str
    until_then: str
    valid_until: str
    by: str
    by_fictitious: str
    operator: str
    fictitious: str
    about: str
    hosting: str
    hostings: Mapping[str, str]
    none_hosting: str
    qualified: tuple[str, str]
    immune: tuple[str, str]
    reading: str
    readings: Mapping[str, str]
    reading_texts: Mapping[str, str]
    binds: Mapping[str, str]
    binds_what: str
    source: str
    default_reading: str
    approval: str
    following: str
    up_to: str
    no_approval: str
    dates: str
    review: str
    overdue: str
    exceptions: str
    no_exceptions: str
    exceptions_not_here: str
    granted: str
    granted_dates: str
    offered: str
    partners: str
    lets: str
    not_running: str
    starting: str
    no_answer: str
    chain_closed: str
    wrong: Mapping[str, str]
    unknown_declaration: str
    no_such_approval: str
    no_such_offer: str
    too_many_exceptions: str
    no_such_agent: str
    anew: str
    officer: str
    chain_holds: str
    chain_broken: str
    chain_empty: str
    kept_there: str
    kept_gone: str
    not_noted: str
    no_hash: str
    no_export: str
    exported: str
    cannot_write: str

    def day(self, day: date) -> str:
        """A day in words."""
        if self.french:
            number = "1er" if day.day == 1 else str(day.day)
            return f"{number} {_MONTHS_FR[day.month - 1]} {day.year}"
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


FRENCH = Words(
    french=True,
    title="Ce que cette instance peut contenir, le {today}",
    declared="Ce qui est déclaré",
    heads=("Label", "État", "Pourquoi"),
    labels={
        "public": "Public",
        "internal": "Interne",
        "sensitive": "Sensible",
        "restricted": "Diffusion restreinte",
    },
    states={"open": "Ouvert", "read-only": "Lecture seule", "closed": "Fermé"},
    why={
        "undeclared": "L’administration n’a pas encore déclaré où Bastide est hébergé. "
        "Tant qu’elle ne l’a pas fait, rien ne peut y être mis.",
        "not-bound": "La règle de l’État sur les clouds commerciaux ne vise pas ce label.",
        "premises": "Bastide est hébergé dans les locaux de l’administration.",
        "state": "Bastide est hébergé sur le cloud interne de l’État.",
        "qualified": "Le cloud commercial déclaré est qualifié et à l’abri des lois extra-européennes.",
        "exception": "Une dérogation en cours permet ce label sur le cloud commercial déclaré.",
        "approved": "L’homologation déclarée va jusqu’au label {label}\u00a0: {authority}, jusqu’au {until}.",
        "commercial-cloud": "Le cloud commercial déclaré n’est pas à la fois qualifié SecNumCloud (ou équivalent) "
        "et à l’abri des lois extra-européennes, comme l’État le demande.",
        "restricted-on-commercial": "La diffusion restreinte n’est jamais hébergée sur un cloud commercial.",
        "profile-lapsed": "La déclaration d’hébergement n’est plus valable. Ce qui est là se lit encore.",
        "exception-ended": "La dérogation est terminée. Ce qui est là se lit encore.",
        "no-approval": "Aucune homologation n’est déclarée pour cette instance.",
        "not-yet": "Une homologation est déclarée, et son premier jour est à venir.",
        "above-ceiling": "L’homologation déclarée ne va pas jusqu’à ce label.",
        "approval-expired": "L’homologation est arrivée à son terme. Ce qui est là se lit encore.",
        "review-missed": "La revue annuelle de l’homologation n’a pas été déclarée à temps. Ce qui est là se lit encore.",
    },
    then={
        "profile-lapsed": "lecture seule, tant que l’hébergement n’est pas déclaré à nouveau",
        "exception-ended": "lecture seule, la dérogation étant terminée",
        "approval-expired": "lecture seule, l’homologation étant arrivée à son terme",
        "review-missed": "lecture seule, tant que la revue annuelle n’est pas faite",
        "commercial-cloud": "fermé, le cloud déclaré n’étant pas à la fois qualifié et à l’abri des lois extra-européennes",
        "no-approval": "fermé, faute d’homologation",
        "above-ceiling": "fermé, la prochaine homologation n’allant pas jusqu’à ce label",
        "open": "ouvert",
    },
    until="Jusqu’au {until}.",
    until_then="Jusqu’au {until}. Ensuite : {then}.",
    valid_until="Déclaré valable jusqu’au {until}.",
    by="Déclaré par {name} le {on}.",
    by_fictitious="Déclaration fictive, datée du {on}.",
    operator="la personne qui exploite le serveur",
    fictitious="Instance de démonstration : ces déclarations sont fictives et n’engagent personne.",
    about="Bastide applique ce que l’administration déclare ici. Il ne le vérifie pas et ne vaut ni homologation, "
    "ni qualification.",
    hosting="Hébergement",
    hostings={
        "premises": "Dans les locaux de l’administration",
        "state": "Sur le cloud interne de l’État",
        "commercial": "Sur un cloud commercial",
    },
    none_hosting="Rien n’est déclaré : tout est fermé jusque-là. Pour déclarer : ./bastide profile hosting …",
    qualified=(
        "Déclaré qualifié SecNumCloud, ou équivalent européen.",
        "Non déclaré qualifié SecNumCloud.",
    ),
    immune=(
        "Déclaré à l’abri des lois extra-européennes.",
        "Non déclaré à l’abri des lois extra-européennes.",
    ),
    reading="Lecture de R9",
    readings={
        "dinum-2021": "La note de la DINUM de septembre 2021",
        "circular-2023": "La circulaire de mai 2023",
        "sren-2024": "La loi SREN de mai 2024, article 31",
    },
    reading_texts={
        "dinum-2021": "Tout le travail de bureau, de collaboration et de messagerie est sensible, quoi qu’il "
        "contienne. Aucune dérogation ne couvre les espaces.",
        "circular-2023": "Les secrets protégés par la loi (code des relations entre le public et l’administration, "
        "articles L.\u00a0311-5 et L.\u00a0311-6) et les données nécessaires aux missions essentielles de "
        "l’État.",
        "sren-2024": "Les secrets protégés par la loi (code des relations entre le public et l’administration, "
        "articles L.\u00a0311-5 et L.\u00a0311-6) et les données nécessaires aux missions essentielles de "
        "l’État, quand leur atteinte peut nuire à l’ordre public, à la sécurité, à la santé, à la "
        "vie des personnes ou à la propriété intellectuelle. La loi s’adresse à l’État, à ses "
        "opérateurs et à certains groupements d’intérêt public\u00a0: savoir si vous en êtes vous "
        "revient.",
    },
    binds={
        "public": "tous les espaces",
        "internal": "les espaces internes, sensibles et en diffusion restreinte",
        "sensitive": "les espaces sensibles et en diffusion restreinte",
        "restricted": "les espaces en diffusion restreinte",
    },
    binds_what="Elle vise {bound}.",
    source="Source : {source}.",
    default_reading="Personne n’a choisi : c’est la lecture par défaut, la plus stricte.",
    approval="Homologation",
    following="Ensuite :",
    up_to="Jusqu’au label {label}",
    no_approval="Aucune n’est déclarée : les labels sensible et diffusion restreinte sont fermés.",
    dates="{authority}. Du {since} au {until}.",
    review="Prochaine revue annuelle à faire avant la fin du {review}.",
    overdue="La revue annuelle est attendue depuis le {review}. "
    "Pour la déclarer : ./bastide profile approval … --reviewed-on …",
    exceptions="Dérogations",
    no_exceptions="Aucune n’est déclarée.",
    exceptions_not_here="La lecture suivie n’en prévoit pas pour les espaces.",
    granted="Accordée par {authority}, jusqu’au label {label}",
    granted_dates="Du {since} au {until}.",
    offered="Une offre acceptable existe depuis le {since} : toutes les dérogations s’achèvent {months} mois après.",
    partners="Organisations",
    lets="{owner} admet {partner} en diffusion restreinte.",
    not_running="Aucune instance ne tourne sur {data}. Démarrez-la : ./bastide up",
    starting="L’instance de {data} démarre. Réessayez dans un instant.",
    no_answer="La base de données de {data} ne répond pas. Voyez ./bastide doctor.",
    chain_closed=ChainBroken.fr,
    wrong={
        "qualified": "--qualified et --immune ne se disent que d’un cloud commercial.",
        "until": "--until ne convient pas : un jour passé, avant le début, ou trop loin de lui (trois ans au plus pour une "
        "homologation, douze mois pour une dérogation).",
        "authority": "--authority doit nommer l’autorité, en 2 à 200 caractères.",
        "reviewed_on": "--reviewed-on se situe entre le premier jour de l’homologation et aujourd’hui.",
        "ceiling": "--ceiling d’une dérogation va jusqu’à sensitive : rien ne déroge pour la diffusion restreinte.",
        "since": "Une offre acceptable se déclare quand elle existe : ce jour est à venir.",
        "offer_on": "--offer-on ne convient pas : un jour à venir, ou si ancien que la dérogation finirait avant de commencer.",
        "granted_on": "--granted-on ne peut être à venir : une dérogation se déclare quand elle est accordée.",
    },
    unknown_declaration="Cette déclaration n’existe pas, ou a déjà été retirée.",
    no_such_approval="Aucune homologation n’est déclarée.",
    no_such_offer="Aucune offre acceptable n’est déclarée.",
    too_many_exceptions="Vingt dérogations sont déclarées, ce qui est le plus : retirez-en une.",
    chain_holds="{lines} lignes ; la chaîne tient jusqu’à la dernière. Empreinte de la dernière : {hash}",
    chain_broken="La chaîne ne tient pas : la première ligne qui n’est pas comme elle fut écrite est la {line}. "
    "Gardez la base telle qu’elle est et prévenez votre responsable de la sécurité.",
    chain_empty="Aucune ligne : rien ne s’est encore fait sur cette instance.",
    kept_there="L’empreinte gardée est celle de la ligne {line} : rien n’a été coupé ni réécrit jusque-là.",
    kept_gone="L’empreinte gardée n’est plus dans la chaîne : des lignes ont été coupées ou réécrites. "
    "Gardez la base telle qu’elle est et prévenez votre responsable de la sécurité.",
    not_noted="Cette vérification n’a pas pu être notée dans le journal, auquel rien ne peut s’ajouter.",
    no_hash="Une empreinte compte 64 chiffres hexadécimaux.",
    no_export="{file} n’est pas un export du journal, ou ne peut pas être lu.",
    no_such_agent="Aucun agent de cette instance n’a l’adresse {email}.",
    anew="Lien à usage unique pour {email}, valable 24 heures :\n\n  {link}\n\n"
    "Qui l’ouvre choisit un mot de passe et administre l’instance. Les sessions, clés d’accès et codes de secours de ce "
    "compte prennent fin à ce moment. Ce lien est inscrit au journal d’audit.",
    officer="{email} est responsable de la sécurité. C’est inscrit au journal d’audit.",
    exported="{lines} lignes dans {file}. Empreinte de la dernière : {hash}",
    cannot_write="{file} ne peut pas être écrit : {why}.",
)

ENGLISH = Words(
    french=False,
    title="What this instance may hold, as of {today}",
    declared="What is declared",
    heads=("Label", "State", "Why"),
    labels={
        "public": "Public",
        "internal": "Internal",
        "sensitive": "Sensitive",
        "restricted": "Restricted",
    },
    states={"open": "Open", "read-only": "Read-only", "closed": "Closed"},
    why={
        "undeclared": "The administration has not yet declared where Bastide is hosted. Until it has, nothing can be put here.",
        "not-bound": "The State’s rule on commercial clouds does not concern this label.",
        "premises": "Bastide is hosted on the administration’s own premises.",
        "state": "Bastide is hosted on the State’s internal cloud.",
        "qualified": "The declared commercial cloud is qualified and out of reach of extra-European law.",
        "exception": "An exception allows this label on the declared commercial cloud for now.",
        "approved": "The declared approval goes up to the label {label}: {authority}, until {until}.",
        "commercial-cloud": "The declared commercial cloud is not both qualified SecNumCloud (or equivalent) "
        "and out of reach of extra-European law, as the State asks.",
        "restricted-on-commercial": "Restricted information is never hosted on a commercial cloud.",
        "profile-lapsed": "The hosting declaration is no longer valid. What is here can still be read.",
        "exception-ended": "The exception has ended. What is here can still be read.",
        "no-approval": "No approval is declared for this instance.",
        "not-yet": "An approval is declared, but its first day is still to come.",
        "above-ceiling": "The declared approval does not reach this label.",
        "approval-expired": "The approval has come to its end. What is here can still be read.",
        "review-missed": "The yearly review of the approval was not declared in time. What is here can still be read.",
    },
    then={
        "profile-lapsed": "read-only, until the hosting is declared anew",
        "exception-ended": "read-only, as the exception will have ended",
        "approval-expired": "read-only, as the approval will have come to its end",
        "review-missed": "read-only, until the yearly review is made",
        "commercial-cloud": "closed, as the declared cloud is not both qualified and out of reach of extra-European law",
        "no-approval": "closed, as there will be no approval",
        "above-ceiling": "closed, as the next approval does not reach this label",
        "open": "open",
    },
    until="Until {until}.",
    until_then="Until {until}. Then: {then}.",
    valid_until="Declared valid until {until}.",
    by="Declared by {name} on {on}.",
    by_fictitious="Fictitious, dated {on}.",
    operator="whoever runs the server",
    fictitious="A demonstration: these declarations are fictitious and bind nobody.",
    about="Bastide applies what the administration declares here. It does not verify it, and is neither an approval nor "
    "a qualification.",
    hosting="Hosting",
    hostings={
        "premises": "On the administration’s own premises",
        "state": "On the State’s internal cloud",
        "commercial": "On a commercial cloud",
    },
    none_hosting="Nothing is declared: until then, everything is closed. To declare: ./bastide profile hosting …",
    qualified=(
        "Declared qualified SecNumCloud, or a European equivalent.",
        "Not declared qualified SecNumCloud.",
    ),
    immune=(
        "Declared out of reach of extra-European law.",
        "Not declared out of reach of extra-European law.",
    ),
    reading="Reading of R9",
    readings={
        "dinum-2021": "DINUM’s note of September 2021",
        "circular-2023": "The circular of May 2023",
        "sren-2024": "The SREN law of May 2024, article 31",
    },
    reading_texts={
        "dinum-2021": "All office, collaboration and mail work is sensitive, whatever it holds. No exception "
        "covers spaces.",
        "circular-2023": "Secrets protected by law (code on relations between the public and the administration, "
        "CRPA, articles L.311-5 and L.311-6) and data necessary for the State’s essential "
        "missions.",
        "sren-2024": "Secrets protected by law (code on relations between the public and the administration, "
        "CRPA, articles L.311-5 and L.311-6) and data necessary for the State’s essential "
        "missions, where a breach could harm public order, security, health, people’s lives "
        "or intellectual property. The law addresses the State, its operators and some public "
        "interest groups: whether you are one of them is for you to know.",
    },
    binds={
        "public": "every space",
        "internal": "internal, sensitive and restricted spaces",
        "sensitive": "sensitive and restricted spaces",
        "restricted": "restricted spaces",
    },
    binds_what="It concerns {bound}.",
    source="Source: {source}.",
    default_reading="Nobody chose: this is the default reading, the strictest.",
    approval="Approval",
    following="Then:",
    up_to="Up to the label {label}",
    no_approval="None is declared: the labels sensitive and restricted are closed.",
    dates="{authority}. From {since} to {until}.",
    review="Next yearly review due by the end of {review}.",
    overdue="The yearly review has been overdue since {review}. "
    "To declare it: ./bastide profile approval … --reviewed-on …",
    exceptions="Exceptions",
    no_exceptions="None is declared.",
    exceptions_not_here="The reading that is followed knows none for spaces.",
    granted="Granted by {authority}, up to the label {label}",
    granted_dates="From {since} to {until}.",
    offered="An acceptable offer has existed since {since}: every exception ends {months} months later.",
    partners="Organisations",
    lets="{owner} admits {partner} to restricted spaces.",
    not_running="No instance runs on {data}. Start it: ./bastide up",
    starting="The instance on {data} is starting. Try again in a moment.",
    no_answer="The database of {data} does not answer. See ./bastide doctor.",
    chain_closed=ChainBroken.en,
    wrong={
        "qualified": "--qualified and --immune are said of a commercial cloud only.",
        "until": "--until will not do: a past day, one before the start, or too far from it (three years at most for an "
        "approval, twelve months for an exception).",
        "authority": "--authority must name the authority, in 2 to 200 characters.",
        "reviewed_on": "--reviewed-on lies between the approval's first day and today.",
        "ceiling": "--ceiling of an exception goes up to sensitive: nothing excepts restricted information.",
        "since": "An acceptable offer is declared once it exists: this day is still to come.",
        "offer_on": "--offer-on will not do: a day to come, or so long ago that the exception would end before it begins.",
        "granted_on": "--granted-on cannot lie ahead: an exception is declared once it is granted.",
    },
    unknown_declaration="There is no such declaration, or it was withdrawn already.",
    no_such_approval="No approval is declared.",
    no_such_offer="No acceptable offer is declared.",
    too_many_exceptions="Twenty exceptions are declared, which is the most: withdraw one.",
    chain_holds="{lines} lines; the chain holds to the last. Hash of the last: {hash}",
    chain_broken="The chain does not hold: the first line that is not as it was written is {line}. "
    "Keep the database as it is, and tell your security officer.",
    chain_empty="No line: nothing has been done on this instance yet.",
    kept_there="The kept hash is that of line {line}: nothing was cut off or rewritten up to there.",
    kept_gone="The kept hash is no longer in the chain: lines were cut off or rewritten. "
    "Keep the database as it is, and tell your security officer.",
    not_noted="That this was verified could not be recorded in the audit, to which nothing can be added.",
    no_hash="A hash has 64 hexadecimal digits.",
    no_export="{file} is no export of the audit, or cannot be read.",
    no_such_agent="No agent of this instance has the address {email}.",
    anew="A one-time link for {email}, good for 24 hours:\n\n  {link}\n\n"
    "Whoever opens it chooses a password and administers the instance. The sessions, passkeys and recovery codes of this "
    "account end at that moment. This link is recorded in the audit.",
    officer="{email} is a security officer. This is recorded in the audit.",
    exported="{lines} lines in {file}. Hash of the last: {hash}",
    cannot_write="{file} cannot be written: {why}.",
)


def words_for(environ: Mapping[str, str]) -> Words:
    """French where the terminal's locale is, English elsewhere (POSIX: LC_ALL, then LC_MESSAGES, then LANG)."""
    locale = next((v for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environ.get(name))), "")
    return FRENCH if locale.lower().startswith("fr") else ENGLISH
