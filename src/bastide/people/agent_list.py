"""A list of agents as administrations keep it: a CSV file, as a spreadsheet of theirs saves it.

UTF-8 or Windows-1252; commas, semicolons or tabs; a first line with the columns' names, French or English, in any order.
Cells are text, whatever they begin with: nothing here works out a formula. There is no column for administrators.
"""

import csv
import io
import re

import msgspec

from bastide.core.errors import Invalid
from bastide.core.fold import fold
from bastide.people.invited import Column, Fault, NewInvitation, WrongLine

LINES_MOST = 5_000
BYTES_MOST = 2 << 20
COLUMNS_MOST = 100
COLUMNS: tuple[Column, ...] = ("email", "given_name", "family_name", "function", "service")
NEEDED: tuple[Column, ...] = ("email", "given_name", "family_name")
_SEPARATORS = ",;\t"
# What each column is called, the surest name first: of several columns for one thing, a line's first that says something
# counts. « Adresse » may be where somebody lives, and « Nom de naissance » is asked only of who uses no other.
_NAMES: dict[Column, tuple[str, ...]] = {
    "email": (
        *("courrielprofessionnel", "emailprofessionnel", "mailprofessionnel", "adressemailprofessionnelle"),
        *("adresseelectroniqueprofessionnelle", "emailpro", "mailpro", "courriel", "email", "adresseemail"),
        *("adressemail", "adresseelectronique", "adressedemessagerie", "adressecourriel", "emailaddress"),
        *("mail", "mel", "messagerie", "adresse", "address"),
    ),
    "given_name": (
        *("prenomusuel", "prenomdusage", "prenom", "prenoms", "givenname", "firstname", "givennames"),
    ),
    "family_name": (
        *("nomdusage", "nomusage", "nomusuel", "nomdefamille", "nom", "familyname", "lastname", "surname"),
        *("nommarital", "nomdenaissance", "nomnaissance", "nompatronymique", "birthname"),
    ),
    "function": (
        *("fonction", "intitulefonction", "intituledelafonction", "libellefonction", "fonctionexercee"),
        *("intituleduposte", "intituleposte", "libelleposte", "poste", "posteoccupe", "intitule", "emploi"),
        *("metier", "function", "position", "jobtitle", "title"),
    ),
    "service": (
        *(
            "service",
            "servicedaffectation",
            "libelleservice",
            "bureau",
            "unite",
            "affectation",
            "departement",
        ),
        *("pole", "structure", "entite", "sousdirection", "direction", "department", "unit"),
    ),
}
_KNOWN: dict[str, tuple[Column, int]] = {
    name: (column, rank) for column, names in _NAMES.items() for rank, name in enumerate(names)
}
# A spreadsheet says its separator so on a line of its own, before all others.
_SAYS = re.compile(r'"?sep=([,;\t])"?\r?\n', re.IGNORECASE)
_IGNORED_MOST, _SHOWN_MOST = 20, 80


class ListedLine(msgspec.Struct, frozen=True):
    """Somebody on a list, and the line of the file where they stand."""

    line: int
    who: NewInvitation


class AgentList(msgspec.Struct, frozen=True):
    """What a file says: who is on it, cells that are no good, columns that mean nothing here."""

    lines: list[ListedLine]
    wrong: list[WrongLine]
    ignored: list[str]


def read(data: bytes) -> AgentList:
    """A file as a list. It may take a second or two: in a thread, the loop goes on meanwhile.

    Raises:
        Invalid: with `reason`: encoding, empty, columns (a needed one is missing), too-wide, too-many, quotes.
    """
    if len(data) > BYTES_MOST:
        raise Invalid(field="file", reason="too-many")
    text = _text(data)
    said = _SAYS.match(text)
    above = 0 if said is None else 1
    text = text if said is None else text[said.end() :]
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count) if said is None else said[1]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[ListedLine] = []
    first: list[str] = []
    wrong: list[WrongLine] = []
    try:
        columns, width, ignored = _columns(next(reader, first))
        before, seen = reader.line_num, 0
        for cells in reader:
            number, before = before + 1 + above, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            seen += 1
            if seen > LINES_MOST:
                raise Invalid(field="file", reason="too-many")
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                wrong.append(fault(number, None, "cells", separator.join(cells)))
                continue
            found = {column: _said(cells, places) for column, places in columns.items()}
            missing: list[Column] = [column for column in NEEDED if not found.get(column)]
            wrong += [fault(number, column, "missing", "") for column in missing]
            if not missing:
                lines.append(ListedLine(number, msgspec.convert(found, NewInvitation)))
    except csv.Error as error:
        raise Invalid(field="file", reason="quotes") from error
    if not lines and not wrong:
        raise Invalid(field="file", reason="empty")
    return AgentList(lines, wrong, ignored)


def fault(line: int, column: Column | None, what: Fault, text: str) -> WrongLine:
    """What is wrong with a line; of the cell's text the beginning is shown."""
    return WrongLine(line, column, what, text[:_SHOWN_MOST])


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A file of two bytes a letter reads as Windows-1252, with a zero at every other place.
        if "\x00" not in text:
            return text
    raise Invalid(field="file", reason="encoding")


def _said(cells: list[str], places: list[int]) -> str:
    """The first of some cells of a line that says something."""
    return next((text for at in places if at < len(cells) and (text := cells[at].strip())), "")


def _plain(cell: str) -> str:
    """A column's name as `_KNOWN` has it; empty for what is far too long for one: folding a pile of marks takes seconds."""
    cell = cell.strip()
    return re.sub(r"[^a-z]", "", fold(cell)) if len(cell) <= _SHOWN_MOST else ""


def _columns(cells: list[str]) -> tuple[dict[Column, list[int]], int, list[str]]:
    """Where each thing stands, the surest place first; how many columns there are; and those that mean nothing here."""
    if len(cells) > COLUMNS_MOST:
        raise Invalid(field="file", reason="too-wide")
    found: dict[Column, dict[int, int]] = {}
    ignored: list[str] = []
    for at, cell in enumerate(cells):
        known = _KNOWN.get(_plain(cell))
        if known is not None and known[1] not in found.setdefault(known[0], {}):
            found[known[0]][known[1]] = at
        elif cell.strip():
            ignored.append(cell.strip()[:_SHOWN_MOST])
    if any(needed not in found for needed in NEEDED):
        raise Invalid(field="file", reason="columns")
    places: dict[Column, list[int]] = {
        column: [ranks[rank] for rank in sorted(ranks)] for column, ranks in found.items()
    }
    return places, len(cells), ignored[:_IGNORED_MOST]
