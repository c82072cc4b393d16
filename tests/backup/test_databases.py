"""A backup goes from a PostgreSQL of others into another of theirs, and into the one that Bastide brings."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bastide.backup.model import BackupError
from bastide.backup.restoring import STAGING, restore, verify
from bastide.backup.taking import take
from bastide.core.clock import Clock
from bastide.core.content import Plain
from bastide.core.migrate import migrate
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.house import House, migrations
from bastide.settings import Settings
from tests.support.postgres import SessionPostgres
from tests.support.town import Town, lay_tables, living_town


async def stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def rows(url: str, table: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await (await connection.execute(f"select * from {table} order by 1, 2".encode())).fetchall()


async def lived_in(town: Town) -> bytes:
    own = await town.space(town.agathe, contributors=[town.ousmane], readers=[town.guest])
    channel = await town.channel(town.agathe, own.space.id)
    for number in range(20):
        await town.say(town.agathe, channel, f"n° {number} : l’été, « déjà » ; c’est 100 %")
    content = bytes(range(256)) * 1_000
    await town.house.files.upload(
        town.agathe, own.space.id, Plain("plan.bin"), town.house.ground.ids.new(), stream(content), None
    )
    return content


async def test_from_one_of_others_into_another_and_into_our_own(
    postgres: SessionPostgres, tmp_path: Path
) -> None:
    url = await postgres.fresh(lay_tables)
    async with living_town(postgres, tmp_path / "theirs", url=url) as town:
        content = await lived_in(town)
        settings = Settings(data=tmp_path / "theirs")
        taken = take(settings, url, tmp_path / "one.tar", Clock())
        before = {
            table: await rows(url, table) for table in ("message", "journal", "audit", "person", "member")
        }
    assert taken.damaged == []
    digest = hashlib.sha256(content).hexdigest()

    another = await postgres.fresh()
    with (tmp_path / "one.tar").open("rb") as archive:
        done = await restore(Settings(data=tmp_path / "anew", database_url=another), archive, Clock())
    assert done.audit.broken_at is None
    assert done.migrated == 0
    assert done.sessions > 0
    for table, held in before.items():
        now = await rows(another, table)
        assert now[: len(held)] == held if table == "audit" else now == held, table
    assert await rows(another, "session") == []
    assert (tmp_path / "anew" / "blobs" / digest[:2] / digest[2:4] / digest).read_bytes() == content
    assert not (tmp_path / "anew" / STAGING).exists()

    with (tmp_path / "one.tar").open("rb") as archive, pytest.raises(BackupError) as refused:
        await restore(Settings(data=tmp_path / "twice", database_url=another), archive, Clock())
    assert refused.value.reason == "database-not-empty"
    assert not (tmp_path / "twice").exists()

    # cut at its end, it leaves their database as empty as it was
    third = await postgres.fresh()
    whole = (tmp_path / "one.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: whole.rindex(b"end.json")])
    with (tmp_path / "cut.tar").open("rb") as archive, pytest.raises(BackupError):
        await restore(Settings(data=tmp_path / "cut", database_url=third), archive, Clock())
    assert await rows(third, "pg_tables where schemaname = 'public'") == []

    with (tmp_path / "one.tar").open("rb") as archive:
        await restore(Settings(data=tmp_path / "own"), archive, Clock())
    engine = EmbeddedPostgres(
        PostgresSettings(
            home=tmp_path / "own" / "postgres",
            run=tmp_path / "own" / "run",
            log=tmp_path / "log",
            durable=False,
        )
    )
    assert not await engine.prepare()
    process = await engine.start()
    try:
        await engine.wait_ready(process)
        assert await rows(engine.url, "message") == before["message"]
    finally:
        await engine.stop(process)


async def test_one_of_an_older_bastide_is_brought_up_to_date(
    postgres: SessionPostgres, tmp_path: Path
) -> None:
    old, todo = await postgres.fresh(), 3
    await migrate(old, migrations()[:-todo], Clock())
    (tmp_path / "old").mkdir()
    take(Settings(data=tmp_path / "old"), old, tmp_path / "old.tar", Clock())
    new = await postgres.fresh()
    with (tmp_path / "old.tar").open("rb") as archive:
        done = await restore(Settings(data=tmp_path / "new", database_url=new), archive, Clock())
    assert done.migrated == todo
    house = House.build(Settings(data=tmp_path / "new"), conninfo=new)
    await house.open()
    await house.close()


async def test_without_room_nothing_is_kept(postgres: SessionPostgres, tmp_path: Path) -> None:
    url = await postgres.fresh(lay_tables)
    (tmp_path / "to").mkdir()
    with pytest.raises(BackupError) as refused:
        take(Settings(data=tmp_path), url, tmp_path / "to", Clock(), reserve=1 << 60)
    assert refused.value.reason == "no-room"
    assert sorted((tmp_path / "to").iterdir()) == []


async def test_one_backup_at_a_time(
    postgres: SessionPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await postgres.fresh(lay_tables)
    monkeypatch.setattr("bastide.backup.taking._PATIENCE_S", 1)
    with psycopg.connect(url) as other:
        other.execute("select pg_advisory_lock(%s)", (0x0BA5_B10B,))
        with pytest.raises(BackupError) as refused:
            take(Settings(data=tmp_path), url, tmp_path / "one.tar", Clock())
    assert refused.value.reason == "busy"
    take(Settings(data=tmp_path), url, tmp_path / "one.tar", Clock())
    with (tmp_path / "one.tar").open("rb") as archive:
        assert verify(archive).header.figures.gaps == 0
