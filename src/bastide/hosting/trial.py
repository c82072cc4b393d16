"""What a declaration would change, before anybody makes it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from bastide.core.policy import Declared, Label, hold, rank
from bastide.core.policy.holding import turns
from bastide.hosting.model import LabelEffect
from bastide.hosting.rulebook import view_of

Counts = Mapping[str, tuple[int, int]]


def effects(before: Declared, after: Declared, today: date, spaces: Counts) -> list[LabelEffect]:
    """Of each label the first day on which less is possible, and the first on which more is, by day.

    Args:
        before: all that is declared.
        after: the same with what is tried.
        today: days before it are over.
        spaces: how many spaces and direct conversations there are of each label.
    """
    days = sorted({today, *(day for day in (*turns(before), *turns(after)) if day > today)})
    found = [effect for label in Label for effect in _of_label(before, after, label, days, spaces)]
    return sorted(found, key=lambda effect: effect.since)


def _of_label(
    before: Declared, after: Declared, label: Label, days: list[date], spaces: Counts
) -> Iterator[LabelEffect]:
    told: set[bool] = set()
    many, directs = spaces.get(label.value, (0, 0))
    for day in days:
        stands, would = hold(before, day)[label], hold(after, day)[label]
        closes = rank(would.state) > rank(stands.state)
        if would.state is stands.state or closes in told:
            continue
        told.add(closes)
        yield LabelEffect(
            spaces=many,
            directs=directs,
            since=day,
            before=stands.state,
            after=view_of(after, label, would),
            closes=closes,
        )
