"""`/metrics`: what the instance does and how it fares, as numbers for Prometheus.

It holds no content, no name and no id; its labels are words of ours (routes, states). It is for who runs the
instance: whoever holds the token in `<data>/secrets/metrics`, or a program of this very machine. The second counts
only where no proxy was declared, as strangers that come through a proxy seem to be this machine, too, and only of
requests that no proxy and no web page had a hand in. Everybody else is told that there is nothing.
"""

import asyncio
import hmac
import resource
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Controller, Request, Response, get
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from bastide.core.errors import NotFound, Unavailable
from bastide.core.places import known_address
from bastide.core.tally import TALLY, Spread, Tally
from bastide.engines import status
from bastide.engines.status import EngineState
from bastide.house import House
from bastide.settings import secret

_ASKED_WITHIN_S = 2.0
_COUNTED_EVERY_S = 30.0
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
# What proxies add, and browsers where a page asks.
_BETWEEN = frozenset({"forwarded", "via", "x-real-ip", "origin", "referer", "cookie"})
_BETWEEN_PREFIXES = ("x-forwarded", "x-original", "sec-fetch")


class Counted(msgspec.Struct, frozen=True):
    """What the database counts: jobs by state, blobs and their bytes."""

    jobs: dict[str, int]
    blobs: int
    blob_bytes: int


class Process(msgspec.Struct, frozen=True):
    """What the kernel knows of this process and its disk; sizes in bytes."""

    files: int
    files_most: int
    memory: int
    disk_free: int
    disk_size: int
    cpu_s: float


class Meter:
    """Reads the numbers of a house."""

    def __init__(self, house: House, tally: Tally = TALLY) -> None:
        self._house = house
        self._tally = tally
        self._lock = asyncio.Lock()
        self._counted: Counted | None = None
        self._counted_at = float("-inf")
        self._token = ""

    def admits(self, request: Request[Any, Any, Any]) -> bool:
        """Whether whoever asks runs the instance."""
        given = request.headers.get("authorization")
        if given is not None:
            kind, _, token = given.partition(" ")
            return kind.lower() == "bearer" and hmac.compare_digest(token.encode(), self._secret().encode())
        return self._house.settings.public_url is None and _of_this_machine(request)

    async def read(self) -> bytes:
        """Everything, in Prometheus' text format. A database that is away is told by `bastide_database_up`."""
        async with self._lock:
            counted = await self._count()
        process = await asyncio.to_thread(_process, self._house.settings.data)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Once([*self._of_traffic(), *self._of_house(counted), *_of_process(process)]))
        return generate_latest(registry)

    def _secret(self) -> str:
        if not self._token:
            self._token = secret(self._house.settings.data, "metrics", self._house.ground.ids)
        return self._token

    async def _count(self) -> Counted | None:
        """Ask the database, at most every half minute; None while it is away."""
        now = time.monotonic()
        if self._counted is not None and now - self._counted_at < _COUNTED_EVERY_S:
            return self._counted if await self._answers() else None
        try:
            async with asyncio.timeout(_ASKED_WITHIN_S), self._house.ground.database.read() as reader:
                jobs = await reader.rows(
                    "select status::text, count(*) from procrastinate_jobs group by status"
                )
                blobs = await reader.rows("select count(*), coalesce(sum(size), 0)::bigint from blob")
        except (Unavailable, TimeoutError):
            self._counted = None
            return None
        self._counted = Counted(dict(jobs), *blobs[0])
        self._counted_at = now
        return self._counted

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(_ASKED_WITHIN_S), self._house.ground.database.read() as reader:
                return await reader.value("select 1") == 1
        except (Unavailable, TimeoutError):
            return False

    def _of_traffic(self) -> Iterator[Metric]:
        tally = self._tally
        requests = HistogramMetricFamily(
            "bastide_http_request_seconds",
            "Seconds until the answer began, without waiting for the request's body",
            labels=("method", "route", "status"),
        )
        for key, spread in tally.requests.items():
            _put(requests, key, spread)
        yield requests
        yield _gauge("sockets_open", "Sockets that are open", tally.sockets_opened - tally.sockets_closed)
        yield _counter("sockets_opened", "Sockets that were opened", tally.sockets_opened)
        yield _gauge("people_connected", "People with an open window", self._house.hub.people)
        yield _counter("frames_sent", "Messages sent on sockets", tally.frames_sent)
        yield _counter("frames_received", "Messages received on sockets", tally.frames_heard)
        yield _counter("deliveries", "Events told to a window, one for each window", tally.deliveries)
        yield _counter(
            "slow_readers_dropped",
            "Sockets closed to resume later: what waited was too much",
            tally.slow_readers,
        )
        yield _counter("journal_appends", "Entries appended to journals and committed", tally.entries)
        yield _spread("commit_group_size", "Acts committed together", tally.group_sizes)
        yield _spread(
            "commit_wait_seconds",
            "Seconds from an act until its group was committed, of the one that waited longest in each",
            tally.group_waits,
        )
        yield _spread("loop_lag_seconds", "How late the event loop was, looked at each second", tally.lag)

    def _of_house(self, counted: Counted | None) -> Iterator[Metric]:
        house = self._house
        yield _gauge("database_up", "1 when the database answers", int(counted is not None))
        used = house.ground.database.use
        pool = GaugeMetricFamily("bastide_database_pool", "Connections of the pool", labels=("state",))
        pool.add_metric(["idle"], used.idle)
        pool.add_metric(["used"], used.used)
        pool.add_metric(["most"], used.most)
        yield pool
        yield _gauge("database_pool_waiting", "Who waits for a connection now", used.waiting)
        yield _counter("database_pool_requests", "Times a connection was asked for", used.requests)
        yield _counter("database_pool_errors", "Times none could be had", used.errors)
        calls = house.meet.calls.all()
        yield _gauge("calls", "Calls that are going on", len(calls))
        yield _gauge("call_participants", "Devices in calls", sum(len(call.inside) for call in calls))
        engines = GaugeMetricFamily(
            "bastide_engine_state", "1 for the state an engine is in", labels=("engine", "state")
        )
        told = status.read(house.settings.run).livekit.state
        for state in EngineState:
            engines.add_metric(["livekit", state.value], int(told is state))
        yield engines
        if counted is not None:
            jobs = GaugeMetricFamily("bastide_jobs", "Jobs by state; those done are gone", labels=("state",))
            for state in ("todo", "doing", "failed"):
                jobs.add_metric([state], counted.jobs.get(state, 0))
            yield jobs
            yield _gauge("blobs", "Stored contents of files", counted.blobs)
            yield _gauge("blob_bytes", "Their size", counted.blob_bytes)


