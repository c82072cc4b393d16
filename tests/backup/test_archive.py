"""An archive is whole and unchanged, or it is refused: cut, flipped, with names and types that are none of ours."""

import io
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

import msgspec
import pytest

from bastide.backup.archive import Writer
from bastide.backup.model import FORMAT, AuditHead, BackupError, Figures, Header, Laid
from bastide.backup.restoring import restore, verify
from bastide.core.clock import Clock
from bastide.settings import Settings

BLOBS = sorted([b"", b"Bonjour", bytes(range(256)) * 9_000], key=lambda content: sha256(content).digest())
DUMP = [b"PGDMP" + bytes(70_000), b"the end of it"]


def header(**more: object) -> Header:
    plain = Header(
        format=FORMAT,
        at=datetime(2026, 3, 10, 8, 30, tzinfo=UTC),
        origin="https://bastide.example",
        timezone="Europe/Paris",
        server=18,
        figures=Figures({"person": 1}, [], AuditHead(0, "00" * 32), 0, 0),
        blobs=len(BLOBS),
        blob_bytes=sum(map(len, BLOBS)),
    )
    return msgspec.structs.replace(plain, **more)


def archive(told: Header | None = None, damaged: list[str] | None = None) -> bytes:
    out = io.BytesIO()
    with Writer(out, told or header()) as writer:
        writer.secret("push", b"key\n")
        for piece in DUMP:
            writer.database(piece)
        for content in BLOBS:
            assert writer.blob(sha256(content).digest(), len(content), io.BytesIO(content))
        writer.seal(damaged or [])
    return out.getvalue()


def reason(data: bytes) -> str:
    with pytest.raises(BackupError) as refused:
        verify(io.BytesIO(data))
    return refused.value.reason


