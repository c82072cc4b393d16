"""The tables: what each act asks for, what each state admits, who set each rule. A word without a row fails at import."""

import msgspec

from bastide.core.policy.words import (
    Action,
    ActorKind,
    Duty,
    HoldingState,
    Nature,
    Office,
    Role,
    RuleName,
    Source,
    SpaceKind,
    Tool,
    Way,
)

AGENTS = frozenset({ActorKind.AGENT})
PEOPLE = frozenset({ActorKind.AGENT, ActorKind.GUEST})
GROUPS = frozenset({SpaceKind.TEAM, SpaceKind.COMMUNITY})
ANYWHERE = frozenset(SpaceKind)
TEAMS = frozenset({SpaceKind.TEAM})
OPEN = frozenset({SpaceKind.COMMUNITY})


class Need(msgspec.Struct, frozen=True):
    """What an act asks for.

    Attributes:
        nature: what the act does to what the space holds; None for an act on no space.
        actors: kinds of actors that may try at all (the system may always).
        role: the least role in the space; None when the act asks for no membership.
        kinds: kinds of spaces where the act makes sense.
        tool: the tool that must be switched on.
        own: only what one made oneself.
        own_or: a role that may do it to what others made, too.
        others: only what somebody else made.
        offices: only who holds one of these.
        acting: only in administration, which is opened for a time.
        opens: it makes, shows or enters a community, which no label above internal allows.
        admits_guests: it lets guests in, which no label above internal allows.
        duties: what the act owes when it is allowed.
        duties_above_internal: what it owes besides in a space above internal.
    """

    nature: Nature | None = None
    actors: frozenset[ActorKind] = PEOPLE
    role: Role | None = None
    kinds: frozenset[SpaceKind] = ANYWHERE
    tool: Tool | None = None
    own: bool = False
    own_or: Role | None = None
    others: bool = False
    offices: frozenset[Office] = frozenset()
    acting: bool = False
    opens: bool = False
    admits_guests: bool = False
    duties: tuple[Duty, ...] = ()
    duties_above_internal: tuple[Duty, ...] = ()


_AUDITED = (Duty.AUDIT,)

# What is done by office: in administration, and recorded.
_ADMINISTRATORS, _OFFICERS = frozenset({Office.ADMINISTRATOR}), frozenset({Office.OFFICER})
_ADMINISTER = Need(actors=AGENTS, offices=_ADMINISTRATORS, acting=True, duties=_AUDITED)
_ANSWER = Need(actors=AGENTS, offices=_OFFICERS, acting=True, duties=_AUDITED)

_READ, _WRITE, _MANAGE = Nature.READ, Nature.WRITE, Nature.MANAGE

