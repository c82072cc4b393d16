"""What administrators do with their organisation's people: the list, and importing agents."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

import msgspec

from bastide.core.audit import Line
from bastide.core.database import Reader
from bastide.core.errors import Invalid
from bastide.core.fold import prefixes
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor, ActorKind, Office
from bastide.core.sheet import MARK, line
from bastide.people import agent_list, invitation_store, store
from bastide.people.agent_list import AgentList, ListedLine, fault
from bastide.people.book_words import WORDS, BookWords, Language
from bastide.people.domains import organisation_of
from bastide.people.errors import ListWrong
from bastide.people.invitation_store import LineRow
from bastide.people.invitations import Invitations, checked
from bastide.people.invited import (
    AccountState,
    Column,
    ImportDone,
    ImportPreview,
    NewInvitation,
    PeopleBook,
    PersonLine,
    WrongLine,
)
from bastide.people.model import PersonCard
from bastide.people.service import People, card

PAGE_MOST, COLLEAGUES_MOST = 100, 12
_WRONG_SHOWN, _FIRST_SHOWN = 200, 5
_PAGE_TAKEN = 1000


class _Sorted(msgspec.Struct, frozen=True):
    """A list, sorted into who would be invited (of these, how many are guests), who is here or invited already, what is wrong."""

    fresh: list[NewInvitation]
    known: int
    waiting: int
    guests: int
    wrong: list[WrongLine]


class Administration:
    """The use cases of administrators with people."""

    def __init__(self, ground: Ground, people: People, invitations: Invitations) -> None:
        self._ground = ground
        self._people = people
        self._invitations = invitations

    async def book(
        self,
        actor: Actor,
        query: str = "",
        *,
        kind: ActorKind | None = None,
        state: AccountState | None = None,
        office: Office | None = None,
        after: UUID | None = None,
        most: int = PAGE_MOST,
    ) -> PeopleBook:
        """One's organisation's people, by name, found by the beginnings of words, by kind, state and office."""
        self._ground.access.allow(actor, Action.PEOPLE_AGENT_INVITE)
        asked = prefixes(query)
        nobody = bool(query.strip()) and asked is None
        async with self._ground.database.snapshot() as reader:
            counts = await invitation_store.counts(reader, actor.organisation_id)
            rows: list[LineRow] = []
            if not nobody:
                rows = await invitation_store.people(
                    reader,
                    actor.organisation_id,
                    asked,
                    kind=kind.value if kind else None,
                    suspended=None if state is None else state == "suspended",
                    office=office,
                    after=after,
                    most=min(most, PAGE_MOST),
                )
        return PeopleBook(counts.agents, counts.guests, counts.pending, [_line(row) for row in rows])

    async def export(self, actor: Actor, language: Language) -> AsyncGenerator[bytes]:
        """The whole list of people as a CSV file, in UTF-8. That it was taken away is a line of the audit.

        Raises:
            Refused: not an administrator, or not in administration.
        """
        self._ground.access.allow(actor, Action.PEOPLE_BOOK_EXPORT)
        await self._ground.audit.record_alone(Line(Action.PEOPLE_BOOK_EXPORT.value, True, actor.person_id))
        return self._exported(actor.organisation_id, WORDS[language])

    async def _exported(self, organisation_id: UUID, words: BookWords) -> AsyncGenerator[bytes]:
        yield (MARK + line(words.head)).encode()
        after: UUID | None = None
        while True:
            async with self._ground.database.snapshot() as reader:
                rows = await invitation_store.people(
                    reader, organisation_id, None, kind=None, after=after, most=_PAGE_TAKEN
                )
            yield "".join(line(_cells(row, words)) for row in rows).encode()
            if len(rows) < _PAGE_TAKEN:
                return
            after = rows[-1].id

    async def preview(self, actor: Actor, data: bytes) -> ImportPreview:
        """What importing a list would do; nothing is done.

        Raises:
            Invalid: it is no list of agents; `reason` says why.
        """
        self._ground.access.allow(actor, Action.PEOPLE_AGENT_INVITE)
        listed = await asyncio.to_thread(agent_list.read, data)
        async with self._ground.database.snapshot() as reader:
            found = await self._sorted(reader, actor.organisation_id, listed)
        wrong_lines = {one.line for one in found.wrong}
        return ImportPreview(
            lines=len(found.fresh) + found.known + found.waiting + len(wrong_lines),
            fresh=len(found.fresh),
            known=found.known,
            waiting=found.waiting,
            guests=found.guests,
            wrong=found.wrong[:_WRONG_SHOWN],
            wrong_count=len(found.wrong),
            ignored=listed.ignored,
            first=found.fresh[:_FIRST_SHOWN],
        )

    async def import_agents(self, actor: Actor, data: bytes) -> ImportDone:
        """Invite everybody on a list who is neither here nor invited, in one transaction. Lines that are wrong are left out.

        Raises:
            Invalid: it is no list of agents; `reason` says why.
            ListWrong: no line of it is right.
        """
        self._ground.access.allow(actor, Action.PEOPLE_AGENT_INVITE)
        listed = await asyncio.to_thread(agent_list.read, data)
        async with self._ground.database.transaction() as tx:
            found = await self._sorted(tx, actor.organisation_id, listed)
            if found.wrong and not (found.fresh or found.known or found.waiting):
                raise ListWrong
            issued = await self._invitations.do_invite_agents(tx, actor, found.fresh)
        # Who was invited by somebody else at this very moment waits, too.
        left_out = len({one.line for one in found.wrong})
        return ImportDone(issued, found.known, found.waiting + len(found.fresh) - len(issued), left_out)

    async def colleagues(self, actor: Actor) -> list[PersonCard]:
        """Agents of one's own service: people one may know on one's first day."""
        self._ground.access.allow(actor, Action.PEOPLE_DIRECTORY_SEARCH)
        async with self._ground.database.read() as reader:
            me = await store.find_person(reader, actor.person_id)
            if me is None:
                return []
            ids = await invitation_store.colleagues(
                reader, me.id, me.organisation_id, me.service, COLLEAGUES_MOST
            )
            cards = {one.id: one for one in await self._people.cards_of(reader, ids)}
        return [cards[i] for i in ids if i in cards]

    async def _sorted(self, reader: Reader, organisation_id: UUID, listed: AgentList) -> _Sorted:
        wrong = list(listed.wrong)
        clean: list[ListedLine] = []
        seen: set[str] = set()
        for one in listed.lines:
            who = _cleaned(organisation_id, one, wrong)
            if who is None:
                continue
            if who.email in seen:
                wrong.append(fault(one.line, "email", "twice", who.email))
                continue
            seen.add(who.email)
            clean.append(ListedLine(one.line, who))
        held = await invitation_store.holders(reader, list(seen))
        waiting = await invitation_store.waiting(reader, organisation_id, list(seen))
        organisations = await store.organisations(reader)
        fresh: list[NewInvitation] = []
        known = invited = guests = 0
        for one in clean:
            holder = held.get(one.who.email)
            agent = holder is not None and holder.kind == ActorKind.AGENT.value
            owner = organisation_of(one.who.email, organisations)
            if holder is not None and agent and holder.organisation_id != organisation_id:
                wrong.append(fault(one.line, "email", "elsewhere", one.who.email))
            elif agent:
                known += 1
            elif owner is not None and owner.id != organisation_id:
                wrong.append(fault(one.line, "email", "domain", one.who.email))
            elif one.who.email in waiting:
                invited += 1
            else:
                fresh.append(one.who)
                guests += holder is not None
        return _Sorted(fresh, known, invited, guests, sorted(wrong, key=lambda w: w.line))


def _cleaned(organisation_id: UUID, one: ListedLine, wrong: list[WrongLine]) -> NewInvitation | None:
    """Somebody on a list, if an account could be made of them."""
    try:
        return checked(organisation_id, one.who)
    except Invalid as invalid:
        column: Column | None = next((c for c in agent_list.COLUMNS if c == invalid.field), None)
        text = getattr(one.who, column) if column else ""
        most = _MOST.get(column or "", 0)
        wrong.append(fault(one.line, column, "too-long" if len(text) > most else "wrong", text))
        return None


# As `people.service` has them.
_MOST = {"email": 254, "given_name": 100, "family_name": 100, "function": 160, "service": 160}


def _cells(row: LineRow, words: BookWords) -> list[str]:
    offices = ((words.administrator, row.administrator), (words.officer, row.officer))
    return [
        row.family_name,
        row.given_name,
        row.email,
        row.function,
        row.service,
        words.guest if row.kind == ActorKind.GUEST.value else words.agent,
        ", ".join(word for word, holds in offices if holds),
        words.active if row.suspended_at is None else words.suspended,
        row.created_at.date().isoformat(),
        "" if row.suspended_at is None else row.suspended_at.date().isoformat(),
    ]


def _line(row: LineRow) -> PersonLine:
    shown = store.CardRow(
        row.id,
        row.kind,
        row.organisation_id,
        row.given_name,
        row.family_name,
        row.function,
        row.picture,
    )
    return PersonLine(
        card(shown), row.service, row.email, row.administrator, row.officer, row.created_at, row.suspended_at
    )
