"""`up` as a whole: what it starts it ends, what dies comes back, and each refusal is one sentence."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import pytest
import pytest_asyncio

from bastide.doctor.memory import pss
from bastide.doctor.report import Report
from bastide.engines import status
from bastide.engines.process import alive, send
from bastide.engines.status import EngineState
from bastide.settings import ROOT
from tests.support.instance import Running, begin, eventually, none_left, running
from tests.support.livekit import built, free_port
from tests.support.resident import Resident

pytestmark = pytest.mark.livekit


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def instance() -> AsyncGenerator[Running]:
    await built()
    with tempfile.TemporaryDirectory(prefix="bastide-test-", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder), free_port(), "--no-demo") as instance:
            await calls_work(instance)
            yield instance


async def calls_work(instance: Running, within: float = 20) -> None:
    await eventually(lambda: status.read(instance.data / "run").livekit.state is EngineState.READY, within)


@pytest.mark.parametrize("victim", ["bastide.app", "livekit-server", "postgres"])
async def test_what_is_killed_comes_back(instance: Running, victim: str) -> None:
    before = instance.named(victim)
    assert send(before, signal.SIGKILL)
    await instance.until(
        {"bastide.app": "The application", "postgres": "PostgreSQL"}.get(victim, "The media")
    )
    await eventually(
        lambda: any(victim in name and who != before for name, who in instance.processes().items()), 15
    )
    await instance.ready()
    await calls_work(instance)


async def test_a_second_one_on_the_same_data_is_refused(instance: Running) -> None:
    second = await begin(instance.data, free_port())
    assert await second.rest() == 1
    assert "is in use by a Bastide that already runs" in second.said
    assert alive(instance.named("bastide.app"))


async def test_a_taken_port_is_refused_and_nothing_is_left(instance: Running, tmp_path: Path) -> None:
    second = await begin(tmp_path / "data", instance.port)
    assert await second.rest() == 1
    assert f"Port {instance.port} is taken" in second.said
    assert not (tmp_path / "data" / "postgres" / "cluster").exists()


async def test_a_file_beyond_what_one_may_upload_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, free_port(), "--no-demo", "--upload-most", "1K") as small:
        me = await Resident.first(small)
        await me.keep("juste.txt", b"a" * 1024)
        answer = await me.post(
            f"/api/spaces/{me.space}/files",
            params={"name": "trop.txt", "client_id": str(uuid4())},
            content=b"a" * 1025,
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
        await me.close()


async def test_the_doctor_measures_it(instance: Running) -> None:
    doctor = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bastide.cli", "doctor", "--json", "--data", str(instance.data), "--port", str(instance.port),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    said, _ = await doctor.communicate()
    lines = said.decode().splitlines()
    assert doctor.returncode == 0, lines
    assert lines[-1].startswith('{"name":"doctor","figures":{"pss_mb":')
    report = msgspec.json.decode(lines[-1], type=Report)
    pids = {who.pid for who in instance.processes().values()}
    assert report.figures.pss_mb == pytest.approx(pss(pids), rel=0.2)
    # it has started once, with all installed before
    assert report.figures.first_start_s
    assert 0 < report.figures.first_start_s < 60
    assert report.figures.second_start_s is None


async def test_a_signal_ends_every_process_and_a_second_one_at_once(tmp_path: Path) -> None:
    await built()
    port = free_port()
    async with running(tmp_path, port, "--no-demo") as instance:
        await calls_work(instance)
        processes = instance.processes()
        assert len(processes) > 4, processes
        instance.process.send_signal(signal.SIGTERM)
        assert await instance.rest() == 0
        assert await none_left(list(processes.values()), 0), instance.processes()

    async with running(tmp_path, port, "--no-demo") as instance:
        processes = instance.processes()
        # an application that does not end by itself: it is held
        assert send(instance.named("bastide.app"), signal.SIGSTOP)
        instance.process.send_signal(signal.SIGINT)
        await instance.until("Stopping")
        instance.process.send_signal(signal.SIGINT)
        await instance.rest(5)
        assert await none_left(list(processes.values()))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def talk(me: Resident, acknowledged: list[str]) -> None:
    """Send one message after the other, until nobody answers or somebody says that it cannot be."""
    with contextlib.suppress(httpx.HTTPError):
        while len(acknowledged) < 90:
            text = f"Message {len(acknowledged)}"
            await me.say(text)
            acknowledged.append(text)


@pytest.mark.parametrize("held", [True, False], ids=["an application that is held", "nobody is held"])
async def test_what_a_killed_supervisor_leaves_is_gone_or_ended_by_the_next(
    tmp_path: Path, *, held: bool
) -> None:
    await built()
    port, acknowledged = free_port(), list[str]()
    async with running(tmp_path, port, "--no-demo") as instance:
        await calls_work(instance)
        me = await Resident.first(instance)
        talking = asyncio.create_task(talk(me, acknowledged))
        await eventually(lambda: len(acknowledged) > 10)
        processes, orphan = list(instance.processes().values()), instance.named("bastide.app")
        # whoever is held cannot obey the kernel's farewell, and has to be found by the next start
        assert not held or send(orphan, signal.SIGSTOP)
        instance.process.kill()
        await instance.process.wait()
        assert not held or (alive(orphan) and not is_free(port))
    async with running(tmp_path, port, "--no-demo") as instance:
        assert await none_left(processes)
        await talking
        me = await Resident.again(instance)
        texts = await me.texts()
        # one more may have been written whose answer nobody heard
        assert texts[: len(acknowledged)] == acknowledged
        assert texts[len(acknowledged) :] in ([], [f"Message {len(acknowledged)}"])
        await calls_work(instance)
        async with me.call() as joined:
            assert joined.participant.permission.can_publish
        await me.close()


def with_a_small_disk(folder: Path) -> list[str]:
    """The words before a command that give it 50 MB at a folder, which it alone sees; also an ordinary user's."""
    folder.mkdir()
    ordinary = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    mounting = 'mount -t tmpfs -o size=50m tmpfs "$0" && exec "$@"'
    words = ["unshare", *ordinary, "--mount", "sh", "-c", mounting, str(folder)]
    tried = subprocess.run([*words, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"this kernel lets nobody but root have a disk of their own: {tried.stderr}")
    return words


async def test_a_full_disk_is_told(tmp_path: Path) -> None:
    small = with_a_small_disk(tmp_path / "small")
    instance = await begin(tmp_path / "small" / "data", free_port(), before=small)
    assert await instance.rest() == 1
    assert "is full" in instance.said
    assert "Free some space" in instance.said


async def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    instance = await begin(tmp_path / "file" / "data", free_port())
    assert await instance.rest() == 1
    assert str(tmp_path / "file") in instance.said
    assert "Traceback" not in instance.said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--port", "eighty"), "port must be a number"),
        (("--prot", "80"), "Unrecognized arguments: --prot"),
        (("--host", "0.0.0.0"), "need HTTPS"),
    ],
)
async def test_a_refused_option_is_one_sentence(
    tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    instance = await begin(tmp_path, free_port(), *options)
    assert await instance.rest() == 1
    assert sentence in instance.said
    assert len(instance.lines) == 1
