"""`./bastide administrator EMAIL`: a one-time link for an agent, when no administrator can come in any more."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from bastide.core.errors import Invalid
from bastide.settings import SettingsError, load_known
from bastide.terminal.running import running_house
from bastide.terminal.words import words_for

_EPILOG = """\
Who follows the link within 24 hours chooses another password and is an administrator from then on. All that the account had
open ends, and so do its passkeys and recovery codes. The link is recorded in the audit, and its person is told of it.
Options of ./bastide up that say which instance (--data, --port, --public-url) may be given, too.
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{message[:1].upper()}{message[1:]}. See ./bastide administrator --help.")


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command's own words."""
    top = _Parser(
        prog="./bastide administrator",
        allow_abbrev=False,
        description="Print a one-time link by which an agent administers the running instance.",
        epilog=_EPILOG,
    )
    top.add_argument("email", metavar="EMAIL", help="the agent's address")
    return top


async def administrator(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; give the exit status.

    Raises:
        SettingsError: words that cannot be understood, or an address that no agent has.
        Unreachable: the instance does not run, or its database does not answer.
    """
    settings, own = load_known(argv, environ)
    given = parser().parse_args(own)
    words = words_for(environ)
    data = str(settings.data)
    async with running_house(
        settings,
        not_running=words.not_running.format(data=data),
        starting=words.starting.format(data=data),
        no_answer=words.no_answer.format(data=data),
    ) as house:
        try:
            issued = await house.resets.do_issue_anew(given.email)
        except Invalid as error:
            raise SettingsError(words.no_such_agent.format(email=given.email)) from error
        if issued is None:
            raise SettingsError(words.no_such_agent.format(email=given.email))
    token, _ = issued
    print(words.anew.format(email=given.email, link=f"{settings.origin}/reset#{token}"), file=sys.stdout)  # noqa: T201
    return 0
