"""Uploads made to harm whoever opens, lists or looks at them: what is served can do nothing in our origin."""

import io
import struct
import time
import zipfile
import zlib
from uuid import UUID, uuid4

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bastide.core.content import Plain
from bastide.core.errors import Invalid
from bastide.files.names import checked_name
from bastide.files.ranges import attachment
from tests.files.conftest import Window
from tests.files.samples import bomb, picture
from tests.support.generated import EXAMPLES
from tests.support.town import Town

SCRIPT = b"<script>fetch('/api/me',{method:'DELETE'})</script>"

SHOWN = {
    "image/gif",
    "image/png",
    "image/jpeg",
    "application/pdf",
    "application/zip",
    "application/octet-stream",
}
"""Labels that a browser, told not to guess and to save, runs nothing of."""


def gif_that_is_a_script() -> bytes:
    """A whole GIF whose size reads as the beginning of a comment."""
    out = io.BytesIO()
    Image.new("P", (0x2A2F, 1)).save(out, "GIF")
    return out.getvalue() + b"*/=1;alert(document.domain)"


def archive_in_archive() -> bytes:
    """A zip of zips, each of a megabyte of nothing; nobody here unpacks it."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../etc/passwd", bytes(1 << 20))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(50):
            packed.writestr(f"{number}.zip", inner.getvalue())
    return out.getvalue()


def png_with_a_script_and_a_bomb_in_its_words() -> bytes:
    """A small picture whose text chunks hold a page, and a megabyte that unfolds to a thousand times as much."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    whole = picture(size=(64, 48))
    head, rest = whole[:33], whole[33:]
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    return head + chunk(b"tEXt", b"Comment\0" + SCRIPT) + chunk(b"zTXt", b"x\0\0" + packed) + rest


POLYGLOTS = [
    ("gif-js.gif", gif_that_is_a_script(), True),
    ("page.pdf", b"%PDF-1.7\n" + SCRIPT + b"\n%%EOF", False),
    ("page-first.pdf", SCRIPT + b"%PDF-1.7\n%%EOF", False),
    ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", False),
    ("dessin.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", False),
    ("photo.png", b"<!doctype html>" + SCRIPT, False),
    ("photo.jpg", b"\xff\xd8\xff\xe0" + SCRIPT, False),
    ("image.png", png_with_a_script_and_a_bomb_in_its_words(), True),
    ("archive.zip", archive_in_archive(), False),
    (
        "page.xhtml",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>" + SCRIPT + b"</html>",
        False,
    ),
    ("feuille.xsl", b"<?xml-stylesheet href='javascript:alert(1)'?><x/>", False),
    ("utf16.html", "<script>alert(1)</script>".encode("utf-16"), False),
    ("a.mhtml", b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + SCRIPT, False),
    ("worker.js", b"self.onfetch = e => e.respondWith(new Response('x'))", False),
    ("manifest.webmanifest", b'{"start_url":"/","scope":"/"}', False),
]


async def put(client: httpx.AsyncClient, space_id: UUID, data: bytes, name: str) -> httpx.Response:
    return await client.post(
        f"/api/spaces/{space_id}/files", params={"name": name, "client_id": str(uuid4())}, content=data
    )


