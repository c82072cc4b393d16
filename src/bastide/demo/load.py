"""Reads ``content/`` and gives the demo organisation for one day, checked.

Everything that could be wrong in a text written by hand is refused here with its place: an author who is not a member
or may not write, an unknown channel or file, a time out of hours or going backwards.
"""

import tomllib
import unicodedata
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from bastide.demo import days, filing, parse
from bastide.demo.model import (
    Agent,
    ChannelSpec,
    Demo,
    DemoContentError,
    DirectSpec,
    GuestSpec,
    Kind,
    Label,
    LoweringSpec,
    Member,
    MessageSpec,
    Organisation,
    Portrait,
    ReadMark,
    Role,
    SpaceSpec,
    Tool,
)
from bastide.demo.typeset import Calendar, typeset

CONTENT = Path(__file__).parent / "content"
MAIN_AGENT = "delorme"
LAST_OF_THE_DAY = time(9, 40)
_OFFICE = (time(7, 0), time(20, 0))
_ON_CALL = (time(5, 30), time(23, 0))
_EVENING = time(19, 30)

T = TypeVar("T", bound=msgspec.Struct)


class _Agent(msgspec.Struct, forbid_unknown_fields=True):
    key: str
    given: str
    family: str
    service: str
    function: str
    portrait: str | None = None
    address: str | None = None


class _Organisation(msgspec.Struct, forbid_unknown_fields=True):
    key: str
    name: str
    short_name: str
    domain: str
    agents: list[_Agent]


class _Guest(msgspec.Struct, forbid_unknown_fields=True):
    given: str
    family: str
    address: str
    space: str
    by: str
    role: Literal["reader", "contributor"]
    days: int
    comes: bool


class _Partner(msgspec.Struct, forbid_unknown_fields=True):
    owner: str
    partner: str


class _People(msgspec.Struct, forbid_unknown_fields=True):
    organisations: list[_Organisation]
    guests: list[_Guest] = []
    partners: list[_Partner] = []


class _Lowering(msgspec.Struct, forbid_unknown_fields=True):
    by: str
    to: Label
    reason: str


class _Channel(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    topic: str
    hours: Literal["office", "on-call"] = "office"


class _Space(msgspec.Struct, forbid_unknown_fields=True):
    key: str
    organisation: str
    name: str
    purpose: str
    kind: Kind
    label: Label
    tools: list[Tool]
    created: int
    managers: list[str]
    contributors: list[str] = []
    readers: list[str] = []
    channels: list[_Channel] = []
    lowering: _Lowering | None = None


class _Spaces(msgspec.Struct, forbid_unknown_fields=True):
    spaces: list[_Space]


def day_to_load(now: datetime, tz: str = "Europe/Paris") -> date:
    """The ``today`` to give to ``load`` so that no message lies in the future at ``now`` (aware)."""
    local = now.astimezone(ZoneInfo(tz))
    return local.date() if local.time() >= LAST_OF_THE_DAY else local.date() - timedelta(days=1)


def load(today: date, tz: str = "Europe/Paris") -> Demo:
    """The demo as of the morning of ``today`` (9 h 40, in the time zone ``tz``).

    J is ``today``, or the last working day before it. Same day, same demo. Raises DemoContentError when the texts
    contradict themselves.
    """
    return _Loader(today, ZoneInfo(tz)).demo()


def slug(name: str) -> str:
    """``name`` in lower case ASCII letters and hyphens, for keys and addresses."""
    folded = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("’", "'"))
    kept = "".join(c if c.isalnum() else "-" for c in folded if not unicodedata.combining(c))
    return "-".join(part for part in kept.split("-") if part)


def _read(name: str, kind: type[T]) -> T:
    text = (CONTENT / name).read_text(encoding="utf-8")
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DemoContentError(f"{name}: {error}") from error


class _Channels(msgspec.Struct):
    """What a conversation may use: channel keys by heading, who may write, hours."""

    keys: dict[str, str]
    writers: frozenset[str]
    members: frozenset[str]
    on_call: frozenset[str]


