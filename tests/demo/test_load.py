import itertools
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bastide.demo import days, parse
from bastide.demo import load as loading
from bastide.demo.load import CONTENT, MAIN_AGENT, day_to_load, load
from bastide.demo.model import Demo, DemoContentError, MessageSpec

TODAYS = [
    date(2026, 3, 9),  # a Monday
    date(2026, 3, 10),
    date(2026, 3, 15),  # a Sunday
    date(2026, 3, 30),  # the day after the clocks change
    date(2026, 5, 26),  # after the month of holidays
    date(2026, 12, 26),
    date(2027, 1, 1),
    date(2028, 2, 29),
]
TUESDAY = date(2026, 3, 10)


@pytest.fixture(scope="module", params=TODAYS, ids=str)
def demo(request: pytest.FixtureRequest) -> Demo:
    return load(request.param)


@pytest.fixture(scope="module")
def tuesday() -> Demo:
    return load(TUESDAY)


def _channels(demo: Demo) -> dict[str, list[MessageSpec]]:
    talk: dict[str, list[MessageSpec]] = defaultdict(list)
    for message in demo.messages:
        talk[message.channel].append(message)
    return talk


def test_there_is_enough_of_everything(tuesday: Demo) -> None:
    assert len(tuesday.organisations) == 2
    by_organisation = Counter(agent.organisation for agent in tuesday.agents)
    assert (by_organisation["prefecture"], by_organisation["ambrelle"]) == (38, 24)
    assert 24 <= sum(agent.portrait is not None for agent in tuesday.agents) <= 30
    assert len(tuesday.spaces) >= 12
    assert {space.label for space in tuesday.spaces} == {"public", "internal", "sensitive", "restricted"}
    assert {space.kind for space in tuesday.spaces} == {"team", "community"}
    assert 900 <= len(tuesday.messages) <= 1500
    assert len(tuesday.files) >= 40
    assert len(tuesday.directs) >= 12
    assert any(len(direct.members) > 2 for direct in tuesday.directs)
    assert {m.role for space in tuesday.spaces for m in space.members} == {"reader", "contributor", "manager"}
    assert len({space.tools for space in tuesday.spaces}) > 1
    assert sum(message.edited_at is not None for message in tuesday.messages) >= 5
    assert sum(message.deleted_at is not None for message in tuesday.messages) >= 3
    assert max(len(agent.name) for agent in tuesday.agents) >= 90
    assert max(len(file.name) for file in tuesday.files) >= 150
    assert max(len(message.text) for message in tuesday.messages) > 2000
    assert {message.author for message in tuesday.messages} == {agent.key for agent in tuesday.agents}


def test_spaces_bring_the_two_administrations_together(tuesday: Demo) -> None:
    of = {agent.key: agent.organisation for agent in tuesday.agents}
    shared = [s for s in tuesday.spaces if len({of[m.agent] for m in s.members}) == 2]
    assert len(shared) >= 5
    assert {space.label for space in shared} >= {"public", "internal", "sensitive"}


def test_five_to_six_weeks_up_to_this_morning(demo: Demo) -> None:
    first, last = demo.messages[0].at, demo.messages[-1].at
    assert timedelta(weeks=5) <= last - first <= timedelta(weeks=7)
    assert last.date() == demo.day == days.anchor(demo.today)
    assert last.time() < time(9, 40)


def test_nothing_happens_after_the_demo_was_made(demo: Demo) -> None:
    latest = datetime.combine(demo.day, time(9, 40), ZoneInfo("Europe/Paris"))
    moments = [m.at for m in demo.messages]
    moments += [at for m in demo.messages for at in (m.edited_at, m.deleted_at) if at]
    moments += [f.at for f in demo.files] + [s.created for s in demo.spaces]
    assert max(moments) < latest
    assert all(moment.tzinfo is not None for moment in moments)


def test_talk_goes_forward_on_working_days(demo: Demo) -> None:
    for channel, messages in _channels(demo).items():
        assert all(a.at < b.at for a, b in itertools.pairwise(messages)), channel
        assert all(days.is_working(m.at.date()) for m in messages), channel
        created = {space.key: space.created for space in demo.spaces}.get(channel.partition("/")[0])
        assert created is None or created < messages[0].at, channel


