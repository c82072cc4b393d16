"""Jobs: work that is done later, kept in PostgreSQL, run in this process by default.

A job is deferred in the transaction of the act that wants it: it is done exactly when that was committed. It is done
at least once (a crash may repeat it), so tasks are written to bear being repeated. Procrastinate does the work; this
is its typed face, and what keeps it going when the database or the process goes away.
"""

import asyncio
import inspect
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Generic, ParamSpec, get_type_hints

import msgspec
import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.tasks import Task as ProcrastinateTask
from psycopg_pool import AsyncConnectionPool

from bastide.core.database import Transaction
from bastide.core.ending import heed_cancellation
from bastide.core.errors import Problem
from bastide.core.wordless import kinds_of

log = structlog.get_logger()
P = ParamSpec("P")
Work = Callable[P, Awaitable[None]]

ATTEMPTS = 6
_QUEUE = "bastide"
_LONGEST_WAIT_S = 900
_HEARTBEAT_S = 10.0
_STALLED_S = 30.0
# NOTIFY tells of new jobs at once; only those that wait for their next attempt are found by polling.
_POLL_S = 15.0
_RESCUE_S = 20.0
_GRACE_S = 5.0
_RECONNECT_S = 1.0
_RECONNECT_MOST_S = 15.0
_FAILED_KEPT_H = 30 * 24
_A_DAY_S = 24 * 3600


class Task(Generic[P]):
    """A kind of job: what it is called, what it does, how often it is tried and what is done when all attempts failed.

    Arguments are named, and of types that JSON can carry (`msgspec.to_builtins`): ids, numbers, words.
    """

    def __init__(self, name: str, work: Work[P], attempts: int, gave_up: Work[P] | None) -> None:
        self.name = name
        self.attempts = attempts
        self._work: Callable[..., Awaitable[None]] = work
        self._gave_up: Callable[..., Awaitable[None]] | None = gave_up
        hints = get_type_hints(work)
        self._types: dict[str, Any] = {name: hints[name] for name in inspect.signature(work).parameters}

    async def run(self, kept: dict[str, Any], *, last: bool) -> None:
        """Do it, with arguments as the database kept them. On the `last` attempt a failure is given up on."""
        try:
            await self._work(**self._arguments(kept))
        except Exception:
            if last:
                await self.give_up(kept)
            raise

    async def give_up(self, kept: dict[str, Any]) -> None:
        """Do what is to be done when no attempt is left."""
        if self._gave_up is not None:
            await self._gave_up(**self._arguments(kept))

    def _arguments(self, kept: dict[str, Any]) -> dict[str, Any]:
        return {name: msgspec.convert(kept[name], kind) for name, kind in self._types.items()}


class _BackOff(BaseRetryStrategy):
    """Wait 4, 16, 64 … seconds between attempts; what was cut short by the end of the process is tried again at once."""

    def __init__(self, attempts: int) -> None:
        self._attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        if job.attempts + 1 >= self._attempts:
            return None
        return RetryDecision(retry_in={"seconds": min(4 ** (job.attempts + 1), _LONGEST_WAIT_S)})


