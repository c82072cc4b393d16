"""Reading the audit: pages, verification, export. Each of them is itself a line of the audit."""

import contextlib
import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from uuid import UUID

import msgspec

from bastide.core.audit import ChainBroken, Line, Recorded, Sought
from bastide.core.errors import Invalid
from bastide.core.ground import Ground
from bastide.core.policy import Action, Actor
from bastide.people.service import People
from bastide.spaces.service import Spaces
from bastide.trail.model import AuditLine, AuditPage, AuditSpace, AuditVerdict

PAGE = 50
_HASH = re.compile(r"[0-9a-f]{64}")
# Acts as the audit names them: those of the policy, and a few that nobody asks leave for (signing in).
_ACT = re.compile(r"[a-z-]{1,40}(?::[a-z-]{1,40}){1,2}")


class Trail:
    """The use cases of the trail."""

    def __init__(self, ground: Ground, people: People, spaces: Spaces) -> None:
        self._ground = ground
        self._people = people
        self._spaces = spaces

    async def page(self, actor: Actor, sought: Sought) -> AuditPage:
        """A page of what is looked for, newest first. What was refused a moment ago is in it.

        Raises:
            Refused: to who administers nothing.
            Invalid: an act that is none.
        """
        self._ground.access.allow(actor, Action.AUDIT_TRAIL_READ)
        if sought.action is not None and not _ACT.fullmatch(sought.action):
            raise Invalid(field="action")
        with contextlib.suppress(ChainBroken):  # a chain that takes no more lines is still read
            await self._ground.audit.flush()
        found = await self._ground.audit.found(sought, PAGE + 1)
        await self._note(actor, "page", **_words(sought))
        lines = [_line(recorded) for recorded in found[:PAGE]]
        named = {line.person_id for line in lines} | {id_ for line in lines for id_ in _ids(line.detail)}
        async with self._ground.database.snapshot() as reader:
            people = await self._people.cards_of(reader, [id_ for id_ in named if id_ is not None])
        spaces = await self._named(actor, [line.space_id for line in lines if line.space_id is not None])
        return AuditPage(lines, people, spaces, lines[-1].seq if len(found) > PAGE else None)

    async def verify(self, actor: Actor, kept: str | None = None) -> AuditVerdict:
        """Recompute the whole chain; `kept` is the hash of a line that was kept elsewhere (hex). Raises Refused, Invalid."""
        self._ground.access.allow(actor, Action.AUDIT_TRAIL_READ)
        return await self.do_verify(actor.person_id, kept)

    async def do_verify(self, by: UUID | None, kept: str | None = None) -> AuditVerdict:
        """`verify` for the terminal. That it was done is noted afterwards, where the chain still takes a line.

        Raises:
            Invalid: what was kept is no hash.
        """
        if kept is not None and not _HASH.fullmatch(kept):
            raise Invalid(field="kept")
        with contextlib.suppress(ChainBroken):
            await self._ground.audit.flush()
        found = await self._ground.audit.verify(bytes.fromhex(kept) if kept else None)
        broken_at = found.broken_at
        if found.lines == 0 and await self._people.organisations():
            broken_at = (
                1  # making an organisation is a line: where there is one, no lines is lines taken away
            )
        detail = {"how": "verify"}
        noted = await self._ground.audit.record_alone(
            Line(Action.AUDIT_TRAIL_READ.value, True, by, detail=detail)
        )
        return AuditVerdict(found.lines, broken_at, found.last.hex(), found.kept_at, noted)

    async def export(self, actor: Actor) -> AsyncGenerator[bytes]:
        """The whole chain as lines of JSON; that it was taken away is its last line. Raises Refused."""
        self._ground.access.allow(actor, Action.AUDIT_TRAIL_READ)
        with contextlib.suppress(ChainBroken):
            await self._ground.audit.flush()
        await self._note(actor, "export")
        return self._ground.audit.exported()

    async def _note(self, actor: Actor, how: str, **words: str) -> None:
        """Note it where the chain still takes a line: one that does not must be looked at all the more."""
        line = Line(Action.AUDIT_TRAIL_READ.value, True, actor.person_id, detail={"how": how} | words)
        await self._ground.audit.record_alone(line)

    async def _named(self, actor: Actor, ids: Iterable[UUID]) -> list[AuditSpace]:
        places = [place for id_ in set(ids) if (place := self._ground.memberships.place(id_)) is not None]
        mine = set(self._ground.access.visible(actor, Action.SPACES_SPACE_READ))
        asked = [place.space_id for place in places if place.space_id in mine]
        async with self._ground.database.snapshot() as reader:
            own = await self._spaces.own_many(reader, actor, asked) if asked else []
        names = {one.space.id: one.space.name.text for one in own if one.space.name.text}
        return [
            AuditSpace(place.space_id, place.kind, place.label, names.get(place.space_id)) for place in places
        ]


def _line(recorded: Recorded) -> AuditLine:
    """A line for people. One that somebody put there who is not Bastide shows as empty: verifying says more."""
    try:
        line = msgspec.json.decode(recorded.line, type=Line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        line = Line("", False)
    return AuditLine(
        recorded.seq,
        recorded.at,
        line.action,
        line.allowed,
        line.person_id,
        line.space_id,
        line.rule,
        line.reason,
        line.detail,
    )


def _ids(detail: dict[str, str]) -> Sequence[UUID]:
    """What in a detail may be somebody's id."""
    found: list[UUID] = []
    for value in detail.values():
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _words(sought: Sought) -> dict[str, str]:
    """What was looked for, for the line that says so."""
    return {
        name: value.value if isinstance(value, Action) else str(value)
        for name in ("action", "person_id", "space_id", "allowed", "since", "until")
        if (value := getattr(sought, name)) is not None
    }
