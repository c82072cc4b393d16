"""A manager takes a space away, all of it and nothing of others', as long as they may, and no longer."""

import asyncio
import gc
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from bastide.chat.model import NewMessage
from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.errors import NotFound, Problem, Refused
from bastide.core.policy import Actor, Hosting, Label, Role, Tool
from bastide.export.errors import ExportRunning, SessionOver
from bastide.files.model import FileView
from bastide.spaces.model import LabelRaise, SpaceChange
from tests.support.hosting import declare
from tests.support.served import Served
from tests.support.town import Town, strong

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\" ' &amp;"
PIECE = 256 << 10


async def put(town: Town, actor: Actor, space: UUID, name: str, data: bytes, times: int = 1) -> FileView:
    async def stream() -> AsyncIterator[bytes]:
        for _ in range(times):
            yield data

    return await town.house.files.upload(actor, space, Plain(name), town.house.ground.ids.new(), stream())


async def fetched(town: Town, actor: Actor, space: UUID) -> zipfile.ZipFile:
    ticket = await town.house.exports.prepare(actor, space, "fr")
    outgoing = await town.house.exports.fetch(actor, space, ticket.id)
    made = zipfile.ZipFile(io.BytesIO(b"".join([piece async for piece in outgoing.pieces])))
    assert made.testzip() is None
    return made


def inside(made: zipfile.ZipFile, end: str) -> str:
    return made.read(next(n for n in made.namelist() if n.endswith(end))).decode()


def rows(made: zipfile.ZipFile, end: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in inside(made, end).splitlines()]


async def lines(town: Town) -> list[dict[str, Any]]:
    await town.house.ground.audit.flush()
    found = [msgspec.json.decode(bytes(r.line)) async for r in town.house.ground.audit.lines()]
    return [line for line in found if line["action"] == "spaces:space:export"]


async def test_all_that_a_space_holds(town: Town) -> None:
    own = await town.space(
        town.agathe, name="Plan ../ <b>inondation</b>", contributors=[town.ousmane], readers=[town.guest]
    )
    space, channel = own.space.id, await town.channel(town.agathe, own.space.id)
    await town.say(town.ousmane, channel, HOSTILE)
    deleted = await town.say(town.ousmane, channel, "à oublier")
    await town.house.chat.delete(town.ousmane, deleted.id)
    note = await put(town, town.agathe, space, "../../etc/<passwd>.txt", b"une note")
    await put(town, town.agathe, space, "note.txt", b"une autre")
    await town.house.chat.send(
        town.agathe, channel, NewMessage(town.house.ground.ids.new(), Plain("voici"), [note.id])
    )
    # What a tool that is switched off keeps, is there too.
    await town.house.spaces.change(town.agathe, space, SpaceChange(tools=[Tool.FILES]))
    made = await fetched(town, town.agathe, space)
    root = "Plan .._ _b_inondation__b_ 2026-03-10"
    names = made.namelist()
    assert all(n.startswith(f"{root}/") and ".." not in n.split("/") for n in names), names
    assert {n.removeprefix(f"{root}/").split("/")[0] for n in names} == {
        "LISEZMOI.txt",
        "README.txt",
        "espace.json",
        "membres.html",
        "membres.jsonl",
        "discussion",
        "messages.jsonl",
        "fichiers.html",
        "fichiers.jsonl",
        "fichiers",
    }
    page = inside(made, "01 général.html")
    assert "<script" not in page
    assert "onerror=alert(2)&gt;" in page
    assert "<img" not in page
    assert "à oublier" not in page
    assert "Message supprimé." in page
    assert "default-src 'none'" in page
    assert "Interne" in page
    said = rows(made, "messages.jsonl")
    assert [(m["ordinal"], m["text"]) for m in said] == [(1, HOSTILE), (2, ""), (3, "voici")]
    assert said[0]["author"]["name"] == "Ousmane Diarra"
    stored = rows(made, "fichiers.jsonl")
    for row in stored:
        data = made.read(f"{root}/{row['path']}")
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
    assert sorted(r["name"] for r in stored) == ["<passwd>.txt", "note.txt"]
    assert said[2]["files"][0]["path"] == next(r["path"] for r in stored if r["id"] == str(note.id))
    assert {(m["person"]["name"], m["role"]) for m in rows(made, "membres.jsonl")} == {
        ("Agathe Delorme", "manager"),
        ("Ousmane Diarra", "contributor"),
        ("Julie Vasseur", "reader"),
    }
    steps = [line["detail"]["step"] for line in await lines(town)]
    assert steps == ["begun", "done"]
    assert "Plan" not in str(await lines(town)), "the audit holds no content"


