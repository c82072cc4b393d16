"""No word of anybody's, and no secret, stands in any log: see `noisy.py` for the day that is searched."""

import json
import re
import sys
from asyncio import create_subprocess_exec, subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from bastide.core.wordless import kind_of, kinds_of, place, told
from bastide.settings import ROOT
from tests.support.folders import tmp_path

__all__ = ["tmp_path"]

MARK = "quetzalcoatl"


async def noisy(folder: Path) -> tuple[list[str], list[str]]:
    """What the house wrote to its logs, and the secrets it made."""
    folder.chmod(0o755)  # noqa: ASYNC240 - PostgreSQL's account passes through it
    child = await create_subprocess_exec(
        *(sys.executable, "-m", "tests.watch.noisy", str(folder), MARK),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    out, err = await child.communicate()
    assert child.returncode == 1, "it ends by an error that nobody catches"
    return err.decode().splitlines(), out.decode().splitlines()


async def test_no_log_holds_a_word_or_a_secret(tmp_path: Path) -> None:
    lines, secrets = await noisy(tmp_path)
    postgres = (tmp_path / "postgres.log").read_text()
    parsed = [json.loads(line) for line in lines]
    said = Counter(line["event"] for line in parsed)

    # the day was as noisy as it should be, else nothing was proved
    assert len(secrets) >= 6, lines
    assert said["http.defect"] == 4, said
    assert said["socket.defect"] == 2, said
    assert said["jobs.failed"] >= 1, said
    assert said["http.failed"] >= 6, said
    assert said["library"] >= 5, said
    assert said["unhandled"] >= 3, said
    assert parsed[-1]["event"] == "unhandled"
    assert parsed[-1]["error"][0]["kind"] == "SystemError"
    kinds = {link["kind"] for line in parsed if isinstance(line.get("error"), list) for link in line["error"]}
    assert {"ValueError", "psycopg.errors.UniqueViolation 23505", "ExceptionGroup", "LookupError"} <= kinds
    assert "database system is ready" in postgres

    for text in (*lines, postgres):
        flat = text.lower()
        assert MARK not in flat, text
        for secret in secrets:
            assert secret.lower() not in flat, text
            assert quote(secret).lower() not in flat, text
        assert "haute-vezelle.example" not in flat, text

    for line in parsed:
        assert {"event", "level", "timestamp"} <= line.keys(), line
        if line["event"] in ("http.failed", "http.slow"):
            assert line.keys() >= {"request", "method", "route", "status", "ms"}
            assert re.fullmatch(r"unrouted|(/[a-z{}_-]*)+", line["route"]), line
    failed = [line for line in parsed if line["event"] == "http.failed" and line["status"] == 500]
    defects = [line for line in parsed if line["event"] == "http.defect"]
    assert [line["request"] for line in failed] == [line["request"] for line in defects]
    assert all(line["error"][0]["at"] for line in defects), "where it happened is told"


def test_an_error_is_told_without_its_words() -> None:
    try:
        try:
            raise psycopg.errors.UniqueViolation(MARK)
        except psycopg.Error as error:
            raise FileNotFoundError(2, MARK, MARK) from error
    except OSError as error:
        caught = error
    assert kinds_of(caught) == "FileNotFoundError ENOENT < psycopg.errors.UniqueViolation 23505"
    first, second = told(caught)
    assert first.kind == "FileNotFoundError ENOENT"
    assert re.fullmatch(r"watch/test_logs.py:\d+ test_an_error_is_told_without_its_words", second.at[-1])
    assert MARK not in str((first, second))


def test_errors_that_cause_each_other_end() -> None:
    one, other = ValueError("a"), ValueError("b")
    one.__cause__, other.__cause__ = other, one
    assert kinds_of(one) == "ValueError < ValueError"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("/srv/bastide/src/bastide/chat/store.py", "bastide/chat/store.py"),
        ("/x/lib/python3.11/site-packages/psycopg/cursor.py", "psycopg/cursor.py"),
        ("/usr/lib/python3.11/asyncio/tasks.py", "asyncio/tasks.py"),
        ("<string>", "<string>"),
    ],
)
def test_a_place_is_named_as_developers_know_it(file: str, name: str) -> None:
    assert place(file) == name
    assert kind_of(KeyError()) == "KeyError"
