"""Declaring: who says what the instance is and may hold, recorded and applied at once."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Conflict, Invalid, NotFound, Unavailable
from bastide.core.events import Event
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.policy import (
    Action,
    Actor,
    Approval,
    Hosting,
    HostingException,
    HostingProfile,
    Label,
    Reading,
)
from bastide.core.policy.holding import approval_end, exception_end, months_after, review_due
from bastide.core.policy.readings import READINGS
from bastide.hosting import store
from bastide.hosting.events import RuleChanged, RuleFact
from bastide.hosting.model import (
    INSTANCE_STREAM,
    Declaration,
    DeclarationRow,
    DeclaredApproval,
    DeclaredException,
    DeclaredPartner,
    DeclaredProfile,
    DeclaredReading,
    Kind,
    LabelHolding,
    NewPartner,
    NewReading,
    RuleView,
)
from bastide.hosting.rulebook import Rulebook, body_of
from bastide.people.model import PersonCard
from bastide.people.service import People

_AUTHORITY_LEAST, _AUTHORITY_MOST = 2, 200
_APPROVAL_MONTHS_MOST = 36
_EXCEPTIONS_MOST = 20


class Declarer(msgspec.Struct, frozen=True):
    """Who declares: an administrator, or the operator at the machine's terminal (None)."""

    person_id: UUID | None
    fictitious: bool = False


OPERATOR = Declarer(None)


