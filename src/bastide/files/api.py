"""Files over HTTP. Originals go out as attachments that nothing may run; only our own copies are shown."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.params import Parameter
from litestar.response import Stream
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_201_CREATED,
    HTTP_204_NO_CONTENT,
    HTTP_206_PARTIAL_CONTENT,
    HTTP_304_NOT_MODIFIED,
    HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE,
)

from bastide.core.content import Plain
from bastide.core.errors import Interrupted
from bastide.core.http.problems import answer
from bastide.core.policy import Actor
from bastide.files.errors import RangeUnsatisfiable, UploadInterrupted
from bastide.files.model import FilePage, FileView
from bastide.files.ranges import Range, asked, attachment
from bastide.files.service import PAGE_MOST, Bytes, Files
from bastide.files.sniff import ACTIVE, UNKNOWN

AnyRequest = Request[Any, Any, Any]

# Should a browser show it all the same: without scripts, without our cookies, without loading anything.
_LOCKED = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
}


class SpaceFilesController(Controller):
    """The files of a space."""

    path = "/api/spaces/{space_id:uuid}/files"
    tags = ["files"]

    @get()
    async def page(
        self,
        actor: Actor,
        files: Files,
        space_id: UUID,
        after: Annotated[str | None, Parameter(max_length=100)] = None,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MOST)] = 50,
    ) -> FilePage:
        """A page of a space's files, newest first; `after` is the `next` of the page before."""
        return await files.page(actor, space_id, after=after, most=limit)

    @post(status_code=HTTP_201_CREATED, request_max_body_size=None)
    async def upload(
        self,
        request: AnyRequest,
        actor: Actor,
        files: Files,
        space_id: UUID,
        name: str,
        client_id: UUID,
        *,
        waiting: bool = False,
    ) -> FileView:
        """Put a file there: the request's body is its bytes. Repeated with the same client id it is one file.

        With `waiting` it is for a message, and only its uploader's until that is sent, or a day has gone by.
        """
        return await files.upload(
            actor,
            space_id,
            Plain(name),
            client_id,
            incoming(request),
            request.content_length,
            waiting=waiting,
        )


class FilesController(Controller):
    """One file."""

    path = "/api/files/{file_id:uuid}"
    tags = ["files"]

    @get()
    async def view(self, actor: Actor, files: Files, file_id: UUID) -> FileView:
        """What is known of a file."""
        return await files.get(actor, file_id)

    @delete(status_code=HTTP_204_NO_CONTENT)
    async def remove(self, actor: Actor, files: Files, file_id: UUID) -> None:
        """Remove a file."""
        await files.remove(actor, file_id)

    @get("/content")
    async def content(
        self, request: AnyRequest, actor: Actor, files: Files, file_id: UUID
    ) -> Stream | Response[bytes]:
        """Download a file, or a range of it."""
        what = await files.content(actor, file_id)
        tag = _tag(what)
        headers = _LOCKED | {
            "content-disposition": attachment(what.file.name.text),
            "cache-control": "private, no-store",
            "accept-ranges": "bytes",
            "etag": tag,
        }
        try:
            part = asked(request.headers.get("range"), what.size)
        except RangeUnsatisfiable as error:
            refusal = answer(request, error)
            refusal.headers |= {"content-range": f"bytes */{what.size}"}
            refusal.status_code = HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE
            return refusal
        if request.headers.get("if-range", tag) != tag:
            part = None
        whole = part is None
        part = part or Range(0, what.size)
        headers["content-length"] = str(part.end - part.start)
        if not whole:
            headers["content-range"] = f"bytes {part.start}-{part.end - 1}/{what.size}"
        return Stream(
            await files.open(what, part.start, part.end),
            status_code=HTTP_200_OK if whole else HTTP_206_PARTIAL_CONTENT,
            media_type=_label(what.file.media_type),
            headers=headers,
        )

    @get("/preview/{edge:int}")
    async def preview(
        self, request: AnyRequest, actor: Actor, files: Files, file_id: UUID, edge: int
    ) -> Response[bytes]:
        """Our own copy of a picture. It may be kept, and is asked for again each time: the rule decides each time."""
        what = await files.preview(actor, file_id, edge)
        headers = _LOCKED | {"cache-control": "private, no-cache", "etag": _tag(what)}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers, media_type="image/webp")
        body = b"".join([chunk async for chunk in await files.open(what)])
        return Response(body, media_type="image/webp", headers=headers)


CONTROLLERS = (SpaceFilesController, FilesController)


async def incoming(request: AnyRequest) -> AsyncIterator[bytes]:
    """The body of a request as it comes in; how long it may take is bounded at the entry.

    Raises:
        UploadInterrupted: the other side went away, or said nothing for too long.
    """
    more = True
    while more:
        try:
            message = await request.receive()
        except Interrupted as error:
            raise UploadInterrupted from error
        if message["type"] != "http.request":
            raise UploadInterrupted
        if message["body"]:
            yield message["body"]
        more = message["more_body"]


def _tag(what: Bytes) -> str:
    return f'"{what.hash.hex()}"'


def _label(media_type: str) -> str:
    """How a download is labelled: nothing that a browser would run or read as text."""
    return UNKNOWN if media_type in ACTIVE or media_type.startswith("text/") else media_type
