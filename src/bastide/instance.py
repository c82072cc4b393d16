"""What anybody may ask of an instance before signing in, and what watches over it."""

import msgspec
from litestar import Controller, Response, get

from bastide.core.errors import Unavailable
from bastide.demo.state import is_demo
from bastide.house import House
from bastide.people.model import Organisation


class Instance(msgspec.Struct, frozen=True):
    """What the sign-in page shows. `demo`: the people and what they wrote are invented, whatever is declared since."""

    organisations: list[Organisation]
    demo: bool


class Health(msgspec.Struct, frozen=True):
    """How the application is."""

    ready: bool


class InstanceController(Controller):
    """The instance, to anybody."""

    tags = ["instance"]

    @get("/api/instance")
    async def instance(self, house: House) -> Instance:
        """Whose instance this is."""
        async with house.ground.database.read() as reader:
            return Instance(await house.people.organisations_of(reader), await is_demo(reader))

    @get("/health/live", include_in_schema=False)
    async def live(self) -> Health:
        """The process answers."""
        return Health(ready=True)

    @get("/health/ready", include_in_schema=False)
    async def ready(self, house: House) -> Response[Health]:
        """One can sign in: the database answers."""
        try:
            async with house.ground.database.read() as reader:
                await reader.value("select 1")
        except Unavailable:
            return Response(Health(ready=False), status_code=503)
        return Response(Health(ready=True))
