"""« Photographs » of the demo's files: landscapes painted in layers, softened and grained. Nobody is in them."""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from bastide.demo.drawing import Color, Pen, Point, curve, gradient, grain, ground, mix, rgb, ridge
from bastide.demo.model import Recipe

_MIST = rgb("d9dee0")


def _leaves(draw: ImageDraw.ImageDraw, chance: random.Random, at: Point, size: float, color: Color) -> None:
    """A bush or the crown of a tree around ``at``."""
    for _ in range(26):
        x = at[0] + max(-0.8, min(0.8, chance.gauss(0, 0.42))) * size
        y = at[1] + max(-0.6, min(0.6, chance.gauss(0, 0.32))) * size
        radius = size * chance.uniform(0.16, 0.34)
        shade = mix(color, (20, 30, 20) if y > at[1] else (220, 220, 170), chance.uniform(0.02, 0.28))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)


def _reflect(image: Image.Image, top: int, color: Color, part: float) -> None:
    """Below ``top``, water: what stands above, upside down, blurred along the ripples."""
    width, height = image.size
    deep = height - top
    mirror = image.crop((0, max(0, top - deep), width, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    small = mirror.resize((max(2, width // 10), max(2, deep // 3)), Image.Resampling.BILINEAR).resize(
        (width, deep), Image.Resampling.BILINEAR
    )
    image.paste(Image.blend(small, Image.new("RGB", small.size, color), part), (0, top))


def _ripples(image: Image.Image, chance: random.Random, top: int, color: Color, count: int) -> None:
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for _ in range(count):
        depth = chance.random() ** 1.6
        y = top + 6 + depth * (height - top - 12)
        half = width * (0.01 + 0.05 * depth) * chance.uniform(0.4, 1.4)
        x = chance.uniform(0, width)
        draw.line(
            [(x - half, y), (x + half, y)],
            fill=mix(color, _MIST, chance.uniform(0, 0.5)),
            width=1 + round(4 * depth),
        )


def _develop(image: Image.Image, chance: random.Random, blur: float = 1.6) -> Image.Image:
    return grain(image.filter(ImageFilter.GaussianBlur(blur)), chance, 0.055)


def _chance(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311


def _belvedere(recipe: Recipe) -> Image.Image:
    """Dawn over the valley: eight ridges and the river between them."""
    del recipe
    chance = _chance("belvedere")
    size = (3264, 2176)
    image = gradient(
        size, [(0, rgb("8fa6bf")), (0.22, rgb("d7cdbf")), (0.36, rgb("f2d9b0")), (1, rgb("f2d9b0"))]
    )
    draw = ImageDraw.Draw(image)
    draw.ellipse((2080, 640, 2240, 800), fill=rgb("fff3d6"))
    for index in range(8):
        part = index / 7
        color = mix(mix(rgb("c9c2bd"), rgb("7f93a1"), min(1, part * 1.6)), rgb("26382f"), part**1.5)
        draw.polygon(ground(ridge(chance, size[0], 780 + 150 * index, 90 + 12 * index), size[1]), fill=color)
        if index == 4:  # noqa: PLR2004
            bends: list[Point] = [
                (2700, 1330),
                (2200, 1400),
                (2500, 1500),
                (1700, 1580),
                (1900, 1720),
                (900, 1800),
                (600, 2000),
            ]
            line = curve(bends)
            for step, (x, y) in enumerate(line):
                half = 6 + 50 * step / len(line)
                draw.ellipse(
                    (x - half * 2.4, y - half * 0.5, x + half * 2.4, y + half * 0.5), fill=rgb("e9d6b4")
                )
    for _ in range(160):
        _leaves(
            draw,
            chance,
            (chance.uniform(-40, size[0] + 40), chance.uniform(2020, 2200)),
            chance.uniform(50, 120),
            rgb("223328"),
        )
    return _develop(image, chance, 2.2)


def _dike(recipe: Recipe) -> Image.Image:
    """The dike of Montrevel on a grey day: path, slope, a darker patch, the river on the right."""
    del recipe
    chance = _chance("dike")
    size = (2400, 1600)
    image = gradient(size, [(0, rgb("a9b1b6")), (0.45, rgb("d5d8d6")), (1, rgb("d5d8d6"))])
    draw = ImageDraw.Draw(image)
    for index in range(3):
        draw.polygon(
            ground(ridge(chance, size[0], 600 + 40 * index, 46), size[1]),
            fill=mix(rgb("93a19f"), rgb("5d6f5c"), index / 2),
        )
    draw.polygon([(1120, 690), (2400, 700), (2400, 1600), (1750, 1600)], fill=rgb("8c8371"))
    _ripples(image, chance, 700, rgb("8c8371"), 500)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 690), (1130, 690), (1780, 1600), (0, 1600)], fill=rgb("6f7d4c"))
    draw.polygon([(880, 690), (1130, 690), (1790, 1600), (1340, 1600)], fill=rgb("7d8a55"))
    draw.polygon([(840, 690), (890, 690), (1350, 1600), (960, 1600)], fill=rgb("b3a68d"))
    for _ in range(5200):
        x, y = chance.uniform(0, 1800), 700 + 900 * chance.random() ** 0.7
        if x < 1130 + (y - 690) * 0.7 and not 860 + (y - 690) * 0.11 < x < 890 + (y - 690) * 0.52:
            tall = 4 + 26 * (y - 690) / 910
            draw.line(
                [(x, y), (x + chance.uniform(-6, 6), y - tall)],
                fill=mix(rgb("55653a"), rgb("a5ad72"), chance.random()),
                width=1 + round(tall / 12),
            )
    for _ in range(60):
        x, y = chance.gauss(520, 120), chance.gauss(1240, 46)
        draw.ellipse(
            (x - 60, y - 18, x + 60, y + 18), fill=mix(rgb("3f4a2b"), rgb("5a6238"), chance.random())
        )
    draw.rectangle((300, 1010, 322, 1330), fill=rgb("e9e4da"))
    draw.rectangle((220, 960, 402, 1040), fill=rgb("f5f1e8"))
    Pen(draw).write((311, 1022), "P12", 62, rgb("2b2723"), bold=True, anchor="m")
    return _develop(image, chance)


def _aerial(recipe: Recipe) -> Image.Image:
    """From above: fields, the bend of the river, a road, roofs."""
    del recipe
    chance = _chance("aerial")
    size = (3000, 2000)
    image = Image.new("RGB", size, rgb("8a8f63"))
    draw = ImageDraw.Draw(image)
    colors = [rgb(c) for c in ("8c9a5b", "a8a46a", "b59f6b", "7c8a50", "97885d", "6f7f4d", "c0ad79")]
    angle = 0.28
    across, along = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    for row in range(-3, 9):
        start = -800.0
        while start < 3600:  # noqa: PLR2004
            wide = chance.uniform(220, 520)
            corners = [
                (start, row * 300),
                (start + wide, row * 300),
                (start + wide, row * 300 + 290),
                (start, row * 300 + 290),
            ]
            place = [
                (x * across[0] + y * along[0] + 200, x * across[1] + y * along[1] - 300) for x, y in corners
            ]
            color = chance.choice(colors)
            draw.polygon(place, fill=color)
            for furrow in range(14):
                (ax, ay), (bx, by), (cx, cy), (dx, dy) = place
                t = (furrow + 0.5) / 14
                draw.line(
                    [(ax + (dx - ax) * t, ay + (dy - ay) * t), (bx + (cx - bx) * t, by + (cy - by) * t)],
                    fill=mix(color, rgb("5b5b3c"), 0.22),
                    width=5,
                )
            start += wide + 14
    river = curve(
        [
            (-100, 620),
            (420, 700),
            (820, 1020),
            (1240, 1420),
            (1800, 1360),
            (2080, 900),
            (2500, 640),
            (3100, 700),
        ],
        80,
    )
    for half, color in ((170, rgb("66733f")), (128, rgb("7a735c")), (112, rgb("847b63"))):
        for x, y in river:
            draw.ellipse((x - half, y - half, x + half, y + half), fill=color)
    for x, y in river[::3]:
        for side in (-1, 1):
            if chance.random() < 0.62:  # noqa: PLR2004
                _leaves(
                    draw,
                    chance,
                    (x + side * chance.uniform(140, 200), y + side * chance.uniform(120, 190)),
                    chance.uniform(26, 52),
                    rgb("3e5133"),
                )
    road = curve([(900, -50), (1060, 500), (1300, 1060), (1460, 1500), (1500, 2050)], 40)
    draw.line(road, fill=rgb("c6c1b6"), width=44, joint="curve")
    draw.line(road, fill=rgb("e8e4da"), width=4)
    for index in range(7):
        x, y = 1500 + index * 58, 1170 - index * 84 + chance.uniform(-16, 16)
        wide, tall = chance.uniform(58, 82), chance.uniform(44, 58)
        draw.polygon(
            [(x, y), (x + wide, y - 22), (x + wide + 20, y + tall - 22), (x + 20, y + tall)],
            fill=rgb("8e5540"),
        )
        draw.polygon(
            [(x, y), (x + wide, y - 22), (x + wide + 10, y + tall / 2 - 22), (x + 10, y + tall / 2)],
            fill=rgb("a9694f"),
        )
    return _develop(image, chance, 1.8)


def _bridge(recipe: Recipe) -> Image.Image:
    """The bridge seen from upstream, brown water, a trunk on the bank."""
    del recipe
    chance = _chance("bridge")
    size = (2600, 1733)
    image = gradient(size, [(0, rgb("9fb0bd")), (0.5, rgb("e0dccf")), (1, rgb("e0dccf"))])
    draw = ImageDraw.Draw(image)
    for index in range(4):
        draw.polygon(
            ground(ridge(chance, size[0], 640 + 60 * index, 60), 1100),
            fill=mix(rgb("8ea0a6"), rgb("4f634a"), index / 3),
        )
    for _ in range(90):
        _leaves(
            draw,
            chance,
            (chance.uniform(0, size[0]), chance.uniform(860, 960)),
            chance.uniform(50, 100),
            rgb("44583c"),
        )
    iron, light = rgb("49504f"), rgb("7d8683")
    draw.rectangle((0, 720, size[0], 752), fill=iron)
    draw.rectangle((0, 560, size[0], 576), fill=iron)
    for x in range(0, size[0] + 1, 130):
        draw.line([(x, 566), (x, 740)], fill=iron, width=10)
        draw.line([(x, 566), (x + 130, 740)], fill=light, width=8)
        draw.line([(x + 130, 566), (x, 740)], fill=light, width=8)
    for x in (820, 1720):
        draw.polygon([(x - 66, 752), (x + 66, 752), (x + 86, 1060), (x - 86, 1060)], fill=rgb("a39a8a"))
        for y in range(790, 1050, 44):
            draw.line([(x - 76, y), (x + 76, y)], fill=rgb("8b8272"), width=4)
    _reflect(image, 1050, rgb("8d7f66"), 0.62)
    _ripples(image, chance, 1050, rgb("94866d"), 700)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 1480), (700, 1600), (1200, 1733), (0, 1733)], fill=rgb("5d6140"))
    for _ in range(50):
        _leaves(
            draw,
            chance,
            (chance.uniform(-40, 900), chance.uniform(1600, 1733)),
            chance.uniform(40, 80),
            rgb("4a5533"),
        )
    draw.line([(180, 1560), (1000, 1480)], fill=rgb("5c4a37"), width=46)
    draw.line([(190, 1548), (990, 1470)], fill=rgb("7a654d"), width=12)
    return _develop(image, chance)


