"""Fragments of a message (RFC 6455 section 5.4), joined into a whole one within a bound."""

from picows import WSFrame, WSMsgType

from bastide.core.gateway.contract import CloseCode


class BrokenRule(Exception):
    """What came in is not allowed; `code` is what the socket closes with."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Joiner:
    """Joins one socket's data frames."""

    __slots__ = ("_kind", "_most", "_parts")

    def __init__(self, most: int) -> None:
        self._most = most
        self._kind = WSMsgType.TEXT
        self._parts: bytearray | None = None

    def join(self, kind: WSMsgType, frame: WSFrame) -> tuple[WSMsgType, bytes] | None:
        """Take a text, binary or continuation frame.

        Returns:
            The message's kind and bytes, if this frame completes it.

        Raises:
            BrokenRule: fragments out of order (1002) or together longer than allowed (1009).
        """
        if kind != WSMsgType.CONTINUATION:
            if self._parts is not None:
                raise BrokenRule(CloseCode.PROTOCOL, "message within a message")
            if frame.fin:
                return kind, frame.get_payload_as_bytes()
            self._kind, self._parts = kind, bytearray(frame.get_payload_as_bytes())
            return None
        parts = self._parts
        if parts is None:
            raise BrokenRule(CloseCode.PROTOCOL, "nothing to continue")
        if len(parts) + frame.payload_size > self._most:
            self._parts = None
            raise BrokenRule(CloseCode.TOO_BIG, "message too big")
        parts += frame.get_payload_as_memoryview()
        if not frame.fin:
            return None
        self._parts = None
        return self._kind, bytes(parts)
