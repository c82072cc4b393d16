"""What an instance may hold: never more for a stricter label, never more because time went by, and until when exactly.

The rows that say what is held when are in rows.py; here is what is true of everything that can be declared.
"""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastide.core.policy import (
    Approval,
    Declared,
    Holding,
    HoldingState,
    Hosting,
    HostingException,
    HostingProfile,
    Label,
    Reading,
    RuleName,
    hold,
    rank,
)
from bastide.core.policy.holding import months_after

DAY = date(2026, 3, 10)

# Days that lie close enough together for ends and beginnings to meet, and the ends of the calendar.
near = st.integers(-900, 1600).map(lambda days: DAY + timedelta(days))
days = st.one_of(near, near, near, st.dates(), st.sampled_from([date.min, date.max]))
profiles = st.builds(HostingProfile, st.sampled_from(Hosting), st.booleans(), st.booleans(), st.none() | days)
exceptions = st.builds(
    HostingException, st.just("Le ministre"), days, st.sampled_from(Label), st.none() | days, st.none() | days
)
approvals = st.builds(Approval, st.just("La préfète"), st.sampled_from(Label), days, days, st.none() | days)
everything = st.builds(
    Declared,
    st.none() | profiles,
    st.sampled_from(Reading),
    st.lists(exceptions, max_size=3).map(tuple),
    st.none() | approvals,
    st.none() | approvals,
    st.none() | days,
)


def state(declared: Declared, label: Label, on: date) -> int:
    """How closed: 0 open, 1 read-only, 2 closed."""
    return rank(hold(declared, on)[label].state)


@settings(max_examples=400, deadline=None)
@given(everything, days)
def test_there_is_an_answer_to_everything(declared: Declared, on: date) -> None:
    held = hold(declared, on)
    assert list(held) == list(Label)
    for holding in held.values():
        assert holding.reason
        assert (holding.state is HoldingState.OPEN) == (holding.rule is RuleName.ALLOWED)
        assert holding.rule in (
            RuleName.ALLOWED,
            RuleName.HOSTING,
            RuleName.HOSTING_RESTRICTED,
            RuleName.APPROVAL,
        )
        assert holding.until is None or on <= holding.until < date.max


@settings(max_examples=400, deadline=None)
@given(everything, days)
def test_what_is_open_tells_all_that_had_to_say_yes(declared: Declared, on: date) -> None:
    """Above internal the approval is among it; of what is not open, one reason is told."""
    for label, holding in hold(declared, on).items():
        told = (holding.reason, *holding.also)
        assert len(set(told)) == len(told)
        if holding.state is HoldingState.OPEN:
            assert ("approved" in told) == (rank(label) > rank(Label.INTERNAL))
            assert told[0] != "approved", "where it lies is told first"
        else:
            assert holding.also == ()


@settings(max_examples=400, deadline=None)
@given(everything, days)
def test_a_stricter_label_is_never_more_open(declared: Declared, on: date) -> None:
    closed = [rank(h.state) for h in hold(declared, on).values()]
    assert closed == sorted(closed)


@settings(max_examples=400, deadline=None)
@given(everything, profiles, days)
def test_better_hosting_never_closes(declared: Declared, profile: HostingProfile, on: date) -> None:
    """Another property, the State's cloud, one's own premises, a longer declaration."""
    before = msgspec.structs.replace(declared, profile=profile)
    better = [
        msgspec.structs.replace(profile, qualified=True),
        msgspec.structs.replace(profile, immune=True),
        msgspec.structs.replace(profile, hosting=Hosting.STATE),
        msgspec.structs.replace(profile, hosting=Hosting.PREMISES),
        msgspec.structs.replace(profile, until=None),
    ]
    for one in better:
        after = msgspec.structs.replace(declared, profile=one)
        for label in Label:
            assert state(after, label, on) <= state(before, label, on), (one, label)


@settings(max_examples=400, deadline=None)
@given(everything, days, days)
def test_time_only_closes(declared: Declared, one: date, other: date) -> None:
    """Once everything that is declared has begun, nothing opens by itself."""
    first, last = sorted((one, other))
    begun = [e.granted_on for e in declared.exceptions]
    begun += [a.since for a in (declared.approval, declared.next_approval) if a is not None]
    first = max([first, *begun])
    if first > last:
        return
    for label in Label:
        assert state(declared, label, first) <= state(declared, label, last), label


@settings(max_examples=400, deadline=None)
@given(everything, days, near)
def test_until_is_the_last_day_of_the_state(declared: Declared, on: date, later: date) -> None:
    for label, holding in hold(declared, on).items():
        until = holding.until
        if until is not None:
            assert state(declared, label, until) == rank(holding.state)
            assert state(declared, label, until + timedelta(days=1)) != rank(holding.state)
        if later >= on and (until is None or later <= until):
            assert state(declared, label, later) == rank(holding.state), "and no day before it is another"


