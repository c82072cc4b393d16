"""Time, ids, content, limits: small things that everything stands on."""

import asyncio
import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.core.clock import Clock, HeldClock
from bastide.core.content import Plain, checked, restored, stored
from bastide.core.errors import ClientIdTaken, Conflict, Invalid, Refused
from bastide.core.ids import Ids
from bastide.core.limits import Attempts
from bastide.core.policy import RuleName
from tests.support.town import MORNING

# Ids.


def test_ids_sort_as_they_were_made_and_none_comes_twice() -> None:
    ids = Ids(Clock())
    made = [ids.new() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(i.version == 7 and i.variant == "specified in RFC 4122" for i in made)


def test_ids_stay_in_order_though_the_clock_goes_back_or_stands() -> None:
    clock = HeldClock(MORNING)
    ids, made = Ids(clock), list[object]()
    for step in (0, 5, -3_600_000, 0, 1, -1, 10):
        clock.set(clock.now() + timedelta(milliseconds=step))
        made += [ids.new() for _ in range(5_000)]
    assert made == sorted(made)  # type: ignore[type-var]
    assert len(set(made)) == len(made)


def test_tokens_are_not_alike() -> None:
    ids = Ids(Clock())
    tokens = {ids.token() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert {len(t) for t in tokens} == {64}


# Content.


@given(st.text())
def test_what_is_checked_can_be_stored_and_shown(text: str) -> None:
    try:
        content = checked(Plain(text), field="text", most=1000)
    except Invalid:
        return
    assert restored(*stored(content)) == content == Plain(text)
    assert not set(content.text) & set("\x00\x1b\u202e\u202d")


@given(st.text(), st.integers(1, 20))
def test_a_name_has_no_space_that_nobody_sees(text: str, most: int) -> None:
    try:
        name = checked(Plain(text), field="name", least=1, most=most, one_line=True).text
    except Invalid:
        return
    assert 1 <= len(name) <= most
    assert name == " ".join(name.split())


@pytest.mark.parametrize(
    "text",
    [
        "\u200b",
        "\u200b\u200c\u200d",
        "\ufeff",
        "\u2060",
        "\u00ad",
        "\u3164",
        "\u2800",
        "\u115f\u1160",
        "\u180e",
        "\u034f",
    ],
)
def test_a_name_of_nothing_that_shows_is_none(text: str) -> None:
    with pytest.raises(Invalid):
        checked(Plain(text), field="name", least=1, most=90, one_line=True)


@pytest.mark.parametrize(
    "text", ["a\u2066b", "a\u2067b", "a\u2068b", "a\u2069b", "a\u200eb", "a\u200fb", "a\u061cb"]
)
def test_a_name_keeps_no_hidden_direction(text: str) -> None:
    """Isolates and marks turn a name round as overrides do: a file « facture_fdp.exe » must read as it is."""
    with pytest.raises(Invalid):
        checked(Plain(text), field="name", least=1, most=90, one_line=True)


def test_a_message_may_be_in_any_script() -> None:
    for text in (
        "مرحبا بالعالم",
        "שלום",
        "👩\u200d👩\u200d👧 famille",
        "नमस्\u200dते",
        "می\u200cخواهم",
        "ligne\nligne\ttab",
        "\u200fעברית",
    ):
        assert checked(Plain(text), field="content", most=100, least=1).text == text


def test_an_unknown_format_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="format"):
        restored(99, b"x")


# Limits.


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 90)), max_size=60))
def test_attempts_never_exceed_their_most_within_their_time(acts: list[tuple[str, int]]) -> None:
    clock = HeldClock(MORNING)
    attempts = Attempts(clock, most=3, within=timedelta(seconds=60))
    let: dict[str, list[float]] = {"a": [], "b": []}
    for key, pause in acts:
        clock.advance(timedelta(seconds=pause))
        now = clock.monotonic()
        recent = [t for t in let[key] if t > now - 60]
        wait = attempts.take(key)
        if wait == 0:
            let[key].append(now)
            assert len(recent) < 3
        else:
            assert len(recent) == 3
            assert wait == pytest.approx(recent[0] + 60 - now)


def test_attempts_forget_keys_nobody_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bastide.core.limits._KEYS_MOST", 100)
    attempts = Attempts(HeldClock(MORNING), most=1, within=timedelta(hours=1))
    for i in range(1_000):
        attempts.take(f"{i}")
    assert len(attempts._noted) <= 101
    assert attempts.take("999") > 0


async def test_the_clock_is_aware_and_moves_forward() -> None:
    clock = Clock()
    assert clock.now().tzinfo is not None
    before = clock.monotonic()
    await asyncio.sleep(0)
    assert all(a <= b for a, b in itertools.pairwise([before, clock.monotonic()]))


# Problems.


@pytest.mark.parametrize("rule", list(RuleName))
def test_a_refusal_speaks_of_this_space_only_where_there_is_one(rule: RuleName) -> None:
    french, english = (Refused(rule=rule.value).details(language).title for language in ("fr", "en"))
    about_a_space = rule not in (
        RuleName.ACTOR,
        RuleName.AUTHORSHIP,
        RuleName.GUEST_LABEL,
        RuleName.COMMUNITY_LABEL,
    )
    assert ("cet espace" in french) == about_a_space
    assert ("this space" in english) == about_a_space
    assert french != english


def test_an_id_that_was_used_is_not_somebody_elses_change() -> None:
    taken, changed = ClientIdTaken(), Conflict()
    assert (taken.status, taken.code) == (409, "client-id-taken")
    for language in ("fr", "en"):
        assert taken.details(language).title != changed.details(language).title
