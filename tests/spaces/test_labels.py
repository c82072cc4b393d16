"""Labels go up at once and put out whom they keep out; they come down with a reason, and from sensitive by two."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.database import Reader, Transaction
from bastide.core.errors import Invalid, NotFound, Problem, Refused
from bastide.core.policy import Actor, Hosting, Label, Role, SpaceKind
from bastide.people.errors import InvitationOver
from bastide.spaces.errors import ProposalOver, ProposalPending, ProposerGone, SoleManager
from bastide.spaces.label_seams import Ended
from bastide.spaces.model import ChangeState, LabelLowering, LabelRaise
from tests.contract.window import Listening
from tests.support.hosting import declare
from tests.support.town import Town, in_office, strong

WHY = Plain("Le dossier est publié depuis ce matin.")


async def raised(town: Town, actor: Actor, space: UUID, label: Label, *, as_team: bool = False) -> Label:
    own = await town.house.labels.raise_label(actor, space, LabelRaise(label, as_team))
    return own.space.label


async def members(town: Town, space: UUID) -> set[UUID]:
    async with town.house.ground.database.read() as reader:
        rows = await reader.rows("select person_id from member where space_id = %(s)s", s=space)
    return {row[0] for row in rows}


async def label_of(town: Town, space: UUID) -> Label:
    async with town.house.ground.database.read() as reader:
        return Label(await reader.value("select label from space where id = %(s)s", s=space))


async def lines(town: Town, part: str = "spaces:label") -> list[dict[str, Any]]:
    await town.house.ground.audit.flush()
    found = [msgspec.json.decode(bytes(r.line)) async for r in town.house.ground.audit.lines()]
    return [line for line in found if part in line["action"]]


def later(town: Town, by: timedelta) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(by)


# Raising.


async def test_raising_puts_out_whom_the_label_keeps_out(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.guest, town.ousmane], readers=[town.solene])
    space = own.space.id
    effects = await town.house.labels.effects(town.agathe, space, Label.SENSITIVE)
    assert [(loss.person.id, loss.rule) for loss in effects.losing] == [(town.guest.person_id, "guest-label")]
    assert (effects.losing_count, effects.hindrance, effects.passkey, effects.becomes_team) == (
        1,
        None,
        False,
        False,
    )
    town.heard.clear()
    assert await raised(town, town.agathe, space, Label.SENSITIVE) is Label.SENSITIVE
    assert town.guest.person_id not in await members(town, space)
    # Who is out hears that and why, and nothing more of it.
    assert town.events(space) == ["spaces.member.removed", "spaces.space.changed", "spaces.label.moved"]
    assert town.events(town.guest.person_id) == ["spaces.space.lost"]
    assert town.house.roster.place(space).label is Label.SENSITIVE  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        await town.house.spaces.own(town.guest, space)
    told = await lines(town)
    assert (told[0]["action"], told[0]["detail"]["from"], told[0]["detail"]["to"]) == (
        "spaces:label:raise",
        "internal",
        "sensitive",
    )
    out = await lines(town, "spaces:member:remove")
    assert [line["detail"] for line in out] == [
        {"member": str(town.guest.person_id), "label_change": told[0]["detail"]["label_change"]}
    ]


async def test_restricted_keeps_out_other_organisations_unless_they_are_partners(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, readers=[town.solene, town.yanis])
    space, chief = own.space.id, in_office(strong(town.agathe))
    effects = await town.house.labels.effects(chief, space, Label.RESTRICTED)
    assert [(loss.person.id, loss.rule) for loss in effects.losing] == [(town.solene.person_id, "partner")]
    assert effects.passkey
    assert effects.hindrance is None
    await town.house.hosting.admit_partner(chief, town.agency.id)
    effects = await town.house.labels.effects(chief, space, Label.RESTRICTED)
    assert effects.losing == []
    await raised(town, chief, space, Label.RESTRICTED)
    assert town.solene.person_id in await members(town, space)


async def test_who_has_no_passkey_is_named_where_somebody_can_tell(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, readers=[town.solene, town.yanis])
    labels = town.house.labels

    async def without(_reader: object, people: Any) -> set[UUID]:
        assert town.solene.person_id not in people, "only of those who stay it is asked"
        return {town.yanis.person_id}

    labels.without_passkey = None
    effects = await labels.effects(strong(town.agathe), own.space.id, Label.RESTRICTED)
    assert (effects.without_passkey, effects.without_passkey_count) == (None, None)
    labels.without_passkey = without
    effects = await labels.effects(strong(town.agathe), own.space.id, Label.RESTRICTED)
    assert effects.without_passkey is not None
    assert [card.id for card in effects.without_passkey] == [town.yanis.person_id]
    assert effects.without_passkey_count == 1


async def test_raising_to_restricted_takes_a_passkey_oneself(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE)
    effects = await town.house.labels.effects(town.agathe, own.space.id, Label.RESTRICTED)
    assert effects.hindrance is not None
    assert effects.hindrance.rule == "strong-sign-in"
    with pytest.raises(Refused) as refusal:
        await raised(town, town.agathe, own.space.id, Label.RESTRICTED)
    assert refusal.value.rule == "strong-sign-in"


async def test_a_community_becomes_a_team_or_is_refused(town: Town) -> None:
    own = await town.space(
        town.agathe, name="Marcheurs", kind=SpaceKind.COMMUNITY, contributors=[town.solene]
    )
    space = own.space.id
    effects = await town.house.labels.effects(town.agathe, space, Label.SENSITIVE)
    assert effects.becomes_team
    assert effects.hindrance is None
    with pytest.raises(Refused) as refusal:
        await raised(town, town.agathe, space, Label.SENSITIVE)
    assert (refusal.value.rule, refusal.value.ways) == ("community-label", ["make-team", "choose-label"])
    assert await label_of(town, space) is Label.INTERNAL
    await raised(town, town.agathe, space, Label.SENSITIVE, as_team=True)
    after = await town.house.spaces.own(town.agathe, space)
    assert after.space.kind is SpaceKind.TEAM
    assert await town.house.spaces.communities(town.yanis, "marcheurs") == []
    assert await members(town, space) == {town.agathe.person_id, town.solene.person_id}
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select count(*) from space_words") == 0


async def test_a_community_stays_open_where_it_can(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.PUBLIC, kind=SpaceKind.COMMUNITY)
    await raised(town, town.agathe, own.space.id, Label.INTERNAL, as_team=True)
    after = await town.house.spaces.own(town.agathe, own.space.id)
    assert (after.space.kind, after.space.label) == (SpaceKind.COMMUNITY, Label.INTERNAL)


async def test_the_instance_must_be_open_to_the_label(town: Town) -> None:
    own = await town.space(town.agathe)
    await declare(town.house, Hosting.PREMISES, Label.INTERNAL)
    effects = await town.house.labels.effects(town.agathe, own.space.id, Label.SENSITIVE)
    assert effects.hindrance is not None
    assert (effects.hindrance.rule, effects.hindrance.reason) == ("approval", "above-ceiling")
    with pytest.raises(Refused) as refusal:
        await raised(town, town.agathe, own.space.id, Label.SENSITIVE)
    assert (refusal.value.rule, refusal.value.reason) == ("approval", "above-ceiling")
    # Before the act as after it, only what leads somewhere is named.
    assert effects.hindrance.ways == refusal.value.ways
    told = await lines(town)
    assert [(line["action"], line["allowed"]) for line in told] == [("spaces:label:raise", False)]


async def test_who_may_raise_and_where(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane, town.guest])
    labels = town.house.labels
    for actor, error in ((town.ousmane, Refused), (town.guest, Refused), (town.solene, NotFound)):
        for act in (
            labels.raise_label(actor, own.space.id, LabelRaise(Label.SENSITIVE)),
            labels.lower(actor, own.space.id, LabelLowering(Label.PUBLIC, WHY)),
            labels.effects(actor, own.space.id, Label.SENSITIVE),
            labels.book(actor, own.space.id),
        ):
            with pytest.raises(error):
                await act
    with pytest.raises(Invalid):
        await raised(town, town.agathe, own.space.id, Label.PUBLIC)
    with pytest.raises(Invalid):
        await labels.effects(town.agathe, own.space.id, Label.INTERNAL)
    direct = await town.house.spaces.direct(town.agathe, [town.ousmane.person_id])
    with pytest.raises(Refused) as refusal:
        await raised(town, town.agathe, direct.space.id, Label.SENSITIVE)
    assert refusal.value.rule == "space-kind"


async def test_two_raise_at_once(town: Town) -> None:
    own = await town.space(town.agathe, managers=[town.ousmane], contributors=[town.guest])
    space = own.space.id
    town.heard.clear()
    done = await asyncio.gather(
        *(raised(town, who, space, Label.SENSITIVE) for who in (town.agathe, town.ousmane) for _ in range(4))
    )
    assert set(done) == {Label.SENSITIVE}
    assert town.events(space).count("spaces.space.changed") == 1
    assert town.events(space).count("spaces.member.removed") == 1
    assert len(await lines(town)) == 1


async def test_people_come_in_while_it_is_raised(town: Town) -> None:
    """Whoever a label keeps out is out, whenever they came: locks are taken anew until all are held."""
    own = await town.space(town.agathe, managers=[town.ousmane])
    space = own.space.id
    guests = [
        await town.person(f"Invité{n}", "Test", town.prefecture, kind=town.guest.kind) for n in range(6)
    ]

    async def come(guest: Actor) -> bool:
        try:
            await town.let_in(town.ousmane, space, guest, Role.READER)
        except (Refused, InvitationOver):
            return False
        return True

    came, *_ = await asyncio.gather(
        asyncio.gather(*map(come, guests)), raised(town, town.agathe, space, Label.SENSITIVE)
    )
    assert await members(town, space) == {town.agathe.person_id, town.ousmane.person_id}
    assert town.events(space).count("spaces.member.removed") == sum(came)
    assert len(town.house.roster.members(space)) == 2


async def test_a_removed_guests_socket_hears_nothing_more(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.guest, town.ousmane])
    channel = await town.channel(town.agathe, own.space.id)
    cursors = {own.space.id: town.heard[-1].seq}
    guest, agent = [await Listening.open(town, who, cursors) for who in (town.guest, town.ousmane)]
    await raised(town, town.agathe, own.space.id, Label.SENSITIVE)
    await town.say(town.agathe, channel, "entre agents")
    # The label that put them out is the last they hear of it.
    lost = next(frame for frame in guest.frames if "spaces.space.lost" in str(frame))
    assert "sensitive" not in str([frame for frame in guest.frames if frame is not lost])
    assert "entre agents" not in str(guest.frames)
    assert "entre agents" in str(agent.frames)
    # That a change of the label was noted is for managers: others get nothing in its place.
    assert "spaces.label.moved" not in str(agent.frames)
    assert "core.gone" in str(agent.frames)
    guest.close()
    agent.close()


async def test_what_a_label_ends_ends_in_the_same_act(town: Town) -> None:
    """The seam for invitations and links."""
    own = await town.space(town.agathe)
    ended: list[Label] = []

    class Invitations:
        async def ending(self, reader: Reader, space_id: UUID, label: Label) -> list[str]:
            return ["Lou", "Max", "Zoé"]

        async def end(self, tx: Transaction, space_id: UUID, label: Label, by: UUID) -> Ended:
            ended.append(label)
            return Ended()

    town.house.labels.endings.append(Invitations())
    effects = await town.house.labels.effects(town.agathe, own.space.id, Label.SENSITIVE)
    assert (effects.invited, effects.invitations) == (["Lou", "Max", "Zoé"], 3)
    await raised(town, town.agathe, own.space.id, Label.SENSITIVE)
    assert ended == [Label.SENSITIVE]


# Lowering.


async def test_internal_comes_down_to_public_with_a_reason(town: Town) -> None:
    own = await town.space(town.agathe)
    for words in ("", "neuf lett", " " * 40, "x" * 501):
        with pytest.raises(Invalid) as invalid:
            await town.house.labels.lower(
                town.agathe, own.space.id, LabelLowering(Label.PUBLIC, Plain(words))
            )
        assert invalid.value.field == "reason"
    done = await town.house.labels.lower(town.agathe, own.space.id, LabelLowering(Label.PUBLIC, WHY))
    assert (done.state, done.reason) == (ChangeState.DONE, WHY)
    assert await label_of(town, own.space.id) is Label.PUBLIC
    told = await lines(town)
    assert told[-1]["detail"]["label_change"] == str(done.id)
    assert WHY.text not in str(told), "the audit holds no words"
    book = await town.house.labels.book(town.agathe, own.space.id)
    assert [(c.reason, c.made_by) for c in book.changes] == [(WHY, town.agathe.person_id)]
    assert [p.id for p in book.people] == [town.agathe.person_id]


async def test_from_sensitive_down_it_takes_two(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, managers=[town.ousmane, town.solene])
    space, labels = own.space.id, town.house.labels
    proposed = await labels.lower(town.agathe, space, LabelLowering(Label.INTERNAL, WHY))
    assert proposed.state is ChangeState.PENDING
    assert await label_of(town, space) is Label.SENSITIVE
    book = await labels.book(town.ousmane, space)
    assert book.pending is not None
    assert (book.pending.reason, book.may_confirm) == (WHY, True)
    assert not (await labels.book(town.agathe, space)).may_confirm
    with pytest.raises(Refused) as refusal:
        await labels.confirm(town.agathe, space, proposed.id)
    assert (refusal.value.rule, refusal.value.ways) == ("second-manager", ["ask-second-manager"])
    with pytest.raises(ProposalPending):
        await labels.lower(town.ousmane, space, LabelLowering(Label.PUBLIC, WHY))
    # Two confirm at once: one does it, and both see it done or over.
    outcomes = await asyncio.gather(
        labels.confirm(town.ousmane, space, proposed.id),
        labels.confirm(town.ousmane, space, proposed.id),
        labels.confirm(town.solene, space, proposed.id),
        return_exceptions=True,
    )
    assert sum(isinstance(o, ProposalOver) for o in outcomes) in (1, 2)
    assert await label_of(town, space) is Label.INTERNAL
    told = await lines(town)
    assert [(line["action"], line["detail"].get("step")) for line in told if line["allowed"]] == [
        ("spaces:label:lower", "proposed"),
        ("spaces:label:confirm", "done"),
    ]
    assert {line["detail"]["proposed_by"] for line in told if line["allowed"]} == {str(town.agathe.person_id)}


async def test_who_manages_alone_is_told_so(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, contributors=[town.ousmane])
    labels, wanted = town.house.labels, LabelLowering(Label.INTERNAL, WHY)
    effects = await labels.effects(town.agathe, own.space.id, Label.INTERNAL)
    assert (effects.second_manager, effects.others) == (True, 0)
    with pytest.raises(SoleManager):
        await labels.lower(town.agathe, own.space.id, wanted)
    await town.house.spaces.change_role(town.agathe, own.space.id, town.ousmane.person_id, Role.MANAGER)
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update person set suspended_at = now() where id = %(p)s", p=town.ousmane.person_id)
    with pytest.raises(SoleManager):
        await labels.lower(town.agathe, own.space.id, wanted)
    async with town.house.ground.database.transaction() as tx:
        await tx.run("update person set suspended_at = null where id = %(p)s", p=town.ousmane.person_id)
    await labels.lower(town.agathe, own.space.id, wanted)


async def test_a_proposal_is_withdrawn_and_ends_after_a_week(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, managers=[town.ousmane])
    space, labels, wanted = own.space.id, town.house.labels, LabelLowering(Label.INTERNAL, WHY)
    first = await labels.lower(town.agathe, space, wanted)
    await labels.withdraw(town.ousmane, space, first.id)
    await labels.withdraw(town.ousmane, space, first.id)
    with pytest.raises(ProposalOver):
        await labels.confirm(town.ousmane, space, first.id)
    second = await labels.lower(town.agathe, space, wanted)
    later(town, timedelta(days=7) - timedelta(seconds=1))
    assert (await labels.book(town.ousmane, space)).pending is not None
    later(town, timedelta(seconds=1))
    assert (await labels.book(town.ousmane, space)).pending is None
    for late in (
        labels.confirm(town.ousmane, space, second.id),
        labels.withdraw(town.agathe, space, second.id),
    ):
        with pytest.raises(ProposalOver):
            await late
    town.heard.clear()
    await labels.expire()
    await labels.expire()
    assert town.events(space) == ["spaces.label.moved"]
    states = [c.state for c in (await labels.book(town.agathe, space)).changes]
    assert states == [ChangeState.EXPIRED, ChangeState.WITHDRAWN]
    # What time has ended before the round came is in nobody's way.
    await labels.lower(town.agathe, space, wanted)
    later(town, timedelta(days=8))
    await labels.lower(town.ousmane, space, wanted)
    assert await label_of(town, space) is Label.SENSITIVE


async def test_raised_while_a_lowering_is_pending(town: Town) -> None:
    agathe, ousmane = strong(town.agathe), strong(town.ousmane)
    own = await town.space(agathe, label=Label.SENSITIVE, managers=[town.ousmane])
    space, labels = own.space.id, town.house.labels
    proposed = await labels.lower(agathe, space, LabelLowering(Label.INTERNAL, WHY))
    raising, confirming = await asyncio.gather(
        raised(town, agathe, space, Label.RESTRICTED),
        labels.confirm(ousmane, space, proposed.id),
        return_exceptions=True,
    )
    # Whoever comes first, the end is the stricter one, and it was said so.
    assert raising is Label.RESTRICTED
    assert await label_of(town, space) is Label.RESTRICTED
    states = {c.id: c.state for c in (await labels.book(agathe, space)).changes}
    over = isinstance(confirming, ProposalOver)
    assert states[proposed.id] is (ChangeState.OVERTAKEN if over else ChangeState.DONE)


@pytest.mark.parametrize("how", ["removed", "demoted", "suspended"])
async def test_a_proposal_falls_with_who_made_it(town: Town, how: str) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, managers=[town.ousmane, town.yanis])
    space, labels, spaces = own.space.id, town.house.labels, town.house.spaces
    proposed = await labels.lower(town.ousmane, space, LabelLowering(Label.INTERNAL, WHY))
    if how == "removed":
        await spaces.remove_member(town.agathe, space, town.ousmane.person_id)
    elif how == "demoted":
        await spaces.change_role(town.agathe, space, town.ousmane.person_id, Role.CONTRIBUTOR)
    else:
        async with town.house.ground.database.transaction() as tx:
            await tx.run("update person set suspended_at = now() where id = %(p)s", p=town.ousmane.person_id)
    assert (await labels.book(town.agathe, space)).pending is None
    with pytest.raises(ProposerGone):
        await labels.confirm(town.agathe, space, proposed.id)
    # It stands in nobody's way.
    again = await labels.lower(town.agathe, space, LabelLowering(Label.INTERNAL, WHY))
    await labels.confirm(town.yanis, space, again.id)
    assert await label_of(town, space) is Label.INTERNAL


async def test_who_was_removed_confirms_nothing(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, managers=[town.ousmane])
    space, labels = own.space.id, town.house.labels
    proposed = await labels.lower(town.agathe, space, LabelLowering(Label.INTERNAL, WHY))
    outcomes: list[object] = list(
        await asyncio.gather(
            town.house.spaces.remove_member(town.agathe, space, town.ousmane.person_id),
            labels.confirm(town.ousmane, space, proposed.id),
            return_exceptions=True,
        )
    )
    confirmed = not isinstance(outcomes[1], Problem)
    assert await label_of(town, space) is (Label.INTERNAL if confirmed else Label.SENSITIVE)
    with pytest.raises(NotFound):
        await labels.confirm(town.ousmane, space, proposed.id)
    with pytest.raises(NotFound):
        await labels.withdraw(town.agathe, own.space.id, UUID(int=7))


async def test_another_spaces_proposal_is_none_of_ones_own(town: Town) -> None:
    mine = await town.space(town.agathe, label=Label.SENSITIVE, managers=[town.ousmane])
    theirs = await town.space(town.solene, label=Label.SENSITIVE, managers=[town.yanis])
    wanted = LabelLowering(Label.INTERNAL, WHY)
    proposed = await town.house.labels.lower(town.solene, theirs.space.id, wanted)
    for act in (town.house.labels.confirm, town.house.labels.withdraw):
        with pytest.raises(NotFound):
            await act(town.agathe, mine.space.id, proposed.id)
        with pytest.raises(NotFound):
            await act(town.agathe, theirs.space.id, proposed.id)


async def test_a_label_the_instance_holds_no_more_cannot_be_confirmed(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, managers=[town.ousmane])
    proposed = await town.house.labels.lower(town.agathe, own.space.id, LabelLowering(Label.INTERNAL, WHY))
    await declare(town.house, Hosting.COMMERCIAL)
    with pytest.raises(Refused) as refusal:
        await town.house.labels.confirm(town.ousmane, own.space.id, proposed.id)
    assert refusal.value.rule == "hosting"
    assert await label_of(town, own.space.id) is Label.SENSITIVE


async def test_the_house_knows_who_has_no_passkey(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.SENSITIVE, readers=[town.yanis])
    effects = await town.house.labels.effects(strong(town.agathe), own.space.id, Label.RESTRICTED)
    assert effects.without_passkey_count == 2
