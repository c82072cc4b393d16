"""The rule told as a story: a hundred situations from the field and from what was asked for, each with its source.

Written by hand, and never from what the code answers. Together they hold every rule: test_rows.py takes the rules out one by
one, and some row fails each time. A row says what somebody does, where, on which instance, on which day, and what comes
of it: `allowed`, or the rule and its reason; `hidden` where one may not even learn that the thing exists.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import msgspec

from bastide.core.policy import (
    NOTHING_DECLARED,
    Action,
    ActorKind,
    Approval,
    Case,
    Decision,
    Declared,
    Holding,
    Holdings,
    Hosting,
    HostingException,
    HostingProfile,
    Label,
    Place,
    Reading,
    Role,
    SpaceKind,
    Strength,
    Tool,
)

AGENT, GUEST, LINK, SYSTEM = ActorKind
READER, CONTRIBUTOR, MANAGER = Role
TEAM, COMMUNITY, DIRECT = SpaceKind
PUBLIC, INTERNAL, SENSITIVE, RESTRICTED = Label
ALL = frozenset(Tool)

# The day of the story, and the approval that most instances have on it: three years, not reviewed yet.
DAY = date(2026, 3, 10)
APPROVED = Approval("La préfète", RESTRICTED, date(2026, 1, 15), date(2029, 1, 14))
AT_HOME = Declared(HostingProfile(Hosting.PREMISES), approval=APPROVED)
PLAIN = Declared(HostingProfile(Hosting.COMMERCIAL), approval=APPROVED)
BOTH = HostingProfile(Hosting.COMMERCIAL, qualified=True, immune=True)


def but(declared: Declared, **other: object) -> Declared:
    """The same instance, with something declared otherwise."""
    return msgspec.structs.replace(declared, **other)


def approved(**other: object) -> Declared:
    """At home, with another approval."""
    return but(AT_HOME, approval=msgspec.structs.replace(APPROVED, **other))


STATE_CLOUD = but(AT_HOME, profile=HostingProfile(Hosting.STATE))
QUALIFIED = but(AT_HOME, profile=BOTH)
PLAIN_2023 = but(PLAIN, reading=Reading.CIRCULAR_2023)
PLAIN_SREN = but(PLAIN, reading=Reading.SREN_2024)
LEAVE = HostingException("Le ministre", date(2026, 2, 1))
EXCEPTED = but(PLAIN_2023, exceptions=(LEAVE,))
UNAPPROVED = but(AT_HOME, approval=None)
EXPIRED = approved(until=date(2026, 3, 9))
# What follows APPROVED, signed before that one ends; reviewed within each year.
NEXT = Approval("La préfète", RESTRICTED, date(2029, 1, 15), date(2032, 1, 14))


def leave(**other: object) -> Declared:
    """On a plain commercial cloud since 2023's reading, under an exception."""
    return but(PLAIN_2023, exceptions=(msgspec.structs.replace(LEAVE, **other),))


class Row(msgspec.Struct, frozen=True):
    """Somebody does something, and what comes of it."""

    tells: str
    source: str
    action: Action
    gives: str
    kind: ActorKind = AGENT
    role: Role | None = CONTRIBUTOR
    space: SpaceKind | None = TEAM
    label: Label = INTERNAL
    tools: frozenset[Tool] = ALL
    own: bool = False
    strength: Strength = Strength.PASSWORD
    foreign: bool = False
    partner: bool = False
    administrator: bool = False
    officer: bool = False
    acting: bool = False
    on: Declared = AT_HOME
    day: date = DAY

    def check(self, decide: Callable[[Case], Decision], hold: Callable[[Declared, date], Holdings]) -> str:
        """What comes of it by these two functions, in the words of `gives`."""
        place = (
            None
            if self.space is None
            else Place(UUID(int=2), UUID(int=1), self.space, self.label, self.tools)
        )
        decision = decide(
            Case(
                self.action,
                self.kind,
                self.role,
                place,
                self.own,
                strength=self.strength,
                foreign=self.foreign,
                partner=self.partner,
                administrator=self.administrator,
                officer=self.officer,
                acting=self.acting,
                holding=hold(self.on, self.day)[self.label],
            )
        )
        if decision.allowed:
            return " ".join(["allowed", *decision.duties])
        return f"{'hidden ' * decision.hidden}{decision.rule.value}: {decision.reason}"


