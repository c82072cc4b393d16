"""A passkey's device in a window: Chromium's own virtual authenticator, driven over its DevTools protocol."""

from typing import Any

from playwright.async_api import CDPSession

from tests.browser.support.windows import Person


class Device:
    """What recognizes its person, as a telephone or a computer does; it says yes by itself until it is told not to."""

    def __init__(self, line: CDPSession, name: str) -> None:
        self._line = line
        self._name = name

    @classmethod
    async def given_to(cls, person: Person) -> "Device":
        """Put a device into a person's window."""
        line = await person.context.new_cdp_session(person.page)
        await line.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = await line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(line, made["authenticatorId"])

    async def recognizes(self, yes: bool) -> None:
        """Whether it recognizes who is before it from now on."""
        await self._tell("setUserVerified", isUserVerified=yes)

    async def keys(self) -> list[Any]:
        """The passkeys in it."""
        return (await self._tell("getCredentials"))["credentials"]

    async def loses_all(self) -> None:
        """It is wiped: its passkeys are gone."""
        await self._tell("clearCredentials")

    async def leaves(self) -> None:
        """It is taken away."""
        await self._tell("removeVirtualAuthenticator")

    async def _tell(self, what: str, **how: object) -> Any:
        return await self._line.send(f"WebAuthn.{what}", {"authenticatorId": self._name, **how})  # pyright: ignore[reportArgumentType]
