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
COLUMNS: tuple[Column, ...] = ("email", "given_name", "family_name", "function", "service")
NEEDED: tuple[Column, ...] = ("email", "given_name", "family_name")
_SEPARATORS = ",;\t"
_NAMES: dict[str, Column] = {
    **dict.fromkeys(
        (
            "adresse",
            "adressemail",
            "adresseemail",
            "adresseelectronique",
            "adressedemessagerie",
            "courriel",
            "email",
            "emailaddress",
            "mail",
            "mel",
            "address",
        ),
        "email",
    ),
    **dict.fromkeys(("prenom", "givenname", "firstname"), "given_name"),
    **dict.fromkeys(("nom", "nomdefamille", "familyname", "lastname", "surname"), "family_name"),
    **dict.fromkeys(("fonction", "poste", "function", "position", "jobtitle"), "function"),
    **dict.fromkeys(("service", "direction", "bureau", "department", "unit"), "service"),
}
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
    """A file as a list.

    Raises:
        Invalid: with `reason`: encoding, empty, columns (a needed one is missing), too-many, quotes.
    """
    if len(data) > BYTES_MOST:
        raise Invalid(field="file", reason="too-many")
    text = _text(data)
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[ListedLine] = []
    first: list[str] = []
    wrong: list[WrongLine] = []
    try:
        columns, ignored = _columns(next(reader, first))
        before, seen = reader.line_num, 0
        for cells in reader:
            number, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            seen += 1
            if seen > LINES_MOST:
                raise Invalid(field="file", reason="too-many")
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                wrong.append(fault(number, None, "cells", separator.join(cells)))
                continue
            found = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
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


def _columns(cells: list[str]) -> tuple[list[Column | None], list[str]]:
    columns: list[Column | None] = []
    ignored: list[str] = []
    for cell in cells:
        column = _NAMES.get(re.sub(r"[^a-z]", "", fold(cell)))
        if column in columns:
            column = None
        columns.append(column)
        if column is None and cell.strip():
            ignored.append(cell.strip()[:_SHOWN_MOST])
    if any(needed not in columns for needed in NEEDED):
        raise Invalid(field="file", reason="columns")
    return columns, ignored[:_IGNORED_MOST]
