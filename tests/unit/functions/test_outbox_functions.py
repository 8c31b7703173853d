from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest

from functions.dispatch_messages import app as dispatch_messages
from functions.drive_workflow import app as drive_workflow
from hikeshi.adapters import outbox_items
from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import OutboxRow, OutboxState
from hikeshi.services.incidents.drive_workflow import WorkflowDriver
from hikeshi.services.messages.dispatch import Dispatcher, LinkSite
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_configuration, a_message, a_message_row, a_room, a_workflow_row
from tests.fakes.drills import InMemoryDrills
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.links import FixedKeyRing, InMemoryLinkStore
from tests.fakes.messaging import InMemoryOutbox, InMemorySendLogs, RecordingSender, RecordingWorkflow
from tests.fakes.responding import InMemoryIncidentRepository

TICK = {"version": "0", "source": "aws.scheduler"}
BROKEN = a_message_row(id="broken", body=a_message(moment="no such moment", person_id="sato"))


def stream(*rows: OutboxRow) -> dict[str, Any]:
    images = [{"dynamodb": {"NewImage": outbox_items.to_item(row)}, "eventName": "INSERT"} for row in rows]
    # Through JSON, as the runtime delivers it.
    event: dict[str, Any] = json.loads(json.dumps({"Records": images}))
    return event


class Post:
    """The dispatcher behind the handler, with everything in memory."""

    def __init__(self, *rows: OutboxRow) -> None:
        self.outbox, self.sender = InMemoryOutbox(), RecordingSender()
        self.outbox.add(rows)
        incidents = InMemoryIncidentRepository()
        incidents.put(a_room())
        self.dispatcher = Dispatcher(
            outbox=self.outbox,
            incidents=incidents,
            links=InMemoryLinkStore(),
            keys=FixedKeyRing(),
            sender=self.sender,
            logs=InMemorySendLogs(),
            drills=InMemoryDrills(),
            configuration=a_configuration(),
            wording=Wording(),
            site=LinkSite(base_url="https://r.exmp.jp/", environment="test"),
            clock=FrozenClock(NOON + timedelta(minutes=2)),
            ids=SequenceIds(),
        )

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return dispatch_messages.lambda_handler(event, None, dispatcher=self.dispatcher)


def test_new_rows_are_sent_as_the_stream_brings_them() -> None:
    post = Post(a_message_row(), a_message_row(id="not in the event"))
    assert post.handle(stream(a_message_row()))["sent"] == 1
    assert len(post.sender.delivered) == 1


def test_a_tick_sends_everything_that_is_due_critical_first() -> None:
    critical = a_message_row(id="critical", body=a_message(level=Level.CRITICAL, person_id="takahashi"))
    post = Post(a_message_row(), critical, a_workflow_row())
    answer = post.handle(TICK)
    assert answer == {
        "sent": 2,
        "cancelled": 0,
        "postponed": 0,
        "failed": 0,
        "skipped": 0,
        "withheld": 0,
        "broken": 0,
        "left": 0,
    }
    assert [each.person_id for each in post.sender.delivered] == ["takahashi", "nakano"]


def test_an_event_delivered_twice_sends_once() -> None:
    post = Post(a_message_row())
    post.handle(stream(a_message_row()))
    assert post.handle(stream(a_message_row()))["skipped"] == 1
    assert len(post.sender.delivered) == 1


def test_a_broken_row_in_the_stream_holds_up_nobody() -> None:
    post = Post(BROKEN, a_message_row())
    answer = post.handle(stream(BROKEN, a_message_row()))
    assert (answer["sent"], answer["broken"]) == (1, 1)


def test_a_broken_row_fails_the_scheduled_run_after_the_others_are_sent() -> None:
    post = Post(BROKEN, a_message_row())
    with pytest.raises(ExceptionGroup):
        post.handle(TICK)
    assert len(post.sender.delivered) == 1
    assert post.outbox.rows["broken"].is_due


@pytest.mark.parametrize(
    "record", [{}, {"dynamodb": {}}, {"dynamodb": {"NewImage": {"pk": {"S": "x"}}}}, None]
)
def test_a_record_that_cannot_be_read_is_passed_over(record: Any) -> None:
    post = Post(a_message_row())
    event = stream(a_message_row())
    event["Records"].insert(0, record)
    assert post.handle(event)["sent"] == 1


def test_no_text_number_address_or_token_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(dispatch_messages.logger.registered_handler, "stream", written)
    post = Post(BROKEN, a_message_row())
    post.handle(stream(BROKEN, a_message_row()))
    (delivery,) = post.sender.delivered
    token = delivery.text.rsplit("/", 1)[1]
    logged = written.getvalue()
    assert "row broke" in logged
    for secret in (token, "+8190", "@example.jp", delivery.text.splitlines()[0], "番号"):
        assert secret not in logged


def a_driver(*rows: OutboxRow, workflow: RecordingWorkflow) -> WorkflowDriver:
    outbox = InMemoryOutbox()
    outbox.add(rows)
    clock = FrozenClock(NOON + timedelta(minutes=2))
    return WorkflowDriver(outbox=outbox, workflow=workflow, clock=clock, ids=SequenceIds())


@pytest.mark.parametrize("event", [TICK, stream(a_workflow_row())], ids=["tick", "stream"])
def test_an_order_starts_its_execution(event: dict[str, Any]) -> None:
    workflow = RecordingWorkflow()
    driver = a_driver(a_workflow_row(), a_message_row(), workflow=workflow)
    assert drive_workflow.lambda_handler(event, None, driver=driver)["sent"] == 1
    assert len(workflow.lifecycles) == 1


def test_an_order_that_fails_is_left_for_a_later_minute() -> None:
    workflow = RecordingWorkflow()
    workflow.failures = 1
    driver = a_driver(a_workflow_row(), workflow=workflow)
    assert drive_workflow.lambda_handler(TICK, None, driver=driver)["postponed"] == 1
    row = driver.outbox.row(a_workflow_row().id)
    assert row is not None
    assert row.state is OutboxState.PENDING
