"""The cookies: whose session, which device. HttpOnly; with HTTPS, Secure and bound to this host by their prefix."""

from urllib.parse import unquote

import msgspec
from litestar.datastructures import Cookie

_DEVICE_LASTS_S = 400 * 24 * 3600


class CookieNames(msgspec.Struct, frozen=True):
    """What the cookies are called on this instance."""

    session: str
    device: str
    secure: bool

    @classmethod
    def for_instance(cls, *, https: bool) -> "CookieNames":
        """With HTTPS the `__Host-` prefix keeps other hosts of a domain from planting them (RFC 6265bis)."""
        prefix = "__Host-" if https else ""
        return cls(f"{prefix}bastide_session", f"{prefix}bastide_device", https)

    def session_cookie(self, token: str, lasts_s: int | None) -> Cookie:
        """The cookie that signs in; with an empty token and 0 it signs out. With None it ends with the browser."""
        return self._cookie(self.session, token, lasts_s)

    def device_cookie(self, token: str) -> Cookie:
        """The cookie by which a browser profile is known again; with an empty token it is forgotten."""
        return self._cookie(self.device, token, _DEVICE_LASTS_S if token else 0)

    def _cookie(self, name: str, value: str, lasts_s: int | None) -> Cookie:
        return Cookie(
            key=name,
            value=value,
            path="/",
            max_age=lasts_s,
            httponly=True,
            samesite="lax",
            secure=self.secure,
        )


def parse(header: str) -> dict[str, str]:
    """The cookies of a header, of requests and of sockets alike: a request must not be two persons.

    The last of two with one name counts. What is no pair is passed over: on one host the cookies of
    all its programs come along, whatever they hold.
    """
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): unquote(value.strip().strip('"')) for name, equals, value in pairs if equals}
