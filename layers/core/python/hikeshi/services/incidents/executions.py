"""Orders for Step Functions: an incident's lifecycle, its ladders and its roll-calls.

An execution's name says what it asks, so that a repeated order starts no second one.
"""

from __future__ import annotations

import json
from datetime import datetime

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident
from hikeshi.domain.outbox import OutboxRow, WorkflowCommand, WorkflowOrder
from hikeshi.domain.rounds import roll_call_question


def lifecycle_row(incident: Incident, *, at: datetime) -> OutboxRow:
    """Order the execution of this generation; it starts the ladder of the first round itself."""
    return _order(incident, WorkflowCommand.START_LIFECYCLE, incident.execution_name, incident.question, at)


def stop_row(incident: Incident, *, at: datetime) -> OutboxRow:
    """Order the execution of this generation to end without an answer."""
    name = incident.execution_name
    order = WorkflowOrder(
        command=WorkflowCommand.STOP_LIFECYCLE, incident_id=incident.id, name=name, payload=""
    )
    return OutboxRow(id=f"{name}/stop", body=order, created_at=at, due_at=at)


def ladder_row(incident: Incident, *, at: datetime) -> OutboxRow:
    """Order the ladder of the incident's level in its round."""
    later = f"-r{incident.round}" if incident.round > 1 else ""
    name = f"{incident.execution_name}-{incident.level.value}{later}"
    return _order(incident, WorkflowCommand.START_LADDER, name, incident.question, at)


def roll_call_rows(
    incident: Incident, configuration: Configuration, *, at: datetime
) -> tuple[OutboxRow, ...]:
    """Order the roll-call of the incident's level, if the policy has one."""
    if configuration.escalation.roll_call_for(incident.category, incident.level) is None:
        return ()
    name = f"{incident.execution_name}-{incident.level.value}-roll"
    question = roll_call_question(incident, incident.level)
    return (_order(incident, WorkflowCommand.START_LADDER, name, question, at),)


def _order(incident: Incident, command: WorkflowCommand, name: str, question: str, at: datetime) -> OutboxRow:
    payload = {
        "incident_id": incident.id,
        "generation": incident.generation,
        "level": incident.level.value,
        "round": incident.round,
        "question": question,
    }
    order = WorkflowOrder(command=command, incident_id=incident.id, name=name, payload=json.dumps(payload))
    return OutboxRow(id=f"{name}/start", body=order, created_at=at, due_at=at)
