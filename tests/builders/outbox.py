"""What lies in the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import ChatPost, Message, OutboxRow, WorkflowCommand, WorkflowOrder
from hikeshi.domain.people import Channel
from tests.builders.posts import NOON


def a_message(**changes: Any) -> Message:
    message = Message(
        person_id="nakano",
        channel=Channel.SMS,
        moment="page",
        level=Level.WARNING,
        incident_id="inc-00000000000000000000000128",
        incident_number=128,
        generation=1,
        params={"summary": "異物混入を訴える写真"},
        nonce="0" * 31 + "1",
        check_number="47",
        cancel_when_decided="triage",
    )
    return replace(message, **changes)


def a_workflow_order(**changes: Any) -> WorkflowOrder:
    order = WorkflowOrder(
        command=WorkflowCommand.START_LIFECYCLE,
        incident_id="inc-00000000000000000000000128",
        name="inc-00000000000000000000000128-1",
        payload='{"incident_id":"inc-00000000000000000000000128","generation":1,"level":"warning"}',
    )
    return replace(order, **changes)


def a_message_row(**changes: Any) -> OutboxRow:
    row = OutboxRow(
        id="inc-00000000000000000000000128/1/warning/0/nakano/sms",
        body=a_message(),
        created_at=NOON + timedelta(minutes=1),
        due_at=NOON + timedelta(minutes=1),
    )
    return replace(row, **changes)


def a_chat_post(**changes: Any) -> ChatPost:
    post = ChatPost(
        target="ops",
        moment="page",
        level=Level.WARNING,
        incident_id="inc-00000000000000000000000128",
        incident_number=128,
        generation=1,
        params={"summary": "異物混入を訴える写真"},
    )
    return replace(post, **changes)


def a_chat_row(**changes: Any) -> OutboxRow:
    row = OutboxRow(
        id="inc-00000000000000000000000128/1/warning/0/chat:ops",
        body=a_chat_post(),
        created_at=NOON + timedelta(minutes=1, seconds=1),
        due_at=NOON + timedelta(minutes=1),
    )
    return replace(row, **changes)


def a_workflow_row(**changes: Any) -> OutboxRow:
    row = OutboxRow(
        id="inc-00000000000000000000000128/1/start",
        body=a_workflow_order(),
        created_at=NOON + timedelta(minutes=1),
        due_at=NOON + timedelta(minutes=1),
    )
    return replace(row, **changes)
