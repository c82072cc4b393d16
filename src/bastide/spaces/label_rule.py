"""What the rule says of a space's label: who may have it, whom it keeps out, who may confirm."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from bastide.core.ground import Ground
from bastide.core.policy import (
    Action,
    Actor,
    Decision,
    Label,
    Place,
    Role,
    RuleName,
    SpaceKind,
    Strength,
)
from bastide.spaces.label_store import ChangeRow, Standing

PENDING_FOR = timedelta(days=7)


class LabelRule:
    """Questions to the policy about labels; it decides all of them, and nothing is done here."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def would_hold(self, actor: Actor, wanted: Place) -> Decision:
        """A label can be given where such a space could be made today."""
        return self._ground.access.would(actor, Action.SPACES_SPACE_CREATE, wanted, Role.MANAGER)

    def check_holds(self, actor: Actor, action: Action, wanted: Place) -> None:
        """`would_hold`, enforced and recorded as a refusal of the act."""
        decision = self.would_hold(actor, wanted)
        if not decision.allowed:
            self._ground.access.refuse(actor, action, decision, wanted.space_id)

    def must_become_team(self, actor: Actor, place: Place, label: Label) -> bool:
        """Whether a community could not stay open with a label."""
        return self.would_hold(actor, as_(place, label, place.kind)).rule is RuleName.COMMUNITY_LABEL

    def asks_passkey(self, actor: Actor, wanted: Place) -> bool:
        """Whether a password alone opens nothing there."""
        weak = msgspec.structs.replace(actor, strength=Strength.PASSWORD)
        decision = self._ground.access.would(weak, Action.SPACES_LABEL_READ, wanted, Role.MANAGER)
        return decision.rule is RuleName.STRONG_SIGN_IN

    def lost(self, wanted: Place, members: Sequence[Standing]) -> dict[UUID, Decision]:
        """Whom a label keeps out, by which rule, in the order in which they came."""
        answers: dict[tuple[object, ...], Decision] = {}
        lost: dict[UUID, Decision] = {}
        for member in members:
            stands = (member.kind, member.organisation_id, member.role)
            if stands not in answers:
                answers[stands] = self._ground.access.admits(
                    member.kind, member.organisation_id, Action.SPACES_SPACE_READ, wanted, member.role
                )
            if not answers[stands].allowed:
                lost[member.person_id] = answers[stands]
        return lost

    def confirmers(self, place: Place, managers: Sequence[Standing], *, but: UUID) -> list[UUID]:
        """Who else could confirm what somebody proposes."""
        return [
            m.person_id
            for m in managers
            if m.person_id != but and self._manages(m, Action.SPACES_LABEL_CONFIRM, place)
        ]

    def _manages(self, manager: Standing, action: Action, place: Place) -> bool:
        decision = self._ground.access.admits(
            manager.kind, manager.organisation_id, action, place, manager.role
        )
        return decision.allowed and not manager.suspended

    def would_confirm(self, actor: Actor, place: Place, row: ChangeRow) -> Decision:
        """What the rule says to a manager who confirms: nobody confirms their own proposal."""
        own = row.made_by == actor.person_id
        return self._ground.access.would(actor, Action.SPACES_LABEL_CONFIRM, place, Role.MANAGER, own=own)

    def is_over(self, row: ChangeRow) -> bool:
        """Whether a proposal's week is over."""
        return self._ground.clock.now() >= until(row)

    def stands(self, row: ChangeRow, place: Place, managers: Sequence[Standing]) -> bool:
        """Whether what is pending could still be confirmed: in time, and by who proposed it a manager still."""
        proposer = next((m for m in managers if m.person_id == row.made_by), None)
        return (
            not self.is_over(row)
            and proposer is not None
            and self._manages(proposer, Action.SPACES_LABEL_LOWER, place)
        )


def as_(place: Place, label: Label, kind: SpaceKind) -> Place:
    """A space as it would be."""
    return msgspec.structs.replace(place, label=label, kind=kind)


def until(row: ChangeRow) -> datetime:
    """When a proposal ends by itself."""
    return row.made_at + PENDING_FOR
