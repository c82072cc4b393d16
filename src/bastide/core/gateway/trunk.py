"""What an edge and the core say to each other: one Unix-socket line carries all of an edge's sockets.

A message is a head (length of the body, kind, number) and its body. `number` is the edge's for one socket. What goes to many
sockets of an edge crosses the line once, with their numbers before it.
"""

import struct
from array import array
from collections.abc import Callable
from enum import IntEnum
from typing import Final

_HEAD: Final = struct.Struct("<IBI")
HEAD_SIZE: Final = _HEAD.size
NUMBERS: Final = "I"
_NUMBER_SIZE: Final = array(NUMBERS).itemsize
_LARGEST: Final = 64 << 20


class Kind(IntEnum):
    """What a message is. Those of the edge first, then those of the core."""

    ARRIVE = 1
    """Somebody asks to open a socket; the body is the `Handshake` (MessagePack)."""
    OPENED = 2
    """The socket that was let in is open."""
    TEXT = 3
    BINARY = 4
    GONE = 5
    """The socket is gone, or nobody waits for the answer any more; the body is the close code (2 bytes)."""
    ALIVE = 6
    """The answer to `CALL`."""

    ACCEPT = 16
    """The socket may open."""
    REFUSE = 17
    """It may not; the body is the `Refused` (MessagePack)."""
    TEXT_TO = 18
    """A text for some sockets: `number` says how many, whose numbers stand before it."""
    BINARY_TO = 19
    CLOSE = 20
    """Close a socket; the body is the code (2 bytes) and the reason."""
    PAUSE = 21
    RESUME = 22
    CALL = 23
    """Whether the edge still works."""


Heard = Callable[[int, int, bytes], None]


def message(kind: Kind, number: int, body: bytes = b"") -> bytes:
    """One message."""
    return _HEAD.pack(len(body), kind, number) + body


def to_many(kind: Kind, numbers: "array[int]", frame: bytes) -> list[bytes]:
    """A frame for some sockets, in the parts that are to be written one behind the other."""
    listed = numbers.tobytes()
    return [_HEAD.pack(len(listed) + len(frame), kind, len(numbers)) + listed, frame]


def of_many(count: int, body: bytes) -> tuple["array[int]", bytes]:
    """The numbers, and the frame behind them."""
    numbers = array(NUMBERS)
    end = count * _NUMBER_SIZE
    numbers.frombytes(body[:end])
    return numbers, body[end:]


class Parser:
    """Takes a line's bytes as they come, and tells its messages whole: kind, number, body."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._held = bytearray()

    def feed(self, data: bytes) -> None:
        """The next bytes. Raises ValueError for what no side of ours says."""
        held = self._held
        held += data
        at, end = 0, len(held)
        while end - at >= HEAD_SIZE:
            size, kind, number = _HEAD.unpack_from(held, at)
            if size > _LARGEST:
                raise ValueError("no message is as long")
            if end - at - HEAD_SIZE < size:
                break
            at += HEAD_SIZE
            self._heard(kind, number, bytes(held[at : at + size]))
            at += size
        if at:
            del held[:at]
