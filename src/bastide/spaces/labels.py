"""A space's label: raising it at once, lowering it with a reason and, from sensitive down, a second manager."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.content import Content, Plain, checked
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Conflict, Invalid, NotFound
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.policy import (
    Action,
    Actor,
    Decision,
    Duty,
    Label,
    Place,
    Role,
    SpaceKind,
    rank,
)
from bastide.people.model import PersonCard
from bastide.people.service import People
from bastide.spaces import label_store, store
from bastide.spaces.errors import ProposalOver, ProposalPending, ProposerGone, SoleManager
from bastide.spaces.events import LabelChangeMoved, MemberRemoved, SpaceChanged, SpaceLost
from bastide.spaces.label_rule import PENDING_FOR, LabelRule, as_, until
from bastide.spaces.label_seams import Ending, WithoutPasskey
from bastide.spaces.label_store import ChangeRow
from bastide.spaces.losses import Losses
from bastide.spaces.model import (
    ChangeState,
    LabelBook,
    LabelChangeView,
    LabelEffects,
    LabelLowering,
    LabelRaise,
    Loss,
    OwnSpace,
    hindrance_of,
)
from bastide.spaces.service import Spaces

REASON_LEAST, REASON_MOST = 10, 500
NAMED_MOST, CHANGES_MOST = 100, 20
_TRIES = 5


class _More(msgspec.Struct, frozen=True):
    """More people lose their place than were locked: nothing was done, begin again with these."""

    people: set[UUID]


class Labels:
    """The use cases of labels. `endings` and `without_passkey` are filled by the trades that have such things."""

    def __init__(self, ground: Ground, people: People, spaces: Spaces, losses: Losses) -> None:
        self._ground = ground
        self._people = people
        self._spaces = spaces
        self._losses = losses
        self._rule = LabelRule(ground)
        self.endings: list[Ending] = []
        self.without_passkey: WithoutPasskey | None = None
        ground.registry.add(LabelChangeMoved)
        ground.jobs.every("37 * * * *", "spaces.expire_proposals", self.expire)

    # Reading.

    async def book(self, actor: Actor, space_id: UUID) -> LabelBook:
        """A space's label with what is proposed and what was changed, for its managers."""
        place = self._ground.access.space(actor, Action.SPACES_LABEL_READ, space_id).place
        async with self._ground.database.snapshot() as reader:
            managers = await label_store.standings(reader, space_id, Role.MANAGER)
            rows = await label_store.latest(reader, space_id, CHANGES_MOST)
            waiting = await label_store.pending(reader, space_id)
            named = {i for row in rows for i in (row.made_by, row.settled_by) if i is not None}
            people = await self._people.cards_of(reader, sorted(named))
        pending = waiting if waiting and self._rule.stands(waiting, place, managers) else None
        return LabelBook(
            label=place.label,
            pending=_view(pending) if pending else None,
            may_confirm=pending is not None and self._rule.would_confirm(actor, place, pending).allowed,
            others=len(self._rule.confirmers(place, managers, but=actor.person_id)),
            changes=[_view(row) for row in rows if row.state != ChangeState.PENDING],
            people=people,
        )

    async def effects(self, actor: Actor, space_id: UUID, label: Label) -> LabelEffects:
        """What giving a space another label would do. Nothing is done, and nothing recorded.

        Raises:
            Invalid: it is the label that the space has.
        """
        place = self._ground.access.space(actor, Action.SPACES_LABEL_READ, space_id).place
        if label is place.label:
            raise Invalid(field="label")
        raises = rank(label) > rank(place.label)
        becomes_team = self._rule.must_become_team(actor, place, label)
        wanted = as_(place, label, SpaceKind.TEAM if becomes_team else place.kind)
        acting = self._ground.access.would(
            actor, Action.SPACES_LABEL_RAISE if raises else Action.SPACES_LABEL_LOWER, place, Role.MANAGER
        )
        holding = self._rule.would_hold(actor, wanted)
        async with self._ground.database.snapshot() as reader:
            members = await label_store.standings(reader, space_id)
            lost = self._rule.lost(wanted, members)
            staying = [m.person_id for m in members if m.person_id not in lost]
            asked = raises and self._rule.asks_passkey(actor, wanted)
            bare = None
            if asked and self.without_passkey is not None:
                without = await self.without_passkey(reader, staying)
                bare = [person_id for person_id in staying if person_id in without]
            cards = await self._cards(reader, [*list(lost)[:NAMED_MOST], *(bare or [])[:NAMED_MOST]])
            invited = (
                [name for e in self.endings for name in await e.ending(reader, space_id, label)]
                if raises
                else []
            )
        hindering = next((d for d in (acting, holding) if not d.allowed), None)
        told = self._ground.access.told(actor, hindering, place) if hindering else None
        managers = [m for m in members if m.role is Role.MANAGER]
        return LabelEffects(
            before=place.label,
            after=label,
            hindrance=hindrance_of(told) if told else None,
            becomes_team=becomes_team,
            losing=[Loss(cards[i], kept.rule) for i, kept in list(lost.items())[:NAMED_MOST]],
            losing_count=len(lost),
            passkey=asked,
            without_passkey=None if bare is None else [cards[i] for i in bare[:NAMED_MOST]],
            without_passkey_count=None if bare is None else len(bare),
            invited=invited[:NAMED_MOST],
            invitations=len(invited),
            second_manager=not raises and Duty.SECOND_MANAGER in acting.duties,
            others=len(self._rule.confirmers(place, managers, but=actor.person_id)),
        )

    # Raising.

    async def raise_label(self, actor: Actor, space_id: UUID, wanted: LabelRaise) -> OwnSpace:
        """Give a space a stricter label, at once. Whom it keeps out is no member any more, in the same transaction.

        The label that the space has already is no act. A lowering that was pending is overtaken.

        Raises:
            Invalid: a less strict label.
            Refused: not a manager; the instance may not hold the label; or a community that does not become a team.
            Conflict: people came and went too quickly to put out those who lose their place.
        """
        place = self._ground.access.space(actor, Action.SPACES_LABEL_RAISE, space_id).place
        async with self._ground.database.read() as reader:
            members = await label_store.standings(reader, space_id)
        locked = set(self._rule.lost(as_(place, wanted.label, place.kind), members))
        for _ in range(_TRIES):
            async with self._ground.database.transaction() as tx:
                more = await self._try_raise(tx, actor, space_id, wanted, locked)
            if more is None:
                return await self._spaces.own(actor, space_id)
            locked |= more.people
        raise Conflict(reason="members-move")

    async def _try_raise(
        self, tx: Transaction, actor: Actor, space_id: UUID, wanted: LabelRaise, locked: set[UUID]
    ) -> _More | None:
        """All streams are locked at once, in the order of their ids; who else loses their place only shows under the lock."""
        place = await self._hold(tx, actor, Action.SPACES_LABEL_RAISE, space_id, locked)
        if wanted.label is place.label:
            return None
        if rank(wanted.label) < rank(place.label):
            raise Invalid(field="label")
        turns = wanted.as_team and self._rule.must_become_team(actor, place, wanted.label)
        then = as_(place, wanted.label, SpaceKind.TEAM if turns else place.kind)
        self._rule.check_holds(actor, Action.SPACES_LABEL_RAISE, then)
        members = await label_store.standings(tx, space_id)
        lost = self._rule.lost(then, members)
        if not locked.issuperset(lost):
            return _More(set(lost))
        row = await label_store.add(
            tx,
            self._ground.ids.new(),
            space_id,
            place.label,
            then.label,
            None,
            by=actor.person_id,
            at=self._ground.clock.now(),
            state=ChangeState.DONE,
        )
        happenings = await self._put_out(tx, actor, then, lost, count=len(members))
        lines = [
            Line(
                Action.SPACES_MEMBER_REMOVE.value,
                True,
                actor.person_id,
                space_id,
                detail={"member": str(person_id), "label_change": str(row.id)},
            )
            for person_id in lost
        ]
        for ending in self.endings:
            ended = await ending.end(tx, space_id, then.label, actor.person_id)
            happenings += ended.happenings
            lines += ended.lines
        happenings += await self._give(tx, actor.person_id, then, row)
        await self._ground.journal.append(tx, happenings)
        detail = {"from": place.label.value, "to": then.label.value, "label_change": str(row.id)}
        if then.kind is not place.kind:
            detail["kind"] = then.kind.value
        raised = Line(Action.SPACES_LABEL_RAISE.value, True, actor.person_id, space_id, detail=detail)
        await self._ground.audit.record(tx, raised, *lines)
        return None

    async def _put_out(
        self, tx: Transaction, actor: Actor, then: Place, lost: Mapping[UUID, Decision], *, count: int
    ) -> list[Happening]:
        """They hear that they lost the space and by which label, and nothing more of it."""
        if not lost:
            return []
        await label_store.remove_members(tx, then.space_id, list(lost))
        view = (await store.spaces(tx, [then.space_id]))[0].view()
        whys = {person_id: kept.reason for person_id, kept in lost.items()}
        told = await self._losses.do_note(tx, then.space_id, view.name, then.label, whys)
        happenings: list[Happening] = []
        for number, person_id in enumerate(lost, 1):
            removed = MemberRemoved(person_id=person_id, members_count=count - number, faces=view.faces)
            out = SpaceLost(space_id=then.space_id, why=told[person_id])
            happenings.append(Happening(then.space_id, removed, actor.person_id))
            happenings.append(Happening(person_id, out, actor.person_id))
        return happenings

    # Lowering.

    async def lower(self, actor: Actor, space_id: UUID, wanted: LabelLowering) -> LabelChangeView:
        """Give a space a less strict label: done at once, or proposed where the rule asks for a second manager.

        Raises:
            Invalid: a label that is not less strict; a reason of fewer than 10 or more than 500 characters.
            Refused: not a manager, or the instance may not hold the label.
            SoleManager: nobody else could confirm it.
            ProposalPending: another lowering waits already.
        """
        self._ground.access.space(actor, Action.SPACES_LABEL_LOWER, space_id)
        reason = _reason(wanted.reason)
        async with self._ground.database.transaction() as tx:
            place = await self._hold(tx, actor, Action.SPACES_LABEL_LOWER, space_id)
            if rank(wanted.label) >= rank(place.label):
                raise Invalid(field="label")
            then = as_(place, wanted.label, place.kind)
            self._rule.check_holds(actor, Action.SPACES_LABEL_LOWER, then)
            duties = self._ground.access.would(actor, Action.SPACES_LABEL_LOWER, place, Role.MANAGER).duties
            waits = Duty.SECOND_MANAGER in duties
            managers = await label_store.standings(tx, space_id, Role.MANAGER)
            before = await label_store.pending(tx, space_id)
            if before is not None and self._rule.stands(before, place, managers):
                raise ProposalPending
            if waits and not self._rule.confirmers(place, managers, but=actor.person_id):
                raise SoleManager
            happenings = await self._overtake(tx, actor.person_id, space_id)
            row = await label_store.add(
                tx,
                self._ground.ids.new(),
                space_id,
                place.label,
                then.label,
                reason,
                by=actor.person_id,
                at=self._ground.clock.now(),
                state=ChangeState.PENDING if waits else ChangeState.DONE,
            )
            if waits:
                happenings.append(_moved(row, ChangeState.PENDING, actor.person_id))
            else:
                happenings += await self._give(tx, actor.person_id, then, row)
            await self._ground.journal.append(tx, happenings)
            step = "proposed" if waits else "done"
            await self._record(tx, actor.person_id, Action.SPACES_LABEL_LOWER, row, step)
        return _view(row)

    async def confirm(self, actor: Actor, space_id: UUID, change_id: UUID) -> OwnSpace:
        """Lower the label that another manager proposed to lower. All is decided again.

        Raises:
            Refused: one's own proposal; not a manager; or the instance may not hold the label any more.
            ProposalOver: it was withdrawn, overtaken or done by somebody else, or its week is over.
            ProposerGone: who proposed it no longer manages the space.
        """
        self._ground.access.space(actor, Action.SPACES_LABEL_CONFIRM, space_id)
        async with self._ground.database.transaction() as tx:
            await self._ground.journal.lock(tx, [space_id])
            row = await self._find(tx, space_id, change_id)
            own = row.made_by == actor.person_id
            place = await self._hold(tx, actor, Action.SPACES_LABEL_CONFIRM, space_id, own=own)
            if row.state != ChangeState.DONE or row.settled_by != actor.person_id:
                await self._do_confirm(tx, actor, place, row)
        return await self._spaces.own(actor, space_id)

    async def _do_confirm(self, tx: Transaction, actor: Actor, place: Place, row: ChangeRow) -> None:
        if row.state != ChangeState.PENDING or self._rule.is_over(row) or row.before is not place.label:
            raise ProposalOver
        managers = await label_store.standings(tx, place.space_id, Role.MANAGER)
        if not self._rule.stands(row, place, managers):
            raise ProposerGone
        then = as_(place, row.after, place.kind)
        self._rule.check_holds(actor, Action.SPACES_LABEL_CONFIRM, then)
        now = self._ground.clock.now()
        await label_store.settle(tx, row.id, ChangeState.DONE, actor.person_id, now)
        await self._ground.journal.append(tx, await self._give(tx, actor.person_id, then, row))
        await self._record(tx, actor.person_id, Action.SPACES_LABEL_CONFIRM, row, "done")

    async def withdraw(self, actor: Actor, space_id: UUID, change_id: UUID) -> None:
        """Drop a proposal, one's own or another manager's. Once it is dropped, dropping it again is no act.

        Raises:
            ProposalOver: it was done meanwhile, or ended some other way.
        """
        self._ground.access.space(actor, Action.SPACES_LABEL_LOWER, space_id)
        async with self._ground.database.transaction() as tx:
            await self._hold(tx, actor, Action.SPACES_LABEL_LOWER, space_id)
            row = await self._find(tx, space_id, change_id)
            if row.state == ChangeState.WITHDRAWN:
                return
            if row.state != ChangeState.PENDING or self._rule.is_over(row):
                raise ProposalOver
            await self._drop(tx, actor.person_id, row, ChangeState.WITHDRAWN)

    async def expire(self) -> None:
        """Drop the proposals whose week is over."""
        async with self._ground.database.read() as reader:
            found = await label_store.old(reader, self._ground.clock.now() - PENDING_FOR)
        for row in found:
            async with self._ground.database.transaction() as tx:
                await self._ground.journal.lock(tx, [row.space_id])
                now = await label_store.find(tx, row.space_id, row.id)
                if now is not None and now.state == ChangeState.PENDING:
                    await self._drop(tx, None, now, ChangeState.EXPIRED)

    # Within.

    async def _hold(
        self,
        tx: Transaction,
        actor: Actor,
        action: Action,
        space_id: UUID,
        people: set[UUID] | None = None,
        *,
        own: bool = False,
    ) -> Place:
        """Lock the space and people's streams, and decide by what is true under the lock."""
        await self._ground.journal.lock(tx, [space_id, *(people or ())])
        rows = await store.spaces(tx, [space_id])
        if not rows:
            raise NotFound
        role = await store.find_role(tx, space_id, actor.person_id)
        space = rows[0].view()
        place = Place(space_id, space.organisation_id, space.kind, space.label, frozenset(space.tools))
        self._ground.access.check_at(actor, action, place, role, own=own)
        return place

    async def _find(self, reader: Reader, space_id: UUID, change_id: UUID) -> ChangeRow:
        row = await label_store.find(reader, space_id, change_id)
        if row is None:
            raise NotFound
        return row

    async def _give(self, tx: Transaction, by: UUID, then: Place, row: ChangeRow) -> list[Happening]:
        """Write the label; what happened is told to all, and to managers that their list of changes moved."""
        happenings = await self._overtake(tx, by, then.space_id)
        await label_store.set_label(tx, then.space_id, then.label, then.kind)
        view = (await store.spaces(tx, [then.space_id]))[0].view()
        return [
            *happenings,
            Happening(then.space_id, SpaceChanged(space=view), by),
            _moved(row, ChangeState.DONE, by),
        ]

    async def _overtake(self, tx: Transaction, by: UUID, space_id: UUID) -> list[Happening]:
        """What still waits is overtaken."""
        row = await label_store.pending(tx, space_id)
        if row is None:
            return []
        state = ChangeState.EXPIRED if self._rule.is_over(row) else ChangeState.OVERTAKEN
        await label_store.settle(tx, row.id, state, by, self._ground.clock.now())
        return [_moved(row, state, by)]

    async def _drop(self, tx: Transaction, by: UUID | None, row: ChangeRow, state: ChangeState) -> None:
        await label_store.settle(tx, row.id, state, by, self._ground.clock.now())
        await self._ground.journal.append(tx, [_moved(row, state, by)])
        await self._record(tx, by, Action.SPACES_LABEL_LOWER, row, state.value)

    async def _record(
        self, tx: Transaction, by: UUID | None, action: Action, row: ChangeRow, step: str
    ) -> None:
        detail = {
            "from": row.label_before,
            "to": row.label_after,
            "step": step,
            "label_change": str(row.id),
            "proposed_by": str(row.made_by),
        }
        await self._ground.audit.record(tx, Line(action.value, True, by, row.space_id, detail=detail))

    async def _cards(self, reader: Reader, ids: Sequence[UUID]) -> dict[UUID, PersonCard]:
        return {card.id: card for card in await self._people.cards_of(reader, ids)}


def _reason(reason: Content) -> Content:
    return checked(Plain(reason.text.strip()), field="reason", least=REASON_LEAST, most=REASON_MOST)


def _view(row: ChangeRow) -> LabelChangeView:
    return row.view(until(row) if row.state == ChangeState.PENDING else None)


def _moved(row: ChangeRow, state: ChangeState, by: UUID | None) -> Happening:
    return Happening(row.space_id, LabelChangeMoved(change_id=row.id, state=state), by)
