"""What may be declared at all. Each raises Invalid with the field that is wrong."""

from datetime import date, timedelta

from bastide.core.errors import Invalid
from bastide.core.policy import Approval, Declared, Hosting, HostingException, HostingProfile, Label
from bastide.core.policy.holding import APPROVAL_YEARS, exception_end, months_after
from bastide.core.policy.readings import READINGS
from bastide.hosting.model import NewOffer

_AUTHORITY_LEAST, _AUTHORITY_MOST = 2, 200
EXCEPTIONS_MOST = 20


def check_profile(profile: HostingProfile, today: date) -> None:
    """Properties are a commercial cloud's, and a past day is over."""
    commercial = profile.hosting is Hosting.COMMERCIAL
    if not commercial and (profile.qualified or profile.immune):
        raise Invalid(field="qualified")
    if profile.until is not None and profile.until < today:
        raise Invalid(field="until")


def check_approval(approval: Approval, today: date) -> None:
    """Three years at most; reviewed between its first day and today."""
    _check_authority(approval.authority)
    latest = months_after(approval.since, 12 * APPROVAL_YEARS) - timedelta(days=1)
    if not approval.since <= approval.until <= latest:
        raise Invalid(field="until")
    reviewed = approval.reviewed_on
    if reviewed is not None and not approval.since <= reviewed <= today:
        raise Invalid(field="reviewed_on")


def check_offer(offer: NewOffer, today: date) -> None:
    """It exists, or it does not."""
    if offer.since > today:
        raise Invalid(field="since")


def check_exception(exception: HostingException, declared: Declared, today: date) -> None:
    """Granted, never for restricted, no longer than its reading allows, and not over before it begins."""
    _check_authority(exception.authority)
    terms = READINGS[declared.reading]
    if exception.ceiling is Label.RESTRICTED:
        raise Invalid(field="ceiling")
    if exception.granted_on > today:
        raise Invalid(field="granted_on")
    if exception.offer_on is not None and exception.offer_on > today:
        raise Invalid(field="offer_on", reason="not-yet")
    latest = months_after(exception.granted_on, terms.granted_months)
    if exception.until is not None and not exception.granted_on <= exception.until <= latest:
        raise Invalid(field="until")
    known = [day for day in (exception.offer_on, declared.offered) if day is not None]
    if exception_end(exception, terms, min(known, default=None)) < exception.granted_on:
        raise Invalid(field="offer_on", reason="over-before-it-begins")


def _check_authority(authority: str) -> None:
    if not _AUTHORITY_LEAST <= len(authority.strip()) <= _AUTHORITY_MOST or not authority.isprintable():
        raise Invalid(field="authority")
