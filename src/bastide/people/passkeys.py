"""Passkeys: signing in by them, and confirming by one that it is oneself. That is strong sign-in.

What guards an account (adding and removing passkeys, making recovery codes) asks for more than a session. Without any
passkey yet: a sign-in or the password within the last minutes. From the first one on: to have come by a passkey, or by a
recovery code, as lately; else whoever knows a password would make themselves strong (decision 0009).
"""

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from bastide.core.audit import Line
from bastide.core.client import Client
from bastide.core.content import Plain, checked
from bastide.core.database import Transaction
from bastide.core.errors import NotFound, NotSignedIn
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, Strength
from bastide.people import key_store, reset_store, session_store, store
from bastide.people.ceremony import (
    ALGORITHMS,
    WITHIN,
    Challenges,
    Kept,
    Proven,
    Purpose,
    challenge_in,
    check_making,
    check_proof,
    decoded,
    encoded,
)
from bastide.people.errors import (
    ConfirmationNeeded,
    PasskeyRefused,
    PasskeysFull,
    PasskeyTaken,
    WrongPassword,
)
from bastide.people.keys import (
    Confirmation,
    KeyAsking,
    KeyMaking,
    KnownKey,
    NewPasskey,
    OwnPasskeys,
    PasskeyProof,
    PasskeyView,
)
from bastide.people.service import People
from bastide.people.sessions import Opened, Renewed

FRESH = timedelta(minutes=10)
PASSKEYS_MOST = 20
NAME_MOST = 60


