"""A label goes up before people's eyes, comes down by two, and the space can be taken away."""

import re
import zipfile
from pathlib import Path
from random import randrange

from playwright.async_api import expect

from tests.browser.support.calls import Space, make_space
from tests.browser.support.keys import Device
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, OUSMANE, PHONE, WASSILA, Person, Street

WHY = "Le dossier nominatif est archivé ailleurs."


async def settings(person: Person, space: Space) -> None:
    await person.open(f"/spaces/{space.id}/settings")
    await expect(person.page.get_by_role("heading", name=re.compile("^Label"))).to_be_visible()


async def test_two_managers_and_one_who_loses_access(browsers: Street, story: Story, tmp_path: Path) -> None:
    agathe, ousmane, wassila = [await browsers.person(who) for who in (AGATHE, OUSMANE, WASSILA)]
    for person in (agathe, ousmane, wassila):
        await person.come_in()
    space = await make_space(agathe, [ousmane, wassila], f"Digue de l’amont {randrange(10**6)}")
    await agathe.open(f"/spaces/{space.id}/chat/{space.channel}")
    await agathe.say("Le relevé nominatif est là.")
    await expect(agathe.kept("Le relevé nominatif")).to_be_visible()
    async with story.step("who manages alone is told that it takes two"):
        await alone(agathe, space)
    role = f"/api/spaces/{space.id}/members/{await ousmane.id()}"
    await agathe.api("PATCH", role, {"role": "manager"})
    async with story.step("one proposes to lower it, by keyboard, and the other sees that in the space"):
        await propose(agathe, ousmane, wassila, space)
    async with story.step("the other confirms, and all windows show the new label"):
        await confirm(agathe, ousmane, wassila, space)
    async with story.step("raising says first who loses access; then they are out at once"):
        # The demo admits the other organisation in restricted spaces; where it does not, its agents go.
        await agathe.administer()
        [partner] = (await agathe.api("GET", "/api/rule"))["partners"]
        await agathe.api("DELETE", f"/api/rule/partners/{partner['declaration']['id']}")
        await go_up(agathe, ousmane, wassila, space)
        await agathe.api("POST", "/api/rule/partners", {"partner_id": partner["partner_id"]})
    async with story.step("who manages takes all of it away"):
        await take_away(agathe, tmp_path)
    for person in (agathe, ousmane, wassila):
        await browsers.leave(person)


async def alone(agathe: Person, space: Space) -> None:
    await settings(agathe, space)
    page = agathe.page
    await page.get_by_role("button", name="Abaisser").click()
    panel = page.get_by_role("region", name="Abaisser le label")
    await expect(panel).to_contain_text("Il faut être deux")
    await expect(panel.get_by_role("link", name="Nommer un gestionnaire")).to_be_visible()
    assert not await findings(page)
    await panel.get_by_role("button", name="Annuler").click()
    await expect(page.get_by_role("button", name="Abaisser")).to_be_focused()


