"""The words of spaces: people, a label and the tools they switched on."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

import msgspec

from bastide.core.content import EMPTY, Content
from bastide.core.policy import Action, Decision, Label, Place, Role, RuleName, Source, SpaceKind, Tool, Way
from bastide.people.model import PersonCard

# A direct of more people than this should be a team: it has a name and a life.
DIRECT_MOST = 9
FACES = 5


class SpaceView(msgspec.Struct, frozen=True):
    """A space as its members see it. `faces`: its longest-standing members, all of them in a direct."""

    id: UUID
    organisation_id: UUID
    kind: SpaceKind
    label: Label
    tools: list[Tool]
    name: Content
    description: Content
    created_at: datetime
    members_count: int
    faces: list[UUID]

    def place(self) -> Place:
        """The space as the policy asks about it."""
        return Place(self.id, self.organisation_id, self.kind, self.label, frozenset(self.tools))

    def told_to(self, abilities: Collection[Action]) -> Self:
        """The space as somebody sees it who may do only this: without its description where that is not to be read."""
        if Action.SPACES_DESCRIPTION_READ in abilities:
            return self
        return msgspec.structs.replace(self, description=EMPTY)


class OwnSpace(msgspec.Struct, frozen=True):
    """A space with what the reader is and may do in it; `cursor` is the seq of its journal that this shows.

    `barred`: how many of its members cannot come in any more (suspended, or an organisation that is no longer admitted).
    """

    space: SpaceView
    role: Role
    abilities: list[Action]
    cursor: int
    barred: int


class CommunityCard(msgspec.Struct, frozen=True):
    """A community as the directory of communities shows it to those who may join."""

    space: SpaceView
    joined: bool


class MemberView(msgspec.Struct, frozen=True):
    """A member of a space.

    `barred`: why they cannot come in any more, for whoever may put them out: the policy's reason, or `suspended`.
    """

    person_id: UUID
    role: Role
    joined_at: datetime
    barred: str | None


class MemberPlace(msgspec.Struct, frozen=True):
    """Where somebody stands in the list of members: those who manage the space first, then as they came."""

    manager: bool
    joined_at: datetime
    person_id: UUID


class NewSpace(msgspec.Struct, frozen=True):
    """What makes a team or a community. `client_id` makes a repeated request harmless."""

    client_id: UUID
    kind: SpaceKind
    label: Label
    tools: list[Tool]
    name: Content
    description: Content = EMPTY
    members: list[UUID] = []


class SpaceChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a manager changes; what is left out stays."""

    name: Content | None = None
    description: Content | None = None
    tools: list[Tool] | None = None


class NewDirect(msgspec.Struct, frozen=True):
    """The other people of a direct."""

    people: list[UUID]


class NewMembers(msgspec.Struct, frozen=True):
    """People to add, all with one role."""

    people: list[UUID]
    role: Role = Role.CONTRIBUTOR


class RoleChange(msgspec.Struct, frozen=True):
    """A member's new role."""

    role: Role


class OrphanSpace(msgspec.Struct, frozen=True):
    """A space that nobody can manage any more, as administrators see it: nothing that it holds, and not its name.

    `managers`: who managed it; `fit`: members who could, at most fifty, those who came first.
    """

    space_id: UUID
    kind: SpaceKind
    label: Label
    managers: list[PersonCard]
    fit: list[PersonCard]


class Appointment(msgspec.Struct, frozen=True):
    """Whom an administrator names as manager."""

    person_id: UUID


class LabelRaise(msgspec.Struct, frozen=True):
    """A stricter label. `as_team`: a community becomes a team with it, entered by invitation from then on."""

    label: Label
    as_team: bool = False


class LabelLowering(msgspec.Struct, frozen=True):
    """A less strict label, and why."""

    label: Label
    reason: Content


class ChangeState(StrEnum):
    """How a change of a label stands."""

    PENDING = "pending"  # waits for a second manager
    DONE = "done"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"  # the label changed meanwhile, or who proposed it manages no more


class LabelChangeView(msgspec.Struct, frozen=True):
    """A change of a space's label, done or proposed, as its managers see it.

    `reason` is None for raising, which asks for none; `until`: when a pending one ends by itself.
    """

    id: UUID
    before: Label
    after: Label
    reason: Content | None
    made_by: UUID
    made_at: datetime
    state: ChangeState
    until: datetime | None
    settled_by: UUID | None
    settled_at: datetime | None


class LabelBook(msgspec.Struct, frozen=True):
    """What managers see of a space's label.

    `pending` waits for a second manager; `may_confirm`: whoever asks may be that one. `others`: how many other managers
    there are who could confirm what the asker proposes. `changes`: the last ones, newest first; `people`: who made them.
    """

    label: Label
    pending: LabelChangeView | None
    may_confirm: bool
    others: int
    changes: list[LabelChangeView]
    people: list[PersonCard]


class Loss(msgspec.Struct, frozen=True):
    """Somebody whom another label would keep out, and the rule that does."""

    person: PersonCard
    rule: RuleName


class LostSpace(msgspec.Struct, frozen=True):
    """Why somebody lost a space: its name as they knew it, and the label it has from that moment on.

    `reason`: the policy's, of whom that label keeps out; `stay-over` when a guest's last day has passed.
    """

    id: UUID
    space_id: UUID
    name: Content
    label: Label
    reason: str


class Hindrance(msgspec.Struct, frozen=True):
    """A refusal told before the act: which rule, why, who set it, and what one may do instead."""

    rule: RuleName
    reason: str
    source: Source
    ways: list[Way]


def hindrance_of(decision: Decision) -> Hindrance:
    """A refusal as it is told beside the act."""
    return Hindrance(decision.rule, decision.reason, decision.source, list(decision.ways))


class RefusedMember(msgspec.Struct, frozen=True):
    """Somebody who cannot come in, of several; `hindrance` None: nobody here, or suspended.

    `guest`: a guest whom no rule keeps out; they come in by an invitation.
    """

    person_id: UUID
    hindrance: Hindrance | None
    guest: bool


class MembersAdded(msgspec.Struct, frozen=True):
    """Who is in now of those who were to be added, and who cannot come in."""

    added: list[UUID]
    refused: list[RefusedMember]


class LabelEffects(msgspec.Struct, frozen=True):
    """What giving a space another label would do.

    Attributes:
        before: the label it has.
        after: the label asked about.
        hindrance: why it cannot be given today; None when it can.
        becomes_team: a community would have to become a team with it.
        losing: members whom the label keeps out, those who came first, at most a hundred.
        losing_count: how many there are in all.
        passkey: everybody needs a passkey from then on.
        without_passkey: members who stay and have none, at most a hundred; None while nobody can tell.
        without_passkey_count: how many there are in all.
        invited: whose invitations would end, at most a hundred.
        invitations: how many there are in all.
        second_manager: another manager has to confirm it.
        others: how many other managers there are who could.
    """

    before: Label
    after: Label
    hindrance: Hindrance | None
    becomes_team: bool
    losing: list[Loss]
    losing_count: int
    passkey: bool
    without_passkey: list[PersonCard] | None
    without_passkey_count: int | None
    invited: list[str]
    invitations: int
    second_manager: bool
    others: int
