"""The walk through the gallery: each screen is come to, looked at by day and by night, and judged.

One browser, two windows at a time at most. A screen is arrived at once for a language and a width; night falls on it where
it stands. People keep their profile for all screens of one width.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import Error, expect

from tests.browser.gallery.scene import THEIRS, Lived, lay
from tests.browser.gallery.visit import Look, Scene, Screen, Season, Sentences, Visit, Who
from tests.browser.support.calls import Caller
from tests.browser.support.house import House, new_house
from tests.browser.support.media import likeness
from tests.browser.support.screens import Language, clipped, findings, words
from tests.browser.support.windows import AGATHE, OUSMANE, Agent, Person, Street, street

AT_ONCE = 2
SOLENE = Agent("Solène", "Kerbrat", "solene.kerbrat@haute-vezelle.example")
ELODIE = Agent("Élodie", "Marchetti", "elodie.marchetti@haute-vezelle.example")
FOUNDER = Agent("Claire", "Aubry", "claire.aubry@saint-amand.example")
_SETTLED = """
async () => {
  const inSight = (one) => {
    const { top, bottom, width } = one.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight;
  };
  await document.fonts.ready;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const busy = [...document.querySelectorAll("[aria-busy=true]")].some(inSight);
  return !busy && [...document.images].every((one) => one.complete || !inSight(one));
}
"""
OWN_HOUSE = (Season.EMPTY, Season.FOUNDED)


class Shot(msgspec.Struct, frozen=True):
    """What came of a look at a screen. `picture`: its file's name, empty when none is kept."""

    screen: str
    look: Look
    picture: str
    wrong: list[str]
    seconds: float


class Plan(msgspec.Struct, frozen=True):
    """What to look at, and how. `out`: where pictures go, None for none."""

    screens: Sequence[Screen]
    languages: Sequence[str] = ("fr", "en")
    themes: Sequence[str] = ("light", "dark")
    widths: Sequence[int] = (1440, 820, 390)
    out: Path | None = None


