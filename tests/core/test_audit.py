"""The audit: what was written stays as it was, or checking finds where it does not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import LiteralString
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest

from bastide.core.audit import _NOTED_MOST, ChainBroken, Line
from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.errors import NotFound, Refused, Unavailable
from bastide.core.policy import Action, Decision, Role, RuleName
from tests.support.eventually import until
from tests.support.town import Town

# What the town says of its instance when people move in.
DECLARED = 2

Tampering = Callable[[Town], Awaitable[None]]


async def written(town: Town, count: int) -> None:
    """Write until the chain has so many lines."""
    audit = town.house.ground.audit
    for i in range(count - DECLARED):
        async with town.house.ground.database.transaction() as tx:
            await audit.record(tx, Line("test:act", True, town.agathe.person_id, detail={"n": str(i)}))


async def lines(town: Town) -> list[Line]:
    """The lines since people moved in."""
    audit = town.house.ground.audit
    await audit.flush()
    return [msgspec.json.decode(r.line, type=Line) async for r in audit.lines(after=DECLARED)]


async def forged(town: Town, *statements: LiteralString) -> None:
    """As whoever owns the database could: with the trigger out of the way."""
    async with town.house.ground.database.transaction() as tx:
        await tx.run("alter table audit disable trigger audit_append_only")
        for statement in statements:
            await tx.run(statement)
        await tx.run("alter table audit enable trigger audit_append_only")


async def test_what_was_kept_elsewhere_tells_of_an_end_that_was_cut_off(town: Town) -> None:
    """Cut off, with its head moved, a chain holds by itself."""
    audit = town.house.ground.audit
    await written(town, 8)
    kept = (await audit.verify()).last
    await written(town, 12 - 8 + DECLARED)
    assert (await audit.verify(kept)).kept_at == 8
    assert (await audit.verify(bytes(32))).kept_at is None
    await forged(
        town,
        "delete from audit where seq > 7",
        "update audit_head set seq = 7, hash = (select hash from audit where seq = 7)",
    )
    verdict = await audit.verify(kept)
    assert (verdict.lines, verdict.broken_at, verdict.kept_at) == (7, None, None)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_head set seq = 3, hash = (select hash from audit where seq = 3)",
        "delete from audit_head",
    ],
)
async def test_a_chain_that_takes_no_more_lines_says_so_and_keeps_what_waits(
    town: Town, statement: LiteralString
) -> None:
    audit = town.house.ground.audit
    await written(town, 6)
    await forged(town, statement)
    assert (await audit.verify()).broken_at == 7
    assert not await audit.record_alone(Line("test:act", True))
    with pytest.raises(ChainBroken):
        await written(town, 1 + DECLARED)
    audit.note(Line("test:refused", False))
    with pytest.raises(ChainBroken):
        await audit.flush()
    await forged(
        town,
        "delete from audit_head",
        "insert into audit_head (seq, hash) select seq, hash from audit where seq = 6",
    )
    await audit.flush()
    assert (await lines(town))[-1].action == "test:refused"


async def test_a_whole_chain_holds(town: Town) -> None:
    verdict = await town.house.ground.audit.verify()
    assert (verdict.lines, verdict.broken_at) == (DECLARED, None)
    await written(town, 12)
    verdict = await town.house.ground.audit.verify()
    assert (verdict.lines, verdict.broken_at) == (12, None)


@pytest.mark.parametrize(
    ("statements", "found_at"),
    [
        (("update audit set line = convert_to('{}', 'utf8') where seq = 5",), 5),
        (("update audit set at = at + interval '1 second' where seq = 5",), 5),
        (("update audit set previous = hash where seq = 5",), 5),
        (("delete from audit where seq = 5",), 6),
        (("delete from audit where seq = 12",), 12),
        (("delete from audit where seq > 9",), 10),
        (("delete from audit",), 1),
        (("insert into audit select 13, at, line, hash, hash from audit where seq = 12",), 13),
        (
            (
                "update audit set seq = 100 where seq = 5",
                "update audit set seq = 5 where seq = 6",
                "update audit set seq = 6 where seq = 100",
            ),
            5,
        ),
        (("delete from audit where seq = 12", "update audit_head set seq = 11"), 12),
        (("update audit_head set hash = decode(repeat('ab', 32), 'hex')",), 13),
    ],
)
async def test_each_kind_of_tampering_is_found(
    town: Town, statements: tuple[LiteralString, ...], found_at: int
) -> None:
    await written(town, 12)
    await forged(town, *statements)
    assert (await town.house.ground.audit.verify()).broken_at == found_at


@pytest.mark.parametrize(
    "statement",
    ["update audit set at = now()", "delete from audit", "truncate audit", "delete from audit where false"],
)
async def test_the_database_itself_refuses_to_change_it(town: Town, statement: LiteralString) -> None:
    with pytest.raises(psycopg.errors.RaiseException):
        async with town.house.ground.database.transaction() as tx:
            await tx.run(statement)


async def test_writers_at_once_make_one_chain(town: Town) -> None:
    audit = town.house.ground.audit

    async def write(i: int) -> None:
        async with town.house.ground.database.transaction() as tx:
            await audit.record(tx, Line("test:act", True), Line("test:act", True, detail={"n": str(i)}))
            if i % 4 == 0:
                raise Undone

    class Undone(Exception):
        pass

    checks = [audit.verify() for _ in range(5)]
    outcomes = await asyncio.gather(*(write(i) for i in range(40)), *checks, return_exceptions=True)
    assert sum(isinstance(o, Undone) for o in outcomes) == 10
    assert all(getattr(o, "broken_at", None) is None for o in outcomes[40:]), "also while it grows"
    verdict = await audit.verify()
    assert (verdict.lines, verdict.broken_at) == (DECLARED + 60, None)


async def test_a_clock_of_another_zone_tells_the_same_moment(town: Town) -> None:
    """The demo's clock runs where the demo lives."""
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.set(clock.now().astimezone(ZoneInfo("Europe/Paris")))
    await written(town, 4)
    verdict = await town.house.ground.audit.verify()
    assert (verdict.lines, verdict.broken_at) == (4, None)


