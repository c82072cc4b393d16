"""After everybody tried every door, the audit holds, and it holds no content."""

from tests.attack.doors import ROWS, address
from tests.attack.scene import FILE, INSIDE, NAME, OUTSIDE, TALK, Scene


async def test_after_all_that_a_town_does(scene: Scene) -> None:
    audit = scene.town.house.ground.audit
    before = (await audit.verify()).lines
    for row in ROWS:
        if row.key == ("DELETE", "/api/session"):
            continue
        for who in (*OUTSIDE, *INSIDE):
            asked = await row.fill(scene)
            answer = await scene.windows[who].request(
                row.method,
                address(row.route, asked.path),
                params=asked.query,
                json=asked.json,
                content=asked.content,
            )
            assert answer.status_code != 500, (row.key, who, answer.text)
    await audit.flush()
    verdict = await audit.verify()
    assert verdict.broken_at is None
    assert verdict.lines > before + len(ROWS), "each door has said something, and most refused somebody"
    kept = b"".join([bytes(r.line) async for r in audit.lines()])
    told = {word for word in (NAME, TALK, FILE) if word.encode() in kept}
    assert not told, f"content in the audit: {told}"
