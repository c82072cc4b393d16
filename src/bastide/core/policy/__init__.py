"""The one rule about what may go where: `decide(Case) -> Decision`. Pure, total, table-driven."""

from bastide.core.policy.decide import decide
from bastide.core.policy.model import Actor, Case, Decision, Place
from bastide.core.policy.words import (
    Action,
    ActorKind,
    Duty,
    Label,
    Role,
    RuleName,
    SpaceKind,
    Strength,
    Tool,
    rank,
)

__all__ = [
    "Action",
    "Actor",
    "ActorKind",
    "Case",
    "Decision",
    "Duty",
    "Label",
    "Place",
    "Role",
    "RuleName",
    "SpaceKind",
    "Strength",
    "Tool",
    "decide",
    "rank",
]
