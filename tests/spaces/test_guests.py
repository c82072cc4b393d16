"""Guests: invited by a manager, let in once by their link, in for as long as was said, and not a day longer."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from bastide.core.audit import Line
from bastide.core.client import Client
from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.errors import Invalid, NotFound, Problem, Refused, WrongCredentials
from bastide.core.policy import Action, Actor, ActorKind, Hosting, Label, Role, SpaceKind, Tool
from bastide.core.policy.holding import months_after
from bastide.people.errors import AgentAddress, InvitationOver, OrganisationAddress, VisitOver
from bastide.people.invited import InvitationForm, Issued
from bastide.people.model import NewAgent, SignIn
from bastide.people.sessions import Opened
from bastide.spaces.errors import AlreadyMember, GuestByInvitation
from bastide.spaces.guesthood import NewGuest
from bastide.spaces.model import LabelRaise, NewDirect, NewSpace, OwnSpace, RefusedMember
from tests.contract.window import Listening
from tests.support.eventually import until
from tests.support.hosting import declare
from tests.support.served import Served
from tests.support.town import PASSWORD, Town, in_office, strong

HERS = "six platanes au bord de l’eau"


def today(town: Town) -> date:
    return town.house.rulebook.today


def newcomer(town: Town, **other: object) -> NewGuest:
    end = months_after(today(town), 3)
    new = NewGuest("lou.martel@cabinet.example", "Lou", "Martel", Role.CONTRIBUTOR, end)
    return msgspec.structs.replace(new, **other)


async def invite(town: Town, own: OwnSpace, by: Actor | None = None, **other: object) -> Issued:
    return await town.house.guests.invite(by or town.agathe, own.space.id, newcomer(town, **other))


async def accept(town: Town, token: str, password: str | None = HERS, perhaps: Actor | None = None) -> Opened:
    form = InvitationForm(token, password)
    return await town.house.acceptance.accept(perhaps, form, Client("192.0.2.7", "test"))


async def over(town: Town, token: str) -> None:
    """Neither looked at nor accepted any more, and both say the same."""
    with pytest.raises(InvitationOver):
        await town.house.acceptance.look(token, address="192.0.2.8")
    with pytest.raises(InvitationOver):
        await accept(town, token)


async def lines(town: Town, action: Action) -> list[Line]:
    await town.house.ground.audit.flush()
    async with town.house.ground.database.read() as reader:
        rows = await reader.rows("select line from audit order by seq")
    found = [msgspec.json.decode(bytes(row[0]), type=Line) for row in rows]
    return [line for line in found if line.action == action.value]


def wait(town: Town, by: timedelta) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(by)


async def test_a_guest_is_told_and_comes_in(town: Town) -> None:
    own = await town.space(town.agathe, name="Plan inondation")
    issued = await invite(town, own)
    assert len(issued.token) == 64
    told = await town.house.acceptance.look(issued.token, address="192.0.2.7")
    assert told.destination is not None
    assert (told.by.family_name, told.organisation.id, told.known) == ("Delorme", town.prefecture.id, False)
    assert (told.destination.name.text, told.destination.role) == ("Plan inondation", Role.CONTRIBUTOR)
    assert told.destination.ends_on == date(2026, 6, 10)
    opened = await accept(town, issued.token)
    lou = opened.actor
    assert (lou.kind, lou.organisation_id) == (ActorKind.GUEST, town.prefecture.id)
    assert (await town.house.spaces.own(lou, own.space.id)).role is Role.CONTRIBUTOR
    assert town.events(lou.person_id) == ["spaces.space.gained"]
    stays = await town.house.guests.own_stays(lou)
    assert [(s.space_id, s.ends_on, s.invited_by) for s in stays] == [
        (own.space.id, date(2026, 6, 10), told.by)
    ]
    steps = [line.detail["step"] for line in await lines(town, Action.SPACES_GUEST_INVITE)]
    assert steps == ["made", "accepted"]
    assert (await town.house.guests.book(town.agathe, own.space.id)).invitations == []
    assert (await town.house.ground.audit.verify()).broken_at is None


async def test_the_token_is_nowhere_in_the_database(town: Town) -> None:
    own = await town.space(town.agathe)
    issued = await invite(town, own)
    async with town.house.ground.database.read() as reader:
        for table in ("invitation", "audit", "journal"):
            rows = await reader.value(f"select string_agg(t::text, ' ') from {table} t")  # pyright: ignore[reportArgumentType]
            assert issued.token not in (rows or "")


async def test_guests_go_where_the_rule_lets_them(town: Town) -> None:
    """Above internal nobody is invited, and the refusal says what may be done; nor into a community."""
    await town.space(town.agathe)  # elsewhere
    for label, kind, rule, ways in (
        (Label.SENSITIVE, SpaceKind.TEAM, "guest-label", ["invite-elsewhere"]),
        (Label.RESTRICTED, SpaceKind.TEAM, "guest-label", ["invite-elsewhere"]),
        (Label.INTERNAL, SpaceKind.COMMUNITY, "space-kind", ["make-team"]),
    ):
        own = await town.space(town.agathe, label=label, kind=kind)
        with pytest.raises(Refused) as refusal:
            await invite(town, own, strong(town.agathe))
        assert (refusal.value.rule, refusal.value.ways) == (rule, ways)
    for label in (Label.PUBLIC, Label.INTERNAL):
        assert await invite(town, await town.space(town.agathe, label=label))


async def test_only_a_manager_of_that_space_invites(town: Town) -> None:
    own = await town.space(town.agathe, contributors=[town.ousmane], readers=[town.guest])
    theirs = await town.space(town.solene)
    issued = await invite(town, own)
    guests, space, invitation = town.house.guests, own.space.id, issued.invitation.id
    for actor, error in ((town.ousmane, Refused), (town.guest, Refused), (town.solene, NotFound)):
        for act in (
            guests.invite(actor, space, newcomer(town)),
            guests.renew(actor, space, invitation),
            guests.revoke(actor, space, invitation),
            guests.prolong(actor, space, town.guest.person_id, today(town)),
            guests.book(actor, space),
        ):
            with pytest.raises(error):
                await act
    # The manager of another space names this one's invitation and guest from theirs.
    for act in (
        guests.renew(town.solene, theirs.space.id, invitation),
        guests.revoke(town.solene, theirs.space.id, invitation),
        guests.prolong(town.solene, theirs.space.id, town.guest.person_id, today(town)),
    ):
        with pytest.raises(NotFound):
            await act
    assert (await accept(town, issued.token)).actor.kind is ActorKind.GUEST


async def test_nobody_is_a_guest_under_an_administrations_address(town: Town) -> None:
    """Else any manager could take a future colleague's address for good."""
    own = await town.space(town.agathe)
    for email in ("nouvelle@haute-vezelle.example", "nouvelle@mobilites.example", "x@ddt.mobilites.example"):
        with pytest.raises(OrganisationAddress) as refused:
            await invite(town, own, email=email)
        assert refused.value.field == "email"
        assert "administrateur" in refused.value.details().title
    assert "Agence des mobilités" in refused.value.details().title
    # An address that an administration takes on later: links that wait open nothing, and none is made anew.
    issued = await invite(town, own, email="lou@cabinet.example")
    await town.house.people.do_create_organisation("Cabinet Martel", "Martel", "cabinet.example")
    await over(town, issued.token)
    with pytest.raises(OrganisationAddress):
        await town.house.guests.renew(town.agathe, own.space.id, issued.invitation.id)
    assert await invite(town, own, email="lou@cabinet.example.net"), "another domain that looks like it"


