"""The rule written out as pages that people read: what may be held where, and what each act asks for.

The whole matrix has millions of squares. It is written in parts that lie side by side, because the rule is made so: an act is
allowed when every part allows it. tests/docs/test_policy_pages.py holds both: that the pages are what the rule says now, and
that the parts together say the same as the rule in each case.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from uuid import UUID

import msgspec

from bastide.core.policy import (
    Action,
    ActorKind,
    Approval,
    Case,
    Decision,
    Declared,
    Duty,
    Holding,
    HoldingState,
    Hosting,
    HostingException,
    HostingProfile,
    Label,
    Place,
    Reading,
    Role,
    RuleName,
    SpaceKind,
    Strength,
    Tool,
    decide,
    hold,
    rank,
)
from bastide.core.policy.readings import READINGS
from bastide.core.policy.table import TABLE

FRENCH = {
    Label.PUBLIC: "public",
    Label.INTERNAL: "interne",
    Label.SENSITIVE: "sensible",
    Label.RESTRICTED: "diffusion restreinte",
}
YES, NOTHING = "✓", "·"

# What may be held: a day, and what can be declared of it.

DAY = date(2026, 3, 10)
_EVE, _MORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
HOSTINGS = {
    "own premises": HostingProfile(Hosting.PREMISES),
    "the State's internal cloud": HostingProfile(Hosting.STATE),
    "commercial cloud, qualified and immune": HostingProfile(Hosting.COMMERCIAL, qualified=True, immune=True),
    "commercial cloud, qualified only": HostingProfile(Hosting.COMMERCIAL, qualified=True),
    "commercial cloud, immune only": HostingProfile(Hosting.COMMERCIAL, immune=True),
    "commercial cloud, neither": HostingProfile(Hosting.COMMERCIAL),
}
_GRANTED = HostingException("", date(2025, 6, 1))
_LONG_AGO = date(2024, 6, 1)
EXCEPTIONS: dict[str, tuple[HostingException, ...]] = {
    "none": (),
    "no acceptable offer yet": (_GRANTED,),
    "offer less than a term ago": (msgspec.structs.replace(_GRANTED, offer_on=date(2025, 9, 1)),),
    "offer longer ago": (msgspec.structs.replace(_GRANTED, granted_on=_LONG_AGO, offer_on=date(2024, 9, 1)),),
    "offer longer ago, told of another exception": (
        msgspec.structs.replace(_GRANTED, granted_on=_LONG_AGO, offer_on=date(2024, 9, 1)),
        msgspec.structs.replace(_GRANTED, until=date(2099, 1, 1)),
    ),
    "granted more than a year ago": (msgspec.structs.replace(_GRANTED, granted_on=_LONG_AGO),),
    "its own end is past": (msgspec.structs.replace(_GRANTED, until=_EVE),),
    "for internal only": (msgspec.structs.replace(_GRANTED, ceiling=Label.INTERNAL),),
    "granted from tomorrow": (msgspec.structs.replace(_GRANTED, granted_on=_MORROW),),
}
_APPROVAL = Approval("", Label.RESTRICTED, date(2025, 6, 1), date(2028, 5, 31))
APPROVALS: dict[str, Approval | None] = {
    "none": None,
    "up to internal": msgspec.structs.replace(_APPROVAL, ceiling=Label.INTERNAL),
    "up to sensitive": msgspec.structs.replace(_APPROVAL, ceiling=Label.SENSITIVE),
    "up to restricted": _APPROVAL,
    "up to restricted, from tomorrow": msgspec.structs.replace(_APPROVAL, since=_MORROW),
    "up to restricted, expired yesterday": msgspec.structs.replace(_APPROVAL, until=_EVE),
    "up to restricted, declared for ten years, three ago": msgspec.structs.replace(
        _APPROVAL, since=date(2023, 3, 10), until=date(2033, 3, 9), reviewed_on=date(2025, 6, 1)
    ),
    "up to restricted, no review for a year": msgspec.structs.replace(_APPROVAL, since=date(2025, 3, 9)),
}


def held(declared: Declared) -> list[Holding]:
    """What is held on the day, for each label."""
    return list(hold(declared, DAY).values())


def by_hosting(hosting: str, reading: Reading, exception: str) -> list[Holding]:
    """What the hosting alone allows: approved for everything."""
    return held(Declared(HOSTINGS[hosting], reading, EXCEPTIONS[exception], _APPROVAL))


def by_approval(approval: str) -> list[Holding]:
    """What the approval alone allows: on own premises."""
    return held(Declared(HOSTINGS["own premises"], approval=APPROVALS[approval]))


# What an act asks for. Each part varies some words of a case in which all else is well.

ORGANISATION = UUID(int=1)
HELD = {
    HoldingState.OPEN: Holding(HoldingState.OPEN, RuleName.ALLOWED, "held"),
    HoldingState.READ_ONLY: Holding(HoldingState.READ_ONLY, RuleName.APPROVAL, "held"),
    HoldingState.CLOSED: Holding(HoldingState.CLOSED, RuleName.HOSTING, "held"),
}
ALL_TOOLS = frozenset(Tool)


def a_place(kind: SpaceKind, label: Label = Label.INTERNAL, tools: frozenset[Tool] = ALL_TOOLS) -> Place:
    """A space; which one makes no difference."""
    return Place(UUID(int=2), ORGANISATION, kind, label, tools)


def well(action: Action, **words: object) -> Case:
    """A manager, surely known, of both offices, in administration, at home, where everything may be held and the act belongs."""
    case = Case(
        action,
        ActorKind.AGENT,
        Role.MANAGER,
        a_place(home_of(action)),
        own=own_of(action),
        strength=Strength.PASSKEY,
        foreign=False,
        administrator=True,
        officer=True,
        acting=True,
        holding=HELD[HoldingState.OPEN],
    )
    return msgspec.structs.replace(case, **words)


def home_of(action: Action) -> SpaceKind:
    """A kind of space in which the act makes sense."""
    return next(kind for kind in SpaceKind if kind in TABLE[action].kinds)


def own_of(action: Action) -> bool:
    """Whether it is done to one's own, where it may be: what is only for others is to be another's."""
    return not TABLE[action].others


OUTSIDE = "outsider"


def who(action: Action, kind: ActorKind, role: Role | None, own: bool) -> Decision:  # noqa: FBT001 - a coordinate
    """Part one: who acts, what they are in the space, and whose thing it is. Outsiders stand at a community."""
    where = a_place(home_of(action)) if role is not None else a_place(SpaceKind.COMMUNITY)
    return decide(well(action, kind=kind, role=role, own=own, place=where))


class Stand(msgspec.Struct, frozen=True):
    """What somebody is at the instance: their offices, and whether they are in administration."""

    administrator: bool = False
    officer: bool = False
    acting: bool = True


def nowhere(action: Action, kind: ActorKind, own: bool, stand: Stand) -> Decision:  # noqa: FBT001 - a coordinate
    """The same for acts on no space."""
    held = {name: getattr(stand, name) for name in stand.__struct_fields__}
    return decide(well(action, kind=kind, role=None, place=None, own=own, **held))


def where(action: Action, space: SpaceKind, label: Label, *, member: bool) -> Decision:
    """Part two: the kind of space and its label, for a manager or for an outsider."""
    return decide(well(action, place=a_place(space, label), role=Role.MANAGER if member else None))


def outsiders_label(action: Action, kind: ActorKind, label: Label) -> bool:
    """Part three: whether the label keeps such an actor out."""
    case = well(action, kind=kind, place=a_place(home_of(action), label))
    return decide(case).rule is not RuleName.GUEST_LABEL


def when(action: Action, state: HoldingState) -> Decision:
    """Part four: what the instance may do with the label today."""
    return decide(well(action, holding=HELD[state]))


def known(action: Action, strength: Strength, *, foreign: bool, partner: bool) -> Decision:
    """Part five: in a restricted team, how surely one is known, and of which organisation one is."""
    place = a_place(SpaceKind.TEAM, Label.RESTRICTED)
    return decide(well(action, strength=strength, foreign=foreign, partner=partner, place=place))


def with_tools(action: Action, tools: frozenset[Tool]) -> Decision:
    """Part six: what is switched on."""
    return decide(well(action, place=a_place(home_of(action), tools=tools)))


# The pages.

Line = Sequence[str]


def table(head: Line, lines: Iterable[Line]) -> str:
    """A table in Markdown."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _square(holding: Holding) -> str:
    if holding.state is HoldingState.OPEN:
        return f"{YES} {', '.join((holding.reason, *holding.also))}"
    return f"{holding.state.value}: {holding.reason}"


