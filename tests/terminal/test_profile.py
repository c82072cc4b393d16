"""`./bastide profile` and `./bastide audit` on an instance that runs as `./bastide up` runs it."""

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest
import pytest_asyncio

from bastide.engines.postgres import EmbeddedPostgres, PostgresSettings
from bastide.hosting.model import RuleView
from bastide.settings import ROOT
from bastide.terminal.words import ENGLISH, FRENCH, Words, words_for
from tests.support.instance import Running, running
from tests.support.livekit import free_port
from tests.support.terminal import Forge, Said

# Calls are nobody's concern here: a LiveKit of somebody else that never answers spares building ours.
NO_CALLS = {
    "BASTIDE_LIVEKIT_URL": "http://127.0.0.1:9",
    "BASTIDE_LIVEKIT_KEY": "none",
    "BASTIDE_LIVEKIT_SECRET": "none",
}


class Terminal:
    """The machine's terminal, and the first administrator's window."""

    def __init__(self, instance: Running, window: httpx.AsyncClient, forge: Forge) -> None:
        self.instance = instance
        self.window = window
        self.forge = forge

    async def run(self, *words: str, lang: str = "C.UTF-8", data: Path | None = None) -> Said:
        return await self.forge.run(*words, "--data", str(data or self.instance.data), lang=lang)

    async def rule(self) -> dict[str, Any]:
        return (await self.window.get("/api/rule")).raise_for_status().json()


