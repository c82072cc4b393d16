"""The embedded PostgreSQL, started, killed and found again as the supervisor does it."""

import importlib.util
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from bastide.engines.errors import EngineError
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings, programs
from bastide.engines.process import identify
from tests.support.postgres import SessionPostgres


def settings_in(folder: Path) -> PostgresSettings:
    return PostgresSettings(home=folder / "postgres", run=folder / "run", log=folder / "postgres.log")


@pytest_asyncio.fixture
async def durable(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    engine = EmbeddedPostgres(settings_in(tmp_path))
    await engine.prepare()
    yield engine
    await engine.prepare()  # ends whatever a test left running


async def one(url: str, statement: str) -> object:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        row = await (await connection.execute(statement.encode())).fetchone()  # pyright: ignore[reportArgumentType]
        return row[0] if row else None


async def test_acknowledged_rows_survive_a_kill_and_a_stop(durable: EmbeddedPostgres) -> None:
    process = await durable.start()
    await durable.wait_ready(process)
    async with await psycopg.AsyncConnection.connect(durable.url) as connection:
        await connection.execute("CREATE TABLE kept (n int)")
        await connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    process.send_signal(signal.SIGKILL)
    await process.wait()

    process = await durable.start()
    await durable.wait_ready(process)
    assert await one(durable.url, "SELECT count(*) FROM kept") == 1000
    await durable.stop(process)
    assert process.returncode == 0

    process = await durable.start()
    await durable.wait_ready(process)
    assert await one(durable.url, "SELECT count(*) FROM kept") == 1000
    await durable.stop(process)


async def test_what_a_crash_left_running_is_ended_and_a_stranger_is_not(
    durable: EmbeddedPostgres, tmp_path: Path
) -> None:
    process = await durable.start()
    await durable.wait_ready(process)
    left_behind = identify(process.pid)
    assert left_behind

    again = EmbeddedPostgres(settings_in(tmp_path))
    await again.prepare()
    assert identify(process.pid) != left_behind
    await process.wait()

    # the file now names a process that is no PostgreSQL: this one
    pid_file = tmp_path / "postgres" / "cluster" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n")
    await again.prepare()
    pid_file.unlink()


async def test_it_keeps_to_itself(durable: EmbeddedPostgres, tmp_path: Path) -> None:
    process = await durable.start()
    await durable.wait_ready(process)
    try:
        assert await one(durable.url, "SHOW listen_addresses") == ""
        assert await one(durable.url, "SHOW data_checksums") == "on"
        assert await one(durable.url, "SHOW fsync") == "on"
        assert await one(durable.url, "SHOW synchronous_commit") == "on"
        assert durable.socket.stat().st_mode & 0o077 == 0
        owner = os.stat(f"/proc/{process.pid}").st_uid  # noqa: PTH116
        assert owner != 0, "PostgreSQL must not run as root"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await one(durable.url, "SELECT pg_read_file('/etc/passwd')")
    finally:
        await durable.stop(process)


async def test_the_log_holds_no_content(durable: EmbeddedPostgres, tmp_path: Path) -> None:
    process = await durable.start()
    await durable.wait_ready(process)
    try:
        async with await psycopg.AsyncConnection.connect(durable.url, autocommit=True) as connection:
            await connection.execute("CREATE TABLE people (address text PRIMARY KEY)")
            await connection.execute("INSERT INTO people VALUES ('claire@example.org')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                await connection.execute("INSERT INTO people VALUES ('claire@example.org')")
            with pytest.raises(psycopg.errors.InvalidTextRepresentation):
                await connection.execute("SELECT 'claire@example.org'::uuid")
    finally:
        await durable.stop(process)
    log = (tmp_path / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "claire" not in log


async def test_french_words_are_cut_at_french_punctuation(postgres: SessionPostgres) -> None:
    url = await postgres.fresh()
    words = await one(
        url,
        "SELECT tsvector_to_array("
        "to_tsvector('french', 'L’école «\u00a0arrêté\u00a0» œuvre\u202f! Àgé'))::text",
    )
    assert isinstance(words, str)
    assert set(words.strip("{}").split(",")) == {"écol", "arrêt", "œuvr", "àgé"}


async def test_a_long_path_gets_a_short_private_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    engine = EmbeddedPostgres(settings_in(deep))
    await engine.prepare()
    process = await engine.start()
    try:
        await engine.wait_ready(process)
        assert await one(engine.url, "SELECT 1") == 1
        assert not engine.socket.is_relative_to(tmp_path)
        assert engine.socket.stat().st_mode & 0o077 == 0
    finally:
        await engine.stop(process)
        engine.socket.rmdir()


async def test_data_of_another_version_is_refused_with_a_sentence(
    durable: EmbeddedPostgres, tmp_path: Path
) -> None:
    (tmp_path / "postgres" / "cluster" / "PG_VERSION").write_text("15\n")
    with pytest.raises(EngineError, match="made by PostgreSQL 15"):
        await durable.prepare()
    (tmp_path / "postgres" / "cluster" / "PG_VERSION").write_text("18\n")


async def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    engine = EmbeddedPostgres(settings_in(tmp_path))
    await engine.prepare()
    process = await engine.start()
    await engine.wait_ready(process)
    await engine.stop(process)


async def test_a_fresh_database_is_a_copy_of_what_was_prepared_once(postgres: SessionPostgres) -> None:
    runs: list[str] = []

    async def prepare(url: str) -> None:
        runs.append(url)
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute("CREATE TABLE laid (n int)")

    first = await postgres.fresh(prepare)
    second = await postgres.fresh(prepare)
    assert len(runs) == 1
    await one(first, "INSERT INTO laid VALUES (1) RETURNING n")
    assert await one(second, "SELECT count(*) FROM laid") == 0
    await postgres.drop(first)
    with pytest.raises(psycopg.OperationalError):
        await one(first, "SELECT 1")


def test_a_missing_wheel_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: str) -> None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", nowhere)
    with pytest.raises(EngineError, match=r"PostgreSQL 18 is missing. Run ./bastide up again"):
        programs()
