from tests.support.folders import tmp_path
from tests.support.livekit import livekit
from tests.support.postgres import postgres

__all__ = ["livekit", "postgres", "tmp_path"]
