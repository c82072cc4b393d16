"""Things that people send each other."""

import base64
import io
import random
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Locator

_GIVE = """
(target, { kind, files }) => {
  const transfer = new DataTransfer();
  for (const { name, type, data } of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.codePointAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  const options = { bubbles: true, cancelable: true };
  if (kind === "paste") {
    target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: transfer }));
  } else {
    for (const name of ["dragenter", "dragover", "drop"])
      target.dispatchEvent(new DragEvent(name, { ...options, dataTransfer: transfer }));
  }
}
"""
_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf"}


def picture(path: Path, colour: tuple[int, int, int], words: str) -> Path:
    """A photograph of sorts: a colour with noise in it, so that no two are the same bytes."""
    width, height = 640, 400
    dice = random.Random(words)
    image = Image.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(image)
    for _ in range(400):
        x, y, r = dice.randrange(width), dice.randrange(height), dice.randrange(2, 12)
        shade = dice.randrange(-30, 30)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(max(0, min(255, c + shade)) for c in colour))
    image.save(path)
    return path


def pdf(path: Path, words: str) -> Path:
    """One page with a sentence on it, as PDF 1.4 has it."""
    text = words.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)")
    stream = b"BT /F1 18 Tf 72 760 Td (" + text + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = io.BytesIO(b"%PDF-1.4\n"), list[int]()
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    path.write_bytes(out.getvalue())
    return path


async def paste(target: Locator, *files: Path) -> None:
    """Paste files into a field, as from the clipboard."""
    await target.evaluate(_GIVE, {"kind": "paste", "files": [_data(path) for path in files]})


async def drop(target: Locator, *files: Path) -> None:
    """Let files fall on a part of the page."""
    await target.evaluate(_GIVE, {"kind": "drop", "files": [_data(path) for path in files]})


def _data(path: Path) -> dict[str, str]:
    data = base64.b64encode(path.read_bytes()).decode()
    return {"name": path.name, "type": _TYPES[path.suffix], "data": data}
