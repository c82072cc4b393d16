"""How long starts took: which one a figure is of."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bastide.doctor.report import measure
from bastide.settings import ROOT, Settings
from bastide.supervisor.starts import Starts, read, record
from tests.support.instance import running
from tests.support.livekit import free_port


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "run").mkdir()
    return Settings(data=tmp_path)


def test_before_the_first_start_nothing_is_known(settings: Settings) -> None:
    assert read(settings) == Starts(first_s=None, second_s=None)


@pytest.mark.parametrize("installed", [True, False])
def test_the_first_start_of_a_data_folder_is_the_first_whatever_it_installed(
    settings: Settings, *, installed: bool
) -> None:
    record(settings, 129.04, installed=installed)
    assert read(settings) == Starts(first_s=129.0, second_s=None, installed=installed)
    record(settings, 2.81, installed=False)
    record(settings, 3.33, installed=False)
    assert read(settings) == Starts(first_s=129.0, second_s=3.3, installed=installed)


def test_a_later_start_that_installed_something_is_neither(settings: Settings) -> None:
    record(settings, 20, installed=False)
    record(settings, 90, installed=True)
    assert read(settings) == Starts(first_s=20.0, second_s=None)


async def test_both_are_there_after_two_starts(tmp_path: Path) -> None:
    settings, port = Settings(data=tmp_path), free_port()
    async with running(tmp_path, port, "--no-demo"):
        first = measure(settings)
        assert first.first_start_s
        assert first.second_start_s is None
    since = time.monotonic()
    async with running(tmp_path, port, "--no-demo"):
        took, second = time.monotonic() - since, measure(settings)
        assert second.first_start_s == first.first_start_s
        assert second.second_start_s
        assert second.second_start_s <= took + 0.1


def test_its_help_says_what_each_figure_is() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "bastide.cli", "doctor", "--help"],
        env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for figure in ("pss_mb", "first_start_s", "second_start_s"):
        assert f"\n  {figure} " in said