async def test_guests_come_in_by_an_invitation_alone(town: Town) -> None:
    """A guest who is here already is put into no other space by a member's door: an end was never chosen."""
    await town.space(town.agathe, readers=[town.guest])
    own = await town.space(town.agathe, name="Pont neuf")
    guest, yanis = town.guest.person_id, town.yanis.person_id
    with pytest.raises(GuestByInvitation) as refused:
        await town.house.spaces.add_members(town.agathe, own.space.id, [guest], Role.READER)
    assert "invitation" in refused.value.details().title
    several = await town.house.spaces.add_members(town.agathe, own.space.id, [guest, yanis], Role.READER)
    assert (several.added, several.refused) == ([yanis], [RefusedMember(guest, None, guest=True)])
    new = NewSpace(town.house.ground.ids.new(), SpaceKind.TEAM, Label.INTERNAL, list(Tool), Plain("Quai"))
    with pytest.raises(GuestByInvitation):
        await town.house.spaces.create(town.agathe, msgspec.structs.replace(new, members=[guest]))
    assert [s.ends_on for s in await town.house.guests.own_stays(town.guest)] == [
        months_after(today(town), 3)
    ]
    end = today(town) + timedelta(days=3)
    await town.let_in(town.agathe, own.space.id, town.guest, Role.READER, end)
    assert {s.ends_on for s in await town.house.guests.own_stays(town.guest)} == {
        end,
        months_after(today(town), 3),
    }


