"""A request as handlers get it: what cannot be read in it is the asker's mistake."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.params import Parameter

from bastide.core.errors import Invalid

# A place in an order that the database counts (a bigint), to begin a page at.
Ordinal = Annotated[int | None, Parameter(ge=0, le=1 << 62)]
_NUL = b"%00"


async def check_query(request: Request[Any, Any, Any]) -> None:
    """Before any handler: the database keeps no text with a NUL in it, and would not look for one either.

    Raises:
        Invalid: the query string has one.
    """
    query = request.scope["query_string"]
    if _NUL in query:
        named = (name for name, text in parse_qsl(query.decode("latin-1")) if "\0" in text)
        raise Invalid(field=next(named, None))


class Asked(Request[Any, Any, Any]):
    """Litestar's request; it would take a text that is no UTF-8 for a mistake of ours."""

    async def json(self) -> Any:
        """The body, read as JSON.

        Raises:
            Invalid: its texts are no UTF-8.
        """
        try:
            return await super().json()
        except UnicodeDecodeError as error:
            raise Invalid from error
