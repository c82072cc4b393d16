"""A request as handlers get it: what cannot be read in it is the asker's mistake."""

from typing import Any

from litestar import Request

from bastide.core.errors import Invalid


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
