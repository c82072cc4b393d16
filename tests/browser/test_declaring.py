"""Declaring, as administrators meet it: what follows is shown before, a loss is agreed to, what is declared ahead waits, and
ends are told before they come. Time does not pass in these stories: what is declared lies at other days.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, OUSMANE, Person, Street

CLOSED = "Tous les espaces sont fermés pour l’instant."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def agathe(browsers: Street) -> Person:
    person = await browsers.person(AGATHE)
    await person.come_in()
    await person.administer()
    return person


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ousmane(browsers: Street) -> Person:
    person = await browsers.person(OUSMANE)
    await person.come_in()
    return person


async def declared(person: Person) -> dict[str, Any]:
    return await person.api("GET", "/api/rule")


@asynccontextmanager
async def declared_again(person: Person) -> AsyncGenerator[date]:
    """Whatever a story declares: what was declared before is declared again at its end."""
    before = await declared(person)
    try:
        yield date.fromisoformat(before["today"])
    finally:
        after = await declared(person)
        if after["next_approval"]:
            following = after["next_approval"]["declaration"]["id"]
            await person.api("DELETE", f"/api/rule/approvals/{following}")
        await person.api("PUT", "/api/rule/approval", before["approval"]["approval"])
        await person.api("PUT", "/api/rule/reading", {"reading": before["reading"]["reading"]})
        await person.api("PUT", "/api/rule/profile", before["profile"]["profile"])


def effects(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("region", name="Ce que cela change")


def declare(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("button", name="Déclarer", exact=True)


async def test_the_next_approval_waits_for_its_day(agathe: Person, story: Story) -> None:
    page = agathe.page
    async with declared_again(agathe) as today:
        ends = date.fromisoformat((await declared(agathe))["approval"]["ends_on"])
        async with story.step("it begins the day after the one in force, and what follows is shown"):
            await agathe.open("/rule")
            await page.get_by_role("button", name="Déclarer la suivante").click()
            first = page.get_by_role("dialog").get_by_label("Premier jour")
            await expect(first).to_have_value(str(ends + timedelta(days=1)))
            await expect(effects(page).get_by_role("listitem")).to_have_count(2)
            await expect(effects(page)).to_contain_text(re.compile(r"Sensible.*\d+ espaces"))
            await expect(
                page.get_by_text("L’homologation en vigueur reste déclarée.", exact=False)
            ).to_be_visible()
            assert await findings(page) == []
        async with story.step("declared, both stand and nothing closes"):
            await declare(page).click()
            await expect(page.get_by_role("dialog")).to_have_count(0)
            await expect(page.get_by_text("Ensuite\u00a0:", exact=True)).to_be_visible()
            rule = await declared(agathe)
            assert rule["approval"]["ends_on"] == str(ends)
            assert {h["state"] for h in rule["holdings"]} == {"open"}
        async with story.step("an end of February in a leap year ends as the server has it"):
            await page.get_by_role("button", name="Revoir ou corriger").click()
            dialog = page.get_by_role("dialog")
            await dialog.get_by_label("Premier jour").fill("2024-02-29")
            await dialog.get_by_label("Dernier jour").fill("2027-02-28")
            await declare(page).click()
            await expect(dialog.get_by_text("Une homologation dure trois ans au plus.")).to_be_visible()
            await dialog.get_by_label("Dernier jour").fill("2027-02-27")
            await expect(dialog.get_by_text("Une homologation dure trois ans au plus.")).to_have_count(0)
            await expect(effects(page)).to_be_visible()
            await page.keyboard.press("Escape")
        assert date.fromisoformat((await declared(agathe))["today"]) == today


async def test_a_label_tells_all_its_reasons_wherever_it_is_told(agathe: Person, story: Story) -> None:
    page = agathe.page
    rule = await declared(agathe)
    approval = rule["approval"]["approval"]
    told = f"L’homologation déclarée va jusqu’au label Diffusion restreinte\u00a0: {approval['authority']}, jusqu’au "
    assert [held["also"] for held in rule["holdings"]] == [[], [], ["approved"], ["approved"]]
    async with story.step(
        "what opens a sensitive space: where Bastide is hosted, and the approval as declared"
    ):
        await agathe.open("/rule")
        line = page.get_by_role("region", name="Aujourd’hui, label par label").get_by_role("listitem")
        sensitive = line.filter(has_text="Sensible")
        await expect(sensitive).to_contain_text("dans les locaux de l’administration. " + told)
        await expect(line.filter(has_text="Interne")).not_to_contain_text("homologation")
        until = await sensitive.get_by_text(re.compile("^Jusqu’au")).inner_text()
        assert "Ensuite\u00a0: lecture seule" in until
        assert await findings(page) == []
    async with story.step("the label's own page tells the same, and what follows"):
        await agathe.open("/labels/sensitive")
        await expect(page.get_by_text(told)).to_be_visible()
        await expect(page.get_by_text(until, exact=True)).to_be_visible()
        assert await findings(page) == []


async def test_a_missed_review_is_told_where_it_is_declared(
    agathe: Person, ousmane: Person, story: Story
) -> None:
    page = agathe.page
    async with declared_again(agathe) as today:
        missed = (await declared(agathe))["approval"]["approval"]
        missed |= {"since": str(today - timedelta(days=400)), "until": str(today + timedelta(days=300))}
        await agathe.api("PUT", "/api/rule/approval", missed | {"reviewed_on": None})
        async with story.step("the label's page says that it was missed and leads to where it is declared"):
            await agathe.open("/labels/sensitive")
            await expect(page.get_by_text("n’a pas été déclarée à temps", exact=False)).to_be_visible()
            await page.get_by_role("link", name="Revoir ou corriger l’homologation").click()
            await expect(page.get_by_text("La revue annuelle est attendue depuis le")).to_be_in_viewport()
            await expect(page.get_by_text("Prochaine revue annuelle")).to_have_count(0)
            assert await findings(page) == []
        async with story.step("who declares nothing is told who can"):
            await ousmane.open("/labels/sensitive")
            await expect(
                ousmane.page.get_by_text("Qui administre l’instance peut la déclarer.")
            ).to_be_visible()
            await expect(
                ousmane.page.get_by_role("link", name="Revoir ou corriger l’homologation")
            ).to_have_count(0)
        async with story.step("reviewed, the next one is announced again and the label is open"):
            await page.get_by_role("button", name="Revoir ou corriger").click()
            await declare(page).click()
            await expect(page.get_by_role("dialog")).to_have_count(0)
            await expect(page.get_by_text("Prochaine revue annuelle")).to_be_visible()
            await expect(page.get_by_text("La revue annuelle est attendue depuis le")).to_have_count(0)
            assert {held["state"] for held in (await declared(agathe))["holdings"]} == {"open"}


async def test_a_reading_says_what_it_reaches_in_the_laws_terms(agathe: Person, story: Story) -> None:
    page = agathe.page
    reading = page.get_by_role("region", name="Lecture de la règle R9")
    async with declared_again(agathe):
        for chosen, terms in (
            ("dinum-2021", ("Tout le travail de bureau",)),
            ("circular-2023", ("articles L.\u00a0311-5 et L.\u00a0311-6", "missions essentielles de l’État")),
            (
                "sren-2024",
                ("L.\u00a0311-5 et L.\u00a0311-6", "à l’ordre public", "groupements d’intérêt public"),
            ),
        ):
            async with story.step(f"followed: {chosen}"):
                await agathe.api("PUT", "/api/rule/reading", {"reading": chosen})
                await agathe.open("/rule")
                for term in terms:
                    await expect(reading).to_contain_text(term)
                await expect(reading).to_contain_text("Source")


async def test_what_closes_is_shown_and_agreed_to_before(
    agathe: Person, ousmane: Person, story: Story
) -> None:
    page = agathe.page
    async with declared_again(agathe):
        async with story.step("another hosting is tried: each label, what becomes of it, how many spaces"):
            await agathe.open("/rule")
            await page.get_by_role("button", name="Déclarer à nouveau").first.click()
            await page.get_by_role("dialog").get_by_role("radio", name="Cloud commercial").check(force=True)
            await expect(effects(page).get_by_role("listitem")).to_have_count(4)
            await expect(effects(page)).to_contain_text("Dès maintenant")
            assert await findings(page) == []
        async with story.step("nothing is declared until the loss is agreed to"):
            await declare(page).click()
            await expect(page.get_by_text("Cochez la case au-dessus")).to_be_visible()
            assert (await declared(agathe))["profile"]["profile"]["hosting"] == "premises"
            await page.get_by_role("dialog").get_by_label("Je sais que", exact=False).check(force=True)
            await declare(page).click()
            await expect(page.get_by_role("dialog")).to_have_count(0)
            assert (await declared(agathe))["profile"]["profile"]["hosting"] == "commercial"
        async with story.step("the first page says that all is closed, and why, to everybody"):
            for person in (agathe, ousmane):
                await person.open("/")
                await expect(person.page.get_by_text(CLOSED)).to_be_visible()
                await expect(person.page.get_by_text("Vous êtes à jour")).to_have_count(0)
                assert await findings(person.page) == []
            await ousmane.page.get_by_role("link", name="Ce que cette instance peut contenir").click()
            await expect(
                ousmane.page.get_by_role("heading", name="Ce que cette instance peut contenir")
            ).to_be_visible()
            await ousmane.open("/")
    async with story.step("declared back, it says so no more"):
        await expect(ousmane.page.get_by_text(CLOSED)).to_have_count(0)


async def test_who_saw_something_else_is_told_and_loses_nothing(agathe: Person, story: Story) -> None:
    page = agathe.page
    async with declared_again(agathe):
        await agathe.open("/rule")
        await page.get_by_role("button", name="Déclarer à nouveau").nth(1).click()
        dialog = page.get_by_role("dialog")
        chosen = dialog.get_by_role("radio", name=re.compile("loi SREN"))
        await chosen.check()
        async with story.step("somebody else declares meanwhile: nothing is declared over it"):
            await agathe.api("PUT", "/api/rule/reading", {"reading": "circular-2023"})
            await declare(page).click()
            await expect(
                dialog.get_by_text("Quelqu’un d’autre vient de déclarer autre chose", exact=False)
            ).to_be_visible()
            assert (await declared(agathe))["reading"]["reading"] == "circular-2023"
            await expect(chosen).to_be_checked()
        async with story.step("a second thought: it is declared"):
            await declare(page).click()
            await expect(dialog).to_have_count(0)
            assert (await declared(agathe))["reading"]["reading"] == "sren-2024"


async def test_ends_are_told_ninety_thirty_and_seven_days_before(agathe: Person, story: Story) -> None:
    page = agathe.page
    line = page.get_by_role("status").filter(has_text="Espaces sensibles")

    async def ends_in(days: int) -> None:
        approval = {
            "authority": "La préfète",
            "ceiling": "restricted",
            "since": str(today),
            "until": str(today + timedelta(days=days)),
        }
        await agathe.api("PUT", "/api/rule/approval", approval)

    async with declared_again(agathe) as today:
        await agathe.open("/")
        async with story.step("not before"):
            await ends_in(91)
            await agathe.open("/")
            await expect(page.get_by_role("navigation").first).to_be_visible()
            await expect(line).to_have_count(0)
        for days, tone in ((90, "quiet"), (30, "firm"), (7, "firm")):
            async with story.step(f"{days} days before: told, and put away until the next time"):
                await ends_in(days)
                await expect(line).to_contain_text(f"Encore {days}\u00a0jours".replace("\u00a0", " "))
                await expect(line).to_contain_text("espaces en diffusion restreinte")
                await expect(line).to_contain_text("lecture seule")
                await expect(line).to_have_attribute("data-tone", tone)
                assert await findings(page) == []
                await line.get_by_role("button").click()
                await expect(line).to_have_count(0)
        async with story.step("in a space of the label, too; and on the last day"):
            await ends_in(0)
            await expect(line).to_contain_text("Dernier jour")
            spaces = (await agathe.api("GET", "/api/snapshot"))["spaces"]
            managed = next(
                one["space"]["id"]
                for one in spaces
                if one["space"]["label"] == "sensitive" and one["role"] == "manager"
            )
            await agathe.open(f"/spaces/{managed}")
            await expect(page.get_by_role("status").filter(has_text="Dernier jour")).to_be_visible()
