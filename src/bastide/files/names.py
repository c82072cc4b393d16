"""What a file may be called."""

import unicodedata

from bastide.core.content import Content, Plain, checked
from bastide.core.errors import Invalid

NAME_MOST = 400


def checked_name(name: Content) -> Content:
    """A file's name: one line, without a path, composed (NFC) so that it looks and compares alike from every system.

    Of a path only the last part stays, whichever way its separators lean: a name never leads anywhere.

    Raises:
        Invalid: nothing is left, it is too long, or it holds what cannot be shown.
    """
    text = unicodedata.normalize("NFC", name.text)
    text = text.replace("\\", "/").rsplit("/", 1)[-1]
    tidy = checked(Plain(text), field="name", least=1, most=NAME_MOST, one_line=True)
    if not tidy.text.strip(". "):
        raise Invalid(field="name")
    return tidy
