"""Administration, as who holds an office meets it: entered by a proof, shown by a frame, left; what it asks for is done again."""

import csv
import io
import re

from playwright.async_api import expect

from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, Street

TYPED = "camille.roussel@haute-vezelle.example"


async def test_administration_is_entered_by_a_proof_and_shown_by_a_frame(
    browsers: Street, story: Story
) -> None:
    agathe = await browsers.person(AGATHE, accept_downloads=True)
    await agathe.come_in()
    await agathe.open("/administration/people")
    page = agathe.page
    frame = page.get_by_role("region", name="Vous êtes en administration")
    dialog = page.get_by_role("dialog", name="Passer en administration")
    enter = page.get_by_role("button", name="Passer en administration")
    field = dialog.get_by_label("Mot de passe", exact=True)
    async with story.step("the pages say what they open by, and show nobody before"):
        await expect(
            page.get_by_role("heading", name="Ces pages s’ouvrent en administration")
        ).to_be_visible()
        await expect(page.get_by_role("button", name="Inviter un agent")).to_have_count(0)
        assert not await findings(page)
        await enter.click()
        await expect(field).to_be_focused()
        assert not await findings(page)
        await field.fill("ce n’est pas celui-là")
        await page.keyboard.press("Enter")
        await expect(dialog).to_contain_text("Ce n’est pas votre mot de passe")
        await field.fill(agathe.house.passphrase)
        await page.keyboard.press("Enter")
        await expect(dialog).to_have_count(0)
        await expect(frame).to_contain_text("encore 30 min")
        assert not await findings(page)
    async with story.step("people are found by what they are, and taken away as a list"):
        people = page.get_by_role("region", name=re.compile("agents"))
        await page.get_by_label("Rôle").select_option(label="Responsables de la sécurité")
        await expect(people.get_by_role("listitem")).to_have_count(1)
        await expect(people.get_by_role("listitem")).to_contain_text(
            "administrateur, responsable de la sécurité"
        )
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="Exporter la liste").click()
        taken = (await (await coming.value).path()).read_text(encoding="utf-8-sig")
        rows = list(csv.reader(io.StringIO(taken), delimiter=";"))
        assert ["Delorme", "Agathe", AGATHE.email] in [row[:3] for row in rows]
    async with story.step("spaces are listed, and what they hold is not"):
        side = page.get_by_role("navigation", name="Pages d’administration")
        await side.get_by_role("link", name="Espaces").click()
        spaces = page.get_by_role("list", name="Espaces de l’organisation").get_by_role("listitem")
        await expect(spaces.first).to_contain_text("Gestion")
        await page.get_by_label("Label").select_option(label="Diffusion restreinte")
        await expect(spaces.first).to_contain_text("Diffusion restreinte")
        await expect(spaces.filter(has_text="Interne")).to_have_count(0)
        assert not await findings(page)
    await browsers.leave(agathe)


async def test_what_was_typed_is_done_once_administration_is_entered_anew(
    browsers: Street, story: Story
) -> None:
    agathe = await browsers.person(AGATHE)
    await agathe.come_in()
    await agathe.administer()
    await agathe.open("/administration/people")
    page = agathe.page
    frame = page.get_by_role("region", name="Vous êtes en administration")
    dialog = page.get_by_role("dialog", name="Passer en administration")
    async with story.step("when its time is over while one types, the act asks for it, and is done"):
        await page.get_by_role("button", name="Inviter un agent").click()
        form = page.get_by_role("dialog", name=re.compile("Inviter"))
        await form.get_by_label("Adresse").fill(TYPED)
        await form.get_by_label("Prénom").fill("Camille")
        await form.get_by_label("Nom", exact=True).fill("Roussel")
        await agathe.api("DELETE", "/api/administration/session")
        await expect(frame).to_have_count(0)
        await form.get_by_role("button", name="Préparer l’invitation").click()
        await dialog.get_by_label("Mot de passe", exact=True).fill(agathe.house.passphrase)
        await dialog.get_by_role("button", name=re.compile("^Passer")).click()
        made = page.get_by_role("dialog", name="Invitation prête")
        await expect(made.get_by_label("Texte du message")).to_have_value(re.compile("Bonjour Camille"))
        await page.keyboard.press("Escape")
        await expect(made).to_have_count(0)
        await expect(frame).to_be_visible()
        waiting = page.get_by_role("region", name=re.compile("invitations? en attente"))
        await expect(waiting).to_contain_text(TYPED)
        # Put back what it was.
        book = await agathe.api("GET", "/api/administration/invitations?q=camille")
        for one in book["invitations"]:
            await agathe.api("DELETE", f"/api/administration/invitations/{one['id']}")
    async with story.step(
        "another window of the same person is in it as well, on a phone too; leaving is leaving"
    ):
        await page.set_viewport_size({"width": 390, "height": 844})
        assert not await findings(page)
        other = await agathe.another_window("/")
        theirs = other.page.get_by_role("region", name="Vous êtes en administration")
        await expect(theirs).to_be_visible()
        await frame.get_by_role("button", name="Quitter l’administration").click()
        await expect(frame).to_have_count(0)
        await expect(theirs).to_have_count(0)
        await expect(page.get_by_role("button", name="Passer en administration")).to_be_visible()
    await browsers.leave(agathe)
