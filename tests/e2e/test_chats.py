"""A room of a chat is posted to by a function of its own, which reads the room's secret and no other."""

from __future__ import annotations

import json
from itertools import count

import pytest

from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
from hikeshi.adapters.environment import SystemClock, SystemIds
from hikeshi.adapters.messaging_document import ChatModel
from hikeshi.domain.assessment import Level
from hikeshi.domain.chats import ChatKind
from hikeshi.domain.outbox import ChatPost, OutboxRow, OutboxState
from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

SECRET = "hikeshi/chat/kiki"
LEAK = "ひので製菓の顧客名簿が流出している。名前と電話番号が見える"


def test_a_post_is_made_from_its_secret_and_goes_nowhere_but_to_its_service(scene: Scene) -> None:
    scene.client("secretsmanager").create_secret(
        Name=SECRET, SecretString=json.dumps({"url": "https://127.0.0.1:9/not-slack"})
    )
    scene.call_webhook([{"id": "leak-chat", "text": LEAK, "source": "partner"}])
    scene.devices.expect(["arai", "ueda", "yamada", "sato", "ito", "ono", "mori"], "【警戒】")
    before, (incident,) = scene.document, scene.incidents()
    chats = (ChatModel(id="kiki", kind=ChatKind.SLACK, secret=SECRET),)
    settings = before.settings.model_copy(update={"chats": chats})
    scene.publish(before.model_copy(update={"settings": settings}))
    outbox = DynamoDbOutbox(
        client=scene.client("dynamodb"), table=scene.state.outputs["OutboxTable"], ids=SystemIds()
    )
    numbers = count(1)

    def posted(drill: str = "") -> OutboxRow | None:
        at = SystemClock().now()
        post = ChatPost(
            target="kiki",
            moment="level_raised",
            level=Level.WARNING,
            incident_id=incident["id"]["S"],
            incident_number=int(incident["number"]["N"]),
            generation=1,
            drill=drill,
        )
        row = OutboxRow(id=f"chat-{next(numbers)}", body=post, created_at=at, due_at=at)
        outbox.add((row,))
        scene.run("PostChats")
        return outbox.row(row.id)

    def refused() -> bool:
        """Post; a function that still has the old configuration knows no such room."""
        stored = posted()
        return stored is not None and (stored.state, stored.last_error) == (
            OutboxState.FAILED,
            "not an address of the service",
        )

    try:
        scene.wait_until(refused, what="the post to be refused", seconds=90)
        apart = posted(drill="drl-nobody-knows")
    finally:
        scene.publish(before)
    assert apart is not None
    assert (apart.state, apart.last_error) == (OutboxState.WITHHELD, "no such drill")
    scene.player("arai").act("dismiss", {"reason": "訓練でした"})
    scene.devices.expect(["ueda", "yamada", "sato", "ito", "ono", "mori"], "誤検知")
    scene.run("PostChats")
