"""The archive: one tar, written and read in a single pass, in flat memory.

    bastide.json          the header: what follows
    secrets/<name>        the instance's secrets
    database/000000 …     the dump, in pieces (`cat database/* | pg_restore` reads it without Bastide)
    blobs/ab/cd/abcd…     each blob under its SHA-256, in order
    end.json              the seal: the hashes of all that, and its own below

Reading trusts no name and no type: only plain files with exactly these names in exactly this order are taken, and
nothing is ever extracted by what a name says.
"""

import enum
import hashlib
import io
import re
import tarfile
from collections.abc import Iterator
from typing import IO, Any, Protocol, Self, cast

import msgspec

from bastide.backup.model import FORMAT, BackupError, Header, Seal

PIECE = 16 << 20
CHUNK = 1 << 20
_JSON_MOST = 64 << 20
_SECRET_MOST = 1 << 20
_HEADER, _SEAL = "bastide.json", "end.json"
_SECRET = re.compile(r"secrets/([A-Za-z0-9_][A-Za-z0-9_.-]{0,99})")
_DATABASE = re.compile(r"database/([0-9]{6,9})")
_BLOB = re.compile(r"blobs/([0-9a-f]{2})/([0-9a-f]{2})/([0-9a-f]{64})")


class Kind(enum.IntEnum):
    """What a member is; members come in this order."""

    HEADER = 0
    SECRET = 1
    DATABASE = 2
    BLOB = 3
    SEAL = 4


class Sink(Protocol):
    """Takes bytes in order."""

    def write(self, data: bytes, /) -> int:
        """Take some; how many were taken."""
        ...


class Writer:
    """Writes an archive to something that takes bytes in order."""

    def __init__(self, out: Sink, header: Header) -> None:
        self._tar = tarfile.open(  # noqa: SIM115 - it lasts as long as we do
            fileobj=cast("IO[bytes]", out), mode="w|", bufsize=CHUNK, format=tarfile.PAX_FORMAT
        )
        self._at = header.at.timestamp()
        self._secrets: dict[str, str] = {}
        self._pieces, self._database, self._database_bytes = 0, hashlib.sha256(), 0
        self._count, self._blobs = 0, hashlib.sha256()
        encoded = msgspec.json.encode(header)
        self._header = hashlib.sha256(encoded).hexdigest()
        self._add(_HEADER, encoded)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if failed:  # or it would write what was still to come when it is forgotten
            cast("Any", self._tar.fileobj).closed = True

    def secret(self, name: str, content: bytes) -> None:
        """Add a secret."""
        self._secrets[name] = hashlib.sha256(content).hexdigest()
        self._add(f"secrets/{name}", content)

    def database(self, piece: bytes) -> None:
        """Add the next piece of the dump."""
        self._database.update(piece)
        self._database_bytes += len(piece)
        self._add(f"database/{self._pieces:06}", piece)
        self._pieces += 1

    def blob(self, digest: bytes, size: int, content: IO[bytes]) -> bool:
        """Add a blob of exactly `size` bytes; whether these were still its own.

        Where the content ends early, zeros stand in for the rest: the archive stays readable, and the blob counts as damaged.
        """
        measured = _Measured(content, size)
        name = digest.hex()
        self._put(f"blobs/{name[:2]}/{name[2:4]}/{name}", size, measured)
        self._count += 1
        self._blobs.update(digest)
        return measured.hash.digest() == digest and not measured.short

    def seal(self, damaged: list[str]) -> None:
        """End the archive."""
        seal = msgspec.json.encode(
            Seal(
                header=self._header,
                database=self._database.hexdigest(),
                database_bytes=self._database_bytes,
                secrets=self._secrets,
                blobs=self._blobs.hexdigest(),
                count=self._count,
                damaged=damaged,
            )
        )
        self._add(_SEAL, seal + b"\n" + hashlib.sha256(seal).hexdigest().encode() + b"\n")
        self._tar.close()

    def _add(self, name: str, content: bytes) -> None:
        self._put(name, len(content), io.BytesIO(content))

    def _put(self, name: str, size: int, content: "IO[bytes] | _Measured") -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(self._at)
        self._tar.addfile(member, cast("IO[bytes]", content))
        _forget(self._tar)


