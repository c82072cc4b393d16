"""A ZIP that is written piece by piece and never held: what is put in comes out at once.

The standard library's `zipfile` writes to anything that has `write`; sizes and checksums then follow each member.
"""

from datetime import datetime
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_OWNER_ONLY = 0o600 << 16
_FIRST_YEAR = 1980


class _Out:
    """Takes what the ZIP writes until it is fetched. It cannot be sought in, and says so by having no `tell`."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None: ...


class Archive:
    """One member after the other: `begin`, `write`, `end`; then `close`. `take` gives what is ready to go out."""

    def __init__(self) -> None:
        self._out = _Out()
        self._zip = ZipFile(self._out, "w", allowZip64=True)  # type: ignore[arg-type] # it asks for `write` alone
        self._member = None
        self.written = 0

    @property
    def ready(self) -> int:
        """How many bytes are ready."""
        return len(self._out.waiting)

    def take(self) -> bytes:
        """What is ready; it is held no more."""
        data = bytes(self._out.waiting)
        self._out.waiting.clear()
        self.written += len(data)
        return data

    def begin(self, name: str, at: datetime, *, most: int, packed: bool = True) -> None:
        """Begin a member.

        Args:
            name: its path, with `/` between folders.
            at: its date, by the clock on the wall.
            most: bytes it may have; beyond four gigabytes the ZIP needs another form.
            packed: compress it; files mostly are already.
        """
        info = ZipInfo(name, (max(at.year, _FIRST_YEAR), at.month, at.day, at.hour, at.minute, at.second))
        info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        info.external_attr = _OWNER_ONLY
        self._member = self._zip.open(info, "w", force_zip64=most * 1.05 > ZIP64_LIMIT)

    def write(self, data: bytes) -> None:
        """More of the member that was begun."""
        if self._member is None:
            raise ValueError("no member was begun")
        self._member.write(data)

    def end(self) -> None:
        """The member is complete."""
        if self._member is not None:
            self._member.close()
            self._member = None

    def close(self) -> None:
        """Write the table of contents: without it, what was fetched is no ZIP."""
        self._zip.close()
