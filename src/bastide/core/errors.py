"""Errors that people may see, as RFC 9457 problem details.

Each class is a noun and has a stable code, an HTTP status and a sentence in French and in English.
What is not an `Problem` is a defect: it is logged and told as `internal`.
"""

from typing import ClassVar

import msgspec


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every refusal and every error (RFC 9457, media type application/problem+json).

    `code` is stable and is what programs read. `title` is a sentence for people, in their language.
    `rule` names the rule of the policy that refused, `reason` its detail, `source` who set it, `ways` what one may do
    instead; `field` is the field of a form.
    """

    type: str
    status: int
    code: str
    title: str
    rule: str | None = None
    reason: str | None = None
    source: str | None = None
    ways: list[str] | None = None
    field: str | None = None
    retry_after_s: float | None = None


class Problem(Exception):
    """An error that is told to people. Subclasses set the class variables."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "invalid"
    fr: ClassVar[str] = "Cette demande n’est pas valable."
    en: ClassVar[str] = "This request is not valid."

    def __init__(
        self,
        *,
        rule: str | None = None,
        reason: str | None = None,
        source: str | None = None,
        ways: list[str] | None = None,
        field: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(self.code)
        self.rule = rule
        self.reason = reason
        self.source = source
        self.ways = ways
        self.field = field
        self.retry_after_s = retry_after_s

    def details(self, language: str = "fr") -> ProblemDetails:
        """The body to send, in French unless English is asked for."""
        return ProblemDetails(
            type=f"urn:bastide:problem:{self.code}",
            status=self.status,
            code=self.code,
            title=self.en if language == "en" else self.fr,
            rule=self.rule,
            reason=self.reason,
            source=self.source,
            ways=self.ways,
            field=self.field,
            retry_after_s=self.retry_after_s,
        )


class Invalid(Problem):
    """What came in cannot be read or breaks a limit; `field` says which."""


class NotSignedIn(Problem):
    status = 401
    code = "not-signed-in"
    fr = "Vous n’êtes pas connecté."
    en = "You are not signed in."


class WrongCredentials(Problem):
    status = 401
    code = "wrong-credentials"
    fr = "L’adresse ou le mot de passe ne correspond pas."
    en = "The address or the password does not match."


class NotFound(Problem):
    """Absent, or hidden from this actor: the two look the same on purpose."""

    status = 404
    code = "not-found"
    fr = "Rien à cette adresse, ou rien que vous puissiez voir."
    en = "There is nothing here, or nothing that you may see."


class Refused(Problem):
    """The policy refuses a member; `rule` and `reason` say which rule and why."""

    status = 403
    code = "refused"
    fr = "Une règle de cet espace ne le permet pas."
    en = "A rule of this space does not allow it."

    # The policy refuses not only in spaces: some refusals are about who asks, or about a space that is not made.
    _BY_RULE: ClassVar[dict[str, tuple[str, str]]] = {
        "actor": (
            "Ce compte ne permet pas de faire cela.",
            "This account does not allow that.",
        ),
        "guest-label": (
            "Le label de l’espace ne permet pas d’y admettre un invité.",
            "The label of the space does not allow guests in it.",
        ),
        "community-label": (
            "Avec ce label, un espace ne s’ouvre pas à tous.",
            "With this label, a space is not open to everybody.",
        ),
        "authorship": (
            "Cela appartient à quelqu’un d’autre.",
            "This belongs to somebody else.",
        ),
    }

    def details(self, language: str = "fr") -> ProblemDetails:
        """The body to send; the sentence is the rule's own, where « this space » would be wrong."""
        details = super().details(language)
        french, english = self._BY_RULE.get(self.rule or "", (self.fr, self.en))
        return msgspec.structs.replace(details, title=english if language == "en" else french)


class ForgedRequest(Problem):
    status = 403
    code = "forged-request"
    fr = "Cette demande ne vient pas de la fenêtre de Bastide. Rechargez la page."
    en = "This request does not come from Bastide’s own window. Reload the page."


class Conflict(Problem):
    status = 409
    code = "conflict"
    fr = "Quelqu’un d’autre vient de changer cela."
    en = "Somebody else has just changed this."


class ClientIdTaken(Conflict):
    """A window's id for something it makes or sends named another thing before: a mistake of the window."""

    code = "client-id-taken"
    fr = "Ceci a déjà été envoyé une fois, ailleurs ou autrement. Recommencez."
    en = "This was sent once before, elsewhere or as something else. Start again."


class TooLarge(Problem):
    status = 413
    code = "too-large"
    fr = "C’est trop volumineux."
    en = "This is too large."


class Interrupted(Problem):
    """The other side went away, or said nothing for too long, in the middle of a request. Nothing was done."""

    status = 408
    code = "interrupted"
    fr = "Cette demande a été interrompue. Rien n’a été fait."
    en = "This request was interrupted. Nothing was done."


class TooMany(Problem):
    status = 429
    code = "too-many"
    fr = "Trop de tentatives. Patientez un instant."
    en = "Too many attempts. Wait a moment."


class Unavailable(Problem):
    """A part of the house is down or still starting; nothing was done."""

    status = 503
    code = "unavailable"
    fr = "Ce service redémarre. Rien n’est perdu ; réessayez dans un instant."
    en = "This service is restarting. Nothing is lost; try again in a moment."
