"""What administrators declare of an instance. Bastide records and applies it; it checks none of it and claims nothing."""

from datetime import date

import msgspec

from bastide.core.policy.readings import DEFAULT_READING
from bastide.core.policy.words import Hosting, Label, Reading


class HostingProfile(msgspec.Struct, frozen=True):
    """Where the instance lies. Of a commercial cloud two properties count, and only together.

    Attributes:
        hosting: own premises, the State's internal cloud, or a commercial cloud.
        qualified: SecNumCloud-qualified, or an equivalent European qualification.
        immune: out of reach of law outside the European Union.
        until: the last day for which it is declared; None: until somebody declares anew.
    """

    hosting: Hosting
    qualified: bool = False
    immune: bool = False
    until: date | None = None


class HostingException(msgspec.Struct, frozen=True):
    """A dated leave from R9, granted by a named authority.

    Attributes:
        authority: who granted it.
        granted_on: its first day.
        ceiling: the highest label that it covers; never restricted.
        offer_on: the day on which an acceptable offer became available, where that was said of this exception; said once,
            it binds every other one, too (`Declared.offered`).
        until: its own last day, when it has one; the reading's terms may end it sooner.
    """

    authority: str
    granted_on: date
    ceiling: Label = Label.SENSITIVE
    offer_on: date | None = None
    until: date | None = None


class Approval(msgspec.Struct, frozen=True):
    """What the instance was approved to hold (homologation).

    Attributes:
        authority: who approved it.
        ceiling: the highest label that it covers.
        since: its first day.
        until: its last day; three years at most.
        reviewed_on: the day of the last yearly review, None before the first.
    """

    authority: str
    ceiling: Label
    since: date
    until: date
    reviewed_on: date | None = None


class Declared(msgspec.Struct, frozen=True):
    """All that is declared of an instance and not taken back.

    Attributes:
        profile: where it lies.
        reading: how R9 is read.
        exceptions: leaves from R9.
        approval: what it was approved to hold; it may begin on a day to come.
        next_approval: the one that takes its place on its own first day, and not before.
        offer_on: the day on which an acceptable offer became available. It is a fact of the instance, and of no one exception.
    """

    profile: HostingProfile | None = None
    reading: Reading = DEFAULT_READING
    exceptions: tuple[HostingException, ...] = ()
    approval: Approval | None = None
    next_approval: Approval | None = None
    offer_on: date | None = None

    @property
    def offered(self) -> date | None:
        """Since when an acceptable offer exists, by all that is declared; the earliest."""
        known = [self.offer_on, *(exception.offer_on for exception in self.exceptions)]
        return min((day for day in known if day is not None), default=None)


NOTHING_DECLARED = Declared()
