"""Logs: JSON lines on standard error, without content or secrets.

Nobody logs what people say: events name ids and kinds. Of errors, kinds and places are logged and never the words
(`core.wordless`). What libraries log is taken in at warning and above, as where they logged it and of what error: their
sentences quote whatever they had in hand.
"""

import logging
import sys
import threading
from collections.abc import MutableMapping
from typing import Any, TextIO

import msgspec
import structlog

from bastide.core.http.timed import REQUEST
from bastide.core.wordless import place, told

Line = MutableMapping[str, Any]


def set_up_logs(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Make structlog write JSON lines, and have all else that would write to `stream` (standard error) follow."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _name_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_error,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(_Libraries(logging.WARNING))
    root.setLevel(logging.WARNING)
    # it warns of every attempt to reach a database that is away
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)
    sys.excepthook = _unhandled
    sys.unraisablehook = lambda given: _unhandled(given.exc_type, given.exc_value, given.exc_traceback)
    threading.excepthook = lambda given: _unhandled(given.exc_type, given.exc_value, given.exc_traceback)


class _Libraries(logging.Handler):
    """Libraries' own logging, as lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        at = f"{place(record.pathname)}:{record.lineno}"
        error = record.exc_info[1] if record.exc_info else None
        log = structlog.get_logger()
        log.log(record.levelno, "library", logger=record.name, at=at, exc_info=error)


def _name_request(_logger: object, _method: str, line: Line) -> Line:
    request = REQUEST.get()
    if request:
        line.setdefault("request", request)
    return line


def _tell_error(_logger: object, _method: str, line: Line) -> Line:
    """Put the kinds and places of an error into the place of the error."""
    given = line.pop("exc_info", None)
    if given is True or isinstance(given, tuple):
        given = sys.exc_info()[1]
    if isinstance(given, BaseException):
        line["error"] = msgspec.to_builtins(told(given))
    line.pop("stack_info", None)
    return line


def _unhandled(kind: type[BaseException], error: BaseException | None, *_: object) -> None:
    """What nobody caught."""
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("unhandled", kind=kind.__qualname__, exc_info=error)
