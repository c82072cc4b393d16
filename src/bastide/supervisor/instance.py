"""The order in which an instance wakes and goes to sleep.

PostgreSQL first, then what fills an empty instance, then the application; LiveKit beside, since nobody waits
for calls to read a message. What ends is started again. On the way out all is ended in the reverse order.
"""

import asyncio
import contextlib
import os
import resource
import signal
import time

import msgspec

from bastide.core.clock import Clock
from bastide.core.ids import Ids
from bastide.engines import build, status
from bastide.engines.errors import EngineError, writing
from bastide.engines.livekit import KEY, EmbeddedLiveKit, LiveKitSettings
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.engines.process import Account
from bastide.engines.status import Engines, EngineState, EngineStatus
from bastide.settings import ROOT, ExternalLiveKit, Settings, secret
from bastide.supervisor import limits, place, starts
from bastide.supervisor.application import Application, fill, filled, welcome
from bastide.supervisor.edge import Edge
from bastide.supervisor.external import check_database, watch_livekit
from bastide.supervisor.keeper import Change, Keeper, end_leftovers
from bastide.supervisor.lodging import lodge

_FILES = 1 << 20  # beyond that, more is only dearer
_LOOK_AROUND = 30.0  # seconds between looks at the logs' size and the disk


class Beginning(msgspec.Struct, frozen=True):
    """When `./bastide up` began (seconds since 1970), and whether it had to install or build anything."""

    at: float
    installed: bool


