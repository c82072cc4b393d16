"""People: accounts, the directory, profiles, signing in."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.client import Client
from bastide.core.content import Plain, checked
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Invalid, NotFound, WrongCredentials
from bastide.core.fold import prefixes, words
from bastide.core.ground import Ground
from bastide.core.limits import Allowances
from bastide.core.policy import Action, Actor, ActorKind, Strength
from bastide.people import key_store, store
from bastide.people.errors import AddressTaken, VisitOver
from bastide.people.guesses import Guesses
from bastide.people.model import (
    Locale,
    Me,
    NewAgent,
    Organisation,
    PersonCard,
    Profile,
    ProfileChange,
    SignIn,
)
from bastide.people.passwords import LEAST, MOST, Passwords
from bastide.people.sessions import Opened, Sessions, csrf_of

DIRECTORY_MOST = 50
CARDS_MOST = 200
# One mailbox of plain characters at one host: « a@b@c » is nobody's address (CASES: Tchap 2019).
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9](?:[a-z0-9-]*\.)+[a-z0-9-]{2,63}", re.ASCII
)
_ADDRESS_MOST = 254
_NOBODY = UUID(int=0)
# What a person may do wherever they are.
_ON_NO_SPACE = (
    Action.AUDIT_TRAIL_READ,
    Action.HOSTING_DECLARATION_MAKE,
    Action.HOSTING_DECLARATION_READ,
    Action.PEOPLE_ADMINISTRATION_OPEN,
    Action.PEOPLE_ADMINISTRATOR_APPOINT,
    Action.PEOPLE_AGENT_INVITE,
    Action.PEOPLE_BOOK_EXPORT,
    Action.PEOPLE_DIRECTORY_SEARCH,
    Action.PEOPLE_OFFICER_APPOINT,
    Action.PEOPLE_PASSWORD_RESET,
    Action.PEOPLE_PERSON_SUSPEND,
    Action.SPACES_BOOK_EXPORT,
    Action.SPACES_BOOK_READ,
    Action.SPACES_DIRECT_CREATE,
    Action.SPACES_MANAGER_APPOINT,
    Action.SPACES_SPACE_CREATE,
)


class Together(Protocol):
    """Who shares a space with whom, and who is in none."""

    def spaces_of(self, person_id: UUID) -> frozenset[UUID]: ...

    def together(self, one: UUID, other: UUID) -> bool: ...


class Named(Protocol):
    """Somebody with a name and an address, in an administration."""

    @property
    def organisation_id(self) -> UUID: ...

    @property
    def given_name(self) -> str: ...

    @property
    def family_name(self) -> str: ...

    @property
    def email(self) -> str: ...


def checked_address(text: str) -> str:
    """An address in lower case.

    Raises:
        Invalid: it is not one address.
    """
    address = text.strip().lower()
    if len(address) > _ADDRESS_MOST or not _ADDRESS.fullmatch(address) or ".." in address:
        raise Invalid(field="email")
    return address


def checked_domain(text: str) -> str:
    """The domain of an administration's addresses, in lower case.

    Raises:
        Invalid: it is none.
    """
    try:
        return checked_address(f"x@{text.strip()}").partition("@")[2]
    except Invalid:
        raise Invalid(field="organisation_domain") from None


class People:
    """The use cases of people."""

    def __init__(self, ground: Ground, sessions: Sessions, passwords: Passwords, roster: Together) -> None:
        self._ground = ground
        self._passwords = passwords
        self._roster = roster
        self.sessions = sessions
        # told of a person's new card once it is committed
        self.changed: Callable[[PersonCard], None] = lambda _card: None
        self.guesses = Guesses(ground.clock)

    # Accounts: called by the demo, by imports and by administrators' use cases, which decide.

    async def do_create_organisation(self, name: str, short_name: str, domain: str) -> Organisation:
        """A new administration."""
        async with self._ground.database.transaction() as tx:
            return await self.do_add_organisation(tx, name, short_name, domain)

    async def do_add_organisation(
        self, tx: Transaction, name: str, short_name: str, domain: str
    ) -> Organisation:
        """A new administration, in the caller's transaction."""
        organisation = Organisation(self._ground.ids.new(), name, short_name, domain.lower())
        await store.add_organisation(tx, organisation, self._ground.clock.now())
        return organisation

    async def do_create_person(self, new: NewAgent, *, kind: ActorKind = ActorKind.AGENT) -> UUID:
        """A new account, with its own stream.

        Raises:
            Invalid: an address, name or password that is not one.
            AddressTaken: somebody has the address.
        """
        async with self._ground.database.transaction() as tx:
            return await self.do_add_person(tx, new, kind=kind)

    async def do_add_person(
        self, tx: Transaction, new: NewAgent, *, kind: ActorKind = ActorKind.AGENT
    ) -> UUID:
        """`do_create_person` in the caller's transaction."""
        if kind not in (ActorKind.AGENT, ActorKind.GUEST):
            raise Invalid(field="kind")
        new = checked_agent(new)
        hashed = None
        if new.password is not None:
            hashed = await self.hashed(new.password, await self.known_of(tx, new))
        person_id, now = self._ground.ids.new(), self._ground.clock.now()
        await self._ground.journal.open_stream(tx, person_id)
        if not await store.add_person(tx, person_id, new, kind=kind.value, words=_words(new), at=now):
            raise AddressTaken(field="email")
        if hashed is not None:
            await store.set_password(tx, person_id, hashed, now)
        return person_id

    async def do_forget_guest(self, tx: Transaction, person_id: UUID) -> bool:
        """End a guest's account for good, in the caller's transaction: nobody signs in by it, and its address is free.

        What they wrote stays, under their name of then. The caller has decided, and seen them out of their spaces.
        """
        await self.sessions.do_end_all(tx, person_id)
        return await store.forget_guest(tx, person_id, self._ground.clock.now())

    async def do_set_away(self, tx: Transaction, person_id: UUID, *, away: bool) -> None:
        """A guest is in no space from now on, or in one again; for how long the account is kept."""
        await store.set_away(tx, person_id, self._ground.clock.now() if away else None)

    async def away_before(self, reader: Reader, before: datetime) -> list[UUID]:
        """Guests who have been in no space since before a moment."""
        return await store.away_before(reader, before)

    async def hashed(self, password: str, about: Sequence[str]) -> str:
        """What is kept of a password that somebody chose; `about` is what is known of them (`known_of`).

        Raises:
            Invalid: it is too short or too long.
            CommonPassword, OwnNamePassword: it is what others try first.
        """
        checked = self.checked_password(password)
        await self._passwords.check(checked, about)
        return await self._passwords.hash(checked)

    async def known_of(self, reader: Reader, person: Named) -> list[str]:
        """What everybody knows of somebody, and what no password is made of: names, address, administration."""
        organisations = {o.id: o for o in await store.organisations(reader)}
        known = [person.given_name, person.family_name, person.email]
        if (own := organisations.get(person.organisation_id)) is not None:
            known += [own.name, own.short_name, own.domain]
        return known

    def checked_password(self, password: str) -> str:
        """A password long enough (ANSSI PG-078 asks for length, not for recipes)."""
        if not LEAST <= len(password) <= MOST:
            raise Invalid(field="password")
        return password

    # Signing in and out.

    async def sign_in(self, form: SignIn, client: Client) -> Opened:
        """Open a session; the one that the browser profile held before ends.

        Attempts are counted for where the request comes from and for the account, so that guessing
        is slow from one place and from many. A device that is known to be the person's own has a count of its own:
        whoever guesses elsewhere cannot lock its person out.

        Raises:
            WrongCredentials: no such address, another password, or a suspended account; the three look the same.
            VisitOver: a guest who is in no space any more.
            TooMany: wait `retry_after_s`.
        """
        found, device = await self._claimed(form.email, client.device_token)
        counts = self.guesses.counts(form.email, client.address, device)
        self.guesses.take(counts)
        matched = await self.is_own_password(found.password_hash if found else None, form.password)
        if found is None or not matched or found.suspended:
            if found is not None:  # an unknown address is nobody's act, and could be anybody's typing
                self._ground.audit.note(
                    Line("people:session:open", False, found.person_id, reason="password")
                )
            raise WrongCredentials
        self.guesses.good(counts)
        self.check_staying(found.kind, found.person_id)
        async with self._ground.database.transaction() as tx:
            opened = await self.sessions.do_open(
                tx, found.person_id, client, strength=Strength.PASSWORD, means="password"
            )
            # Another password may have been chosen while this one was being compared.
            if await key_store.password_of(tx, found.person_id) != found.password_hash:
                raise WrongCredentials
            await self._ground.audit.record(tx, Line("people:session:open", True, found.person_id))
        await self.sessions.end_former(client.session_token)
        return opened

    def check_staying(self, kind: str, person_id: UUID) -> None:
        """That who has just proved who they are is no guest without a space: VisitOver."""
        if kind == ActorKind.GUEST.value and not self._roster.spaces_of(person_id):
            self._ground.audit.note(Line("people:session:open", False, person_id, reason="visit-over"))
            raise VisitOver

    async def _claimed(
        self, email: str, device_token: str | None
    ) -> tuple[store.CredentialRow | None, UUID | None]:
        """Whose account is claimed, and that person's own device if the browser is one."""
        try:
            address = checked_address(email)
        except Invalid:
            return None, None
        async with self._ground.database.read() as reader:
            found = await store.find_credential(reader, address)
            whose = found.person_id if found is not None else _NOBODY
            return found, await self.sessions.device_of(reader, device_token, whose)

    async def is_own_password(self, encoded: str | None, password: str) -> bool:
        """Whether a password matches what is kept of it; always False without one, after the same work."""
        return await self._passwords.verify(encoded, password[: MOST + 1])

    async def sign_out(self, actor: Actor) -> None:
        """End the session."""
        await self.sessions.end(actor)

    def close(self) -> None:
        """Let go of the threads that hash."""
        self._passwords.close()

    async def me(self, actor: Actor, session_token: str) -> Me:
        """The person signed in."""
        async with self._ground.database.read() as reader:
            person = await self._person(reader, actor.person_id)
            profile = await self._profile(reader, person)
            passkeys = await key_store.count_keys(reader, actor.person_id)
            shared_until, administration_until = await self.sessions.terms_of(reader, actor.session_id)
        # What asks for administration is offered, too: whoever does it is asked to open it first.
        opened = msgspec.structs.replace(actor, acting=True)
        abilities = [a for a in _ON_NO_SPACE if self._ground.access.offers(opened, a)]
        return Me(
            profile=profile,
            device_id=actor.device_id,
            locale=_locale(person),
            administrator=person.administrator,
            officer=person.officer,
            abilities=abilities,
            csrf=csrf_of(session_token),
            strength=actor.strength,
            passkeys=passkeys,
            shared_until=shared_until,
            administration_until=administration_until,
        )

    # The directory.

    async def organisations(self) -> list[Organisation]:
        """The administrations of this instance: shown before signing in."""
        async with self._ground.database.read() as reader:
            return await store.organisations(reader)

    async def locale_of(self, reader: Reader, person_id: UUID) -> Locale:
        """The language that somebody chose for their window."""
        return _locale(await store.find_person(reader, person_id))

    async def organisations_of(self, reader: Reader) -> list[Organisation]:
        """The same, for a use case that is reading."""
        return await store.organisations(reader)

    async def officers(self, organisation_id: UUID) -> list[PersonCard]:
        """The security officers, an organisation's own first; for a use case that has decided already."""
        async with self._ground.database.read() as reader:
            return [card(row) for row in await store.officers(reader, organisation_id)]

    async def search(self, actor: Actor, query: str, most: int = 20) -> list[PersonCard]:
        """Agents whose name, function, service or address have words that begin as asked, whatever accents and order."""
        self._ground.access.allow(actor, Action.PEOPLE_DIRECTORY_SEARCH)
        self._ground.allowances.take(Allowances.SEARCH, actor.person_id)
        asked = prefixes(query)
        if query.strip() and asked is None:
            return []
        async with self._ground.database.read() as reader:
            rows = await store.search(reader, asked, actor.organisation_id, min(most, DIRECTORY_MOST))
        return [card(row) for row in rows]

    async def profile(self, actor: Actor, person_id: UUID) -> Profile:
        """A person's page.

        Raises:
            NotFound: nobody, or somebody whom a guest shares no space with.
        """
        self._may_see(actor, person_id)
        async with self._ground.database.read() as reader:
            return await self._profile(reader, await self._person(reader, person_id))

    async def cards(self, actor: Actor, ids: Sequence[UUID]) -> list[PersonCard]:
        """Cards of people one may see; the others are left out."""
        allowed = [i for i in dict.fromkeys(ids) if self.may_see(actor, i)][:CARDS_MOST]
        async with self._ground.database.read() as reader:
            return await self.cards_of(reader, allowed)

    async def cards_of(self, reader: Reader, ids: Iterable[UUID]) -> list[PersonCard]:
        """Cards for a use case that has decided already."""
        wanted = list(dict.fromkeys(ids))
        return [card(row) for row in await store.cards(reader, wanted)] if wanted else []

    async def without_passkey(self, reader: Reader, people: Sequence[UUID]) -> set[UUID]:
        """Of some people, those who have no passkey; for a use case that has decided already."""
        return set(people) - await key_store.with_keys(reader, people)

    async def living(self, reader: Reader, ids: Sequence[UUID]) -> dict[UUID, tuple[ActorKind, UUID]]:
        """What some people are, and of which organisation; who does not exist or is suspended is left out."""
        return await store.living(reader, ids)

    def may_see(self, actor: Actor, person_id: UUID) -> bool:
        """Agents see everybody; guests only the people of their spaces."""
        return actor.kind is ActorKind.AGENT or self._roster.together(actor.person_id, person_id)

    # One's own profile.

    async def change_profile(self, actor: Actor, change: ProfileChange) -> Profile:
        """Change one's own function, service, telephone or language."""
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        change = _checked_change(change)
        async with self._ground.database.transaction() as tx:
            await store.change_profile(tx, actor.person_id, change)
            person = await self._person(tx, actor.person_id)
            await store.set_words(tx, actor.person_id, _words(person))
            return await self._changed(tx, person)

    async def picture_of(self, actor: Actor, person_id: UUID) -> bytes:
        """The hash of the blob of a person's picture; NotFound without one."""
        self._may_see(actor, person_id)
        async with self._ground.database.read() as reader:
            person = await self._person(reader, person_id)
        if person.picture is None:
            raise NotFound
        return bytes(person.picture)

    async def do_set_picture(self, tx: Transaction, person_id: UUID, blob: bytes | None) -> Profile:
        """Put a picture that is one of our own copies on a profile, or take it away."""
        await store.set_picture(tx, person_id, blob)
        return await self._changed(tx, await self._person(tx, person_id))

    async def _changed(self, tx: Transaction, person: store.PersonRow) -> Profile:
        profile = await self._profile(tx, person)

        async def tell() -> None:
            self.changed(profile.card)

        tx.after_commit.append(tell)
        return profile

    def _may_see(self, actor: Actor, person_id: UUID) -> None:
        if not self.may_see(actor, person_id):
            raise NotFound

    async def _person(self, reader: Reader, person_id: UUID) -> store.PersonRow:
        person = await store.find_person(reader, person_id)
        if person is None:
            raise NotFound
        return person

    async def _profile(self, reader: Reader, person: store.PersonRow) -> Profile:
        organisations = {o.id: o for o in await store.organisations(reader)}
        return Profile(
            card=card(person),
            organisation=organisations[person.organisation_id],
            service=person.service,
            email=person.email,
            phone=person.phone,
        )


