"""What cannot be read or done says why in true words: switched off, not for guests, or nobody answers."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from random import randrange
from typing import Any

import pytest_asyncio
from playwright.async_api import expect

from tests.browser.support.calls import Space, make_space
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.things import pdf
from tests.browser.support.windows import AGATHE, KENZA, OUSMANE, Person, Street

OFF = "Les fichiers sont éteints dans cet espace."


async def test_a_tool_that_is_off_is_told_as_such(browsers: Street, story: Story, tmp_path: Path) -> None:
    agathe, ousmane = await browsers.person(AGATHE), await browsers.person(OUSMANE)
    await agathe.come_in()
    await ousmane.come_in()
    space = await make_space(agathe, [ousmane], f"Curage des fossés {randrange(10**6)}")
    note = pdf(tmp_path / "Relevé du fossé.pdf", "Fossé curé.")
    main = ousmane.page.locator("main")
    async with story.step("a file that hangs on a message is there to be read"):
        await agathe.open(f"/spaces/{space.id}/chat/{space.channel}")
        async with agathe.page.expect_file_chooser() as chooser:
            await agathe.page.get_by_role("button", name="Joindre des fichiers").click()
        await (await chooser.value).set_files([note])
        await expect(agathe.page.get_by_role("list", name="Fichiers joints")).to_be_visible()
        await agathe.say("Le relevé")
        await ousmane.open(f"/spaces/{space.id}/chat/{space.channel}")
        await expect(ousmane.feed.get_by_role("link", name=re.compile("Relevé du fossé"))).to_be_visible()
        await ousmane.open(f"/spaces/{space.id}/files")
        await expect(main.get_by_role("button", name=re.compile("Relevé du fossé")).first).to_be_visible()
    async with story.step("switched off while one looks, and after a reload: that is what is said"):
        await turn(agathe, space, ["chat"])
        await says_off(ousmane)
        await ousmane.page.reload()
        await says_off(ousmane)
        assert await findings(ousmane.page) == []
    async with story.step("the talk says that a file hangs there, without its name and without a way to it"):
        await ousmane.open(f"/spaces/{space.id}/chat/{space.channel}")
        await expect(
            ousmane.message("Le relevé").get_by_text(
                "Les fichiers de cet espace ne vous sont pas ouverts pour l’instant"
            )
        ).to_be_visible()
        await expect(ousmane.feed.get_by_text("Relevé du fossé")).to_have_count(0)
        await expect(ousmane.message("Le relevé").get_by_role("link")).to_have_count(0)
        assert await findings(ousmane.page) == []
    async with story.step("who manages the space is no reader of its call, and is led to the settings"):
        await agathe.open(f"/call/{space.id}")
        await expect(agathe.page.get_by_text("Les appels sont éteints dans cet espace.")).to_be_visible()
        await expect(agathe.page.get_by_text("Vous avez la lecture")).to_have_count(0)
        assert await findings(agathe.page) == []
        await agathe.page.get_by_role("link", name="Ouvrir les réglages").click()
        await expect(agathe.page).to_have_url(re.compile(f"/spaces/{space.id}/settings"))
    async with story.step("so it is with the talk"):
        await turn(agathe, space, ["files"])
        await expect(main.get_by_text("La discussion est éteinte dans cet espace.")).to_be_visible()
    async with story.step("switched on again, all of it is back"):
        await turn(agathe, space, ["chat", "files", "meet"])
        await ousmane.open(f"/spaces/{space.id}/files")
        await expect(main.get_by_role("button", name=re.compile("Relevé du fossé")).first).to_be_visible()
    await browsers.leave(agathe)
    await browsers.leave(ousmane)


async def turn(manager: Person, space: Space, tools: list[str]) -> None:
    """Leave these tools on."""
    await manager.api("PATCH", f"/api/spaces/{space.id}", {"tools": tools})


async def says_off(person: Person) -> None:
    """The page of files says that they are off, and nothing else."""
    main = person.page.locator("main")
    await expect(main.get_by_text(OFF)).to_be_visible()
    for untrue in ("Vous lisez cet espace", "Le serveur ne répond pas", "Relevé du fossé"):
        await expect(main.get_by_text(untrue)).to_have_count(0)


async def test_the_directory_says_that_nobody_answers(browsers: Street, story: Story) -> None:
    agathe = await browsers.person(AGATHE)
    await agathe.come_in()
    page = agathe.page
    # The page itself is fetched beforehand: what cannot come is who stands in it.
    async with page.expect_response(re.compile("/assets/DirectoryPage.*js")) as fetched:
        await agathe.open("/")
    await (await fetched.value).finished()
    async with story.step("opened while there is no network, it says so"):
        await agathe.context.set_offline(True)
        await page.get_by_role("link", name="Annuaire").click()
        await expect(page.get_by_role("alert").get_by_text("Le serveur ne répond pas")).to_be_visible()
        await expect(page.get_by_text("Chargement en cours")).to_have_count(0)
        assert await findings(page) == []
    async with story.step("it fills by itself when the network is back"):
        await agathe.context.set_offline(False)
        await expect(page.locator("main [data-person]").first).to_be_visible(timeout=30_000)
    agathe.watch.said.clear()
    await browsers.leave(agathe)


@pytest_asyncio.fixture(loop_scope="session")
async def guest(browsers: Street) -> AsyncGenerator[Person]:
    """Kenza as if an agent had let her in as a guest: no invitation makes one yet."""
    kenza = await browsers.person(KENZA)
    await kenza.house.make(KENZA.email, "guest")
    await kenza.come_in()
    yield kenza
    await kenza.house.make(KENZA.email, "agent")
    await browsers.leave(kenza)


async def test_a_guest_is_offered_what_guests_may_do(guest: Person, story: Story) -> None:
    page = guest.page
    me: Any = await guest.api("GET", "/api/session")
    assert me["abilities"] == []
    async with story.step("neither the directory nor making anything is offered"):
        await guest.open("/spaces")
        await expect(guest.places).to_be_visible()
        bar = page.get_by_role("navigation", name="Navigation principale").filter(visible=True)
        await expect(bar.get_by_role("link", name="Espaces")).to_be_visible()
        for name in ("Annuaire", "Créer un espace", "Écrire à quelqu’un"):
            await expect(page.get_by_role("link", name=name)).to_have_count(0)
        assert await findings(page) == []
    async with story.step("nor by the palette or the keyboard"):
        await page.keyboard.press("Control+k")
        await expect(page.get_by_role("combobox", name="Aller à")).to_be_focused()
        await expect(page.get_by_role("option", name=re.compile("Annuaire|Créer|Écrire"))).to_have_count(0)
        await page.keyboard.press("Escape")
        await page.keyboard.press("g")
        await page.keyboard.press("a")
        await expect(page).to_have_url(re.compile("/spaces$"))
        await page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Raccourcis clavier")
        await expect(dialog).to_be_visible()
        await expect(dialog.get_by_text("Annuaire")).to_have_count(0)
