"""What can go wrong with spaces."""

from bastide.core.errors import Problem


class LastManager(Problem):
    status = 409
    code = "last-manager"
    fr = "Un espace garde toujours un gestionnaire. Nommez-en un autre d’abord."
    en = "A space always keeps a manager. Name another one first."


class NotAgents(Problem):
    """Some of the people are not agents of this instance, or are suspended."""

    status = 422
    code = "not-agents"
    fr = "Certaines de ces personnes ne peuvent pas entrer dans cet espace."
    en = "Some of these people cannot enter this space."
