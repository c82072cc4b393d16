"""What can go wrong with people."""

from bastide.core.errors import Problem


class AddressTaken(Problem):
    status = 409
    code = "address-taken"
    fr = "Cette adresse appartient déjà à quelqu’un."
    en = "This address already belongs to somebody."
