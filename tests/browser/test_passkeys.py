"""A passkey from its first day to the day it is lost, in real Chromium with its own virtual authenticator."""

import re

from playwright.async_api import expect

from tests.browser.support.keys import Device
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import PHONE, Agent, Person, Street

# In the crisis cell of the demo, and in no other story.
LACAZE = Agent("Bertrand", "Lacaze", "bertrand.lacaze@haute-vezelle.example")
CRISIS = "Cellule de crise"


async def sign_out(person: Person) -> None:
    await person.open("/me")
    await person.page.get_by_role("button", name="Se déconnecter").click()
    await expect(person.page.get_by_role("heading", name="Bonjour.")).to_be_visible()


async def to_the_crisis_cell(person: Person) -> None:
    await person.in_list(CRISIS).click()
    await expect(person.page.get_by_role("heading", name=CRISIS, level=1)).to_be_visible()


async def forget_keys(person: Person) -> None:
    """Leave the demo as it was: the last key that was added is what this session is strong by."""
    for key in (await person.api("GET", "/api/me/passkeys"))["passkeys"]:
        await person.api("DELETE", f"/api/me/passkeys/{key['id']}")


async def test_a_passkey_from_its_first_day_to_the_day_it_is_lost(  # noqa: PLR0915 - one life, told through
    browsers: Street, story: Story
) -> None:
    lacaze = await browsers.person(LACAZE)
    page = lacaze.page
    async with story.step("come by password; the crisis cell says what it asks for, and why"):
        await lacaze.sign_in()
        await to_the_crisis_cell(lacaze)
        panel = page.get_by_role("region", name="Il vous faut une clé d’accès")
        await expect(panel).to_contain_text("diffusion restreinte")
        await expect(panel).to_contain_text("fixée par Bastide")
        await expect(page.get_by_role("feed")).to_have_count(0)
        assert not await findings(page)
        await page.get_by_role("link", name="Membres", exact=True).click()
        await expect(page.get_by_text("Claire-Isabelle Montferrand")).to_be_visible()
        await page.go_back()
    async with story.step("no device: said plainly"):
        bare = await Device.given_to(lacaze)
        await bare.recognizes(yes=False)
        await panel.get_by_role("button", name="Ajouter une clé d’accès").click()
        await expect(panel.get_by_role("alert")).to_contain_text("Rien n’a changé")
        await bare.leaves()
    async with story.step("add one there, and the space opens where it stands"):
        device = await Device.given_to(lacaze)
        await page.evaluate("window.stays = true")
        await panel.get_by_role("button", name="Ajouter une clé d’accès").click()
        await expect(lacaze.feed).to_be_visible()
        await expect(lacaze.field).to_be_visible()
        assert await page.evaluate("window.stays"), "the page was loaded again"
        assert len(await device.keys()) == 1
    async with story.step("name it, keep recovery codes"):
        await lacaze.open("/me#passkeys")
        keys = page.get_by_role("region", name="Clés d’accès")
        await keys.get_by_role("button", name=re.compile("^Que faire de")).click()
        await page.get_by_role("menuitem", name="Renommer").click()
        await keys.get_by_label("Nom de cette clé").fill("Ordinateur du bureau")
        await keys.get_by_role("button", name="Enregistrer").click()
        await expect(keys.get_by_text("Ordinateur du bureau")).to_be_visible()
        await keys.get_by_role("button", name="Créer dix codes").click()
        dialog = page.get_by_role("dialog", name="Vos codes de secours")
        await expect(dialog.get_by_role("listitem")).to_have_count(10)
        codes = await dialog.get_by_role("listitem").all_inner_texts()
        assert len(set(codes)) == 10
        assert not await findings(page)
        await dialog.get_by_role("button", name="Je les ai gardés").click()
        await expect(keys.get_by_text("Il vous en reste 10.")).to_be_visible()
        assert codes[0] not in await page.content()
    async with story.step("the same device has one already"):
        await keys.get_by_role("button", name="Ajouter une autre clé").click()
        await expect(keys.get_by_role("alert")).to_contain_text("a déjà une clé d’accès")
    async with story.step("sign out, and in with it, without an address"):
        await device.recognizes(yes=False)
        await sign_out(lacaze)
        assert not await findings(page)
        await device.recognizes(yes=True)
        await page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
        await expect(lacaze.places).to_be_visible()
        await to_the_crisis_cell(lacaze)
        await expect(lacaze.feed).to_be_visible()
    async with story.step("by password the cell is closed, also in a second window; confirming opens both"):
        await device.recognizes(yes=False)
        await sign_out(lacaze)
        await page.get_by_label("Adresse professionnelle").fill(LACAZE.email)
        await page.get_by_label("Mot de passe", exact=True).fill(lacaze.house.passphrase)
        await page.get_by_role("button", name="Se connecter", exact=True).click()
        await expect(lacaze.places).to_be_visible()
        await to_the_crisis_cell(lacaze)
        confirm = page.get_by_role("region", name="Confirmez que c’est vous")
        await expect(confirm).to_be_visible()
        second = await lacaze.another_window(page.url.removeprefix(lacaze.house.base))
        other = second.page.get_by_role("region", name="Confirmez que c’est vous")
        await expect(other).to_be_visible()
        await confirm.get_by_role("button", name="Confirmer avec ma clé d’accès").click()
        await expect(confirm.get_by_role("alert")).to_contain_text("annulée")
        await device.recognizes(yes=True)
        await confirm.get_by_role("button", name="Confirmer avec ma clé d’accès").click()
        await expect(lacaze.feed).to_be_visible()
        await expect(second.feed).to_be_visible()
        assert "/sign-in" not in second.page.url
        await second.page.close()
    async with story.step("the key is lost: a recovery code opens the account, and a new key the cell"):
        await device.loses_all()
        await sign_out(lacaze)
        await page.get_by_role("button", name=re.compile("code de secours")).click()
        await page.get_by_label("Adresse professionnelle").fill(LACAZE.email)
        await page.get_by_label("Code de secours").fill("0000-0000-0000-0000")
        await page.get_by_role("button", name="Se connecter", exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text("ne correspond pas")
        await page.get_by_label("Code de secours").fill(codes[0].lower())
        await page.get_by_role("button", name="Se connecter", exact=True).click()
        await expect(page.get_by_text("Il vous en reste 9.")).to_be_visible()
        await page.get_by_role("button", name="Ajouter une autre clé").click()
        await expect(page.get_by_text("Votre clé d’accès est ajoutée")).to_be_visible()
        await to_the_crisis_cell(lacaze)
        await expect(lacaze.feed).to_be_visible()
    async with story.step("take the lost one away; the last one warns"):
        await lacaze.open("/me#passkeys")
        await keys.get_by_role("button", name="Que faire de « Ordinateur du bureau »").click()
        await page.get_by_role("menuitem", name="Retirer").click()
        asked = page.get_by_role("dialog", name="Retirer « Ordinateur du bureau »")
        await expect(asked).not_to_contain_text("dernière")
        await asked.get_by_role("button", name="Retirer").click()
        await expect(keys.get_by_role("listitem")).to_have_count(1)
        await keys.get_by_role("button", name=re.compile("^Que faire de")).click()
        await page.get_by_role("menuitem", name="Retirer").click()
        await expect(page.get_by_role("dialog")).to_contain_text("C’est votre dernière clé d’accès")
        await page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
        await expect(keys.get_by_role("button", name="Ajouter une clé d’accès")).to_be_visible()
        await to_the_crisis_cell(lacaze)
        await expect(panel).to_be_visible()
    await forget_keys(lacaze)
    await browsers.leave(lacaze)


async def test_a_password_alone_does_not_touch_what_guards_the_account(
    browsers: Street, story: Story
) -> None:
    """On a phone: who knows the password is asked for the key that there is."""
    lacaze = await browsers.person(LACAZE, viewport=PHONE, has_touch=True, is_mobile=True)
    page = lacaze.page
    await lacaze.come_in()
    await lacaze.open("/me#passkeys")
    device = await Device.given_to(lacaze)
    keys = page.get_by_role("region", name="Clés d’accès")
    async with story.step("a first key brings its codes along"):
        await keys.get_by_role("button", name="Ajouter une clé d’accès").tap()
        await page.get_by_role("button", name="Je les ai gardés").tap()
        assert not await findings(page)
    async with story.step("a new session by password must confirm by the key"):
        # The door offers keys by itself, and this device would say yes: it looks away until one is inside.
        await device.recognizes(yes=False)
        await lacaze.come_in()
        await page.reload()
        await expect(keys.get_by_text("votre connexion s’est faite sans clé d’accès")).to_be_visible()
        await device.recognizes(yes=True)
        await keys.get_by_role("button", name="Remplacer les codes").tap()
        await page.get_by_role("dialog").get_by_role("button", name="Créer dix codes").tap()
        dialog = page.get_by_role("dialog", name="Est-ce bien vous")
        await dialog.get_by_role("button", name="Confirmer avec ma clé").tap()
        await expect(page.get_by_role("dialog", name="Vos codes de secours")).to_be_visible()
        await page.get_by_role("button", name="Je les ai gardés").tap()
        assert len(await device.keys()) == 1
    await forget_keys(lacaze)
    await browsers.leave(lacaze)
