"""Exports over HTTP: asked for, then fetched by the browser itself, which writes it straight to the disk."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.response import Stream
from litestar.status_codes import HTTP_201_CREATED

from bastide.core.http.problems import language
from bastide.core.policy import Actor
from bastide.export.model import ExportTicket
from bastide.export.service import Exports
from bastide.files.ranges import attachment

AnyRequest = Request[Any, Any, Any]


class ExportsController(Controller):
    """A space's content as one ZIP, for its managers."""

    path = "/api/spaces/{space_id:uuid}/exports"
    tags = ["export"]

    @post(status_code=HTTP_201_CREATED)
    async def prepare(
        self, request: AnyRequest, actor: Actor, exports: Exports, space_id: UUID
    ) -> ExportTicket:
        """Ask for it; in the language of the request."""
        asked = language(request.headers.get("accept-language", ""))
        return await exports.prepare(actor, space_id, "en" if asked == "en" else "fr")

    @get("/{export_id:uuid}")
    async def fetch(self, actor: Actor, exports: Exports, space_id: UUID, export_id: UUID) -> Stream:
        """Fetch it, once. A fetch that stops early gives no whole ZIP."""
        outgoing = await exports.fetch(actor, space_id, export_id)
        headers = {
            "content-disposition": attachment(outgoing.name),
            "cache-control": "no-store",
            "content-security-policy": "sandbox; default-src 'none'",
        }
        return Stream(outgoing.pieces, media_type="application/zip", headers=headers)
