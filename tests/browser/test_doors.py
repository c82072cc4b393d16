"""Who is not let in is told so, in the way that fits what they may know."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.support.house import House
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, KENZA, MONTFERRAND, Street


async def test_a_stranger_signs_in_and_is_where_they_wanted_to_be(browsers: Street, story: Story) -> None:
    agathe = await browsers.person(AGATHE)
    async with story.step("the door is shown in the place of a page"):
        await agathe.open("/spaces?from=elsewhere")
        await expect(agathe.page).to_have_url(re.compile(r"/sign-in\?from="))
        assert await findings(agathe.page) == []
        assert agathe.watch.said == [], "a stranger at the door is no error"
    async with story.step("a wrong password is refused, and what was typed stays"):
        await agathe.page.get_by_label("Adresse professionnelle").fill(agathe.agent.email)
        password = agathe.page.get_by_label("Mot de passe", exact=True)
        await password.fill("pas celui-là")
        await agathe.page.get_by_role("button", name="Se connecter", exact=True).click()
        await expect(agathe.page.get_by_role("alert")).to_be_visible()
        await expect(agathe.page.get_by_label("Adresse professionnelle")).to_have_value(agathe.agent.email)
        assert await findings(agathe.page) == []
    async with story.step("the right one leads to the page that was asked for"):
        await password.fill(agathe.house.passphrase)
        await password.press("Enter")
        await expect(agathe.page).to_have_url(re.compile(r"/spaces\?from=elsewhere"))
        await expect(agathe.places).to_be_visible()
    async with story.step("a session that ends elsewhere leads back to the door"):
        await agathe.api("DELETE", "/api/session")
        await expect(agathe.page).to_have_url(re.compile("/sign-in"))
    await browsers.leave(agathe)


async def test_up_says_where_and_as_whom_to_come_in(browsers: Street, house: House, story: Story) -> None:
    if not house.said:
        pytest.skip("the instance was started by somebody else, who read what it said")
    where = [line for line in house.said if line.startswith("Bastide is ready:")]
    assert where == [f"Bastide is ready: http://localhost:{house.port}"]
    whom = re.fullmatch(r"  Sign in as (\S+), passphrase: (.+)", house.said[-1])
    assert whom
    async with story.step("what it says opens the door"):
        agathe = await browsers.person(AGATHE)
        await agathe.page.goto(where[0].partition(": ")[2])
        await agathe.page.get_by_label("Adresse professionnelle").fill(whom[1])
        await agathe.page.get_by_label("Mot de passe", exact=True).fill(whom[2])
        await agathe.page.get_by_role("button", name="Se connecter", exact=True).click()
        await expect(agathe.places).to_be_visible()
    await browsers.leave(agathe)


async def test_the_window_speaks_the_language_of_ones_profile(browsers: Street, story: Story) -> None:
    kenza = await browsers.person(KENZA)
    page = kenza.page
    html = page.locator("html")

    async def sign_in(address: str, password: str, button: str) -> None:
        await page.get_by_label(address).fill(kenza.agent.email)
        await page.get_by_label(password, exact=True).fill(kenza.house.passphrase)
        await page.get_by_role("button", name=button, exact=True).click()

    async with story.step("the door speaks as the browser does, then as was chosen there"):
        await kenza.open("/sign-in")
        await expect(html).to_have_attribute("lang", "fr")
        await page.get_by_role("button", name="English").click()
        await expect(html).to_have_attribute("lang", "en")
    async with story.step("inside it is the profile's"):
        await sign_in("Work address", "Password", "Sign in")
        await expect(kenza.places).to_be_visible()
        await expect(html).to_have_attribute("lang", "fr")
        await page.reload()
        await expect(kenza.places).to_be_visible()
        await expect(html).to_have_attribute("lang", "fr")
    async with story.step("the menu changes the profile, and the door stays as it was"):
        await page.get_by_role("button", name=re.compile("Votre menu")).click()
        await page.get_by_role("menuitemradio", name="English").click()
        await expect(html).to_have_attribute("lang", "en")
        await page.keyboard.press("Escape")
        assert (await kenza.api("GET", "/api/session"))["locale"] == "en"
        elsewhere = await browsers.person(KENZA)
        await elsewhere.sign_in_at_the_door()
        await expect(elsewhere.page.locator("html")).to_have_attribute("lang", "en")
        await elsewhere.api("PATCH", "/api/me", {"locale": "fr"})
        await elsewhere.api("DELETE", "/api/session")
        await expect(elsewhere.page.get_by_label("Adresse professionnelle")).to_be_visible()
        await expect(elsewhere.page.locator("html")).to_have_attribute("lang", "fr")
        await browsers.leave(elsewhere)
    await browsers.leave(kenza)


async def test_a_reader_reads_and_is_told_why_that_is_all(browsers: Street, story: Story) -> None:
    reader = await browsers.person(MONTFERRAND)
    await reader.come_in()
    async with story.step("the channel shows its messages, and a sentence where one would write"):
        await reader.open("/")
        await reader.in_list("Plan inondation Vézelle").click()
        await expect(reader.feed.get_by_role("article").first).to_be_visible()
        await expect(reader.page.get_by_text("qui le gère peut vous donner la parole")).to_be_visible()
        await expect(reader.page.get_by_role("textbox", name=re.compile("Écrire dans"))).to_have_count(0)
        await expect(reader.page.get_by_role("button", name="Joindre des fichiers")).to_have_count(0)
        assert await findings(reader.page) == []
    async with story.step("nothing offers to change what is there"):
        await reader.feed.get_by_role("article").last.hover()
        await expect(reader.page.get_by_role("button", name="Copier le texte")).to_be_visible()
        for name in ("Modifier", "Supprimer"):
            await expect(reader.page.get_by_role("button", name=re.compile(f"^{name}"))).to_have_count(0)
        await expect(reader.page.get_by_role("link", name="Réglages")).to_have_count(0)
    async with story.step("files can be read and not added"):
        await reader.page.get_by_role("link", name="Fichiers", exact=True).click()
        await expect(reader.page.get_by_text("Vous lisez cet espace")).to_be_visible()
        await expect(reader.page.get_by_role("button", name="Déposer")).to_have_count(0)
        assert await findings(reader.page) == []
    await browsers.leave(reader)


async def test_an_outsider_finds_nothing_there(browsers: Street, story: Story) -> None:
    agathe, kenza = await browsers.person(AGATHE), await browsers.person(KENZA)
    await agathe.come_in()
    await kenza.come_in()
    snapshot = await agathe.api("GET", "/api/snapshot")
    space = next(s for s in snapshot["spaces"] if s["space"]["name"]["text"] == "Plan inondation Vézelle")[
        "space"
    ]["id"]
    channel = next(c for c in snapshot["channels"] if c["channel"]["space_id"] == space)["channel"]["id"]
    async with story.step("what is somebody else's looks like what never was"):
        for path in ("", f"/chat/{channel}", "/files", "/members", "/settings"):
            await kenza.open(f"/spaces/{space}{path}")
            await expect(kenza.page.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible()
            theirs = await kenza.page.locator("main").inner_text()
            await kenza.open(f"/spaces/00000000-0000-7000-8000-000000000000{path}")
            await expect(kenza.page.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible()
            assert await kenza.page.locator("main").inner_text() == theirs
        assert await findings(kenza.page) == []
    async with story.step("neither the list nor the search knows of it"):
        await expect(kenza.in_list("Plan inondation Vézelle")).to_have_count(0)
        await kenza.page.keyboard.press("Control+k")
        await kenza.page.get_by_role("combobox").fill("inondation")
        await expect(kenza.page.get_by_text("Rien ici ne s’appelle « inondation ».")).to_be_visible()
    async with story.step("nothing of it was sent to this window"):
        assert not any(space in frame.text or "Vézelle" in frame.text for frame in kenza.watch.heard)
    async with story.step("an address that leads nowhere says so"):
        await kenza.open("/nulle/part")
        await expect(kenza.page.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible()
        assert await findings(kenza.page) == []
        await kenza.page.get_by_role("link", name="Revenir à la place").click()
        await expect(kenza.page).to_have_url(f"{kenza.house.base}/")
    await browsers.leave(agathe)
    await browsers.leave(kenza)
