"""Before the door: how long each request took, by its route, and a line for those that failed or were slow.

A line holds the request's number, the route as the application has it, the time and the status: no address that was asked
for, no question, nothing of who asked.
"""

import secrets
import time
from contextvars import ContextVar
from itertools import count
from typing import Any, cast

import structlog
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

from bastide.core.tally import TALLY, Tally

log = structlog.get_logger()

SLOW_S = 1.0
"""Seconds of our own time, without those in which a body was on its way, from which a request is worth a line."""

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The number of the request that is being answered; "" where there is none."""

_DEFECT = 500
_LINES_A_SECOND = 20
_NOBODY = "unrouted"


class Timed:
    """Times what stands behind it."""

    def __init__(self, app: ASGIApp, tally: Tally = TALLY) -> None:
        self.app = app
        self._tally = tally
        self._prefix = secrets.token_hex(3)
        self._numbers = count(1)
        self._second = 0
        self._lines = 0
        self._withheld = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = f"{self._prefix}-{next(self._numbers):x}"
        REQUEST.set(number)
        began = time.perf_counter()
        waited = answered = 0.0
        status = 0

        async def heard() -> HTTPReceiveMessage:
            nonlocal waited
            since = time.perf_counter()
            try:
                return cast("HTTPReceiveMessage", await receive())
            finally:
                waited += time.perf_counter() - since

        async def sent(message: Message) -> None:
            nonlocal answered, status
            if message["type"] == "http.response.start":
                answered = time.perf_counter() - waited
                status = message["status"]
                if status >= _DEFECT:
                    # whoever tells an administrator of it can name it
                    message["headers"] = [*message.get("headers", []), (b"x-request-id", number.encode())]
            await send(message)

        try:
            await self.app(scope, cast("Receive", heard), sent)
        finally:
            took = (answered or time.perf_counter() - waited) - began
            method, route = _method(scope), cast("dict[str, Any]", scope).get("path_template") or _NOBODY
            self._tally.asked(method, route, status, took)
            if status >= _DEFECT or took >= SLOW_S:
                self._tell("http.failed" if status >= _DEFECT else "http.slow", method, route, status, took)

    def _tell(self, event: str, method: str, route: str, status: int, took: float) -> None:
        """Write a line; when everything fails at once, so many a second and how many were left out."""
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._lines = second, 0
        if self._lines >= _LINES_A_SECOND:
            self._withheld += 1
            return
        self._lines += 1
        withheld, self._withheld = self._withheld, 0
        more = {"withheld": withheld} if withheld else {}
        log.warning(event, method=method, route=route, status=status, ms=round(took * 1000), **more)


def _method(scope: Scope) -> str:
    return str(cast("dict[str, Any]", scope).get("method", ""))
