"""The words of passkeys and recovery codes.

Bytes travel as base64url without padding, as browsers' own JSON for WebAuthn has them.
"""

from datetime import datetime
from uuid import UUID

import msgspec


class PasskeyView(msgspec.Struct, frozen=True):
    """A passkey as its owner sees it. `copied`: it is kept on several of their devices, or by their account somewhere."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None
    copied: bool


class OwnPasskeys(msgspec.Struct, frozen=True):
    """One's own passkeys in the order in which they came, and how many recovery codes are left of the last ten."""

    passkeys: list[PasskeyView]
    codes_left: int
    codes_made_at: datetime | None


class KnownKey(msgspec.Struct, frozen=True):
    """A key that the browser is told of: to use it, or not to make it again."""

    id: str
    transports: list[str]


class KeyMaking(msgspec.Struct, frozen=True):
    """What a browser needs to make a passkey. `algorithms` are COSE's numbers, the one we like best first."""

    challenge: str
    site: str
    site_name: str
    user: str
    user_name: str
    display_name: str
    algorithms: list[int]
    known: list[KnownKey]
    within_s: int


class KeyAsking(msgspec.Struct, frozen=True):
    """What a browser needs to ask for a passkey; `known` is empty where nobody has said yet who they are."""

    challenge: str
    site: str
    known: list[KnownKey]
    within_s: int


class NewPasskey(msgspec.Struct, frozen=True):
    """What a browser answers when it has made one, and what its person calls it."""

    name: str
    credential: str
    client_data: str
    attestation: str
    transports: list[str] = []


class PasskeyProof(msgspec.Struct, frozen=True):
    """What a browser answers when it was asked for one."""

    credential: str
    client_data: str
    authenticator_data: str
    signature: str
    user: str | None = None


class PasskeySignIn(PasskeyProof, frozen=True):
    """The same, of who comes in by it; `shared`: on a machine that others use too."""

    shared: bool = False


class PasskeyName(msgspec.Struct, frozen=True):
    """What its owner calls a passkey."""

    name: str


class RecoverySignIn(msgspec.Struct, frozen=True):
    """An address and one of its person's recovery codes; `shared`: on a machine that others use too."""

    email: str
    code: str
    shared: bool = False


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Ten fresh codes: shown this once."""

    codes: list[str]


class Confirmation(msgspec.Struct, frozen=True):
    """One's password again."""

    password: str
