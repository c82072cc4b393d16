"""What was written and not acknowledged when a page ended: it goes out once when one is back, or was never on the disk."""

import asyncio
import signal
from random import randrange
from uuid import uuid4

from playwright.async_api import Dialog, expect

from bastide.engines.process import send
from tests.browser.support.calls import Space, make_space, until
from tests.browser.support.house import House
from tests.browser.support.story import Story
from tests.browser.support.windows import OUSMANE, Person, Street

BACK = 45.0
KEPT = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("bastide.outbox")
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const names = [...opening.result.objectStoreNames]
    if (!names.length) return opening.result.close(), resolve([])
    const asked = opening.result.transaction("messages").objectStore("messages").getAll()
    asked.onsuccess = () => {
      opening.result.close()
      resolve(asked.result.map((row) => row.content.text))
    }
  }
})"""

# As a message that was refused in an earlier page lies there.
LAID = """(person) => new Promise((resolve) => {
  const opening = indexedDB.open("bastide.outbox")
  opening.onsuccess = () => {
    const act = opening.result.transaction("messages", "readwrite")
    act.objectStore("messages").put({
      person, client_id: "1", channel_id: "1", made_at: "2026-03-10T08:00:00Z", state: "failed", problem: null,
      content: { format: "plain", text: "Refusé hier" }, files: [],
    })
    act.oncomplete = () => {
      opening.result.close()
      resolve()
    }
  }
})"""


async def open_space(person: Person, label: str) -> Space:
    """A space of one's own under a label."""
    name = f"Carnet {label} {randrange(10**6)}"
    new = {"client_id": str(uuid4()), "kind": "team", "label": label, "tools": ["chat"]}
    made = await person.api("POST", "/api/spaces", new | {"name": {"format": "plain", "text": name}})
    space = made["space"]["id"]
    snapshot = await person.api("GET", "/api/snapshot")
    channel = next(c["channel"]["id"] for c in snapshot["channels"] if c["channel"]["space_id"] == space)
    return Space(space, name, channel)


async def kept(person: Person) -> list[str]:
    texts: list[str] = await person.page.evaluate(KEPT)
    return texts


async def test_a_page_that_is_killed_in_the_middle_loses_nothing(
    house: House, browsers: Street, story: Story
) -> None:
    ousmane = await browsers.person(OUSMANE)
    await ousmane.come_in()
    space = await open_space(ousmane, "internal")
    path = f"/spaces/{space.id}/chat/{space.channel}"
    written: list[str] = []
    async with story.step("killed right after Enter, whether the server has it or not"):
        for number in range(4):
            await ousmane.open(path)
            await expect(ousmane.field).to_be_visible()
            written.append(f"Dit en partant, {number}")
            await ousmane.say(written[-1])
            # With none to all of what is between the key and the acknowledgement behind it.
            await until(lambda: on_disk_or_shown(ousmane), BACK, "it is on the disk")
            await asyncio.sleep(0.004 * number)
            await ousmane.page.close(run_before_unload=False)
            ousmane.page = await ousmane.context.new_page()
    supervisor = house.process("supervisor")
    assert supervisor
    try:
        async with story.step("killed while the server is away"):
            await ousmane.open(path)
            await expect(ousmane.field).to_be_visible()
            assert send(supervisor, signal.SIGSTOP)
            await house.kill("app")
            for number in (1, 2):
                written.append(f"Sans réseau, {number}")
                await ousmane.say(written[-1])
            await until(lambda: are_kept(ousmane, 2), BACK, "both are on the disk")
            await ousmane.page.close(run_before_unload=False)
    finally:
        send(supervisor, signal.SIGCONT)
    async with story.step("all of it goes out once and in order, from whatever page one comes back by"):
        await house.ready(BACK)
        ousmane.page = await ousmane.context.new_page()
        await ousmane.open("/me")
        await until(lambda: said(house, space, len(written)), BACK, "the server has them")
        assert await house.texts(space.channel) == written
        await until(lambda: are_kept(ousmane, 0), BACK, "nothing is left on the disk")
        await ousmane.open(path)
        await expect(ousmane.message("Sans réseau, 2")).to_be_visible()
        assert await ousmane.texts() == written
    await browsers.leave(ousmane)


async def test_what_is_sensitive_is_not_written_to_the_disk(
    house: House, browsers: Street, story: Story
) -> None:
    ousmane = await browsers.person(OUSMANE)
    await ousmane.come_in()
    sensitive, internal = (
        await make_space(ousmane, [], f"Sous label {randrange(10**6)}"),
        await open_space(ousmane, "internal"),
    )
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    ousmane.page.on("dialog", stay)
    supervisor = house.process("supervisor")
    assert supervisor
    try:
        async with story.step("the page asks before it is closed, and stays"):
            for space in (internal, sensitive):
                await ousmane.open(f"/spaces/{space.id}")
                await expect(ousmane.field).to_be_visible()
            assert send(supervisor, signal.SIGSTOP)
            await house.kill("app")
            await ousmane.say("À garder entre nous")
            await expect(ousmane.message("À garder").get_by_text("partira au retour")).to_be_visible()
            assert await kept(ousmane) == []
            await ousmane.page.close(run_before_unload=True)
            await until(lambda: done(asked == ["beforeunload"]), BACK, "it asked")
            await expect(ousmane.message("À garder")).to_be_visible()
        async with story.step("what is internal is kept, and wiped when one signs out"):
            await ousmane.places.get_by_role("link", name=internal.name).click()
            await expect(ousmane.field).to_be_visible()
            await ousmane.say("Pour plus tard")
            await until(lambda: are_kept(ousmane, 1), BACK, "it is on the disk")
            assert await kept(ousmane) == ["Pour plus tard"]
    finally:
        send(supervisor, signal.SIGCONT)
    await house.ready(BACK)
    await until(lambda: said(house, sensitive, 1), BACK, "it goes out")
    async with story.step("signing out leaves nothing on the disk"):
        await until(lambda: are_kept(ousmane, 0), BACK, "what was sent is gone")
        await ousmane.page.evaluate(LAID, await ousmane.id())
        assert await kept(ousmane) == ["Refusé hier"]
        await ousmane.page.get_by_role("button", name="Votre menu").click()
        await ousmane.page.get_by_role("menuitem", name="Se déconnecter").click()
        await expect(ousmane.page.get_by_label("Adresse professionnelle")).to_be_visible()
        assert await kept(ousmane) == []
    await browsers.leave(ousmane)


async def done(true: bool) -> bool:
    return true


async def are_kept(person: Person, count: int) -> bool:
    return len(await kept(person)) == count


async def on_disk_or_shown(person: Person) -> bool:
    return bool(await kept(person)) or await person.kept("Dit en partant").count() > 0


async def said(house: House, space: Space, count: int) -> bool:
    return len(await house.texts(space.channel)) >= count
