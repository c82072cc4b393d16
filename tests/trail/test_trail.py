"""The audit for those who answer for the instance: pages, verification, export; each reading is itself recorded."""

import json
from datetime import timedelta
from typing import Any, LiteralString

import pytest

from bastide.core.audit import Line, Sought
from bastide.core.clock import HeldClock
from bastide.core.errors import Invalid, Refused
from bastide.core.policy import Action, Label
from tests.support.served import Served, Window
from tests.support.town import Town, in_office


def _line(n: int) -> Line:
    return Line("test:act", True, detail={"n": str(n)})


async def chief(served: Served) -> Window:
    """Agathe's window, who administers the instance."""
    return await served.in_office(served.town.agathe)


async def page(window: Window, **params: Any) -> dict[str, Any]:
    answer = await window.get("/api/audit", params={k: str(v) for k, v in params.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_only_administrators_read_it(town: Town) -> None:
    for act in (
        town.house.trail.page(town.agathe, Sought()),
        town.house.trail.verify(town.agathe),
        town.house.trail.export(town.agathe),
    ):
        with pytest.raises(Refused) as refusal:
            await act
        assert refusal.value.rule == "office"


async def test_whoever_may_read_it_is_offered_it(served: Served) -> None:
    window = await chief(served)
    assert "audit:trail:read" in (await window.get("/api/session")).json()["abilities"]
    other = await served.window(served.town.ousmane)
    assert "audit:trail:read" not in (await other.get("/api/session")).json()["abilities"]


async def test_it_says_who_did_what_and_who_was_refused(served: Served) -> None:
    town, window = served.town, await chief(served)
    own = await town.space(town.agathe, name="Plan inondation", label=Label.SENSITIVE, readers=[town.yanis])
    channel = await town.channel(town.agathe, own.space.id)
    with pytest.raises(Refused):
        await town.say(town.yanis, channel, "puis-je écrire ?")
    told = await page(window, space_id=own.space.id)
    assert [line["action"] for line in told["lines"]] == [
        "chat:message:send",
        "spaces:member:add",
        "spaces:space:create",
    ]
    refused, added, _ = told["lines"]
    assert (refused["allowed"], refused["rule"], refused["reason"]) == (False, "role", "needs-contributor")
    assert refused["person_id"] == str(town.yanis.person_id)
    assert str(town.yanis.person_id) in added["detail"].values()
    assert {p["family_name"] for p in told["people"]} == {"Delorme", "Bouchareb"}
    assert told["spaces"] == [
        {"id": str(own.space.id), "kind": "team", "label": "sensitive", "name": "Plan inondation"}
    ]
    assert "puis-je" not in json.dumps(told)


async def test_a_space_that_one_may_not_see_keeps_its_name(served: Served) -> None:
    window = await chief(served)
    own = await served.town.space(served.town.solene, name="Projet Alcyon", label=Label.SENSITIVE)
    told = await page(window, space_id=own.space.id)
    assert len(told["lines"]) == 1
    assert told["spaces"] == [{"id": str(own.space.id), "kind": "team", "label": "sensitive", "name": None}]


async def test_filters(served: Served) -> None:
    town, window = served.town, await chief(served)
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    await town.space(town.agathe)
    clock.advance(timedelta(hours=1))
    noon = clock.now()
    own = await town.space(town.ousmane, readers=[town.yanis])
    with pytest.raises(Refused):
        await town.house.spaces.add_members(town.yanis, own.space.id, [town.solene.person_id], own.role)
    clock.advance(timedelta(hours=1))

    async def found(**params: Any) -> list[tuple[str, str | None]]:
        lines = (await page(window, **params))["lines"]
        return [(line["action"], line["person_id"]) for line in lines]

    agathe, ousmane, yanis = (str(p.person_id) for p in (town.agathe, town.ousmane, town.yanis))
    assert await found(action="spaces:space:create") == [
        ("spaces:space:create", ousmane),
        ("spaces:space:create", agathe),
    ]
    assert await found(action="spaces:space:create", until=noon.isoformat()) == [
        ("spaces:space:create", agathe)
    ]
    assert await found(action="spaces:space:create", since=noon.isoformat()) == [
        ("spaces:space:create", ousmane)
    ]
    assert await found(person_id=yanis) == [("spaces:member:add", yanis)]
    assert await found(outcome="refused") == [("spaces:member:add", yanis)]
    assert await found(person_id=yanis, outcome="done") == []
    assert (await window.get("/api/audit", params={"action": "x' or 1=1"})).status_code == 400
    with pytest.raises(Invalid):
        await town.house.trail.page(in_office(town.agathe), Sought(action="  "))


async def test_pages_have_every_line_once(served: Served) -> None:
    town, window = served.town, await chief(served)
    for n in range(120):
        town.house.ground.audit.note(_line(n))
    await town.house.ground.audit.flush()
    seen: list[int] = []
    before: dict[str, int] = {}
    while True:
        told = await page(window, action="test:act", **before)
        assert len(told["lines"]) <= 50
        seen += [int(line["detail"]["n"]) for line in told["lines"]]
        if told["next"] is None:
            break
        before = {"before": told["next"]}
    assert seen == list(reversed(range(120)))


async def test_reading_it_is_recorded(served: Served) -> None:
    window = await chief(served)
    await page(window, outcome="refused")
    assert (await window.post("/api/audit/verify")).json()["broken_at"] is None
    assert (await window.get("/api/audit/export")).status_code == 200
    lines = (await page(window, action=Action.AUDIT_TRAIL_READ.value))["lines"]
    assert [line["detail"] for line in lines] == [
        {"how": "export"},
        {"how": "verify"},
        {"how": "page", "allowed": "False"},
    ]
    assert {line["person_id"] for line in lines} == {str(served.town.agathe.person_id)}


async def test_verifying_finds_what_was_changed(served: Served) -> None:
    town, window = served.town, await chief(served)
    await town.space(town.agathe)
    whole = (await window.post("/api/audit/verify")).json()
    assert whole["broken_at"] is None
    assert len(whole["last"]) == 64
    async with town.house.ground.database.transaction() as tx:
        await tx.run("alter table audit disable trigger audit_append_only")
        await tx.run("update audit set line = convert_to('{}', 'utf8') where seq = 2")
        await tx.run("alter table audit enable trigger audit_append_only")
    assert (await window.post("/api/audit/verify")).json()["broken_at"] == 2
    shown = {line["seq"]: line["action"] for line in (await page(window))["lines"]}
    assert shown[2] == "", "the page still shows, and shows it empty"


async def test_a_rewound_head_is_told_and_not_stumbled_over(served: Served) -> None:
    window = await chief(served)
    await page(window)
    await _forge(served.town, "update audit_head set seq = 1, hash = (select hash from audit where seq = 1)")
    lines = (await _count(served.town)) + 1
    told = await window.post("/api/audit/verify")
    assert told.status_code == 200, told.text
    assert (told.json()["broken_at"], told.json()["noted"]) == (lines, False)
    assert (await window.get("/api/audit")).status_code == 200, "it is still read"
    assert (await window.get("/api/audit/export")).status_code == 200, "and taken away"
    refused = await window.put("/api/rule/reading", json={"reading": "sren-2024"})
    assert (refused.status_code, refused.json()["code"]) == (503, "audit-broken")


async def test_no_lines_where_somebody_lives_is_lines_taken_away(served: Served) -> None:
    window = await chief(served)
    await _forge(
        served.town,
        "delete from audit",
        "update audit_head set seq = 0, hash = decode(repeat('00', 32), 'hex')",
    )
    told = (await window.post("/api/audit/verify")).json()
    assert (told["lines"], told["broken_at"]) == (0, 1)


async def test_a_kept_hash_is_looked_for(served: Served) -> None:
    window = await chief(served)
    first = (await window.post("/api/audit/verify")).json()
    assert first["kept_at"] is None
    again = (await window.post("/api/audit/verify", params={"kept": first["last"]})).json()
    assert again["kept_at"] == first["lines"]
    gone = (await window.post("/api/audit/verify", params={"kept": "0" * 64})).json()
    assert (gone["broken_at"], gone["kept_at"]) == (None, None)
    assert (await window.post("/api/audit/verify", params={"kept": "demain"})).status_code == 400


async def _forge(town: Town, *statements: LiteralString) -> None:
    """As whoever owns the database could."""
    await town.house.ground.audit.flush()
    async with town.house.ground.database.transaction() as tx:
        await tx.run("alter table audit disable trigger audit_append_only")
        for statement in statements:
            await tx.run(statement)
        await tx.run("alter table audit enable trigger audit_append_only")


async def _count(town: Town) -> int:
    async with town.house.ground.database.read() as reader:
        return int(await reader.value("select count(*) from audit"))
