"""What the functions of the lifecycle take and answer."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IncidentRequest(_Payload):
    """A message of the incidents queue: the alert that asks for an incident."""

    alert_id: str = Field(pattern=r"^alert-[0-9a-f]{32}$")


class _AboutIncident(_Payload):
    incident_id: str = Field(pattern=r"^inc-[0-9A-Z]{26}$")


class DecisionRequest(_AboutIncident):
    """``request_decision``: the execution waits on a slot with this token."""

    slot: Slot
    task_token: str = Field(min_length=1, max_length=2048)


class StepRequest(_AboutIncident):
    """``advance_incident``: take a step; an execution of an earlier generation has nothing left to take."""

    event: LifecycleEvent
    generation: int | None = None


class ReminderRequest(_AboutIncident):
    """``advance_incident``: remind of a decision."""

    remind: Slot


def step_or_reminder(event: object) -> StepRequest | ReminderRequest:
    """Read what ``advance_incident`` is called with: one of the two, never both."""
    request: StepRequest | ReminderRequest = TypeAdapter(StepRequest | ReminderRequest).validate_python(event)
    return request


class ReportRequest(_AboutIncident):
    """``draft_report``."""


class IncidentAnswer(BaseModel):
    """Where the incident stands after the call."""

    model_config = ConfigDict(frozen=True)

    incident_id: str
    status: IncidentStatus

    @classmethod
    def of(cls, room: Room) -> Self:
        """Answer with a room."""
        return cls(incident_id=room.incident.id, status=room.incident.status)
