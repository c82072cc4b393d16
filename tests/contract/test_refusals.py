"""Every refusal that the policy can give, for the window's words: what it says of none of them, it cannot say.

The list is kept in `web/src/test/refusals.json`; the window's tests ask for words of each. To write it anew:
`pytest tests/contract --write-fixtures`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import msgspec
import pytest

from bastide.core.policy import (
    Action,
    ActorKind,
    Approval,
    Case,
    Declared,
    Hosting,
    HostingException,
    HostingProfile,
    Label,
    Place,
    Reading,
    Role,
    RuleName,
    SpaceKind,
    Strength,
    Tool,
    decide,
    hold,
)
from bastide.settings import ROOT
from tests.core.policy.test_decide import every_case

KEPT = ROOT / "web" / "src" / "test" / "refusals.json"
DAY = date(2026, 3, 10)
EVE, YEAR_AGO = DAY - timedelta(days=1), DAY - timedelta(days=500)
PROFILES = [
    None,
    *(HostingProfile(hosting) for hosting in Hosting),
    HostingProfile(Hosting.PREMISES, until=EVE),
]
EXCEPTIONS = [(), (HostingException("", YEAR_AGO, until=EVE),), (HostingException("", EVE),)]
APPROVALS = [
    None,
    Approval("", Label.INTERNAL, EVE, DAY),
    Approval("", Label.RESTRICTED, EVE, DAY),
    Approval("", Label.RESTRICTED, EVE - timedelta(days=9), EVE),
    Approval("", Label.RESTRICTED, YEAR_AGO, DAY),
    Approval("", Label.RESTRICTED, DAY + timedelta(days=1), DAY + timedelta(days=9)),
]


class Refusal(msgspec.Struct, frozen=True, order=True):
    """One that the policy can give, as its problem details carry it."""

    rule: str
    reason: str
    source: str
    ways: tuple[str, ...]


def by_holdings() -> Iterator[Case]:
    """A manager writes, in spaces of each label, under each thing that can be declared."""
    for profile, reading, exceptions, approval in product(PROFILES, Reading, EXCEPTIONS, APPROVALS):
        declared = Declared(profile, reading, exceptions, approval)
        for label, holding in hold(declared, DAY).items():
            where = Place(UUID(int=2), UUID(int=1), SpaceKind.TEAM, label, frozenset(Tool))
            yield Case(
                Action.CHAT_MESSAGE_SEND,
                ActorKind.AGENT,
                Role.MANAGER,
                where,
                strength=Strength.PASSKEY,
                foreign=False,
                holding=holding,
            )


def all_refusals() -> set[Refusal]:
    decisions = (
        decide(case) for case in (*every_case(), *by_holdings()) if case.kind is not ActorKind.SYSTEM
    )
    return {Refusal(d.rule, d.reason, d.source, d.ways) for d in decisions if not d.allowed}


def test_the_window_is_told_of_every_refusal(request: pytest.FixtureRequest) -> None:
    holding = {RuleName.HOSTING, RuleName.HOSTING_RESTRICTED, RuleName.APPROVAL}
    # The walk through all cases makes up what is held; what an instance can really say comes from what is declared.
    real = {case.holding.reason for case in by_holdings()}
    said = sorted(r for r in all_refusals() if r.rule not in holding or r.reason in real)
    assert {r.rule for r in said} == set(RuleName) - {RuleName.ALLOWED}
    kept = msgspec.json.format(msgspec.json.encode(said), indent=2) + b"\n"
    if request.config.getoption("--write-fixtures"):
        KEPT.write_bytes(kept)
    assert KEPT.read_bytes() == kept, "write them anew: pytest tests/contract --write-fixtures"
