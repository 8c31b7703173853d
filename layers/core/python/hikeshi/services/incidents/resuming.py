"""Hands a decision to the execution that waits for it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.outbox import OutboxRow, WorkflowCommand, WorkflowOrder


def resume_rows(room: Room, slot: Slot, *, at: datetime) -> tuple[OutboxRow, ...]:
    """Return the row that answers the waiting task, or none if it is undecided or nobody waits yet.

    The id holds a digest of the token: the same answer to the same task is one row, and a task that
    timed out and asked anew gets its own.
    """
    asked = room.slot(slot)
    if asked.decision is None or asked.task_token is None:
        return ()
    token_digest = hashlib.sha256(asked.task_token.encode()).hexdigest()[:16]
    name = f"{room.incident.execution_name}/resume/{slot}/{token_digest}"
    order = WorkflowOrder(
        command=WorkflowCommand.RESUME,
        incident_id=room.incident.id,
        name=name,
        payload=json.dumps({"choice": asked.decision.choice, "by": asked.decision.by}),
        task_token=asked.task_token,
    )
    return (OutboxRow(id=name, body=order, created_at=at, due_at=at),)
