"""The commands behind `./bastide`, once everything is installed."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bastide.engines.errors import EngineError
from bastide.settings import ROOT, SettingsError, load


class Command(msgspec.Struct, frozen=True):
    """One sub-command: what it does, and the function that takes its arguments and gives the exit status."""

    summary: str
    run: Callable[[Sequence[str]], int]


def _up(argv: Sequence[str]) -> int:
    from bastide.supervisor.instance import Beginning, up

    # the shell script tells when it began, and whether it installed or built anything
    at, _, installed = os.environ.pop("_BASTIDE_BEGAN", f"{time.time()}:no").partition(":")
    return asyncio.run(up(load(argv, os.environ), Beginning(at=float(at), installed=installed == "yes")))


def _doctor(argv: Sequence[str]) -> int:
    from bastide.doctor.report import HELP, doctor

    if {"-h", "--help"} & set(argv):
        print(HELP)  # noqa: T201
        return 0
    as_json = "--json" in argv
    return asyncio.run(doctor(load([word for word in argv if word != "--json"], os.environ), as_json=as_json))


def _profile(argv: Sequence[str]) -> int:
    from bastide.terminal.profile import profile

    return asyncio.run(profile(argv, os.environ))


def _audit(argv: Sequence[str]) -> int:
    from bastide.terminal.audit import audit

    return asyncio.run(audit(argv, os.environ))


def _administrator(argv: Sequence[str]) -> int:
    from bastide.terminal.administrator import administrator

    return asyncio.run(administrator(argv, os.environ))


def _officer(argv: Sequence[str]) -> int:
    from bastide.terminal.officer import officer

    return asyncio.run(officer(argv, os.environ))


def _backup(argv: Sequence[str]) -> int:
    from bastide.terminal.backup import backup

    return backup(argv, os.environ)


def _restore(argv: Sequence[str]) -> int:
    from bastide.terminal.backup import restore

    return restore(argv, os.environ)


def _demo(argv: Sequence[str]) -> int:
    from bastide.demo.liam.command import demo

    return demo(argv, os.environ)


def _build_livekit(argv: Sequence[str]) -> int:
    from bastide.engines.build import BuildPlaces, build

    load(argv, os.environ)
    state = ROOT / ".bastide"
    program = asyncio.run(build(BuildPlaces(root=ROOT, state=state, log=state / "livekit-build.log"), print))
    print(program)  # noqa: T201
    return 0


def _openapi(argv: Sequence[str]) -> int:
    from bastide.app import openapi_page

    page = openapi_page()
    Path(argv[0]).write_bytes(page) if argv else sys.stdout.buffer.write(page)
    return 0


def _policy(argv: Sequence[str]) -> int:
    from bastide.matrix import write

    for path in write(Path(argv[0]) if argv else ROOT / "docs" / "policy"):
        print(path)  # noqa: T201
    return 0


def _bench(argv: Sequence[str]) -> int:
    known = sorted(path.stem for path in (ROOT / "bench").glob("*.py"))
    if not argv or argv[0] not in known:
        print("usage: ./bastide bench NAME [--json]; there are:", ", ".join(known), file=sys.stderr)  # noqa: T201
        return 2
    # a program of its own, and one of those in bench/: nothing that was loaded here weighs on it
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    program = [sys.executable, "-m", f"bench.{argv[0]}", *argv[1:]]
    return subprocess.run(program, check=False, env={**os.environ, "PYTHONPATH": paths}).returncode  # noqa: S603


COMMANDS = {
    "up": Command("start Bastide", _up),
    "doctor": Command("look at the running Bastide, and say what to do; --json for machines", _doctor),
    "profile": Command(
        "show or declare what the running Bastide is and may hold; --json for machines", _profile
    ),
    "audit": Command("verify the audit of the running Bastide, or export it to a file", _audit),
    "administrator": Command(
        "print a one-time link for an agent when no administrator can come in", _administrator
    ),
    "officer": Command("make an agent a security officer when there is none", _officer),
    "backup": Command("take a backup of the running Bastide, or verify one", _backup),
    "restore": Command("make an instance of a backup, in an empty folder", _restore),
    "demo": Command("fill a data folder with a very large demo, for benches: --size liam", _demo),
    "openapi": Command(
        "write the contract that windows are built against, to a file or to the terminal", _openapi
    ),
    "policy": Command("write the whole rule as pages, into docs/policy or another folder", _policy),
    "bench": Command("measure: ./bastide bench NAME [--json]", _bench),
    "build-livekit": Command("build the media server now, in the foreground", _build_livekit),
}


def main(argv: Sequence[str]) -> int:
    """Run one command; give the exit status. A refusal is one sentence on standard error, and status 1."""
    command = COMMANDS.get(argv[0]) if argv else None
    if command is None:
        lines = [f"  {name:<15}{command.summary}" for name, command in COMMANDS.items()]
        print("Commands:", *lines, sep="\n", file=sys.stderr)  # noqa: T201
        return 2
    try:
        return command.run(argv[1:])
    except (SettingsError, EngineError) as error:
        print(f"Bastide: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130  # as shells say of who was interrupted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
