"""The use cases of files: outsider, too weak a role, allowed, events; then what goes wrong."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from bastide.chat.model import NewMessage
from bastide.core.blobs import GRACE
from bastide.core.content import Plain
from bastide.core.errors import ClientIdTaken, Invalid, NotFound, Refused, TooLarge, Unavailable
from bastide.core.events import Gone
from bastide.core.policy import Actor, Label, Tool
from bastide.files.events import FileAdded, FileChanged, FileRemoved
from bastide.files.model import FileView, Preview
from bastide.files.service import REMOVED_KEPT
from bastide.spaces.model import SpaceChange
from tests.files.samples import bomb, opendocument, picture, stream
from tests.support.town import Town


async def untouched() -> AsyncIterator[bytes]:
    """A body that must not be read."""
    pytest.fail("a byte was read before the rule allowed it")
    yield b""


async def put(
    town: Town,
    actor: Actor,
    space_id: UUID,
    data: bytes = b"Bonjour.\n",
    *,
    name: str = "note.txt",
    client_id: UUID | None = None,
    declared: int | None = None,
) -> FileView:
    return await town.house.files.upload(
        actor, space_id, Plain(name), client_id or town.house.ground.ids.new(), stream(data), declared
    )


async def read(town: Town, actor: Actor, file_id: UUID) -> bytes:
    files = town.house.files
    return b"".join([c async for c in await files.open(await files.content(actor, file_id))])


async def count(town: Town, table: str) -> int:
    async with town.house.ground.database.read() as reader:
        match table:
            case "file":
                return await reader.value("select count(*) from file")
            case "preview":
                return await reader.value("select count(*) from preview")
            case _:
                return await reader.value("select count(*) from blob")


# Uploading.


async def test_an_outsider_and_a_reader_upload_nothing(town: Town) -> None:
    own = await town.space(town.agathe, readers=[town.yanis], label=Label.SENSITIVE)
    ids, files = town.house.ground.ids, town.house.files
    for outsider in (town.ousmane, town.guest):
        with pytest.raises(NotFound):
            await files.upload(outsider, own.space.id, Plain("x"), ids.new(), untouched())
    with pytest.raises(Refused) as refusal:
        await files.upload(town.yanis, own.space.id, Plain("x"), ids.new(), untouched())
    assert refusal.value.rule == "role"
    assert "files.file.added" not in town.events(own.space.id)
    assert await count(town, "file") == await count(town, "blob") == 0


async def test_a_space_without_the_tool(town: Town) -> None:
    own = await town.space(town.agathe, tools=[Tool.CHAT])
    with pytest.raises(Refused) as refusal:
        await town.house.files.upload(
            town.agathe, own.space.id, Plain("x"), town.house.ground.ids.new(), untouched()
        )
    assert refusal.value.rule == "tool-off"


async def test_uploaded_told_listed_and_read_by_the_others(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane], readers=[town.solene])
    data = opendocument()
    view = await put(town, town.ousmane, own.space.id, data, name="../Compte rendu.odt", declared=len(data))
    assert view.name == Plain("Compte rendu.odt")
    assert view.media_type == "application/vnd.oasis.opendocument.text"
    assert (view.size, view.preview, view.created_by) == (len(data), Preview.NONE, town.ousmane.person_id)
    entry = town.heard[-1]
    assert entry.event == FileAdded(file=view)
    assert (entry.stream_id, entry.by) == (own.space.id, town.ousmane.person_id)
    for member in (town.agathe, town.ousmane, town.solene):
        assert await town.house.files.get(member, view.id) == view
        assert (await town.house.files.page(member, own.space.id)).files == [view]
        assert await read(town, member, view.id) == data


@pytest.mark.parametrize("data", [b"", b"x", b"\0" * 300_000])
async def test_sizes(town: Town, data: bytes) -> None:
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id, data)
    assert view.size == len(data)
    assert await read(town, town.agathe, view.id) == data


async def test_truncated_or_overlong_against_what_was_declared(town: Town) -> None:
    own = await town.space(town.agathe)
    for declared in (8, 10):
        with pytest.raises(Invalid) as refusal:
            await put(town, town.agathe, own.space.id, b"9 octets.", declared=declared)
        assert refusal.value.field == "size"
    assert await count(town, "file") == 0


async def test_too_large(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    own = await town.space(town.agathe)
    monkeypatch.setattr(town.house.files, "_upload_most", 1000)
    with pytest.raises(TooLarge):
        await put(town, town.agathe, own.space.id, bytes(1001))
    with pytest.raises(TooLarge):
        await town.house.files.upload(
            town.agathe, own.space.id, Plain("x"), town.house.ground.ids.new(), untouched(), 1001
        )
    assert (await put(town, town.agathe, own.space.id, bytes(1000))).size == 1000


@pytest.mark.parametrize("name", ["", "..", "a\0b", "x" * 401])
async def test_a_name_that_is_none_is_refused_before_a_byte_is_read(town: Town, name: str) -> None:
    own = await town.space(town.agathe)
    with pytest.raises(Invalid):
        await town.house.files.upload(
            town.agathe, own.space.id, Plain(name), town.house.ground.ids.new(), untouched()
        )


async def test_the_same_client_id_is_one_file(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    client_id = town.house.ground.ids.new()
    first = await put(town, town.agathe, own.space.id, client_id=client_id)
    again = await town.house.files.upload(
        town.agathe, own.space.id, Plain("autre.txt"), client_id, untouched()
    )
    assert again == first
    assert town.events(own.space.id).count("files.file.added") == 1
    theirs = await put(town, town.ousmane, own.space.id, client_id=client_id)
    assert theirs.id != first.id  # client ids are each person's own


async def test_the_same_client_id_racing_is_one_file(town: Town) -> None:
    own = await town.space(town.agathe)
    client_id = town.house.ground.ids.new()
    views = await asyncio.gather(
        *(put(town, town.agathe, own.space.id, bytes([n]) * 200_000, client_id=client_id) for n in range(8))
    )
    assert len({view.id for view in views}) == 1
    assert await count(town, "file") == 1
    assert town.events(own.space.id).count("files.file.added") == 1
    content = await read(town, town.agathe, views[0].id)
    assert content == content[:1] * 200_000
    town.house.ground.clock.advance(GRACE + timedelta(seconds=1))  # pyright: ignore[reportAttributeAccessIssue]
    await town.house.ground.blobs.sweep()  # the bytes of those that lost
    assert await count(town, "blob") == 1
    assert await read(town, town.agathe, views[0].id) == content


async def test_a_client_id_of_another_space_or_of_a_removed_file(town: Town) -> None:
    one, other = await town.space(town.agathe), await town.space(town.agathe, name="Ailleurs")
    client_id = town.house.ground.ids.new()
    view = await put(town, town.agathe, one.space.id, client_id=client_id)
    with pytest.raises(ClientIdTaken):
        await put(town, town.agathe, other.space.id, client_id=client_id)
    await town.house.files.remove(town.agathe, view.id)
    with pytest.raises(ClientIdTaken):
        await put(town, town.agathe, one.space.id, client_id=client_id)


async def test_removed_from_the_space_during_the_upload(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])

    async def slow() -> AsyncIterator[bytes]:
        yield b"half"
        await town.house.spaces.remove_member(town.agathe, own.space.id, town.ousmane.person_id)
        yield b"other half"

    with pytest.raises(NotFound):
        await town.house.files.upload(
            town.ousmane, own.space.id, Plain("x"), town.house.ground.ids.new(), slow()
        )
    assert await count(town, "file") == 0


async def test_a_window_that_goes_away_leaves_nothing(town: Town) -> None:
    own = await town.space(town.agathe)

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await town.house.files.upload(
            town.agathe, own.space.id, Plain("x"), town.house.ground.ids.new(), broken()
        )
    assert await count(town, "file") == await count(town, "blob") == 0


async def test_a_crash_between_bytes_and_row(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row, no event; the bytes are found by the sweep."""
    own = await town.space(town.agathe)

    async def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(town.house.files, "_add", crash)
        with pytest.raises(KeyboardInterrupt):
            await put(town, town.agathe, own.space.id)
    assert await count(town, "file") == 0
    assert await count(town, "blob") == 1
    town.house.ground.clock.advance(GRACE + timedelta(seconds=1))  # pyright: ignore[reportAttributeAccessIssue]
    assert (await town.house.ground.blobs.sweep()).blobs == 1
    assert await count(town, "blob") == 0