class _Loader:
    def __init__(self, today: date, zone: ZoneInfo) -> None:
        self.today = today
        self.zone = zone
        self.calendar = Calendar(days.anchor(today))
        self.messages: list[MessageSpec] = []
        self.marks: dict[tuple[str, str], ReadMark] = {}

    def demo(self) -> Demo:
        people = _read("people.toml", _People)
        organisations = tuple(
            Organisation(o.key, o.name, o.short_name, o.domain) for o in people.organisations
        )
        agents = tuple(_agent(o, agent) for o in people.organisations for agent in o.agents)
        self.agents = {agent.key: agent for agent in agents}
        if len(self.agents) != len(agents) or len({agent.address for agent in agents}) != len(agents):
            raise DemoContentError("people.toml: two agents share a key or an address")
        raw_spaces = _read("spaces.toml", _Spaces).spaces
        spaces = tuple(self._space(raw) for raw in raw_spaces)
        self.filing = filing.Cabinet.read(CONTENT, self.calendar, self.zone, self.agents)
        for raw, space in zip(raw_spaces, spaces, strict=True):
            self._talk(raw, space)
        directs = self._directs()
        self._default_marks(spaces, directs)
        self.messages.sort(key=lambda message: (message.at, message.key))
        files = self.filing.close({s.key: s for s in spaces}, {d.key for d in directs})
        return Demo(
            today=self.today,
            day=self.calendar.day,
            main_agent=MAIN_AGENT,
            organisations=organisations,
            agents=agents,
            guests=tuple(
                GuestSpec(g.given, g.family, g.address, g.space, g.by, g.role, g.days, g.comes)
                for g in people.guests
            ),
            partners=tuple((p.owner, p.partner) for p in people.partners),
            spaces=spaces,
            directs=directs,
            messages=tuple(self.messages),
            files=files,
            read_marks=tuple(self.marks[key] for key in sorted(self.marks)),
        )

    def _space(self, raw: _Space) -> SpaceSpec:
        roles: dict[str, Role] = {}
        listed: tuple[tuple[Role, list[str]], ...] = (
            ("manager", raw.managers),
            ("contributor", raw.contributors),
            ("reader", raw.readers),
        )
        for role, keys in listed:
            for key in self._expand(raw.key, keys):
                roles.setdefault(key, role)
        name = typeset(self.calendar.fill(raw.name, self.calendar.day))
        channels = tuple(
            ChannelSpec(f"{raw.key}/{slug(c.name)}", raw.key, c.name, typeset(self._fill(c.topic)))
            for c in raw.channels
        )
        return SpaceSpec(
            key=raw.key,
            organisation=raw.organisation,
            name=name,
            purpose=typeset(self._fill(raw.purpose)),
            kind=raw.kind,
            label=raw.label,
            tools=tuple(raw.tools),
            members=tuple(Member(key, role) for key, role in roles.items()),
            channels=channels,
            created=datetime.combine(self.calendar.at(raw.created), time(9, 0), self.zone),
            lowering=LoweringSpec(raw.lowering.by, raw.lowering.to, typeset(self._fill(raw.lowering.reason)))
            if raw.lowering
            else None,
        )

    def _fill(self, text: str) -> str:
        return self.calendar.fill(text, self.calendar.day)

    def _expand(self, space: str, keys: Iterable[str]) -> Iterable[str]:
        """Agents' keys; « @key » stands for everyone of that organisation."""
        for key in keys:
            if key.startswith("@"):
                yield from (agent.key for agent in self.agents.values() if agent.organisation == key[1:])
            elif key in self.agents:
                yield key
            else:
                raise DemoContentError(f"spaces.toml: {space}: unknown agent {key}")

    def _talk(self, raw: _Space, space: SpaceSpec) -> None:
        path = CONTENT / "conversations" / f"{space.key}.txt"
        if not path.exists():
            return
        if "chat" not in space.tools:
            raise DemoContentError(f"{path.name}: the space has no chat")
        said = parse.conversation(path.name, path.read_text(encoding="utf-8"))
        channels = _Channels(
            keys={channel.name: channel.key for channel in space.channels},
            writers=frozenset(m.agent for m in space.members if m.role != "reader"),
            members=frozenset(m.agent for m in space.members),
            on_call=frozenset(c.name for c in raw.channels if c.hours == "on-call"),
        )
        self._take(said, space.key, dict.fromkeys(channels.keys, channels), channels.keys)

    def _directs(self) -> tuple[DirectSpec, ...]:
        name = "directs.txt"
        said = parse.conversation(name, (CONTENT / "conversations" / name).read_text(encoding="utf-8"))
        directs: list[DirectSpec] = []
        keys: dict[str, str] = {}
        rights: dict[str, _Channels] = {}
        for heading in said.channels:
            members = tuple(heading.split())
            unknown = [key for key in members if key not in self.agents]
            if unknown or len(members) < 2 or len(set(members)) < len(members):  # noqa: PLR2004
                raise DemoContentError(f"{name}: a direct of whom? {heading}")
            key = "direct-" + "-".join(members)
            keys[heading] = f"{key}/direct"
            who = frozenset(members)
            rights[heading] = _Channels(
                keys={heading: keys[heading]}, writers=who, members=who, on_call=frozenset({heading})
            )
            directs.append(DirectSpec(key, keys[heading], members))
        self._take(said, None, rights, keys)
        return tuple(directs)

    def _take(
        self, said: parse.Conversation, space: str | None, rights: dict[str, _Channels], keys: dict[str, str]
    ) -> None:
        if len(set(said.channels)) < len(said.channels):
            raise DemoContentError(f"{said.said[0].where}: a channel stands twice in the file")
        taken: list[MessageSpec] = []
        names: dict[str, str] = {}
        last: dict[str, datetime] = {}
        for raw in said.said:
            if raw.channel not in rights:
                raise DemoContentError(f"{raw.where}: unknown channel {raw.channel}")
            self._check(raw, rights[raw.channel])
            channel = keys[raw.channel]
            message = self._message(
                raw, channel, last.get(channel), names, space or channel.partition("/")[0]
            )
            last[channel] = message.at
            if raw.name:
                names[f"{channel}#{raw.name}"] = message.key
            taken.append(message)
        self.messages += taken
        for read in said.read:
            message = taken[read.index]
            if read.agent not in rights[read.channel].members:
                raise DemoContentError(f"{read.where}: {read.agent} is not a member")
            self._mark(read.agent, message, message.at + timedelta(seconds=20))

    def _check(self, raw: parse.Said, rights: _Channels) -> None:
        if raw.author not in rights.writers:
            raise DemoContentError(f"{raw.where}: {raw.author} may not write in {raw.channel}")
        first, last = _ON_CALL if raw.channel in rights.on_call else _OFFICE
        if not first <= raw.clock <= last:
            raise DemoContentError(f"{raw.where}: {raw.clock:%H:%M} is out of hours")
        if (
            raw.day == 0
            and max(raw.clock, raw.edited or raw.clock, raw.deleted or raw.clock) >= LAST_OF_THE_DAY
        ):
            raise DemoContentError(f"{raw.where}: {raw.clock:%H:%M} is after this morning")
        if (raw.edited and raw.edited < raw.clock) or (raw.deleted and raw.deleted < raw.clock):
            raise DemoContentError(f"{raw.where}: changed before it was sent")

    def _message(
        self, raw: parse.Said, channel: str, last: datetime | None, names: dict[str, str], space: str
    ) -> MessageSpec:
        day = self.calendar.at(raw.day)
        at = datetime.combine(day, raw.clock, self.zone)
        key = f"{channel}@{raw.day}.{raw.clock:%H%M}.{raw.author}"
        at += timedelta(seconds=zlib.crc32(key.encode()) % 30)
        if last is not None and at <= last:
            at = last + timedelta(seconds=7)
            if at.replace(second=0) > datetime.combine(day, raw.clock, self.zone):
                raise DemoContentError(f"{raw.where}: the clock goes backwards")
        reply = names.get(f"{channel}#{raw.reply}") if raw.reply else None
        if raw.reply and reply is None:
            raise DemoContentError(f"{raw.where}: answers an unknown message #{raw.reply}")
        key = f"{key}.{at:%S}"
        text = self._text(raw, raw.text, day)
        edited = self._text(raw, raw.edited_text, day) if raw.edited else None
        return MessageSpec(
            key=key,
            channel=channel,
            author=raw.author,
            at=at,
            text=edited or text,
            attachments=tuple(
                self.filing.attach(where=raw.where, space=space, name=name, by=raw.author, at=at, message=key)
                for name in raw.files
            ),
            reply_to=reply,
            first_text=text if edited else None,
            edited_at=_after(raw.edited, at),
            deleted_at=_after(raw.deleted, at),
        )

    def _text(self, raw: parse.Said, text: str, day: date) -> str:
        try:
            return typeset(self.calendar.fill(text, day))
        except ValueError as error:
            raise DemoContentError(f"{raw.where}: {error}") from error

    def _mark(self, agent: str, message: MessageSpec, at: datetime) -> None:
        mark = ReadMark(agent, message.channel, message.key, at)
        kept = self.marks.setdefault((agent, message.channel), mark)
        if kept.message != mark.message:
            raise DemoContentError(f"{message.channel}: two read marks of {agent}")

    def _default_marks(self, spaces: tuple[SpaceSpec, ...], directs: tuple[DirectSpec, ...]) -> None:
        """Where the texts say nothing: the main agent has read all, others yesterday's talk and up to what they wrote."""
        members = {c.key: [m.agent for m in space.members] for space in spaces for c in space.channels}
        members |= {direct.channel: list(direct.members) for direct in directs}
        talk: dict[str, list[MessageSpec]] = {}
        for message in self.messages:
            talk.setdefault(message.channel, []).append(message)
        evening = datetime.combine(self.calendar.at(-1), _EVENING, self.zone)
        for channel, said in talk.items():
            for agent in members[channel]:
                if (agent, channel) in self.marks:
                    continue
                seen = [m for m in said if agent == MAIN_AGENT or m.at <= evening or m.author == agent]
                if seen:
                    self._mark(agent, seen[-1], max(seen[-1].at + timedelta(seconds=20), evening))


def _agent(organisation: _Organisation, raw: _Agent) -> Agent:
    portrait = None
    if raw.portrait:
        scene, _, hue = raw.portrait.partition(" ")
        portrait = Portrait(scene, hue, zlib.crc32(raw.key.encode()))
    return Agent(
        key=raw.key,
        organisation=organisation.key,
        given_name=raw.given,
        family_name=raw.family,
        address=f"{raw.address or f'{slug(raw.given)}.{slug(raw.family)}'}@{organisation.domain}",
        service=raw.service,
        function=raw.function,
        portrait=portrait,
    )


def _after(at: time | None, sent: datetime) -> datetime | None:
    """The moment of a change, never before the message itself."""
    if at is None:
        return None
    return max(datetime.combine(sent.date(), at, sent.tzinfo), sent + timedelta(seconds=11))
