"""The signalling sockets of devices in calls, as calls need them; who holds the sockets implements it."""

from typing import Protocol
from uuid import UUID

from bastide.meet.tokens import Identity


class Sockets(Protocol):
    """Open signalling sockets, each let in by `Admissions.admit`."""

    def cut(self, call_id: UUID, identity: Identity) -> None:
        """Close a device's sockets into a call, at once. Quick, and does not raise."""
        ...
