"""`./bastide demo --size liam`: fill a data folder of its own with the house, on a PostgreSQL started for that."""

import argparse
import asyncio
import contextlib
import os
import re
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from typing import NoReturn

from bastide.core.clock import Clock
from bastide.core.ids import Ids
from bastide.demo.liam.fill import Filled, Filling, filled_size
from bastide.demo.liam.plan import Size
from bastide.demo.liam.sessions import leave, open_sessions
from bastide.demo.passphrase import passphrase
from bastide.engines.errors import EngineError
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.settings import ROOT, Settings, SettingsError, load_known
from bastide.supervisor import place
from bastide.supervisor.external import check_database
from bastide.supervisor.lodging import lodge

_NUMBER = re.compile(r"([0-9]{1,9})([KM]?)")
_UNITS = {"": 1, "K": 1_000, "M": 1_000_000}
_MESSAGES_MOST = 50_000_000
_SESSIONS_MOST = 200_000
_ROOM_A_MESSAGE = (
    1_000  # bytes on the disk that one message may take with all that belongs to it, while it is filled
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{message[:1].upper()}{message[1:]}. See ./bastide demo --help.")


def _parser() -> argparse.ArgumentParser:
    own = _Parser(
        prog="./bastide demo",
        allow_abbrev=False,
        description="Fill a data folder of its own with an invented organisation of 80,000 agents, for benches.",
        epilog="Then start it: ./bastide up --data DIR. A filling that was stopped is cleared away and begun anew. "
        "The same seed gives the same house on the same day.",
    )
    own.add_argument(
        "--size", required=True, choices=["liam"], help="liam: 1,900 groups of 40 and 41 communities"
    )
    own.add_argument(
        "--messages", metavar="N", default="1M", help="how many messages: 500K, 5M, up to 50M (1M)"
    )
    own.add_argument("--seed", metavar="N", default="1", help="another number, another house (1)")
    own.add_argument(
        "--sessions",
        metavar="N",
        default="0",
        help="also open N sessions for a bench; their cookies go to DIR/sessions.jsonl, for your eyes alone",
    )
    own.add_argument("--data", metavar="DIR", help="where it is kept (.bastide/liam)")
    return own


def _number(text: str, what: str, most: int) -> int:
    found = _NUMBER.fullmatch(text)
    number = int(found[1]) * _UNITS[found[2]] if found else -1
    if not 0 <= number <= most:
        raise SettingsError(f"{text} is no number of {what}: 0 to {most:,}, also as 500K or 5M.")
    return number


def demo(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; the exit status."""
    given = _parser().parse_args(argv)
    size = Size(
        messages=_number(given.messages, "messages", _MESSAGES_MOST),
        seed=_number(given.seed, "the seed", 1 << 30),
    )
    sessions = _number(given.sessions, "sessions", _SESSIONS_MOST)
    if given.data is None and "BASTIDE_DATA" not in environ:
        given.data = str(ROOT / ".bastide" / "liam")
    settings, _ = load_known(["--data", given.data] if given.data else [], environ)
    return asyncio.run(_run(settings, size, sessions))


async def _run(settings: Settings, size: Size, sessions: int) -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    lock = place.take(settings)
    try:
        async with _database(settings) as conninfo:
            found = await filled_size(conninfo)
            if found is None:
                _refuse_without_room(settings, size)
                await _fill(settings, conninfo, size)
            else:
                _say(
                    f"{settings.data} holds this demo already, with {found.messages:,} messages: nothing is filled."
                )
            if sessions:
                await _open(settings, conninfo, sessions)
    except asyncio.CancelledError:
        _say("Stopped. What is half filled is cleared away and begun anew by the same command.")
        return 130
    finally:
        await asyncio.to_thread(lodge, settings)
        (settings.run / "supervisor.pid").unlink(missing_ok=True)
        os.close(lock)
    return 0


async def _fill(settings: Settings, conninfo: str, size: Size) -> None:
    _say(
        f"Filling {settings.data}: {size.agents:,} invented agents, {size.groups:,} groups of {size.group}, "
        f"{size.communities} communities, {size.messages:,} messages (seed {size.seed})"
    )
    until = datetime.combine(Clock().now().date(), time(6), UTC)
    filled = await Filling(settings, conninfo, size, _say).run(until)
    _sum_up(settings, filled)


def _sum_up(settings: Settings, filled: Filled) -> None:
    seconds = sum(part.seconds for part in filled.parts)
    rows = (
        sum(part.rows for part in filled.parts) + filled.size.messages
    )  # each message is told in the journal
    _say(
        f"Filled in {seconds:.0f} s: {rows:,} rows, {rows / seconds:,.0f}/s; {filled.bytes / 1e9:.2f} GB on the disk. "
        f"Everything in it is invented."
    )
    _say(f"Start it: ./bastide up --data {settings.data}")
    _say(f"  Sign in as {filled.main_agent}, passphrase: {passphrase(settings.data, Ids(Clock()))}")


async def _open(settings: Settings, conninfo: str, count: int) -> None:
    clock = Clock()
    path = settings.data / "sessions.jsonl"
    opened = await open_sessions(conninfo, count, Ids(clock), clock.now())
    leave(path, opened)
    _say(f"{len(opened):,} sessions are open for 14 days; their cookies are in {path}")


@asynccontextmanager
async def _database(settings: Settings) -> AsyncGenerator[str]:
    """The configured PostgreSQL, or our own on that data folder, running for as long as this lasts."""
    if settings.database_url is not None:
        await check_database(settings.database_url)
        yield settings.database_url
        return
    engine = EmbeddedPostgres(
        PostgresSettings(
            home=settings.data / "postgres", run=settings.run, log=settings.logs / "postgres.log"
        )
    )
    await engine.prepare()
    process = await engine.start()
    try:
        await engine.wait_ready(process)
        yield engine.url
    finally:
        await engine.stop(process)


def _refuse_without_room(settings: Settings, size: Size) -> None:
    if settings.database_url is not None:
        return  # its disk is elsewhere
    needed = place.LEAST_ROOM + size.messages * _ROOM_A_MESSAGE
    if place.room(settings.data) < needed:
        raise EngineError(
            f"{size.messages:,} messages need about {needed / 1e9:.1f} GB, and the disk of {settings.data} has "
            f"{place.room(settings.data) / 1e9:.1f} GB left. Ask for fewer with --messages."
        )


def _say(line: str) -> None:
    with contextlib.suppress(OSError):
        print(line, flush=True)  # noqa: T201 -- this is the terminal's part