async def started(*words: str, lang: str = "C.UTF-8") -> Said:
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("BASTIDE_", "LC_", "LANG"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bastide.cli", *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**outside, "PYTHONPATH": str(ROOT / "src"), "LANG": lang},
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode is not None
    return Said(process.returncode, out.decode(), err.decode())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def terminal() -> AsyncGenerator[Terminal]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bastide-test-", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder), port, "--no-demo", environment=NO_CALLS, within=120) as instance:
            token = (await instance.until("  Begin here, once:")).rsplit("#", 1)[1]
            base = f"http://localhost:{port}"
            async with httpx.AsyncClient(base_url=base, headers={"origin": base}, timeout=20) as window:
                form = {
                    "token": token,
                    "organisation_name": "Préfecture de la Haute-Vézelle",
                    "organisation_short_name": "Haute-Vézelle",
                    "organisation_domain": "haute-vezelle.example",
                    "given_name": "Agathe",
                    "family_name": "Delorme",
                    "email": "agathe.delorme@haute-vezelle.example",
                    "password": "huit arcades sur la place",
                }
                (await window.post("/api/session/first", json=form)).raise_for_status()
                async with Forge(Path(folder)) as forge:
                    yield Terminal(instance, window, forge)


async def test_an_instance_of_which_nothing_is_said(terminal: Terminal) -> None:
    english, french = await terminal.run("profile"), await terminal.run("profile", lang="fr_FR.UTF-8")
    assert (english.status, french.status) == (0, 0), english.err + french.err
    assert english.out.count("Closed") == 4
    assert french.out.count("Fermé") == 4
    assert "Rien n’est déclaré\u00a0: tout est fermé jusque-là." in french.out
    assert max(map(len, french.out.splitlines())) <= 100


async def test_the_running_application_feels_it_within_two_seconds(terminal: Terminal) -> None:
    said = await terminal.run("profile", "hosting", "premises")
    ended = time.monotonic()
    assert said.status == 0, said.err
    assert re.search(r"Internal +Open", said.out)
    while (await terminal.rule())["profile"] is None:
        assert time.monotonic() - ended < 2
        await asyncio.sleep(0.05)
    declared = (await terminal.rule())["profile"]
    assert declared["profile"]["hosting"] == "premises"
    assert (declared["declaration"]["by"], declared["declaration"]["by_name"]) == (None, "")


async def test_all_that_can_be_declared(terminal: Terminal) -> None:
    for words in (
        ("hosting", "commercial", "--qualified", "--until", "2099-12-31"),
        ("reading", "circular-2023"),
        ("approval", "--authority", "La préfète", "--ceiling", "sensitive", "--since", "2026-01-01",
         "--until", "2028-12-31"),
        ("exception", "--authority", "Le ministre", "--offer-on", "2026-10-01"),
    ):  # fmt: skip
        said = await terminal.run("profile", *words)
        assert said.status == 0, said.err
    shown = await terminal.run("profile", "reading", "circular-2023", "--json")
    rule = msgspec.json.decode(shown.out, type=RuleView)
    assert rule.profile is not None
    assert (rule.profile.profile.qualified, rule.profile.profile.immune) == (True, False)
    assert rule.reading.reading == "circular-2023"
    assert rule.approval is not None
    assert rule.approval.approval.ceiling == "sensitive"
    (exception,) = rule.exceptions
    assert str(exception.ends_on) == "2027-10-01"
    printed = (await terminal.run("profile")).out
    assert str(exception.declaration.id) in printed, "as withdrawing asks for it"
    gone = await terminal.run("profile", "withdraw", "exception", str(exception.declaration.id))
    assert gone.status == 0, gone.err
    assert str(exception.declaration.id) not in gone.out
    assert (await terminal.run("profile", "withdraw", "approval")).status == 0
    await asyncio.sleep(2)
    rule_now = await terminal.rule()
    assert (rule_now["approval"], rule_now["exceptions"]) == (None, [])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("hosting", "premises", "--immune"), ENGLISH.wrong["qualified"]),
        (("hosting", "state", "--until", "2020-01-01"), ENGLISH.wrong["until"]),
        (("hosting", "state", "--until", "demain"), "is no day such as 2026-12-31"),
        (("hosting", "mars"), "invalid choice"),
        (("exception", "--authority", "X"), ENGLISH.wrong["authority"]),
        (("exception", "--authority", "Moi", "--ceiling", "restricted"), ENGLISH.wrong["ceiling"]),
        (("exception", "--authority", "Moi", "--granted-on", "2099-01-01"), ENGLISH.wrong["granted_on"]),
        (("withdraw", "exception", "00000000-0000-7000-8000-000000000001"), ENGLISH.unknown_declaration),
        (("withdraw", "approval"), ENGLISH.no_such_approval),
        (("approval", "--authority", "Moi", "--ceiling", "sensitive", "--since", "2026-01-01",
          "--until", "2030-01-01"), ENGLISH.wrong["until"]),
        (("approval", "--authority", "Moi"), "required"),
        (("secret",), "invalid choice"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_one_sentence(
    terminal: Terminal, words: tuple[str, ...], sentence: str
) -> None:
    said = await terminal.run("profile", *words)
    assert said.status == 1
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert not said.out


@pytest.mark.parametrize(
    ("words", "lang", "sentence"),
    [
        (("profile",), "fr_FR.UTF-8", "Aucune instance ne tourne sur"),
        (("profile", "hosting", "state"), "C.UTF-8", "No instance runs on"),
        (("audit", "verify"), "en_GB.UTF-8", "No instance runs on"),
    ],
)
async def test_where_nothing_runs(tmp_path: Path, words: tuple[str, ...], lang: str, sentence: str) -> None:
    said = await started(*words, "--data", str(tmp_path), lang=lang)
    assert (said.status, said.out) == (1, "")
    assert sentence in said.err
    assert said.err.count("\n") == 1


async def test_a_missed_review_is_told_as_overdue(terminal: Terminal) -> None:
    today = date.fromisoformat((await terminal.rule())["today"])
    approval = (
        *("profile", "approval", "--authority", "La préfète", "--ceiling", "sensitive"),
        *("--since", str(today - timedelta(days=400)), "--until", str(today + timedelta(days=300))),
    )
    for lang, words in (("fr_FR.UTF-8", FRENCH), ("C.UTF-8", ENGLISH)):
        assert (await terminal.run("profile", "hosting", "premises", lang=lang)).status == 0
        late = " ".join((await terminal.run(*approval, lang=lang)).out.split())
        stands = json.loads((await terminal.run("profile", "--json")).out)["approval"]
        due = words.day(date.fromisoformat(stands["review_by"]))
        assert " ".join(words.overdue.format(review=due).split()) in late
        assert " ".join(words.why["review-missed"].split()) in late
        made = " ".join((await terminal.run(*approval, "--reviewed-on", str(today), lang=lang)).out.split())
        assert words.overdue.split("{", maxsplit=1)[0] not in made
        opened = words.why["approved"].format(
            label=words.labels["sensitive"],
            authority="La préfète",
            until=words.day(today + timedelta(days=300)),
        )
        assert " ".join(f"{words.why['premises']} {opened}".split()) in made
    assert (await terminal.run("profile", "withdraw", "approval")).status == 0


async def test_the_audit_verifies_and_its_export_does_without_bastide(
    terminal: Terminal, tmp_path: Path
) -> None:
    assert (await terminal.run("profile", "reading", "sren-2024")).status == 0
    verdict = await terminal.run("audit", "verify")
    assert verdict.status == 0, verdict.err
    assert "the chain holds to the last" in verdict.out
    file = tmp_path / "audit.jsonl"
    said = await terminal.run("audit", "export", str(file), lang="fr_FR.UTF-8")
    assert said.status == 0, said.err
    assert file.stat().st_mode & 0o777 == 0o600
    again = await terminal.run("audit", "export", str(file))
    assert again.status == 1, "it takes nothing's place"
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    lines = [json.loads(one["line"]) for one in kept]
    declared = [line for line in lines if line["action"] == "hosting:declaration:make"]
    assert declared
    assert {line["person_id"] for line in declared} == {None}, "the operator"
    assert lines[-1]["detail"] == {"how": "export"}
    last = re.findall(r"[0-9a-f]{64}", said.out)
    assert last == [kept[-1]["hash"]]


async def test_what_is_declared_ahead_and_offered(terminal: Terminal) -> None:
    for words in (
        ("hosting", "commercial"),
        ("reading", "circular-2023"),
        ("approval", "--authority", "La préfète", "--ceiling", "sensitive", "--since", "2026-01-01",
         "--until", "2028-12-31", "--reviewed-on", "2026-11-01"),
        ("approval", "--authority", "La préfète", "--ceiling", "sensitive", "--since", "2029-01-01",
         "--until", "2031-12-31"),
        ("exception", "--authority", "Le ministre"),
        ("offer", "2026-10-01"),
    ):  # fmt: skip
        said = await terminal.run("profile", *words, lang="fr_FR.UTF-8")
        assert said.status == 0, said.err
    assert "Ensuite\u00a0: Jusqu’au label Sensible" in said.out
    assert "Une offre acceptable existe depuis le 1er octobre 2026" in said.out
    refused = await terminal.run("profile", "exception", "--authority", "Moi", "--until", "2099-01-01")
    assert ENGLISH.wrong["until"] in refused.err
    refused = await terminal.run("profile", "exception", "--authority", "Moi", "--offer-on", "2020-01-01")
    assert ENGLISH.wrong["offer_on"] in refused.err
    assert (await terminal.run("profile", "withdraw", "approval", "--next")).status == 0
    again = await terminal.run("profile", "withdraw", "approval", "--next")
    assert ENGLISH.no_such_approval in again.err
    assert (await terminal.run("profile", "withdraw", "offer")).status == 0
    assert ENGLISH.no_such_offer in (await terminal.run("profile", "withdraw", "offer")).err


async def test_an_officer_is_named_at_the_machine(terminal: Terminal) -> None:
    unknown = await terminal.run("officer", "nobody@haute-vezelle.example")
    assert (unknown.status, unknown.out) == (1, "")
    said = await terminal.run("officer", "agathe.delorme@haute-vezelle.example")
    assert said.status == 0, said.err
    assert "security officer" in said.out
    assert (await terminal.window.get("/api/session")).json()["officer"]


async def test_a_lost_administrator_begins_anew(terminal: Terminal) -> None:
    """Last but one in this file: who administers is signed out by it."""
    unknown = await terminal.run("administrator", "nobody@haute-vezelle.example")
    assert (unknown.status, unknown.out) == (1, "")
    assert "nobody@haute-vezelle.example" in unknown.err
    assert (await terminal.run("administrator")).status == 1
    said = await terminal.run("administrator", "agathe.delorme@haute-vezelle.example", lang="fr_FR.UTF-8")
    assert said.status == 0, said.err
    assert "24 heures" in said.out
    [token] = re.findall(r"/reset#([0-9a-f]{64})", said.out)
    assert token not in (terminal.instance.data / "logs" / "app.log").read_text()
    form = {"token": token, "password": "six platanes au bord de l’eau"}
    answer = await terminal.window.post("/api/reset/accept", json=form)
    assert answer.status_code == 200, answer.text
    assert answer.json()["administrator"]
    assert (await terminal.window.post("/api/reset/accept", json=form)).status_code == 404
    proof = {"x-csrf": answer.json()["csrf"]}
    assert (await terminal.window.post("/api/administration/session", headers=proof)).status_code == 200
    steps = (await terminal.window.get("/api/audit", params={"action": "people:password:reset"})).json()
    assert [line["detail"]["step"] for line in steps["lines"]] == ["anew", "made"]


async def test_a_kept_hash_is_asked_for_and_a_broken_chain_is_one_answer(
    terminal: Terminal, tmp_path: Path
) -> None:
    """Last: it leaves the chain broken."""
    first = await terminal.run("audit", "verify")
    (kept,) = re.findall(r"[0-9a-f]{64}", first.out)
    there = await terminal.run("audit", "verify", "--last", kept.upper())
    assert (there.status, "The kept hash is that of line" in there.out) == (0, True), there.err
    gone = await terminal.run("audit", "verify", "--last", "0" * 64)
    assert (gone.status, ENGLISH.kept_gone in gone.out) == (1, True)
    wrong = await terminal.run("audit", "verify", "--last", "demain")
    assert (wrong.status, wrong.err.count("\n"), ENGLISH.no_hash in wrong.err) == (1, 1, True)
    file = tmp_path / "kept.jsonl"
    assert (await terminal.run("audit", "export", str(file))).status == 0
    same = await terminal.run("audit", "verify", "--from-export", str(file))
    assert (same.status, "The kept hash is that of line" in same.out) == (0, True), same.err
    for other in (tmp_path / "none", tmp_path):
        assert (await terminal.run("audit", "verify", "--from-export", str(other))).status == 1
    async with await psycopg.AsyncConnection.connect(_database(terminal)) as connection:
        await connection.execute(
            "update audit_head set seq = 2, hash = (select hash from audit where seq = 2)"
        )
    broken = await terminal.run("audit", "verify")
    assert (broken.status, "The chain does not hold" in broken.out) == (1, True), broken.err
    assert ENGLISH.not_noted in broken.out
    assert "Traceback" not in broken.err
    assert (await terminal.run("audit", "export", str(tmp_path / "evidence.jsonl"))).status == 0
    # What must be recorded is not done, and it is not the database that is to blame.
    refused = await terminal.run("profile", "hosting", "state")
    assert (refused.status, ENGLISH.chain_closed in refused.err) == (1, True), refused.err


def _database(terminal: Terminal) -> str:
    data = terminal.instance.data
    settings = PostgresSettings(home=data / "postgres", run=data / "run", log=data / "logs" / "postgres.log")
    return EmbeddedPostgres(settings).url


def test_the_words_are_those_of_the_window() -> None:
    words: Words
    for words, language in ((FRENCH, "fr"), (ENGLISH, "en")):
        folder = ROOT / "web" / "src" / "core" / "i18n" / language
        said = json.loads((folder / "rule.json").read_text())
        assert words.why == {name: _filled(text) for name, text in said["why"].items()}
        assert words.then == said["then"]
        assert words.states == said["state"]
        assert words.binds == said["binds"]
        assert words.review == _filled(said["approval"]["review"])
        assert words.overdue.startswith(_filled(said["approval"]["overdue"]))
        assert words.hostings == {name: said["profile"][name] for name in words.hostings}
        assert words.reading_texts == {name: said["reading"][f"{name}Text"] for name in words.readings}
        assert words.readings == {name: said["reading"][name] for name in words.readings}
        assert words.labels == json.loads((folder / "ui.json").read_text())["label"]


def _filled(text: str) -> str:
    """A sentence of the window with its places written as the terminal writes them."""
    return text.replace("{{", "{").replace("}}", "}")


def test_a_locale_is_read_as_posix_has_it() -> None:
    assert words_for({"LANG": "fr_FR.UTF-8"}) is FRENCH
    assert words_for({"LANG": "fr_FR.UTF-8", "LC_ALL": "C.UTF-8"}) is ENGLISH
    assert words_for({"LANG": "fr_CA"}) is FRENCH
    assert words_for({}) is ENGLISH
