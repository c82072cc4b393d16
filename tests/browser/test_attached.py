"""A file that is attached is the writer's own affair until the message is sent."""

import io
from random import randrange

from PIL import Image
from playwright.async_api import expect

from tests.browser.support.calls import make_space
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, OUSMANE, Street


async def test_a_file_comes_into_the_space_with_its_message(browsers: Street, story: Story) -> None:
    agathe, ousmane = await browsers.person(AGATHE), await browsers.person(OUSMANE)
    await agathe.come_in()
    await ousmane.come_in()
    space = await make_space(agathe, [ousmane], f"Relevé des seuils {randrange(10**6)}")
    await agathe.open(f"/spaces/{space.id}/chat/{space.channel}")
    await ousmane.open(f"/spaces/{space.id}/files")
    await expect(ousmane.page.get_by_role("link", name="Fichiers", exact=True)).to_be_visible()
    row = ousmane.page.locator("main").get_by_text("seuils.csv")
    async with story.step("attached, it is on the server and in nobody's list"):
        async with agathe.page.expect_file_chooser() as choosing:
            await agathe.page.get_by_role("button", name="Joindre des fichiers").click()
        chooser = await choosing.value
        async with agathe.page.expect_response(lambda answer: "/files?" in answer.url) as kept:
            await chooser.set_files(
                {"name": "seuils.csv", "mimeType": "text/csv", "buffer": b"seuil;cote\n1;2,9\n"}
            )
        assert (await kept.value).status == 201
        await expect(agathe.page.get_by_text("seuils.csv")).to_be_visible()
        for person in (agathe, ousmane):
            assert (await person.api("GET", f"/api/spaces/{space.id}/files"))["files"] == []
        await expect(row).to_have_count(0)
    async with story.step("sent, it is in all lists at once"):
        await agathe.say("Les seuils de la semaine")
        await expect(row).to_be_visible()
        assert len((await ousmane.api("GET", f"/api/spaces/{space.id}/files"))["files"]) == 1
    await browsers.leave(agathe)
    await browsers.leave(ousmane)


# Every height that the first message of the feed ever had.
HEIGHTS = """() => {
  window.heights = new Set()
  const row = new ResizeObserver((all) => all.forEach((one) => window.heights.add(Math.round(one.contentRect.height))))
  const feed = new MutationObserver(() => {
    const article = document.querySelector("[role=feed] > article")
    if (article) row.observe(article)
  })
  feed.observe(document.body, { childList: true, subtree: true })
}"""


async def test_a_picture_has_its_room_from_the_first_moment_on(browsers: Street, story: Story) -> None:
    agathe, ousmane = await browsers.person(AGATHE), await browsers.person(OUSMANE)
    await agathe.come_in()
    await ousmane.come_in()
    space = await make_space(agathe, [ousmane], f"Photos du quai {randrange(10**6)}")
    for person in (agathe, ousmane):
        await person.open(f"/spaces/{space.id}/chat/{space.channel}")
        await expect(person.field).to_be_visible()
        await person.page.evaluate(HEIGHTS)
    # Large, so that its copies take longer than its sending.
    out = io.BytesIO()
    Image.effect_noise((2400, 4000), 80).save(out, "PNG")
    async with story.step("sent before its copy is there, it takes the room that it keeps"):
        async with agathe.page.expect_file_chooser() as choosing:
            await agathe.page.get_by_role("button", name="Joindre des fichiers").click()
        chooser = await choosing.value
        await chooser.set_files({"name": "quai.png", "mimeType": "image/png", "buffer": out.getvalue()})
        await agathe.field.press("Enter")
        picture = ousmane.feed.get_by_role("button", name="Voir quai.png en grand")
        await expect(ousmane.feed.get_by_role("img", name="quai.png")).to_be_visible()
        await expect(picture.locator("img")).to_be_visible()
        await expect(picture.locator("img")).to_have_js_property("complete", value=True)
        box = await picture.bounding_box()
        assert box
        assert (box["width"], box["height"]) == (162, 270)
        assert len(await ousmane.page.evaluate("[...window.heights]")) == 1
    await browsers.leave(agathe)
    await browsers.leave(ousmane)
