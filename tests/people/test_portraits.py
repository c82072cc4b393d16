"""People's pictures over HTTP, and what of them stays in a browser."""

from pathlib import Path

from bastide.core.http.cookies import CookieNames
from tests.files.samples import picture
from tests.support.postgres import SessionPostgres
from tests.support.served import Served, serving
from tests.support.town import living_town


async def test_a_picture_is_kept_for_an_hour_and_then_asked_for_again(served: Served) -> None:
    town = served.town
    card = (await town.house.portraits.do_put(town.agathe.person_id, picture())).card
    assert card.picture is not None
    window = await served.window(town.ousmane)
    first = await window.get(card.picture)
    assert (first.status_code, first.headers["content-type"]) == (200, "image/webp")
    assert first.headers["cache-control"] == "private, max-age=3600"
    tag = first.headers["etag"]
    again = await window.get(card.picture, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert (await window.get(card.picture, headers={"if-none-match": '"x"'})).content == first.content
    # A tag that one holds is no right to look.
    assert (
        await (await served.window(town.guest)).get(card.picture, headers={"if-none-match": tag})
    ).status_code == 404
    assert (await served.stranger().get(card.picture, headers={"if-none-match": tag})).status_code == 401


async def test_signing_out_empties_the_cache_where_browsers_heed_it(
    postgres: SessionPostgres, tmp_path: Path
) -> None:
    async with living_town(postgres, tmp_path / "data") as town:
        for https in (True, False):
            town.house.cookies = CookieNames.for_instance(https=https)
            async with serving(town, tmp_path / str(https)) as served:
                window = await served.window(town.agathe)
                assert "clear-site-data" not in (await window.get("/api/session")).headers
                out = await window.delete("/api/session")
                assert out.status_code == 204
                assert out.headers.get("clear-site-data") == ('"cache"' if https else None)
                assert "set-cookie" in out.headers, "and the cookie goes, too"
