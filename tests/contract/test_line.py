"""What a window asks of the line itself."""

from tests.contract.window import Listening
from tests.support.town import Town


async def test_a_line_that_carries_answers_a_ping(town: Town) -> None:
    socket = await Listening.open(town, town.agathe, {})
    await socket.say({"t": "ping", "n": 7})
    assert socket.frames[-1] == {"t": "done", "n": 7, "r": None}
    socket.close()
