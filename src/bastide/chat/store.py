"""The SQL of chat."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from bastide.core.content import EMPTY, Content, restored, stored
from bastide.core.database import Reader, Transaction


class ChannelRow(msgspec.Struct, frozen=True):
    """A channel's columns."""

    id: UUID
    space_id: UUID
    name_format: int
    name: bytes
    topic_format: int
    topic: bytes
    position: int
    last_ordinal: int


class MessageRow(msgspec.Struct, frozen=True):
    """A message's columns, its channel's space, and the ordinal of the channel's last message at that moment."""

    id: UUID
    client_id: UUID
    space_id: UUID
    channel_id: UUID
    ordinal: int
    author_id: UUID
    format: int
    body: bytes
    files: list[UUID]
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    last_ordinal: int

    @property
    def content(self) -> Content:
        return restored(self.format, self.body) if self.deleted_at is None else EMPTY


class Draft(msgspec.Struct, frozen=True):
    """A message that is about to be inserted."""

    id: UUID
    client_id: UUID
    space_id: UUID
    channel_id: UUID
    author_id: UUID
    content: Content
    files: list[UUID]


_CHANNEL = "id, space_id, name_format, name, topic_format, topic, position, last_ordinal"
_MESSAGE = """
    m.id, m.client_id, c.space_id, m.channel_id, m.ordinal, m.author_id, m.format, m.body, m.files, m.sent_at,
    m.edited_at, m.deleted_at, c.last_ordinal
"""
_MESSAGES = "message m join channel c on c.id = m.channel_id"


async def add_channel(
    tx: Transaction,
    channel_id: UUID,
    space_id: UUID,
    name: Content,
    topic: Content,
    *,
    position: int,
    client_id: UUID | None,
    at: datetime,
) -> None:
    name_format, name_body = stored(name)
    topic_format, topic_body = stored(topic)
    await tx.run(
        """
        insert into channel (id, space_id, name_format, name, topic_format, topic, position, created_at, client_id)
        values (%(id)s, %(space)s, %(name_format)s, %(name)s, %(topic_format)s, %(topic)s, %(position)s, %(at)s,
                %(client_id)s)
        """,
        id=channel_id,
        space=space_id,
        name_format=name_format,
        name=name_body,
        topic_format=topic_format,
        topic=topic_body,
        position=position,
        at=at,
        client_id=client_id,
    )


async def change_channel(tx: Transaction, channel_id: UUID, name: Content, topic: Content) -> None:
    name_format, name_body = stored(name)
    topic_format, topic_body = stored(topic)
    await tx.run(
        """
        update channel set name_format = %(name_format)s, name = %(name)s, topic_format = %(topic_format)s,
                           topic = %(topic)s
        where id = %(id)s
        """,
        id=channel_id,
        name_format=name_format,
        name=name_body,
        topic_format=topic_format,
        topic=topic_body,
    )


async def find_made(reader: Reader, space_id: UUID, client_id: UUID) -> UUID | None:
    """The channel that a client id made before."""
    return await reader.value(
        "select id from channel where space_id = %(space)s and client_id = %(client_id)s",
        space=space_id,
        client_id=client_id,
    )


async def channels(reader: Reader, ids: Sequence[UUID]) -> list[ChannelRow]:
    return await reader.all(
        ChannelRow, f"select {_CHANNEL} from channel where id = any(%(ids)s)", ids=list(ids)
    )


async def channels_of(reader: Reader, spaces: Sequence[UUID]) -> list[ChannelRow]:
    return await reader.all(
        ChannelRow,
        f"select {_CHANNEL} from channel where space_id = any(%(spaces)s) order by space_id, position, id",
        spaces=list(spaces),
    )


async def last_messages(reader: Reader, channels: Sequence[UUID]) -> list[MessageRow]:
    """The newest message of each channel."""
    return await reader.all(
        MessageRow,
        f"select {_MESSAGE} from channel c join message m on m.channel_id = c.id and m.ordinal = c.last_ordinal "
        "where c.id = any(%(channels)s)",
        channels=list(channels),
    )


async def marks(reader: Reader, person_id: UUID, channels: Sequence[UUID]) -> dict[UUID, int]:
    """How far a person has read in channels; none is 0."""
    rows = await reader.rows(
        "select channel_id, ordinal from read_mark where person_id = %(person)s and channel_id = any(%(channels)s)",
        person=person_id,
        channels=list(channels),
    )
    return {row[0]: row[1] for row in rows}


async def space_of(reader: Reader, channel_id: UUID) -> UUID | None:
    return await reader.value("select space_id from channel where id = %(id)s", id=channel_id)


async def messages(reader: Reader, ids: Sequence[UUID]) -> list[MessageRow]:
    return await reader.all(
        MessageRow, f"select {_MESSAGE} from {_MESSAGES} where m.id = any(%(ids)s)", ids=list(ids)
    )


async def before(reader: Reader, channel_id: UUID, ordinal: int, most: int) -> list[MessageRow]:
    """The messages just before an ordinal, oldest first."""
    rows = await reader.all(
        MessageRow,
        f"select {_MESSAGE} from {_MESSAGES} where m.channel_id = %(channel)s and m.ordinal < %(ordinal)s "
        "order by m.ordinal desc limit %(most)s",
        channel=channel_id,
        ordinal=ordinal,
        most=most,
    )
    return rows[::-1]


