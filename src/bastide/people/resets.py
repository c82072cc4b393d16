"""Passwords that are changed, or forgotten: one's own, and the one-time link by which one chooses another.

A link is worth what a password is worth, and no more (decision 0016): where passkeys guard an account, it asks for one of its
recovery codes as well. The link of who runs the server alone ends passkeys too: nothing is kept from that person anyway.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from bastide.core.audit import Line
from bastide.core.client import Client
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Invalid, NotFound
from bastide.core.events import Event
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.policy import Action, Actor, ActorKind, Strength
from bastide.people import key_store, reset_store, session_store, store
from bastide.people.errors import OperatorReset, OwnReset, ResetOver, WrongPassword, WrongRecoveryCode
from bastide.people.held_office import hold_office
from bastide.people.passkeys import Passkeys
from bastide.people.recovery import digest_of
from bastide.people.reset_store import AccountRow
from bastide.people.resetting import (
    OwnPassword,
    PasswordChange,
    ResetForm,
    ResetIssued,
    ResetRow,
    ResetView,
    ResetWaiting,
)
from bastide.people.service import People, checked_address
from bastide.people.sessions import Opened, digest

LASTS = timedelta(hours=24)
_TOKEN_LENGTH = 64
_RESET = Action.PEOPLE_PASSWORD_RESET.value


class AccountMoved(Event, frozen=True, tag="people.account.moved", kw_only=True):
    """Something about one's own account is another: the password, a link for it, what one administers. It is asked for anew.

    In the person's own stream: a window that was away hears of it when it is back.
    """


async def tell_account_moved(ground: Ground, tx: Transaction, person_id: UUID) -> None:
    """Have somebody's windows ask for their account anew, once `tx` is committed. Their stream is locked before their rows."""
    await ground.journal.append(tx, [Happening(person_id, AccountMoved())])


