"""The pages of an export: HTML that says everything by itself, without script, and with all that people wrote escaped."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, format_datetime

from bastide.chat.model import ChannelView, MessageView
from bastide.core.policy import ActorKind
from bastide.export.names import file_name
from bastide.export.wording import Wording
from bastide.files.model import FileView
from bastide.people.model import PersonCard
from bastide.spaces.model import MemberView, SpaceView

FILES = "fichiers"
# Nothing is loaded and nothing runs, wherever the page is opened; the style is its own.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root{color-scheme:light dark}
body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1rem;margin:2rem 0 .5rem}
.mark{display:inline-block;padding:.1rem .6rem;border:1px solid;border-radius:1rem;font-size:.9rem}
article{margin:.75rem 0}.who{font-weight:600}time,.less{color:GrayText;font-size:.9rem}
.said{white-space:pre-wrap;margin:0}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}
"""


class Person(msgspec.Struct, frozen=True):
    """Somebody as an export names them."""

    id: UUID
    name: str


class ExportedFile(msgspec.Struct, frozen=True):
    """A line of `fichiers.jsonl`."""

    id: UUID
    name: str
    path: str
    size: int
    sha256: str
    media_type: str
    by: Person
    at: datetime


class NamedFile(msgspec.Struct, frozen=True):
    """A file as a message names it."""

    id: UUID
    name: str
    path: str


class ExportedMessage(msgspec.Struct, frozen=True):
    """A line of `messages.jsonl`."""

    channel_id: UUID
    channel: str
    ordinal: int
    id: UUID
    author: Person
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    text: str
    files: list[NamedFile]


class ExportedMember(msgspec.Struct, frozen=True):
    """A line of `membres.jsonl`."""

    person: Person
    kind: ActorKind
    function: str
    organisation: str
    role: str
    joined_at: datetime