def card(row: store.CardRow | store.PersonRow) -> PersonCard:
    """A row as a card. The picture's address names its content, so it may be kept for ever."""
    picture = f"/api/people/{row.id}/picture/{row.picture.hex()[:16]}" if row.picture else None
    return PersonCard(
        row.id,
        ActorKind(row.kind),
        row.organisation_id,
        row.given_name,
        row.family_name,
        row.function,
        picture,
    )


def _words(person: NewAgent | store.PersonRow) -> str:
    return words(person.given_name, person.family_name, person.function, person.service, person.email)


def _line(text: str, field: str, most: int, least: int = 0) -> str:
    return checked(Plain(text), field=field, most=most, least=least, one_line=True).text


def checked_agent(new: NewAgent) -> NewAgent:
    """What makes an agent, cleaned.

    Raises:
        Invalid: the field that is none.
    """
    return NewAgent(
        organisation_id=new.organisation_id,
        email=checked_address(new.email),
        given_name=_line(new.given_name, "given_name", 100, 1),
        family_name=_line(new.family_name, "family_name", 100, 1),
        function=_line(new.function, "function", 160),
        service=_line(new.service, "service", 160),
        phone=_line(new.phone, "phone", 40),
        password=new.password,
        administrator=new.administrator,
        officer=new.officer,
    )


def _locale(person: store.PersonRow | None) -> Locale:
    return "en" if person is not None and person.locale == "en" else "fr"


def _checked_change(change: ProfileChange) -> ProfileChange:
    return ProfileChange(
        function=None if change.function is None else _line(change.function, "function", 160),
        service=None if change.service is None else _line(change.service, "service", 160),
        phone=None if change.phone is None else _line(change.phone, "phone", 40),
        locale=change.locale,
    )
