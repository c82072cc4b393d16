"""What people do to bring a screen to a state, in whatever language it speaks."""

import asyncio
from typing import Any

from playwright.async_api import Route, expect

from tests.browser.gallery.visit import Act, Visit
from tests.browser.support.keys import Device

_DOWN = """
() => {
  const open = document.querySelector("main section[aria-labelledby]:focus-within");
  if (open) return open.scrollIntoView({ block: "end" });
  for (const one of document.querySelectorAll("main, main *"))
    if (one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY === "auto") one.scrollTop = 1e6;
}
"""


def press(key: str, role: str = "button", **values: object) -> Act:
    """Press a control by its sentence."""

    async def act(visit: Visit) -> None:
        await visit.button(key, role, **values).click()

    return act


def click(css: str) -> Act:
    """Press what has no sentence of its own."""

    async def act(visit: Visit) -> None:
        await visit.seen(visit.page.locator(css)).click()

    return act


def hover(css: str) -> Act:
    """Point at something; a finger cannot."""

    async def act(visit: Visit) -> None:
        await visit.seen(visit.page.locator(css)).hover()

    return act


def fill(key: str, text: str) -> Act:
    """Write into a field by its label."""

    async def act(visit: Visit) -> None:
        await visit.field(key).fill(text)

    return act


def write(css: str, text: str) -> Act:
    """Write into what is found."""

    async def act(visit: Visit) -> None:
        await visit.seen(visit.page.locator(css)).fill(text)

    return act


def keys(*pressed: str) -> Act:
    """Press keys."""

    async def act(visit: Visit) -> None:
        for one in pressed:
            await visit.page.keyboard.press(one)

    return act


def shows(css: str) -> Act:
    """Wait for something."""

    async def act(visit: Visit) -> None:
        await expect(visit.seen(visit.page.locator(css))).to_be_visible()

    return act


def says(key: str, within: float = 10) -> Act:
    """Wait some seconds for a sentence."""

    async def act(visit: Visit) -> None:
        sentence = visit.seen(visit.page.get_by_text(visit.said(key)))
        await expect(sentence).to_be_visible(timeout=within * 1000)

    return act


def scroll(css: str) -> Act:
    """Bring something into sight."""

    async def act(visit: Visit) -> None:
        await visit.page.locator(css).first.scroll_into_view_if_needed()

    return act


async def down(visit: Visit) -> None:
    """Go down to the end of what was opened, or of the page."""
    await visit.page.evaluate(_DOWN)


def unanswered(path: str) -> Act:
    """Have requests to a path go unanswered, as on a line that fails."""

    async def act(visit: Visit) -> None:
        async def fail(route: Route) -> None:
            await route.abort("connectionfailed")

        await visit.page.route(path, fail)
        visit.stack.push_async_callback(visit.page.unroute_all, behavior="ignoreErrors")

    return act


async def offline(visit: Visit) -> None:
    """Cut the line."""
    await visit.person.context.set_offline(True)
    visit.stack.push_async_callback(visit.person.context.set_offline, False)


def choose(name: str, key: str) -> Act:
    """Choose one of the scene's files behind a button."""

    async def act(visit: Visit) -> None:
        async with visit.page.expect_file_chooser() as chooser:
            await visit.button(key).click()
        await (await chooser.value).set_files(visit.scene.files[name])

    return act


async def with_device(visit: Visit) -> None:
    """Have a device that can hold passkeys. What it adds to the account is taken away again."""
    await visit.scene.one_at_a_time.acquire()
    visit.stack.callback(visit.scene.one_at_a_time.release)
    device = await Device.given_to(visit.person)
    visit.stack.push_async_callback(device.leaves)

    async def forget() -> None:
        held: Any = await visit.person.api("GET", "/api/me/passkeys")
        for one in held["passkeys"]:
            await visit.person.api("DELETE", f"/api/me/passkeys/{one['id']}")

    visit.stack.push_async_callback(forget)


def wait(seconds: float) -> Act:
    """Let what comes by itself come: a preview, a face."""

    async def act(visit: Visit) -> None:
        await asyncio.sleep(seconds)

    return act