class Instance:
    """One running instance."""

    def __init__(self, settings: Settings, beginning: Beginning) -> None:
        self._settings = settings
        self._beginning = beginning
        self._keepers: list[Keeper] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._livekit: Keeper | None = None
        self._low_on_disk = False
        self._new_database = False
        self._account: Account | None = None

    async def wake(self) -> None:
        """Start everything, and say when one can sign in. Raises EngineError or SettingsError."""
        settings = self._settings
        place.rotate_logs(settings)
        await end_leftovers(settings.run)
        place.refuse_taken_port(settings)
        self._account = await asyncio.to_thread(lodge, settings)
        self._tell_of_calls(EngineState.STARTING, "Calls are starting.")
        if settings.livekit is None:
            secret(settings.data, "livekit", Ids(Clock()))
        url = await self._database()
        inner = msgspec.structs.replace(settings, database_url=url)
        await self._fill_and_serve(inner)
        self._announce()
        self._tasks.append(asyncio.create_task(self._look_around()))
        if settings.livekit is None:
            self._tasks.append(asyncio.create_task(self._calls()))
        else:
            self._tasks.append(asyncio.create_task(self._external_calls(settings.livekit)))

    async def sleep(self) -> None:
        """End everything, the last started first."""
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(result, Exception):
                _say(f"Beside: {result}")
        for keeper in [*([self._livekit] if self._livekit else []), *reversed(self._keepers)]:
            await keeper.stop()
        for name in ("engines.json", "supervisor.pid"):
            (self._settings.run / name).unlink(missing_ok=True)

    def kill(self) -> None:
        """End everything this instant. PostgreSQL recovers at the next start, and nothing kept is lost."""
        for keeper in [*([self._livekit] if self._livekit else []), *reversed(self._keepers)]:
            keeper.kill()

    async def failed(self) -> None:
        """Wait until one of our own tasks fails, which is a fault of ours, and raise it."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def _database(self) -> str:
        settings = self._settings
        if settings.database_url is not None:
            await check_database(settings.database_url)
            return settings.database_url
        engine = EmbeddedPostgres(
            PostgresSettings(
                home=settings.data / "postgres",
                run=settings.run,
                log=settings.logs / "postgres.log",
                client=self._account,
            )
        )
        self._new_database = await engine.prepare()
        await self._add(engine)
        return engine.url

    async def _fill_and_serve(self, settings: Settings) -> None:
        """Fill what is empty, and start the application, which must not have looked before it is filled."""
        if self._new_database or not await filled(settings, self._account):
            await self._fill(settings)
        await self._add(Application(settings, self._account))
        await asyncio.gather(
            *(self._add(Edge(settings, self._account, number)) for number in range(1, settings.edges + 1))
        )

    async def _fill(self, settings: Settings) -> None:
        """Fill, and say so when it takes longer than one likes to wait without a word."""
        what = "Filling the demo organisation …" if settings.demo else "Preparing the first sign-in …"
        word = asyncio.get_running_loop().call_later(2, _say, what)
        try:
            await fill(settings, self._account)
        finally:
            word.cancel()

    async def _add(self, kept: EmbeddedPostgres | Application | Edge) -> None:
        keeper = Keeper(kept, self._settings.run, _report)
        await keeper.start()
        self._keepers.append(keeper)
        self._tasks.append(asyncio.create_task(keeper.keep()))

    async def _calls(self) -> None:
        """Build LiveKit when it is not there, then keep it running. When that fails, the rest goes on."""
        settings = self._settings
        places = build.BuildPlaces(root=ROOT, state=ROOT / ".bastide", log=settings.logs / "build.log")
        try:
            to_build = not build.program(places).exists()
            if to_build:
                _say("Calls are being built in the background; everything else works meanwhile.")
            program = await build.build(places, lambda step: self._tell_of_calls(EngineState.BUILDING, step))
            engine = EmbeddedLiveKit(
                LiveKitSettings(
                    program=program,
                    run=settings.run,
                    log=settings.logs / "livekit.log",
                    key=KEY,
                    secret=secret(settings.data, "livekit", Ids(Clock())),
                    media_address=settings.media_address,
                    media_port=settings.media_port,
                    webhook=f"{settings.inside}/api/livekit/webhook",
                )
            )
            await engine.prepare()
        except EngineError as error:
            self._tell_of_calls(EngineState.FAILED, f"Calls do not work. {error}")
            _say(f"Calls do not work; the rest does. {error}")
            return

        def tell(change: Change) -> None:
            if change.problem:
                self._tell_of_calls(EngineState.FAILED, f"Calls do not work. {change.problem}")
            else:
                self._tell_of_calls(EngineState.READY, url=engine.url)
            if change.again or change.problem:
                _report(change)
            elif to_build:
                _say("Calls work now.")

        self._livekit = Keeper(engine, settings.run, tell)
        await self._livekit.keep()

    async def _external_calls(self, livekit: ExternalLiveKit) -> None:
        """Say how the LiveKit fares that somebody else runs: calls need it, and nothing else does."""
        silent = "The LiveKit of BASTIDE_LIVEKIT_URL does not answer."

        def tell(answers: bool) -> None:  # noqa: FBT001 -- it is what `watch_livekit` tells
            if answers:
                self._tell_of_calls(EngineState.READY, url=livekit.url)
                _say("Calls work now.")
            else:
                self._tell_of_calls(EngineState.FAILED, f"Calls do not work. {silent}")
                _say(f"Calls do not work; the rest does. {silent}")

        await watch_livekit(livekit, tell)

    def _tell_of_calls(self, state: EngineState, sentence: str = "", url: str = "") -> None:
        try:
            with writing(self._settings.run):
                status.write(self._settings.run, Engines(livekit=EngineStatus(state, sentence, url)))
        except EngineError as error:
            _say(str(error))  # what is not told to the application must not stop everything else

    def _announce(self) -> None:
        starts.record(self._settings, time.time() - self._beginning.at, installed=self._beginning.installed)
        _say(limits.sentence(limits.file_limit(), self._settings.edges))
        _say(f"Bastide is ready: {self._settings.origin}")
        for line in welcome(self._settings).lines:
            _say(f"  {line}")

    async def _look_around(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_AROUND)
            place.bound_logs(self._settings)
            low = place.room(self._settings.data) < place.LEAST_ROOM
            if low and not self._low_on_disk:
                _say("The disk is nearly full: free some space, or nothing more can be kept soon.")
            self._low_on_disk = low


def _say(line: str) -> None:
    """Print a line for whoever started us; nobody may be there any more."""
    with contextlib.suppress(OSError):
        print(line, flush=True)  # noqa: T201 -- this is the terminal's part


def _report(change: Change) -> None:
    if change.problem:
        _say(f"{change.problem} Starting it again.")
    elif change.again:
        _say(f"{change.title} is back.")


async def up(settings: Settings, beginning: Beginning) -> int:
    """Run an instance until it is told to end; give the exit status."""
    _lift_file_limit()
    lock = place.take(settings)
    instance = Instance(settings, beginning)
    told_to_end = _listen_for_signals(instance)
    try:
        work = asyncio.create_task(_wake_and_watch(instance))
        ending = asyncio.create_task(told_to_end.wait())
        await asyncio.wait((work, ending), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        else:
            _say("Stopping …")
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
    finally:
        await instance.sleep()
        os.close(lock)
    return 0


def _lift_file_limit() -> None:
    """Let our processes open as many files as the system allows us: each window's connection takes one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, enough), hard))


async def _wake_and_watch(instance: Instance) -> None:
    await instance.wake()
    await instance.failed()


def _listen_for_signals(instance: Instance) -> asyncio.Event:
    told_to_end = asyncio.Event()

    def on_signal() -> None:
        if told_to_end.is_set():
            _say("Stopping at once.")
            instance.kill()
        told_to_end.set()

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signum, on_signal)
    return told_to_end
