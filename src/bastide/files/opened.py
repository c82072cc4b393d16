"""Where files may be told of to everybody who hears it: events and messages are the same bytes for a whole space."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from uuid import UUID

from bastide.core.database import Reader
from bastide.core.policy import (
    Action,
    ActorKind,
    Case,
    Decision,
    Holding,
    HoldingState,
    Place,
    Role,
    RuleName,
    Strength,
    decide,
)
from bastide.files import store


async def open_spaces(reader: Reader, ids: Iterable[UUID]) -> set[UUID]:
    """Those of some spaces where whoever may be there may read files, as the policy decides by what the reader sees."""
    wanted = set(ids)
    return {place.space_id for place in await store.places(reader, wanted) if _is_open(place)}


# What differs from one to the other, or from one day to the next, is decided for each who hears: here only what the space is.
_HELD = Holding(HoldingState.OPEN, RuleName.ALLOWED, "held")


@lru_cache(maxsize=4096)
def _is_open(place: Place) -> bool:
    return all(
        _asked(Action.FILES_FILE_READ, kind, role, place).allowed
        for kind, role in product(ActorKind, Role)
        if _asked(Action.SPACES_SPACE_READ, kind, role, place).allowed
    )


def _asked(action: Action, kind: ActorKind, role: Role, place: Place) -> Decision:
    return decide(Case(action, kind, role, place, strength=Strength.PASSKEY, foreign=False, holding=_HELD))
