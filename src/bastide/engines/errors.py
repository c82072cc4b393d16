"""What can go wrong with an engine, in a sentence for the person who started Bastide."""

import contextlib
import errno
from collections.abc import Generator
from pathlib import Path


class EngineError(Exception):
    """An engine cannot be prepared, started or reached. The message is a sentence fit for a screen."""


@contextlib.contextmanager
def writing(place: Path) -> Generator[None]:
    """Turn what the system says about writing at `place` into a sentence that tells what to do."""
    try:
        yield
    except OSError as error:
        where = error.filename or place
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                sentence = f"The disk is full: {where} cannot be written. Free some space and start again."
            case errno.EACCES | errno.EPERM | errno.EROFS:
                what = error.strerror
                sentence = (
                    f"{where} cannot be written ({what}). Give yourself the right, or choose another --data."
                )
            case _:
                sentence = f"{where} cannot be used: {error.strerror or error}."
        raise EngineError(sentence) from error
