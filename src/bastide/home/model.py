"""What a window starts from."""

import msgspec

from bastide.chat.model import OwnChannel
from bastide.hosting.model import LabelHolding
from bastide.meet.model import CallView
from bastide.people.model import Organisation, PersonCard
from bastide.spaces.model import OwnSpace


class Snapshot(msgspec.Struct, frozen=True):
    """All of one moment: the spaces one may see, their channels and calls, the people these name.

    `cursor` is the seq of one's own stream; each space has its own. Events after these complete it.
    `holdings`: what the instance may do today with spaces of each label. When that moves, windows are told to ask anew.
    `rule` names the rule under which all this was read; a socket's `welcome` names the one that holds then.
    """

    cursor: int
    organisations: list[Organisation]
    people: list[PersonCard]
    spaces: list[OwnSpace]
    channels: list[OwnChannel]
    calls: list[CallView]
    holdings: list[LabelHolding]
    rule: str


class SpaceSnapshot(msgspec.Struct, frozen=True):
    """The part of a snapshot that belongs to one space: for a space gained, or after `reload`."""

    space: OwnSpace
    people: list[PersonCard]
    channels: list[OwnChannel]
    call: CallView | None
