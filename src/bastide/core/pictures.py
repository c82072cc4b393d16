"""Pictures of strangers, made into copies of ours: WebP, upright, no metadata, in a process of their own.

Only such copies are ever shown in the application's origin. The work itself is in `reencode`.
"""

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from bastide.core.errors import Problem, TooLarge, Unavailable

SOURCE_MOST = 64 << 20
PORTRAIT_MOST = 8 << 20
PORTRAIT_EDGE = 256

# Media type → the one decoder that may read it. What else Pillow knows stays shut: EPS runs Ghostscript; ICO,
# PSD and TIFF hide other formats inside, and nobody needs a preview of them badly enough.
DECODERS = {
    "image/avif": "AVIF",
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
}
HEAD = 32

_WORKER = Path(__file__).with_name("reencode.py")
_UNREADABLE = 3
_ANSWER_MOST = 16 << 20
_PATIENCE_S = 60.0
_CHUNK = 256 << 10


class PictureUnreadable(Problem):
    """Not a picture of a kind that is shown, broken, or too many pixels."""

    status = 422
    code = "picture-unreadable"
    fr = "Cette image ne peut pas être lue."
    en = "This picture cannot be read."


class Copy(msgspec.Struct, frozen=True):
    """A copy whose longest side is at most `edge`; a small picture is not blown up. Sizes in pixels."""

    edge: int
    width: int
    height: int
    webp: bytes


class Copies(msgspec.Struct, frozen=True):
    """A picture's own size as it is looked at (upright), in pixels, and the copies in the order asked for."""

    width: int
    height: int
    copies: tuple[Copy, ...]


class _CopyLine(msgspec.Struct, frozen=True):
    edge: int
    width: int
    height: int
    size: int


class _Line(msgspec.Struct, frozen=True):
    width: int
    height: int
    copies: list[_CopyLine]


def picture_type(head: bytes) -> str | None:
    """The media type of a picture that we can show, from its first `HEAD` bytes; None for anything else."""
    for media_type, places in _MARKS:
        if all(head[start : start + len(options[0])] in options for start, options in places):
            return media_type
    return None


_Places = tuple[tuple[int, tuple[bytes, ...]], ...]
_BMP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 108, 124))
_MARKS: tuple[tuple[str, _Places], ...] = (
    ("image/png", ((0, (b"\x89PNG\r\n\x1a\n",)),)),
    ("image/jpeg", ((0, (b"\xff\xd8\xff",)),)),
    ("image/gif", ((0, (b"GIF87a", b"GIF89a")),)),
    ("image/webp", ((0, (b"RIFF",)), (8, (b"WEBP",)))),
    ("image/avif", ((4, (b"ftyp",)), (8, (b"avif", b"avis")))),
    # "BM" alone begins many a text: reserved bytes that are zero and the size of a known header must follow.
    ("image/bmp", ((0, (b"BM",)), (6, (bytes(4),)), (14, _BMP_HEADERS))),
)


class Pictures:
    """Runs one worker a picture. Few at once: each may take 768 MB for a moment (`reencode.MEMORY_MOST`)."""

    def __init__(self, *, at_once: int = 1) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._measuring = asyncio.Semaphore(at_once)

    async def measure(self, source: AsyncIterable[bytes], media_type: str) -> Copies:
        """A picture's size from its header, without copies; does not wait for those that are being copied.

        Args:
            source: the picture's bytes, at most `SOURCE_MOST`.
            media_type: what `picture_type` said of it.

        Raises:
            PictureUnreadable, TooLarge, Unavailable: see `fit`.
        """
        return await self._work(source, media_type, "measure", [], self._measuring)

    async def fit(self, source: AsyncIterable[bytes], media_type: str, edges: Sequence[int]) -> Copies:
        """Copies that fit into squares of `edges` pixels.

        Args:
            source: the picture's bytes, at most `SOURCE_MOST`.
            media_type: what `picture_type` said of it.
            edges: longest sides, in pixels.

        Raises:
            PictureUnreadable: it cannot or shall not be shown.
            TooLarge: more bytes than `SOURCE_MOST`.
            Unavailable: the machine could not do it now; try later.
        """
        return await self._work(source, media_type, "fit", edges, self._turns)

    async def portrait(self, source: bytes) -> bytes:
        """A square WebP of `PORTRAIT_EDGE` pixels, cut from the middle of the picture.

        Args:
            source: at most `PORTRAIT_MOST` bytes.

        Raises:
            PictureUnreadable, TooLarge, Unavailable: see `fit`.
        """
        if len(source) > PORTRAIT_MOST:
            raise TooLarge
        media_type = picture_type(source[:HEAD])
        if media_type is None:
            raise PictureUnreadable
        made = await self._work(_once(source), media_type, "square", [PORTRAIT_EDGE], self._turns)
        return made.copies[0].webp

    async def _work(
        self,
        source: AsyncIterable[bytes],
        media_type: str,
        shape: str,
        edges: Sequence[int],
        turns: asyncio.Semaphore,
    ) -> Copies:
        decoder = DECODERS.get(media_type)
        if decoder is None:
            raise PictureUnreadable
        async with turns:
            answer = await _run([decoder, shape, *map(str, edges)], source)
        line, _, rest = answer.partition(b"\n")
        told = msgspec.json.decode(line, type=_Line)
        copies: list[Copy] = []
        start = 0
        for copy in told.copies:
            copies.append(Copy(copy.edge, copy.width, copy.height, rest[start : start + copy.size]))
            start += copy.size
        return Copies(told.width, told.height, tuple(copies))


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _run(arguments: list[str], source: AsyncIterable[bytes]) -> bytes:
    try:
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            *(["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []),
            str(_WORKER),
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
        )
    except OSError as error:
        raise Unavailable(reason="pictures") from error
    try:
        async with asyncio.timeout(_PATIENCE_S):
            answer, _ = await asyncio.gather(_listen(worker), _feed(worker, source))
            code = await worker.wait()
    except TimeoutError as error:
        raise Unavailable(reason="pictures") from error
    finally:
        if worker.returncode is None:
            with suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()
    if code != 0:
        # `_UNREADABLE`, or killed by its own limits: either way this picture will not be better next time.
        raise PictureUnreadable(reason="limits" if code != _UNREADABLE else None)
    return answer


async def _feed(worker: asyncio.subprocess.Process, source: AsyncIterable[bytes]) -> None:
    stdin = worker.stdin
    if stdin is None:
        raise RuntimeError("the worker has no stdin")
    fed = 0
    # A worker that has seen enough to refuse hangs up.
    with suppress(BrokenPipeError, ConnectionResetError):
        async for chunk in source:
            fed += len(chunk)
            if fed > SOURCE_MOST:
                raise TooLarge
            stdin.write(chunk)
            await stdin.drain()
        stdin.close()
        await stdin.wait_closed()


async def _listen(worker: asyncio.subprocess.Process) -> bytes:
    stdout = worker.stdout
    if stdout is None:
        raise RuntimeError("the worker has no stdout")
    answer = bytearray()
    while chunk := await stdout.read(_CHUNK):
        answer += chunk
        if len(answer) > _ANSWER_MOST:
            worker.kill()
            raise PictureUnreadable(reason="limits")
    return bytes(answer)
