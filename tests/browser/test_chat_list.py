"""The list of messages keeps the reader's place, whatever comes, goes or grows around it."""

import asyncio
import re
from random import Random, randrange
from typing import Any, NamedTuple
from uuid import uuid4

from playwright.async_api import Locator, Page, Route, expect

from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, OUSMANE, PHONE, WIDE, Person, Street

SPACE = "Plan inondation Vézelle"
BEFORE, NEW = 60, 70
# Where the last message that shows at all stands: its key, and its top in pixels.
LAST = """() => {
  const list = document.querySelector('[role=feed]').parentElement.parentElement.getBoundingClientRect()
  const rows = [...document.querySelectorAll('[role=feed] > article')]
  const row = rows.filter((one) => one.getBoundingClientRect().top < list.bottom - 5).at(-1)
  return [row.dataset.key, row.getBoundingClientRect().top]
}"""
TOP = "(key) => document.querySelector(`article[data-key='${key}']`)?.getBoundingClientRect().top ?? null"
ROOM = """() => {
  const list = document.querySelector('[role=feed]').parentElement.parentElement
  return { above: list.scrollTop, below: list.scrollHeight - list.clientHeight - list.scrollTop }
}"""
ORDINALS = "() => [...document.querySelectorAll('[role=feed] > article')].map((row) => +row.dataset.ordinal)"
WHEEL = 280
# Half a pixel is the browser's own rounding.
STILL = 1.5


class Channel(NamedTuple):
    """A channel with Agathe's own messages, then those of Ousmane, which she has not read."""

    path: str
    agathe: Person
    ousmane: Person


async def _channel(browsers: Street, before: int, new: int) -> Channel:
    agathe, ousmane = await browsers.person(AGATHE), await browsers.person(OUSMANE)
    await agathe.come_in()
    await ousmane.come_in()
    snapshot = await agathe.api("GET", "/api/snapshot")
    space = next(s["space"]["id"] for s in snapshot["spaces"] if s["space"]["name"]["text"] == SPACE)
    body = {"client_id": str(uuid4()), "name": _plain(f"longue lecture {randrange(10**6)}")}
    made = await agathe.api("POST", f"/api/spaces/{space}/channels", body)
    chance = Random(3)
    for person, count in ((agathe, before), (ousmane, new)):
        held: dict[str, Any] = await person.api("GET", "/api/session")
        headers = {"x-csrf": held["csrf"], "origin": person.house.base}
        url = f"{person.house.base}/api/channels/{made['id']}/messages"
        for number in range(count):
            text = f"{person.given} {number} " + "relevé de la Vézelle " * chance.choice([1, 4, 40])
            said = {"client_id": str(uuid4()), "content": _plain(text)}
            answer = await person.context.request.post(url, data=said, headers=headers)
            assert answer.ok, await answer.text()
    return Channel(f"/spaces/{space}/chat/{made['id']}", agathe, ousmane)


def _plain(text: str) -> dict[str, str]:
    return {"format": "plain", "text": text}


