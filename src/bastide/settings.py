"""What whoever starts Bastide may choose: by option, or by BASTIDE_… of the same name in the environment.

An option wins over the environment. Addresses that may hold a password are read from the environment only,
because everybody on a machine can read a command line.
"""

import argparse
import contextlib
import difflib
import ipaddress
import os
import re
import socket
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from bastide.core.ids import Ids

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8420
UPLOAD_MOST = 2 << 30
GUESTS_KEPT = 90
ADMINISTRATION_MINUTES = 30
_KEPT_MOST = 3650
_MINUTES = (5, 240)
_EDGES_MOST = 64
_SOCKET_PATH_MOST = 107  # bytes (unix(7))
_PREFIX = "BASTIDE_"
_HIGHEST_PORT = 65535
_SIZE = re.compile(r"([1-9][0-9]{0,11})([KMGT]?)")
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
_IPV4 = 4
_THIS_MACHINE = ("127.0.0.0/8", "::1/128")
_YES = ("1", "yes", "true", "on")
_NO = ("", "0", "no", "false", "off")


class SettingsError(Exception):
    """A setting cannot be understood or is refused. The message is a sentence fit for a screen."""


class ExternalLiveKit(msgspec.Struct, frozen=True):
    """A LiveKit that somebody else runs: its address as the server reaches it, and the key to it."""

    url: str
    key: str
    secret: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How this instance runs. Paths are absolute; None means that Bastide brings its own.

    `upload_most`: bytes that one uploaded file may have. `guests_kept`: days after their last stay for which a guest's
    account is kept. `edges`: processes that hold windows' connections on the one port, 0 for the application itself.
    `proxies`: the networks whose word is believed about where a request comes from; None for this machine alone, where
    there is a `public_url`.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    demo: bool = True
    public_url: str | None = None
    media_port: int = DEFAULT_PORT + 1
    media_address: str = "127.0.0.1"
    timezone: str = "Europe/Paris"
    upload_most: int = UPLOAD_MOST
    guests_kept: int = GUESTS_KEPT
    administration_minutes: int = ADMINISTRATION_MINUTES
    edges: int = 0
    proxies: tuple[str, ...] | None = None
    database_url: str | None = None
    livekit: ExternalLiveKit | None = None

    @property
    def origin(self) -> str:
        """The address that browsers use, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def zone(self) -> ZoneInfo:
        """Where the instance's days end, and with them the terms of approvals and exceptions."""
        return ZoneInfo(self.timezone)

    @property
    def https(self) -> bool:
        """Whether browsers come by HTTPS, so that cookies must be Secure."""
        return self.origin.startswith("https://")

    @property
    def believed(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The networks of the proxies in front, whose `X-Forwarded-For` and `X-Forwarded-Proto` count."""
        proxies = self.proxies
        if proxies is None:
            proxies = _THIS_MACHINE if self.public_url is not None else ()
        return tuple(ipaddress.ip_network(proxy) for proxy in proxies)

    @property
    def inside(self) -> str:
        """The address at which processes of this machine reach Bastide."""
        address = ipaddress.ip_address(self.host)
        if address.is_unspecified:
            address = ipaddress.ip_address("127.0.0.1" if address.version == _IPV4 else "::1")
        return (
            f"http://{address}:{self.port}" if address.version == _IPV4 else f"http://[{address}]:{self.port}"
        )

    @property
    def run(self) -> Path:
        """The folder of what is only true while running: state files, sockets."""
        return self.data / "run"

    @property
    def own(self) -> Path:
        """The folder of what the application's account keeps for itself and can do without."""
        return self.data / "app"

    @property
    def core(self) -> Path:
        """Where the application listens for requests when edges stand before it."""
        return self.own / "core.sock"

    @property
    def trunk(self) -> Path:
        """Where edges hold their lines to the application."""
        return self.own / "trunk.sock"

    @property
    def logs(self) -> Path:
        """The folder of the processes' logs."""
        return self.data / "logs"

    def environment(self) -> dict[str, str]:
        """The same settings as variables, for a child process. Holds secrets: never print or log it."""
        named = {
            "DATA": str(self.data),
            "HOST": self.host,
            "PORT": str(self.port),
            "NO_DEMO": "no" if self.demo else "yes",
            "PUBLIC_URL": self.public_url or "",
            "MEDIA_PORT": str(self.media_port),
            "MEDIA_ADDRESS": self.media_address,
            "TIMEZONE": self.timezone,
            "UPLOAD_MOST": str(self.upload_most),
            "GUESTS_KEPT": str(self.guests_kept),
            "ADMINISTRATION_MINUTES": str(self.administration_minutes),
            "EDGES": str(self.edges),
            "PROXY": ",".join(self.proxies or ()),
            "DATABASE_URL": self.database_url or "",
            "LIVEKIT_URL": self.livekit.url if self.livekit else "",
            "LIVEKIT_KEY": self.livekit.key if self.livekit else "",
            "LIVEKIT_SECRET": self.livekit.secret if self.livekit else "",
        }
        return {_PREFIX + name: value for name, value in named.items() if value}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{message[:1].upper()}{message[1:]}. See ./bastide up --help.")


def parser(*, help_: bool = True) -> argparse.ArgumentParser:
    """Give the parser of the options, for a command's help too. `help_`: it answers --help itself."""
    options = _Parser(
        prog="./bastide up",
        allow_abbrev=False,
        add_help=help_,
        description="Start Bastide.",
        epilog="Each option is read from BASTIDE_… of the same name, too (BASTIDE_PORT, BASTIDE_UPLOAD_MOST). From there "
        "alone, as they hold secrets: BASTIDE_DATABASE_URL, a PostgreSQL (15 or later) in place of our own; "
        "BASTIDE_LIVEKIT_URL, BASTIDE_LIVEKIT_KEY and BASTIDE_LIVEKIT_SECRET, a LiveKit in place of our own.",
    )
    options.add_argument("--data", metavar="DIR", help="where everything is kept (.bastide/data)")
    options.add_argument(
        "--port", metavar="N", help=f"the one port of pages, API and sockets ({DEFAULT_PORT})"
    )
    options.add_argument("--host", metavar="H", help="the address to listen on (127.0.0.1)")
    options.add_argument(
        "--no-demo", action="store_const", const="yes", help="start empty, and print a one-time link"
    )
    options.add_argument(
        "--public-url", metavar="URL", help="the HTTPS address of the proxy in front, as browsers see it"
    )
    options.add_argument(
        "--proxy",
        metavar="ADDRESS[,…]",
        help="where that proxy asks from, addresses or networks: its X-Forwarded-For is believed, and nobody else's "
        "(with --public-url: this machine)",
    )
    options.add_argument(
        "--media-port", metavar="N", help="the port of voice and picture, UDP and TCP (port + 1)"
    )
    options.add_argument("--media-address", metavar="IP", help="the address that calls are told to send to")
    options.add_argument(
        "--timezone", metavar="ZONE", help="where days end, and with them terms (Europe/Paris)"
    )
    options.add_argument(
        "--upload-most", metavar="SIZE", help="the largest file one may upload: 500M, 4G (2G)"
    )
    options.add_argument(
        "--guests-kept",
        metavar="DAYS",
        help=f"how long a guest's account is kept after their last stay ({GUESTS_KEPT})",
    )
    options.add_argument(
        "--administration-minutes",
        metavar="MINUTES",
        help=f"how long administration stays open once somebody opened it, 5 to 240 ({ADMINISTRATION_MINUTES})",
    )
    options.add_argument(
        "--edges",
        metavar="N",
        help="processes that hold connections on the one port, for many thousands of them (0: the application itself)",
    )
    return options


_FROM_ENVIRONMENT_ONLY = ("database_url", "livekit_url", "livekit_key", "livekit_secret")


def load(argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError for an unknown name or a value that cannot be."""
    options = parser()
    given: dict[str, str | None] = vars(options.parse_args(argv))
    known = [*given, *_FROM_ENVIRONMENT_ONLY]
    values = _from_environment(environ, known)
    values.update({name: value for name, value in given.items() if value is not None})
    return _checked(values)


def load_known(argv: Sequence[str], environ: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """`load` for a command with words of its own, which are given back in their order."""
    given, own = parser(help_=False).parse_known_args(argv)
    values = _from_environment(environ, [*vars(given), *_FROM_ENVIRONMENT_ONLY])
    values.update({name: value for name, value in vars(given).items() if value is not None})
    return _checked(values), own


def _from_environment(environ: Mapping[str, str], known: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for variable, value in environ.items():
        if not variable.startswith(_PREFIX):
            continue
        name = variable.removeprefix(_PREFIX).lower()
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {_PREFIX}{near[0].upper()}?" if near else ""
            raise SettingsError(f"There is no setting {variable}.{hint}")
        if value:
            values[name] = value
    return values


def _checked(values: Mapping[str, str]) -> Settings:
    port = _port("port", values.get("port", str(DEFAULT_PORT)))
    public_url = _public_url(values.get("public_url"))
    host = values.get("host", "127.0.0.1")
    address = _address(host)
    if not address.is_loopback and public_url is None:
        raise SettingsError(
            f"With host {host}, other machines could reach Bastide, and their browsers need HTTPS for "
            "calls and keys. Put an HTTPS proxy in front and name it with --public-url https://…"
        )
    settings = Settings(
        data=Path(values.get("data", ROOT / ".bastide" / "data")).expanduser().absolute(),
        host=str(address),
        port=port,
        demo=not _switch("no_demo", values.get("no_demo", "no")),
        public_url=public_url,
        media_port=_port("media_port", values.get("media_port", str(min(port + 1, _HIGHEST_PORT)))),
        media_address=_media_address(values.get("media_address"), address),
        timezone=_timezone(values.get("timezone", "Europe/Paris")),
        proxies=_proxies(values.get("proxy"), public_url),
        upload_most=_size("upload_most", values.get("upload_most", str(UPLOAD_MOST))),
        guests_kept=_days("guests_kept", values.get("guests_kept", str(GUESTS_KEPT))),
        administration_minutes=_minutes(
            "administration_minutes", values.get("administration_minutes", str(ADMINISTRATION_MINUTES))
        ),
        edges=_edges(values.get("edges", "0")),
        database_url=_database_url(values.get("database_url")),
        livekit=_livekit(values),
    )
    if settings.edges and len(os.fsencode(settings.trunk)) > _SOCKET_PATH_MOST:
        raise SettingsError(
            f"With edges, the path of the data folder may have some {_SOCKET_PATH_MOST - len('/app/trunk.sock')} bytes "
            f"at most, as Unix sockets lie in it: {settings.data}"
        )
    return settings


def _port(name: str, value: str) -> int:
    # Only plain digits: other scripts have theirs, and what reads them as numbers here may not elsewhere.
    if not (value.isascii() and value.isdecimal()) or not 0 < int(value) <= _HIGHEST_PORT:
        raise SettingsError(f"{name} must be a number from 1 to {_HIGHEST_PORT}, not {value!r}.")
    return int(value)


def _timezone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(
            f"timezone must be a name such as Europe/Paris or Indian/Reunion, not {value!r}."
        ) from None


def _size(name: str, value: str) -> int:
    """Read a size in bytes, or with K, M, G or T in powers of 1024."""
    found = _SIZE.fullmatch(value.upper())
    if found is None:
        raise SettingsError(f"{name} must be a size such as 500M or 4G, not {value!r}.")
    return int(found[1]) << _UNITS[found[2]]


def _edges(value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or not 0 <= int(value) <= _EDGES_MOST:
        raise SettingsError(f"edges must be a number from 0 to {_EDGES_MOST}, not {value!r}.")
    return int(value)


def _days(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or not 0 < int(value) <= _KEPT_MOST:
        raise SettingsError(f"{name} must be a number of days from 1 to {_KEPT_MOST}, not {value!r}.")
    return int(value)


def _minutes(name: str, value: str) -> int:
    least, most = _MINUTES
    if not (value.isascii() and value.isdecimal()) or not least <= int(value) <= most:
        raise SettingsError(f"{name} must be a number of minutes from {least} to {most}, not {value!r}.")
    return int(value)


def _switch(name: str, value: str) -> bool:
    if value.lower() not in (*_YES, *_NO):
        raise SettingsError(f"{name} must be yes or no, not {value!r}.")
    return value.lower() in _YES


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise SettingsError(
            f"host must be an address of this machine, such as 127.0.0.1, not {host!r}."
        ) from None


def _media_address(value: str | None, host: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Say where calls are to be sent: what was said, else the host's own address."""
    if value is not None:
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            raise SettingsError(f"media_address must be an IP address, not {value!r}.") from None
    if host.is_unspecified:
        return _first_address()
    return str(host)


def _first_address() -> str:
    """Ask the kernel which of our addresses it would send from. Nothing is sent: UDP has no call."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _public_url(value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise SettingsError(f"public_url must begin with https:// (or http://localhost), not {value!r}.")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise SettingsError(f"public_url must be a scheme, a host and perhaps a port, not {value!r}.")
    return f"{parts.scheme}://{parts.netloc}"


def _proxies(value: str | None, public_url: str | None) -> tuple[str, ...] | None:
    """Read where proxies ask from, as networks."""
    if value is None:
        return None
    if public_url is None:
        raise SettingsError(
            "proxy says where the proxy in front asks from; name its own address with public_url, too."
        )
    networks: list[str] = []
    for part in value.split(","):
        try:
            network = ipaddress.ip_network(part.strip())
        except ValueError:
            raise SettingsError(
                f"proxy must be addresses or networks, such as 192.0.2.10 or 192.0.2.0/28, not {part.strip()!r}."
            ) from None
        if network.prefixlen == 0:
            raise SettingsError(
                f"proxy must not be everybody ({part.strip()}): anyone could then say to be anyone."
            )
        networks.append(str(network))
    return tuple(dict.fromkeys(networks))


def _database_url(value: str | None) -> str | None:
    if value is not None and urlsplit(value).scheme not in ("postgresql", "postgres"):
        raise SettingsError("database_url must begin with postgresql://; it names a PostgreSQL, 15 or later.")
    return value


def _livekit(values: Mapping[str, str]) -> ExternalLiveKit | None:
    url, key, secret = (values.get(f"livekit_{part}") for part in ("url", "key", "secret"))
    if url is None and key is None and secret is None:
        return None
    if url is None or key is None or secret is None:
        raise SettingsError(
            "livekit_url, livekit_key and livekit_secret go together: give all three or none."
        )
    if urlsplit(url).scheme not in ("http", "https", "ws", "wss"):
        raise SettingsError(f"livekit_url must begin with https:// or wss://, not {url!r}.")
    return ExternalLiveKit(url=url, key=key, secret=secret)


def secret(data: Path, name: str, ids: Ids) -> str:
    """Give the instance's own secret of that name, made at the first call; 256 bits in hexadecimal.

    It is kept in `<data>/secrets`, for the eyes of that folder's owner only (the application's account, where root
    started Bastide). Raises SettingsError if others may read it.
    """
    folder = data / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        _write_once(path, ids.token())
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"Others on this machine may read {path}. Run: chmod 600 {path}")
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, value: str) -> None:
    """Write a secret whole or not at all; when another process was quicker, its value stays."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(
        os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(beside)
    beside.unlink()