class Held(msgspec.Struct, frozen=True):
    """What the instance may hold on a day, and until when."""

    tells: str
    source: str
    label: Label
    on: Declared
    gives: str
    day: date = DAY

    def check(self, _decide: object, hold: Callable[[Declared, date], Holdings]) -> str:
        """The state, its reasons, and its last day."""
        found: Holding = hold(self.on, self.day)[self.label]
        until = "" if found.until is None else f" until {found.until}"
        return f"{found.state.value}: {', '.join((found.reason, *found.also))}{until}"


F, ASKED = "the field", "what was asked for"
SEND, READ, EXPORT, MAKE = (
    Action.CHAT_MESSAGE_SEND,
    Action.CHAT_MESSAGE_READ,
    Action.SPACES_SPACE_EXPORT,
    Action.SPACES_SPACE_CREATE,
)
PASSKEY = Strength.PASSKEY

WHERE_IT_LIVES: list[Row | Held] = [
    Row("At home from one day to the next, a team goes on talking on its own premises.", F, SEND, "allowed"),
    Row("The same on the State's own cloud.", F, SEND, "allowed", on=STATE_CLOUD),
    Row(
        "A ministry moves to a plain commercial cloud: as DINUM read it, all office work is sensitive.",
        "DINUM, September 2021",
        SEND,
        "hosting: commercial-cloud",
        on=PLAIN,
    ),
    Row(
        "So it is of a public space.",
        "DINUM, September 2021",
        SEND,
        "hosting: commercial-cloud",
        label=PUBLIC,
        on=PLAIN,
    ),
    Row("What lies there is not read there any more.", "R9", READ, "hosting: commercial-cloud", on=PLAIN),
    Row("Its manager still takes it away.", ASKED, EXPORT, "allowed audit", role=MANAGER, on=PLAIN),
    Row("One still sees that the space is there.", ASKED, Action.SPACES_SPACE_READ, "allowed", on=PLAIN),
    Row(
        "SecNumCloud and out of reach of foreign law: both, and the work goes on.",
        "6282-SG, R9",
        SEND,
        "allowed",
        label=SENSITIVE,
        on=QUALIFIED,
    ),
    Row(
        "Qualified, but within reach of foreign law.",
        "6282-SG, R9",
        SEND,
        "hosting: commercial-cloud",
        on=but(PLAIN, profile=HostingProfile(Hosting.COMMERCIAL, qualified=True)),
    ),
    Row(
        "Out of its reach, but not qualified.",
        "6282-SG, R9",
        SEND,
        "hosting: commercial-cloud",
        on=but(PLAIN, profile=HostingProfile(Hosting.COMMERCIAL, immune=True)),
    ),
    Row(
        "Nobody has said where it lives: nothing is put in.",
        ASKED,
        SEND,
        "hosting: undeclared",
        on=NOTHING_DECLARED,
    ),
    Row("Not even read.", ASKED, READ, "hosting: undeclared", label=PUBLIC, on=NOTHING_DECLARED),
    Held(
        "What was declared until yesterday is read, and no more.",
        "declared until when",
        INTERNAL,
        but(AT_HOME, profile=HostingProfile(Hosting.PREMISES, until=date(2026, 3, 9))),
        "read-only: profile-lapsed",
    ),
    Held(
        "On its last day it still holds.",
        "declared until when",
        INTERNAL,
        but(AT_HOME, profile=HostingProfile(Hosting.PREMISES, until=DAY)),
        "open: premises until 2026-03-10",
    ),
    Held(
        "A plain cloud's profile runs out: what was closed does not open.",
        "declared until when",
        INTERNAL,
        but(PLAIN, profile=HostingProfile(Hosting.COMMERCIAL, until=date(2026, 3, 9))),
        "closed: commercial-cloud",
    ),
    Held(
        "Where the reading binds nothing, a profile that ran out takes nothing.",
        "6404/SG",
        INTERNAL,
        but(PLAIN_2023, profile=HostingProfile(Hosting.COMMERCIAL, until=date(2026, 3, 9))),
        "open: not-bound",
    ),
    Held(
        "« Until the end of time » is a day, and breaks nothing.",
        "total",
        INTERNAL,
        but(AT_HOME, profile=HostingProfile(Hosting.PREMISES, until=date.max)),
        "open: premises",
    ),
]

