# ruff: noqa: INP001 - a script by itself
"""Build `bastide-narrow.woff2`: a font of one empty glyph, the narrow no-break space U+202F.

Atkinson Hyperlegible Next does not have it, so each browser would take it from another font, and with it
another width. French puts it before « ; ! ? » and between a figure and its unit: it is on every screen.

Run: `python -m venv v && v/bin/pip install fonttools==4.68.0 brotli==1.2.1 && v/bin/python build_narrow_space.py`.
The output is the same bytes each time (fixed dates); it is committed so that nobody needs fontTools to build.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

UNITS_PER_EM = 1000
ADVANCE = 190  # thousandths of an em: measured against the pictures of the look
ASCENT, DESCENT = (
    984,
    -316,
)  # as in Atkinson Hyperlegible Next: it comes first in the stack and sets the strut
DATE = 3_800_000_000  # seconds since 1904, any constant


def mark() -> Glyph:
    """A small triangle that nobody sees: browsers refuse a font without any outline."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 100))
    pen.lineTo((100, 0))
    pen.closePath()
    return pen.glyph()


fonts = FontBuilder(UNITS_PER_EM, isTTF=True)
fonts.setupGlyphOrder([".notdef", "narrow"])
fonts.setupCharacterMap({0x202F: "narrow"})
fonts.setupGlyf({".notdef": mark(), "narrow": Glyph()})
fonts.setupHorizontalMetrics({".notdef": (ADVANCE, 0), "narrow": (ADVANCE, 0)})
fonts.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
fonts.setupNameTable({"familyName": "Bastide Narrow", "styleName": "Regular"})
fonts.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT)
fonts.setupPost(keepGlyphNames=False)
fonts.font["head"].created = fonts.font["head"].modified = DATE
fonts.font.recalcTimestamp = False
fonts.font.flavor = "woff2"
fonts.save(Path(__file__).with_name("bastide-narrow.woff2"))