async def test_files_keep_their_names_where_their_tool_is_off(town: Town) -> None:
    own = await town.space(town.agathe)
    channel = await town.channel(town.agathe, own.space.id)
    note = await put(town, town.agathe, own.space.id, "note.txt", b"une note")
    await town.house.chat.send(
        town.agathe, channel, NewMessage(town.house.ground.ids.new(), Plain("voici"), [note.id])
    )
    await town.house.spaces.change(town.agathe, own.space.id, SpaceChange(tools=[Tool.CHAT]))
    made = await fetched(town, town.agathe, own.space.id)
    named = rows(made, "messages.jsonl")[0]["files"][0]
    assert named["name"] == "note.txt"
    assert [n for n in made.namelist() if n.endswith(named["path"])]


async def test_nothing_that_waits_for_its_message(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])

    async def stream() -> AsyncIterator[bytes]:
        yield b"pas encore"

    await town.house.files.upload(
        town.ousmane,
        own.space.id,
        Plain("brouillon.txt"),
        town.house.ground.ids.new(),
        stream(),
        waiting=True,
    )
    made = await fetched(town, town.agathe, own.space.id)
    assert not [n for n in made.namelist() if "brouillon" in n]
    assert rows(made, "fichiers.jsonl") == []


async def test_who_may_take_it(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane, town.guest])
    exports = town.house.exports
    for actor, error in ((town.ousmane, Refused), (town.guest, Refused), (town.solene, NotFound)):
        with pytest.raises(error):
            await exports.prepare(actor, own.space.id, "fr")
    direct = await town.house.spaces.direct(town.agathe, [town.ousmane.person_id])
    with pytest.raises(Refused) as refusal:
        await exports.prepare(town.agathe, direct.space.id, "fr")
    assert refusal.value.rule == "space-kind"
    restricted = await town.space(town.agathe, label=Label.RESTRICTED)
    with pytest.raises(Refused) as refusal:
        await exports.prepare(town.agathe, restricted.space.id, "fr")
    assert (refusal.value.rule, refusal.value.ways) == ("strong-sign-in", ["add-passkey"])
    made = await fetched(town, strong(town.agathe), restricted.space.id)
    assert "Diffusion restreinte" in inside(made, "LISEZMOI.txt")


async def test_it_is_the_way_out_of_what_may_be_held_no_longer(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE)
    channel = await town.channel(town.agathe, own.space.id)
    await town.say(town.agathe, channel, "à emporter")
    await put(town, town.agathe, own.space.id, "note.txt", b"une note")
    await declare(town.house, Hosting.COMMERCIAL)
    with pytest.raises(Refused):
        await town.house.chat.history(town.agathe, channel)
    made = await fetched(town, town.agathe, own.space.id)
    assert [m["text"] for m in rows(made, "messages.jsonl")] == ["à emporter"]
    assert b"une note" in {made.read(n) for n in made.namelist()}


async def test_a_ticket_is_for_one_fetch_of_one_session(town: Town) -> None:
    own, other = await town.space(town.agathe), await town.space(town.agathe)
    exports, clock = town.house.exports, town.house.ground.clock
    assert isinstance(clock, HeldClock)
    ticket = await exports.prepare(town.agathe, own.space.id, "fr")
    elsewhere = await town.signed_in(town.agathe.person_id)
    for actor, space, wanted in (
        (elsewhere, own.space.id, ticket.id),
        (town.agathe, other.space.id, ticket.id),
        (town.agathe, own.space.id, UUID(int=7)),
    ):
        with pytest.raises(NotFound):
            await exports.fetch(actor, space, wanted)
    outgoing = await exports.fetch(town.agathe, own.space.id, ticket.id)
    with pytest.raises(NotFound):
        await exports.fetch(town.agathe, own.space.id, ticket.id)
    first = await anext(outgoing.pieces)
    assert first
    await outgoing.pieces.aclose()
    late = await exports.prepare(town.agathe, own.space.id, "fr")
    clock.advance(timedelta(minutes=3))
    with pytest.raises(NotFound):
        await exports.fetch(town.agathe, own.space.id, late.id)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("removed", NotFound),
        ("demoted", Refused),
        ("signed out", SessionOver),
        ("raised", Refused),
    ],
)
async def test_it_stops_at_the_next_chunk(town: Town, how: str, error: type[Problem]) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, managers=[town.ousmane])
    space, spaces = own.space.id, town.house.spaces
    await put(town, town.agathe, space, "gros.bin", bytes(PIECE), times=40)
    actor = await town.signed_in(town.ousmane.person_id)
    ticket = await town.house.exports.prepare(actor, space, "fr")
    outgoing = await town.house.exports.fetch(actor, space, ticket.id)
    got = 0
    while got < 4 * PIECE:
        got += len(await anext(outgoing.pieces))
    with pytest.raises(ExportRunning):
        await town.house.exports.prepare(actor, space, "fr")
    if how == "removed":
        await spaces.remove_member(town.agathe, space, actor.person_id)
    elif how == "demoted":
        await spaces.change_role(town.agathe, space, actor.person_id, Role.CONTRIBUTOR)
    elif how == "raised":
        await town.house.labels.raise_label(strong(town.agathe), space, LabelRaise(Label.RESTRICTED))
    else:
        await town.house.people.sign_out(actor)
    with pytest.raises(error):
        await anext(outgoing.pieces)
    told = await lines(town)
    stopped = [line["detail"] for line in told if line["detail"].get("step") == "stopped"]
    assert [d["because"] for d in stopped] == [error.code]
    assert int(stopped[0]["sent"]) == got


