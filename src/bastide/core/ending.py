"""Ending a loop that was asked to end, although what it was waiting for hid that.

Python 3.11's `asyncio.wait_for`, which the database's and the jobs' drivers use, gives its result when that comes in the
same instant as the cancellation, and the cancellation is forgotten. The loop would go on for ever, and who waits for
its end with it. Our own code uses `asyncio.timeout`, which forgets nothing.
"""

import asyncio


def heed_cancellation() -> None:
    """Raise CancelledError where the current task was asked to end and is still running. For each turn of a long loop.

    A deadline of `asyncio.timeout` that passed is taken back by it and does not count.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
