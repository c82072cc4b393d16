"""Maps of the demo's files: the river, the detours, the lines. All invented country."""

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image

from bastide.demo.drawing import (
    GREEN,
    INK,
    INK2,
    INK3,
    LINE,
    OCHRE,
    OCHRE_LIGHT,
    SHEET,
    STRONG,
    WOAD,
    Color,
    Point,
    curve,
    hatch,
    rgb,
)
from bastide.demo.model import Recipe
from bastide.demo.sheet import Sheet
from bastide.demo.typeset import say

_LAND, _CONTOUR, _WOOD, _TOWN = rgb("f1ede2"), rgb("ddd5c0"), rgb("e2e4d0"), rgb("d3c4ab")
_BANK, _WATER = rgb("7b9cc2"), rgb("a9bfdb")
_RIVER: list[Point] = [
    (-20, 640),
    (180, 590),
    (360, 545),
    (520, 560),
    (690, 600),
    (830, 570),
    (960, 490),
    (1120, 420),
    (1290, 390),
    (1460, 330),
]
_ROADS: tuple[list[Point], ...] = (
    [(-20, 690), (250, 660), (480, 610), (680, 520), (840, 400), (1060, 270), (1460, 190)],
    [(680, -20), (700, 150), (690, 300), (640, 480), (520, 640)],
    [(1090, 420), (1110, 560), (1180, 760), (1300, 1040)],
)
_STATIONS: dict[str, Point] = {"Castelbrac": (255, 572), "Montrevel": (560, 568), "Pont-Lévy": (1010, 462)}
_ZONE: list[Point] = [
    (420, 500),
    (560, 440),
    (700, 500),
    (840, 500),
    (960, 420),
    (1060, 400),
    (1100, 460),
    (1000, 560),
    (880, 640),
    (700, 660),
    (540, 640),
    (430, 560),
]


def _relief(sheet: Sheet, seed: int) -> None:
    """Contours and woods of the valley."""
    chance = random.Random(seed)  # noqa: S311
    sheet.shape(curve([(0, 0), (330, 0), (360, 60), (250, 170), (90, 190), (0, 210)]), _WOOD)
    sheet.shape(
        curve([(1440, 560), (1330, 570), (1180, 700), (1130, 900), (1150, 1018), (1440, 1018)]), _WOOD
    )
    for index in range(15):
        base = 40 + index * 68
        points = [
            (x, base + 26 * math.sin(x / 240 + index * 0.7) + chance.uniform(-10, 10))
            for x in range(-60, 1561, 120)
        ]
        if abs(index - 7) > 1:
            sheet.line(curve(points), _CONTOUR, 1.5)


def _valley(recipe: Recipe, *, draft: bool) -> Image.Image:
    sheet = Sheet(1440, 1018, 3508 / 1440 if not draft else 1.5, _LAND)
    _relief(sheet, 7)
    zone = curve(_ZONE + _ZONE[:1])
    if draft:
        sheet.shape(zone, _TOWN)
    else:
        sheet.shape(zone, OCHRE_LIGHT)
        hatch(
            sheet.image,
            sheet.points(zone),
            rgb("d8b06a"),
            gap=round(12 * sheet.k),
            width=round(1.4 * sheet.k),
        )
    for road in _ROADS:
        sheet.line(curve(road), STRONG, 10)
        sheet.line(curve(road), SHEET, 7)
    stream = curve([(868, 556), (890, 740), (930, 880), (980, 1040)])
    sheet.line(stream, _BANK, 12)
    river = curve(_RIVER)
    sheet.line(river, _BANK, 36)
    sheet.line(river, _WATER, 26)
    for x, y in _STATIONS.values():
        for dx, dy, wide, tall in (
            (-30, -40, 26, 14),
            (6, -34, 20, 16),
            (-14, 26, 30, 14),
            (24, 22, 18, 12),
            (-52, 20, 20, 12),
        ):
            sheet.box((x + dx, y + dy, x + dx + wide, y + dy + tall), _TOWN)
    for series in recipe.series:
        x, y = _STATIONS[series.name]
        value = series.points[-1][1]
        high = series.threshold is not None and value >= series.threshold
        sheet.disc((x, y), 11, OCHRE if high else GREEN, SHEET, 3)
        sheet.label((x - 70, y - 48), [(series.name, False), (f"{value:.2f} m".replace(".", ","), True)], 19)
    sheet.text((1250, 440), "la Vézelle", 17, WOAD)
    sheet.text((940, 800), "l'Ambrelle", 15, WOAD)
    sheet.text((300, 646), "D 7", 14, INK3)
    sheet.text((1180, 268), "D 14", 14, INK3)
    sheet.text((718, 120), "D 22", 14, INK3)
    _legend(sheet, recipe)
    sheet.north((1380, 90))
    sheet.line([(60, 970), (220, 970)], INK2, 3)
    sheet.text((140, 960), "2 km", 15, INK2, anchor="m")
    if draft:
        sheet.text((720, 990), "RELECTURE, ne pas diffuser", 22, OCHRE, bold=True, anchor="m")
    return sheet.image


