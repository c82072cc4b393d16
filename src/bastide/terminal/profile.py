"""`./bastide profile`: shows what is declared of a running instance and what it may hold, and declares it."""

import argparse
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from bastide.core.errors import Conflict, Invalid, NotFound
from bastide.core.policy import Approval, Hosting, HostingException, HostingProfile, Label, Reading
from bastide.hosting.model import NewOffer, RuleView
from bastide.hosting.service import OPERATOR
from bastide.house import House
from bastide.settings import SettingsError
from bastide.terminal.command import Parser, say, typed
from bastide.terminal.table import table
from bastide.terminal.words import Words

Act = Callable[[House], Awaitable[RuleView]]

_EPILOG = """\
Days are written 2026-12-31. Options of ./bastide up that say which instance (--data) may be given, too. What is declared
here is recorded as the operator's, and applies in the running instance within two seconds. Bastide verifies none of it.
"""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-12-31") from None


def parser() -> Parser:
    """Give the parser of the command's own words."""
    top = Parser(
        prog="./bastide profile",
        allow_abbrev=False,
        description="Show what is declared of the running instance and what it may hold, or declare it.",
        epilog=_EPILOG,
    )
    top.add_argument("--json", action="store_true", help="print it for machines")
    what = top.add_subparsers(dest="what", metavar="hosting|reading|approval|exception|offer|withdraw")
    hosting = what.add_parser("hosting", allow_abbrev=False, help="say where the instance lies")
    hosting.add_argument("hosting", choices=[h.value for h in Hosting])
    hosting.add_argument("--qualified", action="store_true", help="qualified SecNumCloud or equivalent")
    hosting.add_argument("--immune", action="store_true", help="out of reach of extra-European law")
    hosting.add_argument("--until", type=_day, metavar="DAY", help="the last day for which this is said")
    reading = what.add_parser("reading", allow_abbrev=False, help="say how R9 is read")
    reading.add_argument("reading", choices=[r.value for r in Reading])
    approval = what.add_parser(
        "approval", allow_abbrev=False, help="say what the instance was approved to hold"
    )
    approval.add_argument("--authority", required=True, help="who approved it")
    approval.add_argument("--ceiling", required=True, choices=[label.value for label in Label])
    approval.add_argument("--since", required=True, type=_day, metavar="DAY")
    approval.add_argument("--until", required=True, type=_day, metavar="DAY", help="three years at most")
    approval.add_argument("--reviewed-on", type=_day, metavar="DAY", help="the last yearly review")
    exception = what.add_parser("exception", allow_abbrev=False, help="say that an exception was granted")
    exception.add_argument("--authority", required=True, help="who granted it")
    exception.add_argument(
        "--ceiling", default=Label.SENSITIVE.value, choices=[label.value for label in Label]
    )
    exception.add_argument("--granted-on", type=_day, metavar="DAY", help="today, unless another is given")
    exception.add_argument(
        "--offer-on", type=_day, metavar="DAY", help="since when an acceptable offer exists"
    )
    exception.add_argument("--until", type=_day, metavar="DAY", help="twelve months at most")
    offer = what.add_parser("offer", allow_abbrev=False, help="say since when an acceptable offer exists")
    offer.add_argument("since", type=_day, metavar="DAY")
    withdraw = what.add_parser("withdraw", allow_abbrev=False, help="say that something holds no more")
    which = withdraw.add_subparsers(dest="which", required=True, metavar="approval|offer|exception ID")
    which.add_parser("approval", allow_abbrev=False).add_argument(
        "--next", action="store_true", help="the one that is to follow, not the one in force"
    )
    which.add_parser("offer", allow_abbrev=False)
    which.add_parser("exception", allow_abbrev=False).add_argument("id", type=UUID)
    return top


async def profile(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; give the exit status.

    Raises:
        SettingsError: words that cannot be understood.
        Unreachable: the instance does not run, or its database does not answer.
    """
    # also after a word of ours, where argparse would not look for it
    command = typed(parser(), [word for word in argv if word != "--json"], environ)
    words = command.words
    async with command.house() as house:
        rule = await _done(house, _act(command.given, words), words)
        organisations = {o.id: o.name for o in await house.people.organisations()}
    if "--json" in argv:
        say(msgspec.json.encode(rule).decode())
    else:
        say("\n".join(table(rule, organisations, words)))
    return 0


async def _done(house: House, act: Act, words: Words) -> RuleView:
    """Do it; what cannot be declared is told in a sentence about the option that is wrong."""
    try:
        return await act(house)
    except Invalid as error:
        raise SettingsError(words.wrong.get(error.field or "", error.details().title)) from error
    except NotFound as error:
        raise SettingsError(words.unknown_declaration) from error
    except Conflict as error:
        raise SettingsError(words.too_many_exceptions) from error


def _act(given: argparse.Namespace, words: Words) -> Act:  # noqa: PLR0911 - one case for each word
    """What the words ask for."""
    match given.what:
        case "hosting":
            said = HostingProfile(Hosting(given.hosting), given.qualified, given.immune, given.until)
            return lambda house: house.hosting.do_declare_profile(OPERATOR, said)
        case "reading":
            return lambda house: house.hosting.do_declare_reading(OPERATOR, Reading(given.reading))
        case "approval":
            approved = Approval(
                given.authority, Label(given.ceiling), given.since, given.until, given.reviewed_on
            )
            return lambda house: house.hosting.do_declare_approval(OPERATOR, approved)
        case "exception":
            return lambda house: house.hosting.do_declare_exception(
                OPERATOR,
                HostingException(
                    given.authority,
                    given.granted_on or house.rulebook.today,
                    Label(given.ceiling),
                    given.offer_on,
                    given.until,
                ),
            )
        case "offer":
            return lambda house: house.hosting.do_declare_offer(OPERATOR, NewOffer(given.since))
        case "withdraw":
            return lambda house: _withdraw(house, given, words)
        case _:
            return _shown


async def _shown(house: House) -> RuleView:
    return house.hosting.state()


async def _withdraw(house: House, given: argparse.Namespace, words: Words) -> RuleView:
    rule = house.hosting.state()
    if given.which == "exception":
        return await house.hosting.do_withdraw(OPERATOR, "exception", given.id)
    if given.which == "offer":
        if rule.offer is None:
            raise SettingsError(words.no_such_offer)
        return await house.hosting.do_withdraw(OPERATOR, "offer", rule.offer.declaration.id)
    approval = rule.next_approval if given.next else rule.approval
    if approval is None:
        raise SettingsError(words.no_such_approval)
    return await house.hosting.do_withdraw(OPERATOR, "approval", approval.declaration.id)
