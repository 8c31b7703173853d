"""Sets a lost step going again: gently first, then from the start.

Everything that the workflow does may be repeated, so an execution that begins anew walks through what
is done already and stops where the incident stands. Only its name has to be new, since Step Functions
remembers names for ninety days; the first time the old one is used where nothing may have begun yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import OutboxRow, WorkflowOrder
from hikeshi.services.incidents.executions import ladder_row, lifecycle_row, roll_call_rows
from hikeshi.services.incidents.next_step import NextStep, Step
from hikeshi.services.incidents.resuming import resume_rows

MAX_REDRIVES = 2
"""After that a person has to look."""


def redriven_before(room: Room, step: NextStep) -> int:
    """Return how often this step was set going again."""
    return sum(key.rpartition("#")[0] == step.key for key in room.incident.redriven)


def redrive_rows(
    room: Room, step: NextStep, configuration: Configuration, *, attempt: int, at: datetime
) -> Sequence[OutboxRow]:
    """Order what should have happened; ``attempt`` counts from 1."""
    incident = room.incident
    match step.what:
        case Step.PAGE:
            return (_named_anew(ladder_row(incident, at=at), attempt, at=at),)
        case Step.ROLL_CALL:
            rows = roll_call_rows(incident, configuration, at=at)
            return tuple(_named_anew(row, attempt, at=at) for row in rows)
        case Step.MOVE if attempt == 1 and (rows := resume_rows(room, step.slot, at=at)):
            return tuple(_again(row, attempt, at=at) for row in rows)
        case Step.ASK | Step.MOVE if attempt == 1:
            return (_again(lifecycle_row(incident, at=at), attempt, at=at),)
        case _:
            return (_named_anew(lifecycle_row(incident, at=at), attempt, at=at),)


def _again(row: OutboxRow, attempt: int, *, at: datetime) -> OutboxRow:
    """Repeat an order as it was."""
    return replace(row, id=f"{row.id}/{_mark(at, attempt)}")


def _named_anew(row: OutboxRow, attempt: int, *, at: datetime) -> OutboxRow:
    """Repeat an order under another name, since the execution of the first one may have died."""
    if not isinstance(row.body, WorkflowOrder):
        return row
    name = f"{row.body.name}-{_mark(at, attempt)}"
    return replace(row, id=f"{name}/start", body=replace(row.body, name=name))


def _mark(at: datetime, attempt: int) -> str:
    return f"again-{at:%Y%m%d%H%M}-{attempt}"
