"""The built window's files: those, and nothing else of the machine."""

import pytest

from tests.http.test_door import spoken
from tests.support.served import PAGE, SCRIPT, Served

# Each leads out of the window's folder on some server.
OUT = [
    "/assets/../../secret.txt",
    "/assets/../secret.txt",
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/assets/%252e%252e/%252e%252e/secret.txt",
    "/assets/....//....//secret.txt",
    "/assets//../../secret.txt",
    "//../secret.txt",
    "/assets/%c0%ae%c0%ae/secret.txt",
    "/assets/app-3f2a.js/../../../secret.txt",
    "/?path=../secret.txt",
    "/?path=/etc/passwd",
    "//etc/passwd",
    "/assets//etc/passwd",
    "/assets/%2fetc%2fpasswd",
    "/file:///etc/passwd",
]
# Each breaks something that opens files.
BREAKS = [
    "/assets/%00",
    "/x%00.js",
    "/assets/" + "a" * 5000 + ".js",
    "/" + "a" * 300 + ".js",
    "/assets/" + "a/" * 3000 + "a.js",
    "/assets/%ff%fe.js",
    "/assets/%ed%a0%80.js",
    "/assets/CON",
    "/assets/%0d%0aset-cookie:x=y.js",
    "/assets",
    "/assets/",
    "/assets/.",
    "/.env",
    "/.git/config",
    "/index.html/x.js",
]


@pytest.mark.parametrize("path", OUT)
async def test_no_path_leads_out_of_the_folder(street: Served, path: str) -> None:
    answer = await asked(street, path)
    status = answer.split(b" ")[1]
    assert status in (b"200", b"400", b"404"), answer
    assert b"outside the window" not in answer
    assert b"root:" not in answer
    if status == b"200":
        assert PAGE in answer, "only the page itself is shown for an address that is no file's"


@pytest.mark.parametrize("path", BREAKS, ids=lambda path: path[:30])
async def test_odd_names_are_absent_and_break_nothing(street: Served, path: str) -> None:
    answer = await asked(street, path)
    assert answer.split(b" ")[1] in (b"200", b"400", b"404", b"414", b"431"), answer[:200]
    assert b"set-cookie" not in answer.partition(b"\r\n\r\n")[0].lower()
    assert PAGE in answer or b"problem" in answer or b"400" in answer[:20]


async def test_a_link_out_of_the_folder_is_not_followed(street: Served) -> None:
    link = street.built / "assets" / "link.txt"
    link.symlink_to(street.built.parent / "secret.txt")
    try:
        assert (await street.stranger().get("/assets/link.txt")).status_code == 404
    finally:
        link.unlink()


async def test_the_windows_own_addresses_are_its_page(street: Served) -> None:
    stranger = street.stranger()
    for path in ("/", "/spaces/019cd6de-0340-7100-b19a-bcf863e78fc5", "/people", "/profil/moi", "/apinion"):
        answer = await stranger.get(path)
        assert answer.status_code == 200
        assert answer.content == PAGE
        assert answer.headers["content-type"].startswith("text/html")
    script = await stranger.get("/assets/app-3f2a.js")
    assert script.content == SCRIPT
    assert script.headers["content-type"].startswith("text/javascript")
    assert (await stranger.get("/assets/app-0000.js")).status_code == 404
    assert (await stranger.get("/robots.txt")).status_code == 404


async def asked(street: Served, path: str) -> bytes:
    return await spoken(street, f"GET {path} HTTP/1.1", [f"Host: localhost:{street.port}"])