class Resets:
    """The use cases of passwords after the first."""

    def __init__(self, ground: Ground, people: People, passkeys: Passkeys) -> None:
        self._ground = ground
        self._people = people
        self._passkeys = passkeys
        ground.registry.add(AccountMoved)
        ground.jobs.every("23 3 * * *", "people.drop_resets", self.drop_over)

    # One's own.

    async def own(self, actor: Actor) -> OwnPassword:
        """Since when one has one's password, and whether a link for another one waits."""
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.snapshot() as reader:
            password = await reset_store.password_of(reader, actor.person_id)
            row = await reset_store.waiting_for(reader, actor.person_id, self._ground.clock.now())
            waiting = None
            if row is not None:
                by = await self._people.cards_of(reader, [row.made_by]) if row.made_by else []
                waiting = ResetWaiting(by[0] if by else None, row.made_at, row.expires_at)
        return OwnPassword(
            password.changed_at if password else None, password.by_link if password else False, waiting
        )

    async def change(self, actor: Actor, said: PasswordChange) -> None:
        """Choose another password. One's other sessions end, and a link that waits is worth nothing any more.

        Raises:
            Invalid: it is too short or too long.
            CommonPassword, OwnNamePassword: it is what others try first.
            WrongPassword: the present one is not that.
            ConfirmationNeeded: passkeys guard the account, and this session did not come by one (or by a recovery code).
            TooMany: wait `retry_after_s`.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        async with self._ground.database.read() as reader:
            person = await store.find_person(reader, actor.person_id)
            about = [] if person is None else await self._people.known_of(reader, person)
        hashed = await self._people.hashed(said.fresh, about)
        if said.present is not None:
            await self._check_present(actor, said.present)
        async with self._ground.database.transaction() as tx:
            await self._held(tx, actor.person_id)
            # Who forgot it, and came by what guards the account, needs no more; nobody else leaves it out.
            await self._passkeys.guard(tx, actor, fresh=said.present is None)
            guarded = await key_store.count_keys(tx, actor.person_id) > 0
            kept = await key_store.password_of(tx, actor.person_id)
            if said.present is None and kept is not None and not guarded:
                raise Invalid(field="present")
            await self._do_set(tx, actor.person_id, hashed, by_link=False)
            await reset_store.withdraw(tx, actor.person_id)
            await self._people.sessions.do_end_all(tx, actor.person_id, but=actor.session_id)
            await self._audit(tx, "people:password:change", actor.person_id, actor.person_id, "changed")

    async def withdraw_own(self, actor: Actor) -> None:
        """End a link that one did not ask for."""
        self._ground.access.allow(actor, Action.PEOPLE_PROFILE_EDIT, own=True)
        await self._withdraw(actor, actor.person_id)

    # Administrators, and who runs the server.

    async def issue(self, actor: Actor, person_id: UUID) -> ResetIssued:
        """A link for somebody of one's organisation; the one before is worth nothing any more. They are told.

        Raises:
            Refused: not an administrator; for a security officer, not one oneself.
            OwnReset: oneself: one's own password is changed by who knows it.
            NotFound: nobody of one's organisation, or somebody who is suspended.
            OperatorReset: a link of who runs the server waits for them.
            ConfirmationNeeded: first prove again who you are.
        """
        self._ground.access.allow(actor, Action.PEOPLE_PASSWORD_RESET)
        if person_id == actor.person_id:
            raise OwnReset
        async with self._ground.database.transaction() as tx:
            await hold_office(self._ground, tx, actor, Action.PEOPLE_PASSWORD_RESET)
            account = await self._held(tx, person_id)
            if account is None or account.suspended or account.organisation_id != actor.organisation_id:
                raise NotFound
            if account.officer:  # whoever makes a link can use it: it is worth what its maker is trusted with
                await hold_office(self._ground, tx, actor, Action.PEOPLE_OFFICER_APPOINT)
            await self._passkeys.guard(tx, actor)
            waiting = await reset_store.waiting_for(tx, person_id, self._ground.clock.now())
            if waiting is not None and waiting.anew:
                raise OperatorReset
            token, expires_at = await self._do_issue(tx, person_id, actor.person_id, anew=False)
            [person] = await self._people.cards_of(tx, [person_id])
        return ResetIssued(person, account.email, expires_at, token)

    async def withdraw(self, actor: Actor, person_id: UUID) -> None:
        """End a link that waits; where none does, nothing happens."""
        self._ground.access.allow(actor, Action.PEOPLE_PASSWORD_RESET)
        async with self._ground.database.read() as reader:
            person = await store.find_person(reader, person_id)
        if person is None or person.organisation_id != actor.organisation_id:
            raise NotFound
        await self._withdraw(actor, person_id)

    async def do_issue_anew(self, email: str) -> tuple[str, datetime] | None:
        """A link of who runs the server, for an agent: what it gives is an administrator's account begun anew.

        None when no agent has this address. The caller is at the machine's terminal.
        """
        async with self._ground.database.transaction() as tx:
            person_id = await reset_store.account_at(tx, checked_address(email))
            account = await self._held(tx, person_id) if person_id else None
            if account is None or account.kind != ActorKind.AGENT.value:
                return None
            return await self._do_issue(tx, account.id, None, anew=True)

    # Who holds a link.

    async def look(self, token: str, *, address: str) -> ResetView:
        """What a link says.

        Raises:
            ResetOver: it is none, or none any more.
            TooMany: too many that were none, from where the request comes from.
        """
        async with self._ground.database.snapshot() as reader:
            row, person = await self._standing(reader, token, address)
            organisations = {o.id: o for o in await store.organisations(reader)}
            keys = await key_store.count_keys(reader, row.person_id)
        return ResetView(
            organisation=organisations[person.organisation_id],
            email=person.email,
            given_name=person.given_name,
            family_name=person.family_name,
            guarded=keys > 0 and not row.anew,
            anew=row.anew,
            expires_at=row.expires_at,
        )

    async def accept(self, form: ResetForm, client: Client) -> Opened:
        """Take a link, once: its person has another password, all they had open ends, and they are signed in.

        Raises:
            ResetOver: it is none, or none any more.
            Invalid: the password is too short, or a recovery code is missing; the link stays good.
            WrongRecoveryCode: it is none of the account's, or was used; the link stays good.
            TooMany: wait.
        """
        async with self._ground.database.read() as reader:
            row, person = await self._standing(reader, form.token, client.address)
            about = await self._people.known_of(reader, person)
        hashed = await self._people.hashed(form.password, about)
        now = self._ground.clock.now()
        # Who holds the link is not locked out by others who guess at the address: what is guessed here is a code.
        counts = self._people.guesses.of_link(digest(form.token), client.address)
        self._people.guesses.take(counts)
        async with self._ground.database.transaction() as tx:
            account = await self._held(tx, row.person_id)
            taken = await reset_store.take(tx, digest(form.token), now)
            if account is None or taken is None or (account.suspended and not taken.anew):
                raise ResetOver
            self._people.check_staying(account.kind, account.id)
            guarded = await key_store.count_keys(tx, account.id) > 0
            await self._people.sessions.do_end_all(tx, account.id)
            if taken.anew:
                await reset_store.begin_anew(tx, account.id)
            elif guarded:
                await self._check_code(tx, account.id, form.code)
            await self._do_set(tx, account.id, hashed, by_link=True)
            opened = await self._people.sessions.do_open(
                tx,
                account.id,
                client,
                strength=Strength.PASSWORD,
                means="recovery" if guarded and not taken.anew else "link",
            )
            await self._audit(tx, _RESET, account.id, account.id, "anew" if taken.anew else "used")
        self._people.guesses.good(counts)
        await self._people.sessions.end_former(client.session_token)
        return opened

    async def drop_over(self) -> None:
        """Drop links that have run out."""
        async with self._ground.database.transaction() as tx:
            await reset_store.drop_over(tx, self._ground.clock.now())

    # Within.

    async def end_restored(self) -> int:
        """After a restore: nothing that was open when the backup was taken opens anything. Gives how many sessions ended.

        Whoever signed out since, or lost a computer, would find their session alive again; so would a used link.
        """
        never = datetime.max.replace(tzinfo=UTC)
        async with self._ground.database.transaction() as tx:
            await reset_store.drop_over(tx, never)
            return await session_store.end_expired_sessions(tx, never)

    async def _held(self, tx: Transaction, person_id: UUID) -> AccountRow | None:
        await self._ground.journal.lock(tx, [person_id])
        return await reset_store.hold_account(tx, person_id)

    async def _check_present(self, actor: Actor, present: str) -> None:
        counts = self._people.guesses.of_device(actor.device_id)
        self._people.guesses.take(counts)
        async with self._ground.database.read() as reader:
            kept = await key_store.password_of(reader, actor.person_id)
        if not await self._people.is_own_password(kept, present):
            self._ground.audit.note(Line("people:password:change", False, actor.person_id, reason="password"))
            raise WrongPassword(field="present")
        self._people.guesses.good(counts)

    async def _check_code(self, tx: Transaction, person_id: UUID, code: str | None) -> None:
        if code is None or not code.strip():
            raise Invalid(field="code")
        if not await key_store.use_code(tx, person_id, digest_of(person_id, code), self._ground.clock.now()):
            self._ground.audit.note(Line(_RESET, False, person_id, reason="recovery"))
            raise WrongRecoveryCode(field="code")

    async def _do_issue(
        self, tx: Transaction, person_id: UUID, by: UUID | None, *, anew: bool
    ) -> tuple[str, datetime]:
        token, now = self._ground.ids.token(), self._ground.clock.now()
        expires_at = now + LASTS
        await reset_store.put(tx, person_id, digest(token), by=by, at=now, expires_at=expires_at, anew=anew)
        await tell_account_moved(self._ground, tx, person_id)
        await self._audit(tx, _RESET, by, person_id, "made")
        return token, expires_at

    async def _do_set(self, tx: Transaction, person_id: UUID, hashed: str, *, by_link: bool) -> None:
        await store.set_password(tx, person_id, hashed, self._ground.clock.now())
        await reset_store.mark_by_link(tx, person_id, by_link=by_link)
        await tell_account_moved(self._ground, tx, person_id)

    async def _withdraw(self, actor: Actor, person_id: UUID) -> None:
        async with self._ground.database.transaction() as tx:
            await self._ground.journal.lock(tx, [person_id])
            if await reset_store.withdraw(tx, person_id):
                await tell_account_moved(self._ground, tx, person_id)
                await self._audit(tx, _RESET, actor.person_id, person_id, "revoked")

    async def _standing(self, reader: Reader, token: str, address: str) -> tuple[ResetRow, store.PersonRow]:
        """The link of a token and whose account it is, if it is still good; a token that is none counts as a guess."""
        counts = self._people.guesses.of_place(address)
        self._people.guesses.take(counts)
        row = None
        if len(token) == _TOKEN_LENGTH and token.isascii():
            row = await reset_store.find_by_token(reader, digest(token), self._ground.clock.now())
        person = await store.find_person(reader, row.person_id) if row is not None else None
        if row is None or person is None:
            raise ResetOver
        self._people.guesses.good(counts)
        return row, person

    async def _audit(self, tx: Transaction, action: str, by: UUID | None, member: UUID, step: str) -> None:
        detail = {"member": str(member), "step": step}
        await self._ground.audit.record(tx, Line(action, True, by, detail=detail))
