"""What each act asks for, act by act: one letter for each of the same situations. Written by hand, beside the table.

The situations stand in `SITUATIONS`, left to right; the letters in `LETTERS`. An act's last word is what it owes when it is
allowed, and after a plus sign what it owes besides above internal.
"""

from datetime import date

import msgspec

from bastide.core.policy import Action, Hosting, HostingProfile, Label
from tests.core.policy.rows import (
    AT_HOME,
    COMMUNITY,
    CONTRIBUTOR,
    DIRECT,
    EXPIRED,
    GUEST,
    LINK,
    MANAGER,
    PLAIN,
    READER,
    RESTRICTED,
    SENSITIVE,
    Row,
    but,
)

LETTERS = {
    "y": "allowed",
    "m": "hidden membership: not-a-member",
    "a": "actor: not-for-",
    "k": "space-kind: not-in-",
    "g": "guest-label: guest-in-",
    "o": "community-label: open-",
    "h": "hosting: ",
    "e": "approval: ",
    "w": "strong-sign-in: password-only",
    "b": "office: needs-administrator-or-officer",
    "f": "office: needs-administrator",
    "s": "office: needs-officer",
    "d": "administration: not-open",
    "t": "tool-off: no-",
    "r": "role: needs-",
    "n": "authorship: not-yours",
    "2": "second-manager: your-own",
}
LAPSED = but(AT_HOME, profile=HostingProfile(Hosting.PREMISES, until=date(2026, 3, 9)))


def situation(tells: str, **words: object) -> Row:
    return msgspec.structs.replace(Row(tells, "", Action.CHAT_MESSAGE_READ, "", role=MANAGER), **words)


# Who is in, on what is another's and what is their own.
IN = [
    situation("a manager"),
    situation("a manager, their own", own=True),
    situation("a contributor", role=CONTRIBUTOR),
    situation("a contributor, their own", role=CONTRIBUTOR, own=True),
    situation("a reader, their own", role=READER, own=True),
]
# Who is not, at a team and at a community.
OUT = [
    situation("an outsider", role=None),
    situation("an outsider at a community", role=None, space=COMMUNITY),
]
KINDS = [
    situation("a manager of a community, their own", space=COMMUNITY, own=True),
    situation("a manager of a sensitive community", space=COMMUNITY, label=SENSITIVE),
    situation("a contributor in a direct, their own", role=CONTRIBUTOR, space=DIRECT, own=True),
]
ACTORS = [
    situation("a guest, their own", kind=GUEST, role=CONTRIBUTOR, own=True),
    situation("a link", kind=LINK, role=CONTRIBUTOR, own=True),
]
HELD = [
    situation("a manager, the approval expired", label=SENSITIVE, on=EXPIRED),
    situation("a manager, on a plain cloud", on=PLAIN),
    situation("a manager, the profile lapsed", on=LAPSED),
    situation("a manager of a community, the profile lapsed", space=COMMUNITY, on=LAPSED),
    situation("a manager of a community, on a plain cloud", space=COMMUNITY, on=PLAIN),
    situation("a manager of a restricted team, by password", label=RESTRICTED),
]
OFF = [situation("a manager, all tools off", tools=frozenset())]
SITUATIONS = [*IN, *OUT, *KINDS, *ACTORS, *HELD, *OFF]
NOWHERE = [
    situation("an agent", role=None, space=None),
    situation("an agent, their own", role=None, space=None, own=True),
    situation("an administrator", role=None, space=None, administrator=True, acting=True),
    situation("an officer", role=None, space=None, officer=True, acting=True),
    situation("an administrator, not in administration", role=None, space=None, administrator=True),
    situation("an officer, not in administration", role=None, space=None, officer=True),
    situation("a guest, their own", kind=GUEST, role=None, space=None, own=True),
    situation("a link", kind=LINK, role=None, space=None, own=True),
]

