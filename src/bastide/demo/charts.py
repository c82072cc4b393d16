"""Charts of the demo's files, in the colours of the look: few lines, figures where one looks for them."""

from collections.abc import Callable

from PIL import Image, ImageDraw

from bastide.demo.drawing import (
    HUES,
    INK,
    INK2,
    INK3,
    LINE,
    OCHRE,
    SHEET,
    STRONG,
    SUNKEN,
    WOAD,
    WOAD_LIGHT,
    Color,
    Pen,
)
from bastide.demo.model import Recipe

_SCALE = 2


class _Chart:
    """A sheet with a frame for the drawing: values upwards, time or bars to the right. Units are final pixels."""

    def __init__(self, width: int, height: int, title: str, subtitle: str, *, top: float) -> None:
        self.image = Image.new("RGB", (width * _SCALE, height * _SCALE), SHEET)
        self.draw = ImageDraw.Draw(self.image)
        self.pen = Pen(self.draw)
        self.box = (150.0, 220.0, width - 120.0, height - 150.0)
        self.top = top
        self.text(70, 96, title, 46, INK, bold=True)
        self.text(70, 146, subtitle, 28, INK3)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        color: Color,
        *,
        bold: bool = False,
        anchor: str = "l",
    ) -> None:
        self.pen.write((x * _SCALE, y * _SCALE), text, size * _SCALE, color, bold=bold, anchor=anchor)

    def y(self, value: float) -> float:
        return self.box[3] - (self.box[3] - self.box[1]) * value / self.top

    def line(self, points: list[tuple[float, float]], color: Color, width: float) -> None:
        self.draw.line(
            [(x * _SCALE, y * _SCALE) for x, y in points],
            fill=color,
            width=round(width * _SCALE),
            joint="curve",
        )

    def bar(self, left: float, right: float, low: float, high: float, color: Color) -> None:
        box = (left * _SCALE, self.y(high) * _SCALE, right * _SCALE, self.y(low) * _SCALE)
        self.draw.rectangle(box, fill=color)

    def rules(self, step: float, form: str) -> None:
        value = 0.0
        while value <= self.top:
            y = self.y(value)
            self.line([(self.box[0], y), (self.box[2], y)], STRONG if value == 0 else LINE, 2)
            self.text(self.box[0] - 20, y + 9, form.format(value).replace(".", ","), 26, INK3, anchor="r")
            value += step

    def done(self) -> Image.Image:
        return self.image.reduce(_SCALE)


def _levels(recipe: Recipe) -> Image.Image:
    """The three gauges since the first reading, each with its name at the end of the line."""
    first, last = recipe.series[0].points[0][0], recipe.series[0].points[-1][0]
    chart = _Chart(
        2000, 1200, "Niveaux de la Vézelle", f"en mètres, du {first:%d/%m} au {last:%d/%m}", top=3.5
    )
    chart.rules(0.5, "{:.1f}")
    left, right = chart.box[0] + 20, chart.box[2] - 200
    span = (last - first).total_seconds()
    for series, color in zip(recipe.series, (WOAD, HUES["brique"][1], HUES["mousse"][1]), strict=True):
        points = [
            (left + (right - left) * (at - first).total_seconds() / span, chart.y(value))
            for at, value in series.points
        ]
        chart.line(points, color, 7)
        end = points[-1]
        chart.text(end[0] + 18, end[1] + 2, series.name, 28, color, bold=True)
        chart.text(end[0] + 18, end[1] + 34, f"{series.points[-1][1]:.2f} m".replace(".", ","), 26, INK2)
        peak = max(series.points, key=lambda point: point[1])
        x = left + (right - left) * (peak[0] - first).total_seconds() / span
        chart.text(
            x, chart.y(peak[1]) - 18, f"{peak[1]:.2f}".replace(".", ","), 26, color, bold=True, anchor="m"
        )
    threshold = recipe.series[0].threshold or 0.0
    chart.line([(chart.box[0], chart.y(threshold)), (chart.box[2], chart.y(threshold))], OCHRE, 3)
    chart.text(
        chart.box[0] + 16, chart.y(threshold) - 12, "seuil jaune à Pont-Lévy, 2,80 m", 26, OCHRE, bold=True
    )
    for at, _ in recipe.series[0].points[::5]:
        x = left + (right - left) * (at - first).total_seconds() / span
        chart.text(x, chart.box[3] + 48, f"{at:%d/%m}", 26, INK3, anchor="m")
    return chart.done()


def _investment(recipe: Recipe) -> Image.Image:
    """Five years of investment, the dike apart."""
    year = recipe.made.year
    chart = _Chart(
        1800,
        1200,
        "Investissement sur cinq ans",
        "en milliers d'euros, hors subventions versées à des tiers",
        top=2500,
    )
    chart.rules(500, "{:.0f}")
    rows = (
        (year - 3, 1280, 0),
        (year - 2, 1410, 0),
        (year - 1, 1365, 0),
        (year, 1490, 120),
        (year + 1, 1535, 633),
    )
    step = (chart.box[2] - chart.box[0]) / len(rows)
    for index, (label, plain, dike) in enumerate(rows):
        left = chart.box[0] + step * (index + 0.22)
        right = left + step * 0.56
        chart.bar(left, right, 0, plain, WOAD_LIGHT)
        chart.bar(left, right, plain, plain + dike, OCHRE)
        chart.text(
            (left + right) / 2,
            chart.y(plain + dike) - 18,
            f"{plain + dike:,}".replace(",", " "),
            30,
            INK,
            bold=True,
            anchor="m",
        )
        chart.text((left + right) / 2, chart.box[3] + 50, str(label), 30, INK2, anchor="m")
    for x, color, name in (
        (150, WOAD_LIGHT, "bâtiments, réseau, véhicules"),
        (720, OCHRE, "digue de Montrevel"),
    ):
        chart.draw.rectangle((x * _SCALE, 1122 * _SCALE, (x + 34) * _SCALE, 1156 * _SCALE), fill=color)
        chart.text(x + 50, 1150, name, 28, INK2)
    return chart.done()


def _paths(recipe: Recipe) -> Image.Image:
    """Young people followed, and those who found work or training, for each of the three missions."""
    del recipe
    chart = _Chart(
        1800, 1100, "Entrées en parcours par mission locale", "douze mois, nombre de jeunes", top=700
    )
    chart.rules(100, "{:.0f}")
    rows = (("Pont-Lévy", 655, 268), ("Grandrive", 412, 171), ("Castelbrac", 388, 149))
    step = (chart.box[2] - chart.box[0]) / len(rows)
    for index, (name, followed, entered) in enumerate(rows):
        middle = chart.box[0] + step * (index + 0.5)
        for value, color, left in ((followed, SUNKEN, middle - 150), (entered, WOAD, middle + 10)):
            chart.bar(left, left + 140, 0, value, color)
            chart.text(left + 70, chart.y(value) - 16, str(value), 30, INK, bold=True, anchor="m")
        chart.text(middle, chart.box[3] + 50, name, 30, INK2, anchor="m")
    for x, color, name in ((150, SUNKEN, "jeunes suivis"), (480, WOAD, "entrées en emploi ou en formation")):
        chart.draw.rectangle((x * _SCALE, 1032 * _SCALE, (x + 34) * _SCALE, 1066 * _SCALE), fill=color)
        chart.text(x + 50, 1060, name, 28, INK2)
    return chart.done()


PICTURES: dict[str, Callable[[Recipe], Image.Image]] = {
    "levels": _levels,
    "investment": _investment,
    "paths": _paths,
}
