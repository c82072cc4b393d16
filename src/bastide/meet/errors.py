"""What can go wrong with calls."""

from bastide.core.errors import Conflict, Problem, Unavailable


class CallsBuilding(Unavailable):
    """The media server is being built: the first start only, a few minutes."""

    code = "calls-building"
    fr = "Les appels se préparent pour la première fois. Le reste fonctionne ; réessayez dans quelques minutes."
    en = "Calls are being prepared for the first time. All else works; try again in a few minutes."


class CallsStarting(Unavailable):
    """The media server starts, or does not answer at this moment."""

    code = "calls-starting"
    fr = "Les appels redémarrent. Réessayez dans un instant."
    en = "Calls are restarting. Try again in a moment."


class CallsFailed(Unavailable):
    """The media server cannot be built or started; somebody has to look."""

    code = "calls-failed"
    fr = "Les appels ne fonctionnent pas sur ce serveur. Prévenez l’administrateur."
    en = "Calls do not work on this server. Tell the administrator."


class CallFull(Conflict):
    code = "call-full"
    fr = "Cet appel est complet."
    en = "This call is full."


class TicketOver(Problem):
    """A ticket that is not ours, was changed, or is too old: ask for another one."""

    status = 401
    code = "call-ticket-over"
    fr = "Ce billet d’appel n’est plus valable. Rejoignez l’appel à nouveau."
    en = "This call ticket is no longer valid. Join the call again."


class TicketOfAnother(Problem):
    """A good ticket, made out to another person or device."""

    status = 403
    code = "call-ticket-of-another"
    fr = "Ce billet d’appel est celui de quelqu’un d’autre."
    en = "This call ticket is somebody else’s."


class HintRefused(Problem):
    """A webhook that the media server did not sign."""

    status = 401
    code = "hint-refused"
    fr = "Cette signature ne correspond pas."
    en = "This signature does not match."
