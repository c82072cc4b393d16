"""What one may do of acts that cost much: as much as a day's work, and then one after the other."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bastide.core.clock import HeldClock
from bastide.core.errors import TooMany
from bastide.core.limits import Allowance, Allowances
from tests.support.served import Served

ONE, OTHER = UUID(int=1), UUID(int=2)
THREE = Allowance(3, timedelta(seconds=10))


def wait(allowances: Allowances, person: UUID) -> float:
    with pytest.raises(TooMany) as refused:
        allowances.take(THREE, person)
    assert refused.value.retry_after_s is not None
    return refused.value.retry_after_s


def test_a_bucket_empties_and_fills_again() -> None:
    clock = HeldClock(datetime(2026, 3, 10, tzinfo=UTC))
    allowances = Allowances(clock)
    for _ in range(3):
        allowances.take(THREE, ONE)
    assert wait(allowances, ONE) == 10
    assert wait(allowances, ONE) == 10, "asking takes nothing"
    allowances.take(THREE, OTHER)
    clock.advance(timedelta(seconds=4))
    assert wait(allowances, ONE) == 6
    clock.advance(timedelta(seconds=6))
    allowances.take(THREE, ONE)
    assert wait(allowances, ONE) == 10
    clock.advance(timedelta(hours=1))
    for _ in range(3):
        allowances.take(THREE, ONE)
    wait(allowances, ONE)


async def test_a_search_too_many_is_told_when_to_come_back(served: Served) -> None:
    window, other = await served.window(served.town.agathe), await served.window(served.town.yanis)
    for _ in range(Allowances.SEARCH.most):
        served.town.house.ground.allowances.take(Allowances.SEARCH, served.town.agathe.person_id)
    answer = await window.get("/api/people", params={"q": "ousm"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many")
    assert int(answer.headers["retry-after"]) >= 1
    assert (await other.get("/api/people", params={"q": "ousm"})).status_code == 200


async def test_each_costly_act_has_its_own(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe)
    window = await served.window(await town.administrator(town.agathe))
    for kind in (Allowances.UPLOAD, Allowances.INVITATION, Allowances.EXPORT):
        for _ in range(kind.most):
            town.house.ground.allowances.take(kind, town.agathe.person_id)
    space = f"/api/spaces/{own.space.id}"
    guest = {
        "email": "x@y.example",
        "given_name": "X",
        "family_name": "Y",
        "role": "reader",
        "ends_on": "2026-04-01",
    }
    agent = {"email": "n.b@haute-vezelle.example", "given_name": "N", "family_name": "B"}
    for path, body in (
        (f"{space}/exports", {}),
        (f"{space}/guests", guest),
        ("/api/administration/invitations", agent),
    ):
        answer = await window.post(path, body)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 429, "too-many")
    assert (await window.get("/api/people", params={"q": "ousm"})).status_code == 200