HOW_R9_IS_READ: list[Row | Held] = [
    Held(
        "Two years later only secrets and essential missions count: internal work may go.",
        "6404/SG, May 2023",
        INTERNAL,
        PLAIN_2023,
        "open: not-bound",
    ),
    Held("Sensitive work may not.", "6404/SG, May 2023", SENSITIVE, PLAIN_2023, "closed: commercial-cloud"),
    Held(
        "The law says the same of the same two families: internal.",
        "SREN, article 31",
        INTERNAL,
        PLAIN_SREN,
        "open: not-bound",
    ),
    Held("And sensitive.", "SREN, article 31", SENSITIVE, PLAIN_SREN, "closed: commercial-cloud"),
    Held(
        "Office 365 under a derogation of October 2021: the note covered mail and drives only, not this.",
        "DINUM, September 2021",
        SENSITIVE,
        but(PLAIN, exceptions=(LEAVE,)),
        "closed: commercial-cloud",
    ),
    Row(
        "Under the circular, an exception lets a sensitive team work.",
        "6282-SG, R9 al. 4",
        SEND,
        "allowed",
        label=SENSITIVE,
        on=EXCEPTED,
    ),
    Held(
        "It has no end yet: nobody has offered anything better. The yearly review comes first.",
        "6282-SG, R9 al. 4",
        SENSITIVE,
        EXCEPTED,
        "open: exception, approved until 2027-01-15",
    ),
    Held(
        "Under the law, too.",
        "SREN, article 31",
        SENSITIVE,
        but(EXCEPTED, reading=Reading.SREN_2024),
        "open: exception, approved until 2027-01-15",
    ),
    Held(
        "An acceptable offer came: twelve months from that day, and not one more.",
        "6282-SG, R9 al. 4",
        SENSITIVE,
        leave(offer_on=date(2025, 12, 31)),
        "open: exception, approved until 2026-12-31",
    ),
    Held(
        "As the law is read here, the same twelve.",
        "6282-SG, R9 al. 4; a decree's eighteen are not verified",
        SENSITIVE,
        but(leave(offer_on=date(2025, 12, 31)), reading=Reading.SREN_2024),
        "open: exception, approved until 2026-12-31",
    ),
    Held(
        "Its last day.",
        "6282-SG, R9 al. 4",
        SENSITIVE,
        leave(offer_on=date(2025, 12, 31)),
        "open: exception, approved until 2026-12-31",
        day=date(2026, 12, 31),
    ),
    Held(
        "The next: what is there is read and taken away.",
        "6282-SG, R9 al. 4",
        SENSITIVE,
        leave(offer_on=date(2025, 12, 31)),
        "read-only: exception-ended",
        day=date(2027, 1, 1),
    ),
    Held(
        "An offer on the last of February of a leap year ends with February.",
        "6282-SG, R9 al. 4",
        SENSITIVE,
        but(
            leave(granted_on=date(2024, 3, 1), offer_on=date(2024, 2, 29)),
            approval=Approval(
                "La préfète", SENSITIVE, date(2024, 3, 1), date(2027, 2, 27), date(2025, 1, 10)
            ),
        ),
        "open: exception, approved until 2025-02-28",
        day=date(2025, 1, 10),
    ),
    Held(
        "Its authority set an end of its own, which comes first.",
        "a dated leave",
        SENSITIVE,
        leave(until=date(2026, 6, 30), offer_on=date(2025, 12, 31)),
        "open: exception, approved until 2026-06-30",
    ),
    Held(
        "Or later than the term allows.",
        "a dated leave",
        SENSITIVE,
        leave(until=date(2027, 6, 30), offer_on=date(2025, 12, 31)),
        "open: exception, approved until 2026-12-31",
    ),
    Held(
        "Granted from tomorrow on: not today.",
        "a dated leave",
        SENSITIVE,
        leave(granted_on=date(2026, 3, 11)),
        "closed: commercial-cloud until 2026-03-10",
    ),
    Held(
        "Granted today.",
        "a dated leave",
        SENSITIVE,
        leave(granted_on=DAY),
        "open: exception, approved until 2027-01-15",
    ),
    Held(
        "Granted when its term was over already: it never was.",
        "6282-SG, R9 al. 4",
        SENSITIVE,
        leave(offer_on=date(2024, 12, 31)),
        "closed: commercial-cloud",
    ),
    Held(
        "For one day, it was.",
        "a dated leave",
        SENSITIVE,
        leave(until=date(2026, 2, 1)),
        "read-only: exception-ended",
    ),
    Held(
        "For internal work only: sensitive work stays out.",
        "a dated leave",
        SENSITIVE,
        leave(ceiling=INTERNAL),
        "closed: commercial-cloud",
    ),
    Held(
        "Of two exceptions, the one that lasts longer.",
        "a dated leave",
        SENSITIVE,
        but(
            PLAIN_2023,
            exceptions=(
                msgspec.structs.replace(LEAVE, until=date(2026, 5, 1)),
                msgspec.structs.replace(LEAVE, until=date(2026, 4, 1)),
            ),
        ),
        "open: exception, approved until 2026-05-01",
    ),
    Held(
        "Of two exceptions one tells of an offer: it ended that one, and it ends the other.",
        "6282-SG, R9 al. 4: an offer is there for everybody",
        SENSITIVE,
        but(
            PLAIN_2023,
            exceptions=(
                HostingException("Le ministre", date(2025, 6, 1), offer_on=date(2025, 2, 1)),
                msgspec.structs.replace(LEAVE, granted_on=date(2025, 9, 1), until=date(2099, 1, 1)),
            ),
        ),
        "read-only: exception-ended",
    ),
    Held(
        "The offer stays when the exception that told of it is withdrawn and declared again without it.",
        "6282-SG, R9 al. 4: an offer is there for everybody",
        SENSITIVE,
        but(EXCEPTED, offer_on=date(2025, 4, 1)),
        "open: exception, approved until 2026-04-01",
    ),
    Held(
        "Of two offers, the one that came first.",
        "6282-SG, R9 al. 4",
        SENSITIVE,
        but(leave(offer_on=date(2025, 12, 1)), offer_on=date(2025, 4, 1)),
        "open: exception, approved until 2026-04-01",
    ),
    Held(
        "Until 2099, and nobody has offered anything: a year from its first day, then it is granted anew.",
        "exceptions are transitional; a yearly review, as of the approval",
        SENSITIVE,
        leave(granted_on=date(2025, 6, 1), until=date(2099, 1, 1)),
        "open: exception, approved until 2026-06-01",
    ),
    Held(
        "As the law is read, a year, too.",
        "exceptions are transitional; a yearly review, as of the approval",
        SENSITIVE,
        but(leave(granted_on=date(2025, 6, 1)), reading=Reading.SREN_2024),
        "open: exception, approved until 2026-06-01",
    ),
    Held(
        "An offer does not make that year longer.",
        "exceptions are transitional; a yearly review, as of the approval",
        SENSITIVE,
        leave(granted_on=date(2025, 6, 1), offer_on=date(2026, 3, 1)),
        "open: exception, approved until 2026-06-01",
    ),
    Held(
        "An offer beyond the calendar breaks nothing.",
        "total",
        SENSITIVE,
        leave(offer_on=date(9999, 6, 1)),
        "open: exception, approved until 2027-01-15",
    ),
]

