"""Draws the demo's pictures: the agents' portraits here, files through ``maps``, ``charts`` and ``photos``.

Portraits are small landscapes and geometry in the hues of the look, never faces.
"""

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from bastide.demo import charts, maps, photos, plans
from bastide.demo.drawing import HUES, SHEET, Color, Point, arch, curve, ground, mix, rgb
from bastide.demo.model import DemoContentError, Portrait, Recipe

_SIDE = 1024
_OUT = 512
_CREAM = rgb("f6e7c8")
_PICTURES: dict[str, Callable[[Recipe], Image.Image]] = {
    **maps.PICTURES,
    **plans.PICTURES,
    **charts.PICTURES,
    **photos.PICTURES,
}


def render(name: str, kind: str, recipe: Recipe) -> bytes:
    """The picture ``name`` as ``kind`` (png or jpg). Raises DemoContentError when there is no such picture."""
    if name not in _PICTURES:
        raise DemoContentError(f"no picture {name!r}")
    out = io.BytesIO()
    image = _PICTURES[name](recipe)
    if kind == "png":
        image.save(out, "PNG", compress_level=6)
    else:
        image.save(out, "JPEG", quality=86)
    return out.getvalue()


def portrait(of: Portrait) -> bytes:
    """The portrait as a PNG of 512 × 512. Raises DemoContentError for an unknown scene or hue."""
    if of.scene not in _SCENES or of.hue not in HUES:
        raise DemoContentError(f"no portrait {of.scene!r} in {of.hue!r}")
    tints = _Tints(*HUES[of.hue])
    image = Image.new("RGB", (_SIDE, _SIDE), tints.pale)
    _SCENES[of.scene](ImageDraw.Draw(image), tints, random.Random(of.seed))  # noqa: S311  (a drawing, not a secret)
    out = io.BytesIO()
    image.reduce(_SIDE // _OUT).save(out, "PNG", compress_level=9)
    return out.getvalue()


class _Tints:
    """Six steps of a hue, from sky to ink."""

    def __init__(self, pale: Color, middle: Color, deep: Color) -> None:
        self.sky = mix(pale, SHEET, 0.35)
        self.pale = pale
        self.soft = mix(pale, middle, 0.35)
        self.middle = mix(pale, middle, 0.7)
        self.dark = middle
        self.deep = deep


_Scene = Callable[[ImageDraw.ImageDraw, _Tints, random.Random], None]


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, color: Color) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def _hill(chance: random.Random, base: float, height: float) -> list[Point]:
    points = [(x * _SIDE / 4, base + chance.uniform(-height, height)) for x in range(-1, 6)]
    return ground(curve(points), _SIDE)


