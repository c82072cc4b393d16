"""What must hold of every screen that a story passes: axe finds nothing, nothing scrolls sideways, one language.

And of every screen in the gallery besides: no control is cut.
"""

import re
from pathlib import Path

import msgspec
from playwright.async_api import Page

from tests.browser.support.house import WEB

_AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
_FINDINGS = """
async (only) => {
  // Whoever speaks to the machine says what they read on a button; axe still counts that rule among its experiments.
  const rules = { "label-content-name-mismatch": { enabled: true } };
  // Nothing is fetched for the two rules that would read style sheets and sounds: they say nothing of these pages.
  const which = only.length ? { runOnly: { type: "rule", values: only } } : { rules };
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, ...which });
  return violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.html.slice(0, 160)} ${n.failureSummary}`));
}
"""
_CLIPPED = Path(__file__).with_name("clipped.js").read_text(encoding="utf-8")
_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Everything that is written or said on the page, but what people wrote: their words have a language of their own.
_WORDS = """
() => {
  const found = new Set();
  const add = (text) => text?.trim() && found.add(text.trim().replace(/\\s+/gu, " "));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (!element || element.closest("script, style, [lang]:not(html)")) continue;
    if (node instanceof Element) {
      for (const name of ["aria-label", "title", "placeholder", "alt"]) add(element.getAttribute(name));
    } else add(node.textContent);
  }
  return [document.title, ...found];
}
"""


async def findings(page: Page, *only: str) -> list[str]:
    """What axe finds on the page as it is, by these rules or by all, and whether it scrolls sideways."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(_FINDINGS, only)
    if await page.evaluate(_SIDEWAYS):
        found.append("the page scrolls sideways")
    return found


async def clipped(page: Page) -> list[str]:
    """The controls that cannot be seen whole, and what is wrong with each."""
    found: list[str] = await page.evaluate(_CLIPPED)
    return [f"cut: {one}" for one in found]


async def words(page: Page) -> list[str]:
    """All that is written on the page or said by it."""
    found: list[str] = await page.evaluate(_WORDS)
    return found


class Language:
    """The sentences that the window has in one language and not in the other.

    A sentence with something filled in is known by what stands around it; one of which nothing else is left, or a word
    that both languages share, tells nothing.
    """

    def __init__(self, wanted: str, other: str) -> None:
        ours, theirs = sentences(wanted), sentences(other)
        strange = {text for key, text in theirs.items() if ours.get(key) != text} - set(ours.values())
        self._keys = re.compile(r"^[a-z][A-Za-z]*:?(\.[a-zA-Z_]+)+$")
        self._strange = [_pattern(text) for text in strange if _tells(text)]

    def strangers(self, found: list[str]) -> list[str]:
        """What on a page is of the other language, is the name of a sentence, or has something not filled in."""
        return [
            text
            for text in found
            if self._keys.match(text)
            or "{{" in text
            or "undefined" in text
            or any(one.fullmatch(text) for one in self._strange)
        ]


def sentences(language: str) -> dict[str, str]:
    """Every sentence of a language by its name."""
    found: dict[str, str] = {}
    for path in (WEB / "src" / "core" / "i18n" / language).glob("*.json"):
        _collect(found, path.stem, msgspec.json.decode(path.read_bytes()))
    return found


def _collect(found: dict[str, str], name: str, value: object) -> None:
    if isinstance(value, str):
        found[name] = re.sub(r"\s+", " ", value).strip()
    elif isinstance(value, dict):
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType] - any JSON
            _collect(found, f"{name}.{key}", inner)


def _tells(text: str) -> bool:
    """Whether a sentence is known by what it says itself: what people write may well end like one of ours."""
    beginning, *rest = (re.sub(r"\W", "", part) for part in re.split(r"\{\{.*?\}\}", text))
    return len(beginning) >= (6 if rest else 4) or len(beginning + "".join(rest)) >= 14


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{\{.*?\}\}", text)
    return re.compile(".+".join(re.escape(part) for part in parts), re.DOTALL)
