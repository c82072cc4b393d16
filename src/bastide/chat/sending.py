"""Sending in commit groups: what waits goes into one transaction, in order, each message once."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from uuid import UUID

import msgspec

from bastide.chat import store
from bastide.chat.events import MessageSent
from bastide.chat.model import MessageView
from bastide.core.access import problem_of
from bastide.core.content import EMPTY
from bastide.core.database import Transaction
from bastide.core.errors import ClientIdTaken, Invalid, Problem
from bastide.core.ground import Ground
from bastide.core.groups import CommitGroup
from bastide.core.journal import Happening
from bastide.core.policy import Action, Actor, Role
from bastide.files.model import FileView
from bastide.files.service import Attached, Files


class _Waiting(msgspec.Struct, frozen=True):
    draft: store.Draft
    actor: Actor


class Sending:
    """Takes drafts whose sender was allowed to send, and commits them in groups."""

    def __init__(self, ground: Ground, files: Files) -> None:
        self._ground = ground
        self._files = files
        self._group: CommitGroup[_Waiting, MessageView] = CommitGroup(self._commit)

    async def send(self, draft: store.Draft, actor: Actor) -> MessageView:
        """The message as it is on the disk."""
        return await self._group.submit(_Waiting(draft, actor))

    async def _commit(self, waiting: Sequence[_Waiting]) -> Sequence[MessageView | Problem]:
        drafts = [w.draft for w in waiting]
        async with self._ground.database.transaction() as tx:
            locked = await self._ground.journal.lock(tx, (d.space_id for d in drafts))
            before = await self._sent_before(tx, drafts)
            files = await self._files.attached(tx, list({f for d in drafts for f in d.files}))
            problems = await self._problems(tx, waiting, files, before)
            fresh: dict[tuple[UUID, UUID], store.Draft] = {}
            for d in drafts:
                if d.id not in problems and _key(d) not in before:
                    fresh.setdefault(_key(d), d)
            sent = await self._write(tx, list(fresh.values()), files, locked) if fresh else {}
        return [problems.get(d.id) or _same(d, before.get(_key(d)) or sent[_key(d)]) for d in drafts]

    async def _sent_before(
        self, tx: Transaction, drafts: Sequence[store.Draft]
    ) -> dict[tuple[UUID, UUID], MessageView]:
        rows = await store.sent_before(tx, [d.author_id for d in drafts], [d.client_id for d in drafts])
        files = await self._files.views(tx, [f for row in rows for f in row.files]) if rows else {}
        return {(row.author_id, row.client_id): view_of(row, files) for row in rows}

    async def _problems(
        self,
        tx: Transaction,
        waiting: Sequence[_Waiting],
        files: Mapping[UUID, Attached],
        before: Container[tuple[UUID, UUID]],
    ) -> dict[UUID, Problem]:
        """Decide again by what is true under the locks: who was removed a moment ago sends nothing more.

        What was sent `before` is not judged by files that went since.
        """
        drafts = [w.draft for w in waiting]
        roles = await store.roles(tx, [d.space_id for d in drafts], [d.author_id for d in drafts])
        problems: dict[UUID, Problem] = {}
        for w in waiting:
            d = w.draft
            role = roles.get((d.space_id, d.author_id))
            place = self._ground.memberships.place(d.space_id)
            decision = self._ground.access.would(
                w.actor, Action.CHAT_MESSAGE_SEND, place, Role(role) if role else None
            )
            if not decision.allowed:
                problems[d.id] = problem_of(self._ground.access.told(w.actor, decision, place))
            elif _key(d) not in before and any(
                f not in files or not files[f].fits(d.space_id, d.author_id) for f in d.files
            ):
                problems[d.id] = Invalid(field="files")
        return problems

    async def _write(
        self,
        tx: Transaction,
        drafts: list[store.Draft],
        files: Mapping[UUID, Attached],
        locked: dict[UUID, int],
    ) -> dict[tuple[UUID, UUID], MessageView]:
        at = self._ground.clock.now()
        ordinals = await store.take_ordinals(tx, Counter(d.channel_id for d in drafts))
        placed: list[tuple[store.Draft, int]] = []
        for d in drafts:
            placed.append((d, ordinals[d.channel_id]))
            ordinals[d.channel_id] += 1
        await store.add_messages(tx, placed, at)
        sent: dict[tuple[UUID, UUID], MessageView] = {}
        for d, ordinal in placed:
            sent[_key(d)] = MessageView(
                id=d.id,
                client_id=d.client_id,
                space_id=d.space_id,
                channel_id=d.channel_id,
                ordinal=ordinal,
                author_id=d.author_id,
                content=d.content,
                files=[files[f].view for f in d.files],
                sent_at=at,
                edited_at=None,
                deleted_at=None,
            )
        happenings = await self._files.release(tx, (files[f] for d in drafts for f in d.files))
        happenings += [Happening(m.space_id, MessageSent(message=m), m.author_id) for m in sent.values()]
        await self._ground.journal.append(tx, happenings, locked=locked)
        return sent


def _key(draft: store.Draft) -> tuple[UUID, UUID]:
    return draft.author_id, draft.client_id


def _same(draft: store.Draft, message: MessageView) -> MessageView | Problem:
    """A client id that named another channel's message before is a mistake of the client."""
    return message if message.channel_id == draft.channel_id else ClientIdTaken()


def view_of(row: store.MessageRow, files: Mapping[UUID, FileView]) -> MessageView:
    """A row as a message; files that were removed since are left out."""
    return MessageView(
        id=row.id,
        client_id=row.client_id,
        space_id=row.space_id,
        channel_id=row.channel_id,
        ordinal=row.ordinal,
        author_id=row.author_id,
        content=row.content if row.deleted_at is None else EMPTY,
        files=[files[f] for f in row.files if f in files],
        sent_at=row.sent_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
    )
