"""Plans of rooms among the demo's files."""

from collections.abc import Callable

from PIL import Image

from bastide.demo.drawing import (
    GREEN,
    INK,
    INK2,
    INK3,
    OCHRE,
    OCHRE_LIGHT,
    PAPER,
    SHEET,
    STRONG,
    SUNKEN,
    WOAD,
    WOAD_LIGHT,
    curve,
    rgb,
)
from bastide.demo.model import Recipe
from bastide.demo.sheet import Sheet
from bastide.demo.typeset import say


def _beds(recipe: Recipe) -> Image.Image:
    """180 beds in the gymnasium, six blocks of thirty, ways of escape kept free."""
    sheet = Sheet(1400, 1000, 4, SHEET)
    sheet.text((60, 70), "Gymnase de Pont-Lévy, implantation des lits", 26, INK, bold=True)
    sheet.text(
        (60, 102),
        f"180 lits, allées de 90 cm. Plan validé, {say(recipe.made.date(), recipe.made.date(), 'date')}",
        16,
        INK3,
    )
    sheet.box((60, 140, 1120, 900), PAPER, INK2, width=5)
    for block in range(6):
        left, top = 140 + (block % 3) * 335, 190 + (block // 3) * 350
        for bed in range(30):
            x, y = left + (bed % 6) * 48, top + (bed // 6) * 62
            sheet.box((x, y, x + 34, y + 50), WOAD_LIGHT, WOAD, radius=4)
            sheet.box((x + 5, y + 4, x + 29, y + 14), SHEET, radius=3)
        sheet.text((left + 137, top - 12), f"bloc {'ABCDEF'[block]}", 15, INK2, bold=True, anchor="m")
    for box in ((560, 890, 640, 910), (50, 480, 70, 560), (1110, 480, 1130, 560)):
        sheet.box(box, GREEN)
    exits = (
        ((600, 936), "sortie principale", "m"),
        ((76, 515), "sortie", "l"),
        ((76, 535), "ouest", "l"),
        ((1108, 515), "sortie", "r"),
        ((1108, 533), "est", "r"),
    )
    for at, name, anchor in exits:
        sheet.text(at, name, 15, GREEN, bold=True, anchor=anchor)
    for index, (name, note) in enumerate(
        (
            ("Accueil", "2 agents"),
            ("Infirmerie", "6 lits pliants"),
            ("Animaux", "salle à part"),
            ("Repas", "60 places"),
            ("Réserve nord", "tapis, prises"),
        )
    ):
        top = 140 + index * 152
        sheet.box((1160, top, 1350, top + 128), SUNKEN, STRONG)
        sheet.text((1180, top + 50), name, 19, INK, bold=True)
        sheet.text((1180, top + 80), note, 15, INK2)
    sheet.line([(60, 960), (260, 960)], INK2, 3)
    sheet.text((160, 950), "10 m", 14, INK2, anchor="m")
    return sheet.image.reduce(2)


def _hall(recipe: Recipe) -> Image.Image:
    del recipe
    sheet = Sheet(1200, 800, 4, SHEET)
    sheet.text((50, 60), "Hall d'accueil, proposition", 26, INK, bold=True)
    sheet.box((50, 100, 1150, 740), PAPER, INK2, width=5)
    sheet.box((540, 730, 660, 750), SHEET)
    sheet.text((600, 778), "entrée, rue des Consuls", 15, INK2, anchor="m")
    for index in range(5):
        left = 90 + index * 150
        sheet.box((left, 130, left + 126, 190), WOAD_LIGHT, WOAD, radius=6)
        sheet.text((left + 63, 166), f"guichet {index + 1}", 16, INK, anchor="m")
    sheet.box((880, 130, 1110, 260), OCHRE_LIGHT, OCHRE, radius=6)
    sheet.text((995, 186), "retraits", 18, INK, bold=True, anchor="m")
    sheet.text((995, 214), "sans rendez-vous", 14, INK2, anchor="m")
    sheet.box((880, 480, 1110, 690), SUNKEN, STRONG, radius=6)
    sheet.text((995, 570), "point numérique", 18, INK, bold=True, anchor="m")
    sheet.text((995, 598), "6 postes", 14, INK2, anchor="m")
    sheet.box((380, 560, 520, 620), WOAD_LIGHT, WOAD, radius=6)
    sheet.text((450, 596), "comptoir bas", 15, INK, anchor="m")
    for row in range(3):
        for seat in range(7):
            sheet.box((110 + seat * 34, 360 + row * 56, 134 + seat * 34, 384 + row * 56), STRONG, radius=5)
    sheet.text((215, 344), "attente, 21 places", 15, INK2, anchor="m")
    queue = curve([(600, 700), (700, 600), (790, 420), (900, 290)])
    sheet.dashes(queue, OCHRE, 4)
    sheet.text((700, 530), "file des retraits", 15, OCHRE, bold=True, anchor="r")
    way = curve([(600, 700), (540, 660), (380, 680), (376, 300), (440, 220)])
    sheet.line(way, rgb("c9dccd"), 26)
    sheet.line(way, GREEN, 3)
    sheet.text((396, 470), "cheminement fauteuil, 1,40 m", 15, GREEN, bold=True)
    sheet.north((1100, 340))
    return sheet.image.reduce(2)


PICTURES: dict[str, Callable[[Recipe], Image.Image]] = {"beds": _beds, "hall": _hall}
