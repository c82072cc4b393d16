"""What happens in each fixture: a few acts through the services, as one person's windows hear of them.

A story prepares, then gives its acts one by one. Between two acts time passes.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID

from bastide.chat.model import ChannelChange, MessageChange, NewChannel, NewMessage
from bastide.core.clock import HeldClock
from bastide.core.content import Plain
from bastide.core.policy import Actor, Label, Role, SpaceKind, Tool
from bastide.files.model import FileView
from bastide.meet.book import CallBook
from bastide.meet.tokens import Identity
from bastide.spaces.guesthood import NewGuest
from bastide.spaces.model import LabelLowering, LabelRaise, SpaceChange
from tests.files.samples import picture
from tests.support.town import Town

# Agathe looks on. Whatever comes before the first `yield` is in the snapshot before.
Story = Callable[[Town], AsyncGenerator[None]]
STORIES: dict[str, Story] = {}
# Stories at which somebody else looks on.
VIEWERS: dict[str, str] = {"a-visit": "guest"}


def story(tell: Story) -> Story:
    """A story is called as its function is, with dashes."""
    STORIES[tell.__name__.replace("_", "-")] = tell
    return tell


async def _team(town: Town) -> tuple[UUID, UUID]:
    """Ousmane's team with all of them in it, and its channel with two messages."""
    own = await town.space(town.ousmane, contributors=[town.agathe, town.yanis], readers=[town.solene])
    channel = await town.channel(town.ousmane, own.space.id)
    await town.say(town.ousmane, channel, "La cote de vigilance est passée à l'orange.")
    await town.say(town.yanis, channel, "Je préviens les mairies de l'aval.")
    return own.space.id, channel


async def _file(
    town: Town, actor: Actor, space_id: UUID, name: str, data: bytes, *, waiting: bool = False
) -> FileView:
    async def stream() -> AsyncIterator[bytes]:
        yield data

    client_id = town.house.ground.ids.new()
    return await town.house.files.upload(actor, space_id, Plain(name), client_id, stream(), waiting=waiting)


async def _write(town: Town, actor: Actor, channel: UUID, text: str, *files: UUID) -> UUID:
    new = NewMessage(client_id=town.house.ground.ids.new(), content=Plain(text), files=list(files))
    return (await town.house.chat.send(actor, channel, new)).id


@story
async def messages_sent(town: Town) -> AsyncGenerator[None]:
    """Others write, and Agathe from another of her windows: what she wrote she has read."""
    _, channel = await _team(town)
    elsewhere = await town.signed_in(town.agathe.person_id)
    yield
    await town.say(town.ousmane, channel, "Premier point à 9 h 30.")
    yield
    await town.say(elsewhere, channel, "J'y serai.")
    yield
    await town.say(town.yanis, channel, "Moi aussi.")


@story
async def messages_changed(town: Town) -> AsyncGenerator[None]:
    """The last message is edited and deleted, and one before it, which a list does not show."""
    _, channel = await _team(town)
    first = await _write(town, town.yanis, channel, "Repli à la salle des fettes")
    last = await _write(town, town.yanis, channel, "Ouverture à 18 h")
    yield
    change = town.house.chat.edit
    await change(town.yanis, first, MessageChange(Plain("Repli à la salle des fêtes")))
    yield
    await change(town.yanis, last, MessageChange(Plain("Ouverture à 17 h 30")))
    yield
    await town.house.chat.delete(town.ousmane, last)


@story
async def channels_changed(town: Town) -> AsyncGenerator[None]:
    """A channel is made, written in, and given another name; another one only a topic."""
    space, channel = await _team(town)
    yield
    made = await town.house.chat.create_channel(
        town.ousmane, space, NewChannel(client_id=town.house.ground.ids.new(), name=Plain("barrages"))
    )
    yield
    await town.say(town.yanis, made.id, "Le batardeau tient.")
    yield
    await town.house.chat.change_channel(town.ousmane, made.id, ChannelChange(name=Plain("digues")))
    yield
    await town.house.chat.change_channel(town.ousmane, channel, ChannelChange(topic=Plain("Tout le monde")))


@story
async def channel_read(town: Town) -> AsyncGenerator[None]:
    """Agathe reads in another window; going back up moves nothing back."""
    _, channel = await _team(town)
    elsewhere = await town.signed_in(town.agathe.person_id)
    yield
    await town.house.chat.read(elsewhere, channel, 2)
    yield
    await town.house.chat.read(elsewhere, channel, 1)
    await town.say(town.yanis, channel, "Le pont reste ouvert.")


