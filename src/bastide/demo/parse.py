"""Reads the conversations of the demo, written by hand as one text file per space.

# veille-crues                     the channel (in directs.txt: the people, « # delorme diarra »)
J-12                               the day: twelve working days before today
08:47 auvray #pompe | Bonjour…     who and when; #pompe names the message
  suite du texte                   more lines are indented by two spaces
  + Carte des niveaux.png          a file that comes with it
  ~ 08:52 | Bonjour à tous…        edited at 08:52, and what it says since then
  x 08:55                          deleted at 08:55
08:52 delorme >pompe | Oui         an answer to the message named #pompe
-- lu par delorme                  how far this agent has read
; a remark for who reads the file
"""

import re
from datetime import time

import msgspec

from bastide.demo.model import DemoContentError

_DAY = re.compile(r"J(?P<shift>-\d+)?$")
_SAID = re.compile(
    r"(?P<time>\d\d:\d\d) (?P<author>[a-z-]+)(?: #(?P<name>[a-z0-9-]+))?(?: >(?P<reply>[a-z0-9-]+))? \| (?P<text>.+)$"
)
_EDIT = re.compile(r"~ (?P<time>\d\d:\d\d) \| (?P<text>.+)$")
_DELETE = re.compile(r"x (?P<time>\d\d:\d\d)$")
_FILE = re.compile(r"\+ (?P<name>\S.*)$")
_READ = re.compile(r"-- lu par (?P<agent>[a-z-]+)$")


class Said(msgspec.Struct):
    """A message as written: nothing resolved yet. ``where`` is « file:line », for errors."""

    where: str
    channel: str
    day: int
    clock: time
    author: str
    lines: list[str]
    name: str | None = None
    reply: str | None = None
    files: list[str] = []
    edited: time | None = None
    edited_lines: list[str] = []
    deleted: time | None = None

    @property
    def text(self) -> str:
        """What was sent."""
        return "\n".join(self.lines).rstrip()

    @property
    def edited_text(self) -> str:
        """What replaced it."""
        return "\n".join(self.edited_lines).rstrip()


class Read(msgspec.Struct, frozen=True):
    """« lu par »: the agent has read up to the ``index``-th message of the file (counted from 0)."""

    where: str
    channel: str
    agent: str
    index: int


class Conversation(msgspec.Struct, frozen=True):
    """One file: its channels in order of appearance, messages in order of writing, read marks."""

    channels: list[str]
    said: list[Said]
    read: list[Read]


class _Parser:
    def __init__(self, name: str) -> None:
        self.name = name
        self.line = 0
        self.channel: str | None = None
        self.day: int | None = None
        self.out = Conversation(channels=[], said=[], read=[])

    def fail(self, why: str) -> DemoContentError:
        return DemoContentError(f"{self.where}: {why}")

    @property
    def where(self) -> str:
        return f"{self.name}:{self.line}"

    def feed(self, line: str) -> None:
        if line.startswith(";"):
            return
        if not line.strip():
            if self.out.said:
                self._target().append("")
        elif line.startswith("  "):
            self._more(line[2:])
        else:
            self._heading(line)

    def _target(self) -> list[str]:
        last = self.out.said[-1]
        return last.edited_lines if last.edited else last.lines

    def _heading(self, line: str) -> None:
        if line.startswith("# "):
            self.channel, self.day = line[2:].strip(), None
            self.out.channels.append(self.channel)
        elif day := _DAY.match(line):
            self.day = int(day["shift"] or 0)
        elif self.channel is None:
            raise self.fail("no channel yet")
        elif read := _READ.match(line):
            if not self.out.said or self.out.said[-1].channel != self.channel:
                raise self.fail("nothing to read above")
            mark = Read(
                where=self.where, channel=self.channel, agent=read["agent"], index=len(self.out.said) - 1
            )
            self.out.read.append(mark)
        elif said := _SAID.match(line):
            if self.day is None:
                raise self.fail("no day yet")
            message = Said(
                where=self.where,
                channel=self.channel,
                day=self.day,
                clock=self._time(said["time"]),
                author=said["author"],
                lines=[said["text"]],
                name=said["name"],
                reply=said["reply"],
            )
            self.out.said.append(message)
        else:
            raise self.fail(f"not understood: {line[:60]}")

    def _more(self, line: str) -> None:
        if not self.out.said:
            raise self.fail("text before the first message")
        last = self.out.said[-1]
        if edit := _EDIT.match(line):
            last.edited = self._time(edit["time"])
            last.edited_lines = [edit["text"]]
        elif delete := _DELETE.match(line):
            last.deleted = self._time(delete["time"])
        elif file := _FILE.match(line):
            last.files = [*last.files, file["name"].strip()]
        else:
            self._target().append(line)

    def _time(self, text: str) -> time:
        try:
            return time.fromisoformat(text)
        except ValueError as error:
            raise self.fail(f"not a time: {text}") from error


def conversation(name: str, text: str) -> Conversation:
    """``text`` of the file ``name``, read. Raises DemoContentError with file and line."""
    parser = _Parser(name)
    for number, line in enumerate(text.splitlines(), start=1):
        parser.line = number
        parser.feed(line.rstrip())
    return parser.out
