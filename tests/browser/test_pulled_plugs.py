"""kill -9 in mid-story: it comes back by itself, what was written is there once, and voices find each other again."""

import asyncio
import signal
from collections import Counter
from random import randrange
from time import monotonic

from playwright.async_api import expect

from bastide.engines.process import send
from tests.browser.support.calls import Party, Space, all_come_in, all_hear_all, make_space, until
from tests.browser.support.house import House
from tests.browser.support.story import Story
from tests.browser.support.windows import Person, Trio

BACK = 45.0
"""Seconds within which everything has to be as before. What it took is printed."""


async def test_a_plug_is_pulled_while_they_talk(house: House, trio: Trio, party: Party, story: Story) -> None:
    space = await make_space(trio.agathe, trio[1:], f"Exercice de coupure {randrange(10**6)}")
    async with story.step("all three are in the call, and talk beside it"):
        talks = [await person.another_window(f"/spaces/{space.id}/chat/{space.channel}") for person in trio]
        await all_come_in(party, space)
        await all_hear_all(party)
        written = [text for talk in talks for text in await write(talk, "avant", 1)]
        await everybody_has(house, talks, space, written)
    for plug in ("app", "postgres", "livekit"):
        async with story.step(f"{plug} is killed while they write on"):
            writing = asyncio.gather(*(write(talk, f"sans {plug}", 4) for talk in talks))
            before = await house.kill(plug)
            since = monotonic()
            written += [text for texts in await writing for text in texts]
            await house.ready(BACK)
            await until(
                lambda plug=plug, before=before: replaced(house, plug, before), BACK, f"{plug} runs again"
            )
            story.note("until it ran again", monotonic() - since)
        async with story.step("every message is there once, in all windows and in the database"):
            await everybody_has(house, talks, space, written)
            story.note("from the kill until everybody had everything", monotonic() - since)
        async with story.step("the call goes on"):
            await all_hear_all(party, BACK)
            story.note("from the kill until all heard all", monotonic() - since)
            assert [await caller.sounding() for caller in party] == [2, 2, 2]
        async with story.step("and so does the talk"):
            written += [text for talk in talks for text in await write(talk, f"après {plug}", 1)]
            await everybody_has(house, talks, space, written)
    for talk in talks:
        await talk.page.close()
    for caller in party:
        await caller.leave()


async def test_what_is_written_without_a_server_waits(house: House, trio: Trio, story: Story) -> None:
    agathe, ousmane, _ = trio
    space = await make_space(agathe, [ousmane], f"Coupure annoncée {randrange(10**6)}")
    for person in (agathe, ousmane):
        await person.open(f"/spaces/{space.id}/chat/{space.channel}")
        await expect(person.field).to_be_visible()
    supervisor = house.process("supervisor")
    assert supervisor
    try:
        async with story.step("the application is gone, and stays away"):
            assert send(supervisor, signal.SIGSTOP)
            await house.kill("app")
        async with story.step("what Agathe writes is in her window, and said to wait"):
            for number in (1, 2):
                await agathe.say(f"Sans réseau, message {number}")
                waiting = agathe.message(f"Sans réseau, message {number}")
                await expect(waiting.get_by_text("partira au retour du réseau")).to_be_visible()
            await expect(agathe.page.get_by_text("Le serveur ne répond plus depuis")).to_be_visible()
            await expect(ousmane.message("Sans réseau")).to_have_count(0)
    finally:
        send(supervisor, signal.SIGCONT)
    async with story.step("it goes out once, in the order of writing, as soon as the application is back"):
        since = monotonic()
        written = ["Sans réseau, message 1", "Sans réseau, message 2"]
        await everybody_has(house, [agathe, ousmane], space, written)
        story.note("from the supervisor's return until it was there", monotonic() - since)
        assert await house.texts(space.channel) == written
        await expect(agathe.page.get_by_text("partira au retour du réseau")).to_have_count(0)
        await expect(agathe.page.get_by_text("Le serveur ne répond plus depuis")).to_have_count(0)


async def write(talk: Person, when: str, count: int) -> list[str]:
    """Write several messages, a moment apart; gives what was written."""
    texts = [f"{talk.given}, {when}, {number}" for number in range(1, count + 1)]
    for text in texts:
        await talk.say(text)
        await asyncio.sleep(0.25)
    return texts


async def everybody_has(house: House, talks: list[Person], space: Space, written: list[str]) -> None:
    """Wait until every window shows all that was written, each once and in the same order as the database has it."""

    async def shown(talk: Person) -> bool:
        return Counter(await talk.texts()) == Counter(written)

    for talk in talks:
        await until(lambda talk=talk: shown(talk), BACK, f"{talk.given} has all {len(written)} messages once")
    kept = await house.texts(space.channel)
    assert Counter(kept) == Counter(written)
    for talk in talks:
        await until(
            lambda talk=talk: same(talk, kept), BACK, f"{talk.given} has them in the order that was kept"
        )


async def same(talk: Person, kept: list[str]) -> bool:
    return await talk.texts() == kept


async def replaced(house: House, plug: str, before: object) -> bool:
    now = house.process(plug)
    return now is not None and now != before
