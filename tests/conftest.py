"""What every test may ask for: the real engines of the session, and a town in a house of its own."""

import structlog

from tests.support.livekit import livekit
from tests.support.postgres import postgres
from tests.support.served import served
from tests.support.town import town

__all__ = ["livekit", "postgres", "served", "town"]

# As in earnest: structlog's own way of showing a traceback, with all variables, takes seconds.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
)
