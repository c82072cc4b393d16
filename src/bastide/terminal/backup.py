"""`./bastide backup` and `./bastide restore`: a whole instance in one file, and back into an empty folder."""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from bastide.backup import restoring, taking
from bastide.backup.model import BackupError, Header
from bastide.backup.taken import record
from bastide.core.audit import Line
from bastide.core.clock import Clock
from bastide.engines.errors import EngineError
from bastide.settings import SettingsError
from bastide.terminal.backup_words import ENGLISH, FRENCH, BackupWords
from bastide.terminal.command import Parser, Typed, say, typed
from bastide.terminal.running import running_url

_TAKE = """\
The backup is one file: the database and all stored files as of one moment, while people write. With a folder (or nothing: this
one) it is named after that moment; with - it goes to standard output:  ./bastide backup - | age -r age1… > FILE
`./bastide backup verify FILE` reads one and looks at every hash. Options of ./bastide up that say which instance (--data) may
be given, too. That a backup was taken is recorded in the audit. Status 1 where stored files were damaged on the disk.
"""
_RESTORE = """\
The folder of --data must be empty or not there. FILE may be -, for standard input:  age -d FILE | ./bastide restore - --data DIR
With BASTIDE_DATABASE_URL the database goes there, and must be empty. Everybody has to sign in again. A backup of an older Bastide
is brought up to date; one of a newer is refused. Status 1 where the audit's chain does not hold.
"""


def _words(environ: Mapping[str, str]) -> BackupWords:
    from bastide.terminal.words import words_for

    return FRENCH if words_for(environ).french else ENGLISH


def backup(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; give the exit status.

    Raises:
        SettingsError: words that cannot be understood, or a backup that cannot be taken or is not whole.
        Unreachable: the instance does not run.
    """
    top = Parser(
        prog="./bastide backup",
        allow_abbrev=False,
        usage="./bastide backup [FILE | DIR | -]\n       ./bastide backup verify FILE",
        description="Take a backup of the running instance, or verify one.",
        epilog=_TAKE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("words", nargs="*", metavar="FILE", help="a file that is not there yet, a folder, or -")
    command, words = typed(top, argv, environ), _words(environ)
    given: list[str] = command.given.words
    verifying = given[:1] == ["verify"]
    if len(given) > 1 + verifying or given == ["verify"]:
        top.error("a backup goes into one file, and one file is verified")
    with _told(words):
        if verifying:
            return _verify(given[1], words)
        return _take(command, given[0] if given else ".", words)


def _take(command: Typed, target: str, words: BackupWords) -> int:
    settings, clock = command.settings, Clock()
    url = asyncio.run(_note(command))
    if target == "-":
        taken = taking.stream(settings, url, sys.stdout.buffer, clock)
        out = sys.stderr
    else:
        taken = taking.take(settings, url, Path(target).expanduser().absolute(), clock)
        out = sys.stdout
    with contextlib.suppress(OSError):  # it is there, whatever the doctor will know of it
        record(settings, taken.outcome)
    lines = [
        words.taken.format(
            file=taken.outcome.file, size=words.size(taken.outcome.size), **_held(taken.header, words)
        )
    ]
    lines += _warnings(taken.header, taken.damaged, words)
    if target != "-":
        lines.append(words.unencrypted)
    print(*lines, sep="\n", file=out)
    return int(bool(taken.damaged))


async def _note(command: Typed) -> str:
    """Record it, before the snapshot, so that the backup itself says so; gives the database's address."""
    async with command.house() as house:
        await house.ground.audit.record_alone(Line("instance:backup:take", True))
    return running_url(command.settings, command.words)


def _verify(file: str, words: BackupWords) -> int:
    with _opened(file) as source:
        checked = restoring.verify(source)
    header = checked.header
    say(words.whole.format(origin=header.origin, **_held(header, words)))
    for line in _warnings(header, checked.seal.damaged, words):
        say(line)
    return int(bool(checked.seal.damaged))


def restore(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; give the exit status.

    Raises:
        SettingsError: words that cannot be understood, or a backup that cannot be restored there.
        EngineError: the folder cannot be written, or PostgreSQL cannot be started.
    """
    top = Parser(
        prog="./bastide restore",
        allow_abbrev=False,
        usage="./bastide restore FILE|- --data DIR",
        description="Make an instance of a backup, in an empty folder.",
        epilog=_RESTORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("file", metavar="FILE", help="the backup")
    command, words = typed(top, argv, environ), _words(environ)
    with _told(words), _opened(command.given.file) as source:
        done = asyncio.run(restoring.restore(command.settings, source, Clock()))
    header, seal = done.checked.header, done.checked.seal
    held, data = _held(header, words), str(command.settings.data)
    say(words.restored.format(data=data, **held))
    if done.migrated:
        say(words.migrated.format(count=done.migrated))
    for line in _warnings(header, seal.damaged, words):
        say(line)
    broken = done.audit.broken_at
    say(
        words.audit_holds.format(lines=done.audit.lines)
        if broken is None
        else words.audit_broken.format(line=broken)
    )
    say(words.lost.format(at=held["at"]))
    say(words.sessions.format(count=done.sessions))
    say(words.origin.format(origin=header.origin))
    say(words.start.format(data=data))
    return int(broken is not None)


def _held(header: Header, words: BackupWords) -> dict[str, str]:
    rows = header.figures.rows
    at = header.at.astimezone(ZoneInfo(header.timezone))
    return {
        "at": f"{at.strftime(words.moment)} ({header.timezone})",
        "people": str(rows.get("person", 0)),
        "spaces": str(rows.get("space", 0)),
        "messages": str(rows.get("message", 0)),
        "blobs": str(header.blobs),
    }


def _warnings(header: Header, damaged: Sequence[str], words: BackupWords) -> list[str]:
    lines: list[str] = []
    if damaged:
        lines.append(words.damaged.format(count=len(damaged), first=damaged[0]))
    if header.figures.gaps:
        lines.append(words.gaps.format(count=header.figures.gaps))
    return lines


@contextlib.contextmanager
def _opened(file: str) -> Generator[IO[bytes]]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).expanduser().open("rb")
    except OSError as error:
        raise BackupError("cannot-read", file=file, why=error.strerror or str(error)) from error
    with opened:
        yield opened


@contextlib.contextmanager
def _told(words: BackupWords) -> Generator[None]:
    """Turn what went wrong into its sentence."""
    try:
        yield
    except BackupError as error:
        raise SettingsError(words.errors[error.reason].format(**error.detail)) from error
    except EngineError:
        raise
    except OSError as error:
        raise SettingsError(str(error)) from error
