"""`./bastide` in a tree where all is installed: a second start installs nothing, and calls may still be built."""

import asyncio
import hashlib
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from time import monotonic
from uuid import uuid4

import httpx
import msgspec
import pytest

from bastide.doctor.report import Figures, Report
from bastide.engines import status
from bastide.engines.build import BuildPlaces, program
from bastide.engines.status import EngineState
from bastide.settings import ROOT
from tests.support.instance import Running, eventually
from tests.support.livekit import built, free_port

pytestmark = pytest.mark.livekit

QUICK = 5.0
"""Seconds from the command until one can sign in. Where others want the processors too, as many times longer as there
are who want one (the load of the last minute for each processor)."""


class Tree:
    """A clone of the project with everything installed: its packages are those that these tests run with.

    There is nothing in it that could install (neither uv nor npm), so that whatever tries to fails.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.state = root / ".bastide"
        for name in ("src", "engines", "requirements", "tools"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "web", root / "web", ignore=shutil.ignore_patterns("node_modules", "dist"))
        (root / "web" / "node_modules").mkdir()
        (root / "web" / "dist").mkdir()
        (root / "web" / "dist" / "index.html").write_text("<!doctype html><title>Bastide</title>")
        shutil.copy(ROOT / "bastide", root / "bastide")
        for part in ("tools", "venv"):
            (self.state / part / "bin").mkdir(parents=True)
            (self.state / part / "bin" / "python").symlink_to(sys.executable)
        (self.state / "venv" / "bin" / "python").unlink()
        # By its own name: a link to it would look for its packages beside the link.
        own = self.state / "venv" / "bin" / "python"
        own.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        own.chmod(0o755)
        self._stamp()

    def _stamp(self) -> None:
        tools = self.root / "requirements" / "tools.txt"
        web = [self.root / "web" / name for name in ("package.json", "package-lock.json", ".npmrc")]
        parts = {
            "tools": _hash(tools),
            "python": "dev " + _hash(self.root / "requirements" / "dev.txt", tools),
            "web": _hash(*web, tools),
            "window": self._window(),
        }
        (self.state / "stamps").mkdir()
        for name, inputs in parts.items():
            (self.state / "stamps" / name).write_text(f"{inputs} {self.root}")

    def _window(self) -> str:
        """As ./bastide counts it: all that the window is built from."""
        web = self.root / "web"
        outside = {web / "node_modules", web / "dist"}
        files = sorted(
            f"./{path.relative_to(web)}"
            for path in web.rglob("*")
            if path.is_file() and not outside & set(path.parents)
        )
        lines = "".join(f"{_digest(web / name)}  {name}\n" for name in files)
        return hashlib.sha256(lines.encode()).hexdigest()[:32]

    async def up(self, data: Path, port: int) -> Running:
        """Type `./bastide up --no-demo`, and wait until it is ready."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("BASTIDE_")}
        process = await asyncio.create_subprocess_exec(
            self.root / "bastide", "up", "--no-demo", "--data", data, "--port", str(port),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=outside,
            cwd=data.parent,
        )  # fmt: skip
        running = Running(process, data, port)
        await running.until("Bastide is ready:", 60)
        return running

    async def figures(self, of: Running) -> Figures:
        """Type `./bastide doctor --json`, and read its last line."""
        words = ("doctor", "--json", "--data", str(of.data), "--port", str(of.port))
        doctor = await asyncio.create_subprocess_exec(
            self.root / "bastide", *words, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await doctor.communicate()
        return msgspec.json.decode(said.splitlines()[-1], type=Report).figures


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hash(*paths: Path) -> str:
    """As ./bastide does it: the hash of what sha256sum prints."""
    lines = "".join(f"{_digest(path)}  {path}\n" for path in paths)
    return hashlib.sha256(lines.encode()).hexdigest()[:32]


async def end(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)
    assert await running.rest() == 0


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "bastide"
    root.mkdir()
    tmp_path.chmod(0o755)
    return Tree(root.resolve())


async def test_a_second_start_installs_nothing_and_is_quick(tree: Tree, tmp_path: Path) -> None:
    there = await built()
    places = BuildPlaces(root=tree.root, state=tree.state, log=tmp_path / "log")
    program(places).parent.mkdir()
    shutil.copy(there, program(places))
    port = free_port()
    await end(await tree.up(tmp_path / "data", port))
    since = monotonic()
    second = await tree.up(tmp_path / "data", port)
    took = monotonic() - since
    crowd = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    try:
        assert not re.search(r"install|making|building|fetching|filling", second.said, re.IGNORECASE), (
            second.said
        )
        assert (tree.state / "setup.log").read_text() == ""
        assert took < QUICK * crowd, f"{took:.1f} s with {crowd:.1f} for each processor"
        # The doctor's own figures, with what is aimed at.
        figures = await tree.figures(second)
        assert figures.pss_mb
        assert 0 < figures.pss_mb < 400
        assert figures.first_start_s
        assert 0 < figures.first_start_s < 300
        assert figures.second_start_s
        assert 0 < figures.second_start_s < QUICK * crowd
    finally:
        await end(second)


def compiler_never_comes(tree: Tree) -> None:
    """What fetches the compiler goes on and on, as over a very slow line."""
    fetch = tree.state / "tools" / "bin" / "uv"
    fetch.write_text("#!/bin/sh\nexec sleep 600\n")
    fetch.chmod(0o755)


async def founded(window: httpx.AsyncClient, link: str) -> None:
    """Be the first administrator, by the link that `up` printed, and say where the instance lies."""
    form = {
        "token": link,
        "organisation_name": "Mairie de Saint-Amand",
        "organisation_short_name": "Saint-Amand",
        "organisation_domain": "saint-amand.example",
        "given_name": "Claire",
        "family_name": "Aubry",
        "email": "claire.aubry@saint-amand.example",
        "password": "luzerne beffroi ravine pommier",
    }
    answer = await window.post("/api/session/first", json=form)
    assert answer.status_code == 200, answer.text
    window.headers["x-csrf"] = answer.json()["csrf"]
    answer = await window.post("/api/administration/session")
    assert answer.status_code == 200, answer.text
    answer = await window.put("/api/rule/profile", json={"hosting": "premises"})
    assert answer.status_code == 200, answer.text


async def talks(window: httpx.AsyncClient) -> str:
    """Make a space and say something there; gives the space."""
    asked = {
        "client_id": str(uuid4()),
        "kind": "team",
        "label": "internal",
        "tools": ["chat", "meet"],
        "name": {"format": "plain", "text": "Voirie"},
        "description": {"format": "plain", "text": ""},
        "members": [],
    }
    made = await window.post("/api/spaces", json=asked)
    assert made.status_code == 201, made.text
    channel = (await window.get("/api/snapshot")).json()["channels"][0]["channel"]["id"]
    said = {"client_id": str(uuid4()), "content": {"format": "plain", "text": "Bonjour"}}
    sent = await window.post(f"/api/channels/{channel}/messages", json=said)
    assert sent.status_code == 201, sent.text
    space: str = made.json()["space"]["id"]
    return space


async def test_while_calls_are_built_all_else_works_and_calls_say_so(tree: Tree, tmp_path: Path) -> None:
    compiler_never_comes(tree)
    running = await tree.up(tmp_path / "data", free_port())
    try:
        base = f"http://localhost:{running.port}"
        link = (await running.until("  Begin here, once: ")).partition("#")[2]
        await eventually(lambda: status.read(running.data / "run").livekit.state is EngineState.BUILDING)
        async with httpx.AsyncClient(base_url=base, headers={"origin": base}) as window:
            await founded(window, link)
            space = await talks(window)
            told = await window.get("/api/calls/engine")
            assert told.json()["state"] == "building"
            call = await window.post(f"/api/spaces/{space}/call")
            assert call.status_code == 503
            assert call.json()["code"] == "calls-building"
            assert "se préparent" in call.json()["title"]
    finally:
        await end(running)


async def test_calls_that_could_not_be_built_say_so_too(tree: Tree, tmp_path: Path) -> None:
    # There is no uv in that tree to fetch the compiler with.
    running = await tree.up(tmp_path / "data", free_port())
    try:
        await eventually(lambda: status.read(running.data / "run").livekit.state is EngineState.FAILED, 30)
        await running.ready()
    finally:
        await end(running)
