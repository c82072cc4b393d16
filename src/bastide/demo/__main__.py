"""`python -m bastide.demo`: fill an empty instance, and leave the words that say as whom to sign in.

`--look` fills nothing, and ends with `TO_FILL` where there is something to fill. It imports next to nothing, for an
instance that was filled once is asked this at each of its starts.
"""

import asyncio
import os
import sys

import msgspec

from bastide.demo.state import Welcome, welcome_if_filled
from bastide.settings import Settings, load

TO_FILL = 3


async def _fill(settings: Settings, conninfo: str) -> Welcome:
    # the whole house, which takes longer to load than to ask
    from bastide.demo.fill import fill
    from bastide.logs import set_up_logs

    set_up_logs()
    return await fill(settings, conninfo)


def _leave(settings: Settings, words: Welcome) -> None:
    """Write `<own>/welcome.json`, for the owner's eyes."""
    settings.own.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.own / "welcome.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(words))


def main() -> int:
    """Look or fill; the exit status."""
    settings = load([], os.environ)
    if settings.database_url is None:
        print("BASTIDE_DATABASE_URL is missing; ./bastide up gives it.", file=sys.stderr)  # noqa: T201
        return 1
    work = welcome_if_filled if "--look" in sys.argv[1:] else _fill
    words = asyncio.run(work(settings, settings.database_url))
    if words is None:
        return TO_FILL
    _leave(settings, words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
