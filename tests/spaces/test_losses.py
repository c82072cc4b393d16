"""Who loses a space to its label is told why, at once or when they open their window again, and nothing more of it."""

from uuid import UUID

import pytest

from bastide.core.content import Plain
from bastide.core.errors import Refused
from bastide.core.policy import Actor, Label, Role
from bastide.spaces.events import SpaceLost
from bastide.spaces.model import LabelLowering, LabelRaise, LostSpace, SpaceChange
from tests.support.served import Served
from tests.support.town import Town, in_office, strong


async def raised(town: Town, actor: Actor, space: UUID, label: Label) -> None:
    await town.house.labels.raise_label(actor, space, LabelRaise(label))


async def told(town: Town, actor: Actor) -> list[tuple[str, Label, str]]:
    return [(one.name.text, one.label, one.reason) for one in await town.house.losses.own(actor)]


async def test_everybody_whom_a_label_puts_out_is_told_by_which_rule(town: Town) -> None:
    own = await town.space(
        town.agathe, name="Digues", contributors=[town.guest, town.ousmane], readers=[town.solene]
    )
    await raised(town, strong(town.agathe), own.space.id, Label.RESTRICTED)
    assert await told(town, town.guest) == [("Digues", Label.RESTRICTED, "guest-in-restricted")]
    assert await told(town, town.solene) == [("Digues", Label.RESTRICTED, "other-organisation")]
    # Who only has no passkey has lost nothing: the space itself tells them, and opens by one.
    assert await told(town, town.ousmane) == []
    assert own.space.id in town.house.roster.spaces_of(town.ousmane.person_id)


async def test_a_window_hears_why_with_the_loss_and_one_that_was_closed_finds_it(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe, name="Digues", readers=[town.guest, town.solene])
    other = await town.space(town.agathe, name="Pont neuf", readers=[town.guest])
    window = await served.window(town.guest)
    wire = await window.socket()
    await raised(town, town.agathe, own.space.id, Label.SENSITIVE)
    heard = await wire.event("spaces.space.lost")
    assert heard["e"]["why"]["name"]["text"] == "Digues"
    assert (heard["e"]["why"]["label"], heard["e"]["why"]["reason"]) == ("sensitive", "guest-in-sensitive")
    # What the space is called from now on is not theirs to know.
    await town.house.spaces.change(town.agathe, own.space.id, SpaceChange(name=Plain("Digues et brèches")))
    found = (await window.get("/api/me/losses")).json()
    assert [(one["name"]["text"], one["reason"]) for one in found] == [("Digues", "guest-in-sensitive")]
    assert (await window.get(f"/api/spaces/{own.space.id}")).status_code == 404
    assert (await window.get(f"/api/spaces/{other.space.id}")).status_code == 200


async def kept(town: Town, person: Actor) -> LostSpace | None:
    """What the journal tells again of the last space a person lost."""
    async with town.house.ground.database.read() as reader:
        entries = await town.house.ground.journal.after(reader, person.person_id, 0, most=50)
    lost = [entry.event for entry in entries if isinstance(entry.event, SpaceLost)]
    return lost[-1].why


async def test_it_is_told_until_it_is_put_away_by_whoever_lost_it(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe, name="Digues", readers=[town.guest])
    await town.space(town.agathe, name="Pont neuf", readers=[town.guest])
    await raised(town, town.agathe, own.space.id, Label.SENSITIVE)
    theirs, others = await served.window(town.guest), await served.window(town.ousmane)
    [one] = (await theirs.get("/api/me/losses")).json()
    assert (await kept(town, town.guest)) is not None
    # Nobody else sees it, or takes it away.
    assert (await others.get("/api/me/losses")).json() == []
    assert (await others.delete(f"/api/me/losses/{one['id']}")).status_code == 204
    assert len((await theirs.get("/api/me/losses")).json()) == 1
    assert (await theirs.delete(f"/api/me/losses/{one['id']}")).status_code == 204
    assert (await theirs.get("/api/me/losses")).json() == []
    assert (await theirs.delete(f"/api/me/losses/{one['id']}")).status_code == 204, "twice is no harm"
    # The journal, told again to a window that was away, has nothing more of it either.
    assert await kept(town, town.guest) is None


async def test_who_is_let_in_again_is_told_nothing_of_having_lost_it(town: Town) -> None:
    own = await town.space(town.agathe, name="Digues", managers=[town.ousmane], readers=[town.guest])
    space = own.space.id
    await raised(town, town.agathe, space, Label.SENSITIVE)
    assert len(await told(town, town.guest)) == 1
    lowering = LabelLowering(Label.INTERNAL, Plain("Le plan est publié."))
    proposed = await town.house.labels.lower(town.agathe, space, lowering)
    await town.house.labels.confirm(town.ousmane, space, proposed.id)
    await town.let_in(town.agathe, space, town.guest, Role.READER)
    assert await told(town, town.guest) == []


async def test_who_leaves_or_is_put_out_by_hand_is_told_no_rule(town: Town) -> None:
    own = await town.space(town.agathe, readers=[town.ousmane, town.yanis])
    await town.house.spaces.remove_member(town.ousmane, own.space.id, town.ousmane.person_id)
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.yanis.person_id)
    assert await told(town, town.ousmane) == await told(town, town.yanis) == []


async def test_who_is_no_partner_any_more_is_shown_to_managers_and_counted_by_nobody(town: Town) -> None:
    """A partner withdrawn: its agents keep their place, read nothing, and no line counts them among the readers."""
    hosting, spaces = town.house.hosting, town.house.spaces
    office = in_office(strong(town.agathe))
    rule = await hosting.admit_partner(office, town.agency.id)
    own = await town.space(town.agathe, label=Label.RESTRICTED, readers=[town.solene, town.yanis])
    space, manager, reader = own.space.id, strong(town.agathe), strong(town.yanis)
    assert (await spaces.own(manager, space)).barred == 0
    await hosting.withdraw_partner(office, rule.partners[0].declaration.id)
    seen = await spaces.own(reader, space)
    assert (seen.space.members_count, seen.barred) == (3, 1)
    assert [(m.person_id, m.barred) for m in await spaces.barred(manager, space)] == [
        (town.solene.person_id, "other-organisation")
    ]
    # In the list, the reason is for whoever may put them out.
    assert [m.barred for m in await spaces.members(manager, space)] == [
        None,
        None,
        "other-organisation",
    ]
    assert {m.barred for m in await spaces.members(reader, space)} == {None}
    with pytest.raises(Refused):
        await spaces.barred(reader, space)
    await spaces.remove_member(manager, space, town.solene.person_id)
    assert (await spaces.own(manager, space)).barred == 0


async def test_who_is_suspended_is_counted_among_no_readers(town: Town) -> None:
    own = await town.space(town.agathe, readers=[town.ousmane, town.solene])
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update person set suspended_at = now() where id = %(id)s", id=town.ousmane.person_id)
    async with town.house.ground.database.snapshot() as reader:
        [seen] = await town.house.spaces.own_many(reader, town.agathe)
    # An agent of another organisation reads an internal space like anybody.
    assert (seen.space.members_count, seen.barred) == (3, 1)
    assert [m.barred for m in await town.house.spaces.barred(town.agathe, own.space.id)] == ["suspended"]
