"""The contact sheet: one page beside its pictures, with nothing from elsewhere."""

import html
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from tests.browser.gallery.walk import Shot

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
body { margin: 0 }
header { position: sticky; top: 0; z-index: 1; padding: 12px 20px; background: Canvas; border-bottom: 1px solid #8885 }
header h1 { display: inline; margin-right: 24px; font-size: 18px }
fieldset { display: inline; margin: 0 16px 0 0; padding: 0; border: 0 }
legend { float: left; margin-right: 8px; color: GrayText }
label { margin-right: 8px }
section { padding: 12px 20px; border-bottom: 1px solid #8883 }
h2 { margin: 0 0 8px; font-size: 15px }
h2 a { color: inherit; text-decoration: none }
.row { display: flex; gap: 16px; align-items: flex-start; overflow-x: auto }
figure { flex: none; margin: 0 }
figure img { display: block; height: 320px; border: 1px solid #8885 }
figure.wrong img { outline: 3px solid #b3261e }
figcaption { max-width: 512px; font-size: 13px }
figcaption ul { margin: 4px 0; padding-left: 18px; color: #b3261e; overflow-wrap: anywhere }
"""
# A look is left out when its language, theme or width is not ticked; a row without looks goes, too.
_SCRIPT = """
const ticks = [...document.querySelectorAll("input[data-of]")]
const only = document.querySelector("#wrong")
const show = () => {
  const off = new Set(ticks.filter((one) => !one.checked).map((one) => `${one.dataset.of}:${one.value}`))
  for (const row of document.querySelectorAll("section")) {
    let seen = 0
    for (const one of row.querySelectorAll("figure")) {
      one.hidden = ["language", "theme", "width"].some((name) => off.has(`${name}:${one.dataset[name]}`)) ||
        (only.checked && !one.classList.contains("wrong"))
      seen += one.hidden ? 0 : 1
    }
    row.hidden = seen === 0
  }
}
for (const one of [...ticks, only]) one.addEventListener("change", show)
"""


def write(folder: Path, shots: Sequence[Shot]) -> Path:
    """Write `index.html` into the folder of the pictures; gives its path."""
    wrong = sum(bool(shot.wrong) for shot in shots)
    body = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Bastide, contact sheet</title>",
        f"<style>{_STYLE}</style><header><h1>{len(shots)} looks, {wrong} with findings</h1>",
        *(
            _ticks(name, sorted({str(getattr(shot.look, name)) for shot in shots}))
            for name in ("language", "theme", "width")
        ),
        "<label><input type=checkbox id=wrong> only findings</label></header>",
    ]
    for screen, looks in groupby(shots, lambda shot: shot.screen):
        name = html.escape(screen)
        body.append(f'<section id="{name}"><h2><a href="#{name}">{name}</a></h2><div class=row>')
        body += [_figure(shot) for shot in looks]
        body.append("</div></section>")
    body.append(f"<script>{_SCRIPT}</script></html>")
    path = folder / "index.html"
    path.write_text("\n".join(body), encoding="utf-8")
    return path


def _ticks(name: str, values: Sequence[str]) -> str:
    ticks = "".join(
        f'<label><input type=checkbox checked data-of="{name}" value="{one}"> {one}</label>' for one in values
    )
    return f"<fieldset><legend>{name}</legend>{ticks}</fieldset>"


def _figure(shot: Shot) -> str:
    look = shot.look
    found = "".join(f"<li>{html.escape(one)}</li>" for one in shot.wrong)
    caption = f"{look.language}, {look.theme}, {look.width}"
    return (
        f'<figure class="{"wrong" if found else "right"}" data-language="{look.language}" data-theme="{look.theme}" '
        f'data-width="{look.width}"><a href="{shot.picture}"><img loading=lazy src="{shot.picture}" alt="{caption}"></a>'
        f"<figcaption>{caption}{f'<ul>{found}</ul>' if found else ''}</figcaption></figure>"
    )