async def after(reader: Reader, channel_id: UUID, ordinal: int, most: int) -> list[MessageRow]:
    """The messages just after an ordinal, oldest first."""
    return await reader.all(
        MessageRow,
        f"select {_MESSAGE} from {_MESSAGES} where m.channel_id = %(channel)s and m.ordinal > %(ordinal)s "
        "order by m.ordinal limit %(most)s",
        channel=channel_id,
        ordinal=ordinal,
        most=most,
    )


async def sent_before(
    reader: Reader, authors: Sequence[UUID], client_ids: Sequence[UUID]
) -> list[MessageRow]:
    """Messages that were sent already, by their authors' client ids."""
    return await reader.all(
        MessageRow,
        f"""
        select {_MESSAGE} from unnest(%(authors)s::uuid[], %(client_ids)s::uuid[]) as k (author_id, client_id)
        join message m using (author_id, client_id) join channel c on c.id = m.channel_id
        """,
        authors=list(authors),
        client_ids=list(client_ids),
    )


async def roles(
    reader: Reader, spaces: Sequence[UUID], people: Sequence[UUID]
) -> dict[tuple[UUID, UUID], str]:
    """What people are in spaces, pair by pair."""
    rows = await reader.rows(
        """
        select m.space_id, m.person_id, m.role
        from unnest(%(spaces)s::uuid[], %(people)s::uuid[]) as k (space_id, person_id)
        join member m using (space_id, person_id)
        """,
        spaces=list(spaces),
        people=list(people),
    )
    return {(row[0], row[1]): row[2] for row in rows}


async def take_ordinals(tx: Transaction, counts: dict[UUID, int]) -> dict[UUID, int]:
    """Reserve places at the end of channels; gives each one's first new ordinal. The spaces are locked."""
    rows = await tx.rows(
        """
        update channel c set last_ordinal = c.last_ordinal + n.count
        from unnest(%(ids)s::uuid[], %(counts)s::int[]) as n (id, count)
        where c.id = n.id returning c.id, c.last_ordinal - n.count + 1
        """,
        ids=list(counts),
        counts=list(counts.values()),
    )
    return {row[0]: row[1] for row in rows}


async def add_messages(tx: Transaction, drafts: Sequence[tuple[Draft, int]], at: datetime) -> None:
    """Insert messages at their ordinals, and mark them read by their authors."""
    bodies = [stored(d.content) for d, _ in drafts]
    await tx.run(
        """
        with marked as (
            insert into read_mark (person_id, channel_id, ordinal)
            select a, c, max(o) from unnest(%(authors)s::uuid[], %(channels)s::uuid[], %(ordinals)s::bigint[])
                as new (a, c, o) group by a, c
            on conflict (person_id, channel_id) do update
                set ordinal = greatest(read_mark.ordinal, excluded.ordinal)
        )
        insert into message (channel_id, ordinal, id, author_id, client_id, format, body, sent_at)
        select c, o, i, a, k, f, b, %(at)s
        from unnest(%(channels)s::uuid[], %(ordinals)s::bigint[], %(ids)s::uuid[], %(authors)s::uuid[],
                    %(client_ids)s::uuid[], %(formats)s::smallint[], %(bodies)s::bytea[]) as new (c, o, i, a, k, f, b)
        """,
        channels=[d.channel_id for d, _ in drafts],
        ordinals=[o for _, o in drafts],
        ids=[d.id for d, _ in drafts],
        authors=[d.author_id for d, _ in drafts],
        client_ids=[d.client_id for d, _ in drafts],
        formats=[f for f, _ in bodies],
        bodies=[b for _, b in bodies],
        at=at,
    )
    for draft, _ in drafts:
        if draft.files:
            await tx.run(
                "update message set files = %(files)s where id = %(id)s", id=draft.id, files=draft.files
            )


async def change_message(tx: Transaction, message_id: UUID, content: Content, at: datetime) -> None:
    format_, body = stored(content)
    await tx.run(
        "update message set format = %(format)s, body = %(body)s, edited_at = %(at)s where id = %(id)s",
        id=message_id,
        format=format_,
        body=body,
        at=at,
    )


async def delete_message(tx: Transaction, message_id: UUID, at: datetime) -> None:
    """The words are gone from the disk; the place in the channel stays."""
    format_, body = stored(EMPTY)
    await tx.run(
        """
        update message set format = %(format)s, body = %(body)s, files = '{}', deleted_at = %(at)s where id = %(id)s
        """,
        id=message_id,
        format=format_,
        body=body,
        at=at,
    )


async def mark_read(
    tx: Transaction, wanted: Sequence[tuple[UUID, UUID, int]]
) -> list[tuple[UUID, UUID, int]]:
    """Move marks `(person, channel, ordinal)` forwards, not past the last message; gives those that moved."""
    rows = await tx.rows(
        """
        insert into read_mark (person_id, channel_id, ordinal)
        select w.p, w.c, max(least(w.o, c.last_ordinal))
        from unnest(%(people)s::uuid[], %(channels)s::uuid[], %(ordinals)s::bigint[]) as w (p, c, o)
        join channel c on c.id = w.c where c.last_ordinal > 0 group by w.p, w.c
        on conflict (person_id, channel_id) do update set ordinal = excluded.ordinal
            where excluded.ordinal > read_mark.ordinal
        returning person_id, channel_id, ordinal
        """,
        people=[w[0] for w in wanted],
        channels=[w[1] for w in wanted],
        ordinals=[w[2] for w in wanted],
    )
    return [(row[0], row[1], row[2]) for row in rows]
