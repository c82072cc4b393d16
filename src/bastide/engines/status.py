"""How the engines fare, told by the supervisor to the application in one small file, `<run>/engines.json`.

The file is replaced whole, so a reader never sees half of it. Whoever wants to know reads it each second.
"""

import enum
import os
from pathlib import Path

import msgspec


class EngineState(enum.Enum):
    """Where an engine stands."""

    BUILDING = "building"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


class EngineStatus(msgspec.Struct, frozen=True):
    """One engine: its state, what to tell people in English (empty when ready), and where it answers.

    `url` is set for LiveKit while it runs: where its HTTP answers.
    """

    state: EngineState
    sentence: str = ""
    url: str = ""


class Engines(msgspec.Struct, frozen=True):
    """All engines that this instance has to tell of."""

    livekit: EngineStatus


UNKNOWN = Engines(livekit=EngineStatus(EngineState.STARTING, "Calls are starting."))


def write(run: Path, engines: Engines) -> None:
    """Replace what is known."""
    beside = run / f".engines.{os.getpid()}"
    beside.write_bytes(msgspec.json.encode(engines))
    beside.chmod(0o644)  # the application's account reads it too; the folder is closed to all others
    beside.replace(run / "engines.json")


def read(run: Path) -> Engines:
    """Give what is known; before the supervisor has told anything, that calls are starting."""
    try:
        return msgspec.json.decode((run / "engines.json").read_bytes(), type=Engines)
    except FileNotFoundError:
        return UNKNOWN
