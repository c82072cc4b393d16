"""The words of the rule: labels, roles, actors, tools and acts."""

from enum import Enum, StrEnum


class Label(StrEnum):
    """How sensitive a space is; each one is stricter than the one before."""

    PUBLIC = "public"
    INTERNAL = "internal"
    SENSITIVE = "sensitive"
    RESTRICTED = "restricted"


class Role(StrEnum):
    """What a member is in a space; each one may what the one before may."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    MANAGER = "manager"


class ActorKind(StrEnum):
    """Who acts. An administrator is an agent in a time-limited, logged session; the system is Bastide itself."""

    AGENT = "agent"
    GUEST = "guest"
    LINK = "link"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class SpaceKind(StrEnum):
    """A team is entered by invitation, a community freely, a direct is made by writing to someone."""

    TEAM = "team"
    COMMUNITY = "community"
    DIRECT = "direct"


class Tool(StrEnum):
    """What a space may have switched on."""

    CHAT = "chat"
    FILES = "files"
    MEET = "meet"


class Strength(StrEnum):
    """How surely the actor is who they say (a password alone, or a passkey)."""

    PASSWORD = "password"  # noqa: S105 - the word, not a secret
    PASSKEY = "passkey"


class Duty(StrEnum):
    """What an allowed act owes."""

    AUDIT = "audit"


class Action(StrEnum):
    """Every act that the policy decides, `trade:thing:verb`. One alphabetical list."""

    CHAT_CHANNEL_CREATE = "chat:channel:create"
    CHAT_CHANNEL_EDIT = "chat:channel:edit"
    CHAT_MESSAGE_DELETE = "chat:message:delete"
    CHAT_MESSAGE_EDIT = "chat:message:edit"
    CHAT_MESSAGE_READ = "chat:message:read"
    CHAT_MESSAGE_SEND = "chat:message:send"
    FILES_FILE_READ = "files:file:read"
    FILES_FILE_REMOVE = "files:file:remove"
    FILES_FILE_UPLOAD = "files:file:upload"
    MEET_CALL_JOIN = "meet:call:join"
    MEET_CALL_READ = "meet:call:read"
    MEET_CALL_SPEAK = "meet:call:speak"
    MEET_CALL_START = "meet:call:start"
    PEOPLE_DIRECTORY_SEARCH = "people:directory:search"
    PEOPLE_PROFILE_EDIT = "people:profile:edit"
    SPACES_DIRECT_CREATE = "spaces:direct:create"
    SPACES_LABEL_LOWER = "spaces:label:lower"
    SPACES_LABEL_RAISE = "spaces:label:raise"
    SPACES_MEMBER_ADD = "spaces:member:add"
    SPACES_MEMBER_CHANGE = "spaces:member:change"
    SPACES_MEMBER_LIST = "spaces:member:list"
    SPACES_MEMBER_REMOVE = "spaces:member:remove"
    SPACES_SPACE_CREATE = "spaces:space:create"
    SPACES_SPACE_DISCOVER = "spaces:space:discover"
    SPACES_SPACE_EDIT = "spaces:space:edit"
    SPACES_SPACE_JOIN = "spaces:space:join"
    SPACES_SPACE_LEAVE = "spaces:space:leave"
    SPACES_SPACE_READ = "spaces:space:read"


class RuleName(StrEnum):
    """The rules, in the order in which they are asked."""

    ACTOR = "actor"
    MEMBERSHIP = "membership"
    GUEST_LABEL = "guest-label"
    SPACE_KIND = "space-kind"
    COMMUNITY_LABEL = "community-label"
    TOOL_OFF = "tool-off"
    ROLE = "role"
    AUTHORSHIP = "authorship"
    ALLOWED = "allowed"


_ORDER: dict[Enum, int] = {word: rank for words in (Label, Role) for rank, word in enumerate(words)}


def rank(word: Label | Role) -> int:
    """Where a label or a role stands in its order, from 0."""
    return _ORDER[word]