def _moon(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    _disc(draw, chance.uniform(560, 720), chance.uniform(260, 360), 120, _CREAM)
    draw.polygon(_hill(chance, 620, 70), fill=t.soft)
    draw.polygon(_hill(chance, 740, 60), fill=t.middle)
    draw.polygon(_hill(chance, 880, 50), fill=t.dark)


def _summits(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    for base, tops, color in (
        (900, (300, 420), t.soft),
        (960, (460, 560), t.middle),
        (1024, (650, 720), t.dark),
    ):
        left, right = chance.uniform(180, 420), chance.uniform(600, 860)
        line = [
            (0, base - 160),
            (left, tops[0]),
            ((left + right) / 2, tops[0] + 260),
            (right, tops[1]),
            (_SIDE, base - 120),
        ]
        draw.polygon(ground(line, _SIDE), fill=color)


def _sunset(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    x, y = chance.uniform(440, 580), 500
    _disc(draw, x, y, 225, t.middle)
    draw.rectangle((0, 660, _SIDE, _SIDE), fill=t.dark)
    for index, half in enumerate((340, 240, 150)):
        top = 740 + index * 90
        draw.rounded_rectangle((x - half, top, x + half, top + 36), 18, fill=t.soft)


def _gate(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.polygon(arch((170, 150, 854, _SIDE)), fill=t.soft)
    draw.polygon(arch((290, 300, 734, _SIDE)), fill=t.dark)
    draw.polygon(arch((400, 460, 624, _SIDE)), fill=t.deep)
    if chance.random() > 0.5:  # noqa: PLR2004
        _disc(draw, 512, 120, 60, t.middle)


def _fields(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    _disc(draw, chance.uniform(240, 420), 300, 90, _CREAM)
    colors = (t.pale, t.soft, t.middle, t.dark, t.deep)
    aim = chance.uniform(420, 620)
    for index in range(9):
        left = -900 + index * 330
        draw.polygon(
            [(aim - 60 + index * 14, 470), (aim - 46 + index * 14, 470), (left + 330, _SIDE), (left, _SIDE)],
            fill=colors[index % 5],
        )
    draw.polygon([*_hill(chance, 480, 16)[:-2], (_SIDE, 540), (0, 540)], fill=t.middle)


def _chevrons(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    shift = chance.uniform(-60, 60)
    for index, color in enumerate((t.sky, t.soft, t.middle, t.dark)):
        top = 200 + index * 210 + shift
        draw.polygon([(0, top + 300), (512, top), (_SIDE, top + 300), (_SIDE, _SIDE), (0, _SIDE)], fill=color)


def _pines(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    draw.polygon(_hill(chance, 560, 50), fill=t.soft)
    for base, tall, color, count in ((800, 330, t.middle, 6), (1000, 460, t.dark, 4)):
        for index in range(count):
            x = (index + chance.uniform(0.2, 0.8)) * _SIDE / count
            height = tall * chance.uniform(0.8, 1.1)
            for part in range(3):
                top = base - height + part * height * 0.26
                half = height * (0.14 + 0.07 * part)
                draw.polygon(
                    [(x, top), (x - half, top + height * 0.42), (x + half, top + height * 0.42)], fill=color
                )
    draw.rectangle((0, 960, _SIDE, _SIDE), fill=t.deep)


def _roofs(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    for row, (wall, roof) in enumerate(((t.pale, t.middle), (t.soft, t.dark), (t.pale, t.deep))):
        x = -chance.uniform(20, 200)
        while x < _SIDE:
            wide = chance.uniform(190, 320)
            top = 380 + row * 190 + chance.uniform(-50, 50)
            draw.rectangle((x, top, x + wide, _SIDE), fill=wall)
            draw.polygon([(x - 14, top), (x + wide / 2, top - 130), (x + wide + 14, top)], fill=roof)
            draw.rectangle((x + wide * 0.4, top + 50, x + wide * 0.6, top + 120), fill=t.dark)
            x += wide


def _lighthouse(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    x = chance.uniform(420, 600)
    draw.polygon([(x, 300), (_SIDE + 200, 90), (_SIDE + 200, 420)], fill=t.sky)
    draw.polygon([(x, 300), (-200, 120), (-200, 400)], fill=t.sky)
    draw.polygon([(x - 90, 900), (x - 60, 340), (x + 60, 340), (x + 90, 900)], fill=t.dark)
    for top in (440, 640):
        draw.polygon([(x - 66, top + 90), (x - 60, top), (x + 60, top), (x + 66, top + 90)], fill=t.pale)
    draw.rectangle((x - 44, 240, x + 44, 340), fill=_CREAM)
    draw.polygon([(x - 70, 240), (x, 160), (x + 70, 240)], fill=t.deep)
    draw.polygon(_hill(chance, 900, 30), fill=t.middle)


def _waves(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    _disc(draw, chance.uniform(300, 720), 250, 100, t.soft)
    for index, color in enumerate((t.pale, t.soft, t.middle, t.dark, t.deep)):
        base, phase = 400 + index * 135, chance.uniform(0, math.tau)
        line = [(x, base + 42 * math.sin(x / 130 + phase)) for x in range(0, _SIDE + 16, 16)]
        draw.polygon(ground(line, _SIDE), fill=color)


def _dunes(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    _disc(draw, 720, 280, 130, _CREAM)
    for base, color, shade in ((560, t.pale, t.soft), (720, t.soft, t.middle), (890, t.middle, t.dark)):
        x = chance.uniform(300, 700)
        crest = curve(
            [
                (0, base + 40),
                (x / 2, base + 10),
                (x, base - 90),
                ((x + _SIDE) / 2, base + 20),
                (_SIDE, base + 50),
            ]
        )
        draw.polygon(ground(crest, _SIDE), fill=color)
        draw.polygon([p for p in crest if p[0] >= x] + [(_SIDE, _SIDE), (x - 120, _SIDE)], fill=shade)


def _lotus(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    turn = chance.uniform(0, math.tau)
    for ring, (radius, size, color, count) in enumerate(
        ((300, 190, t.soft, 8), (190, 140, t.middle, 8), (90, 90, t.dark, 6))
    ):
        for index in range(count):
            angle = turn + math.tau * (index + ring / 2) / count
            _disc(draw, 512 + radius * math.cos(angle), 512 + radius * math.sin(angle), size, color)
    _disc(draw, 512, 512, 90, _CREAM)


def _bridge(draw: ImageDraw.ImageDraw, t: _Tints, chance: random.Random) -> None:
    draw.rectangle((0, 0, _SIDE, _SIDE), fill=t.sky)
    draw.polygon(_hill(chance, 430, 60), fill=t.pale)
    draw.rectangle((0, 440, _SIDE, 800), fill=t.dark)
    for left in (-170, 180, 530, 880):
        draw.polygon(arch((left, 540, left + 270, 830)), fill=t.pale)
    draw.rectangle((0, 790, _SIDE, _SIDE), fill=t.soft)
    for index in range(4):
        draw.rounded_rectangle(
            (120 + index * 190, 850 + 36 * (index % 2), 260 + index * 190, 870 + 36 * (index % 2)),
            10,
            fill=t.sky,
        )


_SCENES: dict[str, _Scene] = {
    "lune": _moon,
    "sommets": _summits,
    "couchant": _sunset,
    "arche": _gate,
    "champs": _fields,
    "chevrons": _chevrons,
    "pins": _pines,
    "toits": _roofs,
    "phare": _lighthouse,
    "vagues": _waves,
    "dunes": _dunes,
    "lotus": _lotus,
    "pont": _bridge,
}