@story
async def space_changed(town: Town) -> AsyncGenerator[None]:
    """Another name and description."""
    space, _ = await _team(town)
    yield
    await town.house.spaces.change(town.ousmane, space, SpaceChange(name=Plain("Plan inondation 2026")))
    yield
    await town.house.spaces.change(
        town.ousmane, space, SpaceChange(description=Plain("Préparer et tenir la crue."))
    )


@story
async def label_changed(town: Town) -> AsyncGenerator[None]:
    """The label is raised, which puts a guest out; its lowering is proposed, and confirmed once Agathe manages too."""
    space, _ = await _team(town)
    await town.let_in(town.ousmane, space, town.guest, Role.READER)
    labels = town.house.labels
    yield
    await labels.raise_label(town.ousmane, space, LabelRaise(Label.SENSITIVE))
    yield
    await town.house.spaces.change_role(town.ousmane, space, town.yanis.person_id, Role.MANAGER)
    lowering = LabelLowering(Label.INTERNAL, Plain("Le plan est publié."))
    dropped = await labels.lower(town.yanis, space, lowering)
    yield
    await labels.withdraw(town.ousmane, space, dropped.id)
    await town.house.spaces.change_role(town.ousmane, space, town.agathe.person_id, Role.MANAGER)
    yield
    proposed = await labels.lower(town.yanis, space, lowering)
    await labels.confirm(town.ousmane, space, proposed.id)


@story
async def tools_off(town: Town) -> AsyncGenerator[None]:
    """Without chat and calls, their channels and their call are no longer there."""
    space, channel = await _team(town)
    await CallBook(town.house.ground).start(town.ousmane, space, town.house.ground.ids.new())
    yield
    await town.say(town.yanis, channel, "Dernier message avant les travaux.")
    yield
    await town.house.spaces.change(town.ousmane, space, SpaceChange(tools=[Tool.FILES]))


@story
async def tools_on(town: Town) -> AsyncGenerator[None]:
    """Chat comes back with what was in it: the window asks for the space."""
    space, channel = await _team(town)
    await town.house.spaces.change(town.ousmane, space, SpaceChange(tools=[Tool.FILES]))
    yield
    await town.house.spaces.change(town.ousmane, space, SpaceChange(tools=[Tool.CHAT, Tool.FILES]))
    yield
    await town.say(town.yanis, channel, "Nous revoilà.")


@story
async def members(town: Town) -> AsyncGenerator[None]:
    """People come, go and get other roles; Agathe's own changes what she may do."""
    space, _ = await _team(town)
    ines = await town.person("Inès", "Courtial", town.prefecture)
    yield
    await town.house.spaces.add_members(town.ousmane, space, [ines.person_id], Role.READER)
    yield
    await town.house.spaces.change_role(town.ousmane, space, ines.person_id, Role.CONTRIBUTOR)
    yield
    await town.house.spaces.change_role(town.ousmane, space, town.agathe.person_id, Role.MANAGER)
    yield
    await town.house.spaces.remove_member(town.ousmane, space, town.yanis.person_id)
    yield
    await town.house.spaces.change_role(town.ousmane, space, town.agathe.person_id, Role.READER)


@story
async def spaces_gained(town: Town) -> AsyncGenerator[None]:
    """Agathe is let into a team, is written to, and joins a community; each of them goes on."""
    team = await town.space(town.ousmane, name="Pont de la Tannerie", contributors=[town.yanis])
    channel = await town.channel(town.ousmane, team.space.id)
    await town.say(town.ousmane, channel, "Le diagnostic est arrivé.")
    community = await town.space(
        town.solene, name="Données ouvertes", kind=SpaceKind.COMMUNITY, label=Label.PUBLIC
    )
    yield
    await town.house.spaces.add_members(
        town.ousmane, team.space.id, [town.agathe.person_id], Role.CONTRIBUTOR
    )
    yield
    await town.say(town.yanis, channel, "Bienvenue, Agathe.")
    direct = await town.house.spaces.direct(town.solene, [town.agathe.person_id])
    yield
    await town.say(
        town.solene, await town.channel(town.solene, direct.space.id), "Auriez-vous cinq minutes ?"
    )
    await town.house.spaces.join(town.agathe, community.space.id)
    yield
    await town.say(
        town.solene, await town.channel(town.solene, community.space.id), "Un nouveau jeu de données."
    )


