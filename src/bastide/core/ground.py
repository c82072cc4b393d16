"""The ground floor in one struct, given to every service. Built in `app`."""

import msgspec

from bastide.core.access import Access, Memberships
from bastide.core.audit import Audit
from bastide.core.blobs import Blobs
from bastide.core.bus import Bus
from bastide.core.clock import Clock
from bastide.core.database import Database
from bastide.core.events import EventRegistry
from bastide.core.ids import Ids
from bastide.core.jobs import Jobs
from bastide.core.journal import Journal
from bastide.core.limits import Allowances


class Ground(msgspec.Struct, frozen=True):
    """What every trade stands on."""

    clock: Clock
    ids: Ids
    database: Database
    registry: EventRegistry
    journal: Journal
    bus: Bus
    memberships: Memberships
    access: Access
    audit: Audit
    blobs: Blobs
    jobs: Jobs
    allowances: Allowances
