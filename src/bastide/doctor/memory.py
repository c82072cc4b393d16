"""How much memory an instance takes, all its processes together."""

import contextlib
from collections import defaultdict
from pathlib import Path

from bastide.engines.process import Identity


def tree(root: Identity) -> set[int]:
    """Give the process and all its descendants that live now."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isascii() and folder.name.isdecimal():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                children[int(stat[stat.rindex(")") + 2 :].split()[1])].append(int(folder.name))
    found: set[int] = set()
    waiting = [root.pid]
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting.extend(children[pid])
    return found


def pss(pids: set[int]) -> float:
    """Give the proportional set size of these processes in MB (10^6 bytes): memory shared by n counts 1/n.

    Raises PermissionError for processes of another account.
    """
    kilobytes = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return round(kilobytes * 1024 / 1e6, 1)
