"""What windows ask for, hear and complain of, and whom the engines talk to.

Nothing of Bastide may contact a host that nobody configured. Each page's requests and sockets are recorded from the
outside, by the browser; the engines' sockets are read from the kernel, again and again while the stories run.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, WebError, WebSocket

OURS = ("localhost", "127.0.0.1", "[::1]", "::1")
_INSIDE = ("data", "blob", "about", "chrome-error")
# What browsers write to the console when a server is away (stories kill ours), and LiveKit's library when a page goes.
_NETWORK = (
    "net::ERR_",
    "WebSocket connection to",
    "Failed to load resource",
    "closed unexpectedly",
    # the media library's: it writes to its own line in the moment in which that is lost (ours looks first)
    "WebSocket is already in CLOSING or CLOSED state",
)


class Heard(NamedTuple):
    """A frame that came in on a page's socket: when (`monotonic`), and what it said."""

    at: float
    text: str


class Watch:
    """All pages of one browser profile, from the first request on."""

    def __init__(self, context: BrowserContext, who: str) -> None:
        self.who = who
        self.asked: list[str] = []
        self.said: list[str] = []
        self.faults: list[str] = []
        self.heard: list[Heard] = []
        self.sockets: list[str] = []
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("page", self._on_page)
        for page in context.pages:
            self._on_page(page)

    def foreign(self) -> list[str]:
        """What was asked of hosts other than this machine."""
        return [url for url in [*self.asked, *self.sockets] if not at_home(url)]

    def _on_page(self, page: Page) -> None:
        page.on("websocket", self._on_socket)

    def _on_socket(self, socket: WebSocket) -> None:
        self.sockets.append(socket.url)
        if urlsplit(socket.url).path == "/api/socket":
            socket.on("framereceived", self._on_frame)

    def _on_frame(self, frame: str | bytes) -> None:
        text = frame if isinstance(frame, str) else frame.decode(errors="replace")
        self.heard.append(Heard(monotonic(), text))

    def _on_console(self, message: ConsoleMessage) -> None:
        line = f"{message.type}: {message.text}"
        self.said.append(line)
        if message.type == "error" and not any(word in message.text for word in _NETWORK):
            self.faults.append(line)

    def _on_error(self, error: WebError) -> None:
        self.said.append(f"thrown: {error.error}")
        self.faults.append(f"thrown: {error.error}")


def at_home(url: str) -> bool:
    """Whether an address leads no further than this machine."""
    parts = urlsplit(url)
    return parts.scheme in _INSIDE or parts.hostname in OURS


class Connection(NamedTuple):
    """A socket of ours as the kernel lists it. `kind` is tcp, tcp6, udp or udp6."""

    kind: str
    local: IPv4Address | IPv6Address
    local_port: int
    remote: IPv4Address | IPv6Address
    remote_port: int

    @property
    def reaches_out(self) -> bool:
        """Whether it leads, or may at any moment send, beyond this machine.

        A UDP socket that is tied to a loopback address cannot send elsewhere; one tied to none may send anywhere.
        """
        if not _near(self.remote):
            return True
        return self.kind.startswith("udp") and self.remote.is_unspecified and not self.local.is_loopback


def _near(address: IPv4Address | IPv6Address) -> bool:
    plain = getattr(address, "ipv4_mapped", None) or address
    return plain.is_loopback or plain.is_unspecified


def connections(pids: Collection[int]) -> set[Connection]:
    """The network sockets that these processes hold now."""
    inodes = {inode for pid in pids for inode in _inodes(pid)}
    found: set[Connection] = set()
    for kind in ("tcp", "tcp6", "udp", "udp6"):
        table = Path("/proc/net", kind)
        for line in table.read_text(encoding="ascii").splitlines()[1:] if table.exists() else ():
            words = line.split()
            if words[9] in inodes:
                found.add(Connection(kind, *_address(words[1]), *_address(words[2])))
    return found


def _inodes(pid: int) -> set[str]:
    found: set[str] = set()
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                target = str(entry.readlink())
                if target.startswith("socket:["):
                    found.add(target[8:-1])
    return found


def _address(text: str) -> tuple[IPv4Address | IPv6Address, int]:
    """An address of /proc/net (proc(5)): 32-bit words in the machine's order, in hexadecimal."""
    packed, port = text.split(":")
    raw = bytes.fromhex(packed)
    words = b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4))
    return ip_address(words), int(port, 16)


class EngineWatch:
    """Looks at the sockets of an instance's processes twice a second; keeps those that reach out."""

    def __init__(self) -> None:
        self.looks = 0
        self.seen: set[Connection] = set()

    async def follow(self, pids: Callable[[], set[int]]) -> None:
        """Look until cancelled."""
        while True:
            now = await asyncio.to_thread(lambda: connections(pids()))
            self.looks += 1
            self.seen |= now
            await asyncio.sleep(0.5)

    def reaching_out(self) -> list[Connection]:
        return sorted(one for one in self.seen if one.reaches_out)