WHAT_IS_APPROVED: list[Row | Held] = [
    Held(
        "Homologated for three years, with a yearly review: the review comes first.",
        F,
        SENSITIVE,
        AT_HOME,
        "open: premises, approved until 2027-01-15",
    ),
    Held(
        "Reviewed in its last year: the approval's own end comes first.",
        F,
        SENSITIVE,
        approved(reviewed_on=date(2028, 6, 1)),
        "open: premises, approved until 2029-01-14",
        day=date(2028, 6, 1),
    ),
    Held("Internal work needs none.", ASKED, INTERNAL, UNAPPROVED, "open: premises"),
    Row(
        "Without one, sensitive spaces are not made.",
        ASKED,
        MAKE,
        "approval: no-approval",
        role=MANAGER,
        label=SENSITIVE,
        on=UNAPPROVED,
    ),
    Row(
        "Nor raised to.",
        ASKED,
        Action.SPACES_LABEL_RAISE,
        "approval: no-approval",
        role=MANAGER,
        label=SENSITIVE,
        on=UNAPPROVED,
    ),
    Row(
        "Down from there is the way out.",
        ASKED,
        Action.SPACES_LABEL_LOWER,
        "allowed audit reason second-manager",
        role=MANAGER,
        label=SENSITIVE,
        on=UNAPPROVED,
    ),
    Row(
        "Approved up to sensitive: restricted is refused.",
        ASKED,
        SEND,
        "approval: above-ceiling",
        label=RESTRICTED,
        strength=PASSKEY,
        on=approved(ceiling=SENSITIVE),
    ),
    Row("Sensitive is not.", ASKED, SEND, "allowed", label=SENSITIVE, on=approved(ceiling=SENSITIVE)),
    Held(
        "Approved from tomorrow on.",
        ASKED,
        SENSITIVE,
        approved(since=date(2026, 3, 11)),
        "closed: not-yet until 2026-03-10",
    ),
    Row(
        "Nothing is put in before its first day.",
        "an approval holds from its first day on",
        SEND,
        "approval: not-yet",
        label=SENSITIVE,
        on=approved(since=date(2026, 3, 11)),
    ),
    Held(
        "What it will never cover does not wait for it.",
        ASKED,
        RESTRICTED,
        approved(since=date(2026, 3, 11), ceiling=SENSITIVE),
        "closed: above-ceiling",
    ),
    Held(
        "The next approval is declared early: the one in force stands, and work goes on past its end.",
        "declare it as soon as it is signed",
        SENSITIVE,
        but(approved(reviewed_on=date(2028, 6, 1)), next_approval=NEXT),
        "open: premises, approved until 2030-01-15",
        day=date(2028, 12, 1),
    ),
    Held(
        "The next begins sooner than the other ends: from its own first day on it counts.",
        "declare it as soon as it is signed",
        SENSITIVE,
        but(AT_HOME, next_approval=msgspec.structs.replace(NEXT, since=date(2026, 4, 1), ceiling=INTERNAL)),
        "open: premises, approved until 2026-03-31",
    ),
    Held(
        "On the next one's first day.",
        "declare it as soon as it is signed",
        SENSITIVE,
        but(EXPIRED, next_approval=msgspec.structs.replace(NEXT, since=DAY)),
        "open: premises, approved until 2027-03-10",
    ),
    Held(
        "Between the two there is a gap: read-only in it, and not longer.",
        "declare it as soon as it is signed",
        SENSITIVE,
        but(EXPIRED, next_approval=msgspec.structs.replace(NEXT, since=date(2026, 4, 1))),
        "read-only: approval-expired until 2026-03-31",
    ),
    Held(
        "It goes further than the one before: what that did not cover opens with it.",
        "declare it as soon as it is signed",
        RESTRICTED,
        but(approved(ceiling=SENSITIVE), next_approval=msgspec.structs.replace(NEXT, since=date(2026, 4, 1))),
        "closed: above-ceiling until 2026-03-31",
    ),
    Held(
        "Approved from today on.",
        ASKED,
        SENSITIVE,
        approved(since=DAY),
        "open: premises, approved until 2027-03-10",
    ),
    Row(
        "The day after it expired, nothing is put in.",
        ASKED,
        SEND,
        "approval: approval-expired",
        label=SENSITIVE,
        on=EXPIRED,
    ),
    Row("What is there is read.", ASKED, READ, "allowed", label=SENSITIVE, on=EXPIRED),
    Row("And taken away.", ASKED, EXPORT, "allowed audit", role=MANAGER, label=SENSITIVE, on=EXPIRED),
    Row(
        "New ones are refused.",
        ASKED,
        MAKE,
        "approval: approval-expired",
        role=MANAGER,
        label=SENSITIVE,
        on=EXPIRED,
    ),
    Row("One sees who is in it.", ASKED, Action.SPACES_MEMBER_LIST, "allowed", label=SENSITIVE, on=EXPIRED),
    Row(
        "And puts out who no longer belongs.",
        ASKED,
        Action.SPACES_MEMBER_REMOVE,
        "allowed audit",
        role=MANAGER,
        label=SENSITIVE,
        on=EXPIRED,
    ),
    Row("Internal work goes on.", ASKED, SEND, "allowed", on=EXPIRED),
    Held(
        "On its last day it holds.",
        ASKED,
        SENSITIVE,
        EXPIRED,
        "open: premises, approved until 2026-03-09",
        day=date(2026, 3, 9),
    ),
    Held(
        "Above its ceiling it never held, also when it has expired.",
        ASKED,
        RESTRICTED,
        but(EXPIRED, approval=msgspec.structs.replace(APPROVED, ceiling=SENSITIVE, until=date(2026, 3, 9))),
        "closed: above-ceiling",
    ),
    Held(
        "Declared for ten years: it ends after three.",
        "three years at most",
        SENSITIVE,
        approved(since=date(2023, 3, 11), until=date(2033, 1, 1), reviewed_on=date(2025, 12, 1)),
        "open: premises, approved until 2026-03-10",
    ),
    Held(
        "The day after.",
        "three years at most",
        SENSITIVE,
        approved(since=date(2023, 3, 10), until=date(2033, 1, 1), reviewed_on=date(2025, 12, 1)),
        "read-only: approval-expired",
    ),
    Held(
        "A year has gone by without a review.",
        "yearly review",
        SENSITIVE,
        approved(since=date(2025, 3, 9)),
        "read-only: review-missed",
    ),
    Held(
        "The review's last day.",
        "yearly review",
        SENSITIVE,
        approved(since=date(2025, 3, 10)),
        "open: premises, approved until 2026-03-10",
    ),
    Held(
        "A review of before the approval does not count.",
        "yearly review",
        SENSITIVE,
        approved(reviewed_on=date(2025, 6, 1)),
        "open: premises, approved until 2027-01-15",
    ),
    Held(
        "Both have ended; the approval is what counts.",
        "yearly review",
        SENSITIVE,
        approved(since=date(2025, 1, 1), until=date(2026, 2, 1)),
        "read-only: approval-expired",
    ),
]

