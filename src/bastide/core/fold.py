"""Folding: words without accents or case, so that « Éloïse » is found by « eloise ».

PostgreSQL's `unaccent` is not in the embedded server, so it is done here, the same way for what is kept and what is asked.
"""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})
_WORDS = re.compile(r"[^\W_]+")
_WORDS_ASKED_MOST = 8


def fold(text: str) -> str:
    """Lower case, without accents; ligatures are opened."""
    folded = unicodedata.normalize("NFKD", text).casefold()  # a letter taken apart may still be a capital: 𝕊
    decomposed = unicodedata.normalize("NFKD", folded.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(*texts: str) -> str:
    """The folded words of texts, for a column that is searched with `prefixes`."""
    return " ".join(_WORDS.findall(fold(" ".join(texts))))


def prefixes(asked: str) -> str | None:
    """A tsquery (configuration `simple`) that finds rows holding a word that begins with each word asked, in any order.

    None when nothing was asked that could be a word. Only letters and digits get through, so no tsquery syntax can.
    """
    found = _WORDS.findall(fold(asked))[:_WORDS_ASKED_MOST]
    return " & ".join(f"{word}:*" for word in found) or None