@story
async def space_lost(town: Town) -> AsyncGenerator[None]:
    """Agathe is put out of one space; what is said there afterwards is not for her."""
    space, channel = await _team(town)
    await town.space(town.yanis, name="Vie de la préfecture", contributors=[town.agathe])
    yield
    await town.house.spaces.remove_member(town.ousmane, space, town.agathe.person_id)
    yield
    await town.say(town.yanis, channel, "Entre nous.")


@story
async def space_lost_and_gained(town: Town) -> AsyncGenerator[None]:
    """Out and in again, in another role."""
    space, channel = await _team(town)
    yield
    await town.house.spaces.remove_member(town.ousmane, space, town.agathe.person_id)
    await town.say(town.yanis, channel, "Elle revient demain.")
    yield
    await town.house.spaces.add_members(town.ousmane, space, [town.agathe.person_id], Role.READER)
    yield
    await town.say(town.yanis, channel, "La revoilà.")


@story
async def guests(town: Town) -> AsyncGenerator[None]:
    """Another manager's invitations, as Agathe's open panel hears of them."""
    own = await town.space(town.ousmane, managers=[town.agathe])
    space, guests = own.space.id, town.house.guests
    end = town.house.rulebook.today + timedelta(days=30)
    yield
    issued = await guests.invite(
        town.ousmane, space, NewGuest("lou.martel@cabinet.example", "Lou", "Martel", Role.READER, end)
    )
    yield
    await guests.renew(town.ousmane, space, issued.invitation.id)
    yield
    await guests.revoke(town.ousmane, space, issued.invitation.id)


@story
async def a_visit(town: Town) -> AsyncGenerator[None]:
    """A guest comes in, gets another last day, and has had it."""
    own = await town.space(town.agathe)
    await town.let_in(town.agathe, own.space.id, town.guest, Role.READER)
    today = town.house.rulebook.today
    yield
    await town.house.guests.prolong(town.agathe, own.space.id, town.guest.person_id, today)
    yield
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    clock.advance(timedelta(days=1))
    await town.house.departures.end_over()


@story
async def calls(town: Town) -> AsyncGenerator[None]:
    """A call begins, devices come and go, one of them again; it ends and another one begins."""
    space, _ = await _team(town)
    book, ids = CallBook(town.house.ground), town.house.ground.ids
    telephone = await town.signed_in(town.ousmane.person_id)
    here = Identity(town.ousmane.person_id, town.ousmane.device_id)
    there = Identity(telephone.person_id, telephone.device_id)
    other = Identity(town.yanis.person_id, town.yanis.device_id)
    yield
    call = await book.start(town.ousmane, space, ids.new())
    yield
    await book.settle(call.id, space, arrived=[other, here])
    yield
    await book.settle(call.id, space, left=[here], arrived=[there])
    yield
    await book.settle(call.id, space, arrived=[here])
    yield
    await book.settle(call.id, space, left=[here, there, other], may_end=True)
    yield
    await book.start(town.yanis, space, ids.new())


@story
async def files(town: Town) -> AsyncGenerator[None]:
    """A picture is put there and hangs on the last message; its preview comes; another file goes."""
    space, channel = await _team(town)
    plan = await _file(town, town.yanis, space, "consignes.txt", b"Fermer les vannes.")
    yield
    photo = await _file(town, town.yanis, space, "crue.png", picture(size=(640, 480)))
    await _write(town, town.yanis, channel, "Vue du quai.", photo.id, plan.id)
    yield
    await town.house.files._previews._make(photo.id)
    yield
    # Uploaded for a message, it is there for nobody until that is sent; its preview is made meanwhile, and told to none.
    sketch = await _file(town, town.yanis, space, "croquis.png", picture(size=(64, 48)), waiting=True)
    yield
    await town.house.files._previews._make(sketch.id)
    yield
    await _write(town, town.yanis, channel, "Le croquis du batardeau.", sketch.id)
    yield
    await town.house.files.remove(town.yanis, plan.id)
    yield
    # Told again later, these events are of a file that is no more: something must keep their places.
    gone = await _file(town, town.yanis, space, "brouillon.txt", b"Rien.")
    await town.house.files.remove(town.yanis, gone.id)


@story
async def account_moved(town: Town) -> AsyncGenerator[None]:
    """A link for another password is made for Agathe, and another in its place."""
    async with town.house.ground.database.read() as reader:
        email = await reader.value("select email from person where id = %(id)s", id=town.agathe.person_id)
    yield
    await town.house.resets.do_issue_anew(email)
    yield
    await town.house.resets.do_issue_anew(email)
