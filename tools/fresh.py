"""The set-up as a newcomer meets it: a bare Debian 12, git and python3, nothing else. `./bastide test --fresh`.

Makes a root of its own with debootstrap, lays what git would clone into an empty home, runs `./bastide up` there twice,
prints the figures that the doctor gives, waits until calls are built, and has `./bastide test` play the main job on what
runs, in the browser that it installs: once as root, and once as a user with sudo, each in a root of their own. This
machine's client settings (proxy, certificates, registries) are lent to those roots while they run, and belong to no file
of the project. Needs root, debootstrap and 8 GB of disk.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
STORY = "tests/browser/test_main_job.py"
# what a machine's owner sets so that clients find registries and trust their certificates
LENT = (
    "/etc/apt", "/etc/pip.conf", "/etc/npmrc", "/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs",
    "/usr/local/share/ca-certificates",
)  # fmt: skip
LENT_OF_HOME = (".npmrc", ".config/pip", ".config/uv", ".config/go")
LENT_VARIABLES = re.compile(
    r"(?i).*(_proxy|_cert|_certs|_cert_file|_cert_dir|cainfo|ca_bundle|goproxy|gosumdb)$"
)
PACKAGES = "git,python3,ca-certificates"


@dataclass(frozen=True)
class Newcomer:
    """Whoever sets Bastide up: their name, and their home in the root."""

    name: str
    home: Path

    @property
    def project(self) -> Path:
        """Where they cloned it."""
        return self.home / "bastide"


class Bare(NamedTuple):
    """A bare root, who is at home in it, and the variables they have."""

    folder: Path
    newcomer: Newcomer
    environment: dict[str, str]

    def at(self, path: Path) -> Path:
        """A path of theirs, as this machine sees it."""
        return self.folder / path.relative_to("/")


SUPERUSER = Newcomer("root", Path("/root"))
AGENT = Newcomer("agent", Path("/home/agent"))


def debian(folder: Path, newcomer: Newcomer) -> None:
    """Lay a bare Debian 12 into the folder; whoever is not root has sudo there, as Debian's installer gives it."""
    if shutil.which("debootstrap") is None:
        sys.exit("debootstrap is missing: apt-get install debootstrap")
    mirror = next(iter(re.findall(r"^URIs: (\S+)", sources(), re.MULTILINE)), "")
    packages = PACKAGES if newcomer is SUPERUSER else f"{PACKAGES},sudo"
    words = ["debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", str(folder)]
    subprocess.run([*words, *([mirror] if mirror else [])], check=True, stdout=subprocess.DEVNULL)
    if newcomer is not SUPERUSER:
        made = ["useradd", "--create-home", "--shell", "/bin/bash", "--groups", "sudo", newcomer.name]
        subprocess.run(["chroot", str(folder), *made], check=True)
        # nobody is there to type a password
        rule = folder / "etc/sudoers.d/newcomer"
        rule.write_text(f"{newcomer.name} ALL=(ALL) NOPASSWD: ALL\n", encoding="utf-8")
        rule.chmod(0o440)


