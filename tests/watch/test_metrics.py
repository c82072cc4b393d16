"""`/metrics`: what it tells whoever runs the instance, that it names nobody, and that nobody else gets it."""

import asyncio
import re
import stat
import time
from pathlib import Path

import httpx
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bastide.core.gateway.contract import CloseCode
from bastide.core.tally import Spread, Tally
from tests.support.eventually import until
from tests.support.postgres import SessionPostgres
from tests.support.served import Served, serving
from tests.support.town import living_town

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def asked(
    served: Served, headers: dict[str, str] | None = None, host: str = "127.0.0.1"
) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(f"http://{host}:{served.port}/metrics", headers=headers)


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


async def read(served: Served) -> Samples:
    answer = await asked(served)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return samples(answer.text)


async def test_it_counts_what_happens(served: Served) -> None:
    agathe, ousmane = await served.window(served.town.agathe), await served.window(served.town.ousmane)
    before = await read(served)
    space = await served.town.space(served.town.agathe, readers=[served.town.ousmane])
    channel = await served.town.channel(served.town.agathe, space.space.id)
    hearing = [await agathe.socket(), await ousmane.socket()]
    for number in range(3):
        answer = await agathe.post(
            f"/api/channels/{channel}/messages",
            {
                "client_id": str(served.town.house.ground.ids.new()),
                "content": {"format": "plain", "text": f"Bonjour {number}"},
            },
        )
        assert answer.status_code == 201, answer.text
    after = await read(served)

    def grew(name: str, **labels: str) -> float:
        return value(after, name, **labels) - before.get((name, frozenset(labels.items())), 0)

    route = "/api/channels/{channel_id}/messages"
    assert grew("bastide_http_request_seconds_count", method="POST", route=route, status="2xx") == 3
    assert grew("bastide_sockets_opened_total") == 2
    assert grew("bastide_sockets_open") == 2
    assert value(after, "bastide_people_connected") == 2
    assert grew("bastide_deliveries_total") >= 6  # three messages, two windows
    assert grew("bastide_frames_sent_total") >= 8  # and both welcomes
    assert grew("bastide_frames_received_total") == 2
    assert grew("bastide_journal_appends_total") >= 3
    assert grew("bastide_commit_group_size_sum") == 3
    assert 0 < grew("bastide_commit_wait_seconds_sum") < 5
    assert value(after, "bastide_database_up") == 1
    assert value(after, "bastide_database_pool", state="most") == 12
    assert value(after, "bastide_jobs", state="failed") == 0
    assert value(after, "bastide_blob_bytes") == 0
    assert value(after, "bastide_calls") == 0
    assert value(after, "bastide_engine_state", engine="livekit", state="starting") == 1
    assert value(after, "bastide_engine_state", engine="livekit", state="ready") == 0
    assert 0 < value(after, "process_open_fds") < value(after, "process_max_fds")
    assert value(after, "process_resident_memory_bytes") > 10e6
    assert 0 < value(after, "bastide_disk_free_bytes") <= value(after, "bastide_disk_size_bytes")
    for wire in hearing:
        await wire.close()
    await asyncio.sleep(0.05)
    assert value(await read(served), "bastide_sockets_open") == value(before, "bastide_sockets_open")


async def test_a_slow_reader_that_is_dropped_is_counted(served: Served) -> None:
    window = await served.window(served.town.agathe)
    await window.socket()
    before = value(await read(served), "bastide_slow_readers_dropped_total")
    (hearer,) = served.town.house.hub.sockets_of(served.town.agathe.person_id)
    hearer.peer.close(CloseCode.RESUME_LATER, "resume-later")
    assert value(await read(served), "bastide_slow_readers_dropped_total") == before + 1


