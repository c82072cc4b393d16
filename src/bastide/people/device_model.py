"""The words of the devices that somebody is signed in on."""

from datetime import datetime
from uuid import UUID

import msgspec

from bastide.people.session_store import Means
from bastide.people.user_agent import Browser, System


class OwnSession(msgspec.Struct, frozen=True):
    """One of one's own living sessions. `seen_at` is true to within some minutes.

    `shared`: on a machine that others use too; `connected`: a window of it is open now; `current`: it is the one that asks.
    """

    id: UUID
    browser: Browser
    system: System
    shared: bool
    means: Means
    created_at: datetime
    seen_at: datetime
    connected: bool
    current: bool
