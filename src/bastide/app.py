"""The application: one port for pages, API and sockets.

`python -m bastide.app` takes its settings from the environment, as the supervisor gives them.
"""

import asyncio
import contextlib
import gc
import hashlib
import os
import sys
import tempfile
from collections.abc import AsyncGenerator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uvicorn
import uvloop
from litestar import Litestar, Response, get
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.types import ASGIApp

from bastide.chat.api import ChannelsController, MessagesController
from bastide.contract import complete
from bastide.core.clock import Clock
from bastide.core.events import Fleeting
from bastide.core.gateway.carried import Edges
from bastide.core.gateway.contract import Limits
from bastide.core.gateway.entry import http_class
from bastide.core.gateway.transport import websocket_class
from bastide.core.http.actor import PROVIDED
from bastide.core.http.asked import Asked, check_query
from bastide.core.http.door import Door
from bastide.core.http.problems import HANDLERS
from bastide.core.http.timed import Timed
from bastide.core.http.window import window_routes
from bastide.core.ids import Ids
from bastide.core.migrate import migrate
from bastide.engines import status
from bastide.engines.livekit import KEY
from bastide.export.api import ExportsController
from bastide.files.api import CONTROLLERS as FILES
from bastide.home.api import SnapshotController
from bastide.hosting.api import RuleController
from bastide.house import House, migrations
from bastide.instance import InstanceController
from bastide.logs import set_up_logs
from bastide.meet.api import CallsController, HintsController, SignallingController, SpaceCallController
from bastide.meet.engine import EngineState, EngineView
from bastide.meet.tokens import Keys
from bastide.metrics import Meter, MetricsController
from bastide.people.administering_api import CONTROLLERS as ADMINISTERING
from bastide.people.api import MeController, PeopleController, SessionController
from bastide.people.device_api import CONTROLLERS as DEVICES
from bastide.people.invitation_api import CONTROLLERS as INVITATIONS
from bastide.people.key_api import CONTROLLERS as PASSKEYS
from bastide.people.reset_api import CONTROLLERS as RESETS
from bastide.people.sessions import csrf_of
from bastide.settings import ROOT, Settings, load, secret
from bastide.spaces.api import CommunitiesController, DirectsController, LabelController, SpacesController
from bastide.spaces.book_api import SpaceBookController
from bastide.spaces.guest_api import CONTROLLERS as GUESTS
from bastide.spaces.orphan_api import OrphansController
from bastide.trail.api import AuditController

log = structlog.get_logger()
WINDOW = ROOT / "web" / "dist"
_BODY_MOST = 1 << 20
_CONNECTIONS_WAITING = 4096


def structs_of_routes() -> list[type[msgspec.Struct]]:
    """Every struct that a trade's `model` names: what routes take and give."""
    from bastide import instance
    from bastide.chat import model as chat
    from bastide.export import model as export
    from bastide.files import model as files
    from bastide.home import model as home
    from bastide.hosting import model as hosting
    from bastide.meet import model as meet
    from bastide.people import device_model, first, invited, keys, resetting
    from bastide.people import model as people
    from bastide.spaces import book_model, guesthood
    from bastide.spaces import model as spaces
    from bastide.trail import model as trail

    found: dict[str, type[msgspec.Struct]] = {}
    for module in (
        people,
        first,
        keys,
        invited,
        resetting,
        device_model,
        hosting,
        spaces,
        guesthood,
        book_model,
        files,
        chat,
        meet,
        home,
        export,
        trail,
        instance,
    ):
        for thing in vars(module).values():
            if (
                isinstance(thing, type)
                and issubclass(thing, msgspec.Struct)
                and thing.__module__ == module.__name__
            ):
                found[thing.__name__] = thing
    return list(found.values())


CONTROLLERS = (
    SessionController,
    PeopleController,
    MeController,
    *PASSKEYS,
    *INVITATIONS,
    *RESETS,
    *DEVICES,
    *ADMINISTERING,
    RuleController,
    SpacesController,
    LabelController,
    *GUESTS,
    OrphansController,
    SpaceBookController,
    CommunitiesController,
    DirectsController,
    ChannelsController,
    MessagesController,
    *FILES,
    SpaceCallController,
    CallsController,
    SignallingController,
    HintsController,
    SnapshotController,
    ExportsController,
    AuditController,
    InstanceController,
    MetricsController,
)


def openapi(house: House) -> dict[str, Any]:
    """The page that windows are built against."""
    # From an application of its own: one that has an OpenAPI page serves Litestar's pages about it to strangers.
    described = Litestar(
        route_handlers=CONTROLLERS,
        dependencies=_dependencies(house),
        openapi_config=OpenAPIConfig(title="Bastide", version="1"),
        logging_config=None,
    )
    page = described.openapi_schema.to_schema()
    fleeting = Fleeting.__subclasses__()
    return complete(page, structs_of_routes(), house.ground.registry.types, fleeting, house.frames.types)


def openapi_page() -> bytes:
    """The same page, formatted, from a house that is built and never opened."""
    with tempfile.TemporaryDirectory() as folder:
        house = House.build(Settings(data=Path(folder)), conninfo="")
        return msgspec.json.format(msgspec.json.encode(openapi(house), order="sorted"), indent=1)


