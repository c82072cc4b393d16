"""What can go wrong with channels and messages."""

from bastide.core.errors import Conflict


class ChannelNameTaken(Conflict):
    """Another channel of the space has this name, but for accents and capitals."""

    code = "channel-name-taken"
    fr = "Un canal de cet espace porte déjà ce nom."
    en = "A channel of this space has this name already."


class ChannelsMost(Conflict):
    """A space has as many channels as it may."""

    code = "channels-most"
    fr = "Cet espace a déjà cent canaux, il ne peut pas en avoir plus."
    en = "This space has a hundred channels already, and cannot have more."


class MessageDeleted(Conflict):
    """A message that was deleted is not edited any more."""

    code = "message-deleted"
    fr = "Ce message a été supprimé."
    en = "This message was deleted."
