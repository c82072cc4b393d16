"""Who a request comes from when proxies stand in front: what they say counts, what clients say of themselves does not."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest

from bastide.core.client import Client
from bastide.core.gateway.contract import Limits
from bastide.people.model import SignIn
from tests.support.postgres import SessionPostgres
from tests.support.served import Served, serving
from tests.support.town import PASSWORD, Town, living_town

FRONT = "127.0.0.1"
"""Where the tests ask from."""


@asynccontextmanager
async def behind(
    postgres: SessionPostgres,
    folder: Path,
    proxies: tuple[str, ...] | None,
    limits: Limits | None = None,
    *,
    by_edge: bool,
) -> AsyncGenerator[Served]:
    """A town whose proxies are these."""
    async with living_town(postgres, folder / "data") as town:
        settings = msgspec.structs.replace(
            town.house.settings, public_url="https://bastide.example", proxies=proxies
        )
        town.house.settings = settings
        async with serving(town, folder, limits, by_edge=by_edge) as served:
            yield served


async def tried(served: Served, forwarded: str, email: str = "personne@haute-vezelle.example") -> int:
    answer = await served.stranger().post(
        "/api/session",
        {"email": email, "password": "pas le bon mot"},
        headers={"x-forwarded-for": forwarded, "origin": "https://bastide.example"},
    )
    return answer.status_code


def places(town: Town) -> set[str]:
    return set(town.house.people.guesses._from_place._noted)


@pytest.mark.parametrize("proxies", [None, ("127.0.0.1/32",), ("192.0.2.0/24", "127.0.0.0/8")], ids=str)
async def test_each_client_of_a_named_proxy_is_a_place(
    postgres: SessionPostgres, tmp_path: Path, proxies: tuple[str, ...] | None, by_edge: bool
) -> None:
    async with behind(postgres, tmp_path, proxies, by_edge=by_edge) as served:
        for i in range(3):
            assert await tried(served, f"203.0.113.{i}") == 401
        assert await tried(served, "2001:db8:1:2::7") == 401
        assert await tried(served, "[2001:db8:9::1]:5000") == 401
        assert await tried(served, "198.51.100.4:5000") == 401
        assert await tried(served, "::ffff:203.0.113.1") == 401
        assert places(served.town) == {
            *(f"203.0.113.{i}" for i in range(3)),
            "2001:db8:1:2::/64",
            "2001:db8:9::/64",
            "198.51.100.4",
        }


async def test_what_a_client_says_before_the_proxy_does_counts_for_nothing(
    postgres: SessionPostgres, tmp_path: Path, by_edge: bool
) -> None:
    """Else whoever was refused comes back under another name, or has somebody else refused."""
    async with behind(postgres, tmp_path, ("127.0.0.1/32",), by_edge=by_edge) as served:
        served.town.house.people.guesses._from_place._most = 4
        statuses = [
            await tried(served, f"{lie}, 203.0.113.9", f"p{i}@haute-vezelle.example")
            for i, lie in enumerate(
                ("198.51.100.1", "127.0.0.1", "nonsense", "10.0.0.1, 198.51.100.2", "", "::1, ,")
            )
        ]
        assert statuses == [401] * 4 + [429] * 2
        assert places(served.town) == {"203.0.113.9"}


async def test_who_is_no_named_proxy_speaks_for_nobody(
    postgres: SessionPostgres, tmp_path: Path, by_edge: bool
) -> None:
    async with behind(postgres, tmp_path, ("192.0.2.10/32",), by_edge=by_edge) as served:
        for i in range(3):
            await tried(served, f"203.0.113.{i}")
        assert places(served.town) == {FRONT}


async def test_a_nonsense_header_leaves_the_proxy_itself(
    postgres: SessionPostgres, tmp_path: Path, by_edge: bool
) -> None:
    async with behind(postgres, tmp_path, ("127.0.0.1/32",), by_edge=by_edge) as served:
        for odd in ("", "nonsense", "203.0.113.1, nonsense", "127.0.0.1", ",", "203.0.113.1;"):
            assert await tried(served, odd) == 401
        assert places(served.town) == {FRONT}
        assert all(ip_address(place) for place in places(served.town))


async def test_unfinished_requests_are_counted_for_the_client_and_not_for_the_proxy(
    postgres: SessionPostgres, tmp_path: Path, by_edge: bool
) -> None:
    from tests.http.test_arrivals import SIGN_IN, Line

    async with behind(postgres, tmp_path, None, Limits(unfinished_of_place=2), by_edge=by_edge) as served:

        async def begin(client: str) -> Line:
            return await Line.begin(served, f"{SIGN_IN} HTTP/1.1\r\nX-Forwarded-For: {client}\r\nX-Rest:", 9)

        others = [await begin(f"203.0.113.{i}") for i in range(5)]
        mine = [await begin("203.0.113.9") for _ in range(3)]
        assert (await mine[0].answer()).startswith(b"HTTP/1.1 429 ")
        for line in others:
            line.writer.write(b"{        ")
            assert await line.status() == 400
        for line in (*others, *mine):
            await line.close()


async def test_ones_own_browser_gets_in_though_its_place_is_locked(town: Town) -> None:
    """Whoever shares an address with a guesser is not locked out of a browser that is known to be theirs."""
    await town.person("Inès", "Faure", town.prefecture, password=PASSWORD)
    people = town.house.people
    people.guesses._from_place._most = 3
    form = SignIn("ines.faure@haute-vezelle.example", PASSWORD)
    opened = await people.sign_in(form, Client("203.0.113.5", "test"))
    for i in range(5):
        wrong = SignIn(f"p{i}@haute-vezelle.example", "pas le bon mot")
        with pytest.raises(Exception, match=r"wrong-credentials|too-many"):
            await people.sign_in(wrong, Client("203.0.113.5", "test"))
    with pytest.raises(Exception, match="too-many"):
        await people.sign_in(form, Client("203.0.113.5", "test"))
    again = await people.sign_in(form, Client("203.0.113.5", "test", opened.device_token))
    assert again.actor.device_id == opened.actor.device_id
