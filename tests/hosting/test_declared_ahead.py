"""What is declared ahead waits for its day; an offer binds every exception; two who declare at once are told."""

import asyncio
from datetime import date, timedelta

import msgspec
import pytest

from bastide.core.clock import HeldClock
from bastide.core.errors import Conflict, Invalid, NotFound
from bastide.core.policy import Approval, Hosting, HostingException, HostingProfile, Label, Reading
from bastide.hosting.checks import EXCEPTIONS_MOST
from bastide.hosting.model import LabelHolding, NewOffer
from bastide.hosting.service import OPERATOR
from tests.support.hosting import declare
from tests.support.town import Town

DAY = timedelta(days=1)


def sensitive(town: Town) -> LabelHolding:
    return next(h for h in town.house.hosting.state().holdings if h.label is Label.SENSITIVE)


def pass_days(town: Town, days: int) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(timedelta(days=days))


def approval(since: date, days: int, ceiling: Label = Label.RESTRICTED) -> Approval:
    return Approval("La préfète", ceiling, since, since + timedelta(days=days - 1))


async def test_the_next_approval_leaves_the_one_in_force_standing(town: Town) -> None:
    hosting, today = town.house.hosting, town.house.rulebook.today
    standing, following = approval(today, 10), approval(today + 10 * DAY, 100)
    await hosting.do_declare_approval(OPERATOR, standing)
    view = await hosting.do_declare_approval(OPERATOR, following)
    assert view.approval is not None
    assert view.next_approval is not None
    assert (view.approval.approval, view.next_approval.approval) == (standing, following)
    assert (sensitive(town).state, sensitive(town).until) == ("open", today + 109 * DAY)
    pass_days(town, 10)
    view = hosting.state()
    assert view.approval is not None
    assert (view.approval.approval, view.next_approval) == (following, None), "its day has come"
    assert sensitive(town).state == "open"


async def test_a_gap_between_two_approvals_is_said_with_its_end(town: Town) -> None:
    hosting, today = town.house.hosting, town.house.rulebook.today
    await hosting.do_declare_approval(OPERATOR, approval(today, 5))
    await hosting.do_declare_approval(OPERATOR, approval(today + 9 * DAY, 100))
    assert (sensitive(town).until, sensitive(town).then_state) == (today + 4 * DAY, "read-only")
    pass_days(town, 5)
    held = sensitive(town)
    assert (held.state, held.until, held.then_state) == ("read-only", today + 8 * DAY, "open")
    pass_days(town, 4)
    assert sensitive(town).state == "open"


async def test_the_first_approval_may_begin_later_and_says_so(town: Town) -> None:
    hosting, today = town.house.hosting, town.house.rulebook.today
    standing = hosting.state().approval
    assert standing is not None
    await hosting.do_withdraw(OPERATOR, "approval", standing.declaration.id)
    await hosting.do_declare_approval(OPERATOR, approval(today + 3 * DAY, 100))
    held = sensitive(town)
    assert (held.state, held.reason, held.until, held.then_state) == (
        "closed",
        "not-yet",
        today + 2 * DAY,
        "open",
    )


async def test_what_takes_whose_place(town: Town) -> None:
    """One to follow replaces the one that was to follow; one that has begun, the one in force. Nothing is written over."""
    hosting, today = town.house.hosting, town.house.rulebook.today
    standing = approval(today, 10)
    await hosting.do_declare_approval(OPERATOR, standing)
    await hosting.do_declare_approval(OPERATOR, approval(today + 20 * DAY, 30))
    other = approval(today + 10 * DAY, 40)
    await hosting.do_declare_approval(OPERATOR, other)
    reviewed = msgspec.structs.replace(standing, reviewed_on=today)
    view = await hosting.do_declare_approval(OPERATOR, reviewed)
    assert view.approval is not None
    assert view.next_approval is not None
    assert (view.approval.approval, view.next_approval.approval) == (reviewed, other)
    async with town.house.ground.database.read() as reader:
        kept = await reader.value("select count(*) from declaration where kind = 'approval'")
    assert kept == 5, "the town's own, and each of these"
    view = await hosting.do_withdraw(OPERATOR, "approval", view.next_approval.declaration.id)
    assert view.next_approval is None
    assert view.approval is not None
    with pytest.raises(NotFound):
        await hosting.do_withdraw(OPERATOR, "exception", view.approval.declaration.id)


# Exceptions.


