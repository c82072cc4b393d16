"""`./bastide backup` and `restore` on an instance that runs as `./bastide up` runs it, while people write."""

import asyncio
import contextlib
import hashlib
import os
import secrets
import signal
import stat
import sys
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import httpx
import psycopg
import pytest_asyncio

from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.settings import ROOT
from tests.support.instance import Running, eventually, running
from tests.support.livekit import free_port
from tests.support.resident import PASSWORD, Resident

# Calls are nobody's concern here: a LiveKit of somebody else that never answers spares building ours.
NO_CALLS = {
    "BASTIDE_LIVEKIT_URL": "http://127.0.0.1:9",
    "BASTIDE_LIVEKIT_KEY": "none",
    "BASTIDE_LIVEKIT_SECRET": "none",
}


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


async def begin(
    *words: str, lang: str = "C.UTF-8", stdin: int = asyncio.subprocess.DEVNULL
) -> asyncio.subprocess.Process:
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("BASTIDE_", "LC_", "LANG"))}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bastide.cli", *words,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**outside, "PYTHONPATH": str(ROOT / "src"), "LANG": lang},
    )  # fmt: skip


async def command(*words: str, lang: str = "C.UTF-8", typed: bytes | None = None) -> Said:
    stdin = asyncio.subprocess.DEVNULL if typed is None else asyncio.subprocess.PIPE
    process = await begin(*words, lang=lang, stdin=stdin)
    out, err = await process.communicate(typed)
    assert process.returncode is not None
    return Said(process.returncode, out, err.decode())


