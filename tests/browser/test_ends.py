"""Visits and places that end under people's hands: each is told why, managers see it at once, and nothing typed is lost."""

from datetime import UTC, datetime, time, timedelta

from playwright.async_api import expect

from bastide.core.clock import HeldClock
from bastide.core.policy import ActorKind, Label, Role
from bastide.spaces.model import LabelRaise
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, OUSMANE, PHONE, Agent, Street, window_of
from tests.support.served import Served
from tests.support.town import strong

TYPED = "Le relevé de la pile nord sera prêt demain"
LOU = Agent("Lou", "Martel", "lou.martel@cabinet.example")


async def test_a_visit_ends_at_midnight_in_open_windows(
    browsers: Street, held_house: Served, story: Story
) -> None:
    town = held_house.town
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    own = await town.space(town.agathe, name="Étude du pont", managers=[town.ousmane])
    lou = await town.person("Lou", "Martel", town.prefecture, kind=ActorKind.GUEST)
    await town.let_in(town.agathe, own.space.id, lou, Role.CONTRIBUTOR)
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
        await town.let_in(town.agathe, own.space.id, lou, Role.CONTRIBUTOR)
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


async def test_a_space_whose_manager_is_suspended_is_given_to_one_of_its_members(
    browsers: Street, held_house: Served, story: Story
) -> None:
    town = held_house.town
    own = await town.space(town.ousmane, name="Cellule de crue", contributors=[town.yanis])
    admin, sole = await browsers.person(AGATHE), await browsers.person(OUSMANE, viewport=PHONE)
    page = await window_of(admin, held_house, await town.administrator(town.agathe), "/administration/people")
    his = await window_of(sole, held_house, town.ousmane, f"/spaces/{own.space.id}")
    account = page.get_by_role("button", name="Compte de Ousmane Diarra")
    async with story.step("an administrator suspends somebody: their open window is at the door at once"):
        await expect(his.get_by_role("heading", name="Cellule de crue")).to_be_visible()
        await account.click()
        await page.get_by_role("menuitem", name="Suspendre le compte").click()
        dialog = page.get_by_role("dialog", name="Suspendre le compte de Ousmane Diarra")
        await expect(dialog).to_contain_text("Rien n’est effacé")
        assert not await findings(page)
        await dialog.get_by_role("button", name="Suspendre", exact=True).click()
        await expect(dialog).to_have_count(0)
        await expect(his.get_by_role("button", name="Se connecter", exact=True)).to_be_visible()
    async with story.step("the space he alone managed is shown without its name, and given to a member"):
        side = page.get_by_role("navigation", name="Pages d’administration")
        await side.get_by_role("link", name="Espaces").click()
        section = page.get_by_role("region", name="1 espace que plus personne ne peut gérer")
        await expect(section).to_contain_text("Équipe, interne")
        await expect(section).to_contain_text("Ousmane Diarra")
        await expect(page.get_by_text("Cellule de crue")).to_have_count(0)
        assert not await findings(page)
        await section.get_by_role("button", name="Confier la gestion").click()
        await page.get_by_role("menuitem", name="Yanis Bouchareb").click()
        await expect(section).to_have_count(0)
    async with story.step("the new manager sees who can no longer come in, and can put them out"):
        await window_of(sole, held_house, town.yanis, f"/spaces/{own.space.id}/members")
        barred = his.get_by_role("region", name="1 membre ne peut plus entrer ici")
        await expect(barred).to_contain_text("Compte suspendu par l’administration.")
        await expect(barred.get_by_role("button", name="Retirer Ousmane Diarra de l’espace")).to_be_visible()
        assert not await findings(his)
    async with story.step("restored, they are members like before"):
        await side.get_by_role("link", name="Personnes").click()
        await account.click()
        await page.get_by_role("menuitem", name="Rétablir le compte").click()
        await expect(page.get_by_text("Le compte de Ousmane Diarra est rétabli.")).to_be_visible()
        await expect(barred).to_have_count(0)
    await browsers.leave(admin)
    await browsers.leave(sole)


async def test_administration_is_given_and_given_up(
    browsers: Street, held_house: Served, story: Story
) -> None:
    town = held_house.town
    admin, other = await browsers.person(AGATHE), await browsers.person(OUSMANE)
    people = "/administration/people"
    page = await window_of(admin, held_house, await town.administrator(town.agathe), people)
    his = await window_of(other, held_house, await town.signed_in(town.yanis.person_id), people)
    not_his = "Cette page est celle des administrateurs de l’organisation."
    await expect(his.get_by_text(not_his)).to_be_visible()
    async with story.step("what it gives is said before; then the other's open window has it at once"):
        await page.get_by_role("button", name="Compte de Yanis Bouchareb").click()
        await page.get_by_role("menuitem", name="Confier l’administration").click()
        dialog = page.get_by_role("dialog", name="Confier l’administration à Yanis Bouchareb")
        await expect(dialog).to_contain_text("Elle n’entre pour autant dans aucun espace")
        assert not await findings(page)
        await dialog.get_by_role("button", name="Confier", exact=True).click()
        await expect(dialog).to_have_count(0)
        await expect(his.get_by_role("heading", name="Personnes", level=1)).to_be_visible()
    async with story.step("a second thought changes nothing"):
        await page.get_by_role("button", name="Compte de Agathe Delorme").click()
        await page.get_by_role("menuitem", name="Ne plus administrer").click()
        dialog = page.get_by_role("dialog", name="Ne plus administrer l’organisation")
        await expect(dialog.get_by_role("button", name="Annuler")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(page.get_by_role("heading", name="Personnes", level=1)).to_be_visible()
    async with story.step("who gives it up loses these pages at once"):
        await page.get_by_role("button", name="Compte de Agathe Delorme").click()
        await page.get_by_role("menuitem", name="Ne plus administrer").click()
        dialog = page.get_by_role("dialog", name="Ne plus administrer l’organisation")
        await dialog.get_by_role("button", name="Ne plus administrer").click()
        await expect(page.get_by_text(not_his)).to_be_visible()
    await browsers.leave(admin)
    await browsers.leave(other)


async def test_of_several_who_are_added_the_one_who_is_refused_is_named(
    browsers: Street, held_house: Served, story: Story
) -> None:
    town = held_house.town
    own = await town.space(town.agathe, name="Crise", label=Label.SENSITIVE)
    manager = await browsers.person(AGATHE)
    page = await window_of(manager, held_house, town.agathe, f"/spaces/{own.space.id}/members?add=true")
    panel = page.get_by_role("complementary", name="Ajouter des personnes")
    async with story.step(
        "two are chosen, and one is suspended meanwhile: the other is in, and one reads who is not"
    ):
        for name in ("Yanis", "Ousmane"):
            await panel.get_by_role("combobox", name="Nom, fonction ou adresse").fill(name)
            await panel.get_by_role("option", name=name).first.click()
        async with town.house.ground.database.transaction() as tx:
            await tx.run("update person set suspended_at = now() where id = %(id)s", id=town.yanis.person_id)
        await panel.get_by_role("button", name="Ajouter 2 personnes").click()
        told = panel.get_by_role("alert")
        await expect(told).to_contain_text("Yanis Bouchareb")
        await expect(told).to_contain_text("n’a pas été ajoutée")
        await expect(page.get_by_text("Ousmane Diarra est dans l’espace.")).to_be_visible()
        assert not await findings(page)
    await browsers.leave(manager)
