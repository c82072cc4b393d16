"""What processes cost, as the kernel counts it (/proc)."""

import os
from pathlib import Path

import msgspec

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_s(pid: int) -> float:
    """Seconds of CPU time that a process has had, user and system; its threads count, its children do not."""
    fields = (
        Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    )
    return (int(fields[11]) + int(fields[12])) / _TICK


def rss_bytes(pid: int) -> int:
    """What a process has in memory, shared pages and all."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def pss_bytes(pid: int) -> int:
    """What a process has in memory, shared pages divided among those who share them: these may be added up."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="ascii", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    found, waiting = [pid], [pid]
    while waiting:
        born = children.get(waiting.pop(), [])
        found += born
        waiting += born
    return found


class Spent(msgspec.Struct):
    """CPU time of some processes between two moments: `begin`, then `seconds`. Who ends in between is left out."""

    pids: list[int]
    before: dict[int, float] = {}

    def begin(self) -> None:
        """Count from now on."""
        self.before = {pid: cpu_s(pid) for pid in self.pids if _lives(pid)}

    def seconds(self) -> float:
        """Seconds of CPU since `begin`."""
        return sum(cpu_s(pid) - before for pid, before in self.before.items() if _lives(pid))


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
