"""Standing declarations as they are shown."""

from collections.abc import Sequence
from datetime import date

from bastide.core.policy import Approval, HostingException, HostingProfile, Reading
from bastide.core.policy.holding import approval_end, exception_end, review_due
from bastide.core.policy.readings import READINGS
from bastide.hosting.model import (
    Declaration,
    DeclarationRow,
    DeclaredApproval,
    DeclaredException,
    DeclaredOffer,
    DeclaredPartner,
    DeclaredProfile,
    DeclaredReading,
    LabelHolding,
    NewOffer,
    NewPartner,
    RuleVersions,
    RuleView,
)
from bastide.hosting.rulebook import approvals_of, body_of, declared_of


def rule_view(standing: Sequence[DeclarationRow], holdings: list[LabelHolding], today: date) -> RuleView:
    """All that is declared, and what follows on a day."""
    declared, rows = declared_of(standing), {row.kind: row for row in standing}
    profile, offer = rows.get("profile"), rows.get("offer")
    approval, following = _approvals(standing, today)
    return RuleView(
        today=today,
        profile=DeclaredProfile(body_of(profile, HostingProfile), _declaration(profile)) if profile else None,
        reading=_reading(declared.reading, rows.get("reading")),
        exceptions=[
            _exception(row, declared.reading, declared.offered) for row in standing if row.kind == "exception"
        ],
        offer=DeclaredOffer(body_of(offer, NewOffer).since, _declaration(offer)) if offer else None,
        approval=approval,
        next_approval=following,
        partners=[
            DeclaredPartner(row.owner_id, body_of(row, NewPartner).partner_id, _declaration(row))
            for row in standing
            if row.kind == "partner" and row.owner_id is not None
        ],
        holdings=holdings,
        fictitious=any(row.fictitious for row in standing),
        versions=versions(standing),
    )


def versions(standing: Sequence[DeclarationRow]) -> RuleVersions:
    """What stands of each kind, by its ids."""

    def ids(kind: str) -> str:
        return " ".join(str(row.id) for row in standing if row.kind == kind) or "none"

    return RuleVersions(ids("profile"), ids("reading"), ids("approval"), ids("offer"))


def _approvals(
    standing: Sequence[DeclarationRow], today: date
) -> tuple[DeclaredApproval | None, DeclaredApproval | None]:
    """The one in force, or the first to begin, and the one that follows it."""
    shown = [_approval(row) for row in approvals_of(standing)]
    begun = [one for one in shown if one.approval.since <= today]
    coming = [one for one in shown if one.approval.since > today]
    first, *others = [*begun[-1:], *coming] or [None]
    return first, others[0] if others else None


def _declaration(row: DeclarationRow) -> Declaration:
    return Declaration(row.id, row.declared_by, row.by_name, row.declared_at, row.fictitious)


def _reading(reading: Reading, row: DeclarationRow | None) -> DeclaredReading:
    terms = READINGS[reading]
    return DeclaredReading(
        reading=reading,
        source=terms.source,
        binds_from=terms.binds_from,
        exceptions=terms.exceptions,
        exception_months=terms.exception_months,
        exception_source=terms.exception_source,
        granted_months=terms.granted_months,
        declaration=_declaration(row) if row else None,
    )


def _exception(row: DeclarationRow, reading: Reading, offered: date | None) -> DeclaredException:
    exception = body_of(row, HostingException)
    return DeclaredException(
        exception, exception_end(exception, READINGS[reading], offered), _declaration(row)
    )


def _approval(row: DeclarationRow) -> DeclaredApproval:
    approval = body_of(row, Approval)
    return DeclaredApproval(approval, approval_end(approval), review_due(approval), _declaration(row))
