"""People at their browsers: real Chromium, driven from outside.

Whoever speaks in a call has a browser process of their own, because Chromium's invented microphone and camera are one per
process. The others share one process, each in a profile of their own.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from playwright.async_api import (
    Browser,
    BrowserContext,
    FileChooser,
    Locator,
    Page,
    Playwright,
    async_playwright,
    expect,
)

from bastide.core.policy import Actor
from tests.browser.support.house import House
from tests.browser.support.media import Likeness, flags
from tests.browser.support.watch import Watch
from tests.support.eventually import until
from tests.support.served import Served

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
    # What a page or the browser itself might ask of the world is not even looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
WIDE = {"width": 1280, "height": 800}
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}


class Agent(msgspec.Struct, frozen=True):
    """Somebody of the demo organisation."""

    given: str
    family: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


def _agent(given: str, family: str, domain: str) -> Agent:
    plain = f"{given}.{family}".lower().replace(" ", "-").translate(str.maketrans("éèêëïçô", "eeeeico"))
    return Agent(given, family, f"{plain}@{domain}")


_PREFECTURE, _AGENCY = "haute-vezelle.example", "mobilites-ambrelle.example"
AGATHE = _agent("Agathe", "Delorme", _PREFECTURE)
OUSMANE = _agent("Ousmane", "Diarra", _PREFECTURE)
MONTFERRAND = _agent("Claire-Isabelle", "Montferrand", _PREFECTURE)
KENZA = _agent("Kenza", "Amrani", _PREFECTURE)
WASSILA = _agent("Wassila", "Ouali", _AGENCY)


class Person:
    """One person at one browser profile. `page` is the window they look at."""

    def __init__(self, agent: Agent, house: House, context: BrowserContext, page: Page, watch: Watch) -> None:
        self.agent = agent
        self.house = house
        self.context = context
        self.page = page
        self.watch = watch
        self.likeness: Likeness | None = None
        self._id = ""
        # A browser takes a moment until it hands over its file chooser instead of opening it: it is asked to from the first.
        page.on("filechooser", _nothing)

    async def id(self) -> str:
        """Who they are in the house; once signed in."""
        self._id = self._id or (await self.api("GET", "/api/session"))["profile"]["card"]["id"]
        return self._id

    @property
    def given(self) -> str:
        return self.agent.given

    async def open(self, path: str) -> None:
        """Go to an address of the house."""
        await self.page.goto(self.house.base + path)

    async def sign_in(self) -> None:
        """Fill in the door's form, and wait until one is inside."""
        await self.sign_in_at_the_door()
        await expect(self.places).to_be_visible()

    async def sign_in_at_the_door(self) -> None:
        """Fill in the door's form."""
        await self.open("/sign-in")
        await self.page.get_by_label("Adresse professionnelle").fill(self.agent.email)
        await self.page.get_by_label("Mot de passe", exact=True).fill(self.house.passphrase)
        await self.page.get_by_role("button", name="Se connecter", exact=True).click()

    async def come_in(self, password: str = "") -> None:
        """Be signed in without the door's form, for stories that are about something else."""
        body = {"email": self.agent.email, "password": password or self.house.passphrase}
        origin = {"origin": self.house.base}
        answer = await self.context.request.post(f"{self.house.base}/api/session", data=body, headers=origin)
        assert answer.ok, await answer.text()

    async def administer(self, password: str = "") -> None:
        """Be in administration, for stories that are about what is done there."""
        await self.api("POST", "/api/me/confirmation", {"password": password or self.house.passphrase})
        await self.api("POST", "/api/administration/session")

    async def another_window(self, path: str) -> "Person":
        """A second window of the same profile."""
        page = await self.context.new_page()
        other = Person(self.agent, self.house, self.context, page, self.watch)
        await other.open(path)
        return other

    async def api(self, method: str, path: str, body: object = None) -> Any:
        """Ask the API as this profile does; for what a story needs and is not about."""
        held = await self.context.request.get(f"{self.house.base}/api/session")
        headers = {"x-csrf": (await held.json())["csrf"], "origin": self.house.base}
        answer = await self.context.request.fetch(
            self.house.base + path, method=method, data=body, headers=headers
        )
        assert answer.ok, f"{method} {path}: {answer.status} {await answer.text()}"
        return await answer.json() if answer.status != 204 else None

    async def cookie(self) -> str:
        """The session's cookie as a header takes it."""
        held = await self.context.cookies(self.house.base)
        return "; ".join(f"{one['name']}={one['value']}" for one in held if "name" in one and "value" in one)

    # What one sees.

    @property
    def places(self) -> Locator:
        """The list of spaces and conversations."""
        return self.page.get_by_role("navigation", name="Espaces et conversations")

    @property
    def feed(self) -> Locator:
        """The messages of the open channel."""
        return self.page.get_by_role("feed")

    @property
    def field(self) -> Locator:
        """The field to write in."""
        return self.page.get_by_role("textbox", name=re.compile("^(Écrire|Noter|Write)"))

    def message(self, text: str) -> Locator:
        """A message by its text."""
        return self.feed.get_by_role("article").filter(has_text=text)

    def kept(self, text: str) -> Locator:
        """The same, once the server has it: only then can it be changed."""
        return self.message(text).and_(self.page.locator("[data-ordinal]"))

    def in_list(self, space: str) -> Locator:
        """A space's line in the list."""
        return self.places.get_by_role("link").filter(has=self.page.get_by_text(space, exact=True))

    async def say(self, text: str) -> None:
        """Write a message and send it with Enter."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def texts(self) -> list[str]:
        """The texts of the channel's messages from top to bottom, without who and when."""
        return await self.feed.locator("article [id$='-what']").all_inner_texts()


