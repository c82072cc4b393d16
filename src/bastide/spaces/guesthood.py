"""The words of guests in spaces: who was invited until when."""

from datetime import date
from uuid import UUID

import msgspec

from bastide.core.policy import Role
from bastide.people.invited import InvitationView
from bastide.people.model import Organisation, PersonCard


class NewGuest(msgspec.Struct, frozen=True):
    """Whom a manager invites. `role`: reader or contributor; `ends_on`: their last day, at most a year from today."""

    email: str
    given_name: str
    family_name: str
    role: Role
    ends_on: date


class StayEnd(msgspec.Struct, frozen=True):
    """A guest's new last day."""

    ends_on: date


class GuestStay(msgspec.Struct, frozen=True):
    """A guest in a space, until their last day there.

    `invited_by`: for guests themselves only while that person is in the space, too; `organisation` is that person's.
    """

    space_id: UUID
    person: PersonCard
    role: Role
    ends_on: date
    invited_by: PersonCard | None
    organisation: Organisation | None


class GuestBook(msgspec.Struct, frozen=True):
    """A space's guests and the invitations that wait, for its managers; `people`: who made those.

    `today` is the instance's day, `default_end` and `latest_end` what a new stay gets and may have at most.
    """

    invitations: list[InvitationView]
    guests: list[GuestStay]
    people: list[PersonCard]
    today: date
    default_end: date
    latest_end: date
