"""The words of people: organisations, agents, guests, devices, sessions."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from bastide.core.policy import Action, ActorKind, Strength

Locale = Literal["fr", "en"]


class Organisation(msgspec.Struct, frozen=True):
    """An administration."""

    id: UUID
    name: str
    short_name: str
    domain: str


class PersonCard(msgspec.Struct, frozen=True):
    """What a list shows of a person. `picture` is the address of their picture, None without one."""

    id: UUID
    kind: ActorKind
    organisation_id: UUID
    given_name: str
    family_name: str
    function: str
    picture: str | None


class Profile(msgspec.Struct, frozen=True):
    """A person's page."""

    card: PersonCard
    organisation: Organisation
    service: str
    email: str
    phone: str


class Me(msgspec.Struct, frozen=True):
    """The person signed in. `csrf` goes into the header `X-CSRF` of every request that writes.

    `strength`: how surely this session is theirs; `passkeys`: how many they have. `shared_until`: on a machine that others
    use too, when the session ends at the latest; None on one's own. `abilities`: what they may do on no space, some of it
    only in administration; `administration_until`: until when this session is in it.
    """

    profile: Profile
    device_id: UUID
    locale: Locale
    administrator: bool
    officer: bool
    abilities: list[Action]
    csrf: str
    strength: Strength
    passkeys: int
    shared_until: datetime | None
    administration_until: datetime | None


class SignIn(msgspec.Struct, frozen=True):
    """What the sign-in form sends; `shared`: the machine is one that others use too."""

    email: str
    password: str
    shared: bool = False


class ProfileChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a person changes of their own profile; what is left out stays."""

    function: str | None = None
    service: str | None = None
    phone: str | None = None
    locale: Locale | None = None


class NewAgent(msgspec.Struct, frozen=True):
    """What makes an agent. `password` None: they cannot sign in by one yet."""

    organisation_id: UUID
    email: str
    given_name: str
    family_name: str
    function: str = ""
    service: str = ""
    phone: str = ""
    password: str | None = None
    administrator: bool = False
    officer: bool = False
