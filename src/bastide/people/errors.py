"""What can go wrong with people."""

import msgspec

from bastide.core.errors import Problem, ProblemDetails


class AddressTaken(Problem):
    status = 409
    code = "address-taken"
    fr = "Cette adresse appartient déjà à quelqu’un."
    en = "This address already belongs to somebody."


class WrongPassword(Problem):
    status = 403
    code = "wrong-password"
    fr = "Ce n’est pas votre mot de passe."
    en = "This is not your password."


class CommonPassword(Problem):
    """It is on the list of what is tried first."""

    status = 422
    code = "common-password"
    fr = "Ce mot de passe est trop connu : il figure dans des listes publiques. Prenez plutôt quelques mots sans lien."
    en = "This password is too well known: it is on public lists. Take a few unrelated words instead."


class OwnNamePassword(Problem):
    """It is made of what everybody knows of its person."""

    status = 422
    code = "own-name-password"
    fr = "Ce mot de passe reprend votre nom, votre adresse ou votre organisation. Prenez plutôt quelques mots sans lien."
    en = "This password is made of your name, your address or your organisation. Take a few unrelated words instead."


class WrongRecoveryCode(Problem):
    status = 401
    code = "wrong-recovery-code"
    fr = "L’adresse ou le code de secours ne correspond pas, ou ce code a déjà servi."
    en = "The address or the recovery code does not match, or this code was used before."


class PasskeyRefused(Problem):
    """Whatever was wrong with an answer of a key: whoever holds the right one tries again, others learn nothing."""

    status = 403
    code = "passkey-refused"
    fr = "Cette clé d’accès n’a pas été reconnue. Réessayez, ou prenez un autre moyen."
    en = "This passkey was not recognized. Try again, or use another way."


class PasskeyTaken(Problem):
    status = 409
    code = "passkey-taken"
    fr = "Cette clé d’accès est déjà enregistrée."
    en = "This passkey is registered already."


class PasskeysFull(Problem):
    status = 409
    code = "passkeys-full"
    fr = "Vous avez déjà vingt clés d’accès. Retirez-en une que vous n’utilisez plus."
    en = "You have twenty passkeys already. Remove one that you no longer use."


class PasskeyNeeded(Problem):
    """What only stands beside a passkey."""

    status = 409
    code = "passkey-needed"
    fr = "Ajoutez d’abord une clé d’accès."
    en = "Add a passkey first."


class ConfirmationNeeded(Problem):
    """What guards an account asks its person to prove again who they are; `reason` says by what: password or passkey."""

    status = 403
    code = "confirmation-needed"
    fr = "Confirmez d’abord que c’est bien vous."
    en = "First confirm that it is you."


class InvitationOver(Problem):
    """It was used, withdrawn or renewed, it ran out, or what it leads to is closed: whoever holds the link learns no more."""

    status = 404
    code = "invitation-over"
    fr = "Cette invitation n’est plus valable. Demandez-en une nouvelle à la personne qui vous a invité."
    en = "This invitation is no longer valid. Ask the person who invited you for a new one."


class VisitOver(Problem):
    """A guest who is in no space any more: told to who proves that it is them, and to nobody else."""

    status = 403
    code = "visit-over"
    fr = "Votre visite est terminée. Pour revenir, demandez une nouvelle invitation à la personne qui vous avait fait entrer."
    en = "Your visit is over. To come back, ask the person who invited you for a new invitation."


class AgentAddress(Problem):
    """Who works here is no guest here."""

    status = 409
    code = "agent-address"
    fr = "Cette adresse est celle d’un agent. Ajoutez-le comme membre de l’espace."
    en = "This address belongs to an agent. Add them as a member of the space."


class OrganisationAddress(Problem):
    """An address of an administration that is here: its people come in as its agents. `reason` is its name."""

    status = 409
    code = "organisation-address"
    fr = "C’est une adresse de {name} : un de ses administrateurs invite ses agents, qui entrent ensuite comme membres."
    en = "This is an address of {name}: one of its administrators invites its agents, who then come in as members."

    def details(self, language: str = "fr") -> ProblemDetails:
        """The body to send; the sentence names the administration."""
        details = super().details(language)
        return msgspec.structs.replace(details, title=details.title.format(name=self.reason))


class InvitedAlready(Problem):
    status = 409
    code = "invited-already"
    fr = "Cette adresse est déjà invitée. Faites un nouveau lien depuis la liste des invitations."
    en = "This address is invited already. Make a new link from the list of invitations."


class OwnAccount(Problem):
    """Somebody must be left who can restore."""

    status = 409
    code = "own-account"
    fr = "Vous ne pouvez pas suspendre votre propre compte. Un autre administrateur peut le faire."
    en = "You cannot suspend your own account. Another administrator can."


class ResetOver(Problem):
    """It was used, withdrawn or renewed, or it ran out: whoever holds the link learns no more."""

    status = 404
    code = "reset-over"
    fr = "Ce lien n’est plus valable. Demandez-en un nouveau à votre administrateur."
    en = "This link is no longer valid. Ask your administrator for a new one."


class OwnReset(Problem):
    """A link for oneself would let whoever sits at one's window take the account over."""

    status = 409
    code = "own-reset"
    fr = "Changez votre mot de passe sur votre page. Si vous l’avez oublié, un autre administrateur peut vous faire un lien."
    en = "Change your own password on your page. If you forgot it, another administrator can make a link for you."


class OperatorReset(Problem):
    """Who runs the server is nobody's subordinate here: a colleague must not keep somebody from being restored."""

    status = 409
    code = "operator-reset"
    fr = "Un lien du service informatique attend déjà cette personne."
    en = "A link from whoever runs the server waits for this person already."


class LastAdministrator(Problem):
    status = 409
    code = "last-administrator"
    fr = "Une organisation garde toujours un administrateur. Nommez-en un autre d’abord."
    en = "An organisation always keeps an administrator. Name another one first."


class LastOfficer(Problem):
    status = 409
    code = "last-officer"
    fr = "Une organisation garde toujours un responsable de la sécurité. Nommez-en un autre d’abord."
    en = "An organisation always keeps a security officer. Name another one first."


class ListWrong(Problem):
    """A list without a good line."""

    status = 422
    code = "list-wrong"
    fr = "Aucune ligne de cette liste ne convient. Rien n’a été fait."
    en = "No line of this list is right. Nothing was done."
