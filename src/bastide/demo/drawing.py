"""Pencils for the demo's pictures: palette, curves, textures and lettering on Pillow.

Nothing here draws at random: who needs chance brings a seeded ``random.Random``.
"""

import itertools
import math
import random
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]
Color = tuple[int, int, int]


def rgb(value: str) -> Color:
    """« 35618c » as three numbers."""
    return int(value[0:2], 16), int(value[2:4], 16), int(value[4:6], 16)


# The hues of the look: pale, middle, deep.
HUES: dict[str, tuple[Color, Color, Color]] = {
    "woad": (rgb("c2d9f1"), rgb("486686"), rgb("23415e")),
    "étang": (rgb("b7dee3"), rgb("326e74"), rgb("01484e")),
    "sauge": (rgb("c1dfca"), rgb("466e54"), rgb("204830")),
    "mousse": (rgb("d3dabb"), rgb("60683f"), rgb("3b431a")),
    "ochre": (rgb("e4d4b7"), rgb("756039"), rgb("4f3b13")),
    "terre": (rgb("edcfbd"), rgb("805942"), rgb("58341e")),
    "brique": (rgb("f1ccc7"), rgb("83564f"), rgb("5b312c")),
    "bruyère": (rgb("edcbd9"), rgb("7f5467"), rgb("573042")),
}
PAPER, SHEET, SUNKEN = rgb("f4f0ea"), rgb("fefdfb"), rgb("eae5dd")
INK, INK2, INK3 = rgb("211d19"), rgb("4f4942"), rgb("6b635b")
LINE, STRONG = rgb("e3dfd8"), rgb("928b82")
WOAD, WOAD_LIGHT, OCHRE, OCHRE_LIGHT, GREEN = (
    rgb("35618c"),
    rgb("a5c4e6"),
    rgb("aa732b"),
    rgb("f3dbad"),
    rgb("5a8f65"),
)


def mix(a: Color, b: Color, part: float) -> Color:
    """``part`` of ``b`` in ``a``, from 0 to 1."""
    red, green, blue = (round(x + (y - x) * part) for x, y in zip(a, b, strict=True))
    return red, green, blue


def gradient(size: tuple[int, int], stops: Sequence[tuple[float, Color]]) -> Image.Image:
    """A picture that fades from top to bottom through ``stops`` (height from 0 to 1, color)."""
    column = Image.new("RGB", (1, 256))
    for y in range(256):
        part = y / 255
        for (low, a), (high, b) in itertools.pairwise(stops):
            if low <= part <= high:
                column.putpixel((0, y), mix(a, b, (part - low) / (high - low)))
                break
    return column.resize(size, Image.Resampling.BICUBIC)


