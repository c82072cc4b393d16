"""A forgotten password, from the administrator who makes a link to the page that says by what it was chosen."""

import re

from playwright.async_api import expect

from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, PHONE, Agent, Street, window_of
from tests.support.served import Served
from tests.support.town import PASSWORD

FRESH = "neuf tilleuls sous la neige"
INES = Agent("Ines", "Faure", "ines.faure@haute-vezelle.example")


async def test_a_forgotten_password_is_another_one(
    browsers: Street, held_house: Served, story: Story
) -> None:
    town = held_house.town
    chief = await town.person("Rene", "Aubry", town.prefecture, password=PASSWORD)
    chief = await town.administrator(await town.signed_in(chief.person_id))
    ines = await town.person("Ines", "Faure", town.prefecture, password=PASSWORD)
    boss, hers, door = (
        await browsers.person(AGATHE),
        await browsers.person(INES),
        await browsers.person(INES, viewport=PHONE),
    )
    page = await window_of(boss, held_house, chief, "/administration/people")
    open_window = await window_of(hers, held_house, ines, "/")
    async with story.step("an administrator makes a link, and its mail to copy"):
        await page.get_by_role("button", name="Compte de Ines Faure").click()
        await page.get_by_role("menuitem", name="Préparer un lien de mot de passe").click()
        text = await page.get_by_label("Texte du message").input_value()
        found = re.search(r"/reset#\w{64}", text)
        assert found
        assert not await findings(page)
    async with story.step("its person reads so at once in the window that is open"):
        told = open_window.get_by_text("un lien pour changer votre mot de passe")
        await expect(told).to_contain_text("Rene Aubry")
        assert not await findings(open_window)
    async with story.step("the link asks for another password, and all that was open ends"):
        form = door.page
        await form.goto(f"{held_house.base}{found.group()}")
        await form.get_by_label("Nouveau mot de passe").fill("court")
        await form.get_by_role("button", name="Changer le mot de passe et entrer").click()
        await expect(form.get_by_text("caractères")).not_to_have_count(0)
        assert not await findings(form)
        await form.get_by_label("Nouveau mot de passe").fill(FRESH)
        await form.get_by_role("button", name="Changer le mot de passe et entrer").click()
        await expect(open_window.get_by_role("button", name="Se connecter", exact=True)).to_be_visible()
        # The others are ended before the answer is here that lets this window in.
        await expect(form).not_to_have_url(re.compile("/reset"))
    async with story.step("their page says by what it was chosen, and lets them choose another"):
        await form.goto(f"{held_house.base}/me")
        await expect(form.get_by_text("par un lien à usage unique")).to_be_visible()
        await form.get_by_role("button", name="Changer de mot de passe").click()
        await form.get_by_label("Mot de passe actuel").fill(FRESH)
        await form.get_by_label("Nouveau mot de passe").fill(PASSWORD)
        await form.get_by_role("button", name="Changer le mot de passe", exact=True).click()
        await expect(form.get_by_text("par un lien à usage unique")).to_have_count(0)
        assert not await findings(form)
    async with story.step("used once, the link says so"):
        await open_window.goto(f"{held_house.base}{found.group()}")
        await expect(open_window.get_by_text("Ce lien ne sert plus")).to_be_visible()
    for person in (boss, hers, door):
        await browsers.leave(person)
