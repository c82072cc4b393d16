"""Each screen in both languages, by day and by night, wide and in a hand; axe finds nothing, nothing is left untranslated."""

import re
from random import randrange
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.support.calls import make_space
from tests.browser.support.screens import Language, findings, words
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, PHONE, TABLET, Person, Street

ENGLISH, FRENCH = Language("en", "fr"), Language("fr", "en")
LOOKS: dict[str, dict[str, Any]] = {
    "french by day": {"locale": "fr-FR", "color_scheme": "light"},
    "english by night": {"locale": "en-GB", "color_scheme": "dark"},
    "french on a tablet by day": {
        "locale": "fr-FR",
        "color_scheme": "light",
        "viewport": TABLET,
        "has_touch": True,
        "is_mobile": True,
    },
    "french in a hand by night": {
        "locale": "fr-FR",
        "color_scheme": "dark",
        "viewport": PHONE,
        "has_touch": True,
        "is_mobile": True,
    },
}


@pytest.mark.parametrize("look", LOOKS)
async def test_every_screen_is_whole(look: str, browsers: Street, story: Story) -> None:
    agathe = await browsers.person(AGATHE, **LOOKS[look])
    language = ENGLISH if look.startswith("english") else FRENCH
    wrong: list[str] = []

    async def look_at(path: str, ready: Locator) -> None:
        await agathe.open(path)
        await expect(ready.first).to_be_visible()
        await settled(agathe)
        wrong.extend(f"{path} {one}" for one in await findings(agathe.page))
        wrong.extend(f"{path} says {one!r}" for one in language.strangers(await words(agathe.page)))

    async with story.step("the door"):
        await look_at("/sign-in", agathe.page.locator("form"))
    await agathe.come_in()
    # Inside, the window speaks the language of the profile.
    await agathe.api("PATCH", "/api/me", {"locale": look[:2]})
    space = await make_space(agathe, [], f"Relevés de terrain {randrange(10**6)}")
    snapshot = await agathe.api("GET", "/api/snapshot")
    full = next(
        s["space"]["id"]
        for s in snapshot["spaces"]
        if s["space"]["name"]["text"] == "Plan inondation Vézelle"
    )
    channel = next(c["channel"]["id"] for c in snapshot["channels"] if c["channel"]["space_id"] == full)
    main = agathe.page.locator("main")
    async with story.step("the pages of the house"):
        # Between wide and narrow the frame is what differs: pages that are a column of their own differ in nothing.
        every = ("/", "/spaces", "/spaces/new", "/directs/new", "/people", "/me", "/nowhere")
        for path in ("/", "/people") if "tablet" in look else every:
            await look_at(path, main.locator("h1"))
    async with story.step("a space with much in it"):
        await look_at(f"/spaces/{full}/chat/{channel}", agathe.feed.get_by_role("article"))
        await look_at(f"/spaces/{full}/files", main.locator("button", has=agathe.page.locator("time")))
        await look_at(f"/spaces/{full}/members", main.locator("[data-person]"))
        await look_at(f"/spaces/{full}/settings", main.locator("h2"))
    async with story.step("a space with nothing in it"):
        await look_at(f"/spaces/{space.id}/chat/{space.channel}", agathe.field)
        await look_at(f"/spaces/{space.id}/files", main.locator("h2"))
        await look_at(f"/call/{space.id}", main)
    assert await agathe.page.locator("html").get_attribute("lang") == look[:2]
    await agathe.api("PATCH", "/api/me", {"locale": "fr"})
    assert wrong == []
    await browsers.leave(agathe)


