"""The words of passwords that are changed or forgotten, and of who administers."""

from datetime import datetime
from uuid import UUID

import msgspec

from bastide.people.model import Organisation, PersonCard


class PasswordChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """One's next password. `present`: the one before; it may be left out by who has just proved themselves by a passkey."""

    fresh: str
    present: str | None = None


class ResetIssued(msgspec.Struct, frozen=True):
    """A link by which somebody chooses another password: `/reset#token`. The token is shown this once."""

    person: PersonCard
    email: str
    expires_at: datetime
    token: str


class ResetToken(msgspec.Struct, frozen=True):
    """What the link holds."""

    token: str


class ResetView(msgspec.Struct, frozen=True):
    """What the link says to whoever holds it. `guarded`: passkeys guard the account, and a recovery code is asked for.

    `anew`: the link is of who runs the server, and ends passkeys and recovery codes as well.
    """

    organisation: Organisation
    email: str
    given_name: str
    family_name: str
    guarded: bool
    anew: bool
    expires_at: datetime


class ResetForm(msgspec.Struct, frozen=True, omit_defaults=True):
    """What who follows the link sends: their next password, and a recovery code where passkeys guard the account.

    `shared`: others use this machine too.
    """

    token: str
    password: str
    code: str | None = None
    shared: bool = False


class ResetWaiting(msgspec.Struct, frozen=True):
    """A link that was made for one, and that nobody has used yet. `by`: None for who runs the server."""

    by: PersonCard | None
    made_at: datetime
    expires_at: datetime


class OwnPassword(msgspec.Struct, frozen=True):
    """What one knows of one's own password: since when it is (None: there is none), if a link changed it, a link that waits."""

    changed_at: datetime | None
    by_link: bool
    reset: ResetWaiting | None


class ResetRow(msgspec.Struct, frozen=True):
    """The columns of a link, and of whose account it is."""

    person_id: UUID
    made_by: UUID | None
    made_at: datetime
    expires_at: datetime
    anew: bool
