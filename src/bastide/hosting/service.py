"""Declaring: who says what the instance is and may hold, recorded and applied at once."""

import contextlib
from collections.abc import Sequence
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Conflict, Invalid, NotFound, Unavailable
from bastide.core.events import Event
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.policy import Action, Actor, Approval, Declared, HostingException, HostingProfile, Reading
from bastide.hosting import store
from bastide.hosting.checks import (
    EXCEPTIONS_MOST,
    check_approval,
    check_exception,
    check_offer,
    check_profile,
)
from bastide.hosting.events import RuleChanged, RuleFact
from bastide.hosting.model import (
    INSTANCE_STREAM,
    DeclarationRow,
    Kind,
    LabelHolding,
    NewOffer,
    NewPartner,
    NewReading,
    RuleView,
    Trial,
    TrialView,
)
from bastide.hosting.rulebook import Rulebook, body_of, declared_of, replaced
from bastide.hosting.trial import effects
from bastide.hosting.views import rule_view, versions
from bastide.people.model import PersonCard
from bastide.people.service import People


class Declarer(msgspec.Struct, frozen=True):
    """Who declares: a security officer, or the operator at the machine's terminal (None)."""

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

    async def officers(self, actor: Actor) -> list[PersonCard]:
        """Who may declare, those of one's own organisation first."""
        self._ground.access.allow(actor, Action.HOSTING_DECLARATION_READ)
        return await self._people.officers(actor.organisation_id)

    def state(self) -> RuleView:
        """`view` for the terminal."""
        book = self._rulebook
        return rule_view(book.standing, self.holdings(), book.today)

    def holdings(self) -> list[LabelHolding]:
        """What the instance may do today with spaces of each label."""
        return self._rulebook.views()

    def version(self) -> str:
        """Names what the instance may hold today: another name where any right may be another."""
        return self._rulebook.version

    async def trial(self, actor: Actor, trial: Trial) -> TrialView:
        """What would follow of a declaration or a withdrawal. Nothing is declared by asking."""
        self._allowed(actor)
        standing, today = self._rulebook.standing, self._rulebook.today
        tried = self._tried(trial)
        async with self._ground.database.read() as reader:
            spaces = await store.spaces_by_label(reader)
        return TrialView(today, effects(declared_of(standing), declared_of(tried), today, spaces))

    # Declaring, by a security officer. `seen` is the version that they saw: where another stands, nothing is declared.

    async def declare_profile(
        self, actor: Actor, profile: HostingProfile, seen: str | None = None
    ) -> RuleView:
        """Say where the instance lies."""
        return await self.do_declare_profile(self._allowed(actor), profile, seen)

    async def declare_reading(self, actor: Actor, reading: Reading, seen: str | None = None) -> RuleView:
        """Say how R9 is read."""
        return await self.do_declare_reading(self._allowed(actor), reading, seen)

    async def declare_approval(self, actor: Actor, approval: Approval, seen: str | None = None) -> RuleView:
        """Say what the instance was approved to hold, or that it was reviewed."""
        return await self.do_declare_approval(self._allowed(actor), approval, seen)

    async def declare_exception(self, actor: Actor, exception: HostingException) -> RuleView:
        """Say that an exception was granted."""
        return await self.do_declare_exception(self._allowed(actor), exception)

    async def declare_offer(self, actor: Actor, offer: NewOffer, seen: str | None = None) -> RuleView:
        """Say since when an acceptable offer exists."""
        return await self.do_declare_offer(self._allowed(actor), offer, seen)

    async def withdraw(self, actor: Actor, kind: Kind, declaration_id: UUID) -> RuleView:
        """Say that an exception, an approval or an offer holds no more."""
        return await self.do_withdraw(self._allowed(actor), kind, declaration_id)

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
            await self._lock(tx)
            standing, owner_id = await store.standing(tx), actor.organisation_id
            named = [row for row in standing if row.id == declaration_id and row.kind == "partner"]
            if not named or named[0].owner_id != owner_id:
                raise NotFound
            # An earlier version could admit one several times: who is dismissed is not let in by another line.
            gone = _admissions(standing, owner_id, body_of(named[0], NewPartner).partner_id)
            await store.replace(tx, gone, by=by.person_id, at=self._ground.clock.now())
            await self._tell(tx, by, "partner", *(f"withdrawn {one}" for one in gone))
        return await self._now()

    # Declaring, for whoever has decided already: the terminal, the demo, the first administrator.

    async def do_declare_profile(
        self, by: Declarer, profile: HostingProfile, seen: str | None = None
    ) -> RuleView:
        """Say where the instance lies."""
        check_profile(profile, self._rulebook.today)
        return await self._declare(by, "profile", profile, seen)

    async def do_declare_reading(self, by: Declarer, reading: Reading, seen: str | None = None) -> RuleView:
        """Say how R9 is read."""
        return await self._declare(by, "reading", NewReading(reading), seen)

    async def do_declare_approval(
        self, by: Declarer, approval: Approval, seen: str | None = None
    ) -> RuleView:
        """Say what the instance was approved to hold, or that it was reviewed.

        One that begins on a day to come leaves the one in force standing until then.
        """
        check_approval(approval, self._rulebook.today)
        return await self._declare(by, "approval", approval, seen)

    async def do_declare_offer(self, by: Declarer, offer: NewOffer, seen: str | None = None) -> RuleView:
        """Say since when an acceptable offer exists: a fact of the instance, which ends every exception."""
        check_offer(offer, self._rulebook.today)
        return await self._declare(by, "offer", offer, seen)

    async def do_declare_exception(self, by: Declarer, exception: HostingException) -> RuleView:
        """Say that an exception was granted. An offer that it tells of is declared with it, and outlives it."""
        async with self._ground.database.transaction() as tx:
            await self._lock(tx)
            standing = await store.standing(tx)
            declared = declared_of(standing)
            check_exception(exception, declared, self._rulebook.today)
            if len(declared.exceptions) >= EXCEPTIONS_MOST:
                raise Conflict(reason="too-many-exceptions")
            if (offer := _new_offer(exception, declared)) is not None:
                await self._replace(tx, by, standing, "offer", offer)
            await self._add(tx, by, "exception", msgspec.structs.replace(exception, offer_on=None))
        return await self._now()

    async def do_admit_partner(self, by: Declarer, owner_id: UUID, partner_id: UUID) -> RuleView:
        """Let the agents of another organisation into an organisation's restricted spaces. Once is enough."""
        async with self._ground.database.transaction() as tx:
            await self._lock(tx)
            # Asked here: what this process has in memory may be older than what another has just declared.
            if not _admissions(await store.standing(tx), owner_id, partner_id):
                await self._add(tx, by, "partner", NewPartner(partner_id), owner_id=owner_id)
        return await self._now()

    async def do_withdraw(self, by: Declarer, kind: Kind, declaration_id: UUID) -> RuleView:
        """Say that a declaration holds no more. Raises NotFound where it does not stand."""
        async with self._ground.database.transaction() as tx:
            await self._lock(tx)
            at = self._ground.clock.now()
            if not await store.withdraw(tx, declaration_id, kind, by=by.person_id, at=at):
                raise NotFound
            await self._tell(tx, by, kind, f"withdrawn {declaration_id}")
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

    async def _declare(self, by: Declarer, kind: Kind, body: msgspec.Struct, seen: str | None) -> RuleView:
        async with self._ground.database.transaction() as tx:
            await self._lock(tx)
            standing = await store.standing(tx)
            if seen is not None and seen != getattr(versions(standing), kind):
                raise Conflict(reason="changed-meanwhile")
            await self._replace(tx, by, standing, kind, body)
        return await self._now()

    async def _replace(
        self,
        tx: Transaction,
        by: Declarer,
        standing: Sequence[DeclarationRow],
        kind: Kind,
        body: msgspec.Struct,
    ) -> None:
        """Declare something in the place of what it replaces."""
        gone = [row.id for row in replaced(standing, kind, body, self._rulebook.today)]
        await store.replace(tx, gone, by=by.person_id, at=self._ground.clock.now())
        await self._add(tx, by, kind, body)

    def _tried(self, trial: Trial) -> list[DeclarationRow]:
        """What would stand. Raises Invalid where it cannot be declared."""
        standing, today = list(self._rulebook.standing), self._rulebook.today
        if trial.withdraw is not None:
            return [row for row in standing if row.id != trial.withdraw]
        new: list[tuple[Kind, msgspec.Struct]] = []
        if trial.profile is not None:
            check_profile(trial.profile, today)
            new.append(("profile", trial.profile))
        if trial.reading is not None:
            new.append(("reading", NewReading(trial.reading)))
        if trial.approval is not None:
            check_approval(trial.approval, today)
            new.append(("approval", trial.approval))
        if trial.offer is not None:
            check_offer(trial.offer, today)
            new.append(("offer", trial.offer))
        for kind, body in new:
            gone = replaced(standing, kind, body, today)
            standing = [row for row in standing if row not in gone]
        if trial.exception is not None:
            check_exception(trial.exception, declared_of(standing), today)
            new.append(("exception", trial.exception))
        return [*standing, *(self._row(kind, body) for kind, body in new)]

    def _row(self, kind: Kind, body: msgspec.Struct) -> DeclarationRow:
        """A declaration that nobody has made."""
        text = msgspec.json.encode(body).decode()
        return DeclarationRow(
            self._ground.ids.new(), kind, None, text, False, None, "", self._ground.clock.now()
        )

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

    async def _tell(self, tx: Transaction, by: Declarer, kind: Kind, *what: str) -> None:
        event = RuleChanged(standing=await store.standing(tx))
        await self._ground.journal.append(tx, [Happening(INSTANCE_STREAM, event, by.person_id)])
        act = Action.HOSTING_DECLARATION_MAKE.value
        lines = [Line(act, True, by.person_id, detail={"kind": kind, "declared": one}) for one in what]
        await self._ground.audit.record(tx, *lines)

    async def _hydrate(self, reader: Reader, facts: Sequence[RuleFact]) -> list[Event | None]:
        now = RuleChanged(standing=await store.standing(reader))
        return [now for _ in facts]


def _admissions(standing: Sequence[DeclarationRow], owner_id: UUID, partner_id: UUID) -> list[UUID]:
    """The declarations by which an organisation lets another in."""
    return [
        row.id
        for row in standing
        if row.kind == "partner"
        and row.owner_id == owner_id
        and body_of(row, NewPartner).partner_id == partner_id
    ]


def _new_offer(exception: HostingException, declared: Declared) -> NewOffer | None:
    """The offer that an exception tells of, where none as early is known."""
    told, known = exception.offer_on, declared.offered
    return NewOffer(told) if told is not None and (known is None or told < known) else None
