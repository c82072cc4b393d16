"""Writes OpenDocument texts and spreadsheets: the few parts of ODF 1.3 that the demo's files use.

A package is a zip whose first entry is ``mimetype``, stored and not deflated (OASIS ODF 1.3, part 2, section 3.3). The
dates inside the zip and in the metadata are those of the recipe, so that the same recipe gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from xml.sax.saxutils import escape

from bastide.demo import markup

_PREFIXES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}"'
    for prefix, name in (
        ("office", "office:1.0"),
        ("style", "style:1.0"),
        ("text", "text:1.0"),
        ("table", "table:1.0"),
        ("meta", "meta:1.0"),
        ("number", "datastyle:1.0"),
        ("fo", "xsl-fo-compatible:1.0"),
        ("of", "of:1.2"),
    )
)
_NS = _PREFIXES + ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MIME = {
    "text": "application/vnd.oasis.opendocument.text",
    "spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
}
_FACES = {"bold": "Strong", "italic": "Emphasis"}
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?$")
_ISO = re.compile(r"\d{4}-\d\d-\d\d$")
_SUM = re.compile(r"=SOMME\(([A-Z])(\d+):([A-Z])(\d+)\)$")


def text(page: markup.Page, made: datetime, author: str) -> bytes:
    """An .odt of ``page``, dated ``made`` (aware), by ``author``."""
    body = [f'<text:p text:style-name="Title">{escape(page.title)}</text:p>'] if page.title else []
    if page.subtitle:
        body.append(f'<text:p text:style-name="Subtitle">{escape(page.subtitle)}</text:p>')
    listed: Literal["bullet", "number"] | None = None
    for index, block in enumerate(page.blocks):
        if listed and block.kind != listed:
            body.append("</text:list>")
            listed = None
        if block.kind in {"bullet", "number"} and listed is None:
            listed = "bullet" if block.kind == "bullet" else "number"
            body.append(f'<text:list text:style-name="L{listed}">')
        body.append(_block(block, index))
    body.append("</text:list>" if listed else "")
    content = (
        f"{_XML}<office:document-content {_NS}><office:automatic-styles>{_TEXT_AUTOMATIC}</office:automatic-styles>"
        f"<office:body><office:text>{''.join(body)}</office:text></office:body></office:document-content>"
    )
    return _package("text", content, _text_styles(page.head), _meta(page.title, made, author), made)


def _block(block: markup.Block, index: int) -> str:
    if block.kind == "heading":
        return (
            f'<text:h text:style-name="Heading_20_{block.level}" text:outline-level="{block.level}">'
            f"{_runs(block.runs)}</text:h>"
        )
    if block.kind in {"bullet", "number"}:
        return f'<text:list-item><text:p text:style-name="List">{_runs(block.runs)}</text:p></text:list-item>'
    if block.kind == "table":
        return _text_table(block.rows, f"Tableau{index}")
    style = "PageBreak" if block.kind == "break" else "Standard"
    return f'<text:p text:style-name="{style}">{_runs(block.runs)}</text:p>'


def _runs(runs: Iterable[markup.Run]) -> str:
    return "".join(
        escape(run.text)
        if run.face == "plain"
        else f'<text:span text:style-name="{_FACES[run.face]}">{escape(run.text)}</text:span>'
        for run in runs
    )


def _text_table(rows: tuple[tuple[str, ...], ...], name: str) -> str:
    width = max(len(row) for row in rows)
    out = [f'<table:table table:name="{name}" table:style-name="Table">']
    out.append(f'<table:table-column table:number-columns-repeated="{width}"/>')
    for number, row in enumerate(rows):
        style = "TableHead" if number == 0 else "TableText"
        cells = "".join(
            f'<table:table-cell table:style-name="Cell" office:value-type="string">'
            f'<text:p text:style-name="{style}">{_runs(markup.runs(cell))}</text:p></table:table-cell>'
            for cell in (*row, *[""] * (width - len(row)))
        )
        line = f"<table:table-row>{cells}</table:table-row>"
        out.append(f"<table:table-header-rows>{line}</table:table-header-rows>" if number == 0 else line)
    return "".join([*out, "</table:table>", '<text:p text:style-name="Standard"/>'])


def sheet(page: markup.Page, made: datetime, author: str) -> bytes:
    """An .ods: each heading of level 1 begins a sheet, its table is the sheet. ``=SOMME(B2:B9)`` becomes a formula."""
    tables: list[str] = []
    name = page.title or "Feuille 1"
    for block in page.blocks:
        if block.kind == "heading":
            name = block.text
        elif block.kind == "table":
            tables.append(_sheet_table(block.rows, name))
    content = (
        f"{_XML}<office:document-content {_NS}><office:automatic-styles>{_SHEET_AUTOMATIC}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    styles = (
        f"{_XML}<office:document-styles {_NS}><office:styles>"
        '<style:default-style style:family="table-cell"><style:text-properties fo:font-size="10pt" fo:language="fr" '
        'fo:country="FR"/></style:default-style></office:styles></office:document-styles>'
    )
    return _package("spreadsheet", content, styles, _meta(page.title, made, author), made)


def _sheet_table(rows: tuple[tuple[str, ...], ...], name: str) -> str:
    width = max(len(row) for row in rows)
    out = [f'<table:table table:name="{escape(name, {chr(34): "&quot;"})}">']
    out.append(f'<table:table-column table:style-name="Column" table:number-columns-repeated="{width}"/>')
    for number, row in enumerate(rows):
        cells = "".join(_cell(cell, rows, head=number == 0) for cell in row)
        out.append(f"<table:table-row>{cells}</table:table-row>")
    return "".join([*out, "</table:table>"])


def _cell(cell: str, rows: tuple[tuple[str, ...], ...], *, head: bool) -> str:
    if head:
        return f'<table:table-cell table:style-name="Head" office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    if _NUMBER.match(cell):
        value = cell.replace(",", ".")
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{cell}</text:p></table:table-cell>'
    if _ISO.match(cell):
        return (
            f'<table:table-cell table:style-name="Day" office:value-type="date" office:date-value="{cell}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    if total := _SUM.match(cell):
        value = _total(rows, total[1], int(total[2]), int(total[4]))
        return (
            f'<table:table-cell table:style-name="Total" table:formula="of:=SUM([.{total[1]}{total[2]}:.{total[3]}{total[4]}])" '
            f'office:value-type="float" office:value="{value:g}"><text:p>{value:g}</text:p></table:table-cell>'
        )
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def _total(rows: tuple[tuple[str, ...], ...], letter: str, first: int, last: int) -> float:
    column = ord(letter) - ord("A")
    cells = (row[column] for row in rows[first - 1 : last] if column < len(row))
    return round(sum(float(cell.replace(",", ".")) for cell in cells if _NUMBER.match(cell)), 2)


def _meta(title: str, made: datetime, author: str) -> str:
    moment = made.strftime("%Y-%m-%dT%H:%M:%S")
    return (
        f"{_XML}<office:document-meta {_NS}><office:meta><dc:title>{escape(title)}</dc:title>"
        f"<dc:creator>{escape(author)}</dc:creator><dc:date>{moment}</dc:date><dc:language>fr-FR</dc:language>"
        f"<meta:creation-date>{moment}</meta:creation-date></office:meta></office:document-meta>"
    )


def _package(
    kind: Literal["text", "spreadsheet"], content: str, styles: str, meta: str, made: datetime
) -> bytes:
    mime = _MIME[kind]
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in (
            ("/", mime),
            *((f"{part}.xml", "text/xml") for part in ("content", "styles", "meta")),
        )
    )
    manifest = (
        f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3">{entries}</manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        parts = (
            ("mimetype", mime),
            ("content.xml", content),
            ("styles.xml", styles),
            ("meta.xml", meta),
            ("META-INF/manifest.xml", manifest),
        )
        for path, data in parts:
            entry = zipfile.ZipInfo(path, (made.year, made.month, made.day, made.hour, made.minute, 0))
            entry.compress_type = zipfile.ZIP_STORED if path == "mimetype" else zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same bytes on every system
            package.writestr(entry, data)
    return out.getvalue()


def _paragraph_style(name: str, size: str, space: str, extra: str = "", text_extra: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties '
        f'fo:margin-top="{space.split(maxsplit=1)[0]}" fo:margin-bottom="{space.split()[1]}" {extra}/>'
        f'<style:text-properties fo:font-size="{size}" {text_extra}/></style:style>'
    )


_BOLD = 'fo:font-weight="bold"'
_TEXT_AUTOMATIC = (
    '<style:style style:name="Table" style:family="table"><style:table-properties table:align="margins"/></style:style>'
    '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" '
    'fo:border-bottom="0.5pt solid #928b82"/></style:style>'
    '<style:style style:name="PageBreak" style:family="paragraph" style:parent-style-name="Standard">'
    '<style:paragraph-properties fo:break-before="page"/></style:style>'
    '<text:list-style style:name="Lbullet"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    '<style:list-level-properties text:space-before="0.4cm" text:min-label-width="0.5cm"/>'
    "</text:list-level-style-bullet></text:list-style>"
    '<text:list-style style:name="Lnumber"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."><style:list-level-properties text:space-before="0.4cm" text:min-label-width="0.6cm"/>'
    "</text:list-level-style-number></text:list-style>"
)
_SHEET_AUTOMATIC = (
    '<number:date-style style:name="N1"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="Column" style:family="table-column"><style:table-column-properties '
    'style:column-width="3.6cm"/></style:style>'
    '<style:style style:name="Head" style:family="table-cell"><style:table-cell-properties '
    'fo:background-color="#eae5dd" fo:border-bottom="0.5pt solid #928b82"/>'
    f"<style:text-properties {_BOLD}/></style:style>"
    '<style:style style:name="Day" style:family="table-cell" style:data-style-name="N1"/>'
    f'<style:style style:name="Total" style:family="table-cell"><style:text-properties {_BOLD}/></style:style>'
)


def _text_styles(head: str) -> str:
    styles = (
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:line-height="130%"/>'
        '<style:text-properties fo:font-size="11pt" fo:font-family="\'Liberation Sans\', Arial, sans-serif" '
        'fo:language="fr" fo:country="FR"/></style:default-style>'
        + _paragraph_style("Standard", "11pt", "0cm 0.2cm")
        + _paragraph_style("List", "11pt", "0cm 0.1cm")
        + _paragraph_style("Title", "20pt", "0cm 0.1cm", text_extra=f'{_BOLD} fo:color="#294e73"')
        + _paragraph_style("Subtitle", "12pt", "0cm 0.5cm", text_extra='fo:color="#4f4942"')
        + _paragraph_style("Heading_20_1", "15pt", "0.5cm 0.2cm", 'fo:keep-with-next="always"', _BOLD)
        + _paragraph_style("Heading_20_2", "12.5pt", "0.35cm 0.15cm", 'fo:keep-with-next="always"', _BOLD)
        + _paragraph_style("TableHead", "10pt", "0cm 0cm", text_extra=_BOLD)
        + _paragraph_style("TableText", "10pt", "0cm 0cm")
        + _paragraph_style("Header", "9pt", "0cm 0.3cm", text_extra='fo:color="#6b635b"')
        + f'<style:style style:name="Strong" style:family="text"><style:text-properties {_BOLD}/></style:style>'
        '<style:style style:name="Emphasis" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>'
    )
    page = (
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
        'fo:margin-top="2cm" fo:margin-bottom="2cm" fo:margin-left="2.4cm" fo:margin-right="2.4cm"/>'
        "<style:header-style/><style:footer-style/></style:page-layout>"
    )
    master = (
        '<style:master-page style:name="Standard" style:page-layout-name="A4"><style:header>'
        f'<text:p text:style-name="Header">{escape(head)}</text:p></style:header><style:footer>'
        '<text:p text:style-name="Header"><text:page-number text:select-page="current"/></text:p>'
        "</style:footer></style:master-page>"
    )
    return (
        f"{_XML}<office:document-styles {_NS}><office:styles>{styles}</office:styles>"
        f"<office:automatic-styles>{page}</office:automatic-styles>"
        f"<office:master-styles>{master}</office:master-styles></office:document-styles>"
    )