def _legend(sheet: Sheet, recipe: Recipe) -> None:
    last = recipe.series[0].points[-1][0]
    sheet.box((40, 36, 400, 276), SHEET, LINE, radius=8)
    sheet.text((62, 78), "Niveaux et zones de repli", 23, INK, bold=True)
    day = say(last.date(), last.date(), "date")
    sheet.text((62, 106), f"relevé du {day}, {last.hour} h {last.minute:02}", 16, INK3)
    sheet.disc((76, 140), 8, GREEN)
    sheet.text((100, 146), "sous le seuil", 17, INK2)
    sheet.disc((76, 172), 8, OCHRE)
    sheet.text((100, 178), "vigilance jaune", 17, INK2)
    box: list[Point] = [(62, 192), (90, 192), (90, 214), (62, 214)]
    sheet.shape(box, OCHRE_LIGHT)
    hatch(
        sheet.image,
        sheet.points(box),
        rgb("d8b06a"),
        gap=round(7 * sheet.k),
        width=max(1, round(1.2 * sheet.k)),
    )
    sheet.text((100, 209), "zone 1, repli préparé", 17, INK2)
    sheet.line([(62, 240), (90, 240)], _BANK, 8)
    sheet.text((100, 246), "la Vézelle", 17, INK2)


def _river(recipe: Recipe) -> Image.Image:
    return _valley(recipe, draft=False)


def _river_draft(recipe: Recipe) -> Image.Image:
    return _valley(recipe, draft=True)


def _town(
    sheet: Sheet, at: Point, name: str, *, big: bool = False, anchor: str = "m", dy: float = -24
) -> None:
    chance = random.Random(name)  # noqa: S311
    for _ in range(16 if big else 8):
        spread = 46 if big else 26
        x, y = at[0] + chance.uniform(-spread, spread), at[1] + chance.uniform(-spread, spread) * 0.6
        sheet.box((x, y, x + chance.uniform(8, 18), y + chance.uniform(7, 13)), _TOWN)
    sheet.text((at[0], at[1] + dy), name, 22 if big else 18, INK, bold=True, anchor=anchor)


def _road(sheet: Sheet, points: Sequence[Point], color: Color = SHEET, width: float = 8) -> None:
    sheet.line(curve(points), STRONG, width + 3)
    sheet.line(curve(points), color, width)


_BRIDGE: Point = (640, 470)
_ROAD_9: list[Point] = [(200, 700), (420, 600), _BRIDGE, (860, 360), (1120, 240)]
_ROAD_14: list[Point] = [(200, 700), (360, 820), (640, 850), (900, 700), (1060, 470), (1120, 240)]
_ROAD_22: list[Point] = [(200, 700), (160, 480), (330, 240), (660, 130), (960, 150), (1120, 240)]


def _crossing(title: str, subtitle: str) -> Sheet:
    sheet = Sheet(1300, 920, 4, _LAND)
    sheet.shape(curve([(0, 0), (260, 0), (240, 120), (90, 190), (0, 200)]), _WOOD)
    river = curve([(-20, 330), (220, 400), (460, 430), _BRIDGE, (800, 560), (1010, 600), (1320, 560)])
    sheet.line(river, _BANK, 34)
    sheet.line(river, _WATER, 25)
    for road in (_ROAD_9, _ROAD_14, _ROAD_22):
        _road(sheet, road)
    _town(sheet, (190, 700), "Montrevel", dy=70)
    _town(sheet, (1130, 240), "Tournebois", dy=-34)
    _town(sheet, (1070, 470), "La Chapelle", dy=52)
    sheet.box((40, 30, 660, 132), SHEET, LINE, radius=8)
    sheet.text((64, 74), title, 25, INK, bold=True)
    sheet.text((64, 106), subtitle, 16, INK3)
    sheet.north((1240, 90))
    return sheet


def _mark(sheet: Sheet, at: Point, text: str) -> None:
    """The round sign of the tonnage limit."""
    sheet.disc(at, 30, SHEET, rgb("aa373a"), 7)
    sheet.text((at[0], at[1] + 7), text, 19, INK, bold=True, anchor="m")


