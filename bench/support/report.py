"""What a bench ends with: sentences for people, and one line of JSON."""

import json
from collections.abc import Mapping

import msgspec

from bench.support.machine import Machine


def say(*lines: str) -> None:
    """Print lines at once, also into a pipe."""
    print(*lines, sep="\n", flush=True)


def told(name: str, machine: Machine, settings: Mapping[str, str]) -> None:
    """What the figures stand on, before they come."""
    durable = ", ".join(f"{key} {value}" for key, value in settings.items())
    say(
        f"{name}: {machine.cores} cores ({machine.model}), {machine.memory_gb} GB, Python {machine.python}, "
        f"load {machine.load} at the start",
        f"PostgreSQL: {durable}",
    )


def figures_line(
    name: str,
    figures: Mapping[str, float | int],
    machine: Machine,
    settings: Mapping[str, str],
    **more: object,
) -> str:
    """The one line for machines."""
    return json.dumps(
        {
            "name": name,
            "figures": dict(figures),
            "machine": msgspec.to_builtins(machine),
            "postgres": dict(settings),
            **more,
        }
    )
