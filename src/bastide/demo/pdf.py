"""Writes PDF 1.7 documents of text and tables, A4, in Helvetica (ISO 32000-1; the fonts need not be embedded).

It sets what ``markup`` reads, and nothing more: title, headings, paragraphs, lists, tables, a running head, page
numbers. The dates inside are those of the recipe, so that the same recipe gives the same bytes.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime

import msgspec

from bastide.demo import markup, metrics

_WIDTH, _HEIGHT = 595.28, 841.89
_LEFT, _TOP, _BOTTOM = 62.0, 78.0, 66.0
_MEASURE = _WIDTH - 2 * _LEFT
_FONTS = {"plain": "F1", "bold": "F2", "italic": "F3"}
_INK, _ACCENT, _QUIET, _LINE = (
    "0.129 0.114 0.098",
    "0.161 0.306 0.451",
    "0.42 0.388 0.357",
    "0.573 0.545 0.51",
)
_HEADINGS = {1: (14.5, 20.0), 2: (12.0, 14.0), 3: (11.0, 11.0)}
_CELL = 5.0


class _Word(msgspec.Struct, frozen=True):
    data: bytes
    face: str
    glued: bool


def encode(text: str) -> bytes:
    """``text`` in Windows-1252; the narrow space, which it lacks, becomes a no-break space. Raises UnicodeEncodeError."""
    return text.replace("\u202f", "\u00a0").encode("cp1252")


def _literal(data: bytes) -> bytes:
    for mark in (b"\\", b"(", b")"):
        data = data.replace(mark, b"\\" + mark)
    return b"(" + data + b")"


def _words(runs: Iterable[markup.Run]) -> list[_Word]:
    """Cut at ordinary spaces. A word that follows the last one without a space, in another face, is glued to it."""
    out: list[_Word] = []
    spaced = True
    for run in runs:
        for index, piece in enumerate(run.text.split(" ")):
            spaced = spaced or index > 0
            if piece:
                out.append(_Word(encode(piece), run.face, glued=not spaced))
                spaced = False
    return out


def _lines(words: list[_Word], size: float, measure: float) -> list[list[_Word]]:
    lines: list[list[_Word]] = [[]]
    used = 0.0
    for word in words:
        width = metrics.width(word.data, word.face, size)
        space = 0.0 if word.glued or not lines[-1] else metrics.width(b" ", "plain", size)
        if lines[-1] and used + space + width > measure and not word.glued:
            lines.append([])
            used = space = 0.0
        lines[-1].append(word)
        used += space + width
    return lines


class _Paper:
    """Pages filled from top to bottom; ``y`` is where the last line stands."""

    def __init__(self) -> None:
        self.pages: list[list[bytes]] = []
        self.turn()

    def turn(self) -> None:
        self.page: list[bytes] = []
        self.pages.append(self.page)
        self.y = _HEIGHT - _TOP

    def need(self, height: float) -> None:
        if self.y - height < _BOTTOM:
            self.turn()

    def put(self, code: str, data: bytes = b"") -> None:
        self.page.append(code.encode() + data)

    def text(self, words: Iterable[_Word], x: float, y: float, size: float, color: str = _INK) -> None:
        for index, word in enumerate(words):
            if index and not word.glued:
                x += metrics.width(b" ", "plain", size)
            self.put(
                f"BT /{_FONTS[word.face]} {size:g} Tf {color} rg {x:.2f} {y:.2f} Td ",
                _literal(word.data) + b" Tj ET",
            )
            x += metrics.width(word.data, word.face, size)

    def rule(self, y: float, width: float = 0.6) -> None:
        self.put(f"{_LINE} RG {width:g} w {_LEFT:g} {y:.2f} m {_LEFT + _MEASURE:.2f} {y:.2f} l S")

    def flow(
        self,
        runs: Iterable[markup.Run],
        size: float,
        *,
        indent: float = 0,
        color: str = _INK,
        after: float = 6,
    ) -> None:
        leading = size * 1.36
        for line in _lines(_words(runs), size, _MEASURE - indent):
            self.need(leading)
            self.y -= leading
            self.text(line, _LEFT + indent, self.y, size, color)
        self.y -= after


def text(page: markup.Page, made: datetime, author: str) -> bytes:
    """A .pdf of ``page``, dated ``made`` (aware), by ``author``. Raises UnicodeEncodeError outside Windows-1252."""
    paper = _Paper()
    if page.title:
        paper.flow([markup.Run(page.title, "bold")], 20, color=_ACCENT, after=2)
    if page.subtitle:
        paper.flow([markup.Run(page.subtitle)], 11.5, color=_QUIET, after=12)
    number = 0
    for block in page.blocks:
        number = number + 1 if block.kind == "number" else 0
        _block(paper, block, number)
    for index, _ in enumerate(paper.pages):
        _running(paper, page.head, index)
    return _file(paper.pages, page.title, made, author)


def _block(paper: _Paper, block: markup.Block, number: int) -> None:
    if block.kind == "heading":
        size, before = _HEADINGS[block.level]
        paper.need(before + 4 * size)
        paper.y -= before - 6
        paper.flow([markup.Run(block.text, "bold")], size, after=4)
    elif block.kind == "break":
        paper.turn()
    elif block.kind == "table":
        _table(paper, block.rows)
    elif block.kind == "paragraph":
        paper.flow(block.runs, 10.5)
    else:
        paper.need(15)
        sign = _Word(encode(f"{number}." if number else "•"), "plain", glued=False)
        paper.text([sign], _LEFT + 4, paper.y - 10.5 * 1.36, 10.5)
        paper.flow(block.runs, 10.5, indent=18, after=3)


def _table(paper: _Paper, rows: tuple[tuple[str, ...], ...]) -> None:
    count = max(len(row) for row in rows)
    size = 9.5
    natural = [max((len(row[i]) for row in rows if i < len(row)), default=1) for i in range(count)]
    shares = [min(max(length, 5), 44) for length in natural]
    widths = [_MEASURE * share / sum(shares) for share in shares]
    figures = [all(_figure(row[i]) for row in rows[1:] if i < len(row) and row[i]) for i in range(count)]
    for index, row in enumerate(rows):
        cells = [
            _lines(
                _words(markup.runs(f"**{cell}**" if index == 0 and cell else cell)),
                size,
                widths[i] - 2 * _CELL,
            )
            for i, cell in enumerate(row)
        ]
        height = max(len(lines) for lines in cells) * size * 1.3 + 2 * _CELL
        paper.need(height)
        x = _LEFT
        for i, lines in enumerate(cells):
            y = paper.y - _CELL
            for line in lines:
                y -= size * 1.3
                free = widths[i] - 2 * _CELL - _line_width(line, size)
                paper.text(line, x + _CELL + (free if figures[i] else 0), y + 2.5, size)
            x += widths[i]
        paper.y -= height
        paper.rule(paper.y, 1.0 if index == 0 else 0.5)
    paper.y -= 10


def _line_width(line: list[_Word], size: float) -> float:
    words = sum(metrics.width(word.data, word.face, size) for word in line)
    return words + metrics.width(b" ", "plain", size) * sum(not word.glued for word in line[1:])


def _figure(cell: str) -> bool:
    return cell.strip("*")[:1].isdigit() and sum(c.isalpha() for c in cell) <= 3  # noqa: PLR2004  (units)


def _running(paper: _Paper, head: str, index: int) -> None:
    paper.page = paper.pages[index]
    paper.text(_words([markup.Run(head)]), _LEFT, _HEIGHT - 44, 8.5, _QUIET)
    number = _words([markup.Run(f"{index + 1} / {len(paper.pages)}")])
    paper.text(number, _LEFT + _MEASURE - _line_width(number, 8.5), 36, 8.5, _QUIET)


def _string(text: str) -> bytes:
    """A text string of the document's facts: UTF-16 with its mark (7.9.2.2)."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def _file(pages: list[list[bytes]], title: str, made: datetime, author: str) -> bytes:
    moment = made.strftime("D:%Y%m%d%H%M%S") + f"{made:%z}"[:3] + "'" + f"{made:%z}"[3:] + "'"
    fonts = b" ".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
        for key, name in (("F1", "Helvetica"), ("F2", "Helvetica-Bold"), ("F3", "Helvetica-Oblique"))
    )
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d /MediaBox [0 0 %s %s] /Resources << /Font << %s >> >> >>"
        % (len(pages), str(_WIDTH).encode(), str(_HEIGHT).encode(), fonts),
        b"<< /Title " + _string(title) + b" /Author " + _string(author) + b" /Producer (Bastide) /CreationDate "
        + _literal(moment.encode()) + b" >>",
    ]  # fmt: skip
    for index, page in enumerate(pages):
        stream = zlib.compress(b"\n".join(page), 9)
        objects.append(b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>" % (5 + 2 * index))
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream)
        )
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets: list[int] = []
    for number, data in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
