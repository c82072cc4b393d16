"""A PostgreSQL of Debian's package, in a folder of its own, on a private socket: never the system's cluster."""

import asyncio
import os
import signal
import time
from pathlib import Path
from urllib.parse import quote

from bastide.engines.accounts import let_pass, own_account
from bastide.engines.process import bare_environment, end, identify, spawn, tail

_CONFIGURATION = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
max_connections = 60
shared_buffers = '48MB'
fsync = off
synchronous_commit = off
full_page_writes = off
max_parallel_workers_per_gather = 0
jit = off
timezone = 'UTC'
lc_messages = 'C'
"""


def packaged(version: int) -> Path:
    """Where Debian lays the programs of a version."""
    return Path(f"/usr/lib/postgresql/{version}/bin")


class PackagedPostgres:
    """Prepares, starts and stops one; started by root, it runs as the account of Bastide's own PostgreSQL."""

    def __init__(self, folder: Path, version: int) -> None:
        self._home = folder / "postgres"
        self._cluster = self._home / "cluster"
        self._socket = folder / "socket"
        self._log = folder / "postgres.log"
        self._bin = packaged(version)
        self._account = own_account("bastide-postgres")

    def url_of(self, database: str, role: str = "bastide") -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self._socket), safe='')}"

    async def prepare(self) -> bool:
        for folder in (self._home, self._cluster, self._socket):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._account is not None:
                os.chown(folder, self._account.uid, self._account.gid)
                let_pass(self._account, folder)
        await self._run(
            "initdb", "-D", self._cluster, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-sync", "--no-instructions",
        )  # fmt: skip
        (self._home / "postgresql.conf").write_text(_CONFIGURATION.format(socket=self._socket))
        (self._home / "pg_hba.conf").write_text("local all all trust\n")
        await self._run(
            "postgres", "--single", "-D", self._cluster, "postgres", typed="CREATE ROLE bastide LOGIN\n"
        )
        return True

    async def start(self) -> asyncio.subprocess.Process:
        words = [
            "-c", f"config_file={self._home / 'postgresql.conf'}", "-c", f"hba_file={self._home / 'pg_hba.conf'}",
        ]  # fmt: skip
        return await spawn(
            [self._bin / "postgres", "-D", self._cluster, *words],
            log=self._log,
            env=bare_environment(),
            cwd=self._home,
            account=self._account,
            dies_with=signal.SIGINT,
        )

    async def wait_ready(self, process: asyncio.subprocess.Process) -> None:
        until = time.monotonic() + 60
        state = self._cluster / "postmaster.pid"
        while not state.exists() or "ready" not in state.read_text():
            assert process.returncode is None, tail(self._log)
            assert time.monotonic() < until, tail(self._log)
            await asyncio.sleep(0.02)

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        who = identify(process.pid)
        if who is not None and process.returncode is None:
            await end(who, (signal.SIGINT, 20), (signal.SIGQUIT, 5))
        await process.wait()

    async def _run(self, program: str, *words: str | Path, typed: str | None = None) -> None:
        process = await spawn(
            [self._bin / program, *words],
            log=self._log,
            env=bare_environment(),
            cwd=self._home,
            account=self._account,
            stdin=asyncio.subprocess.DEVNULL if typed is None else asyncio.subprocess.PIPE,
        )
        await process.communicate(None if typed is None else typed.encode())
        assert process.returncode == 0, tail(self._log)
