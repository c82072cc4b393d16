"""Things to upload."""

import io
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator, Sequence

from PIL import Image


def picture(form: str = "PNG", size: tuple[int, int] = (800, 400), **options: object) -> bytes:
    """A picture in one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, (30, 90, 160)).save(out, form, **options)
    return out.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a hundred kilobytes that unfolds to `side` × `side` pixels."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(side)) + packer.flush()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped(entries: Sequence[tuple[str, bytes]], *, compress: bool = True) -> bytes:
    """A zip of entries in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in entries:
            archive.writestr(name, body, zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED)
    return out.getvalue()


def opendocument(kind: str = "text") -> bytes:
    """The beginning of every OpenDocument file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        archive.writestr("content.xml", b"<office/>", zipfile.ZIP_DEFLATED)
    return out.getvalue()


async def stream(data: bytes, chunk: int = 64 << 10) -> AsyncIterator[bytes]:
    """Bytes in chunks."""
    for start in range(0, len(data), chunk):
        yield data[start : start + chunk]
