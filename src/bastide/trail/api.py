"""The trail over HTTP."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK

from bastide.core.audit import Sought
from bastide.core.http.asked import Ordinal
from bastide.core.policy import Actor
from bastide.files.ranges import attachment
from bastide.trail.model import AuditPage, AuditVerdict
from bastide.trail.service import Trail

Outcome = Literal["done", "refused"]


class AuditController(Controller):
    """The audit, for those who answer for the instance."""

    path = "/api/audit"
    tags = ["audit"]

    @get()
    async def page(
        self,
        actor: Actor,
        trail: Trail,
        action: str | None = None,
        person_id: UUID | None = None,
        space_id: UUID | None = None,
        outcome: Outcome | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: Ordinal = None,
    ) -> AuditPage:
        """Lines, newest first; `since` and `until` are moments, the second not included."""
        allowed = None if outcome is None else outcome == "done"
        return await trail.page(actor, Sought(action, person_id, space_id, allowed, since, until, before))

    @post("/verify", status_code=HTTP_200_OK)
    async def verify(self, actor: Actor, trail: Trail, kept: str | None = None) -> AuditVerdict:
        """Recompute the whole chain, and look for the line whose hash was kept elsewhere."""
        return await trail.verify(actor, kept)

    @get("/export")
    async def export(self, actor: Actor, trail: Trail) -> Stream:
        """The whole chain, as lines of JSON."""
        pieces = await trail.export(actor)
        headers = {
            "content-disposition": attachment("bastide-audit.jsonl"),
            "cache-control": "no-store",
            "content-security-policy": "sandbox; default-src 'none'",
        }
        return Stream(pieces, media_type="application/x-ndjson", headers=headers)
