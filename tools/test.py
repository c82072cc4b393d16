"""All the tests, stage after stage, with the time each took. `./bastide test` installs, then runs this.

./bastide test                      everything
./bastide test --only lint,types    these stages
./bastide test --only python -- -k journal      what follows -- goes to pytest
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
BIN = ROOT / ".bastide" / "venv" / "bin"
PYTHON = str(BIN / "python")
API_TYPES = "src/core/api/schema.d.ts"
PYTEST = (PYTHON, "-m", "pytest", "--durations=10")
# On the oldest PostgreSQL that is supported, as Debian 12 packages it: what speaks SQL, and an instance that runs on it.
OLDEST = "15"
OLDEST_PROGRAM = Path(f"/usr/lib/postgresql/{OLDEST}/bin/postgres")
ON_THE_OLDEST = (
    *(f"tests/core/test_{name}.py" for name in ("audit", "blobs", "groups", "jobs", "journal", "migrate")),
    *(f"tests/{trade}" for trade in ("chat", "home", "spaces", "trail", "upgrade")),
    "tests/backup/test_databases.py",
    "tests/files/test_service.py",
    "tests/files/test_waiting.py",
    "tests/supervisor/test_external.py::test_the_main_job_on_a_postgresql_and_a_livekit_of_others",
    # restarts an embedded server of its own: nothing of this version
    "--deselect=tests/core/test_jobs.py::test_restart_of_postgresql",
)
# Tests wait more than they compute. Each process has engines of its own; the tests of a file stay together.
SIDE_BY_SIDE = (f"--numprocesses={min(4, (os.cpu_count() or 1) + 1)}", "--dist=loadfile")


@dataclass(frozen=True)
class Command:
    """One program: its words, where it runs, and the file or folder without which there is nothing to run."""

    words: tuple[str, ...]
    needs: Path
    folder: Path = ROOT
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Stage:
    """Commands that belong together. One marked `beside` starts first, and is waited for in its place."""

    name: str
    title: str
    commands: tuple[Command, ...]
    beside: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a stage came out; `ran` is false when its part is not in the tree yet."""

    stage: Stage
    ran: bool
    passed: bool
    seconds: float


def web(node: str, needs: str, *words: str) -> Command:
    """A command of the window: a script that Node runs in web/."""
    return Command((node, needs, *words), WEB / needs, WEB)


def stages(node: str, pytest_words: tuple[str, ...]) -> tuple[Stage, ...]:
    """Give all stages, in order."""
    ruff, modules = str(BIN / "ruff"), "node_modules"
    npm = str(Path(node).parents[1] / "lib/node_modules/npm/bin/npm-cli.js")
    return (
        Stage(
            "lint",
            "Formatting and rules",
            (
                Command((ruff, "check", "."), ROOT / "pyproject.toml"),
                Command((ruff, "format", "--check", "."), ROOT / "pyproject.toml"),
                web(node, f"{modules}/@biomejs/biome/bin/biome", "check", "."),
                web(node, "scripts/typography.ts"),
            ),
        ),
        Stage(
            "types",
            "Types",
            (
                Command((node, str(WEB / modules / "pyright/index.js")), WEB / modules / "pyright"),
                web(node, f"{modules}/typescript-7/bin/tsc", "--noEmit"),
            ),
        ),
        Stage(
            "imports",
            "Who may import whom",
            (Command((str(BIN / "lint-imports"), "--no-logo"), ROOT / "src/bastide/app.py"),),
        ),
        Stage(
            "contract",
            "What windows are built against",
            (
                Command(
                    (PYTHON, "-m", "bastide.cli", "openapi", str(ROOT / ".bastide/openapi.json")),
                    WEB / API_TYPES,
                ),
                Command((node, npm, "run", "--silent", "generate", "--", "--check"), WEB / API_TYPES, WEB),
            ),
        ),
        Stage(
            "livekit",
            "Building the media server",
            (Command((PYTHON, "-m", "bastide.cli", "build-livekit"), ROOT / "engines/livekit/go.sum"),),
            beside=True,
        ),
        Stage("window", "Window", (web(node, f"{modules}/vitest/vitest.mjs", "run"),)),
        Stage("build", "Building the window", (web(node, f"{modules}/vite/bin/vite.js", "build"),)),
        Stage(
            "python",
            "Python",
            (
                Command(
                    (*PYTEST, *(pytest_words or (*SIDE_BY_SIDE, "tests", "--ignore=tests/browser"))),
                    ROOT / "tests",
                ),
            ),
        ),
        Stage(
            f"postgres-{OLDEST}",
            f"On PostgreSQL {OLDEST}",
            (
                Command(
                    (*PYTEST, *(pytest_words or (*SIDE_BY_SIDE, *ON_THE_OLDEST))),
                    OLDEST_PROGRAM,
                    environment=(("BASTIDE_TEST_POSTGRES", OLDEST),),
                ),
            ),
        ),
        Stage(
            "stories",
            "Stories in real browsers",
            (Command((*PYTEST, *(pytest_words or ("tests/browser",))), ROOT / "tests/browser"),),
        ),
    )