def _stop(recipe: Recipe) -> Image.Image:
    """The bus stop Les Tilleuls at a quiet hour."""
    del recipe
    chance = _chance("stop")
    size = (2200, 1467)
    image = gradient(size, [(0, rgb("a8c0d6")), (0.55, rgb("eceadf")), (1, rgb("eceadf"))])
    draw = ImageDraw.Draw(image)
    draw.rectangle((1180, 380, 2200, 840), fill=rgb("d9cbb2"))
    draw.rectangle((1180, 350, 2200, 392), fill=rgb("9c6a52"))
    for row in range(2):
        for column in range(7):
            left, top = 1240 + column * 140, 450 + row * 190
            draw.rectangle((left, top, left + 80, top + 110), fill=rgb("6f8291"))
            draw.rectangle((left, top, left + 80, top + 20), fill=rgb("93a6b3"))
    for x in (140, 420, 700, 980):
        draw.rectangle((x - 16, 560, x + 16, 860), fill=rgb("6b5a48"))
        for _ in range(4):
            _leaves(
                draw, chance, (x + chance.uniform(-60, 60), 450 + chance.uniform(-90, 90)), 190, rgb("64794a")
            )
    draw.polygon([(0, 840), (2200, 840), (2200, 930), (0, 980)], fill=rgb("bdb6a8"))
    draw.polygon([(0, 980), (2200, 930), (2200, 1467), (0, 1467)], fill=rgb("6c6c6b"))
    for index in range(7):
        x = 60 + index * 330
        draw.polygon([(x, 1200), (x + 170, 1196), (x + 180, 1216), (x + 4, 1220)], fill=rgb("d8d5cc"))
    draw.rectangle((620, 590, 1120, 620), fill=rgb("3f5b77"))
    for x in (640, 1090):
        draw.rectangle((x, 620, x + 18, 900), fill=rgb("3f5b77"))
    draw.rectangle((670, 640, 1078, 850), fill=rgb("b9ccd6"))
    draw.rectangle((690, 780, 1060, 800), fill=rgb("756039"))
    draw.rectangle((1150, 560, 1162, 920), fill=rgb("4b4b4b"))
    draw.ellipse((1106, 470, 1206, 570), fill=rgb("fefdfb"), outline=rgb("35618c"), width=14)
    Pen(draw).write((1156, 538), "214", 46, rgb("35618c"), bold=True, anchor="m")
    return _develop(image, chance)


