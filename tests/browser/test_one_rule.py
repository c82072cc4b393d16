"""The rule as people meet it: what a label forbids is refused with its reason and its way out; what the instance may hold
changes in open windows at once, and nothing that was typed is lost.

The last story ends an approval under people's hands: it runs on a house whose clock the test holds.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest_asyncio
from playwright.async_api import Page, expect

from bastide.core.clock import HeldClock
from bastide.core.policy import Approval, Label
from bastide.hosting.service import OPERATOR
from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, OUSMANE, Person, Street, window_of
from tests.support.served import Served

SPACE = "Plan inondation Vézelle"
TYPED = "Je relis la fiche de Montrevel avant de l’envoyer"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def agathe(browsers: Street) -> Person:
    """Who manages the space, and declares what the instance may hold."""
    person = await browsers.person(AGATHE)
    await person.come_in()
    await person.administer()
    return person


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ousmane(browsers: Street) -> Person:
    """A member of the space who declares nothing."""
    person = await browsers.person(OUSMANE)
    await person.come_in()
    return person


async def the_space(person: Person) -> str:
    spaces = (await person.api("GET", "/api/snapshot"))["spaces"]
    return next(one["space"]["id"] for one in spaces if one["space"]["name"]["text"] == SPACE)


@asynccontextmanager
async def declared_again(administrator: Person) -> AsyncGenerator[None]:
    """Whatever a story declares: what was declared before is declared again at its end."""
    before = await administrator.api("GET", "/api/rule")
    try:
        yield
    finally:
        await administrator.api("PUT", "/api/rule/reading", {"reading": before["reading"]["reading"]})
        await administrator.api("PUT", "/api/rule/profile", before["profile"]["profile"])


async def refused(person: Person, method: str, path: str, body: object) -> dict[str, Any]:
    """What the API answers to what a label forbids."""
    held = await person.context.request.get(f"{person.house.base}/api/session")
    headers = {"x-csrf": (await held.json())["csrf"], "origin": person.house.base}
    answer = await person.context.request.fetch(
        person.house.base + path, method=method, data=body, headers=headers
    )
    assert answer.status == 403, await answer.text()
    return await answer.json()


async def test_what_the_label_forbids_is_refused_with_its_reason_and_its_way_out(
    agathe: Person, story: Story
) -> None:
    space = await the_space(agathe)
    today = date.fromisoformat((await agathe.api("GET", "/api/rule"))["today"])
    async with story.step("at the API: the rule, the reason, who set it and the ways"):
        guest = {
            "email": "j.vasseur@hydro-conseil.example",
            "given_name": "Julie",
            "family_name": "Vasseur",
            "role": "reader",
            "ends_on": str(today + timedelta(days=30)),
        }
        said = await refused(agathe, "POST", f"/api/spaces/{space}/guests", guest)
        assert (said["rule"], said["reason"], said["source"]) == (
            "guest-label",
            "guest-in-sensitive",
            "bastide",
        )
        assert said["ways"] == ["invite-elsewhere"]
    async with story.step("in the window: the same in words, and another space to invite into"):
        await agathe.open(f"/spaces/{space}/members?add=true")
        page = agathe.page
        await expect(page.get_by_text("Espace sensible : seuls des agents y entrent.")).to_be_visible()
        await page.get_by_role("combobox").fill(guest["email"])
        told = page.get_by_role("alert")
        await expect(told).to_contain_text("j.vasseur@hydro-conseil.example ne peut pas entrer ici")
        await expect(told).to_contain_text(
            "les invités ne sont admis que dans les espaces publics et internes."
        )
        await expect(told).to_contain_text("fixée par Bastide")
        assert await findings(page) == []
        await page.get_by_role("button", name="Choisir l’espace").click()
        await page.get_by_role("menuitem").first.click()
        await expect(page).not_to_have_url(f"{agathe.house.base}/spaces/{space}/members?add=true")
    async with story.step("what explains the label is one step away"):
        await agathe.open(f"/spaces/{space}/members?add=true")
        await page.get_by_role("combobox").fill(guest["email"])
        await told.get_by_role("link", name="Lire la règle").click()
        await expect(page.get_by_role("heading", name="Le label Sensible")).to_be_visible()


async def test_another_hosting_changes_open_windows_at_once_and_loses_nothing(
    agathe: Person, ousmane: Person, story: Story
) -> None:
    space = await the_space(ousmane)
    await ousmane.open(f"/spaces/{space}")
    page = ousmane.page
    await ousmane.field.fill(TYPED)
    async with declared_again(agathe):
        async with story.step("a commercial cloud: the space closes while one writes in it"):
            await agathe.api("PUT", "/api/rule/profile", {"hosting": "commercial"})
            await expect(
                page.get_by_role("heading", name="Cet espace est fermé pour l’instant")
            ).to_be_visible()
            await expect(page.get_by_text("Bastide est déclaré sur un cloud commercial.")).to_be_visible()
            await expect(page.get_by_text("fixée par l’État")).to_be_visible()
            await expect(ousmane.field).to_have_count(0)
            await expect(page.get_by_role("link", name="Appeler")).to_have_count(0)
            # Conversations are closed like all the rest: what is left is her address.
            await expect(page.get_by_role("link", name=AGATHE.email)).to_be_visible()
            await expect(page.get_by_role("button", name=f"Écrire à {AGATHE.name}")).to_have_count(0)
            assert await findings(page) == []
            writing = await ousmane.another_window("/directs/new")
            await expect(writing.page.get_by_text("ne peut rien contenir d’interne")).to_be_visible()
            await expect(writing.page.get_by_role("link", name="Écrire à quelqu’un")).to_have_count(0)
            assert await findings(writing.page) == []
            await writing.page.close()
        async with story.step("the same act has another answer at the API"):
            body = {"client_id": await new_id(page), "kind": "team", "label": "sensitive", "tools": ["chat"]}
            words = {"name": text("Cellule de crue"), "description": text(""), "members": []}
            said = await refused(ousmane, "POST", "/api/spaces", body | words)
            assert (said["rule"], said["reason"], said["source"]) == ("hosting", "commercial-cloud", "law")
        async with story.step("a new space of that label is not offered, and it is said why"):
            await agathe.api("PUT", "/api/rule/reading", {"reading": "circular-2023"})
            other = await ousmane.another_window("/spaces/new")
            await expect(other.page.get_by_role("radio", name="Sensible")).to_be_disabled()
            await expect(other.page.get_by_role("radio", name="Interne")).to_be_checked()
            await expect(other.page.get_by_text("Sensible : Bastide est déclaré")).to_be_visible()
            await other.page.close()
    async with story.step("declared back: it opens where it stood, with what one was writing"):
        await expect(ousmane.field).to_have_value(TYPED)
        await ousmane.field.fill("")


async def test_a_call_under_way_ends_with_its_reason(agathe: Person, ousmane: Person, story: Story) -> None:
    space = await the_space(ousmane)
    await ousmane.open(f"/call/{space}")
    page = ousmane.page
    await page.get_by_role("button", name=re.compile("Commencer l’appel|Rejoindre")).click()
    await expect(page.get_by_role("button", name="Quitter")).to_be_visible(timeout=30_000)
    async with declared_again(agathe), story.step("the instance moves: the call is over, and it is said why"):
        await agathe.api("PUT", "/api/rule/profile", {"hosting": "commercial"})
        await expect(page.get_by_role("heading", name="L’appel est terminé")).to_be_visible()
        await expect(page.get_by_text("Bastide est déclaré sur un cloud commercial.")).to_be_visible()


def text(words: str) -> dict[str, str]:
    return {"format": "plain", "text": words}


async def new_id(page: Page) -> str:
    return str(
        await page.evaluate(
            "() => { const id = [...crypto.randomUUID()]; id[14] = '7'; return id.join(''); }"
        )
    )


async def test_an_approval_ends_under_peoples_hands_and_nothing_is_lost(
    browsers: Street, held_house: Served, story: Story
) -> None:
    town = held_house.town
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    own = await town.space(town.agathe, label=Label.SENSITIVE, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    await town.say(town.agathe, channel, "Le niveau monte à Pont-Lévy.")
    today = town.house.rulebook.today
    await town.house.hosting.do_declare_approval(
        OPERATOR, Approval("La préfète", Label.SENSITIVE, today, today)
    )
    path = f"/spaces/{own.space.id}/chat/{channel}"
    member = await browsers.person(OUSMANE)
    manager = await browsers.person(AGATHE)
    page = await window_of(member, held_house, town.ousmane, path)
    other = await window_of(manager, held_house, town.agathe, path)
    async with story.step("on its last day one writes, unsealed and said so"):
        await member.field.fill(TYPED)
        await expect(page.get_by_role("button", name="Non scellé : l’hébergeur peut lire")).to_be_visible()
        await expect(page.get_by_text("Lecture seule.", exact=True)).to_have_count(0)
    async with story.step("the day ends: reading goes on, writing gives way to the reason"):
        clock.set(datetime.combine(today + timedelta(days=1), time(6), UTC))
        await expect(page.get_by_text("Lecture seule.", exact=True)).to_be_visible()
        await expect(
            page.get_by_text("L’homologation de cette instance est arrivée à son terme.")
        ).to_be_visible()
        await expect(member.field).to_have_count(0)
        await expect(page.get_by_text("Ce que vous écriviez est gardé")).to_be_visible()
        assert await findings(page) == []
        await expect(member.message("Le niveau monte à Pont-Lévy.")).to_be_visible()
    async with story.step("its manager can take it away; the member is not offered what they may not"):
        await expect(other.get_by_role("link", name="Exporter")).to_be_visible()
        await expect(page.get_by_role("link", name="Exporter")).to_have_count(0)
    async with story.step("a new approval: it opens, and what one was writing is there"):
        tomorrow = town.house.rulebook.today
        await town.house.hosting.do_declare_approval(
            OPERATOR, Approval("La préfète", Label.SENSITIVE, tomorrow, tomorrow + timedelta(days=20))
        )
        await expect(member.field).to_have_value(TYPED)
        await member.field.press("Enter")
        await expect(manager.message(TYPED)).to_be_visible()
    await browsers.leave(member)
    await browsers.leave(manager)
