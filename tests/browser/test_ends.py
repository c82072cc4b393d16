"""Visits and places that end under people's hands: each is told why, managers see it at once, and nothing typed is lost."""

from datetime import UTC, datetime, time, timedelta

from playwright.async_api import expect

from bastide.core.clock import HeldClock
from bastide.core.policy import ActorKind, Label, Role
from bastide.spaces.model import LabelRaise
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, PHONE, Agent, Street, window_of
from tests.support.served import Served
from tests.support.town import strong

TYPED = "Le relevé de la pile nord sera prêt demain"
LOU = Agent("Lou", "Martel", "lou.martel@haute-vezelle.example")


async def test_a_visit_ends_at_midnight_in_open_windows(
    browsers: Street, held_house: Served, story: Story
) -> None:
    town = held_house.town
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    own = await town.space(town.agathe, name="Étude du pont", managers=[town.ousmane])
    lou = await town.person("Lou", "Martel", town.prefecture, kind=ActorKind.GUEST)
    await town.house.spaces.add_members(town.agathe, own.space.id, [lou.person_id], Role.CONTRIBUTOR)
    channel = await town.channel(town.agathe, own.space.id)
    guest, manager = await browsers.person(LOU, viewport=PHONE), await browsers.person(AGATHE)
    door = await window_of(guest, held_house, lou, f"/spaces/{own.space.id}/chat/{channel}")
    page = await window_of(manager, held_house, town.agathe, f"/spaces/{own.space.id}/members?guests=true")
    panel = page.get_by_role("complementary", name="Invités")
    today = town.house.rulebook.today
    async with story.step("another manager shortens the visit: the open panel says so without being asked"):
        await expect(panel.get_by_text("Lou Martel")).to_be_visible()
        await town.house.guests.prolong(town.ousmane, own.space.id, lou.person_id, today)
        await expect(panel.get_by_text(f"jusqu’au {today.day}")).to_be_visible()
    async with story.step("midnight: the guest is told at the door, by the name of the space"):
        await guest.field.fill(TYPED)
        clock.set(datetime.combine(today + timedelta(days=1), time(6), UTC))
        told = door.get_by_text("est terminée : son dernier jour est passé")
        await expect(told).to_contain_text("Étude du pont")
        await expect(door.get_by_role("button", name="Se connecter", exact=True)).to_be_visible()
        assert not await findings(door)
    async with story.step("the manager's list and panel follow at once"):
        await expect(panel.get_by_text("Personne de l’extérieur n’est invité ici.")).to_be_visible()
        await expect(page.get_by_role("main").get_by_text("Lou Martel")).to_have_count(0)
    async with story.step("invited again, what the guest was writing is there"):
        await town.house.spaces.add_members(town.agathe, own.space.id, [lou.person_id], Role.CONTRIBUTOR)
        again = await town.signed_in(lou.person_id)
        await window_of(guest, held_house, again, f"/spaces/{own.space.id}/chat/{channel}")
        await expect(guest.field).to_have_value(TYPED)
        await expect(door.get_by_text("est terminée")).to_have_count(0)
    await browsers.leave(guest)
    await browsers.leave(manager)


async def test_who_loses_a_space_to_its_label_is_told_why(
    browsers: Street, held_house: Served, story: Story
) -> None:
    town = held_house.town
    own = await town.space(town.agathe, name="Plan de secours", contributors=[town.solene, town.guest])
    await town.space(town.agathe, name="Pont neuf", contributors=[town.guest])
    guest = await browsers.person(Agent("Julie", "Vasseur", ""))
    partner = await browsers.person(Agent("Solène", "Kerbrat", ""), viewport=PHONE)
    page = await window_of(guest, held_house, town.guest, f"/spaces/{own.space.id}")
    async with story.step(
        "the label is raised: an open window says in one line which space, why, and the way"
    ):
        await expect(page.get_by_role("heading", name="Plan de secours")).to_be_visible()
        await town.house.labels.raise_label(strong(town.agathe), own.space.id, LabelRaise(Label.RESTRICTED))
        line = page.get_by_role("status").filter(has_text="Plan de secours")
        await expect(line).to_contain_text("est maintenant en diffusion restreinte")
        await expect(line).to_contain_text("les invités sont admis jusqu’au label interne")
        await expect(line).to_contain_text("peut vous inviter dans un autre")
        await expect(page.get_by_role("link", name="Plan de secours")).to_have_count(0)
        assert not await findings(page)
    async with story.step("a window that was closed says it at its next opening, until it is put away"):
        other = await window_of(partner, held_house, town.solene, "/")
        line = other.get_by_role("status").filter(has_text="Plan de secours")
        await expect(line).to_contain_text("les agents d’une autre organisation y entrent seulement si")
        assert not await findings(other)
        await line.get_by_role("button", name="Masquer ce qui concerne Plan de secours").click()
        await expect(line).to_have_count(0)
        await other.reload()
        await expect(other.get_by_role("heading", level=1)).to_be_visible()
        await expect(line).to_have_count(0)
    await browsers.leave(guest)
    await browsers.leave(partner)
