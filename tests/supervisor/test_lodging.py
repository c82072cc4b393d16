"""Started by root, the application is not root: what it owns, what it cannot reach, and folders of earlier days."""

import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bastide.settings import Settings
from bastide.supervisor import lodging
from tests.support.instance import Running, begin, running
from tests.support.livekit import free_port
from tests.support.resident import Resident

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start what is not root")

FIRST_FREE = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
# a red dot; our own copy of it is made by a process of the application's
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc00000030101"
    "0018dd8db00000000049454e44ae426082"
)


def status_of(instance: Running) -> dict[str, str]:
    """What the kernel says of the application's process (proc(5))."""
    lines = Path(f"/proc/{instance.named('bastide.app').pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def account() -> pwd.struct_passwd:
    return pwd.getpwnam("bastide-app")


def succeeds(*words: str | Path) -> bool:
    """Whether the application's account can do this: what a thief in that process could do."""
    one = account()
    done = subprocess.run(
        words, user=one.pw_uid, group=one.pw_gid, extra_groups=[], capture_output=True, check=False
    )
    return done.returncode == 0


def owners(folders: Sequence[Path]) -> set[int]:
    """Who owns folders and all that is in them."""
    return {path.lstat().st_uid for folder in folders for path in (folder, *folder.rglob("*"))}


async def test_the_application_is_not_root_and_keeps_what_is_its_own(tmp_path: Path) -> None:
    async with running(tmp_path, free_port(), "--no-demo") as instance:
        me = await Resident.first(instance)
        await me.say("Bonjour")
        file = await me.keep("point.png", PNG)
        assert await me.content(file) == PNG
        said = status_of(instance)
        assert said["Uid"].split() == [str(account().pw_uid)] * 4
        assert said["Groups"] == ""
        assert int(said["CapEff"], 16) == int(said["CapPrm"], 16) == 0
        assert said["NoNewPrivs"] == "1"

        own = [tmp_path / name for name in ("blobs", "secrets", "app")]
        assert owners(own) == {account().pw_uid}
        assert all(folder.stat().st_mode & 0o077 == 0 for folder in own)
        assert succeeds("ls", tmp_path / "blobs")
        for closed in ("", "logs", "run", "postgres/cluster"):
            assert not succeeds("ls", tmp_path / closed)
        await me.close()


async def test_in_the_database_its_account_is_its_role_and_no_other(tmp_path: Path) -> None:
    async with running(tmp_path, free_port(), "--no-demo"):

        def enters(role: str) -> bool:
            url = f"postgresql://{role}@/bastide?host={tmp_path}/run/postgres"
            return succeeds(sys.executable, "-c", f"import psycopg; psycopg.connect({url!r})")

        assert enters("bastide")
        assert not enters("postgres")


async def test_a_data_folder_of_the_time_when_it_was_root_is_taken_over(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, port, "--no-demo") as instance:
        me = await Resident.first(instance)
        await me.say("Bonjour")
        file = await me.keep("point.png", PNG)
        await me.close()
    # as it was: all of it root's, the words with the passphrase beside the sockets, no folder of its own
    for path in (tmp_path / "app", tmp_path / "app" / "python"):
        assert path.is_dir()
    (tmp_path / "app" / "welcome.json").rename(tmp_path / "run" / "welcome.json")
    for folder in ("blobs", "secrets", "app"):
        for path in (tmp_path / folder, *(tmp_path / folder).rglob("*")):
            os.chown(path, 0, 0)
    async with running(tmp_path, port, "--no-demo") as instance:
        me = await Resident.again(instance)
        assert await me.texts() == ["Bonjour"]
        assert await me.content(file) == PNG
        await me.keep("encore.png", PNG)
        assert owners([tmp_path / "blobs", tmp_path / "secrets"]) == {account().pw_uid}
        assert not (tmp_path / "run" / "welcome.json").exists()
        await me.close()


async def test_a_port_for_root_alone_is_refused_with_a_sentence(tmp_path: Path) -> None:
    if FIRST_FREE <= 1:
        pytest.skip("on this machine every port is for everybody")
    instance = await begin(tmp_path, FIRST_FREE - 1)
    assert await instance.rest() == 1
    assert f"Port {FIRST_FREE - 1} is for root alone" in instance.said
    assert len(instance.lines) == 1


def test_a_window_that_is_not_built_yet_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lodging, "_READ", (tmp_path / "dist" / "index.html",))
    settings = Settings(data=tmp_path / "data")
    settings.run.mkdir(parents=True)
    found = lodging.lodge(settings)
    assert found is not None
    assert found.name == "bastide-app"