def _labels() -> list[str]:
    return [
        f"{label.value} ({french})" if french != label.value else french for label, french in FRENCH.items()
    ]


_ENDS = "an exception ends so long after an acceptable offer", "and so long after its first day"


def holding_page() -> str:
    """What may be held where."""
    lines: list[Line] = []
    for hosting, reading in product(HOSTINGS, Reading):
        answers: dict[tuple[str, ...], list[str]] = {}
        for exception in EXCEPTIONS:
            row = tuple(_square(h) for h in by_hosting(hosting, reading, exception))
            answers.setdefault(row, []).append(exception)
        for row, alike in answers.items():
            told = "any or none" if len(alike) == len(EXCEPTIONS) else "; ".join(alike)
            lines.append([hosting, reading.value, told, *row])
    approvals = [[told, *(_square(h) for h in by_approval(told))] for told in APPROVALS]
    lapsed = msgspec.structs.replace(HOSTINGS["own premises"], until=_EVE)
    others = [
        ["nothing is declared", "any", *map(_square, held(Declared(approval=_APPROVAL)))],
        *(
            [
                "own premises, declared until yesterday",
                reading.value,
                *map(_square, held(Declared(lapsed, reading, (), _APPROVAL))),
            ]
            for reading in Reading
        ),
    ]
    terms = [
        [
            reading.value,
            t.source,
            t.binds_from.value,
            "yes" if t.exceptions else "no",
            f"{t.exception_months} months; {t.exception_source}",
            f"{t.granted_months} months; {t.granted_source}",
        ]
        for reading, t in READINGS.items()
    ]
    return f"""# What an instance may hold

Written by `./bastide policy`; not to be edited by hand. Bastide decides by what administrators declare. It checks none of it,
and claims no approval, qualification or conformity.

- **open**, here {YES}: all acts.
- **read-only**: all but putting something in, making one more, or raising a label to it.
- **closed**: seeing that a space is there and who is in it, putting members out, lowering its label, taking its content away.

The strictest of the tables counts. Of a label that is open all is told that had to say yes; of one that is not, what is
strictest, and hosting before the approval where both are. Sealing changes none of these answers.

## By hosting, by how R9 is read, and by exception

Approved for everything, on {DAY}.

{table(["hosting", "reading", "exception", *_labels()], lines)}

## By approval (homologation)

On own premises, on {DAY}. The last day of an approval and of a review's year still count.

{table(["approval", *_labels()], approvals)}

## Where little is declared

{table(["hosting", "reading", *_labels()], others)}

## The readings and their terms

A later text changes this table, and no code (`core/policy/readings.py`).

{table(["reading", "text", "binds from", "exceptions for spaces", *_ENDS], terms)}
"""


