"""Somebody who lives in a running instance, by nothing but its port: the first administrator, with a space of theirs.

me = await Resident.first(instance)               # by the one-time link that `up --no-demo` printed
me = await Resident.again(instance)               # signs in
await me.say("Bonjour")                           # answered when it is on the disk
assert await me.texts() == ["Bonjour"]
async with me.call() as joined: ...               # a ticket, and its signalling by our own port
"""

import contextlib
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from livekit.protocol import rtc
from websockets.asyncio.client import connect

from tests.support.instance import Running
from tests.support.served import Window

EMAIL, PASSWORD = "claire.aubry@saint-amand.example", "un long mot de passe de test"
_COOKIE = "bastide_session"
_CLIENT = {"protocol": "16", "sdk": "js", "version": "2.23.0", "auto_subscribe": "0"}


class Resident(Window):
    """A signed-in window, its space and the space's channel."""

    space: str
    channel: str

    @classmethod
    async def first(cls, instance: Running) -> "Resident":
        """Take the link, say where the instance lies, make a space."""
        link = await instance.until("  Begin here, once: ")
        who = {"given_name": "Claire", "family_name": "Aubry", "email": EMAIL, "password": PASSWORD}
        organisation = {
            "name": "Mairie de Saint-Amand",
            "short_name": "Saint-Amand",
            "domain": "saint-amand.example",
        }
        form = who | {f"organisation_{name}": value for name, value in organisation.items()}
        me = await cls._enter(instance, "/api/session/first", form | {"token": link.rpartition("#")[2]})
        answer = await me.post("/api/administration/session")
        assert answer.status_code == 200, answer.text
        answer = await me.put("/api/rule/profile", {"hosting": "premises"})
        assert answer.status_code == 200, answer.text
        space = {
            "kind": "team",
            "label": "internal",
            "name": _text("Atelier"),
            "tools": ["chat", "files", "meet"],
        }
        answer = await me.post("/api/spaces", space | {"client_id": str(uuid4())})
        assert answer.status_code == 201, answer.text
        return await me._settle()

    @classmethod
    async def again(cls, instance: Running) -> "Resident":
        """Sign in by address and password."""
        return await (
            await cls._enter(instance, "/api/session", {"email": EMAIL, "password": PASSWORD})
        )._settle()

    @classmethod
    async def _enter(cls, instance: Running, path: str, form: dict[str, str]) -> "Resident":
        base = f"http://localhost:{instance.port}"
        headers = {"origin": base, "sec-fetch-site": "same-origin"}
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=20) as client:
            answer = await client.post(path, json=form)
            assert answer.status_code == 200, answer.text
        return cls(base, _COOKIE, answer.cookies[_COOKIE], None)

    async def _settle(self) -> "Resident":
        snapshot = (await self.get("/api/snapshot")).json()
        self.space = snapshot["spaces"][0]["space"]["id"]
        self.channel = snapshot["channels"][0]["channel"]["id"]
        return self

    async def say(self, text: str) -> None:
        """Send a message; acknowledged when this returns. Raises httpx.HTTPError when it is not."""
        message = {"client_id": str(uuid4()), "content": _text(text)}
        (await self.post(f"/api/channels/{self.channel}/messages", message)).raise_for_status()

    async def texts(self) -> list[str]:
        """What stands in the channel, oldest first."""
        page = (await self.get(f"/api/channels/{self.channel}/messages", params={"limit": 100})).json()
        return [message["content"]["text"] for message in page["messages"]]

    async def keep(self, name: str, content: bytes) -> str:
        """Put a file into the space; its id."""
        answer = await self.post(
            f"/api/spaces/{self.space}/files",
            params={"name": name, "client_id": str(uuid4())},
            content=content,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def content(self, file: str) -> bytes:
        """A file's bytes."""
        answer = await self.get(f"/api/files/{file}/content")
        assert answer.status_code == 200, answer.text
        return answer.content

    async def calls(self) -> str:
        """How calls are said to be."""
        return (await self.get("/api/calls/engine")).json()["state"]

    @contextlib.asynccontextmanager
    async def call(self) -> AsyncGenerator[rtc.JoinResponse]:
        """Enter the space's call; gives what the media server answered by our own port."""
        answer = await self.post(f"/api/spaces/{self.space}/call")
        assert answer.status_code == 200, answer.text
        ticket: dict[str, Any] = answer.json()
        query = urlencode(_CLIENT | {"access_token": ticket["token"]})
        async with connect(
            f"{ticket['url']}/rtc?{query}",
            origin=self.base,  # pyright: ignore[reportArgumentType] - a text
            additional_headers={"cookie": self.http.headers["cookie"]},
        ) as signal:
            first = await signal.recv(decode=False)
            joined = rtc.SignalResponse.FromString(first).join
            assert joined.room.name == ticket["call"]["id"]
            yield joined


def _text(text: str) -> dict[str, str]:
    return {"format": "plain", "text": text}
