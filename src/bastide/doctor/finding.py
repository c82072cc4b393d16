"""What the doctor finds: how a thing is, and what to do."""

import enum

import msgspec


class Grade(enum.Enum):
    """How a check came out."""

    WELL = "well"
    WATCH = "watch"
    ILL = "ill"


class Check(msgspec.Struct, frozen=True):
    """One finding: what was looked at, how it is, and what to do (empty when nothing)."""

    name: str
    grade: Grade
    finding: str
    advice: str = ""


def well(name: str, finding: str) -> Check:
    """All is as it should be."""
    return Check(name, Grade.WELL, finding)


def watch(name: str, finding: str, advice: str) -> Check:
    """It works, and something should be done."""
    return Check(name, Grade.WATCH, finding, advice)


def ill(name: str, finding: str, advice: str) -> Check:
    """It does not work, or is not safe."""
    return Check(name, Grade.ILL, finding, advice)
