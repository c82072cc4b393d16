"""The words of invitations, and of the list of an organisation's people."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from bastide.core.content import Content
from bastide.core.policy import ActorKind, Label, Role
from bastide.people.model import Organisation, PersonCard


class NewInvitation(msgspec.Struct, frozen=True):
    """Whom an administrator invites as an agent of their organisation."""

    email: str
    given_name: str
    family_name: str
    function: str = ""
    service: str = ""


class InvitationView(msgspec.Struct, frozen=True):
    """An invitation that nobody has accepted yet. `over`: its link has run out, a new one can be made.

    `role` and `ends_on` are a guest's; `made_by` is who stands behind it.
    """

    id: UUID
    kind: ActorKind
    email: str
    given_name: str
    family_name: str
    function: str
    service: str
    role: Role | None
    ends_on: date | None
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    over: bool


class Issued(msgspec.Struct, frozen=True):
    """An invitation and its token, which is shown this once: the link is `/invitation#token`."""

    invitation: InvitationView
    token: str


class InvitationToken(msgspec.Struct, frozen=True):
    """What the link holds."""

    token: str


class InvitationForm(msgspec.Struct, frozen=True, omit_defaults=True):
    """What who was invited sends. `password`: the one they choose, or theirs where they have an account.

    It may be left out by somebody who is signed in with the account that is invited. `shared`: others use this machine too.
    """

    token: str
    password: str | None = None
    shared: bool = False


class Destination(msgspec.Struct, frozen=True):
    """Where a guest is invited to, as what, and their last day there."""

    name: Content
    label: Label
    role: Role
    ends_on: date


class Invited(msgspec.Struct, frozen=True):
    """What who was invited sees before they accept.

    `known`: the address has an account already, whose password is asked. `replaces`: a guest has this address, whose account
    ends when the invitation of an agent is taken.
    """

    kind: ActorKind
    organisation: Organisation
    by: PersonCard
    email: str
    given_name: str
    family_name: str
    destination: Destination | None
    expires_at: datetime
    known: bool
    replaces: bool


AccountState = Literal["active", "suspended"]


class PersonLine(msgspec.Struct, frozen=True):
    """One of an organisation's people, as its administrators see them. `suspended_at`: None for who is not."""

    card: PersonCard
    service: str
    email: str
    administrator: bool
    officer: bool
    since: datetime
    suspended_at: datetime | None


class PeopleBook(msgspec.Struct, frozen=True):
    """An organisation's people, by name. The counts leave out who is suspended, `people` is one page; `pending`: invitations."""

    agents: int
    guests: int
    pending: int
    people: list[PersonLine]


class InvitationBook(msgspec.Struct, frozen=True):
    """An organisation's invitations of agents that wait, newest first; `count`: how many there are in all."""

    count: int
    invitations: list[InvitationView]
    people: list[PersonCard]


Column = Literal["email", "given_name", "family_name", "function", "service"]
# missing, wrong, too-long: what stands in the cell. twice: the address stands on an earlier line. elsewhere, domain: the
# address belongs to an agent of another organisation, or is in its domain. cells: more cells than columns.
Fault = Literal["missing", "wrong", "too-long", "twice", "elsewhere", "domain", "cells"]


class WrongLine(msgspec.Struct, frozen=True):
    """What is wrong with a line of a list, and in which column; `line` counts from 1 as a text editor does."""

    line: int
    column: Column | None
    fault: Fault
    text: str


class ImportPreview(msgspec.Struct, frozen=True):
    """What importing a list would do. Lines that are wrong are left out, the others go.

    Attributes:
        lines: lines that name somebody.
        fresh: how many would be invited.
        known: how many have an account already, and are left as they are.
        waiting: how many are invited already, and are left as they are.
        guests: of those who would be invited, how many are guests today: that account ends when they come.
        wrong: what is wrong, the first two hundred.
        wrong_count: how much is wrong in all.
        ignored: columns that mean nothing here.
        first: the first lines as they were read.
    """

    lines: int
    fresh: int
    known: int
    waiting: int
    guests: int
    wrong: list[WrongLine]
    wrong_count: int
    ignored: list[str]
    first: list[NewInvitation]


class ImportDone(msgspec.Struct, frozen=True):
    """The invitations that were made, with their tokens, this once; `left_out`: lines that were wrong."""

    issued: list[Issued]
    known: int
    waiting: int
    left_out: int