def sources() -> str:
    """Give this machine's own list of package sources."""
    files = sorted(Path("/etc/apt/sources.list.d").glob("*.sources"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def lend(folder: Path, newcomer: Newcomer) -> Bare:
    """Copy this machine's client settings in, with the variables that belong to them."""
    pairs = [(Path(name), Path(name)) for name in LENT]
    pairs += [(Path.home() / name, newcomer.home / name) for name in LENT_OF_HOME]
    for source, target in pairs:
        if source.exists():
            laid = folder / target.relative_to("/")
            laid.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-aT", "--remove-destination", str(source), str(laid)], check=True)
    lent = {name: value for name, value in os.environ.items() if LENT_VARIABLES.match(name)}
    own = {"HOME": str(newcomer.home), "USER": newcomer.name, "LANG": "C.UTF-8"}
    return Bare(folder, newcomer, {**lent, **own, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})


def lay_project(bare: Bare) -> None:
    """Lay the files that git would clone from here, as they are in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        target = bare.at(bare.newcomer.project / name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, target)
    own = ["chown", "--recursive", f"{bare.newcomer.name}:", str(bare.newcomer.home)]
    subprocess.run(["chroot", str(bare.folder), *own], check=True)


@contextlib.contextmanager
def system_folders(folder: Path) -> Generator[None]:
    """Give the root its /proc and /dev while it runs."""
    mounts = [(["-t", "proc", "proc"], "proc"), (["--rbind", "/dev"], "dev")]
    try:
        for words, name in mounts:
            subprocess.run(["mount", *words, str(folder / name)], check=True)
            subprocess.run(["mount", "--make-rslave", str(folder / name)], check=True)
        yield
    finally:
        for _, name in mounts:
            subprocess.run(["umount", "--recursive", "--lazy", str(folder / name)], check=False)


def inside(bare: Bare, *words: str, **more: str) -> subprocess.Popen[str]:
    """Start a program in the root as its newcomer, in a process group of its own."""
    who = f"--userspec={bare.newcomer.name}"
    line = ["chroot", who, str(bare.folder), "/bin/bash", "-c", 'cd "$0" && exec "$@"']
    return subprocess.Popen(
        [*line, str(bare.newcomer.project), *words], env={**bare.environment, **more},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def calls_built(bare: Bare, within: float) -> str:
    """Wait until the media server is built and runs, or not; give what the supervisor tells of it."""
    told = bare.at(bare.newcomer.project / ".bastide/data/run/engines.json")
    until = time.monotonic() + within
    while time.monotonic() < until:
        state = json.loads(told.read_text(encoding="utf-8"))["livekit"]["state"]
        if state in ("ready", "failed"):
            return state
        time.sleep(1)
    return "not built in time"


@contextlib.contextmanager
def started(bare: Bare, port: int) -> Generator[bool]:
    """Run `./bastide up` until it is ready, and look at it; gives whether it was; ends it."""
    began = time.monotonic()
    up = inside(bare, "./bastide", "up", "--port", str(port))
    try:
        assert up.stdout
        for line in up.stdout:
            print(f"   {line}", end="", flush=True)
            if line.startswith("Bastide is ready:"):
                print(f"   {time.monotonic() - began:.1f} s until one can sign in", flush=True)
                doctor = inside(bare, "./bastide", "doctor", "--json", "--port", str(port))
                print(doctor.communicate(timeout=60)[0])
                break
        else:
            print(f"   It did not become ready (exit {up.wait()}).")
        yield up.poll() is None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(up.pid, signal.SIGTERM)
        up.wait(timeout=60)


def main_job(bare: Bare, port: int) -> bool:
    """Wait until calls are built; have `./bastide test` set itself up and play the main job on what runs."""
    began = time.monotonic()
    state = calls_built(bare, within=1800)
    print(f"   {time.monotonic() - began:.1f} s more until calls are {state}", flush=True)
    if state != "ready":
        return False
    house = f"{bare.newcomer.project}/.bastide/data:{port}"
    words = ("./bastide", "test", "--only", "stories", "--", STORY)
    story = inside(bare, *words, BASTIDE_STORIES=house)
    told = story.communicate(timeout=1800)[0]
    print("".join(f"   {line}\n" for line in told.splitlines()), flush=True)
    return story.returncode == 0


def try_out(newcomer: Newcomer, port: int) -> list[bool]:
    """Make a root for them, start twice in it and play; tells how each went."""
    folder = Path(tempfile.mkdtemp(prefix="bastide-fresh-"))
    went: list[bool] = []
    try:
        print(f"── A bare Debian 12, as {newcomer.name}", flush=True)
        folder.chmod(0o755)
        debian(folder, newcomer)
        bare = lend(folder, newcomer)
        lay_project(bare)
        with system_folders(folder):
            print("── First start", flush=True)
            with started(bare, port) as ready:
                went.append(ready)
            print("── Second start, and the main job", flush=True)
            with started(bare, port) as ready:
                went += [ready, ready and main_job(bare, port)]
    finally:
        remove(folder)
    return went


def remove(folder: Path) -> None:
    """Remove the root, but never through a mount: /dev of this machine would go with it."""
    if str(folder) in Path("/proc/self/mounts").read_text(encoding="utf-8"):
        sys.exit(f"Something is still mounted in {folder}: unmount it, then remove the folder.")
    shutil.rmtree(folder)


def main(argv: Sequence[str]) -> int:
    """Try it as each newcomer; the closing line counts starts and stories."""
    newcomers = {each.name: each for each in (SUPERUSER, AGENT)}
    options = argparse.ArgumentParser(prog="./bastide test --fresh", description=__doc__)
    options.add_argument("--port", type=int, default=8420)
    options.add_argument("--only", choices=newcomers, help="as this one alone")
    given = options.parse_args(argv)
    if os.geteuid() != 0:
        sys.exit("Only root may make a root: run it as root.")
    chosen = [newcomers[given.only]] if given.only else list(newcomers.values())
    went = [each for newcomer in chosen for each in try_out(newcomer, given.port)]
    print(f"starts and stories: {sum(went)} passed, {len(went) - sum(went)} failed")
    return 0 if all(went) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