async def test_the_language_and_the_light_are_changed_in_ones_menu(browsers: Street, story: Story) -> None:
    agathe = await browsers.person(AGATHE, color_scheme="light")
    page = agathe.page
    await agathe.come_in()
    await agathe.open("/spaces")
    await expect(agathe.places).to_be_visible()
    day = await brightness(page.locator("main"))
    async with story.step("English, at once, without a word of French left"):
        await page.get_by_role("button", name=re.compile("Votre menu")).click()
        await page.get_by_role("menuitemradio", name="English").click()
        await expect(page.get_by_role("heading", name="Spaces", level=1, exact=True)).to_be_visible()
        assert ENGLISH.strangers(await words(page)) == []
        assert await page.locator("html").get_attribute("lang") == "en"
    async with story.step("dark, at once"):
        await page.get_by_role("menuitemradio", name="Dark").click()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert await brightness(page.locator("main")) < 0.3 < day
        assert await findings(page) == []
    async with story.step("both stay after a reload, and French comes back"):
        await page.reload()
        await expect(page.get_by_role("heading", name="Spaces", level=1, exact=True)).to_be_visible()
        assert await brightness(page.locator("main")) < 0.3
        await page.get_by_role("button", name=re.compile("Your menu")).click()
        await page.get_by_role("menuitemradio", name="Français").click()
        await expect(page.get_by_role("heading", name="Espaces", level=1, exact=True)).to_be_visible()
        assert FRENCH.strangers(await words(page)) == []
    await browsers.leave(agathe)


async def test_a_thumb_does_the_main_things(browsers: Street, story: Story) -> None:
    agathe = await browsers.person(AGATHE, viewport=PHONE, has_touch=True, is_mobile=True)
    page = agathe.page
    await agathe.come_in()
    space = await make_space(agathe, [], f"Tournée des digues {randrange(10**6)}")
    async with story.step("the bar at the foot leads to the spaces"):
        await agathe.open("/")
        bar = page.get_by_role("navigation", name="Navigation principale").filter(visible=True)
        for place in await bar.get_by_role("listitem").all():
            box = await place.locator("a, button").first.bounding_box()
            assert box
            assert box["height"] >= 44
            assert box["width"] >= 44
        await bar.get_by_role("link", name="Espaces").tap()
        await page.locator("main").get_by_role("link", name=re.compile(space.name)).tap()
    async with story.step("she writes with the bar out of the way, and comes back"):
        await expect(agathe.field).to_be_visible()
        await expect(bar).to_have_count(0)
        await agathe.field.tap()
        await agathe.field.fill("Vu la digue, tout va bien.")
        send = page.get_by_role("button", name="Envoyer", exact=True)
        box = await send.bounding_box()
        assert box
        assert min(box["height"], box["width"]) >= 44
        await send.tap()
        await expect(agathe.kept("Vu la digue, tout va bien.")).to_be_visible()
        assert await findings(page) == []
    async with story.step("a message that is held offers what can be done with it"):
        await hold(agathe, agathe.message("Vu la digue"))
        await page.get_by_role("menuitem", name="Modifier").tap()
        editor = page.get_by_role("textbox", name="Modifier le message")
        await editor.fill("Vu la digue, rien à signaler.")
        await page.get_by_role("button", name="Enregistrer").tap()
        await expect(agathe.message("rien à signaler")).to_be_visible()
    async with story.step("the way back is at the top"):
        await page.get_by_role("link", name="Retour").tap()
        await expect(page.get_by_role("heading", name="Espaces", level=1, exact=True)).to_be_visible()
        await expect(bar).to_be_visible()
    await browsers.leave(agathe)


async def hold(person: Person, target: Locator) -> None:
    """Lay a finger on something and leave it there."""
    box = await target.bounding_box()
    assert box
    session = await person.context.new_cdp_session(person.page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    await session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await expect(person.page.get_by_role("menu")).to_be_visible()
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def settled(person: Person) -> None:
    """Wait until nothing on the page is on its way: no bones, no spinner."""
    await expect(person.page.locator("[aria-busy='true']")).to_have_count(0)
    await person.page.evaluate("document.fonts.ready")


async def brightness(place: Locator) -> float:
    """How bright the background is, 0 to 1."""
    found: float = await place.evaluate(
        """
        (element) => {
          let at = element;
          while (at && getComputedStyle(at).backgroundColor === "rgba(0, 0, 0, 0)") at = at.parentElement;
          const canvas = document.createElement("canvas").getContext("2d");
          canvas.fillStyle = getComputedStyle(at).backgroundColor;
          canvas.fillRect(0, 0, 1, 1);
          const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
          return (red + green + blue) / 765;
        }
        """
    )
    return found