def web(house: House, window: Path = WINDOW) -> Litestar:
    """The HTTP side of a house, which stands behind its door (`guarded`)."""

    @cache
    def described() -> bytes:
        return msgspec.json.encode(
            openapi(house)
        )  # once: it takes a tenth of a second, and strangers may ask

    @get("/api/openapi.json", include_in_schema=False)
    async def page() -> Response[bytes]:
        return Response(described(), media_type="application/json")

    return Litestar(
        route_handlers=[*CONTROLLERS, page, *window_routes(window)],
        dependencies=_dependencies(house),
        exception_handlers=HANDLERS,
        request_class=Asked,
        before_request=check_query,
        openapi_config=None,
        request_max_body_size=_BODY_MOST,
        logging_config=None,
    )


def guarded(house: House, app: ASGIApp) -> Door:
    """The door of a house before all of it, also before addresses that nobody answers."""
    return Door(
        app,
        cookies=house.cookies,
        authenticate=house.people.sessions.authenticate,
        still=house.people.sessions.still,
        csrf_of=csrf_of,
        origin=house.settings.origin,
        fixed_origin=house.settings.public_url is not None,
    )


def _dependencies(house: House) -> dict[str, Provide]:
    """What handlers may name as parameters."""
    parts: dict[str, object] = {
        "people": house.people,
        "hosting": house.hosting,
        "first": house.first,
        "passkeys": house.passkeys,
        "recovery": house.recovery,
        "resets": house.resets,
        "offices": house.offices,
        "devices": house.devices,
        "invitations": house.invitations,
        "acceptance": house.acceptance,
        "administration": house.administration,
        "administering": house.administering,
        "guests": house.guests,
        "losses": house.losses,
        "orphans": house.orphans,
        "book": house.book,
        "suspension": house.suspension,
        "clock": house.ground.clock,
        "portraits": house.portraits,
        "spaces": house.spaces,
        "labels": house.labels,
        "files": house.files,
        "chat": house.chat,
        "meet": house.meet,
        "admissions": house.admissions,
        "home": house.home,
        "exports": house.exports,
        "trail": house.trail,
        "cookie_names": house.cookies,
        "meter": Meter(house),
        "house": house,
    }
    return PROVIDED | {name: _given(part) for name, part in parts.items()}


def _given(part: object) -> Provide:
    def give() -> Any:
        return part

    return Provide(give, sync_to_thread=False)


def server(house: House, window: Path = WINDOW, limits: Limits | None = None) -> uvicorn.Server:
    """The one port of a house that is open."""
    settings = house.settings
    # Whoever stands in front says who asks: for pages and sockets the same ones are believed.
    trusted = settings.believed
    behind = settings.edges > 0
    config = uvicorn.Config(
        Timed(guarded(house, web(house, window))),
        host=settings.host,
        port=settings.port,
        uds=str(settings.core) if behind else None,
        loop="uvloop",
        http=http_class(limits, trusted=trusted, behind_edges=behind),
        # Behind edges, sockets come by their lines (`lines`).
        ws=websocket_class(
            {} if behind else house.endpoints(build_of(window)), limits=limits, trusted=trusted
        ),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=65,
        backlog=_CONNECTIONS_WAITING,
    )
    return uvicorn.Server(config)


@contextlib.asynccontextmanager
async def lines(house: House, window: Path = WINDOW, limits: Limits | None = None) -> AsyncGenerator[Edges]:
    """Take the lines of edges, for as long as the block runs."""
    edges = Edges(house.endpoints(build_of(window)), limits)
    path = house.settings.trunk
    path.unlink(missing_ok=True)  # of one that was killed
    listening = await asyncio.get_running_loop().create_unix_server(edges.line, str(path))
    path.chmod(0o600)
    try:
        yield edges
    finally:
        listening.close()
        edges.close()


def build_of(window: Path) -> str:
    """Which build of the window this is: a page that runs another one offers to reload."""
    try:
        return hashlib.sha256((window / "index.html").read_bytes()).hexdigest()[:16]
    except FileNotFoundError:
        return ""


async def serve(settings: Settings) -> None:
    """Bring the database up to date, open the house, serve until told to end."""
    if settings.database_url is None:
        raise SystemExit("Bastide: BASTIDE_DATABASE_URL is missing; ./bastide up gives it.")
    await migrate(settings.database_url, migrations(), Clock())
    house = House.build(
        settings, conninfo=settings.database_url, keys=_keys(settings), calls=lambda: _calls(settings)
    )
    secret(
        settings.data, "metrics", house.ground.ids
    )  # there from the first start, for whoever sets up a scraper
    await house.open()
    house.run()
    gc.collect()
    gc.freeze()  # what lives as long as the process is not looked through again and again
    gc.set_threshold(50_000, 20, 50)
    try:
        if settings.edges:
            async with lines(house):
                await server(house).serve()
        else:
            await server(house).serve()
    finally:
        await house.close()


def _keys(settings: Settings) -> Keys:
    if settings.livekit is not None:
        return Keys(settings.livekit.key, settings.livekit.secret)
    return Keys(KEY, secret(settings.data, "livekit", Ids(Clock())))


def _calls(settings: Settings) -> EngineView:
    told = status.read(settings.run).livekit
    return EngineView(EngineState(told.state.value), told.url)


def main() -> int:
    """Run the application; the exit status."""
    set_up_logs()
    settings = load([], os.environ)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