async def test_windows_hear_how_far_it_is_and_a_cut_download_is_no_zip(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe, managers=[town.ousmane])
    space = own.space.id
    await put(town, town.agathe, space, "gros.bin", bytes(PIECE), times=80)
    window = await served.window(town.ousmane)
    wire = await window.socket()
    ticket = (await window.post(f"/api/spaces/{space}/exports")).json()
    assert (ticket["files"], ticket["size"], ticket["name"].endswith(".zip")) == (1, 80 * PIECE, True)
    path = f"/api/spaces/{space}/exports/{ticket['id']}"
    answer = await window.get(path)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    done = await wire.first(
        lambda f: f["t"] == "fleeting" and f["e"].get("type") == "export.moved" and f["e"]["state"] == "done"
    )
    assert (done["e"]["export_id"], done["e"]["share"], done["e"]["sent"]) == (
        ticket["id"],
        1.0,
        len(answer.content),
    )
    # Removed while it comes in: the connection breaks off, and nothing takes it for a whole one.
    ticket = (await window.post(f"/api/spaces/{space}/exports")).json()
    got = bytearray()
    with pytest.raises(httpx.RemoteProtocolError):  # noqa: PT012 - it breaks off somewhere within
        async with window.http.stream("GET", f"/api/spaces/{space}/exports/{ticket['id']}") as coming:
            async for chunk in coming.aiter_raw():
                if not got:
                    await town.house.spaces.remove_member(town.agathe, space, town.ousmane.person_id)
                got += chunk
    assert len(got) < 40 * PIECE
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(bytes(got)))
    stopped = await wire.first(
        lambda f: (
            f["t"] == "fleeting" and f["e"].get("type") == "export.moved" and f["e"]["state"] == "stopped"
        )
    )
    assert stopped["e"]["because"] == "not-found"


async def test_who_goes_away_leaves_nothing_running(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe)
    space = own.space.id
    await put(town, town.agathe, space, "gros.bin", bytes(PIECE), times=80)
    window = await served.window(town.agathe)
    ticket = (await window.post(f"/api/spaces/{space}/exports")).json()
    async with window.http.stream("GET", f"/api/spaces/{space}/exports/{ticket['id']}") as coming:
        await anext(coming.aiter_raw())
    async with asyncio.timeout(5):
        while town.house.exports._running:
            gc.collect()
            await asyncio.sleep(0.02)
    assert (await window.post(f"/api/spaces/{space}/exports")).status_code == 201


def resident() -> int:
    """This process's memory, in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) << 10
    raise AssertionError


async def test_memory_stays_flat(town: Town) -> None:
    """20,000 messages and a file of 300 MB: what is held at any moment is a page of rows and a chunk."""
    own = await town.space(town.agathe, contributors=[town.ousmane])
    space, channel = own.space.id, await town.channel(town.agathe, own.space.id)
    ids = town.house.ground.ids
    many = 20_000
    async with town.house.ground.database.transaction() as tx:
        await tx.run(
            """
            insert into message (channel_id, ordinal, id, author_id, client_id, format, body, sent_at)
            select %(channel)s, n, i, %(author)s, k, 0, convert_to(repeat('La cote monte. ', 20) || n, 'utf8'),
                   %(at)s
            from unnest(%(ids)s::uuid[], %(keys)s::uuid[]) with ordinality as new (i, k, n)
            """,
            channel=channel,
            author=town.ousmane.person_id,
            ids=[ids.new() for _ in range(many)],
            keys=[ids.new() for _ in range(many)],
            at=town.house.ground.clock.now(),
        )
        await tx.run("update channel set last_ordinal = %(n)s where id = %(c)s", n=many, c=channel)
    size = 300 << 20
    await put(town, town.agathe, space, "film.bin", bytes(1 << 20), times=300)
    ticket = await town.house.exports.prepare(town.agathe, space, "fr")
    assert (ticket.messages, ticket.files, ticket.size) == (many, 1, size)
    outgoing = await town.house.exports.fetch(town.agathe, space, ticket.id)
    gc.collect()
    before, most, sent, longest = resident(), 0, 0, 0
    async for piece in outgoing.pieces:
        sent += len(piece)
        longest = max(longest, len(piece))
        most = max(most, resident())
    assert sent > size
    assert longest < 4 << 20
    assert most - before < 48 << 20, f"{(most - before) >> 20} MB more at its fullest"
