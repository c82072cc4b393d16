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


Kind = Literal["profile", "reading", "exception", "approval", "partner"]


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
    declaration: Declaration | None


class DeclaredException(msgspec.Struct, frozen=True):
    """An exception, its declaration, and the day on which it ends under the reading's term, if that is known."""

    exception: HostingException
    ends_on: date | None
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
    """What the instance may do with spaces of a label today, and what follows when that ends by itself."""

    label: Label
    state: HoldingState
    rule: RuleName
    reason: str
    until: date | None
    then_state: HoldingState | None
    then_reason: str | None


class RuleView(msgspec.Struct, frozen=True):
    """All that is declared, and what follows from it on this day."""

    today: date
    profile: DeclaredProfile | None
    reading: DeclaredReading
    exceptions: list[DeclaredException]
    approval: DeclaredApproval | None
    partners: list[DeclaredPartner]
    holdings: list[LabelHolding]
    fictitious: bool


class NewReading(msgspec.Struct, frozen=True):
    """The reading of R9 to follow."""

    reading: Reading


class NewPartner(msgspec.Struct, frozen=True):
    """The organisation to let in, to one's own organisation's restricted spaces."""

    partner_id: UUID
