"""What is declared is recorded, applied at once, and felt in open windows; what ends, ends by itself."""

import asyncio
from datetime import date, timedelta

import msgspec
import pytest

from bastide.core.audit import Line
from bastide.core.clock import HeldClock
from bastide.core.errors import Invalid, NotFound, Refused
from bastide.core.policy import (
    Approval,
    HoldingState,
    Hosting,
    HostingException,
    HostingProfile,
    Label,
    Reading,
)
from bastide.hosting import rulebook
from bastide.hosting.service import OPERATOR
from tests.support.hosting import declare
from tests.support.served import Served
from tests.support.town import Town, in_office


def states(town: Town) -> dict[str, str]:
    return {h.label.value: h.state.value for h in town.house.hosting.state().holdings}


async def test_only_an_administrator_declares(town: Town) -> None:
    profile = HostingProfile(Hosting.STATE)
    with pytest.raises(Refused) as refusal:
        await town.house.hosting.declare_profile(town.agathe, profile)
    assert (refusal.value.rule, refusal.value.ways) == ("office", ["ask-officer"])
    chief = in_office(town.agathe)
    view = await town.house.hosting.declare_profile(chief, profile)
    assert view.profile is not None
    assert view.profile.profile == profile
    assert view.profile.declaration.by == town.agathe.person_id
    assert view.profile.declaration.by_name == "Agathe Delorme"


async def test_another_hosting_changes_the_answer_at_once(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE)
    channel = await town.channel(town.agathe, own.space.id)
    await town.say(town.agathe, channel, "avant")
    await declare(town.house, Hosting.COMMERCIAL)
    assert set(states(town).values()) == {"closed"}, "read as DINUM read it, all of it is bound"
    with pytest.raises(Refused) as refusal:
        await town.say(town.agathe, channel, "après")
    assert (refusal.value.rule, refusal.value.reason) == ("hosting", "commercial-cloud")
    await town.house.hosting.do_declare_reading(OPERATOR, Reading.CIRCULAR_2023)
    assert states(town) == {
        "public": "open",
        "internal": "open",
        "sensitive": "closed",
        "restricted": "closed",
    }
    day = town.house.rulebook.today
    await town.house.hosting.do_declare_exception(OPERATOR, HostingException("Le ministre", day))
    assert states(town)["sensitive"] == "open"
    await town.say(town.agathe, channel, "sous dérogation")


async def test_open_windows_feel_it(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe, label=Label.SENSITIVE, contributors=[town.ousmane])
    window = await served.window(town.ousmane)
    wire = await window.socket()
    before = (await window.get("/api/snapshot")).json()
    assert "chat:message:send" in before["spaces"][0]["abilities"]
    assert {h["state"] for h in before["holdings"]} == {"open"}
    await declare(town.house, Hosting.COMMERCIAL)
    me = str(town.ousmane.person_id)
    await wire.first(lambda f: f["t"] == "reload" and f["streams"] == [me])
    after = (await window.get(f"/api/spaces/{own.space.id}")).json()
    assert not {"chat:message:send", "chat:message:read", "files:file:read"} & set(after["abilities"])
    held = next(
        h for h in (await window.get("/api/snapshot")).json()["holdings"] if h["label"] == "sensitive"
    )
    assert (held["state"], held["rule"], held["reason"]) == ("closed", "hosting", "commercial-cloud")


