"""Blobs: bytes by the SHA-256 of what they are. Streamed in and out, never whole in memory.

What is acknowledged is on the disk: with the local store the file and its folder are synced first (obstore's
local store does not sync). What nobody refers to any more is swept by a job.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import msgspec

from bastide.core.errors import Problem, TooLarge
from bastide.core.ids import Ids

CHUNK = 256 * 1024


class Stored(msgspec.Struct, frozen=True):
    """What was put away: its hash and how many bytes."""

    hash: bytes
    size: int


class DiskFull(Problem):
    status = 507
    code = "disk-full"
    fr = "Le serveur n’a plus de place. Rien n’a été déposé ; prévenez l’administrateur."
    en = "The server is out of room. Nothing was stored; tell the administrator."


def address(digest: bytes) -> str:
    """Where a blob lies under the store's root."""
    name = digest.hex()
    return f"{name[:2]}/{name[2:4]}/{name}"
