"""What `deploy/` and the documents name is there: settings, files, commands. What cannot be started here is at least read."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bastide.cli import COMMANDS
from bastide.core.http.door import PUBLIC
from bastide.settings import ROOT, Settings, load, parser

_ALONE = {"DATABASE_URL", "LIVEKIT_URL", "LIVEKIT_KEY", "LIVEKIT_SECRET"}
# What only our own tests read.
_OF_TESTS = {"EXAMPLES"}
PAGES = sorted(
    path
    for folder in ("deploy", "docs", ".")
    for path in ((ROOT / folder).rglob("*") if folder != "." else ROOT.glob("*.md"))
    if path.is_file() and path.suffix in (".md", ".service", ".yaml", ".conf", ".example", "")
)


def settings() -> set[str]:
    return {name.upper() for name in vars(parser().parse_args([]))} | _ALONE


def test_every_setting_that_is_named_is_one() -> None:
    named: dict[str, Path] = {}
    for page in PAGES:
        for name in re.findall(r"BASTIDE_([A-Z][A-Z_]*[A-Z])", page.read_text(encoding="utf-8")):
            named[name] = page
    assert {"PUBLIC_URL", "DATABASE_URL", "MEDIA_ADDRESS"} <= named.keys()
    assert {name: page for name, page in named.items() if name not in settings() | _OF_TESTS} == {}


def test_the_example_environment_is_understood(tmp_path: Path) -> None:
    text = (ROOT / "deploy/systemd/environment.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^(BASTIDE_\w+)=(.*)$", text, re.MULTILINE))
    commented = dict(re.findall(r"^#(BASTIDE_\w+)=(.*)$", text, re.MULTILINE))
    assert {name.removeprefix("BASTIDE_") for name in given | commented} >= _ALONE
    unit = (ROOT / "deploy/systemd/bastide.service").read_text(encoding="utf-8")
    fixed = dict(re.findall(r"(BASTIDE_\w+)=(\S+)", unit))
    assert fixed["BASTIDE_DATA"] == "/var/lib/bastide"
    for more in ({}, commented):
        understood = load([], given | fixed | more)
        assert understood.https
        assert not understood.demo
        assert understood.port == Settings(data=tmp_path).port


def test_the_unit_is_read_by_systemd(tmp_path: Path) -> None:
    unit = (ROOT / "deploy/systemd/bastide.service").read_text(encoding="utf-8")
    for wanted in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "LimitNOFILE=",
        "TimeoutStopSec=",
        "User=bastide",
    ):
        assert wanted in unit
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine")
    here = tmp_path / "bastide.service"
    here.write_text(unit.replace("/opt/bastide/bastide", str(ROOT / "bastide")), encoding="utf-8")
    said = subprocess.run([program, "verify", here], capture_output=True, text=True, check=False)
    words = said.stdout + said.stderr
    assert "bastide.service:" not in words, words


def test_the_composition_is_whole() -> None:
    folder = ROOT / "deploy/container"
    composed = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))
    services, volumes = composed["services"], composed["volumes"]
    built = services["bastide"]["build"]
    assert (folder / built["context"]).resolve() == ROOT
    assert (ROOT / built["dockerfile"]).is_file()
    for service in services.values():
        assert {volume.split(":")[0] for volume in service["volumes"]} <= volumes.keys()
        assert set(service.get("depends_on", ())) <= services.keys()
        assert set(service["networks"]) <= composed["networks"].keys()
    (network,) = composed["networks"]["inside"]["ipam"]["config"]
    assert services["bastide"]["environment"]["BASTIDE_PROXY"] == network["subnet"]
    container = (folder / "Containerfile").read_text(encoding="utf-8")
    health = {route.path for route in PUBLIC if route.path.startswith("/health")}
    assert re.findall(r"127.0.0.1:8420(/[a-z/]+)", container)[0] in health
    assert set(re.findall(r"\./bastide ([a-z-]+)", container)) <= {*COMMANDS, "install"}
    assert container.index("USER bastide") < container.index("CMD [")


def test_the_proxy_passes_what_bastide_needs_and_logs_no_address() -> None:
    text = (ROOT / "deploy/nginx/bastide.conf").read_text(encoding="utf-8")
    for wanted in (
        "X-Forwarded-For $remote_addr",
        "X-Forwarded-Proto $scheme",
        "Host $host",
        "Upgrade $http_upgrade",
        "client_max_body_size 0",
        "location = /metrics",
    ):
        assert wanted in text
    (logged,) = re.findall(r"log_format \w+ '(.*)';", text)
    assert not {"$request ", "$request_uri", "$args", "$uri", "$http_referer"} & {
        f"{w} " if w == "$request" else w for w in logged.split()
    }
    assert text.count("{") == text.count("}")
    assert text.count("access_log /var/log/nginx/bastide.log bastide;") == text.count("server {")


@pytest.mark.parametrize("page", ["docs/operations.md", "SECURITY.md", "deploy/README.md"])
def test_files_and_commands_that_are_named_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name in re.findall(r"`((?:docs|deploy|tests|src)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
    for command in re.findall(r"\./bastide ([a-z-]+)", text):
        assert command in {*COMMANDS, "test", "shots", "lint", "help", "install", "backup", "restore"}, (
            command
        )
