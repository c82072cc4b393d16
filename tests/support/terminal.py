"""Commands of `./bastide`, each in a process of its own, forked from one that has imported them.

Importing the house takes longer than what most commands do, and their tests run many.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Self

from bastide.cli import main
from bastide.settings import ROOT


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str


class Forge:
    """Starts commands, one after the other. `async with`."""

    def __init__(self, folder: Path) -> None:
        """`folder`: where what they print is kept meanwhile."""
        self._out, self._err = folder / "out", folder / "err"
        self._turn = asyncio.Lock()
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        paths = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.terminal", stdin=PIPE, stdout=PIPE, env=os.environ | paths
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert await self._process.wait() == 0

    async def run(self, *words: str, lang: str = "C.UTF-8") -> Said:
        """Type a command in a terminal of this language."""
        asked = {"words": words, "lang": lang, "out": str(self._out), "err": str(self._err)}
        async with self._turn:
            assert self._process is not None
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            status = int(await self._process.stdout.readline())
            return Said(status, self._out.read_text(), self._err.read_text())


def _be(asked: dict[str, Any]) -> None:
    """Become the command. Never returns."""
    status = 70
    try:
        for name in [n for n in os.environ if n.startswith(("BASTIDE_", "LC_", "LANG"))]:
            del os.environ[name]
        os.environ["LANG"] = asked["lang"]
        for path, stream in ((asked["out"], 1), (asked["err"], 2)):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, stream)
        try:
            status = main(asked["words"])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _serve() -> None:
    """Fork a command for each line, and answer with how it ended."""
    for module in ("house", "terminal.audit", "terminal.profile"):
        import_module(f"bastide.{module}")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _be(json.loads(line))
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{ended}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
