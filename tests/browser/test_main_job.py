"""The main job, in real browsers: three agents of two organisations find a space, talk, send files, and call from it.

What else a call is (screens, reloading, ringing, being put out) is in `test_call.py`.
"""

import re
from datetime import date
from pathlib import Path
from random import randrange
from time import monotonic
from uuid import UUID

from playwright.async_api import expect

from bastide.demo.load import load
from tests.browser.support.calls import Caller, Party, Space, all_come_in, all_hear_all, all_see_all, until
from tests.browser.support.media import hears
from tests.browser.support.story import Story
from tests.browser.support.things import drop, paste, pdf, picture
from tests.browser.support.windows import Person, Trio

# A name that no earlier run on the same instance used.
NAME = f"Digue de Montrevel, lot {randrange(10**6)}"


async def test_three_agents_of_two_organisations_do_the_main_job(
    trio: Trio, party: Party, story: Story, tmp_path: Path
) -> None:
    async with story.step("each sees the spaces they are in, and no others"):
        for person in trio:
            await they_see_their_own(person)
    async with story.step("Agathe makes a space, and the others have it in their lists at once"):
        await agathe_makes_a_space(trio, story)
    async with story.step("who is elsewhere sees what waits for them"):
        await wassila_catches_up(trio)
    async with story.step("they talk, and read the same in the same order"):
        await they_talk(trio)
    async with story.step("they see who writes, what was changed and what was taken back"):
        await they_change_their_minds(trio)
    async with story.step("they send each other files"):
        await they_send_files(trio, tmp_path)
    async with story.step("they call from that very space, and hear and see each other"):
        await they_call(party, story)


async def they_see_their_own(person: Person) -> None:
    demo = load(date.today())  # noqa: DTZ011 -- as the instance counts
    key = next(agent.key for agent in demo.agents if agent.address == person.agent.email)
    mine = {s.name for s in demo.spaces if key in {m.agent for m in s.members}}
    others = {s.name for s in demo.spaces} - mine
    await person.open("/")
    assert mine
    assert others
    for name in mine:
        await expect(person.in_list(name)).to_be_visible()
    shown = set(await person.places.get_by_role("link").locator("span[title]").all_inner_texts())
    assert not others & shown
    # Communities can be found and joined by any agent; nothing else of others is found.
    await person.open("/spaces")
    open_to_all = {s.name for s in demo.spaces if s.kind == "community"}
    communities = person.page.locator("main section").filter(has_text="Ouvertes à qui veut y entrer.")
    for name in open_to_all:
        await expect(communities.get_by_text(name, exact=True)).to_be_visible()
    found = await communities.inner_text()
    assert not [name for name in others - open_to_all if name in found]


async def agathe_makes_a_space(trio: Trio, story: Story) -> None:
    agathe, ousmane, wassila = trio
    await ousmane.open("/")
    await wassila.open("/")
    await agathe.open("/")
    page = agathe.page
    await agathe.places.get_by_role("link", name="Créer un espace").click()
    await page.get_by_label("Nom", exact=True).fill(NAME)
    await expect(page.get_by_role("radio", name="Interne")).to_be_checked()
    await page.get_by_label("La situation de personnes").check()
    await expect(page.get_by_role("radio", name="Sensible")).to_be_checked()
    # What the ticks ask for cannot be undercut.
    await expect(page.get_by_role("radio", name="Interne")).to_be_disabled()
    await page.get_by_label("Appels").check()
    field = page.get_by_role("combobox", name="Avec qui, pour commencer")
    # Accents and the order of names do not matter.
    for typed, name in (("diarra ousmane", ousmane.agent.name), ("OUALI wass", wassila.agent.name)):
        await field.fill(typed)
        await page.get_by_role("option", name=re.compile(name)).click()
    await page.get_by_role("button", name="Créer l’espace").click()
    since = monotonic()
    for person in (ousmane, wassila):
        await expect(person.in_list(NAME)).to_be_visible()
    story.note("until the space was in the others' lists", monotonic() - since)
    await expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    await expect(page.locator("header").get_by_text("Sensible", exact=True)).to_be_visible()
    await expect(agathe.field).to_be_visible()


async def wassila_catches_up(trio: Trio) -> None:
    agathe, ousmane, wassila = trio
    await ousmane.in_list(NAME).click()
    await wassila.open("/")
    second = await wassila.another_window("/")
    # What one comes to for the first time begins with what was said before.
    await wassila.in_list(NAME).click()
    await expect(wassila.field).to_be_visible()
    await agathe.say("Bonjour à tous deux, le dossier est ouvert.")
    await expect(wassila.message("le dossier est ouvert")).to_be_visible()
    await wassila.places.get_by_role("link", name=re.compile("Emploi des jeunes")).click()
    await expect(wassila.page.get_by_role("heading", name="Emploi des jeunes", level=1)).to_be_visible()
    await ousmane.say("Les relevés de la nuit sont bons.")
    await expect(agathe.message("Les relevés de la nuit")).to_be_visible()
    await agathe.say("Merci. Réunion à 14 h ?")
    for window in (wassila, second):
        await expect(window.in_list(NAME)).to_contain_text("2 messages non lus")
    await wassila.in_list(NAME).click()
    await expect(wassila.message("Réunion à 14 h")).to_be_visible()
    line = wassila.feed.get_by_text("Nouveaux messages")
    await expect(line).to_be_visible()
    rows = [text for text in await wassila.feed.locator(":scope > *").all_inner_texts() if text]
    at = next(i for i, text in enumerate(rows) if "Nouveaux messages" in text)
    assert "le dossier est ouvert" in rows[at - 1]
    assert "Les relevés de la nuit" in rows[at + 1]
    for window in (wassila, second):
        await expect(window.in_list(NAME)).not_to_contain_text("non lu")
    await second.in_list(NAME).click()
    await expect(second.message("Réunion à 14 h")).to_be_visible()
    # What one has read in one window is not new in the other.
    await expect(second.feed.get_by_text("Nouveaux messages")).to_have_count(0)
    await wassila.say("14 h me va, j’apporte le plan de déviation.")
    await expect(second.message("j’apporte le plan")).to_be_visible()
    await expect(line).to_have_count(0)
    await second.page.close()


async def they_talk(trio: Trio) -> None:
    agathe, ousmane, wassila = trio
    for number in range(1, 6):
        for person in trio:
            await person.say(f"{person.given}, point {number}")
    for person in trio:
        for other in trio:
            await expect(person.message(f"{other.given}, point 5")).to_have_count(1)
    read = [await person.texts() for person in trio]
    assert read[0] == read[1] == read[2]
    said = [text for text in read[0] if ", point " in text]
    for person in trio:
        assert [t for t in said if t.startswith(person.given)] == [
            f"{person.given}, point {n}" for n in range(1, 6)
        ]
    channel = UUID(agathe.page.url.rpartition("/")[2])
    assert await agathe.house.texts(str(channel)) == read[0]
    await agathe.say("Voir **la note** et https://haute-vezelle.example/digue")
    for person in (ousmane, wassila):
        await expect(person.message("Voir la note").locator("strong")).to_have_text("la note")
        link = person.message("Voir la note").get_by_role("link")
        await expect(link).to_have_attribute("href", "https://haute-vezelle.example/digue")
        await expect(link).to_have_attribute("rel", re.compile("noopener"))


async def they_change_their_minds(trio: Trio) -> None:
    agathe, ousmane, wassila = trio
    # As slowly as one writes: the others are told now and then.
    await ousmane.field.press_sequentially("La pompe est à Castelbrak.", delay=150)
    for person in (agathe, wassila):
        await expect(person.page.get_by_text("Ousmane écrit…")).to_be_visible()
    await ousmane.field.press("Enter")
    for person in (agathe, wassila):
        await expect(person.page.get_by_text("Ousmane écrit…")).to_have_count(0)
    await expect(agathe.message("Castelbrak")).to_be_visible()
    await expect(ousmane.kept("Castelbrak")).to_be_visible()
    await ousmane.field.press("ArrowUp")
    editor = ousmane.page.get_by_role("textbox", name="Modifier le message")
    await editor.fill("La pompe est à Castelbrac.")
    await editor.press("Enter")
    for person in trio:
        changed = person.message("La pompe est à Castelbrac.")
        await expect(changed).to_be_visible()
        await expect(changed.get_by_text("modifié")).to_be_visible()
        await expect(person.message("Castelbrak")).to_have_count(0)
    await ousmane.message("La pompe est à Castelbrac.").hover()
    await ousmane.page.get_by_role("button", name="Supprimer").click()
    # It can be brought back while the word of it stands; closing that word settles it.
    await ousmane.page.get_by_role("status").get_by_role("button", name="Fermer").click()
    for person in trio:
        await expect(person.message("Castelbrac")).to_have_count(0)
        await expect(person.message("Message supprimé")).to_have_count(1)