class Life:
    """An instance in which somebody writes, uploads and deletes without end; what was acknowledged is remembered."""

    def __init__(self, instance: Running, me: Resident) -> None:
        self.instance = instance
        self.me = me
        self.said: list[str] = []
        self.kept: dict[str, str] = {}
        self.removed: set[str] = set()

    async def say(self) -> None:
        text = f"n° {len(self.said) + 1} {uuid4()}"
        await self.me.say(text)
        self.said.append(text)

    async def keep(self, size: int = 40_000) -> str:
        content = secrets.token_bytes(size)
        file = await self.me.keep(f"{uuid4()}.bin", content)
        self.kept[file] = hashlib.sha256(content).hexdigest()
        return file

    async def remove(self, file: str) -> None:
        answer = await self.me.request("DELETE", f"/api/files/{file}")
        assert answer.is_success, answer.text
        self.removed.add(file)

    @contextlib.asynccontextmanager
    async def going_on(self) -> AsyncGenerator[None]:
        """Writers and uploaders are at work."""

        async def write() -> None:
            while True:
                await self.say()
                await asyncio.sleep(0.01)

        async def upload() -> None:
            while True:
                file = await self.keep()
                if len(self.kept) % 2:
                    await self.remove(file)

        tasks = [asyncio.create_task(work()) for work in (write, write, upload)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def life() -> AsyncGenerator[Life]:
    with tempfile.TemporaryDirectory(prefix="bastide-test-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        async with running(data, free_port(), "--no-demo", environment=NO_CALLS, within=120) as instance:
            me = await Resident.first(instance)
            living = Life(instance, me)
            for name in ("livekit", "push"):
                (data / "secrets" / name).write_text(f"{name}'s own")
                (data / "secrets" / name).chmod(0o600)
            for _ in range(5):
                await living.say()
                await living.keep()
            await living.keep(3 << 20)
            yield living
            await me.close()


async def messages(me: Resident) -> set[str]:
    """All that stands in the channel, page after page."""
    texts, before = set[str](), None
    while True:
        params = {"limit": "100"} | ({} if before is None else {"before": str(before)})
        page = (await me.get(f"/api/channels/{me.channel}/messages", params=params)).json()["messages"]
        texts |= {message["content"]["text"] for message in page}
        if len(page) < 100:
            return texts
        before = page[0]["ordinal"]


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def database(data: Path) -> str:
    return EmbeddedPostgres(
        PostgresSettings(home=data / "postgres", run=data / "run", log=data / "logs" / "x.log")
    ).url


async def test_a_backup_under_load_makes_the_same_instance_again(life: Life, tmp_path: Path) -> None:
    folder, anew = tmp_path / "backups", tmp_path / "anew"
    folder.mkdir()
    async with life.going_on():
        await asyncio.sleep(0.5)
        said, kept, removed = list(life.said), dict(life.kept), set(life.removed)
        taken = await command("backup", str(folder), "--data", str(life.instance.data), lang="fr_FR.UTF-8")
        during = len(life.said) - len(said)
    assert taken.status == 0, taken.err
    assert taken.text.startswith("Sauvegarde entière\u00a0: ")
    assert during > 5, "people went on writing meanwhile"
    [archive] = folder.iterdir()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    checked = await command("backup", "verify", str(archive))
    assert checked.status == 0, checked.err
    assert checked.text.startswith("The backup is whole, and every hash holds.")
    restored = await command("restore", str(archive), "--data", str(anew))
    assert restored.status == 0, restored.err
    assert "The audit's chain holds to its last line" in restored.text
    assert "Lost: all that was done after" in restored.text
    assert sorted(path.name for path in anew.iterdir()) == ["blobs", "postgres", "secrets"]
    secrets = {path.name: path for path in (anew / "secrets").iterdir()}
    assert "livekit" not in secrets, "what is made anew where it is missing stays away"
    assert secrets["push"].read_text() == "push's own"
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.values()} == {0o600}

    async with running(anew, free_port(), "--no-demo", environment=NO_CALLS) as again:
        old = Resident(f"http://localhost:{again.port}", "bastide_session", life.me.token, None)
        assert (await old.get("/api/snapshot")).status_code == 401, "nobody is signed in"
        me = await Resident.again(again)
        assert (me.space, me.channel) == (life.me.space, life.me.channel)
        there = await messages(me)
        assert set(said) <= there <= set(life.said)
        for file, digest in kept.items():
            answer = await me.get(f"/api/files/{file}/content")
            if file in removed:
                assert answer.status_code == 404
            elif file not in life.removed or answer.status_code == 200:
                assert hashlib.sha256(answer.content).hexdigest() == digest
        await me.say("Après")
        proved = await me.post("/api/me/confirmation", {"password": PASSWORD})
        assert proved.status_code == 204, proved.text
        assert (await me.post("/api/administration/session")).status_code == 200
        lines = (await me.get("/api/audit", params={"action": "instance:backup:restore"})).json()["lines"]
        assert [line["action"] for line in lines] == ["instance:backup:restore"]
        assert (await command("audit", "verify", "--data", str(anew))).status == 0
        # and a backup of what was restored is one, too
        twice = await command("backup", str(tmp_path / "twice.tar"), "--data", str(anew))
        assert twice.status == 0, twice.err
        await asyncio.gather(old.close(), me.close())


async def test_it_goes_through_a_pipe_both_ways(life: Life, tmp_path: Path) -> None:
    """As one encrypts it: ./bastide backup - | age … and age -d … | ./bastide restore -."""
    taken = await command("backup", "-", "--data", str(life.instance.data))
    assert taken.status == 0, taken.err
    assert taken.err.startswith("A whole backup: -, ")
    restored = await command("restore", "-", "--data", str(tmp_path / "anew"), typed=taken.out)
    assert restored.status == 0, restored.err
    cut = await command(
        "restore", "-", "--data", str(tmp_path / "cut"), typed=taken.out[: len(taken.out) // 2]
    )
    assert cut.status == 1
    assert cut.err == "Bastide: The backup is not whole: it was cut off, or damaged. Restore nothing of it.\n"
    assert not (tmp_path / "cut").exists()


async def test_a_full_device_is_told_and_nothing_passes_for_a_backup(life: Life) -> None:
    process = await asyncio.create_subprocess_shell(
        f"exec {sys.executable} -m bastide.cli backup - --data {life.instance.data} > /dev/full",
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"},
    )
    _, err = await process.communicate()
    assert process.returncode == 1
    assert err.decode() == "Bastide: - cannot be written: No space left on device.\n"


async def test_a_kill_leaves_nothing_that_passes_for_a_backup(life: Life, tmp_path: Path) -> None:
    await life.keep(30 << 20)
    process = await begin("backup", str(tmp_path / "one.tar"), "--data", str(life.instance.data))
    await eventually(lambda: any(p.stat().st_size > 1 << 20 for p in tmp_path.glob(".one.tar.*.part")))
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    [part] = names(tmp_path)
    assert part.endswith(".part")
    assert (await command("backup", "verify", str(tmp_path / part))).status == 1
    again = await command("backup", str(tmp_path / "one.tar"), "--data", str(life.instance.data))
    assert again.status == 0, again.err
    assert names(tmp_path) == ["one.tar"], "what was left is gone"
    refused = await command("backup", str(tmp_path / "one.tar"), "--data", str(life.instance.data))
    assert refused.status == 1
    assert "is there already, and nothing is written over" in refused.err


async def test_what_the_disk_lost_is_told(life: Life, tmp_path: Path) -> None:
    gone, rotten = await life.keep(), await life.keep()
    for file in (gone, rotten):
        digest = life.kept[file]
        path = life.instance.data / "blobs" / digest[:2] / digest[2:4] / digest
        whole = path.read_bytes()
        if file == gone:
            path.unlink()
        else:
            path.write_bytes(whole[:-1])
    taken = await command("backup", str(tmp_path / "ill.tar"), "--data", str(life.instance.data))
    assert taken.status == 1
    assert "WARNING: 2 stored files were missing on the disk" in taken.text
    restored = await command("restore", str(tmp_path / "ill.tar"), "--data", str(tmp_path / "anew"))
    assert restored.status == 0, restored.err
    assert "WARNING: 2 stored files" in restored.text
    for file in (gone, rotten):
        await life.remove(file)
        digest = life.kept[file]
        assert not (tmp_path / "anew" / "blobs" / digest[:2] / digest[2:4] / digest).exists()
    async with await psycopg.AsyncConnection.connect(
        database(life.instance.data), autocommit=True
    ) as connection:
        hashes = [bytes.fromhex(life.kept[file]) for file in (gone, rotten)]
        await connection.execute("delete from file where blob = any(%s)", (hashes,))
        await connection.execute("delete from blob where hash = any(%s)", (hashes,))


async def test_only_an_empty_folder_takes_a_backup(life: Life, tmp_path: Path) -> None:
    archive = tmp_path / "one.tar"
    assert (await command("backup", str(archive), "--data", str(life.instance.data))).status == 0
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter").write_text("à garder")
    refused = await command("restore", str(archive), "--data", str(full))
    assert refused.status == 1
    assert "is not empty" in refused.err
    assert [path.name for path in full.iterdir()] == ["letter"]
    refused = await command("restore", str(archive), "--data", str(life.instance.data))
    assert refused.status == 1
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{life.instance.port}/health/ready")).status_code == 200

    # a restore that is killed leaves what the next one will not take for an instance, nor for an empty folder
    half = tmp_path / "half"
    process = await begin("restore", str(archive), "--data", str(half))
    await eventually((half / "restoring" / "postgres").exists)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    assert [path.name for path in half.iterdir()] == ["restoring"]
    refused = await command("restore", str(archive), "--data", str(half))
    assert refused.status == 1
    assert "was cut short there" in refused.err
    # one that is told to end leaves nothing
    process = await begin("restore", str(archive), "--data", str(tmp_path / "ended"))
    await eventually((tmp_path / "ended" / "restoring" / "postgres" / "cluster").exists)
    process.send_signal(signal.SIGINT)
    await process.communicate()
    assert process.returncode == 130
    assert not (tmp_path / "ended").exists()


async def test_what_does_not_run_is_not_backed_up(tmp_path: Path) -> None:
    said = await command("backup", str(tmp_path / "x.tar"), "--data", str(tmp_path / "none"))
    assert said.status == 1
    assert said.err.startswith("Bastide: No instance runs on ")
    assert names(tmp_path) == []
