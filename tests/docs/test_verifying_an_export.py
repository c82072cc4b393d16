"""The lines that the guide gives to verify an export without Bastide do it, and find tampering."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bastide.core.audit import Line
from tests.support.town import Town

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "securite.md"
Export = list[dict[str, object]]


def program() -> str:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, "the guide gives no lines"
    return found.group(1)


def verified(entries: Export, folder: Path) -> tuple[int, str]:
    """The status and the words of the guide's program, run by a Python that knows nothing of Bastide."""
    file = folder / "audit.jsonl"
    file.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", program(), str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
    )
    return done.returncode, done.stdout + done.stderr


async def export(town: Town) -> Export:
    await town.space(town.agathe, name="Été à Vézelle", readers=[town.yanis])
    async with town.house.ground.database.transaction() as tx:
        await town.house.ground.audit.record(tx, Line("test:act", True, detail={"mot": "é « \\n » 😀"}))
    return [json.loads(line) async for line in town.house.ground.audit.exported()]


async def test_a_whole_export_holds(town: Town, tmp_path: Path) -> None:
    entries = await export(town)
    status, said = verified(entries, tmp_path)
    assert status == 0, said
    assert f"{len(entries)} lignes tiennent" in said
    assert str(entries[-1]["hash"]) in said
    assert (await town.house.ground.audit.verify()).last.hex() == entries[-1]["hash"]


def changed(entries: Export) -> int:
    entries[2] = entries[2] | {"line": str(entries[2]["line"]).replace("true", "false", 1)}
    return 3


def later(entries: Export) -> int:
    entries[1] = entries[1] | {"at": "2026-03-11T08:30:00+00:00"}
    return 2


def removed(entries: Export) -> int:
    del entries[1]
    return 2


def put_in(entries: Export) -> int:
    entries.insert(2, entries[1])
    return 3


def swapped(entries: Export) -> int:
    entries[1], entries[2] = entries[2], entries[1]
    return 2


def beheaded(entries: Export) -> int:
    del entries[0]
    return 1


@pytest.mark.parametrize("tampering", [changed, later, removed, put_in, swapped, beheaded])
async def test_tampering_is_found(town: Town, tmp_path: Path, tampering: Callable[[Export], int]) -> None:
    entries = await export(town)
    where = tampering(entries)
    status, said = verified(entries, tmp_path)
    assert status == 1
    assert f"La ligne {where} ne tient pas." in said
