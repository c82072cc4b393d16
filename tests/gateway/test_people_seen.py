"""What windows hear of the people they show: being in a call makes busy, a new profile is a new card."""

from uuid import UUID

from bastide.core.journal import Happening
from bastide.core.policy import Actor
from bastide.meet.events import CallEnded, CallJoined, CallStarted
from bastide.meet.model import CallView, ParticipantView
from tests.support.served import Served
from tests.support.town import Town


async def test_a_new_profile_is_told_to_who_shows_the_person(served: Served) -> None:
    town = served.town
    watching = await (await served.window(town.agathe)).socket()
    elsewhere = await (await served.window(town.yanis)).socket()
    await watching.say({"t": "watch", "people": [str(town.ousmane.person_id)]})
    await watching.until("presence")
    ousmane = await served.window(town.ousmane)
    assert (await ousmane.patch("/api/me", {"function": "Adjoint, prévision des crues"})).status_code == 200
    told = await watching.first(lambda f: f["t"] == "people")
    assert [(c["id"], c["function"]) for c in told["cards"]] == [
        (str(town.ousmane.person_id), "Adjoint, prévision des crues")
    ]
    assert not [f for f in await elsewhere.quiet() if f["t"] == "people"]


async def test_who_is_in_a_call_is_busy_until_it_is_over(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe, contributors=[town.ousmane])
    watching = await (await served.window(town.agathe)).socket()
    await (await served.window(town.ousmane)).socket()
    person = str(town.ousmane.person_id)
    await watching.say({"t": "watch", "people": [person]})
    await watching.first(lambda f: f["t"] == "presence" and person in f["here"])
    await _call(town, own.space.id, town.ousmane)
    await watching.first(lambda f: f["t"] == "presence" and person in f["busy"])
    before = [f for f in watching.heard if f["t"] == "presence"]
    async with town.house.ground.database.transaction() as tx:
        ended = CallEnded(call_id=own.space.id)
        await town.house.ground.journal.append(tx, [Happening(own.space.id, ended)])
    last = await watching.first(lambda f: f["t"] == "presence" and all(f is not g for g in before))
    assert person in last["here"]


async def _call(town: Town, space_id: UUID, who: Actor) -> None:
    """A call that lives in the space under the space's own id, as the journal tells it."""
    now = town.house.ground.clock.now()
    view = CallView(space_id, space_id, who.person_id, now, [])
    joined = CallJoined(call_id=space_id, participant=ParticipantView(who.person_id, who.device_id, now))
    async with town.house.ground.database.transaction() as tx:
        happenings = [Happening(space_id, CallStarted(call=view)), Happening(space_id, joined)]
        await town.house.ground.journal.append(tx, happenings)