async def test_it_names_nobody_and_nothing(served: Served) -> None:
    """No id, no name, no address that was asked for: whatever clients ask, labels are words of ours."""
    window, town = await served.window(served.town.agathe), served.town
    space = (await town.space(town.agathe, readers=[town.ousmane])).space.id
    for path in (
        f"/api/spaces/{space}",
        f"/api/people/{town.ousmane.person_id}",
        "/api/people?q=Delormarquee",
        "/api/nichtda-marque",
        "/marque-de-page/secrete",
    ):
        await window.get(path)
    for method in ("MARQUE", "PROPFIND", "DELETE"):
        await window.request(method, "/api/marque")
    text = (await asked(served)).text
    assert "marqu" not in text.lower()
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)
    for word in ("Delorme", "Ousmane", "vezelle"):
        assert word.lower() not in text.lower()
    routes = {route.path_format for route in served.app.routes} | {"unrouted"}
    assert {dict(labels)["route"] for _, labels in samples(text) if "route" in dict(labels)} <= routes


@pytest.mark.parametrize("who", ["stranger", "guest", "agent"])
async def test_nobody_else_gets_it(served: Served, who: str) -> None:
    """Not by a window at this very machine either: a page must not read it, whoever is signed in."""
    actors = {"guest": served.town.guest, "agent": served.town.agathe}
    window = await served.window(actors[who]) if who in actors else served.stranger()
    unknown = await window.get("/api/nothing-here") if who != "stranger" else None
    answer = await window.get("/metrics")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"
    assert "bastide_" not in answer.text
    assert unknown is None or unknown.content == answer.content


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"X-Forwarded-Proto": "https"},
        {"x-forwarded-host": "bastide.example"},
        {"forwarded": "for=127.0.0.1"},
        {"x-real-ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"host": "bastide.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "[::"},
        {"authorization": "Bearer"},
        {"authorization": "Bearer é"},
        {"authorization": "Basic Og=="},
        {"authorization": ""},
    ],
    ids=str,
)
async def test_what_came_through_something_is_not_of_this_machine(
    served: Served, headers: dict[str, str]
) -> None:
    raw = {name: value.encode() for name, value in headers.items()}
    assert (await asked(served, raw)).status_code == 404  # pyright: ignore[reportArgumentType]
    assert (await asked(served)).status_code == 200


async def test_behind_a_proxy_only_the_token_opens(postgres: SessionPostgres, tmp_path: Path) -> None:
    """A proxy on the same machine that says nothing of who asks makes everybody local: there, that is no proof."""
    async with living_town(postgres, tmp_path / "data") as town:
        town.house.settings = msgspec.structs.replace(
            town.house.settings, public_url="https://bastide.example"
        )
        async with serving(town, tmp_path) as served:
            assert (await asked(served)).status_code == 404
            wrong = {"authorization": f"Bearer {'0' * 64}"}
            assert (await asked(served, wrong)).status_code == 404
            kept = town.house.settings.data / "secrets" / "metrics"
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600
            right = {"authorization": f"Bearer {kept.read_text().strip()}", "x-forwarded-for": "203.0.113.9"}
            assert (await asked(served, right)).status_code == 200


async def test_it_answers_while_the_database_is_away(served: Served) -> None:
    await served.town.house.ground.database.close()
    found = await read(served)
    assert value(found, "bastide_database_up") == 0
    assert not [name for name, _ in found if name.startswith("bastide_jobs")]


async def test_the_lag_of_a_loop_is_seen() -> None:
    tally = Tally()
    watching = asyncio.create_task(tally.watch_lag())
    try:
        await asyncio.sleep(0.9)
        time.sleep(0.4)  # noqa: ASYNC251 - the loop is held on purpose
        await until(lambda: sum(tally.lag.counts) == 1)
    finally:
        watching.cancel()
    assert 0.2 < tally.lag.total < 2


def test_a_spread_counts_each_value_once_and_below_all_higher_bounds() -> None:
    spread = Spread((1, 5))
    for number in (0, 1, 3, 5, 9):
        spread.add(number)
    assert spread.cumulated() == [("1", 2), ("5", 4), ("+Inf", 5)]
    assert spread.total == 18
