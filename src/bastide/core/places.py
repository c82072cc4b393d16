"""Where requests come from, as far as an address tells."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_IPV6_NETWORK = 64


def place_of(address: str) -> str:
    """What stands for where a request comes from: its IPv4 address, or the network that one IPv6 client has for itself."""
    known = known_address(address)
    if known is None:
        return address
    if isinstance(known, IPv6Address):
        return str(ip_network((known.packed, _IPV6_NETWORK), strict=False))
    return str(known)


def known_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, an IPv4 one also where it was written as IPv6 (a server that listens on `::` sees it so); None for none."""
    try:
        known = ip_address(text)
    except ValueError:
        return None
    return known.ipv4_mapped or known if isinstance(known, IPv6Address) else known


def inside(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether an address is in one of some networks."""
    known = known_address(address)
    return known is not None and any(known in network for network in networks)
