"""A folder for engines that run under accounts of their own."""

import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Generator[Path]:
    """A folder of this test, not below pytest's own: each pytest session that begins closes that one to others,
    and an engine that is not root could no longer reach its files.
    """
    with tempfile.TemporaryDirectory(prefix="bastide-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