def grain(image: Image.Image, chance: random.Random, strength: float) -> Image.Image:
    """``image`` with a soft photographic grain."""
    tile = Image.frombytes("L", (257, 193), chance.randbytes(257 * 193))
    sheet = Image.new("L", (257 * 4, 193 * 4))
    for index in range(16):
        sheet.paste(tile, (257 * (index % 4), 193 * (index // 4)))
    noise = sheet.resize(image.size, Image.Resampling.BILINEAR)
    return Image.blend(image, Image.merge("RGB", (noise, noise, noise)), strength)


def curve(points: Sequence[Point], steps: int = 24) -> list[Point]:
    """A smooth line through ``points`` (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    out: list[Point] = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(
        padded, padded[1:], padded[2:], padded[3:], strict=False
    ):
        for step in range(steps):
            t = step / steps
            out.append((_spline(ax, bx, cx, dx, t), _spline(ay, by, cy, dy, t)))
    return [*out, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def ridge(
    chance: random.Random, width: float, base: float, height: float, rough: float = 0.55
) -> list[Point]:
    """The outline of hills from x = 0 to ``width`` around ``base`` (midpoint displacement)."""
    line = [base + chance.uniform(-height, height) for _ in range(4)]
    spread = height
    while len(line) < 200:  # noqa: PLR2004
        spread *= rough
        middle = [(a + b) / 2 + chance.uniform(-spread, spread) for a, b in itertools.pairwise(line)]
        line = [y for pair in zip(line[:-1], middle, strict=True) for y in pair] + line[-1:]
    return [(width * index / (len(line) - 1), y) for index, y in enumerate(line)]


def ground(line: Sequence[Point], bottom: float) -> list[Point]:
    """The polygon below ``line``."""
    return [*line, (line[-1][0], bottom), (line[0][0], bottom)]


def arch(box: tuple[float, float, float, float]) -> list[Point]:
    """The outline of a round arch that fills ``box`` (left, top, right, bottom)."""
    left, top, right, bottom = box
    radius = (right - left) / 2
    turn = [math.pi * (1 + step / 40) for step in range(41)]
    round_part = [(left + radius + radius * math.cos(a), top + radius + radius * math.sin(a)) for a in turn]
    return [(left, bottom), *round_part, (right, bottom)]


def hatch(image: Image.Image, shape: Sequence[Point], color: Color, *, gap: int, width: int) -> None:
    """Slanted lines inside ``shape``."""
    left, top = (math.floor(min(p[axis] for p in shape)) for axis in (0, 1))
    right, bottom = (math.ceil(max(p[axis] for p in shape)) for axis in (0, 1))
    size = (right - left, bottom - top)
    inside = Image.new("L", size)
    ImageDraw.Draw(inside).polygon([(x - left, y - top) for x, y in shape], fill=255)
    lines = Image.new("L", size)
    pencil = ImageDraw.Draw(lines)
    for x in range(-size[1], size[0], gap):
        pencil.line([(x, size[1]), (x + size[1], 0)], fill=255, width=width)
    both = Image.composite(lines, Image.new("L", size), inside)
    image.paste(color, (left, top, right, bottom), both)


@lru_cache(maxsize=64)
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font


class Pen:
    """Lettering with French accents. Pillow's own face has none: letters are set bare, and their accents drawn."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """The width of ``text`` in pixels."""
        return _font(size).getlength(_bare(text)) + (size * 0.04 if bold else 0)

    def write(
        self, at: Point, text: str, size: float, color: Color = INK, *, bold: bool = False, anchor: str = "l"
    ) -> None:
        """Writes ``text`` with its baseline at ``at``; ``anchor`` is l, m or r (left, middle, right of the text)."""
        font = _font(size)
        x = at[0] - self.width(text, size, bold=bold) * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor]
        stroke = size / 42 if bold else 0.0
        bare = _bare(text)
        self._draw.text(
            (x, at[1]), bare, font=font, fill=color, anchor="ls", stroke_width=stroke, stroke_fill=color
        )
        place = 0
        for letter in unicodedata.normalize("NFC", text):
            plain = _bare(letter)
            for mark in unicodedata.normalize("NFD", letter)[1:]:
                left = x + font.getlength(bare[:place])
                wide = font.getlength(plain)
                self._accent(mark, left + wide / 2, at[1], size, color, tall=plain.isupper(), bold=bold)
            place += len(plain)

    def _accent(
        self, mark: str, x: float, base: float, size: float, color: Color, *, tall: bool, bold: bool
    ) -> None:
        y = base - size * (0.80 if tall else 0.61)
        half, rise = size * 0.10, size * 0.12
        thick = max(1, round(size * (0.085 if bold else 0.065)))
        lines: dict[str, list[list[Point]]] = {
            "\u0301": [[(x - half * 0.5, y), (x + half * 0.7, y - rise)]],
            "\u0300": [[(x + half * 0.5, y), (x - half * 0.7, y - rise)]],
            "\u0302": [[(x - half, y), (x, y - rise)], [(x, y - rise), (x + half, y)]],
            "\u0308": [
                [(x - half, y - rise / 2), (x - half + thick, y - rise / 2)],
                [(x + half - thick, y - rise / 2), (x + half, y - rise / 2)],
            ],
            "\u0327": [
                [(x, base), (x + half / 2, base + rise)],
                [(x + half / 2, base + rise), (x - half / 2, base + rise * 1.6)],
            ],
        }
        for line in lines.get(mark, []):
            self._draw.line(line, fill=color, width=thick)


def _bare(text: str) -> str:
    """``text`` without accents, in the characters that Pillow's face has."""
    for spaced, plain in (
        ("\u202f", " "),
        ("\u00a0", " "),
        ("œ", "oe"),
        ("–", "-"),
        ("²", "2"),
        ("€", "EUR"),
    ):
        text = text.replace(spaced, plain)
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
