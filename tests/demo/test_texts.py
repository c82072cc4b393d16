"""What the demo says is French as it is printed, about something, and nobody's copy of anything."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bastide.demo.load import CONTENT, load
from bastide.demo.model import Demo

N, B = "\u202f", "\u00a0"
KEPT = re.compile(r"```.*?```|`[^`\n]*`|https?://\S+|[\w.+-]+@[\w.-]+", re.DOTALL)
RULES = {
    "a narrow no-break space before ; ! ?": re.compile(rf"[^{N}!?][;!?]"),
    "a no-break space before a colon": re.compile(rf"[^{B}]:"),
    "a typographic apostrophe": re.compile(r"['`´]"),
    "one space at a time": re.compile(r" {2}"),
    "narrow no-break spaces inside « »": re.compile(rf"«[^{N}]|[^{N}]»"),
    "« » and not English quotes": re.compile(r"[\"“”]"),
    "no hole left": re.compile(r"[{}]"),
    "articles as they contract": re.compile(r"\b(?:du|au|à le|de le) (?:demain|hier|aujourd)|\bde aujourd"),
    "no wide space before a unit": re.compile(r"\d (?:€|%|k€|km|kg|h)\b"),
    "three dots in one sign": re.compile(r"\.\.\."),
}
# A day that is said in the sources must be a hole, or it would be wrong on most days.
FIXED_DAY = re.compile(
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|demain|après-demain|avant-hier|janvier|février|mars|avril"
    r"|mai|juin|juillet|août|septembre|octobre|novembre|décembre|ce week-end|(?:cette|la) semaine(?: prochaine| dernière)?)\b",
    re.IGNORECASE,
)
HABITS = re.compile(r"du lundi au vendredi")


@pytest.fixture(scope="module", params=[date(2026, 3, 10), date(2026, 8, 17), date(2027, 1, 1)], ids=str)
def demo(request: pytest.FixtureRequest) -> Demo:
    return load(request.param)


def _texts(demo: Demo) -> list[tuple[str, str]]:
    texts = [(m.key, text) for m in demo.messages for text in (m.text, m.first_text) if text]
    texts += [(c.key, c.topic) for s in demo.spaces for c in s.channels]
    return texts + [(s.key, text) for s in demo.spaces for text in (s.name, s.purpose)]


@pytest.mark.parametrize("rule", RULES)
def test_typography(demo: Demo, rule: str) -> None:
    found = [
        (key, m.group()) for key, text in _texts(demo) for m in RULES[rule].finditer(KEPT.sub("X", text))
    ]
    assert not found, f"{rule}: {found[:5]}"


@pytest.mark.parametrize("path", sorted((CONTENT / "conversations").glob("*.txt")), ids=lambda p: p.stem)
def test_no_fixed_day_in_the_sources(path: Path) -> None:
    text = HABITS.sub("", path.read_text(encoding="utf-8"))
    talk = [line for line in text.splitlines() if not line.startswith(("#", ";"))]
    found = [line for line in talk if FIXED_DAY.search(re.sub(r"\{[^}]*\}", "", line))]
    assert not found, found[:5]


def test_it_is_talk_and_not_filling(demo: Demo) -> None:
    texts = [m.text for m in demo.messages]
    lower = "\n".join(texts).lower()
    for empty in ("message 1", "lorem", "ipsum", "todo", "xxx", "foo", "test test"):
        assert empty not in lower
    again = [text for text, count in Counter(texts).items() if count > 1 and len(text) > 30]
    assert not again
    openings = Counter(text[:24] for text in texts if len(text) > 60 and not text.startswith("Relevé de "))
    assert max(openings.values()) <= 3
    words = re.findall(r"[a-zà-ÿœ]{3,}", lower)
    assert len(words) > 12000
    assert len(set(words)) > 2500


def test_the_markup_of_the_chat_is_used_and_closed(demo: Demo) -> None:
    texts = [m.text for m in demo.messages]
    assert sum("**" in text for text in texts) > 15
    assert sum("\n- " in text for text in texts) > 15
    assert sum("https://" in text for text in texts) >= 5
    assert sum("`" in text for text in texts) >= 8
    assert sum(text.count("\n> ") > 0 for text in texts) >= 3
    for text in texts:
        assert text.count("**") % 2 == 0, text
        assert text.count("`") % 2 == 0, text
        assert text == text.strip()


def test_every_address_leads_nowhere(demo: Demo) -> None:
    texts = "\n".join(text for _, text in _texts(demo)) + "\n".join(file.recipe.body for file in demo.files)
    hosts = re.findall(r"(?:https?://|@)([\w.-]+\.\w+)", texts)
    assert hosts
    assert all(host.endswith(".example") for host in hosts)
    assert all(agent.address.endswith(".example") for agent in demo.agents)


def test_telephone_numbers_are_those_kept_for_fiction(demo: Demo) -> None:
    """ARCEP decision 2018-0881: blocks that are never given to anybody."""
    texts = "\n".join(text for _, text in _texts(demo)) + "\n".join(file.recipe.body for file in demo.files)
    numbers = re.findall(r"\b0\d(?:[ \u00a0]\d\d){4}\b", texts)
    assert len(numbers) > 10
    fiction = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
    assert all(number.replace(B, " ").startswith(fiction) for number in numbers)


def test_names_are_of_many_shapes(demo: Demo) -> None:
    names = [agent.name for agent in demo.agents]
    assert any("-" in agent.given_name for agent in demo.agents)
    assert sum(any(ord(c) > 127 for c in name) for name in names) > 15
    assert all(re.fullmatch(r"[a-z.-]+@[a-z.-]+", agent.address) for agent in demo.agents)
    assert len({agent.family_name for agent in demo.agents}) == len(demo.agents)
    assert all(agent.service and agent.function for agent in demo.agents)


def test_file_names_are_names(demo: Demo) -> None:
    for file in demo.files:
        assert not re.search(r"[/\\:*?\"<>|{}\x00-\x1f']", file.name), file.name
        assert len(file.name.encode()) <= 255
    by_space = Counter((file.space, file.name) for file in demo.files)
    assert max(by_space.values()) == 1
