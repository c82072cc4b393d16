"""What is said: millions of messages with their entries in the journal, packed for COPY as they are drawn.

They come in the order in which they were sent, all channels mixed, as in a house that people live in: a page of a channel
lies scattered over the disk, and no bench is flattered by rows that happen to lie side by side.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from random import Random

import msgspec

from bastide.demo.liam.copying import Table
from bastide.demo.liam.plan import Plan

MESSAGE = Table(
    "message",
    dict.fromkeys(
        ("channel_id", "ordinal", "id", "author_id", "client_id", "format", "body", "sent_at"), "unknown"
    ),
)
JOURNAL = Table("journal", dict.fromkeys(("stream_id", "seq", "at", "by", "type", "fact"), "unknown"))
CHUNK = 20_000
AUTHORS = 1 << 20  # more agents than any house has: (channel, author) as one number

_MESSAGE = struct.Struct(">h i16s iq iQQ i16s iQQ ih")
_AT = struct.Struct(">iq")
_ENTRY = struct.Struct(">h i16s iq iq i16s")
_TYPE = b"chat.message.sent"
_FACT = b'{"message_id":"%08x-%04x-%04x-%04x-%012x"}'
_KIND = struct.pack(">i", len(_TYPE)) + _TYPE + struct.pack(">i", 53)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_DAY_US = 86_400_000_000
_OPENS_US, _OPEN_US = 7 * 3_600_000_000, 11 * 3_600_000_000
_EPOCH_MS = 946_684_800_000
_WEEKDAYS = 5


class Chunk(msgspec.Struct, frozen=True):
    """Some messages and their entries, in COPY's binary format."""

    count: int
    messages: bytes
    entries: bytes


class Talk:
    """Draws messages. `ordinals`, `seqs` and `own` grow with what was drawn.

    `ordinals` counts each channel, `seqs` each space's stream (by their places in the plan); `own` holds the last ordinal that
    an author wrote in a channel, by `channel * AUTHORS + person`.
    """

    def __init__(self, plan: Plan, seqs: list[int], random: Random) -> None:
        self._random = random
        channels = [(place, space, c) for place, space in enumerate(plan.spaces) for c in space.channels]
        self._spaces = [place for place, _, _ in channels]
        self._weights = list(accumulate(c.weight for _, _, c in channels))
        self._ids = [c.id.bytes for _, _, c in channels]
        self._streams = [space.id.bytes for space in plan.spaces]
        self._members = [space.members for _, space, _ in channels]
        self._writers = [space.writers for _, space, _ in channels]
        self._people = [person.id.bytes for person in plan.people]
        bodies = [text.encode() for text in plan.sentences]
        self._bodies = [struct.pack(">i", len(body)) + body for body in bodies]
        self._days = _working_days(plan.since, plan.until)
        self.channels = [c.id for _, _, c in channels]
        self.ordinals = [0] * len(channels)
        self.seqs = seqs
        self.own: dict[int, int] = {}

    def chunks(self, count: int) -> Iterator[Chunk]:
        """So many messages, oldest first."""
        for start in range(0, count, CHUNK):
            yield self._chunk(start, min(CHUNK, count - start), count)

    def _chunk(self, start: int, length: int, count: int) -> Chunk:
        draw, bits, own = self._random.random, self._random.getrandbits, self.own
        ordinals, seqs, bodies, days = self.ordinals, self.seqs, self._bodies, self._days
        messages: list[bytes] = []
        entries: list[bytes] = []
        chosen = self._random.choices(range(len(self._ids)), cum_weights=self._weights, k=length)
        for number, channel in enumerate(chosen, start):
            day, part = divmod(number * len(days), count)
            at = days[day] + part * _OPEN_US // count
            ordinal = ordinals[channel] = ordinals[channel] + 1
            space = self._spaces[channel]
            seq = seqs[space] = seqs[space] + 1
            # few write much
            person = self._members[channel][int(draw() ** 2 * self._writers[channel])]
            own[channel * AUTHORS + person] = ordinal
            author = self._people[person]
            high = (at // 1000 + _EPOCH_MS) << 16 | 0x7000 | number & 0xFFF
            low = 1 << 63 | bits(62)
            messages.append(
                _MESSAGE.pack(
                    8, 16, self._ids[channel], 8, ordinal, 16, high, low, 16, author,
                    16, bits(64) & ~0xF000 | 0x4000, 1 << 63 | bits(62), 2, 0,
                )
            )  # fmt: skip
            messages.append(bodies[int(draw() * len(bodies))])
            sent = _AT.pack(8, at)
            messages.append(sent)
            entries.append(_ENTRY.pack(6, 16, self._streams[space], 8, seq, 8, at, 16, author))
            entries.append(_KIND)
            entries.append(
                _FACT % (high >> 32, high >> 16 & 0xFFFF, high & 0xFFFF, low >> 48, low & 0xFFFF_FFFF_FFFF)
            )
        return Chunk(length, b"".join(messages), b"".join(entries))


def _working_days(since: datetime, until: datetime) -> list[int]:
    """When each working day opens, in microseconds of PostgreSQL's time."""
    first = (since - _EPOCH).days
    days = (until - _EPOCH).days - first
    found = [n for n in range(first, first + days) if _weekday(n) < _WEEKDAYS]
    return [n * _DAY_US + _OPENS_US for n in found]


def _weekday(day: int) -> int:
    return (day + 5) % 7  # the first of January 2000 was a Saturday
