"""The audit as its readers meet it: found, looked through, verified, taken away; and nothing for anybody else."""

import json
import re

from playwright.async_api import expect

from tests.browser.support.screens import findings
from tests.browser.support.story import Story
from tests.browser.support.windows import AGATHE, OUSMANE, Street


async def test_an_administrator_reads_verifies_and_takes_the_audit(browsers: Street, story: Story) -> None:
    agathe = await browsers.person(AGATHE, accept_downloads=True)
    await agathe.come_in()
    await agathe.administer()
    await agathe.open("/")
    page = agathe.page
    lines = page.get_by_role("list", name="Lignes du journal")
    async with story.step("it is in the menu of who answers for security"):
        await page.get_by_role("button", name=re.compile("Votre menu")).click()
        await page.get_by_role("menuitem", name="Journal d’audit").click()
        await expect(page.get_by_role("heading", name="Journal d’audit")).to_be_visible()
        await expect(lines.get_by_role("listitem").first).to_contain_text(
            "Ouverture du temps d’administration"
        )
        assert not await findings(page)
    async with story.step("what is looked for stands in the address, and is there after a reload"):
        await page.get_by_label("Action").select_option(label="Création d’un espace")
        await expect(lines.get_by_role("listitem").first).to_contain_text("Création d’un espace")
        await expect(lines).not_to_contain_text("Ouverture du temps")
        await page.wait_for_url("**/administration/audit?action=*")
        await page.reload()
        await expect(lines.get_by_role("listitem").first).to_contain_text("Création d’un espace")
        await lines.get_by_role("listitem").first.get_by_role("button").first.click()
        await expect(page.get_by_role("button", name="Personne")).to_be_visible()
        await page.get_by_role("button", name="Personne").click()
        await page.get_by_label("Action").select_option(label="Toutes")
    async with story.step("the chain is verified"):
        await page.get_by_role("button", name="Vérifier la chaîne").click()
        await expect(page.get_by_text("toutes telles qu’elles ont été écrites")).to_be_visible(timeout=30_000)
        assert not await findings(page)
    async with story.step("and all of it is taken away"):
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="Exporter tout le journal").click()
        taken = await (await coming.value).path()
        kept = [json.loads(line) for line in taken.read_text(encoding="utf-8").splitlines()]
        assert [one["seq"] for one in kept] == list(range(1, len(kept) + 1))
        assert json.loads(kept[-1]["line"])["detail"] == {"how": "export"}
    async with story.step("on a phone it is whole, too"):
        await page.set_viewport_size({"width": 390, "height": 844})
        assert not await findings(page)


async def test_nobody_else_is_offered_it(browsers: Street, story: Story) -> None:
    ousmane = await browsers.person(OUSMANE)
    await ousmane.come_in()
    await ousmane.open("/")
    page = ousmane.page
    async with story.step("neither in the menu nor by its address"):
        await page.get_by_role("button", name=re.compile("Votre menu")).click()
        await expect(page.get_by_role("menuitem", name="Votre profil")).to_be_visible()
        await expect(page.get_by_role("menuitem", name="Journal d’audit")).to_have_count(0)
        await ousmane.open("/administration/audit")
        await expect(
            page.get_by_text("Le journal d’audit est réservé aux responsables de la sécurité")
        ).to_be_visible()