def test_changes_come_after_what_they_change(demo: Demo) -> None:
    for message in demo.messages:
        assert (message.edited_at is None) == (message.first_text is None)
        assert message.first_text != message.text
        assert message.edited_at is None or message.edited_at > message.at
        assert message.deleted_at is None or message.deleted_at > message.at


def test_who_writes_may_write(demo: Demo) -> None:
    may = {c.key: {m.agent for m in s.members if m.role != "reader"} for s in demo.spaces for c in s.channels}
    may |= {direct.channel: set(direct.members) for direct in demo.directs}
    for message in demo.messages:
        assert message.author in may[message.channel], message.key
    spaces = {space.key: space for space in demo.spaces}
    for file in demo.files:
        if file.space in spaces:
            assert "files" in spaces[file.space].tools
            assert any(m.agent == file.by and m.role != "reader" for m in spaces[file.space].members)


def test_keys_are_unique_and_do_not_depend_on_the_day(demo: Demo, tuesday: Demo) -> None:
    for there, here in (
        (demo.messages, tuesday.messages),
        (demo.files, tuesday.files),
        (demo.agents, tuesday.agents),
    ):
        keys = [thing.key for thing in there]
        assert len(set(keys)) == len(keys)
        assert sorted(keys) == sorted(thing.key for thing in here)


def test_attachments_and_replies_lead_somewhere(demo: Demo) -> None:
    files = {file.key: file for file in demo.files}
    messages = {message.key: message for message in demo.messages}
    for message in demo.messages:
        for key in message.attachments:
            assert files[key].message == message.key
            assert (files[key].by, files[key].at) == (message.author, message.at)
            assert message.channel.startswith(files[key].space + "/")
        if message.reply_to:
            assert messages[message.reply_to].channel == message.channel
            assert messages[message.reply_to].at < message.at
    assert sum(file.message is None for file in demo.files) >= 3
    assert any(message.reply_to for message in demo.messages)


def test_same_day_same_demo() -> None:
    assert load(TUESDAY) == load(TUESDAY)


def test_a_day_off_shows_the_last_working_day() -> None:
    friday, sunday = load(date(2026, 3, 13)), load(date(2026, 3, 15))
    assert friday.messages == sunday.messages


def test_every_file_of_talk_belongs_to_a_space(tuesday: Demo) -> None:
    names = {path.stem for path in (CONTENT / "conversations").glob("*.txt")} - {"directs"}
    assert names <= {space.key for space in tuesday.spaces}
    silent = {s.key for s in tuesday.spaces} - {m.channel.partition("/")[0] for m in tuesday.messages}
    assert silent == {"college-tilleuls"}  # the empty state, on purpose
    channels = {c.key for s in tuesday.spaces for c in s.channels if s.key not in silent}
    assert channels <= set(_channels(tuesday))


def test_the_main_agent_has_something_to_read(demo: Demo) -> None:
    talk = _channels(demo)
    unread: dict[str, int] = {}
    for mark in demo.read_marks:
        if mark.agent == MAIN_AGENT:
            keys = [m.key for m in talk[mark.channel]]
            after = talk[mark.channel][keys.index(mark.message) + 1 :]
            assert all(m.author != MAIN_AGENT for m in after), mark.channel
            unread[mark.channel] = len(after)
    assert unread["plan-inondation/veille-crues"] == 2
    assert unread["emploi-jeunes/general"] == 1
    assert unread["direct-delorme-diarra/direct"] == 1
    assert 5 <= sum(count > 0 for count in unread.values()) <= 12
    hers = {c.key for s in demo.spaces for c in s.channels if any(m.agent == MAIN_AGENT for m in s.members)}
    assert {channel for channel in talk if channel in hers} <= set(unread)


def test_read_marks_belong_to_members(demo: Demo) -> None:
    members = {c.key: {m.agent for m in s.members} for s in demo.spaces for c in s.channels}
    members |= {direct.channel: set(direct.members) for direct in demo.directs}
    seen = [(mark.agent, mark.channel) for mark in demo.read_marks]
    assert len(set(seen)) == len(seen)
    assert all(agent in members[channel] for agent, channel in seen)