TABLE: dict[Action, Need] = {
    Action.AUDIT_TRAIL_READ: _ANSWER,
    Action.CHAT_CHANNEL_CREATE: Need(_WRITE, role=Role.MANAGER, kinds=GROUPS, tool=Tool.CHAT),
    Action.CHAT_CHANNEL_EDIT: Need(_WRITE, role=Role.MANAGER, kinds=GROUPS, tool=Tool.CHAT),
    Action.CHAT_MESSAGE_DELETE: Need(
        _WRITE, role=Role.CONTRIBUTOR, tool=Tool.CHAT, own=True, own_or=Role.MANAGER
    ),
    Action.CHAT_MESSAGE_EDIT: Need(_WRITE, role=Role.CONTRIBUTOR, tool=Tool.CHAT, own=True),
    Action.CHAT_MESSAGE_READ: Need(_READ, role=Role.READER, tool=Tool.CHAT),
    Action.CHAT_MESSAGE_SEND: Need(_WRITE, role=Role.CONTRIBUTOR, tool=Tool.CHAT),
    Action.FILES_FILE_READ: Need(_READ, role=Role.READER, tool=Tool.FILES),
    Action.FILES_FILE_REMOVE: Need(
        _WRITE, role=Role.CONTRIBUTOR, tool=Tool.FILES, own=True, own_or=Role.MANAGER
    ),
    Action.FILES_FILE_UPLOAD: Need(_WRITE, role=Role.CONTRIBUTOR, tool=Tool.FILES),
    Action.HOSTING_DECLARATION_MAKE: _ANSWER,
    Action.HOSTING_DECLARATION_READ: Need(actors=AGENTS),
    Action.MEET_CALL_JOIN: Need(_WRITE, role=Role.READER, tool=Tool.MEET),
    Action.MEET_CALL_READ: Need(_READ, role=Role.READER, tool=Tool.MEET),
    Action.MEET_CALL_SPEAK: Need(_WRITE, role=Role.CONTRIBUTOR, tool=Tool.MEET),
    Action.MEET_CALL_START: Need(_WRITE, role=Role.CONTRIBUTOR, tool=Tool.MEET),
    Action.PEOPLE_ADMINISTRATION_OPEN: Need(actors=AGENTS, offices=frozenset(Office), duties=_AUDITED),
    Action.PEOPLE_ADMINISTRATOR_APPOINT: _ADMINISTER,
    Action.PEOPLE_AGENT_INVITE: _ADMINISTER,
    Action.PEOPLE_BOOK_EXPORT: _ADMINISTER,
    Action.PEOPLE_DIRECTORY_SEARCH: Need(actors=AGENTS),
    # By officers alone: an administrator who could name one would be one.
    Action.PEOPLE_OFFICER_APPOINT: _ANSWER,
    Action.PEOPLE_PASSWORD_RESET: _ADMINISTER,
    Action.PEOPLE_PERSON_SUSPEND: _ADMINISTER,
    Action.PEOPLE_PROFILE_EDIT: Need(own=True),
    # On no space: what spaces there are, and nothing of what they hold.
    Action.SPACES_BOOK_EXPORT: _ADMINISTER,
    Action.SPACES_BOOK_READ: _ADMINISTER,
    Action.SPACES_DESCRIPTION_READ: Need(_READ, role=Role.READER),
    Action.SPACES_DIRECT_CREATE: Need(_WRITE, actors=AGENTS),
    Action.SPACES_GUEST_INVITE: Need(
        _WRITE, actors=AGENTS, role=Role.MANAGER, kinds=TEAMS, admits_guests=True, duties=_AUDITED
    ),
    Action.SPACES_LABEL_CONFIRM: Need(
        _MANAGE, actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, others=True, duties=_AUDITED
    ),
    Action.SPACES_LABEL_LOWER: Need(
        _MANAGE,
        actors=AGENTS,
        role=Role.MANAGER,
        kinds=GROUPS,
        duties=(Duty.AUDIT, Duty.REASON),
        duties_above_internal=(Duty.SECOND_MANAGER,),
    ),
    # Asked for the label that the space has and for the one it is to get: it will be one more space of that label.
    Action.SPACES_LABEL_RAISE: Need(
        _WRITE, actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, opens=True, duties=_AUDITED
    ),
    Action.SPACES_LABEL_READ: Need(_MANAGE, actors=AGENTS, role=Role.MANAGER, kinds=GROUPS),
    # On no space: an administrator does it from outside, and it shows nothing of what is in.
    Action.SPACES_MANAGER_APPOINT: _ADMINISTER,
    Action.SPACES_MEMBER_ADD: Need(_WRITE, actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED),
    Action.SPACES_MEMBER_CHANGE: Need(
        _MANAGE, actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED
    ),
    Action.SPACES_MEMBER_LIST: Need(Nature.STAND, role=Role.READER),
    Action.SPACES_MEMBER_REMOVE: Need(
        _MANAGE, actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED
    ),
    Action.SPACES_SPACE_CREATE: Need(_WRITE, actors=AGENTS, opens=True, duties=_AUDITED),
    Action.SPACES_SPACE_DISCOVER: Need(Nature.STAND, actors=AGENTS, kinds=OPEN, opens=True),
    Action.SPACES_SPACE_EDIT: Need(_WRITE, actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED),
    Action.SPACES_SPACE_EXPORT: Need(
        Nature.EXPORT, actors=AGENTS, role=Role.MANAGER, kinds=GROUPS, duties=_AUDITED
    ),
    Action.SPACES_SPACE_JOIN: Need(_WRITE, actors=AGENTS, kinds=OPEN, opens=True),
    Action.SPACES_SPACE_LEAVE: Need(Nature.STAND, role=Role.READER, kinds=GROUPS),
    Action.SPACES_SPACE_READ: Need(Nature.STAND, role=Role.READER),
}

