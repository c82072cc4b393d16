"""The drawing board of the demo's maps and plans."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from bastide.demo.drawing import INK, INK2, SHEET, STRONG, Color, Pen, Point

_THICK = 24


class Sheet:
    """A drawing in units of its own, ``scale`` pixels each."""

    def __init__(self, width: float, height: float, scale: float, paper: Color) -> None:
        self.k = scale
        self.image = Image.new("RGB", (round(width * scale), round(height * scale)), paper)
        self.draw = ImageDraw.Draw(self.image)
        self.pen = Pen(self.draw)

    def points(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.k, y * self.k) for x, y in points]

    def shape(
        self, points: Sequence[Point], fill: Color, outline: Color | None = None, width: float = 1
    ) -> None:
        self.draw.polygon(
            self.points(points), fill=fill, outline=outline, width=max(1, round(width * self.k))
        )

    def line(self, points: Sequence[Point], color: Color, width: float) -> None:
        scaled = self.points(points)
        thick = max(1, round(width * self.k))
        self.draw.line(scaled, fill=color, width=thick, joint="curve")
        if thick > _THICK:  # Pillow leaves hairs open in the bends of wide lines
            half = thick / 2 - 0.5
            for x, y in scaled:
                self.draw.ellipse((x - half, y - half, x + half, y + half), fill=color)

    def dashes(self, points: Sequence[Point], color: Color, width: float, *, length: int = 6) -> None:
        for start in range(0, len(points) - 1, 2 * length):
            self.line(points[start : start + length + 1], color, width)

    def box(
        self,
        box: tuple[float, float, float, float],
        fill: Color | None,
        outline: Color | None = None,
        *,
        radius: float = 0,
        width: float = 1,
    ) -> None:
        left, top, right, bottom = (value * self.k for value in box)
        thick = max(1, round(width * self.k))
        self.draw.rounded_rectangle(
            (left, top, right, bottom), radius * self.k, fill=fill, outline=outline, width=thick
        )

    def disc(
        self, at: Point, radius: float, fill: Color, outline: Color | None = None, width: float = 1
    ) -> None:
        x, y = at
        left, top, right, bottom = (
            value * self.k for value in (x - radius, y - radius, x + radius, y + radius)
        )
        thick = max(1, round(width * self.k))
        self.draw.ellipse((left, top, right, bottom), fill=fill, outline=outline, width=thick)

    def text(
        self, at: Point, text: str, size: float, color: Color = INK, *, bold: bool = False, anchor: str = "l"
    ) -> None:
        self.pen.write((at[0] * self.k, at[1] * self.k), text, size * self.k, color, bold=bold, anchor=anchor)

    def label(self, at: Point, lines: Sequence[tuple[str, bool]], size: float = 17) -> None:
        """A small card whose lower left corner is at ``at``."""
        wide = max(self.pen.width(text, size * self.k, bold=bold) for text, bold in lines) / self.k + 28
        tall = len(lines) * size * 1.35 + 16
        self.box((at[0], at[1] - tall, at[0] + wide, at[1]), SHEET, STRONG, radius=6)
        for index, (text, bold) in enumerate(lines):
            self.text(
                (at[0] + 14, at[1] - tall + 8 + size * (1.05 + 1.35 * index)),
                text,
                size,
                INK if bold else INK2,
                bold=bold,
            )

    def north(self, at: Point) -> None:
        x, y = at
        self.shape([(x, y - 26), (x - 11, y + 14), (x, y + 6)], INK2)
        self.shape([(x, y - 26), (x + 11, y + 14), (x, y + 6)], STRONG)
        self.text((x, y + 34), "N", 15, INK2, bold=True, anchor="m")