# Reading.


async def test_an_outsider_learns_nothing(town: Town) -> None:
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id, picture())
    await town.house.ground.jobs.drain()
    files = town.house.files
    for outsider in (town.ousmane, town.guest):
        for attempt in (
            files.page(outsider, own.space.id),
            files.get(outsider, view.id),
            files.content(outsider, view.id),
            files.preview(outsider, view.id, 480),
            files.remove(outsider, view.id),
        ):
            with pytest.raises(NotFound):
                await attempt
    with pytest.raises(NotFound):
        await files.get(town.agathe, town.house.ground.ids.new())


async def test_a_removed_member_is_an_outsider_at_once(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    view = await put(town, town.ousmane, own.space.id, picture())
    await town.house.ground.jobs.drain()
    assert (await town.house.files.preview(town.ousmane, view.id, 480)).size > 0
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.ousmane.person_id)
    for attempt in (
        town.house.files.content(town.ousmane, view.id),
        town.house.files.preview(town.ousmane, view.id, 480),
        town.house.files.remove(town.ousmane, view.id),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_the_tool_switched_off_later(town: Town) -> None:
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id)
    await town.house.spaces.change(town.agathe, own.space.id, SpaceChange(tools=[Tool.CHAT]))
    for attempt in (
        town.house.files.page(town.agathe, own.space.id),
        town.house.files.content(town.agathe, view.id),
    ):
        with pytest.raises(Refused) as refusal:
            await attempt
        assert refusal.value.rule == "tool-off"


