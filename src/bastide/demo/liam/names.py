"""Invented names, places and sentences. Put together from parts, so that nobody who lives is meant."""

from collections.abc import Sequence
from random import Random

from bastide.demo.load import slug
from bastide.demo.typeset import typeset

DOMAIN = "solidarites.example"
ORGANISATION = "Caisse des solidarités du Ponant (fictive)"
SHORT_NAME = "Solidarités"

_GIVEN = (
    "Adèle Agnès Aïcha Aimé Alizée Amélie Anaïs Anatole André Aurélien Axelle Baptiste Barthélemy Basile Béatrice Bénédicte "
    "Benoît Bérénice Célestin Céline Chloé Clélia Clémence Corentin Cyprien Daphné Delphine Désiré Edmée Éléonore Élise Élodie "
    "Éloi Émeline Émilien Ernestine Estève Étienne Eugénie Fabrice Fanny Fatou Félicité Félix Firmin Flavien François Françoise "
    "Gaëlle Gaétan Geneviève Gérald Ghislaine Grégoire Gwenaëlle Hélène Héloïse Hervé Hippolyte Hortense Inès Irène Isaïe Ismaël "
    "Jean-Noël Jérôme Joëlle Joséphine Karim Kévin Laëtitia Lazare Léa Léandre Léonie Léopold Loïc Lucile Madeleine Maëlys Malik "
    "Marc-Aurèle Margaux Marie-Ève Maïwenn Mathéo Maxime Mélanie Mélisande Mickaël Moïse Naïma Nathanaël Noé Noémie Océane Odette "
    "Ombeline Pélagie Perrine Philomène Quentin Raphaël Rébecca Régine Rémi Roxane Salomé Sébastien Ségolène Séverine Sidonie "
    "Solène Stéphane Sylvère Tancrède Thaïs Théodore Thérèse Tiphaine Ulysse Valère Véronique Victoire Yaël Yannick Yolaine Zélie"
).split()
_BEGINNINGS = (
    "Aub Ard Bar Bel Bert Boisv Bouch Brév Cad Calv Cham Chât Clav Cord Coud Cour Dal Daub Delm Dorv Ébr Escl Estr Fab Fayd "
    "Font Forg Gail Garr Gév Grand Guér Haut Hérb Issal Jalb Jaurég Labr Lagr Lamb Lérid Lorm Malv Marsz Mérigu Mont Morv Nég "
    "Nouv Orv Palm Péj Pierr Plém Pontv Quér Ravig Réch Roqu Rouv Sarr Sauv Savign Ségal Tarn Thibv Tourn Trév Urv Valb Vaug Vér "
    "Vign Villem Ysamb"
).split()
_ENDINGS = (
    "adieu aillac alès ançon ardel aréac audière audin azeau ebœuf édic égrin elin elon érac erçais éron estan euil évain iac "
    "iançon ière ignan ignon illard inçois inel iol ioux isac oche oël oguet ombel onneau ougne ouillé oursel ozet uçon uel "
    "uisard ulac urède yrieux"
).split()
_FUNCTIONS = (
    "Conseillère en assurance maladie",
    "Conseiller en assurance maladie",
    "Gestionnaire de dossiers",
    "Chargée de mission prévention",
    "Technicien des prestations",
    "Responsable d’unité",
    "Contrôleuse de gestion",
    "Médecin-conseil",
    "Assistante sociale",
    "Déléguée de l’accueil",
    "Animateur de réseau",
    "Juriste",
    "Référent numérique",
    "Chargé d’études statistiques",
    "Infirmière du service médical",
    "Cheffe de projet",
)
_SERVICES = (
    "Prestations",
    "Accueil et relations avec les assurés",
    "Service médical",
    "Prévention",
    "Action sociale",
    "Lutte contre la fraude",
    "Ressources humaines",
    "Systèmes d’information",
    "Comptabilité",
    "Affaires juridiques",
)
_CIRCLES = ("Équipe", "Unité", "Pôle", "Plateau", "Cellule", "Antenne")
_WHAT = (
    "le dossier de la commission", "la relance des indus", "l’arrêt de travail de longue durée", "la note sur le tiers payant",
    "le tableau des délais", "la permanence de Noël", "le courrier de l’assurée", "la réunion d’équipe", "l’échéancier",
    "la carte européenne", "le formulaire S3201", "le rappel aux pharmacies", "la campagne de dépistage", "l’accord préalable",
    "le compte rendu d’hier", "la maquette de l’accueil", "le planning des congés", "la question du médecin traitant",
    "l’invalidité de catégorie 2", "le relevé d’août", "la procédure dégradée", "le numéro provisoire", "la file des appels",
)  # fmt: skip
_OPENINGS = (
    "Bonjour, j’ai relu {w} : rien à signaler.", "Quelqu’un a-t-il reçu {w} ?", "C’est fait pour {w}, merci à toutes et tous !",
    "Je reprends {w} cet après-midi.", "Attention, {w} part demain à 9 h.", "{w} est à jour dans le dossier partagé.",
    "On en parle à 14 h 30 : {w}, puis {v}.", "Pour {w}, voir la fiche no {n}.", "Il manque une pièce : {w}.",
    "J’ai un doute sur {w}… qui peut vérifier ?", "Très bien. Et {w} ?", "Oui", "Merci !", "Vu, je m’en occupe 👍", "D’accord pour {w}.",
    "**Rappel** : {w} avant vendredi, {v} la semaine prochaine.", "Je suis au téléphone avec l’accueil, {w} attendra {n} minutes.",
    "Les {n} dossiers sont traités ; reste {w}.", "Même question qu’hier pour {w} : la règle a-t-elle changé ?",
    "Réponse du siège : {w} est prolongé jusqu’au {n}, {v} reste comme avant. Je mets la consigne écrite dans les fichiers de l’équipe.",
)  # fmt: skip
_LONG = (
    "Compte rendu du point de ce matin. {W} : nous avons {n} dossiers de plus que la semaine dernière, surtout à cause du retard "
    "de la numérisation. {V} : la consigne ne change pas, on répond sous cinq jours et on note l’heure de l’appel. Enfin, {w} sera "
    "traité par l’équipe du soir, qui laisse un mot ici quand c’est fini. Prochain point jeudi à 9 h, salle Ondine ou par appel."
)
POOL = 4096


