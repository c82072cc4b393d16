"""The first administrator of an empty instance, by a one-time link that only the machine's terminal shows."""

import hmac
from datetime import timedelta

import msgspec

from bastide.core.audit import Line
from bastide.core.client import Client
from bastide.core.content import Plain, checked
from bastide.core.errors import NotFound, TooMany
from bastide.core.ground import Ground
from bastide.core.limits import Attempts
from bastide.core.places import place_of
from bastide.core.policy import Strength
from bastide.people.model import NewAgent
from bastide.people.service import People, checked_domain
from bastide.people.sessions import Opened, digest

_NAME = "first_link"
_TRIES = 20


class FirstForm(msgspec.Struct, frozen=True):
    """What the first administrator says: their administration, and who they are; `shared`: others use this machine too."""

    token: str
    organisation_name: str
    organisation_short_name: str
    organisation_domain: str
    given_name: str
    family_name: str
    email: str
    password: str
    shared: bool = False


class First:
    """Makes the link, and takes it once."""

    def __init__(self, ground: Ground, people: People) -> None:
        self._ground = ground
        self._people = people
        self._from_place = Attempts(ground.clock, most=_TRIES, within=timedelta(minutes=10))

    async def link(self) -> str | None:
        """A fresh token, which makes older ones useless; None when the instance has an organisation."""
        if await self._people.organisations():
            return None
        token = self._ground.ids.token()
        async with self._ground.database.transaction() as tx:
            await tx.run(
                """
                insert into instance (name, value) values (%(name)s, %(value)s)
                on conflict (name) do update set value = excluded.value
                """,
                name=_NAME,
                value=digest(token).hex(),
            )
        return token

    async def accept(self, form: FirstForm, client: Client) -> Opened:
        """Make the organisation and its administrator, and sign them in.

        Links that are none are counted for where the request comes from.

        Raises:
            NotFound: the link was used, or never was.
            Invalid: a field; the link stays good.
            TooMany: wait `retry_after_s`.
        """
        place = place_of(client.address)
        wait = self._from_place.take(place)
        if wait:
            raise TooMany(retry_after_s=wait)
        name = checked(
            Plain(form.organisation_name), field="organisation_name", least=2, most=120, one_line=True
        )
        short = checked(
            Plain(form.organisation_short_name),
            field="organisation_short_name",
            least=1,
            most=40,
            one_line=True,
        )
        domain = checked_domain(form.organisation_domain)
        async with self._ground.database.transaction() as tx:
            kept = await tx.rows("select value from instance where name = %(name)s for update", name=_NAME)
            if not kept or not hmac.compare_digest(kept[0][0], digest(form.token).hex()):
                raise NotFound
            self._from_place.give_back(place)
            organisation = await self._people.do_add_organisation(tx, name.text, short.text, domain)
            new = NewAgent(
                organisation.id,
                form.email,
                form.given_name,
                form.family_name,
                password=form.password,
                administrator=True,
                officer=True,
            )
            person_id = await self._people.do_add_person(tx, new)
            await tx.run("delete from instance where name = %(name)s", name=_NAME)
            await self._ground.audit.record(tx, Line("people:first:accept", True, person_id))
        return await self._people.sessions.open(person_id, client, strength=Strength.PASSWORD)