async def test_pages_newest_first_without_gaps(town: Town) -> None:
    own, other = await town.space(town.agathe), await town.space(town.agathe, name="Ailleurs")
    put_there: list[UUID] = []
    for number in range(7):
        put_there.append((await put(town, town.agathe, own.space.id, name=f"{number}.txt")).id)
        if number % 3 == 0:  # several in one same microsecond
            town.house.ground.clock.advance(timedelta(minutes=1))  # pyright: ignore[reportAttributeAccessIssue]
    await put(town, town.agathe, other.space.id)
    await town.house.files.remove(town.agathe, put_there.pop(2))
    found: list[UUID] = []
    after: str | None = None
    for _ in range(10):
        page = await town.house.files.page(town.agathe, own.space.id, after=after, most=2)
        assert len(page.files) <= 2
        found += [view.id for view in page.files]
        after = page.next
        if after is None:
            break
    assert found == put_there[::-1]


@pytest.mark.parametrize("after", ["x", "????", "AAAA", "é", "a" * 99])
async def test_a_cursor_that_no_page_gave(town: Town, after: str) -> None:
    own = await town.space(town.agathe)
    with pytest.raises(Invalid) as refusal:
        await town.house.files.page(town.agathe, own.space.id, after=after)
    assert refusal.value.field == "after"


# Removing.


async def test_removing_one_s_own_and_others_files(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane, town.solene], readers=[town.yanis])
    files = town.house.files
    view = await put(town, town.ousmane, own.space.id)
    with pytest.raises(Refused) as refusal:
        await files.remove(town.yanis, view.id)
    assert refusal.value.rule == "role"
    with pytest.raises(Refused) as refusal:
        await files.remove(town.solene, view.id)
    assert refusal.value.rule == "authorship"
    await files.remove(town.ousmane, view.id)
    assert town.heard[-1].event == FileRemoved(file_id=view.id)
    for attempt in (
        files.get(town.agathe, view.id),
        files.content(town.agathe, view.id),
        files.remove(town.ousmane, view.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    another = await put(town, town.ousmane, own.space.id)
    await files.remove(town.agathe, another.id)  # a manager may
    assert (await files.page(town.agathe, own.space.id)).files == []


async def test_removed_twice_at_once_is_told_once(town: Town) -> None:
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id)
    await asyncio.gather(
        *(town.house.files.remove(town.agathe, view.id) for _ in range(5)), return_exceptions=True
    )
    assert town.events(own.space.id).count("files.file.removed") == 1


async def test_the_bytes_of_a_removed_file_go_in_the_end(town: Town) -> None:
    own = await town.space(town.agathe)
    data = picture()
    view, twin = (
        await put(town, town.agathe, own.space.id, data),
        await put(town, town.agathe, own.space.id, b"x"),
    )
    await town.house.ground.jobs.drain()
    blobs = await count(town, "blob")
    await town.house.files.remove(town.agathe, view.id)
    clock = town.house.ground.clock
    clock.advance(REMOVED_KEPT - timedelta(minutes=1))  # pyright: ignore[reportAttributeAccessIssue]
    await town.house.files._purge()
    assert (await town.house.ground.blobs.sweep()).blobs == 0
    clock.advance(timedelta(minutes=2))  # pyright: ignore[reportAttributeAccessIssue]
    await town.house.files._purge()
    assert (await town.house.ground.blobs.sweep()).blobs == blobs - 1
    assert await count(town, "preview") == 0
    assert await read(town, town.agathe, twin.id) == b"x"


# Previews.


async def test_a_preview_is_made_and_told(town: Town) -> None:
    own = await town.space(town.agathe, readers=[town.yanis])
    view = await put(town, town.agathe, own.space.id, picture("JPEG", (2000, 1000)), name="photo.jpg")
    # Its size is known before anything of it is shown, so that windows leave it its room.
    assert (view.preview, view.width, view.height) == (Preview.PENDING, 2000, 1000)
    with pytest.raises(NotFound):
        await town.house.files.preview(town.yanis, view.id, 480)
    await town.house.ground.jobs.drain()
    entry = town.heard[-1]
    assert isinstance(entry.event, FileChanged)
    assert entry.by is None
    ready = entry.event.file
    assert (ready.preview, ready.width, ready.height) == (Preview.READY, 2000, 1000)
    assert ready == await town.house.files.get(town.yanis, view.id)
    for edge in (480, 1600):
        copy = await town.house.files.preview(town.yanis, view.id, edge)
        body = b"".join([c async for c in await town.house.files.open(copy)])
        assert (body[:4], body[8:12], len(body)) == (b"RIFF", b"WEBP", copy.size)
    for edge in (0, 481, -1, 1 << 40):
        with pytest.raises(NotFound):
            await town.house.files.preview(town.yanis, view.id, edge)


@pytest.mark.parametrize("data", [bomb(), b"\xff\xd8\xff" + bytes(2000)])
async def test_a_picture_that_cannot_be_shown_is_still_a_file(town: Town, data: bytes) -> None:
    """Its header says so already: it is never announced as a picture to come."""
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id, data, name="piège.png")
    assert (view.preview, view.width, view.height) == (Preview.FAILED, None, None)
    await town.house.ground.jobs.drain()
    assert await town.house.files.get(town.agathe, view.id) == view
    assert town.events(own.space.id)[-1] == "files.file.added"
    assert await count(town, "preview") == 0
    assert await read(town, town.agathe, view.id) == data


async def test_a_picture_that_breaks_off_keeps_its_room(town: Town) -> None:
    own = await town.space(town.agathe)
    data = picture(size=(640, 480))[:-100]
    view = await put(town, town.agathe, own.space.id, data, name="coupée.png")
    assert (view.preview, view.width, view.height) == (Preview.PENDING, 640, 480)
    await town.house.ground.jobs.drain()
    now = await town.house.files.get(town.agathe, view.id)
    assert (now.preview, now.width, now.height) == (Preview.FAILED, 640, 480)
    assert town.events(own.space.id)[-1] == "files.file.changed"
    assert await count(town, "preview") == 0
    assert await read(town, town.agathe, view.id) == data


async def test_a_picture_that_cannot_be_measured_now_is_made_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its room is the usual one then, and nothing changes it afterwards."""
    own = await town.space(town.agathe)

    async def busy(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(town.house.files._previews._pictures, "measure", busy)
        view = await put(town, town.agathe, own.space.id, picture(), name="photo.png")
    await town.house.ground.jobs.drain()
    now = await town.house.files.get(town.agathe, view.id)
    assert (now.preview, now.width, now.height) == (Preview.READY, None, None)


@pytest.mark.parametrize(
    "data",
    [
        picture("ICO", (32, 32)),
        picture("TIFF"),
        b"8BPS\0\1" + bytes(99),
        b"%!PS-Adobe",
        b"<svg onload=alert(1)>",
    ],
)
async def test_odd_pictures_are_not_even_tried(town: Town, data: bytes) -> None:
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id, data, name="image.png")
    assert view.preview == Preview.NONE
    async with town.house.ground.database.read() as reader:
        assert (
            await reader.value("select count(*) from procrastinate_jobs where task_name = 'files.preview'")
            == 0
        )


async def test_a_repeated_preview_job_changes_nothing(town: Town) -> None:
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id, picture())
    await town.house.ground.jobs.drain()
    told = len(town.heard)
    await town.house.files._previews._make(view.id)
    await town.house.files._previews._give_up(view.id)
    assert len(town.heard) == told
    assert (await town.house.files.get(town.agathe, view.id)).preview == Preview.READY


async def test_removed_before_its_preview_was_made(town: Town) -> None:
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id, picture())
    await town.house.files.remove(town.agathe, view.id)
    await town.house.ground.jobs.drain()
    assert town.events(own.space.id)[-1] == "files.file.removed"
    assert await count(town, "preview") == 0


async def test_a_preview_that_fails_for_good_is_said_to_have_failed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are lost: every attempt is a defect, and the last one ends the waiting."""
    own = await town.space(town.agathe)
    view = await put(town, town.agathe, own.space.id, picture())

    async def defect(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(town.house.ground.blobs, "open", defect)
    for _ in range(8):
        await town.house.ground.jobs.drain()
        async with town.house.ground.database.transaction() as tx:
            await tx.run("update procrastinate_jobs set scheduled_at = null where status = 'todo'")
    assert (await town.house.files.get(town.agathe, view.id)).preview == Preview.FAILED
    assert town.events(own.space.id).count("files.file.changed") == 1


# What the journal tells again.


async def test_told_again_as_it_is_now(town: Town) -> None:
    own = await town.space(town.agathe)
    kept = await put(town, town.agathe, own.space.id, picture(), name="plan.png")
    gone = await put(town, town.agathe, own.space.id)
    await town.house.ground.jobs.drain()
    await town.house.files.remove(town.agathe, gone.id)
    now = await town.house.files.get(town.agathe, kept.id)
    async with town.house.ground.database.read() as reader:
        told = await town.house.ground.journal.since(reader, own.space.id, 0, most=100)
        facts = await reader.rows("select fact from journal where type like 'files.%%'")
    assert told is not None
    ours = [e.event for e in told if isinstance(e.event, (FileAdded, FileChanged, FileRemoved, Gone))]
    assert ours == [FileAdded(file=now), Gone(), FileChanged(file=now), FileRemoved(file_id=gone.id)]
    assert not [fact for fact in facts if b"plan" in bytes(fact[0])]


# Files in messages.


async def test_attached_to_a_message(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    view = await put(town, town.ousmane, own.space.id)
    new = NewMessage(client_id=town.house.ground.ids.new(), content=Plain("Voici"), files=[view.id])
    message = await town.house.chat.send(town.ousmane, channel, new)
    assert message.files == [view]
    await town.house.files.remove(town.ousmane, view.id)
    page = await town.house.chat.history(town.agathe, channel)
    assert page.messages[0].files == []


async def test_a_file_of_another_space_is_not_attached(town: Town) -> None:
    """Not even one that the sender may read there: a message must not carry it out of its space."""
    own, other = await town.space(town.agathe), await town.space(town.agathe, name="Ailleurs")
    channel = await town.channel(town.agathe, own.space.id)
    view = await put(town, town.agathe, other.space.id)
    removed = await put(town, town.agathe, own.space.id)
    await town.house.files.remove(town.agathe, removed.id)
    for file_id in (view.id, removed.id, town.house.ground.ids.new()):
        new = NewMessage(client_id=town.house.ground.ids.new(), content=Plain("Voici"), files=[file_id])
        with pytest.raises(Invalid) as refusal:
            await town.house.chat.send(town.agathe, channel, new)
        assert refusal.value.field == "files"


async def test_in_a_direct(town: Town) -> None:
    own = await town.house.spaces.direct(town.agathe, [town.solene.person_id])
    view = await put(town, town.agathe, own.space.id)
    assert await read(town, town.solene, view.id) == b"Bonjour.\n"
    with pytest.raises(NotFound):
        await read(town, town.ousmane, view.id)
