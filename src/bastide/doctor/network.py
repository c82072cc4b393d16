"""The network: our port, the ports of voice and picture, and the certificate that browsers see.

What is tried is tried from this machine and at addresses that were configured. What a firewall lets in from elsewhere
can only be tried from there.
"""

import asyncio
import os
import socket
import ssl
import struct
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bastide.doctor.finding import Check, ill, watch, well
from bastide.engines.errors import EngineError
from bastide.settings import Settings
from bastide.supervisor import place

_WITHIN_S = 3.0
_SILENCE_S = 0.6
_RENEW_DAYS = 14
_STUN_BINDING, _STUN_COOKIE = 0x0001, 0x2112A442  # RFC 8489


def port(settings: Settings) -> Check:
    """Whether an instance that does not run could have its port."""
    try:
        place.refuse_taken_port(settings)
    except EngineError as error:
        sentence, _, advice = str(error).partition(". ")
        return ill("port", f"{sentence}.", advice or "Choose another with --port.")
    return well("port", f"Port {settings.port} is free.")


async def media(settings: Settings) -> Check:
    """Whether voice and picture come in where browsers are told to send them."""
    address, number = settings.media_address, settings.media_port
    if not _ours(address):
        return watch(
            "media ports",
            f"{address} is not an address of this machine.",
            f"See that UDP and TCP port {number} there are passed on to this machine, and try a call from outside.",
        )
    if not await listens_udp(address, number):
        return ill(
            "media ports",
            f"Nothing listens on UDP port {number} of {address}: calls have no sound.",
            "Wait until calls work; otherwise restart Bastide.",
        )
    loopback = address.startswith("127.") or address == "::1"
    if loopback:
        return well("media ports", f"UDP port {number} takes what is sent, from this machine alone.")
    if not await listens_tcp(address, number):
        return ill(
            "media ports",
            f"Nothing listens on TCP port {number} of {address}: networks that let no UDP through have no calls.",
            "Restart Bastide; see that nothing else holds that port.",
        )
    return well(
        "media ports",
        f"UDP and TCP port {number} of {address} take what is sent, tried from here; open both in the firewall.",
    )


async def listens_udp(address: str, number: int) -> bool:
    """Send a STUN question; a port where nobody listens is refused by the kernel at once, an open one is not."""
    loop = asyncio.get_running_loop()
    question = struct.pack("!HHI", _STUN_BINDING, 0, _STUN_COOKIE) + os.urandom(12)
    with socket.socket(_family(address), socket.SOCK_DGRAM) as probe:
        probe.setblocking(False)
        probe.connect((address, number))
        try:
            await loop.sock_sendall(probe, question)
            async with asyncio.timeout(_SILENCE_S):
                await loop.sock_recv(probe, 1500)
        except TimeoutError:
            return True  # it need not answer a question of nobody's
        except OSError:
            return False
    return True


async def listens_tcp(address: str, number: int) -> bool:
    """Connect, and say nothing."""
    try:
        async with asyncio.timeout(_WITHIN_S):
            _, writer = await asyncio.open_connection(address, number)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def certificate(settings: Settings) -> list[Check]:
    """Whether browsers take the certificate of the public address, and until when. Only that host is asked."""
    public = urlsplit(settings.public_url or "")
    if public.scheme != "https" or public.hostname is None:
        return []
    where = f"{public.hostname}, port {public.port or 443}"
    try:
        ends = await _certificate_ends(public.hostname, public.port or 443)
    except ssl.SSLCertVerificationError as error:
        return [
            ill(
                "TLS",
                f"The certificate of {where} is not valid: {error.verify_message}.",
                "Renew it in the proxy.",
            )
        ]
    except (OSError, TimeoutError):
        return [
            ill(
                "TLS",
                f"{where} does not answer.",
                "See that the proxy runs, and that its name leads to it from here.",
            )
        ]
    days = (ends - datetime.now(UTC)).days
    finding = f"The certificate of {where} is valid until {ends:%Y-%m-%d}."
    if days < _RENEW_DAYS:
        return [watch("TLS", finding, f"Renew it: {days} days are left.")]
    return [well("TLS", finding)]


async def _certificate_ends(host: str, number: int) -> datetime:
    async with asyncio.timeout(_WITHIN_S):
        _, writer = await asyncio.open_connection(host, number, ssl=ssl.create_default_context())
    try:
        shown: dict[str, str] = writer.get_extra_info("peercert")
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    finally:
        writer.close()


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _ours(address: str) -> bool:
    with socket.socket(_family(address), socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
