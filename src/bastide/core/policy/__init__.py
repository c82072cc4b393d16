"""The one rule about what may go where: `decide(Case) -> Decision`. Pure, total, table-driven.

`hold(Declared, day)` says what the instance may hold; its answer is part of each case.
"""

from bastide.core.policy.decide import decide
from bastide.core.policy.declarations import (
    NOTHING_DECLARED,
    Approval,
    Declared,
    HostingException,
    HostingProfile,
)
from bastide.core.policy.holding import Holding, Holdings, hold
from bastide.core.policy.model import Actor, Case, Decision, Place
from bastide.core.policy.words import (
    Action,
    ActorKind,
    Duty,
    HoldingState,
    Hosting,
    Label,
    Nature,
    Office,
    Reading,
    Role,
    RuleName,
    Source,
    SpaceKind,
    Strength,
    Tool,
    Way,
    rank,
)

__all__ = [
    "NOTHING_DECLARED",
    "Action",
    "Actor",
    "ActorKind",
    "Approval",
    "Case",
    "Decision",
    "Declared",
    "Duty",
    "Holding",
    "HoldingState",
    "Holdings",
    "Hosting",
    "HostingException",
    "HostingProfile",
    "Label",
    "Nature",
    "Office",
    "Place",
    "Reading",
    "Role",
    "RuleName",
    "Source",
    "SpaceKind",
    "Strength",
    "Tool",
    "Way",
    "decide",
    "hold",
    "rank",
]
