"""The list of an organisation's spaces, for its administrators: what there is and who answers for it.

An office opens no space (decision 0015): a space's name is there only for who may know it by what they are elsewhere, and
conversations between people are in no list.
"""

from collections.abc import AsyncGenerator
from uuid import UUID

import msgspec

from bastide.core.access import Access
from bastide.core.audit import Line
from bastide.core.content import Content, restored
from bastide.core.database import Reader
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor
from bastide.core.sheet import MARK, line
from bastide.people.service import People
from bastide.spaces import book_store
from bastide.spaces.book_model import SpaceBook, SpaceLine
from bastide.spaces.book_store import LineRow, Sought
from bastide.spaces.book_words import WORDS, Language, SpaceWords

PAGE_MOST, MANAGERS_SHOWN = 100, 3
_PAGE_TAKEN, _MANAGERS_TAKEN = 500, 20


class Book:
    """The use cases of the list of spaces."""

    def __init__(self, ground: Ground, people: People) -> None:
        self._ground = ground
        self._people = people

    async def page(
        self, actor: Actor, sought: Sought, *, after: UUID | None = None, most: int = PAGE_MOST
    ) -> SpaceBook:
        """A page of one's organisation's spaces. That it was read is a line of the audit.

        Raises:
            Refused: not an administrator, or not in administration.
        """
        self._ground.access.allow(actor, Action.SPACES_BOOK_READ)
        most = min(most, PAGE_MOST)
        async with self._ground.database.snapshot() as reader:
            many = await book_store.count(reader, actor.organisation_id, sought)
            rows = await self._rows(reader, actor, sought, after, MANAGERS_SHOWN, most + 1)
            found = await self._lines(reader, actor, rows[:most])
        if after is None:
            await self._ground.audit.record_alone(Line(Action.SPACES_BOOK_READ.value, True, actor.person_id))
        return SpaceBook(many, found, found[-1].id if len(rows) > most else None)

    async def export(self, actor: Actor, language: Language) -> AsyncGenerator[bytes]:
        """The whole list as a CSV file, in UTF-8.

        Raises:
            Refused: not an administrator, or not in administration.
        """
        self._ground.access.allow(actor, Action.SPACES_BOOK_EXPORT)
        await self._ground.audit.record_alone(Line(Action.SPACES_BOOK_EXPORT.value, True, actor.person_id))
        return self._exported(actor, WORDS[language])

    async def _exported(self, actor: Actor, words: SpaceWords) -> AsyncGenerator[bytes]:
        yield (MARK + line(words.head)).encode()
        after: UUID | None = None
        while True:
            async with self._ground.database.snapshot() as reader:
                rows = await self._rows(reader, actor, Sought(), after, _MANAGERS_TAKEN, _PAGE_TAKEN)
                found = await self._lines(reader, actor, rows)
            yield "".join(line(_cells(one, words)) for one in found).encode()
            if len(rows) < _PAGE_TAKEN:
                return
            after = rows[-1].id

    async def _rows(
        self, reader: Reader, actor: Actor, sought: Sought, after: UUID | None, shown: int, most: int
    ) -> list[LineRow]:
        return await book_store.lines(
            reader, actor.organisation_id, sought, after=after, shown=shown, most=most
        )

    async def _lines(self, reader: Reader, actor: Actor, rows: list[LineRow]) -> list[SpaceLine]:
        cards = await self._people.cards_of(reader, [i for row in rows for i in row.managers])
        of = {card.id: card for card in cards}
        return [
            SpaceLine(
                row.id,
                row.kind,
                row.label,
                _name(self._ground.access, actor, row),
                [of[i] for i in row.managers if i in of],
                row.managers_count,
                row.members,
                row.files,
                row.size,
                row.created_at,
                row.active_at,
            )
            for row in rows
        ]


def _name(access: Access, actor: Actor, row: LineRow) -> Content | None:
    """A space's name, for who may know it without any office."""
    plain = msgspec.structs.replace(actor, administrator=False, officer=False, acting=False)
    known = (Action.SPACES_SPACE_READ, Action.SPACES_SPACE_DISCOVER)
    if not any(access.may(plain, action, row.id) for action in known):
        return None
    return restored(row.name_format, row.name)


def _cells(one: SpaceLine, words: SpaceWords) -> list[str]:
    return [
        one.name.text if one.name is not None else words.unnamed,
        words.kinds[one.kind],
        words.labels[one.label],
        ", ".join(f"{m.given_name} {m.family_name}" for m in one.managers),
        str(one.managers_count),
        str(one.members),
        str(one.files),
        str(one.size),
        one.created_at.date().isoformat(),
        one.active_at.date().isoformat(),
        str(one.id),
    ]
