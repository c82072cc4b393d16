"""Cases of other systems that no other test of ours is about; docs/security/cases.md says which test stands for which."""

import socket
from pathlib import Path
from typing import Any, cast

import pytest

from bastide.engines.livekit import LiveKitSettings, configuration
from tests.attack.scene import Scene

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.7", "::1", "2001:db8::7"])
def test_no_media_relay_is_offered_to_anybody(address: str) -> None:
    """A relay passes packets on to where its user says; coturn's reached loopback by 0.0.0.0 (CVE-2020-26262)."""
    there = Path("/nowhere")
    made = configuration(
        LiveKitSettings(
            program=there,
            run=there,
            log=there,
            key="k",
            secret="s" * 40,
            media_address=address,
            media_port=8421,
            webhook="http://127.0.0.1:1/x",
        ),
        1,
    )
    assert "turn" not in made
    assert "ingress" not in made
    rtc = cast("dict[str, Any]", made["rtc"])
    assert "turn_servers" not in rtc
    assert made["bind_addresses"] == ["127.0.0.1"]


async def test_a_message_with_an_address_fetches_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Previews of links led servers into their own networks (Synapse CVE-2022-31052, CVE-2023-32683): there are none."""
    asked: list[object] = []
    look_up, reach = socket.getaddrinfo, socket.socket.connect

    def looked_up(host: Any, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return look_up(host, *rest, **more)

    def reached(self: socket.socket, where: Any) -> None:
        asked.append(where)
        reach(self, where)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket.socket, "connect", reached)
    text = "Voir http://evil.example/a.gif https://169.254.169.254/latest <img src='http://evil.example/x'>"
    content = {"format": "plain", "text": text}
    answer = await (await scene.served.window(scene.actors["author"])).post(
        f"/api/channels/{scene.channel}/messages", {"client_id": str(scene.new_id()), "content": content}
    )
    assert answer.status_code == 201
    assert answer.json()["content"] == content
    await scene.town.house.ground.jobs.drain()
    foreign = [where for where in asked if "evil" in str(where) or "169.254" in str(where)]
    assert foreign == []
    assert asked, "what is asked would be seen: the window itself looked for its host"
