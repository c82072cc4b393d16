"""What WebAuthn asks of a server (W3C, Web Authentication Level 3, sections 7.1 and 7.2): challenges and their answers.

A challenge is not kept: it carries when it runs out and a proof that it is ours, for one purpose and one session. What
is kept is which ones were answered, until they have run out. The checks themselves are py_webauthn's.
"""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar
from uuid import UUID

import msgspec
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    CredentialDeviceType,
    RegistrationCredential,
)

from bastide.core.errors import Invalid
from bastide.people.errors import PasskeyRefused
from bastide.people.keys import NewPasskey, PasskeyProof

WITHIN = timedelta(minutes=5)
# Ed25519, ECDSA with P-256, RSA: what security keys, telephones and Windows Hello make.
ALGORITHMS = (
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
)
CREDENTIAL_MOST = 1023
_TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "internal", "cable", "hybrid"})
_PART_MOST = 16_384
_PUBLIC_KEY_MOST = 1_200
_TIME, _NONCE, _PROOF = 8, 16, 32
T = TypeVar("T")


class Purpose(Enum):
    """What a challenge is for: its answer is worth nothing elsewhere."""

    MAKE = b"make"
    SIGN_IN = b"sign-in"
    CONFIRM = b"confirm"


class Made(msgspec.Struct, frozen=True):
    """A passkey whose making was checked."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    backup_eligible: bool
    backed_up: bool
    transports: list[str]


class Kept(msgspec.Struct, frozen=True):
    """What a proof is checked against."""

    public_key: bytes
    sign_count: int
    backup_eligible: bool


class Proven(msgspec.Struct, frozen=True):
    """What a good proof changes."""

    sign_count: int
    backed_up: bool


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str, field: str) -> bytes:
    """The bytes of base64url.

    Raises:
        Invalid: it is none, or too long.
    """
    if len(text) > _PART_MOST:
        raise Invalid(field=field)
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError):
        raise Invalid(field=field) from None


def known_transports(said: Sequence[str]) -> list[str]:
    """Of what a browser says of how a key is reached, what we know: browsers skip the rest too."""
    return sorted(_TRANSPORTS.intersection(said))


class Challenges:
    """Makes challenges and knows them again."""

    def __init__(self, key: bytes, random: Callable[[], bytes]) -> None:
        self._key = key
        self._random = random

    def make(self, purpose: Purpose, session_id: UUID | None, now: datetime) -> bytes:
        """A fresh challenge, good until `WITHIN` from now, in one session or (None) before any."""
        ends = int((now + WITHIN).timestamp()).to_bytes(_TIME, "big")
        body = ends + self._random()[:_NONCE]
        return body + self._proof(body, purpose, session_id)

    def ends(self, challenge: bytes, purpose: Purpose, session_id: UUID | None, now: datetime) -> datetime:
        """When a challenge of ours runs out.

        Raises:
            PasskeyRefused: it is not ours, not for this purpose, of another session, or has run out.
        """
        body, proof = challenge[: _TIME + _NONCE], challenge[_TIME + _NONCE :]
        if len(challenge) != _TIME + _NONCE + _PROOF or not hmac.compare_digest(
            proof, self._proof(body, purpose, session_id)
        ):
            raise PasskeyRefused(reason="challenge")
        ends = datetime.fromtimestamp(int.from_bytes(body[:_TIME], "big"), now.tzinfo)
        if ends <= now:
            raise PasskeyRefused(reason="late")
        return ends

    def _proof(self, body: bytes, purpose: Purpose, session_id: UUID | None) -> bytes:
        session = session_id.bytes if session_id is not None else b""
        return hmac.new(self._key, body + purpose.value + b"\0" + session, hashlib.sha256).digest()


def challenge_in(client_data: bytes) -> bytes:
    """The challenge that a browser says it was given."""
    return _checked(lambda: parse_client_data_json(client_data).challenge)


def check_making(said: NewPasskey, *, challenge: bytes, site: str, origin: str) -> Made:
    """Check that a passkey was made for us, just now, by somebody who proved themselves to their device.

    Raises:
        Invalid, PasskeyRefused: it cannot be read; it was not.
    """
    credential_id = decoded(said.credential, "credential")
    response = AuthenticatorAttestationResponse(
        decoded(said.client_data, "client_data"), decoded(said.attestation, "attestation")
    )
    made = _checked(
        lambda: verify_registration_response(
            credential=RegistrationCredential(encoded(credential_id), credential_id, response),
            expected_challenge=challenge,
            expected_rp_id=site,
            expected_origin=origin,
            require_user_verification=True,
            supported_pub_key_algs=list(ALGORITHMS),
        )
    )
    # The id in the signed part is the one that counts; a browser says the same.
    same = hmac.compare_digest(made.credential_id, credential_id)
    if not same or len(credential_id) > CREDENTIAL_MOST or len(made.credential_public_key) > _PUBLIC_KEY_MOST:
        raise PasskeyRefused(reason="credential")
    return Made(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        backup_eligible=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        backed_up=made.credential_backed_up,
        transports=known_transports(said.transports),
    )


def check_proof(said: PasskeyProof, kept: Kept, *, challenge: bytes, site: str, origin: str) -> Proven:
    """Check that the holder of a passkey answered this challenge, here, and proved themselves to their device.

    A counter that does not move on is a copy of the key, or its original after the copy: both are refused.

    Raises:
        Invalid, PasskeyRefused: it cannot be read; it was not.
    """
    credential_id = decoded(said.credential, "credential")
    response = AuthenticatorAssertionResponse(
        decoded(said.client_data, "client_data"),
        decoded(said.authenticator_data, "authenticator_data"),
        decoded(said.signature, "signature"),
    )
    proven = _checked(
        lambda: verify_authentication_response(
            credential=AuthenticationCredential(encoded(credential_id), credential_id, response),
            expected_challenge=challenge,
            expected_rp_id=site,
            expected_origin=origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=0,  # looked at below, to know it from a bad signature
            require_user_verification=True,
        )
    )
    if max(proven.new_sign_count, kept.sign_count) > 0 and proven.new_sign_count <= kept.sign_count:
        raise PasskeyRefused(reason="counter")
    eligible = proven.credential_device_type is CredentialDeviceType.MULTI_DEVICE
    if eligible is not kept.backup_eligible:
        raise PasskeyRefused(reason="backup")  # it never changes in the life of a key (7.2, step 19)
    return Proven(proven.new_sign_count, proven.credential_backed_up)


def _checked(check: Callable[[], T]) -> T:
    try:
        return check()
    except Exception as error:
        # Bytes of strangers are read here: whatever they break on the way, the answer is no.
        raise PasskeyRefused(reason="answer") from error
