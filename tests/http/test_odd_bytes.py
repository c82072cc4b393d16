"""Bytes that are no text, wherever a request has a place for them: they are the asker's mistake, and nobody's defect."""

import asyncio
import contextlib

import pytest
import structlog

from tests.support.served import Served, Window

JSON = {"content-type": "application/json"}
ODD = [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80abc", b"\xc0\x80"]


async def spoken(street: Served, sent: bytes) -> bytes:
    """The answer to a request as it is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", street.port)
    writer.write(sent)
    try:
        async with asyncio.timeout(10):
            return await reader.read(1 << 16)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@pytest.mark.parametrize("odd", ODD)
async def test_a_text_in_a_body_is_utf_8(street: Served, odd: bytes) -> None:
    window, stranger = await street.window(street.town.agathe), street.stranger()
    own = (await street.town.space(street.town.agathe)).space.id
    channel = await street.town.channel(street.town.agathe, own)
    asked: list[tuple[Window, str, str, bytes]] = [
        (stranger, "POST", "/api/session", b'{"email":"%s","password":"x"}'),
        (stranger, "POST", "/api/session", b'{"email":"x","%s":"x","password":"x"}'),
        (stranger, "POST", "/api/session/first", b'{"token":"%s"}'),
        (window, "PATCH", "/api/me", b'{"function":"%s"}'),
        (window, "PATCH", "/api/me", b'{"unknown":["%s"]}'),
        (window, "POST", "/api/directs", b'{"people":["%s"]}'),
        (window, "PATCH", f"/api/spaces/{own}", b'{"name":{"format":"plain","text":"%s"}}'),
        (
            window,
            "POST",
            f"/api/channels/{channel}/messages",
            b'{"client_id":"x","content":{"format":"plain","text":"%s"}}',
        ),
        (window, "PUT", f"/api/channels/{channel}/read", b'{"ordinal":"%s"}'),
    ]
    with structlog.testing.capture_logs() as logs:
        for who, method, path, body in asked:
            answer = await who.request(method, path, content=body.replace(b"%s", odd), headers=JSON)
            assert answer.status_code == 400, (path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "invalid"
        webhook = await stranger.request("POST", "/api/livekit/webhook", content=odd, headers=JSON)
        assert 400 <= webhook.status_code < 500
        assert (await window.request("PUT", "/api/me/picture", content=odd)).status_code in (400, 422)
    assert not [line for line in logs if line["log_level"] in ("error", "critical")], logs


@pytest.mark.parametrize("odd", [*ODD, b"%FF", b"%ED%A0%80", b"%00", b"%"])
@pytest.mark.parametrize("signed_in", [True, False], ids=["signed-in", "stranger"])
async def test_everywhere_else_odd_bytes_break_nothing(
    street: Served, odd: bytes, *, signed_in: bool
) -> None:
    cookie, csrf = b"", b""
    if signed_in:
        window = await street.window(street.town.agathe)
        cookie, csrf = window.http.headers["cookie"].encode(), window.http.headers["x-csrf"].encode()
    held = b"Host: localhost:%d\r\nConnection: close\r\nX-CSRF: %s\r\n" % (street.port, csrf)
    mine = b"Cookie: %s\r\n" % cookie
    body = b"Content-Length: 2\r\n\r\n{}"
    asked = [
        b"GET /api/people?q=%s HTTP/1.1\r\n" % odd + held + mine + b"\r\n",
        b"GET /api/people?%s=1 HTTP/1.1\r\n" % odd + held + mine + b"\r\n",
        b"GET /api/people/cards?ids=%s HTTP/1.1\r\n" % odd + held + mine + b"\r\n",
        b"GET /api/people/%s HTTP/1.1\r\n" % odd + held + mine + b"\r\n",
        b"GET /%s HTTP/1.1\r\n" % odd + held + mine + b"\r\n",
        b"GET /assets/%s HTTP/1.1\r\n" % odd + held + mine + b"\r\n",
        b"GET /api/session HTTP/1.1\r\n" + held + mine + b"Accept-Language: %s\r\n\r\n" % odd,
        b"GET /api/session HTTP/1.1\r\n" + held + mine + b"X-%s: 1\r\n\r\n" % odd,
        b"GET /api/session HTTP/1.1\r\n" + held + b"Cookie: %s; bastide_session=%s\r\n\r\n" % (odd, odd),
        b"POST /api/session HTTP/1.1\r\n" + held + mine + b"User-Agent: %s\r\n" % odd + body,
        b"POST /api/session HTTP/1.1\r\n" + held + mine + b"Content-Type: %s\r\n" % odd + body,
        b"POST /api/session HTTP/1.1\r\n" + held + mine + b"Origin: %s\r\n" % odd + body,
        b"POST /api/session HTTP/1.1\r\n" + held + b"Cookie: bastide_device=%s\r\n" % odd + body,
        b"POST /api/livekit/webhook HTTP/1.1\r\n" + held + b"Authorization: %s\r\n" % odd + body,
        b"PATCH /api/me HTTP/1.1\r\n" + held + mine + b"Content-Type: a/b;charset=%s\r\n" % odd + body,
    ]
    with structlog.testing.capture_logs() as logs:
        for sent in asked:
            answer = await spoken(street, sent)
            assert answer.startswith(b"HTTP/1.1 "), (sent, answer)
            assert int(answer.split()[1]) < 500, (sent, answer)
    assert not [line for line in logs if line["log_level"] in ("error", "critical")], logs


async def test_a_device_may_call_itself_anything(street: Served) -> None:
    """Its name is kept, so that odd bytes of it would go as far as the database."""
    await street.town.person("Odile", "Brun", street.town.prefecture, password="un mot de passe assez long")
    form = b'{"email":"odile.brun@haute-vezelle.example","password":"un mot de passe assez long"}'
    for odd in ODD:
        head = b"POST /api/session HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n" % street.port
        sent = head + b"User-Agent: %s\r\nContent-Length: %d\r\n\r\n%s" % (odd, len(form), form)
        assert (await spoken(street, sent)).startswith(b"HTTP/1.1 200 ")