async def test_the_list_keeps_the_readers_place(browsers: Street, story: Story) -> None:
    channel = await _channel(browsers, BEFORE, NEW)
    agathe, ousmane = channel.agathe, channel.ousmane
    page = agathe.page
    async with story.step("a long absence begins where the new begins, and only what is seen is read"):
        await agathe.open(channel.path)
        line = agathe.feed.get_by_text("Nouveaux messages")
        await expect(line).to_be_in_viewport()
        await expect(agathe.message(f"Agathe {BEFORE - 1} ")).to_be_in_viewport()
        await expect(agathe.message("Ousmane 0 ")).to_be_in_viewport()
        await _pill_says_how_many(page)
    async with story.step("newer pages come below, older ones above, and nothing moves"):
        await _wheel_to_the_end(agathe, WHEEL)
        await expect(agathe.message(f"Ousmane {NEW - 1} ")).to_be_in_viewport()
        # All of it has been seen now.
        await expect(agathe.in_list(SPACE)).not_to_contain_text("non lu")
        await _wheel_to_the_end(agathe, -WHEEL)
        await expect(page.get_by_text("Début du canal")).to_be_in_viewport()
        ordinals = await page.evaluate(ORDINALS)
        assert ordinals == list(range(1, len(ordinals) + 1))
        assert len(ordinals) >= BEFORE + NEW
    async with story.step("what is said meanwhile moves nothing above it"):
        await _wheel(agathe, 600)
        key, top = await page.evaluate(LAST)
        await ousmane.open(channel.path)
        await ousmane.say("Dit pendant qu’Agathe lit plus haut")
        await expect(agathe.message("Dit pendant")).to_have_count(1)
        assert abs(await page.evaluate(TOP, key) - top) < STILL
    async with story.step("who answers from further up sees their answer"):
        assert (await page.evaluate(ROOM))["below"] > WIDE["height"]
        await _seen_when_sent(agathe, "Répondu de plus haut")
        await _wheel(agathe, -3_000)
    async with story.step("one click leads to the end, and there one stays"):
        await page.get_by_role("button", name=re.compile("Aller au plus récent")).click()
        await expect(agathe.message("Répondu de plus haut")).to_be_in_viewport()
        await ousmane.say("Une longue suite. " + "mot " * 600)
        await expect(agathe.message("Une longue suite")).to_have_count(1)
        await agathe.field.fill("une ligne\n" * 12)
        await ousmane.say("Fin")
        await expect(agathe.message("Fin")).to_be_in_viewport()
        assert (await page.evaluate(ROOM))["below"] < STILL
        await agathe.field.fill("")
    async with story.step("a long message unfolds downwards"):
        long = agathe.message("Une longue suite")
        top = await long.evaluate("(row) => row.getBoundingClientRect().top")
        await long.get_by_role("button", name="Lire la suite").click()
        await expect(long.get_by_role("button", name="Réduire")).to_be_attached()
        assert abs(await long.evaluate("(row) => row.getBoundingClientRect().top") - top) < STILL
    async with story.step("a link leads to its message"):
        await agathe.open(f"{channel.path}?message=20")
        await expect(agathe.message("Agathe 19 ")).to_be_in_viewport()
    await _close(browsers, channel)


async def _pill_says_how_many(page: Page) -> None:
    """The way back to the newest is called what is written on it, wide and narrow."""
    pill = page.get_by_role("button", name=re.compile(r"Aller au plus récent \d+ messages non lus"))
    for width in (1024, WIDE["width"]):
        await page.set_viewport_size({"width": width, "height": WIDE["height"]})
        await expect(pill).to_be_visible()
        assert await findings(page) == []


async def test_a_long_message_of_a_young_channel_unfolds_downwards(browsers: Street, story: Story) -> None:
    """A few messages stand at the foot of the window: what grows must not push them up and away."""
    channel = await _channel(browsers, 1, 1)
    agathe = channel.agathe
    async with story.step("what was written while the list was still coming is seen when it is said"):
        coming = asyncio.Event()

        async def late(route: Route) -> None:
            await coming.wait()
            await route.continue_()

        await agathe.page.route("**/api/channels/*/messages*", late)
        await agathe.open(channel.path)
        # High enough to leave the list too little room for all of it.
        ahead = "Écrit d’avance.\n" * 20
        await agathe.field.fill(ahead)
        coming.set()
        await expect(agathe.message("Ousmane 0 ")).to_be_in_viewport()
        assert (await agathe.page.evaluate(ROOM))["below"] > STILL
        await _seen_when_sent(agathe, ahead)
    async with story.step("it unfolds, and folds again, where it is"):
        await agathe.say("Une longue suite. " + "mot " * 1500)
        long = agathe.kept("Une longue suite")
        await expect(long).to_be_in_viewport()
        await _rests(long)
        top = await long.evaluate("(row) => row.getBoundingClientRect().top")
        await long.get_by_role("button", name="Lire la suite").click()
        await expect(long.get_by_role("button", name="Réduire")).to_be_attached()
        assert abs(await long.evaluate("(row) => row.getBoundingClientRect().top") - top) < STILL
        assert (await agathe.page.evaluate(ROOM))["below"] > 0
    async with story.step("its end can be read, and what comes then comes below it"):
        await agathe.page.mouse.move(WIDE["width"] * 0.7, WIDE["height"] * 0.5)
        await _wheel(agathe, 5_000)
        assert (await agathe.page.evaluate(ROOM))["below"] < STILL
        await agathe.say("Fin")
        await expect(agathe.kept("Fin")).to_be_in_viewport()
    await _close(browsers, channel)