def _detour(recipe: Recipe) -> Image.Image:
    sheet = _crossing(
        "Pont de la Tannerie : déviation",
        f"à partir du {say(recipe.made.date(), recipe.made.date(), 'date')}, lisible en noir et blanc",
    )
    sheet.line(curve(_ROAD_14), WOAD, 7)
    sheet.dashes(curve(_ROAD_22), OCHRE, 7, length=5)
    _mark(sheet, _BRIDGE, "3,5 t")
    sheet.label((700, 452), [("Les voitures passent", True)], 18)
    sheet.label(
        (560, 900), [("D 14 : cars et camions", True), ("hauteur libre 4,30 m, 9 min de plus", False)], 17
    )
    sheet.label(
        (470, 116 + 120),
        [("D 22 : engins agricoles", True), ("hauteur libre 4,60 m, 15 min de plus", False)],
        17,
    )
    return sheet.image.reduce(2)


def _circuit(recipe: Recipe) -> Image.Image:
    sheet = _crossing(
        "Circuit 214, déviation et navette",
        f"à compter du {say(recipe.made.date(), recipe.made.date(), 'date')}",
    )
    sheet.line(curve(_ROAD_14), WOAD, 7)
    way: list[Point] = [(700, 440), (800, 420), (900, 460), (1060, 470)]
    _road(sheet, way)
    shuttle = curve(way)
    sheet.dashes(shuttle, GREEN, 7, length=4)
    _mark(sheet, _BRIDGE, "3,5 t")
    for at, lines in (
        ((700, 404), [("Tannerie", True), ("navette, 7 h 08", False)]),
        ((1010, 440), [("La Chapelle", True), ("correspondance, 7 h 14", False)]),
        ((900, 226), [("Collège, 7 h 43", True)]),
    ):
        sheet.label(at, lines, 17)
    for at in ((700, 440), (1060, 470), (1104, 262)):
        sheet.disc(at, 11, SHEET, WOAD, 5)
    return sheet.image.reduce(2)


_STOPS: dict[str, Point] = {
    "Gare de Pont-Lévy": (700, 470),
    "Champ de foire": (480, 470),
    "Conservatoire": (480, 330),
    "Lavandières": (390, 560),
    "Castelbrac": (130, 640),
    "Quatre-Vents": (980, 380),
    "Vernange": (1060, 620),
    "Grandrive": (1200, 250),
    "Lycée": (700, 280),
    "Hôpital de jour": (700, 650),
    "Montrevel": (300, 640),
    "Tournebois": (880, 700),
}


def _network(recipe: Recipe) -> Image.Image:
    """The three lines of the new timetable, at right angles as such drawings are."""
    del recipe
    sheet = Sheet(1360, 860, 4, SHEET)
    sheet.text((60, 76), "Lignes 3, 5 et 8 : nouvelle grille", 28, INK, bold=True)
    sheet.text((60, 108), "un bus toutes les vingt minutes : 08, 28, 48", 17, INK3)
    lines: dict[str, tuple[Color, list[str]]] = {
        "3": (rgb("83564f"), ["Hôpital de jour", "Gare de Pont-Lévy", "Lycée"]),
        "5": (
            rgb("326e74"),
            [
                "Castelbrac",
                "Montrevel",
                "Lavandières",
                "Champ de foire",
                "Gare de Pont-Lévy",
                "Quatre-Vents",
                "Grandrive",
            ],
        ),
        "8": (
            rgb("60683f"),
            ["Conservatoire", "Champ de foire", "Gare de Pont-Lévy", "Tournebois", "Vernange"],
        ),
    }
    for number, (color, stops) in lines.items():
        shift = {"3": -9, "5": 0, "8": 9}[number]
        points = [(_STOPS[stop][0] + shift, _STOPS[stop][1] + shift) for stop in stops]
        sheet.line(points, color, 12)
        for end, up in ((points[0], number != "3"), (points[-1], True)):
            top = end[1] - 52 if up else end[1] + 26
            sheet.box((end[0] - 24, top, end[0] + 24, top + 34), color, radius=8)
            sheet.text((end[0], top + 25), number, 22, SHEET, bold=True, anchor="m")
    dashed = curve([(691, 461), (600, 380), (480, 330)])
    sheet.dashes(dashed, rgb("83564f"), 6, length=4)
    for name, at in _STOPS.items():
        sheet.disc(at, 15 if name.startswith("Gare") else 10, SHEET, INK, 4)
        left, gare = name in {"Conservatoire", "Champ de foire"}, name.startswith("Gare")
        place = (
            (at[0] - 22, at[1] - 14) if left else (at[0] + (44 if gare else 24), at[1] + (24 if gare else 34))
        )
        sheet.text(place, name, 18, INK, bold=gare, anchor="r" if left else "l")
    sheet.label((60, 820), [("Une course sur trois de la ligne 3 passe au conservatoire", False)], 16)
    return sheet.image.reduce(2)


PICTURES: dict[str, Callable[[Recipe], Image.Image]] = {
    "river": _river,
    "river-draft": _river_draft,
    "detour": _detour,
    "circuit": _circuit,
    "network": _network,
}
