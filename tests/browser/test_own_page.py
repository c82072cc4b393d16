"""One's own page: what colleagues see of one."""

import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.things import picture
from tests.browser.support.windows import AGATHE, KENZA, Street


async def test_a_picture_and_a_function_are_seen_by_colleagues(
    browsers: Street, story: Story, tmp_path: Path
) -> None:
    kenza, agathe = await browsers.person(KENZA), await browsers.person(AGATHE)
    await kenza.come_in()
    await agathe.come_in()
    page = kenza.page
    async with story.step("Kenza puts on a picture"):
        await kenza.open("/me")
        async with page.expect_file_chooser() as chooser:
            await page.get_by_role("button", name=re.compile("Choisir une image|Changer d’image")).click()
        await (await chooser.value).set_files([picture(tmp_path / "Moi.png", (90, 120, 60), "K")])
        assert await findings(page) == []
        await page.get_by_role("button", name="Mettre cette image").click()
        await expect(page.get_by_role("button", name="Changer d’image")).to_be_visible()
    async with story.step("and says what she does now"):
        await kenza.api("PATCH", "/api/me", {"function": "Guichet des associations"})
    async with story.step("Agathe sees both in the directory"):
        await agathe.open("/people")
        await agathe.page.get_by_role("searchbox").fill("amrani")
        row = agathe.page.locator("main [data-person]").filter(has_text=KENZA.name)
        await expect(row).to_contain_text("Guichet des associations")
        await expect(row.locator("img")).to_have_js_property("complete", True)
        assert await row.locator("img").evaluate("(image) => image.naturalWidth") > 0
    async with story.step("taken off, her initials are there again"):
        await page.get_by_role("button", name="Retirer", exact=True).click()
        await expect(page.get_by_role("button", name="Choisir une image")).to_be_visible()
    await browsers.leave(kenza)
    await browsers.leave(agathe)
