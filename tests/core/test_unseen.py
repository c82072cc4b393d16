"""Names that look the same are the same, and those that need a joiner keep it."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.core.content import Plain, checked
from bastide.core.errors import Invalid
from bastide.core.unseen import MARKS_MOST, without_unseen
from bastide.files.names import checked_name


def name(text: str, most: int = 400) -> str:
    return checked(Plain(text), field="name", least=1, most=most, one_line=True).text


UNSEEN = [
    "\u00ad",
    "\u034f",
    "\u180b",
    "\u180e",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\u2061",
    "\u2064",
    "\u206a",
    "\ufe00",
    "\ufe0e",
    "\ufe0f",
    "\ufeff",
    "\ufff9",
    "\U000e0001",
    "\U000e0041",
    "\U000e007f",
    "\U000e0100",
    "\U0001d173",
]


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda c: f"U+{ord(c):04X}")
def test_what_nobody_sees_is_taken_out_wherever_it_is(unseen: str) -> None:
    for text in (f"Bud{unseen}get", f"{unseen}Budget", f"Budget{unseen}", f"B{unseen * 3}udget{unseen}"):
        assert name(text) == "Budget"
    assert name(f"n°{unseen} 3 !{unseen}") == "n° 3 !"
    assert checked_name(Plain(f"invis{unseen}.exe")) == Plain("invis.exe")
    with pytest.raises(Invalid):
        name(unseen * 5)


@pytest.mark.parametrize(
    "blank", ["\u115f", "\u1160", "\u2800", "\u3164", "\uffa0", "\u00a0", "\u202f", "\u3000"]
)
def test_what_looks_like_a_space_is_one(blank: str) -> None:
    assert name(f"{blank}Plan{blank}{blank}crue{blank}") == "Plan crue"


@pytest.mark.parametrize(
    "text",
    [
        "Préfecture de l’Île-de-France — œuvres & çà",
        "Kêr ar C’hoad",
        "Ħ ñ ü ß Elsàssisch",
        "Euskal Herria, Còrsica, Occitània",
        "ʻAparima, te fenua ’Ōpūnohu",
        "ⵜⴰⵎⴰⵣⵉⵖⵜ",
        "Հայերեն ייִדיש",
        "Việt Nguyễn",
        "اللغة العربية",
        "می\u200cخواهم",
        "क्\u200dष न\u200cम",
        "👩\u200d👩\u200d👧 famille",
        "👩🏽\u200d🚒 pompiers",
        "❤\ufe0f\u200d🔥 ☎\ufe0f ✈\ufe0e ©\ufe0f ℹ\ufe0f",
        "🏴\u200d☠\ufe0f 🏳\ufe0f\u200d🌈 🐈\u200d⬛",
        "1\ufe0f\u20e3 étage",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f Angleterre",
        "🇫🇷 13ᵉ n° 3",
    ],
)
def test_what_languages_and_emoji_need_stays(text: str) -> None:
    assert name(text) == unicodedata.normalize("NFC", text)


def test_a_joiner_that_joins_nothing_goes() -> None:
    assert name("👩\u200d famille") == "👩 famille"
    assert name("fam\u200dille 👩\u200d\u200d👧") == "famille 👩\u200d👧"
    assert name("Budget\ufe0f 2\ufe0f!\ufe0f+\ufe0f") == "Budget 2!+"
    assert name("🏴\U000e0067 🏴\U000e0067\U000e0062\U000e0065") == "🏴 🏴"
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "un message cache dans un drapeau")
    assert name(f"🏴{hidden}\U000e007f") == "🏴"


def test_the_same_name_composed_and_not_is_one() -> None:
    assert name("E\u0301quipe") == name("Équipe") == "Équipe"
    assert name("e\u200b\u0301") == "é"


def test_marks_do_not_pile_up() -> None:
    with pytest.raises(Invalid):
        name("a" + "\u0300" * 88)
    with pytest.raises(Invalid):
        name("a" + "\u0323\u0300" * 3)
    with pytest.raises(Invalid):
        name("a" + "\u200b\u0300" * 5)
    assert name("x" + "\u0323" * MARKS_MOST)
    assert name("e\u0301\u0323 e\u0301\u0323 " * 20), "marks of many letters are not piled up"


def test_a_name_drowned_in_what_nobody_sees_is_not_read_through() -> None:
    assert name("a" + "\u200b" * 3000 + "b") == "ab"
    with pytest.raises(Invalid):
        name("a" + "\u200b" * 1_000_000 + "b")


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = without_unseen(text)
    try:
        tidy = name(text)
    except Invalid:
        return
    assert name(tidy) == tidy
    assert len(once) <= len(text)


def test_whatever_unicode_ignores_is_taken_out() -> None:
    """Every format character but those that are shown, between two plain letters."""
    shown = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    turning = {0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) != "Cf" or code in shown | turning:
            continue
        assert name(f"a{chr(code)}b") == "ab", hex(code)