async def test_open_windows_ask_anew_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each declaration, and for each day that changes an answer: also where an act met the new day first."""
    monkeypatch.setattr(rulebook, "_LOOK_EVERY_S", 0.01)
    clock, book, told = town.house.ground.clock, town.house.rulebook, 0
    assert isinstance(clock, HeldClock)

    def moved() -> None:
        nonlocal told
        told += 1

    book.moved = moved
    running = asyncio.create_task(book.run())
    await declare(town.house, Hosting.COMMERCIAL)
    await asyncio.sleep(0.1)
    assert told == 2, "a profile and an approval"
    await declare(town.house)
    ending = Approval("La préfète", Label.RESTRICTED, book.today, book.today)
    await town.house.hosting.do_declare_approval(OPERATOR, ending)
    clock.advance(timedelta(days=1))
    assert book.holding(Label.SENSITIVE).state is HoldingState.READ_ONLY
    await asyncio.sleep(0.1)
    assert told == 6, "three more declarations, and the day"
    clock.advance(timedelta(days=1))
    await asyncio.sleep(0.1)
    assert told == 6, "a day that changes nothing is told to nobody"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_approval_ends_by_itself(town: Town) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    day = town.house.rulebook.today
    await town.house.hosting.do_declare_approval(
        OPERATOR, Approval("La préfète", Label.RESTRICTED, day, day + timedelta(days=10))
    )
    own = await town.space(town.agathe, label=Label.SENSITIVE)
    channel = await town.channel(town.agathe, own.space.id)
    clock.advance(timedelta(days=10))
    await town.say(town.agathe, channel, "le dernier jour")
    assert town.house.ground.access.holding(Label.SENSITIVE).until == day + timedelta(days=10)
    clock.advance(timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        await town.say(town.agathe, channel, "trop tard")
    assert (refusal.value.rule, refusal.value.reason) == ("approval", "approval-expired")
    page = await town.house.chat.history(town.agathe, channel)
    assert len(page.messages) == 1, "what is there stays to be read"
    with pytest.raises(Refused):
        await town.space(town.agathe, label=Label.SENSITIVE)
    await town.space(town.agathe, label=Label.INTERNAL)


@pytest.mark.parametrize(
    "approval",
    [
        Approval("", Label.SENSITIVE, date(2026, 1, 1), date(2027, 1, 1)),
        Approval("La préfète", Label.SENSITIVE, date(2026, 1, 1), date(2029, 1, 1)),
        Approval("La préfète", Label.SENSITIVE, date(2027, 1, 2), date(2027, 1, 1)),
        Approval("La préfète", Label.SENSITIVE, date(2026, 1, 1), date(2028, 1, 1), date(2027, 1, 1)),
    ],
)
async def test_an_approval_that_cannot_be(town: Town, approval: Approval) -> None:
    with pytest.raises(Invalid):
        await town.house.hosting.do_declare_approval(OPERATOR, approval)


async def test_a_fresh_start_says_the_same(town: Town) -> None:
    await declare(town.house, Hosting.COMMERCIAL, Label.SENSITIVE)
    before = town.house.rulebook.declared
    async with town.house.ground.database.read() as reader:
        await town.house.rulebook.load(reader)
    assert town.house.rulebook.declared == before
    assert town.house.rulebook.holding(Label.SENSITIVE).state is HoldingState.CLOSED


async def partners_recorded(town: Town) -> list[str]:
    """What the audit says was declared of partners, oldest first."""
    async with town.house.ground.database.read() as reader:
        rows = await reader.rows("select convert_from(line, 'UTF8') from audit order by seq")
    details = [msgspec.json.decode(line, type=Line).detail for (line,) in rows]
    return [detail["declared"] for detail in details if detail.get("kind") == "partner"]


async def test_a_partner_is_admitted_once_however_many_ask_at_once(town: Town) -> None:
    hosting = town.house.hosting
    chief = in_office(town.agathe)
    views = await asyncio.gather(*(hosting.admit_partner(chief, town.agency.id) for _ in range(6)))
    assert [[p.partner_id for p in view.partners] for view in views] == [[town.agency.id]] * 6
    assert len(await partners_recorded(town)) == 1
    again = await hosting.admit_partner(chief, town.agency.id)
    assert again.partners == views[0].partners, "who is admitted already stays so, since when they were"
    after = await hosting.withdraw_partner(chief, again.partners[0].declaration.id)
    assert after.partners == []
    assert not town.house.rulebook.partner(town.prefecture.id, town.agency.id)


async def test_a_partner_that_was_admitted_twice_is_dismissed_at_once(town: Town) -> None:
    """Rows that an earlier version doubled; what others declared of the same organisation stays."""
    hosting, database = town.house.hosting, town.house.ground.database
    chief = in_office(town.agathe)
    hers = in_office(town.solene)
    await hosting.admit_partner(hers, town.prefecture.id)
    await hosting.admit_partner(chief, town.agency.id)
    async with database.transaction() as tx:
        await tx.run(
            """
            insert into declaration (id, kind, owner_id, body, declared_by, declared_at)
            select gen_random_uuid(), kind, owner_id, body, declared_by, declared_at
            from declaration where owner_id = %(owner)s
            """,
            owner=town.prefecture.id,
        )
    async with database.read() as reader:
        await town.house.rulebook.load(reader)
    doubled = [p.declaration.id for p in hosting.state().partners if p.owner_id == town.prefecture.id]
    assert len(doubled) == 2
    after = await hosting.withdraw_partner(chief, doubled[1])
    assert [(p.owner_id, p.partner_id) for p in after.partners] == [(town.agency.id, town.prefecture.id)]
    assert set((await partners_recorded(town))[-2:]) == {f"withdrawn {one}" for one in doubled}
    with pytest.raises(NotFound):
        await hosting.withdraw_partner(chief, doubled[0])
    with pytest.raises(NotFound):
        await hosting.withdraw_partner(chief, after.partners[0].declaration.id)


async def test_a_window_that_was_away_sees_by_its_welcome_that_the_rule_has_moved(served: Served) -> None:
    town = served.town
    window = await served.window(town.ousmane)

    async def welcomed() -> str:
        wire = await window.socket()
        rule = (await wire.until("welcome"))["rule"]
        await wire.close()
        return rule

    before = (await window.get("/api/snapshot")).json()["rule"]
    assert await welcomed() == before
    await declare(town.house, Hosting.COMMERCIAL)
    assert await welcomed() != before
    assert (await window.get("/api/snapshot")).json()["rule"] == await welcomed()
    await town.house.hosting.do_declare_reading(OPERATOR, Reading.CIRCULAR_2023)
    seen = await welcomed()
    other = rulebook.Rulebook(town.house.ground.clock, town.house.settings.zone)
    async with town.house.ground.database.read() as reader:
        await other.load(reader)
    assert other.version == seen, "another process names it alike"