async def propose(agathe: Person, ousmane: Person, wassila: Person, space: Space) -> None:
    await ousmane.open(f"/spaces/{space.id}/chat/{space.channel}")
    await wassila.open(f"/spaces/{space.id}/chat/{space.channel}")
    await settings(agathe, space)
    page = agathe.page
    await page.get_by_role("button", name="Abaisser").focus()
    await page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="Abaisser le label")
    await expect(panel.get_by_role("heading")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(panel.get_by_role("radio", name="Interne")).to_be_focused()
    # What it takes is asked of the house.
    await expect(panel.get_by_label("Motif")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.type("trop")
    await page.keyboard.press("Enter")
    await panel.get_by_role("button", name="Proposer d’abaisser").click()
    await expect(panel.get_by_role("alert")).to_contain_text("Encore 6 caractères")
    await panel.get_by_label("Motif").fill(WHY)
    await panel.get_by_role("button", name="Proposer d’abaisser").click()
    await expect(page.get_by_role("region", name="Vous proposez d’abaisser le label")).to_contain_text(WHY)
    await expect(page.get_by_role("button", name="Confirmer et abaisser")).to_have_count(0)
    line = ousmane.page.get_by_text("Agathe Delorme propose d’abaisser le label de cet espace.")
    await expect(line).to_be_visible()
    await expect(wassila.page.get_by_text("propose d’abaisser")).to_have_count(0)


async def confirm(agathe: Person, ousmane: Person, wassila: Person, space: Space) -> None:
    page = ousmane.page
    await page.get_by_role("link", name="Voir", exact=True).click()
    box = page.get_by_role("region", name="Agathe Delorme propose d’abaisser le label")
    await expect(box).to_contain_text(WHY)
    assert not await findings(page)
    await box.get_by_role("button", name="Confirmer et abaisser").click()
    await expect(box).to_have_count(0)
    for person in (agathe, ousmane, wassila):
        await expect(person.page.locator("header").get_by_text("Interne", exact=True)).to_be_visible()
    await page.get_by_text("Changements passés").click()
    await expect(page.get_by_text("Proposé par Agathe Delorme, confirmé par Ousmane Diarra")).to_be_visible()


async def go_up(agathe: Person, ousmane: Person, wassila: Person, space: Space) -> None:
    page = agathe.page
    await Device.given_to(agathe)
    await settings(agathe, space)
    await page.get_by_role("button", name="Relever").click()
    panel = page.get_by_role("region", name="Relever le label")
    await expect(panel).to_contain_text("Personne ne perd l’accès")
    await panel.get_by_role("radio", name="Diffusion restreinte").check()
    await expect(panel).to_contain_text("Il faut une clé d’accès")
    await expect(panel.get_by_role("button", name=re.compile("^Relever"))).to_have_count(0)
    await panel.get_by_role("link", name="Vos clés d’accès").click()
    keys = page.get_by_role("region", name="Clés d’accès")
    await keys.get_by_role("button", name="Ajouter une clé d’accès").click()
    await expect(keys.get_by_role("button", name=re.compile("^Que faire de"))).to_be_visible()
    await settings(agathe, space)
    await page.get_by_role("button", name="Relever").click()
    await panel.get_by_role("radio", name="Diffusion restreinte").check()
    await expect(panel).to_contain_text("1 personne perd l’accès")
    await expect(panel).to_contain_text("Wassila Ouali")
    await expect(panel).to_contain_text("1 membre n’en a pas encore")
    await expect(panel).to_contain_text("Ousmane Diarra")
    assert not await findings(page)
    await panel.get_by_role("button", name="Relever à « Diffusion restreinte »").click()
    await expect(wassila.page.get_by_text(f"Vous n’êtes plus dans « {space.name} ».")).to_be_visible()
    await expect(wassila.in_list(space.name)).to_have_count(0)
    header = page.locator("header").get_by_text("Diffusion restreinte", exact=True)
    await expect(header).to_be_visible()
    await expect(page.get_by_text("1 personne n’y a plus accès.")).to_be_visible()
    # Who stays and has no passkey sees that it is there, and what it asks for.
    await ousmane.open(f"/spaces/{space.id}")
    await expect(ousmane.page.get_by_role("region", name="Il vous faut une clé d’accès")).to_be_visible()
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert not await findings(page)
    await page.set_viewport_size({"width": 1280, "height": 800})


async def take_away(agathe: Person, folder: Path) -> None:
    page = agathe.page
    section = page.get_by_role("region", name="Emporter ce que contient l’espace")
    async with page.expect_download() as coming:
        await section.get_by_role("button", name="Exporter l’espace").click()
    kept = folder / "espace.zip"
    await (await coming.value).save_as(kept)
    await expect(section.get_by_role("status")).to_contain_text("L’archive est complète")
    with zipfile.ZipFile(kept) as made:
        assert made.testzip() is None
        said = made.read(next(n for n in made.namelist() if n.endswith("messages.jsonl"))).decode()
    assert "Le relevé nominatif est là." in said
    for key in (await agathe.api("GET", "/api/me/passkeys"))["passkeys"]:
        await agathe.api("DELETE", f"/api/me/passkeys/{key['id']}")