class Beside:
    """A command that runs while others do: its end is timed and waited for."""

    def __init__(self, command: Command) -> None:
        self._since = time.monotonic()
        self._process = subprocess.Popen(command.words, cwd=command.folder, stdin=subprocess.DEVNULL)
        self.seconds = 0.0
        self._waiting = threading.Thread(target=self._wait)
        self._waiting.start()

    def _wait(self) -> None:
        self._process.wait()
        self.seconds = time.monotonic() - self._since

    def passed(self) -> bool:
        """Wait for its end, and tell whether it was a good one."""
        self._waiting.join()
        return self._process.returncode == 0

    def end(self) -> None:
        """End it, if it runs."""
        self._process.terminate()
        self._waiting.join()


def run(stage: Stage, begun: Sequence[Beside]) -> Outcome:
    """Run a stage's commands, all of them; or wait for those that were begun before."""
    print(f"\n── {stage.title} ({stage.name})", flush=True)
    if stage.beside:
        passed = not [each for each in begun if not each.passed()]
        return Outcome(stage, ran=bool(begun), passed=passed, seconds=sum(each.seconds for each in begun))
    ran, passed, since = False, True, time.monotonic()
    for command in stage.commands:
        if not command.needs.exists():
            print(f"   left out: {os.path.relpath(command.needs, ROOT)} is not there", flush=True)
            continue
        ran = True
        environment = {**_translated_once(), **dict(command.environment)}
        code = subprocess.run(command.words, cwd=command.folder, check=False, env=environment).returncode
        if code != 0:
            print(f"   failed ({code}): {' '.join(command.words)}", flush=True)
            passed = False
    return Outcome(stage, ran=ran, passed=passed, seconds=time.monotonic() - since)


def _translated_once() -> dict[str, str]:
    """The environment in which the many Python processes that tests start find their modules translated."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(ROOT / ".bastide" / "python")}


def report(outcomes: Sequence[Outcome]) -> int:
    """Print what came out of each stage, and give the exit status."""
    print()
    for outcome in outcomes:
        mark = ("✓" if outcome.passed else "✗") if outcome.ran else "·"
        note = "" if outcome.ran else "   not there"
        print(f"{mark} {outcome.stage.title:<28}{outcome.seconds:7.1f} s{note}")
    ran = [outcome for outcome in outcomes if outcome.ran]
    passed = sum(outcome.passed for outcome in ran)
    print(f"stages: {passed} passed, {len(ran) - passed} failed")
    return 0 if ran and passed == len(ran) else 1


def main(argv: Sequence[str]) -> int:
    """Run the stages that were asked for."""
    options = argparse.ArgumentParser(
        prog="./bastide test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--node", required=True, help=argparse.SUPPRESS)
    options.add_argument("--only", metavar="NAMES", help="stages, with commas between them")
    options.add_argument("--fail-fast", action="store_true", help="stop at the first stage that fails")
    options.add_argument("pytest", nargs="*", help=argparse.SUPPRESS)
    given = options.parse_args(argv)
    every = stages(given.node, tuple(given.pytest))
    names = [stage.name for stage in every]
    wanted = given.only.split(",") if given.only else names
    if unknown := set(wanted) - set(names):
        options.error(f"there is no stage {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
    chosen = [stage for stage in every if stage.name in wanted]
    beside = {
        stage.name: [Beside(command) for command in stage.commands if command.needs.exists()]
        for stage in chosen
        if stage.beside
    }
    outcomes: list[Outcome] = []
    try:
        for stage in chosen:
            outcomes.append(run(stage, beside.get(stage.name, [])))
            if given.fail_fast and not outcomes[-1].passed:
                break
    finally:
        for each in (each for begun in beside.values() for each in begun):
            each.end()
    return report(outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
