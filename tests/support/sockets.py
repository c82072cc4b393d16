"""What processes listen on, read from the kernel."""

import contextlib
import ipaddress
import re
from pathlib import Path


def listening(pid: int) -> set[tuple[str, str, int]]:
    """Give (protocol, address, port) of each TCP or UDP socket this process holds open for strangers."""
    inodes: set[str] = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            if found := re.fullmatch(r"socket:\[(\d+)\]", str(link.readlink())):
                inodes.add(found[1])
    return {
        (protocol.rstrip("6"), address, port)
        for protocol in ("tcp", "tcp6", "udp", "udp6")
        for state, inode, address, port in _table(pid, protocol)
        # a TCP socket in state LISTEN, or a UDP socket
        if inode in inodes and (state == "0A" or protocol.startswith("udp"))
    }


def _table(pid: int, protocol: str) -> list[tuple[str, str, str, int]]:
    rows: list[tuple[str, str, str, int]] = []
    for line in Path(f"/proc/{pid}/net/{protocol}").read_text().splitlines()[1:]:
        fields = line.split()
        address, port = fields[1].split(":")
        rows.append((fields[3], fields[9], _address(address), int(port, 16)))
    return rows


def _address(text: str) -> str:
    """The kernel prints each 32-bit word in the machine's order, which is little-endian here."""
    raw = bytes.fromhex(text)
    words = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return str(ipaddress.ip_address(words))