class HostingRule:
    """The use cases of hosting."""

    def __init__(self, ground: Ground, people: People, rulebook: Rulebook) -> None:
        self._ground = ground
        self._people = people
        self._rulebook = rulebook
        ground.registry.add_hydrated(RuleChanged, RuleFact, lambda _: RuleFact(), self._hydrate)

    # Reading.

    def view(self, actor: Actor) -> RuleView:
        """All that is declared, and what follows today."""
        self._ground.access.allow(actor, Action.HOSTING_DECLARATION_READ)
        return self.state()

    async def administrators(self, actor: Actor) -> list[PersonCard]:
        """Who may declare, those of one's own organisation first."""
        self._ground.access.allow(actor, Action.HOSTING_DECLARATION_READ)
        return await self._people.administrators(actor.organisation_id)

    def state(self) -> RuleView:
        """`view` for the terminal."""
        book, today = self._rulebook, self._rulebook.today
        declared, rows = book.declared, {row.kind: row for row in book.standing}
        profile = rows.get("profile")
        return RuleView(
            today=today,
            profile=DeclaredProfile(body_of(profile, HostingProfile), _declaration(profile))
            if profile
            else None,
            reading=_reading(declared.reading, rows.get("reading")),
            exceptions=[
                _exception(row, declared.reading) for row in book.standing if row.kind == "exception"
            ],
            approval=_approval(rows["approval"]) if "approval" in rows else None,
            partners=[
                DeclaredPartner(row.owner_id, body_of(row, NewPartner).partner_id, _declaration(row))
                for row in book.standing
                if row.kind == "partner" and row.owner_id is not None
            ],
            holdings=self.holdings(),
            fictitious=any(row.fictitious for row in book.standing),
        )

    def holdings(self) -> list[LabelHolding]:
        """What the instance may do today with spaces of each label."""
        return self._rulebook.views()

    # Declaring, by an administrator.

    async def declare_profile(self, actor: Actor, profile: HostingProfile) -> RuleView:
        """Say where the instance lies."""
        return await self.do_declare_profile(self._allowed(actor), profile)

    async def declare_reading(self, actor: Actor, reading: Reading) -> RuleView:
        """Say how R9 is read."""
        return await self.do_declare_reading(self._allowed(actor), reading)

    async def declare_approval(self, actor: Actor, approval: Approval) -> RuleView:
        """Say what the instance was approved to hold, or that it was reviewed."""
        return await self.do_declare_approval(self._allowed(actor), approval)

    async def declare_exception(self, actor: Actor, exception: HostingException) -> RuleView:
        """Say that an exception was granted."""
        return await self.do_declare_exception(self._allowed(actor), exception)

    async def withdraw_exception(self, actor: Actor, declaration_id: UUID) -> RuleView:
        """Say that an exception holds no more."""
        return await self.do_withdraw_exception(self._allowed(actor), declaration_id)

    async def withdraw_approval(self, actor: Actor) -> RuleView:
        """Say that the approval holds no more."""
        return await self.do_withdraw_approval(self._allowed(actor))

    async def admit_partner(self, actor: Actor, partner_id: UUID) -> RuleView:
        """Let the agents of another organisation into one's own organisation's restricted spaces."""
        by = self._allowed(actor)
        known = {o.id for o in await self._people.organisations()}
        if partner_id not in known or partner_id == actor.organisation_id:
            raise Invalid(field="partner_id")
        return await self.do_admit_partner(by, actor.organisation_id, partner_id)

    async def withdraw_partner(self, actor: Actor, declaration_id: UUID) -> RuleView:
        """Let them in no more."""
        by = self._allowed(actor)
        async with self._ground.database.transaction() as tx:
            await self._withdraw(tx, by, declaration_id, "partner", actor.organisation_id)
        return await self._now()

    # Declaring, for whoever has decided already: the terminal, the demo, the first administrator.

    async def do_declare_profile(self, by: Declarer, profile: HostingProfile) -> RuleView:
        """Say where the instance lies."""
        commercial = profile.hosting is Hosting.COMMERCIAL
        if not commercial and (profile.qualified or profile.immune):
            raise Invalid(field="qualified")  # properties of a commercial cloud, and of nothing else
        if profile.until is not None and profile.until < self._rulebook.today:
            raise Invalid(field="until")
        return await self._declare(by, "profile", profile)

    async def do_declare_reading(self, by: Declarer, reading: Reading) -> RuleView:
        """Say how R9 is read."""
        return await self._declare(by, "reading", NewReading(reading))

    async def do_declare_approval(self, by: Declarer, approval: Approval) -> RuleView:
        """Say what the instance was approved to hold, or that it was reviewed."""
        _check_authority(approval.authority)
        latest = months_after(approval.since, _APPROVAL_MONTHS_MOST) - timedelta(days=1)
        if not approval.since <= approval.until <= latest:
            raise Invalid(field="until")
        reviewed = approval.reviewed_on
        if reviewed is not None and not approval.since <= reviewed <= self._rulebook.today:
            raise Invalid(field="reviewed_on")
        return await self._declare(by, "approval", approval)

    async def do_declare_exception(self, by: Declarer, exception: HostingException) -> RuleView:
        """Say that an exception was granted."""
        _check_authority(exception.authority)
        if exception.ceiling is Label.RESTRICTED:
            raise Invalid(field="ceiling")
        if exception.granted_on > self._rulebook.today:
            raise Invalid(field="granted_on")
        if exception.until is not None and exception.until < exception.granted_on:
            raise Invalid(field="until")
        standing = [row for row in self._rulebook.standing if row.kind == "exception"]
        if len(standing) >= _EXCEPTIONS_MOST:
            raise Conflict(reason="too-many-exceptions")
        async with self._ground.database.transaction() as tx:
            await self._lock(tx)
            await self._add(tx, by, "exception", exception)
        return await self._now()

    async def do_admit_partner(self, by: Declarer, owner_id: UUID, partner_id: UUID) -> RuleView:
        """Let the agents of another organisation into an organisation's restricted spaces."""
        if self._rulebook.partner(owner_id, partner_id):
            return self.state()
        async with self._ground.database.transaction() as tx:
            await self._lock(tx)
            await self._add(tx, by, "partner", NewPartner(partner_id), owner_id=owner_id)
        return await self._now()

    async def do_withdraw_exception(self, by: Declarer, declaration_id: UUID) -> RuleView:
        """Say that an exception holds no more."""
        async with self._ground.database.transaction() as tx:
            await self._withdraw(tx, by, declaration_id, "exception", None)
        return await self._now()

    async def do_withdraw_approval(self, by: Declarer) -> RuleView:
        """Say that the approval holds no more."""
        async with self._ground.database.transaction() as tx:
            await self._lock(tx)
            await store.replace(tx, "approval", by=by.person_id, at=self._ground.clock.now())
            await self._tell(tx, by, "approval", "withdrawn")
        return await self._now()

    # Within.

    async def _now(self) -> RuleView:
        """What stands after a declaration, also where another process made one just before it."""
        with contextlib.suppress(Unavailable):  # it is declared all the same, and told a moment later
            await self._ground.bus.catch_up(INSTANCE_STREAM)
        return self.state()

    def _allowed(self, actor: Actor) -> Declarer:
        self._ground.access.allow(actor, Action.HOSTING_DECLARATION_MAKE)
        return Declarer(actor.person_id)

    async def _declare(self, by: Declarer, kind: Kind, body: msgspec.Struct) -> RuleView:
        async with self._ground.database.transaction() as tx:
            await self._lock(tx)
            await store.replace(tx, kind, by=by.person_id, at=self._ground.clock.now())
            await self._add(tx, by, kind, body)
        return await self._now()

    async def _lock(self, tx: Transaction) -> None:
        """One declaration at a time."""
        await self._ground.journal.lock(tx, [INSTANCE_STREAM])

    async def _add(
        self,
        tx: Transaction,
        by: Declarer,
        kind: Kind,
        body: msgspec.Struct,
        *,
        owner_id: UUID | None = None,
    ) -> None:
        text = msgspec.json.encode(body).decode()
        await store.add(
            tx,
            self._ground.ids.new(),
            kind,
            text,
            by=by.person_id,
            at=self._ground.clock.now(),
            owner_id=owner_id,
            fictitious=by.fictitious,
        )
        await self._tell(tx, by, kind, text)

    async def _withdraw(
        self, tx: Transaction, by: Declarer, declaration_id: UUID, kind: Kind, owner_id: UUID | None
    ) -> None:
        await self._lock(tx)
        at = self._ground.clock.now()
        if not await store.withdraw(tx, declaration_id, kind, owner_id=owner_id, by=by.person_id, at=at):
            raise NotFound
        await self._tell(tx, by, kind, f"withdrawn {declaration_id}")

    async def _tell(self, tx: Transaction, by: Declarer, kind: Kind, what: str) -> None:
        event = RuleChanged(standing=await store.standing(tx))
        await self._ground.journal.append(tx, [Happening(INSTANCE_STREAM, event, by.person_id)])
        line = Line(
            Action.HOSTING_DECLARATION_MAKE.value, True, by.person_id, detail={"kind": kind, "declared": what}
        )
        await self._ground.audit.record(tx, line)

    async def _hydrate(self, reader: Reader, facts: Sequence[RuleFact]) -> list[Event | None]:
        now = RuleChanged(standing=await store.standing(reader))
        return [now for _ in facts]


def _check_authority(authority: str) -> None:
    if not _AUTHORITY_LEAST <= len(authority.strip()) <= _AUTHORITY_MOST or not authority.isprintable():
        raise Invalid(field="authority")


def _declaration(row: DeclarationRow) -> Declaration:
    return Declaration(row.id, row.declared_by, row.by_name, row.declared_at, row.fictitious)


def _reading(reading: Reading, row: DeclarationRow | None) -> DeclaredReading:
    terms = READINGS[reading]
    return DeclaredReading(
        reading=reading,
        source=terms.source,
        binds_from=terms.binds_from,
        exceptions=terms.exceptions,
        exception_months=terms.exception_months,
        exception_source=terms.exception_source,
        declaration=_declaration(row) if row else None,
    )


def _exception(row: DeclarationRow, reading: Reading) -> DeclaredException:
    exception = body_of(row, HostingException)
    return DeclaredException(exception, exception_end(exception, READINGS[reading]), _declaration(row))


def _approval(row: DeclarationRow) -> DeclaredApproval:
    approval = body_of(row, Approval)
    return DeclaredApproval(approval, approval_end(approval), review_due(approval), _declaration(row))
