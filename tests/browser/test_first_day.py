"""Everyone's first day: an empty house is opened, its hosting declared, its first agents invited and welcomed."""

import contextlib
import re
from collections.abc import AsyncGenerator

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.support.house import new_house
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import Agent, Street, street

CLAIRE = Agent("Claire", "Aubry", "claire.aubry@saint-amand.example")
NOE = Agent("Noé", "Faure", "noe.faure@saint-amand.example")
ADA = Agent("Ada", "Roux", "ada.roux@saint-amand.example")
THEIRS = "un long mot de passe de test"

WRONG = "Courriel;Prénom;Nom;Service;Administrateur\nbob.martin@;Bob;Martin;;oui\n"
GOOD = (
    "Courriel;Prénom;Nom;Service;Administrateur\n"
    f"{ADA.email};Ada;Roux;Urbanisme;oui\n"
    'mal.formule@saint-amand.example;"=HYPERLINK(""http://mal.example"")";Roux;;oui\n'
)


@pytest_asyncio.fixture(loop_scope="session")
async def fresh() -> AsyncGenerator[tuple[Street, str]]:
    """An instance of its own in which nobody lives, and the link that opens it."""
    async with contextlib.AsyncExitStack() as stack:
        house = await new_house(stack, "  Begin here, once: ", "--no-demo")
        link = re.search(r"http\S+/first#\w+", house.said[-1])
        assert link
        yield await street(house, stack), link.group()


async def take(page: Page, link: str, name: str) -> None:
    """Accept an agent's invitation."""
    await page.goto(link)
    await expect(page.get_by_role("heading", name=f"Bienvenue, {name}.")).to_be_visible()
    await page.get_by_label("Choisissez un mot de passe").fill(THEIRS)
    await page.get_by_role("button", name="Entrer").click()
    await expect(page.get_by_role("navigation", name="Espaces et conversations")).to_be_visible()