async def they_send_files(trio: Trio, folder: Path) -> None:
    agathe, ousmane, wassila = trio
    photo = picture(folder / "Digue à l’étiage.png", (150, 120, 80), "digue")
    map_ = picture(folder / "Carte des déviations.png", (80, 120, 150), "carte")
    note = pdf(folder / "Note de cadrage, été.pdf", "Confortement de la digue : cadrage.")
    # By the button.
    async with agathe.page.expect_file_chooser() as chooser:
        await agathe.page.get_by_role("button", name="Joindre des fichiers").click()
    await (await chooser.value).set_files([photo])
    await expect(agathe.page.get_by_role("list", name="Fichiers joints")).to_contain_text("Digue à l’étiage")
    await agathe.say("Photo de ce matin")
    # By letting it fall on the page.
    await drop(ousmane.feed, note)
    await expect(ousmane.page.get_by_role("list", name="Fichiers joints")).to_contain_text("Note de cadrage")
    await ousmane.say("")
    # By pasting it.
    await paste(wassila.field, map_)
    await expect(wassila.page.get_by_role("list", name="Fichiers joints")).to_be_visible()
    await wassila.say("Et la carte")
    for person in trio:
        for sent in (photo, map_):
            shown = person.feed.get_by_role("button", name=f"Voir {sent.name} en grand").locator("img")
            await expect(shown).to_have_js_property("complete", True)
            assert await shown.evaluate("(image) => image.naturalWidth") > 0
        card = person.feed.get_by_role("link", name=re.compile("Note de cadrage"))
        async with person.page.expect_download() as download:
            await card.click()
        assert (await (await download.value).path()).read_bytes() == note.read_bytes()
        assert (await download.value).suggested_filename == note.name
    # The picture as it is on the sender's disk, and not our smaller copy of it.
    await wassila.feed.get_by_role("button", name=f"Voir {photo.name} en grand").click()
    viewer = wassila.page.get_by_role("dialog", name=f"Image {photo.name}")
    await expect(viewer.get_by_role("img", name=photo.name)).to_be_visible()
    async with wassila.page.expect_download() as download:
        await viewer.get_by_role("link", name="Télécharger l’original").click()
    assert (await (await download.value).path()).read_bytes() == photo.read_bytes()
    await wassila.page.keyboard.press("Escape")
    # All three are among the space's files.
    await agathe.page.get_by_role("link", name="Fichiers", exact=True).click()
    rows = agathe.page.get_by_role("region", name="Fichiers").get_by_role(
        "button", name=re.compile("Diarra|Delorme|Ouali")
    )
    await expect(rows).to_have_count(3)


async def they_call(party: Party, story: Story) -> None:
    """Each recognises the voice and the colour of each of the others, under the space's name and label."""
    agathe, ousmane, wassila = party
    await agathe.page.get_by_role("link", name="Discussion", exact=True).click()
    _, space, _, channel = agathe.page.url.removeprefix(agathe.person.house.base + "/").split("/")
    await all_come_in(party, Space(space, NAME, channel))
    for caller in party:
        await expect(caller.page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
        await expect(caller.page.locator("header").get_by_text("Sensible", exact=True)).to_be_visible()
    story.note("until all hear all", await all_hear_all(party))
    story.note("until all see all", await all_see_all(party))
    await ousmane.button("Couper le micro").click()
    for caller in (agathe, wassila):

        async def gone(caller: Caller = caller) -> bool:
            return ousmane.likeness.pitch not in await hears(caller.page, 0.35)

        await until(gone, 5, "Ousmane is silent")
    # The browser keeps how one left: the next story's calls are heard again.
    await ousmane.button("Ouvrir le micro").click()
    story.note("until all hear him again", await all_hear_all(party))
    for caller in party:
        assert await caller.strangers() == []
        await caller.leave()
