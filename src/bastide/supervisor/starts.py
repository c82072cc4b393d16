"""How long starts took, kept for `bastide doctor`."""

import msgspec

from bastide.engines.errors import writing
from bastide.settings import Settings


class Starts(msgspec.Struct, frozen=True):
    """Seconds from the beginning of `./bastide up` until one can sign in; None when there was no such start yet.

    `first` is the first start of this data folder: it makes the database and fills it, and `installed` tells whether
    programs, packages or the window had to be installed or built before, which then counts. `second` is the last
    later start that installed nothing.
    """

    first_s: float | None = None
    second_s: float | None = None
    installed: bool = False


def read(settings: Settings) -> Starts:
    """Give what is known so far."""
    try:
        return msgspec.json.decode((settings.run / "starts.json").read_bytes(), type=Starts)
    except FileNotFoundError:
        return Starts()


def record(settings: Settings, seconds: float, *, installed: bool) -> None:
    """Keep the time of a start that just became ready; `installed`: it had to install or build something."""
    before, rounded = read(settings), round(seconds, 1)
    if before == Starts():
        now = Starts(first_s=rounded, installed=installed)
    elif installed:
        return  # neither the first, nor what a later start takes
    else:
        now = msgspec.structs.replace(before, second_s=rounded)
    with writing(settings.run):
        beside = settings.run / ".starts"
        beside.write_bytes(msgspec.json.encode(now))
        beside.replace(settings.run / "starts.json")
