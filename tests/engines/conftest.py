from tests.support.livekit import livekit
from tests.support.postgres import postgres

__all__ = ["livekit", "postgres"]
