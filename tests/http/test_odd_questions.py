"""Values that no query parameter can have, at every address that takes any: the asker's mistake, and nobody's defect."""

from typing import Any

import pytest
import structlog

from bastide.app import openapi
from tests.support.served import Served

NUMBERS = ["9223372036854775808", "-1", "-9223372036854775809", "9" * 400, "9" * 5000, "1e400", "nan", "٣"]
MOMENTS = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1", "9" * 20]
ODD = ["%00", "a%00b", "%EF%BF%BF", "%ED%A0%80", "%25", "%27%5C", "", *NUMBERS, *MOMENTS]


def questions(street: Served) -> list[tuple[str, str, str]]:
    """Method, path and name of every query parameter that there is."""
    paths: dict[str, dict[str, Any]] = openapi(street.town.house)["paths"]
    return [
        (method.upper(), path, parameter["name"])
        for path, methods in paths.items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    ]


async def test_odd_values_are_answered_everywhere(street: Served) -> None:
    town = street.town
    window = await street.in_office(town.agathe)
    own = (await town.space(town.agathe)).space.id
    channel = await town.channel(town.agathe, own)
    places = {"space_id": str(own), "channel_id": str(channel)}
    asked = questions(street)
    assert {("GET", "/api/audit", "before"), ("GET", "/api/administration/invitations", "q")} <= set(asked)
    with structlog.testing.capture_logs() as logs:
        for method, path, name in asked:
            for odd in ODD:
                where = f"{path.format(**places)}?{name}={odd}"
                answer = await window.request(method, where)
                assert answer.status_code < 500, (method, where, answer.text)
    assert not [line for line in logs if line["log_level"] in ("error", "critical")], logs


@pytest.mark.parametrize(
    "question",
    [
        "/api/audit?before=9223372036854775808",
        "/api/audit?before=-1",
        "/api/audit?action=%00",
        "/api/administration/invitations?q=%00",
        "/api/administration/people?q=a%00",
        "/api/people?q=%00b",
        "/api/communities?q=%00",
    ],
)
async def test_what_the_database_cannot_look_for_is_invalid(street: Served, question: str) -> None:
    town = street.town
    answer = await (await street.in_office(town.agathe)).get(question)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
