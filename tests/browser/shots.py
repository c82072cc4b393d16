"""Take a picture of every screen in every look, judge each, and lay them out on one sheet.

./bastide shots                                   all of them, into .bastide/shots
./bastide shots --only channel,files-long         these screens; a name's beginning with * takes all of its kind
./bastide shots --languages fr --themes light --widths 1440,390

It starts an instance of its own with the demo organisation, or takes the one that BASTIDE_STORIES=DATA:PORT names. It ends
with 1 when a page scrolls sideways, a control is cut, a sentence is untranslated or axe finds something.
"""

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from fnmatch import fnmatchcase
from pathlib import Path
from signal import SIGINT, SIGTERM

from bastide.settings import ROOT
from tests.browser.gallery import sheet
from tests.browser.gallery.screens import SCREENS
from tests.browser.gallery.walk import Plan, Shot, Walk
from tests.browser.support.house import open_house
from tests.browser.support.windows import street

LANGUAGES, THEMES, WIDTHS = "fr,en", "light,dark", "1440,820,390"


async def take(plan: Plan) -> Sequence[Shot]:
    """Walk through the gallery, telling of each look that is not as it should be. Who stops it keeps what there is."""

    def tell(shot: Shot) -> None:
        if shot.wrong:
            print(f"{shot.screen} {shot.look.name}", *shot.wrong, sep="\n  ", flush=True)

    async with AsyncExitStack() as stack:
        house = await open_house(stack)
        await house.calls_ready()
        walk = Walk(plan, house, await street(house, stack), tell)
        stop = asyncio.Event()
        for one in (SIGINT, SIGTERM):
            asyncio.get_running_loop().add_signal_handler(one, stop.set)
        going, stopped = asyncio.create_task(walk.go()), asyncio.create_task(stop.wait())
        await asyncio.wait((going, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not going.done():
            print("stopped: not everything was looked at", flush=True)
            going.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await going
        else:
            going.result()
        return walk.shots


def main(argv: Sequence[str]) -> int:
    """Read the words, take the pictures, write the sheet; 0 when nothing is wrong."""
    options = argparse.ArgumentParser(
        prog="./bastide shots", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--only", metavar="NAMES", default="*", help="screens, with commas between them")
    options.add_argument("--languages", default=LANGUAGES, help=LANGUAGES)
    options.add_argument("--themes", default=THEMES, help=THEMES)
    options.add_argument("--widths", default=WIDTHS, help=WIDTHS)
    options.add_argument("--out", type=Path, default=ROOT / ".bastide" / "shots", help="where pictures go")
    options.add_argument("--list", action="store_true", help="only name the screens")
    given = options.parse_args(argv)
    wanted = given.only.split(",")
    screens = [one for one in SCREENS if any(fnmatchcase(one.name, name) for name in wanted)]
    if not screens:
        options.error(f"there is no such screen; there are: {', '.join(one.name for one in SCREENS)}")
    if given.list:
        print(*(one.name for one in screens), sep="\n")
        return 0
    for name, known in (("languages", LANGUAGES), ("themes", THEMES)):
        if unknown := set(getattr(given, name).split(",")) - set(known.split(",")):
            options.error(f"--{name}: {', '.join(sorted(unknown))}; there are {known}")
    given.out.mkdir(parents=True, exist_ok=True)
    for old in given.out.glob("*.png"):
        old.unlink()
    plan = Plan(
        screens,
        given.languages.split(","),
        given.themes.split(","),
        [int(one) for one in given.widths.split(",")],
        given.out,
    )
    since = time.monotonic()
    order = {one.name: number for number, one in enumerate(screens)}
    shots = sorted(asyncio.run(take(plan)), key=lambda shot: order[shot.screen])
    path = sheet.write(given.out, shots)
    wrong = [shot for shot in shots if shot.wrong]
    print(f"{len(shots)} looks in {time.monotonic() - since:.0f} s, {len(wrong)} with findings: {path}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
