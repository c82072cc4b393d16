"""Tokens: only ours, only now, only for this."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.meet.errors import HintRefused, TicketOver
from bastide.meet.tokens import Identity, Keys, identity_of, read_hint, read_ticket, ticket

KEYS = Keys("bastide", "s" * 64)
WHO = Identity(uuid4(), uuid4())
CALL = uuid4()


def now() -> datetime:
    return datetime.now(UTC)


def claims(**changes: Any) -> dict[str, Any]:
    at = int(now().timestamp())
    whole: dict[str, Any] = {
        "iss": KEYS.name,
        "sub": str(WHO),
        "nbf": at,
        "exp": at + 60,
        "video": {"roomJoin": True, "room": str(CALL)},
    }
    whole |= changes
    return {k: v for k, v in whole.items() if v is not None}


def signed(body: dict[str, Any], secret: str = KEYS.secret, algorithm: str = "HS256") -> str:
    return jwt.encode(body, secret, algorithm=algorithm)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_ticket_says_what_it_was_made_for() -> None:
    read = read_ticket(KEYS, ticket(KEYS, CALL, WHO, may_speak=True, now=now(), lasts=timedelta(seconds=60)))
    assert (read.call_id, read.identity) == (CALL, WHO)


def test_a_ticket_grants_what_the_rule_gives_and_nothing_beside() -> None:
    def grants(*, may_speak: bool) -> dict[str, Any]:
        token = ticket(KEYS, CALL, WHO, may_speak=may_speak, now=now(), lasts=timedelta(seconds=60))
        body = jwt.decode(token, options={"verify_signature": False})
        assert set(body) == {"iss", "sub", "nbf", "exp", "video"}
        assert body["exp"] - body["nbf"] == 60
        return body["video"]

    silent = {
        "roomJoin": True,
        "room": str(CALL),
        "canSubscribe": True,
        "canPublish": False,
        "canPublishData": False,
        "canUpdateOwnMetadata": False,
        "hidden": False,
    }
    assert grants(may_speak=False) == silent
    sources = ["microphone", "camera", "screen_share", "screen_share_audio"]
    assert grants(may_speak=True) == silent | {"canPublish": True, "canPublishSources": sources}


def not_tickets() -> list[str]:
    """Each wrong in one way only, at this moment."""
    return [
        "",
        "a.b.c",
        "é" * 20,
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims())}.",
        f"{part({'alg': 'None'})}.{part(claims())}.",
        f"{part({'alg': 'HS256'})}.{part(claims())}.",
        base64.urlsafe_b64encode(b"[" * 9000).decode() + "." + part(claims()) + ".xx",
        signed(claims(), secret="t" * 64),
        signed(claims(), algorithm="HS512"),
        signed(claims(exp=int(now().timestamp()) - 30)),
        signed(claims(exp=None)),
        signed(claims(nbf=int(now().timestamp()) + 30)),
        signed(claims(nbf=None)),
        signed(claims(iss="somebody")),
        signed(claims(iss=None)),
        signed(claims(sub=None)),
        signed(claims(sub=str(uuid4()))),
        signed(claims(sub=str(WHO).upper())),
        signed(claims(sub=f"{WHO}#screen")),
        signed(claims(video=None)),
        signed(claims(video={"roomJoin": True})),
        signed(claims(video={"roomJoin": True, "room": "lobby"})),
        signed(claims(video={"room": str(CALL)})),
        signed(claims(video={"roomJoin": "yes", "room": str(CALL)})),
    ]


@pytest.mark.parametrize("which", range(len(not_tickets())))
def test_what_is_not_a_ticket_of_ours_is_refused(which: int) -> None:
    read_ticket(KEYS, signed(claims()))
    with pytest.raises(TicketOver):
        read_ticket(KEYS, not_tickets()[which])


@given(st.text(max_size=200) | st.builds(".".join, st.lists(st.text(max_size=60), max_size=4)))
def test_any_text_is_refused_and_nothing_worse(token: str) -> None:
    with pytest.raises(TicketOver):
        read_ticket(KEYS, token)


@given(st.text(max_size=100))
def test_an_identity_is_ours_in_every_letter_or_not_at_all(text: str) -> None:
    found = identity_of(text)
    assert found is None or str(found) == text


def hint(body: bytes, **changes: Any) -> str:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return signed(claims(sub="", video=None, sha256=digest) | changes)


def test_a_hint_names_a_call() -> None:
    body = json.dumps({"event": "participant_left", "room": {"name": str(CALL)}}).encode()
    assert read_hint(KEYS, hint(body), body) == CALL


@pytest.mark.parametrize("body", [b"{}", b"{", b"[]", b'{"room":{"name":"lobby"}}', b'{"room":7}'])
def test_a_hint_about_no_call_of_ours_says_nothing(body: bytes) -> None:
    assert read_hint(KEYS, hint(body), body) is None


def test_a_hint_that_the_media_server_did_not_sign_is_refused() -> None:
    body = json.dumps({"room": {"name": str(CALL)}}).encode()
    ticket_of_somebody = ticket(KEYS, CALL, WHO, may_speak=True, now=now(), lasts=timedelta(seconds=60))
    for token in (
        "",
        "x",
        ticket_of_somebody,
        hint(b"another body"),
        hint(body, exp=1),
        hint(body, sha256=7),
    ):
        with pytest.raises(HintRefused):
            read_hint(KEYS, token, body)


def test_keys_do_not_show_their_secret() -> None:
    assert KEYS.secret not in repr(KEYS)
    assert KEYS.secret not in f"{KEYS}"


def test_identities_of_people_and_rooms_of_calls_are_uuids() -> None:
    assert identity_of(str(WHO)) == WHO
    assert identity_of(f"{WHO.person_id}") is None
    assert identity_of(f"{WHO}/{UUID(int=1)}") is None
