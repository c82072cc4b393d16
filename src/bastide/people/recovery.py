"""Recovery codes: ten ways in, each good once, for who has lost their passkey. They stand in for a passkey to add a new
one, and make nobody strong by themselves.

A code is 80 random bits, so its SHA-256 cannot be searched; it is bound to its person.
"""

import hashlib
from uuid import UUID

from bastide.core.audit import Line
from bastide.core.client import Client
from bastide.core.errors import Invalid
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, Strength
from bastide.people import key_store, session_store
from bastide.people.errors import PasskeyNeeded, WrongRecoveryCode
from bastide.people.keys import RecoveryCodes, RecoverySignIn
from bastide.people.passkeys import Passkeys
from bastide.people.service import People, checked_address
from bastide.people.sessions import Opened

CODES = 10
_BYTES = 10
_GROUP = 4
_TYPED_MOST = 64
# Crockford's base 32: no letter looks like a figure, and those that do are read as it.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS = 5
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


def written(code: int) -> str:
    """A code of 80 bits as people read it: four groups of four."""
    signs = "".join(_ALPHABET[code >> shift & 31] for shift in range(_BYTES * 8 - _BITS, -1, -_BITS))
    return "-".join(signs[at : at + _GROUP] for at in range(0, len(signs), _GROUP))


def read(typed: str) -> str:
    """The signs of a code, however it was typed."""
    return "".join(c for c in typed[:_TYPED_MOST].upper().translate(_READ_AS) if c in _ALPHABET)


def digest_of(person_id: UUID, typed: str) -> bytes:
    """What is kept of a person's code."""
    return hashlib.sha256(b"recovery:" + person_id.bytes + read(typed).encode()).digest()


class Recovery:
    """The use cases of recovery codes."""

    def __init__(self, ground: Ground, people: People, passkeys: Passkeys) -> None:
        self._ground = ground
        self._people = people
        self._passkeys = passkeys

    async def renew(self, actor: Actor) -> RecoveryCodes:
        """Ten fresh codes; older ones are worth nothing any more.

        Raises:
            PasskeyNeeded: there is nothing that they would stand in for.
            ConfirmationNeeded: first prove again who you are.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        codes = [self._code() for _ in range(CODES)]
        async with self._ground.database.transaction() as tx:
            if not await key_store.count_keys(tx, actor.person_id):
                raise PasskeyNeeded
            await self._passkeys.guard(tx, actor)
            hashes = [digest_of(actor.person_id, code) for code in codes]
            await key_store.replace_codes(tx, actor.person_id, hashes, self._ground.clock.now())
            await self._ground.audit.record(tx, Line("people:recovery:renew", True, actor.person_id))
        return RecoveryCodes(codes)

    async def sign_in(self, said: RecoverySignIn, client: Client) -> Opened:
        """Open a session by an address and a code, which is spent; no stronger than by a password.

        Raises:
            WrongRecoveryCode: no such address, another code, or one that was used; they look the same.
            TooMany: wait `retry_after_s`.
        """
        try:
            email = checked_address(said.email)
        except Invalid:
            email = ""
        async with self._ground.database.read() as reader:
            owner = await key_store.owner_of(reader, email)
            own = owner.id if owner is not None else UUID(int=0)
            device = await self._people.sessions.device_of(reader, client.device_token, own)
        counts = self._people.guesses.counts(said.email, client.address, device)
        self._people.guesses.take(counts)
        now = self._ground.clock.now()
        async with self._ground.database.transaction() as tx:
            held = await session_store.hold_person(tx, own)
            good = held and await key_store.use_code(tx, own, digest_of(own, said.code), now)
            if not good or owner is None:
                if owner is not None:
                    self._ground.audit.note(Line("people:session:open", False, own, reason="recovery"))
                raise WrongRecoveryCode
            self._people.check_staying(owner.kind, own)
            opened = await self._people.sessions.do_open(
                tx, own, client, strength=Strength.PASSWORD, means="recovery"
            )
            await self._ground.audit.record(
                tx, Line("people:session:open", True, own, detail={"means": "recovery"})
            )
        self._people.guesses.good(counts)
        await self._people.sessions.end_former(client.session_token)
        return opened

    def _code(self) -> str:
        return written(int(self._ground.ids.token()[: _BYTES * 2], 16))
