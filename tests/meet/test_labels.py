"""Whom a stricter label keeps out is out of the call at once, too; and who may stay but has no passkey."""

import asyncio

import pytest

from bastide.core.policy import Label
from bastide.meet.events import CallLeft
from bastide.spaces.events import MemberRemoved
from bastide.spaces.model import LabelRaise
from tests.meet.participant import joined
from tests.meet.scene import Engine, Scene
from tests.meet.test_removal import BY_EVENTS, meeting, out_within, there
from tests.support.town import strong

pytestmark = pytest.mark.livekit


async def test_whom_a_label_keeps_out_is_out_of_the_call_within_two_seconds(
    scene: Scene, engine: Engine
) -> None:
    """Bob is of another organisation, and no member of a restricted space; Ada came into the call by password."""
    scene.meet.watch._patience = BY_EVENTS
    m = await meeting(scene)
    async with joined(engine.view.url, *(t.token for t in m.tickets)) as (a, b):
        await there(scene, m)
        began = asyncio.get_running_loop().time()
        await scene.house.labels.raise_label(strong(m.ada), m.space, LabelRaise(Label.RESTRICTED))
        await out_within(b, 2, began)
        await scene.until_event(MemberRemoved, 2, person_id=m.bob.person_id)
        await scene.until_event(CallLeft, 2, person_id=m.bob.person_id)
        await out_within(a, 2, began)
