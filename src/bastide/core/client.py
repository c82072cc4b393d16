"""What a request tells of where it comes from: an address, and a browser profile that may have been here before."""

import msgspec


class Client(msgspec.Struct, frozen=True):
    """Whoever wants to come in, as far as their request tells.

    `address` is counted for, so that guessing is slow; `device_name` is what the browser calls itself. `device_token` and
    `session_token` are its cookies' values: the device it was known as, and the session that ends when it opens another.
    `shared`: whoever comes in says that others use this machine too.
    """

    address: str
    device_name: str
    device_token: str | None = None
    session_token: str = ""
    shared: bool = False