async def test_a_finger_holds_a_message(browsers: Street, story: Story) -> None:
    channel = await _channel(browsers, 1, 3)
    await browsers.leave(channel.agathe)
    phone = await browsers.person(OUSMANE, viewport=PHONE, has_touch=True, is_mobile=True)
    await phone.come_in()
    async with story.step("what a pointer gets by hovering is a menu"):
        await phone.open(channel.path)
        mine = phone.message("Ousmane 2 ")
        await expect(mine).to_be_in_viewport()
        box = await mine.bounding_box()
        assert box
        finger = await phone.context.new_cdp_session(phone.page)
        point = {"x": box["x"] + 120, "y": box["y"] + box["height"] - 12}
        await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        await expect(phone.page.get_by_role("menuitem", name="Supprimer")).to_be_visible()
        await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        await phone.page.get_by_role("menuitem", name="Modifier").tap()
        await expect(phone.page.get_by_role("textbox", name="Modifier le message")).to_be_focused()
        await phone.page.keyboard.press("Escape")
    async with story.step("everything one does here is large enough for a thumb"):
        small = await phone.page.evaluate(
            """() => [...document.querySelectorAll('main button')]
              .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
              .map((one) => one.ariaLabel ?? one.innerText)"""
        )
        assert small == []
    await browsers.leave(phone)
    await browsers.leave(channel.ousmane)


async def _rests(row: Locator) -> None:
    """Wait until a row stands still: what was just said may still be finding its place."""
    last, still = None, 0
    for _ in range(60):
        here = await row.evaluate("(row) => row.getBoundingClientRect().top")
        still = still + 1 if here == last else 0
        if still >= 4:
            return
        last = here
        await asyncio.sleep(0.05)
    raise AssertionError("the row does not come to rest")


async def _close(browsers: Street, channel: Channel) -> None:
    await browsers.leave(channel.agathe)
    await browsers.leave(channel.ousmane)


async def _seen_when_sent(person: Person, text: str) -> None:
    await person.say(text)
    await expect(person.kept(text.split("\n", maxsplit=1)[0])).to_be_in_viewport()
    assert (await person.page.evaluate(ROOM))["below"] < STILL


async def _wheel(person: Person, by: int) -> None:
    """Turn the wheel, and wait until the list has moved, or could not, and stands still."""
    page = person.page
    start = last = (await page.evaluate(ROOM))["above"]
    await page.mouse.wheel(0, by)
    still = 0
    for _ in range(40):
        await asyncio.sleep(0.03)
        here = (await page.evaluate(ROOM))["above"]
        still = still + 1 if here == last else 0
        last = here
        # The browser hears of the wheel a little after the test has turned it.
        if still >= (3 if here != start else 10):
            return
    raise AssertionError("the list does not come to rest")


async def _wheel_to_the_end(person: Person, by: int) -> None:
    """Turn the wheel until the list ends; at each turn what is on screen moves by just that much."""
    page = person.page
    await page.mouse.move(WIDE["width"] * 0.7, WIDE["height"] * 0.5)
    side = "below" if by > 0 else "above"
    at_end = 0
    for _ in range(150):
        room = (await page.evaluate(ROOM))[side]
        # Where a page is on its way, there will be more room in a moment.
        at_end = at_end + 1 if room < 1 else 0
        if at_end > 5:
            return
        key, before = await page.evaluate(LAST)
        await _wheel(person, by)
        after = await page.evaluate(TOP, key)
        # Near the end of what is there, it moves by less; then the next page has come.
        if after is not None and room > abs(by):
            assert abs(before - after - by) < STILL, f"the list jumped by {before - after - by}"
    raise AssertionError("the list has no end")
