"""The contract that windows are built against: the API's OpenAPI page, with the socket's frames and events.

Schemas come from msgspec itself, which knows what is always there; Litestar's own say less of nullable fields.
"""

from typing import Any

import msgspec

from bastide.core.errors import ProblemDetails
from bastide.core.events import Event, Fleeting
from bastide.core.gateway import frames
from bastide.core.gateway.frames import FromWindow

_SERVER_FRAMES: tuple[type[frames.ToWindow], ...] = (
    frames.Welcome,
    frames.EventFrame,
    frames.FleetingFrame,
    frames.Reload,
    frames.Done,
    frames.Failed,
    frames.PeopleFrame,
    frames.Presence,
)
Page = dict[str, Any]


def complete(
    page: Page,
    structs: list[type[msgspec.Struct]],
    events: list[type[Event]],
    fleeting: list[type[Fleeting]],
    sent: list[type[FromWindow]],
) -> Page:
    """The OpenAPI page with every schema as msgspec gives it, and the unions of the socket.

    Args:
        page: what Litestar made of the routes.
        structs: every struct that routes take or give.
        events: every kind of kept event.
        fleeting: every kind of event that is told and not kept.
        sent: every frame that a window may send.
    """
    kinds = [*structs, *events, *fleeting, *sent, *_SERVER_FRAMES, ProblemDetails]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    schemas |= {
        "AnyEvent": _union(events),
        "AnyFleeting": _union(fleeting),
        "AnyFromWindow": _union(sent),
        "AnyToWindow": _union(_SERVER_FRAMES),
    }
    schemas["EventFrame"]["properties"]["e"] = {"$ref": "#/components/schemas/AnyEvent"}
    schemas["PeopleFrame"]["properties"]["cards"]["items"] = {"$ref": "#/components/schemas/PersonCard"}
    schemas["FleetingFrame"]["properties"]["e"] = {"$ref": "#/components/schemas/AnyFleeting"}
    page.setdefault("components", {}).setdefault("schemas", {}).update(schemas)
    return page


def _union(kinds: Any) -> Page:
    return {"oneOf": [{"$ref": f"#/components/schemas/{kind.__name__}"} for kind in kinds]}
