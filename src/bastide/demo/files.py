"""Makes the bytes of the demo's files, one at a time and on demand."""

from bastide.demo import markup, odf, pdf, pictures
from bastide.demo.model import DemoContentError, Recipe
from bastide.demo.series import Series


def render(recipe: Recipe) -> bytes:
    """The bytes of the file; the same each time. Takes up to 0.6 s for a large picture: call it in a thread.

    Raises DemoContentError for a maker that does not exist.
    """
    if recipe.maker.startswith("picture:"):
        _, name, kind = recipe.maker.split(":")
        return pictures.render(name, kind, recipe)
    if recipe.maker in {"txt", "csv"}:
        # Offices open a CSV by double click only with a byte order mark and semicolons.
        mark = "\ufeff" if recipe.maker == "csv" else ""
        body = recipe.body + "".join(_table(recipe.series) if recipe.maker == "csv" else ())
        return (mark + body).replace("\n", "\r\n").encode()
    page = markup.read(recipe.body)
    if recipe.maker == "odt":
        return odf.text(page, recipe.made, recipe.author)
    if recipe.maker == "pdf":
        return pdf.text(page, recipe.made, recipe.author)
    if recipe.maker == "ods":
        sheets = tuple(block for series in recipe.series for block in _sheet(series))
        return odf.sheet(
            markup.Page(page.title, page.subtitle, page.head, page.blocks + sheets),
            recipe.made,
            recipe.author,
        )
    raise DemoContentError(f"no maker {recipe.maker!r}")


def _sheet(series: Series) -> tuple[markup.Block, ...]:
    rows = tuple(
        (f"{at:%Y-%m-%d}", f"{at:%H:%M}", f"{value:.2f}".replace(".", ",")) for at, value in series.points
    )
    head = ("Date", "Heure", f"Niveau ({series.unit})")
    return (
        markup.Block("heading", markup.runs(series.name), level=1),
        markup.Block("table", rows=(head, *rows)),
    )


def _table(series: tuple[Series, ...]) -> list[str]:
    """The readings as lines of a CSV, one per moment, a column per series."""
    if not series:
        return []
    lines = [";".join(["date", "heure", *(f"{s.name} ({s.unit})" for s in series)]) + "\n"]
    for index, (at, _) in enumerate(series[0].points):
        figures = (f"{s.points[index][1]:.2f}".replace(".", ",") for s in series)
        lines.append(";".join([f"{at:%d/%m/%Y}", f"{at:%H:%M}", *figures]) + "\n")
    return lines