class Pages:
    """Writes the pages of one space in one language."""

    def __init__(self, space: SpaceView, wording: Wording, zone: ZoneInfo, at: datetime) -> None:
        self._space = space
        self._words = wording
        self._zone = zone
        self._at = at
        self._day = ""
        self._encode = msgspec.json.Encoder().encode

    def moment(self, at: datetime) -> str:
        """A date and time by the clock on the wall, in words."""
        return str(format_datetime(at.astimezone(self._zone), "d MMMM y, HH:mm", locale=self._words.language))

    def name(self, card: PersonCard | None) -> str:
        """Who somebody is."""
        return f"{card.given_name} {card.family_name}" if card else self._words.nobody

    def person(self, person_id: UUID, people: Mapping[UUID, PersonCard]) -> Person:
        """Somebody as programs read it."""
        return Person(person_id, self.name(people.get(person_id)))

    def head(self, title: str, about: str = "") -> bytes:
        """How each page begins: what it is of, and the label that holds for it too."""
        words, self._day = self._words, ""
        said = f"<p>{escape(about)}</p>" if about else ""
        return (
            f'<!doctype html><html lang="{words.language}"><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
            f"<title>{escape(title)}</title><style>{_STYLE}</style>"
            f'<header><p class="less">{escape(self._space.name.text)}</p><h1>{escape(title)}</h1>'
            f'<p class="mark">{escape(words.labels[self._space.label])}</p>{said}'
            f'<p class="less">{words.exported} {escape(self.moment(self._at))}</p></header><main>\n'
        ).encode()

    def foot(self) -> bytes:
        """How each page ends."""
        return b"</main></html>\n"

    # Talk.

    def nothing(self) -> bytes:
        """A channel in which nothing was said."""
        return f'<p class="less">{escape(self._words.empty)}</p>'.encode()

    def message(self, message: MessageView, people: Mapping[UUID, PersonCard]) -> bytes:
        """A message as people read it; a new day has a heading."""
        words, at = self._words, message.sent_at.astimezone(self._zone)
        day = str(format_date(at, "EEEE d MMMM y", locale=words.language))
        heading, self._day = (f"<h2>{escape(day)}</h2>" if day != self._day else ""), day
        edited = f' <span class="less">({words.edited})</span>' if message.edited_at else ""
        said = (
            f'<p class="less">{escape(words.deleted)}</p>'
            if message.deleted_at
            else f'<p class="said" dir="auto">{escape(message.content.text)}</p>'
        )
        files = "".join(
            f'<li><a href="../{quote(path_of(f))}">{escape(f.name.text)}</a></li>' for f in message.files
        )
        return (
            f'{heading}<article id="m{message.ordinal}"><span class="who">'
            f"{escape(self.name(people.get(message.author_id)))}</span> "
            f'<time datetime="{message.sent_at.isoformat()}">{at:%H:%M}</time>{edited}{said}'
            f"{f'<ul>{files}</ul>' if files else ''}</article>\n"
        ).encode()

    def message_line(
        self, channel: ChannelView, message: MessageView, people: Mapping[UUID, PersonCard]
    ) -> bytes:
        """A message as programs read it."""
        line = ExportedMessage(
            channel_id=channel.id,
            channel=channel.name.text,
            ordinal=message.ordinal,
            id=message.id,
            author=self.person(message.author_id, people),
            sent_at=message.sent_at,
            edited_at=message.edited_at,
            deleted_at=message.deleted_at,
            text=message.content.text,
            files=[NamedFile(f.id, f.name.text, path_of(f)) for f in message.files],
        )
        return self._encode(line) + b"\n"

    # Members and files.

    def members_begin(self) -> bytes:
        """The head of the list of members."""
        w = self._words
        return _row("th", w.name, w.function, w.organisation, w.role, w.since, before="<table>")

    def member(self, member: MemberView, card: PersonCard | None, organisation: str) -> bytes:
        """A member as people read it."""
        w = self._words
        guest = f" ({w.guest})" if card and card.kind is ActorKind.GUEST else ""
        function = card.function if card else ""
        return _row(
            "td",
            self.name(card) + guest,
            function,
            organisation,
            w.roles[member.role],
            self.moment(member.joined_at),
        )

    def member_line(self, member: MemberView, card: PersonCard | None, organisation: str) -> bytes:
        """A member as programs read it."""
        line = ExportedMember(
            person=Person(member.person_id, self.name(card)),
            kind=card.kind if card else ActorKind.AGENT,
            function=card.function if card else "",
            organisation=organisation,
            role=member.role.value,
            joined_at=member.joined_at,
        )
        return self._encode(line) + b"\n"

    def files_begin(self) -> bytes:
        """The head of the list of files."""
        w = self._words
        return _row("th", w.name, w.size, w.by, w.at, before="<table>")

    def file(self, view: FileView, people: Mapping[UUID, PersonCard]) -> bytes:
        """A file as people read it."""
        name = f'<a href="{quote(path_of(view))}">{escape(view.name.text)}</a>'
        cells = (
            str(view.size),
            self.name(people.get(view.created_by)),
            self.moment(view.created_at),
        )
        return f"<tr><td>{name}</td>{_cells('td', *cells)}</tr>\n".encode()

    def file_line(self, view: FileView, digest: bytes, people: Mapping[UUID, PersonCard]) -> bytes:
        """A file as programs read it."""
        line = ExportedFile(
            id=view.id,
            name=view.name.text,
            path=path_of(view),
            size=view.size,
            sha256=digest.hex(),
            media_type=view.media_type,
            by=self.person(view.created_by, people),
            at=view.created_at,
        )
        return self._encode(line) + b"\n"

    def table_end(self) -> bytes:
        """The end of a list."""
        return b"</table>\n"


def path_of(view: FileView) -> str:
    """Where a file lies in the export."""
    return f"{FILES}/{file_name(view.name.text, view.id)}"


def _cells(tag: str, *cells: str) -> str:
    return "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)


def _row(tag: str, *cells: str, before: str = "") -> bytes:
    return f"{before}<tr>{_cells(tag, *cells)}</tr>\n".encode()
