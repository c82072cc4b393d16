"""PostgreSQL is killed while people write: what was acknowledged is there, once, and the rest may be tried again."""

import asyncio
import itertools
import os
import signal
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import pytest
import pytest_asyncio

from bastide.chat.events import MessageSent
from bastide.core.clock import Clock
from bastide.core.errors import Problem, Unavailable
from bastide.core.migrate import migrate
from bastide.core.policy import Actor
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.house import House, migrations
from bastide.settings import Settings
from tests.support.eventually import until
from tests.support.served import Served, serving
from tests.support.town import Town


class Mortal:
    """A PostgreSQL of this test alone, kept as in earnest: synced to the disk."""

    def __init__(self, engine: EmbeddedPostgres) -> None:
        self.engine = engine
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        await self.engine.prepare()
        self._process = await self.engine.start()
        await self.engine.wait_ready(self._process)

    async def kill(self) -> None:
        """kill -9 of the postmaster; its children notice and go."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.engine.stop(self._process)


@pytest_asyncio.fixture(scope="module")
async def mortal() -> AsyncGenerator[Mortal]:
    with tempfile.TemporaryDirectory(prefix="bastide-kill-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        made = Mortal(
            EmbeddedPostgres(
                PostgresSettings(home=home / "postgres", run=home / "run", log=home / "postgres.log")
            )
        )
        await made.start()
        yield made
        await made.stop()


@pytest_asyncio.fixture(scope="module")
async def standing(mortal: Mortal, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Served]:
    """A served town on the mortal PostgreSQL."""
    url, folder = mortal.engine.url, tmp_path_factory.mktemp("standing")
    await migrate(url, migrations(), Clock())
    house = House.build(Settings(data=folder / "data", demo=False, port=0), conninfo=url)
    await house.open()
    house.ground.database._pool.timeout = 0.5  # in earnest, people wait longer before they are told
    town = Town(house)
    await town.settle()
    async with serving(town, folder) as served:
        yield served
    await house.close()


class Sender:
    """A window that sends one message after another, and each again until it is acknowledged."""

    def __init__(self, town: Town, actor: Actor, channel: UUID) -> None:
        self._town, self._actor, self._channel = town, actor, channel
        self.acknowledged: dict[UUID, tuple[UUID, int]] = {}
        self.failures = 0

    async def run(self) -> NoReturn:
        for i in itertools.count():
            client_id = self._town.house.ground.ids.new()
            while client_id not in self.acknowledged:
                try:
                    said = await self._town.say(
                        self._actor, self._channel, f"Relevé {i}", client_id=client_id
                    )
                except Unavailable:
                    self.failures += 1
                    await asyncio.sleep(0.05)
                else:
                    self.acknowledged[client_id] = (said.id, said.ordinal)
        raise AssertionError


async def test_killed_in_mid_sentence(standing: Served, mortal: Mortal) -> None:
    town = standing.town
    own = await town.space(town.agathe, contributors=[town.ousmane, town.yanis])
    channel = await town.channel(town.agathe, own.space.id)
    window = await standing.window(town.solene)
    senders = [
        Sender(town, actor, channel) for actor in (town.agathe, town.ousmane, town.yanis) for _ in range(4)
    ]
    running = [asyncio.create_task(sender.run()) for sender in senders]

    def count() -> int:
        return sum(len(s.acknowledged) for s in senders)

    for _ in range(2):
        before = count()
        await until(lambda before=before: count() > before + 60, 20)  # type: ignore[misc]
        await mortal.kill()
        # Meanwhile the house says so, and whoever is known already is still known.
        ready = await window.get("/health/ready")
        assert ready.status_code in (200, 503)
        stranger = standing.stranger("0" * 64)
        refused = await stranger.get("/api/session")
        assert refused.status_code == 503, refused.text
        assert refused.json()["code"] == "unavailable"
        assert refused.headers["x-content-type-options"] == "nosniff"
        await mortal.start()
        after = count()
        await until(lambda after=after: count() > after + 20, 30)  # type: ignore[misc]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert sum(s.failures for s in senders) > 0, "nobody was interrupted"

    async with town.house.ground.database.read() as reader:
        rows = await reader.rows(
            "select client_id, id, ordinal from message where channel_id = %(c)s", c=channel
        )
    kept = {row[0]: (row[1], row[2]) for row in rows}
    acknowledged = {k: v for s in senders for k, v in s.acknowledged.items()}
    assert len(kept) == len(rows), "none twice"
    assert {k: kept.get(k) for k in acknowledged} == acknowledged, (
        "each acknowledged one is there, as it was told"
    )
    assert sorted(o for _, o in kept.values()) == list(range(1, len(kept) + 1))
    assert len(kept) - len(acknowledged) <= len(senders), "beside them only what was still under way"

    def told() -> list[int]:
        return [e.event.message.ordinal for e in town.heard if isinstance(e.event, MessageSent)]

    await until(lambda: len(told()) >= len(kept), 10)
    assert told() == list(range(1, len(kept) + 1)), "everybody heard each once, in order"


async def test_acts_in_flight_end_in_words(standing: Served, mortal: Mortal) -> None:
    """Nothing that was asked while it was away hangs, or is a defect."""
    town = standing.town
    own = await town.space(town.agathe, contributors=[town.ousmane])
    window = await standing.window(town.agathe)
    await window.get("/api/session")
    socket = await window.socket()
    channel = await town.channel(town.agathe, own.space.id)
    await mortal.kill()
    answers = await asyncio.gather(
        window.get("/api/snapshot"),
        window.get(f"/api/spaces/{own.space.id}"),
        window.patch("/api/me", {"function": "x"}),
        window.post("/api/session", {"email": "a@b.example", "password": "x" * 12}),
        window.get("/api/people?q=a"),
    )
    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert answer.json()["code"] == "unavailable"
    failed = await socket.send(channel, "bonjour", town.house.ground.ids.new())
    assert failed["problem"]["code"] == "unavailable"
    with pytest.raises(Problem):
        await town.house.people.search(town.agathe, "x")
    await mortal.start()
    for _ in range(100):
        if (await window.get("/health/ready")).status_code == 200:
            break
        await asyncio.sleep(0.05)
    assert (await window.get("/api/snapshot")).status_code == 200
    assert (await socket.ask("ping"))["t"] == "done"