def _shelter(recipe: Recipe) -> Image.Image:
    """The new bicycle shelter, with its nest and its ribbon."""
    del recipe
    chance = _chance("shelter")
    size = (2000, 1333)
    image = gradient(size, [(0, rgb("b7c8d4")), (0.6, rgb("ece7db")), (1, rgb("ece7db"))])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 420, 2000, 980), fill=rgb("cdbb9f"))
    for y in range(440, 980, 44):
        for x in range(-60 + (y // 44 % 2) * 60, 2000, 120):
            draw.rectangle(
                (x, y, x + 112, y + 38), fill=mix(rgb("c9b496"), rgb("b59c7c"), chance.random() * 0.5)
            )
    draw.polygon([(0, 980), (2000, 980), (2000, 1333), (0, 1333)], fill=rgb("9d988d"))
    draw.polygon([(120, 330), (1880, 330), (1960, 400), (40, 400)], fill=rgb("486654"))
    for x in (150, 720, 1280, 1830):
        draw.rectangle((x, 400, x + 26, 1010), fill=rgb("5a4a3a"))
    for index, color in enumerate(
        (rgb("35618c"), rgb("83564f"), rgb("3b431a"), rgb("326e74"), rgb("756039"), rgb("573042"))
    ):
        x, y, radius = 300 + index * 250, 940, 92
        for wheel in (x, x + 190):
            draw.ellipse(
                (wheel - radius, y - radius, wheel + radius, y + radius), outline=rgb("2e2b28"), width=12
            )
            for spoke in range(6):
                angle = math.pi * spoke / 6
                dx, dy = radius * math.cos(angle), radius * math.sin(angle)
                draw.line([(wheel - dx, y - dy), (wheel + dx, y + dy)], fill=rgb("77736c"), width=2)
        frame: list[Point] = [
            (x, y),
            (x + 70, y - 120),
            (x + 160, y - 120),
            (x + 90, y),
            (x, y),
            (x + 70, y - 120),
            (x + 90, y),
        ]
        draw.line(frame, fill=color, width=13, joint="curve")
        draw.line([(x + 190, y), (x + 150, y - 160), (x + 118, y - 170)], fill=color, width=12, joint="curve")
        draw.line([(x + 44, y - 150), (x + 96, y - 150)], fill=rgb("2e2b28"), width=18)
    draw.ellipse((1560, 800, 1680, 860), fill=rgb("8a7148"))
    draw.line([(1560, 830), (1680, 834)], fill=rgb("a9373a"), width=8)
    return _develop(image, chance, 1.3)


PICTURES: dict[str, Callable[[Recipe], Image.Image]] = {
    "belvedere": _belvedere,
    "dike": _dike,
    "aerial": _aerial,
    "bridge": _bridge,
    "stop": _stop,
    "shelter": _shelter,
}
