"""Channels of a space are told apart by their names."""

import asyncio
from uuid import UUID

import pytest

from bastide.chat.errors import ChannelNameTaken, ChannelsMost, MessageDeleted
from bastide.chat.model import ChannelChange, ChannelView, NewChannel
from bastide.chat.service import CHANNELS_MOST
from bastide.core.content import Plain
from bastide.core.errors import Conflict
from bastide.people.model import ProfileChange
from tests.support.served import Served
from tests.support.town import Town


async def made(town: Town, space_id: UUID, name: str, client_id: UUID | None = None) -> ChannelView:
    new = NewChannel(client_id=client_id or town.house.ground.ids.new(), name=Plain(name))
    return await town.house.chat.create_channel(town.agathe, space_id, new)


ALIKE = ["Équipe A", "équipe a", "EQUIPE  A", "E\u0301quipe A", "Équi\u200bpe A", " équipe\u00a0A "]


@pytest.mark.parametrize("name", ALIKE)
async def test_two_channels_are_not_called_the_same(town: Town, name: str) -> None:
    space_id = (await town.space(town.agathe)).space.id
    other = (await town.space(town.agathe, name="Ailleurs")).space.id
    await made(town, space_id, "Équipe A")
    with pytest.raises(ChannelNameTaken) as refused:
        await made(town, space_id, name)
    assert refused.value.field == "name"
    assert (refused.value.status, refused.value.code) == (409, "channel-name-taken")
    with pytest.raises(ChannelNameTaken):
        await made(town, space_id, "GENERAL")
    await made(town, other, name)
    await made(town, space_id, f"{name} 2")
    assert town.events(space_id).count("chat.channel.changed") == 3


async def test_a_channel_does_not_take_anothers_name_but_keeps_its_own(town: Town) -> None:
    chat = town.house.chat
    space_id = (await town.space(town.agathe)).space.id
    one, two = await made(town, space_id, "Équipe A"), await made(town, space_id, "Équipe B")
    with pytest.raises(ChannelNameTaken):
        await chat.change_channel(town.agathe, two.id, ChannelChange(name=Plain("equipe a")))
    # Its own name, written otherwise, is nobody else's; and a name that was left is free.
    assert (
        await chat.change_channel(town.agathe, one.id, ChannelChange(name=Plain("ÉQUIPE A")))
    ).name == Plain("ÉQUIPE A")
    await chat.change_channel(town.agathe, one.id, ChannelChange(name=Plain("Équipe C")))
    await chat.change_channel(town.agathe, two.id, ChannelChange(name=Plain("Équipe A")))


async def test_names_that_were_alike_before_stay(town: Town) -> None:
    chat = town.house.chat
    space_id = (await town.space(town.agathe)).space.id
    one, two = await made(town, space_id, "Équipe A"), await made(town, space_id, "Équipe B")
    async with town.house.ground.database.transaction() as tx:
        await tx.run(
            "update channel set name = %(n)s where id = %(id)s", n="équi\u200bpe a".encode(), id=two.id
        )
    for channel, name in ((one, "Équipe A"), (two, "équipe a")):
        changed = await chat.change_channel(
            town.agathe, channel.id, ChannelChange(name=Plain(name), topic=Plain("Un sujet"))
        )
        assert changed.topic == Plain("Un sujet")
    with pytest.raises(ChannelNameTaken):
        await made(town, space_id, "equipe a")


async def test_made_at_once_one_gets_the_name_and_a_repeated_one_is_the_same(town: Town) -> None:
    space_id = (await town.space(town.agathe)).space.id
    client_id = town.house.ground.ids.new()
    outcomes = await asyncio.gather(
        *(made(town, space_id, "Crue", client_id) for _ in range(3)),
        *(made(town, space_id, "CRUE") for _ in range(3)),
        return_exceptions=True,
    )
    assert len({o.id for o in outcomes if isinstance(o, ChannelView)}) == 1
    assert all(isinstance(o, ChannelView | ChannelNameTaken) for o in outcomes), outcomes
    assert town.events(space_id).count("chat.channel.changed") == 2


async def test_the_sentence_is_in_ones_language(served: Served) -> None:
    town = served.town
    space_id = (await town.space(town.agathe)).space.id
    window = await served.window(town.agathe)
    for language, sentence in (
        ("fr", "Un canal de cet espace porte déjà ce nom."),
        ("en", "A channel of this space has this name already."),
    ):
        answer = await window.post(
            f"/api/spaces/{space_id}/channels",
            {
                "client_id": str(town.house.ground.ids.new()),
                "name": {"format": "plain", "text": "Général"},
            },
            headers={"accept-language": language},
        )
        assert (answer.status_code, answer.json()["title"]) == (409, sentence)


def test_what_is_no_race_is_not_told_as_one() -> None:
    for problem in (ChannelNameTaken(), ChannelsMost(), MessageDeleted()):
        for language in ("fr", "en"):
            assert problem.details(language).title != Conflict().details(language).title
    assert CHANNELS_MOST == 100, "the sentence says so"


async def test_the_first_channel_speaks_its_makers_language(town: Town) -> None:
    french = await town.space(town.agathe)
    await town.house.people.change_profile(town.agathe, ProfileChange(locale="en"))
    english = await town.space(town.agathe)
    async with town.house.ground.database.read() as reader:
        for made, name in ((french, "général"), (english, "general")):
            [own] = await town.house.chat.own_channels(reader, town.agathe, [made.space.id])
            assert own.channel.name == Plain(name)