async def test_what_is_refused_is_recorded_and_what_is_hidden_is_not(town: Town) -> None:
    own = await town.space(town.agathe, readers=[town.yanis])
    channel = await town.channel(town.agathe, own.space.id)
    with pytest.raises(Refused):
        await town.say(town.yanis, channel, "puis-je ?")
    with pytest.raises(NotFound):
        await town.say(town.solene, channel, "et moi ?")
    refused = [line for line in await lines(town) if not line.allowed]
    assert refused == [
        Line(
            action="chat:message:send",
            allowed=False,
            person_id=town.yanis.person_id,
            space_id=own.space.id,
            rule="role",
            reason="needs-contributor",
        )
    ]


async def test_it_holds_no_content(town: Town) -> None:
    own = await town.space(town.agathe, name="Alcyon", contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    message = await town.say(town.ousmane, channel, "Le préfet signera jeudi")
    await town.house.chat.delete(town.agathe, message.id)

    async def content() -> AsyncIterator[bytes]:
        yield b"Alcyon"

    ids, files = town.house.ground.ids, town.house.files
    file = await files.upload(town.ousmane, own.space.id, Plain("Alcyon.txt"), ids.new(), content())
    await files.remove(town.agathe, file.id)
    await town.house.spaces.change_role(town.agathe, own.space.id, town.ousmane.person_id, Role.READER)
    kept = b"".join([bytes(r.line) async for r in town.house.ground.audit.lines()])
    assert b"chat:message:delete" in kept
    for word in ("Alcyon", "préfet", "Ousmane", "Diarra", "@"):
        assert word.encode() not in kept


async def test_a_flood_is_bounded_and_counted(town: Town) -> None:
    """One who tries again and again is one line a moment; a thousand different tries are many, up to a bound."""
    audit = town.house.ground.audit
    decision = Decision(allowed=False, rule=RuleName.ROLE, reason="needs-manager")
    for _ in range(10_000):
        audit.refused(town.yanis, Action.SPACES_MEMBER_ADD, decision, None)
    [only] = await lines(town)
    assert only.detail == {"times": "10000"}
    for _ in range(_NOTED_MOST + 50):
        audit.refused(town.yanis, Action.SPACES_MEMBER_ADD, decision, uuid4())
    await audit.flush()
    verdict = await audit.verify()
    assert (verdict.lines, verdict.broken_at) == (DECLARED + 1 + _NOTED_MOST + 1, None)
    last = (await lines(town))[-1]
    assert (last.action, last.detail) == ("audit:refusals:dropped", {"times": "50"})


async def test_refusals_wait_for_a_database_that_is_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    audit, database = town.house.ground.audit, town.house.ground.database
    decision = Decision(allowed=False, rule=RuleName.ROLE, reason="needs-manager")
    real = type(database).transaction

    def away(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(type(database), "transaction", away)
    for _ in range(3):
        audit.refused(town.yanis, Action.SPACES_MEMBER_ADD, decision, None)
        with pytest.raises(Unavailable):
            await audit.flush()
    monkeypatch.setattr(type(database), "transaction", real)
    assert [line.detail for line in await lines(town)] == [{"times": "3"}]


async def test_refusals_are_written_within_a_moment(town: Town) -> None:
    audit = town.house.ground.audit
    running = asyncio.create_task(audit.run())
    decision = Decision(allowed=False, rule=RuleName.ROLE, reason="needs-manager")
    audit.refused(town.yanis, Action.SPACES_MEMBER_ADD, decision, None)
    await until(lambda: not audit._noted)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(await lines(town)) == 1
