"""What hosting tells the house itself. Windows hear nothing of it: they are told to ask again for what they show."""

from typing import ClassVar

import msgspec

from bastide.core.events import Event
from bastide.hosting.model import DeclarationRow


class RuleChanged(Event, frozen=True, tag="hosting.rule.changed", kw_only=True):
    """Something was declared or withdrawn; `standing` is all that is declared now. In the instance's stream."""

    for_windows: ClassVar[bool] = False
    standing: list[DeclarationRow]


class RuleFact(msgspec.Struct, frozen=True):
    """The journal keeps that it changed; the declarations themselves are never changed."""
