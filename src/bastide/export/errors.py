"""What can go wrong with exports."""

from bastide.core.errors import Problem


class ExportRunning(Problem):
    status = 409
    code = "export-running"
    fr = "Un export est déjà en cours à votre nom. Attendez sa fin, ou annulez son téléchargement."
    en = "You have an export under way already. Wait for its end, or cancel its download."


class ExportsBusy(Problem):
    status = 429
    code = "exports-busy"
    fr = "Trop d’exports sont en cours. Rien n’est perdu, réessayez dans quelques minutes."
    en = "Too many exports are under way. Nothing is lost, try again in a few minutes."


class SessionOver(Problem):
    """The session that fetches has ended meanwhile."""

    status = 401
    code = "not-signed-in"
    fr = "Vous n’êtes plus connecté."
    en = "You are no longer signed in."