async def test_everyones_first_day(fresh: tuple[Street, str], story: Story) -> None:  # noqa: PLR0915 - one day, told through
    opened, link = fresh
    claire = await opened.person(CLAIRE, accept_downloads=True)
    page = claire.page
    steps = page.get_by_role("region", name="Premiers pas")
    async with story.step(
        "the link makes the organisation and its administrator, who is told what comes next"
    ):
        await page.goto(link)
        fields = {
            "Nom court": "Saint-Amand",
            "Domaine de ses adresses": "saint-amand.example",
            "Prénom": "Claire",
            "Adresse professionnelle": CLAIRE.email,
        }
        for label, text in fields.items():
            await page.get_by_label(label).fill(text)
        await page.get_by_label("Nom", exact=True).first.fill("Mairie de Saint-Amand")
        await page.get_by_label("Nom", exact=True).last.fill("Aubry")
        await page.get_by_label("Mot de passe", exact=True).fill(THEIRS)
        await page.get_by_role("button", name="Ouvrir et entrer").click()
        await expect(steps.get_by_role("listitem")).to_have_count(3)
        await expect(
            page.get_by_text("Rien n’est encore déclaré de cette instance", exact=False)
        ).to_be_visible()
        assert not await findings(page)
    async with story.step(
        "nothing may be opened before the hosting is declared; it is, and the step is done"
    ):
        await steps.get_by_role("link", name="Déclarer l’hébergement").click()
        await page.wait_for_url("**/rule")
        await page.get_by_role("button", name="Déclarer").first.click()
        await page.get_by_role("dialog").get_by_role("button", name="Déclarer").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await claire.open("/")
        await expect(steps).to_contain_text("L’hébergement est déclaré.")
        await expect(steps.get_by_role("link", name="En déclarer une")).to_be_visible()
        await expect(
            page.get_by_text("Rien n’est encore déclaré de cette instance", exact=False)
        ).to_have_count(0)
    async with story.step("an agent is invited, one by one"):
        await steps.get_by_role("link", name="Inviter des agents").click()
        await page.get_by_role("button", name="Inviter un agent").click()
        dialog = page.get_by_role("dialog", name="Inviter un agent")
        await dialog.get_by_label("Adresse", exact=True).fill(CLAIRE.email)
        await dialog.get_by_label("Prénom").fill("Noé")
        await dialog.get_by_label("Nom", exact=True).fill("Faure")
        await dialog.get_by_label(re.compile("^Service")).fill("Urbanisme")
        await dialog.get_by_role("button", name="Préparer l’invitation").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("appartient déjà à quelqu’un")
        await dialog.get_by_label("Adresse", exact=True).fill(NOE.email)
        await dialog.get_by_role("button", name="Préparer l’invitation").click()
        mail = page.get_by_role("dialog", name="Invitation prête")
        text = await mail.get_by_label("Texte du message").input_value()
        assert not await findings(page)
        await page.keyboard.press("Escape")
        noes = re.search(r"http\S+/invitation#\w{64}", text)
        assert noes
    async with story.step("a list says what is wrong with it, line by line, and invites nobody of these"):
        await page.get_by_role("button", name="Importer une liste").click()
        dialog = page.get_by_role("dialog", name="Importer une liste")
        chooser = page.locator("input[type=file]")
        await chooser.set_input_files(
            {"name": "agents.csv", "mimeType": "text/csv", "buffer": WRONG.encode("cp1252")}
        )
        await expect(dialog.get_by_role("row").last).to_contain_text("bob.martin@")
        await expect(dialog.get_by_role("button", name=re.compile("^Inviter"))).to_have_count(0)
        assert not await findings(page)
    async with story.step("mended, it invites all at once, and its links are kept once"):
        await chooser.set_input_files(
            {"name": "agents.csv", "mimeType": "text/csv", "buffer": GOOD.encode("cp1252")}
        )
        await dialog.get_by_role("button", name="Inviter 2 agents").click()
        await expect(dialog).to_contain_text("2 invitations sont prêtes.")
        async with page.expect_download() as coming:
            await dialog.get_by_role("button", name="Télécharger les liens (CSV)").click()
        kept = (await (await coming.value).path()).read_text(encoding="utf-8-sig")
        adas = re.search(rf"{ADA.email};Ada;Roux;(http\S+#\w{{64}});", kept)
        assert adas
        assert "\"'=HYPERLINK" in kept, "no spreadsheet runs a name"
        await dialog.get_by_role("button", name="Fermer", exact=True).last.click()
        await expect(page.get_by_role("heading", name="3 invitations en attente")).to_be_visible()
        await claire.open("/")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(steps).to_have_count(0)
    async with story.step("a community is opened"):
        new = {"kind": "community", "label": "internal", "tools": ["chat"], "members": []}
        about = {"name": "Marcheurs du midi", "description": "On part à 12 h 15."}
        texts = {name: {"format": "plain", "text": text} for name, text in about.items()}
        own = "018f0000-0000-7000-8000-000000000001"
        await claire.api("POST", "/api/spaces", new | texts | {"client_id": own})
    async with story.step("the first agent comes in, and finds something to join"):
        noe = await opened.person(NOE)
        await take(noe.page, noes.group(), "Noé")
        await expect(noe.page.get_by_text("Marcheurs du midi")).to_be_visible()
        assert not await findings(noe.page)
    async with story.step(
        "the second one finds the first, who is of the same service, and is no administrator"
    ):
        ada = await opened.person(ADA)
        await take(ada.page, adas.group(1), "Ada")
        assert not (await ada.api("GET", "/api/session"))["administrator"]
        await expect(ada.page.get_by_text("Noé Faure")).to_be_visible()
        await ada.page.get_by_role("button", name="Rejoindre").click()
        await ada.page.wait_for_url("**/spaces/**")
        await ada.open("/administration/people")
        await expect(ada.page.get_by_text("celle des administrateurs")).to_be_visible()
