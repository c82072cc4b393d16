# ruff: noqa: INP001 - a script by itself
"""Look at the window: screenshots and axe, light and dark, wide, tablet and phone.

    python web/scripts/shot.py URL OUT [--name NAME] [--widths 1440,820,390] [--themes light,dark] [--click CSS] [--wait CSS]
                               [--full] [--lang fr] [--sign-in ADDRESS:PASSWORD] [--height N]

Writes OUT/NAME-WIDTH-THEME.png and prints every axe finding, console error and horizontal scroll. Ends with 1 if
there was one. Runs with the Python environment of the project and the system's Chromium.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page, sync_playwright

AXE = Path(__file__).resolve().parent.parent / "node_modules/axe-core/axe.min.js"
PHONE = 600  # pixels; narrower than this is held in a hand
HEIGHTS = {1440: 900, 820: 1180, 390: 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]


def findings(page: Page) -> list[str]:
    """What axe finds on the page as it is, one line each, and whether it scrolls sideways."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    lines = [
        f"axe {violation['id']}: {node['target']} {node['html'][:140]} {node.get('failureSummary', '')[:240]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        lines.append("the page scrolls sideways")
    return lines


def main() -> int:
    """Read the arguments, take the pictures, say what is wrong; 0 when nothing is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("url")
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", default="page")
    parser.add_argument("--widths", default="1440,820,390")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--click", action="append", default=[])
    parser.add_argument("--wait", default="main")
    parser.add_argument("--lang", default="fr")
    parser.add_argument("--sign-in")
    parser.add_argument("--height", type=int)
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        for width in (int(text) for text in args.widths.split(",")):
            for theme in args.themes.split(","):
                context = browser.new_context(
                    viewport={"width": width, "height": args.height or HEIGHTS.get(width, 900)},
                    color_scheme=theme,
                    locale=args.lang,
                    timezone_id="Europe/Paris",
                    reduced_motion="reduce",
                    has_touch=width < PHONE,
                )
                if args.sign_in:
                    email, password = args.sign_in.split(":", 1)
                    answer = context.request.post(
                        urljoin(args.url, "/api/session"), data={"email": email, "password": password}
                    )
                    if not answer.ok:
                        sys.exit(f"signing in: {answer.status} {answer.text()}")
                page = context.new_page()
                said: list[str] = []
                page.on(
                    "console",
                    lambda message, said=said: (
                        said.append(message.text) if message.type in {"error", "warning"} else None
                    ),
                )
                page.on("pageerror", lambda error, said=said: said.append(str(error)))
                page.goto(args.url)
                page.wait_for_selector(args.wait)
                page.evaluate("document.fonts.ready")
                for target in args.click:
                    page.click(target)
                page.wait_for_timeout(400)
                page.screenshot(path=args.out / f"{args.name}-{width}-{theme}.png", full_page=args.full)
                # Asking who is signed in, and hearing "nobody", is how the sign-in page begins.
                said = [line for line in said if args.sign_in or "401" not in line]
                for line in [*said, *findings(page)]:
                    wrong += 1
                    sys.stdout.write(f"{args.name} {width} {theme}: {line}\n")
                context.close()
        browser.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
