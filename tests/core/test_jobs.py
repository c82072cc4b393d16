"""Jobs on the real PostgreSQL: done once committed, tried again, and outliving what they run on."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from importlib import resources
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
import pytest_asyncio

from bastide import core
from bastide.core import jobs as jobs_module
from bastide.core.clock import Clock
from bastide.core.database import Database
from bastide.core.errors import Unavailable
from bastide.core.jobs import Jobs
from bastide.core.migrate import collect, migrate
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from tests.support.postgres import SessionPostgres

CORE = Path(core.__file__).parent
ROOT = Path(__file__).parents[2]


async def lay_ground(url: str) -> None:
    """The ground floor's tables alone."""
    await migrate(url, collect([CORE]), Clock())


class Office:
    """A database, the jobs on it, and what they did."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = Database(url)
        self.jobs = Jobs(url)
        self.done: list[UUID] = []
        self.failures = 0
        self.given_up: list[UUID] = []
        self.file = self.jobs.task("office.file", attempts=3, gave_up=self._gave_up)(self._file)

    async def _file(self, paper: UUID) -> None:
        if self.failures:
            self.failures -= 1
            raise ValueError("the drawer is stuck")
        self.done.append(paper)

    async def _gave_up(self, paper: UUID) -> None:
        self.given_up.append(paper)

    async def order(self, paper: UUID) -> None:
        async with self.database.transaction() as tx:
            await self.jobs.defer(tx, self.file, paper=paper)

    async def states(self) -> list[tuple[str, int]]:
        async with self.database.read() as reader:
            rows = await reader.rows(
                "select status::text, attempts from procrastinate_jobs where task_name = 'office.file' order by id"
            )
            return [(row[0], row[1]) for row in rows]

    async def hurry(self) -> None:
        """Let no job wait for its next attempt."""
        async with self.database.transaction() as tx:
            await tx.run("update procrastinate_jobs set scheduled_at = now() - interval '1 second'")


@pytest_asyncio.fixture
async def office(postgres: SessionPostgres) -> AsyncGenerator[Office]:
    url = await postgres.fresh(lay_ground)
    office = Office(url)
    await office.database.open()
    yield office
    await office.database.close()
    await postgres.drop(url)


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - anything may make it true
            await asyncio.sleep(0.02)


def test_schema_is_the_installed_ones() -> None:
    ours = (CORE / "migrations" / "0002_jobs.sql").read_text()
    theirs = (resources.files("procrastinate.sql") / "schema.sql").read_text()
    assert ours.endswith(theirs)
    assert all(line.startswith("--") for line in ours.removesuffix(theirs).splitlines())


async def test_done_after_the_commit_and_told_at_once(office: Office) -> None:
    work = asyncio.create_task(office.jobs.run())
    papers = [uuid4() for _ in range(5)]
    await office.order(papers[0])
    await until(lambda: office.done == papers[:1])
    loop = asyncio.get_running_loop()
    began = loop.time()
    for paper in papers[1:]:
        await office.order(paper)
    await until(lambda: sorted(office.done) == sorted(papers))
    assert loop.time() - began < jobs_module._POLL_S / 2  # woken, not found by polling
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert await office.states() == []


async def test_not_done_without_the_commit(office: Office) -> None:
    async def regretted() -> None:
        async with office.database.transaction() as tx:
            await office.jobs.defer(tx, office.file, paper=uuid4())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await regretted()
    await office.jobs.drain()
    assert office.done == []
    assert await office.states() == []


async def test_arguments_have_names(office: Office) -> None:
    async with office.database.transaction() as tx:
        with pytest.raises(TypeError):
            await office.jobs.defer(tx, office.file, uuid4())


def test_a_name_is_given_once(office: Office) -> None:
    with pytest.raises(ValueError, match="twice"):
        office.jobs.task("office.file")(office._file)


async def test_tried_again_later(office: Office) -> None:
    office.failures = 2
    paper = uuid4()
    await office.order(paper)
    for attempts in (1, 2):
        await office.jobs.drain()
        assert await office.states() == [("todo", attempts)]
        await office.jobs.drain()  # its time has not come
        assert await office.states() == [("todo", attempts)]
        await office.hurry()
    await office.jobs.drain()
    assert office.done == [paper]
    assert office.given_up == []
    assert await office.states() == []


async def test_given_up_after_the_last_attempt(office: Office) -> None:
    office.failures = 99
    paper = uuid4()
    await office.order(paper)
    for _ in range(5):
        await office.jobs.drain()
        await office.hurry()
    assert office.given_up == [paper]
    assert await office.states() == [("failed", 3)]
    assert office.failures == 99 - 3


async def test_a_stopped_worker_leaves_its_job_for_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "_GRACE_S", 0.1)
    began = asyncio.Event()
    gate = asyncio.Event()

    async def slow(paper: UUID) -> None:
        began.set()
        await gate.wait()
        office.done.append(paper)

    task = office.jobs.task("office.file.slowly")(slow)
    work = asyncio.create_task(office.jobs.run())
    paper = uuid4()
    async with office.database.transaction() as tx:
        await office.jobs.defer(tx, task, paper=paper)
    await asyncio.wait_for(began.wait(), 10)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    gate.set()
    await office.jobs.drain()
    assert office.done == [paper]


@pytest.mark.parametrize(("attempts", "again"), [(0, True), (1, True), (2, False)])
async def test_a_job_that_kills_its_process_is_not_tried_for_ever(
    office: Office, attempts: int, *, again: bool
) -> None:
    """What kill -9 leaves: a registered worker that is no more, with a job under way."""
    paper = uuid4()
    await office.order(paper)
    async with office.database.transaction() as tx:
        await tx.run(
            """
            with w as (insert into procrastinate_workers default values returning id)
            update procrastinate_jobs
            set status = 'doing', attempts = %(attempts)s, worker_id = (select id from w)
            """,
            attempts=attempts,
        )
    work = asyncio.create_task(office.jobs.run())
    await until(lambda: bool(office.done or office.given_up))
    await asyncio.sleep(0.2)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert office.done == ([paper] if again else [])
    assert office.given_up == ([] if again else [paper])
    assert await office.states() == ([] if again else [("failed", 3)])


async def test_jobs_of_another_living_process_are_left_to_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where processes share the work, a worker counts as dead once its heart has stopped for a while."""
    monkeypatch.setattr(jobs_module, "_RESCUE_S", 0.2)
    monkeypatch.setattr(jobs_module, "_POLL_S", 0.3)
    paper = uuid4()
    await office.order(paper)
    async with office.database.transaction() as tx:
        await tx.run(
            """
            with w as (insert into procrastinate_workers default values returning id)
            update procrastinate_jobs set status = 'doing', worker_id = (select id from w)
            """
        )
    office.jobs._alone = False
    work = asyncio.create_task(office.jobs.run())
    await asyncio.sleep(1.0)
    assert office.done == []
    async with office.database.transaction() as tx:
        await tx.run("update procrastinate_workers set last_heartbeat = now() - interval '31 seconds'")
    await until(lambda: office.done == [paper])
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_regular_work(office: Office) -> None:
    """At first start what was due within the last day is done, once."""
    ran: list[int] = []

    async def count() -> None:
        ran.append(1)

    office.jobs.every("0 * * * *", "office.sweep", count)
    for _ in range(2):
        work = asyncio.create_task(office.jobs.run())
        await until(lambda: ran == [1])
        await asyncio.sleep(0.3)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    assert ran == [1]


