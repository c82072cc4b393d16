"""`./bastide administrator EMAIL`: a one-time link for an agent, when no administrator can come in any more."""

from collections.abc import Mapping, Sequence

from bastide.core.errors import Invalid
from bastide.settings import SettingsError
from bastide.terminal.command import Parser, say, typed

_EPILOG = """\
Who follows the link within 24 hours chooses another password and is an administrator from then on. All that the account had
open ends, and so do its passkeys and recovery codes. The link is recorded in the audit, and its person is told of it.
Options of ./bastide up that say which instance (--data, --port, --public-url) may be given, too.
"""


def parser() -> Parser:
    """Give the parser of the command's own words."""
    top = Parser(
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
    command = typed(parser(), argv, environ)
    email, words = command.given.email, command.words
    async with command.house() as house:
        try:
            issued = await house.resets.do_issue_anew(email)
        except Invalid as error:
            raise SettingsError(words.no_such_agent.format(email=email)) from error
        if issued is None:
            raise SettingsError(words.no_such_agent.format(email=email))
    token, _ = issued
    say(words.anew.format(email=email, link=f"{command.settings.origin}/reset#{token}"))
    return 0
