"""`./bastide officer EMAIL`: makes an agent a security officer, when there is none who could."""

from collections.abc import Mapping, Sequence

from bastide.core.errors import Invalid
from bastide.settings import SettingsError
from bastide.terminal.command import Parser, say, typed

_EPILOG = """\
A security officer declares what the instance may hold, reads and exports the audit, and names others. The agent keeps their
account as it is; an open window of theirs shows it within a minute. It is recorded in the audit.
Options of ./bastide up that say which instance (--data, --port, --public-url) may be given, too.
"""


def parser() -> Parser:
    """Give the parser of the command's own words."""
    top = Parser(
        prog="./bastide officer",
        allow_abbrev=False,
        description="Make an agent of the running instance a security officer.",
        epilog=_EPILOG,
    )
    top.add_argument("email", metavar="EMAIL", help="the agent's address")
    return top


async def officer(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; give the exit status.

    Raises:
        SettingsError: words that cannot be understood, or an address that no agent who may come in has.
        Unreachable: the instance does not run, or its database does not answer.
    """
    command = typed(parser(), argv, environ)
    email, words = command.given.email, command.words
    async with command.house() as house:
        try:
            named = await house.offices.do_appoint_officer(email)
        except Invalid as error:
            raise SettingsError(words.no_such_agent.format(email=email)) from error
    if not named:
        raise SettingsError(words.no_such_agent.format(email=email))
    say(words.officer.format(email=email))
    return 0
