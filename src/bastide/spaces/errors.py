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


class GuestByInvitation(Problem):
    """Guests come in by an invitation that says until when, and by no other way."""

    status = 409
    code = "guest-by-invitation"
    fr = "Un invité entre sur invitation, jusqu’à un jour choisi. Invitez-le depuis les membres de l’espace, à « Inviter »."
    en = "A guest comes in by an invitation, until a chosen day. Invite them from the space’s members, at “Invite”."


class AlreadyMember(Problem):
    status = 409
    code = "already-member"
    fr = "Cette personne est déjà dans cet espace."
    en = "This person is in this space already."


class SoleManager(Problem):
    """From sensitive down a label is lowered by two, and there is nobody else to confirm it."""

    status = 409
    code = "sole-manager"
    fr = "Abaisser ce label demande deux gestionnaires, et vous êtes seul à gérer cet espace. Nommez-en un autre d’abord."
    en = "Lowering this label takes two managers, and you alone manage this space. Name another one first."


class StillManaged(Problem):
    """An administrator names a manager only where there is nobody left to do it."""

    status = 409
    code = "still-managed"
    fr = "Quelqu’un peut gérer cet espace : c’est à cette personne d’en nommer d’autres."
    en = "Somebody can manage this space: naming others is up to them."


class ProposalPending(Problem):
    status = 409
    code = "proposal-pending"
    fr = "Un abaissement de ce label attend déjà. Confirmez-le ou retirez-le d’abord."
    en = "Lowering this label is proposed already. Confirm or withdraw that first."


class ProposalOver(Problem):
    """It was confirmed, withdrawn or overtaken, or its week is over."""

    status = 409
    code = "proposal-over"
    fr = "Cette proposition ne tient plus. Regardez le label de l’espace, puis proposez-la de nouveau s’il le faut."
    en = "This proposal no longer stands. Look at the space’s label, then propose it again if need be."


class ProposerGone(Problem):
    status = 409
    code = "proposer-gone"
    fr = "La personne qui l’a proposé ne gère plus cet espace. Si le motif tient, proposez-le vous-même."
    en = "The person who proposed this no longer manages the space. If the reason holds, propose it yourself."
