"""The request that opens a socket: read strictly, and refused as plain HTTP when it must be.

Follows RFC 6455 section 4.2.1. The HTTP server hands over the whole head of the request, which is read once
here; nothing later looks at the raw bytes again.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network
from typing import Final
from urllib.parse import urlsplit

import msgspec

from bastide.core.errors import Invalid, Problem
from bastide.core.http.cookies import parse
from bastide.core.places import inside, known_address

PROBLEM_JSON: Final = "application/problem+json"
_KEY_BYTES: Final = 16
_REQUEST_PARTS: Final = 3
_DEFAULT_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}
_ONCE: Final = frozenset(
    {
        "host",
        "origin",
        "upgrade",
        "sec-websocket-key",
        "sec-websocket-version",
        "content-length",
        "authorization",
    }
)
_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FORBIDDEN_IN_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

Networks = Sequence[IPv4Network | IPv6Network]


class Handshake(msgspec.Struct, frozen=True):
    """A request to open a socket.

    `path` and `query` are as sent, still percent-encoded, without the question mark. `headers` have
    lower-case names; a repeated one is joined by commas. `peer` is the client's address, also behind a
    trusted proxy, or "" where there is none (a Unix socket). `secure` says that the client's own connection
    is encrypted.
    """

    path: str
    query: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    origin: str | None
    host: str
    peer: str
    secure: bool
    key: str
    """The client's `Sec-WebSocket-Key`."""


class Refused(msgspec.Struct, frozen=True):
    """A plain HTTP answer in place of the socket: status 400–599, a problem-details body, further headers."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


def refused(problem: Problem, *, language: str = "fr", headers: Mapping[str, str] | None = None) -> Refused:
    """The answer that tells a problem: its status and its details, with `Retry-After` where it has one
    (seconds).
    """
    details = problem.details(language)
    extra = dict(headers or {})
    if details.retry_after_s is not None:
        extra["retry-after"] = str(max(1, round(details.retry_after_s)))
    return Refused(status=details.status, body=msgspec.json.encode(details), headers=extra)


class HeadTooLarge(Problem):
    """More headers than we are ready to read."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    code = "too-large"
    fr = "Cette demande est trop longue."
    en = "This request is too long."


class _WrongVersion(Problem):
    status = HTTPStatus.UPGRADE_REQUIRED
    code = "upgrade-required"
    fr = "Cette adresse demande une connexion WebSocket, version 13."
    en = "This address wants a WebSocket connection, version 13."


def read(head: bytes, *, peer: str, secure: bool, most: int, trusted: Networks = ()) -> Handshake | Refused:
    """Read the head of an upgrade request.

    Args:
        head: the request line and headers, up to and with the empty line.
        peer: the address at the other end of the connection, "" where there is none.
        secure: whether that connection is encrypted.
        most: the head's greatest length in bytes (longer: 431).
        trusted: where `X-Forwarded-For` and `X-Forwarded-Proto` are believed.

    Returns:
        The handshake; or 400, 426 or 431 where the request is not one that RFC 6455 allows.
    """
    if len(head) > most:
        return refused(HeadTooLarge())
    try:
        target, headers = _parsed(head)
        _check_upgrade(headers)
    except _WrongVersion as problem:
        return refused(problem, headers={"upgrade": "websocket", "sec-websocket-version": "13"})
    except Problem as problem:
        return refused(problem)
    path, _, query = target.partition("?")
    peer, secure = client(headers, peer, trusted=trusted, secure=secure)
    return Handshake(
        path=path,
        query=query,
        headers=headers,
        cookies=parse(headers.get("cookie", "")),
        origin=headers.get("origin"),
        host=headers["host"],
        peer=peer,
        secure=secure,
        key=headers["sec-websocket-key"],
    )


def response(answer: Refused) -> bytes:
    """A refusal as bytes for the wire; the connection closes after it."""
    lines = [
        f"HTTP/1.1 {answer.status} {_phrase(answer.status)}",
        "connection: close",
        "cache-control: no-store",
        f"content-type: {PROBLEM_JSON}",
        f"content-length: {len(answer.body)}",
    ]
    for name, value in answer.headers.items():
        if not _TOKEN.fullmatch(name.encode()) or _FORBIDDEN_IN_VALUE.search(value):
            raise ValueError(f"header {name!r} cannot be sent")
        lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body


def same_origin(handshake: Handshake, public_url: str | None) -> bool:
    """Whether the page that opens the socket is our own (browsers send `Origin`; cookies alone prove
    nothing).

    True when the origin is `public_url`'s, or when its host and port are those of the request's `Host`. A
    missing origin, `null`, and a plain-http page over an encrypted connection are refused.
    """
    origin = _endpoint(handshake.origin)
    if origin is None:
        return False
    if public_url is not None and origin == _endpoint(public_url):
        return True
    scheme = origin[0]
    if handshake.secure and scheme != "https":
        return False
    return origin == _endpoint(f"{scheme}://{handshake.host}")


def _parsed(head: bytes) -> tuple[str, Mapping[str, str]]:
    lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    parts = lines[0].split(b" ")
    if (
        len(parts) != _REQUEST_PARTS
        or parts[0] != b"GET"
        or parts[2] != b"HTTP/1.1"
        or not parts[1].startswith(b"/")
    ):
        raise Invalid(field="request-line")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        raw_name, colon, raw_value = line.partition(b":")
        value = raw_value.strip(b" \t").decode("latin-1")
        if not colon or not _TOKEN.fullmatch(raw_name) or _FORBIDDEN_IN_VALUE.search(value):
            raise Invalid(field="headers")
        name = raw_name.decode("ascii").lower()
        if name not in headers:
            headers[name] = value
        elif name in _ONCE:
            raise Invalid(field=name)
        else:
            headers[name] += ("; " if name == "cookie" else ", ") + value
    return parts[1].decode("latin-1"), headers


def _check_upgrade(headers: Mapping[str, str]) -> None:
    if not headers.get("host"):
        raise Invalid(field="host")
    if headers.get("upgrade", "").lower() != "websocket":
        raise Invalid(field="upgrade")
    if "upgrade" not in [token.strip().lower() for token in headers.get("connection", "").split(",")]:
        raise Invalid(field="connection")
    if "transfer-encoding" in headers or headers.get("content-length", "0").strip("0"):
        raise Invalid(field="content-length")
    if headers.get("sec-websocket-version") != "13":
        raise _WrongVersion
    try:
        key = base64.b64decode(headers.get("sec-websocket-key", ""), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise Invalid(field="sec-websocket-key")


def client(headers: Mapping[str, str], peer: str, *, trusted: Networks, secure: bool) -> tuple[str, bool]:
    """The client's own address and whether its connection is encrypted, seen through trusted proxies.

    Each proxy puts the address of whoever asked it behind those that were said before it. So it is read from the end, as
    far as proxies go that are trusted; what stands before the first other address is anybody's word.
    """
    if not inside(peer, trusted):
        return peer, secure
    proto = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
    if proto:
        secure = proto in {"https", "wss"}
    for hop in reversed(headers.get("x-forwarded-for", "").split(",")):
        address = known_address(_without_port(hop.strip()))
        if address is None:
            break
        peer = str(address)
        if not inside(peer, trusted):
            break
    return peer, secure


def _without_port(hop: str) -> str:
    """Some proxies say the port, too: `192.0.2.7:5000`, `[2001:db8::7]:5000`."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _endpoint(url: str | None) -> tuple[str, str, int] | None:
    """Scheme, host and port of an http(s) URL, or None where it is none."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"
