"""The LiveKit that Bastide starts when none is configured: the media server of calls.

Its HTTP listens on loopback, on a port chosen at each start; browsers reach its signalling through Bastide's
own port only. Voice and picture come by one UDP port (and the same TCP port where other machines are served).
Facts about its configuration were read in the source of the version that engines/livekit/go.mod names.
"""

import asyncio
import contextlib
import ipaddress
import os
import signal
import socket
import time
from pathlib import Path

import msgspec

from bastide.engines.accounts import let_pass, own_account
from bastide.engines.errors import EngineError, writing
from bastide.engines.process import Account, bare_environment, end, identify, spawn, tail

KEY = "bastide"  # the name of the key; the secret is the instance's own
_ACCOUNT = "bastide-livekit"
_DISCARD = 9

# How many tracks, in and out, one node holds before it refuses newcomers. Measured on one core: 63 people who all hear
# all others are 3549; setting that up took 18 s of processor time, and 1 % of the packets was lost.
_MOST_TRACKS = 3500


class LiveKitSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How an own LiveKit runs.

    `media_address` is what clients are told to send to; when it is loopback, nothing listens elsewhere.
    `webhook` is the address of Bastide that is told of joins and leaves, signed with the key.
    """

    program: Path
    run: Path
    log: Path
    key: str
    secret: str
    media_address: str
    media_port: int
    webhook: str


class EmbeddedLiveKit:
    """Starts and stops one LiveKit."""

    name = "livekit"
    title = "The media server"

    def __init__(self, settings: LiveKitSettings) -> None:
        self._settings = settings
        self._account: Account | None = None
        self._http_port = 0

    @property
    def url(self) -> str:
        """Where its HTTP answers since the last start."""
        return f"http://127.0.0.1:{self._http_port}"

    async def prepare(self) -> None:
        """Find out whom it runs as. Raises EngineError when the program is missing or cannot be reached."""
        if not self._settings.program.exists():
            raise EngineError(
                f"The media server is missing: {self._settings.program}. Run ./bastide up again."
            )
        self._account = await asyncio.to_thread(own_account, _ACCOUNT)
        if self._account is not None:
            await asyncio.to_thread(let_pass, self._account, self._settings.program)
            await asyncio.to_thread(let_pass, self._account, self._settings.run / "livekit.json")

    async def start(self) -> asyncio.subprocess.Process:
        """Start it. Raises EngineError when its media port is taken."""
        _refuse_taken(self._settings.media_address, self._settings.media_port)
        self._http_port = _free_port()
        with writing(self._settings.run):
            configuration = await asyncio.to_thread(self._write_configuration)
        return await spawn(
            [self._settings.program, "--config", configuration],
            log=self._settings.log,
            # variables such as LIVEKIT_KEYS, NODE_IP or REDIS_HOST would override the file
            env=bare_environment(),
            cwd=Path("/"),
            account=self._account,
            dies_with=signal.SIGKILL,
        )

    async def wait_ready(self, process: asyncio.subprocess.Process, within: float = 20) -> None:
        """Wait until its HTTP answers. Raises EngineError when it ends or does not answer in time."""
        until = time.monotonic() + within
        while not await _answers(self._http_port):
            if process.returncode is not None:
                raise EngineError(f"The media server ended while starting: {tail(self._settings.log, 2)}")
            if time.monotonic() > until:
                raise EngineError(f"The media server does not answer after {within:.0f} s.")
            await asyncio.sleep(0.05)

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        """Stop it at once. It keeps nothing, and asked politely it would wait until everybody has left
        and tell their windows not to come back, which they should as soon as Bastide is there again.
        """
        who = identify(process.pid)
        if who is not None and process.returncode is None:
            await end(who)
        await process.wait()

    def _write_configuration(self) -> Path:
        path = self._settings.run / "livekit.json"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if self._account is not None:
                os.fchown(descriptor, self._account.uid, self._account.gid)
            # JSON is YAML, which is what it reads
            file.write(msgspec.json.encode(configuration(self._settings, self._http_port)))
        return path


def configuration(settings: LiveKitSettings, http_port: int) -> dict[str, object]:
    """Give LiveKit's configuration, in its own words. It is read strictly: an unknown word stops it."""
    address = ipaddress.ip_address(settings.media_address)
    local = address.is_loopback
    shown = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004
    return {
        "port": http_port,
        "bind_addresses": ["127.0.0.1"],
        "keys": {settings.key: settings.secret},
        "logging": {"level": "warn", "json": True, "pion_level": "error"},
        "rtc": {
            "node_ip": str(address),
            "use_external_ip": False,
            "use_mdns": False,
            "udp_port": settings.media_port,
            # its TCP listens on all addresses: only where other machines are served at all
            "tcp_port": 0 if local else settings.media_port,
            "enable_loopback_candidate": local,
            "interfaces": {"includes": ["lo"]} if local else {},
            # With an empty list, windows are told to ask strangers for their address. They need not ask anybody: this is the
            # discard port (RFC 863) of our own host. Not our media port: a browser takes all that comes from the address
            # of a STUN server for answers to that question, and would throw the call's own packets away.
            "stun_servers": [f"{shown}:{_DISCARD}"],
        },
        # rooms are made by Bastide alone, or a stale window would bring one back to life
        "room": {"auto_create": False, "empty_timeout": 60, "departure_timeout": 20},
        "enable_data_tracks": False,
        "limit": {
            "num_tracks": _MOST_TRACKS,
            "max_metadata_size": 4096,
            "max_attributes_size": 4096,
        },
        "webhook": {"api_key": settings.key, "urls": [settings.webhook]},
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _refuse_taken(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, port))
        except PermissionError:
            raise EngineError(f"UDP port {port} needs root. Choose another with --media-port.") from None
        except OSError as error:
            # behind address translation the address is not one of this machine's: nothing to learn here
            with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as other:
                other.bind((address, 0))
                raise EngineError(f"UDP port {port} is taken. Choose another with --media-port.") from error


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        await writer.drain()
        async with asyncio.timeout(2):
            line = await reader.readline()
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
    return b" 200 " in line
