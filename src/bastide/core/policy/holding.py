"""What an instance may hold on a day, label by label, from what is declared. Pure and total."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from bastide.core.policy.declarations import Approval, Declared, HostingException
from bastide.core.policy.readings import READINGS, Terms
from bastide.core.policy.words import HoldingState, Hosting, Label, RuleName, rank

APPROVAL_YEARS, REVIEW_YEARS = 3, 1
_OWN = frozenset({Hosting.PREMISES, Hosting.STATE})


class Holding(msgspec.Struct, frozen=True):
    """What may be done with spaces of a label.

    Attributes:
        state: open, read-only or closed.
        rule: the rule that says so, `ALLOWED` when it is open.
        reason: a stable word; with the rule it picks the sentence for people.
        until: the last day on which this is so if nothing new is declared; None: for as long as that.
    """

    state: HoldingState
    rule: RuleName
    reason: str
    until: date | None = None


Holdings = dict[Label, Holding]

# What is decided where nobody said what the instance may hold: nothing.
UNKNOWN = Holding(HoldingState.CLOSED, RuleName.HOSTING, "undeclared")


def hold(declared: Declared, on: date) -> Holdings:
    """What the instance may hold on a day, for each label."""
    return {label: _strictest(_answers(declared, label, on)) for label in Label}


def _answers(declared: Declared, label: Label, on: date) -> Iterable[Holding]:
    if label is Label.RESTRICTED:
        yield _restricted(declared, on)
    yield _hosting(declared, label, on)
    if rank(label) > rank(Label.INTERNAL):
        yield _approval(declared.approval, label, on)


def _strictest(answers: Iterable[Holding]) -> Holding:
    """The strictest answer, the first of those that are alike; what ends first says until when."""
    found = list(answers)
    worst = max(found, key=lambda h: rank(h.state))
    ends = [h.until for h in found if h.until is not None and h.state is worst.state]
    return msgspec.structs.replace(worst, until=min(ends, default=None))


def _open(reason: str, until: date | None = None) -> Holding:
    return Holding(HoldingState.OPEN, RuleName.ALLOWED, reason, until)


def _restricted(declared: Declared, on: date) -> Holding:
    """Instruction interministérielle 901: no commercial cloud, whatever is declared of it."""
    profile = declared.profile
    if profile is not None and profile.hosting not in _OWN:
        return Holding(HoldingState.CLOSED, RuleName.HOSTING_RESTRICTED, "restricted-on-commercial")
    return _hosting(declared, Label.RESTRICTED, on)


def _hosting(declared: Declared, label: Label, on: date) -> Holding:
    """R9, as the instance reads it."""
    terms, profile = READINGS[declared.reading], declared.profile
    if profile is None:
        return UNKNOWN
    bound = rank(label) >= rank(terms.binds_from)
    if not bound:
        return _open("not-bound")
    if profile.until is not None and on > profile.until:
        return Holding(HoldingState.READ_ONLY, RuleName.HOSTING, "profile-lapsed")
    if profile.hosting in _OWN:
        return _open(profile.hosting.value, profile.until)
    if profile.qualified and profile.immune:
        return _open("qualified", profile.until)
    return _excepted(declared.exceptions, terms, label, on)


def _excepted(exceptions: tuple[HostingException, ...], terms: Terms, label: Label, on: date) -> Holding:
    """A commercial cloud that lacks a property: only an exception helps, for as long as it lasts."""
    refused = Holding(HoldingState.CLOSED, RuleName.HOSTING, "commercial-cloud")
    if not terms.exceptions:
        return refused
    covering = [e for e in exceptions if rank(e.ceiling) >= rank(label) and e.granted_on <= on]
    if not covering:
        return refused
    ends = [exception_end(e, terms) for e in covering]
    living = [end for end in ends if end is None or end >= on]
    if not living:
        return Holding(HoldingState.READ_ONLY, RuleName.HOSTING, "exception-ended")
    return _open("exception", None if None in living else max(end for end in living if end is not None))


def exception_end(exception: HostingException, terms: Terms) -> date | None:
    """An exception's last day: its own, or so many months after an offer; the earlier. None while neither is known."""
    ends = [exception.until] if exception.until is not None else []
    if exception.offer_on is not None:
        ends.append(months_after(exception.offer_on, terms.exception_months))
    return min(ends, default=None)


def _approval(approval: Approval | None, label: Label, on: date) -> Holding:
    """The approval (homologation) and its yearly review."""
    if approval is None or on < approval.since:
        return Holding(HoldingState.CLOSED, RuleName.APPROVAL, "no-approval")
    if rank(label) > rank(approval.ceiling):
        return Holding(HoldingState.CLOSED, RuleName.APPROVAL, "above-ceiling")
    if on > approval_end(approval):
        return Holding(HoldingState.READ_ONLY, RuleName.APPROVAL, "approval-expired")
    if on > review_due(approval):
        return Holding(HoldingState.READ_ONLY, RuleName.APPROVAL, "review-missed")
    return _open("approved", min(approval_end(approval), review_due(approval)))


def approval_end(approval: Approval) -> date:
    """An approval's last day: three years after its first at the latest."""
    most = months_after(approval.since, 12 * APPROVAL_YEARS) - timedelta(days=1)
    return min(approval.until, most)


def review_due(approval: Approval) -> date:
    """The last day for the next yearly review."""
    last = approval.since if approval.reviewed_on is None else max(approval.since, approval.reviewed_on)
    return months_after(last, 12 * REVIEW_YEARS)


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
