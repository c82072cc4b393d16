"""Lists cost as many queries for 1,900 spaces as for one."""

from typing import Any, LiteralString, TypeVar

import pytest

from bastide.core.database import Reader
from bastide.core.policy import Action, Label, Tool
from tests.support.town import Town

T = TypeVar("T")
_MANY = 12


async def test_the_list_of_ones_spaces_is_one_query_however_many_there_are(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Reader.all

    async def noted(reader: Reader, struct: type[T], sql: LiteralString, **params: Any) -> list[T]:
        asked.append(sql)
        return await ask(reader, struct, sql, **params)

    counts: list[int] = []
    made = 0
    for wanted in (1, _MANY):
        while made < wanted:
            await town.space(town.agathe, label=list(Label)[made % 3], tools=[Tool.CHAT])
            made += 1
        asked.clear()
        async with town.house.ground.database.snapshot() as reader:
            with monkeypatch.context() as patch:
                patch.setattr(Reader, "all", noted)
                for method in ("rows", "one", "value"):
                    patch.setattr(Reader, method, not_asked)
                found = await town.house.spaces.own_many(reader, town.agathe)
        assert len(found) == wanted
        assert all(Action.CHAT_MESSAGE_SEND in own.abilities for own in found)
        counts.append(len(asked))
    assert counts == [1, 1]
    # And where an act is allowed is known without asking at all: a list then is `space_id = any(…)`.
    assert len(town.house.ground.access.visible(town.agathe, Action.CHAT_MESSAGE_READ)) == _MANY


async def not_asked(*_: object, **__: object) -> None:
    raise AssertionError("a list asks the database once")
