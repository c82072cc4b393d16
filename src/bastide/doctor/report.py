"""What `bastide doctor` prints."""

import sys

import msgspec

from bastide.doctor.checks import Grade, all_checks
from bastide.doctor.memory import pss, tree
from bastide.settings import Settings
from bastide.supervisor import starts
from bastide.supervisor.keeper import noted

_MARKS = {Grade.WELL: "✓", Grade.WATCH: "!", Grade.ILL: "✗"}


HELP = """\
usage: ./bastide doctor [--json] [options of ./bastide up that say which instance]

Look at the running Bastide, and say what to do. With --json, the last line is the figures, for machines:

  pss_mb          memory of all its processes in MB (10^6 bytes); what several share is counted once (PSS)
  first_start_s   seconds from ./bastide up until one could sign in, at the first start of this data folder: the
                  database is made and filled. What had to be installed or built before counts, too; where another
                  data folder was used first on this machine, that was nothing. Calls may be ready later.
  second_start_s  the same for the last start after that which installed nothing

A figure is null where there is nothing to measure: memory of what does not run, a start that has not been.\
"""


class Figures(msgspec.Struct, frozen=True):
    """Memory of all processes in MB, and the seconds starts took; None when not known."""

    pss_mb: float | None
    first_start_s: float | None
    second_start_s: float | None


class Report(msgspec.Struct, frozen=True):
    """The one line that machines read."""

    name: str
    figures: Figures


async def doctor(settings: Settings, *, as_json: bool) -> int:
    """Print findings and figures; give 1 when something is ill. `as_json`: the last line is the figures."""
    checks = await all_checks(settings)
    figures = measure(settings)
    for check in checks:
        _print(f"{_MARKS[check.grade]} {check.name:<13} {check.finding}")
        if check.advice:
            _print(f"  {'':<13} → {check.advice}")
    if as_json:
        _print(msgspec.json.encode(Report(name="doctor", figures=figures)).decode())
    else:
        _print(f"  all memory    {_or_unknown(figures.pss_mb)} MB (PSS of all processes)")
        first, later = _or_unknown(figures.first_start_s), _or_unknown(figures.second_start_s)
        how = "installing what was missing" if starts.read(settings).installed else "all was installed before"
        _print(f"  starts        the first {first} s ({how}), later {later} s")
    return 1 if any(check.grade is Grade.ILL for check in checks) else 0


def measure(settings: Settings) -> Figures:
    """Measure the instance of this data folder; figures are None where it does not run or never did."""
    supervisor = noted(settings.run, "supervisor")
    known = starts.read(settings)
    return Figures(
        pss_mb=pss(tree(supervisor)) if supervisor else None,
        first_start_s=known.first_s,
        second_start_s=known.second_s,
    )


def _or_unknown(figure: float | None) -> str:
    return "unknown" if figure is None else f"{figure:.1f}"


def _print(line: str) -> None:
    print(line, file=sys.stdout)  # noqa: T201