async def test_nothing_that_was_uploaded_is_rendered_in_our_origin(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    views = [(await put(client, own.space.id, data, name)).json() for name, data, _ in POLYGLOTS]
    await town.house.ground.jobs.drain()
    for view, (name, data, _) in zip(views, POLYGLOTS, strict=True):
        for method, extra in (("GET", {}), ("GET", {"range": "bytes=0-3"}), ("GET", {"accept": "text/html"})):
            answer = await client.request(method, f"/api/files/{view['id']}/content", headers=extra)
            locked(answer, name)
            assert answer.headers["content-type"] in SHOWN, (name, answer.headers["content-type"])
            assert answer.headers["content-disposition"].startswith("attachment;"), name
        assert (await client.get(f"/api/files/{view['id']}/content")).content == data
        shown = (await client.get(f"/api/files/{view['id']}")).json()
        assert shown["preview"] in {"ready", "failed", "none"}, (name, shown["preview"])


async def test_what_is_shown_of_a_polyglot_is_our_own_copy(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    for name, data, is_picture in POLYGLOTS:
        view = (await put(client, own.space.id, data, name)).json()
        await town.house.ground.jobs.drain()
        copy = await client.get(f"/api/files/{view['id']}/preview/480")
        if not is_picture:
            assert copy.status_code == 404, name
        if copy.status_code == 200:
            locked(copy, name)
            assert copy.headers["content-type"] == "image/webp", name
            assert b"script" not in copy.content, name
            assert b"alert" not in copy.content, name


def locked(answer: httpx.Response, name: str) -> None:
    """Sandboxed, never guessed at, and for this origin alone."""
    headers = answer.headers
    assert headers.get_list("content-security-policy") == ["sandbox; default-src 'none'"], name
    assert headers.get_list("x-content-type-options") == ["nosniff"], name
    assert headers["cross-origin-resource-policy"] == "same-origin", name
    assert "private" in headers["cache-control"], name


async def test_a_picture_of_fifty_thousand_by_fifty_thousand_is_a_file_without_a_copy(
    town: Town, window: Window
) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    data = bomb(50_000)
    assert len(data) < 1 << 20
    view = (await put(client, own.space.id, data, "plan.png")).json()
    began = time.monotonic()
    await town.house.ground.jobs.drain()
    assert time.monotonic() - began < 10, "it was unfolded"
    assert (await client.get(f"/api/files/{view['id']}")).json()["preview"] == "failed"
    assert (await client.get(f"/api/files/{view['id']}/content")).content == data


async def test_a_bomb_sent_packed_is_not_unpacked(town: Town, window: Window) -> None:
    """A body that says it is packed is taken as it came: nothing here unfolds what strangers packed."""
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    packed = zlib.compress(bytes(1 << 24), 9)
    answer = await client.post(
        f"/api/spaces/{own.space.id}/files",
        params={"name": "x.bin", "client_id": str(uuid4())},
        content=packed,
        headers={"content-encoding": "deflate"},
    )
    assert answer.status_code in {201, 400, 415}, answer.text
    if answer.status_code == 201:
        assert answer.json()["size"] == len(packed)


NAMES = [
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\drivers\\etc\\hosts",
    "a\0.png",
    "rapport\u202egnp.exe",
    "CON",
    "nul.txt",
    "COM1.pdf",
    "aux.",
    "n" * 300 + ".txt",
    "n" * 401,
    ".htaccess",
    "~root",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "file:///etc/passwd",
    "a:stream.txt",
    '"; filename="x.html',
    "x.png\r\nSet-Cookie: a=b",
    "<img src=x onerror=alert(1)>.png",
    "=cmd|' /C calc'!A0.csv",
    "\u2066\u2067\u2069.txt",
]


async def test_a_name_leads_nowhere_and_breaks_nothing(town: Town, window: Window) -> None:
    own = await town.space(town.agathe)
    client = await window(town.agathe)
    before = set(town.house.settings.data.parent.iterdir())
    refused: set[str] = set()
    for name in NAMES:
        answer = await put(client, own.space.id, b"x", name)
        if answer.status_code != 201:
            assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
                400,
                "invalid",
                "name",
            )
            refused.add(name)
            continue
        kept = answer.json()["name"]["text"]
        harmless(kept)
        got = await client.get(f"/api/files/{answer.json()['id']}/content")
        assert got.content == b"x"
        assert got.headers["content-disposition"].count('"') == 2
        assert "set-cookie" not in got.headers
    assert {"a\0.png", "rapport\u202egnp.exe", "n" * 401} <= refused
    listed = (await client.get(f"/api/spaces/{own.space.id}/files")).json()["files"]
    assert len(listed) == len(NAMES) - len(refused)
    # Bytes lie under their hash, wherever a name would have led.
    assert set(town.house.settings.data.parent.iterdir()) == before
    lying = [path for path in (town.house.settings.data / "blobs").rglob("*") if path.is_file()]
    assert len(lying) == 1
    assert all(set(path.name) <= set("0123456789abcdef.") for path in lying), lying


def harmless(kept: str) -> None:
    """A name that was taken is one line without a path, and shows as it is."""
    assert "/" not in kept
    assert "\\" not in kept
    assert kept.strip(". ")
    assert not any(
        ord(c) < 32 or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for c in kept
    ), kept


_PIECES = st.sampled_from(
    [
        "..",
        "/",
        "\\",
        "\0",
        "\u202e",
        "\u2066",
        "CON",
        ".",
        " ",
        "é",
        '"',
        "\r\n",
        "%2f",
        "x" * 150,
        "\ud800",
        "😀",
        "\u200d",
    ]
)


@settings(
    max_examples=EXAMPLES or 300,
    deadline=None,
    derandomize=not EXAMPLES,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(_PIECES | st.text(max_size=5), min_size=1, max_size=8).map("".join))
def test_names_of_all_that_is_bad_at_once(name: str) -> None:
    try:
        kept = checked_name(Plain(name)).text
    except Invalid:
        return
    harmless(kept)
    header = attachment(kept)
    assert header.isascii()
    assert header.count('"') == 2
    assert "\n" not in header
    assert checked_name(Plain(kept)).text == kept


async def test_ten_thousand_files_in_one_space_stay_paged_and_quick(town: Town, window: Window) -> None:
    """Filed by rows: it is the lists that are asked, not ten thousand uploads."""
    own = await town.space(town.agathe, readers=[town.yanis])
    client = await window(town.agathe)
    first = (await put(client, own.space.id, b"x", "premier.txt")).json()
    async with town.house.ground.database.transaction() as tx:
        made = await tx.run(
            """
            insert into file (id, space_id, name_format, name, blob, size, media_type, preview, created_by, created_at,
                              client_id)
            select gen_random_uuid(), space_id, name_format, name, blob, size, media_type, preview, created_by,
                   created_at - (n / 3) * interval '1 second', gen_random_uuid()
            from file, generate_series(1, 10000) as n where id = %(like)s
            """,
            like=UUID(first["id"]),
        )
    assert made == 10_000
    began = time.monotonic()
    page = (await client.get(f"/api/spaces/{own.space.id}/files")).json()
    snapshot = await client.get("/api/snapshot")
    took = time.monotonic() - began
    assert len(page["files"]) == 50
    assert page["next"]
    assert snapshot.status_code == 200
    assert len(snapshot.content) < 200_000, "a snapshot does not carry a space's files"
    assert took < 2, took
    assert (await client.get(f"/api/spaces/{own.space.id}/files?limit=101")).status_code == 400
    seen: set[str] = set()
    after: str | None = None
    for _ in range(200):
        query: dict[str, str | int] = {"limit": 100} | ({"after": after} if after else {})
        page = (await client.get(f"/api/spaces/{own.space.id}/files", params=query)).json()
        assert not seen & {f["id"] for f in page["files"]}
        seen |= {f["id"] for f in page["files"]}
        after = page["next"]
        if after is None:
            break
    assert len(seen) == 10_001
