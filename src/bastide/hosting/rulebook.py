"""What is declared, in memory: kept true by the journal, and by the calendar, which ends things by itself."""

import asyncio
import hashlib
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
from bastide.hosting.model import DeclarationRow, Kind, LabelHolding, NewOffer, NewPartner, NewReading

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
        self._day_ends = datetime.min.replace(tzinfo=zone)
        self._holdings: Holdings = hold(NOTHING_DECLARED, date.min)
        self._views: list[LabelHolding] = []
        self._told = _answers(self._holdings)
        self._version = ""

    @property
    def version(self) -> str:
        """Names what is declared and what follows of it today; the same in every process that has heard the same."""
        self._keep_up()
        return self._version

    @property
    def today(self) -> date:
        """The day where the instance is: terms end with it."""
        return self._clock.now().astimezone(self._zone).date()

    def holding(self, label: Label) -> Holding:
        """What the instance may do today with spaces of a label."""
        self._keep_up()
        return self._holdings[label]

    def views(self) -> list[LabelHolding]:
        """The same for each label, with what follows by itself. Not to be changed."""
        self._keep_up()
        return self._views

    def partner(self, owner_id: UUID, other_id: UUID) -> bool:
        """Whether an organisation lets agents of another into its restricted spaces."""
        return (owner_id, other_id) in self._partners

    async def load(self, reader: Reader) -> None:
        """Fill from the database."""
        self._take(await store.standing(reader))
        self._told = _answers(self._holdings)

    def apply(self, entry: Entry) -> None:
        """Take in what was declared. Applying the same entry twice changes nothing."""
        if isinstance(entry.event, RuleChanged):
            self._take(entry.event.standing)
            self._tell()

    async def run(self) -> None:
        """Watch the calendar until cancelled: what ends at midnight is told then, not at the next act."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            self._keep_up()
            # An act may have turned the day before this looked; what was declared is told already.
            if _answers(self._holdings) != self._told:
                self._tell()

    def _tell(self) -> None:
        self._told = _answers(self._holdings)
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

    def _keep_up(self) -> None:
        if self._clock.now() >= self._day_ends:
            self._turn()

    def _turn(self) -> None:
        """Work out the day's answers, once: every act and every snapshot asks for them."""
        today = self.today
        self._day_ends = datetime.combine(today + timedelta(days=1), time(), self._zone)
        self._holdings = hold(self.declared, today)
        self._views = [view_of(self.declared, label, holding) for label, holding in self._holdings.items()]
        named = [sorted(str(row.id) for row in self.standing), _answers(self._holdings)]
        self._version = hashlib.sha256(msgspec.json.encode(named)).hexdigest()[:16]


def view_of(declared: Declared, label: Label, holding: Holding) -> LabelHolding:
    """What may be held of a label on a day, and what follows by itself."""
    then = hold(declared, holding.until + timedelta(days=1))[label] if holding.until is not None else None
    return LabelHolding(
        label=label,
        state=holding.state,
        rule=holding.rule,
        reason=holding.reason,
        also=list(holding.also),
        until=holding.until,
        then_state=then.state if then else None,
        then_reason=then.reason if then else None,
    )


def _answers(holdings: Holdings) -> list[tuple[str, ...]]:
    return [(h.state.value, h.reason, *h.also) for h in holdings.values()]


def declared_of(standing: Sequence[DeclarationRow]) -> Declared:
    """Standing declarations as the policy takes them; of a kind that stands once, the newest."""
    declared = NOTHING_DECLARED
    for row in standing:
        match row.kind:
            case "profile":
                declared = msgspec.structs.replace(declared, profile=body_of(row, HostingProfile))
            case "reading":
                declared = msgspec.structs.replace(declared, reading=body_of(row, NewReading).reading)
            case "offer":
                declared = msgspec.structs.replace(declared, offer_on=body_of(row, NewOffer).since)
            case "exception":
                more = (*declared.exceptions, body_of(row, HostingException))
                declared = msgspec.structs.replace(declared, exceptions=more)
            case _:
                pass
    first, *others = [body_of(row, Approval) for row in approvals_of(standing)] or [None]
    return msgspec.structs.replace(declared, approval=first, next_approval=others[-1] if others else None)


def approvals_of(standing: Sequence[DeclarationRow]) -> list[DeclarationRow]:
    """Approvals that stand, in the order in which they begin: the one in force and the one that is to follow it."""
    rows = [row for row in standing if row.kind == "approval"]
    return sorted(rows, key=lambda row: body_of(row, Approval).since)


def replaced(
    standing: Sequence[DeclarationRow], kind: Kind, body: msgspec.Struct, today: date
) -> list[DeclarationRow]:
    """The declarations whose place a new one takes.

    An approval that begins on a day to come leaves the one in force where it is, and takes the place of what else was to
    follow; one that has begun leaves what is to follow.
    """
    if not isinstance(body, Approval):
        return [row for row in standing if row.kind == kind]
    rows = approvals_of(standing)
    begun = [row for row in rows if body_of(row, Approval).since <= today]
    if body.since <= today:
        return begun
    return [row for row in rows if row not in begun[-1:]]


def body_of(row: DeclarationRow, kind: type[T]) -> T:
    """What a declaration says."""
    return msgspec.json.decode(row.body, type=kind)
