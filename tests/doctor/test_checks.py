"""The doctor, shown faults that are really there."""

import asyncio
import datetime as dt
import os
import resource
import socket
import ssl
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import msgspec
import psycopg.conninfo
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bastide.doctor import machine, network
from bastide.doctor.checks import all_checks
from bastide.doctor.database import database_checks
from bastide.doctor.finding import Check, Grade
from bastide.house import migrations
from bastide.settings import Settings
from bastide.supervisor.limits import sentence, windows_that_fit
from tests.support.postgres import SessionPostgres
from tests.support.town import lay_tables


@contextmanager
def held(kind: socket.SocketKind) -> Generator[int]:
    """A port of loopback that somebody listens on."""
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            holder.listen()
        yield holder.getsockname()[1]


def named(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def graded(check: Check) -> Grade:
    """Whatever is not well says what to do."""
    assert bool(check.advice) == (check.grade is not Grade.WELL), check
    return check.grade


async def test_what_does_not_run_is_looked_at_too(tmp_path: Path) -> None:
    with held(socket.SOCK_STREAM) as taken:
        found = named(await all_checks(Settings(data=tmp_path, port=taken)))
    assert graded(found["supervisor"]) is Grade.ILL
    assert graded(found["port"]) is Grade.ILL
    assert "taken" in found["port"].finding
    assert graded(network.port(Settings(data=tmp_path, port=taken))) is Grade.WELL


async def test_a_port_of_voice_and_picture_is_really_tried(tmp_path: Path) -> None:
    with held(socket.SOCK_DGRAM) as listened:
        settings = Settings(data=tmp_path, media_port=listened)
        assert graded(await network.media(settings)) is Grade.WELL
    assert graded(await network.media(settings)) is Grade.ILL, "nobody listens there any more"
    with held(socket.SOCK_STREAM) as listened:
        assert await network.listens_tcp("127.0.0.1", listened)
    assert not await network.listens_tcp("127.0.0.1", listened)
    away = msgspec.structs.replace(settings, media_address="192.0.2.1")
    assert graded(await network.media(away)) is Grade.WATCH, "an address of somebody else is not asked"


def certificate(folder: Path, days: int, name: str = "localhost") -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=90))
        .not_valid_after(now + dt.timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


@asynccontextmanager
async def served(certificate: Path) -> AsyncGenerator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(lambda _r, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("days", "name", "trusted", "grade", "said"),
    [
        (60, "localhost", True, Grade.WELL, "valid until"),
        (5, "localhost", True, Grade.WATCH, "valid until"),
        (-3, "localhost", True, Grade.ILL, "expired"),
        (60, "other.example", True, Grade.ILL, "localhost"),
        (60, "localhost", False, Grade.ILL, "self-signed"),
    ],
)
async def test_the_certificate_that_browsers_see(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    name: str,
    *,
    trusted: bool,
    grade: Grade,
    said: str,
) -> None:
    path = certificate(tmp_path, days, name)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with served(path) as port:
        (check,) = await network.certificate(Settings(data=tmp_path, public_url=f"https://localhost:{port}"))
    assert (graded(check), said in check.finding.replace("self signed", "self-signed")) == (grade, True), (
        check
    )
    (gone,) = await network.certificate(Settings(data=tmp_path, public_url=f"https://localhost:{port}"))
    assert graded(gone) is Grade.ILL
    assert await network.certificate(Settings(data=tmp_path)) == []


async def test_the_database(postgres: SessionPostgres) -> None:
    url = await postgres.fresh(lay_tables)
    try:
        found = named(await database_checks(url, migrations(), ours=True))
        assert found["database"].grade is Grade.WELL
        assert found["tables"].grade is Grade.WELL
        assert found["clocks"].grade is Grade.WELL
        assert graded(found["durability"]) is Grade.ILL, "tests' own does without fsync"
        assert "fsync" in found["durability"].finding
        assert "database logs" not in found

        more = [*migrations(), msgspec.structs.replace(migrations()[0], name="9999_next")]
        assert graded(named(await database_checks(url, more, ours=True))["tables"]) is Grade.WATCH
        other = [msgspec.structs.replace(migrations()[0], sql="select 1"), *migrations()[1:]]
        assert graded(named(await database_checks(url, other, ours=True))["tables"]) is Grade.ILL
        fewer = migrations()[:-1]
        assert graded(named(await database_checks(url, fewer, ours=True))["tables"]) is Grade.ILL

        master = postgres.engine.url_of(
            str(psycopg.conninfo.conninfo_to_dict(url)["dbname"]), role="postgres"
        )
        quiet = named(await database_checks(master, migrations(), ours=False))["database logs"]
        assert quiet.grade is Grade.WELL
        loud = f"{master}&options=-c%20log_statement%3Dall%20-c%20log_min_error_statement%3Derror"
        told = named(await database_checks(loud, migrations(), ours=False))["database logs"]
        assert graded(told) is Grade.WATCH
        assert "log_statement = 'none'" in told.advice
        assert "fsync" not in told.advice
    finally:
        await postgres.give_back(url, lay_tables)
    empty = await postgres.fresh()
    assert graded(named(await database_checks(empty, migrations(), ours=True))["tables"]) is Grade.WATCH
    await postgres.drop(empty)
    (away,) = await database_checks("postgresql://u:geheim@127.0.0.1:1/d", [], ours=False)
    assert graded(away) is Grade.ILL
    assert "geheim" not in str(away)


def test_what_others_may_read(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for folder in (data, data / "blobs", data / "secrets", data / "logs"):
        folder.mkdir(mode=0o700)
    secret = data / "secrets" / "livekit"
    secret.write_text("s")
    secret.chmod(0o600)
    settings = Settings(data=data)
    assert [graded(check) for check in machine.rights(settings)] == [Grade.WELL]
    data.chmod(0o711)
    assert [graded(check) for check in machine.rights(settings)] == [Grade.WELL], "engines pass through"
    for path, mode in ((secret, 0o640), (data / "blobs", 0o755), (data, 0o755)):
        kept = path.stat().st_mode
        path.chmod(mode)
        (check,) = machine.rights(settings)
        assert graded(check) is Grade.ILL
        assert str(path) in check.advice
        path.chmod(kept)


def test_the_disk_syncs_or_it_is_said(tmp_path: Path) -> None:
    assert graded(machine.judged(tmp_path, "ext4", 0.002)) is Grade.WELL
    assert machine.sync(tmp_path).finding
    assert not list(tmp_path.iterdir()), "nothing is left behind"
    assert graded(machine.judged(tmp_path, "ext4", 1e-7)) is Grade.WATCH
    assert graded(machine.judged(tmp_path, "ext4", 0.5)) is Grade.WATCH
    assert graded(machine.judged(tmp_path, "overlay", 0.002)) is Grade.WATCH
    if machine.file_system(Path("/dev/shm")) == "tmpfs" and os.access("/dev/shm", os.W_OK):
        assert "in memory" in machine.sync(Path("/dev/shm")).finding
    assert graded(machine.sync(tmp_path / "absent")) is Grade.ILL


def test_the_file_limit_says_what_fits() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert windows_that_fit(20_000) == 19_700
    assert windows_that_fit(20_000, 4) == 78_800
    assert windows_that_fit(100) == 0
    assert "19700 windows" in sentence(20_000)
    assert "78800 windows" in sentence(20_000, 4)
    assert "no limit" in sentence(None)
    if hard != resource.RLIM_INFINITY:
        assert str(windows_that_fit(hard)) in machine.files().finding
    assert soft <= hard or hard == resource.RLIM_INFINITY


def test_clock_and_memory_are_told() -> None:
    assert machine.clock_state() in (None, 0, 1, 2, 3, 4, 5)
    graded(machine.clock())
    assert "GB" in machine.memory().finding