class Names:
    """What is drawn from one seeded generator: the same seed, the same names in the same order."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._addresses: dict[str, int] = {}

    def person(self) -> tuple[str, str, str]:
        """A given name, a family name and an address that nobody has had yet."""
        given, family = self._of(_GIVEN), self._of(_BEGINNINGS) + self._of(_ENDINGS)
        local = f"{slug(given)}.{slug(family)}"
        known = self._addresses[local] = self._addresses.get(local, 0) + 1
        return given, family, f"{local}{known if known > 1 else ''}@{DOMAIN}"

    def function(self) -> str:
        return self._of(_FUNCTIONS)

    def service(self) -> str:
        return self._of(_SERVICES)

    def place(self) -> str:
        """A town that is on no map."""
        return f"{self._of(('Saint-', 'Bourg-', '', '', ''))}{self._of(_BEGINNINGS)}{self._of(_ENDINGS)}"

    def group(self, number: int, service: str) -> str:
        return f"{self._of(_CIRCLES)} {number} · {service} · {self.place()}"

    def sentences(self) -> list[str]:
        """What is said: short mostly, and now and then a long one."""
        return [self._sentence(number) for number in range(POOL)]

    def _sentence(self, number: int) -> str:
        said = _LONG if number % 40 == 0 else self._of(_OPENINGS)
        one, other = self._of(_WHAT), self._of(_WHAT)
        text = said.format(
            w=one, v=other, W=_capital(one), V=_capital(other), n=self._random.randrange(2, 90)
        )
        return typeset(_capital(text))

    def _of(self, choices: Sequence[str]) -> str:
        return choices[int(self._random.random() * len(choices))]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