async def knock(town: Town, password: str = HERS) -> Opened:
    return await town.house.people.sign_in(
        SignIn("lou.martel@cabinet.example", password), Client("192.0.2.7", "test")
    )


async def test_after_the_last_stay_the_door_says_so_and_the_account_is_forgotten(town: Town) -> None:
    own = await town.space(town.agathe)
    lou = (await accept(town, (await invite(town, own)).token)).actor
    channel = await town.channel(town.agathe, own.space.id)
    said = await town.say(lou, channel, "Bonjour à tous")
    assert (await knock(town)).actor.person_id == lou.person_id
    await town.house.spaces.remove_member(town.agathe, own.space.id, lou.person_id)
    await town.house.departures.close()
    with pytest.raises(VisitOver):
        await knock(town)
    with pytest.raises(WrongCredentials):
        await knock(town, "un tout autre mot de passe")
    # Within the term they may be invited again, and it begins anew when that visit is over.
    wait(town, timedelta(days=89))
    await town.house.departures.forget_away()
    again = await invite(town, own)
    assert (await accept(town, again.token)).actor.person_id == lou.person_id
    wait(town, timedelta(days=2))
    await town.house.departures.forget_away()
    assert await knock(town)
    await town.house.spaces.remove_member(town.agathe, own.space.id, lou.person_id)
    await town.house.departures.close()
    wait(town, timedelta(days=91))
    await town.house.departures.forget_away()
    with pytest.raises(WrongCredentials):
        await knock(town)
    async with town.house.ground.database.read() as reader:
        for table in ("credential", "passkey", "recovery_code", "session"):
            left = f"select count(*) from {table} where person_id = %(id)s"
            assert await reader.value(left, id=lou.person_id) == 0  # pyright: ignore[reportArgumentType]
        rows = await reader.value(
            "select string_agg(p::text || d::text, ' ') from person p, device d where p.id = d.person_id and p.id = %(id)s",
            id=lou.person_id,
        )
    assert "cabinet.example" not in rows
    [card] = await town.house.people.cards(town.agathe, [said.author_id])
    assert card.family_name == "Martel", "what they wrote keeps its name"
    assert await town.house.people.search(town.agathe, "martel") == []
    book = await town.house.administration.book(in_office(town.agathe))
    assert lou.person_id not in {line.card.id for line in book.people}
    # The same person, invited once more, is somebody new.
    third = await invite(town, own)
    assert (await accept(town, third.token)).actor.person_id != lou.person_id


async def test_a_guest_from_before_is_counted_from_the_first_night(town: Town) -> None:
    """Nobody wrote down since when they were away."""
    await town.house.departures.forget_away()
    wait(town, timedelta(days=89))
    await town.house.departures.forget_away()
    assert (await town.house.people.profile(town.agathe, town.guest.person_id)).email
    wait(town, timedelta(days=2))
    await town.house.departures.forget_away()
    assert (await town.house.people.profile(town.agathe, town.guest.person_id)).email == ""


