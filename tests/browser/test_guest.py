"""A guest's whole visit, from the mail to the day they are put out, in real Chromium."""

import re
from random import randrange
from uuid import uuid4

from playwright.async_api import Page, expect

from tests.browser.support.calls import make_space
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, PHONE, Agent, Person, Street

HERS = "six platanes au bord de l’eau"


async def make_internal(manager: Person, name: str) -> str:
    """An internal team with chat and files; its id."""
    new = {
        "client_id": str(uuid4()),
        "kind": "team",
        "label": "internal",
        "tools": ["chat", "files"],
        "name": {"format": "plain", "text": name},
        "description": {"format": "plain", "text": ""},
        "members": [],
    }
    return str((await manager.api("POST", "/api/spaces", new))["space"]["id"])


async def fill_invitation(page: Page, agent: Agent) -> None:
    panel = page.get_by_role("complementary", name="Invités")
    await panel.get_by_label("Adresse", exact=True).fill(agent.email)
    await panel.get_by_label("Prénom").fill(agent.given)
    await panel.get_by_label("Nom", exact=True).fill(agent.family)


async def mailed(page: Page) -> str:
    """The mail's text, once the invitation is ready; its dialog is closed."""
    dialog = page.get_by_role("dialog", name="Invitation prête")
    text = await dialog.get_by_label("Texte du message").input_value()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    return text


async def put_in(page: Page, address: str) -> None:
    """Open an address in the window, as a click in a mail does: the part after # alone loads nothing anew."""
    await page.goto("about:blank")
    await page.goto(address)