class _Measured:
    """Gives out exactly as many bytes as were promised, and hashes what was really there."""

    def __init__(self, content: IO[bytes], size: int) -> None:
        self._content, self._left = content, size
        self.hash = hashlib.sha256()
        self.short = False

    def read(self, most: int) -> bytes:
        data = self._content.read(min(most, self._left))
        self.hash.update(data)
        self._left -= len(data)
        if len(data) < most and self._left:
            self.short = True
            more = min(most - len(data), self._left)
            self._left -= more
            data += bytes(more)
        return data


class Member:
    """One member, whose bytes are read once, before the next is asked for."""

    def __init__(self, kind: Kind, name: str, size: int, content: IO[bytes]) -> None:
        self.kind = kind
        self.name = name
        self.size = size
        self._content = content

    def chunks(self) -> Iterator[bytes]:
        """Its bytes. Raises BackupError where the archive was cut off."""
        left = self.size
        while left:
            most = min(CHUNK, left)
            data = _whole(lambda most=most: self._content.read(most))
            if not data:
                raise BackupError("cut")
            left -= len(data)
            yield data

    def whole(self) -> bytes:
        """All its bytes at once, where `Reader` has looked that they are few."""
        return b"".join(self.chunks())


class Reader:
    """Reads an archive from something that gives bytes in order.

    reader = Reader(stream)         # reads the header
    for member in reader.members(): ...     # secrets, the dump's pieces, blobs; each must be read and told
    reader.end()                    # raises unless all was there and nothing was changed
    """

    header: Header
    seal: Seal

    def __init__(self, stream: IO[bytes]) -> None:
        """Read the header.

        Raises:
            BackupError: no backup, or one of a newer format.
        """
        self._stream = stream
        try:
            self._tar = tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK)  # noqa: SIM115
        except (tarfile.TarError, EOFError) as error:
            raise BackupError("not-ours") from error
        first = self._next()
        if first is None or first.kind is not Kind.HEADER:
            raise BackupError("not-ours")
        encoded = first.whole()
        self._hash = hashlib.sha256(encoded).hexdigest()
        try:
            version = msgspec.json.decode(encoded, type=_Version).format
            if version > FORMAT:
                raise BackupError("format-newer")
            self.header = msgspec.json.decode(encoded, type=Header)
        except msgspec.DecodeError as error:
            raise BackupError("broken", what=_HEADER) from error
        self._secrets: dict[str, str] = {}
        self._pieces, self._database, self._database_bytes = 0, hashlib.sha256(), 0
        self._count, self._blobs, self._last = 0, hashlib.sha256(), ""
        self._bad: set[str] = set()

    def members(self) -> Iterator[Member]:
        """What stands between header and seal, in order. Hand each member's bytes to `told` as they are read.

        Raises:
            BackupError: what should not be there, or is cut off.
        """
        last = Kind.HEADER
        while True:
            member = self._next()
            if member is None:
                raise BackupError("cut")
            if member.kind < max(last, Kind.SECRET):
                raise BackupError("broken", what=member.name)
            last = member.kind
            if member.kind is Kind.SEAL:
                self._unseal(member)
                return
            yield member

    def secret(self, member: Member) -> bytes:
        """A secret's bytes."""
        content = member.whole()
        if member.name in self._secrets:
            raise BackupError("broken", what=member.name)
        self._secrets[member.name] = hashlib.sha256(content).hexdigest()
        return content

    def piece(self, member: Member) -> Iterator[bytes]:
        """The bytes of a piece of the dump."""
        if int(member.name) != self._pieces:
            raise BackupError("broken", what="database")
        self._pieces += 1
        for chunk in member.chunks():
            self._database.update(chunk)
            self._database_bytes += len(chunk)
            yield chunk

    def blob(self, member: Member) -> Iterator[bytes]:
        """A blob's bytes. One that is not what its name says is told at the end, unless the seal says so itself."""
        if member.name <= self._last:
            raise BackupError("broken", what=member.name)
        self._last = member.name
        digest = hashlib.sha256()
        for chunk in member.chunks():
            digest.update(chunk)
            yield chunk
        self._count += 1
        self._blobs.update(bytes.fromhex(member.name))
        if digest.hexdigest() != member.name:
            self._bad.add(member.name)

    def end(self) -> None:
        """Compare all that was read with the seal.

        Raises:
            BackupError: something was changed, or is not there.
        """
        seal = self.seal
        found = {
            "bastide.json": self._hash == seal.header,
            "secrets": self._secrets == seal.secrets,
            "database": (self._database.hexdigest(), self._database_bytes)
            == (seal.database, seal.database_bytes),
            "blobs": (self._blobs.hexdigest(), self._count) == (seal.blobs, seal.count),
        }
        for what, holds in found.items():
            if not holds:
                raise BackupError("broken", what=what)
        if wrong := sorted(self._bad - set(seal.damaged)):
            raise BackupError("broken", what=f"blobs/{wrong[0]}")
        # what sends it (a decryption) finds out by itself at its very end whether all was well: hear it out
        while rest := self._stream.read(CHUNK):
            if rest.strip(b"\0"):
                raise BackupError("broken", what=_SEAL)

    def _unseal(self, member: Member) -> None:
        sealed, _, check = member.whole().partition(b"\n")
        if hashlib.sha256(sealed).hexdigest().encode() != check.strip():
            raise BackupError("broken", what=_SEAL)
        try:
            self.seal = msgspec.json.decode(sealed, type=Seal)
        except msgspec.DecodeError as error:
            raise BackupError("broken", what=_SEAL) from error
        if _whole(self._tar.next) is not None:
            raise BackupError("broken", what=_SEAL)

    def _next(self) -> Member | None:
        found = _whole(self._tar.next)
        _forget(self._tar)
        if found is None:
            return None
        kind, name = _read_name(found.name)
        most = {Kind.HEADER: _JSON_MOST, Kind.SEAL: _JSON_MOST, Kind.SECRET: _SECRET_MOST}.get(kind)
        plain = found.type == tarfile.REGTYPE and not found.issparse()
        if not plain or found.size < 0 or (most is not None and found.size > most):
            raise BackupError("broken", what=_shown(found.name))
        content = _whole(lambda: self._tar.extractfile(found))
        if content is None:
            raise BackupError("broken", what=_shown(found.name))
        return Member(kind, name, found.size, content)


class _Version(msgspec.Struct):
    format: int


def _read_name(name: str) -> tuple[Kind, str]:
    """What a member is by its name, and the part of it that tells it from others."""
    if name == _HEADER:
        return Kind.HEADER, name
    if name == _SEAL:
        return Kind.SEAL, name
    if found := _SECRET.fullmatch(name):
        return Kind.SECRET, found[1]
    if found := _DATABASE.fullmatch(name):
        return Kind.DATABASE, found[1]
    if (found := _BLOB.fullmatch(name)) and found[3].startswith(found[1] + found[2]):
        return Kind.BLOB, found[3]
    raise BackupError("broken", what=_shown(name))


def _forget(tar: tarfile.TarFile) -> None:
    """It remembers each member, and would grow with them."""
    members: list[tarfile.TarInfo] = cast("Any", tar).members
    members.clear()


def _shown(name: str) -> str:
    """A stranger's name, for the terminal."""
    return ascii(name)[1:81]


def _whole(read: Any) -> Any:
    """What tarfile says of an archive that is cut or changed, as our own error."""
    try:
        return read()
    except (tarfile.TarError, EOFError, ValueError, UnicodeError, OverflowError) as error:
        raise BackupError("cut") from error
