"""What stands in a backup besides its bytes, and how one can fail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

FORMAT = 1

Reason = Literal[
    "exists",
    "no-folder",
    "cannot-write",
    "no-room",
    "server-newer",
    "busy",
    "database",
    "dump",
    "cannot-read",
    "not-ours",
    "format-newer",
    "cut",
    "broken",
    "not-empty",
    "being-restored",
    "code-older",
    "changed-migration",
    "database-not-empty",
    "restore",
    "differs",
    "stopped",
]


class BackupError(Exception):
    """A backup cannot be taken, read or restored. `terminal.backup_words` has the sentence for each reason."""

    def __init__(self, reason: Reason, **detail: str) -> None:
        """`detail` fills the sentence: names of files, what the system said."""
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail: Mapping[str, str] = detail


class Laid(msgspec.Struct, frozen=True):
    """A migration that ran."""

    module: str
    name: str
    digest: str


class AuditHead(msgspec.Struct, frozen=True):
    """Where the audit ends: the last line's number and its hash in hexadecimal."""

    seq: int
    hash: str


class Figures(msgspec.Struct, frozen=True):
    """What a database holds at one moment; the same after a restore, or it is not what was backed up.

    Attributes:
        rows: how many each table has.
        migrations: which ran, by module and name.
        audit: where the audit ends; None where its head is gone.
        events: the sum of all streams' numbers.
        gaps: streams whose journal does not have each number from one to the stream's.
    """

    rows: dict[str, int]
    migrations: list[Laid]
    audit: AuditHead | None
    events: int
    gaps: int


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first member: what follows, known before any of it is written.

    Attributes:
        format: of the archive; `FORMAT` is the newest that this code reads.
        at: the moment of the snapshot. What was acknowledged before is in it, what began after is not.
        origin: where browsers reached it: passkeys work there alone.
        timezone: where its days end.
        server: the major version of the PostgreSQL it was taken from.
        figures: what the snapshot holds.
        blobs: how many the snapshot names.
        blob_bytes: and how many bytes these are.
    """

    format: int
    at: datetime
    origin: str
    timezone: str
    server: int
    figures: Figures
    blobs: int
    blob_bytes: int


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """The last member: what came before it. Without it an archive is not whole. Hashes are SHA-256 in hexadecimal.

    Attributes:
        header: of the first member's bytes.
        database: of the dump, all its parts in a row.
        database_bytes: how many these are.
        secrets: each by its name.
        blobs: of the names of all blobs that are there, in their order, 32 bytes each.
        count: how many these are.
        damaged: blobs whose bytes were gone or no longer their own when they were read; not to be restored.
    """

    header: str
    database: str
    database_bytes: int
    secrets: dict[str, str]
    blobs: str
    count: int
    damaged: list[str]


class Taken(msgspec.Struct, frozen=True):
    """What a backup came to, kept for the doctor. `file` is `-` where it went to standard output."""

    at: datetime
    file: str
    size: int
    blobs: int
    damaged: int
