"""Serves the built window: its files from memory-mapped disk, and its page for every address that is the window's."""

import mimetypes
from pathlib import Path

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import File

from bastide.core.errors import NotFound

# Addresses that are not the window's, also where nothing answers.
_OTHERS = frozenset({"api", "rtc", "health", "metrics"})
_FOREVER = "public, max-age=31536000, immutable"


def window_routes(folder: Path) -> list[HTTPRouteHandler]:
    """The routes of the window, whose build lies in `folder`.

    Files under `assets/` carry their content's hash in their name and may be kept for ever; the page is always asked again.
    """
    root = folder.resolve()

    @get("/assets/{path:path}", include_in_schema=False)
    async def asset(path: str) -> File:
        return _file(root / "assets" / path.lstrip("/"), root, _FOREVER)

    @get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> File:
        name = path.strip("/")
        if name.partition("/")[0] in _OTHERS:
            raise NotFound
        if "." in name.rpartition("/")[2]:
            return _file(root / name, root, "no-cache")
        return _file(root / "index.html", root, "no-cache")

    @get("/", include_in_schema=False)
    async def first_page() -> File:
        return _file(root / "index.html", root, "no-cache")

    return [asset, page, first_page]


def _file(path: Path, root: Path, caching: str) -> File:
    """A file under the root and nowhere else."""
    try:
        real = path.resolve()
        found = real.is_relative_to(root) and real.is_file()
    except (ValueError, OSError) as error:  # a name that no file can have
        raise NotFound from error
    if not found:
        raise NotFound
    return File(
        path=real,
        media_type=mimetypes.guess_type(real.name)[0] or "application/octet-stream",
        content_disposition_type="inline",
        headers={"cache-control": caching},
    )
