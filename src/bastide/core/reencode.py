"""The process that opens one stranger's picture, makes copies of it and ends. Started by `pictures` alone.

Decoders are where hostile pictures strike, so this runs alone: no environment, no files, no network, no other
process (seccomp), little memory and time (rlimits), and the one decoder that it was told to use.

    python -I reencode.py DECODER fit|square EDGE…
    python -I reencode.py DECODER measure

The picture comes on stdin; on stdout go a line of JSON and the WebP copies. To measure is to read its header only.

Exit 0: all went well. Exit 3: this is no picture that we can or want to show.
"""

import contextlib
import copy
import ctypes
import io
import json
import math
import os
import platform
import resource
import struct
import sys
from pathlib import Path
from typing import Any, cast

# Every module that a decoder may want is loaded before the door is closed.
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageColor,
    ImageFilter,
    ImageOps,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

LOADED = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    ImageColor,
    ImageFilter,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    copy,
    TiffImagePlugin,  # EXIF is read with it; never asked to decode
    WebPImagePlugin,
)

PIXELS_MOST = 60_000_000
MEMORY_MOST = 768 << 20
SECONDS_MOST = 20
UNREADABLE = 3
_NOBODY = 65_534
_QUALITY = 82
_SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N")
_TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_ORIENTATION = 0x0112
_SRGB = cast("Any", ImageCms).createProfile("sRGB")  # Pillow leaves it untyped


def confine() -> None:
    """Give up everything but computing. What the system cannot do is left out; the limits always hold."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.nice(10)
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # a container may map no such user
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_MOST),
        (resource.RLIMIT_CPU, SECONDS_MOST),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(limit, (most, most))
    close_the_door()


# The system calls that stay, with their numbers on x86_64 and aarch64 (from the kernel's tables).
_STAY = {
    "brk": (12, 214),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "close": (3, 57),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getpid": (39, 172),
    "getrandom": (318, 278),
    "gettid": (186, 178),
    "lseek": (8, 62),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "read": (0, 63),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "tgkill": (234, 131),
    "write": (1, 64),
}
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH_…, place in the table
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # refuse with EPERM: a decoder may get over it


def close_the_door() -> None:
    """Refuse every system call that is not on the list, for good."""
    known = MACHINES.get(platform.machine())
    if known is None:
        return
    architecture, column = known
    numbers = [row[column] for row in _STAY.values()]
    steps = [
        (_LOAD, 0, 0, 4),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        *((_JUMP_IF_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(steps), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    for option, first, second in ((_PR_SET_NO_NEW_PRIVS, 1, None), (_PR_SET_SECCOMP, _FILTER, program)):
        if libc.prctl(option, ctypes.c_ulong(first), second, 0, 0) != 0:
            # A kernel without seccomp: the limits and the list of decoders must do.
            return


def opened(source: bytes, decoder: str) -> Image.Image:
    """The picture, its size checked, not decoded yet."""
    picture = Image.open(io.BytesIO(source), formats=[decoder])
    if picture.width * picture.height > PIXELS_MOST:
        raise ValueError("too many pixels")
    return picture


def shrunk(picture: Image.Image, edge: int, *, square: bool) -> Image.Image:
    """Decode, no larger than needed, upright and in a mode that WebP knows."""
    if square:
        side = min(picture.size)
        # Enough that the shorter side still fills the square.
        edge = edge * max(picture.size) // side + 1
    if picture.format in {"JPEG", "MPO"}:
        # Let the decoder itself leave out what is not needed.
        scale = 2 * edge / max(picture.size)
        picture.draft(None, (math.ceil(picture.width * scale), math.ceil(picture.height * scale)))
    picture.load()
    if picture.mode in _SIXTEEN_BITS:
        picture = picture.point(lambda value: value / 256).convert("L")
    elif picture.mode in {"P", "PA", "LA", "La", "RGBa"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode in {"1", "F"}:
        picture = picture.convert("L")
    picture.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = ImageOps.exif_transpose(picture)
    return coloured(picture)


def coloured(picture: Image.Image) -> Image.Image:
    """In sRGB: the profile goes with the other metadata, so its colours must be carried over first."""
    profile = picture.info.get("icc_profile")
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        # With a broken profile the colours are shown as they are.
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            ours = ImageCms.ImageCmsProfile(_SRGB)
            picture = ImageCms.profileToProfile(picture, theirs, ours, outputMode=mode) or picture
    return picture if picture.mode == mode else picture.convert(mode)


def webp(picture: Image.Image) -> bytes:
    """The copy's bytes: pixels only, whatever came with them."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def copies(source: bytes, decoder: str, shape: str, edges: list[int]) -> bytes:
    """The answer: a line of JSON about the copies, then their bytes one after the other."""
    picture = opened(source, decoder)
    width, height = upright(picture)
    made: list[tuple[int, Image.Image, bytes]] = []
    if not edges:
        return answer(width, height, made)
    largest = shrunk(picture, max(edges), square=shape == "square")
    for edge in edges:
        if shape == "square":
            small = ImageOps.fit(largest, (edge, edge), Image.Resampling.LANCZOS)
        else:
            small = largest.copy()
            small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        made.append((edge, small, webp(small)))
    return answer(width, height, made)


def upright(picture: Image.Image) -> tuple[int, int]:
    """A picture's width and height as it is looked at, from its header."""
    # Of a PNG without EXIF in its header Pillow would read all pixels to look for it behind them.
    known = picture.format != "PNG" or "exif" in picture.info
    if known and picture.getexif().get(_ORIENTATION) in _TURNED:
        return picture.height, picture.width
    return picture.size


def answer(width: int, height: int, made: list[tuple[int, Image.Image, bytes]]) -> bytes:
    """What goes to stdout."""
    told = {
        "width": width,
        "height": height,
        "copies": [
            {"edge": edge, "width": small.width, "height": small.height, "size": len(data)}
            for edge, small, data in made
        ],
    }
    return json.dumps(told).encode() + b"\n" + b"".join(data for _, _, data in made)


def main() -> int:
    """Do what the arguments say; gives the exit code."""
    decoder, shape, *edges = sys.argv[1:]
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # threads cannot be started in here
    Image.MAX_IMAGE_PIXELS = PIXELS_MOST
    Image.preinit()  # loads modules, too
    confine()
    try:
        told = copies(sys.stdin.buffer.read(), decoder, shape, [int(edge) for edge in edges])
    except Exception:  # noqa: BLE001 - decoders raise anything; whatever it was, there is nothing to show
        return UNREADABLE
    sys.stdout.buffer.write(told)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    os._exit(main())
