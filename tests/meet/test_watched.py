"""What follows from a look into a room: who came, who left, and when a call is over."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bastide.core.policy import Actor, ActorKind
from bastide.meet.tokens import Identity
from bastide.meet.watched import Patience, Watched

PATIENCE = Patience(gone=4, restart=20, ticket=30, empty=10, unchecked=60, look=30)
ADA, BOB, EVE = (Identity(UUID(int=n), UUID(int=n + 100)) for n in (1, 2, 3))
NOBODY: frozenset[Identity] = frozenset()


def actor(who: Identity) -> Actor:
    return Actor(ActorKind.AGENT, who.person_id, who.person_id, who.device_id, who.device_id)


def test_who_is_seen_first_arrived() -> None:
    assert Watched(PATIENCE).weigh(0, known={ADA}, present={ADA, BOB}).arrived == [BOB]


def test_who_reloads_never_left() -> None:
    watched = Watched(PATIENCE)
    assert watched.weigh(0, known={ADA, BOB}, present={ADA}).left == []
    assert watched.weigh(3.9, known={ADA, BOB}, present={ADA, BOB}).left == []
    assert watched.weigh(5, known={ADA, BOB}, present={ADA}).left == []


def test_who_stays_away_left() -> None:
    watched = Watched(PATIENCE)
    watched.weigh(0, known={ADA, BOB}, present={ADA})
    assert watched.weigh(4, known={ADA, BOB}, present={ADA}).left == [BOB]


def test_who_asked_for_a_ticket_is_awaited() -> None:
    watched = Watched(PATIENCE)
    watched.weigh(0, known={ADA, BOB}, present={ADA})
    watched.expect(BOB, 2)
    assert watched.weigh(20, known={ADA, BOB}, present={ADA}).left == []
    assert watched.weigh(33, known={ADA, BOB}, present={ADA}).left == [BOB]


def test_after_a_restart_of_the_media_server_everybody_has_longer() -> None:
    watched = Watched(PATIENCE)
    watched.note_room("RM_1", 0)
    watched.note_room("RM_2", 100)
    assert watched.weigh(100, known={ADA, BOB}, present=NOBODY).left == []
    assert watched.weigh(119, known={ADA, BOB}, present={ADA}).left == []
    verdict = watched.weigh(120, known={ADA, BOB}, present={ADA})
    assert (verdict.left, verdict.deserted) == ([BOB], False)


def test_a_room_that_is_gone_is_a_restart_too_but_only_once() -> None:
    watched = Watched(PATIENCE)
    watched.note_room("RM_1", 0)
    for at in range(100, 120, 2):
        watched.note_room("", at)
        assert watched.weigh(at, known={ADA}, present=NOBODY).left == []
    watched.note_room("", 120)
    assert watched.weigh(120, known={ADA}, present=NOBODY).left == [ADA]


def test_a_call_is_over_once_nobody_has_been_there_for_a_while() -> None:
    watched = Watched(PATIENCE)
    assert not watched.weigh(0, known=NOBODY, present=NOBODY).deserted
    assert not watched.weigh(9, known=NOBODY, present=NOBODY).deserted
    assert watched.weigh(10, known=NOBODY, present=NOBODY).deserted


def test_a_call_waits_for_whoever_has_a_ticket() -> None:
    watched = Watched(PATIENCE)
    watched.expect(ADA, 0)
    assert not watched.weigh(29, known=NOBODY, present=NOBODY).deserted
    assert not watched.weigh(30, known=NOBODY, present=NOBODY).deserted
    assert watched.weigh(40, known=NOBODY, present=NOBODY).deserted


def test_a_connection_that_never_passed_our_door_is_found() -> None:
    watched = Watched(PATIENCE)
    watched.actors[ADA] = actor(ADA)
    assert watched.weigh(0, known={ADA, BOB}, present={ADA, BOB}).unchecked == []
    assert watched.weigh(60, known={ADA, BOB}, present={ADA, BOB}).unchecked == [BOB]


def test_who_is_out_needs_another_ticket() -> None:
    watched = Watched(PATIENCE)
    watched.actors[ADA] = actor(ADA)
    watched.bar(ADA)
    assert ADA in watched.barred
    assert ADA not in watched.actors
    watched.expect(ADA, 1)
    assert ADA not in watched.barred


def test_a_room_that_seems_unchanged_is_left_alone_for_a_while() -> None:
    watched = Watched(PATIENCE)
    assert watched.is_due(0, known=2, devices=2)
    watched.weigh(0, known={ADA, BOB}, present={ADA, BOB})
    watched.actors.update({ADA: actor(ADA), BOB: actor(BOB)})
    watched.weigh(0, known={ADA, BOB}, present={ADA, BOB})
    assert not watched.is_due(29, known=2, devices=2)
    assert watched.is_due(1, known=2, devices=3)
    assert watched.is_due(30, known=2, devices=2)


looks = st.lists(
    st.tuples(
        st.floats(0, 30),
        st.frozensets(st.sampled_from([ADA, BOB, EVE])),
        st.sampled_from(["", "RM_1", "RM_2"]),
        st.none() | st.sampled_from([ADA, BOB, EVE]),
    ),
    max_size=30,
)


@given(looks)
def test_nobody_who_is_there_has_left_and_no_call_with_somebody_in_it_is_over(
    story: list[tuple[float, frozenset[Identity], str, Identity | None]],
) -> None:
    watched, known, at = Watched(PATIENCE), set[Identity](), 0.0
    absent_since: dict[Identity, float] = {}
    for pause, present, sid, expected in story:
        at += pause
        watched.note_room(sid, at)
        if expected is not None:
            watched.expect(expected, at)
        verdict = watched.weigh(at, known=known, present=present)
        absent_since = {i: absent_since.get(i, at) for i in known - present}
        assert not set(verdict.left) & present
        assert set(verdict.left) <= known
        assert set(verdict.arrived) == present - known
        assert all(at - absent_since[i] >= PATIENCE.gone for i in verdict.left)
        known = (known | set(verdict.arrived)) - set(verdict.left)
        assert not (verdict.deserted and (known or expected))
