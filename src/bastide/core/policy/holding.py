"""What an instance may hold on a day, label by label, from what is declared. Pure and total."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import MAXYEAR, date, timedelta

import msgspec

from bastide.core.policy.declarations import Approval, Declared, HostingException, HostingProfile
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
        also: the other reasons of what is open, in the rules' order: each of them had to say yes.
        until: the last day of this state if nothing new is declared; None: for as long as that.
    """

    state: HoldingState
    rule: RuleName
    reason: str
    also: tuple[str, ...] = ()
    until: date | None = None


Holdings = dict[Label, Holding]

# The reading leaves this label alone: where it lies makes no difference.
NOT_BOUND = "not-bound"
# What is decided where nobody said what the instance may hold: nothing.
UNKNOWN = Holding(HoldingState.CLOSED, RuleName.HOSTING, "undeclared")


def hold(declared: Declared, on: date) -> Holdings:
    """What the instance may hold on a day, for each label."""
    return {label: _held(declared, label, on) for label in Label}


def _held(declared: Declared, label: Label, on: date) -> Holding:
    """The day's answer, and its last day: the eve of the first day to come that has another."""
    today = _answer(declared, label, on)
    for day in turns(declared):
        if day > on and _answer(declared, label, day).state is not today.state:
            return msgspec.structs.replace(today, until=day - timedelta(days=1))
    return today


def turns(declared: Declared) -> list[date]:
    """The days on which something declared begins, or is over, in order."""
    begins: list[date] = []
    last: list[date | None] = []
    if declared.profile is not None:
        last.append(declared.profile.until)
    for approval in _approvals(declared):
        begins.append(approval.since)
        last += approval_end(approval), review_due(approval)
    for exception in declared.exceptions:
        begins.append(exception.granted_on)
        last.append(exception_end(exception, READINGS[declared.reading], declared.offered))
    over = [day + timedelta(days=1) for day in last if day is not None and day < date.max]
    return sorted({*begins, *over})


def _answer(declared: Declared, label: Label, on: date) -> Holding:
    """The strictest of what the rules say, the first of those that are alike. What is open is so by all of them."""
    found = list(_rules(declared, label, on))
    strictest = max(found, key=lambda holding: rank(holding.state))
    if strictest.state is not HoldingState.OPEN:
        return strictest
    return _open(*dict.fromkeys(holding.reason for holding in found))


def _rules(declared: Declared, label: Label, on: date) -> Iterable[Holding]:
    profile = declared.profile
    if profile is None:
        yield UNKNOWN
        return
    if label is Label.RESTRICTED:
        yield _restricted(profile)
    yield _lasting(profile, _hosting(declared, profile, label, on), on)
    if rank(label) > rank(Label.INTERNAL):
        yield _approval(approval_on(declared, on), label, on)


def _open(reason: str, *also: str) -> Holding:
    return Holding(HoldingState.OPEN, RuleName.ALLOWED, reason, also)


def _restricted(profile: HostingProfile) -> Holding:
    """Restricted spaces lie on no commercial cloud, whatever is declared of it."""
    if profile.hosting in _OWN:
        return _open(profile.hosting.value)
    return Holding(HoldingState.CLOSED, RuleName.HOSTING_RESTRICTED, "restricted-on-commercial")


def _hosting(declared: Declared, profile: HostingProfile, label: Label, on: date) -> Holding:
    """R9, as the instance reads it."""
    terms = READINGS[declared.reading]
    if rank(label) < rank(terms.binds_from):
        return _open(NOT_BOUND)
    if profile.hosting in _OWN:
        return _open(profile.hosting.value)
    if profile.qualified and profile.immune:
        return _open("qualified")
    return _excepted(declared, terms, label, on)


def _lasting(profile: HostingProfile, found: Holding, on: date) -> Holding:
    """A profile that is over opens nothing more. What it closed stays closed: nothing opens because time went by."""
    lapsed = profile.until is not None and on > profile.until
    if lapsed and found.state is HoldingState.OPEN and found.reason != NOT_BOUND:
        return Holding(HoldingState.READ_ONLY, RuleName.HOSTING, "profile-lapsed")
    return found


def _excepted(declared: Declared, terms: Terms, label: Label, on: date) -> Holding:
    """A commercial cloud that lacks a property: only an exception helps, for as long as it lasts."""
    begun = [e for e in declared.exceptions if rank(e.ceiling) >= rank(label) and e.granted_on <= on]
    spans = [(e.granted_on, exception_end(e, terms, declared.offered)) for e in begun]
    # One that was over before it was granted never was.
    ends = [end for start, end in spans if end >= start]
    if not ends or not terms.exceptions:
        return Holding(HoldingState.CLOSED, RuleName.HOSTING, "commercial-cloud")
    if max(ends) < on:
        return Holding(HoldingState.READ_ONLY, RuleName.HOSTING, "exception-ended")
    return _open("exception")


def exception_end(exception: HostingException, terms: Terms, offered: date | None) -> date:
    """An exception's last day: its own, so many months after an acceptable offer, or after its first day; the earliest."""
    ends = [months_after(exception.granted_on, terms.granted_months)]
    if exception.until is not None:
        ends.append(exception.until)
    if offered is not None:
        ends.append(months_after(offered, terms.exception_months))
    return min(ends)


def _approvals(declared: Declared) -> list[Approval]:
    return [a for a in (declared.approval, declared.next_approval) if a is not None]


def approval_on(declared: Declared, on: date) -> Approval | None:
    """The approval that counts on a day: the next one from its own first day on, and until then the one before."""
    declared_ones = _approvals(declared)
    begun = [approval for approval in declared_ones if approval.since <= on]
    if begun:
        return begun[-1]
    return next(iter(declared_ones), None)


def _approval(approval: Approval | None, label: Label, on: date) -> Holding:
    """The approval (homologation) and its yearly review. Its ceiling is asked before its days: what is above it never covers."""
    if approval is None:
        return Holding(HoldingState.CLOSED, RuleName.APPROVAL, "no-approval")
    if rank(label) > rank(approval.ceiling):
        return Holding(HoldingState.CLOSED, RuleName.APPROVAL, "above-ceiling")
    if on < approval.since:
        return Holding(HoldingState.CLOSED, RuleName.APPROVAL, "not-yet")
    if on > approval_end(approval):
        return Holding(HoldingState.READ_ONLY, RuleName.APPROVAL, "approval-expired")
    if on > review_due(approval):
        return Holding(HoldingState.READ_ONLY, RuleName.APPROVAL, "review-missed")
    return _open("approved")


def approval_end(approval: Approval) -> date:
    """An approval's last day: three years after its first at the latest."""
    most = months_after(approval.since, 12 * APPROVAL_YEARS) - timedelta(days=1)
    return min(approval.until, most)


def review_due(approval: Approval) -> date:
    """The last day for the next yearly review."""
    last = approval.since if approval.reviewed_on is None else max(approval.since, approval.reviewed_on)
    return months_after(last, 12 * REVIEW_YEARS)


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last day of that month; the last day of all where there is no such year."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(start.day, monthrange(year, month)[1]))
