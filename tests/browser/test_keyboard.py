"""The whole way with the keyboard alone, and without a finding of axe on any screen of it."""

import re
from pathlib import Path
from random import randrange

from playwright.async_api import Locator, expect

from tests.browser.support.calls import Space, make_space
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.things import picture
from tests.browser.support.windows import KENZA, OUSMANE, Person, Street


async def test_all_of_it_goes_with_the_keyboard(browsers: Street, story: Story, tmp_path: Path) -> None:
    kenza, ousmane = await browsers.person(KENZA), await browsers.person(OUSMANE)
    await ousmane.come_in()
    async with story.step("she signs in"):
        await signs_in(kenza)
    async with story.step("the first thing that Tab finds leads past the lists"):
        await skips_the_lists(kenza)
    space = await make_space(kenza, [], f"Guichet numérique {randrange(10**6)}")
    async with story.step("Ctrl K leads to a space"):
        await goes_to(kenza, space)
    async with story.step("she writes, puts right what she wrote, and attaches a picture"):
        await writes(kenza, picture(tmp_path / "Guichet.png", (120, 90, 60), "guichet"))
    async with story.step("she goes through the messages with the arrows, and looks at the picture"):
        await reads(kenza)
    async with story.step("she lets Ousmane in, who answers"):
        await lets_in(kenza)
        await ousmane.open(f"/spaces/{space.id}/chat/{space.channel}")
        await ousmane.say("Bien reçu.")
        channel = kenza.places.get_by_role("link", name=re.compile("général.*1 message non lu"))
        await expect(channel).to_be_visible()
    async with story.step("she hands the space over and leaves it"):
        await leaves(kenza, space)
    async with story.step(
        "? lists the shortcuts, one of them goes to the first page, and Ctrl K signs her out"
    ):
        await signs_out(kenza)
    await browsers.leave(kenza)
    await browsers.leave(ousmane)


async def signs_in(kenza: Person) -> None:
    keys, page = kenza.page.keyboard, kenza.page
    await kenza.open("/")
    await expect(page.get_by_label("Adresse professionnelle")).to_be_focused()
    await keys.type(kenza.agent.email)
    await keys.press("Tab")
    await keys.type(kenza.house.passphrase)
    await keys.press("Enter")
    await expect(kenza.places).to_be_visible()
    # A page that comes in the place of another begins with its heading.
    await expect(page.locator("main h1")).to_be_focused()
    await clean(kenza)


async def skips_the_lists(kenza: Person) -> None:
    keys, page = kenza.page.keyboard, kenza.page
    await page.reload()
    await expect(kenza.places).to_be_visible()
    await keys.press("Tab")
    await expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    await keys.press("Enter")
    await expect(page.locator("main")).to_be_focused()


async def goes_to(kenza: Person, space: Space) -> None:
    keys, page = kenza.page.keyboard, kenza.page
    await keys.press("Control+k")
    field = page.get_by_role("combobox", name="Aller à")
    await expect(field).to_be_focused()
    await clean(kenza)
    await keys.type(space.name.lower().replace("é", "e"))
    await expect(page.get_by_role("option", selected=True)).to_contain_text(space.name)
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name=space.name, level=1)).to_be_visible()
    await expect(kenza.field).to_be_focused()
    await clean(kenza)


async def writes(kenza: Person, photo: Path) -> None:
    keys, page = kenza.page.keyboard, kenza.page
    await keys.type("Le guichet ouvre a neuf heures.")
    await keys.press("Enter")
    await expect(kenza.kept("Le guichet ouvre a neuf")).to_be_visible()
    await keys.press("ArrowUp")
    await expect(page.get_by_role("textbox", name="Modifier le message")).to_be_focused()
    await keys.press("ControlOrMeta+a")
    await keys.type("Le guichet ouvre à neuf heures.")
    await keys.press("Enter")
    await expect(kenza.message("Le guichet ouvre à neuf heures.")).to_be_visible()
    await expect(kenza.field).to_be_focused()
    await tab_to(kenza, page.get_by_role("button", name="Joindre des fichiers"), back=True)
    async with page.expect_file_chooser() as chooser:
        await keys.press("Enter")
    await (await chooser.value).set_files([photo])
    await expect(kenza.field).to_be_focused()
    await expect(page.get_by_role("list", name="Fichiers joints")).to_be_visible()
    await keys.press("Enter")
    await expect(kenza.feed.get_by_role("button", name="Voir Guichet.png en grand")).to_be_visible()


