"""The set-up as a newcomer meets it: a bare Debian 12, git and python3, nothing else. `./bastide test --fresh`.

Makes a root of its own with debootstrap, lays what git would clone into its /root, runs `./bastide up` there twice,
prints the figures that the doctor gives, and waits until calls are built. This machine's client settings (proxy,
certificates, registries) are lent to that root while it runs, and belong to no file of the project. Needs root,
debootstrap and 6 GB of disk.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = Path("/root/bastide")
# what a machine's owner sets so that clients find registries and trust their certificates
LENT = (
    "/etc/apt", "/etc/pip.conf", "/etc/npmrc", "/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs",
    "/usr/local/share/ca-certificates", "/root/.npmrc", "/root/.config/pip", "/root/.config/uv", "/root/.config/go",
)  # fmt: skip
LENT_VARIABLES = re.compile(
    r"(?i).*(_proxy|_cert|_certs|_cert_file|_cert_dir|cainfo|ca_bundle|goproxy|gosumdb)$"
)
PACKAGES = "git,python3,ca-certificates"


def debian(folder: Path) -> None:
    """Lay a bare Debian 12 into the folder."""
    if shutil.which("debootstrap") is None:
        sys.exit("debootstrap is missing: apt-get install debootstrap")
    mirror = next(iter(re.findall(r"^URIs: (\S+)", sources(), re.MULTILINE)), "")
    words = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(folder)]
    subprocess.run([*words, *([mirror] if mirror else [])], check=True, stdout=subprocess.DEVNULL)


def sources() -> str:
    """Give this machine's own list of package sources."""
    files = sorted(Path("/etc/apt/sources.list.d").glob("*.sources"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def lend(folder: Path) -> dict[str, str]:
    """Copy this machine's client settings in, and give the variables that belong to them."""
    for name in LENT:
        target = folder / name.lstrip("/")
        if Path(name).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-aT", "--remove-destination", name, str(target)], check=True)
    lent = {name: value for name, value in os.environ.items() if LENT_VARIABLES.match(name)}
    return {**lent, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}


def lay_project(folder: Path) -> None:
    """Lay the files that git would clone from here, as they are in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        target = folder / str(HOME).lstrip("/") / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, target)


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


def inside(folder: Path, environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    """Start a program in the root, in a process group of its own."""
    return subprocess.Popen(
        ["chroot", str(folder), "/bin/bash", "-c", 'cd "$0" && exec "$@"', str(HOME), *words],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def calls_built(folder: Path, within: float) -> str:
    """Wait until the media server is built and runs, or not; give what the supervisor tells of it."""
    told = folder / str(HOME).lstrip("/") / ".bastide/data/run/engines.json"
    until = time.monotonic() + within
    while time.monotonic() < until:
        state = json.loads(told.read_text(encoding="utf-8"))["livekit"]["state"]
        if state in ("ready", "failed"):
            return state
        time.sleep(1)
    return "not built in time"


def start(folder: Path, environment: dict[str, str], port: int, *, calls: bool) -> bool:
    """Run `./bastide up` until it is ready (and `calls` until they are), look at it, end it; tell whether it was."""
    began = time.monotonic()
    up = inside(folder, environment, "./bastide", "up", "--port", str(port))
    try:
        assert up.stdout
        for line in up.stdout:
            print(f"   {line}", end="", flush=True)
            if line.startswith("Bastide is ready:"):
                break
        else:
            print(f"   It did not become ready (exit {up.wait()}).")
            return False
        print(f"   {time.monotonic() - began:.1f} s until one can sign in", flush=True)
        state = "ready"
        if calls:
            state = calls_built(folder, within=900)
            print(f"   {time.monotonic() - began:.1f} s until calls are {state}", flush=True)
        doctor = inside(folder, environment, "./bastide", "doctor", "--json", "--port", str(port))
        print(doctor.communicate(timeout=60)[0])
        return state == "ready"
    finally:
        os.killpg(up.pid, signal.SIGTERM)
        up.wait(timeout=60)


def remove(folder: Path) -> None:
    """Remove the root, but never through a mount: /dev of this machine would go with it."""
    if str(folder) in Path("/proc/self/mounts").read_text(encoding="utf-8"):
        sys.exit(f"Something is still mounted in {folder}: unmount it, then remove the folder.")
    shutil.rmtree(folder)


def main(argv: Sequence[str]) -> int:
    """Try it; the closing line counts the two starts."""
    options = argparse.ArgumentParser(prog="./bastide test --fresh", description=__doc__)
    options.add_argument("--port", type=int, default=8420)
    given = options.parse_args(argv)
    if os.geteuid() != 0:
        sys.exit("Only root may make a root: run it as root.")
    folder = Path(tempfile.mkdtemp(prefix="bastide-fresh-"))
    try:
        print("── A bare Debian 12", flush=True)
        debian(folder)
        environment = lend(folder)
        lay_project(folder)
        with system_folders(folder):
            passed = 0
            for title, calls in (("First start", False), ("Second start", True)):
                print(f"── {title}", flush=True)
                passed += start(folder, environment, given.port, calls=calls)
    finally:
        remove(folder)
    print(f"starts: {passed} passed, {2 - passed} failed")
    return 0 if passed == 2 else 1  # noqa: PLR2004


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
