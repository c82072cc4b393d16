"""The plain markup in which the demo's documents and sheets are written.

titre: Compte rendu de l'exercice          before the first empty line: facts about the document
en-tête: Préfecture de la Haute-Vézelle

# Heading, ## smaller                       - item        1. numbered item
Paragraph with **bold** and *italic*.       | cell | cell |   rows of a table, the first one its head
---                                         a new page (in a sheet: « # Name » starts a new sheet)
"""

import re
from typing import Literal

import msgspec

_RUN = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<italic>.+?)\*|(?P<plain>[^*]+|\*)")
_FACT = re.compile(r"(?P<name>[\w-]+)[\u00a0 ]*: ?(?P<value>.*)$")
_NUMBERED = re.compile(r"\d+\. ")


class Run(msgspec.Struct, frozen=True):
    """A stretch of text in one face."""

    text: str
    face: Literal["plain", "bold", "italic"] = "plain"


class Block(msgspec.Struct, frozen=True):
    """One paragraph of the document. ``level`` is that of a heading; ``rows`` those of a table."""

    kind: Literal["heading", "paragraph", "bullet", "number", "table", "break"]
    runs: tuple[Run, ...] = ()
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """The text without its faces."""
        return "".join(run.text for run in self.runs)


class Page(msgspec.Struct, frozen=True):
    """A whole document: its title, subtitle and running head, and its blocks."""

    title: str
    subtitle: str
    head: str
    blocks: tuple[Block, ...]


def runs(text: str) -> tuple[Run, ...]:
    """``text`` cut into its faces."""
    out: list[Run] = []
    for match in _RUN.finditer(text):
        if match["bold"]:
            out.append(Run(match["bold"], "bold"))
        elif match["italic"]:
            out.append(Run(match["italic"], "italic"))
        else:
            out.append(Run(match["plain"]))
    return tuple(out)


class _Reader:
    """Blocks, from lines: those of a paragraph or a table are gathered until something else comes."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._paragraph: list[str] = []
        self._rows: list[tuple[str, ...]] = []

    def flush(self) -> None:
        if self._paragraph:
            self.blocks.append(Block("paragraph", runs(" ".join(self._paragraph))))
        if self._rows:
            self.blocks.append(Block("table", rows=tuple(self._rows)))
        self._paragraph, self._rows = [], []

    def feed(self, line: str) -> None:
        if line.startswith("|"):
            if self._paragraph:
                self.flush()
            self._rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            return
        block = _single(line)
        if block or self._rows or not line.strip():
            self.flush()
        if block:
            self.blocks.append(block)
        elif line.strip():
            self._paragraph.append(line.strip())


def read(text: str) -> Page:
    """``text`` in the markup above, read."""
    facts: dict[str, str] = {}
    lines = text.splitlines()
    while lines and (fact := _FACT.match(lines[0])):
        facts[fact["name"]] = fact["value"].strip()
        lines.pop(0)
    reader = _Reader()
    for line in lines:
        reader.feed(line)
    reader.flush()
    return Page(
        facts.get("titre", ""), facts.get("sous-titre", ""), facts.get("en-tête", ""), tuple(reader.blocks)
    )


def _single(line: str) -> Block | None:
    """The block that ``line`` is on its own, None when it is part of a paragraph."""
    if line.startswith("#"):
        marks, _, title = line.partition(" ")
        return Block("heading", runs(title), level=len(marks))
    if line.startswith("- "):
        return Block("bullet", runs(line[2:]))
    if number := _NUMBERED.match(line):
        return Block("number", runs(line[number.end() :]))
    return Block("break") if line.strip() == "---" else None