class Walk:
    """One walk, on one instance with the demo organisation."""

    def __init__(
        self,
        plan: Plan,
        house: House,
        browsers: Street,
        tell: Callable[[Shot], None],
        lived: Lived | None = None,
    ) -> None:
        self._plan = plan
        self._house = house
        self._browsers = browsers
        self._tell = tell
        self._lived = lived
        # What came of it so far.
        self.shots: list[Shot] = []
        languages = {"fr": "en", "en": "fr"}
        self._strange = {one: Language(one, languages[one]) for one in plan.languages}
        self._said = {one: Sentences(one) for one in plan.languages}

    async def go(self) -> None:
        """Look at everything."""
        wanted = {season: [one for one in self._plan.screens if one.season is season] for season in Season}
        if any(wanted[season] for season in Season if season not in OWN_HOUSE):
            lived = self._lived or await lay(self._house, self._browsers)
            administrator = await self._browsers.person(AGATHE)
            await administrator.come_in()
            await administrator.administer()
            held = {Season.CALL: self._called, Season.READ_ONLY: _expired, Season.CLOSED: _moved}
            for season in (Season.USUAL, Season.CALL, Season.READ_ONLY, Season.CLOSED):
                if not wanted[season]:
                    continue
                async with AsyncExitStack() as stack:
                    if season in held:
                        await stack.enter_async_context(held[season](administrator, lived.scene))
                    await self._look_at(wanted[season], lived, self._browsers)
            await self._browsers.leave(administrator)
        if any(wanted[season] for season in OWN_HOUSE):
            await self._first_day(wanted)

    async def _look_at(self, screens: Sequence[Screen], lived: Lived, browsers: Street) -> None:
        for language in self._plan.languages:
            await self._speak(browsers, lived, language, {one.who for one in screens} - {Who.NOBODY})
            groups = [
                (
                    who,
                    width,
                    [one for one in screens if one.who is who and (not one.widths or width in one.widths)],
                )
                for who in Who
                for width in self._plan.widths
            ]
            # The longest first, so that the two windows are done at about the same time.
            queue = sorted((group for group in groups if group[2]), key=lambda group: -len(group[2]))
            queue = list(_halves(queue))

            async def window(queue: list[Any] = queue, language: str = language) -> None:
                while queue:
                    who, width, part = queue.pop(0)
                    await self._round(browsers, lived, who, Look(language, self._plan.themes[0], width), part)

            await asyncio.gather(*(window() for _ in range(AT_ONCE)))
        await self._speak(browsers, lived, "fr", {one.who for one in screens} - {Who.NOBODY})

    async def _speak(self, browsers: Street, lived: Lived, language: str, people: Iterable[Who]) -> None:
        """Inside, the window speaks the language of the profile."""
        for who in people:
            person = await self._come(browsers, lived, who, {})
            await person.api("PATCH", "/api/me", {"locale": language})
            await person.context.close()

    async def _come(self, browsers: Street, lived: Lived, who: Who, how: dict[str, Any]) -> Person:
        if who is Who.NOBODY:
            return await browsers.person(Agent("Quelqu’un", "", ""), **how)
        agent, password = lived.people[who]
        person = await browsers.person(agent, **how)
        await person.come_in(password)
        if who is Who.OFFICE:
            await person.administer(password)
        return person

    async def _round(
        self, browsers: Street, lived: Lived, who: Who, look: Look, screens: Sequence[Screen]
    ) -> None:
        """One person's screens at one width."""
        person = await self._come(browsers, lived, who, look.context())
        for screen in screens:
            visit = Visit(person, look, self._said[look.language], lived.scene, AsyncExitStack())
            async with visit.stack:
                await self._visit(screen, visit)
        await browsers.leave(person)

    async def _visit(self, screen: Screen, visit: Visit) -> None:
        since, before = time.monotonic(), len(visit.person.watch.faults)
        page = visit.page
        trouble: list[str] = []
        try:
            await page.emulate_media(color_scheme=self._plan.themes[0])  # pyright: ignore[reportArgumentType]
            for act in screen.before:
                await act(visit)
            # The part of an address after # alone loads nothing anew.
            if "#" in screen.path or "#" in page.url:
                await page.goto("about:blank")
            await visit.person.open(screen.path.format_map(visit.scene.places))
            await expect(page.locator(screen.ready).filter(visible=True).first).to_be_visible()
            for act in screen.then:
                await act(visit)
            await self._settled(visit)
        except (Error, AssertionError, TimeoutError) as error:
            trouble.append(f"could not be come to: {type(error).__name__} {str(error)[:400]}")
        for theme in self._plan.themes:
            look = visit.look._replace(theme=theme)
            wrong = [*trouble]
            if theme != self._plan.themes[0]:
                await page.emulate_media(color_scheme=theme)  # pyright: ignore[reportArgumentType]
                await page.wait_for_timeout(50)
            picture = await self._picture(screen, look, visit)
            wrong += await self._judged(visit, colours=theme != self._plan.themes[0])
            # A screen that is about what fails is complained of, and rightly.
            wrong += [] if screen.before else visit.person.watch.faults[before:]
            shot = Shot(screen.name, look, picture, wrong, time.monotonic() - since)
            since = time.monotonic()
            self.shots.append(shot)
            self._tell(shot)
        del visit.person.watch.faults[before:]

    async def _judged(self, visit: Visit, *, colours: bool) -> list[str]:
        """What is wrong. Once night has fallen on what was judged by day, only its colours are judged."""
        try:
            if colours:
                return await findings(visit.page, "color-contrast")
            return [
                *await findings(visit.page),
                *await clipped(visit.page),
                *(
                    f"says {one!r}"
                    for one in self._strange[visit.look.language].strangers(await words(visit.page))
                ),
            ]
        except Error as error:
            return [f"could not be judged: {str(error)[:200]}"]

    async def _picture(self, screen: Screen, look: Look, visit: Visit) -> str:
        if self._plan.out is None:
            return ""
        name = f"{screen.name}-{look.name}.png"
        await visit.page.screenshot(path=self._plan.out / name, animations="disabled")
        return name

    async def _settled(self, visit: Visit) -> None:
        """Wait until nothing that is in sight is on its way: no bones, no spinner, no picture."""
        async with asyncio.timeout(10):
            # The page's own rules forbid what Playwright's waiting needs.
            while not await visit.page.evaluate(_SETTLED):  # noqa: ASYNC110 -- it is seen from outside only
                await asyncio.sleep(0.05)

    @asynccontextmanager
    async def _called(self, administrator: Person, scene: Scene) -> AsyncGenerator[None]:
        """Three agents talk in the plan's call."""
        folder = self._browsers.folder
        people: list[Person] = []
        for number, agent in enumerate((OUSMANE, SOLENE, ELODIE)):
            person = await self._browsers.person(agent, likeness=await likeness(folder, number))
            await person.come_in()
            people.append(person)
        plan, said = scene.places["plan"], Sentences("fr")
        for person in people:
            own = person.likeness
            assert own
            await person.open(f"/call/{plan}")
            start = person.page.get_by_role("button", name=said("meet.lobby.start"))
            join = person.page.get_by_role("button", name=said("meet.lobby.join"))
            show = person.page.get_by_role("button", name=said("meet.bar.cameraOn"))
            await expect(start.or_(join)).to_be_visible()
            if await show.count():
                await show.first.click()
            await start.or_(join).click()
            await expect(Caller(person, own).bar).to_be_visible(timeout=30_000)
        yield
        for person in people:
            await self._browsers.leave(person)

    async def _first_day(self, wanted: dict[Season, list[Screen]]) -> None:
        """An instance in which nobody lives, then one person."""
        async with AsyncExitStack() as stack:
            house = await new_house(stack, "  Begin here, once: ", "--no-demo")
            token = house.said[-1].rpartition("#")[2].strip()
            own = await street(house, stack)
            scene = Scene({"first_link": token}, {}, asyncio.Lock())
            lived = Lived(scene, dict.fromkeys((Who.ADMINISTRATOR, Who.OFFICE), (FOUNDER, THEIRS)))
            await self._look_at(wanted[Season.EMPTY], lived, own)
            if wanted[Season.FOUNDED]:
                await _found(own, house, token)
                await self._look_at(wanted[Season.FOUNDED], lived, own)


