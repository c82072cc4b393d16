"""`./bastide audit`: verifies the audit of a running instance, and takes it away as a file."""

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from bastide.core.audit import GENESIS, Exported, Line
from bastide.core.errors import Invalid
from bastide.core.policy import Action
from bastide.house import House
from bastide.settings import SettingsError
from bastide.terminal.command import Parser, say, typed
from bastide.terminal.words import Words

_EPILOG = """\
The export is lines of JSON, each with its hash and the one before; docs/guide says how to verify it without Bastide.
Options of ./bastide up that say which instance (--data) may be given, too. Both are recorded in the audit itself.
"""


def parser() -> Parser:
    """Give the parser of the command's own words."""
    top = Parser(
        prog="./bastide audit",
        allow_abbrev=False,
        description="Verify the audit of the running instance, or export it.",
        epilog=_EPILOG,
    )
    what = top.add_subparsers(dest="what", required=True, metavar="verify|export FILE")
    verify = what.add_parser(
        "verify", allow_abbrev=False, help="recompute the whole chain; status 1 where it does not hold"
    )
    kept = verify.add_mutually_exclusive_group()
    kept.add_argument(
        "--last", metavar="HASH", help="the last line's hash as it was kept: is it still there?"
    )
    kept.add_argument("--from-export", type=Path, metavar="FILE", help="the same, of an export's last line")
    export = what.add_parser("export", allow_abbrev=False, help="write it to a file that is not there yet")
    export.add_argument("file", type=Path)
    return top


async def audit(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; give the exit status, 1 where the chain does not hold.

    Raises:
        SettingsError: words that cannot be understood, or a file that cannot be written.
        Unreachable: the instance does not run, or its database does not answer.
    """
    command = typed(parser(), argv, environ)
    given, words = command.given, command.words
    async with command.house() as house:
        if given.what == "verify":
            return await _verify(house, _kept(given, words), words)
        return await _export(house, given.file, words)


def _kept(given: argparse.Namespace, words: Words) -> str | None:
    """The hash that was kept, by itself or at the end of an export."""
    if given.from_export is not None:
        try:
            *_, last = given.from_export.read_bytes().splitlines()
            return msgspec.json.decode(last, type=Exported).hash
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise SettingsError(words.no_export.format(file=given.from_export)) from error
    return None if given.last is None else given.last.strip().lower()


async def _verify(house: House, kept: str | None, words: Words) -> int:
    try:
        verdict = await house.trail.do_verify(None, kept)
    except Invalid as error:
        raise SettingsError(words.no_hash) from error
    if verdict.broken_at is not None:
        say(words.chain_broken.format(line=verdict.broken_at))
    elif verdict.lines == 0:
        say(words.chain_empty)
    else:
        say(words.chain_holds.format(lines=verdict.lines, hash=verdict.last))
    gone = kept is not None and verdict.kept_at is None
    if verdict.kept_at is not None:
        say(words.kept_there.format(line=verdict.kept_at))
    elif gone and verdict.broken_at is None:
        say(words.kept_gone)
    if not verdict.noted:
        say(words.not_noted)
    return int(gone or verdict.broken_at is not None)


async def _export(house: House, file: Path, words: Words) -> int:
    """Write it whole, for the eyes of whoever runs this; that it was taken away is its last line."""
    count, last = 0, GENESIS.hex()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            await _note(house, "export")
            async for line in house.ground.audit.exported():
                out.write(line)
                count, last = count + 1, msgspec.json.decode(line, type=Exported).hash
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise SettingsError(words.cannot_write.format(file=file, why=error.strerror)) from error
    say(words.exported.format(lines=count, file=file, hash=last))
    return 0


async def _note(house: House, how: str) -> None:
    await house.ground.audit.record_alone(Line(Action.AUDIT_TRAIL_READ.value, True, detail={"how": how}))