class Jobs:
    """Defers jobs and does them."""

    def __init__(self, conninfo: str, *, at_once: int = 2, alone: bool = True) -> None:
        """`alone`: no other process does jobs of this database, so whatever is under way at start was cut short."""
        self._conninfo = conninfo
        self._app = App(connector=PsycopgConnector(), periodic_defaults={"max_delay": _A_DAY_S})
        self._tasks: dict[str, Task[...]] = {}
        self._procrastinate_tasks: dict[str, ProcrastinateTask[Any, Any, Any]] = {}
        self._at_once = at_once
        self._alone = alone
        # It logs a stack trace for each attempt to reach a database that is away; what matters is logged here.
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        self.every("41 3 * * *", "jobs.purge", self._purge)

    def task(
        self, name: str, *, attempts: int = ATTEMPTS, gave_up: Work[P] | None = None
    ) -> Callable[[Work[P]], Task[P]]:
        """Make a coroutine function (a bound method, too) a task. `gave_up` gets the same arguments after the last failure."""

        def decorate(work: Work[P]) -> Task[P]:
            task = Task(name, work, attempts, gave_up)
            self._register(task)
            return task

        return decorate

    def every(self, cron: str, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Have something done regularly, at the times of a cron line in UTC; after a pause, once for the last day's."""
        task = Task(name, work, ATTEMPTS, None)
        self._app.periodic(cron=cron)(self._register(task))

    async def defer(self, tx: Transaction, task: Task[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have a task done once `tx` is committed. Arguments by name only."""
        if args:
            raise TypeError("a job's arguments have names")
        told: dict[str, Any] = msgspec.to_builtins(kwargs)
        deferrer = self._procrastinate_tasks[task.name].configure(connection=tx.connection)
        await deferrer.defer_async(**told)

    async def run(self) -> None:
        """Do jobs until cancelled; neither a job that fails nor a database that goes away ends it."""
        wait = _RECONNECT_S
        async with self._opened():
            while True:
                began = asyncio.get_running_loop().time()
                try:
                    await self._watch()
                except ConnectorException as error:
                    log.warning("jobs.disconnected", error=kinds_of(error))
                except Exception:  # a defect there must not be the end of all jobs
                    log.exception("jobs.worker_failed")
                # a failure while it was being cancelled hides the cancellation, too
                heed_cancellation()
                if asyncio.get_running_loop().time() - began > _STALLED_S:
                    wait = _RECONNECT_S
                await asyncio.sleep(wait)
                wait = min(wait * 2, _RECONNECT_MOST_S)

    async def drain(self) -> None:
        """Do what is waiting now, then return: for tests and for filling a demo."""
        async with self._opened():
            await self._app.run_worker_async(
                queues=[_QUEUE],
                wait=False,
                listen_notify=False,
                install_signal_handlers=False,
                concurrency=self._at_once,
                delete_jobs="successful",
            )

    def _register(self, task: Task[...]) -> ProcrastinateTask[Any, Any, Any]:
        if task.name in self._tasks:
            raise ValueError(f"task {task.name} is registered twice")

        async def run(context: JobContext, **kept: Any) -> None:
            last = context.job.attempts + 1 >= task.attempts
            try:
                await task.run(kept, last=last)
            except Exception:
                log.exception("jobs.failed", task=task.name, job=context.job.id, given_up=last)
                raise

        registered = self._app.task(
            name=task.name, queue=_QUEUE, pass_context=True, retry=_BackOff(task.attempts)
        )(run)
        self._tasks[task.name] = task
        self._procrastinate_tasks[task.name] = registered
        return registered

    @asynccontextmanager
    async def _opened(self) -> AsyncGenerator[None]:
        """With a pool of its own: procrastinate listens on a connection that it opens with the pool's settings."""
        pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=2,
            open=False,
            timeout=5.0,
            max_idle=30.0,
            check=AsyncConnectionPool.check_connection,
            kwargs={
                "options": "-c timezone=UTC -c statement_timeout=30s",
                "application_name": "bastide-jobs",
            },
        )
        connector = PsycopgConnector()
        await pool.open(wait=False)
        await connector.open_async(pool)
        try:
            with self._app.replace_connector(connector):
                yield
        finally:
            await pool.close(timeout=2.0)

    async def _watch(self) -> None:
        """Do jobs until the worker ends, and look after those whose worker died."""
        if self._alone:
            await self._app.connector.execute_query_async("delete from procrastinate_workers")
        await self._rescue_all()
        rescuer = asyncio.create_task(self._rescue_regularly())
        try:
            await self._app.run_worker_async(
                queues=[_QUEUE],
                install_signal_handlers=False,
                concurrency=self._at_once,
                delete_jobs="successful",
                fetch_job_polling_interval=_POLL_S,
                abort_job_polling_interval=_POLL_S,
                update_heartbeat_interval=_HEARTBEAT_S,
                stalled_worker_timeout=_STALLED_S,
                shutdown_graceful_timeout=_GRACE_S,
            )
        finally:
            rescuer.cancel()
            with suppress(asyncio.CancelledError):
                await rescuer

    async def _rescue_regularly(self) -> None:
        while True:
            heed_cancellation()
            await asyncio.sleep(_RESCUE_S)
            await self._rescue_all()

    async def _rescue_all(self) -> None:
        try:
            for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_S):
                await self._rescue(job)
        except (ConnectorException, Problem) as error:
            log.warning("jobs.rescue_failed", error=kinds_of(error))

    async def _rescue(self, job: Job) -> None:
        """Have a job done again whose worker died; not for ever, as the job may be what kills it."""
        task = self._tasks.get(job.task_name)
        log.warning("jobs.rescued", task=job.task_name, job=job.id, attempts=job.attempts)
        if task is None or job.attempts + 1 < task.attempts:
            await self._app.job_manager.retry_job(job)
            return
        await task.give_up(job.task_kwargs)
        await self._app.job_manager.finish_job(job, Status.FAILED, delete_job=False)

    async def _purge(self) -> None:
        """Forget jobs that failed long ago."""
        await self._app.job_manager.delete_old_jobs(
            _FAILED_KEPT_H, include_failed=True, include_cancelled=True, include_aborted=True
        )
