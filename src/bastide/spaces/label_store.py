"""The SQL of changes of a space's label."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.content import Content, restored, stored
from bastide.core.database import Reader, Transaction
from bastide.core.policy import ActorKind, Label, Role, SpaceKind
from bastide.spaces.model import ChangeState, LabelChangeView


class ChangeRow(msgspec.Struct, frozen=True):
    """A change's columns."""

    id: UUID
    space_id: UUID
    label_before: str
    label_after: str
    reason_format: int | None
    reason: bytes | None
    made_by: UUID
    made_at: datetime
    state: str
    settled_by: UUID | None
    settled_at: datetime | None

    @property
    def before(self) -> Label:
        return Label(self.label_before)

    @property
    def after(self) -> Label:
        return Label(self.label_after)

    def view(self, until: datetime | None) -> LabelChangeView:
        """As managers see it; `until`: when it ends by itself."""
        reason = None
        if self.reason_format is not None and self.reason is not None:
            reason = restored(self.reason_format, bytes(self.reason))
        return LabelChangeView(
            id=self.id,
            before=self.before,
            after=self.after,
            reason=reason,
            made_by=self.made_by,
            made_at=self.made_at,
            state=ChangeState(self.state),
            until=until,
            settled_by=self.settled_by,
            settled_at=self.settled_at,
        )


class Standing(msgspec.Struct, frozen=True):
    """What the policy asks about a member who is not the one who acts."""

    person_id: UUID
    role: Role
    kind: ActorKind
    organisation_id: UUID
    suspended: bool


_CHANGE = """
    id, space_id, label_before, label_after, reason_format, reason, made_by, made_at, state, settled_by, settled_at
"""


async def standings(reader: Reader, space_id: UUID, role: Role | None = None) -> list[Standing]:
    """All members of a space, or those of one role, in the order in which they came."""
    rows = await reader.rows(
        """
        select m.person_id, m.role, p.kind, p.organisation_id, p.suspended_at is not null
        from member m join person p on p.id = m.person_id
        where m.space_id = %(space)s and (%(role)s::text is null or m.role = %(role)s)
        order by m.joined_at, m.person_id
        """,
        space=space_id,
        role=role.value if role else None,
    )
    return [Standing(r[0], Role(r[1]), ActorKind(r[2]), r[3], r[4]) for r in rows]


async def remove_members(tx: Transaction, space_id: UUID, people: Sequence[UUID]) -> None:
    """Put several out."""
    await tx.run(
        "delete from member where space_id = %(space)s and person_id = any(%(people)s)",
        space=space_id,
        people=list(people),
    )


async def set_label(tx: Transaction, space_id: UUID, label: Label, kind: SpaceKind) -> None:
    """Give a space its label, and its kind; a team has no words to be found by."""
    await tx.run(
        "update space set label = %(label)s, kind = %(kind)s where id = %(space)s",
        space=space_id,
        label=label.value,
        kind=kind.value,
    )
    if kind is not SpaceKind.COMMUNITY:
        await tx.run("delete from space_words where space_id = %(space)s", space=space_id)


async def add(
    tx: Transaction,
    change_id: UUID,
    space_id: UUID,
    before: Label,
    after: Label,
    reason: Content | None,
    *,
    by: UUID,
    at: datetime,
    state: ChangeState,
) -> ChangeRow:
    """Put a change there, done or pending."""
    reason_format, body = (None, None) if reason is None else stored(reason)
    settled = state is not ChangeState.PENDING
    found = await tx.all(
        ChangeRow,
        f"""
        insert into label_change (id, space_id, label_before, label_after, reason_format, reason, made_by, made_at,
                                  state, settled_by, settled_at)
        values (%(id)s, %(space)s, %(before)s, %(after)s, %(format)s, %(body)s, %(by)s, %(at)s, %(state)s,
                %(settled_by)s, %(settled_at)s)
        returning {_CHANGE}
        """,
        id=change_id,
        space=space_id,
        before=before.value,
        after=after.value,
        format=reason_format,
        body=body,
        by=by,
        at=at,
        state=state.value,
        settled_by=by if settled else None,
        settled_at=at if settled else None,
    )
    return found[0]


async def settle(tx: Transaction, change_id: UUID, state: ChangeState, by: UUID | None, at: datetime) -> None:
    """Say how a pending change ended, and who ended it; nobody when time did."""
    await tx.run(
        """
        update label_change set state = %(state)s, settled_by = %(by)s, settled_at = %(at)s
        where id = %(id)s and state = 'pending'
        """,
        id=change_id,
        state=state.value,
        by=by,
        at=at,
    )


async def find(reader: Reader, space_id: UUID, change_id: UUID) -> ChangeRow | None:
    """A change of a space."""
    return await reader.one(
        ChangeRow,
        f"select {_CHANGE} from label_change where id = %(id)s and space_id = %(space)s",
        id=change_id,
        space=space_id,
    )


async def pending(reader: Reader, space_id: UUID) -> ChangeRow | None:
    """The change of a space that waits for a second manager."""
    return await reader.one(
        ChangeRow,
        f"select {_CHANGE} from label_change where space_id = %(space)s and state = 'pending'",
        space=space_id,
    )


async def latest(reader: Reader, space_id: UUID, most: int) -> list[ChangeRow]:
    """The last changes of a space, newest first."""
    return await reader.all(
        ChangeRow,
        f"""
        select {_CHANGE} from label_change where space_id = %(space)s
        order by made_at desc, id desc limit %(most)s
        """,
        space=space_id,
        most=most,
    )


async def old(reader: Reader, before: datetime) -> list[ChangeRow]:
    """What is pending since before a moment, in all spaces."""
    return await reader.all(
        ChangeRow,
        f"select {_CHANGE} from label_change where state = 'pending' and made_at <= %(before)s order by made_at",
        before=before,
    )
