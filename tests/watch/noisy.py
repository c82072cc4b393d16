"""A served house with its real logs, in a process of its own, in which a day's work is done and everything is made to break.

`python -m tests.watch.noisy FOLDER MARK`: every word that people say, name or keep secret holds MARK. The logs of the
application are its standard error, PostgreSQL's are `FOLDER/postgres.log`; on standard output go the secrets that the
house itself made on that day. It ends by an error that nobody catches.
"""

import asyncio
import contextlib
import gc
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from bastide.chat.socket import SendFrame
from bastide.core.clock import Clock
from bastide.core.gateway.contract import CloseCode
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.logs import set_up_logs
from tests.support.authenticator import Authenticator
from tests.support.eventually import until
from tests.support.served import Served, Window, serving
from tests.support.town import Town, lay_tables, living_town, strong

Secrets = list[str]


class Day:
    """One day in a house where every word is marked."""

    def __init__(self, served: Served, mark: str) -> None:
        self.served = served
        self.town: Town = served.town
        self.mark = mark
        self.secrets: Secrets = []
        self._numbers = 0

    def word(self, what: str = "mot") -> str:
        self._numbers += 1
        return f"{what}-{self.mark}-{self._numbers}"

    def plain(self, what: str = "texte") -> dict[str, str]:
        return {"format": "plain", "text": self.word(what)}

    def new_id(self) -> str:
        return str(self.town.house.ground.ids.new())

    async def work(self) -> tuple[Window, UUID, UUID]:
        """What people do: it all goes well."""
        town, served = self.town, self.served
        rene = await town.person("Rene", self.word("Martin"), town.prefecture, password=self.word("phrase"))
        rene = await town.administrator(rene)
        await self.doors(await served.window(rene))
        window = await served.window(strong(rene))
        new = {"kind": "team", "label": "internal", "tools": ["chat", "files", "meet"]}
        made = await window.post(
            "/api/spaces",
            new | {"client_id": self.new_id(), "name": self.plain("espace"), "description": self.plain()},
        )
        assert made.status_code == 201, made.text
        space = UUID(made.json()["space"]["id"])
        channel = await town.channel(rene, space)
        sent = await window.post(
            f"/api/channels/{channel}/messages", {"client_id": self.new_id(), "content": self.plain()}
        )
        assert sent.status_code == 201, sent.text
        message = sent.json()["id"]
        edited = await window.patch(f"/api/messages/{message}", {"content": self.plain()})
        assert edited.status_code == 200, edited.text
        uploaded = await window.post(
            f"/api/spaces/{space}/files",
            params={"name": f"{self.word('fichier')}.txt", "client_id": self.new_id()},
            content=self.word().encode(),
        )
        assert uploaded.status_code == 201, uploaded.text
        wire = await window.socket()
        assert (await wire.send(channel, self.word(), UUID(self.new_id())))["t"] == "done"
        for path in ("/api/people", "/api/communities", "/api/administration/people"):
            assert (await window.get(path, params={"q": self.word("cherche")})).status_code == 200
        return window, space, channel

    async def doors(self, window: Window) -> None:
        """Signing in, links, passkeys and codes; right and wrong."""
        served, town = self.served, self.town
        self.secrets.append(window.token or "")
        for _ in range(3):
            said = {"email": f"{self.word()}@haute-vezelle.example", "password": self.word()}
            assert (await served.stranger().post("/api/session", said)).status_code == 401
        served.town.house.passkeys.origin = served.base
        key = Authenticator(origin=served.base)
        options = (await window.post("/api/me/passkeys/options")).json()
        made = await window.post("/api/me/passkeys", key.make(options, self.word("clé")))
        assert made.status_code in (200, 201), made.text
        if window.actor:
            window = await served.window(await town.administrator(strong(window.actor)))
        codes = await window.post("/api/me/recovery-codes")
        assert codes.status_code < 300, codes.text
        self.secrets += codes.json()["codes"]
        reset = await window.post(f"/api/administration/people/{town.ousmane.person_id}/reset")
        assert reset.status_code == 201, reset.text
        self.secrets.append(reset.json()["token"])
        looked = await served.stranger().post("/api/reset/look", {"token": reset.json()["token"]})
        assert looked.status_code == 200, looked.text
        for path, body in (
            ("/api/reset/accept", {"token": self.word(), "password": self.word()}),
            ("/api/invitation/accept", {"token": self.word(), "password": self.word()}),
            ("/api/session/recovery", {"email": self.word(), "code": self.word(), "password": self.word()}),
            ("/api/session/passkey", {"credential": self.word()}),
            ("/api/session/first", {"token": self.word()}),
        ):
            assert (await served.stranger().post(path, body)).status_code >= 400
        assert (await served.stranger(self.word("cookie")).get("/api/me")).status_code in (401, 404, 405)
        function = await window.patch("/api/me", {"function": self.word("fonction")})
        assert function.status_code == 200, function.text

    async def break_frames(self, window: Window, channel: UUID) -> None:
        """What no window sends."""
        for bad in (
            self.word(),
            f'{{"t":"chat.send","n":1,"channel_id":"{self.word()}","client_id":"{self.new_id()}"}}',
            f'{{"t":"{self.word()}","n":1}}',
            self.word().encode(),
            b"\xff" + self.word().encode(),
        ):
            wire = await window.socket()
            await wire.say(bad)
            await until(lambda wire=wire: wire.closed)
        for body in (b"{" + self.word().encode(), f'{{"content":"{self.word()}"}}'.encode(), b"\xff\xfe"):
            answer = await window.request("POST", f"/api/channels/{channel}/messages", content=body)
            assert answer.status_code == 400, answer.text
        await window.get(f"/api/{self.word()}?q={self.word()}")
        await window.get(f"/api/people/{self.word()}")

    async def break_acts(self, window: Window, channel: UUID) -> None:
        """Defects of every kind, whose words are what people wrote."""
        house = self.town.house

        async def by_value(*_given: object, **_more: object) -> Any:
            raise ValueError(self.word())

        async def by_row(*_given: object, **_more: object) -> Any:
            async with house.ground.database.transaction() as tx:
                await tx.run("create temp table marked (word text primary key) on commit drop")
                for _again in range(2):
                    await tx.run("insert into marked values (%(word)s)", word=f"deux-{self.mark}")

        async def by_cast(*_given: object, **_more: object) -> Any:
            async with house.ground.database.read() as reader:
                await reader.value("select %(word)s::text::uuid", word=self.word())

        async def by_group(*_given: object, **_more: object) -> Any:
            try:
                {}[self.word()]
            except KeyError as error:
                raise ExceptionGroup(self.word(), [error, OSError(2, self.word(), self.word())]) from error

        for broken in (by_value, by_row, by_cast, by_group):
            with replaced(house.chat, "send", broken):
                answer = await window.post(
                    f"/api/channels/{channel}/messages", {"client_id": self.new_id(), "content": self.plain()}
                )
                assert answer.status_code == 500, answer.text
                assert self.mark not in answer.text
                assert answer.headers["x-request-id"]
        wire = await window.socket()
        assert window.actor is not None
        hearers = house.hub.sockets_of(window.actor.person_id)
        for broken in (by_value, by_cast):
            held = house.frames.requests[SendFrame]
            house.frames.requests[SendFrame] = broken
            try:
                assert (await wire.send(channel, self.word(), UUID(self.new_id())))["t"] == "failed"
            finally:
                house.frames.requests[SendFrame] = held
        for hearer in hearers:
            hearer.peer.close(CloseCode.RESUME_LATER, "resume-later")
        task = house.ground.jobs.task(f"marked.{self._numbers}")(by_job(self))
        async with house.ground.database.transaction() as tx:
            await house.ground.jobs.defer(tx, task, word=self.word())
        await house.ground.jobs.drain()

    async def break_around(self) -> None:
        """What nobody waits for."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(failing(self.word()), name=self.word("tâche"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
        gc.collect()
        loop.call_exception_handler({"message": self.word(), "exception": ValueError(self.word())})
        loop.call_soon(shout, self.word())
        await asyncio.sleep(0.01)
        thread = threading.Thread(target=shout, args=(self.word(),))
        thread.start()
        thread.join()
        warnings.warn(self.word(), stacklevel=1)
        logging.getLogger("somebodys").error("with %s", self.word())
        try:
            shout(self.word())
        except RuntimeError:
            logging.getLogger("somebodys").exception(self.word(), stack_info=True)
        Unloved(self.word())
        gc.collect()


class Unloved:
    def __init__(self, word: str) -> None:
        self.word = word

    def __del__(self) -> None:
        shout(self.word)


def shout(word: str) -> None:
    raise RuntimeError(word)


async def failing(word: str) -> None:
    raise LookupError(word)


def by_job(day: Day) -> Callable[[str], Any]:
    async def work(word: str) -> None:
        raise RuntimeError(word + day.word())

    return work


@contextlib.contextmanager
def replaced(thing: object, name: str, by: object) -> Any:
    setattr(thing, name, by)
    try:
        yield
    finally:
        delattr(thing, name)


async def main(folder: Path, mark: str) -> None:
    engine = EmbeddedPostgres(
        PostgresSettings(
            home=folder / "postgres", run=folder / "run", log=folder / "postgres.log", durable=False
        )
    )
    await engine.prepare()
    process = await engine.start()
    await engine.wait_ready(process)
    try:
        await lay_tables(engine.url)
        async with (
            # no session's PostgreSQL is needed where an address is given
            living_town(None, folder / "data", url=engine.url, clock=Clock()) as town,  # pyright: ignore[reportArgumentType]
            serving(town, folder) as served,
        ):
            day = Day(served, mark)
            window, _, channel = await day.work()
            await day.break_frames(window, channel)
            await day.break_acts(window, channel)
            await day.break_around()
            print(*day.secrets, sep="\n", flush=True)  # noqa: T201
            town.house.run()
            await asyncio.sleep(0.5)
            await engine.stop(process)
            sent = {"client_id": day.new_id(), "content": day.plain()}
            away = await asyncio.gather(
                window.get("/api/people", params={"q": day.word()}),
                window.get("/api/snapshot"),
                window.post(f"/api/channels/{channel}/messages", sent),
            )
            assert [answer.status_code for answer in away] == [503, 503, 503]
    finally:
        await engine.stop(process)
    raise SystemError(mark)


if __name__ == "__main__":
    set_up_logs()
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
