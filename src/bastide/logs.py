"""Logs: JSON lines on standard error, without content or secrets.

Nobody logs what people say: events name ids and kinds. What libraries log is taken in at warning and above.
"""

import logging
import sys

import structlog


def set_up_logs(level: int = logging.INFO) -> None:
    """Make structlog write JSON lines, and the libraries' own logging follow."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format='{"level":"%(levelname)s","event":"%(name)s"}'
    )
