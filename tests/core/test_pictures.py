"""The re-encoder on real pictures, hostile ones and things that are none."""

import asyncio
import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from bastide.core import reencode
from bastide.core.errors import TooLarge
from bastide.core.pictures import (
    DECODERS,
    HEAD,
    PORTRAIT_EDGE,
    PORTRAIT_MOST,
    SOURCE_MOST,
    Pictures,
    PictureUnreadable,
    picture_type,
)

EDGES = (480, 1600)


def picture(form: str, size: tuple[int, int] = (1000, 500), mode: str = "RGB", **options: object) -> bytes:
    """A picture, red on the left half and blue on the right."""
    image = Image.new("RGB", size, (200, 20, 20))
    image.paste((20, 20, 200), (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, form, **options)
    return out.getvalue()


async def once(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that claims (and holds) `side` × `side` black pixels."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def workers() -> list[bytes]:
    """The command lines of our workers that still live."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    return [command for command in commands if b"reencode" in command]


@pytest.fixture
def pictures() -> Pictures:
    return Pictures()


@pytest.mark.parametrize(
    ("form", "media_type", "mode"),
    [
        ("JPEG", "image/jpeg", "RGB"),
        ("JPEG", "image/jpeg", "L"),
        ("JPEG", "image/jpeg", "CMYK"),
        ("PNG", "image/png", "RGBA"),
        ("PNG", "image/png", "P"),
        ("PNG", "image/png", "1"),
        ("PNG", "image/png", "LA"),
        ("GIF", "image/gif", "P"),
        ("WEBP", "image/webp", "RGBA"),
        ("BMP", "image/bmp", "RGB"),
        ("AVIF", "image/avif", "RGB"),
    ],
)
async def test_every_known_kind_becomes_webp(
    pictures: Pictures, form: str, media_type: str, mode: str
) -> None:
    source = picture(form, mode=mode)
    assert picture_type(source[:HEAD]) == media_type
    made = await pictures.fit(once(source), media_type, EDGES)
    assert (made.width, made.height) == (1000, 500)
    assert [(c.edge, c.width, c.height) for c in made.copies] == [(480, 480, 240), (1600, 1000, 500)]
    for copy in made.copies:
        shown = Image.open(io.BytesIO(copy.webp), formats=["WEBP"])
        assert shown.size == (copy.width, copy.height)
        left, right = (shown.convert("RGB").getpixel((x, copy.height // 2)) for x in (10, copy.width - 10))
        assert isinstance(left, tuple)
        assert isinstance(right, tuple)
        if mode not in {"1", "L", "LA"}:
            assert left[0] > left[2] + 80
            assert right[2] > right[0] + 80


async def test_sixteen_bits_keep_their_greys(pictures: Pictures) -> None:
    image = Image.new("I;16", (64, 64), 0x8000)
    out = io.BytesIO()
    image.save(out, "PNG")
    made = await pictures.fit(once(out.getvalue()), "image/png", [64])
    grey = Image.open(io.BytesIO(made.copies[0].webp)).convert("L").getpixel((30, 30))
    assert isinstance(grey, int)
    assert abs(grey - 128) < 4


async def test_turned_upright_and_rid_of_metadata(pictures: Pictures) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° clockwise to look at it
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 30.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = picture("JPEG", exif=exif, icc_profile=profile, comment=b"SecretComment")
    assert b"SecretCamera" in source
    made = await pictures.fit(once(source), "image/jpeg", [480])
    assert (made.width, made.height) == (500, 1000)
    copy = made.copies[0]
    assert (copy.width, copy.height) == (240, 480)
    for trace in (b"Secret", b"EXIF", b"ICCP", b"XMP "):
        assert trace not in copy.webp
    top = Image.open(io.BytesIO(copy.webp)).convert("RGB").getpixel((120, 20))
    assert isinstance(top, tuple)
    assert top[0] > top[2] + 80


@pytest.mark.parametrize("media_type", DECODERS)
async def test_measured_by_the_header_it_has_the_size_of_its_copies(
    pictures: Pictures, media_type: str
) -> None:
    source = picture(DECODERS[media_type])
    measured = await pictures.measure(once(source), media_type)
    assert (measured.width, measured.height, measured.copies) == (1000, 500, ())
    made = await pictures.fit(once(source), media_type, [480])
    assert (made.width, made.height) == (measured.width, measured.height)


async def test_what_lies_on_its_side_is_measured_upright(pictures: Pictures) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for form in ("JPEG", "PNG", "WEBP"):
        out = io.BytesIO()
        Image.new("RGB", (40, 30)).save(out, form, exif=exif)
        measured = await pictures.measure(once(out.getvalue()), f"image/{form.lower()}")
        assert (measured.width, measured.height) == (30, 40), form


async def test_measuring_does_not_wait_for_what_is_being_copied(pictures: Pictures) -> None:
    never = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        await never.wait()
        yield b""

    copying = asyncio.create_task(pictures.fit(stuck(), "image/png", EDGES))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(10):
        assert (await pictures.measure(once(picture("PNG")), "image/png")).width == 1000
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying


async def test_first_frame_of_a_moving_picture(pictures: Pictures) -> None:
    frames = [Image.new("RGB", (80, 80), c) for c in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=50)
    made = await pictures.fit(once(out.getvalue()), "image/gif", [480])
    shown = Image.open(io.BytesIO(made.copies[0].webp))
    assert getattr(shown, "n_frames", 1) == 1
    pixel = shown.convert("RGB").getpixel((40, 40))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200


async def test_large_photograph_within_little_memory(pictures: Pictures) -> None:
    made = await pictures.fit(once(picture("JPEG", (9000, 6000))), "image/jpeg", EDGES)
    assert (made.width, made.height) == (9000, 6000)
    assert made.copies[1].width == 1600


async def test_bomb_is_refused_before_it_goes_off(pictures: Pictures) -> None:
    source = bomb(30_000)
    assert len(source) < 200_000
    with pytest.raises(PictureUnreadable):
        await pictures.fit(once(source), "image/png", EDGES)


async def test_too_much_memory_ends_the_worker_only(pictures: Pictures) -> None:
    """Within the limit of pixels, but with a decoder that takes several times as much."""
    out = io.BytesIO()
    Image.new("RGB", (10_000, 5_990)).save(out, "WEBP", quality=1, method=0)
    with pytest.raises(PictureUnreadable):
        await pictures.fit(once(out.getvalue()), "image/webp", EDGES)
    assert (await pictures.fit(once(picture("PNG")), "image/png", [480])).width == 1000


@pytest.mark.parametrize("broken", ["cut", "empty", "noise", "other"])
async def test_broken_pictures(pictures: Pictures, broken: str) -> None:
    whole = picture("PNG", (300, 300))
    source = {
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "noise": whole[:40] + os.urandom(2000),
        "other": picture("BMP"),
    }[broken]
    with pytest.raises(PictureUnreadable):
        await pictures.fit(once(source), "image/png", EDGES)


@pytest.mark.parametrize("form", ["ICO", "TIFF", "PPM", "TGA", "ICNS", "PCX", "EPS"])
async def test_odd_kinds_are_no_pictures(pictures: Pictures, form: str) -> None:
    source = picture(form, (64, 64))
    assert picture_type(source[:HEAD]) is None
    with pytest.raises(PictureUnreadable):
        await pictures.portrait(source)
    for media_type in ("image/png", "image/jpeg", "image/bmp"):
        with pytest.raises(PictureUnreadable):
            await pictures.fit(once(source), media_type, EDGES)


async def test_unknown_media_type_starts_no_worker(pictures: Pictures) -> None:
    with pytest.raises(PictureUnreadable):
        await pictures.fit(once(b"8BPS" + bytes(100)), "image/vnd.adobe.photoshop", EDGES)


@pytest.mark.parametrize(
    "head", [b"BM on se voit demain", b"BMW", b"RIFF1234WAVE", b"", b"\xff\xd8", b"GIF88a"]
)
def test_what_only_looks_like_a_picture(head: bytes) -> None:
    assert picture_type(head) is None


async def test_portrait_is_a_square_from_the_middle(pictures: Pictures) -> None:
    made = Image.open(io.BytesIO(await pictures.portrait(picture("JPEG", (2000, 300)))))
    assert made.size == (PORTRAIT_EDGE, PORTRAIT_EDGE)
    tiny = Image.open(io.BytesIO(await pictures.portrait(picture("PNG", (3, 5)))))
    assert tiny.size == (PORTRAIT_EDGE, PORTRAIT_EDGE)
    thin = Image.open(io.BytesIO(await pictures.portrait(picture("PNG", (4000, 1)))))
    assert thin.size == (PORTRAIT_EDGE, PORTRAIT_EDGE)


async def test_too_many_bytes(pictures: Pictures) -> None:
    with pytest.raises(TooLarge):
        await pictures.portrait(b"\xff\xd8\xff" + bytes(PORTRAIT_MOST))

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(SOURCE_MOST // (1 << 20) + 1):
            yield bytes(1 << 20)

    with pytest.raises(TooLarge):
        await pictures.fit(endless(), "image/png", EDGES)


async def test_giving_up_ends_the_worker(pictures: Pictures) -> None:
    began = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"\x89PNG"
        began.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(pictures.fit(stuck(), "image/png", EDGES))
    await began.wait()
    assert workers()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not workers()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF"])
def test_where_the_door_cannot_be_closed_the_limits_do(form: str) -> None:
    """On a machine whose system calls we do not know pictures are made all the same, without opening a file."""
    code = f"""
import sys
sys.path.insert(0, {str(Path(reencode.__file__).parent)!r})
import reencode
reencode.MACHINES.clear()
sys.argv[1:] = [{form!r}, "fit", "480"]
sys.exit(reencode.main())
"""
    source = picture(form, mode="P" if form == "GIF" else "RGB")
    made = subprocess.run([sys.executable, "-I", "-c", code], check=False, input=source, capture_output=True)
    assert made.returncode == 0
    assert b'"width": 1000' in made.stdout.split(b"\n", 1)[0]


@pytest.mark.skipif(
    os.uname().machine not in reencode.MACHINES, reason="the list of system calls is not known here"
)
@pytest.mark.parametrize(
    "act",
    [
        "open('/etc/passwd').read()",
        "__import__('socket').socket()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 0)",
        "os.stat('/etc')",
    ],
)
def test_a_taken_over_worker_can_do_nothing(act: str) -> None:
    """What a hostile decoder would try, tried from inside after the door is closed."""
    code = f"""
import os, socket, sys
sys.path.insert(0, {str(Path(reencode.__file__).parent)!r})
import reencode
reencode.confine()
try:
    {act}
except OSError:
    os._exit(7)
os._exit(0)
"""
    assert subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode == 7
