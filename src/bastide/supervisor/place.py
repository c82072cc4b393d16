"""The data folder and the port: ours alone while we run, with room to write."""

import contextlib
import errno
import fcntl
import os
import shutil
import socket
from pathlib import Path

import msgspec

from bastide.engines.errors import EngineError, writing
from bastide.engines.process import identify
from bastide.settings import Settings

LEAST_ROOM = 200 << 20  # bytes; below, PostgreSQL may be unable to write what it must
_LARGEST_LOG = 16 << 20


def take(settings: Settings) -> int:
    """Make the data folder and hold its lock, until we end in whatever way; give the lock's descriptor.

    Raises EngineError: cannot be written, in use, disk full.
    """
    with writing(settings.data):
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (settings.run, settings.logs):
            folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(settings.run / "supervisor.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise EngineError(
            f"The data folder {settings.data} is in use by a Bastide that already runs. "
            "Stop it first, or choose another with --data."
        ) from None
    if room(settings.data) < LEAST_ROOM:
        raise EngineError(
            f"The disk of {settings.data} is full: {room(settings.data) >> 20} MB are left, and "
            f"{LEAST_ROOM >> 20} MB are needed. Free some space and start again."
        )
    with writing(settings.run):
        me = identify(os.getpid())
        (settings.run / "supervisor.pid").write_bytes(msgspec.json.encode(me))
    return descriptor


def room(folder: Path) -> int:
    """Give how many bytes can still be written there."""
    return shutil.disk_usage(folder).free


def refuse_taken_port(settings: Settings) -> None:
    """Raise EngineError, with what to do, when the port cannot be listened on."""
    if os.geteuid() == 0 and settings.port < _first_free_port():
        raise EngineError(
            f"Port {settings.port} is for root alone, and the application does not run as root. Choose one above "
            f"{_first_free_port() - 1} with --port, and put a proxy in front."
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            match error.errno:
                case errno.EADDRINUSE:
                    sentence = (
                        f"Port {settings.port} is taken. Stop who has it, or choose another with --port."
                    )
                case errno.EACCES:
                    sentence = f"Port {settings.port} needs root. Choose one above 1023 with --port."
                case errno.EADDRNOTAVAIL:
                    sentence = f"{settings.host} is no address of this machine. Choose another with --host."
                case _:
                    sentence = f"Port {settings.port} on {settings.host} cannot be used: {error.strerror}."
            raise EngineError(sentence) from error


def _first_free_port() -> int:
    """Give the lowest port that others than root may listen on."""
    return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text(encoding="ascii"))


def rotate_logs(settings: Settings) -> None:
    """Begin new logs, keeping the last run's as `….log.1`."""
    with writing(settings.logs):
        for log in settings.logs.glob("*.log"):
            log.replace(log.with_suffix(".log.1"))


def bound_logs(settings: Settings) -> None:
    """Cut a log that has grown too large; its writers append, so they go on at the new beginning."""
    for log in settings.logs.glob("*.log"):
        if log.stat().st_size > _LARGEST_LOG:
            # on a full disk old lines matter less than room
            with contextlib.suppress(OSError):
                shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
