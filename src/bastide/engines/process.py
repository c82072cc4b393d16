"""Starting, knowing and ending processes, so that none is left behind and no stranger is harmed."""

import asyncio
import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from bastide.engines.errors import EngineError

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_libc = ctypes.CDLL(None, use_errno=True)


class Identity(msgspec.Struct, frozen=True):
    """A process, told apart from a later one that was given the same number.

    `started` is in clock ticks since the machine's start (proc(5), stat field 22); `boot` names that start.
    """

    pid: int
    started: int
    boot: str


class Account(msgspec.Struct, frozen=True):
    """The user and group an engine runs as."""

    name: str
    uid: int
    gid: int


def boot_id() -> str:
    """Give the name of this start of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def identify(pid: int) -> Identity | None:
    """Give the identity of a living process, or None when there is none (a zombie counts as none)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # the second field is the name in brackets, which may itself hold spaces and brackets
    fields = stat[stat.rindex(")") + 2 :].split()
    # a dead leader's other threads may still hold on to files and ports: it has gone when they have
    if fields[0] in ("Z", "X") and int(fields[17]) <= 1:
        return None
    return Identity(pid=pid, started=int(fields[19]), boot=boot_id())


def alive(process: Identity) -> bool:
    """Tell whether exactly this process still runs."""
    return identify(process.pid) == process


def send(process: Identity, signum: signal.Signals) -> bool:
    """Send a signal to exactly this process; False when it is gone."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return False
    try:
        # the descriptor holds on to one process: checked after it was opened, it can no longer be another's
        if not alive(process):
            return False
        signal.pidfd_send_signal(descriptor, signum)
    except ProcessLookupError:
        return False
    finally:
        os.close(descriptor)
    return True


async def gone(process: Identity, within: float) -> bool:
    """Wait at most `within` seconds for a process (child or not) to end; tell whether it did."""
    until = time.monotonic() + within
    while alive(process):
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.02)
    return True


async def end(process: Identity, *asking: tuple[signal.Signals, float]) -> None:
    """End a process: each signal in turn with the seconds it is given, then SIGKILL."""
    for signum, patience in asking:
        if not send(process, signum) or await gone(process, patience):
            return
    send(process, signal.SIGKILL)
    if not await gone(process, 5):
        raise EngineError(f"Process {process.pid} cannot be ended. Restart the machine, or ask its operator.")


def _before_exec(parent: int, dies_with: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _libc.prctl(_PR_SET_PDEATHSIG, int(dies_with), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before we asked to be told
            os._exit(1)

    return prepare


async def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    dies_with: signal.Signals = signal.SIGTERM,
    stdin: int = asyncio.subprocess.DEVNULL,
) -> asyncio.subprocess.Process:
    """Start a child in a process group of its own, writing to `log`.

    It gets exactly `env`, and `dies_with` from the kernel when we die, however we die. `account` needs root.
    Raises EngineError when the program is missing or the log cannot be written.
    """
    try:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EngineError(f"The log {log} cannot be written: {error.strerror}.") from error
    # a signal typed at the terminal is for the supervisor alone, hence a session of its own
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            stdin=stdin,
            stdout=output,
            stderr=output,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_before_exec(os.getpid(), dies_with),
        )
    except OSError as error:
        raise EngineError(f"{argv[0]} cannot be started: {error.strerror or error}.") from error
    finally:
        os.close(output)


def tail(log: Path, lines: int = 5) -> str:
    """Give the last lines of a log, for a sentence about what went wrong."""
    with contextlib.suppress(FileNotFoundError):
        text = log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])
    return ""


def bare_environment(**more: str) -> dict[str, str]:
    """Give the environment of an engine: the path and the locale, and nothing of ours."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **more}
