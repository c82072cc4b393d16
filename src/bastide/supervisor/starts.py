"""How long starts took, kept for `bastide doctor`."""

import msgspec

from bastide.engines.errors import writing
from bastide.settings import Settings


class Starts(msgspec.Struct, frozen=True):
    """Seconds from the beginning of `./bastide up` until one can sign in; None when not known.

    `first` counts the set-up where nothing was installed; `second` is the last start that installed nothing.
    """

    first_s: float | None = None
    second_s: float | None = None


def read(settings: Settings) -> Starts:
    """Give what is known so far."""
    try:
        return msgspec.json.decode((settings.run / "starts.json").read_bytes(), type=Starts)
    except FileNotFoundError:
        return Starts()


def record(settings: Settings, seconds: float, *, first: bool) -> None:
    """Keep the time of a start that just became ready."""
    before = read(settings)
    rounded = round(seconds, 1)
    now = Starts(rounded, before.second_s) if first else Starts(before.first_s, rounded)
    with writing(settings.run):
        beside = settings.run / ".starts"
        beside.write_bytes(msgspec.json.encode(now))
        beside.replace(settings.run / "starts.json")
