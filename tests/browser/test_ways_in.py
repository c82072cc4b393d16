"""The ways to what one would else need a keyboard or a hidden menu for: the palette in a hand, a new channel."""

from random import randrange

from playwright.async_api import expect

from tests.browser.support.calls import make_space
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, OUSMANE, PHONE, Street

THUMB = 44


async def test_a_hand_opens_the_palette(browsers: Street, story: Story) -> None:
    agathe = await browsers.person(AGATHE, viewport=PHONE, has_touch=True, is_mobile=True)
    page = agathe.page
    await agathe.come_in()
    for path in ("/", "/spaces"):
        async with story.step(f"from {path}"):
            await agathe.open(path)
            entry = page.get_by_role("button", name="Aller à…")
            box = await entry.bounding_box()
            assert box
            assert box["height"] >= THUMB
            await entry.tap()
            await expect(page.get_by_role("combobox", name="Aller à")).to_be_focused()
            await page.keyboard.type("annuaire")
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/people")
    await browsers.leave(agathe)


async def test_a_manager_sees_where_a_channel_is_made(browsers: Street, story: Story) -> None:
    agathe, ousmane = await browsers.person(AGATHE), await browsers.person(OUSMANE)
    await agathe.come_in()
    await ousmane.come_in()
    space = await make_space(agathe, [ousmane], f"Chantier du pont {randrange(10**6)}")
    path = f"/spaces/{space.id}/chat/{space.channel}"
    page = agathe.page
    plus = page.get_by_role("button", name="Nouveau canal dans Chantier du pont")
    dialog = page.get_by_role("dialog", name="Nouveau canal")
    async with story.step("beside its space, by keyboard, and Escape leads back"):
        await agathe.open(path)
        await plus.focus()
        await expect(page.get_by_role("tooltip")).to_contain_text("Nouveau canal dans")
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_label("Nom", exact=True)).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(plus).to_be_focused()
    async with story.step("in the drawer, which closes behind it"):
        await page.set_viewport_size({"width": 900, "height": 800})
        await page.get_by_role("button", name="Liste").click()
        await plus.click()
        await expect(dialog.get_by_label("Nom", exact=True)).to_be_focused()
        await page.keyboard.type("relevés")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="relevés")).to_be_visible()
    async with story.step("in a hand, above the channels and large enough"):
        await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        await agathe.open(f"/spaces/{space.id}")
        for what in (plus, page.get_by_role("link", name="Retour")):
            box = await what.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= THUMB
    async with story.step("who may not make one is not offered it"):
        await ousmane.open(path)
        await expect(ousmane.field).to_be_visible()
        await expect(ousmane.page.get_by_role("button", name="Nouveau canal dans")).to_have_count(0)
    await browsers.leave(agathe)
    await browsers.leave(ousmane)
