"""Where one is signed in: seen from one window, ended there, and closed at once in the other."""

from playwright.async_api import expect

from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import KENZA, Street


async def test_a_device_that_is_ended_is_out_at_once(browsers: Street, story: Story) -> None:
    here, there = await browsers.person(KENZA), await browsers.person(KENZA)
    await here.come_in()
    await here.open("/me")
    devices = here.page.get_by_role("region", name="Mes appareils connectés")
    await expect(devices.get_by_text("Cet appareil")).to_be_visible()
    async with story.step("the other device comes in, and shows by itself"):
        before = await devices.get_by_role("listitem").count()
        await there.come_in()
        await there.open("/")
        await expect(there.places).to_be_visible()
        await expect(devices.get_by_role("listitem")).to_have_count(before + 1)
        assert await findings(here.page) == []
    async with story.step("it is ended here, and is out there"):
        # This one first, then the one that came in last.
        await devices.get_by_role("listitem").nth(1).get_by_role("button").click()
        await expect(there.page.get_by_text("Votre session est terminée")).to_be_visible()
        await expect(devices.get_by_role("listitem")).to_have_count(before)
    await browsers.leave(here)
    await browsers.leave(there)