async def on_a_plain_cloud(town: Town) -> date:
    await declare(town.house, Hosting.COMMERCIAL)
    await town.house.hosting.do_declare_reading(OPERATOR, Reading.CIRCULAR_2023)
    return town.house.rulebook.today


async def test_an_offer_outlives_the_exception_that_told_of_it(town: Town) -> None:
    today, hosting = await on_a_plain_cloud(town), town.house.hosting
    offer = today - 300 * DAY
    view = await hosting.do_declare_exception(
        OPERATOR, HostingException("Le ministre", today, offer_on=offer)
    )
    ends = view.exceptions[0].ends_on
    assert ends < today + 80 * DAY
    await hosting.do_withdraw(OPERATOR, "exception", view.exceptions[0].declaration.id)
    view = await hosting.do_declare_exception(OPERATOR, HostingException("Le ministre", today))
    assert view.offer is not None
    assert (view.offer.since, view.exceptions[0].ends_on) == (offer, ends)
    view = await hosting.do_declare_exception(
        OPERATOR, HostingException("Le ministre", today, offer_on=today)
    )
    assert view.offer is not None
    assert view.offer.since == offer, "a later one takes nothing back"
    assert {one.ends_on for one in view.exceptions} == {ends}


async def test_an_offer_is_declared_by_itself(town: Town) -> None:
    today, hosting = await on_a_plain_cloud(town), town.house.hosting
    await hosting.do_declare_exception(OPERATOR, HostingException("Le ministre", today))
    assert sensitive(town).state == "open"
    view = await hosting.do_declare_offer(OPERATOR, NewOffer(today - 400 * DAY))
    assert sensitive(town).state == "closed", "it never was"
    assert view.offer is not None
    view = await hosting.do_withdraw(OPERATOR, "offer", view.offer.declaration.id)
    assert (view.offer, sensitive(town).state) == (None, "open")


async def test_what_cannot_be_granted(town: Town) -> None:
    today, hosting = await on_a_plain_cloud(town), town.house.hosting
    granted = HostingException("Le ministre", today)
    for field, wrong in (
        ("until", {"until": date(2099, 1, 1)}),
        ("until", {"until": today - DAY}),
        ("offer_on", {"offer_on": today - 400 * DAY}),
        ("offer_on", {"offer_on": today + DAY}),
    ):
        with pytest.raises(Invalid) as invalid:
            await hosting.do_declare_exception(OPERATOR, msgspec.structs.replace(granted, **wrong))
        assert invalid.value.field == field
    await hosting.do_declare_offer(OPERATOR, NewOffer(today - 400 * DAY))
    with pytest.raises(Invalid) as invalid:
        await hosting.do_declare_exception(OPERATOR, granted)
    assert (invalid.value.field, invalid.value.reason) == ("offer_on", "over-before-it-begins")
    with pytest.raises(Invalid):
        await hosting.do_declare_offer(OPERATOR, NewOffer(today + DAY))


# Two at once.


async def test_whoever_saw_something_else_is_told(town: Town) -> None:
    hosting = town.house.hosting
    seen = hosting.state().versions
    await hosting.do_declare_profile(OPERATOR, HostingProfile(Hosting.STATE), seen.profile)
    with pytest.raises(Conflict) as conflict:
        await hosting.do_declare_profile(OPERATOR, HostingProfile(Hosting.COMMERCIAL), seen.profile)
    assert conflict.value.reason == "changed-meanwhile"
    assert hosting.state().versions.approval == seen.approval, "another kind is another matter"
    await hosting.do_declare_reading(OPERATOR, Reading.SREN_2024, seen.reading)
    with pytest.raises(Conflict):
        await hosting.do_declare_reading(OPERATOR, Reading.DINUM_2021, seen.reading)
    both = await asyncio.gather(
        *(
            hosting.do_declare_offer(OPERATOR, NewOffer(town.house.rulebook.today), seen.offer)
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, Conflict) for one in both) == [False, True]


async def test_the_most_exceptions_are_counted_one_by_one(town: Town) -> None:
    today, hosting = await on_a_plain_cloud(town), town.house.hosting
    for _ in range(EXCEPTIONS_MOST - 1):
        await hosting.do_declare_exception(OPERATOR, HostingException("Le ministre", today))
    both = await asyncio.gather(
        *(hosting.do_declare_exception(OPERATOR, HostingException("Le ministre", today)) for _ in range(3)),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, Conflict) for one in both) == [False, True, True]
