"""A security key in software, for tests of the server: it makes passkeys and answers challenges, as honestly as it is told.

key = Authenticator(origin=served.base)
made = key.make(options)            # options as the API gives them; the body for POST /api/me/passkeys
proof = key.answer(options)         # the body for POST /api/session/passkey
"""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
Body = dict[str, Any]


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(encoded: str) -> bytes:
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


class Authenticator:
    """One key pair. What it says of itself can be set to what an attacker would say."""

    def __init__(self, *, origin: str, site: str = "localhost", counts: bool = True) -> None:
        self.origin = origin
        self.site = site
        self.counts = counts
        self.counter = 0
        self.flags = PRESENT | VERIFIED
        self.credential = os.urandom(32)
        self.user: bytes | None = None
        self._private = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: Body, name: str = "Ma clé") -> Body:
        """Answer options for making a passkey."""
        self.user = data(options["user"])
        public = self._private.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        )
        held = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cose
        signed = self._data(self.flags | ATTESTED) + held
        return {
            "name": name,
            "credential": text(self.credential),
            "client_data": text(self._client("webauthn.create", options["challenge"])),
            "attestation": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": signed})),
            "transports": ["usb", "telepathy"],
        }

    def answer(self, options: Body) -> Body:
        """Answer options for proving a passkey."""
        signed = self._data(self.flags)
        client = self._client("webauthn.get", options["challenge"])
        digest = hashlib.sha256(client).digest()
        return {
            "credential": text(self.credential),
            "client_data": text(client),
            "authenticator_data": text(signed),
            "signature": text(self._private.sign(signed + digest, ec.ECDSA(hashes.SHA256()))),
            "user": None if self.user is None else text(self.user),
        }

    def _data(self, flags: int) -> bytes:
        if self.counts:
            self.counter += 1
        return hashlib.sha256(self.site.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()