RESTRICTED_ONES: list[Row | Held] = [
    Row(
        "With a passkey, at home, approved: restricted work.",
        ASKED,
        SEND,
        "allowed",
        label=RESTRICTED,
        strength=PASSKEY,
    ),
    Row("On the State's cloud.", ASKED, SEND, "allowed", label=RESTRICTED, strength=PASSKEY, on=STATE_CLOUD),
    Row(
        "With a password alone, not even reading.",
        ASKED,
        READ,
        "strong-sign-in: password-only",
        label=RESTRICTED,
    ),
    Row(
        "Nor taking it away.", ASKED, EXPORT, "strong-sign-in: password-only", role=MANAGER, label=RESTRICTED
    ),
    Row(
        "One sees that it is there, to know why.",
        ASKED,
        Action.SPACES_SPACE_READ,
        "allowed",
        label=RESTRICTED,
    ),
    Row("A password is enough for a sensitive space.", ASKED, READ, "allowed", label=SENSITIVE),
    Row(
        "On a qualified and immune commercial cloud: never.",
        ASKED,
        SEND,
        "hosting-restricted: restricted-on-commercial",
        label=RESTRICTED,
        strength=PASSKEY,
        on=QUALIFIED,
    ),
    Row(
        "Nor by an exception.",
        ASKED,
        SEND,
        "hosting-restricted: restricted-on-commercial",
        label=RESTRICTED,
        strength=PASSKEY,
        on=leave(ceiling=RESTRICTED),
    ),
]

