"""Reaching the instance that runs on a data folder: its database, by the way that the supervisor uses itself."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec
import psycopg.errors

from bastide.core.audit import ChainBroken
from bastide.core.errors import Unavailable
from bastide.engines.errors import EngineError
from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.house import House
from bastide.settings import Settings
from bastide.supervisor.keeper import noted
from bastide.terminal.words import Words


class Unreachable(EngineError):
    """The instance cannot be reached; the message is a sentence for the terminal."""


@asynccontextmanager
async def running_house(settings: Settings, words: Words) -> AsyncGenerator[House]:
    """The running instance's house in this process: its database, and nothing of what goes on in the background.

    Whoever started the instance (or root) may come in. What is written here the running application hears within two
    seconds (`hosting.hearing`).

    Args:
        settings: which instance.
        words: in which language to say why it cannot be reached.

    Raises:
        Unreachable: nothing runs on that data folder, it does not serve yet, its database does not answer, or what was asked
            must be recorded and its audit takes no line.
    """
    data = str(settings.data)
    starting, no_answer = words.starting.format(data=data), words.no_answer.format(data=data)
    house = _house(settings, words.not_running.format(data=data), starting)
    try:
        await house.ground.database.open()
    except Unavailable as error:
        await house.ground.database.close()
        raise Unreachable(no_answer) from error
    try:
        async with house.ground.database.read() as reader:
            await house.hearing.begin(reader)
            await house.rulebook.load(reader)
        yield house
    except ChainBroken as error:
        raise Unreachable(words.chain_closed) from error
    except Unavailable as error:
        raise Unreachable(no_answer) from error
    except psycopg.errors.UndefinedTable as error:
        raise Unreachable(starting) from error
    finally:
        house.people.close()
        await house.ground.database.close()


def running_url(settings: Settings, words: Words) -> str:
    """Where the running instance's database is. Raises Unreachable where none runs."""
    data = str(settings.data)
    return _url(settings, words.not_running.format(data=data), words.starting.format(data=data))


def _url(settings: Settings, not_running: str, starting: str) -> str:
    if noted(settings.run, "supervisor") is None:
        raise Unreachable(not_running)
    if noted(settings.run, "app") is None:
        raise Unreachable(starting)
    if settings.database_url is not None:
        return settings.database_url
    engine = PostgresSettings(
        home=settings.data / "postgres", run=settings.run, log=settings.logs / "postgres.log"
    )
    return EmbeddedPostgres(engine).url


def _house(settings: Settings, not_running: str, starting: str) -> House:
    try:
        url = _url(settings, not_running, starting)
        return House.build(msgspec.structs.replace(settings, database_url=url), conninfo=url)
    except PermissionError as error:
        raise Unreachable(
            f"{error.filename} is closed to this account: run this as who started Bastide, or as root."
        ) from error
