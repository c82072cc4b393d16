"""Values made from a JSON schema: mostly what it describes, now and then something that it does not.

strategy = Generated(page["components"]["schemas"], ids).value({"$ref": "#/components/schemas/NewSpace"})

`ids` are ids of things that exist: a value of format uuid is one of them as often as not.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Schema = Mapping[str, Any]

EXAMPLES = int(os.environ.get("BASTIDE_EXAMPLES", "0"))
"""How many examples each property is tried with, where somebody asks for more than a run in CI takes."""

_DEPTH = 6

ODD: SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        1 << 63,
        10**40,
        1.5,
        "",
        " ",
        "\0",
        "\u202e",
        "\u2066\u200b",
        "'\";--",
        "../..",
        "{{7*7}}",
        "%s%n",
        "x" * 5000,
        [],
        {},
        [[[[]]]],
        {"__proto__": {"admin": True}, "constructor": 1},
        "9999-12-31T23:59:59-14:00",
        "0001-01-01",
        "00000000-0000-0000-0000-000000000007",
    ]
)
"""What is of another kind than was asked for, or at its very edge."""

_WORDS = st.sampled_from(
    ["Alto", "Réunion de jeudi", "lou@cabinet.example", "a@b@c", "restricted", "2026-04-01"]
) | st.text(st.characters(exclude_categories=("Cs",)), max_size=24)


class Generated:
    """Strategies for the schemas of one page."""

    def __init__(
        self, schemas: Mapping[str, Schema], ids: Sequence[UUID], named: Mapping[str, Sequence[str]]
    ) -> None:
        """`named`: what exists of the kind that a field of this name wants."""
        self._schemas = schemas
        self._named = named
        self._id = st.sampled_from([str(one) for one in ids]) | st.uuids().map(str)

    def body(self, schema: Schema) -> SearchStrategy[Any]:
        """A body: as described, with one odd value somewhere, with a field too many, or odd altogether."""
        good = self.value(schema)
        spoilt = st.builds(_spoilt, good, st.integers(0, 20), ODD)
        return st.one_of(good, good, good, spoilt, spoilt, ODD)

    def text(self, name: str, schema: Schema) -> SearchStrategy[str]:
        """A value of a query or a path, as text."""
        good = self._field(name, schema, 0)
        return st.one_of(good, good, good, good, ODD).map(_plain)

    def value(self, schema: Schema, depth: int = 0) -> SearchStrategy[Any]:
        """What the schema describes."""
        if ref := schema.get("$ref"):
            return self.value(self._schemas[ref.rpartition("/")[2]], depth + 1)
        if depth > _DEPTH:
            return st.none()
        for several in ("oneOf", "anyOf"):
            if several in schema:
                return st.one_of(*(self.value(one, depth + 1) for one in schema[several]))
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        return self._of_type(schema, depth)

    def _of_type(self, schema: Schema, depth: int) -> SearchStrategy[Any]:  # noqa: PLR0911 - one for each type
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                return st.lists(self.value(schema.get("items", {}), depth + 1), max_size=3)
            case "integer":
                return st.integers(-3, 60) | st.integers()
            case "number":
                return st.floats(allow_nan=False, allow_infinity=False)
            case "boolean":
                return st.booleans()
            case "null":
                return st.none()
            case "string":
                return self._string(schema)
            case _:
                return ODD

    def _object(self, schema: Schema, depth: int) -> SearchStrategy[Any]:
        fields = schema.get("properties", {})
        required = {name: self._field(name, fields[name], depth + 1) for name in schema.get("required", ())}
        others = {
            name: self._field(name, field, depth + 1)
            for name, field in fields.items()
            if name not in required
        }
        return st.fixed_dictionaries(required, optional=others)

    def _field(self, name: str, schema: Schema, depth: int) -> SearchStrategy[Any]:
        known = self._named.get(name)
        if known is None:
            return self.value(schema, depth)
        own = st.sampled_from(known)
        if schema.get("type") == "array":
            own = st.lists(own, min_size=1, max_size=2)
        return st.one_of(own, own, own, self.value(schema, depth))

    def _string(self, schema: Schema) -> SearchStrategy[str]:
        match schema.get("format"):
            case "uuid":
                return self._id
            case "date":
                return st.dates().map(str)
            case "date-time":
                return st.datetimes().map(lambda at: at.isoformat() + "Z")
            case _:
                return _WORDS


def _spoilt(value: Any, place: int, odd: Any) -> Any:
    """The value with something odd at one place, or beside what it has."""
    if isinstance(value, dict) and value:
        inner: dict[str, Any] = dict(value)  # pyright: ignore[reportUnknownArgumentType]
        keys = [*inner, "nobody_asked"]
        key = keys[place % len(keys)]
        nested = isinstance(inner.get(key), dict) and place % 2
        inner[key] = _spoilt(inner[key], place // 2, odd) if nested else odd
        return inner
    return odd


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
