"""A space's call as people see it: the way in, tiles, controls; and what their windows hear and see of each other."""

import asyncio
import re
from collections.abc import Sequence
from time import monotonic
from typing import Any, NamedTuple
from uuid import uuid4

from playwright.async_api import Locator, expect

from tests.browser.support.media import Likeness, alike, hears
from tests.browser.support.watch import at_home
from tests.browser.support.windows import Person

NOTING = """
(() => {
  // Whom each connection is told to ask for its address, and what is played so that one hears it.
  const told = (window.__told = []);
  const note = (configuration) => {
    for (const { urls } of configuration?.iceServers ?? []) told.push(...[urls].flat());
  };
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(configuration, ...rest) {
      super(configuration, ...rest);
      note(configuration);
    }
    setConfiguration(configuration) {
      note(configuration);
      super.setConfiguration(configuration);
    }
  };
  const elements = new Set();
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    elements.add(this);
    return play.call(this);
  };
  window.__sounding = () => {
    const tracks = [...elements]
      .filter((one) => !one.paused && !one.muted && one.volume > 0 && one.srcObject)
      .flatMap((one) => one.srcObject.getAudioTracks())
      .filter(({ readyState }) => readyState === "live");
    return new Set(tracks).size;
  };
})();
"""
"""To be run in a page before its own scripts."""

_COLOUR = """
async (video) => {
  // A new frame, and not the last one that the element holds on to.
  await Promise.race([
    new Promise((resolve) => video.requestVideoFrameCallback(resolve)),
    new Promise((_, reject) => setTimeout(() => reject(new Error("no new frame within 3 s")), 3000)),
  ]);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [9, 9];
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 9, 9);
  return [...pen.getImageData(4, 4, 1, 1).data.slice(0, 3)];
}
"""


class Space(NamedTuple):
    """A space that a story made."""

    id: str
    name: str
    channel: str


async def make_space(manager: Person, others: Sequence[Person], name: str) -> Space:
    """A sensitive team with all tools, made in one request."""
    made = await manager.api(
        "POST",
        "/api/spaces",
        {
            "client_id": str(uuid4()),
            "kind": "team",
            "label": "sensitive",
            "tools": ["chat", "files", "meet"],
            "name": {"format": "plain", "text": name},
            "description": {"format": "plain", "text": ""},
            "members": [await other.id() for other in others],
        },
    )
    snapshot = await manager.api("GET", "/api/snapshot")
    space = made["space"]["id"]
    channel = next(c["channel"]["id"] for c in snapshot["channels"] if c["channel"]["space_id"] == space)
    return Space(space, name, channel)


class Caller:
    """Somebody in a call."""

    def __init__(self, person: Person, likeness: Likeness) -> None:
        self.person = person
        self.likeness = likeness
        self.page = person.page

    @property
    def bar(self) -> Locator:
        return self.page.get_by_role("toolbar", name="Commandes de l’appel")

    async def come_in(self, space: Space) -> None:
        """From the space through the lobby into its call, with voice and picture."""
        await self.person.open(f"/spaces/{space.id}")
        await self.page.locator("header").get_by_role("link", name=re.compile("Appeler|Rejoindre")).click()
        preview = self.page.get_by_role("region", name="Votre image, comme dans un miroir")
        await expect(preview).to_be_visible()
        show = preview.get_by_role("button", name="Montrer votre image")
        if await show.count():
            await show.click()
        await expect(preview.locator("video")).to_be_visible()
        await self.page.get_by_role(
            "button", name=re.compile("^(Appeler|Commencer l’appel|Rejoindre)$")
        ).click()
        await expect(self.bar).to_be_visible()

    def button(self, name: str) -> Locator:
        return self.bar.get_by_role("button", name=name, exact=True)

    async def tile(self, other: "Caller") -> Locator:
        """The place where one sees somebody."""
        return self.page.locator(f"li[data-identity^='{await other.person.id()}/']")

    async def shows(self, other: "Caller") -> bool:
        """Whether a new frame of somebody's picture has their colour, in their tile."""
        video = (await self.tile(other)).locator("video")
        if not await video.count():
            return False
        red, green, blue = await video.evaluate(_COLOUR)
        return alike(other.likeness.colour, (red, green, blue))

    async def sounding(self) -> int:
        """How many voices the page plays aloud."""
        count: int = await self.page.evaluate("__sounding()")
        return count

    async def leave(self) -> None:
        await self.button("Quitter").click()
        await expect(self.bar).to_have_count(0)

    async def strangers(self) -> list[str]:
        """Hosts beyond this machine that the connections were told to ask."""
        told: list[str] = await self.page.evaluate("__told")
        # stun:host:port?transport=udp
        return [url for url in told if not at_home("//" + url.partition(":")[2].partition("?")[0])]


class Party(NamedTuple):
    """The three as callers."""

    agathe: Caller
    ousmane: Caller
    wassila: Caller


async def all_come_in(callers: Sequence[Caller], space: Space) -> None:
    """The first begins the call; the others see that it lives, and join it."""
    first, *others = callers
    await first.come_in(space)
    await asyncio.gather(*(one.come_in(space) for one in others))


async def until(ask: Any, within: float, what: str) -> float:
    """Ask again until it is so; gives how long it took, and fails when it takes longer."""
    since = monotonic()
    while not await ask():
        assert monotonic() - since < within, f"not within {within} s: {what}"
        await asyncio.sleep(0.05)
    return monotonic() - since


async def all_hear_all(callers: Sequence[Caller], within: float = 20) -> float:
    """Wait until each hears exactly the others; gives how long that took."""

    async def heard(caller: Caller) -> bool:
        others = {one.likeness.pitch for one in callers if one is not caller}
        return await hears(caller.page, 0.8) == others

    since = monotonic()
    await asyncio.gather(
        *(
            until(lambda one=one: heard(one), within, f"{one.person.given} hears the others")
            for one in callers
        )
    )
    return monotonic() - since


async def all_see_all(callers: Sequence[Caller], within: float = 20) -> float:
    """Wait until each sees the colour of each other in their tile; gives how long that took."""
    since = monotonic()
    pairs = [(one, other) for one in callers for other in callers if one is not other]
    for one, other in pairs:
        await until(
            lambda one=one, other=other: one.shows(other),
            within,
            f"{one.person.given} sees {other.person.given}",
        )
    return monotonic() - since
