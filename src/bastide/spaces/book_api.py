"""The list of an organisation's spaces, over HTTP: for administrators."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.params import Parameter
from litestar.response import Stream

from bastide.core.policy import Actor, Label, SpaceKind
from bastide.spaces.book import Book
from bastide.spaces.book_model import Managed, SpaceBook
from bastide.spaces.book_store import Sought
from bastide.spaces.book_words import WORDS, Language


class SpaceBookController(Controller):
    """What spaces there are."""

    path = "/api/administration/spaces"
    tags = ["spaces"]

    @get()
    async def page(
        self,
        actor: Actor,
        book: Book,
        kind: SpaceKind | None = None,
        label: Label | None = None,
        managed: Managed | None = None,
        after: UUID | None = None,
        limit: Annotated[int, Parameter(ge=1, le=100)] = 100,
    ) -> SpaceBook:
        """Teams and communities, the newest first; the next page begins after the last one's id."""
        return await book.page(actor, Sought(kind, label, managed), after=after, most=limit)

    @get("/export")
    async def export(self, actor: Actor, book: Book, language: Language = "fr") -> Stream:
        """The whole list as a CSV file."""
        pieces = await book.export(actor, language)
        headers = {
            "content-disposition": f'attachment; filename="{WORDS[language].file}"',
            "cache-control": "no-store",
            "content-security-policy": "sandbox; default-src 'none'",
        }
        return Stream(pieces, media_type="text/csv; charset=utf-8", headers=headers)
