"""The words of hosting: declarations, and what the instance may hold because of them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from bastide.core.policy import (
    Approval,
    HoldingState,
    HostingException,
    HostingProfile,
    Label,
    Reading,
    RuleName,
)

# Every instance has this one stream, so that what is declared reaches every process and window.
INSTANCE_STREAM = UUID("00000000-0000-7000-8000-000000000001")


Kind = Literal["profile", "reading", "exception", "offer", "approval", "partner"]


class DeclarationRow(msgspec.Struct, frozen=True):
    """A standing declaration. `body` is JSON; `by_name` is empty for the operator."""

    id: UUID
    kind: str
    owner_id: UUID | None
    body: str
    fictitious: bool
    declared_by: UUID | None
    by_name: str
    declared_at: datetime


class Declaration(msgspec.Struct, frozen=True):
    """Who declared something, and when. `by` None: the operator, at the machine's terminal.

    `fictitious`: of a demonstration, and true of nothing.
    """

    id: UUID
    by: UUID | None
    by_name: str
    at: datetime
    fictitious: bool


class DeclaredProfile(msgspec.Struct, frozen=True):
    """A hosting profile and its declaration."""

    profile: HostingProfile
    declaration: Declaration


class DeclaredReading(msgspec.Struct, frozen=True):
    """The reading of R9 that is followed, with its terms. `declaration` None: nobody chose, the default stands."""

    reading: Reading
    source: str
    binds_from: Label
    exceptions: bool
    exception_months: int
    exception_source: str
    granted_months: int
    declaration: Declaration | None


class DeclaredException(msgspec.Struct, frozen=True):
    """An exception, its declaration, and its last day under the reading's terms."""

    exception: HostingException
    ends_on: date
    declaration: Declaration


class DeclaredOffer(msgspec.Struct, frozen=True):
    """Since when an acceptable offer exists, which ends every exception, and its declaration."""

    since: date
    declaration: Declaration


class DeclaredApproval(msgspec.Struct, frozen=True):
    """An approval and its declaration, the last day it holds and the last day for its next review."""

    approval: Approval
    ends_on: date
    review_by: date
    declaration: Declaration


class DeclaredPartner(msgspec.Struct, frozen=True):
    """An organisation whose agents another lets into its restricted spaces."""

    owner_id: UUID
    partner_id: UUID
    declaration: Declaration


class LabelHolding(msgspec.Struct, frozen=True):
    """What the instance may do with spaces of a label, and what follows when that ends by itself.

    `also`: the other reasons of a label that is open, each of which had to say yes.
    """

    label: Label
    state: HoldingState
    rule: RuleName
    reason: str
    also: list[str]
    until: date | None
    then_state: HoldingState | None
    then_reason: str | None


class RuleVersions(msgspec.Struct, frozen=True):
    """Words that change whenever another declaration of a kind stands. Whoever declares says which one they saw."""

    profile: str
    reading: str
    approval: str
    offer: str


class RuleView(msgspec.Struct, frozen=True):
    """All that is declared, and what follows from it on this day.

    `approval` is the one in force, or the first to begin where none has begun; `next_approval` takes its place on its own
    first day.
    """

    today: date
    profile: DeclaredProfile | None
    reading: DeclaredReading
    exceptions: list[DeclaredException]
    offer: DeclaredOffer | None
    approval: DeclaredApproval | None
    next_approval: DeclaredApproval | None
    partners: list[DeclaredPartner]
    holdings: list[LabelHolding]
    fictitious: bool
    versions: RuleVersions


class NewReading(msgspec.Struct, frozen=True):
    """The reading of R9 to follow."""

    reading: Reading


class NewOffer(msgspec.Struct, frozen=True):
    """The day on which an acceptable offer became available."""

    since: date


class Trial(msgspec.Struct, frozen=True):
    """What somebody thinks of declaring or withdrawing: one of these."""

    profile: HostingProfile | None = None
    reading: Reading | None = None
    approval: Approval | None = None
    exception: HostingException | None = None
    offer: NewOffer | None = None
    withdraw: UUID | None = None


class LabelEffect(msgspec.Struct, frozen=True):
    """What a declaration would change for a label.

    Attributes:
        spaces: how many teams and communities of the instance have the label.
        directs: how many direct conversations.
        since: the first day on which it would make a difference.
        before: the label's state on that day as things stand.
        after: what it would be from that day on.
        closes: whether less would be possible, not more.
    """

    spaces: int
    directs: int
    since: date
    before: HoldingState
    after: LabelHolding
    closes: bool


class TrialView(msgspec.Struct, frozen=True):
    """What would follow, by day; nothing is declared by asking. Of each label the first loss and the first gain."""

    today: date
    effects: list[LabelEffect]


class NewPartner(msgspec.Struct, frozen=True):
    """The organisation to let in, to one's own organisation's restricted spaces."""

    partner_id: UUID
