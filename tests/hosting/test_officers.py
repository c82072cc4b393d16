"""Whom to ask when what is declared stands in the way."""

from tests.support.served import Served


async def test_agents_learn_who_may_declare_and_guests_do_not(served: Served) -> None:
    town = served.town
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update person set officer = true where id = %(id)s", id=town.ousmane.person_id)
    agathe = await served.window(town.agathe)
    answer = await agathe.get("/api/rule/officers")
    assert [card["id"] for card in answer.json()] == [str(town.ousmane.person_id)]
    guest = await served.window(town.guest)
    assert (await guest.get("/api/rule/officers")).json()["rule"] == "actor"