async def test_a_guests_whole_visit(browsers: Street, story: Story) -> None:  # noqa: PLR0915 - one visit, told through
    mark = randrange(10**6)
    agathe = await browsers.person(AGATHE)
    lou = await browsers.person(Agent("Lou", "Martel", f"lou.martel{mark}@cabinet.example"))
    await agathe.come_in()
    name = f"Étude du pont {mark}"
    space = await make_internal(agathe, name)
    page, door = agathe.page, lou.page
    async with story.step("a manager prepares an invitation and its mail"):
        await agathe.open(f"/spaces/{space}/members")
        await page.get_by_role("button", name="Invités").click()
        await expect(page.get_by_text("Personne de l’extérieur n’est invité ici.")).to_be_visible()
        assert not await findings(page)
        await page.get_by_role("button", name="Préparer l’invitation").click()
        await expect(page.get_by_text("À remplir.").first).to_be_visible()
        await fill_invitation(page, lou.agent)
        await page.get_by_role("button", name="Préparer l’invitation").click()
        text = await mailed(page)
        assert f"« {name} »" in text.replace("\u202f", " ")
        assert "Agathe Delorme" in text
        link = re.search(r"http\S+/invitation#\w{64}", text)
        assert link
        waits = page.get_by_role("listitem").filter(has_text=lou.agent.email)
        await expect(waits).to_contain_text(
            re.compile(r"Contribution jusqu’au \d\S*\s\S+\s\d{4}, lien valable jusqu’au \d\S*\s\S+\s\d{4}")
        )
    async with story.step("an agent's address is refused, with the way to take"):
        await fill_invitation(page, Agent("Ousmane", "Diarra", "ousmane.diarra@haute-vezelle.example"))
        await page.get_by_role("button", name="Préparer l’invitation").click()
        await page.get_by_role("button", name="Ajouter un membre").click()
        await expect(page.get_by_role("complementary", name="Ajouter des personnes")).to_be_visible()
        await page.keyboard.press("Escape")
    async with story.step("the guest is told who, where and until when, and comes in"):
        await put_in(door, link.group())
        for told in ("Bienvenue, Lou.", "Agathe Delorme", name, "Interne"):
            await expect(door.get_by_role("main")).to_contain_text(told)
        assert not await findings(door)
        await door.get_by_label("Choisissez un mot de passe").fill("trop court")
        await door.get_by_role("button", name="Entrer").click()
        await expect(door.get_by_text("Il manque 2 caractères.")).to_be_visible()
        await door.get_by_label("Choisissez un mot de passe").fill(HERS)
        await door.get_by_role("button", name="Entrer").click()
        line = door.get_by_text("Agathe Delorme vous invite dans")
        await expect(line).to_contain_text(name)
        await expect(line).to_contain_text("jusqu’au")
    async with story.step("a plain window: nothing that leads nowhere"):
        rail = door.get_by_role("navigation", name="Navigation principale")
        await expect(rail.get_by_role("link", name="Espaces")).to_be_visible()
        await expect(rail.get_by_role("link", name="Annuaire")).to_have_count(0)
        for offer in ("Créer un espace", "Écrire à quelqu’un"):
            await expect(door.get_by_role("link", name=offer)).to_have_count(0)
        await expect(door.get_by_role("heading", name="Conversations directes")).to_have_count(0)
        await rail.get_by_role("link", name="Espaces").click()
        await expect(door.get_by_role("heading", name="Communautés")).to_have_count(0)
        assert not await findings(door)
    async with story.step("they write, and are heard"):
        await lou.in_list(name).click()
        await lou.say("Bonjour, voici le relevé.")
        await expect(lou.kept("Bonjour, voici le relevé.")).to_be_visible()
        await lou.in_list(name).click()
        await agathe.open(f"/spaces/{space}")
        await expect(agathe.message("Bonjour, voici le relevé.")).to_contain_text("invité")
    async with story.step("the link is good once"):
        stranger = await browsers.person(Agent("Quelqu’un", "d’autre", ""), viewport=PHONE)
        await put_in(stranger.page, link.group())
        await expect(
            stranger.page.get_by_role("heading", name="Cette invitation ne sert plus")
        ).to_be_visible()
        assert not await findings(stranger.page)
        await browsers.leave(stranger)
    async with story.step("the manager gives another last day, which the guest reads"):
        await agathe.open(f"/spaces/{space}/members?guests=true")
        await page.get_by_role("button", name="Séjour de Lou Martel").click()
        await page.get_by_role("menuitem", name="Changer le dernier jour").click()
        dialog = page.get_by_role("dialog", name="Dernier jour de Lou Martel")
        today = await page.get_by_label("Dernier jour", exact=True).first.get_attribute("min")
        assert today
        await dialog.get_by_label("Dernier jour").fill("2020-01-01")
        await dialog.get_by_role("button", name="Enregistrer").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await dialog.get_by_label("Dernier jour").fill(today)
        await dialog.get_by_role("button", name="Enregistrer").click()
        await expect(dialog).to_have_count(0)
        await lou.open("/")
        year, month, day = map(int, today.split("-"))
        await expect(line).to_contain_text(re.compile(rf"jusqu’au {day}(er)?\s\w+\s{year}"))
        assert month
    async with story.step("removed, they are seen to the door with a sentence"):
        await page.get_by_role("button", name="Séjour de Lou Martel").click()
        await page.get_by_role("menuitem", name="Retirer de l’espace").click()
        await expect(door.get_by_text("Votre visite a pris fin.")).to_be_visible()
        await expect(door.get_by_role("button", name="Se connecter", exact=True)).to_be_visible()
    async with story.step("invited anew, they confirm by their password"):
        await fill_invitation(page, lou.agent)
        await page.get_by_role("button", name="Préparer l’invitation").click()
        again = re.search(r"http\S+/invitation#\w{64}", await mailed(page))
        assert again
        await put_in(door, again.group())
        await door.get_by_label("Votre mot de passe").fill("pas celui-là du tout")
        await door.get_by_role("button", name="Entrer").click()
        await expect(door.get_by_role("alert")).to_contain_text("ne correspond pas")
        await door.get_by_label("Votre mot de passe").fill(HERS)
        await door.get_by_role("button", name="Entrer").click()
        await expect(line).to_contain_text(name)
    async with story.step(
        "where the label takes no guests, nobody is offered to invite them, and a line says why"
    ):
        strict = await make_space(agathe, [], f"Coffre {mark}")
        await agathe.open(f"/spaces/{strict.id}/members")
        await expect(page.get_by_text("seuls des agents y entrent")).to_be_visible()
        await expect(page.get_by_role("button", name="Invités")).to_have_count(0)
    await browsers.leave(lou)
    await browsers.leave(agathe)
