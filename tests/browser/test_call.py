"""A call held from a space in real browsers, with real voices and pictures; and somebody who is put out of it."""

import asyncio
import re
from random import randrange
from time import monotonic
from urllib.parse import urlsplit

from playwright.async_api import Locator, expect
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.browser.support.calls import (
    Caller,
    Party,
    Space,
    all_come_in,
    all_hear_all,
    all_see_all,
    make_space,
    until,
)
from tests.browser.support.media import flows, hears
from tests.browser.support.story import Story
from tests.browser.support.windows import Person, Trio

OUT = 2.0
"""Seconds after which somebody who was removed, or fell silent, is so for everybody."""


async def test_they_hold_a_call_from_a_space(trio: Trio, party: Party, story: Story) -> None:
    wassila = party.wassila
    space = await make_space(trio.agathe, trio[1:], f"Astreinte du pont, équipe {randrange(10**6)}")
    async with story.step("all three come in from the space"):
        await all_come_in(party, space)
        for caller in party:
            for other in party:
                await expect(await caller.tile(other)).to_be_visible()
    async with story.step("each hears and sees each of the others, and nobody hears themselves"):
        story.note("until all hear all", await all_hear_all(party))
        story.note("until all see all", await all_see_all(party))
        for caller in party:
            assert await caller.sounding() == 2
            before = await flows(caller.page)
            assert await hears(caller.page) == {one.likeness.pitch for one in party if one is not caller}
            after = await flows(caller.page)
            for kind in ("audio", "video"):
                came = [
                    sum(f.packets for f in seen if f.way == "in" and f.kind == kind)
                    for seen in (before, after)
                ]
                assert came[1] > came[0] > 0, (caller.person.given, kind)
            assert await caller.strangers() == []
    async with story.step("whoever mutes is silent for the others, and they are told so"):
        await mute(party, story)
    async with story.step("a camera that is off leaves the portrait"):
        await turn_the_camera_off(party)
    async with story.step("a shared screen is seen"):
        await share_a_screen(party)
    async with story.step("whoever reloads the page is back"):
        since = monotonic()
        await wassila.page.reload()
        await expect(wassila.bar).to_be_visible()
        await all_hear_all(party)
        await all_see_all(party)
        story.note("from reload until all hear and see all", monotonic() - since)
    async with story.step("they leave, and the call is over"):
        for caller in party:
            await caller.leave()
        await trio.agathe.open(f"/spaces/{space.id}")
        await expect(trio.agathe.page.locator("header").get_by_role("link", name="Appeler")).to_be_visible()


async def mute(party: Party, story: Story) -> None:
    agathe, ousmane, wassila = party
    pitch = agathe.likeness.pitch

    async def gone(caller: Caller) -> bool:
        return pitch not in await hears(caller.page, 0.35)

    await agathe.button("Couper le micro").click()
    took = await asyncio.gather(*(until(lambda c=c: gone(c), OUT, "silence") for c in (ousmane, wassila)))
    story.note("silent for the last listener after", max(took))
    for caller in (ousmane, wassila):
        await expect((await caller.tile(agathe)).get_by_role("img", name="micro coupé")).to_be_visible()
        assert pitch not in await hears(caller.page)
    await agathe.button("Ouvrir le micro").click()
    story.note("heard by all again after", await all_hear_all(party))
    for caller in (ousmane, wassila):
        await expect((await caller.tile(agathe)).get_by_role("img", name="micro coupé")).to_have_count(0)


async def turn_the_camera_off(party: Party) -> None:
    agathe, ousmane, wassila = party
    await agathe.button("Couper la caméra").click()
    for caller in (ousmane, wassila):
        tile = await caller.tile(agathe)
        await expect(tile.locator("video")).to_have_count(0)
        # Her portrait, and not a black place.
        portrait = tile.locator("img")
        await expect(portrait).to_be_visible()
        assert await portrait.evaluate("(image) => image.naturalWidth") > 0
    await agathe.button("Montrer votre image").click()
    await all_see_all(party)


async def share_a_screen(party: Party) -> None:
    agathe, ousmane, wassila = party
    await ousmane.button("Partager l’écran").click()
    await expect(ousmane.page.get_by_text("Vous partagez votre écran.")).to_be_visible()
    for caller in (agathe, wassila):
        screen = caller.page.get_by_role("region", name="Écran de Ousmane Diarra").locator("video")
        await expect(screen).to_be_visible()

        await until(lambda screen=screen: moves(screen), 10, "the screen's frames")
    await ousmane.button("Arrêter le partage").click()
    for caller in (agathe, wassila):
        await expect(caller.page.get_by_role("region", name="Écran de Ousmane Diarra")).to_have_count(0)


async def moves(video: Locator) -> bool:
    drawn: bool = await video.evaluate(
        "(video) => video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames > 1"
    )
    return drawn


