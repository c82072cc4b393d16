"""Characters that nobody sees, taken out of names: two names that look the same are the same.

What is ignored when text is shown (Unicode's Default_Ignorable_Code_Point, and the other format characters) has no place in a
name, UTS #39 section 3 and UTS #55 say, but where it changes what one sees: joiners inside emoji and between letters of
scripts that need them, one style selector behind a symbol, the tags of a flag. Such characters come along with what is pasted
from documents and web pages, so they are taken out in silence and not refused: nobody could see what to correct.

French and the other languages of France need none of them.
"""

import re
import unicodedata
from typing import Final

MARKS_MOST: Final = 4
"""Marks on one letter, taken apart (UTS #39 section 5.4). Vietnamese has two, pointed Hebrew three."""

_BLANK_LETTERS: Final = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
"""Letters and a pattern that are as wide as a blank and look like one."""

_FLAG: Final = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
"""A flag of a region: a black flag, its code in tags, the end (UTS #51)."""
# What is shown although it is of the same category as what is not: signs before Arabic, Syriac and Kaithi numbers.
_SHOWN: Final = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
_ZWNJ, _ZWJ, _TEXT_STYLE, _EMOJI_STYLE = "\u200c", "\u200d", "\ufe0e", "\ufe0f"
_IGNORED: Final = re.compile(
    "[\u034f\u17b4\u17b5\u180b-\u180f\u2065\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_EMOJI: Final = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935\u2b00-\u2b5f"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001fffd]"
)
"""Where emoji and what can be shown as one are, also those that are still to come."""
_KEYCAP: Final = "\u20e3"
_KEYS: Final = frozenset("#*0123456789")
# Scripts whose letters join, or whose joiners tell words apart: Arabic to the scripts of India, Burmese, Khmer, Mongolian.
_JOINING: Final = re.compile(
    "[\u0600-\u0dff\u1000-\u109f\u1780-\u18af\ua840-\ua87f\ua8e0-\ua8ff\U00011000-\U00011fff]"
)
_MARKS: Final = frozenset({"Mn", "Me"})


def without_unseen(text: str) -> str:
    """A text of one line without the characters that nobody sees; blank letters become spaces."""
    if text.isascii():
        return text
    parts: list[str] = []
    end = 0
    for flag in _FLAG.finditer(text):
        parts += [_cleaned(text[end : flag.start()]), flag[0]]
        end = flag.end()
    return "".join([*parts, _cleaned(text[end:])])


def too_many_marks(text: str) -> bool:
    """Whether marks pile up on a letter, as they do in no language and over the lines around."""
    pile = 0
    for character in unicodedata.normalize("NFD", text):
        marks = unicodedata.category(character) in _MARKS and character not in (_TEXT_STYLE, _EMOJI_STYLE)
        pile = pile + 1 if marks else 0
        if pile > MARKS_MOST:
            return True
    return False


def _cleaned(text: str) -> str:
    text = text.translate(_BLANK_LETTERS)
    kept: list[str] = []
    for at, character in enumerate(text):
        if not _is_unseen(character) or _is_needed(character, kept, text[at + 1 : at + 2]):
            kept.append(character)
    return "".join(kept)


def _is_unseen(character: str) -> bool:
    if _IGNORED.match(character):
        return True
    return unicodedata.category(character) == "Cf" and character not in _SHOWN


def _is_needed(character: str, before: list[str], after: str) -> bool:
    """Whether it changes how its neighbours look."""
    last = before[-1] if before else ""
    if character in (_TEXT_STYLE, _EMOJI_STYLE):
        return bool(_EMOJI.match(last)) or (last in _KEYS and after == _KEYCAP)
    if character == _ZWJ and _EMOJI.match(after):
        return bool(_EMOJI.match(last)) or last == _EMOJI_STYLE
    if character in (_ZWNJ, _ZWJ):
        return bool(_JOINING.match(last) and _JOINING.match(after))
    return False