@settings(max_examples=300, deadline=None)
@given(everything, days)
def test_restricted_is_never_on_a_commercial_cloud_nor_without_approval(declared: Declared, on: date) -> None:
    profile = declared.profile
    if profile is None or profile.hosting is Hosting.COMMERCIAL:
        assert hold(declared, on)[Label.RESTRICTED].state is HoldingState.CLOSED
    if declared.approval is None and declared.next_approval is None:
        assert {hold(declared, on)[label].state for label in (Label.SENSITIVE, Label.RESTRICTED)} == {
            HoldingState.CLOSED
        }


@settings(max_examples=300, deadline=None)
@given(everything, days)
def test_as_dinum_read_it_no_exception_helps(declared: Declared, on: date) -> None:
    read = msgspec.structs.replace(declared, reading=Reading.DINUM_2021)
    without = msgspec.structs.replace(read, exceptions=())
    assert [h.state for h in hold(read, on).values()] == [h.state for h in hold(without, on).values()]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 10), 0, date(2026, 3, 10)),
        (date(9998, 12, 31), 12, date(9999, 12, 31)),
        (date(9999, 1, 1), 12, date.max),
    ],
)
def test_months_are_counted_from_day_to_day(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


# The table, as it would be read aloud: public, internal, sensitive, restricted, on the same day.

APPROVED = Approval("La préfète", Label.RESTRICTED, date(2026, 1, 15), date(2029, 1, 14))
Y, R, C = "open", "read-only", "closed"


@pytest.mark.parametrize(
    ("profile", "reading", "states"),
    [
        (HostingProfile(Hosting.PREMISES), Reading.DINUM_2021, [Y, Y, Y, Y]),
        (HostingProfile(Hosting.PREMISES), Reading.SREN_2024, [Y, Y, Y, Y]),
        (HostingProfile(Hosting.STATE), Reading.DINUM_2021, [Y, Y, Y, Y]),
        (HostingProfile(Hosting.STATE), Reading.CIRCULAR_2023, [Y, Y, Y, Y]),
        (HostingProfile(Hosting.COMMERCIAL, qualified=True, immune=True), Reading.DINUM_2021, [Y, Y, Y, C]),
        (HostingProfile(Hosting.COMMERCIAL, qualified=True, immune=True), Reading.SREN_2024, [Y, Y, Y, C]),
        (HostingProfile(Hosting.COMMERCIAL, qualified=True), Reading.DINUM_2021, [C, C, C, C]),
        (HostingProfile(Hosting.COMMERCIAL, immune=True), Reading.CIRCULAR_2023, [Y, Y, C, C]),
        (HostingProfile(Hosting.COMMERCIAL), Reading.DINUM_2021, [C, C, C, C]),
        (HostingProfile(Hosting.COMMERCIAL), Reading.CIRCULAR_2023, [Y, Y, C, C]),
        (HostingProfile(Hosting.COMMERCIAL), Reading.SREN_2024, [Y, Y, C, C]),
        (HostingProfile(Hosting.PREMISES, until=date(2026, 3, 9)), Reading.DINUM_2021, [R, R, R, R]),
        (HostingProfile(Hosting.PREMISES, until=date(2026, 3, 9)), Reading.CIRCULAR_2023, [Y, Y, R, R]),
        (None, Reading.CIRCULAR_2023, [C, C, C, C]),
    ],
)
def test_hosting_by_reading(profile: HostingProfile | None, reading: Reading, states: list[str]) -> None:
    held = hold(Declared(profile, reading, (), APPROVED), DAY)
    assert [h.state.value for h in held.values()] == states


@pytest.mark.parametrize(
    ("approval", "states"),
    [
        (None, [Y, Y, C, C]),
        (msgspec.structs.replace(APPROVED, ceiling=Label.PUBLIC), [Y, Y, C, C]),
        (msgspec.structs.replace(APPROVED, ceiling=Label.INTERNAL), [Y, Y, C, C]),
        (msgspec.structs.replace(APPROVED, ceiling=Label.SENSITIVE), [Y, Y, Y, C]),
        (APPROVED, [Y, Y, Y, Y]),
        (msgspec.structs.replace(APPROVED, since=date(2026, 3, 11)), [Y, Y, C, C]),
        (msgspec.structs.replace(APPROVED, until=date(2026, 3, 9)), [Y, Y, R, R]),
        (msgspec.structs.replace(APPROVED, until=date(2026, 3, 9), ceiling=Label.SENSITIVE), [Y, Y, R, C]),
        (msgspec.structs.replace(APPROVED, since=date(2025, 3, 9)), [Y, Y, R, R]),
    ],
)
def test_approvals(approval: Approval | None, states: list[str]) -> None:
    held = hold(Declared(HostingProfile(Hosting.PREMISES), approval=approval), DAY)
    assert [h.state.value for h in held.values()] == states


def test_the_first_of_two_that_are_as_strict_is_told() -> None:
    """Where the law and the approval both refuse, people are told the law."""
    both = Declared(HostingProfile(Hosting.COMMERCIAL))
    assert hold(both, DAY)[Label.SENSITIVE] == Holding(
        HoldingState.CLOSED, RuleName.HOSTING, "commercial-cloud"
    )
    assert hold(both, DAY)[Label.RESTRICTED].rule is RuleName.HOSTING_RESTRICTED