def _word(decision: Decision) -> str:
    if decision.allowed:
        return YES
    return NOTHING if decision.hidden else decision.rule.value


def _whose(decisions: Sequence[Decision]) -> str:
    """One square for what is one's own and what is another's."""
    own, anothers = decisions
    if own.allowed is anothers.allowed:
        return _word(own)
    return "own" if own.allowed else "others'"


def on_no_space(action: Action) -> bool:
    """Whether an act is on no space."""
    return TABLE[action].nature is None


_SECOND = [
    "act",
    *(kind.value for kind in SpaceKind),
    "sensitive community",
    "sensitive",
    "outsider at a community",
    "tool that must be on",
]
_THIRD = [
    "act",
    *(state.value for state in HoldingState),
    "restricted, by password",
    "restricted, by passkey",
    "of another organisation",
    "of a partner",
]


def acts_page() -> str:
    """What each act asks for."""
    spaces = [a for a in Action if not on_no_space(a)]
    no_space = [a for a in Action if on_no_space(a)]
    people = [
        *((ActorKind.AGENT, role) for role in (*Role, None)),
        *((ActorKind.GUEST, role) for role in (*Role, None)),
        (ActorKind.LINK, Role.MANAGER),
    ]
    heads = [
        f"{'' if k is ActorKind.AGENT else f'{k.value}, '}{r.value if r else OUTSIDE}" for k, r in people[:-1]
    ]
    first = [
        [
            f"`{a.value}`",
            *(_whose([who(a, kind, role, own) for own in (True, False)]) for kind, role in people),
            _owes(a),
        ]
        for a in spaces
    ]
    second = [
        [
            f"`{a.value}`",
            *(_word(where(a, kind, Label.INTERNAL, member=True)) for kind in SpaceKind),
            _word(where(a, SpaceKind.COMMUNITY, Label.SENSITIVE, member=True)),
            _word(where(a, home_of(a), Label.SENSITIVE, member=True)),
            _word(where(a, SpaceKind.COMMUNITY, Label.INTERNAL, member=False)),
            ", ".join(t.value for t in Tool if not with_tools(a, ALL_TOOLS - {t}).allowed) or NOTHING,
        ]
        for a in spaces
    ]
    third = [
        [
            f"`{a.value}`",
            *(_word(when(a, state)) for state in HoldingState),
            _word(known(a, Strength.PASSWORD, foreign=False, partner=False)),
            _word(known(a, Strength.PASSKEY, foreign=False, partner=False)),
            _word(known(a, Strength.PASSKEY, foreign=True, partner=False)),
            _word(known(a, Strength.PASSKEY, foreign=True, partner=True)),
        ]
        for a in spaces
    ]
    fourth = [
        [
            f"`{a.value}`",
            *(
                _whose([nowhere(a, kind, own, stand) for own in (True, False)])
                for kind, stand in (
                    (ActorKind.AGENT, Stand()),
                    (ActorKind.AGENT, Stand(administrator=True)),
                    (ActorKind.AGENT, Stand(officer=True)),
                    (ActorKind.AGENT, Stand(administrator=True, officer=True, acting=False)),
                    (ActorKind.GUEST, Stand()),
                    (ActorKind.LINK, Stand()),
                )
            ),
            _owes(a),
        ]
        for a in no_space
    ]
    return f"""# What each act asks for

Written by `./bastide policy`; not to be edited by hand. An act is allowed when every table allows it. {YES} it does; a word is
the rule that refuses; {NOTHING} one does not even learn that the space is there; *own* and *others'*: only to what one made
oneself, or only to what others made.
Rules are asked in this order: {", ".join(f"`{rule.value}`" for rule in list(RuleName)[:-1])}.

## Who: actor and role

In a space of internal label. Outsiders stand before a community; before anything else they learn nothing. Guests and links are
kept out of sensitive and restricted spaces by `guest-label`, whatever they are there. Bastide itself (`system`) is allowed
everything.

{table(["act", *heads, "link", "owes"], first)}

## Where: kind of space, label and tools

For a manager, but where it says otherwise.

{table(_SECOND, second)}

## When: what the instance may hold, and how surely one is known

The first three as `holding.md` gives them for the space's label; the others in a restricted team.

{table(_THIRD, third)}

## On no space

What is done by office is done in administration, a time that one opens by proving again who one is.

{table(["act", "agent", "administrator", "security officer", "both, not in administration", "guest", "link", "owes"], fourth)}
"""


def _owes(action: Action) -> str:
    """What is owed: always, and besides above internal."""
    always = decide(well(action)).duties
    place = a_place(home_of(action), Label.SENSITIVE)
    above = decide(well(action, place=place)).duties
    words: list[Duty] = [duty for duty in above if duty not in always]
    told = [duty.value for duty in always] + [f"{duty.value} (above internal)" for duty in words]
    return ", ".join(told) or NOTHING


def pages() -> dict[str, str]:
    """Each page by its file's name."""
    return {"holding.md": holding_page(), "acts.md": acts_page()}


def write(folder: Path) -> list[Path]:
    """Write the pages; gives where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, text in pages().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def strictest(one: Sequence[Holding], other: Sequence[Holding]) -> list[HoldingState]:
    """Two tables read together."""
    return [max(a.state, b.state, key=rank) for a, b in zip(one, other, strict=True)]