class MetricsController(Controller):
    """The numbers, for who runs the instance."""

    @get("/metrics", include_in_schema=False)
    async def metrics(self, request: Request[Any, Any, Any], meter: Meter) -> Response[bytes]:
        """All numbers; 404 for everybody who does not run the instance."""
        if not meter.admits(request):
            raise NotFound
        return Response(await meter.read(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Once(Collector):
    """Metrics that were read already."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_this_machine(request: Request[Any, Any, Any]) -> bool:
    """Whether a program of this machine asks, with nobody between.

    A page that a browser of this machine shows may ask too: it says so, or names a host that is not this machine.
    """
    client = request.scope["client"]
    address = known_address(client[0]) if client else None
    if address is None or not address.is_loopback:
        return False
    names = {name.lower() for name in request.headers}
    if names & _BETWEEN or any(name.startswith(_BETWEEN_PREFIXES) for name in names):
        return False
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname in _HERE
    except ValueError:
        return False


def _process(data: Path) -> Process:
    disk = shutil.disk_usage(data)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Process(
        files=_open_files(),
        files_most=resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        memory=int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize(),
        disk_free=disk.free,
        disk_size=disk.total,
        cpu_s=used.ru_utime + used.ru_stime,
    )


def _open_files() -> int:
    """How many files this process holds: newer kernels say it at once, from others they are counted."""
    folder = Path("/proc/self/fd")
    return folder.stat().st_size or sum(1 for _ in folder.iterdir())


def _of_process(process: Process) -> Iterator[Metric]:
    yield _gauge("disk_free_bytes", "Room on the disk of the data folder", process.disk_free)
    yield _gauge("disk_size_bytes", "Size of that disk", process.disk_size)
    # the names that dashboards know
    yield GaugeMetricFamily("process_open_fds", "Files that are open", process.files)
    yield GaugeMetricFamily("process_max_fds", "Files that may be open", process.files_most)
    yield GaugeMetricFamily("process_resident_memory_bytes", "Memory in use", process.memory)
    yield CounterMetricFamily("process_cpu_seconds", "Processor time used", process.cpu_s)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"bastide_{name}", text, value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"bastide_{name}", text, value)


def _spread(name: str, text: str, spread: Spread) -> Metric:
    family = HistogramMetricFamily(f"bastide_{name}", text, labels=())
    _put(family, (), spread)
    return family


def _put(family: HistogramMetricFamily, labels: tuple[str, ...], spread: Spread) -> None:
    family.add_metric(labels, buckets=spread.cumulated(), sum_value=spread.total)