async def test_kill_nine_of_the_process(postgres: SessionPostgres, tmp_path: Path) -> None:
    """A process is killed in the middle of a job; the next one does it."""
    url = await postgres.fresh(lay_ground)
    code = f"""
import asyncio, sys
from uuid import uuid4
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "src")!r}]
from bastide.core.database import Database
from bastide.core.errors import Unavailable
from bastide.core.jobs import Jobs

async def main():
    database, jobs = Database({url!r}), Jobs({url!r})
    async def stuck(paper: str) -> None:
        open({str(tmp_path / "began")!r}, "w").close()
        await asyncio.Event().wait()
    task = jobs.task("office.file")(stuck)
    await database.open()
    async with database.transaction() as tx:
        await jobs.defer(tx, task, paper={str(UUID(int=7))!r})
    await jobs.run()

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    await until((tmp_path / "began").exists, 20)
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()

    office = Office(url)
    await office.database.open()
    assert await office.states() == [("doing", 0)]
    work = asyncio.create_task(office.jobs.run())
    await until(lambda: office.done == [UUID(int=7)])
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await office.database.close()
    await postgres.drop(url)


@pytest.fixture
def engine() -> Generator[EmbeddedPostgres]:
    """A PostgreSQL of its own, not started yet. Its server is not root and must be able to enter the folder."""
    with tempfile.TemporaryDirectory(prefix="bastide-pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        yield EmbeddedPostgres(
            PostgresSettings(home=home / "postgres", run=home / "run", log=home / "log", durable=False)
        )


async def test_restart_of_postgresql(engine: EmbeddedPostgres) -> None:
    """PostgreSQL goes away and comes back; jobs go on by themselves."""
    await engine.prepare()
    process = await engine.start()
    await engine.wait_ready(process)
    url = engine.url_of("postgres", role="postgres")
    await lay_ground(url)
    office = Office(url)
    await office.database.open()
    work = asyncio.create_task(office.jobs.run())
    first, second = uuid4(), uuid4()
    await office.order(first)
    await until(lambda: office.done == [first])
    # Done is not yet noted as done: what is cut off in between is rightly done again.
    async with asyncio.timeout(10):
        while await office.states():  # noqa: ASYNC110 - the database tells
            await asyncio.sleep(0.02)

    await engine.stop(process)
    await asyncio.sleep(2.0)
    assert not work.done()
    other = asyncio.create_task(Jobs(url).run())
    await asyncio.sleep(0.5)
    other.cancel()  # can be stopped while the database is away
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(other, 15)
    process = await engine.start()
    await engine.wait_ready(process)
    async with asyncio.timeout(10):
        async with await psycopg.AsyncConnection.connect(url, autocommit=True):
            pass
    await _order_when_back(office, second)
    await until(lambda: office.done == [first, second], 30)

    await engine.stop(process)
    work.cancel()  # can be stopped in the moment of losing it
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(work, 15)
    await office.database.close()


async def _order_when_back(office: Office, paper: UUID) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await office.order(paper)
            except Unavailable:
                await asyncio.sleep(0.2)
            else:
                return


async def test_few_connections(office: Office) -> None:
    """One that listens, and one or two for everything else."""
    work = asyncio.create_task(office.jobs.run())
    await asyncio.sleep(1.0)
    async with office.database.read() as reader:
        count = await reader.value(
            "select count(*) from pg_stat_activity where application_name = 'bastide-jobs'"
        )
    assert 2 <= count <= 3
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