WHO: list[Row | Held] = [
    Row(
        "A partner from outside, invited to one space, reads there.",
        F,
        READ,
        "allowed",
        kind=GUEST,
        role=READER,
    ),
    Row("And writes, as a contributor.", F, SEND, "allowed", kind=GUEST),
    Row(
        "The space becomes sensitive: the guest is out.",
        ASKED,
        READ,
        "guest-label: guest-in-sensitive",
        kind=GUEST,
        label=SENSITIVE,
    ),
    Row(
        "An outsider who is a guest elsewhere learns nothing of it.",
        ASKED,
        READ,
        "hidden membership: not-a-member",
        kind=GUEST,
        role=None,
        label=SENSITIVE,
    ),
    Row(
        "Into a sensitive space nobody invites one.",
        ASKED,
        Action.SPACES_GUEST_INVITE,
        "guest-label: guest-in-sensitive",
        role=MANAGER,
        label=SENSITIVE,
    ),
    Row(
        "Into an internal one its manager does.",
        ASKED,
        Action.SPACES_GUEST_INVITE,
        "allowed audit",
        role=MANAGER,
    ),
    Row(
        "A guest finds no community, and does not learn of this one.",
        "guests see only their spaces",
        Action.SPACES_SPACE_DISCOVER,
        "hidden actor: not-for-guests",
        kind=GUEST,
        role=None,
        space=COMMUNITY,
    ),
    Row(
        "A guest searches no directory.",
        "guests see only their spaces",
        Action.PEOPLE_DIRECTORY_SEARCH,
        "actor: not-for-guests",
        kind=GUEST,
        role=None,
        space=None,
    ),
    Row(
        "A link never reads above internal, either.",
        ASKED,
        READ,
        "actor: not-for-links",
        kind=LINK,
        role=READER,
        label=SENSITIVE,
    ),
    Row(
        "An agent of another administration is a member like others, up to sensitive.",
        ASKED,
        SEND,
        "allowed",
        label=SENSITIVE,
        foreign=True,
    ),
    Row(
        "In a restricted space not, unless its owner says so.",
        ASKED,
        READ,
        "partner: other-organisation",
        label=RESTRICTED,
        strength=PASSKEY,
        foreign=True,
    ),
    Row(
        "Its owner has said so.",
        ASKED,
        READ,
        "allowed",
        label=RESTRICTED,
        strength=PASSKEY,
        foreign=True,
        partner=True,
    ),
    Row(
        "Who is not a member learns nothing.",
        "Synapse CVE-2021-39164",
        READ,
        "hidden membership: not-a-member",
        role=None,
    ),
    Row(
        "Of an open community one finds the name, and nothing that is said in it.",
        "Synapse CVE-2021-39164",
        READ,
        "hidden membership: not-a-member",
        role=None,
        space=COMMUNITY,
    ),
    Row(
        "Not by joining, either.",
        "Synapse CVE-2021-39164",
        Action.SPACES_SPACE_JOIN,
        "hidden membership: not-a-member",
        role=None,
    ),
    Row(
        "Bastide itself writes what must be written.",
        "the system is Bastide",
        SEND,
        "allowed",
        kind=SYSTEM,
        role=None,
    ),
    Row(
        "A security officer declares the hosting, in administration.",
        ASKED,
        Action.HOSTING_DECLARATION_MAKE,
        "allowed audit",
        role=None,
        space=None,
        officer=True,
        acting=True,
    ),
    Row(
        "Not outside of it.",
        ASKED,
        Action.HOSTING_DECLARATION_MAKE,
        "administration: not-open",
        role=None,
        space=None,
        officer=True,
    ),
    Row(
        "Who administers people does not.",
        ASKED,
        Action.HOSTING_DECLARATION_MAKE,
        "office: needs-officer",
        role=None,
        space=None,
        administrator=True,
        acting=True,
    ),
    Row(
        "Nobody else does.",
        ASKED,
        Action.HOSTING_DECLARATION_MAKE,
        "office: needs-officer",
        role=None,
        space=None,
    ),
    Row("Each agent may read it.", ASKED, Action.HOSTING_DECLARATION_READ, "allowed", role=None, space=None),
]