async def test_a_direct_rings(trio: Trio, party: Party, story: Story) -> None:
    _, ousmane, wassila = party
    async with story.step("Wassila writes to Ousmane, and calls him"):
        await trio.wassila.open("/directs/new")
        page = wassila.page
        await page.get_by_role("combobox", name="À qui ?").fill("diarra")
        await page.get_by_role("option", name=re.compile("Ousmane Diarra")).click()
        await page.get_by_role("button", name="Ouvrir").click()
        await trio.wassila.say("Un mot de vive voix ?")
        await expect(trio.wassila.message("Un mot de vive voix").last).to_be_visible()
        space = page.url.partition("/spaces/")[2].partition("/")[0]
        await trio.ousmane.open("/")
        second = await trio.ousmane.another_window("/spaces")
        await wassila.come_in(Space(space, "", ""))
        await expect(page.get_by_text("On appelle Ousmane Diarra…")).to_be_visible()
    async with story.step("it rings in all his windows, until he says no in one of them"):
        rings = [
            one.page.get_by_role("region", name="Wassila Ouali vous appelle")
            for one in (trio.ousmane, second)
        ]
        for ring in rings:
            await expect(ring).to_be_visible()
        await rings[1].get_by_role("button", name="Décliner").click()
        for ring in rings:
            await expect(ring).to_have_count(0)
        await expect(page.get_by_text("Ousmane Diarra ne peut pas répondre.")).to_be_visible()
        await wassila.leave()
    async with story.step("she calls again, and he answers"):
        await wassila.come_in(Space(space, "", ""))
        await rings[0].get_by_role("button", name="Répondre").click()
        await expect(ousmane.bar).to_be_visible()
        await expect(rings[1]).to_have_count(0)
        await all_hear_all([ousmane, wassila])
        # He answered with his voice alone.
        await expect((await wassila.tile(ousmane)).locator("video")).to_have_count(0)
    await wassila.leave()
    await ousmane.leave()


async def test_who_is_removed_hears_nothing_more(trio: Trio, party: Party, story: Story) -> None:
    agathe, ousmane, wassila = party
    space = await make_space(trio.agathe, trio[1:], f"Cellule d’appui {randrange(10**6)}")
    async with story.step("all three are in the call, and talk in the space"):
        await all_come_in(party, space)
        await all_hear_all(party)
        members = await trio.agathe.another_window(f"/spaces/{space.id}/members")
        talk = await trio.wassila.another_window(f"/spaces/{space.id}/chat/{space.channel}")
        await talk.say("Tant que nous sommes trois")
        await until(
            lambda: heard(trio, "Tant que nous sommes trois"), 5, "his socket hears what is said before"
        )
    async with story.step("Agathe removes Ousmane, who is out of the call within two seconds"):
        await members.page.get_by_role("button", name="Ousmane Diarra, droits").click()
        _, *took = await asyncio.gather(
            remove_and_go_on(members, talk),
            until(lambda: gone_from(agathe, ousmane), OUT, "Agathe does not see him any more"),
            until(lambda: gone_from(wassila, ousmane), OUT, "Wassila does not see him any more"),
            until(lambda: cut_off(ousmane), OUT, "nothing flows to him or from him"),
            until(lambda: told(ousmane), OUT, "his window says so"),
        )
        story.note("from the click until he is out for everybody", max(took))
    async with story.step("he hears nothing more, in the call or in the talk, and the others go on"):
        await expect(talk.message("Maintenant que nous sommes deux")).to_be_visible()
        await all_hear_all([agathe, wassila])
        assert await hears(ousmane.page) == set()
        assert not await heard(trio, "Maintenant que nous sommes deux")
        await trio.ousmane.open("/")
        await expect(trio.ousmane.in_list(space.name)).to_have_count(0)
    async with story.step("the ticket he still holds opens nothing"):
        await tickets_are_worthless(trio)
    async with story.step("the call and the space are nothing to him"):
        for path in (f"/call/{space.id}", f"/spaces/{space.id}"):
            await trio.ousmane.open(path)
            await expect(
                trio.ousmane.page.get_by_role("heading", name="Cette page n’existe pas")
            ).to_be_visible()
    await members.page.close()
    await talk.page.close()
    await agathe.leave()
    await wassila.leave()


async def remove_and_go_on(members: Person, talk: Person) -> None:
    """Put Ousmane out, and say the very next thing that is said in the space."""
    async with members.page.expect_response(re.compile("/members/")) as removal:
        await members.page.get_by_role("menuitem", name="Retirer de l’espace").click()
    assert (await removal.value).status == 204
    await talk.say("Maintenant que nous sommes deux")


async def heard(trio: Trio, text: str) -> bool:
    return any(text in frame.text for frame in trio.ousmane.watch.heard)


async def gone_from(caller: Caller, other: Caller) -> bool:
    return await (await caller.tile(other)).count() == 0


async def cut_off(caller: Caller) -> bool:
    return await caller.page.evaluate(
        "__connections.every((one) => ['closed', 'failed', 'disconnected'].includes(one.connectionState))"
    )


async def told(caller: Caller) -> bool:
    return await caller.page.get_by_role("heading", name="Vous n’êtes plus dans cet espace").is_visible()


async def tickets_are_worthless(trio: Trio) -> None:
    ousmane = trio.ousmane
    used = [url for url in ousmane.watch.sockets if urlsplit(url).path.startswith("/rtc")]
    assert used
    opens = """
        (url) => new Promise((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve("opened");
          socket.onerror = () => resolve("refused");
        })
    """
    assert await ousmane.page.evaluate(opens, used[-1]) == "refused"
    cookie = await ousmane.cookie()
    stolen = await trio.wassila.cookie()
    # As himself, as nobody, and as somebody who may be in the call with his ticket.
    for headers in ({"cookie": cookie}, {}, {"cookie": stolen}):
        status = None
        try:
            async with connect(used[-1], additional_headers=headers):
                pass
        except InvalidStatus as error:
            status = error.response.status_code
        assert status in (401, 403, 404), (headers, status)