# What may still be done with what a space holds, by what the instance may do with its label.
ADMITS: dict[HoldingState, frozenset[Nature]] = {
    HoldingState.OPEN: frozenset(Nature),
    HoldingState.READ_ONLY: frozenset(Nature) - {Nature.WRITE},
    HoldingState.CLOSED: frozenset({Nature.STAND, Nature.MANAGE, Nature.EXPORT}),
}

# Who set a rule, and what somebody whom it refused may do instead.
SOURCES: dict[RuleName, Source] = {
    RuleName.MEMBERSHIP: Source.SPACE,
    RuleName.ACTOR: Source.BASTIDE,
    RuleName.GUEST_LABEL: Source.BASTIDE,
    RuleName.PARTNER: Source.ORGANISATION,
    RuleName.SPACE_KIND: Source.BASTIDE,
    RuleName.COMMUNITY_LABEL: Source.BASTIDE,
    # No text that Bastide knows says where restricted information may be hosted: this one is its own.
    RuleName.HOSTING_RESTRICTED: Source.BASTIDE,
    RuleName.HOSTING: Source.LAW,
    RuleName.APPROVAL: Source.INSTANCE,
    RuleName.STRONG_SIGN_IN: Source.BASTIDE,
    RuleName.OFFICE: Source.BASTIDE,
    RuleName.ADMINISTRATION: Source.BASTIDE,
    RuleName.TOOL_OFF: Source.SPACE,
    RuleName.ROLE: Source.SPACE,
    RuleName.AUTHORSHIP: Source.BASTIDE,
    RuleName.SECOND_MANAGER: Source.BASTIDE,
    RuleName.ALLOWED: Source.BASTIDE,
}
# The law asks where data lies; that nothing is declared of it, or no more, is the instance's own doing.
SOURCES_OF_REASONS: dict[str, Source] = {
    "undeclared": Source.INSTANCE,
    "profile-lapsed": Source.INSTANCE,
}
# Who may not manage people has nobody to ask for it here: it is no act that somebody else does for them.
WAYS_OF_REASONS: dict[str, tuple[Way, ...]] = {
    "needs-administrator": (),
    "needs-administrator-or-officer": (),
}
WAYS: dict[RuleName, tuple[Way, ...]] = {
    RuleName.MEMBERSHIP: (),
    RuleName.ACTOR: (),
    RuleName.GUEST_LABEL: (Way.INVITE_ELSEWHERE, Way.ASK_MANAGER),
    RuleName.PARTNER: (Way.ASK_OFFICER, Way.INVITE_ELSEWHERE),
    RuleName.SPACE_KIND: (Way.MAKE_TEAM,),
    RuleName.COMMUNITY_LABEL: (Way.MAKE_TEAM, Way.CHOOSE_LABEL),
    RuleName.HOSTING_RESTRICTED: (Way.CHOOSE_LABEL, Way.EXPORT, Way.ASK_OFFICER),
    RuleName.HOSTING: (Way.CHOOSE_LABEL, Way.EXPORT, Way.ASK_OFFICER),
    RuleName.APPROVAL: (Way.CHOOSE_LABEL, Way.EXPORT, Way.ASK_OFFICER),
    RuleName.STRONG_SIGN_IN: (Way.ADD_PASSKEY,),
    RuleName.OFFICE: (Way.ASK_OFFICER,),
    RuleName.ADMINISTRATION: (),
    RuleName.TOOL_OFF: (Way.SWITCH_ON_TOOL, Way.ASK_MANAGER),
    RuleName.ROLE: (Way.ASK_MANAGER,),
    RuleName.AUTHORSHIP: (Way.ASK_AUTHOR,),
    RuleName.SECOND_MANAGER: (Way.ASK_SECOND_MANAGER,),
    RuleName.ALLOWED: (),
}

for _name, _words, _rows in (
    ("acts", Action, TABLE),
    ("states", HoldingState, ADMITS),
    ("rules", RuleName, SOURCES),
    ("rules", RuleName, WAYS),
):
    if missing := set(_words) - set(_rows):
        raise RuntimeError(f"{_name} without a row: {sorted(missing)}")
