"""The checks of `bastide doctor`: each says how things are and, when they are not well, what to do."""

from datetime import timedelta

from bastide.backup.taken import last
from bastide.core.clock import Clock
from bastide.doctor import machine, network
from bastide.doctor.finding import Check, Grade
from bastide.engines import status
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.engines.status import EngineState
from bastide.settings import Settings
from bastide.supervisor import application
from bastide.supervisor.keeper import noted

__all__ = ["Check", "Grade", "all_checks"]

_BACKUP_OLD = timedelta(days=7)


async def all_checks(settings: Settings) -> list[Check]:
    """Look at everything; never raises for what is merely ill."""
    running = noted(settings.run, "supervisor") is not None
    found = [_running(settings, running=running)]
    if running:
        found += [await _page(settings), _database(settings), *await _in_database(settings), _calls(settings)]
        if settings.livekit is None and status.read(settings.run).livekit.state is EngineState.READY:
            found.append(await network.media(settings))
    else:
        found.append(network.port(settings))
    found += await network.certificate(settings)
    found.append(machine.disk(settings))
    if settings.data.exists():
        found.append(machine.sync(settings.data))
    return [
        *found,
        machine.memory(),
        machine.clock(),
        machine.files(settings.edges),
        *machine.rights(settings),
        _backup(settings),
    ]


async def _in_database(settings: Settings) -> list[Check]:
    # the house and its tables are loaded where they are needed: the doctor also looks at what cannot start
    from bastide.doctor.database import database_checks
    from bastide.house import migrations

    url = settings.database_url
    if url is None:
        if noted(settings.run, "postgres") is None:
            return []
        engine = PostgresSettings(
            home=settings.data / "postgres", run=settings.run, log=settings.logs / "postgres.log"
        )
        url = EmbeddedPostgres(engine).url
    return await database_checks(url, migrations(), ours=settings.database_url is None)


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