async def test_guests_see_who_invited_them_while_that_person_is_there(town: Town) -> None:
    own = await town.space(town.agathe, managers=[town.solene], readers=[town.guest])
    [stay] = await town.house.guests.own_stays(town.guest)
    assert stay.invited_by is not None
    assert (stay.invited_by.id, stay.organisation) == (town.agathe.person_id, town.prefecture)
    await town.house.spaces.remove_member(town.agathe, own.space.id, town.agathe.person_id)
    [stay] = await town.house.guests.own_stays(town.guest)
    assert (stay.invited_by, stay.organisation) == (None, town.prefecture)


async def test_a_manager_of_another_organisation_invites_as_theirs(town: Town) -> None:
    own = await town.space(town.agathe, managers=[town.solene])
    issued = await invite(town, own, town.solene)
    lou = (await accept(town, issued.token)).actor
    assert lou.organisation_id == town.agency.id
    assert (await town.house.spaces.own(lou, own.space.id)).role is Role.CONTRIBUTOR


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "a@b@cabinet.example"),
        ("email", ""),
        ("given_name", " "),
        ("family_name", "\u202e"),
        ("role", Role.MANAGER),
        ("ends_on", date(2026, 3, 9)),
        ("ends_on", date(2027, 3, 11)),
    ],
)
async def test_what_is_no_invitation(town: Town, field: str, value: object) -> None:
    own = await town.space(town.agathe)
    with pytest.raises(Invalid) as invalid:
        await town.house.guests.invite(town.agathe, own.space.id, newcomer(town, **{field: value}))
    assert invalid.value.field == field
    assert (await town.house.guests.book(town.agathe, own.space.id)).invitations == []


async def test_who_works_here_is_no_guest_here(town: Town) -> None:
    own = await town.space(town.agathe)
    for address in ("Yanis.Bouchareb@haute-vezelle.example", "solene.kerbrat@mobilites.example"):
        with pytest.raises(AgentAddress) as taken:
            await invite(town, own, email=address)
        assert taken.value.field == "email"
    # Who has become an agent since they were invited does not come in as one by the guest's link.
    issued = await invite(town, own)
    agent = NewAgent(town.agency.id, "lou.martel@cabinet.example", "Lou", "Martel", password=PASSWORD)
    await town.house.people.do_create_person(agent)
    with pytest.raises(AgentAddress):
        await accept(town, issued.token, PASSWORD)


async def test_who_is_in_is_not_invited_again(town: Town) -> None:
    own = await town.space(town.agathe)
    await accept(town, (await invite(town, own)).token)
    with pytest.raises(AlreadyMember):
        await invite(town, own)
    assert (await town.house.guests.book(town.agathe, own.space.id)).invitations == []


