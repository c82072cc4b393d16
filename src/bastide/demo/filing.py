"""The files of the demo: which there are, where they lie, and the recipe of each.

``content/files.toml`` names them all. A file with ``by`` and ``at`` was put among the files of its space; the others
come with the message that names them.
"""

import mimetypes
import tomllib
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from bastide.demo.model import Agent, DemoContentError, FileSpec, Recipe, SpaceSpec
from bastide.demo.series import Series
from bastide.demo.typeset import Calendar, typeset

_TYPES = {
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    space: str
    name: str
    source: str | None = None
    picture: str | None = None
    series: bool = False
    by: str | None = None
    at: str | None = None


class _Files(msgspec.Struct, forbid_unknown_fields=True):
    files: list[_File]


class Cabinet:
    """All files, by space and name as written; those that messages bring are filled in as messages are read."""

    def __init__(self, content: Path, calendar: Calendar, zone: ZoneInfo, agents: dict[str, Agent]) -> None:
        self._content = content
        self._calendar = calendar
        self._zone = zone
        self._agents = agents
        self._waiting: dict[tuple[str, str], _File] = {}
        self._files: list[FileSpec] = []
        self._series = tuple(
            read_series((content / "releves.txt").read_text(encoding="utf-8"), calendar, zone)
        )

    @classmethod
    def read(cls, content: Path, calendar: Calendar, zone: ZoneInfo, agents: dict[str, Agent]) -> "Cabinet":
        """Reads ``files.toml`` and puts the files that no message brings."""
        cabinet = cls(content, calendar, zone, agents)
        text = (content / "files.toml").read_text(encoding="utf-8")
        try:
            listed = msgspec.convert(tomllib.loads(text), _Files).files
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise DemoContentError(f"files.toml: {error}") from error
        for raw in listed:
            if (raw.space, raw.name) in cabinet._waiting:
                raise DemoContentError(f"files.toml: {raw.name} stands twice")
            cabinet._waiting[raw.space, raw.name] = raw
        for raw in listed:
            if raw.by and raw.at:
                count, _, clock = raw.at.removeprefix("J").partition(" ")
                at = datetime.combine(calendar.at(int(count or 0)), time.fromisoformat(clock), zone)
                cabinet.attach(
                    where="files.toml", space=raw.space, name=raw.name, by=raw.by, at=at, message=None
                )
        return cabinet

    def attach(self, *, where: str, space: str, name: str, by: str, at: datetime, message: str | None) -> str:
        """Puts the file ``name`` of ``space``; gives its key. Raises DemoContentError when there is none left."""
        raw = self._waiting.pop((space, name), None)
        if raw is None:
            raise DemoContentError(f"{where}: no such file, or already put: {name}")
        if by not in self._agents:
            raise DemoContentError(f"{where}: {name}: unknown agent {by}")
        resolved = self._calendar.fill(name, at.date()).replace("'", "’")
        suffix = Path(resolved).suffix.lower()
        media_type = _TYPES.get(suffix) or mimetypes.guess_type(resolved)[0]
        if media_type is None:
            raise DemoContentError(f"{where}: {name}: unknown kind of file")
        file = FileSpec(
            key=f"{space}:{len(self._files)}",
            space=space,
            name=resolved,
            by=by,
            at=at,
            media_type=media_type,
            recipe=self._recipe(raw, suffix, at, by),
            message=message,
        )
        self._files.append(file)
        return file.key

    def _recipe(self, raw: _File, suffix: str, at: datetime, by: str) -> Recipe:
        if raw.picture:
            maker, body = f"picture:{raw.picture}:{suffix[1:]}", ""
        else:
            body = (
                (self._content / "documents" / (raw.source or "")).read_text(encoding="utf-8")
                if raw.source
                else ""
            )
            body = self._calendar.fill(body, at.date())
            # Figures must stay figures: only what is read as prose is typeset.
            body = typeset(body) if suffix in {".odt", ".pdf"} else body
            maker = suffix[1:]
        series = tuple(_until(s, at) for s in self._series) if raw.series else ()
        return Recipe(maker=maker, body=body, made=at, author=self._agents[by].name, series=series)

    def close(self, spaces: dict[str, SpaceSpec], directs: set[str]) -> tuple[FileSpec, ...]:
        """The files, oldest first. Raises DemoContentError for one that nobody put, or put where it may not be."""
        if self._waiting:
            raise DemoContentError(
                f"files.toml: nobody brings {', '.join(name for _, name in self._waiting)}"
            )
        for file in self._files:
            space = spaces.get(file.space)
            if space is None and file.space not in directs:
                raise DemoContentError(f"files.toml: {file.name}: unknown space {file.space}")
            if space and "files" not in space.tools:
                raise DemoContentError(f"files.toml: {file.name}: {space.key} keeps no files")
            if space and not any(m.agent == file.by and m.role != "reader" for m in space.members):
                raise DemoContentError(f"files.toml: {file.name}: {file.by} may not write in {space.key}")
        return tuple(sorted(self._files, key=lambda file: (file.at, file.key)))


def read_series(text: str, calendar: Calendar, zone: ZoneInfo) -> list[Series]:
    """The table « day, hour, one figure per name », as series. The second line gives the thresholds."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith(";")]
    names, thresholds, rows = lines[0], lines[1], lines[2:]
    moments = [
        datetime.combine(calendar.at(int(row[0].removeprefix("J") or 0)), time.fromisoformat(row[1]), zone)
        for row in rows
    ]
    return [
        Series(
            name=name,
            unit="m",
            points=tuple((at, float(row[column + 2])) for at, row in zip(moments, rows, strict=True)),
            threshold=float(thresholds[column]),
        )
        for column, name in enumerate(names)
    ]


def _until(series: Series, at: datetime) -> Series:
    """What was known at ``at``."""
    return msgspec.structs.replace(series, points=tuple(point for point in series.points if point[0] <= at))
