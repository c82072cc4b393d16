"""What a declaration would change is told before anybody makes it, and telling it changes nothing."""

from datetime import timedelta

import pytest

from bastide.core.errors import Invalid
from bastide.core.policy import Approval, Hosting, HostingException, HostingProfile, Label, Reading
from bastide.hosting.model import NewOffer, Trial, TrialView
from bastide.hosting.service import OPERATOR
from tests.support.hosting import declare
from tests.support.town import Town, in_office

DAY = timedelta(days=1)


async def tried(town: Town, trial: Trial) -> TrialView:
    chief = in_office(town.agathe)
    return await town.house.hosting.trial(chief, trial)


def words(view: TrialView) -> list[str]:
    return [
        f"{e.after.label.value} day {(e.since - view.today).days}: {e.before.value} -> {e.after.state.value}"
        for e in view.effects
    ]


async def test_a_plain_cloud_closes_everything_and_how_much(town: Town) -> None:
    for label in (Label.SENSITIVE, Label.SENSITIVE, Label.INTERNAL):
        await town.space(town.agathe, label=label)
    before = town.house.hosting.state()
    view = await tried(town, Trial(profile=HostingProfile(Hosting.COMMERCIAL)))
    assert words(view) == [f"{label.value} day 0: open -> closed" for label in Label]
    assert {e.after.label.value: e.spaces for e in view.effects} == {
        "public": 0,
        "internal": 1,
        "sensitive": 2,
        "restricted": 0,
    }
    assert [e.directs for e in view.effects] == [0, 0, 0, 0], "nobody writes to anybody yet"
    assert all(e.closes for e in view.effects)
    assert view.effects[0].after.reason == "commercial-cloud"
    assert town.house.hosting.state() == before, "nothing is declared by asking"


async def test_an_approval_ahead_closes_nothing_and_reaches_further(town: Town) -> None:
    today = town.house.rulebook.today
    await town.house.hosting.do_declare_approval(
        OPERATOR, Approval("La préfète", Label.SENSITIVE, today, today + 9 * DAY)
    )
    following = Approval("La préfète", Label.RESTRICTED, today + 10 * DAY, today + 40 * DAY)
    view = await tried(town, Trial(approval=following))
    assert words(view) == ["sensitive day 10: read-only -> open", "restricted day 10: closed -> open"]
    assert not any(e.closes for e in view.effects)
    assert view.effects[0].after.until == today + 40 * DAY
    sooner = Approval("La préfète", Label.INTERNAL, today + 3 * DAY, today + 40 * DAY)
    assert words(await tried(town, Trial(approval=sooner))) == ["sensitive day 3: open -> closed"]


async def test_a_loss_that_comes_later_is_told_beside_the_gain(town: Town) -> None:
    """A shorter approval of more: more at once, and less later."""
    today = town.house.rulebook.today
    await town.house.hosting.do_declare_approval(
        OPERATOR, Approval("La préfète", Label.SENSITIVE, today, today + 90 * DAY)
    )
    view = await tried(town, Trial(approval=Approval("La préfète", Label.RESTRICTED, today, today + 9 * DAY)))
    assert words(view) == ["restricted day 0: closed -> open", "sensitive day 10: open -> read-only"]


async def test_readings_exceptions_offers_and_withdrawals(town: Town) -> None:
    hosting, today = town.house.hosting, town.house.rulebook.today
    await declare(town.house, Hosting.COMMERCIAL)
    assert words(await tried(town, Trial(reading=Reading.CIRCULAR_2023))) == [
        "public day 0: closed -> open",
        "internal day 0: closed -> open",
    ]
    await hosting.do_declare_reading(OPERATOR, Reading.CIRCULAR_2023)
    granted = HostingException("Le ministre", today)
    opened = "sensitive day 0: closed -> open"
    assert opened in words(await tried(town, Trial(exception=granted)))
    view = await hosting.do_declare_exception(OPERATOR, granted)
    gone = await tried(town, Trial(withdraw=view.exceptions[0].declaration.id))
    assert "sensitive day 0: open -> closed" in words(gone)
    offer = await tried(town, Trial(offer=NewOffer(today - 300 * DAY)))
    assert [(e.closes, e.after.state) for e in offer.effects] == [(True, "read-only")]
    with pytest.raises(Invalid):
        await tried(town, Trial(offer=NewOffer(today + DAY)))
    assert words(await tried(town, Trial(profile=HostingProfile(Hosting.COMMERCIAL)))) == []
