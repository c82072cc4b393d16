"""In a call: who speaks, how one looks at it, which devices one uses, and that what one does not see does not come."""

import asyncio
from random import randrange

from playwright.async_api import Locator, expect

from tests.browser.support.calls import (
    Caller,
    Party,
    all_come_in,
    all_hear_all,
    all_see_all,
    make_space,
    until,
)
from tests.browser.support.media import flows, hears
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import Trio


async def test_who_speaks_views_and_devices(trio: Trio, party: Party, story: Story) -> None:
    agathe, ousmane, wassila = party
    space = await make_space(trio.agathe, trio[1:], f"Veille de nuit {randrange(10**6)}")
    await all_come_in(party, space)
    await all_hear_all(party)
    await all_see_all(party)
    async with story.step("whoever speaks is shown to speak, and whoever is silent is not"):
        await wassila.button("Couper le micro").click()
        await expect(await speaking(agathe, ousmane)).to_be_visible()
        await expect(await speaking(agathe, wassila)).to_have_count(0)
    async with story.step("one person large and the others small, and all alike again"):
        arranged = agathe.page.locator("[data-layout]")
        await expect(arranged).to_have_attribute("data-layout", "grid")
        await agathe.page.get_by_role("button", name="Vue sur qui parle").click()
        await expect(arranged).to_have_attribute("data-layout", "speaker")
        sizes = sorted([await width(await agathe.tile(other)) for other in (ousmane, wassila)])
        assert sizes[1] > 1.5 * sizes[0], sizes
        assert await findings(agathe.page) == []
        await agathe.page.keyboard.press("g")
        await expect(arranged).to_have_attribute("data-layout", "grid")
    async with story.step("another microphone is used at once, and kept for the next time"):
        await agathe.button("Autres réglages").click()
        await agathe.page.get_by_role("menuitem", name="Son et image").click()
        field = agathe.page.get_by_label("Micro", exact=True)
        offered = await field.locator("option").evaluate_all("(all) => all.map(({ value }) => value)")
        assert len(offered) > 1, offered
        before = await recording(agathe)
        await field.select_option(offered[-1])
        await until(lambda: another(agathe, before), 5, "another microphone is open")
        assert await findings(agathe.page) == []
        await until(lambda: heard(ousmane), 10, "Ousmane hears her by it")
        await agathe.page.reload()
        await expect(agathe.bar).to_be_visible()
        await agathe.button("Autres réglages").click()
        await agathe.page.get_by_role("menuitem", name="Son et image").click()
        await expect(field).to_have_value(offered[-1])
        # What is chosen stays with the browser: the stories after this one take it as it was.
        await field.select_option(offered[0])
    await wassila.button("Ouvrir le micro").click()
    async with story.step("pictures that one does not look at do not come, voices do"):
        await until(lambda: only(agathe, "video", 2), 10, "both pictures come")
        await agathe.page.get_by_role("link", name="Revenir à l’espace, sans quitter l’appel").click()
        await agathe.page.get_by_role("link", name="Membres", exact=True).click()
        dock = agathe.page.get_by_role("region", name=f"Appel en cours : {space.name}")
        await expect(dock).to_be_visible()
        # The dock shows the one of them who had the word last; her picture is the one that comes.
        await until(lambda: only(agathe, "video", 1), 20, "one picture comes")
        await until(lambda: only(agathe, "audio", 2), 10, "both voices come")
    await dock.get_by_role("link", name="Revenir à l’appel").click()
    for caller in party:
        await caller.leave()


async def speaking(caller: Caller, other: Caller) -> Locator:
    return (await caller.tile(other)).and_(caller.page.locator("[data-speaking]"))


async def width(place: Locator) -> float:
    box = await place.bounding_box()
    assert box
    return box["width"]


async def recording(caller: Caller) -> str:
    """Which microphone sends."""
    device: str = await caller.page.evaluate(
        """() => __connections.flatMap((one) => one.getSenders())
             .filter(({ track }) => track?.kind === "audio").map(({ track }) => track.getSettings().deviceId).join()"""
    )
    return device


async def another(caller: Caller, before: str) -> bool:
    return await recording(caller) not in ("", before)


async def heard(caller: Caller) -> bool:
    return bool(await hears(caller.page, 0.8))


async def coming(caller: Caller, kind: str) -> int:
    """How many of the others' voices or pictures arrive at this moment; -1 while one begins or ends."""

    async def packets() -> list[int]:
        return [one.packets for one in await flows(caller.page) if one.way == "in" and one.kind == kind]

    before = await packets()
    await asyncio.sleep(1.5)
    after = await packets()
    if len(before) != len(after):
        return -1
    return sum(now > then for then, now in zip(before, after, strict=True))


async def only(caller: Caller, kind: str, count: int) -> bool:
    """Whether so many arrive, and still do after a while."""
    return [await coming(caller, kind) for _ in range(2)] == [count, count]
