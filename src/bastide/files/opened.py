"""Where files may be told of to everybody who hears it: events and messages are the same bytes for a whole space."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from uuid import UUID

from bastide.core.database import Reader
from bastide.core.policy import Action, ActorKind, Case, Place, Role, decide
from bastide.files import store


async def open_spaces(reader: Reader, ids: Iterable[UUID]) -> set[UUID]:
    """Those of some spaces where whoever may be there may read files, as the policy decides by what the reader sees."""
    wanted = set(ids)
    return {place.space_id for place in await store.places(reader, wanted) if _is_open(place)}


@lru_cache(maxsize=4096)
def _is_open(place: Place) -> bool:
    return all(
        decide(Case(Action.FILES_FILE_READ, kind, role, place)).allowed
        for kind, role in product(ActorKind, Role)
        if decide(Case(Action.SPACES_SPACE_READ, kind, role, place)).allowed
    )