async def test_a_link_is_good_once(town: Town) -> None:
    own = await town.space(town.agathe)
    issued = await invite(town, own)
    outcomes = await asyncio.gather(*(accept(town, issued.token) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(o, Opened) for o in outcomes) == 1
    assert all(isinstance(o, Opened | Problem) for o in outcomes), outcomes
    await over(town, issued.token)
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select count(*) from person where email like 'lou.%%'") == 1
    assert (await town.house.spaces.own(town.agathe, own.space.id)).space.members_count == 2


async def test_a_link_that_is_none(town: Town) -> None:
    own = await town.space(town.agathe)
    issued = await invite(town, own)
    for wrong in ("", "0" * 64, issued.token.upper(), issued.token[:-1], issued.token + "0", "é" * 64):
        await over(town, wrong)
    assert await accept(town, issued.token)


async def test_guessing_tokens_is_slow(town: Town) -> None:
    codes = set[str]()
    for _ in range(110):
        try:
            await town.house.acceptance.look("0" * 64, address="192.0.2.66")
        except Problem as problem:
            codes.add(problem.code)
    assert codes == {"invitation-over", "too-many"}


async def test_it_ends_after_fourteen_days(town: Town) -> None:
    own = await town.space(town.agathe)
    issued = await invite(town, own)
    wait(town, timedelta(days=14) - timedelta(seconds=1))
    assert await town.house.acceptance.look(issued.token, address="192.0.2.7")
    wait(town, timedelta(seconds=1))
    await over(town, issued.token)
    [listed] = (await town.house.guests.book(town.agathe, own.space.id)).invitations
    assert listed.over
    again = await town.house.guests.renew(town.agathe, own.space.id, issued.invitation.id)
    await over(town, issued.token)
    assert await accept(town, again.token)


async def test_a_link_lasts_no_longer_than_the_visit(town: Town) -> None:
    """Made or renewed: what it announces is what the door keeps. Days end at midnight in Paris, not in London."""
    own = await town.space(town.agathe)
    issued = await invite(town, own, ends_on=date(2026, 3, 12))
    assert issued.invitation.expires_at == datetime(2026, 3, 12, 23, tzinfo=UTC)
    again = await town.house.guests.renew(town.agathe, own.space.id, issued.invitation.id)
    assert again.invitation.expires_at == datetime(2026, 3, 12, 23, tzinfo=UTC)
    wait(town, again.invitation.expires_at - town.house.ground.clock.now() - timedelta(seconds=1))
    assert await town.house.acceptance.look(again.token, address="192.0.2.7")
    wait(town, timedelta(seconds=1))
    await over(town, again.token)
    # A day that has passed is another three months on, and the link its fourteen days.
    later = await town.house.guests.renew(town.agathe, own.space.id, issued.invitation.id)
    assert later.invitation.ends_on == months_after(today(town), 3)
    assert later.invitation.expires_at == town.house.ground.clock.now() + timedelta(days=14)


async def test_it_is_withdrawn_and_renewed(town: Town) -> None:
    own = await town.space(town.agathe)
    first = await invite(town, own)
    second = await town.house.guests.renew(town.agathe, own.space.id, first.invitation.id)
    await over(town, first.token)
    third = await invite(town, own, role=Role.READER)
    await over(town, second.token)
    assert len((await town.house.guests.book(town.agathe, own.space.id)).invitations) == 1
    await town.house.guests.revoke(town.agathe, own.space.id, third.invitation.id)
    await over(town, third.token)
    for act in (town.house.guests.revoke, town.house.guests.renew):
        with pytest.raises(NotFound):
            await act(town.agathe, own.space.id, third.invitation.id)


async def test_a_password_that_is_none_leaves_the_link_good(town: Town) -> None:
    own = await town.space(town.agathe)
    issued = await invite(town, own)
    for wrong in (None, "", "trop court", "x" * 300):
        with pytest.raises(Invalid) as invalid:
            await accept(town, issued.token, wrong)
        assert invalid.value.field == "password"
    assert await accept(town, issued.token)


async def raised(town: Town, own: OwnSpace) -> None:
    await town.house.labels.raise_label(town.agathe, own.space.id, LabelRaise(Label.SENSITIVE))


async def closed(town: Town, _own: OwnSpace) -> None:
    await declare(town.house, Hosting.COMMERCIAL)


async def manager_gone(town: Town, own: OwnSpace) -> None:
    await town.house.spaces.remove_member(town.ousmane, own.space.id, town.agathe.person_id)


async def manager_weakened(town: Town, own: OwnSpace) -> None:
    await town.house.spaces.change_role(town.ousmane, own.space.id, town.agathe.person_id, Role.READER)


async def day_passed(town: Town, _own: OwnSpace) -> None:
    wait(town, timedelta(days=2))


@pytest.mark.parametrize("meanwhile", [raised, closed, manager_gone, manager_weakened, day_passed])
async def test_what_happens_meanwhile_ends_it(
    town: Town, meanwhile: Callable[[Town, OwnSpace], Awaitable[None]]
) -> None:
    """No link outlives what it stands on: the label, the hosting, its maker's right to invite, the guest's last day."""
    own = await town.space(town.agathe, managers=[town.ousmane])
    issued = await invite(town, own, ends_on=today(town))
    await meanwhile(town, own)
    await over(town, issued.token)
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select count(*) from person where email like 'lou.%%'") == 0


async def test_a_stricter_label_ends_invitations_and_says_how_many(town: Town) -> None:
    own = await town.space(town.agathe, label=Label.PUBLIC)
    issued = await invite(town, own)
    await invite(town, own, email="max.odin@cabinet.example")
    effects = await town.house.labels.effects(town.agathe, own.space.id, Label.SENSITIVE)
    assert effects.invitations == 2
    assert "Lou Martel" in effects.invited
    told = await town.house.labels.effects(town.agathe, own.space.id, Label.INTERNAL)
    assert (told.invited, told.invitations) == ([], 0)
    # Internal takes guests as well: nothing ends.
    await town.house.labels.raise_label(town.agathe, own.space.id, LabelRaise(Label.INTERNAL))
    assert await town.house.acceptance.look(issued.token, address="192.0.2.7")
    await raised(town, own)
    assert (await town.house.guests.book(town.agathe, own.space.id)).invitations == []
    ended = [line for line in await lines(town, Action.SPACES_GUEST_INVITE) if line.detail["step"] == "ended"]
    assert [line.person_id for line in ended] == [town.agathe.person_id] * 2
    # Made less strict again, the old links stay worth nothing.
    await over(town, issued.token)


async def test_a_label_raised_at_the_same_moment(town: Town) -> None:
    """Whatever comes first, no guest is in a sensitive space."""
    for n in range(4):
        own = await town.space(town.agathe)
        issued = await invite(town, own, email=f"lou{n}@cabinet.example")
        came, _ = await asyncio.gather(accept(town, issued.token), raised(town, own), return_exceptions=True)
        assert isinstance(came, Opened | InvitationOver), came
        assert list(town.house.roster.members(own.space.id)) == [town.agathe.person_id]
        async with town.house.ground.database.read() as reader:
            sql = "select count(*) from member where space_id = %(s)s"
            assert await reader.value(sql, s=own.space.id) == 1


async def test_a_known_guest_confirms_that_it_is_them(town: Town) -> None:
    own, other = await town.space(town.agathe), await town.space(town.solene, name="Pont neuf")
    lou = (await accept(town, (await invite(town, own)).token)).actor
    second = await invite(town, other, town.solene, ends_on=date(2026, 4, 1))
    told = await town.house.acceptance.look(second.token, address="192.0.2.7")
    assert told.known
    with pytest.raises(Invalid):
        await accept(town, second.token, None)
    with pytest.raises(Invalid):
        await accept(town, second.token, None, perhaps=town.agathe)
    with pytest.raises(WrongCredentials):
        await accept(town, second.token, "pas le bon mot de passe")
    opened = await accept(town, second.token, None, perhaps=lou)
    assert opened.actor.person_id == lou.person_id
    assert opened.actor.organisation_id == town.prefecture.id
    ends = {s.space_id: s.ends_on for s in await town.house.guests.own_stays(opened.actor)}
    assert ends == {own.space.id: date(2026, 6, 10), other.space.id: date(2026, 4, 1)}
    third = await town.space(town.agathe, name="Digues")
    assert await accept(town, (await invite(town, third)).token, HERS)


async def test_guessing_a_guests_password_by_a_link_is_slow(town: Town) -> None:
    own, other = await town.space(town.agathe), await town.space(town.agathe)
    await accept(town, (await invite(town, own)).token)
    issued = await invite(town, other)
    codes: list[str] = []
    for n in range(12):
        try:
            await accept(town, issued.token, f"mot de passe {n}")
        except Problem as problem:
            codes.append(problem.code)
    assert codes == ["wrong-credentials"] * 10 + ["too-many"] * 2


async def test_a_stay_ends_by_itself(served: Served) -> None:
    """At midnight after the last day: out of the space, its socket and its session."""
    town = served.town
    own, other = await town.space(town.agathe), await town.space(town.agathe, name="Pont neuf")
    lou = (await accept(town, (await invite(town, own, ends_on=date(2026, 3, 12))).token)).actor
    await accept(town, (await invite(town, other, ends_on=date(2026, 3, 14))).token)
    window = await served.window(lou)
    wire = await window.socket()
    # 21:30 UTC, half past ten at night in Paris: the evening of the last day.
    wait(town, timedelta(days=2, hours=13))
    await town.house.departures.end_over()
    assert (await window.get(f"/api/spaces/{own.space.id}")).status_code == 200
    wait(town, timedelta(hours=2))
    await town.house.departures.end_over()
    await wire.event("spaces.space.lost")
    assert (await window.get(f"/api/spaces/{own.space.id}")).status_code == 404
    assert (await window.get(f"/api/spaces/{other.space.id}")).status_code == 200, (
        "the other one has its own day"
    )
    assert town.events(own.space.id)[-1] == "spaces.member.removed"
    [line] = await lines(town, Action.SPACES_MEMBER_REMOVE)
    assert (line.person_id, line.detail["step"]) == (None, "stay-over")
    wait(town, timedelta(days=2))
    await town.house.departures.end_over()
    await town.house.departures.close()
    assert (await window.get("/api/snapshot")).status_code == 401
    assert (await wire.end())[1] == "signed-out"


async def test_the_calendar_is_watched(town: Town) -> None:
    own = await town.space(town.agathe)
    lou = (await accept(town, (await invite(town, own, ends_on=today(town))).token)).actor
    watch = asyncio.create_task(town.house.departures.run())
    wait(town, timedelta(days=1))
    await until(lambda: town.house.roster.spaces_of(lou.person_id) == frozenset())
    watch.cancel()


async def test_a_manager_prolongs_and_removes(town: Town) -> None:
    own = await town.space(town.agathe)
    lou = (await accept(town, (await invite(town, own, ends_on=date(2026, 3, 12))).token)).actor
    for wrong in (date(2026, 3, 9), date(2027, 3, 11)):
        with pytest.raises(Invalid):
            await town.house.guests.prolong(town.agathe, own.space.id, lou.person_id, wrong)
    with pytest.raises(NotFound):
        await town.house.guests.prolong(town.agathe, own.space.id, town.agathe.person_id, date(2026, 4, 1))
    await town.house.guests.prolong(town.agathe, own.space.id, lou.person_id, date(2026, 4, 1))
    wait(town, timedelta(days=20))
    await town.house.departures.end_over()
    [stay] = (await town.house.guests.book(town.agathe, own.space.id)).guests
    assert (stay.person.id, stay.ends_on) == (lou.person_id, date(2026, 4, 1))
    await town.house.spaces.remove_member(town.agathe, own.space.id, lou.person_id)
    await town.house.departures.close()
    assert (await town.house.guests.book(town.agathe, own.space.id)).guests == []
    async with town.house.ground.database.read() as reader:
        assert (
            await reader.value("select count(*) from session where person_id = %(p)s", p=lou.person_id) == 0
        )


async def test_open_windows_of_managers_hear_what_happens_to_invitations(town: Town) -> None:
    own = await town.space(town.agathe, managers=[town.ousmane], contributors=[town.yanis])
    cursors = {own.space.id: town.heard[-1].seq}
    manager, member = [await Listening.open(town, who, cursors) for who in (town.ousmane, town.yanis)]
    moved: list[int] = []

    def count() -> None:
        moved.append(str(manager.frames).count("spaces.guests.moved"))

    issued = await invite(town, own)
    count()
    await town.house.guests.renew(town.agathe, own.space.id, issued.invitation.id)
    count()
    await town.house.guests.revoke(town.agathe, own.space.id, issued.invitation.id)
    count()
    lou = (await accept(town, (await invite(town, own)).token)).actor
    count()
    await town.house.guests.prolong(town.agathe, own.space.id, lou.person_id, today(town))
    count()
    await invite(town, own, email="max.noel@cabinet.example")
    await raised(town, own)
    count()
    # Once for each, and for making and taking the second and the third.
    assert moved == [1, 2, 3, 5, 6, 8]
    # Who invites whom is the managers' matter.
    assert "spaces.guests.moved" not in str(member.frames)
    assert town.events(lou.person_id).count("spaces.stay.moved") == 1
    manager.close()
    member.close()


async def test_a_visit_that_ended_says_so_at_the_next_opening(town: Town) -> None:
    """A guest of two spaces goes on in the other one, and is told which visit is over."""
    own, other = await town.space(town.agathe, name="Digues"), await town.space(town.agathe, name="Pont neuf")
    lou = (await accept(town, (await invite(town, own, ends_on=today(town))).token)).actor
    await accept(town, (await invite(town, other)).token)
    wait(town, timedelta(days=1))
    await town.house.departures.end_over()
    [lost] = await town.house.losses.own(lou)
    assert (lost.name.text, lost.reason) == ("Digues", "stay-over")
    await accept(town, (await invite(town, own)).token)
    assert await town.house.losses.own(lou) == [], "who is back is told nothing of having gone"


async def test_who_is_invited_while_leaving_keeps_their_session(town: Town) -> None:
    """The door is only closed behind who is nowhere."""
    own, other = await town.space(town.agathe), await town.space(town.agathe)
    lou = (await accept(town, (await invite(town, own)).token)).actor
    second = await invite(town, other)
    await asyncio.gather(
        town.house.spaces.remove_member(town.agathe, own.space.id, lou.person_id),
        accept(town, second.token, None, perhaps=lou),
    )
    await town.house.departures.close()
    async with town.house.ground.database.read() as reader:
        sessions = "select count(*) from session where person_id = %(p)s"
        living = await reader.value(sessions, p=lou.person_id)
    assert town.house.roster.spaces_of(lou.person_id) == {other.space.id}
    assert living >= 1


async def test_no_guest_is_anywhere_without_an_end(town: Town) -> None:
    """Nor in a direct, nor in a community, whoever puts them there."""
    own = await town.space(town.agathe, contributors=[town.guest])
    [stay] = await town.house.guests.own_stays(town.guest)
    assert stay.ends_on == months_after(today(town), 3)
    await town.house.spaces.change_role(town.agathe, own.space.id, town.guest.person_id, Role.READER)
    people = NewDirect([town.guest.person_id]).people
    with pytest.raises(Refused) as refusal:
        await town.house.spaces.direct(town.agathe, people)
    assert (refusal.value.rule, refusal.value.reason) == ("space-kind", "not-in-direct")
    community = await town.space(town.agathe, kind=SpaceKind.COMMUNITY)
    with pytest.raises(Refused) as refusal:
        await town.house.spaces.add_members(town.agathe, community.space.id, people, Role.READER)
    assert refusal.value.reason == "not-in-community"
    assert await town.house.guests.own_stays(town.agathe) == []


async def test_a_guest_sees_their_space_and_its_people_alone(served: Served) -> None:
    town = served.town
    own = await town.space(town.agathe, readers=[town.yanis])
    await town.space(town.agathe, name="Caché", contributors=[town.ousmane])
    lou = (await accept(town, (await invite(town, own)).token)).actor
    window = await served.window(lou)
    snapshot = (await window.get("/api/snapshot")).json()
    assert [s["space"]["id"] for s in snapshot["spaces"]] == [str(own.space.id)]
    assert str(town.ousmane.person_id) not in str(snapshot)
    me = (await window.get("/api/session")).json()
    assert me["abilities"] == [], "nothing to be offered that leads nowhere"
    assert (await window.get(f"/api/people/{town.yanis.person_id}")).status_code == 200
    assert (await window.get(f"/api/people/{town.ousmane.person_id}")).status_code == 404
    refused = (
        await window.get("/api/people?q=ousmane"),
        await window.get("/api/rule"),
        await window.get("/api/me/colleagues"),
        await window.post("/api/directs", {"people": [str(town.yanis.person_id)]}),
        await window.get("/api/administration/people"),
    )
    assert [r.status_code for r in refused] == [403] * len(refused)
    assert (await window.get("/api/communities")).json() == []


def test_months() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2026, 12, 1), 12) == date(2027, 12, 1)
