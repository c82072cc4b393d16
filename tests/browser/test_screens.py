"""Each screen in both languages, by day and by night, wide and in a hand; axe finds nothing, nothing is left untranslated."""

import re
from random import randrange

import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser.gallery.scene import Lived, lay
from tests.browser.gallery.screens import SCREENS
from tests.browser.gallery.walk import Plan, Walk
from tests.browser.support.calls import make_space
from tests.browser.support.house import WEB, House
from tests.browser.support.screens import Language, findings, words
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, PHONE, Person, Street

ENGLISH, FRENCH = Language("en", "fr"), Language("fr", "en")
# What is said in English is the same by day and by night, and however wide: one look at pages that say much.
SAYING_MUCH = ("place", "channel", "members-refused", "settings-raise", "rule", "label-sensitive", "me")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lived(house: House, browsers: Street) -> Lived:
    """What the demo lacks to be looked at from all sides."""
    return await lay(house, browsers)


async def test_every_screen_is_whole(house: House, browsers: Street, lived: Lived, story: Story) -> None:
    daily = [screen for screen in SCREENS if screen.daily]
    await look_at(Plan(daily, ("fr",), ("light",), (1440, 390)), house, browsers, lived, story)


async def test_nothing_is_left_in_french_in_an_english_window(
    house: House, browsers: Street, lived: Lived, story: Story
) -> None:
    much = [screen for screen in SCREENS if screen.name in SAYING_MUCH]
    assert len(much) == len(SAYING_MUCH)
    await look_at(Plan(much, ("en",), ("dark",), (1440,)), house, browsers, lived, story)


async def look_at(plan: Plan, house: House, browsers: Street, lived: Lived, story: Story) -> None:
    """Walk past these screens; nothing may be wrong with any. `./bastide shots` keeps their pictures."""
    async with story.step(f"{len(plan.screens)} screens"):
        walk = Walk(plan, house, browsers, lambda _: None, lived)
        await walk.go()
        wrong = {f"{shot.screen} {shot.look.name}": shot.wrong for shot in walk.shots if shot.wrong}
        assert wrong == {}
        assert {shot.screen for shot in walk.shots} == {screen.name for screen in plan.screens}


async def test_no_path_of_the_window_is_left_out() -> None:
    routes = (WEB / "src" / "app" / "routes.tsx").read_text(encoding="utf-8")
    known = {re.sub(r"\$\w+", "[^/]+", path).rstrip("/") for path in re.findall(r'path: "([^"]+)"', routes)}
    assert len(known) > 15
    shown = {re.sub(r"\{.*?\}", "x", screen.path).partition("?")[0].partition("#")[0] for screen in SCREENS}
    under = "/spaces/[^/]+"
    for path in known - {"/$"}:
        wanted = (path, f"{under}{path}", f"/administration{path}")
        assert any(re.fullmatch(one or "/", seen) for one in wanted for seen in shown), path


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
