"""The machine: its disk, its memory, its clock, its limits, and who may read what is kept."""

import ctypes
import os
import stat
import tempfile
import time
from pathlib import Path

from bastide.doctor.finding import Check, ill, watch, well
from bastide.settings import Settings
from bastide.supervisor import place
from bastide.supervisor.limits import file_limit, windows_that_fit

_FILES_WANTED = 4096
_ROOM_WANTED = 1 << 30
_MEMORY_WANTED = 512 << 20
_SYNCS = 8
_TOO_QUICK_S = 5e-6
_TOO_SLOW_S = 0.1
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_OF_A_CONTAINER = frozenset({"overlay", "aufs"})
_UNSYNCHRONISED = 5  # adjtimex(2): TIME_ERROR
_TIMEX_BYTES = 512  # more than its structure has on any machine


def disk(settings: Settings) -> Check:
    """Whether there is room."""
    room = place.room(settings.data if settings.data.exists() else settings.data.parent)
    left = f"{room / 1e9:.1f} GB are free."
    if room < place.LEAST_ROOM:
        return ill("disk", left, "Free some space now: Bastide cannot start or keep messages.")
    if room < _ROOM_WANTED:
        return watch("disk", left, "Free some space soon.")
    return well("disk", left)


def sync(folder: Path) -> Check:
    """Whether what is said to be on the disk is there: the file system, and how long it takes to say so."""
    try:
        took = _sync_s(folder)
    except PermissionError:
        return watch("sync", f"{folder} is closed to this account.", "Run this as who started Bastide.")
    except OSError as error:
        return ill(
            "sync", f"{folder} cannot be written: {error.strerror}.", "Look at the disk and its cables."
        )
    return judged(folder, file_system(folder), took)


def judged(folder: Path, kind: str, took: float) -> Check:
    """What to say of a folder on that kind of file system, which said after `took` seconds that it has written."""
    finding, advice = f"The disk says after {took * 1000:.2f} ms that it has written.", ""
    if kind in _IN_MEMORY:
        finding, advice = (
            f"{folder} is in memory ({kind}), and lost with a restart.",
            "Choose a disk with --data.",
        )
    elif kind in _OF_A_CONTAINER:
        finding = f"{folder} is inside a container ({kind}), and is lost with it."
        advice = "Mount a volume there."
    elif took < _TOO_QUICK_S:
        advice = "That is too quick to be true: turn fsync on for this disk."
    elif took > _TOO_SLOW_S:
        advice = "Messages wait for it: choose a quicker disk."
    return watch("sync", finding, advice) if advice else well("sync", finding)


def file_system(folder: Path) -> str:
    """Give the kind of file system that a folder is on; "" when it cannot be told."""
    best, kind = -1, ""
    real = folder.resolve()
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines():
        mount, of = line.split()[1:3]
        at = Path(mount.encode().decode("unicode_escape"))
        if real.is_relative_to(at) and len(at.parts) >= best:
            best, kind = len(at.parts), of
    return kind


def _sync_s(folder: Path) -> float:
    """Write and sync a small file some times; give the seconds that the middle one took."""
    times: list[float] = []
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
        for _ in range(_SYNCS):
            file.write(b"\0" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return sorted(times)[_SYNCS // 2]


def clock() -> Check:
    """Whether the kernel holds its clock for right. Nobody else is asked."""
    state = clock_state()
    if state is None:
        return watch("clock", "The kernel does not tell how its clock is.", "See that it is set by NTP.")
    if state == _UNSYNCHRONISED:
        return watch(
            "clock",
            "Nothing sets this machine's clock.",
            "Run an NTP service (chrony, systemd-timesyncd): sign-in and terms go by it.",
        )
    return well("clock", "It is set by a time service.")


def clock_state() -> int | None:
    """Ask adjtimex(2) without changing anything; None where it may not be asked."""
    held = ctypes.create_string_buffer(_TIMEX_BYTES)
    told = int(ctypes.CDLL(None, use_errno=True).adjtimex(held))
    return None if told < 0 else told


def files(edges: int = 0) -> Check:
    """How many windows fit; `edges` hold them in the application's place."""
    limit = file_limit()
    if limit is None:
        return well("file limit", "There is no limit to open files.")
    fit = windows_that_fit(limit, max(1, edges))
    finding = f"{limit} files may be open in each process: about {fit} windows at once."
    if limit < _FILES_WANTED:
        return watch(
            "file limit",
            finding,
            f"Raise it: ulimit -Hn {_FILES_WANTED}, or LimitNOFILE in the systemd unit.",
        )
    return well("file limit", finding)


def memory() -> Check:
    """How much is left."""
    fields = dict(
        line.split(":", 1) for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    )
    left = int(fields["MemAvailable"].split()[0]) << 10
    finding = f"{left / 1e9:.1f} GB can still be used."
    if left < _MEMORY_WANTED:
        return watch("memory", finding, "End what is not needed, or add memory: calls will suffer first.")
    return well("memory", finding)


def rights(settings: Settings) -> list[Check]:
    """Whether others on this machine may read what is kept. To pass through a folder is not to read it."""
    others, all_of_them = stat.S_IROTH | stat.S_IWOTH, stat.S_IRWXG | stat.S_IRWXO
    data, secrets = settings.data, settings.data / "secrets"
    if not data.exists():
        return []
    refused: list[Path] = []
    wide: list[Path] = []
    looked_at = [
        (data, others),
        (settings.logs, others),
        (data / "blobs", all_of_them),
        (secrets, all_of_them),
    ]
    try:
        looked_at += [(path, all_of_them) for path in secrets.iterdir()] if secrets.exists() else []
    except PermissionError:
        refused.append(secrets)
    for path, bits in looked_at:
        try:
            if path.exists() and path.stat().st_mode & bits:
                wide.append(path)
        except PermissionError:
            refused.append(path)
    if wide:
        names = " ".join(str(path) for path in wide)
        # folders that the engines' accounts pass through keep their x
        how = "go-rw" if all(path in (data, settings.logs) for path in wide) else "go="
        return [ill("file rights", f"Others may read {names}.", f"Run: chmod {how} {names}")]
    if refused:
        return [
            watch(
                "file rights", f"{refused[0]} is closed to this account.", "Run this as who started Bastide."
            )
        ]
    return [well("file rights", "Messages, files and secrets are for Bastide's accounts alone.")]