def _nothing(_chooser: FileChooser) -> None:
    """Whoever waits for the chooser takes it."""


class Street:
    """All browsers of a test session."""

    def __init__(self, house: House, playwright: Playwright, stack: AsyncExitStack, folder: Path) -> None:
        self._house = house
        self._playwright = playwright
        self._stack = stack
        self.folder = folder
        self._shared: Browser | None = None
        self.people: list[Person] = []

    async def person(
        self, agent: Agent, *, likeness: Likeness | None = None, init: Sequence[str] = (), **how: Any
    ) -> Person:
        """A person at a fresh profile. Who has a voice and a picture gets a browser process; `init` runs in each page
        first; `how` goes to Playwright: viewport, locale, colour scheme, touch.
        """
        options: dict[str, Any] = {
            "viewport": WIDE,
            "locale": "fr-FR",
            "timezone_id": "Europe/Paris",
            "reduced_motion": "reduce",
            **how,
        }
        if likeness:
            context = await self._playwright.chromium.launch_persistent_context(
                tempfile.mkdtemp(dir=self.folder),
                executable_path=CHROMIUM,
                args=[*FLAGS, *flags(likeness)],
                **options,
            )
        else:
            self._shared = self._shared or await self._browser()
            context = await self._shared.new_context(**options)
        self._stack.push_async_callback(context.close)
        watch = Watch(context, agent.given)
        for script in init:
            await context.add_init_script(script)
        page = context.pages[0] if context.pages else await context.new_page()
        made = Person(agent, self._house, context, page, watch)
        made.likeness = likeness
        self.people.append(made)
        return made

    async def leave(self, person: Person) -> None:
        """Close a profile that no later story needs."""
        await person.context.close()

    def pages(self) -> Iterator[tuple[str, Page]]:
        """All open windows, with a name for each."""
        for person in self.people:
            for number, page in enumerate(person.context.pages, 1):
                yield f"{person.given}-{number}", page

    async def _browser(self) -> Browser:
        browser = await self._playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        self._stack.push_async_callback(browser.close)
        return browser


async def street(house: House, stack: AsyncExitStack) -> Street:
    """Open the street; everything on it closes with the stack."""
    folder = Path(
        stack.enter_context(
            tempfile.TemporaryDirectory(prefix="bastide-windows-", ignore_cleanup_errors=True)
        )
    )
    playwright = await stack.enter_async_context(async_playwright())
    expect.set_options(timeout=10_000)
    return Street(house, playwright, stack, folder)


class Trio(NamedTuple):
    """Three agents of two organisations, each at a browser of their own."""

    agathe: Person
    ousmane: Person
    wassila: Person


async def window_of(person: Person, served: Served, actor: Actor, path: str) -> Page:
    """Somebody of the town at a browser profile of the street; their window hears what happens from now on."""
    signed_in = await served.window(actor)
    assert signed_in.token is not None
    await person.context.add_cookies(
        [{"name": served.town.house.cookies.session, "value": signed_in.token, "url": served.base}]
    )
    page = person.page
    before = len(person.watch.heard)
    await page.goto(served.base + path)
    await until(lambda: len(person.watch.heard) > before, seconds=10)
    return page