def test_levels_in_talk_are_those_of_the_readings(demo: Demo) -> None:
    source = next(f.recipe.series for f in demo.files if f.name.startswith("Relevés de la Vézelle"))
    said = re.compile(r"(Pont-Lévy|Montrevel|Castelbrac) (\d,\d\d)")
    known = {series.name: series for series in source}
    checked = 0
    for message in demo.messages:
        hour = re.search(r"Relevé de (\d+)\u202fh(?:\u202f(\d\d))?", message.text)
        if message.channel == "plan-inondation/veille-crues" and hour:
            at = datetime.combine(message.at.date(), time(int(hour[1]), int(hour[2] or 0)), message.at.tzinfo)
            for name, value in said.findall(message.text):
                assert f"{known[name].value(at):.2f}" == value.replace(",", "."), message.key
                checked += 1
    assert checked >= 60


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 10, 8, 39, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 3, 10, 8, 40, tzinfo=UTC), date(2026, 3, 10)),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_the_day_to_load_holds_no_future(now: datetime, expected: date) -> None:
    assert day_to_load(now) == expected
    demo = load(day_to_load(now))
    assert max(message.at for message in demo.messages) <= now


def test_another_time_zone_keeps_the_hours_on_the_wall() -> None:
    there = load(TUESDAY, "Indian/Reunion")
    assert {m.at.time() for m in there.messages} == {m.at.time() for m in load(TUESDAY).messages}
    assert there.messages[0].at.utcoffset() == timedelta(hours=4)


def _spoil(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, old: str, new: str) -> None:
    copy = tmp_path / "content"
    for path in CONTENT.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(CONTENT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(loading, "CONTENT", copy)


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("conversations/budget.txt", "08:45 keita", "08:45 payet", "may not write"),
        ("conversations/budget.txt", "08:45 keita", "08:45 rouviere", "may not write"),  # a reader there
        ("conversations/budget.txt", "08:45 keita", "23:45 keita", "out of hours"),
        ("conversations/budget.txt", "08:45 keita", "09:59 keita", "backwards"),
        ("conversations/budget.txt", "# investissement", "# investissements", "unknown channel"),
        ("conversations/budget.txt", "Note de cadrage budgétaire", "Note de cadrage", "no such file"),
        ("conversations/budget.txt", "{J-16} au soir", "{J-16 soir} au soir", "form of day"),
        ("conversations/budget.txt", "08:45 keita |", "08:45 keita >rien |", "unknown message"),
        ("conversations/budget.txt", "08:45 keita |", "8h45 keita :", "not understood"),
        (
            "conversations/plan-inondation.txt",
            "09:16 kerbrat | J'y",
            "09:50 kerbrat | J'y",
            "after this morning",
        ),
        ("conversations/directs.txt", "# delorme diarra", "# delorme inconnu", "of whom"),
        ("files.toml", 'source = "lits.txt"', 'sauce = "lits.txt"', "files.toml"),
        ("files.toml", 'by = "marchand"', 'by = "payet"', "may not write"),
        ("spaces.toml", 'label = "restricted"', 'label = "secret"', "spaces.toml"),
        ("spaces.toml", '"delorme", "diarra"]', '"delorme", "personne"]', "unknown agent"),
        ("people.toml", 'key = "diarra"', 'key = "delorme"', "share a key"),
    ],
)
def test_a_text_that_contradicts_itself_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, old: str, new: str, why: str
) -> None:
    _spoil(monkeypatch, tmp_path, name, old, new)
    with pytest.raises(DemoContentError, match=why):
        load(TUESDAY)


def test_the_marks_of_a_conversation_are_understood() -> None:
    text = """# un canal
; remarque
J-2
08:47 auvray #pompe | Première ligne
  deuxième ligne

  après un blanc
  + Carte.png
08:52 delorme >pompe | Oui
  ~ 08:55 | Oui, sur le principe
  - et une suite
  x 09:00
-- lu par delorme
"""
    got = parse.conversation("essai.txt", text)
    first, second = got.said
    assert first.text == "Première ligne\ndeuxième ligne\n\naprès un blanc"
    assert (first.day, first.clock, first.name, first.files) == (-2, time(8, 47), "pompe", ["Carte.png"])
    assert (second.reply, second.edited, second.deleted) == ("pompe", time(8, 55), time(9, 0))
    assert second.edited_text == "Oui, sur le principe\n- et une suite"
    assert [(read.agent, read.index) for read in got.read] == [("delorme", 1)]
