"""What is known of the last backup. Kept small: the doctor asks it."""

import msgspec

from bastide.backup.model import Taken
from bastide.settings import Settings


def record(settings: Settings, taken: Taken) -> None:
    """Keep what the last backup came to, for the doctor."""
    beside = settings.run / ".backup"
    beside.write_bytes(msgspec.json.encode(taken))
    beside.replace(settings.run / "backup.json")


def last(settings: Settings) -> Taken | None:
    """The last backup that was taken of this data folder; None where none was."""
    try:
        return msgspec.json.decode((settings.run / "backup.json").read_bytes(), type=Taken)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
