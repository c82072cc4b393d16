"""French typography and days, applied to texts that were typed on a plain keyboard.

The texts under ``content/`` are written with ordinary spaces and straight apostrophes. ``typeset`` puts the spaces
that French printing wants (U+202F before ; ! ? and inside « », U+00A0 before a colon, none of them breaking), and
leaves code and addresses alone. ``Calendar.fill`` replaces ``{J+3}`` by a day, said as one would say it on the day
the text was written.
"""

import re
from datetime import date

import msgspec

from bastide.demo import days

NARROW, NBSP = "\u202f", "\u00a0"
_UNITS = "mm|cm|dm|km|m[²³]?/[sh]|m[²³]?|km/h|kg|g|t|kVA|kWh?|MWh|L|%|k€|M€|€|ko|Mo|Go|min|s|ha|°C|dB|V"
_KEPT = re.compile(
    r"```.*?```|`[^`\n]*`|https?://[^\s<>]*[^\s<>.,;:!?)»]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.DOTALL
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"'", "’"),
        (r"\.\.\.", "…"),
        (rf"«[ {NBSP}{NARROW}]*", "«" + NARROW),
        (rf"[ {NBSP}{NARROW}]*»", NARROW + "»"),
        (r" +([;!?])", NARROW + r"\1"),
        (r"(?<=[\w)»%*’…])([;!?])", NARROW + r"\1"),
        (r" +:", NBSP + ":"),
        (r"\b(\d{1,2}) ?h ?(\d{2})\b", rf"\1{NARROW}h{NARROW}\2"),
        (r"\b(\d{1,3}) ?h\b", rf"\1{NARROW}h"),
        (r"\b(0\d) (\d\d) (\d\d) (\d\d) (\d\d)\b", NBSP.join(rf"\{n}" for n in range(1, 6))),
        (r"(?<=\d) (?=\d{3}(?:\D|$))", NARROW),
        (rf"(?<=\d) (?=(?:{_UNITS})(?![\w/]))", NARROW),
        (
            r"\b(D|RD|n°|art\.|M\.|Mme|MM\.|p\.|lot|ligne|circuit|article|page|salle|zone) (?=\d)",
            rf"\1{NBSP}",
        ),
        (r"\b(M\.|Mme|MM\.) (?=[A-ZÉ])", rf"\1{NBSP}"),
    )
)
_HOLE = re.compile(r"\{(J(?P<shift>[+-]\d+)?|an(?P<years>[+-]\d+)?)(?: (?P<form>[\w ]+))?\}")
_NEAR = {0: "aujourd’hui", 1: "demain", -1: "hier"}
_WEEK = 7


def typeset(text: str) -> str:
    """``text`` with French spaces, quotes and apostrophes; code and addresses untouched."""
    out: list[str] = []
    last = 0
    for kept in _KEPT.finditer(text):
        out += [_plain(text[last : kept.start()]), kept.group()]
        last = kept.end()
    return "".join([*out, _plain(text[last:])])


def _plain(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class Calendar(msgspec.Struct, frozen=True):
    """Resolves ``{J+3}`` and ``{an+1}`` for the working day ``day``."""

    day: date

    def at(self, count: int) -> date:
        """The day called J+count."""
        return days.shift(self.day, count)

    def fill(self, text: str, said: date) -> str:
        """``text`` without holes, as said on the day ``said``. Raises ValueError for an unknown form.

        Forms: none or ``le`` (demain, jeudi, le jeudi 13 mars), ``du``, ``au``, ``nu`` (no article), ``date`` (13 mars),
        ``jour``, ``jour date``, ``long``, ``num`` (13/03/2026), ``court`` (13/03), ``iso``, ``mois``, ``de mois``,
        ``an``. With a capital, the first letter is one.
        """

        def hole(match: re.Match[str]) -> str:
            if match.group(1).startswith("an"):
                if match["form"]:
                    raise ValueError(f"not a form of day: {match.group()}")
                return str(self.day.year + int(match["years"] or 0))
            form = match["form"] or "le"
            said_form = say(self.at(int(match["shift"] or 0)), said, form[0].lower() + form[1:])
            return said_form[0].upper() + said_form[1:] if form[0].isupper() else said_form

        filled = _HOLE.sub(hole, text)
        if "{" in filled and re.search(r"\{(J|an)\b", filled):
            raise ValueError(f"not a day: {filled[filled.index('{') :][:30]}")
        return filled


def say(day: date, said: date, form: str) -> str:
    """How to name ``day`` in French on the day ``said``; see ``Calendar.fill`` for the forms."""
    month, weekday = days.MONTHS[day.month - 1], days.WEEKDAYS[day.weekday()]
    number = "1er" if day.day == 1 else str(day.day)
    short = f"{number}{NBSP}{month}"
    fixed = {
        "date": short,
        "jour": weekday,
        "jour date": f"{weekday} {short}",
        "long": f"{weekday} {short} {day.year}",
        "num": f"{day:%d/%m/%Y}",
        "court": f"{day:%d/%m}",
        "iso": day.isoformat(),
        "mois": month,
        "de mois": f"d’{month}" if month[0] in "aeiou" else f"de {month}",
        "an": str(day.year),
    }
    if form in fixed:
        return fixed[form]
    return _spoken(
        form, _NEAR.get((day - said).days), weekday, f"{weekday} {short}", far=abs((day - said).days) >= _WEEK
    )


def _spoken(form: str, near: str | None, weekday: str, full: str, *, far: bool) -> str:
    if form not in {"le", "du", "au", "nu"}:
        raise ValueError(f"unknown form of day: {form!r}")
    if far:
        return full if form == "nu" else f"{form} {full}"
    word = near or weekday
    if form == "du":
        return f"d’{word}" if word[0] in "ah" else f"de {word}"
    return f"à {word}" if form == "au" else word
