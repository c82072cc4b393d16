"""How a story goes: its steps with the time each took, and what is kept of one that fails."""

import contextlib
import re
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from time import monotonic

from playwright.async_api import Error

from bastide.settings import ROOT
from tests.browser.support.windows import Street

FAILURES = ROOT / ".bastide" / "browser-failures"


class Story:
    """One story's steps. `lines` is what is printed of it at the end of the session."""

    def __init__(self, name: str, street: Street) -> None:
        self.name = name
        self.lines: list[str] = []
        self._street = street
        self._since = monotonic()

    @contextlib.asynccontextmanager
    async def step(self, what: str) -> AsyncGenerator[None]:
        """A part of the story. Of one that fails, all windows are kept as they are at that moment."""
        since = monotonic()
        try:
            yield
        except BaseException as error:
            kept = await keep_evidence(self.name, self._street)
            error.add_note(f"in the story {self.name}, while {what}: see {kept}")
            raise
        finally:
            self.lines.append(f"{monotonic() - since:7.1f} s  {what}")

    def note(self, what: str, seconds: float) -> None:
        """Something that was measured."""
        self.lines.append(f"          {what}: {seconds:.2f} s")

    @property
    def seconds(self) -> float:
        return monotonic() - self._since


def forget_failures() -> None:
    """Throw away what an earlier session kept."""
    shutil.rmtree(FAILURES, ignore_errors=True)


async def keep_evidence(name: str, street: Street) -> Path:
    """Keep a picture of every window and what browsers said, of a story that failed."""
    folder = FAILURES / re.sub(r"[^\w-]+", "-", name)
    folder.mkdir(parents=True, exist_ok=True)
    for who, page in street.pages():
        with contextlib.suppress(Error):
            await page.screenshot(path=folder / f"{who}.png", timeout=5_000)
    for person in street.people:
        lines = [*person.watch.said[-400:], "", *person.watch.asked[-400:], "", *person.watch.sockets]
        (folder / f"{person.given}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder
