"""Previews: our own copies of pictures, made by a job after the upload."""

from uuid import UUID

import msgspec

from bastide.core.blobs import Stored
from bastide.core.database import Transaction
from bastide.core.errors import NotFound, TooLarge, Unavailable
from bastide.core.ground import Ground
from bastide.core.journal import Happening
from bastide.core.pictures import DECODERS, SOURCE_MOST, Copies, Pictures, PictureUnreadable
from bastide.files import store
from bastide.files.events import FileChanged
from bastide.files.model import Preview
from bastide.files.opened import open_spaces

# Longest sides in pixels: for lists and messages, and for looking at it.
EDGES = (480, 1600)


class Look(msgspec.Struct, frozen=True):
    """What is known of a file's looks when it is put there: its size in pixels before anything of it is shown."""

    media_type: str
    preview: Preview = Preview.NONE
    width: int | None = None
    height: int | None = None


class Previews:
    """Orders, makes and finds previews."""

    def __init__(self, ground: Ground, pictures: Pictures) -> None:
        self._ground = ground
        self._pictures = pictures
        self._task = ground.jobs.task("files.preview", gave_up=self._give_up)(self._make)

    async def look(self, stored: Stored, media_type: str) -> Look:
        """Measure a picture that was stored, so that windows leave it its room from the first moment on."""
        if media_type not in DECODERS or not 0 < stored.size <= SOURCE_MOST:
            return Look(media_type)
        try:
            measured = await self._pictures.measure(await self._ground.blobs.open(stored.hash), media_type)
        except PictureUnreadable:
            return Look(media_type, Preview.FAILED)
        except Unavailable:
            # Its room is then a usual one, and stays that.
            return Look(media_type, Preview.PENDING)
        return Look(media_type, Preview.PENDING, measured.width, measured.height)

    async def order(self, tx: Transaction, file_id: UUID) -> None:
        """Have a file's preview made once `tx` is committed."""
        await self._ground.jobs.defer(tx, self._task, file_id=file_id)

    async def _make(self, file_id: UUID) -> None:
        async with self._ground.database.read() as reader:
            found = await store.files(reader, [file_id])
        if not found or found[0].preview != Preview.PENDING:
            return
        source = await self._ground.blobs.open(bytes(found[0].blob))
        try:
            made = await self._pictures.fit(source, found[0].media_type, EDGES)
        except (PictureUnreadable, TooLarge):
            await self._settle(found[0], None)
            return
        await self._settle(found[0], made)

    async def _give_up(self, file_id: UUID) -> None:
        async with self._ground.database.read() as reader:
            found = await store.files(reader, [file_id])
        if found:
            await self._settle(found[0], None)

    async def _settle(self, row: store.FileRow, made: Copies | None) -> None:
        """Write how it ended, and tell the space."""
        blobs = self._ground.blobs
        stored = [await blobs.put_bytes(copy.webp) for copy in made.copies] if made else []
        async with self._ground.database.transaction() as tx:
            locked = await self._ground.journal.lock(tx, [row.space_id])
            settled = await store.settle_preview(
                tx,
                row.id,
                Preview.READY if made else Preview.FAILED,
            )
            if not settled:
                return
            if made:
                for copy, put in zip(made.copies, stored, strict=True):
                    await blobs.record(tx, put)
                    await store.add_preview(
                        tx, row.id, store.PreviewRow(copy.edge, put.hash, copy.width, copy.height)
                    )
            now = (await store.files(tx, [row.id]))[0]
            if now.waiting:
                return  # nobody has heard of it; the message that brings it will say how it is
            if not await open_spaces(tx, [row.space_id]):
                return  # nobody may read it; windows ask anew when that changes
            changed = FileChanged(file=now.view())
            await self._ground.journal.append(tx, [Happening(row.space_id, changed)], locked=locked)

    async def find(self, row: store.FileRow, edge: int) -> Stored:
        """The bytes of the copy for one of `EDGES`.

        Raises:
            NotFound: there is none (yet).
        """
        async with self._ground.database.read() as reader:
            found = await store.preview(reader, row.id, edge)
        if found is None:
            raise NotFound
        return found
