"""What every test may ask for: the real engines of the session, and a town in a house of its own."""

from tests.support.livekit import livekit
from tests.support.postgres import postgres
from tests.support.served import served
from tests.support.town import town

__all__ = ["livekit", "postgres", "served", "town"]
