"""The table: what each act asks for. A new act without a row fails at import."""

import msgspec

from bastide.core.policy.words import Action, ActorKind, Duty, Role, SpaceKind, Tool

AGENTS = frozenset({ActorKind.AGENT})
PEOPLE = frozenset({ActorKind.AGENT, ActorKind.GUEST})
GROUPS = frozenset({SpaceKind.TEAM, SpaceKind.COMMUNITY})
ANYWHERE = frozenset(SpaceKind)
OPEN = frozenset({SpaceKind.COMMUNITY})


class Need(msgspec.Struct, frozen=True):
    """What an act asks for.

    Attributes:
        actors: kinds of actors that may try at all (the system may always).
        role: the least role in the space; None when the act asks for no membership.
        kinds: kinds of spaces where the act makes sense.
        tool: the tool that must be switched on.
        own: only what one made oneself.
        own_or: a role that may do it to what others made, too.
        duties: what the act owes when it is allowed.
    """

    actors: frozenset[ActorKind] = PEOPLE
    role: Role | None = None
    kinds: frozenset[SpaceKind] = ANYWHERE
    tool: Tool | None = None
    own: bool = False
    own_or: Role | None = None
    duties: tuple[Duty, ...] = ()


_AUDITED = (Duty.AUDIT,)

TABLE: dict[Action, Need] = {
    Action.CHAT_CHANNEL_CREATE: Need(role=Role.MANAGER, kinds=GROUPS, tool=Tool.CHAT),
    Action.CHAT_CHANNEL_EDIT: Need(role=Role.MANAGER, kinds=GROUPS, tool=Tool.CHAT),
    Action.CHAT_MESSAGE_DELETE: Need(role=Role.CONTRIBUTOR, tool=Tool.CHAT, own=True, own_or=Role.MANAGER),
    Action.CHAT_MESSAGE_EDIT: Need(role=Role.CONTRIBUTOR, tool=Tool.CHAT, own=True),
    Action.CHAT_MESSAGE_READ: Need(role=Role.READER, tool=Tool.CHAT),
    Action.CHAT_MESSAGE_SEND: Need(role=Role.CONTRIBUTOR, tool=Tool.CHAT),
    Action.FILES_FILE_READ: Need(role=Role.READER, tool=Tool.FILES),
    Action.FILES_FILE_REMOVE: Need(role=Role.CONTRIBUTOR, tool=Tool.FILES, own=True, own_or=Role.MANAGER),
    Action.FILES_FILE_UPLOAD: Need(role=Role.CONTRIBUTOR, tool=Tool.FILES),
    Action.MEET_CALL_JOIN: Need(role=Role.READER, tool=Tool.MEET),
    Action.MEET_CALL_READ: Need(role=Role.READER, tool=Tool.MEET),
    Action.MEET_CALL_SPEAK: Need(role=Role.CONTRIBUTOR, tool=Tool.MEET),
    Action.MEET_CALL_START: Need(role=Role.CONTRIBUTOR, tool=Tool.MEET),
    Action.PEOPLE_DIRECTORY_SEARCH: Need(actors=AGENTS),
    Action.PEOPLE_PROFILE_EDIT: Need(own=True),
    Action.SPACES_DIRECT_CREATE: Need(actors=AGENTS),
    Action.SPACES_LABEL_LOWER: Need(actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED),
    Action.SPACES_LABEL_RAISE: Need(actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED),
    Action.SPACES_MEMBER_ADD: Need(actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED),
    Action.SPACES_MEMBER_CHANGE: Need(actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED),
    Action.SPACES_MEMBER_LIST: Need(role=Role.READER),
    Action.SPACES_MEMBER_REMOVE: Need(actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED),
    Action.SPACES_SPACE_CREATE: Need(actors=AGENTS, duties=_AUDITED),
    Action.SPACES_SPACE_DISCOVER: Need(actors=AGENTS, kinds=OPEN),
    Action.SPACES_SPACE_EDIT: Need(actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED),
    Action.SPACES_SPACE_JOIN: Need(actors=AGENTS, kinds=OPEN),
    Action.SPACES_SPACE_LEAVE: Need(role=Role.READER, kinds=GROUPS),
    Action.SPACES_SPACE_READ: Need(role=Role.READER),
}

if missing := set(Action) - set(TABLE):
    raise RuntimeError(f"acts without a row in the table: {sorted(missing)}")
