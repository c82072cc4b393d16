"""Whose an address is by its domain: an administration's people come in as its agents, and as nobody's guests."""

from collections.abc import Iterable

from bastide.people.model import Organisation


def organisation_of(email: str, organisations: Iterable[Organisation]) -> Organisation | None:
    """The administration in whose domain, or in a part of it, an address stands; of two, the one with the longer domain."""
    host = email.rpartition("@")[2]
    owners = [o for o in organisations if host == o.domain or host.endswith(f".{o.domain}")]
    return max(owners, key=lambda o: len(o.domain), default=None)
