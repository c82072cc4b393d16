"""What is declared, in memory: kept true by the journal, and by the calendar, which ends things by itself."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from bastide.core.clock import Clock
from bastide.core.database import Reader
from bastide.core.events import Entry
from bastide.core.policy import (
    NOTHING_DECLARED,
    Approval,
    Declared,
    Holding,
    Holdings,
    HostingException,
    HostingProfile,
    Label,
    hold,
)
from bastide.hosting import store
from bastide.hosting.events import RuleChanged
from bastide.hosting.model import DeclarationRow, NewPartner, NewReading

T = TypeVar("T")
_LOOK_EVERY_S = 1.0


class Rulebook:
    """Answers what the instance may hold today. `moved` is told when an answer may have changed."""

    def __init__(self, clock: Clock, zone: ZoneInfo) -> None:
        self._clock = clock
        self._zone = zone
        self.standing: Sequence[DeclarationRow] = ()
        self.declared: Declared = NOTHING_DECLARED
        self.moved: Callable[[], None] = lambda: None
        self._partners: frozenset[tuple[UUID, UUID]] = frozenset()
        self._day = date.min
        self._day_ends = datetime.min.replace(tzinfo=zone)
        self._holdings: Holdings = hold(NOTHING_DECLARED, date.min)

    @property
    def today(self) -> date:
        """The day where the instance is: terms end with it."""
        return self._clock.now().astimezone(self._zone).date()

    def holding(self, label: Label) -> Holding:
        """What the instance may do today with spaces of a label."""
        if self._clock.now() >= self._day_ends:
            self._turn()
        return self._holdings[label]

    def partner(self, owner_id: UUID, other_id: UUID) -> bool:
        """Whether an organisation lets agents of another into its restricted spaces."""
        return (owner_id, other_id) in self._partners

    async def load(self, reader: Reader) -> None:
        """Fill from the database."""
        self._take(await store.standing(reader))

    def apply(self, entry: Entry) -> None:
        """Take in what was declared. Applying the same entry twice changes nothing."""
        if isinstance(entry.event, RuleChanged):
            self._take(entry.event.standing)
            self.moved()

    async def run(self) -> None:
        """Watch the calendar until cancelled: what ends at midnight is told then, not at the next act."""
        before = self._holdings
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._clock.now() >= self._day_ends:
                self._turn()
            if self._holdings is not before:
                changed = _answers(self._holdings) != _answers(before)
                before = self._holdings
                if changed:
                    self.moved()

    def _take(self, standing: Sequence[DeclarationRow]) -> None:
        self.standing = standing
        self.declared = declared_of(standing)
        self._partners = frozenset(
            (row.owner_id, body_of(row, NewPartner).partner_id)
            for row in standing
            if row.kind == "partner" and row.owner_id is not None
        )
        self._turn()

    def _turn(self) -> None:
        """Work out the day's answers."""
        self._day = self.today
        self._day_ends = datetime.combine(self._day + timedelta(days=1), time(), self._zone)
        self._holdings = hold(self.declared, self._day)


def _answers(holdings: Holdings) -> list[tuple[str, str]]:
    return [(h.state.value, h.reason) for h in holdings.values()]


def declared_of(standing: Sequence[DeclarationRow]) -> Declared:
    """Standing declarations as the policy takes them; of a kind that stands once, the newest."""
    declared = NOTHING_DECLARED
    for row in standing:
        match row.kind:
            case "profile":
                declared = msgspec.structs.replace(declared, profile=body_of(row, HostingProfile))
            case "reading":
                declared = msgspec.structs.replace(declared, reading=body_of(row, NewReading).reading)
            case "approval":
                declared = msgspec.structs.replace(declared, approval=body_of(row, Approval))
            case "exception":
                more = (*declared.exceptions, body_of(row, HostingException))
                declared = msgspec.structs.replace(declared, exceptions=more)
            case _:
                pass
    return declared


def body_of(row: DeclarationRow, kind: type[T]) -> T:
    """What a declaration says."""
    return msgspec.json.decode(row.body, type=kind)