async def _found(browsers: Street, house: House, token: str) -> None:
    """Make the organisation and its administrator."""
    founder = await browsers.person(FOUNDER)
    form = {
        "token": token,
        "organisation_name": "Mairie de Saint-Amand",
        "organisation_short_name": "Saint-Amand",
        "organisation_domain": "saint-amand.example",
        "given_name": FOUNDER.given,
        "family_name": FOUNDER.family,
        "email": FOUNDER.email,
        "password": THEIRS,
    }
    answer = await founder.context.request.post(
        f"{house.base}/api/session/first", data=form, headers={"origin": house.base}
    )
    assert answer.ok, await answer.text()
    await browsers.leave(founder)


@asynccontextmanager
async def _moved(administrator: Person, scene: Scene) -> AsyncGenerator[None]:
    """The instance is declared to lie on a commercial cloud, and back."""
    before = await administrator.api("GET", "/api/rule")
    try:
        await administrator.api("PUT", "/api/rule/profile", {"hosting": "commercial"})
        yield
    finally:
        await administrator.api("PUT", "/api/rule/profile", before["profile"]["profile"])


@asynccontextmanager
async def _expired(administrator: Person, scene: Scene) -> AsyncGenerator[None]:
    """The approval ended yesterday; then the one before is declared again."""
    before = await administrator.api("GET", "/api/rule")
    today = date.fromisoformat(before["today"])
    since, until = str(today - timedelta(days=300)), str(today - timedelta(days=1))
    over = {
        "authority": "La préfète de la Haute-Vézelle",
        "ceiling": "restricted",
        "since": since,
        "until": until,
    }
    try:
        await administrator.api("PUT", "/api/rule/approval", over)
        yield
    finally:
        await administrator.api("PUT", "/api/rule/approval", before["approval"]["approval"])


def _halves(groups: Iterable[tuple[Who, int, list[Screen]]]) -> Iterable[tuple[Who, int, list[Screen]]]:
    """Long rounds in parts: what is left for the last window is short."""
    most = 16
    for who, width, screens in groups:
        for at in range(0, len(screens), most):
            yield who, width, screens[at : at + most]
