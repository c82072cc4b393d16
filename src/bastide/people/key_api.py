"""Passkeys and recovery codes over HTTP."""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from bastide.core.client import Client
from bastide.core.clock import Clock
from bastide.core.http.cookies import CookieNames
from bastide.core.policy import Actor
from bastide.people.api import said_by, signed_in
from bastide.people.keys import (
    Confirmation,
    KeyAsking,
    KeyMaking,
    NewPasskey,
    OwnPasskeys,
    PasskeyName,
    PasskeyProof,
    PasskeySignIn,
    RecoveryCodes,
    RecoverySignIn,
)
from bastide.people.model import Me
from bastide.people.passkeys import Passkeys
from bastide.people.recovery import Recovery
from bastide.people.service import People
from bastide.people.sessions import Renewed


class PasskeyDoorController(Controller):
    """Signing in without a password."""

    path = "/api/session"
    tags = ["people"]

    @post("/passkey/options", status_code=HTTP_200_OK)
    async def ask(self, passkeys: Passkeys) -> KeyAsking:
        """What a browser needs to ask for a passkey, of whomever."""
        return passkeys.begin_sign_in()

    @post("/passkey", status_code=HTTP_200_OK)
    async def sign_in(
        self,
        client: Client,
        data: PasskeySignIn,
        passkeys: Passkeys,
        people: People,
        cookie_names: CookieNames,
    ) -> Response[Me]:
        """Sign in by a passkey; sets the session's and the device's cookies."""
        opened = await passkeys.sign_in(data, said_by(client, data))
        return await signed_in(opened, people, cookie_names)

    @post("/recovery", status_code=HTTP_200_OK)
    async def recover(
        self,
        client: Client,
        data: RecoverySignIn,
        recovery: Recovery,
        people: People,
        cookie_names: CookieNames,
    ) -> Response[Me]:
        """Sign in by a recovery code, which is spent."""
        opened = await recovery.sign_in(data, said_by(client, data))
        return await signed_in(opened, people, cookie_names)


class OwnPasskeysController(Controller):
    """One's own passkeys, recovery codes, and proving that it is oneself."""

    path = "/api/me"
    tags = ["people"]

    @get("/passkeys")
    async def own(self, actor: Actor, passkeys: Passkeys) -> OwnPasskeys:
        """One's passkeys, and how many recovery codes are left."""
        return await passkeys.own(actor)

    @post("/passkeys/options", status_code=HTTP_200_OK)
    async def begin_adding(self, actor: Actor, passkeys: Passkeys) -> KeyMaking:
        """What a browser needs to make a passkey."""
        return await passkeys.begin_adding(actor)

    @post("/passkeys", status_code=HTTP_200_OK)
    async def add(
        self,
        actor: Actor,
        data: NewPasskey,
        passkeys: Passkeys,
        people: People,
        cookie_names: CookieNames,
        clock: Clock,
    ) -> Response[Me]:
        """Keep a passkey that was just made; this session is strong from now on, under another cookie."""
        return await _renewed(await passkeys.add(actor, data), people, cookie_names, clock)

    @patch("/passkeys/{passkey_id:uuid}")
    async def rename(
        self, actor: Actor, passkeys: Passkeys, passkey_id: UUID, data: PasskeyName
    ) -> OwnPasskeys:
        """Call a passkey something else."""
        return await passkeys.rename(actor, passkey_id, data.name)

    @delete("/passkeys/{passkey_id:uuid}", status_code=HTTP_204_NO_CONTENT)
    async def remove(self, actor: Actor, passkeys: Passkeys, passkey_id: UUID) -> None:
        """Take a passkey away; the sessions that are strong by it end, this one becomes no stronger than by a password."""
        await passkeys.remove(actor, passkey_id)

    @post("/recovery-codes", status_code=HTTP_200_OK)
    async def renew_codes(self, actor: Actor, recovery: Recovery) -> RecoveryCodes:
        """Ten fresh recovery codes, shown this once; older ones are worth nothing any more."""
        return await recovery.renew(actor)

    @post("/confirmation", status_code=HTTP_204_NO_CONTENT)
    async def confirm_by_password(self, actor: Actor, data: Confirmation, passkeys: Passkeys) -> None:
        """Prove by one's password that it is still oneself."""
        await passkeys.confirm_by_password(actor, data)

    @post("/confirmation/passkey/options", status_code=HTTP_200_OK)
    async def begin_confirming(self, actor: Actor, passkeys: Passkeys) -> KeyAsking:
        """What a browser needs to ask for one of one's own passkeys."""
        return await passkeys.begin_confirming(actor)

    @post("/confirmation/passkey", status_code=HTTP_200_OK)
    async def confirm(
        self,
        actor: Actor,
        data: PasskeyProof,
        passkeys: Passkeys,
        people: People,
        cookie_names: CookieNames,
        clock: Clock,
    ) -> Response[Me]:
        """Prove it by a passkey: this session is strong from now on, under another cookie."""
        return await _renewed(await passkeys.confirm(actor, data), people, cookie_names, clock)


CONTROLLERS = (PasskeyDoorController, OwnPasskeysController)


async def _renewed(renewed: Renewed, people: People, cookie_names: CookieNames, clock: Clock) -> Response[Me]:
    me = await people.me(renewed.actor, renewed.session_token)
    left = None if renewed.shared else int((renewed.expires_at - clock.now()).total_seconds())
    return Response(me, cookies=[cookie_names.session_cookie(renewed.session_token, left)])