async def reads(kenza: Person) -> None:
    keys, page = kenza.page.keyboard, kenza.page
    await tab_to(kenza, kenza.feed.get_by_role("article").last, back=True)
    await keys.press("ArrowUp")
    await expect(kenza.message("Le guichet ouvre")).to_be_focused()
    await expect(page.get_by_role("button", name="Copier le lien")).to_be_visible()
    await clean(kenza)
    await keys.press("ArrowDown")
    shown = kenza.feed.get_by_role("button", name="Voir Guichet.png en grand")
    await tab_to(kenza, shown)
    await keys.press("Enter")
    viewer = page.get_by_role("dialog", name="Image Guichet.png")
    await expect(viewer.get_by_role("img", name="Guichet.png")).to_be_visible()
    await clean(kenza)
    await keys.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(shown).to_be_focused()
    await keys.press("Escape")
    await expect(kenza.field).to_be_focused()


async def lets_in(kenza: Person) -> None:
    keys, page = kenza.page.keyboard, kenza.page
    await tab_to(kenza, page.get_by_role("link", name="Membres", exact=True), back=True)
    await keys.press("Enter")
    await tab_to(kenza, page.get_by_role("button", name="Ajouter", exact=True))
    await keys.press("Enter")
    await expect(page.get_by_role("combobox", name="Nom, fonction ou adresse")).to_be_focused()
    await keys.type("diarra")
    await expect(page.get_by_role("option", name=re.compile("Ousmane Diarra"))).to_be_visible()
    await clean(kenza)
    await keys.press("Enter")
    await expect(page.get_by_role("button", name="Retirer Ousmane Diarra")).to_be_visible()
    await keys.press("Enter")
    await expect(page.get_by_role("button", name="Ousmane Diarra, droits")).to_be_visible()
    await clean(kenza)


async def leaves(kenza: Person, space: Space) -> None:
    keys, page = kenza.page.keyboard, kenza.page
    await tab_to(kenza, page.get_by_role("button", name="Ousmane Diarra, droits"))
    await keys.press("Enter")
    await expect(page.get_by_role("menu")).to_be_visible()
    await clean(kenza)
    await arrow_to(kenza, page.get_by_role("menuitemradio", name=re.compile("Gestion")))
    await keys.press("Enter")
    await expect(page.get_by_role("button", name="Ousmane Diarra, droits : Gestion")).to_be_visible()
    await tab_to(kenza, page.get_by_role("button", name="Kenza Amrani, droits"), back=True)
    await keys.press("Enter")
    await arrow_to(kenza, page.get_by_role("menuitem", name="Quitter l’espace"))
    await keys.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("Quitter"))
    await expect(dialog).to_be_visible()
    await clean(kenza)
    await tab_to(kenza, dialog.get_by_role("button", name="Quitter l’espace"))
    await keys.press("Enter")
    await expect(kenza.in_list(space.name)).to_have_count(0)
    await expect(page.get_by_role("heading", name="Espaces", level=1, exact=True)).to_be_visible()
    await clean(kenza)


async def signs_out(kenza: Person) -> None:
    keys, page = kenza.page.keyboard, kenza.page
    await keys.press("?")
    await expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
    await clean(kenza)
    await keys.press("Escape")
    await keys.press("g")
    await keys.press("p")
    await expect(page).to_have_url(f"{kenza.house.base}/")
    await keys.press("Control+k")
    await keys.type("se deconnecter")
    await expect(page.get_by_role("option", selected=True)).to_contain_text("Se déconnecter")
    await keys.press("Enter")
    await expect(page).to_have_url(re.compile("/sign-in"))
    await expect(page.get_by_label("Adresse professionnelle")).to_be_focused()


async def clean(person: Person) -> None:
    """Axe finds nothing on what is shown now."""
    assert await findings(person.page) == []


_SEEN = """
(element) => {
  const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return inside && element.matches(":focus-visible") && (outlineStyle !== "none" && parseFloat(outlineWidth) > 0);
}
"""


async def tab_to(person: Person, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until something has the focus, which is to be seen there."""
    await expect(wanted).to_be_visible()
    for _ in range(60):
        await person.page.keyboard.press("Shift+Tab" if back else "Tab")
        if await wanted.evaluate("(element) => element === document.activeElement"):
            assert await wanted.evaluate(_SEEN), f"one does not see that the focus is on {wanted}"
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


async def arrow_to(person: Person, wanted: Locator) -> None:
    """Press the arrow down until a menu's item has the focus."""
    await expect(wanted).to_be_visible()
    for _ in range(12):
        if await wanted.evaluate("(element) => element === document.activeElement"):
            return
        await person.page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows do not lead to {wanted}")
