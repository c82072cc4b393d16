"""Files through the real port: what goes out can do nothing, and everything is decided at each request."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from bastide.core.policy import Label
from tests.files.conftest import Window
from tests.files.samples import bomb, opendocument, picture
from tests.support.town import Town

MEGA = 1 << 20


async def put(
    client: httpx.AsyncClient,
    space_id: UUID,
    data: bytes,
    name: str = "note.txt",
    client_id: UUID | None = None,
) -> httpx.Response:
    return await client.post(
        f"/api/spaces/{space_id}/files",
        params={"name": name, "client_id": str(client_id or uuid4())},
        content=data,
    )


def lying(town: Town) -> list[Path]:
    folder = town.house.settings.data / "blobs"
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_anonymous_outsider_and_reader(town: Town, window: Window) -> None:
    own = await town.space(town.agathe, readers=[town.yanis], label=Label.SENSITIVE)
    manager = await window(town.agathe)
    file_id = (await put(manager, own.space.id, picture())).json()["id"]
    await town.house.ground.jobs.drain()
    paths = [
        ("GET", f"/api/spaces/{own.space.id}/files"),
        ("POST", f"/api/spaces/{own.space.id}/files?name=x&client_id={uuid4()}"),
        ("GET", f"/api/files/{file_id}"),
        ("GET", f"/api/files/{file_id}/content"),
        ("GET", f"/api/files/{file_id}/preview/480"),
        ("DELETE", f"/api/files/{file_id}"),
    ]
    for actor, expected in ((None, 401), (town.ousmane, 404), (town.guest, 404)):
        client = await window(actor)
        for method, path in paths:
            response = await client.request(method, path)
            assert response.status_code == expected, (method, path)
            assert response.headers["content-type"].startswith("application/problem+json")
    reader = await window(town.yanis)
    for method, path in paths:
        response = await reader.request(method, path)
        if method == "GET":
            assert response.status_code == 200, path
        else:
            assert (response.status_code, response.json()["rule"]) == (403, "role")
    assert (await manager.delete(f"/api/files/{file_id}")).status_code == 204
    assert (await manager.get(f"/api/files/{file_id}/content")).status_code == 404


async def test_a_forged_upload(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    del client.headers["x-csrf"]
    response = await put(client, own.space.id, b"x")
    assert (response.status_code, response.json()["code"]) == (403, "forged-request")
    assert lying(town) == []


async def test_upload_and_download(town: Town, window: Window) -> None:
    own = await town.space(town.agathe, readers=[town.solene])
    client = await window(town.agathe)
    data = opendocument()
    response = await put(client, own.space.id, data, "Bilan d’été — final.odt")
    assert response.status_code == 201
    view = response.json()
    assert view["name"] == {"format": "plain", "text": "Bilan d’été — final.odt"}
    other = await window(town.solene)
    page = (await other.get(f"/api/spaces/{own.space.id}/files")).json()
    assert page == {"files": [view], "next": None}
    assert (await other.get(f"/api/files/{view['id']}")).json() == view
    content = await other.get(f"/api/files/{view['id']}/content")
    assert content.content == data
    headers = content.headers
    assert headers["content-type"] == "application/vnd.oasis.opendocument.text"
    assert headers["content-length"] == str(len(data))
    assert headers["content-disposition"] == (
        'attachment; filename="Bilan d__t_ _ final.odt"; '
        "filename*=UTF-8''Bilan%20d%E2%80%99%C3%A9t%C3%A9%20%E2%80%94%20final.odt"
    )
    assert headers.get_list("content-security-policy") == ["sandbox; default-src 'none'"]
    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("image.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("x.js", b"alert(1)"),
        ("x.xml", b"<?xml version='1.0'?><x/>"),
        ("image.gif", b"GIF89a/*" + b"\0" * 30 + b"*/=1;alert(1)"),
        ('"; filename=x.html; x="', b"<html>"),
    ],
)
async def test_what_would_run_goes_out_as_an_attachment(
    town: Town, window: Window, name: str, data: bytes
) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    view = (await put(client, own.space.id, data, name)).json()
    await town.house.ground.jobs.drain()
    headers = (await client.get(f"/api/files/{view['id']}/content")).headers
    assert headers["content-disposition"].startswith('attachment; filename="')
    assert headers["content-disposition"].count('"') == 2
    assert headers["content-type"] in {"application/octet-stream", "image/gif"}
    assert headers.get_list("content-security-policy") == ["sandbox; default-src 'none'"]
    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert (await client.get(f"/api/files/{view['id']}/preview/480")).status_code == 404


async def test_ranges(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    data = os.urandom(3 * MEGA)
    path = f"/api/files/{(await put(client, own.space.id, data)).json()['id']}/content"
    whole = await client.get(path)
    tag = whole.headers["etag"]
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")

    part = await client.get(path, headers={"range": f"bytes={MEGA}-{2 * MEGA - 1}"})
    assert part.status_code == 206
    assert part.content == data[MEGA : 2 * MEGA]
    assert part.headers["content-range"] == f"bytes {MEGA}-{2 * MEGA - 1}/{3 * MEGA}"
    assert part.headers["content-length"] == str(MEGA)
    last = await client.get(path, headers={"range": "bytes=-10", "if-range": tag})
    assert (last.status_code, last.content) == (206, data[-10:])
    changed = await client.get(path, headers={"range": "bytes=-10", "if-range": '"another"'})
    assert (changed.status_code, changed.content) == (200, data)
    several = await client.get(path, headers={"range": "bytes=0-1,5-6"})
    assert (several.status_code, several.content) == (200, data)

    beyond = await client.get(path, headers={"range": f"bytes={3 * MEGA}-"})
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{3 * MEGA}"
    assert beyond.json()["code"] == "range-unsatisfiable"


async def test_an_empty_file(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    view = (await put(client, own.space.id, b"", "vide")).json()
    assert (view["size"], view["preview"]) == (0, "none")
    content = await client.get(f"/api/files/{view['id']}/content")
    assert (content.status_code, content.content, content.headers["content-length"]) == (200, b"", "0")
    assert (
        await client.get(f"/api/files/{view['id']}/content", headers={"range": "bytes=0-"})
    ).status_code == 416


async def test_previews_are_ours_and_decided_each_time(town: Town, window: Window) -> None:
    own = await town.space(town.agathe, readers=[town.solene])
    manager, reader = await window(town.agathe), await window(town.solene)
    view = (await put(manager, own.space.id, picture("JPEG"), "photo.jpg")).json()
    path = f"/api/files/{view['id']}/preview/480"
    assert (await reader.get(path)).status_code == 404
    await town.house.ground.jobs.drain()
    shown = await reader.get(path)
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/webp"
    assert (shown.content[:4], shown.content[8:12]) == (b"RIFF", b"WEBP")
    assert shown.headers["cache-control"] == "private, no-cache"
    assert shown.headers.get_list("content-security-policy") == ["sandbox; default-src 'none'"]
    assert "content-disposition" not in shown.headers
    same = await reader.get(path, headers={"if-none-match": shown.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.solene.person_id)
    again = await reader.get(path, headers={"if-none-match": shown.headers["etag"]})
    assert again.status_code == 404
    assert (await reader.get(f"/api/files/{view['id']}/content")).status_code == 404


async def test_bad_requests_get_clear_answers(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    base = f"/api/spaces/{own.space.id}/files"
    for path in (base, f"{base}?name=x", f"{base}?client_id={uuid4()}", f"{base}?name=x&client_id=7"):
        assert (await client.post(path, content=b"x")).status_code == 400, path
    for name in ("..", "a\0b", "n" * 401):
        response = await put(client, own.space.id, b"x", name)
        assert (response.status_code, response.json()["field"]) == (400, "name")
    for path in (f"{base}?after=%ff", f"{base}?limit=0", f"{base}?limit=101", f"{base}?after=" + "a" * 101):
        assert (await client.get(path)).status_code == 400, path
    view = (await put(client, own.space.id, picture())).json()
    for edge in ("0", "-480", "481", "x", "4" * 400):
        assert (await client.get(f"/api/files/{view['id']}/preview/{edge}")).status_code == 404, edge
    assert lying(town) != []


async def test_too_large_is_said_at_once(town: Town, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    monkeypatch.setattr(town.house.files, "_upload_most", MEGA)
    response = await put(client, own.space.id, bytes(2 * MEGA))
    assert (response.status_code, response.json()["code"]) == (413, "too-large")

    async def undeclared() -> AsyncIterator[bytes]:
        for _ in range(32):
            yield bytes(64 << 10)

    response = await client.post(
        f"/api/spaces/{own.space.id}/files",
        params={"name": "x", "client_id": str(uuid4())},
        content=undeclared(),
    )
    assert response.status_code == 413
    assert lying(town) == []
    assert (await put(client, own.space.id, bytes(MEGA))).status_code == 201


async def test_a_full_disk_is_said(town: Town, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    with monkeypatch.context() as patched:
        patched.setattr(town.house.ground.blobs, "_reserve", 1 << 60)
        response = await put(client, own.space.id, b"x")
    assert (response.status_code, response.json()["code"]) == (507, "disk-full")
    assert lying(town) == []
    assert (await put(client, own.space.id, b"x")).status_code == 201


async def test_a_line_that_breaks(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)

    async def send() -> None:
        _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
        writer.write(
            f"POST /api/spaces/{own.space.id}/files?name=x&client_id={uuid4()} HTTP/1.1\r\n"
            f"Host: {client.base_url.netloc.decode()}\r\nCookie: {cookie}\r\n"
            f"X-CSRF: {client.headers['x-csrf']}\r\nContent-Length: {4 * MEGA}\r\n\r\n".encode()
        )
        writer.write(bytes(3 * MEGA))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    await send()
    await asyncio.sleep(0.5)
    gc.collect()
    await asyncio.sleep(0.3)
    assert lying(town) == []
    async with town.house.ground.database.read() as database:
        assert await database.value("select count(*) from file") == 0


async def test_racing_windows_make_one_file(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    clients = [await window(town.agathe) for _ in range(4)]
    client_id = uuid4()
    data = os.urandom(2 * MEGA)
    answers = await asyncio.gather(*(put(c, own.space.id, data, client_id=client_id) for c in clients))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1
    assert len(lying(town)) == 1


async def test_a_bomb_over_the_wire(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    view = (await put(client, own.space.id, bomb(), "plan.png")).json()
    await town.house.ground.jobs.drain()
    assert (await client.get(f"/api/files/{view['id']}")).json()["preview"] == "failed"
    assert (await client.get(f"/api/files/{view['id']}/preview/1600")).status_code == 404
