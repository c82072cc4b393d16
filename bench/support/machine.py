"""What a figure stands on: the machine, and how PostgreSQL is set."""

import os
import platform
from pathlib import Path

import msgspec
import psycopg

_SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


class Machine(msgspec.Struct, frozen=True):
    """The machine: processors, model, memory, and how busy it was when the bench began (load over a minute)."""

    cores: int
    model: str
    memory_gb: float
    python: str
    load: float


def machine() -> Machine:
    """This one, now."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    model = next((line.partition(":")[2].strip() for line in cpu if line.startswith("model name")), "unknown")
    memory = Path("/proc/meminfo").read_text(encoding="ascii").split()[1]
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        model=model,
        memory_gb=round(int(memory) / (1 << 20), 1),
        python=platform.python_version(),
        load=round(os.getloadavg()[0], 2),
    )


async def postgres_settings(conninfo: str) -> dict[str, str]:
    """How durable an acknowledged act is there, and with which buffers."""
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        found = await connection.execute(
            "select name, current_setting(name) from unnest(%s::text[]) as s (name)", (list(_SETTINGS),)
        )
        return dict(await found.fetchall())
