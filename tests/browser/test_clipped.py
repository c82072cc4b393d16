"""The gallery's checks each find what they are there for, and leave alone what is well."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.browser.support.screens import Language, clipped, findings, words
from tests.browser.support.windows import AGATHE, Street

LONG = "Préfiguration de la direction départementale"
CUT = {
    "at the window's side": '<button style="position: absolute; left: 700px; width: 200px">Envoyer</button>',
    "at the window's foot": '<button style="position: fixed; top: 590px; height: 44px">Envoyer</button>',
    "by what it stands in": '<div style="width: 100px; overflow: hidden"><button style="width: 150px">Envoyer</button></div>',
    "at the top by what it stands in": '<div style="height: 60px; overflow: clip; position: relative">'
    '<a href="/x" style="position: absolute; top: -20px">Ouvrir</a></div>',
    "in its own words": f'<button style="width: 90px; overflow: hidden; white-space: nowrap">{LONG}</button>',
    "in its lines": f'<button style="width: 90px; height: 24px; overflow: hidden">{LONG}</button>',
    "with nothing that says it whole": '<button style="width: 90px; overflow: hidden; white-space: nowrap;'
    f'text-overflow: ellipsis">{LONG}</button>',
    "in what it asks for": f'<input style="width: 90px" placeholder="{LONG}">',
    "in what is chosen": f'<select style="width: 90px"><option>{LONG}</option></select>',
}
WHOLE = {
    "a button": "<button>Envoyer</button>",
    "in a list that scrolls": '<div style="height: 60px; overflow: auto">'
    '<div style="height: 300px"></div><button>Envoyer</button></div>',
    "in a list that scrolls, cut out of it by something further out": '<div style="height: 50px; overflow: hidden">'
    '<div style="height: 50px; overflow: auto"><div style="height: 35px"></div><button style="height: 44px">Envoyer</button>'
    "</div></div>",
    "down a page that scrolls": '<div style="height: 2000px"></div><button>Envoyer</button>',
    "above what would cut it": '<div style="width: 60px; overflow: hidden; height: 40px"><div>'
    '<button style="position: absolute; width: 200px">Envoyer</button></div></div>',
    "a menu over a narrow part": '<div style="width: 60px; overflow: hidden; position: relative"><div>'
    '<button style="position: fixed; width: 200px">Envoyer</button></div></div>',
    "shortened, and whole on hover": '<button style="width: 90px; overflow: hidden; white-space: nowrap;'
    f'text-overflow: ellipsis" title="{LONG}">{LONG}</button>',
    "shortened, and whole where it leads": '<a href="/x" style="display: block; width: 90px; overflow: hidden;'
    f'white-space: nowrap; text-overflow: ellipsis">{LONG}</a>',
    "for readers alone": '<button style="position: absolute; width: 1px; height: 1px; padding: 0; border: 0;'
    'overflow: hidden">Envoyer</button>',
    "not shown": f'<div style="width: 50px; overflow: hidden; visibility: hidden"><button>{LONG}</button></div>',
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(browsers: Street) -> AsyncGenerator[Page]:
    """A window with nothing in it."""
    person = await browsers.person(AGATHE, viewport={"width": 800, "height": 600})
    yield person.page
    await browsers.leave(person)


async def show(page: Page, body: str) -> None:
    await page.set_content(
        f'<!doctype html><html lang="fr"><title>Essai</title><main><h1>Essai</h1>{body}</main></html>'
    )


@pytest.mark.parametrize("how", CUT)
async def test_what_is_cut_is_found(how: str, page: Page) -> None:
    await show(page, CUT[how])
    assert len(await clipped(page)) == 1


@pytest.mark.parametrize("how", WHOLE)
async def test_what_is_whole_is_left_alone(how: str, page: Page) -> None:
    await show(page, WHOLE[how])
    assert await clipped(page) == []


async def test_the_other_checks_find_what_they_are_for(page: Page) -> None:
    await show(page, '<div style="width: 900px">Large</div>')
    assert await findings(page) == ["the page scrolls sideways"]
    await show(page, "<input>")
    assert any("label" in one for one in await findings(page))
    await show(page, '<p style="color: #ccc">Pâle</p><input>')
    assert [one.partition(":")[0] for one in await findings(page, "color-contrast")] == ["color-contrast"]
    french = Language("fr", "en")
    for strange in ("Create a space", "spaces.new.create", "Bonjour {{name}}", "undefined personnes"):
        await show(page, f"<p>{strange}</p><p>Créer un espace</p>")
        assert french.strangers(await words(page)) == [strange]
        await show(page, f'<p lang="en">{strange}</p>')
        assert french.strangers(await words(page)) == []
