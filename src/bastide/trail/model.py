"""The words of the trail."""

from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.policy import Label, SpaceKind
from bastide.people.model import PersonCard


class AuditLine(msgspec.Struct, frozen=True):
    """A line of the audit.

    Attributes:
        seq: its place in the chain.
        at: when.
        action: the act; empty where the line is not one that Bastide writes.
        allowed: done, or refused.
        person_id: who; None for the operator at the terminal, Bastide itself, and a sign-in without an account.
        space_id: where; None for an act on no space.
        rule: the rule that refused.
        reason: its reason.
        detail: ids and words.
    """

    seq: int
    at: datetime
    action: str
    allowed: bool
    person_id: UUID | None
    space_id: UUID | None
    rule: str | None
    reason: str | None
    detail: dict[str, str]


class AuditSpace(msgspec.Struct, frozen=True):
    """A space that lines name. `name` only for who may see the space: others learn what it is, not what it is called."""

    id: UUID
    kind: SpaceKind
    label: Label
    name: str | None


class AuditPage(msgspec.Struct, frozen=True):
    """Lines, newest first, and whom and what they name. `next`: give it as `before` for the older ones; None at the end."""

    lines: list[AuditLine]
    people: list[PersonCard]
    spaces: list[AuditSpace]
    next: int | None


class AuditVerdict(msgspec.Struct, frozen=True):
    """What verifying found.

    Attributes:
        lines: how many lines were looked at.
        broken_at: the first that does not hold; None when all do.
        last: the hash of the last that does, in hexadecimal.
        kept_at: the line that has the hash that was kept; None where none was given, or it is in the chain no more.
        noted: whether that this was verified could be recorded.
    """

    lines: int
    broken_at: int | None
    last: str
    kept_at: int | None
    noted: bool
