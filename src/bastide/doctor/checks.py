"""The checks of `bastide doctor`: each says how things are and, when they are not well, what to do."""

import enum
import resource
import stat
from datetime import timedelta

import msgspec

from bastide.backup.taken import last
from bastide.core.clock import Clock
from bastide.engines import status
from bastide.engines.status import EngineState
from bastide.settings import Settings
from bastide.supervisor import application, place
from bastide.supervisor.keeper import noted

_FILES_WANTED = 4096
_ROOM_WANTED = 1 << 30
_BACKUP_OLD = timedelta(days=7)


class Grade(enum.Enum):
    """How a check came out."""

    WELL = "well"
    WATCH = "watch"
    ILL = "ill"


class Check(msgspec.Struct, frozen=True):
    """One finding: what was looked at, how it is, and what to do (empty when nothing)."""

    name: str
    grade: Grade
    finding: str
    advice: str = ""


async def all_checks(settings: Settings) -> list[Check]:
    """Look at everything; never raises for what is merely ill."""
    running = noted(settings.run, "supervisor") is not None
    found = [_running(settings, running=running)]
    if running:
        found += [await _page(settings), _database(settings), _calls(settings)]
    found += [_disk(settings), _files(), *_rights(settings), _backup(settings)]
    return found


def _running(settings: Settings, *, running: bool) -> Check:
    if running:
        return Check("supervisor", Grade.WELL, f"Bastide runs on {settings.data}.")
    return Check(
        "supervisor", Grade.ILL, f"Bastide does not run on {settings.data}.", "Start it: ./bastide up"
    )


async def _page(settings: Settings) -> Check:
    code = await application.status(settings.inside, "/health/ready")
    if code == 200:  # noqa: PLR2004
        return Check("application", Grade.WELL, f"It serves {settings.origin}.")
    what = f"answers {code}" if code else "does not answer"
    return Check(
        "application", Grade.ILL, f"{settings.inside} {what}.", f"Look at {settings.logs / 'app.log'}."
    )


def _database(settings: Settings) -> Check:
    if settings.database_url is not None:
        return Check("postgres", Grade.WELL, "An external PostgreSQL is used.")
    if noted(settings.run, "postgres") is not None:
        return Check("postgres", Grade.WELL, "The embedded PostgreSQL runs.")
    log = settings.logs / "postgres.log"
    return Check("postgres", Grade.ILL, "The embedded PostgreSQL does not run.", f"Look at {log}.")


def _calls(settings: Settings) -> Check:
    livekit = status.read(settings.run).livekit
    if settings.livekit is not None:
        if livekit.state is EngineState.READY:
            return Check("livekit", Grade.WELL, "An external LiveKit is used, and answers.")
        return Check("livekit", Grade.ILL, livekit.sentence, "Look there, and at BASTIDE_LIVEKIT_URL.")
    match livekit.state:
        case EngineState.READY:
            where = f"{settings.media_address}, UDP port {settings.media_port}"
            return Check("livekit", Grade.WELL, f"Calls work, by {where}.")
        case EngineState.BUILDING | EngineState.STARTING:
            return Check("livekit", Grade.WATCH, livekit.sentence, "Wait some minutes.")
        case EngineState.FAILED:
            log = settings.logs / "build.log", settings.logs / "livekit.log"
            return Check("livekit", Grade.ILL, livekit.sentence, f"Look at {log[0]} and {log[1]}.")


def _disk(settings: Settings) -> Check:
    room = place.room(settings.data if settings.data.exists() else settings.data.parent)
    left = f"{room / 1e9:.1f} GB are free."
    if room < place.LEAST_ROOM:
        return Check("disk", Grade.ILL, left, "Free some space now: Bastide cannot start or keep messages.")
    if room < _ROOM_WANTED:
        return Check("disk", Grade.WATCH, left, "Free some space soon.")
    return Check("disk", Grade.WELL, left)


def _files() -> Check:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    finding = (
        "There is no limit to open files." if hard == resource.RLIM_INFINITY else f"{hard} files may be open."
    )
    if hard != resource.RLIM_INFINITY and hard < _FILES_WANTED:
        return Check(
            "file limit",
            Grade.WATCH,
            finding,
            f"Each open window takes one: raise ulimit -Hn to {_FILES_WANTED}.",
        )
    return Check("file limit", Grade.WELL, finding)


def _rights(settings: Settings) -> list[Check]:
    folder = settings.data / "secrets"
    if not folder.exists():
        return []
    open_to_others = [
        path for path in (folder, *folder.iterdir()) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_others:
        names = " ".join(str(path) for path in open_to_others)
        return [Check("file rights", Grade.ILL, f"Others may read {names}.", f"Run: chmod go= {names}")]
    return [Check("file rights", Grade.WELL, "The secrets are for this account alone.")]


def _backup(settings: Settings) -> Check:
    taken = last(settings)
    if taken is None:
        return Check(
            "backup", Grade.WATCH, "No backup was taken.", "./bastide backup FILE, to a disk elsewhere."
        )
    finding = f"The last backup was taken on {taken.at:%Y-%m-%d at %H:%M} UTC ({taken.file})."
    if taken.damaged:
        return Check(
            "backup",
            Grade.ILL,
            f"{finding} {taken.damaged} stored files were damaged on the disk.",
            "Look for them in an older backup, and look at the disk.",
        )
    if Clock().now() - taken.at > _BACKUP_OLD:
        return Check("backup", Grade.WATCH, finding, "Take another: ./bastide backup FILE")
    return Check("backup", Grade.WELL, finding)
