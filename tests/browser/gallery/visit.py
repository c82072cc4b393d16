"""A look at one screen: who looks, in which language, on how wide a window, and what they do to come to its state."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from playwright.async_api import Locator, Page

from tests.browser.support.screens import sentences
from tests.browser.support.windows import Person

HEIGHTS = {1440: 900, 820: 1180, 390: 844}
TOUCHED = 1000
"""Pixels; windows narrower than this are touched."""


class Who(StrEnum):
    """Who looks. Each is signed in before, but for nobody."""

    NOBODY = "nobody"
    ADMINISTRATOR = "administrator"
    OFFICE = "office"
    """The same person, in administration."""
    AGENT = "agent"
    READER = "reader"
    GUEST = "guest"
    NEWCOMER = "newcomer"
    LONG = "long"
    """Somebody whose names, spaces and files are as long as they may be."""


class Season(StrEnum):
    """What holds of the whole instance while one looks."""

    USUAL = "usual"
    CALL = "call"
    """Three are in a call."""
    READ_ONLY = "read-only"
    """The approval has expired."""
    CLOSED = "closed"
    """Moved to a commercial cloud."""
    EMPTY = "empty"
    """An instance of its own in which nobody lives."""
    FOUNDED = "founded"
    """The same, once its administrator has come in."""


class Look(NamedTuple):
    """How one looks."""

    language: str
    theme: str
    width: int

    @property
    def name(self) -> str:
        return f"{self.language}-{self.theme}-{self.width}"

    def context(self) -> dict[str, Any]:
        """What a browser's profile has to be for it."""
        touched = self.width < TOUCHED
        return {
            "viewport": {"width": self.width, "height": HEIGHTS.get(self.width, 900)},
            "locale": {"fr": "fr-FR", "en": "en-GB"}[self.language],
            "color_scheme": self.theme,
            "has_touch": touched,
            "is_mobile": touched,
        }


class Scene(msgspec.Struct):
    """What was made to be looked at: `places` by their names in paths, `files` to choose."""

    places: dict[str, str]
    files: dict[str, Any]
    one_at_a_time: asyncio.Lock


class Sentences:
    """The window's sentences in one language."""

    def __init__(self, language: str) -> None:
        self._all = sentences(language)

    def __call__(self, key: str, **values: object) -> re.Pattern[str]:
        """A sentence by its name, whole, as it stands on the page; what is not given may be anything."""
        text = self._all[key]
        for name, value in values.items():
            text = re.sub(rf"\{{\{{{name}\b.*?\}}\}}", str(value), text)
        parts = [re.sub(r"(\\ |\s)+", r"\\s+", re.escape(part)) for part in re.split(r"\{\{.*?\}\}", text)]
        return re.compile("^" + ".*".join(parts) + "$", re.DOTALL)


class Visit(NamedTuple):
    """Somebody before a screen. What `stack` holds is undone when they leave it."""

    person: Person
    look: Look
    said: Sentences
    scene: Scene
    stack: AsyncExitStack

    @property
    def page(self) -> Page:
        return self.person.page

    def seen(self, locator: Locator) -> Locator:
        """The first of what can be seen."""
        return locator.filter(visible=True).first

    def button(self, key: str, role: Any = "button", **values: object) -> Locator:
        """A control by its sentence."""
        return self.seen(self.page.get_by_role(role, name=self.said(key, **values)))

    def field(self, key: str) -> Locator:
        """A field by its label. What follows the label in it, like « facultatif », does not matter."""
        name = re.compile(self.said(key).pattern.removesuffix("$"))
        return self.seen(self.page.get_by_label(name))


Act = Callable[[Visit], Awaitable[None]]


class Screen(msgspec.Struct, frozen=True):
    """A screen in one of its states.

    Attributes:
        name: what its pictures are called.
        path: its address; `{names}` are the scene's places.
        ready: CSS of what is there once it is.
        who: who looks.
        before: what is done before it is opened.
        then: what is done on it, in order.
        season: what holds of the instance.
        widths: on which it exists; none means all.
        daily: whether continuous integration looks at it.
    """

    name: str
    path: str
    ready: str = "main h1, main h2"
    who: Who = Who.ADMINISTRATOR
    before: tuple[Act, ...] = ()
    then: tuple[Act, ...] = ()
    season: Season = Season.USUAL
    widths: tuple[int, ...] = ()
    daily: bool = True