IN_THE_SPACE: list[Row | Held] = [
    Row(
        "Whether to offer it to them at all is asked of no space.",
        "LIAM",
        MAKE,
        "allowed audit",
        role=None,
        space=None,
    ),
    Row(
        "What is of no space asks nothing of the one it is asked in.",
        "total",
        Action.HOSTING_DECLARATION_READ,
        "allowed",
    ),
    Row(
        "To be something, and nowhere, is to be nothing.",
        "total",
        SEND,
        "hidden membership: not-a-member",
        space=None,
    ),
    Row("1,900 groups: anybody makes one.", "LIAM", MAKE, "allowed audit", role=MANAGER),
    Row(
        "A community is joined freely.",
        "LIAM: 41 communities",
        Action.SPACES_SPACE_JOIN,
        "allowed",
        role=None,
        space=COMMUNITY,
    ),
    Row(
        "None is open to all and sensitive.",
        ASKED,
        MAKE,
        "community-label: open-sensitive",
        role=MANAGER,
        space=COMMUNITY,
        label=SENSITIVE,
    ),
    Row(
        "Nor is one that became so still found.",
        ASKED,
        Action.SPACES_SPACE_JOIN,
        "hidden community-label: open-sensitive",
        role=None,
        space=COMMUNITY,
        label=SENSITIVE,
    ),
    Row("Its members go on in it all the same.", ASKED, SEND, "allowed", space=COMMUNITY, label=SENSITIVE),
    Row(
        "A direct has no guests' door.",
        "a direct is made by writing",
        Action.SPACES_GUEST_INVITE,
        "space-kind: not-in-direct",
        role=MANAGER,
        space=DIRECT,
    ),
    Row(
        "Only the applications that people need are on.",
        "LIAM",
        SEND,
        "tool-off: no-chat",
        role=MANAGER,
        tools=frozenset({Tool.FILES}),
    ),
    Row("A reader does not write.", "roles", SEND, "role: needs-contributor", role=READER),
    Row("A reader listens to the meeting.", "audio for all", Action.MEET_CALL_JOIN, "allowed", role=READER),
    Row("But has no voice in it.", "roles", Action.MEET_CALL_SPEAK, "role: needs-contributor", role=READER),
    Row("One edits what one wrote oneself.", "authorship", Action.CHAT_MESSAGE_EDIT, "allowed", own=True),
    Row(
        "Nobody edits what others wrote.",
        "authorship",
        Action.CHAT_MESSAGE_EDIT,
        "authorship: not-yours",
        role=MANAGER,
    ),
    Row("A manager takes it away.", "authorship", Action.CHAT_MESSAGE_DELETE, "allowed", role=MANAGER),
    Row("A contributor does not.", "authorship", Action.CHAT_MESSAGE_DELETE, "authorship: not-yours"),
    Row("One's own, one does.", "authorship", Action.CHAT_MESSAGE_DELETE, "allowed", own=True),
    Row(
        "Down from internal: a manager and a reason.",
        ASKED,
        Action.SPACES_LABEL_LOWER,
        "allowed audit reason",
        role=MANAGER,
    ),
    Row(
        "Down from sensitive: a second manager.",
        ASKED,
        Action.SPACES_LABEL_LOWER,
        "allowed audit reason second-manager",
        role=MANAGER,
        label=SENSITIVE,
    ),
    Row(
        "Who is not oneself.",
        ASKED,
        Action.SPACES_LABEL_CONFIRM,
        "second-manager: your-own",
        role=MANAGER,
        label=SENSITIVE,
        own=True,
    ),
    Row("But another.", ASKED, Action.SPACES_LABEL_CONFIRM, "allowed audit", role=MANAGER, label=SENSITIVE),
    Row("A contributor raises no label.", ASKED, Action.SPACES_LABEL_RAISE, "role: needs-manager"),
    Row("A manager does.", ASKED, Action.SPACES_LABEL_RAISE, "allowed audit", role=MANAGER, label=SENSITIVE),
]

ROWS = [*WHERE_IT_LIVES, *HOW_R9_IS_READ, *WHAT_IS_APPROVED, *RESTRICTED_ONES, *WHO, *IN_THE_SPACE]