#                                    in    out kinds actors held  off
IN_A_SPACE = """
    chat:channel:create              yyrrr mm  yyk   ra     ehhhhw t
    chat:channel:edit                yyrrr mm  yyk   ra     ehhhhw t
    chat:message:delete              yynyr mm  yyy   ya     ehhhhw t
    chat:message:edit                nynyr mm  yny   ya     ehhhhw t
    chat:message:read                yyyyy mm  yyy   ya     yhyyhw t
    chat:message:send                yyyyr mm  yyy   ya     ehhhhw t
    files:file:read                  yyyyy mm  yyy   ya     yhyyhw t
    files:file:remove                yynyr mm  yyy   ya     ehhhhw t
    files:file:upload                yyyyr mm  yyy   ya     ehhhhw t
    meet:call:join                   yyyyy mm  yyy   ya     ehhhhw t
    meet:call:read                   yyyyy mm  yyy   ya     yhyyhw t
    meet:call:speak                  yyyyr mm  yyy   ya     ehhhhw t
    meet:call:start                  yyyyr mm  yyy   ya     ehhhhw t
    spaces:description:read          yyyyy mm  yyy   ya     yhyyhw y
    spaces:direct:create             yyyyy my  yyy   aa     ehhhhw y
    spaces:guest:invite              yyrrr mm  kgk   aa     ghhkkg y audit
    spaces:label:confirm             y2rrr mm  2yk   aa     yyyyyw y audit
    spaces:label:lower               yyrrr mm  yyk   aa     yyyyyw y audit reason + second-manager
    spaces:label:raise               yyrrr mm  yok   aa     ehhhhw y audit
    spaces:label:read                yyrrr mm  yyk   aa     yyyyyw y
    spaces:member:add                yyrrr mm  yyk   aa     ehhhhw y audit
    spaces:member:change             yyrrr mm  yyk   aa     yyyyyw y audit
    spaces:member:list               yyyyy mm  yyy   ya     yyyyyy y
    spaces:member:remove             yyrrr mm  yyk   aa     yyyyyw y audit
    spaces:space:create              yyyyy my  yoy   aa     ehhhhw y audit
    spaces:space:discover            kkkkk my  yok   aa     kkkyyk k
    spaces:space:edit                yyrrr mm  yyk   aa     ehhhhw y audit
    spaces:space:export              yyrrr mm  yyk   aa     yyyyyw y audit
    spaces:space:join                kkkkk my  yok   aa     kkkhhk k
    spaces:space:leave               yyyyy mm  yyk   ya     yyyyyy y
    spaces:space:read                yyyyy mm  yyy   ya     yyyyyy y
"""
ON_NO_SPACE = """
    audit:trail:read                 sssysdaa audit
    hosting:declaration:make         sssysdaa audit
    hosting:declaration:read         yyyyyyaa
    people:administration:open       bbyyyyaa audit
    people:administrator:appoint     ffyfdfaa audit
    people:agent:invite              ffyfdfaa audit
    people:book:export               ffyfdfaa audit
    people:directory:search          yyyyyyaa
    people:officer:appoint           sssysdaa audit
    people:password:reset            ffyfdfaa audit
    people:person:suspend            ffyfdfaa audit
    people:profile:edit              nynnnnya
    spaces:book:export               ffyfdfaa audit
    spaces:book:read                 ffyfdfaa audit
    spaces:manager:appoint           ffyfdfaa audit
"""


class Square(msgspec.Struct, frozen=True):
    """One act in one situation."""

    row: Row
    letter: str
    owes: str

    @property
    def tells(self) -> str:
        return f"{self.row.action.value}: {self.row.tells}"

    @property
    def gives(self) -> str:
        return self.letter + self.owes

    def check(self, decide: object, hold: object) -> str:
        """The letter, and what is owed."""
        said = self.row.check(decide, hold)  # type: ignore[arg-type]
        if said.startswith("allowed"):
            return f"y{said.removeprefix('allowed')}"
        said = said.replace("hidden actor", "actor")
        return next((letter for letter, words in LETTERS.items() if said.startswith(words)), said)


def _squares(grid: str, situations: list[Row], parts: int) -> list[Square]:
    found: list[Square] = []
    for line in grid.strip().splitlines():
        act, *words = line.split()
        letters = "".join(words[:parts])
        always, _, above = " ".join(words[parts:]).partition(" + ")
        for letter, where in zip(letters, situations, strict=True):
            strict = where.space is not None and where.label in (Label.SENSITIVE, Label.RESTRICTED)
            owed = f"{always} {above if strict else ''}".split() if letter == "y" else []
            row = msgspec.structs.replace(where, action=Action(act))
            found.append(Square(row, letter, "".join(f" {duty}" for duty in owed)))
    return found


GRID = [*_squares(IN_A_SPACE, SITUATIONS, 6), *_squares(ON_NO_SPACE, NOWHERE, 1)]
if {square.row.action for square in GRID} != set(Action):
    raise RuntimeError("an act has no line in the grid")