class Passkeys:
    """The use cases of passkeys. `origin` is where browsers come from; a passkey belongs to its host."""

    def __init__(self, ground: Ground, people: People, origin: str) -> None:
        self._ground = ground
        self._people = people
        self._challenges: Challenges | None = None
        self.origin = origin

    @property
    def site(self) -> str:
        """The host that passkeys are for (WebAuthn's RP ID)."""
        return urlsplit(self.origin).hostname or "localhost"

    async def open(self) -> None:
        """Take the key of our challenges into memory; every process of the instance has the same."""
        ids = self._ground.ids
        async with self._ground.database.transaction() as tx:
            key = await key_store.challenge_key(tx, ids.token())
        self._challenges = Challenges(bytes.fromhex(key), lambda: bytes.fromhex(ids.token()))

    # One's own.

    async def own(self, actor: Actor) -> OwnPasskeys:
        """One's passkeys, and how many recovery codes are left."""
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.read() as reader:
            rows = await key_store.keys_of(reader, actor.person_id)
            codes = await key_store.codes_of(reader, actor.person_id)
        views = [PasskeyView(r.id, r.name, r.created_at, r.used_at, r.backup_eligible) for r in rows]
        return OwnPasskeys(views, codes.codes_left, codes.made_at)

    async def begin_adding(self, actor: Actor) -> KeyMaking:
        """What a browser needs to make a passkey for the actor.

        Raises:
            ConfirmationNeeded: first prove again who you are.
            PasskeysFull: there are enough.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.transaction() as tx:
            await self.guard(tx, actor)
            rows = await key_store.keys_of(tx, actor.person_id)
            if len(rows) >= PASSKEYS_MOST:
                raise PasskeysFull
            person = await store.find_person(tx, actor.person_id)
            if person is None:
                raise NotFound
        return KeyMaking(
            challenge=self._challenge(Purpose.MAKE, actor.session_id),
            site=self.site,
            site_name="Bastide",
            user=encoded(actor.person_id.bytes),
            user_name=person.email,
            display_name=f"{person.given_name} {person.family_name}",
            algorithms=[int(algorithm) for algorithm in ALGORITHMS],
            known=_known(rows),
            within_s=int(WITHIN.total_seconds()),
        )

    async def add(self, actor: Actor, said: NewPasskey) -> Renewed:
        """Keep a passkey that the actor's browser has just made. Their session is strong from now on.

        Raises:
            PasskeyRefused: it was not made here, for this session, just now, by its person.
            PasskeyTaken: it is registered.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        name = _name(said.name)
        try:
            challenge = challenge_in(decoded(said.client_data, "client_data"))
            async with self._ground.database.transaction() as tx:
                await self.guard(tx, actor, fresh=False)  # the challenge was only given to who was
                if await key_store.count_keys(tx, actor.person_id) >= PASSKEYS_MOST:
                    raise PasskeysFull
                await self._spend(tx, challenge, Purpose.MAKE, actor.session_id)
                made = check_making(said, challenge=challenge, site=self.site, origin=self.origin)
                key_id = self._ground.ids.new()
                now = self._ground.clock.now()
                if not await key_store.add_key(tx, key_id, actor.person_id, made, name, now):
                    raise PasskeyTaken
                renewed = await self._people.sessions.do_strengthen(tx, actor, key_id)
                await self._audit(tx, "people:passkey:add", actor.person_id, passkey=str(key_id))
                return renewed
        except PasskeyRefused as refused:
            raise self._refused("people:passkey:add", actor.person_id, refused) from refused

    async def rename(self, actor: Actor, key_id: UUID, name: str) -> OwnPasskeys:
        """Call a passkey something else.

        Raises:
            NotFound: it is none of the actor's.
            ConfirmationNeeded: first prove by a passkey who you are: its name is how its owner knows it.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        name = _name(name)
        async with self._ground.database.transaction() as tx:
            await self.guard(tx, actor, fresh=False)
            if not await key_store.rename_key(tx, key_id, actor.person_id, name):
                raise NotFound
            await self._audit(tx, "people:passkey:rename", actor.person_id, passkey=str(key_id))
        return await self.own(actor)

    async def remove(self, actor: Actor, key_id: UUID) -> None:
        """Take a passkey away. Sessions that are strong by it end; this one goes on, no stronger than by a password.

        With the last one the recovery codes go: they stand in for passkeys.

        Raises:
            NotFound: it is none of the actor's.
            ConfirmationNeeded: first prove again who you are.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        sessions = self._people.sessions
        async with self._ground.database.transaction() as tx:
            # Whoever signs in by it at this moment comes before, and their session ends; or after, and finds no key.
            await reset_store.hold_account(tx, actor.person_id)
            await self.guard(tx, actor)
            by_it = await key_store.is_strong_by(tx, actor.session_id, key_id)
            rows = await key_store.keys_of(tx, actor.person_id)
            ended = (
                await key_store.end_sessions_by_key(tx, key_id, actor.session_id)
                if key_id in {row.id for row in rows}
                else ()
            )
            if not await key_store.remove_key(tx, key_id, actor.person_id):
                raise NotFound
            if by_it:
                await sessions.do_weaken(tx, actor)
            if len(rows) == 1:
                await key_store.forget_codes(tx, actor.person_id)
            await self._audit(tx, "people:passkey:remove", actor.person_id, passkey=str(key_id))
        for row in ended:
            sessions.gone(row.id, actor.person_id)

    # Signing in, and confirming.

    def begin_sign_in(self) -> KeyAsking:
        """What a browser needs to ask for any passkey of this house. Strangers may ask: it costs no query."""
        challenge = self._challenge(Purpose.SIGN_IN, None)
        return KeyAsking(challenge, self.site, [], int(WITHIN.total_seconds()))

    async def sign_in(self, said: PasskeyProof, client: Client) -> Opened:
        """Open a strong session of whoever holds a passkey; the one that the browser profile held before ends.

        Raises:
            PasskeyRefused: it is not known, or its answer is not good; the two look the same.
            TooMany: wait `retry_after_s`.
        """
        counts = self._people.guesses.of_place(client.address)
        self._people.guesses.take(counts)
        person_id: UUID | None = None
        try:
            async with self._ground.database.transaction() as tx:
                key = await self._held(tx, said)
                person_id = key.person_id
                _check_whose(key, said, None)
                await self._prove(tx, key, said, Purpose.SIGN_IN, None)
                self._people.check_staying(key.kind, key.person_id)
                opened = await self._people.sessions.do_open(
                    tx,
                    key.person_id,
                    client,
                    strength=Strength.PASSKEY,
                    means="passkey",
                    passkey_id=key.id,
                )
                await self._audit(
                    tx, "people:session:open", key.person_id, means="passkey", passkey=str(key.id)
                )
        except PasskeyRefused as refused:
            raise self._refused("people:session:open", person_id, refused) from refused
        self._people.guesses.good(counts)
        await self._people.sessions.end_former(client.session_token)
        return opened

    async def begin_confirming(self, actor: Actor) -> KeyAsking:
        """What a browser needs to ask for one of the actor's own passkeys."""
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.read() as reader:
            rows = await key_store.keys_of(reader, actor.person_id)
        challenge = self._challenge(Purpose.CONFIRM, actor.session_id)
        return KeyAsking(challenge, self.site, _known(rows), int(WITHIN.total_seconds()))

    async def confirm(self, actor: Actor, said: PasskeyProof) -> Renewed:
        """Make the actor's session strong by one of their own passkeys.

        Raises:
            PasskeyRefused: it is not theirs, or its answer is not good.
            TooMany: wait `retry_after_s`.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        counts = self._people.guesses.of_device(actor.device_id)
        self._people.guesses.take(counts)
        try:
            async with self._ground.database.transaction() as tx:
                key = await self._held(tx, said)
                _check_whose(key, said, actor.person_id)
                await self._prove(tx, key, said, Purpose.CONFIRM, actor.session_id)
                renewed = await self._people.sessions.do_strengthen(tx, actor, key.id)
                await self._audit(tx, "people:session:confirm", actor.person_id, passkey=str(key.id))
        except PasskeyRefused as refused:
            raise self._refused("people:session:confirm", actor.person_id, refused) from refused
        self._people.guesses.good(counts)
        return renewed

    async def confirm_by_password(self, actor: Actor, said: Confirmation) -> None:
        """Prove by one's password that it is still oneself. It makes no session strong.

        Raises:
            WrongPassword: it is not, or there is none.
            TooMany: wait `retry_after_s`.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        counts = self._people.guesses.of_device(actor.device_id)
        self._people.guesses.take(counts)
        async with self._ground.database.read() as reader:
            kept = await key_store.password_of(reader, actor.person_id)
        if not await self._people.is_own_password(kept, said.password):
            self._ground.audit.note(Line("people:session:confirm", False, actor.person_id, reason="password"))
            raise WrongPassword
        self._people.guesses.good(counts)
        async with self._ground.database.transaction() as tx:
            await session_store.confirm_session(tx, actor.session_id, self._ground.clock.now())
            await self._audit(tx, "people:session:confirm", actor.person_id, means="password")

    async def guard(
        self, tx: Transaction, actor: Actor, *, fresh: bool = True, within: timedelta = FRESH
    ) -> None:
        """Let on only who has proved lately (`within`), and by what they have, that it is them.

        Raises:
            ConfirmationNeeded: its reason says by what: `passkey`, `password`, or `sign-in` for who has neither.
        """
        # What ends this session meanwhile waits, or has been.
        held = await session_store.hold_person(tx, actor.person_id)
        standing = await key_store.standing_of(tx, actor.session_id) if held else None
        if standing is None:
            raise NotSignedIn
        strong = standing.strength == Strength.PASSKEY.value or standing.means == "recovery"
        if standing.keys and not strong:
            raise ConfirmationNeeded(reason="passkey")
        if fresh and standing.confirmed_at + within <= self._ground.clock.now():
            by_password = "password" if standing.has_password else "sign-in"
            raise ConfirmationNeeded(reason="passkey" if standing.keys else by_password)

    # Within.

    async def _held(self, tx: Transaction, said: PasskeyProof) -> key_store.HeldKey:
        credential = decoded(said.credential, "credential")
        owner = await key_store.owner_by_key(tx, credential)
        held = owner is not None and await session_store.hold_person(tx, owner)
        key = await key_store.hold_key(tx, credential) if held else None
        if key is None:
            raise PasskeyRefused(reason="unknown")
        return key

    async def _prove(
        self,
        tx: Transaction,
        key: key_store.HeldKey,
        said: PasskeyProof,
        purpose: Purpose,
        session_id: UUID | None,
    ) -> Proven:
        challenge = challenge_in(decoded(said.client_data, "client_data"))
        await self._spend(tx, challenge, purpose, session_id)
        kept = Kept(key.public_key, key.sign_count, key.backup_eligible)
        proven = check_proof(said, kept, challenge=challenge, site=self.site, origin=self.origin)
        now = self._ground.clock.now()
        await key_store.used_key(tx, key.id, proven.sign_count, proven.backed_up, now)
        return proven

    def _challenge(self, purpose: Purpose, session_id: UUID | None) -> str:
        return encoded(self._ours.make(purpose, session_id, self._ground.clock.now()))

    async def _spend(
        self, tx: Transaction, challenge: bytes, purpose: Purpose, session_id: UUID | None
    ) -> None:
        now = self._ground.clock.now()
        ends = self._ours.ends(challenge, purpose, session_id, now)
        if not await key_store.spend_challenge(tx, hashlib.sha256(challenge).digest(), ends, now):
            raise PasskeyRefused(reason="replayed")

    @property
    def _ours(self) -> Challenges:
        if self._challenges is None:
            raise RuntimeError("the house is not open")
        return self._challenges

    def _refused(self, action: str, person_id: UUID | None, refused: PasskeyRefused) -> PasskeyRefused:
        """Note why, where it is known of whom; who asked is not told."""
        if person_id is not None:
            self._ground.audit.note(Line(action, False, person_id, reason=f"passkey-{refused.reason}"))
        return PasskeyRefused()

    async def _audit(self, tx: Transaction, action: str, person_id: UUID, **detail: str) -> None:
        await self._ground.audit.record(tx, Line(action, True, person_id, detail=detail))


def _check_whose(key: key_store.HeldKey, said: PasskeyProof, expected: UUID | None) -> None:
    """Where nobody is expected, the answer itself must say whose the key is (7.2, step 6)."""
    if expected not in (None, key.person_id):
        raise PasskeyRefused(reason="another")
    user = None if said.user is None else decoded(said.user, "user")
    if user != key.person_id.bytes and not (user is None and expected is not None):
        raise PasskeyRefused(reason="user")


def _known(rows: list[key_store.KeyRow]) -> list[KnownKey]:
    return [KnownKey(encoded(row.credential_id), row.transports) for row in rows]


def _name(name: str) -> str:
    return checked(Plain(name), field="name", least=1, most=NAME_MOST, one_line=True).text