def members(data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return [(member, file.read()) for member in tar.getmembers() if (file := tar.extractfile(member))]


def packed(them: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member, content in them:
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def a_file(name: str, content: bytes = b"x") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    return member, content


def another(kind: bytes, name: str, link: str = "") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member, b""


def test_what_was_written_is_read() -> None:
    checked = verify(io.BytesIO(archive()))
    assert checked.header == header()
    assert (checked.seal.count, checked.seal.damaged) == (3, [])
    names = [member.name for member, _ in members(archive())]
    assert names[:4] == ["bastide.json", "secrets/push", "database/000000", "database/000001"]
    assert names[-1] == "end.json"


def test_other_programs_read_it() -> None:
    contents = {member.name: content for member, content in members(archive())}
    assert contents["database/000000"] + contents["database/000001"] == b"".join(DUMP)
    for name, content in contents.items():
        if name.startswith("blobs/"):
            assert sha256(content).hexdigest() == name.rpartition("/")[2]


def test_cut_anywhere_it_is_no_backup() -> None:
    whole = archive()
    end = whole.rindex(b"\n", 0, len(whole.rstrip(b"\0")))  # behind it there is only padding
    for at in [*range(0, end, 9_973), end - 1]:
        assert reason(whole[:at]) in {"cut", "not-ours", "broken"}, at


def test_a_flipped_bit_anywhere_in_its_content_is_found() -> None:
    whole = archive()
    random = Random(7)
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        places = [(m.offset_data, m.size) for m in tar.getmembers() if m.size]
    flips = [start + random.randrange(size) for start, size in places for _ in range(12)]
    flips += [start - 512 + random.randrange(155) for start, _ in places]  # the tar's own words, checksum too
    for at in flips:
        flipped = bytearray(whole)
        flipped[at] ^= 1 << random.randrange(8)
        assert reason(bytes(flipped)) in {"cut", "broken", "not-ours", "format-newer"}, at


@pytest.mark.parametrize(
    "intruder",
    [
        a_file("blobs/../../etc/cron.d/own"),
        a_file("/etc/passwd"),
        a_file("secrets/../app/x"),
        a_file("secrets/.hidden"),
        a_file("secrets/a/b"),
        a_file("database/-1"),
        a_file(f"blobs/aa/bb/{'0' * 64}"),
        a_file("README"),
        a_file("bastide.json", b"{}"),
        another(tarfile.SYMTYPE, "secrets/push2", "/etc/passwd"),
        another(tarfile.LNKTYPE, "secrets/push2", "secrets/push"),
        another(tarfile.DIRTYPE, "secrets/push2"),
        another(tarfile.CHRTYPE, "secrets/push2"),
        another(tarfile.FIFOTYPE, "secrets/push2"),
        another(tarfile.SYMTYPE, "blobs/00/00/" + "0" * 64, "../../secrets/push"),
    ],
    ids=lambda intruder: f"{intruder[0].type.decode()} {intruder[0].name[:30]}",
)
def test_names_and_types_that_are_not_ours(intruder: tuple[tarfile.TarInfo, bytes]) -> None:
    for place in (1, 2, -1):
        them = members(archive())
        them.insert(place, intruder)
        assert reason(packed(them)) in {"broken", "cut"}


@pytest.mark.parametrize(
    "intruder",
    [a_file("secrets/../../../letter"), another(tarfile.SYMTYPE, "secrets/push2", "/etc")],
    ids=["traversal", "link"],
)
async def test_an_intruder_leaves_nothing_anywhere(
    intruder: tuple[tarfile.TarInfo, bytes], tmp_path: Path
) -> None:
    them = members(archive())
    them.insert(2, intruder)
    with pytest.raises(BackupError):
        await restore(Settings(data=tmp_path / "town" / "data"), io.BytesIO(packed(them)), Clock())
    assert names(tmp_path) == ["town"]


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*")]


def moved(them: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    them[-2], them[-3] = them[-3], them[-2]


def left_out(them: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    del them[-2]


def doubled(them: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    them.insert(2, them[1])


def pieces_swapped(them: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    (first, one), (second, two) = them[2], them[3]
    first.size, second.size = len(two), len(one)
    them[2:4] = [(first, two), (second, one)]


def secret_left_out(them: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    del them[1]


def more_behind(them: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    them.append(a_file("secrets/late"))


def another_header(them: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    them[0] = a_file("bastide.json", msgspec.json.encode(header(origin="https://elsewhere.example")))


@pytest.mark.parametrize(
    "change", [moved, left_out, doubled, pieces_swapped, secret_left_out, more_behind, another_header]
)
def test_nothing_is_moved_left_out_or_put_in(
    change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], None],
) -> None:
    them = members(archive())
    change(them)
    assert reason(packed(them)) == "broken"


def test_what_is_no_backup_of_ours() -> None:
    assert reason(b"") == "not-ours"
    assert reason(b"Bonjour" * 1000) == "not-ours"
    assert reason(packed([a_file("README")])) in {"not-ours", "broken"}


def test_a_blob_that_the_disk_had_lost_is_no_reason_to_refuse_the_others() -> None:
    content = b"as it was"
    name = sha256(content)
    out = io.BytesIO()
    with Writer(out, header()) as writer:
        assert not writer.blob(name.digest(), len(content), io.BytesIO(b"as it w"))
        writer.seal([name.hexdigest()])
    assert verify(io.BytesIO(out.getvalue())).seal.damaged == [name.hexdigest()]
    out = io.BytesIO()
    with Writer(out, header()) as writer:
        writer.blob(name.digest(), len(content), io.BytesIO(b"as it w"))
        writer.seal([])
    assert reason(out.getvalue()) == "broken"


async def test_a_newer_bastide_is_refused(tmp_path: Path) -> None:
    newer = Figures({}, [Laid("chat", "0999_from_the_future.sql", "00")], None, 0, 0)
    with pytest.raises(BackupError) as refused:
        await restore(Settings(data=tmp_path / "x"), io.BytesIO(archive(header(figures=newer))), Clock())
    assert (refused.value.reason, dict(refused.value.detail)) == (
        "code-older",
        {"migration": "chat/0999_from_the_future.sql"},
    )
    changed = Figures({}, [Laid("core", "0001_ground.sql", "00")], None, 0, 0)
    with pytest.raises(BackupError) as refused:
        await restore(Settings(data=tmp_path / "x"), io.BytesIO(archive(header(figures=changed))), Clock())
    assert refused.value.reason == "changed-migration"
    assert reason(archive(header(format=FORMAT + 1))) == "format-newer"
    assert not (tmp_path / "x").exists()
