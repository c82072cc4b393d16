"""What the demo organisation is made of. Plain facts, ready to be passed through the services."""

from datetime import date, datetime
from typing import Literal

import msgspec

from bastide.demo.series import Series

Kind = Literal["team", "community"]
Label = Literal["public", "internal", "sensitive", "restricted"]
Role = Literal["reader", "contributor", "manager"]
Tool = Literal["chat", "files", "meet"]


class DemoContentError(ValueError):
    """The demo texts contradict themselves; the message says in which file and line."""


class Portrait(msgspec.Struct, frozen=True):
    """How ``pictures.portrait`` draws an agent's picture: a scene in one of the hues of the look."""

    scene: str
    hue: str
    seed: int


class Organisation(msgspec.Struct, frozen=True):
    """An administration. ``domain`` is the part of its addresses after the @."""

    key: str
    name: str
    short_name: str
    domain: str


class Agent(msgspec.Struct, frozen=True):
    """A person with an account. ``portrait`` is None for those who show initials."""

    key: str
    organisation: str
    given_name: str
    family_name: str
    address: str
    service: str
    function: str
    portrait: Portrait | None

    @property
    def name(self) -> str:
        """Given and family name, as shown on screen."""
        return f"{self.given_name} {self.family_name}"


class Member(msgspec.Struct, frozen=True):
    """An agent in a space."""

    agent: str
    role: Role


class ChannelSpec(msgspec.Struct, frozen=True):
    """A channel of a space. ``key`` is ``space/slug`` and unique in the whole demo."""

    key: str
    space: str
    name: str
    topic: str


class LoweringSpec(msgspec.Struct, frozen=True):
    """A lower label that a manager proposes for a space at the end; another one has to confirm it."""

    by: str
    to: Label
    reason: str


class GuestSpec(msgspec.Struct, frozen=True):
    """Somebody from outside whom a manager invites at the end, for so many days. ``comes``: they have come in already."""

    given_name: str
    family_name: str
    address: str
    space: str
    by: str
    role: Literal["reader", "contributor"]
    days: int
    comes: bool


class SpaceSpec(msgspec.Struct, frozen=True):
    """A team or a community. The first manager is the one who creates it, at ``created``."""

    key: str
    organisation: str
    name: str
    purpose: str
    kind: Kind
    label: Label
    tools: tuple[Tool, ...]
    members: tuple[Member, ...]
    channels: tuple[ChannelSpec, ...]
    created: datetime
    lowering: LoweringSpec | None = None


class DirectSpec(msgspec.Struct, frozen=True):
    """A direct of two or a few. ``key`` is also the ``space`` of its files, ``channel`` that of its messages."""

    key: str
    channel: str
    members: tuple[str, ...]


class MessageSpec(msgspec.Struct, frozen=True):
    """One message, in the chat's small Markdown.

    ``text`` is what is read today; when it was edited, ``first_text`` is what was sent at ``at`` and ``text`` what
    replaced it at ``edited_at``. A deleted message keeps its text here, so that it can be sent and then deleted.
    ``attachments`` are keys of files of the same space. ``reply_to`` is the key of an earlier message of the channel;
    the conversation reads well without it too.
    """

    key: str
    channel: str
    author: str
    at: datetime
    text: str
    attachments: tuple[str, ...] = ()
    reply_to: str | None = None
    first_text: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


class Recipe(msgspec.Struct, frozen=True):
    """All that ``files.render`` needs: same recipe, same bytes. ``series`` holds figures over time, if any."""

    maker: str
    body: str
    made: datetime
    author: str
    series: tuple[Series, ...] = ()


class FileSpec(msgspec.Struct, frozen=True):
    """A file of a space or a direct, put there by ``by`` at ``at``. Its bytes: ``files.render(file.recipe)``.

    ``message`` is the key of the message that brought it, None when it was put among the files directly.
    """

    key: str
    space: str
    name: str
    by: str
    at: datetime
    media_type: str
    recipe: Recipe
    message: str | None = None


class ReadMark(msgspec.Struct, frozen=True):
    """``agent`` has read ``channel`` up to and including ``message``, last looked at ``at``."""

    agent: str
    channel: str
    message: str
    at: datetime


class Demo(msgspec.Struct, frozen=True):
    """The whole demo, resolved for one day. ``partners``: whose restricted spaces admit whose agents. ``day`` is the working day that the texts call J."""

    today: date
    day: date
    main_agent: str
    organisations: tuple[Organisation, ...]
    agents: tuple[Agent, ...]
    guests: tuple[GuestSpec, ...]
    partners: tuple[tuple[str, str], ...]
    spaces: tuple[SpaceSpec, ...]
    directs: tuple[DirectSpec, ...]
    messages: tuple[MessageSpec, ...]
    files: tuple[FileSpec, ...]
    read_marks: tuple[ReadMark, ...]
